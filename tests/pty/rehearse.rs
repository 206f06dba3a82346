//! A new packer rehearses one order by scan and sees the score.

use crate::demo::tapegun;
use crate::terminal::{PATIENCE, Terminal};
use tapegun::simulator::demo::{PRODUCTS, rehearsal};

const F10: &[u8] = b"\x1b[21~";
const F5: &[u8] = b"\x1b[15~";
const ESC: &[u8] = b"\x1b";
const QUIT: &[u8] = b"\x11";
const SEED: u64 = 7;

/// The goods' first barcodes by SKU.
fn barcode(sku: &str) -> Option<&'static str> {
    PRODUCTS.lines().find_map(|row| {
        let fields: Vec<&str> = row.split(',').collect();
        (fields[0] == sku).then(|| fields[3].split(';').next().unwrap_or_default())
    })
}

#[test]
fn one_order_is_rehearsed_by_scan_and_scored() {
    let order = rehearsal(SEED, 1, chrono::DateTime::UNIX_EPOCH).remove(0);
    let place = tempfile::tempdir().expect("a folder");
    let mut command = tapegun(&["rehearse", "--orders", "1", "--seed", &SEED.to_string()]);
    command.env("TMPDIR", place.path());
    let mut terminal = Terminal::start(command, 80, 24);
    terminal.wait_for("Who is packing?");
    terminal.wait_for("Trainee");
    terminal.scan("TGU-trainee");
    terminal.wait_for("signed in: Trainee");
    terminal.wait_for("REHEARSAL");
    terminal.wait_for("0 points · 0/1 orders");
    terminal.scan(&order.number);
    terminal.wait_for("SCAN NEXT ITEM");
    let wrong = PRODUCTS
        .lines()
        .skip(1)
        .filter_map(|row| row.split(',').next())
        .find(|sku| !sku.starts_with("SET-") && order.lines.iter().all(|line| line.sku != *sku));
    terminal.scan(barcode(wrong.expect("goods that are not in it")).expect("a barcode"));
    terminal.wait_for("STOP");
    terminal.wait_for("1 error scans");
    for line in &order.lines {
        for unit in 1..=line.quantity {
            terminal.scan(barcode(&line.sku).expect("a barcode"));
            terminal.wait_for(&format!("{unit} of {}", line.quantity));
        }
    }
    terminal.wait_for("ALL VERIFIED");
    terminal.scan("2 lb");
    terminal.wait_for("now the size");
    terminal.scan("10x8x4 in");
    terminal.wait_for("now the label");
    terminal.send(F5);
    terminal.wait_for("methods · chosen");
    terminal.send(F10);
    terminal.wait_for("Buy this label?");
    terminal.send(F10);
    let over = terminal.wait_for("Rehearsal over");
    assert!(
        over.contains("Orders done: 1") && over.contains("Error scans: 1"),
        "{over}"
    );
    assert!(over.contains("POINTS"), "{over}");
    terminal.wait_for("OVER: ");
    terminal.send(ESC);
    terminal.wait_gone("Rehearsal over");
    terminal.send(QUIT);
    terminal.wait_for("Leave tapegun?");
    terminal.send(F10);
    assert!(terminal.wait_for_end(PATIENCE).success());
    terminal.assert_put_back();
    let said = String::from_utf8_lossy(&terminal.bytes()).into_owned();
    let last = said.rsplit("\x1b[?1049l").next().unwrap_or_default();
    assert!(
        last.contains("Rehearsal") && last.contains("Error scans: 1"),
        "{last}"
    );
    let left = std::fs::read_dir(place.path()).expect("a folder").count();
    assert_eq!(left, 0, "nothing of it stays");
}

//! Picking and bulk ship at the screens, the real program in a pseudo-terminal against the simulator as a process
//! of its own: killed in the middle, it goes on where it was, and each box gets one label.

#[path = "support/rig.rs"]
#[expect(dead_code, reason = "other tests use the rest of it")]
mod rig;
#[path = "pty/terminal.rs"]
#[expect(dead_code, reason = "other tests use the rest of it")]
mod terminal;

use portable_pty::CommandBuilder;
use rig::Rig;
use std::time::Duration;
use tapegun::domain::bulk::RowState;
use tapegun::domain::ids::{BulkRunId, PickListId, Sku, StationId};
use tapegun::store::{BulkRuns as _, Picking as _};
use terminal::Terminal;

const F10: &[u8] = b"\x1b[21~";
const F11: &[u8] = b"\x1b[23~";
const INSERT: &[u8] = b"\x1b[2~";
const DOWN: &[u8] = b"\x1b[B";
const ENTER: &[u8] = b"\r";
const ESC: &[u8] = b"\x1b";

/// The letter with Alt.
fn alt(letter: u8) -> [u8; 2] {
    [0x1b, letter]
}

/// Eight orders on a pick list, all packed, and all but the last one weighed and measured.
fn packed() -> (Rig, Vec<String>) {
    let (rig, orders) = listed(8);
    for order in &orders[..7] {
        pack(&rig, order);
    }
    rig.pack(&orders[7], &rig.codes(&orders[7]));
    (rig, orders)
}

/// So many orders on a pick list.
fn listed(count: usize) -> (Rig, Vec<String>) {
    let rig = Rig::start(5, Some(count));
    run(&rig, &["users", "add", "Sam", "--supervisor"]);
    let orders = rig.orders();
    let mut create = vec!["pick-list", "create", "Wave"];
    for order in &orders {
        create.extend(["--order", order]);
    }
    run(&rig, &create);
    (rig, orders)
}

fn run(rig: &Rig, arguments: &[&str]) {
    let output = rig.station(arguments).output().expect("runs");
    assert!(output.status.success(), "{arguments:?}");
}

/// Packs, weighs and measures an order.
fn pack(rig: &Rig, order: &str) {
    rig.pack(order, &rig.codes(order));
    run(rig, &["rates", order, "--weight", "20 oz", "--size", "10x8x6 in"]);
}

/// Sam, signed in, at the pick lists.
fn lists_screen(rig: &Rig) -> Terminal {
    let mut command = CommandBuilder::new(env!("CARGO_BIN_EXE_tapegun"));
    let config = rig.data().parent().expect("a folder").join("config.toml");
    command.args(["--config", &config.display().to_string()]);
    command.args(["--data", &rig.data().display().to_string()]);
    let mut screen = Terminal::start(command, 100, 30);
    screen.wait_for("Who is packing?");
    screen.wait_for("supervisor");
    screen.scan("TGU-Sam");
    screen.wait_for("Wave");
    screen
}

/// The bulk screen of the list.
fn bulk_screen(rig: &Rig) -> Terminal {
    let mut screen = lists_screen(rig);
    screen.send(ENTER);
    screen.wait_for("8 · ");
    screen.send(F11);
    screen.wait_for("Run 1 of list 1");
    screen
}

/// Orders of the first run whose label is bought.
fn bought(rig: &Rig) -> usize {
    let rows = rig.store().bulk_rows(BulkRunId(1), 0, 100).expect("a run").rows;
    rows.iter().filter(|row| row.state == RowState::Bought).count()
}

/// Waits for something outside the screen.
fn wait_until(what: &str, wanted: impl Fn() -> bool) {
    for _ in 0..400 {
        if wanted() {
            return;
        }
        std::thread::sleep(Duration::from_millis(100));
    }
    panic!("waited in vain for {what}");
}

/// Names of what was printed so far, in its order.
fn printed(rig: &Rig) -> Vec<String> {
    let labels = rig.data().parent().expect("a folder").join("labels");
    let files = std::fs::read_dir(labels).expect("the printer's folder");
    let mut names: Vec<(std::time::SystemTime, String)> = files
        .map(|file| {
            let file = file.expect("a file");
            let made = file.metadata().and_then(|data| data.modified());
            (
                made.expect("a time"),
                file.file_name().to_string_lossy().into_owned(),
            )
        })
        .collect();
    names.sort();
    names.into_iter().map(|(_, name)| name).collect()
}

/// The sheet for the order without a label is printed, or waits for the printer.
fn is_gap_there(rig: &Rig) -> bool {
    let waits = rig
        .store()
        .gap_sheets(&StationId::from("bench-1"))
        .expect("sheets");
    let labels = rig.data().parent().expect("a folder").join("labels");
    let mut names = std::fs::read_dir(labels)
        .expect("the printer's folder")
        .map(|file| file.expect("a file").file_name());
    !waits.is_empty() || names.any(|name| name.to_string_lossy().starts_with("gap-"))
}

#[test]
fn a_run_that_is_killed_goes_on_where_it_was_and_buys_each_label_once() {
    let (rig, orders) = packed();
    let mut screen = bulk_screen(&rig);
    let shown = screen.wait_for("ready, nothing is bought yet");
    assert!(shown.contains("1 refused · 7 OK"), "{shown}");
    assert!(shown.contains("the box has no weight yet"), "{shown}");
    screen.send(F10);
    screen.wait_for("Buy all these labels?");
    screen.send(ENTER);
    screen.scan("850047100016");
    screen.wait_for("Buy all these labels?");
    assert!(rig.ledger().is_empty(), "neither Enter nor a scan buys");
    rig.faults(r#"{"operation":"purchaseShipment","kind":"slow","milliseconds":3000,"count":3}"#);
    screen.send(F10);
    screen.wait_for("bought (");
    screen.signal(rustix::process::Signal::KILL);
    drop(screen);
    rig.clear_faults();

    // Nobody presses a key: the run goes on by itself, to the sheet in the place of the last order.
    let screen = lists_screen(&rig);
    wait_until("the end of the run", || bought(&rig) == 7 && is_gap_there(&rig));
    assert_eq!(bought(&rig), 7);
    assert!(is_gap_there(&rig), "a sheet lies in the place of the last order");
    drop(screen);
    let sold = rig.ledger_by_order();
    assert_eq!(sold.len(), 7, "{sold:?}");
    assert!(sold.values().all(|labels| *labels == 1), "{sold:?}");
    assert!(!sold.contains_key(&orders[7]), "it was not weighed");
}

#[test]
fn one_method_for_all_a_stop_and_a_retry_of_what_was_refused_alone() {
    let (rig, orders) = packed();
    let mut screen = lists_screen(&rig);
    screen.send(ENTER);
    screen.wait_for("8 · ");
    screen.send(INSERT);
    screen.wait_for("1 refused · 7 OK");
    screen.send(&alt(b'c'));
    screen.wait_for("Which method for all?");
    screen.wait_for("passes for 7 of 8");
    screen.send(DOWN);
    screen.send(ENTER);
    screen.wait_gone("Which method for all?");
    screen.wait_for(" for all");
    screen.wait_for("ready, nothing is bought yet");
    rig.faults(r#"{"operation":"purchaseShipment","kind":"slow","milliseconds":2000,"count":99}"#);
    screen.send(F10);
    screen.wait_for("Buy all these labels?");
    screen.send(F10);
    screen.wait_for("BUYING");
    screen.wait_for("left");
    screen.send(INSERT);
    screen.wait_until("the stop, or the end", |screen| {
        let shown = screen.contents();
        shown.contains("goes on where it was") || shown.contains("7 bought")
    });
    rig.clear_faults();
    let before = rig.ledger().len();
    std::thread::sleep(Duration::from_millis(500));
    assert_eq!(rig.ledger().len(), before, "nothing more is bought");
    if before < 7 {
        screen.send(F10);
        screen.wait_for("Buy all these labels?");
        screen.send(F10);
    }
    screen.wait_for("7 bought (7 printed)");
    wait_until("the sheet for the refused one", || is_gap_there(&rig));

    pack(&rig, &orders[7]);
    screen.send(INSERT);
    screen.wait_for("1 OK · 7 bought");
    assert_eq!(rig.ledger().len(), 7, "another yes is wanted");
    screen.send(F10);
    screen.wait_for("1 label for ");
    screen.send(F10);
    screen.wait_for("Buy all these labels?");
    drop(screen);
    // Without any screen the sync alone carries it on.
    let mut sync = rig.station(&["sync"]).spawn().expect("sync");
    wait_until("the eighth label", || bought(&rig) == 8);
    sync.kill().expect("ends");
    sync.wait().expect("ended");
    let sold = rig.ledger_by_order();
    assert_eq!(sold.len(), 8, "{sold:?}");
    assert!(sold.values().all(|labels| *labels == 1), "{sold:?}");
}

/// Steps of the walk: the code to scan, the tote, how often.
fn steps(rig: &Rig) -> Vec<(String, u32, u32)> {
    let walk = rig.store().pick_walk(PickListId(1)).expect("a walk");
    let code = |sku: &Sku| {
        let product = walk.products.iter().find(|product| product.sku == *sku);
        product.expect("known").barcodes[0].code.clone()
    };
    let each = walk.steps.iter();
    each.map(|step| (code(&step.sku), step.tote, step.wanted))
        .collect()
}

#[test]
fn a_list_is_printed_and_picked_by_scan_and_goes_on_after_a_kill() {
    let (rig, _) = listed(3);
    let mut screen = lists_screen(&rig);
    screen.send(&alt(b'k'));
    wait_until("the list on paper", || {
        printed(&rig).contains(&"list-1.zpl".to_owned())
    });
    screen.send(&alt(b'p'));
    let steps = steps(&rig);
    let units: u32 = steps.iter().map(|(.., wanted)| wanted).sum();
    screen.wait_for(&format!("0 of {units} units picked"));
    let (code, tote, _) = &steps[0];
    screen.scan("TGT-1-3");
    screen.wait_for("scan a product first");
    screen.scan(code);
    // Green only once it is durable: a kill before that may lose it.
    screen.wait_for(&format!("GOOD put into T{tote}"));
    screen.wait_for(&format!("1 of {units} units picked"));
    screen.scan(&format!("TGT-1-{tote}"));
    screen.wait_for("is right");
    screen.signal(rustix::process::Signal::KILL);
    drop(screen);

    let mut screen = lists_screen(&rig);
    screen.send(&alt(b'p'));
    screen.wait_for(&format!("1 of {units} units picked"));
    for (place, (code, _, wanted)) in steps.iter().enumerate() {
        for _ in u32::from(place == 0)..*wanted {
            screen.scan(code);
            screen.wait_for("GOOD");
        }
    }
    screen.wait_for("ALL PICKED");
    screen.send(ESC);
    screen.wait_for("Wave");
}

//! Bulk ship by a supervisor at the screens, the real program in a pseudo-terminal against the simulator as a process
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
use tapegun::domain::ids::{BulkRunId, StationId};
use tapegun::store::BulkRuns as _;
use terminal::Terminal;

const F10: &[u8] = b"\x1b[21~";
const F11: &[u8] = b"\x1b[23~";
const ENTER: &[u8] = b"\r";

/// Eight orders on a pick list, of which all but the last one are packed and measured.
fn packed() -> (Rig, Vec<String>) {
    let rig = Rig::start(5, Some(8));
    let run = |arguments: &[&str]| {
        let output = rig.station(arguments).output().expect("runs");
        assert!(output.status.success(), "{arguments:?}");
    };
    run(&["users", "add", "Sam", "--supervisor"]);
    let orders = rig.orders();
    let mut create = vec!["pick-list", "create", "Wave"];
    for order in &orders {
        create.extend(["--order", order]);
    }
    run(&create);
    for order in &orders[..7] {
        rig.pack(order, &rig.codes(order));
        run(&["rates", order, "--weight", "20 oz", "--size", "10x8x6 in"]);
    }
    (rig, orders)
}

/// Sam, signed in, at the pick lists.
fn lists_screen(rig: &Rig) -> Terminal {
    let mut command = CommandBuilder::new(env!("CARGO_BIN_EXE_tapegun"));
    let config = rig.data().parent().expect("a folder").join("config.toml");
    command.args(["--config", &config.display().to_string()]);
    command.args(["--data", &rig.data().display().to_string()]);
    let mut screen = Terminal::start(command, 100, 30);
    screen.wait_for("Who is packing?");
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
    assert!(shown.contains("not packed yet"), "{shown}");
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
    for _ in 0..400 {
        if bought(&rig) == 7 && is_gap_there(&rig) {
            break;
        }
        std::thread::sleep(Duration::from_millis(100));
    }
    assert_eq!(bought(&rig), 7);
    assert!(is_gap_there(&rig), "a sheet lies in the place of the last order");
    drop(screen);
    let sold = rig.ledger_by_order();
    assert_eq!(sold.len(), 7, "{sold:?}");
    assert!(sold.values().all(|labels| *labels == 1), "{sold:?}");
    assert!(!sold.contains_key(&orders[7]), "it is not packed");
}

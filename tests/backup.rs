//! Back-ups, restoring, and a store on a bad disk, with the real program and the simulator as processes of their
//! own. Each row of the fault list (F15 to F18, F34, F35) prints its own figure.

#[path = "backup/corrupt.rs"]
mod corrupt;
#[path = "backup/disk.rs"]
mod disk;
#[path = "backup/migrate.rs"]
mod migrate;
#[path = "backup/readonly.rs"]
mod readonly;
#[path = "backup/restore.rs"]
mod restore;
#[path = "support/rig.rs"]
#[expect(dead_code, reason = "other tests use the rest of it")]
mod rig;
#[path = "support/small.rs"]
mod small;

use rig::Rig;
use small::copy_folder;
use std::io::Write as _;
use std::path::{Path, PathBuf};
use std::process::Output;

/// What a run said, both ways.
fn said(output: &Output) -> String {
    format!(
        "{} {}",
        String::from_utf8_lossy(&output.stdout),
        String::from_utf8_lossy(&output.stderr)
    )
}

/// Runs a subcommand; its exit status and words.
fn run(rig: &Rig, arguments: &[&str]) -> (i32, String) {
    let output = rig.station(arguments).output().expect("it runs");
    (output.status.code().expect("not killed"), said(&output))
}

/// Runs a subcommand that must end well.
fn must(rig: &Rig, arguments: &[&str]) -> String {
    let (status, words) = run(rig, arguments);
    assert_eq!(status, 0, "{arguments:?}: {words}");
    words
}

const SHIP: [&str; 6] = ["--weight", "20 oz", "--size", "10x8x6 in", "--wait", "20"];

/// Tries to buy; the exit status and words.
fn try_ship(rig: &Rig, order: &str) -> (i32, String) {
    let mut arguments = vec!["ship", order];
    arguments.extend(SHIP);
    run(rig, &arguments)
}

/// Packs and buys.
fn pack_and_ship(rig: &Rig, order: &str) {
    rig.pack(order, &rig.codes(order));
    rig.ship(order);
}

/// The database of a data folder.
fn database(data: &Path) -> PathBuf {
    data.join("tapegun.db")
}

/// Said past the test harness, which swallows what a passing test prints.
fn tell(words: &str) {
    let _ = writeln!(std::io::stderr(), "{words}");
}

/// Live labels that Amazon has sold for an order.
fn live(rig: &Rig, order: &str) -> usize {
    let ledger = rig.ledger();
    ledger
        .iter()
        .filter(|(of, live, ..)| *live && of == order)
        .count()
}

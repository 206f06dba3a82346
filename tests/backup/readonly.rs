//! F16: a database that cannot be written can be looked at; nothing is packed, nothing is bought, and it is said.

use crate::rig::Rig;
use crate::small::Small;
use crate::{live, must, pack_and_ship, run, said, tell, try_ship};
use std::os::unix::fs::{PermissionsExt as _, chown};
use std::os::unix::process::CommandExt as _;
use std::path::Path;
use tapegun::clock::{Clock as _, SystemClock};

/// A user without rights, where the tests run as root.
const NOBODY: u32 = 65_534;

/// What can be done and what is refused; run by `how`.
fn looked_at(rig: &Rig, how: &dyn Fn(&[&str]) -> (i32, String), what: &str) {
    let orders = rig.orders_listed(how);
    let before = rig.ledger().len();
    let clock = SystemClock::new();
    let (status, words) = how(&["orders", "show", &orders[0]]);
    let time = clock.monotonic();
    assert_eq!(status, 0, "{what}: {words}");
    let refused: [&[&str]; 4] = [
        &["ship", &orders[1], "--weight", "20 oz", "--size", "10x8x6 in"],
        &["void", &orders[0], "--reason", "x", "--label-destroyed"],
        &["sync", "--once"],
        &["pack", &orders[2]],
    ];
    for arguments in refused {
        let (status, words) = how(arguments);
        assert_eq!(status, 1, "{what}: {arguments:?}: {words}");
        assert!(
            words.to_lowercase().contains("read-only"),
            "{what}: {arguments:?}: {words}"
        );
    }
    assert_eq!(rig.ledger().len(), before, "{what}: nothing is bought or voided");
    tell(&format!(
        "F16 {what}: looked at in {time:?}, 4 changes refused aloud, 0 bought"
    ));
}

impl Rig {
    /// Order numbers, by the command alone.
    fn orders_listed(&self, how: &dyn Fn(&[&str]) -> (i32, String)) -> Vec<String> {
        let (status, words) = how(&["orders", "list", "--json"]);
        assert_eq!(status, 0, "{words}");
        let value: serde_json::Value = serde_json::from_str(words.trim()).expect("JSON");
        let rows = value["orders"].as_array().expect("orders");
        // The shipped one first.
        let mut numbers: Vec<String> = rows
            .iter()
            .map(|row| row["number"].as_str().expect("a number").to_owned())
            .collect();
        numbers.sort_by_key(|number| live(self, number) == 0);
        numbers
    }
}

#[test]
fn a_read_only_disk_is_looked_at_and_nothing_is_bought() {
    let rig = Rig::start(160, Some(5));
    pack_and_ship(&rig, &rig.orders()[0]);
    let next = rig.orders()[1].clone();
    rig.pack(&next, &rig.codes(&next));
    let Some(disk) = Small::over(&rig.data(), 24) else {
        tell(
            "skipped: a_read_only_disk_is_looked_at_and_nothing_is_bought (no right to mount a file system)",
        );
        return;
    };
    must(&rig, &["orders", "list"]);
    assert!(disk.again("ro"));
    looked_at(&rig, &|arguments| run(&rig, arguments), "a read-only disk");
    assert!(disk.again("rw"));
    rig.ship(&next);
    drop(disk);
}

fn give(path: &Path, owner: u32) {
    for entry in std::fs::read_dir(path).expect("a folder") {
        let entry = entry.expect("an entry").path();
        if entry.is_dir() {
            give(&entry, owner);
        }
        chown(&entry, Some(owner), Some(owner)).expect("given");
    }
    chown(path, Some(owner), Some(owner)).expect("given");
}

#[test]
fn a_read_only_file_or_folder_is_looked_at_and_nothing_is_bought() {
    let rig = Rig::start(161, Some(5));
    pack_and_ship(&rig, &rig.orders()[0]);
    let folder = rig.data().parent().expect("a folder").to_owned();
    let is_root = rustix::process::geteuid().is_root();
    if is_root {
        give(&folder, NOBODY);
    }
    let how = |arguments: &[&str]| {
        let mut command = rig.station(arguments);
        if is_root {
            command.uid(NOBODY).gid(NOBODY);
        }
        let output = command.output();
        let output = output.expect("it runs");
        (output.status.code().expect("not killed"), said(&output))
    };
    if rig
        .station(&["--version"])
        .uid(if is_root {
            NOBODY
        } else {
            rustix::process::geteuid().as_raw()
        })
        .output()
        .is_err()
    {
        tell(
            "skipped: a_read_only_file_or_folder_is_looked_at_and_nothing_is_bought (another user may not run it)",
        );
        return;
    }
    let mode = |path: &Path, mode: u32| {
        std::fs::set_permissions(path, std::fs::Permissions::from_mode(mode)).expect("set");
    };
    let file = rig.data().join("tapegun.db");
    mode(&file, 0o400);
    looked_at(&rig, &how, "a read-only file");
    mode(&file, 0o600);
    mode(&rig.data(), 0o500);
    looked_at(&rig, &how, "a read-only folder");
    mode(&rig.data(), 0o700);
    let (status, words) = how(&["orders", "list"]);
    assert_eq!(status, 0, "{words}");
    let next = rig.orders()[1].clone();
    if is_root {
        give(&folder, 0);
    }
    rig.pack(&next, &rig.codes(&next));
    assert_eq!(try_ship(&rig, &next).0, 0);
}

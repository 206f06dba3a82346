//! Labels and slips looked at by the command line: who may, what it shows, what it leaves behind, and the end of it when
//! the customer is erased.

#[path = "support/rig.rs"]
#[expect(dead_code, reason = "other tests use the rest of it")]
mod rig;

use chrono::TimeDelta;
use rig::Rig;
use std::collections::BTreeSet;
use std::os::unix::fs::PermissionsExt as _;
use std::path::{Path, PathBuf};
use tapegun::clock::{Clock as _, SystemClock};

fn run(rig: &Rig, arguments: &[&str], clock: Option<&str>) -> (i32, String) {
    let mut command = rig.station(arguments);
    if let Some(clock) = clock {
        command.env("TAPEGUN_CLOCK", clock);
    }
    let output = command.output().expect("it runs");
    let words = format!(
        "{}{}",
        String::from_utf8_lossy(&output.stdout),
        String::from_utf8_lossy(&output.stderr)
    );
    (output.status.code().expect("not killed"), words)
}

fn files(folder: &Path) -> BTreeSet<PathBuf> {
    let mut found = BTreeSet::new();
    for entry in std::fs::read_dir(folder).expect("a folder") {
        let path = entry.expect("an entry").path();
        if path.is_dir() {
            found.extend(files(&path));
        } else {
            found.insert(path);
        }
    }
    found
}

#[test]
fn a_label_is_looked_at_by_who_may_and_no_more_once_it_is_erased() {
    let rig = Rig::start(71, Some(3));
    let order = rig.orders()[0].clone();
    rig.pack(&order, &rig.codes(&order));
    let (status, slip) = run(&rig, &["slip", &order, "--look", "--columns", "80"], None);
    assert_eq!(status, 0, "{slip}");
    assert!(slip.contains("PACKING SLIP") && slip.contains(&order), "{slip}");
    assert!(slip.contains("printed only when asked for"), "{slip}");
    rig.ship(&order);
    let home = rig.data().parent().expect("a folder").to_owned();
    let before = files(&home);
    let (status, shown) = run(&rig, &["label", &order, "--look", "--columns", "60"], None);
    assert_eq!(status, 0, "{shown}");
    assert!(shown.contains('█') && shown.contains('▀'), "{shown}");
    assert!(
        shown.contains("SHIP TO:") && shown.contains(&format!("ORDER {order}")),
        "{shown}"
    );
    let widest = shown
        .lines()
        .filter(|line| line.contains('█'))
        .map(|line| line.chars().count());
    assert!(widest.max() <= Some(60), "{shown}");
    let added: Vec<_> = files(&home).difference(&before).cloned().collect();
    assert!(
        added
            .iter()
            .all(|path| path.to_string_lossy().contains("tapegun.db")),
        "nothing of a picture is written: {added:?}"
    );
    let (_, history) = run(&rig, &["orders", "show", &order], None);
    assert!(
        history.contains("label looked at"),
        "who looked is noted: {history}"
    );

    // A file only where one is asked for, readable by its owner alone.
    let file = home.join("label.png");
    let path = file.display().to_string();
    let (status, words) = run(&rig, &["label", &order, "--look", "--png", &path], None);
    assert_eq!(status, 0, "{words}");
    assert!(!words.contains('█'), "{words}");
    let bytes = std::fs::read(&file).expect("written");
    assert!(bytes.starts_with(b"\x89PNG\r\n\x1a\n"));
    let mode = std::fs::metadata(&file).expect("there").permissions().mode();
    assert_eq!(mode & 0o777, 0o600);
    let (_, history) = run(&rig, &["orders", "show", &order], None);
    assert!(history.contains("label written to a file"), "{history}");
    let (status, words) = run(&rig, &["label", &order, "--look", "--print"], None);
    assert_eq!(status, 2, "to look prints nothing: {words}");

    // 31 days later.
    let later = SystemClock::new().now() + TimeDelta::days(31);
    let later = later.format("%Y-%m-%dT%H:%M:%SZ").to_string();
    let (status, words) = run(&rig, &["erase", "--due"], Some(&later));
    assert_eq!(status, 0, "{words}");
    for what in [&["label", &order, "--look"][..], &["slip", &order, "--look"]] {
        let (status, words) = run(&rig, what, Some(&later));
        assert_eq!(status, 3, "{words}");
        assert!(
            words.contains("erased") && words.contains("neither shown"),
            "{words}"
        );
    }
}

#[test]
fn looking_at_a_label_needs_the_permission() {
    let rig = Rig::start(72, Some(2));
    let order = rig.orders()[0].clone();
    rig.pack(&order, &rig.codes(&order));
    rig.ship(&order);
    let (status, words) = run(&rig, &["users", "forbid", "Ana", "see-customers"], None);
    assert_eq!(status, 0, "{words}");
    for what in [&["label", &order, "--look"][..], &["slip", &order, "--look"]] {
        let (status, words) = run(&rig, what, None);
        assert_eq!(status, 3, "{words}");
        assert!(words.contains("may not") && !words.contains("SHIP TO"), "{words}");
    }
}

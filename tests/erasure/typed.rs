//! A customer's name that somebody types into a reason or a note, or that Amazon writes into a refusal, is sealed with
//! the order's key and goes with it; the histories' chains stay whole.

use crate::coats::found;
use crate::rig::Rig;
use crate::{files, must, run, run_of};
use chrono::{DateTime, TimeDelta, Utc};
use std::io::Write as _;
use std::process::Stdio;
use tapegun::clock::{Clock as _, SystemClock};
use tapegun::store::{Store as _, backups};

/// Nobody else's name, as people would type it.
const NAME: &str = "Marguerite Starlingquill";

fn typed(what: &str) -> String {
    format!("{what}: {NAME} of 77 Quillfeather Terrace asked")
}

/// Which of the texts stand in any file of the station.
fn left(rig: &Rig) -> Vec<String> {
    let canaries = ["starlingquill".to_owned(), "quillfeather".to_owned()];
    let each = files(&[&rig.data()]).into_iter().filter_map(|file| {
        let hits = found(&std::fs::read(&file).expect("readable"), &canaries);
        (!hits.is_empty()).then(|| format!("{}: {hits:?}", file.display()))
    });
    each.collect()
}

/// Runs as the supervisor.
fn as_sam(rig: &Rig, now: DateTime<Utc>, arguments: &[&str]) -> (i32, String) {
    run_of(rig, "Sam", now, arguments)
}

fn packed_with_overrides(rig: &Rig, order: &str) {
    let mut child = rig
        .station(&["pack", order, "--override-codes", &typed("no code")])
        .stdin(Stdio::piped())
        .spawn()
        .expect("pack");
    let mut scanner = child.stdin.take().expect("piped");
    for code in rig.codes(order) {
        let line = if code.starts_with("SN") {
            "TGC-OVERRIDE"
        } else {
            &code
        };
        writeln!(scanner, "{line}").expect("a scan");
    }
    drop(scanner);
    let output = child.wait_with_output().expect("ends");
    assert!(
        output.status.success(),
        "{}",
        String::from_utf8_lossy(&output.stdout)
    );
}

/// Types the name into everything that takes words about an order. The orders.
fn type_everywhere(rig: &Rig, now: DateTime<Utc>) -> Vec<String> {
    let sam = |arguments: &[&str]| {
        let (status, words) = as_sam(rig, now, arguments);
        assert_eq!(status, 0, "{arguments:?}: {words}");
    };
    let mut orders = rig.shippable();
    orders.sort();
    let order = orders[0].as_str();
    sam(&["orders", "note", order, &typed("note")]);
    sam(&[
        "orders",
        "set-status",
        order,
        "on-hold",
        "--reason",
        &typed("hold"),
    ]);
    sam(&[
        "orders",
        "set-status",
        order,
        "ready-to-pick",
        "--reason",
        &typed("release"),
    ]);
    sam(&["pick-list", "create", "Monday", "--order", order]);
    sam(&["pick-list", "remove", order, "--reason", &typed("off the list")]);
    let coded = orders
        .iter()
        .find(|order| rig.codes(order).iter().any(|code| code.starts_with("SN")))
        .expect("an order with codes");
    packed_with_overrides(rig, coded);
    for order in &orders {
        rig.pack(order, &rig.codes(order));
    }
    let parcel = ["--weight", "30 lb", "--size", "20x16x12 in", "--wait", "20"];
    rig.faults(&format!(
        r#"[{{"operation":"getRates","kind":"named","status":400,"code":"InvalidInput","message":"{}","times":1}}]"#,
        typed("no such address")
    ));
    let (_, words) = run(rig, now, &[&["rates", order][..], &parcel].concat());
    assert!(words.contains(NAME), "Amazon's words are shown: {words}");
    rig.clear_faults();
    let (status, words) = run(
        rig,
        now,
        &[&["ship", order, "--reason", &typed("ship")][..], &parcel].concat(),
    );
    assert_eq!(status, 0, "{words}");
    sam(&["void", order, "--reason", &typed("void"), "--label-destroyed"]);
    let label = rig.store().labels_of(rig.id(order)).expect("labels")[0]
        .id
        .to_string();
    sam(&["refunds", "reject", &label, "--reason", &typed("statement")]);
    rig.faults(&format!(
        r#"[{{"operation":"purchaseShipment","kind":"named","status":400,"code":"InvalidInput","message":"{}"}}]"#,
        typed("refused")
    ));
    let refused = orders[1].as_str();
    let (_, words) = run(rig, now, &[&["ship", refused][..], &parcel].concat());
    rig.clear_faults();
    assert!(words.contains(NAME), "Amazon's words are shown: {words}");
    let elsewhere = orders[2].as_str();
    let label = [
        "--carrier",
        "UPS",
        "--method",
        "Ground",
        "--tracking",
        "1Z5R89390357567127",
        "--cost",
        "9",
    ];
    let outside = ["outside", elsewhere, "--reason", &typed("contract")];
    sam(&["users", "allow", "Ana", "break-prime"]);
    must(rig, now, &[&outside[..], &label].concat());
    sam(&[
        "void",
        elsewhere,
        "--reason",
        &typed("taken back"),
        "--label-destroyed",
    ]);
    let assigned = orders[3].as_str();
    sam(&[
        "orders",
        "assign",
        assigned,
        "--method",
        "elsewhere:UPS",
        "--reason",
        &typed("assign"),
    ]);
    sam(&["orders", "cancel", assigned, "--reason", &typed("cancel")]);
    vec![
        order.to_owned(),
        coded.clone(),
        refused.to_owned(),
        elsewhere.to_owned(),
        assigned.to_owned(),
    ]
}

#[test]
fn a_name_that_was_typed_is_sealed_and_goes_with_its_order() {
    let rig = Rig::start(54, None);
    let today = SystemClock::new().now();
    must(&rig, today, &["users", "add", "Sam", "--supervisor"]);
    let orders = type_everywhere(&rig, today);
    // It is shown where the order is read, and stands nowhere in the clear: not even while the order lives.
    for order in &orders {
        let words = must(&rig, today, &["orders", "show", order]) + &must(&rig, today, &["why", order]);
        assert!(words.contains(NAME), "{order}: {words}");
    }
    let words = must(&rig, today, &["audit", "list", "--limit", "10000"]);
    for what in [
        "hold",
        "void",
        "off the list",
        "ship",
        "statement",
        "taken back",
        "assign",
        "cancel",
        "no code",
    ] {
        assert!(words.contains(&typed(what)), "{what}: {words}");
    }
    let backups_folder = rig.data().join("backups");
    std::fs::create_dir(&backups_folder).expect("made");
    must(&rig, today, &["backup", &backups_folder.display().to_string()]);
    let export = rig.data().join("audit.csv");
    must(&rig, today, &["audit", "export", &export.display().to_string()]);
    assert_eq!(left(&rig), Vec::<String>::new());
    // Put back and aside: nothing there either.
    let backup = backups::known(&rig.data().join("tapegun.db"))[0].file.clone();
    must(&rig, today, &["restore", &backup.display().to_string()]);
    assert_eq!(left(&rig), Vec::<String>::new());

    for order in &orders {
        as_sam(
            &rig,
            today,
            &["orders", "cancel", order, "--reason", &typed("over")],
        );
    }
    let later = today + TimeDelta::days(32);
    must(&rig, later, &["erase", "--due"]);
    let canceled = orders.last().expect("one");
    let words = must(&rig, later, &["orders", "show", canceled]) + &must(&rig, later, &["why", canceled]);
    assert!(words.contains("⟦erased⟧") && !words.contains(NAME), "{words}");
    must(&rig, later, &["audit", "verify"]);
    assert_eq!(left(&rig), Vec::<String>::new());
}

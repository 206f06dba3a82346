//! The day's end of a whole day: 300 labels bought in bulk by the real binary, checked out by scans on a manifest with
//! three missing parcels, a kill in between, a collection form, paper and CSV.

#[path = "support/rig.rs"]
#[expect(dead_code, reason = "other tests use the rest of it")]
mod rig;

use rig::Rig;
use serde_json::Value;
use std::collections::BTreeSet;
use std::io::{BufRead as _, BufReader, Write as _};
use std::process::Stdio;
use tapegun::clock::{Clock as _, SystemClock};
use tapegun::domain::ids::{ScanId, UserId};
use tapegun::domain::packing::{PackingSession, ScanRecord, Verdict};
use tapegun::domain::rate::Confirmation;
use tapegun::domain::scan::classify;
use tapegun::domain::units::{Dimensions, Weight};
use tapegun::store::sqlite::SqliteStore;
use tapegun::store::{BoxDetails, Store as _};

/// Parcels of the day.
const PARCELS: usize = 300;
/// Those that do not come to the door.
const LOST: usize = 3;

fn said(rig: &Rig, arguments: &[&str]) -> (i32, String) {
    let output = rig
        .station(arguments)
        .env("TAPEGUN_MANIFESTS", "true")
        .output()
        .expect("runs");
    let errors = String::from_utf8_lossy(&output.stderr).into_owned();
    let status = output.status.code().expect("not killed");
    (status, String::from_utf8(output.stdout).expect("text") + &errors)
}

fn json(rig: &Rig, arguments: &[&str]) -> Value {
    let (status, text) = said(rig, &[arguments, &["--json"]].concat());
    assert_eq!(status, 0, "{arguments:?}: {text}");
    serde_json::from_str(&text).unwrap_or_else(|error| panic!("{error}: {text}"))
}

/// Packs an order straight into the store: what the screens write, without three hundred processes.
fn pack(store: &mut SqliteStore, number: &str, codes: &[String]) {
    let (by, now) = (UserId(1), SystemClock::new().now());
    let order = store.find_orders(&number.into()).expect("orders")[0];
    let confirmation = Confirmation::DeliveryConfirmation;
    let parcel = store
        .begin_packing(order, by, false, confirmation, now)
        .expect("a box");
    let detail = store.order(order).expect("order");
    let mut session = PackingSession::of(&detail);
    for (sequence, code) in (0..).zip(codes) {
        let Verdict::Accepted(event) = session.scan(&classify(code).expect("a code")) else {
            panic!("{code} is refused")
        };
        session.apply(&event);
        let record = ScanRecord {
            id: ScanId(uuid::Uuid::now_v7()),
            order,
            box_id: parcel.id,
            turn: parcel.turn,
            sequence,
            event,
            by,
            at: now,
        };
        store.accept_scan(&record).expect("taken");
    }
    let details = BoxDetails {
        weight: Weight::parse("20 oz").ok(),
        dimensions: Dimensions::parse("10x8x6 in").ok(),
        confirmation: None,
        flat_rate: None,
    };
    store
        .set_box(parcel.id, parcel.turn, &details, by, now)
        .expect("measured");
}

/// A day with its labels, all by USPS; tracking numbers as they stand on the labels.
fn labelled() -> (Rig, Vec<String>) {
    // Orders with serial numbers are shipped by themselves, never in bulk.
    let rig = Rig::start(11, Some(PARCELS + PARCELS / 10));
    let store = rig.store();
    let mut orders = rig.orders();
    orders.retain(|number| {
        let order = store.order(rig.id(number)).expect("an order").order;
        order.channel.lines.iter().all(|line| !line.serial_required)
    });
    orders.truncate(PARCELS);
    drop(store);
    let mut create = vec!["pick-list", "create", "Wave"];
    for order in &orders {
        create.extend(["--order", order]);
    }
    let (status, text) = said(&rig, &create);
    assert_eq!(status, 0, "{text}");
    let codes = rig.all_codes();
    let mut store = rig.store();
    for order in &orders {
        pack(&mut store, order, &codes[order]);
    }
    drop(store);
    let mut assign = vec!["orders", "assign", "--method", "carrier:USPS"];
    assign.extend(orders.iter().map(String::as_str));
    let (status, text) = said(&rig, &assign);
    assert_eq!(status, 0, "{text}");
    let ship = ["ship", "--pick-list", "1", "--yes"];
    let shipped = json(&rig, &ship);
    assert_eq!(shipped["counts"]["bought"], PARCELS, "{}", shipped["counts"]);
    let numbers: Vec<String> = rig
        .ledger()
        .into_iter()
        .map(|(_, _, _, tracking)| tracking)
        .collect();
    assert_eq!(numbers.iter().collect::<BTreeSet<_>>().len(), PARCELS);
    (rig, numbers)
}

/// What the door's scanner reads from a label of USPS.
fn as_scanned(number: &str) -> String {
    format!("]C142010001\u{1d}{number}")
}

/// Scans until so many are acknowledged, sends one more, and kills. The acknowledged numbers.
fn scan_and_kill(rig: &Rig, numbers: &[String], stop_after: usize) -> Vec<String> {
    let mut child = rig
        .station(&["manifest", "scan", "1", "--json"])
        .env("TAPEGUN_MANIFESTS", "true")
        .stdin(Stdio::piped())
        .spawn()
        .expect("scan");
    let mut scanner = child.stdin.take().expect("piped");
    let mut answers = BufReader::new(child.stdout.take().expect("piped"));
    let mut acknowledged = Vec::new();
    for number in &numbers[..stop_after] {
        writeln!(scanner, "{}", as_scanned(number)).expect("a scan");
        let mut answer = String::new();
        assert!(answers.read_line(&mut answer).expect("an answer") > 0);
        assert!(answer.contains("\"accepted\":true"), "{answer}");
        acknowledged.push(number.clone());
    }
    let _ = writeln!(scanner, "{}", as_scanned(&numbers[stop_after]));
    child.kill().expect("kill -9");
    child.wait().expect("ends");
    acknowledged
}

fn numbers_of(detail: &Value, fate: &str) -> BTreeSet<String> {
    let parcels = detail["parcels"].as_array().expect("parcels");
    let chosen = parcels.iter().filter(|parcel| parcel["fate"] == fate);
    chosen
        .map(|parcel| parcel["tracking"].as_str().expect("a number").to_owned())
        .collect()
}

#[test]
fn three_hundred_labels_are_checked_out_and_the_three_missing_ones_found() {
    let (rig, numbers) = labelled();
    let due = json(&rig, &["manifest", "due"]);
    assert_eq!(due["carriers"][0]["stores"][0][1], PARCELS, "{due}");
    let opened = json(&rig, &["manifest", "open", "--carrier", "USPS"]);
    assert_eq!(opened["manifest"]["missing"], PARCELS);

    // Killed while parcels are scanned: what was acknowledged is out, and nothing else than the last one may be.
    let mut out = BTreeSet::new();
    for (from, count) in [(0, 40), (60, 1), (80, 0), (100, 25)] {
        let acknowledged = scan_and_kill(&rig, &numbers[from..], count);
        out.extend(acknowledged);
        let kept = numbers_of(&json(&rig, &["manifest", "show", "1"]), "out");
        assert!(out.is_subset(&kept), "an acknowledged scan is lost");
        assert!(
            kept.len() <= out.len() + 1,
            "{} kept, {} acknowledged",
            kept.len(),
            out.len()
        );
        out = kept;
    }

    // Every parcel but three; those that are out already are refused aloud and stay out.
    let mut codes = String::new();
    for number in &numbers[..PARCELS - LOST] {
        codes += &as_scanned(number);
        codes.push('\n');
    }
    let mut child = rig
        .station(&["manifest", "scan", "1", "--json"])
        .env("TAPEGUN_MANIFESTS", "true")
        .stdin(Stdio::piped())
        .spawn()
        .expect("scan");
    let mut scanner = child.stdin.take().expect("piped");
    let feeding = std::thread::spawn(move || scanner.write_all(codes.as_bytes()));
    let output = child.wait_with_output().expect("ends");
    feeding.join().expect("fed").expect("taken");
    assert_eq!(output.status.code(), Some(3), "some were out already");
    let text = String::from_utf8(output.stdout).expect("text");
    let accepted = text
        .lines()
        .filter(|line| line.contains("\"accepted\":true"))
        .count();
    assert_eq!(accepted + out.len(), PARCELS - LOST);
    let again = text.lines().filter(|line| line.contains("ALREADY OUT")).count();
    assert_eq!(again, out.len());

    let lost: BTreeSet<String> = numbers[PARCELS - LOST..].iter().cloned().collect();
    let shown = json(&rig, &["manifest", "show", "1"]);
    assert_eq!(numbers_of(&shown, "missing"), lost);
    assert_eq!(
        (&shown["out"], &shown["missing"]),
        (&Value::from(PARCELS - LOST), &Value::from(LOST))
    );
    let shipped = json(&rig, &["orders", "list", "--status", "shipped", "--limit", "1"]);
    assert_eq!(shipped["total"], PARCELS - LOST, "checked out is Shipped");

    // Amazon's form, kept and printed; our own sheets beside it.
    let made = json(&rig, &["collection-form", "make", "--manifest", "1"]);
    assert_eq!(made["forms"][0]["state"], "made", "{made}");
    json(&rig, &["collection-form", "print", "1"]);
    let left = [
        "manifest",
        "leave",
        "1",
        &numbers[PARCELS - 1],
        "--reason",
        "=damaged, is packed again",
    ];
    json(&rig, &left);
    let closed = json(&rig, &["manifest", "close", "1"]);
    assert_eq!(
        (&closed["missing"], &closed["left"]),
        (&Value::from(2), &Value::from(1)),
        "{closed}"
    );
    json(&rig, &["manifest", "print", "1"]);
    let folder = rig.data().parent().expect("a folder").join("labels");
    let sheet = std::fs::read_to_string(folder.join("manifest-1-2.zpl")).expect("printed");
    assert!(
        sheet.matches("^FDTGM_2D1^FS").count() >= 10,
        "its number stands on every sheet"
    );
    assert!(numbers.iter().all(|number| sheet.contains(number.as_str())));
    assert!(
        std::fs::read(folder.join("collection-form-1-1.pdf"))
            .expect("printed")
            .starts_with(b"%PDF")
    );

    let file = rig.data().parent().expect("a folder").join("manifest.csv");
    json(
        &rig,
        &["manifest", "export", "1", "--to", file.to_str().expect("a path")],
    );
    let csv = std::fs::read_to_string(&file).expect("written");
    assert_eq!(csv.lines().count(), PARCELS + 1);
    assert_eq!(csv.matches(",checked out,").count(), PARCELS - LOST);
    assert_eq!(csv.matches(",carried over,").count(), 2);
    assert!(csv.contains("\"'=damaged, is packed again\""), "no formula");

    // Tomorrow's manifest begins with what was carried over.
    let next = json(&rig, &["manifest", "open", "--carrier", "USPS"]);
    assert_eq!(next["manifest"]["missing"], 2, "{next}");
    assert!(rig.store().verify_chain().expect("chain").is_ok());
}

//! The day's end by scripts: due, open, scan, leave, close, list, show, print, export, and a collection form.

use crate::{BOX, MUG, SOAP, Said, Station, order_of};
use serde_json::Value;
use std::process::Stdio;

/// A label of the first store's Prime order by this service; its order and tracking number.
fn labelled(station: &Station, service: &str, confirmation: &str) -> (String, String) {
    // Late for Prime, some of them.
    station.run(&["users", "allow", "Ana", "break-prime"]).json_free();
    let order = order_of(station, Some("PRIME"), &[("MUG-BLUE", 1), ("SOAP-LAV", 2)]);
    let (status, lines) = station.pack(&order, &[MUG, SOAP, SOAP], &[]);
    assert_eq!(status, 0, "{lines:?}");
    let options = ["--reason", "a test", "--confirmation", confirmation];
    let shipped = station
        .ana(&[&["ship", &order, "--service", service], &options[..], &BOX[..]].concat())
        .json();
    let tracking = shipped["label"]["tracking"].as_str().expect("bought").to_owned();
    (order, tracking)
}

/// Scans from standard input, as a scanner sends them: one JSON value for each.
fn scanned(station: &Station, manifest: &str, codes: &[&str]) -> (i32, Vec<Value>) {
    use std::io::Write as _;
    let mut child = station
        .command(&["manifest", "scan", manifest, "--user", "Ana", "--json"])
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .expect("it runs");
    let mut input = child.stdin.take().expect("piped");
    for code in codes {
        writeln!(input, "{code}").expect("taken");
    }
    drop(input);
    let said = Said::from(child.wait_with_output().expect("it ends"));
    let lines = said
        .out
        .lines()
        .map(|line| serde_json::from_str(line).expect("JSON lines"));
    (said.status, lines.collect())
}

#[test]
fn parcels_are_checked_out_and_what_is_missing_is_carried_over_or_left_behind() {
    let station = Station::ready();
    let due = station.run(&["manifest", "due", "--json"]).json();
    assert_eq!(due["carriers"].as_array().map(Vec::len), Some(0), "{due}");
    let (order, tracking) = labelled(&station, "UPS_PTP_NEXT_DAY_AIR_SAVER", "no-tracking");
    let due = station.run(&["manifest", "due", "--json"]).json();
    assert_eq!(due["carriers"][0]["carrier"], "UPS", "{due}");
    station
        .run(&["manifest", "open", "--carrier", "UPS", "--json"])
        .failure(2);
    station
        .ana(&["manifest", "open", "--carrier", "UPS", "--store", "nowhere"])
        .failure(2);
    let opened = station.ana(&["manifest", "open", "--carrier", "UPS"]).json();
    assert_eq!(
        (&opened["manifest"]["id"], &opened["manifest"]["missing"]),
        (&Value::from(1), &Value::from(1))
    );
    let again = station.ana(&["manifest", "open", "--carrier", "ups"]).failure(3);
    assert!(again.contains("manifest 1 of ups is open already"), "{again}");

    let (status, lines) = scanned(&station, "1", &["1Z5R89390357567127", "", &tracking, &tracking]);
    assert_eq!(status, 3, "not all of them: {lines:?}");
    let accepted: Vec<&Value> = lines.iter().map(|line| &line["accepted"]).collect();
    assert_eq!(accepted, [false, true, false], "{lines:?}");
    assert!(
        lines[0]["why"].as_str().unwrap_or("").contains("UNKNOWN"),
        "{lines:?}"
    );
    assert!(
        lines[2]["why"].as_str().unwrap_or("").contains("ALREADY OUT"),
        "{lines:?}"
    );
    assert_eq!(lines[1]["parcel"]["number"], order.as_str());
    let shown = station.run(&["manifest", "show", "1"]).out;
    assert!(
        shown.contains("1 out (Ana)") && shown.contains(&tracking),
        "{shown}"
    );
    assert_eq!(
        station
            .run(&["manifest", "scan", "1", &tracking, "--user", "Ana"])
            .status,
        3
    );
    station
        .ana(&["manifest", "leave", "1", &tracking, "--reason", "damaged"])
        .failure(3);

    let closed = station.ana(&["manifest", "close", "1"]).json();
    assert_eq!(
        (&closed["out"], &closed["missing"]),
        (&Value::from(1), &Value::from(0)),
        "{closed}"
    );
    let (status, lines) = scanned(&station, "1", &[&tracking]);
    assert_eq!((status, &lines[0]["accepted"]), (3, &Value::from(false)));
    let reopen = ["manifest", "reopen", "1", "--reason", "the driver waits"];
    assert_eq!(station.ana(&reopen).json()["manifest"]["closed_at"], Value::Null);
    station.ana(&["manifest", "close", "1"]).json();
    let listed = station.run(&["manifest", "list"]).out;
    assert!(
        listed.contains("manifest 1 of UPS is closed: 1 parcels"),
        "{listed}"
    );

    let export = station.run(&["manifest", "export", "1"]).out;
    let rows: Vec<&str> = export.lines().collect();
    assert!(
        rows[0].starts_with("manifest,carrier,place,fate,tracking,order"),
        "{export}"
    );
    assert!(
        rows[1].starts_with(&format!("1,UPS,1,checked out,{tracking},{order},")),
        "{export}"
    );
    let file = station.path("manifest.zpl");
    let name = file.to_str().expect("a path");
    station.run(&["manifest", "print", "1", "--to", name]).json_free();
    let sheet = std::fs::read_to_string(&file).expect("written");
    assert!(
        sheet.contains("^BCN") && sheet.contains("^FDTGM_2D1^FS") && sheet.contains(&tracking),
        "{sheet}"
    );
    station.ana(&["manifest", "print", "1"]).json();
    let printed = std::fs::read_dir(station.path("labels")).expect("the printer's folder");
    let names = printed.map(|entry| entry.expect("an entry").file_name().into_string().expect("text"));
    assert!(names.into_iter().any(|name| name == "manifest-1-1.zpl"));
    let moved = station.run(&["manifest", "never-moved", "--json"]).json();
    assert_eq!(moved["total"], 0, "it left today: {moved}");
}

#[test]
fn a_collection_form_is_made_or_it_is_said_why_there_is_none() {
    let station = Station::ready();
    let (_, tracking) = labelled(&station, "USPS_PTP_GAH", "delivery-confirmation");
    station.ana(&["manifest", "open", "--carrier", "USPS"]).json();
    let none = station
        .ana(&["collection-form", "make", "--manifest", "1"])
        .failure(3);
    assert!(none.contains("our own manifest"), "nothing is on it yet: {none}");
    // As the door's scanner reads it, with the postal code before it.
    let (status, lines) = scanned(&station, "1", &[&format!("42010001{tracking}")]);
    assert_eq!(status, 0, "{lines:?}");
    let made = station
        .ana(&["collection-form", "make", "--manifest", "1"])
        .json();
    assert_eq!(made["forms"][0]["state"], "made", "{made}");
    let file = station.path("form.pdf");
    let name = file.to_str().expect("a path");
    station
        .run(&["collection-form", "print", "1", "--to", name])
        .json_free();
    assert!(std::fs::read(&file).expect("written").starts_with(b"%PDF"));
    station.ana(&["collection-form", "print", "1"]).json();
    let again = station.ana(&[
        "collection-form",
        "make",
        "--store",
        "harbor",
        "--carrier",
        "USPS",
    ]);
    assert_eq!(again.status, 3, "{}{}", again.out, again.errors);
    assert!(again.out.contains("no collection form for USPS"), "{}", again.out);
    let listed = station.run(&["collection-form", "list"]).out;
    assert!(
        listed.contains("made") && listed.contains("not to be had"),
        "{listed}"
    );
    let unclear = station.run(&["collection-form", "make", "--store", "harbor"]);
    assert_eq!(unclear.status, 2, "{}", unclear.errors);
}

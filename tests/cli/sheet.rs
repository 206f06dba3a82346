//! Sheets of barcodes for a bench.

use crate::{SOAP, Station, TOWEL, order_of};

#[test]
fn commands_are_printed_and_a_badge_only_by_who_may_change_people() {
    let station = Station::ready();
    station.run(&["users", "add", "Sam", "--supervisor"]).json_free();
    let file = station.path("commands.pdf");
    let path = file.to_str().expect("text");
    let said = station.run(&["sheet", "commands", "--to", path, "--json"]).json();
    assert!(
        said["codes"]
            .as_array()
            .is_some_and(|codes| codes.iter().any(|code| code == "TGC-NEXT"))
    );
    assert!(std::fs::read(&file).expect("written").starts_with(b"%PDF-"));
    let badge = station.path("badge.zpl");
    let path = badge.to_str().expect("text");
    let sheet = |by: &str| station.run(&["sheet", "badge", "Ana", "--to", path, "--user", by, "--json"]);
    let words = sheet("Ana").failure(3);
    assert!(words.contains("may not") && words.contains("ask Sam"), "{words}");
    assert!(!badge.exists());
    let said = sheet("Sam").json();
    assert_eq!(said["codes"].as_array().map(Vec::len), Some(1), "one by one");
    assert!(std::fs::read_to_string(&badge).expect("written").contains("^BC"));
    // A badge signs in as its person: with an administrator here it is theirs to print.
    station
        .run(&["users", "add", "Root", "--role", "administrator"])
        .json_free();
    let words = sheet("Sam").failure(3);
    assert!(
        words.contains("add people or change what they may do: ask Root"),
        "{words}"
    );
    std::fs::remove_file(&badge).expect("the other badge");
    sheet("Root").json();
}

#[test]
fn a_business_order_gets_its_packing_slip_with_the_label_and_by_command() {
    let station = Station::ready();
    let order = order_of(
        &station,
        Some("AMAZON_BUSINESS"),
        &[("TOWEL-FACE", 4), ("SOAP-LAV", 2)],
    );
    let order = order.as_str();
    let scans = [TOWEL, TOWEL, TOWEL, TOWEL, SOAP, SOAP];
    let (status, lines) = station.pack(order, &scans, &[]);
    assert_eq!(status, 0, "{lines:?}");
    let file = station.path("slip.zpl");
    let path = file.to_str().expect("text");
    station.ana(&["slip", order, "--to", path]).json();
    let slip = std::fs::read_to_string(&file).expect("written");
    assert!(
        slip.contains("PACKING_20SLIP") && slip.contains("4_20x_20"),
        "{slip}"
    );
    assert!(
        slip.contains(&order.replace('-', "_2D")),
        "the order's barcode: {slip}"
    );
    let shown = station.run(&["orders", "show", order]).out;
    assert!(
        shown.contains("packing slip"),
        "who saw the address is noted: {shown}"
    );
    assert_eq!(
        station.ana(&["slip", order, "--box", "9", "--to", path]).status,
        3
    );
}

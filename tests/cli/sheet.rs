//! Sheets of barcodes for a bench.

use crate::Station;

#[test]
fn commands_are_printed_and_a_badge_only_by_a_supervisor() {
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
    assert!(sheet("Ana").failure(3).contains("only a supervisor"));
    assert!(!badge.exists());
    let said = sheet("Sam").json();
    assert_eq!(said["codes"].as_array().map(Vec::len), Some(1), "one by one");
    assert!(std::fs::read_to_string(&badge).expect("written").contains("^BC"));
}

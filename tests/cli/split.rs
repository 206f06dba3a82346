//! Splitting an order for a partial shipment by scripts: two parts, two labels, one order at Amazon.

use crate::{BOX, MUG, SOAP, Said, Station, order_of};

fn sam(station: &Station, arguments: &[&str]) -> Said {
    let mut all = arguments.to_vec();
    all.extend(["--user", "Sam", "--json"]);
    station.run(&all)
}

fn ship(station: &Station, part: &str, scans: &[&str]) {
    let (status, lines) = station.pack(part, scans, &[]);
    assert_eq!(status, 0, "{lines:?}");
    station.ana(&[&["ship", part][..], &BOX].concat()).json();
}

#[test]
fn an_order_is_split_and_its_parts_ship_by_themselves() {
    let station = Station::ready();
    station.run(&["users", "add", "Sam", "--supervisor"]).json_free();
    let order = order_of(&station, Some("PRIME"), &[("MUG-BLUE", 1), ("SOAP-LAV", 2)]);
    let soap = ["orders", "split", &order, "--line", "SOAP-LAV=2"];

    // A Prime order is split by who may break Amazon's rules, with a reason.
    let words = station.ana(&soap).failure(3);
    assert!(
        words.contains("Ana may not break Amazon's rules for a Prime order: ask Sam"),
        "{words}"
    );
    let words = sam(&station, &soap).failure(3);
    assert!(words.contains("with a reason alone"), "{words}");
    let all = [&soap[..], &["--line", "MUG-BLUE=1", "--reason", "back-ordered"]].concat();
    let words = sam(&station, &all).failure(3);
    assert!(words.contains("nothing stays"), "{words}");
    let said = sam(&station, &["orders", "split", &order, "--line", "MUG"]);
    assert_eq!(said.status, 2, "{}", said.errors);
    let soap = [&soap[..], &["--reason", "back-ordered"]].concat();
    let made = sam(&station, &soap).json();
    assert_eq!(made["orders"][1]["part"]["place"], 2, "{made}");

    // The number alone is no order any more; lists show both halves.
    let words = station.run(&["orders", "show", &order, "--json"]).failure(2);
    assert!(words.contains(&format!("{order}/1, {order}/2")), "{words}");
    let listed = station
        .run(&["orders", "list", "--text", &order, "--json"])
        .json();
    assert_eq!(listed["total"], 2, "{listed}");

    // Joined and split again: nothing is bought yet.
    let joined = station.ana(&["orders", "join", &order]).json();
    assert_eq!(
        joined["orders"][0]["lines"].as_array().map(Vec::len),
        Some(2),
        "{joined}"
    );
    sam(&station, &soap).json();

    // The first part ships by itself, and the import that follows leaves the second one as it is.
    let (first, second) = (format!("{order}/1"), format!("{order}/2"));
    ship(&station, &first, &[MUG]);
    station.run(&["sync", "--once"]).json_free();
    let waits = station.run(&["orders", "show", &second, "--json"]).json();
    assert_eq!(waits["status"], "Ready to Pick", "{waits}");
    assert_eq!(waits["flags"].as_array().map(Vec::len), Some(0), "{waits}");
    let words = station.ana(&["orders", "join", &second]).failure(3);
    assert!(words.contains("void it first"), "{words}");

    ship(&station, &second, &[SOAP, SOAP]);
    station.run(&["sync", "--once"]).json_free();
    let live = station.amazon.ledger();
    let mut units: Vec<u32> = (live.live(&order).into_iter())
        .map(|package| package.items.iter().map(|item| item.quantity).sum())
        .collect();
    units.sort_unstable();
    assert_eq!(units, [1, 2], "Amazon has a package of each part");
    for part in [&first, &second] {
        let shown = station.run(&["orders", "show", part, "--json"]).json();
        assert_eq!(shown["flags"].as_array().map(Vec::len), Some(0), "{shown}");
    }
}

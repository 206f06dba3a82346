//! Finding orders by scripts.

#[path = "review.rs"]
mod review;

use crate::{Station, order_of};

fn total(station: &Station, arguments: &[&str]) -> u64 {
    let arguments = [&["orders", "find"], arguments].concat();
    let said = station.ana(&arguments).json();
    said["total"].as_u64().expect("a number")
}

#[test]
fn orders_are_found_by_words_filters_and_names() {
    let station = Station::ready();
    let order = order_of(&station, Some("PRIME"), &[("MUG-BLUE", 1), ("SOAP-LAV", 2)]);
    let found = station.run(&["orders", "find", "--json", &order[..12]]).json();
    assert_eq!(found["orders"][0]["number"], order, "{found}");
    let all = total(&station, &[]);
    assert_eq!(
        total(&station, &["status:open"]) + total(&station, &["!status:open"]),
        all
    );
    for status in ["pending", "review", "ready-to-pick", "shipped", "canceled"] {
        let listed = station
            .run(&["orders", "list", "--status", status, "--json"])
            .json();
        let found = total(&station, &[&format!("status:{status}")]);
        assert_eq!(Some(found), listed["total"].as_u64(), "{status}");
    }
    assert!(total(&station, &["badge:prime", "sku:mug-blue"]) > 0);
    assert_eq!(total(&station, &["cost:>0"]), 0, "nothing is bought yet");

    // A name is found with --names alone, and only by somebody.
    let shown = station.ana(&["orders", "show", &order, "--reveal"]).json();
    let name = shown["customer"]["recipient"]["name"].as_str().expect("a name");
    let last = name.split(' ').next_back().expect("a word");
    assert_eq!(total(&station, &[last]), 0);
    assert!(total(&station, &["--names", last]) > 0);
    station
        .run(&["orders", "find", "--json", "--names", last])
        .failure(2);

    let words = station.run(&["orders", "find", "--json", "status:"]).failure(2);
    assert!(words.contains("ready-to-pick"), "{words}");
    let words = station.run(&["orders", "find", "--json", "stats:x"]).failure(2);
    assert!(words.contains("there are status, badge"), "{words}");
}

//! Notes, canceling and changing many orders by scripts.

use crate::{Station, order_of};

fn sam(station: &Station, arguments: &[&str]) -> crate::Said {
    let mut all = arguments.to_vec();
    all.extend(["--user", "Sam", "--json"]);
    station.run(&all)
}

#[test]
fn notes_canceling_and_holds_of_many() {
    let station = Station::ready();
    station.run(&["users", "add", "Sam", "--supervisor"]).json_free();
    let order = order_of(&station, Some("PRIME"), &[("MUG-BLUE", 1), ("SOAP-LAV", 2)]);

    // A note is shown to who may see the customer, and to nobody else.
    station
        .run(&["orders", "note", &order, "ring at Kowalski", "--json"])
        .failure(2);
    station
        .ana(&["orders", "note", &order, "ring at Kowalski"])
        .json();
    let shown = station.run(&["orders", "show", &order]).out;
    assert!(
        shown.contains("note added") && !shown.contains("Kowalski"),
        "{shown}"
    );
    let shown = station.ana(&["orders", "show", &order, "--reveal"]).json();
    assert_eq!(shown["notes"][0]["text"], "ring at Kowalski", "{shown}");
    let database = std::fs::read(station.path("data").join("tapegun.db")).unwrap_or_default();
    assert!(!database.windows(8).any(|bytes| bytes == b"Kowalski"));

    // The buyer of one order asks to cancel: it waits in Review.
    let review = station.run(&["orders", "find", "status:review", "--json"]).json();
    assert_eq!(review["total"], 1, "{review}");

    // Many: by who may; those that cannot be are counted.
    let words = station
        .ana(&["orders", "change", "hold", "badge:prime", "--reason", "stock"])
        .failure(3);
    assert!(
        words.contains("Ana may not change many orders at once: ask Sam"),
        "{words}"
    );
    let dry = sam(
        &station,
        &[
            "orders",
            "change",
            "hold",
            "badge:prime",
            "--reason",
            "stock",
            "--dry-run",
        ],
    )
    .json();
    let held = sam(
        &station,
        &["orders", "change", "hold", "badge:prime", "--reason", "stock"],
    )
    .json();
    assert!(held["changed"].as_u64() > Some(0), "{held}");
    assert_eq!(held["changed"], dry["changed"]);
    assert_eq!(station.status(&order), "On Hold");
    let found = station
        .run(&["orders", "find", "status:on-hold", "--json"])
        .json();
    assert_eq!(found["total"], held["changed"], "{found}");
    sam(
        &station,
        &[
            "orders",
            "change",
            "release",
            "status:on-hold",
            "--reason",
            "came",
        ],
    )
    .json();
    assert_eq!(station.status(&order), "Ready to Pick");
}

#[test]
fn canceling_is_final_and_says_where_amazon_is_told() {
    let station = Station::ready();
    station.run(&["users", "add", "Sam", "--supervisor"]).json_free();
    let order = order_of(&station, Some("PRIME"), &[("MUG-BLUE", 1), ("SOAP-LAV", 2)]);

    // Canceling: by who may, for good, and Amazon is not told.
    let words = station
        .ana(&["orders", "cancel", &order, "--reason", "out of stock"])
        .failure(3);
    assert!(words.contains("Ana may not cancel orders: ask Sam"), "{words}");
    station
        .ana(&[
            "orders",
            "set-status",
            &order,
            "canceled",
            "--reason",
            "out of stock",
        ])
        .failure(3);
    let canceled = sam(
        &station,
        &["orders", "cancel", &order, "--reason", "out of stock"],
    )
    .json();
    assert_eq!(canceled["store_notified"], false, "{canceled}");
    let page = canceled["seller_central"].as_str().expect("a page");
    assert_eq!(
        page,
        format!("https://sellercentral.amazon.com/orders-v3/order/{order}")
    );
    let found = station
        .run(&["orders", "find", "flag:store-not-notified", "--json"])
        .json();
    assert_eq!(found["total"], 1, "{found}");
    sam(
        &station,
        &["orders", "set-status", &order, "ready-to-pick", "--reason", "oh"],
    )
    .failure(3);
}

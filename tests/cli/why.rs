//! Why a method was picked, and the one file for a claim, by scripts alone.

use crate::{BOX, MUG, SOAP, Station, order_of};
use serde_json::Value;

#[test]
fn a_shipment_is_explained_scan_by_scan_and_exported_without_customer_data() {
    let station = Station::ready();
    station.run(&["users", "add", "Sue", "--supervisor"]).json_free();
    let order = order_of(&station, Some("PRIME"), &[("MUG-BLUE", 1), ("SOAP-LAV", 2)]);
    let (status, lines) = station.pack(&order, &[MUG, SOAP, SOAP], &[]);
    assert_eq!(status, 0, "{lines:?}");
    station.ana(&[&["ship", &order], &BOX[..]].concat()).json();
    let why = station.ana(&["why", &order]).json();
    let scans = why["scans"].as_array().expect("scans");
    assert_eq!(scans.len(), 3, "{why}");
    assert_eq!(
        (&scans[2]["verified"], &scans[2]["wanted"]),
        (&Value::from(3), &Value::from(3))
    );
    assert_eq!(scans[0]["scan"]["by"], "Ana");
    assert!(
        why["labels"]
            .to_string()
            .contains("no method is assigned: the cheapest that passes every rule"),
        "{why}"
    );

    let file = station.path("proof.json");
    let path = file.to_str().expect("a path");
    station.ana(&["proof", &order, "--to", path]).json();
    let proof = std::fs::read_to_string(&file).expect("written");
    let value: Value = serde_json::from_str(&proof).expect("JSON");
    assert_eq!(value["number"], order.as_str());
    assert_eq!(value["label_history_is_whole"]["whole"], true);
    assert_eq!(value["scans"].as_array().map(Vec::len), Some(3));
    assert!(
        value["labels"][0]["tracking"].is_string() && value["why"][0].is_array(),
        "{proof}"
    );
    // Nothing of the customer: not even what a reveal would show.
    let revealed = station.ana(&["orders", "show", &order, "--reveal"]).json();
    let recipient = &revealed["customer"]["recipient"];
    for secret in [&recipient["name"], &recipient["lines"][0]] {
        let secret = secret.as_str().expect("text");
        assert!(
            !secret.is_empty() && !proof.contains(secret),
            "the file names the customer"
        );
    }
    // It is never overwritten; with the customer's data by who may alone.
    assert_eq!(station.ana(&["proof", &order, "--to", path]).status, 1);
    let with = station.path("with.json");
    let with = with.to_str().expect("a path");
    let words = station
        .ana(&["proof", &order, "--to", with, "--reveal"])
        .failure(3);
    assert!(
        words.contains("Ana may not write customers' data into a proof: ask Sue"),
        "{words}"
    );
    station
        .run(&[
            "proof", &order, "--to", with, "--reveal", "--user", "Sue", "--json",
        ])
        .json();
    let whole = std::fs::read_to_string(with).expect("written");
    assert!(whole.contains(recipient["name"].as_str().expect("text")));
    let shown = station.ana(&["orders", "show", &order]).json();
    assert!(
        shown["history"].to_string().contains("customer's data shown"),
        "{shown}"
    );
}

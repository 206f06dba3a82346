//! A bench that wants each label scanned onto its box, by scripts.

use crate::{BOX, MUG, SOAP, Said, Station, order_of};
use serde_json::Value;

impl Station {
    fn with_the_rule(self) -> Self {
        let path = self.path("config.toml");
        let config = std::fs::read_to_string(&path).expect("there");
        std::fs::write(&path, format!("scan_labels = true\n{config}")).expect("written");
        self
    }

    fn onto_box(&self, order: &str, tracking: &str) -> Said {
        self.ana(&["onto-box", order, "--scanned", tracking])
    }
}

#[test]
fn a_box_is_done_and_its_order_shipped_once_its_label_was_scanned_onto_it() {
    let station = Station::ready().with_the_rule();
    let order = order_of(&station, Some("PRIME"), &[("MUG-BLUE", 1), ("SOAP-LAV", 2)]);
    let order = order.as_str();
    let (status, lines) = station.pack(order, &[MUG, SOAP, SOAP], &[]);
    assert_eq!(status, 0, "{lines:?}");
    station.onto_box(order, "1Z999AA10123456784").failure(3);
    let shipped = station.ana(&[&["ship", order], &BOX[..]].concat()).json();
    assert_eq!(shipped["printed"], Value::from(true), "{shipped}");
    assert_eq!(shipped["label"]["onto_box"], "due", "{shipped}");
    let tracking = shipped["label"]["tracking"].as_str().expect("bought");
    assert_eq!(station.status(order), "Ready for Pickup");
    let shown = station.run(&["orders", "show", order]);
    assert!(
        shown.out.contains("not scanned onto its box yet"),
        "{}",
        shown.out
    );

    let refused = station.onto_box(order, "1Z999AA10123456784").failure(3);
    assert!(refused.contains("WRONG LABEL"), "{refused}");
    let by_hand = ["orders", "set-status", order, "shipped", "--reason", "it left"];
    let refused = station.ana(&by_hand).failure(3);
    assert!(refused.contains("not scanned onto its box"), "{refused}");
    let nobody = ["onto-box", order, "--scanned", tracking, "--json"];
    station.run(&nobody).failure(2);
    assert_eq!(station.status(order), "Ready for Pickup");

    // Twice: its answer may have been lost.
    for _ in 0..2 {
        let said = station.onto_box(order, tracking).json();
        assert_eq!(said["status"], "Shipped", "{said}");
        assert_eq!(said["label"]["onto_box"]["done"]["by"], 1, "{said}");
    }
    assert_eq!(station.status(order), "Shipped");
    let shown = station.run(&["orders", "show", order]);
    assert!(
        shown.out.contains("on its box") && shown.out.contains("Ana: label scanned onto this box"),
        "{}",
        shown.out
    );
}

#[test]
fn a_bench_without_the_rule_refuses_the_scan_with_what_to_write() {
    let station = Station::ready();
    let order = order_of(&station, Some("PRIME"), &[("MUG-BLUE", 1), ("SOAP-LAV", 2)]);
    let (status, lines) = station.pack(&order, &[MUG, SOAP, SOAP], &[]);
    assert_eq!(status, 0, "{lines:?}");
    let shipped = station.ana(&[&["ship", &order], &BOX[..]].concat()).json();
    assert_eq!(shipped["label"]["onto_box"], "not_asked", "{shipped}");
    assert_eq!(station.status(&order), "Shipped");
    let tracking = shipped["label"]["tracking"].as_str().expect("bought");
    let refused = station.onto_box(&order, tracking).failure(3);
    assert!(refused.contains("scan_labels = true"), "{refused}");
}

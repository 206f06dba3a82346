//! Several boxes for an order, and undo, by scripts.

use super::{MUG, SOAP, Station, order_of};

#[path = "sheet.rs"]
mod sheet;

#[test]
fn an_order_is_packed_into_two_boxes_each_with_its_own_label() {
    let station = Station::ready();
    let order = order_of(&station, Some("PRIME"), &[("MUG-BLUE", 1), ("SOAP-LAV", 2)]);
    let order = order.as_str();
    let (status, lines) = station.pack(order, &[MUG, "TGC-NEXT", SOAP, "TGC-UNDO", SOAP, SOAP], &[]);
    assert_eq!(status, 0, "{lines:?}");
    assert_eq!(lines[1]["words"], "box 2");
    assert_eq!(lines[3]["words"], "1 taken out of the box again");
    let shown = station.run(&["orders", "show", order]).out;
    assert!(
        shown.contains(": 1 × MUG-BLUE") && shown.contains(": 2 × SOAP-LAV"),
        "{shown}"
    );

    let ship = |number: &str, weight: &str| {
        let arguments = [
            "ship",
            order,
            "--box",
            number,
            "--weight",
            weight,
            "--size",
            "10x8x6 in",
        ];
        station.ana(&arguments)
    };
    ship("2", "1 lb 6 oz").json();
    assert_eq!(station.status(order), "In Packing", "box 1 waits");
    let again = ship("2", "1 lb 6 oz").failure(3);
    assert!(again.contains("has a label"), "{again}");
    ship("1", "1 lb").json();
    assert_ne!(station.status(order), "In Packing");
    // Amazon has two packages, each with what lies in its box.
    let ledger = station.amazon.ledger();
    let live = ledger.live(order).into_iter();
    let mut units: Vec<u32> = live
        .map(|package| package.items.iter().map(|item| item.quantity).sum())
        .collect();
    units.sort_unstable();
    assert_eq!(units, [1, 2]);
    assert_eq!(station.ana(&["ship", order, "--box", "7"]).status, 3);
}

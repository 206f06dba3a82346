//! Voids, refunds and unscanned labels by scripts alone.

use crate::{BOX, MUG, SOAP, Station, order_of};

/// An order with a printed label; its tracking number.
fn shipped(station: &Station) -> (String, String) {
    let order = order_of(station, Some("PRIME"), &[("MUG-BLUE", 1), ("SOAP-LAV", 2)]);
    let (status, lines) = station.pack(&order, &[MUG, SOAP, SOAP], &[]);
    assert_eq!(status, 0, "{lines:?}");
    let shipped = station.ana(&[&["ship", &order], &BOX[..]].concat()).json();
    let tracking = shipped["label"]["tracking"].as_str().expect("bought").to_owned();
    (order, tracking)
}

#[test]
fn changing_a_shipped_order_to_ready_to_pick_voids_its_labels_and_the_refund_is_booked() {
    let station = Station::ready();
    let (order, tracking) = shipped(&station);
    let set = |more: &[&str]| -> Vec<String> {
        let begin = [
            "orders",
            "set-status",
            &order,
            "ready-to-pick",
            "--reason",
            "recount",
        ];
        begin.iter().chain(more).map(|word| (*word).to_owned()).collect()
    };
    let ana = |more: &[&str]| {
        let words = set(more);
        station.ana(&words.iter().map(String::as_str).collect::<Vec<_>>())
    };
    let nobody = set(&["--label-destroyed", "--json"]);
    station
        .run(&nobody.iter().map(String::as_str).collect::<Vec<_>>())
        .failure(2);
    let words = ana(&[]).failure(3);
    assert!(
        words.contains("scan the old label") && words.contains("--scanned"),
        "{words}"
    );
    let words = ana(&["--scanned", "1Z999AA10123456784"]).failure(3);
    assert!(words.contains("not a label that is voided here"), "{words}");
    assert_eq!(station.status(&order), "Shipped");
    assert_eq!(station.amazon.ledger().live(&order).len(), 1);

    // Amazon refuses: said for the box, and the order stays.
    station.amazon.switch(|switches| switches.rejects_cancels = true);
    let words = ana(&["--scanned", &tracking]).failure(3);
    assert!(
        words.contains("box 1: NOT VOIDED") && words.contains("stays Shipped"),
        "{words}"
    );
    assert_eq!(station.status(&order), "Shipped");
    station.amazon.switch(|switches| switches.rejects_cancels = false);

    let voided = ana(&["--scanned", &tracking]).json();
    assert_eq!(voided["status"], "Ready to Pick", "{voided}");
    assert_eq!(station.status(&order), "Ready to Pick");
    assert!(station.amazon.ledger().live(&order).is_empty());
    let label = &voided["labels"][0];
    assert_eq!(label["aftermath"]["old_label"], "scanned", "{voided}");

    let listed = station.run(&["refunds", "list", "--open", "--json"]).json();
    assert_eq!(listed["total"], 1, "{listed}");
    assert_eq!(listed["refunds"][0]["overdue"], false);
    assert_eq!(listed["awaited"][0]["minor"], label["price"]["minor"]);
    assert_eq!(
        station.run(&["refunds", "list", "--overdue", "--json"]).json()["total"],
        0
    );
    let text = station.run(&["refunds", "list"]).out;
    assert!(text.contains(&order) && text.contains("expected by"), "{text}");
    let shown = station.run(&["orders", "show", &order]).out;
    assert!(shown.contains("refund of"), "{shown}");

    // Bought again while the refund is awaited: both prices.
    station.ana(&["rates", &order]).failure(3);
    let (status, lines) = station.pack(&order, &[MUG, SOAP, SOAP], &[]);
    assert_eq!(status, 0, "{lines:?}");
    let again = station.ana(&[&["ship", &order], &BOX[..]].concat()).json();
    let both = again["both_paid"][0].as_str().expect("both are paid");
    assert!(both.contains("both are paid for now"), "{both}");

    // Booked from the statement, once.
    let words = station
        .ana(&["refunds", "book", &tracking, "--amount", "999"])
        .failure(3);
    assert!(words.contains("more than"), "{words}");
    let booked = station
        .ana(&["refunds", "book", &tracking, "--amount", "1.00"])
        .json();
    assert_eq!(booked["label"]["state"], "refunded", "{booked}");
    station
        .ana(&["refunds", "book", &tracking, "--amount", "1.00"])
        .failure(3);
    let id = booked["label"]["id"].as_str().expect("an id").to_owned();
    station
        .ana(&["refunds", "reject", &id, "--reason", "too late"])
        .failure(3);
    assert_eq!(
        station.run(&["refunds", "list", "--open", "--json"]).json()["total"],
        0
    );
    let unmoved = station.run(&["refunds", "unmoved", "--json"]).json();
    assert_eq!(unmoved["total"], 0, "bought today: {unmoved}");
}

#[test]
fn an_order_that_amazon_closed_after_a_void_says_what_is_left() {
    let station = Station::ready();
    let (order, _) = shipped(&station);
    station
        .amazon
        .switch(|switches| switches.sells_to_shipped_orders = false);
    station
        .ana(&["void", &order, "--reason", "damaged", "--label-destroyed"])
        .json();
    let (status, lines) = station.pack(&order, &[MUG, SOAP, SOAP], &[]);
    assert_eq!(status, 0, "{lines:?}");
    let words = station.ana(&[&["ship", &order], &BOX[..]].concat()).failure(3);
    assert!(
        words.contains("another carrier") && words.contains("Seller Central"),
        "{words}"
    );
}

//! Methods assigned ahead and switched off, by scripts alone.

use crate::{BOX, MUG, SOAP, Station, order_of};

/// A Prime order that is packed.
fn packed(station: &Station) -> String {
    let order = order_of(station, Some("PRIME"), &[("MUG-BLUE", 1), ("SOAP-LAV", 2)]);
    let (status, lines) = station.pack(&order, &[MUG, SOAP, SOAP], &[]);
    assert_eq!(status, 0, "{lines:?}");
    order
}

#[test]
fn the_assigned_method_is_bought_and_one_that_is_switched_off_is_not() {
    let station = Station::ready();
    station.run(&["users", "add", "Sue", "--supervisor"]).json_free();
    let order = packed(&station);
    let rates = station.ana(&[&["rates", &order], &BOX[..]].concat()).json();
    let passing: Vec<&str> = rates["rates"]
        .as_array()
        .expect("rates")
        .iter()
        .filter(|rate| rate["automatic"] == true && rate["offered"] == true)
        .map(|rate| rate["service"].as_str().expect("an id"))
        .collect();
    let [cheapest, .., dear] = passing[..] else {
        panic!("{rates}")
    };
    assert_eq!(rates["picked"], cheapest);

    // The rates named the methods; a packer may not switch one off, a supervisor may.
    let known = station.ana(&["methods", "list", "--store", "harbor"]).json();
    assert!(known.to_string().contains(dear), "{known}");
    let off = [
        "methods",
        "off",
        "harbor",
        cheapest,
        "--reason",
        "claims never paid",
    ];
    let words = station.ana(&off).failure(3);
    assert!(
        words.contains("Ana may not change shipping policies or methods: ask Sue"),
        "{words}"
    );
    station
        .run(&[&off[..], &["--user", "Sue", "--json"]].concat())
        .json();
    let words = station
        .ana(&["orders", "assign", &order, "--method", cheapest])
        .failure(3);
    assert!(words.contains("switched off"), "{words}");
    let words = station
        .ana(&[&["ship", &order, "--service", cheapest], &BOX[..]].concat())
        .failure(3);
    assert!(words.contains("switched off for store harbor by Sue"), "{words}");
    assert!(station.amazon.ledger().live(&order).is_empty());
    let rates = station.ana(&[&["rates", &order], &BOX[..]].concat()).json();
    assert_ne!(rates["picked"], cheapest);

    // The dearest that passes is assigned: it is picked and bought, and the order says by whom.
    station
        .ana(&[
            "orders", "assign", &order, "--method", dear, "--reason", "contract",
        ])
        .json();
    let shown = station.ana(&["orders", "show", &order]).json();
    assert!(
        shown["method"]
            .as_str()
            .expect("words")
            .ends_with("assigned by Ana (contract)"),
        "{shown}"
    );
    let shipped = station.ana(&[&["ship", &order], &BOX[..]].concat()).json();
    assert_eq!(shipped["label"]["state"], "printed", "{shipped}");
    let sold = station.amazon.ledger();
    let sold = sold.live(&order);
    assert_eq!(sold.len(), 1);
    let words = station
        .ana(&["orders", "assign", &order, "--method", "cheapest"])
        .failure(3);
    assert!(words.contains("no method is assigned any more"), "{words}");
}

#[test]
fn nonsense_is_no_method_and_prime_goes_elsewhere_by_who_may_alone() {
    let station = Station::ready();
    station.run(&["users", "add", "Sue", "--supervisor"]).json_free();
    let order = order_of(&station, Some("PRIME"), &[("MUG-BLUE", 1), ("SOAP-LAV", 2)]);
    let said = station.ana(&["orders", "assign", &order, "--method", "by air:UPS"]);
    assert_eq!(said.status, 2, "{}", said.errors);
    let elsewhere = [
        "orders",
        "assign",
        &order,
        "--method",
        "elsewhere:UPS",
        "--reason",
        "strike",
    ];
    let words = station.ana(&elsewhere).failure(3);
    assert!(
        words.contains("Ana may not break Amazon's rules for a Prime order: ask Sue"),
        "{words}"
    );
    station
        .run(&[&elsewhere[..], &["--user", "Sue", "--json"]].concat())
        .json();
    let (status, lines) = station.pack(&order, &[MUG, SOAP, SOAP], &[]);
    assert_eq!(status, 0, "{lines:?}");
    let words = station.ana(&[&["ship", &order], &BOX[..]].concat()).failure(3);
    assert!(words.contains("assigned to a label from elsewhere"), "{words}");
    assert!(station.amazon.ledger().live(&order).is_empty());
}

#[test]
fn rates_are_not_shopped_ahead_where_the_carrier_account_does_not_want_it() {
    let station = Station::ready();
    let words = station.ana(&["orders", "shop", "--store", "harbor"]).failure(3);
    assert!(words.contains("rate_shopping = true"), "{words}");
    let words = station.ana(&["orders", "shop", "--store", "nowhere"]).failure(2);
    assert!(words.contains("no store"), "{words}");
}

//! Labels and orders from elsewhere, by scripts.

use super::{MUG, SOAP, Said, Station, order_of};
use serde_json::Value;
use std::fmt::Write as _;

const UPS: &str = "1Z5R89390357567127";
const HEADER: &str = "number,name,line1,city,state,postal_code,country,ship_by,sku,title,quantity,unit_price";

impl Station {
    /// A packed order of a mug and two soaps.
    fn packed(&self) -> String {
        let order = order_of(self, Some("PRIME"), &[("MUG-BLUE", 1), ("SOAP-LAV", 2)]);
        let (status, lines) = self.pack(&order, &[MUG, SOAP, SOAP], &[]);
        assert_eq!(status, 0, "{lines:?}");
        order
    }

    fn record(&self, order: &str, carrier: &str, tracking: &str, more: &[&str]) -> Said {
        let mut arguments = vec![
            "outside",
            order,
            "--carrier",
            carrier,
            "--method",
            "Ground",
            "--tracking",
            tracking,
        ];
        arguments.extend(["--cost", "12.34"]);
        arguments.extend(more);
        self.ana(&arguments)
    }

    /// Adds a store whose orders are not Amazon's; `account`: it may buy from Amazon Shipping.
    fn with_web(self, account: bool) -> Self {
        let path = self.path("config.toml");
        let mut config = std::fs::read_to_string(&path).expect("there");
        config.push_str("[[stores]]\nid = \"web\"\nkind = \"elsewhere\"\n");
        if account {
            let base = self.amazon.base_url();
            let market = tapegun::simulator::demo::MARKETPLACE;
            writeln!(
                config,
                "region = \"na\"\nmarketplace = \"{market}\"\namazon = \"{base}\"\nlogin = \"{base}\""
            )
            .expect("text");
            let path = self.path("credentials.toml");
            let known = std::fs::read_to_string(&path).expect("there");
            let own = known
                .split("[meadow]")
                .next()
                .expect("the first")
                .replace("[harbor]", "[web]");
            std::fs::write(&path, format!("{known}{own}")).expect("written");
        }
        config.push_str(
            "[stores.ship_from]\nname = \"Harbor Home\"\nline1 = \"400 Wharf Street\"\ncity = \"Columbus\"\nstate = \
             \"OH\"\npostal_code = \"43215\"\ncountry = \"US\"\nphone = \"614-555-0100\"\nzone = \
             \"America/New_York\"\n",
        );
        std::fs::write(&path, config).expect("written");
        self
    }

    fn import(&self, rows: &str) -> Said {
        let path = self.path("orders.csv");
        std::fs::write(&path, format!("{HEADER}\n{rows}")).expect("written");
        self.run(&[
            "orders",
            "import",
            path.to_str().expect("a path"),
            "--store",
            "web",
            "--json",
        ])
    }
}

#[test]
fn a_label_from_elsewhere_is_recorded_told_and_taken_back() {
    let station = Station::ready();
    let order = station.packed();
    let order = order.as_str();
    let refused = station
        .record(order, "UPS", "1Z5R89390357567128", &["--reason", "no rates"])
        .failure(3);
    assert!(
        refused.contains("does not look like a UPS number: check digit"),
        "{refused}"
    );
    let reasoned = ["--reason", "no rates"];
    let refused = station.record(order, "UPS", UPS, &reasoned).failure(3);
    assert!(
        refused.contains("Ana may not break Amazon's rules for a Prime order"),
        "{refused}"
    );
    station.run(&["users", "allow", "Ana", "break-prime"]).json_free();
    let refused = station.record(order, "UPS", UPS, &[]).failure(3);
    assert!(
        refused.contains("PRIME") && refused.contains("--reason"),
        "{refused}"
    );
    let refused = station
        .record(order, "DHL", "JD0146000036", &["--reason", "no rates"])
        .failure(3);
    assert!(refused.contains("--again JD0146000036"), "{refused}");
    assert!(station.amazon.ledger().confirmations.is_empty());

    let said = station
        .record(order, "ups", UPS, &["--reason", "Amazon offers nothing"])
        .json();
    assert_eq!(said["label"]["via"], "outside");
    assert_eq!(said["confirmation"]["state"], "confirmed");
    assert!(
        said["notes"][0].as_str().is_some_and(|note| note.contains("SLA")),
        "{said}"
    );
    let told = station.amazon.ledger().confirmations;
    assert_eq!((told.len(), told[0].tracking.as_str()), (1, UPS));
    assert_eq!(station.status(order), "Shipped");
    let shown = station.run(&["orders", "show", order]);
    assert!(
        shown
            .out
            .contains("bought elsewhere, tracking 1Z5R89390357567127"),
        "{}",
        shown.out
    );
    assert!(
        shown.out.contains("Amazon knows it as package 1"),
        "{}",
        shown.out
    );
    // No second label, from wherever; nothing to print; nothing to tell again.
    station.ana(&["ship", order]).failure(3);
    station.ana(&["label", order, "--print"]).failure(3);
    station.ana(&["outside", order, "--tell-again"]).failure(3);

    let void = station
        .ana(&["void", order, "--reason", "wrong carrier", "--label-destroyed"])
        .json();
    assert_eq!(void["label"]["state"], "voided");
    assert_eq!(station.status(order), "Ready to Pick");
    assert!(station.amazon.ledger().shipments.is_empty());
}

#[test]
fn orders_from_a_file_are_taken_in_whole_or_not_at_all() {
    let station = Station::ready().with_web(false);
    let good = "W-1,Ada Canary,7 Quillfeather Row,Columbus,OH,43004,US,2026-11-20,MUG-BLUE,,1,12.99\n\
                W-1,,,,,,,,SOAP-LAV,,2,8\n";
    let bad = "W-2,Bo Canary,9 Quillfeather Row,Columbus,OH,43004,USA,2026-11-20,MUG-BLUE,,1,12.99\n";
    let refused = station.import(&format!("{good}{bad}")).failure(3);
    assert!(
        refused.contains("line 4, column country: write the ISO code US"),
        "{refused}"
    );
    assert!(
        !refused.contains("Canary") && !refused.contains("Quillfeather"),
        "{refused}"
    );
    assert_ne!(
        station.run(&["orders", "show", "W-1", "--json"]).status,
        0,
        "nothing half-imported"
    );

    let taken = station.import(good).json();
    assert_eq!(
        (&taken["new"], &taken["changed"]),
        (&Value::from(1), &Value::from(0))
    );
    let again = station.import(good).json();
    assert_eq!(
        (&again["new"], &again["changed"], &again["unchanged"]),
        (&0.into(), &0.into(), &1.into())
    );
    let shown = station.run(&["orders", "show", "W-1", "--json"]).json();
    assert_eq!(
        (&shown["status"], &shown["store"]),
        (&"Ready to Pick".into(), &"web".into())
    );
    assert!(!shown.to_string().contains("Quillfeather"), "{shown}");
    let revealed = station.ana(&["orders", "show", "W-1", "--reveal"]).json();
    assert_eq!(
        revealed["customer"]["recipient"]["lines"][0],
        "7 Quillfeather Row"
    );
    let wrong = station
        .run(&["orders", "import", "orders.csv", "--store", "harbor", "--json"])
        .failure(2);
    assert!(wrong.contains("come by themselves"), "{wrong}");
}

#[test]
fn without_an_account_only_labels_from_elsewhere_are_recorded_and_nobody_is_told() {
    let station = Station::ready().with_web(false);
    station
        .run(&[
            "orders",
            "add",
            "W-9",
            "--store",
            "web",
            "--name",
            "Ada",
            "--line1",
            "7 Row",
            "--city",
            "Columbus",
            "--state",
            "OH",
            "--postal-code",
            "43004",
            "--country",
            "US",
            "--item",
            "MUG-BLUE,1,12.99",
        ])
        .json_free();
    let (status, lines) = station.pack("W-9", &[MUG], &[]);
    assert_eq!(status, 0, "{lines:?}");
    let refused = station
        .ana(&["rates", "W-9", "--weight", "2 lb", "--size", "10x8x6 in"])
        .failure(3);
    assert!(refused.contains("record its label here"), "{refused}");
    let said = station.record("W-9", "UPS", UPS, &[]).json();
    assert!(
        said["confirmation"].is_null() && said["notes"] == serde_json::json!([]),
        "{said}"
    );
    assert_eq!(station.status("W-9"), "Shipped");
    assert!(station.amazon.ledger().confirmations.is_empty());
}

#[test]
fn amazon_shipping_sells_labels_for_orders_from_a_file() {
    let station = Station::ready().with_web(true);
    station
        .import("W-1,Ada Canary,7 Quillfeather Row,Columbus,OH,43004,US,2026-11-20,MUG-BLUE,,1,12.99\n")
        .json();
    let (status, lines) = station.pack("W-1", &[MUG], &[]);
    assert_eq!(status, 0, "{lines:?}");
    let shipped = station
        .ana(&["ship", "W-1", "--weight", "2 lb", "--size", "10x8x6 in"])
        .json();
    assert!(
        shipped["label"]["tracking"]
            .as_str()
            .is_some_and(|number| number.starts_with("TBA")),
        "{shipped}"
    );
    let sold = station.amazon.ledger().shipments;
    assert_eq!((sold.len(), sold[0].channel.as_str()), (1, "EXTERNAL"));
    assert!(station.amazon.ledger().confirmations.is_empty());
}

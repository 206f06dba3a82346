//! Units: what is scanned, and what is refused. The codes of units are in `tests/codes.rs`.

mod codes;
mod properties;
mod undo;

use super::{Expectation, PackEvent, PackingSession, Refusal, UnitRef, Verdict};
use crate::domain::money::{Currency, Money};
use crate::domain::order::OrderLine;
use crate::domain::product::{Barcode, Component, Product, ProductKind};
use crate::domain::rows::CodeMeaning;
use crate::domain::scan::{Command, Scan, classify};
use crate::domain::transparency::UnitCode;

pub(in crate::domain) fn line(id: &str, sku: &str, quantity: u32) -> OrderLine {
    OrderLine {
        id: id.into(),
        sku: sku.into(),
        asin: String::new(),
        title: format!("The {sku}"),
        quantity,
        unit_price: None,
        transparency: false,
        serial_required: false,
        gift: false,
        cancel_requested: false,
    }
}

pub(in crate::domain) fn coded_line(id: &str, sku: &str, quantity: u32) -> OrderLine {
    OrderLine {
        transparency: true,
        ..line(id, sku, quantity)
    }
}

pub(in crate::domain) fn product(sku: &str, barcodes: &[(&str, u32)]) -> Product {
    Product {
        sku: sku.into(),
        title: format!("The {sku}"),
        kind: ProductKind::Standard,
        barcodes: barcodes
            .iter()
            .map(|(code, quantity)| Barcode {
                code: (*code).to_owned(),
                quantity: *quantity,
            })
            .collect(),
        components: Vec::new(),
        weight: None,
        dimensions: None,
        price: None,
        transparency: false,
    }
}

pub(in crate::domain) fn bundle(kind: ProductKind, product: Product, children: &[(&str, u32)]) -> Product {
    Product {
        kind,
        components: children
            .iter()
            .map(|(sku, quantity)| Component {
                sku: (*sku).into(),
                quantity: *quantity,
            })
            .collect(),
        ..product
    }
}

fn priced(product: Product, minor: i64, currency: &str) -> Product {
    let currency = Currency::parse(currency).expect("three letters");
    Product {
        price: Some(Money::new(minor, currency)),
        ..product
    }
}

pub(in crate::domain) fn az(number: u32) -> String {
    format!("AZ:{number:026}")
}

/// Scans, and applies what is accepted; the refusal otherwise.
fn scan(session: &mut PackingSession, raw: &str) -> Result<PackEvent, Refusal> {
    match session.scan(&classify(raw).expect("a scan")) {
        Verdict::Accepted(event) => {
            session.apply(&event);
            Ok(event)
        }
        Verdict::Refused(refusal) => Err(refusal),
        Verdict::Elsewhere(scan) => panic!("not for the session: {scan:?}"),
    }
}

pub(in crate::domain) fn unit(line: &str, unit: u32, part: u32) -> UnitRef {
    UnitRef {
        line: line.into(),
        unit,
        part,
    }
}

pub(in crate::domain) const LAMP: &str = "036000291452";
pub(in crate::domain) const BULB: &str = "4006381333931";
pub(in crate::domain) const CASE: &str = "10376204200308";

#[test]
fn every_unit_is_scanned_and_none_too_many() {
    let mut session = PackingSession::new(&[line("1", "LAMP", 2)], &[product("LAMP", &[(LAMP, 1)])]);
    assert_eq!(
        session.complete(),
        Err(vec!["2 of 2 × The LAMP not scanned".to_owned()])
    );
    scan(&mut session, LAMP).expect("first");
    assert!(matches!(session.expects(), Expectation::Unit { unit: next, .. } if next == unit("1", 1, 0)));
    assert!(session.complete().is_err());
    // The scanner adds the zero of an EAN-13 and an AIM prefix.
    scan(&mut session, "]E00036000291452").expect("second");
    assert_eq!(session.expects(), Expectation::Done);
    assert_eq!(session.complete(), Ok(()));
    assert_eq!(
        scan(&mut session, LAMP),
        Err(Refusal::Surplus {
            item: "The LAMP".to_owned(),
            wanted: 2
        })
    );
    let items = session.items();
    assert_eq!(
        (items[0].line.as_str(), items[0].quantity, items[0].serials.len()),
        ("1", 2, 0)
    );
}

#[test]
fn two_lines_of_one_product_fill_one_after_the_other() {
    let lines = [line("1", "LAMP", 1), line("2", "LAMP", 1)];
    let mut session = PackingSession::new(&lines, &[product("LAMP", &[(LAMP, 1)])]);
    for number in ["1", "2"] {
        let event = scan(&mut session, LAMP).expect("open");
        assert_eq!(
            event,
            PackEvent::Verified {
                units: vec![unit(number, 0, 0)],
                sku: "LAMP".into()
            }
        );
    }
    assert!(scan(&mut session, LAMP).is_err());
}

#[test]
fn wrong_and_unknown_items_are_told_apart() {
    let products = [product("LAMP", &[(LAMP, 1)]), product("OTHER", &[(BULB, 1)])];
    let session = PackingSession::new(&[line("1", "LAMP", 1)], &products);
    let refused = |scan: &Scan, catalogue: &[CodeMeaning]| match session.scan_known(scan, catalogue) {
        Verdict::Refused(refusal) => refusal.to_string(),
        other => panic!("{other:?}"),
    };
    let other = Scan::Code(BULB.to_owned());
    assert_eq!(
        refused(&other, &[]),
        "wrong item: The OTHER is not in this order; put it back"
    );
    let unknown = Scan::Code("NEVER-SEEN".to_owned());
    assert!(refused(&unknown, &[]).starts_with("unknown code NEVER-SEEN"));
    let catalogue = [CodeMeaning {
        sku: "CHAIR".into(),
        quantity: 1,
    }];
    assert_eq!(
        refused(&unknown, &catalogue),
        "wrong item: CHAIR is not in this order; put it back"
    );
}

#[test]
fn a_code_of_two_products_of_the_order_is_ambiguous_even_when_one_is_packed() {
    let products = [
        product("LAMP", &[(LAMP, 1), ("L-1", 1)]),
        product("BULB", &[(LAMP, 1), ("B-1", 1)]),
    ];
    let mut session = PackingSession::new(&[line("1", "LAMP", 1), line("2", "BULB", 1)], &products);
    assert!(matches!(scan(&mut session, LAMP), Err(Refusal::Ambiguous { .. })));
    scan(&mut session, "l-1").expect("its own code, in any case");
    assert!(matches!(scan(&mut session, LAMP), Err(Refusal::Ambiguous { .. })));
    scan(&mut session, "B-1").expect("its own code");
    assert_eq!(session.complete(), Ok(()));
    // Only one of the two is in the order: no doubt.
    let mut session = PackingSession::new(&[line("1", "LAMP", 1)], &products);
    scan(&mut session, LAMP).expect("the lamp");
    // One product, two quantities.
    let twice = [product("LAMP", &[(LAMP, 1), (LAMP, 6)])];
    let mut session = PackingSession::new(&[line("1", "LAMP", 9)], &twice);
    assert!(matches!(scan(&mut session, LAMP), Err(Refusal::Ambiguous { .. })));
}

#[test]
fn a_case_counts_its_units_and_never_overshoots() {
    let products = [product("LAMP", &[(LAMP, 1), (CASE, 12)])];
    let mut session = PackingSession::new(&[line("1", "LAMP", 10), line("2", "LAMP", 4)], &products);
    let event = scan(&mut session, CASE).expect("twelve of fourteen");
    let PackEvent::Verified { units, .. } = event else {
        panic!("verified")
    };
    assert_eq!(units.len(), 12);
    assert_eq!(units[11], unit("2", 1, 0));
    assert_eq!(
        scan(&mut session, CASE),
        Err(Refusal::Overshoot {
            item: "The LAMP".to_owned(),
            quantity: 12,
            remaining: 2
        })
    );
    scan(&mut session, LAMP).expect("thirteen");
    scan(&mut session, LAMP).expect("fourteen");
    assert!(matches!(
        scan(&mut session, CASE),
        Err(Refusal::Surplus { wanted: 14, .. })
    ));
}

#[test]
fn senseless_quantities_neither_count_nor_hang() {
    let products = [product(
        "LAMP",
        &[("ZERO", 0), ("HUGE", 10_001), ("LARGE", 10_000), (LAMP, 1)],
    )];
    let mut session = PackingSession::new(&[line("1", "LAMP", u32::MAX)], &products);
    assert!(matches!(scan(&mut session, "ZERO"), Err(Refusal::Unknown { .. })));
    assert!(matches!(
        scan(&mut session, "HUGE"),
        Err(Refusal::CaseTooLarge { .. })
    ));
    let large = scan(&mut session, "LARGE").expect("as many as a case may count");
    assert!(matches!(large, PackEvent::Verified { units, .. } if units.len() == 10_000));
    scan(&mut session, LAMP).expect("one of many");
    assert!(session.complete().is_err());
    assert_eq!(session.progress()[0].parts[0].wanted, u64::from(u32::MAX));
}

#[test]
fn a_kit_is_scanned_as_one() {
    let kit = bundle(
        ProductKind::Kit,
        product("KIT", &[("KIT-1", 1)]),
        &[("LAMP", 1), ("BULB", 2)],
    );
    let products = [kit, product("LAMP", &[(LAMP, 1)]), product("BULB", &[(BULB, 1)])];
    let mut session = PackingSession::new(&[line("1", "KIT", 1)], &products);
    assert_eq!(
        scan(&mut session, LAMP),
        Err(Refusal::PartOfKit {
            item: "The LAMP".to_owned()
        })
    );
    scan(&mut session, "KIT-1").expect("the kit");
    assert_eq!(session.complete(), Ok(()));
}

#[test]
fn a_refusal_names_the_kit_or_the_group_only_where_it_is_one() {
    let kit = bundle(ProductKind::Kit, product("KIT", &[("KIT-1", 1)]), &[("LAMP", 1)]);
    let set = bundle(
        ProductKind::Group,
        product("SET", &[("SET-1", 1)]),
        &[("BULB", 1)],
    );
    let products = [
        kit,
        set,
        product("LAMP", &[(LAMP, 1)]),
        product("BULB", &[(BULB, 1)]),
        product("PAN", &[("PAN-1", 1)]),
    ];
    let lines = [line("1", "KIT", 1), line("2", "SET", 1)];
    let mut session = PackingSession::new(&lines, &products);
    let item = |sku: &str| format!("The {sku}");
    for (code, refusal) in [
        (LAMP, Refusal::PartOfKit { item: item("LAMP") }),
        ("SET-1", Refusal::GroupItself { item: item("SET") }),
        ("PAN-1", Refusal::WrongProduct { item: item("PAN") }),
    ] {
        assert_eq!(scan(&mut session, code), Err(refusal), "{code}");
    }
}

#[test]
fn a_groups_children_are_scanned_one_by_one() {
    let group = bundle(
        ProductKind::Group,
        product("SET", &[("SET-1", 1)]),
        &[("LAMP", 1), ("BULB", 2), ("NONE", 0)],
    );
    let products = [
        group,
        product("LAMP", &[(LAMP, 1)]),
        product("BULB", &[(BULB, 1)]),
    ];
    let mut session = PackingSession::new(&[line("1", "SET", 2)], &products);
    assert_eq!(
        scan(&mut session, "SET-1"),
        Err(Refusal::GroupItself {
            item: "The SET".to_owned()
        })
    );
    for expected in [unit("1", 0, 1), unit("1", 0, 2), unit("1", 1, 1)] {
        let event = scan(&mut session, BULB).expect("a bulb");
        assert_eq!(
            event,
            PackEvent::Verified {
                units: vec![expected],
                sku: "BULB".into()
            }
        );
    }
    assert_eq!(session.items(), []);
    scan(&mut session, LAMP).expect("a lamp");
    let progress = &session.progress()[0];
    assert_eq!((progress.verified, progress.wanted), (1, 2));
    assert_eq!((progress.parts[1].verified, progress.parts[1].wanted), (3, 4));
    assert_eq!(session.items()[0].quantity, 1);
    assert_eq!(
        session.complete(),
        Err(vec![
            "1 of 2 × The LAMP not scanned".to_owned(),
            "1 of 4 × The BULB not scanned".to_owned()
        ])
    );
    scan(&mut session, LAMP).expect("a lamp");
    scan(&mut session, BULB).expect("a bulb");
    assert_eq!(session.complete(), Ok(()));
}

#[test]
fn a_child_shared_by_two_groups_counts_for_both() {
    let groups = ["A", "B"].map(|sku| bundle(ProductKind::Group, product(sku, &[]), &[("BULB", 1)]));
    let mut products = groups.to_vec();
    products.push(product("BULB", &[(BULB, 1)]));
    let lines = [line("1", "A", 1), line("2", "B", 1), line("3", "BULB", 1)];
    let mut session = PackingSession::new(&lines, &products);
    for _ in 0..3 {
        scan(&mut session, BULB).expect("three in all");
    }
    assert_eq!(session.complete(), Ok(()));
    assert!(matches!(
        scan(&mut session, BULB),
        Err(Refusal::Surplus { wanted: 3, .. })
    ));
}

#[test]
fn what_nobody_asked_for_is_said_in_words() {
    let mut session = PackingSession::new(&[line("1", "LAMP", 1)], &[product("LAMP", &[(LAMP, 1)])]);
    assert!(session.ships_in_bulk());
    assert_eq!(scan(&mut session, &az(1)), Err(Refusal::CodeNotNeeded));
    let command = session.scan(&Scan::Command(Command::Finish));
    assert_eq!(command, Verdict::Elsewhere(Scan::Command(Command::Finish)));
}

#[test]
fn a_sellers_barcode_that_looks_like_a_tracking_number_is_a_barcode() {
    let fedex = "986578788855";
    let mut session = PackingSession::new(&[line("1", "LAMP", 1)], &[product("LAMP", &[(fedex, 1)])]);
    scan(&mut session, fedex).expect("its barcode");
    let other = PackingSession::new(&[line("1", "LAMP", 1)], &[product("LAMP", &[(LAMP, 1)])]);
    assert!(matches!(
        other.scan(&classify(fedex).expect("a scan")),
        Verdict::Elsewhere(Scan::Tracking(_))
    ));
}

#[test]
fn an_order_without_units_or_products_is_never_complete() {
    assert!(PackingSession::new(&[], &[]).complete().is_err());
    assert!(
        PackingSession::new(&[line("1", "LAMP", 0)], &[])
            .complete()
            .is_err()
    );
    let mut unmapped = PackingSession::new(&[line("1", "LAMP", 1)], &[]);
    assert!(matches!(
        scan(&mut unmapped, "LAMP"),
        Err(Refusal::Unknown { .. })
    ));
    assert!(unmapped.complete().is_err());
}

#[test]
fn events_of_another_order_change_nothing() {
    let session = PackingSession::new(&[coded_line("1", "LAMP", 1)], &[product("LAMP", &[(LAMP, 1)])]);
    let code = UnitCode::Code(az(1));
    let strangers = [
        PackEvent::Verified {
            units: vec![unit("2", 0, 0), unit("1", 1, 0), unit("1", 0, 1)],
            sku: "LAMP".into(),
        },
        PackEvent::Verified {
            units: vec![unit("1", 0, 0)],
            sku: "BULB".into(),
        },
        PackEvent::Coded {
            unit: unit("2", 0, 0),
            code: code.clone(),
        },
        PackEvent::Coded {
            unit: unit("1", 1, 0),
            code,
        },
    ];
    for event in &strangers {
        let mut changed = session.clone();
        changed.apply(event);
        assert_eq!(changed, session, "{event:?}");
    }
}

#[test]
fn a_code_that_stands_for_another_unit_is_not_taken_twice() {
    let mut session = PackingSession::new(&[coded_line("1", "LAMP", 2)], &[product("LAMP", &[(LAMP, 1)])]);
    let coded = |number| PackEvent::Coded {
        unit: unit("1", number, 0),
        code: UnitCode::Code(az(1)),
    };
    session.apply(&coded(0));
    let before = session.clone();
    session.apply(&coded(1));
    assert_eq!(session, before);
    // The same record again is harmless.
    session.apply(&coded(0));
    assert_eq!(session, before);
}

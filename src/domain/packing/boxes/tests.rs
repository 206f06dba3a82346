//! Boxes: what lies in which, what Amazon is told of each, and which one rules.

use super::*;
use crate::domain::order::OrderLine;
use crate::domain::packing::tests::{bundle, coded_line, line, product, unit};
use crate::domain::packing::{PackEvent, UnitRef};
use crate::domain::product::Product;
use crate::domain::refund::tests::label;
use crate::domain::rows::tests::{detail, parcel, record};
use crate::domain::shipment::LabelState;
use crate::domain::transparency::UnitCode;
use chrono::{DateTime, TimeDelta};

fn verified(sku: &str, units: &[UnitRef]) -> PackEvent {
    PackEvent::Verified {
        units: units.to_vec(),
        sku: sku.into(),
    }
}

fn coded(unit: UnitRef, code: &str) -> PackEvent {
    PackEvent::Coded {
        unit,
        code: UnitCode::Serial(code.to_owned()),
    }
}

fn weighing(sku: &str, weight: &str) -> Product {
    Product {
        weight: Weight::parse(weight).ok(),
        ..product(sku, &[])
    }
}

/// An order in so many boxes with these scans, each with its box.
fn packed(lines: &[OrderLine], products: &[Product], boxes: u32, scans: &[(i64, PackEvent)]) -> OrderDetail {
    let mut detail = detail(lines, products);
    detail.boxes = (1..=boxes).map(parcel).collect();
    detail.scans = (1..)
        .zip(scans)
        .map(|(number, (parcel, event))| record(number, *parcel, event.clone()))
        .collect();
    detail
}

fn labelled(parcel: i64, state: LabelState) -> LabelRow {
    LabelRow {
        box_id: BoxId(parcel),
        ..label(state)
    }
}

/// Line 1: three lamps with codes, the first two in box 1, the third in box 2. Line 2: a set of a pan and two
/// spoons, the pan in box 1, the spoons in box 2. Line 3: a pan of its own, in box 2.
fn in_two_boxes() -> OrderDetail {
    let lines = [
        coded_line("1", "LAMP", 3),
        line("2", "SET", 1),
        line("3", "PAN", 1),
    ];
    let products = [
        weighing("LAMP", "2 oz"),
        bundle(
            ProductKind::Group,
            product("SET", &[]),
            &[("PAN", 1), ("SPOON", 2)],
        ),
        weighing("PAN", "20 oz"),
        weighing("SPOON", "3 oz"),
    ];
    packed(
        &lines,
        &products,
        3,
        &[
            (1, verified("LAMP", &[unit("1", 0, 0), unit("1", 1, 0)])),
            (1, coded(unit("1", 0, 0), "SN0000001")),
            (1, coded(unit("1", 1, 0), "SN0000002")),
            (1, verified("PAN", &[unit("2", 0, 0)])),
            (2, verified("LAMP", &[unit("1", 2, 0)])),
            (2, coded(unit("1", 2, 0), "SN0000003")),
            (2, verified("SPOON", &[unit("2", 0, 1), unit("2", 0, 2)])),
            (2, verified("PAN", &[unit("3", 0, 0)])),
        ],
    )
}

#[test]
fn each_box_holds_what_was_scanned_into_it_and_the_order_all_of_it() {
    let detail = in_two_boxes();
    assert_eq!(PackingSession::of(&detail).complete(), Ok(()));
    let pieces = |id| PackingSession::of_box(&detail, BoxId(id)).pieces();
    assert_eq!(pieces(1), [("LAMP".into(), 2), ("PAN".into(), 1)]);
    // The set's spoons, and the pan of its own line; no product twice.
    assert_eq!(
        pieces(2),
        [("LAMP".into(), 1), ("SPOON".into(), 2), ("PAN".into(), 1)]
    );
    assert_eq!(pieces(3), []);
    assert_eq!(
        PackingSession::of(&detail).pieces(),
        [("LAMP".into(), 3), ("PAN".into(), 2), ("SPOON".into(), 2)]
    );
    let empty = |id| PackingSession::of_box(&detail, BoxId(id)).is_empty();
    assert_eq!([empty(1), empty(2), empty(3)], [false, false, true]);
}

#[test]
fn amazon_is_told_of_a_box_what_lies_in_it_with_the_codes_that_were_scanned_into_it() {
    let detail = in_two_boxes();
    let told = |id| -> Vec<(String, u32, Vec<String>)> {
        let items = PackingSession::of_box(&detail, BoxId(id)).parcel_items();
        let each = items.into_iter();
        each.map(|item| (item.line.to_string(), item.quantity, item.serials))
            .collect()
    };
    let serials = |numbers: &[u32]| numbers.iter().map(|number| format!("SN{number:07}")).collect();
    assert_eq!(
        told(1),
        [
            ("1".to_owned(), 2, serials(&[1, 2])),
            ("2".to_owned(), 1, Vec::new()),
        ]
    );
    // The set lies in both boxes and is named in both: Amazon knows no spoons.
    assert_eq!(
        told(2),
        [
            ("1".to_owned(), 1, serials(&[3])),
            ("2".to_owned(), 1, Vec::new()),
            ("3".to_owned(), 1, Vec::new()),
        ]
    );
    assert_eq!(told(3), []);
}

#[test]
fn a_code_whose_unit_was_taken_out_is_not_told() {
    let undone = PackEvent::Undone {
        scan: crate::domain::ids::ScanId(uuid::Uuid::from_u128(1)),
        units: vec![unit("1", 0, 0)],
        code: None,
    };
    let detail = packed(
        &[coded_line("1", "LAMP", 2)],
        &[product("LAMP", &[])],
        1,
        &[
            (1, verified("LAMP", &[unit("1", 0, 0), unit("1", 1, 0)])),
            (1, coded(unit("1", 0, 0), "SN0000001")),
            (1, coded(unit("1", 1, 0), "SN0000002")),
            (1, undone),
        ],
    );
    let session = PackingSession::of(&detail);
    for items in [session.parcel_items(), session.items()] {
        assert_eq!(
            (items[0].quantity, items[0].serials.clone()),
            (1, vec!["SN0000002".to_owned()])
        );
    }
}

#[test]
fn a_box_is_frozen_by_a_label_that_lives() {
    let mut detail = in_two_boxes();
    for state in LabelState::ALL {
        detail.labels = vec![labelled(1, state)];
        let views = boxes(&detail);
        assert_eq!(views[0].is_frozen(), state.is_live(), "{state}");
        assert!(!views[1].is_frozen(), "another box, {state}");
        let free: Vec<u32> = free_boxes(&detail).map(|row| row.number).collect();
        assert_eq!(free.contains(&1), !state.is_live(), "{state}");
        assert!(free.contains(&2) && free.contains(&3), "{state}");
    }
    let views = boxes(&detail);
    let empty: Vec<(u32, bool)> = views
        .iter()
        .map(|view| (view.row.number, view.is_empty()))
        .collect();
    assert_eq!(empty, [(1, false), (2, false), (3, true)]);
}

#[test]
fn of_a_boxs_labels_the_one_that_lives_counts_else_the_newest() {
    let mut detail = in_two_boxes();
    let counts = |detail: &OrderDetail| boxes(detail)[0].label.map(|label| label.state);
    assert_eq!(counts(&detail), None);
    // Newest first, and a box's void that was asked for late may stand before the label that lives.
    detail.labels = vec![
        labelled(2, LabelState::Asked),
        labelled(1, LabelState::Refused),
        labelled(1, LabelState::Printed),
        labelled(1, LabelState::Voided),
    ];
    assert_eq!(counts(&detail), Some(LabelState::Printed));
    detail.labels.remove(2);
    assert_eq!(counts(&detail), Some(LabelState::Refused));
}

#[test]
fn the_box_to_label_next_is_the_first_one_with_something_in_it_and_no_label() {
    let mut detail = in_two_boxes();
    detail.boxes.rotate_right(1);
    let next = |detail: &OrderDetail| unlabelled(detail).map(|row| row.number);
    assert_eq!(next(&detail), Some(1), "box 3 stands first and is empty");
    detail.labels = vec![labelled(1, LabelState::Bought)];
    assert_eq!(next(&detail), Some(2));
    detail.labels.push(labelled(2, LabelState::Wanted));
    assert_eq!(next(&detail), None);
    detail.labels[0].state = LabelState::Voided;
    assert_eq!(next(&detail), Some(1));
    // What was put in and taken out again is nothing.
    let mut emptied = packed(
        &[line("1", "LAMP", 1)],
        &[product("LAMP", &[])],
        1,
        &[(1, verified("LAMP", &[unit("1", 0, 0)]))],
    );
    assert_eq!(next(&emptied), Some(1));
    let undone = PackEvent::undoing(&emptied.scans[0]).expect("it can be taken back");
    emptied.scans.push(record(2, 1, undone));
    assert_eq!(next(&emptied), None);
}

#[test]
fn the_slowest_of_several_labels_is_the_orders_promise() {
    let mut detail = in_two_boxes();
    let day = |days| DateTime::UNIX_EPOCH + TimeDelta::days(days);
    let promised = |parcel, state, until: Option<i64>| LabelRow {
        promise: until.map(|until| Window {
            earliest: None,
            latest: Some(day(until)),
        }),
        ..labelled(parcel, state)
    };
    detail.labels = vec![promised(1, LabelState::Printed, Some(9))];
    assert_eq!(slowest(&detail), None, "one label says it itself");
    detail.labels.push(promised(2, LabelState::Voided, Some(12)));
    assert_eq!(slowest(&detail), None, "a label that is void promises nothing");
    detail.labels.push(promised(3, LabelState::Bought, Some(5)));
    let ruling = |detail: &OrderDetail| slowest(detail).map(|(number, window)| (number, window.latest));
    assert_eq!(ruling(&detail), Some((1, Some(day(9)))));
    detail.labels[2].promise = Some(Window {
        earliest: None,
        latest: Some(day(10)),
    });
    assert_eq!(ruling(&detail), Some((3, Some(day(10)))));
    detail.labels[2].promise = None;
    assert_eq!(
        ruling(&detail),
        Some((1, Some(day(9)))),
        "what is not promised cannot rule"
    );
}

#[test]
fn of_an_order_in_one_box_all_that_was_ordered_is_expected_to_weigh() {
    let weigh = |detail: &OrderDetail, id: Option<i64>| {
        expected_weight(detail, id.map(BoxId)).map(|weight| weight.to_string())
    };
    let lines = [line("1", "LAMP", 3), line("2", "SET", 2), line("3", "GONE", 0)];
    let mut products = vec![
        weighing("LAMP", "2 oz"),
        bundle(
            ProductKind::Group,
            product("SET", &[]),
            &[("PAN", 1), ("SPOON", 2)],
        ),
        weighing("PAN", "1 lb"),
        weighing("SPOON", "3 oz"),
    ];
    let whole = packed(&lines, &products, 1, &[]);
    // 3 × 2 + 2 × (16 + 2 × 3): of what is ordered, before anything is scanned.
    assert_eq!(weigh(&whole, None).as_deref(), Some("50 oz"));
    assert_eq!(weigh(&whole, Some(1)).as_deref(), Some("50 oz"));
    let begun = packed(&lines, &products, 1, &[(1, verified("LAMP", &[unit("1", 0, 0)]))]);
    assert_eq!(weigh(&begun, Some(1)).as_deref(), Some("50 oz"));
    // A set that is weighed as one is not weighed by its children.
    products[1].weight = Weight::parse("20 oz").ok();
    assert_eq!(
        weigh(&packed(&lines, &products, 1, &[]), None).as_deref(),
        Some("46 oz")
    );
    products[1].weight = None;
    products[3].weight = None;
    assert_eq!(
        weigh(&packed(&lines, &products, 1, &[]), None),
        None,
        "a child without"
    );
    // A kit is one thing: its children's weights say nothing of it.
    let kit = [
        bundle(ProductKind::Kit, product("SET", &[]), &[("LAMP", 1)]),
        weighing("LAMP", "2 oz"),
    ];
    assert_eq!(weigh(&packed(&lines[..2], &kit, 1, &[]), None), None);
    assert_eq!(
        weigh(&packed(&lines[..1], &[], 1, &[]), None),
        None,
        "no such product"
    );
    assert_eq!(weigh(&packed(&[], &[], 1, &[]), None), None, "nothing is ordered");
    products[0].weight = Weight::parse("1 oz").ok().map(|weight| Weight {
        thousandths: 0,
        ..weight
    });
    let nothing = packed(&lines[..1], &products, 1, &[]);
    assert_eq!(
        weigh(&nothing, None),
        None,
        "a catalogue that says nothing weighs nothing"
    );
}

#[test]
fn of_an_order_in_several_boxes_what_lies_in_the_box_is_expected_to_weigh() {
    let mut detail = in_two_boxes();
    let weigh = |detail: &OrderDetail, id: Option<i64>| {
        expected_weight(detail, id.map(BoxId)).map(|weight| weight.to_string())
    };
    assert_eq!(weigh(&detail, Some(1)).as_deref(), Some("24 oz"));
    assert_eq!(weigh(&detail, Some(2)).as_deref(), Some("28 oz"));
    assert_eq!(weigh(&detail, Some(3)), None, "nothing lies in it");
    assert_eq!(weigh(&detail, None), None, "of which box?");
    // The unit is that of the first thing in it, and what is left of a thousandth of it counts as one.
    detail.products[0].weight = Weight::parse("1 kg").ok();
    assert_eq!(weigh(&detail, Some(1)).as_deref(), Some("2.567 kg"));
    detail.products[0].weight = None;
    assert_eq!(weigh(&detail, Some(2)), None);
}

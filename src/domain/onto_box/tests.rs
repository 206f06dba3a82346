use super::*;
use crate::domain::ids::{IntentId, OrderId};
use crate::domain::rate::Confirmation;
use crate::domain::shipment::LabelState;
use uuid::Uuid;

const FIRST: &str = "1Z999AA10123456784";
const SECOND: &str = "9400111899223197428499";

fn label(number: u128, parcel: i64, tracking: &str) -> LabelRow {
    LabelRow {
        id: IntentId(Uuid::from_u128(number)),
        order: OrderId(1),
        box_id: BoxId(parcel),
        tracking: Some(TrackingNumber::from(tracking)),
        onto_box: OntoBox::Due,
        ..crate::domain::refund::tests::label(LabelState::Printed)
    }
}

fn parcel(number: u32) -> BoxRow {
    BoxRow {
        id: BoxId(i64::from(number)),
        number,
        weight: None,
        dimensions: None,
        confirmation: Confirmation::DeliveryConfirmation,
        turn: crate::domain::ids::Epoch(1),
        owner: None,
        flat_rate: false,
    }
}

fn scan(text: &str) -> TrackingNumber {
    TrackingNumber::from(text)
}

#[test]
fn only_the_boxs_own_label_is_right() {
    let labels = [label(1, 1, FIRST), label(2, 2, SECOND)];
    let boxes = [parcel(1), parcel(2)];
    let judged = |text: &str| judge(&labels[0], &labels, &boxes, &scan(text));
    assert_eq!(judged(FIRST), LabelScan::Right);
    assert_eq!(
        judged("1z999aa10123456784 "),
        LabelScan::Right,
        "as it may be typed"
    );
    let LabelScan::Wrong(words) = judged(SECOND) else {
        panic!("taken")
    };
    assert!(
        words.contains("belongs on box 2, not on box 1") && words.contains("swap"),
        "{words}"
    );
    assert_eq!(judged("1Z5R89390357567127"), LabelScan::Elsewhere);
    assert_eq!(judged(""), LabelScan::Elsewhere);
}

#[test]
fn the_old_label_of_a_voided_purchase_is_to_be_torn_up() {
    let new = label(2, 1, SECOND);
    let mut old = label(1, 1, FIRST);
    old.state = LabelState::RefundPending;
    let labels = [new.clone(), old];
    let LabelScan::Wrong(words) = judge(&new, &labels, &[parcel(1)], &scan(FIRST)) else {
        panic!("taken")
    };
    assert!(
        words.contains("tear it up") && words.contains("this box"),
        "{words}"
    );
}

#[test]
fn a_label_is_due_while_it_can_be_printed_and_belongs_on_a_box() {
    for state in LabelState::ALL {
        let mut one = label(1, 1, FIRST);
        one.state = state;
        assert_eq!(is_due(&one), state.can_print(), "{state}");
        one.held = true;
        assert!(!is_due(&one), "{state}");
        one.held = false;
        one.onto_box = OntoBox::NotAsked;
        assert!(!is_due(&one), "{state}");
        one.onto_box = OntoBox::Done {
            by: UserId(1),
            at: one.wanted_at,
        };
        assert!(!is_due(&one), "{state}");
    }
}

#[test]
fn what_is_asked_names_the_label_by_the_end_of_its_number() {
    let one = label(1, 1, FIRST);
    assert_eq!(
        asked(&one, &[parcel(1)]),
        "put the label (…6784) on this box and scan it"
    );
    let two = [parcel(1), parcel(2)];
    assert_eq!(asked(&one, &two), "put the label (…6784) on box 1 and scan it");
    let short = label(1, 1, "é7");
    assert!(asked(&short, &two).contains("(…é7)"));
}

#[test]
fn another_orders_label_is_named_by_its_order() {
    let other = label(1, 1, FIRST);
    let words = elsewhere(&scan(FIRST), Some(&other));
    assert!(
        words.contains(other.number.as_str()) && words.contains("take it off"),
        "{words}"
    );
    assert!(elsewhere(&scan(FIRST), None).contains("no label of this station"));
}

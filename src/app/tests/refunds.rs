//! Voids that hear of the old label, the order back to Ready to Pick, refunds and unscanned labels.

use crate::app::effect::{Commit, Effect, Query};
use crate::app::fixtures::{Desk, aftermath, commits, label, usd};
use crate::app::keys::Action;
use crate::app::layers::{Ask, Layer};
use crate::app::message::Key;
use crate::app::state::Screen;
use crate::domain::ids::{BoxId, IntentId, TrackingNumber};
use crate::domain::refund::{Booking, Paper};
use crate::domain::rows::{BoxRow, LabelRow};
use crate::domain::shipment::LabelState;
use uuid::Uuid;

const OLD: &str = "1Z999AA10123456784";
const OTHER: &str = "TBA123456789012";

fn paper(desk: &Desk) -> Paper {
    match desk.state.layer() {
        Some(Layer::Question(question)) => question.said(),
        other => panic!("no question: {other:?}"),
    }
}

#[test]
fn a_void_waits_until_it_is_said_what_became_of_the_old_label() {
    let mut desk = Desk::labelled(LabelState::Printed);
    desk.press(Key::Function(8));
    assert!(commits(&desk.press(Key::Function(10))).is_empty());
    assert!(desk.words().contains("scan the old label"), "{}", desk.words());
    desk.control('d');
    let effects = desk.press(Key::Function(10));
    let [Commit::WantVoid { paper, .. }] = commits(&effects)[..] else {
        panic!("{effects:?}")
    };
    assert_eq!(*paper, Paper::destroyed());
    // Said by mistake: taken back by the same key.
    let mut desk = Desk::labelled(LabelState::Printed);
    desk.press(Key::Function(8));
    desk.control('d');
    desk.control('d');
    assert!(commits(&desk.press(Key::Function(10))).is_empty());
}

#[test]
fn scanning_the_old_label_says_so_and_answers_nothing() {
    let mut desk = Desk::labelled(LabelState::Printed);
    desk.press(Key::Function(8));
    assert!(commits(&desk.scan(OTHER)).is_empty());
    assert!(desk.words().contains("another label"), "{}", desk.words());
    assert_eq!(paper(&desk), Paper::default());
    for _ in 0..3 {
        assert!(commits(&desk.scan(OLD)).is_empty(), "a scan never voids");
    }
    assert!(desk.words().starts_with("GOOD"), "{}", desk.words());
    let effects = desk.press(Key::Function(10));
    let [Commit::WantVoid { paper, .. }] = commits(&effects)[..] else {
        panic!("{effects:?}")
    };
    assert_eq!(*paper, Paper::scanned(TrackingNumber::from(OLD)));
}

/// Two boxes, each with a printed label.
fn two_boxes() -> Desk {
    let mut desk = Desk::labelled(LabelState::Printed);
    let first: BoxRow = desk.detail.boxes[0].clone();
    desk.detail.boxes.push(BoxRow {
        id: BoxId(8),
        number: 2,
        ..first
    });
    desk.detail.labels.push(LabelRow {
        id: IntentId(Uuid::from_u128(901)),
        box_id: BoxId(8),
        tracking: Some(TrackingNumber::from(OTHER)),
        ..label(LabelState::Printed)
    });
    desk.changed();
    desk
}

#[test]
fn ready_to_pick_voids_all_labels_of_the_order_and_the_void_key_one() {
    let mut desk = two_boxes();
    desk.press(Key::Function(8));
    desk.scan(OLD);
    let effects = desk.press(Key::Function(10));
    assert!(matches!(commits(&effects)[..], [Commit::WantVoid { .. }]));
    let mut desk = two_boxes();
    desk.control('p');
    desk.scan(OLD);
    assert!(
        commits(&desk.press(Key::Function(10))).is_empty(),
        "one label is not accounted for"
    );
    desk.control('d');
    let effects = desk.press(Key::Function(10));
    let [
        Commit::WantVoidOrder {
            order, paper, reason, ..
        },
    ] = commits(&effects)[..]
    else {
        panic!("{effects:?}")
    };
    assert_eq!(*order, desk.detail.order.id);
    assert_eq!(
        *paper,
        Paper {
            scanned: vec![TrackingNumber::from(OLD)],
            destroyed: true
        }
    );
    assert_eq!(reason, "wrong weight or size");
}

#[test]
fn one_refused_void_of_two_is_said_with_its_box() {
    let mut desk = two_boxes();
    desk.detail.labels[0].state = LabelState::Voided;
    desk.detail.labels[1].state = LabelState::VoidRefused;
    desk.detail.labels[1].reason = Some("the window is closed".to_owned());
    desk.changed();
    assert!(
        desk.words()
            .contains("box 2: THE VOID WAS REFUSED: the window is closed"),
        "{}",
        desk.words()
    );
}

#[test]
fn from_the_list_the_order_is_opened_and_the_question_asked() {
    let mut desk = two_boxes();
    desk.press(Key::Esc);
    desk.orders[0].label = Some(LabelState::Printed);
    desk.orders[0].status = desk.detail.order.status;
    desk.press(Key::Enter);
    assert_eq!(desk.state.screen, Screen::Orders);
    desk.control('p');
    assert_eq!(desk.state.screen, Screen::Label);
    assert!(
        matches!(desk.state.layer(), Some(Layer::Question(question)) if matches!(question.ask, Ask::VoidOrder(_)))
    );
    // An order without a label has no such key.
    let mut desk = Desk::signed_in();
    desk.press(Key::Enter);
    desk.control('p');
    assert!(desk.state.layers.is_empty());
}

#[test]
fn an_unknown_purchase_blocks_the_void_of_the_order_with_words() {
    let mut desk = two_boxes();
    desk.detail.labels[1].state = LabelState::Unknown;
    desk.changed();
    desk.control('p');
    assert!(desk.state.layers.is_empty());
    assert!(desk.words().contains("nobody knows"), "{}", desk.words());
}

#[test]
fn a_void_says_beforehand_what_amazon_does_not_do_any_more() {
    for open in [Key::Function(8), Key::Char('p')] {
        let mut desk = two_boxes();
        match open {
            Key::Char(letter) => drop(desk.control(letter)),
            key => drop(desk.press(key)),
        }
        let Some(Layer::Question(question)) = desk.state.layer() else {
            panic!("a question");
        };
        let words = question.lines.join(" ");
        assert!(
            words.contains("stays Shipped") && words.contains("another carrier"),
            "{words}"
        );
    }
}

#[test]
fn refunds_are_a_key_away_from_the_lists_and_lead_back() {
    let mut desk = Desk::signed_in();
    let effects = desk.control('r');
    assert_eq!(desk.state.screen, Screen::Refunds);
    assert!(
        effects
            .iter()
            .any(|effect| matches!(effect, Effect::Read(_, _, Query::Refunds { .. })))
    );
    assert_eq!(desk.state.refunds.refunds.page.total, 5);
    let effects = desk.control('r');
    assert!(
        effects
            .iter()
            .any(|effect| matches!(effect, Effect::Read(_, _, Query::Unmoved { .. })))
    );
    assert!(desk.state.refunds.unmoved_shown);
    desk.press(Key::Down);
    assert_eq!(desk.state.refunds.unmoved.selected, 1);
    desk.press(Key::Enter);
    assert_eq!(desk.state.screen, Screen::Label);
    desk.press(Key::Esc);
    assert_eq!(desk.state.screen, Screen::Refunds, "back to where it was opened");
    assert!(desk.state.refunds.unmoved_shown);
    desk.press(Key::Esc);
    assert_eq!(desk.state.screen, Screen::PickLists);
}

#[test]
fn a_refund_is_booked_with_an_amount_from_the_statement() {
    let mut desk = Desk::signed_in();
    desk.control('r');
    desk.control('b');
    let words = desk.words();
    assert!(words.contains("Anna may not book refunds: ask Sam"), "{words}");
    desk.scan("TGU-sam");
    desk.control('b');
    assert!(commits(&desk.press(Key::Function(10))).is_empty());
    assert!(desk.words().contains("type what came back"), "{}", desk.words());
    desk.scan("036000291452");
    assert!(
        commits(&desk.press(Key::Function(10))).is_empty(),
        "a code is no amount"
    );
    desk.scan("7.61");
    let effects = desk.press(Key::Function(10));
    let [
        Commit::BookRefund {
            label,
            booking,
            reason,
            ..
        },
    ] = commits(&effects)[..]
    else {
        panic!("{effects:?}")
    };
    assert_eq!(*label, desk.refunds[0].id);
    assert_eq!(*booking, Booking::Paid(usd(761)));
    assert_eq!(reason, "seen on the statement");
    assert!(desk.state.layers.is_empty());
    desk.control('b');
    desk.scan("rejected");
    let effects = desk.press(Key::Function(10));
    assert!(matches!(
        commits(&effects)[..],
        [Commit::BookRefund {
            booking: Booking::Rejected,
            ..
        }]
    ));
}

#[test]
fn what_is_decided_cannot_be_booked() {
    let mut desk = Desk::signed_in();
    desk.scan("TGU-sam");
    desk.control('r');
    desk.press(Key::End);
    let shown = crate::app::hints::hints(&desk.state);
    assert!(shown.iter().all(|hint| hint.action != Action::Book));
    desk.control('b');
    assert!(desk.state.layers.is_empty());
}

#[test]
fn the_question_that_buys_shows_both_prices_while_a_refund_is_awaited() {
    let mut desk = Desk::rates();
    let mut old = label(LabelState::RefundPending);
    old.price = usd(640);
    old.aftermath = Some(aftermath("2026-11-22T09:00:00Z", Some("2026-11-22T10:00:00Z")));
    desk.detail.labels.push(old);
    desk.changed();
    desk.press(Key::Function(10));
    let Some(Layer::Question(question)) = desk.state.layer() else {
        panic!("a question");
    };
    let words = question.lines.join(" ");
    assert!(
        words.contains("$6.40") && words.contains("with $8.12 both are paid"),
        "{words}"
    );
}

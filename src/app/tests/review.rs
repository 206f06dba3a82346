//! Notes, canceling, and changing all orders that are found.

use crate::app::effect::{Commit, Effect};
use crate::app::fixtures::{Desk, commits};
use crate::app::message::{Done, Key, KeyPress, Message};
use crate::domain::ids::{OrderId, UserId};
use crate::domain::note::NoteText;
use crate::domain::status::OrderStatus;

fn alt(desk: &mut Desk, letter: char) -> Vec<Effect> {
    desk.send(Message::Key(KeyPress {
        key: Key::Char(letter),
        control: false,
        alt: true,
        shift: false,
    }))
}

#[test]
fn a_note_is_typed_and_written_by_the_yes_key_alone() {
    let mut desk = Desk::packing();
    alt(&mut desk, 'n');
    assert!(commits(&desk.press(Key::Function(10))).is_empty());
    assert!(desk.words().contains("type the note"), "{}", desk.words());
    assert!(commits(&desk.scan("ring twice at Kowalski")).is_empty());
    let effects = desk.press(Key::Function(10));
    let [Commit::AddNote { order, by, text }] = commits(&effects)[..] else {
        panic!("{effects:?}")
    };
    assert_eq!((*order, *by), (desk.detail.order.id, UserId(1)));
    assert_eq!(*text, NoteText("ring twice at Kowalski".to_owned()));
    assert!(effects.contains(&Effect::OpenNotes(desk.detail.order.id, UserId(1))));
    assert!(!format!("{:?}{:?}", desk.log, desk.state).contains("Kowalski"));
}

#[test]
fn a_note_typed_in_its_question_is_not_shown_for_debugging() {
    let mut desk = Desk::packing();
    alt(&mut desk, 'n');
    desk.scan("ring twice at Kowalski");
    assert!(!format!("{:?}", desk.state).contains("Kowalski"));
}

#[test]
fn only_a_supervisor_cancels_and_hears_where_amazon_is_told() {
    let mut desk = Desk::signed_in();
    desk.state.setup.stores = vec![crate::app::fixtures::store_profile()];
    desk.press(Key::Enter);
    alt(&mut desk, 'x');
    assert!(desk.state.layer().is_none());
    desk.scan("TGU-sam");
    alt(&mut desk, 'x');
    let Some(crate::app::layers::Layer::Question(question)) = desk.state.layer() else {
        panic!("{}", desk.words())
    };
    let number = desk.orders[0].number.to_string();
    assert!(
        question
            .lines
            .iter()
            .any(|line| line.contains(&format!("/orders-v3/order/{number}")))
    );
    assert!(
        !question
            .reasons
            .iter()
            .any(|reason| reason.contains("buyer asked"))
    );
    let effects = desk.press(Key::Function(10));
    let [
        Commit::SetStatus {
            order,
            to,
            by,
            reason,
        },
    ] = commits(&effects)[..]
    else {
        panic!("{effects:?}")
    };
    assert_eq!((*order, *to, *by), (OrderId(1), OrderStatus::Canceled, UserId(2)));
    assert_eq!(reason, "out of stock");
}

#[test]
fn that_the_buyer_asked_is_a_reason_only_where_he_did() {
    for asked in [false, true] {
        let mut desk = Desk::packing();
        desk.detail.order.channel.lines[0].cancel_requested = asked;
        desk.changed();
        desk.scan("TGU-sam");
        desk.scan(crate::app::fixtures::NUMBER);
        alt(&mut desk, 'x');
        let Some(crate::app::layers::Layer::Question(question)) = desk.state.layer() else {
            panic!("{}", desk.words())
        };
        assert_eq!(question.reasons[0].contains("buyer asked"), asked);
    }
}

fn finding(orders: i64) -> Desk {
    let mut desk = Desk::signed_in();
    desk.scan("TGU-sam");
    desk.orders = (1..=orders).map(crate::app::fixtures::order_row).collect();
    desk.control('f');
    desk
}

#[test]
fn all_that_are_found_are_held_with_a_reason() {
    let mut desk = finding(40);
    alt(&mut desk, 'd');
    assert!(desk.state.layer().is_none(), "not simply everything");
    for letter in "mug".chars() {
        desk.press(Key::Char(letter));
    }
    alt(&mut desk, 'd');
    assert!(desk.state.line.is_empty());
    desk.press(Key::Down);
    let effects = desk.press(Key::Function(10));
    let [Commit::ChangeMany(wish)] = commits(&effects)[..] else {
        panic!("{effects:?}")
    };
    assert_eq!(
        (wish.to, wish.count, wish.by),
        (OrderStatus::OnHold, 40, UserId(2))
    );
    assert_eq!(wish.reason, "waiting for the customers");
    let mut desk = finding(40);
    desk.scan("mug");
    alt(&mut desk, 'd');
    for _ in 0..4 {
        desk.press(Key::Down);
    }
    let effects = desk.press(Key::Function(10));
    assert!(
        matches!(commits(&effects)[..], [Commit::ChangeMany(wish)] if wish.to == OrderStatus::ReadyToPick)
    );
}

#[test]
fn above_500_the_number_is_typed() {
    let mut desk = finding(501);
    desk.scan("mug");
    alt(&mut desk, 'd');
    assert!(commits(&desk.press(Key::Function(10))).is_empty());
    assert!(desk.words().contains("type how many"), "{}", desk.words());
    desk.scan("500");
    assert!(commits(&desk.press(Key::Function(10))).is_empty());
    desk.scan("501");
    assert_eq!(commits(&desk.press(Key::Function(10))).len(), 1);
    let mut desk = finding(500);
    desk.scan("mug");
    alt(&mut desk, 'd');
    assert_eq!(commits(&desk.press(Key::Function(10))).len(), 1);
}

#[test]
fn what_came_of_many_is_said() {
    let mut desk = finding(40);
    desk.scan("mug");
    desk.slow = true;
    alt(&mut desk, 'd');
    let effects = desk.press(Key::Function(10));
    let Some(Effect::Commit(request, _)) = effects.iter().find(|effect| matches!(effect, Effect::Commit(..)))
    else {
        panic!("{effects:?}")
    };
    let done = Done::Many {
        changed: 39,
        refused: 1,
        first: Some(("111-1".to_owned(), "it is Shipped".to_owned())),
    };
    let request = *request;
    desk.send(Message::Committed { request, done });
    assert!(
        desk.words().contains("39 orders are changed, 1 not"),
        "{}",
        desk.words()
    );
    assert!(desk.state.layer().is_none());
}

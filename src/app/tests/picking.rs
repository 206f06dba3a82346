//! Pick lists: made from a filter or a template, assigned, left by an order.

use crate::app::effect::{Commit, Effect, Query};
use crate::app::fixtures::{Desk, commits};
use crate::app::forms::Form;
use crate::app::layers::Layer;
use crate::app::message::{Key, KeyPress, Message};
use crate::domain::ids::{OrderId, PickListId, UserId};
use crate::domain::picking::{PickFilter, Units};
use crate::domain::status::OrderStatus;

fn alt(desk: &mut Desk, letter: char) -> Vec<Effect> {
    desk.send(Message::Key(KeyPress {
        alt: true,
        ..KeyPress::plain(Key::Char(letter))
    }))
}

fn form(desk: &Desk) -> &Form {
    match desk.state.layer() {
        Some(Layer::Form(form)) => form,
        other => panic!("no form: {other:?}"),
    }
}

#[test]
fn the_yes_key_alone_makes_a_list_of_the_most_urgent_orders() {
    let mut desk = Desk::signed_in();
    desk.control('n');
    assert_eq!(desk.state.picking.matches, Some(23));
    assert!(commits(&desk.press(Key::Enter)).is_empty(), "Enter makes nothing");
    let effects = desk.press(Key::Function(10));
    let [
        Commit::CreatePickList {
            name,
            filter,
            template,
            ..
        },
    ] = commits(&effects)[..]
    else {
        panic!("{effects:?}")
    };
    assert!(name.starts_with("List of Mon 23 Nov"), "{name}");
    assert_eq!((&**filter, template), (&PickFilter::default(), &None));
    assert!(desk.state.layers.is_empty());
    assert!(desk.words().contains("TGL-13"), "{}", desk.words());
}

#[test]
fn a_template_fills_the_fields_and_what_is_typed_changes_them() {
    let mut desk = Desk::signed_in();
    desk.control('n');
    desk.scan("single UNIT");
    assert_eq!((form(&desk).value(2), form(&desk).value(10)), ("single", "20"));
    desk.scan("multi");
    assert_eq!(form(&desk).value(2), "multi");
    alt(&mut desk, 'c');
    assert_eq!(form(&desk).value(1), "Urgent", "the next one");
    assert_eq!((form(&desk).value(2), form(&desk).value(5)), ("", "8h"));
    alt(&mut desk, 'c');
    assert_eq!(form(&desk).value(1), "Single unit");
    let effects = desk.press(Key::Function(10));
    let [Commit::CreatePickList { filter, .. }] = commits(&effects)[..] else {
        panic!("{effects:?}")
    };
    assert_eq!((filter.units, filter.limit), (Some(Units::Single), 20));
}

#[test]
fn what_cannot_be_read_makes_no_list_and_says_which_field() {
    let mut desk = Desk::signed_in();
    desk.control('n');
    desk.scan("no such template");
    assert!(desk.words().contains("there is no template"), "{}", desk.words());
    desk.press(Key::Down);
    desk.scan("double");
    assert!(commits(&desk.press(Key::Function(10))).is_empty());
    assert!(desk.words().contains("Units"), "{}", desk.words());
}

#[test]
fn a_filter_is_saved_under_a_name_with_its_list() {
    let mut desk = Desk::signed_in();
    desk.control('n');
    desk.press(Key::End);
    for _ in 0..12 {
        desk.press(Key::Down);
    }
    desk.scan("Noon wave");
    let effects = desk.press(Key::Function(10));
    let [
        Commit::CreatePickList {
            template: Some(template),
            ..
        },
    ] = commits(&effects)[..]
    else {
        panic!("{effects:?}")
    };
    assert_eq!(template.name, "Noon wave");
}

#[test]
fn a_scan_of_an_order_or_a_badge_is_never_a_field() {
    let mut desk = Desk::signed_in();
    desk.control('n');
    let before = form(&desk).clone();
    desk.scan("TGU-anna");
    assert_eq!(form(&desk), &before);
}

#[test]
fn a_list_is_given_to_a_person_or_to_nobody() {
    let mut desk = Desk::signed_in();
    alt(&mut desk, 'a');
    assert!(
        matches!(desk.state.layer(), Some(Layer::People { selected: 1, .. })),
        "me first"
    );
    desk.press(Key::Down);
    let effects = desk.press(Key::Enter);
    let [Commit::AssignPickList { list, to, .. }] = commits(&effects)[..] else {
        panic!("{effects:?}")
    };
    assert_eq!((*list, *to), (PickListId(12), Some(UserId(2))));
    alt(&mut desk, 'a');
    desk.press(Key::Home);
    let effects = desk.press(Key::Enter);
    assert!(matches!(
        commits(&effects)[..],
        [Commit::AssignPickList { to: None, .. }]
    ));
}

#[test]
fn an_order_leaves_its_list_with_a_reason_and_the_yes_key() {
    let mut desk = Desk::signed_in();
    desk.orders[0].pick_list = Some(PickListId(12));
    desk.orders[0].label = None;
    desk.orders[0].status = OrderStatus::OnHold;
    desk.press(Key::Enter);
    let read = desk
        .log
        .iter()
        .any(|effect| matches!(effect, Effect::Read(_, _, Query::PickList(PickListId(12)))));
    assert!(read, "the list's counts stand above its orders");
    alt(&mut desk, 'r');
    let Some(Layer::Question(question)) = desk.state.layer() else {
        panic!("a question")
    };
    assert!(
        question.lines[1].contains("stays On Hold"),
        "{:?}",
        question.lines
    );
    assert!(commits(&desk.press(Key::Enter)).is_empty());
    let effects = desk.press(Key::Function(10));
    let [Commit::RemoveFromPickList { order, reason, .. }] = commits(&effects)[..] else {
        panic!("{effects:?}")
    };
    assert_eq!((*order, reason.as_str()), (OrderId(1), "to be picked later"));
}

#[test]
fn an_order_that_is_on_no_list_cannot_leave_one() {
    let mut desk = Desk::signed_in();
    desk.orders[0].pick_list = None;
    desk.control('a');
    alt(&mut desk, 'r');
    assert!(desk.state.layers.is_empty());
}

#[test]
fn a_list_is_printed_from_the_lists_and_from_its_orders() {
    let mut desk = Desk::signed_in();
    for _ in 0..2 {
        let effects = alt(&mut desk, 'k');
        assert!(
            matches!(
                commits(&effects)[..],
                [Commit::PrintPickList {
                    list: PickListId(12),
                    ..
                }]
            ),
            "{effects:?}"
        );
        desk.press(Key::Enter);
    }
}

#[test]
fn a_scanned_tote_opens_its_order() {
    let mut desk = Desk::signed_in();
    desk.scan("TGT-12-3");
    assert_eq!(
        desk.state.bench.as_ref().map(|bench| bench.order),
        Some(OrderId(1))
    );
    let mut desk = Desk::signed_in();
    desk.scan("TGT-12-4");
    assert!(desk.state.bench.is_none());
    assert!(desk.words().contains("put back"), "{}", desk.words());
    desk.scan("TGT-nonsense");
    assert!(desk.words().contains("no tote"), "{}", desk.words());
}

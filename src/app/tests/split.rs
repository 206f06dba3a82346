//! Splitting the open order: quantities by line from the keyboard, Prime with a permission and a reason.

use crate::app::effect::{Commit, Effect, SplitWish};
use crate::app::fixtures::{Desk, commits};
use crate::app::layers::{Ask, Layer};
use crate::app::message::{Key, KeyPress, Message};
use crate::app::screens::split::SplitList;
use crate::domain::split::{Part, PartOf};
use crate::domain::user::Permission;

fn alt_z(desk: &mut Desk) -> Vec<Effect> {
    desk.send(Message::Key(KeyPress {
        alt: true,
        ..KeyPress::plain(Key::Char('z'))
    }))
}

fn list(desk: &Desk) -> SplitList {
    match desk.state.layer() {
        Some(Layer::Split(list)) => (**list).clone(),
        other => panic!("no list: {other:?}"),
    }
}

/// An open order of two mugs and a watch that is not Prime.
fn desk() -> Desk {
    let mut desk = Desk::packing();
    desk.detail.order.channel.programs.prime = false;
    desk.changed();
    desk
}

#[test]
fn quantities_are_typed_by_line_and_the_yes_key_alone_splits() {
    let mut desk = desk();
    alt_z(&mut desk);
    assert!(commits(&desk.press(Key::Function(10))).is_empty());
    assert!(desk.words().contains("nothing goes yet"), "{}", desk.words());
    let first = list(&desk).rows[0].clone();
    assert_eq!((first.units, first.free, first.going), (2, 2, 0));
    desk.scan("3");
    assert!(
        desk.words().contains("the order has 2 of MUG-RED"),
        "{}",
        desk.words()
    );
    assert!(commits(&desk.scan("1")).is_empty(), "a number is no scan");
    assert_eq!((list(&desk).rows[0].going, list(&desk).selected), (1, 1));
    assert!(
        commits(&desk.press(Key::Enter)).is_empty(),
        "Enter takes all of the line"
    );
    assert_eq!(list(&desk).goods(), "1 × MUG-RED, 1 × WATCH-9");
    desk.press(Key::Up);
    desk.scan("2");
    assert!(commits(&desk.press(Key::Function(10))).is_empty());
    assert!(desk.words().contains("nothing would stay"), "{}", desk.words());
    desk.press(Key::Enter);
    assert_eq!(list(&desk).goods(), "2 × MUG-RED");
    let effects = desk.press(Key::Function(10));
    let [Commit::Split(SplitWish { units, reason, .. })] = commits(&effects)[..] else {
        panic!("{effects:?}")
    };
    assert_eq!((units.len(), reason.as_str()), (1, ""));
    assert!(desk.state.layer().is_none());
}

#[test]
fn a_scan_splits_nothing() {
    let mut desk = desk();
    alt_z(&mut desk);
    let effects = desk.scan("850047100016");
    assert!(
        commits(&effects)
            .iter()
            .all(|commit| !matches!(commit, Commit::Split(_))),
        "{effects:?}"
    );
    assert_eq!(list(&desk).goods(), "");
}

#[test]
fn a_prime_order_is_split_by_who_may_break_its_rules_with_a_reason() {
    let mut desk = Desk::packing();
    alt_z(&mut desk);
    assert!(list(&desk).breach.is_some());
    desk.scan("1");
    assert!(commits(&desk.press(Key::Function(10))).is_empty());
    assert!(
        desk.words().contains("Anna may not break Amazon's rules"),
        "{}",
        desk.words()
    );
    desk.change_person("Anna", |anna| {
        anna.may.insert(Permission::BreakPrime);
    });
    desk.press(Key::Function(10));
    assert!(
        commits(&desk.press(Key::Function(10))).is_empty(),
        "a reason is wanted"
    );
    desk.scan("out of stock");
    let effects = desk.press(Key::Function(10));
    let [Commit::Split(SplitWish { reason, .. })] = commits(&effects)[..] else {
        panic!("{effects:?}")
    };
    assert_eq!(reason, "out of stock");
}

#[test]
fn a_part_is_joined_again_from_the_same_dialog() {
    let mut desk = desk();
    let whole = desk.detail.order.channel.lines.clone();
    desk.detail.order.channel.lines.truncate(1);
    desk.detail.order.part = Some(Part {
        of: PartOf { place: 1, of: 2 },
        whole,
    });
    desk.changed();
    alt_z(&mut desk);
    alt_z(&mut desk);
    assert!(
        matches!(desk.state.layer(), Some(Layer::Question(question)) if matches!(question.ask, Ask::Join(_)))
    );
    let effects = desk.press(Key::Function(10));
    assert!(
        matches!(commits(&effects)[..], [Commit::Join { .. }]),
        "{effects:?}"
    );
}

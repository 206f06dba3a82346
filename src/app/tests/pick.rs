//! Picking by scan.

use crate::app::effect::{Commit, Effect};
use crate::app::fixtures::{Desk, MUG, commits};
use crate::app::message::{Failure, FailureKind, Key, KeyPress, Message};
use crate::app::state::Screen;
use crate::domain::ids::OrderId;

fn alt(desk: &mut Desk, letter: char) -> Vec<Effect> {
    desk.send(Message::Key(KeyPress {
        alt: true,
        ..KeyPress::plain(Key::Char(letter))
    }))
}

/// On the walk of the selected list: two mugs for T1, one for T2.
fn walking() -> Desk {
    let mut desk = Desk::signed_in();
    alt(&mut desk, 'p');
    assert_eq!(desk.state.screen, Screen::Picking);
    desk
}

#[test]
fn each_scan_is_written_down_and_says_which_tote() {
    let mut desk = walking();
    for (before, says) in [(0, "T1: 1 of 2"), (1, "T1: 2 of 2")] {
        let effects = desk.scan(MUG);
        let [
            Commit::Pick {
                before: told,
                quantity: 1,
                order,
                ..
            },
        ] = commits(&effects)[..]
        else {
            panic!("{effects:?}")
        };
        assert_eq!((*told, *order), (before, OrderId(1)));
        assert!(
            desk.words().starts_with("GOOD") && desk.words().contains(says),
            "{}",
            desk.words()
        );
    }
    desk.scan("TGT-12-2");
    assert!(desk.words().contains("belongs into T1"), "{}", desk.words());
    desk.scan("TGT-12-1");
    assert!(desk.words().contains("T1 is right"), "{}", desk.words());
    desk.scan(MUG);
    assert!(desk.words().contains("ALL PICKED"), "{}", desk.words());
    desk.scan(MUG);
    assert!(desk.words().contains("put this one back"), "{}", desk.words());
}

#[test]
fn what_is_not_on_the_list_is_refused_aloud() {
    let mut desk = walking();
    let effects = desk.scan("850047100047");
    assert!(
        !commits(&effects)
            .iter()
            .any(|commit| matches!(commit, Commit::Pick { .. }))
    );
    assert!(desk.words().contains("not on this list"), "{}", desk.words());
}

#[test]
fn a_short_pick_takes_a_reason_and_the_yes_key() {
    let mut desk = walking();
    alt(&mut desk, 'r');
    assert!(commits(&desk.press(Key::Enter)).is_empty());
    let effects = desk.press(Key::Function(10));
    let [Commit::PickShort { reason, .. }] = commits(&effects)[..] else {
        panic!("{effects:?}")
    };
    assert_eq!(reason, "bin is empty");
}

#[test]
fn a_scan_that_was_not_saved_is_red() {
    let mut desk = walking();
    desk.slow = true;
    let effects = desk.scan(MUG);
    let request = effects.iter().find_map(|effect| match effect {
        Effect::Commit(request, Commit::Pick { .. }) => Some(*request),
        _ => None,
    });
    assert!(
        !desk.words().starts_with("GOOD T1"),
        "green only once it is durable"
    );
    desk.slow = false;
    desk.send(Message::Refused {
        request: request.expect("a pick"),
        failure: Failure {
            kind: FailureKind::Refused,
            words: "somebody else picks this list too".to_owned(),
        },
    });
    assert!(desk.words().contains("NOT PICKED"), "{}", desk.words());
    assert_eq!(
        desk.state.pick.walk.as_ref().map(|walk| walk.steps[0].picked),
        Some(0)
    );
}

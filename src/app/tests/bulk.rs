//! Bulk ship at the screens: a supervisor's, money by the yes key alone, each key what the run's state allows.

use crate::app::effect::{BulkAct, Commit, Effect};
use crate::app::fixtures::{Desk, bulk_run, commits};
use crate::app::layers::Layer;
use crate::app::message::{Key, KeyPress, Message};
use crate::app::state::Screen;
use crate::domain::bulk::{BulkMode, BulkSelection, RunState};
use crate::domain::ids::{BulkRunId, OrderId, PickListId};

/// The letter with Alt.
fn key(desk: &mut Desk, letter: char) -> Vec<Effect> {
    desk.send(Message::Key(KeyPress {
        alt: true,
        ..KeyPress::plain(Key::Char(letter))
    }))
}

/// Sam looks at the orders of a list.
fn at_a_list() -> Desk {
    let mut desk = Desk::signed_in();
    desk.scan("TGU-sam");
    desk.press(Key::Enter);
    assert_eq!(desk.state.screen, Screen::Orders);
    desk
}

/// The run is shown.
fn shown(state: RunState) -> Desk {
    let mut desk = at_a_list();
    desk.set_run(bulk_run(state));
    desk.press(Key::Insert);
    assert_eq!(desk.state.screen, Screen::Bulk);
    desk
}

/// Some terminals keep F11 for themselves, some keyboards have no Insert.
#[test]
fn either_of_two_keys_opens_it_and_so_does_help() {
    for press in [Key::Insert, Key::Function(11)] {
        let mut desk = at_a_list();
        let effects = desk.press(press);
        assert!(
            matches!(commits(&effects)[..], [Commit::Bulk(BulkAct::Begin(_))]),
            "{effects:?}"
        );
    }
    let mut desk = at_a_list();
    desk.press(Key::Function(1));
    let hints = crate::app::hints::help_hints(&desk.state);
    let place = hints.iter().position(|hint| hint.label == "Bulk ship");
    for _ in 0..place.expect("help names it") {
        desk.press(Key::Down);
    }
    let effects = desk.press(Key::Enter);
    assert!(
        matches!(commits(&effects)[..], [Commit::Bulk(BulkAct::Begin(_))]),
        "{effects:?}"
    );
}

#[test]
fn a_packer_begins_no_run() {
    let mut desk = Desk::signed_in();
    desk.press(Key::Enter);
    assert!(commits(&desk.press(Key::Insert)).is_empty());
    assert_eq!(desk.state.screen, Screen::Orders);
    let words = desk.words();
    assert!(
        words.contains("Anna may not buy many labels at once: ask Sam"),
        "{words}"
    );
}

#[test]
fn marked_orders_alone_or_the_whole_list() {
    let mut desk = at_a_list();
    let effects = desk.press(Key::Insert);
    let [Commit::Bulk(BulkAct::Begin(wish))] = commits(&effects)[..] else {
        panic!("{effects:?}")
    };
    assert_eq!((wish.list, &wish.orders), (PickListId(12), &BulkSelection::All));
    let mut desk = at_a_list();
    key(&mut desk, 's');
    desk.press(Key::Down);
    key(&mut desk, 's');
    let effects = desk.press(Key::Insert);
    let [Commit::Bulk(BulkAct::Begin(wish))] = commits(&effects)[..] else {
        panic!("{effects:?}")
    };
    assert_eq!(wish.orders, BulkSelection::These([OrderId(1), OrderId(3)].into()));
    let mut desk = at_a_list();
    key(&mut desk, 'l');
    assert!(desk.state.bulk.is_marked(OrderId(40)), "also what is not at hand");
    key(&mut desk, 's');
    let effects = desk.press(Key::Insert);
    let [Commit::Bulk(BulkAct::Begin(wish))] = commits(&effects)[..] else {
        panic!("{effects:?}")
    };
    assert_eq!(wish.orders, BulkSelection::AllBut([OrderId(1)].into()));
    let mut desk = at_a_list();
    key(&mut desk, 's');
    key(&mut desk, 'l');
    assert!(!desk.state.bulk.is_marked(OrderId(1)), "no mark is left");
}

#[test]
fn marks_stay_while_an_order_is_looked_at_and_belong_to_their_list() {
    let mut desk = at_a_list();
    key(&mut desk, 's');
    desk.press(Key::Enter);
    assert_ne!(desk.state.screen, Screen::Orders);
    desk.press(Key::Esc);
    assert!(desk.state.bulk.is_marked(OrderId(1)));
    desk.press(Key::Esc);
    desk.press(Key::Down);
    desk.press(Key::Enter);
    assert_eq!(desk.state.orders.filter.pick_list, Some(PickListId(11)));
    assert!(!desk.state.bulk.is_marked(OrderId(1)), "another list");
}

#[test]
fn nothing_but_the_yes_key_in_the_question_starts_a_run() {
    let mut desk = shown(RunState::Ready);
    assert!(
        commits(&desk.press(Key::Function(10))).is_empty(),
        "it asks first"
    );
    let Some(Layer::Question(question)) = desk.state.layer() else {
        panic!("a question")
    };
    assert!(question.lines[0].contains("$16.40"), "{:?}", question.lines);
    assert!(commits(&desk.press(Key::Enter)).is_empty());
    for scan in ["111-0000001-0000001", "TGC-FINISH", "036000291452"] {
        let effects = desk.scan(scan);
        let spends = commits(&effects)
            .into_iter()
            .any(|commit| matches!(commit, Commit::Bulk(_)));
        assert!(!spends, "{scan}");
    }
    let mut desk = shown(RunState::Ready);
    desk.press(Key::Function(10));
    let effects = desk.press(Key::Function(10));
    let run = BulkRunId(3);
    assert!(
        matches!(commits(&effects)[..], [Commit::Bulk(BulkAct::Start { run: started, .. })] if *started == run),
        "{effects:?}"
    );
}

#[test]
fn its_key_stops_a_run_that_buys_and_retries_what_was_refused() {
    let mut desk = shown(RunState::Running);
    assert!(
        commits(&desk.press(Key::Function(10))).is_empty(),
        "it runs already"
    );
    let effects = desk.press(Key::Insert);
    assert!(
        matches!(commits(&effects)[..], [Commit::Bulk(BulkAct::Stop { .. })]),
        "{effects:?}"
    );
    let mut desk = shown(RunState::Done);
    let effects = desk.press(Key::Insert);
    assert!(
        matches!(commits(&effects)[..], [Commit::Bulk(BulkAct::Retry { .. })]),
        "{effects:?}"
    );
}

#[test]
fn the_method_is_chosen_before_the_first_label_and_never_after() {
    let mut desk = shown(RunState::Ready);
    key(&mut desk, 'c');
    assert_eq!(desk.state.layer(), Some(&Layer::BulkMethods(0)));
    desk.press(Key::Down);
    let effects = desk.press(Key::Enter);
    let [Commit::Bulk(BulkAct::Mode { mode, .. })] = commits(&effects)[..] else {
        panic!("{effects:?}")
    };
    assert!(matches!(&**mode, BulkMode::Same { service_id, .. } if service_id == "UPS_PTP_GND"));
    key(&mut desk, 'a');
    let effects = desk.press(Key::Function(10));
    assert!(
        matches!(commits(&effects)[..], [Commit::Bulk(BulkAct::Earliest { .. })]),
        "{effects:?}"
    );
    let mut desk = shown(RunState::Running);
    key(&mut desk, 'c');
    key(&mut desk, 'a');
    assert!(desk.state.layers.is_empty());
}

#[test]
fn the_end_is_said_aloud_with_what_was_not_bought() {
    let mut desk = shown(RunState::Running);
    desk.set_run(bulk_run(RunState::Done));
    desk.changed();
    assert!(desk.words().contains("1 refused"), "{}", desk.words());
    desk.press(Key::Esc);
    assert_eq!(desk.state.screen, Screen::Orders);
}

//! Bulk ship at the screens: a supervisor's, money by the yes key alone, each key what the run's state allows.

use crate::app::effect::{BulkAct, Commit, Effect};
use crate::app::fixtures::{Desk, bulk_run, commits};
use crate::app::layers::Layer;
use crate::app::message::{Key, KeyPress, Message};
use crate::app::state::Screen;
use crate::domain::bulk::{BulkMode, RunState};
use crate::domain::ids::{BulkRunId, OrderId, PickListId};

fn key(desk: &mut Desk, key: Key, alt: bool) -> Vec<Effect> {
    desk.send(Message::Key(KeyPress {
        alt,
        ..KeyPress::plain(key)
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
    desk.press(Key::Function(11));
    assert_eq!(desk.state.screen, Screen::Bulk);
    desk
}

#[test]
fn a_packer_begins_no_run() {
    let mut desk = Desk::signed_in();
    desk.press(Key::Enter);
    assert!(commits(&desk.press(Key::Function(11))).is_empty());
    assert_eq!(desk.state.screen, Screen::Orders);
}

#[test]
fn marked_orders_alone_or_the_whole_list() {
    let mut desk = at_a_list();
    let effects = desk.press(Key::Function(11));
    let [Commit::Bulk(BulkAct::Begin(wish))] = commits(&effects)[..] else {
        panic!("{effects:?}")
    };
    assert_eq!((wish.list, wish.orders.len()), (PickListId(12), 0));
    let mut desk = at_a_list();
    key(&mut desk, Key::Insert, false);
    desk.press(Key::Down);
    key(&mut desk, Key::Insert, false);
    let effects = desk.press(Key::Function(11));
    let [Commit::Bulk(BulkAct::Begin(wish))] = commits(&effects)[..] else {
        panic!("{effects:?}")
    };
    assert_eq!(wish.orders, [OrderId(1), OrderId(3)]);
    let mut desk = at_a_list();
    key(&mut desk, Key::Insert, true);
    assert_eq!(desk.state.bulk.marked.len(), 40);
    key(&mut desk, Key::Insert, true);
    assert!(desk.state.bulk.marked.is_empty());
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
fn f11_stops_a_run_that_buys_and_retries_what_was_refused() {
    let mut desk = shown(RunState::Running);
    assert!(
        commits(&desk.press(Key::Function(10))).is_empty(),
        "it runs already"
    );
    let effects = desk.press(Key::Function(11));
    assert!(
        matches!(commits(&effects)[..], [Commit::Bulk(BulkAct::Stop { .. })]),
        "{effects:?}"
    );
    let mut desk = shown(RunState::Done);
    let effects = desk.press(Key::Function(11));
    assert!(
        matches!(commits(&effects)[..], [Commit::Bulk(BulkAct::Retry { .. })]),
        "{effects:?}"
    );
}

#[test]
fn the_method_is_chosen_before_the_first_label_and_never_after() {
    let mut desk = shown(RunState::Ready);
    key(&mut desk, Key::Char('c'), true);
    assert_eq!(desk.state.layer(), Some(&Layer::BulkMethods(0)));
    desk.press(Key::Down);
    let effects = desk.press(Key::Enter);
    let [Commit::Bulk(BulkAct::Mode { mode, .. })] = commits(&effects)[..] else {
        panic!("{effects:?}")
    };
    assert!(matches!(&**mode, BulkMode::Same { service_id, .. } if service_id == "UPS_PTP_GND"));
    key(&mut desk, Key::Char('a'), true);
    let effects = desk.press(Key::Function(10));
    assert!(
        matches!(commits(&effects)[..], [Commit::Bulk(BulkAct::Earliest { .. })]),
        "{effects:?}"
    );
    let mut desk = shown(RunState::Running);
    key(&mut desk, Key::Char('c'), true);
    key(&mut desk, Key::Char('a'), true);
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

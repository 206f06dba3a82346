//! Shipping policies on the screen: listed, and rehearsed.

use crate::app::fixtures::{Desk, commits, policies, rehearsal};
use crate::app::layers::Layer;
use crate::app::message::Key;

#[test]
fn policies_are_listed_and_a_dry_run_says_which_orders_and_why_and_changes_nothing() {
    let mut desk = Desk::signed_in();
    desk.control('v');
    let Some(Layer::Policies(list)) = desk.state.layer() else {
        panic!("no list")
    };
    assert_eq!(list.rows.len(), policies().len());
    desk.press(Key::Down);
    assert!(commits(&desk.press(Key::Enter)).is_empty());
    let Some(Layer::Told(told)) = desk.state.layer() else {
        panic!("nothing told: {:?}", desk.state.layer())
    };
    assert_eq!(told.title, format!("Dry run: {}", policies()[1].rule.name));
    let lines = told.lines.join("\n");
    assert!(
        lines.contains("1 of 7 open orders") && lines.contains("held ("),
        "{lines}"
    );
    desk.press(Key::Esc);
    assert!(matches!(desk.state.layer(), Some(Layer::Policies(_))));
}

#[test]
fn a_dry_run_that_comes_after_the_list_was_left_opens_nothing() {
    let mut desk = Desk::signed_in();
    desk.control('v');
    desk.press(Key::Esc);
    desk.state.take_rehearsal(&policies()[0], &rehearsal());
    assert!(desk.state.layer().is_none());
}

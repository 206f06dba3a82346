//! Pick lists: a new one, its picking, its bulk ship.

use super::poisoned;
use crate::app::fixtures::{Desk, MUG, bulk_run};
use crate::app::message::{Key, KeyPress, Message};
use crate::domain::bulk::RunState;

/// The letter with Alt.
fn alt(desk: &mut Desk, letter: char) {
    desk.send(Message::Key(KeyPress {
        alt: true,
        ..KeyPress::plain(Key::Char(letter))
    }));
}

/// Sam, a supervisor, looks at the orders of a list.
fn at_a_list() -> Desk {
    let mut desk = Desk::signed_in();
    desk.scan("TGU-sam");
    desk.press(Key::Enter);
    desk
}

/// The list's run is shown.
fn at_a_run(state: RunState) -> Desk {
    let mut desk = at_a_list();
    desk.set_run(bulk_run(state));
    desk.press(Key::Insert);
    desk
}

/// Each of these screens by name.
pub(super) fn gallery() -> Vec<(&'static str, Desk)> {
    let mut new_list = poisoned(Desk::signed_in());
    new_list.control('n');
    let mut picking = Desk::signed_in();
    alt(&mut picking, 'p');
    picking.scan(MUG);
    let mut marked = at_a_list();
    alt(&mut marked, 's');
    let mut question = at_a_run(RunState::Ready);
    question.press(Key::Function(10));
    let mut methods = at_a_run(RunState::Ready);
    alt(&mut methods, 'c');
    vec![
        ("bulk-methods", methods),
        ("new-list", new_list),
        ("picking", picking),
        ("orders-marked", marked),
        ("bulk-ready", at_a_run(RunState::Ready)),
        ("bulk-running", at_a_run(RunState::Running)),
        ("bulk-done", at_a_run(RunState::Done)),
        ("bulk-buy", question),
    ]
}

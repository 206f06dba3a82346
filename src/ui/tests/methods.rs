//! Screens and dialogs of how a method is chosen.

use crate::app::fixtures::{Desk, known_methods};
use crate::app::message::{Key, KeyPress, Message};
use crate::domain::method::AssignedBy;
use crate::domain::order::AssignedMethod;

/// Every one by name.
pub(super) fn gallery() -> Vec<(&'static str, Desk)> {
    let mut desk = Desk::packing();
    desk.detail.method.known = known_methods();
    desk.detail.order.assigned = AssignedMethod::parse("carrier:UPS").expect("a method");
    desk.detail.method.by = AssignedBy::Person("Sue".to_owned());
    desk.detail.method.why = "contract".to_owned();
    desk.changed();
    let mut all = vec![("pack-assigned", desk)];
    let mut desk = Desk::packing();
    desk.detail.method.known = known_methods();
    desk.changed();
    desk.send(Message::Key(KeyPress {
        alt: true,
        ..KeyPress::plain(Key::Char('m'))
    }));
    all.push(("method", desk));
    let mut desk = Desk::signed_in();
    desk.control('v');
    all.push(("policies", desk));
    let mut desk = Desk::signed_in();
    desk.control('v');
    desk.press(Key::Down);
    desk.press(Key::Enter);
    all.push(("policies-dry-run", desk));
    let mut desk = Desk::rates();
    desk.send(Message::Key(KeyPress {
        alt: true,
        ..KeyPress::plain(Key::Char('y'))
    }));
    all.push(("why", desk));
    all
}

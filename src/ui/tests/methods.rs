//! Screens and dialogs of how a method is chosen, and of split orders.

use crate::app::fixtures::{Desk, known_methods};
use crate::app::message::{Key, KeyPress, Message};
use crate::domain::method::AssignedBy;
use crate::domain::order::AssignedMethod;
use crate::domain::split::{Part, PartOf};

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
    all.extend(split());
    all
}

/// The dialog that splits, of a Prime order with a mug in a box, and of a part.
fn split() -> Vec<(&'static str, Desk)> {
    let alt_z = |desk: &mut Desk| {
        desk.send(Message::Key(KeyPress {
            alt: true,
            ..KeyPress::plain(Key::Char('z'))
        }));
    };
    let mut desk = Desk::packing();
    alt_z(&mut desk);
    desk.scan("1");
    let mut all = vec![("split", desk)];
    let mut desk = Desk::packing();
    desk.detail.order.channel.programs.prime = false;
    let whole = desk.detail.order.channel.lines.clone();
    desk.detail.order.channel.lines.truncate(1);
    desk.detail.order.part = Some(Part {
        of: PartOf { place: 1, of: 2 },
        whole,
    });
    desk.changed();
    alt_z(&mut desk);
    all.push(("split-part", desk));
    all
}

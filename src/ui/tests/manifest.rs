//! The day's end.

use crate::app::fixtures::{Desk, label};
use crate::app::message::{Key, KeyPress, Message};
use crate::domain::collection::FormState;
use crate::domain::manifest::NeverMoved;
use crate::domain::shipment::LabelState;
use chrono::TimeDelta;

fn alt(desk: &mut Desk, letter: char) {
    desk.send(Message::Key(KeyPress {
        alt: true,
        ..KeyPress::plain(Key::Char(letter))
    }));
}

/// Every picture of it by name.
pub(super) fn gallery() -> Vec<(&'static str, Desk)> {
    let day = || {
        let mut desk = Desk::signed_in();
        alt(&mut desk, 'e');
        desk
    };
    let filling = || {
        let mut desk = day();
        desk.press(Key::Enter);
        desk.scan("1Z12345E0205271688");
        desk
    };
    let mut refused = filling();
    alt(&mut refused, 'h');
    refused.press(Key::Function(10));
    refused.scan("420100019400109205568876543219");
    let mut close = filling();
    close.press(Key::Function(10));
    let mut form = filling();
    alt(&mut form, 'f');
    form.press(Key::Function(10));
    form.door.forms[0].state = FormState::Refused;
    form.door.forms[0].reason = Some("Amazon offers no collection form for UPS now".to_owned());
    form.changed();
    form.door.unprinted = Some("printer raw:10.0.0.7:9100 does not answer".to_owned());
    form.changed();
    let mut leave = filling();
    alt(&mut leave, 'h');
    let mut moved = day();
    let row = |days| NeverMoved {
        label: label(LabelState::Printed),
        out_at: Some(moved.now - TimeDelta::days(days)),
        ship_by: None,
    };
    let rows = vec![
        row(6),
        NeverMoved {
            out_at: None,
            ship_by: Some(moved.now - TimeDelta::days(4)),
            ..row(4)
        },
    ];
    moved.door.unmoved = rows;
    alt(&mut moved, 'e');
    vec![
        ("day-end", day()),
        ("manifest", filling()),
        ("manifest-refused", refused),
        ("manifest-close", close),
        ("manifest-leave", leave),
        ("manifest-form", form),
        ("never-moved", moved),
    ]
}

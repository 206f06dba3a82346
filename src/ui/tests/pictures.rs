//! Labels and slips on the screen.

use super::{Desk, Key, LabelState, Theme, render};
use crate::app::effect::Effect;
use crate::app::fixtures::drawn_sheets;
use crate::app::message::{KeyPress, Message};
use ratatui::style::Color;

fn looking() -> Desk {
    let mut desk = Desk::labelled(LabelState::Printed);
    let effects = desk.send(Message::Key(KeyPress {
        alt: true,
        ..KeyPress::plain(Key::Char('i'))
    }));
    for effect in effects {
        if let Effect::OpenPicture(wish) = effect {
            desk.send(Message::PictureOpened {
                wish,
                sheets: Ok(drawn_sheets()),
            });
        }
    }
    desk
}

pub(super) fn gallery() -> Vec<(&'static str, Desk)> {
    let mut wide = looking();
    wide.press(Key::Enter);
    let mut near = looking();
    near.press(Key::Enter);
    near.press(Key::Enter);
    near.press(Key::Down);
    let mut second = looking();
    second.press(Key::PageDown);
    vec![
        ("look", looking()),
        ("look-wide", wide),
        ("look-near", near),
        ("look-undrawn", second),
    ]
}

#[test]
fn shades_are_gray_and_ink_is_dark() {
    let mut desk = looking();
    desk.state.setup.shades = true;
    let terminal = render(&desk.state, &Theme::standard(), 80, 24);
    let buffer = terminal.backend().buffer();
    let grays = buffer.content().iter().filter_map(|cell| match cell.bg {
        Color::Indexed(shade) => Some(shade),
        _ => None,
    });
    let grays: std::collections::BTreeSet<u8> = grays.collect();
    assert!(grays.iter().all(|shade| *shade >= 232), "{grays:?}");
    assert!(grays.contains(&255) && grays.len() > 3, "{grays:?}");
}

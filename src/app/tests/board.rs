//! The board of what waits for Amazon.

use crate::app::fixtures::{Desk, at, usd};
use crate::app::layers::Layer;
use crate::app::message::{Key, KeyPress, Message};
use crate::app::state::Screen;
use crate::domain::board::{BoardRow, Waits};
use crate::domain::ids::OrderId;

fn row(waits: Waits) -> BoardRow {
    BoardRow {
        order: OrderId(1),
        number: crate::app::fixtures::NUMBER.into(),
        box_number: 1,
        waits,
        method: "UPS Ground".to_owned(),
        price: usd(820),
        since: at("2026-11-23T13:40:00Z"),
        ship_by: Some(at("2026-11-23T15:00:00Z")),
        why: None,
    }
}

fn open(desk: &mut Desk) {
    desk.send(Message::Key(KeyPress {
        alt: true,
        ..KeyPress::plain(Key::Char('w'))
    }));
}

#[test]
fn one_key_shows_what_waits_and_enter_opens_the_order() {
    let mut desk = Desk::signed_in();
    desk.board = vec![row(Waits::Settling), row(Waits::Buying)];
    open(&mut desk);
    assert!(matches!(desk.state.layer(), Some(Layer::Board(0))));
    assert_eq!(desk.state.board.as_ref().map(Vec::len), Some(2));
    desk.press(Key::Down);
    desk.press(Key::Enter);
    assert!(desk.state.layers.is_empty());
    assert_eq!(desk.state.screen, Screen::Label);
    assert_eq!(
        desk.state.bench.as_ref().map(|bench| bench.order),
        Some(OrderId(1))
    );
}

#[test]
fn the_board_is_read_again_when_the_store_changes() {
    let mut desk = Desk::signed_in();
    open(&mut desk);
    assert_eq!(desk.state.board.as_ref().map(Vec::len), Some(0));
    desk.board = vec![row(Waits::Buying)];
    desk.changed();
    assert_eq!(desk.state.board.as_ref().map(Vec::len), Some(1));
}

#[test]
fn nobody_sees_the_board_before_signing_in() {
    let mut desk = Desk::new();
    open(&mut desk);
    assert!(desk.state.layers.is_empty());
}

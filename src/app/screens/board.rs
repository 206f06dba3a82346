//! The board: what waits for Amazon, since when, and what of it is urgent.

use crate::app::effect::{Query, Slot};
use crate::app::layers::Layer;
use crate::app::state::{Screen, State};
use crate::domain::board::BoardRow;

impl State {
    /// Opens the board over any screen.
    pub(crate) fn show_board(&mut self) {
        self.board = None;
        self.layers.push(Layer::Board(0));
        self.read_board();
    }

    pub(crate) fn read_board(&mut self) {
        self.read(Slot::Board, Query::Board);
    }

    pub(crate) fn take_board(&mut self, rows: Vec<BoardRow>) {
        if let Some(Layer::Board(selected)) = self.layers.last_mut() {
            *selected = (*selected).min(rows.len().saturating_sub(1));
        }
        self.board = Some(rows);
    }

    /// Rows on the board.
    pub(crate) fn board_rows(&self) -> usize {
        self.board.as_ref().map_or(0, Vec::len)
    }

    /// Enter on the board: the order's labels.
    pub(crate) fn open_board_row(&mut self, selected: usize) {
        let row = self.board.as_ref().and_then(|rows| rows.get(selected));
        if let Some(order) = row.map(|row| row.order) {
            self.open_order(order, Screen::Label);
        }
    }
}

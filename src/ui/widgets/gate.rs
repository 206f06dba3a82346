//! The last gate before the terminal: no cell holds a character that acts on a terminal, hides or turns text,
//! whatever the state held. What is cleaned at the edge passes unchanged.

use crate::domain::text::{Clean, is_foul};
use crate::ui::widgets::text;
use ratatui::buffer::Buffer;
use unicode_segmentation::UnicodeSegmentation;

/// Most characters of a cell: a base and its marks.
const MOST: usize = 1 + Clean::MARKS;

/// Takes what is foul out of every cell; the widths stay as they were.
pub(crate) fn clean(buffer: &mut Buffer) {
    for cell in &mut buffer.content {
        let symbol = cell.symbol();
        if symbol.len() <= 1 && !symbol.contains(is_foul) {
            continue;
        }
        if symbol.contains(is_foul) || symbol.chars().nth(MOST).is_some() {
            let clean = harmless(symbol);
            cell.set_symbol(&clean);
        }
    }
}

/// One character of the same width; a question mark where nothing of it may be shown.
fn harmless(symbol: &str) -> String {
    let clean = Clean::text(symbol);
    let first = clean.graphemes(true).next().unwrap_or("?");
    if text::width(first) == text::width(symbol) {
        first.to_owned()
    } else {
        "?".repeat(text::width(symbol).clamp(1, 2))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use ratatui::layout::Rect;

    #[test]
    fn foul_cells_are_cleaned_and_keep_their_width() {
        let mut buffer = Buffer::empty(Rect::new(0, 0, 4, 1));
        let foul = ["a\u{202e}", "\u{1b}[2J", "👩\u{200d}👧", "e\u{301}"];
        for (cell, symbol) in buffer.content.iter_mut().zip(foul) {
            cell.set_symbol(symbol);
        }
        let widths: Vec<usize> = foul
            .iter()
            .map(|symbol| text::width(symbol).clamp(1, 2))
            .collect();
        clean(&mut buffer);
        let cells: Vec<&str> = buffer.content.iter().map(ratatui::buffer::Cell::symbol).collect();
        assert_eq!((cells[0], cells[3]), ("a", "e\u{301}"));
        assert!(cells.iter().all(|cell| !cell.contains(is_foul)), "{cells:?}");
        assert_eq!(
            cells.iter().map(|cell| text::width(cell)).collect::<Vec<_>>(),
            widths
        );
    }
}

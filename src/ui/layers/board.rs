//! The board: a line for each box that waits for Amazon, what is urgent in red.

use crate::app::state::State;
use crate::app::words;
use crate::domain::board::BoardRow;
use crate::ui::theme::{Meaning, Theme};
use crate::ui::widgets::{badges, text};
use ratatui::text::{Line, Span};

pub(super) fn lines(
    state: &State,
    selected: usize,
    theme: &Theme,
    cells: usize,
    rows: usize,
) -> Vec<Line<'static>> {
    let Some(board) = &state.board else {
        return vec![Line::from("Reading …")];
    };
    let mut lines = vec![head(state, board, theme, cells)];
    lines.push(Line::from(""));
    if board.is_empty() {
        lines.push(Line::from(
            "Nothing waits: everything that was written down is settled.",
        ));
        return lines;
    }
    let mut first = 0;
    for (place, row) in board.iter().enumerate() {
        if place == selected {
            first = lines.len().saturating_sub(2);
        }
        lines.extend(one(state, row, place == selected, theme, cells));
    }
    super::scrolled(lines, first, rows, theme)
}

fn head(state: &State, board: &[BoardRow], theme: &Theme, cells: usize) -> Line<'static> {
    let urgent = board.iter().filter(|row| row.is_urgent(state.now)).count();
    let (words, meaning) = match state.status.health.unreachable_since {
        Some(since) => (
            format!(
                "✘ Amazon unreachable for {}: go on packing. {} wait, {urgent} urgent",
                words::span(state.now - since),
                board.len()
            ),
            Meaning::Late,
        ),
        None => (
            format!("Amazon answers: {} wait, {urgent} urgent", board.len()),
            Meaning::Title,
        ),
    };
    Line::from(Span::styled(text::fit(&words, cells), theme.style(meaning)))
}

fn one(state: &State, row: &BoardRow, selected: bool, theme: &Theme, cells: usize) -> Vec<Line<'static>> {
    let (left, _) = badges::time_left(row.ship_by, state);
    let urgent = row.is_urgent(state.now);
    let mark = if selected { "▶ " } else { "  " };
    let flag = if urgent { "! " } else { "  " };
    let head = format!(
        "{mark}{flag}{}  box {}  {}  ship-by {left}",
        row.number,
        row.box_number,
        row.waits.words(),
    );
    let meaning = match (selected, urgent) {
        (true, _) => Meaning::Selected,
        (false, true) => Meaning::Late,
        (false, false) => Meaning::Text,
    };
    let why = row.why.as_ref().map(|why| format!(": {why}")).unwrap_or_default();
    let since = words::moment(row.since, state.now, state.setup.zone);
    let tail = format!("      since {since}  {}  {}{why}", row.price, row.method);
    vec![
        Line::from(Span::styled(text::fit(&head, cells), theme.style(meaning))),
        Line::from(Span::styled(text::fit(&tail, cells), theme.style(Meaning::Muted))),
    ]
}

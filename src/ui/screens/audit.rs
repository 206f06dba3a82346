//! Who did what, newest first. Two lines a row where one is too short.

use crate::app::state::State;
use crate::app::words;
use crate::domain::audit::Audited;
use crate::ui::theme::{Meaning, Theme};
use crate::ui::widgets::rows::{below, heading, window, write};
use crate::ui::widgets::text;
use ratatui::buffer::Buffer;
use ratatui::layout::Rect;
use ratatui::text::{Line, Span};

/// Wide enough for one line a row.
const WIDE: u16 = 120;
/// Columns of number, time, person and order.
const ROW: usize = 8;
const AT: usize = 18;
const WHO: usize = 14;
const ORDER: usize = 21;

pub(crate) fn draw(state: &State, theme: &Theme, area: Rect, buffer: &mut Buffer) {
    let view = &state.audit;
    let total = view.window.page.total;
    let words = match (view.window.loaded, total, view.text.is_empty()) {
        (false, ..) => "  Reading …".to_owned(),
        (true, 0, true) => "  Nothing was done yet.".to_owned(),
        (true, 0, false) => format!(
            "  No row has {:?}. Type other words; Enter alone shows all.",
            view.text
        ),
        (true, _, true) => format!("  {total} rows, newest first. Type words, a name or an order to search."),
        (true, _, false) => format!("  {total} rows with {:?}. Enter alone shows all.", view.text),
    };
    let head = heading(&words, area.width, theme.style(Meaning::Muted));
    let used = write(&[head], area, buffer);
    let wide = area.width >= WIDE;
    let cells = usize::from(area.width).saturating_sub(2);
    let row = |row: &Audited| entry(row, state, theme, cells, wide);
    let height = if wide { 1 } else { 2 };
    window(&view.window, height, below(area, used), buffer, theme, row);
}

fn entry(row: &Audited, state: &State, theme: &Theme, cells: usize, wide: bool) -> Vec<Line<'static>> {
    let at = words::moment(row.at, state.now, state.setup.zone);
    let who = row.who.as_deref().unwrap_or("tapegun");
    let order = row.order.as_ref().map_or("", |order| order.as_str());
    let mut first = vec![
        Span::styled(text::left(&row.row.to_string(), ROW), theme.style(Meaning::Muted)),
        Span::raw(text::left(&at, AT)),
        Span::styled(text::left(who, WHO), theme.style(Meaning::Title)),
        Span::raw(text::left(order, ORDER)),
    ];
    if wide {
        let room = cells.saturating_sub(ROW + AT + WHO + ORDER);
        first.push(Span::raw(text::fit(&row.what, room)));
        return vec![Line::from(first)];
    }
    let second = vec![
        Span::raw(" ".repeat(ROW)),
        Span::raw(text::fit(&row.what, cells.saturating_sub(ROW))),
    ];
    vec![Line::from(first), Line::from(second)]
}

//! Orders found by words and filters, with the filters there are always in sight.

use super::lists;
use crate::app::state::State;
use crate::domain::finding::{FILTERS, values};
use crate::domain::rows::OrderRow;
use crate::domain::user::Permission;
use crate::ui::theme::{Meaning, Theme};
use crate::ui::widgets::rows::{below, heading, window, write};
use crate::ui::widgets::text;
use ratatui::buffer::Buffer;
use ratatui::layout::Rect;
use ratatui::text::{Line, Span};

/// Wide enough for one line a row.
const WIDE: u16 = 120;
/// Lines for what may be typed.
const GUIDE: usize = 3;

pub(crate) fn draw(state: &State, theme: &Theme, area: Rect, buffer: &mut Buffer) {
    let list = &state.find.window;
    let kept = if state.line.trim().is_empty() && !state.find.kept.is_empty() {
        format!(" · {}", state.find.kept)
    } else {
        String::new()
    };
    let words = match (state.find.orders, list.page.total) {
        (None, _) => "  Reading all orders …".to_owned(),
        (Some(0), _) => "  There are no orders yet.".to_owned(),
        (Some(orders), total) => {
            let names = match state.find.names {
                Some(open) if !kept.is_empty() => format!(" · names still opening: {open}"),
                _ => String::new(),
            };
            format!("  {total} of {orders} orders{names}{kept}")
        }
    };
    let style = theme.style(if kept.is_empty() {
        Meaning::Muted
    } else {
        Meaning::Title
    });
    let mut lines = vec![heading(&words, area.width, style)];
    lines.extend(guide(state, theme, usize::from(area.width)));
    let used = write(&lines, area, buffer);
    let wide = area.width >= WIDE;
    let cells = usize::from(area.width).saturating_sub(2);
    let row = |row: &OrderRow| lists::order(row, state, theme, cells, wide);
    window(
        list,
        if wide { 1 } else { 2 },
        below(area, used),
        buffer,
        theme,
        row,
    );
}

/// What may be typed: for the filter that is being typed what it takes, else all filters. Always as many lines, so
/// that the rows stay where they are.
fn guide(state: &State, theme: &Theme, width: usize) -> Vec<Line<'static>> {
    let cells = width.saturating_sub(3);
    let (words, meaning) = words(state);
    let mut lines: Vec<Line<'static>> = text::wrap(&words, cells, GUIDE)
        .into_iter()
        .map(|line| Line::from(Span::styled(format!("  {line}"), theme.style(meaning))))
        .collect();
    lines.resize(GUIDE, Line::from(""));
    lines
}

fn words(state: &State) -> (String, Meaning) {
    let last = state.line.split_whitespace().next_back().unwrap_or_default();
    let typing = !state.line.ends_with(' ');
    let filter = last.split_once(':').filter(|_| typing).and_then(|(word, _)| {
        FILTERS
            .iter()
            .find(|known| known.word == word.trim_start_matches(['-', '!']).to_lowercase())
    });
    if let Some(filter) = filter {
        let mut taken = values(filter.word).join("  ");
        if taken.is_empty() {
            filter.example.clone_into(&mut taken);
        }
        return (
            format!("{}: ({})  {taken}", filter.word, filter.says),
            Meaning::Next,
        );
    }
    if let Some(fault) = &state.find.fault {
        return (format!("✘ {fault}"), Meaning::Late);
    }
    let all: Vec<String> = FILTERS.iter().map(|filter| format!("{}:", filter.word)).collect();
    let names = if state.sees_customers().is_some() {
        "Enter searches names too".to_owned()
    } else {
        format!(
            "names are not searched: {}",
            state.may_not(Permission::SeeCustomers)
        )
    };
    (
        format!(
            "Part of a number, SKU, tracking or PO number; {names}. Filters, a - before one turns \
             it round: {}",
            all.join(" ")
        ),
        Meaning::Muted,
    )
}

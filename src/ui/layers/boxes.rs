//! The boxes of the open order: what lies in each, what it weighs, and how far its label is.

use crate::app::state::State;
use crate::domain::packing::boxes::{self, BoxView};
use crate::ui::theme::{Meaning, Theme};
use crate::ui::widgets::text;
use ratatui::text::{Line, Span};

pub(super) fn lines(
    state: &State,
    selected: usize,
    theme: &Theme,
    cells: usize,
    rows: usize,
) -> Vec<Line<'static>> {
    let views = state.box_views();
    let last = views.len().saturating_sub(1);
    let mut lines: Vec<Line<'static>> = Vec::new();
    let mut first = 0;
    for (place, view) in views.iter().enumerate() {
        if place == selected.min(last) {
            first = lines.len();
        }
        lines.extend(one(state, view, place == selected, theme, cells));
    }
    let bench = state.bench.as_ref();
    if let Some((number, promise)) = bench
        .and_then(|bench| bench.detail.as_ref())
        .and_then(boxes::slowest)
        && let Some(latest) = promise.latest
    {
        let words = format!(
            "The order is there with box {number}, its slowest: {}",
            crate::app::words::moment(latest, state.now, state.setup.zone)
        );
        lines.push(Line::from(""));
        lines.push(Line::from(text::fit(&words, cells)));
    }
    super::scrolled(lines, first, rows, theme)
}

fn one(state: &State, view: &BoxView<'_>, selected: bool, theme: &Theme, cells: usize) -> Vec<Line<'static>> {
    let row = view.row;
    let label = match view.label {
        Some(label) => format!("label {}", label.state),
        None if view.is_empty() => "empty".to_owned(),
        None => "no label yet".to_owned(),
    };
    let weight = row
        .weight
        .map_or_else(|| "no weight".to_owned(), |weight| weight.to_string());
    let size = row
        .dimensions
        .map_or_else(|| "no size".to_owned(), |size| size.to_string());
    let ours = state.own_box().is_some_and(|own| own.id == row.id);
    let here = if ours { " · open" } else { "" };
    let mark = if selected { "▶ " } else { "  " };
    let head = format!("{mark}Box {}: {weight} · {size} · {label}{here}", row.number);
    let trouble = view.label.is_some_and(|label| label.state.is_trouble());
    let meaning = match (selected, trouble) {
        (true, _) => Meaning::Selected,
        (false, true) => Meaning::Late,
        (false, false) => Meaning::Text,
    };
    let mut lines = vec![Line::from(Span::styled(
        text::fit(&head, cells),
        theme.style(meaning),
    ))];
    for (sku, count) in &view.pieces {
        let detail = state.bench.as_ref().and_then(|bench| bench.detail.as_ref());
        let products = detail.map_or(&[][..], |detail| &detail.products);
        let title = products
            .iter()
            .find(|product| product.sku == *sku)
            .map_or(sku.as_str(), |product| product.title.as_str());
        lines.push(Line::from(Span::styled(
            text::fit(&format!("     {count} × {title}  [{sku}]"), cells),
            theme.style(Meaning::Muted),
        )));
    }
    lines
}

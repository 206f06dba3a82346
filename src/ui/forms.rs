//! Forms: fields in rows, the selected one marked, what is missing in the last line.

use super::theme::{Meaning, Theme};
use super::widgets::text;
use crate::app::forms::{Form, FormKind};
use crate::app::keys::Action;
use crate::app::state::State;
use crate::app::{new_list_missing, new_list_notes, outside_notes, read_outside, read_own_order};
use ratatui::text::{Line, Span};

/// Cells of a field's name with its mark.
const NAME: usize = 14;

/// The lines of a form, at most `rows`.
pub(crate) fn lines(
    state: &State,
    form: &Form,
    theme: &Theme,
    cells: usize,
    rows: usize,
) -> Vec<Line<'static>> {
    let mut lines: Vec<Line<'static>> = notes(state, form)
        .iter()
        .flat_map(|note| text::wrap(note, cells, 3))
        .map(|line| Line::from(Span::styled(line, theme.style(Meaning::Weekend))))
        .collect();
    if !lines.is_empty() {
        lines.push(Line::from(""));
    }
    let room = rows.saturating_sub(lines.len() + 3).max(1);
    let first = form.selected.saturating_sub(room.saturating_sub(1));
    for (place, field) in form.fields.iter().enumerate().skip(first).take(room) {
        let selected = place == form.selected;
        let mark = if selected { "▶ " } else { "  " };
        let name = text::left(&format!("{mark}{}", field.name), NAME);
        let width = cells.saturating_sub(NAME);
        let (value, meaning) = if field.value.is_empty() {
            (text::fit(field.example, width), Meaning::Muted)
        } else {
            (text::fit(&field.value, width), Meaning::Text)
        };
        let style = if selected {
            Meaning::Selected
        } else {
            Meaning::Title
        };
        lines.push(Line::from(vec![
            Span::styled(name, theme.style(style)),
            Span::styled(value, theme.style(meaning)),
        ]));
    }
    lines.push(Line::from(""));
    let last = if form.sent {
        "… being written down".to_owned()
    } else {
        let missing = missing(state, form).map_or_else(String::new, |missing| format!("    first {missing}"));
        format!(
            "{}  {}    Esc  no{missing}",
            state.setup.keys.name(Action::Yes),
            form.kind.yes()
        )
    };
    lines.extend(
        text::wrap(&last, cells, 2)
            .into_iter()
            .map(|line| Line::from(Span::styled(line, theme.style(Meaning::Key)))),
    );
    lines
}

fn notes(state: &State, form: &Form) -> Vec<String> {
    match form.kind {
        FormKind::Outside => channel(state).map_or_else(Vec::new, |channel| outside_notes(form, channel)),
        FormKind::OwnOrder => Vec::new(),
        FormKind::NewList => new_list_notes(state),
    }
}

fn missing(state: &State, form: &Form) -> Option<String> {
    match form.kind {
        FormKind::Outside => read_outside(form, channel(state)?).err(),
        FormKind::OwnOrder => read_own_order(form, &state.setup, state.now).err(),
        FormKind::NewList => new_list_missing(form),
    }
}

fn channel(state: &State) -> Option<&crate::domain::order::ChannelOrder> {
    let detail = state.bench.as_ref()?.detail.as_ref()?;
    Some(&detail.order.channel)
}

//! The dialog that lists shipping policies, and lines to read.

use super::scrolled;
use crate::app::{PolicyList, Told};
use crate::ui::theme::{Meaning, Theme};
use crate::ui::widgets::text;
use ratatui::text::{Line, Span};

/// Each policy in two lines: place, name, store, state; when and then.
pub(super) fn list(list: &PolicyList, theme: &Theme, cells: usize, rows: usize) -> Vec<Line<'static>> {
    let muted = |words: &str| Line::from(Span::styled(words.to_owned(), theme.style(Meaning::Muted)));
    if !list.loaded {
        return vec![Line::from("… being read")];
    }
    let mut footing = vec![Line::from("")];
    for words in text::wrap(
        "A later policy overrides an earlier one, unless that was final. Prime goes to Buy Shipping whatever they say. \
         Who may changes them: tapegun policies --help",
        cells,
        3,
    ) {
        footing.push(muted(&words));
    }
    if list.rows.is_empty() {
        let mut none = vec![Line::from(
            "No policy: every order goes by the cheapest method that passes.",
        )];
        none.extend(footing);
        return none;
    }
    let mut shown = Vec::new();
    let mut end = 0;
    for (place, policy) in list.rows.iter().enumerate() {
        let selected = place == list.selected;
        let mark = if selected { "▶ " } else { "  " };
        let state = match policy.rule.state() {
            "" => String::new(),
            state => format!(" · {}", state.to_uppercase()),
        };
        let head = format!(
            "{mark}{}. {} · {}{state}",
            policy.place, policy.rule.name, policy.store
        );
        let meaning = match (selected, policy.rule.active) {
            (true, _) => Meaning::Selected,
            (false, true) => Meaning::Text,
            (false, false) => Meaning::Muted,
        };
        shown.push(Line::from(Span::styled(
            text::fit(&head, cells),
            theme.style(meaning),
        )));
        let says = format!("{} → {}", policy.rule.when.words(), policy.rule.does());
        for words in text::wrap(&says, cells.saturating_sub(5), 2) {
            shown.push(Line::from(format!("     {words}")));
        }
        if selected {
            end = shown.len();
        }
    }
    let room = rows.saturating_sub(footing.len());
    let top = end.saturating_sub(room.saturating_sub(1));
    let mut lines = scrolled(shown, top, room, theme);
    lines.extend(footing);
    lines
}

/// Lines to read; what begins with two blanks stays indented where it is broken.
pub(super) fn told(told: &Told, theme: &Theme, cells: usize, rows: usize) -> Vec<Line<'static>> {
    let mut lines = Vec::new();
    for paragraph in &told.lines {
        let indent = paragraph.len() - paragraph.trim_start().len();
        let meaning = match paragraph.trim_start() {
            words if words.starts_with("! ") => Meaning::Alarm,
            words if words.starts_with("▶ ") => Meaning::Next,
            words if words.starts_with("RED: ") => Meaning::Weekend,
            _ => Meaning::Text,
        };
        let broken = text::wrap(paragraph.trim_start(), cells.saturating_sub(indent), 12);
        if broken.is_empty() {
            lines.push(Line::from(""));
        }
        for words in broken {
            let words = format!("{}{words}", " ".repeat(indent));
            lines.push(Line::from(Span::styled(words, theme.style(meaning))));
        }
    }
    scrolled(lines, told.top, rows, theme)
}

//! The dialog that assigns an order's method ahead.

use super::scrolled;
use crate::app::MethodList;
use crate::app::state::State;
use crate::ui::theme::{Meaning, Theme};
use crate::ui::widgets::text;
use ratatui::text::{Line, Span};

/// How it is assigned now, then every method; the selected one stays in sight.
pub(super) fn lines(
    state: &State,
    list: &MethodList,
    theme: &Theme,
    cells: usize,
    rows: usize,
) -> Vec<Line<'static>> {
    let mut head: Vec<Line<'static>> = text::wrap(&format!("Now: {}", list.now), cells, 2)
        .into_iter()
        .map(|words| Line::from(Span::styled(words, theme.style(Meaning::Title))))
        .collect();
    if let Some(share) = state
        .costs
        .as_ref()
        .map(|facts| facts.prime)
        .filter(|_| list.prime)
    {
        head.push(Line::from(Span::styled(
            text::fit(&share.to_string(), cells),
            theme.style(if share.is_low() {
                Meaning::Late
            } else {
                Meaning::Muted
            }),
        )));
    }
    let mut shown = Vec::new();
    let mut end = 0;
    for (place, row) in list.rows.iter().enumerate() {
        let selected = place == list.selected;
        let mark = if selected { "▶ " } else { "  " };
        let tail = match (&row.refused, row.weighty.is_empty()) {
            (Some(words), _) => format!("  ✘ {words}"),
            (None, false) => "  ! not by everybody, with a reason".to_owned(),
            (None, true) => String::new(),
        };
        let meaning = match (selected, row.refused.is_some()) {
            (true, _) => Meaning::Selected,
            (false, true) => Meaning::Muted,
            (false, false) => Meaning::Text,
        };
        let words = format!("{mark}{}{tail}", row.name);
        if selected {
            let whole = text::wrap(&words, cells, 4);
            let style = theme.style(meaning);
            shown.extend(
                whole
                    .into_iter()
                    .map(|line| Line::from(Span::styled(line, style))),
            );
            end = shown.len();
        } else {
            shown.push(Line::from(Span::styled(
                text::fit(&words, cells),
                theme.style(meaning),
            )));
        }
    }
    let footing = vec![
        Line::from(""),
        Line::from(Span::styled(
            text::fit(
                "Enter  assign it; nothing is bought    Esc  leave it as it is",
                cells,
            ),
            theme.style(Meaning::Key),
        )),
    ];
    let room = rows.saturating_sub(head.len() + footing.len());
    let top = end.saturating_sub(room.saturating_sub(1));
    head.extend(scrolled(shown, top, room, theme));
    head.extend(footing);
    head
}

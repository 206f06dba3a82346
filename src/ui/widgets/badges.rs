//! Badges as words, and ship-by with the time left.

use crate::app::state::State;
use crate::domain::badge::{Badge, Urgency, urgency};
use crate::ui::theme::{Meaning, Theme};
use chrono::{DateTime, Utc};
use ratatui::text::Span;

fn meaning(badge: Badge) -> Meaning {
    match badge {
        Badge::Prime => Meaning::Prime,
        Badge::Business => Meaning::Business,
        Badge::Commercial => Meaning::Commercial,
        Badge::Transparency => Meaning::Transparency,
    }
}

/// `[PRIME] [BUSINESS]`, each followed by a blank.
pub(crate) fn words(badges: &[Badge], theme: &Theme) -> Vec<Span<'static>> {
    badges
        .iter()
        .flat_map(|badge| {
            let word = format!("[{}]", badge.word().to_uppercase());
            [Span::styled(word, theme.style(meaning(*badge))), Span::raw(" ")]
        })
        .collect()
}

/// Cells that [`words`] takes.
pub(crate) fn words_width(badges: &[Badge]) -> usize {
    badges.iter().map(|badge| badge.word().len() + 3).sum()
}

/// `PRIME 3 · BUSINESS 2`.
pub(crate) fn counts(badges: &[(Badge, u32)], theme: &Theme) -> Vec<Span<'static>> {
    let mut spans = Vec::new();
    for (badge, count) in badges {
        if !spans.is_empty() {
            spans.push(Span::raw(" · "));
        }
        let words = format!("{} {count}", badge.word().to_uppercase());
        spans.push(Span::styled(words, theme.style(meaning(*badge))));
    }
    spans
}

/// The time left until an order must have left whose channel says this ship-by, and how loud it is.
pub(crate) fn time_left(ship_by: Option<DateTime<Utc>>, state: &State) -> (String, Meaning) {
    let warehouse = &state.setup.warehouse;
    until(ship_by.map(|ship_by| warehouse.leave_by(ship_by)), state.now)
}

/// The time left until then.
pub(crate) fn until(leave_by: Option<DateTime<Utc>>, now: DateTime<Utc>) -> (String, Meaning) {
    let urgency = urgency(leave_by, now);
    let meaning = match urgency {
        Urgency::Overdue(_) | Urgency::Now(_) => Meaning::Late,
        Urgency::Today(_) => Meaning::Soon,
        Urgency::Later(_) => Meaning::Text,
        Urgency::NoDate => Meaning::Muted,
    };
    (urgency.to_string(), meaning)
}

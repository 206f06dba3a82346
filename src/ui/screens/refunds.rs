//! Refunds of voided labels with what they come to; labels that no carrier has scanned, with the days left.

use crate::app::label_method;
use crate::app::state::State;
use crate::domain::money::Money;
use crate::domain::refund;
use crate::domain::rows::LabelRow;
use crate::domain::shipment::LabelState;
use crate::ui::theme::{Meaning, Theme};
use crate::ui::widgets::rows::{below, heading, window, write};
use crate::ui::widgets::text;
use chrono::{DateTime, Utc};
use ratatui::buffer::Buffer;
use ratatui::layout::Rect;
use ratatui::text::{Line, Span};

/// Wide enough for one line a row.
const WIDE: u16 = 120;

pub(crate) fn draw(state: &State, theme: &Theme, area: Rect, buffer: &mut Buffer) {
    let view = &state.refunds;
    let list = view.window();
    let words = match (list.loaded, list.page.total, view.unmoved_shown) {
        (false, ..) => "  Reading …".to_owned(),
        (true, 0, false) => "  No label was voided.".to_owned(),
        (true, 0, true) => {
            "  Every label of the last weeks was scanned by its carrier, or is younger than two days."
                .to_owned()
        }
        (true, total, false) => format!(
            "  Refunds of voided labels: {total}{}{}",
            sums("awaited", &view.awaited),
            sums("lost", &view.lost)
        ),
        (true, total, true) => format!("  Labels that no carrier has scanned: {total} · void them in time"),
    };
    let used = write(
        &[heading(&words, area.width, theme.style(Meaning::Muted))],
        area,
        buffer,
    );
    let wide = area.width >= WIDE;
    let cells = usize::from(area.width).saturating_sub(2);
    let row = |label: &LabelRow| {
        if view.unmoved_shown {
            unmoved(label, state, theme, cells, wide)
        } else {
            refunded(label, state, theme, cells, wide)
        }
    };
    window(
        list,
        if wide { 1 } else { 2 },
        below(area, used),
        buffer,
        theme,
        row,
    );
}

/// ` · $20.36 awaited`.
fn sums(what: &str, sums: &[Money]) -> String {
    let each = sums.iter().map(|sum| format!(" · {sum} {what}"));
    each.collect::<Vec<_>>().concat()
}

fn day(at: Option<DateTime<Utc>>, state: &State) -> String {
    at.map_or_else(String::new, |at| {
        at.with_timezone(&state.setup.zone).format("%b %-d").to_string()
    })
}

/// Number, method, price: what both lists begin with.
fn head(label: &LabelRow, theme: &Theme, method: usize) -> Vec<Span<'static>> {
    vec![
        Span::styled(text::left(label.number.as_str(), 21), theme.style(Meaning::Title)),
        Span::raw(text::left(&label_method(label), method)),
        Span::raw(text::right(&label.price.to_string(), 10)),
    ]
}

fn refunded(label: &LabelRow, state: &State, theme: &Theme, cells: usize, wide: bool) -> Vec<Line<'static>> {
    let overdue = refund::is_overdue(label, state.now);
    let moves = refund::is_open(label.state) && label.aftermath.as_ref().is_some_and(|after| after.scanned);
    let meaning = match label.state {
        _ if overdue || moves => Meaning::Late,
        LabelState::RefundRejected => Meaning::Late,
        LabelState::Refunded => Meaning::Done,
        _ => Meaning::Text,
    };
    let mark = if meaning == Meaning::Late { "✘ " } else { "" };
    let voided = day(label.aftermath.as_ref().and_then(|after| after.voided_at), state);
    let mut fate = format!("{mark}{}", refund::expectation(label, state.now));
    if moves {
        fate = format!("{fate} · PARCEL MOVES");
    }
    let told = Span::raw(text::left(&format!("void {voided}"), 13));
    let stands = Span::raw(text::left(label.state.words(), 20));
    if wide {
        let mut line = head(label, theme, 34);
        line.extend([Span::raw("  "), told, stands]);
        let room = cells.saturating_sub(21 + 34 + 10 + 2 + 13 + 20);
        line.push(Span::styled(text::fit(&fate, room), theme.style(meaning)));
        return vec![Line::from(line)];
    }
    let first = head(label, theme, cells.saturating_sub(21 + 10));
    let room = cells.saturating_sub(2 + 13 + 20);
    let second = vec![
        Span::raw("  "),
        told,
        stands,
        Span::styled(text::fit(&fate, room), theme.style(meaning)),
    ];
    vec![Line::from(first), Line::from(second)]
}

fn unmoved(label: &LabelRow, state: &State, theme: &Theme, cells: usize, wide: bool) -> Vec<Line<'static>> {
    let left = refund::days_left(label, state.now).unwrap_or_default();
    let meaning = match left {
        ..=1 => Meaning::Late,
        2..=4 => Meaning::Soon,
        _ => Meaning::Text,
    };
    let mark = if meaning == Meaning::Late { "✘ " } else { "" };
    let bought = day(label.aftermath.as_ref().map(|after| after.bought_at), state);
    let told = Span::raw(text::left(&format!("bought {bought}"), 15));
    let window = Span::styled(
        text::left(&format!("{mark}{}", refund::window_words(label, state.now)), 22),
        theme.style(meaning),
    );
    if wide {
        let mut line = head(label, theme, 34);
        line.extend([Span::raw("  "), told, window]);
        let room = cells.saturating_sub(21 + 34 + 10 + 2 + 15 + 22);
        line.push(Span::raw(text::fit(&refund::heard_words(label), room)));
        return vec![Line::from(line)];
    }
    let first = head(label, theme, cells.saturating_sub(21 + 10));
    let room = cells.saturating_sub(2 + 15 + 22);
    let second = vec![
        Span::raw("  "),
        told,
        window,
        Span::raw(text::fit(&refund::heard_words(label), room)),
    ];
    vec![Line::from(first), Line::from(second)]
}

//! The order's labels: state, tracking, price, why one is held, refused or unknown.

use super::pack::order_line;
use crate::app::banner::Tone;
use crate::app::bench::Bench;
use crate::app::keys::Action;
use crate::app::state::State;
use crate::app::{confirmation_of, label_method, state_words, words};
use crate::domain::confirmation::ConfirmationRow;
use crate::domain::onto_box::OntoBox;
use crate::domain::refund;
use crate::domain::rows::{LabelRow, PrintState};
use crate::domain::seller::LabelVia;
use crate::domain::shipment::LabelState;
use crate::ui::theme::{Meaning, Theme};
use crate::ui::widgets::rows::{below, entry, write};
use crate::ui::widgets::text;
use ratatui::buffer::Buffer;
use ratatui::layout::Rect;
use ratatui::text::{Line, Span};

pub(crate) fn draw(state: &State, theme: &Theme, area: Rect, buffer: &mut Buffer) {
    let Some(bench) = &state.bench else { return };
    let Some(detail) = &bench.detail else {
        write(&[Line::from("  Reading the order …")], area, buffer);
        return;
    };
    let cells = usize::from(area.width);
    let used = write(&[order_line(detail, state, theme), Line::from("")], area, buffer);
    let area = below(area, used);
    let Some(label) = bench.label() else {
        write(
            &[Line::from("  No label yet: shop rates and buy one.")],
            area,
            buffer,
        );
        return;
    };
    let used = write(&facts(label, state, bench, theme, cells), area, buffer);
    let area = below(area, used);
    let used = others(bench, theme, area, buffer);
    history(state, bench, theme, cells, below(area, used), buffer);
}

fn facts(label: &LabelRow, state: &State, bench: &Bench, theme: &Theme, cells: usize) -> Vec<Line<'static>> {
    let (tone, what) = state_words(label);
    let meaning = match tone {
        Tone::Good => Meaning::Done,
        Tone::Bad => Meaning::Late,
        Tone::Wait => Meaning::Soon,
        Tone::Note => Meaning::Muted,
    };
    let mut lines: Vec<Line<'static>> = text::wrap(&what, cells.saturating_sub(6), 4)
        .into_iter()
        .enumerate()
        .map(|(place, line)| {
            let lead = if place == 0 {
                format!("  {} ", tone.glyph())
            } else {
                "    ".to_owned()
            };
            Line::from(Span::styled(format!("{lead}{line}"), theme.style(meaning)))
        })
        .collect();
    lines.push(Line::from(""));
    let destination = bench
        .detail
        .as_ref()
        .and_then(|detail| detail.order.channel.destination.as_ref());
    let mut fact = |name: &str, value: String| {
        let value = text::fit(&value, cells.saturating_sub(14));
        lines.push(Line::from(vec![
            Span::styled(format!("  {}", text::left(name, 12)), theme.style(Meaning::Title)),
            Span::raw(value),
        ]));
    };
    fact("Method", label_method(label));
    fact("Price", label.price.to_string());
    fact(
        "Tracking",
        label
            .tracking
            .as_ref()
            .map_or_else(|| "none yet".to_owned(), ToString::to_string),
    );
    if label.via == LabelVia::Outside {
        let told = bench
            .detail
            .as_ref()
            .map_or(&[][..], |detail| &detail.confirmations);
        let words = confirmation_of(label, told).map_or_else(
            || "not an order of Amazon's: nothing to tell".to_owned(),
            ConfirmationRow::words,
        );
        fact("Amazon", words);
    } else {
        fact("Delivery", words::delivery(label.promise.as_ref(), destination));
    }
    let wanted = words::moment(label.wanted_at, state.now, state.setup.zone);
    let changed = words::moment(label.changed_at, state.now, state.setup.zone);
    fact(
        "Wanted",
        format!("{wanted} · last change {changed} · sent {} ×", label.attempts),
    );
    fact("Printed", printed(label, state));
    match label.onto_box {
        OntoBox::NotAsked => {}
        OntoBox::Due => fact(
            "On its box",
            "not scanned yet: scan the label on the box".to_owned(),
        ),
        OntoBox::Done { at, .. } => {
            let at = words::moment(at, state.now, state.setup.zone);
            fact("On its box", format!("scanned {at}"));
        }
    }
    let refund = refund::expectation(label, state.now);
    if !refund.is_empty() {
        fact("Refund", format!("{} · {refund}", label.price));
    }
    if refund::is_unmoved(label, state.now) {
        let window = refund::window_words(label, state.now);
        fact("Carrier", format!("no scan known · {window}"));
    }
    let labels = bench.detail.as_ref().map_or(&[][..], |detail| &detail.labels);
    for words in refund::both_paid(labels, label, state.now) {
        let meaning = if words.starts_with("TWO") {
            Meaning::Late
        } else {
            Meaning::Soon
        };
        for line in text::wrap(&words, cells.saturating_sub(4), 3) {
            lines.push(Line::from(Span::styled(
                format!("  {line}"),
                theme.style(meaning),
            )));
        }
    }
    lines.push(Line::from(""));
    lines
}

/// Copies, and what the printer says of this label.
fn printed(label: &LabelRow, state: &State) -> String {
    let job = state.status.prints.iter().find(|job| job.label == label.id);
    let printer = match job.map(|job| (job.state, job.reason.as_deref())) {
        Some((PrintState::Wanted, _)) => " · waits for the printer".to_owned(),
        Some((PrintState::Sending, _)) => " · being printed".to_owned(),
        Some((PrintState::Failed, why)) => format!(" · ✘ PRINTER: {}", why.unwrap_or("it failed")),
        Some((PrintState::Doubtful, _)) => " · ✘ did it come out? Print it again if not".to_owned(),
        Some((PrintState::Done | PrintState::Dropped, _)) | None => String::new(),
    };
    if label.via == LabelVia::Outside {
        return "elsewhere".to_owned();
    }
    let document = match (label.document, label.state.was_bought()) {
        (None, true) => " · no document".to_owned(),
        (Some(_), _) => format!(" · {} shows it", state.setup.keys.name(Action::Look)),
        _ => String::new(),
    };
    format!("{} ×{printer}{document}", label.printed)
}

/// Where an order has several labels, all of them in a row each.
fn others(bench: &Bench, theme: &Theme, area: Rect, buffer: &mut Buffer) -> u16 {
    let labels = bench.detail.as_ref().map_or(&[][..], |detail| &detail.labels);
    if labels.len() < 2 {
        return 0;
    }
    let height = area.height.min(5);
    for (place, label) in (0..height).zip(labels) {
        let meaning = if label.state == LabelState::Unknown {
            Meaning::Late
        } else {
            Meaning::Text
        };
        let boxes = bench.detail.as_ref().map_or(&[][..], |detail| &detail.boxes);
        let parcel = match boxes.iter().find(|parcel| parcel.id == label.box_id) {
            Some(parcel) if boxes.len() > 1 => format!("box {:<3}", parcel.number),
            _ => String::new(),
        };
        let words = format!(
            "{parcel}{}  {}  {}",
            text::left(label.state.words(), 24),
            label.price,
            label_method(label)
        );
        let line = Line::from(Span::styled(
            text::fit(&words, usize::from(area.width).saturating_sub(2)),
            theme.style(meaning),
        ));
        let rect = Rect {
            y: area.y + place,
            height: 1,
            ..area
        };
        entry(
            &[line],
            usize::from(place) == bench.selected_label,
            rect,
            buffer,
            theme,
        );
    }
    height.min(u16::try_from(labels.len()).unwrap_or(height)) + 1
}

fn history(state: &State, bench: &Bench, theme: &Theme, cells: usize, area: Rect, buffer: &mut Buffer) {
    if area.height < 2 {
        return;
    }
    let mut lines = vec![Line::from(Span::styled("  History", theme.style(Meaning::Title)))];
    for row in bench
        .detail
        .iter()
        .flat_map(|detail| &detail.history)
        .take(usize::from(area.height))
    {
        let by = row.by.as_deref().map(|by| format!(" ({by})")).unwrap_or_default();
        let at = words::moment(row.at, state.now, state.setup.zone);
        let words = text::fit(&format!("  {at}  {}{by}", row.what), cells);
        lines.push(Line::from(Span::styled(words, theme.style(Meaning::Muted))));
    }
    write(&lines, area, buffer);
}

//! The day's end: carriers with what must go on the left, the manifest that is filled on the right, missing ones first
//! and in red; or labels that never moved.

use crate::app::DoorLine;
use crate::app::label_method;
use crate::app::state::State;
use crate::app::words::moment;
use crate::domain::collection::{CollectionForm, FormState};
use crate::domain::manifest::{Fate, ManifestDetail, NeverMoved, Parcel, WORKING_DAYS};
use crate::domain::refund;
use crate::ui::theme::{Meaning, Theme};
use crate::ui::widgets::rows::{below, entry, heading, write};
use crate::ui::widgets::text;
use ratatui::buffer::Buffer;
use ratatui::layout::Rect;
use ratatui::text::{Line, Span};

/// Wide enough for more columns.
const WIDE: u16 = 120;
/// Cells that words about a parcel take at least.
const LEAST_WORDS: usize = 12;
/// Cells of the list on the left.
const LEFT: u16 = 27;

pub(crate) fn draw(state: &State, theme: &Theme, area: Rect, buffer: &mut Buffer) {
    if state.day_end.unmoved_shown {
        never_moved(state, theme, area, buffer);
        return;
    }
    let wide = area.width >= WIDE;
    let left = Rect {
        width: if wide { LEFT + 13 } else { LEFT }.min(area.width),
        ..area
    };
    let right = Rect {
        x: area.x + left.width,
        width: area.width - left.width,
        ..area
    };
    carriers(state, theme, left, buffer);
    match state.day_end.manifest() {
        Some(detail) => manifest(detail, state, theme, right, buffer),
        None => guide(state, theme, right, buffer),
    }
}

fn carriers(state: &State, theme: &Theme, area: Rect, buffer: &mut Buffer) {
    let name = usize::from(area.width).saturating_sub(2 + 6 + 6 + 1);
    let head = format!(
        "  {}{}{}",
        text::left("Carrier", name),
        text::right("to go", 6),
        text::right("out", 6)
    );
    let used = write(
        &[heading(&head, area.width, theme.style(Meaning::Muted))],
        area,
        buffer,
    );
    let list = below(area, used);
    let lines = state.day_end.lines();
    if lines.is_empty() {
        let words = if state.day_end.loaded {
            "  Nothing must go."
        } else {
            "  Reading …"
        };
        write(
            &[heading(words, area.width, theme.style(Meaning::Muted))],
            list,
            buffer,
        );
        return;
    }
    let visible = usize::from(list.height);
    let selected = state.day_end.selected;
    let top = selected.saturating_sub(visible.saturating_sub(1));
    let filling = state.day_end.chosen;
    for (offset, line) in (0..list.height).zip(lines.iter().skip(top)) {
        let rect = Rect {
            y: list.y + offset,
            height: 1,
            ..list
        };
        let place = top + usize::from(offset);
        let marked = match filling {
            Some(id) => line.manifest.as_ref().is_some_and(|manifest| manifest.id == id),
            None => place == selected,
        };
        entry(&[carrier(line, theme, name)], marked, rect, buffer, theme);
    }
}

fn carrier(line: &DoorLine, theme: &Theme, name: usize) -> Line<'static> {
    let title = match &line.manifest {
        Some(manifest) => format!("{} №{}", manifest.heading(), manifest.id),
        None => line.carrier.clone(),
    };
    let meaning = match (&line.manifest, line.missing) {
        (_, 0) => Meaning::Done,
        (Some(_), _) => Meaning::Late,
        (None, _) => Meaning::Text,
    };
    Line::from(vec![
        Span::raw(text::left(&title, name)),
        Span::styled(text::right(&line.missing.to_string(), 6), theme.style(meaning)),
        Span::raw(text::right(&line.out.to_string(), 6)),
    ])
}

/// What to do while no manifest is filled.
fn guide(state: &State, theme: &Theme, area: Rect, buffer: &mut Buffer) {
    let day = &state.day_end;
    let words = match day.lines().get(day.selected) {
        None => vec![
            "Parcels stand here once they are labelled.".to_owned(),
            "Each is checked out at the door by scanning its label.".to_owned(),
        ],
        Some(line) => {
            let mut words = vec![match &line.manifest {
                Some(manifest) => format!("Enter goes on with manifest {} of {}.", manifest.id, line.carrier),
                None => format!("Enter opens a manifest for {}.", line.carrier),
            }];
            words
                .push("Then scan each parcel's label at the door: what is missing stands in red.".to_owned());
            let due = day.facts.carriers.iter().find(|due| due.carrier == line.carrier);
            if let Some(due) = due {
                words.push(String::new());
                for (store, count) in &due.stores {
                    words.push(format!("{count} to go of store {store}"));
                }
                if let Some(by) = due.ship_by {
                    words.push(format!(
                        "earliest ship-by {}",
                        moment(by, state.now, state.setup.zone)
                    ));
                }
            }
            words
        }
    };
    let cells = usize::from(area.width).saturating_sub(3);
    let lines: Vec<Line<'static>> = words
        .iter()
        .flat_map(|words| {
            let wrapped = text::wrap(words, cells, 3);
            if wrapped.is_empty() {
                vec![String::new()]
            } else {
                wrapped
            }
        })
        .map(|words| Line::from(Span::styled(format!("  {words}"), theme.style(Meaning::Next))))
        .collect();
    write(&lines, area, buffer);
}

fn manifest(detail: &ManifestDetail, state: &State, theme: &Theme, area: Rect, buffer: &mut Buffer) {
    let manifest = &detail.manifest;
    let missing = detail.missing().count();
    let title = if manifest.is_open() { "" } else { " CLOSED" };
    let cells = usize::from(area.width);
    let head = format!("  Manifest {} · {}{title}", manifest.id, manifest.heading());
    let (mark, meaning) = match (missing, manifest.is_open()) {
        (0, _) => ("✔ nothing missing".to_owned(), Meaning::Done),
        (_, true) => (format!("✘ {missing} MISSING"), Meaning::Late),
        (_, false) => (format!("{missing} carried over"), Meaning::Soon),
    };
    let left = if manifest.left > 0 {
        format!(" · {} left behind", manifest.left)
    } else {
        String::new()
    };
    let mut lines = vec![
        heading(&head, area.width, theme.style(Meaning::Title)),
        Line::from(vec![
            Span::raw(format!("  {} out · ", manifest.out)),
            Span::styled(mark, theme.style(meaning)),
            Span::raw(left),
        ]),
    ];
    lines.extend(
        state
            .day_end
            .forms()
            .take(2)
            .map(|known| form(known, theme, cells)),
    );
    if let Some(why) = &state.day_end.facts.unprinted {
        let words = text::fit(&format!("  ✘ NOT PRINTED: {why}"), cells.saturating_sub(1));
        lines.push(Line::from(Span::styled(words, theme.style(Meaning::Late))));
    }
    let used = write(&lines, area, buffer);
    parcels(detail, state, theme, below(area, used), buffer);
}

/// What became of a wish for a form.
fn form(form: &CollectionForm, theme: &Theme, cells: usize) -> Line<'static> {
    let (words, meaning) = match (form.state, &form.reason) {
        (FormState::Made, _) => ("made".to_owned(), Meaning::Done),
        (FormState::Refused, why) => (why.clone().unwrap_or_default(), Meaning::Amber),
        (state, Some(why)) => (format!("{}: {why}", state.words()), Meaning::Wait),
        (state, None) => (state.words().to_owned(), Meaning::Wait),
    };
    let words = format!("  Collection form {} ({}): {words}", form.id, form.store);
    Line::from(Span::styled(
        text::fit(&words, cells.saturating_sub(1)),
        theme.style(meaning),
    ))
}

fn parcels(detail: &ManifestDetail, state: &State, theme: &Theme, area: Rect, buffer: &mut Buffer) {
    let visible = usize::from(area.height);
    let (selected, total) = (state.day_end.row, detail.parcels.len());
    let top = selected
        .saturating_sub(visible / 2)
        .min(total.saturating_sub(visible));
    let cells = usize::from(area.width).saturating_sub(2);
    for (offset, parcel) in (0..area.height).zip(detail.parcels.iter().skip(top)) {
        let rect = Rect {
            y: area.y + offset,
            height: 1,
            ..area
        };
        let line = row(parcel, state, theme, cells);
        entry(
            &[line],
            top + usize::from(offset) == selected,
            rect,
            buffer,
            theme,
        );
    }
}

fn row(parcel: &Parcel, state: &State, theme: &Theme, cells: usize) -> Line<'static> {
    let (mark, meaning) = match &parcel.fate {
        Fate::Missing => ("✘ ".to_owned(), Meaning::Late),
        Fate::Carried => ("→ ".to_owned(), Meaning::Soon),
        Fate::Left { .. } => ("! ".to_owned(), Meaning::Amber),
        Fate::Out { .. } => ("✔ ".to_owned(), Meaning::Done),
    };
    let what = match &parcel.fate {
        Fate::Missing | Fate::Carried => parcel.ship_by.map_or_else(String::new, |by| {
            format!("ship by {}", moment(by, state.now, state.setup.zone))
        }),
        Fate::Left { reason, .. } => reason.clone(),
        Fate::Out { place, at, by } => {
            format!(
                "{place} · {} {by}",
                at.with_timezone(&state.setup.zone).format("%H:%M")
            )
        }
    };
    let mut spans = vec![
        Span::styled(
            format!("{mark}{}", text::left(&parcel.tracking_words(), 23)),
            theme.style(meaning),
        ),
        Span::raw(text::left(parcel.number.as_str(), 20)),
    ];
    let mut room = cells.saturating_sub(2 + 23 + 20);
    if room >= 50 {
        let store = format!("{} box {}  {}", parcel.store, parcel.box_number, parcel.service);
        spans.push(Span::raw(text::left(&store, 34)));
        room -= 34;
    }
    // A cut word says less than none.
    if room >= LEAST_WORDS {
        spans.push(Span::styled(text::fit(&what, room), theme.style(meaning)));
    }
    Line::from(spans)
}

fn never_moved(state: &State, theme: &Theme, area: Rect, buffer: &mut Buffer) {
    let rows = &state.day_end.facts.unmoved;
    let words = match (state.day_end.loaded, rows.len()) {
        (false, _) => "  Reading …".to_owned(),
        (true, 0) => format!("  Every parcel was scanned by its carrier within {WORKING_DAYS} working days."),
        (true, count) => format!(
            "  Never moved: {count} labels without a carrier's scan {WORKING_DAYS} working days after check-out or ship-by"
        ),
    };
    let used = write(
        &[heading(&words, area.width, theme.style(Meaning::Muted))],
        area,
        buffer,
    );
    let area = below(area, used);
    let wide = area.width >= WIDE;
    let height = if wide { 1 } else { 2 };
    let visible = usize::from(area.height / height);
    let selected = state.day_end.row;
    let top = selected
        .saturating_sub(visible / 2)
        .min(rows.len().saturating_sub(visible));
    let cells = usize::from(area.width).saturating_sub(2);
    for (place, known) in rows.iter().enumerate().skip(top).take(visible) {
        let offset = u16::try_from(place - top).unwrap_or(0) * height;
        let rect = Rect {
            y: area.y + offset,
            height,
            ..area
        };
        let lines = moved_row(known, state, theme, cells, wide);
        entry(&lines, place == selected, rect, buffer, theme);
    }
}

fn moved_row(row: &NeverMoved, state: &State, theme: &Theme, cells: usize, wide: bool) -> Vec<Line<'static>> {
    let label = &row.label;
    let day =
        |at: chrono::DateTime<chrono::Utc>| at.with_timezone(&state.setup.zone).format("%b %-d").to_string();
    let since = match (row.out_at, row.ship_by) {
        (Some(out), _) => format!("✘ out since {}", day(out)),
        (None, Some(by)) => format!("✘ never out, ship-by {}", day(by)),
        (None, None) => format!("✘ never out, labelled {}", day(row.since())),
    };
    let tracking = label
        .tracking
        .as_ref()
        .map_or_else(String::new, ToString::to_string);
    let first = vec![
        Span::styled(text::left(label.number.as_str(), 21), theme.style(Meaning::Title)),
        Span::styled(text::left(&since, 28), theme.style(Meaning::Late)),
        Span::raw(text::fit(&label_method(label), 34.min(cells.saturating_sub(49)))),
    ];
    let told = format!(
        "{tracking} · {} · {}",
        refund::heard_words(label),
        refund::window_words(label, state.now)
    );
    if wide {
        let mut line = first;
        let used: usize = line.iter().map(|span| text::width(&span.content)).sum();
        line.push(Span::raw(text::fit(
            &format!("  {told}"),
            cells.saturating_sub(used),
        )));
        return vec![Line::from(line)];
    }
    let second = vec![Span::raw(text::fit(&format!("  {told}"), cells))];
    vec![Line::from(first), Line::from(second)]
}

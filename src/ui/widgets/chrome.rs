//! What is around every screen: header, verdict, scan line, status line, footer.

use super::rows::write;
use super::text;
use crate::app::banner::Tone;
use crate::app::bench::Bench;
use crate::app::hints::hints;
use crate::app::keys::Action;
use crate::app::layers::{Layer, Measure};
use crate::app::state::{Screen, State};
use crate::app::words;
use crate::domain::rows::PrintState;
use crate::ui::theme::{Meaning, Theme};
use ratatui::buffer::Buffer;
use ratatui::layout::{Position, Rect};
use ratatui::text::{Line, Span};

/// Program, screen, who, where, clock.
pub(crate) fn header(state: &State, theme: &Theme, area: Rect, buffer: &mut Buffer) {
    let cells = usize::from(area.width);
    let number = state.bench.as_ref().map(Bench::title);
    let title = match state.screen {
        Screen::Orders => state.orders.title.clone(),
        Screen::Pack | Screen::Rates | Screen::Label => {
            let store = state.bench.as_ref().and_then(|bench| bench.detail.as_ref());
            let store = store
                .map(|detail| format!(" · {}", detail.order.channel.store))
                .unwrap_or_default();
            format!("{} {}{store}", state.screen.title(), number.unwrap_or_default())
        }
        screen => screen.title().to_owned(),
    };
    let demo = match (state.setup.rehearsal.is_some(), state.setup.demo) {
        (true, _) => " REHEARSAL",
        (false, true) => " DEMO",
        _ => "",
    };
    let who = state
        .user
        .as_ref()
        .map_or("nobody signed in", |user| user.name.as_str());
    let clock = state.now.with_timezone(&state.setup.zone).format("%a %H:%M");
    let tail = text::fit(
        &format!(
            " {} · {} · {clock} ",
            text::fit(who, 20),
            text::fit(state.setup.station.as_str(), 12)
        ),
        cells,
    );
    let head = text::left(
        &format!(" tapegun{demo} │ {title}"),
        cells.saturating_sub(text::width(&tail)),
    );
    buffer.set_line(area.x, area.y, &Line::from(format!("{head}{tail}")), area.width);
    buffer.set_style(area, theme.style(Meaning::Title));
}

/// The last verdict over the full width.
pub(crate) fn banner(state: &State, theme: &Theme, area: Rect, buffer: &mut Buffer) {
    let Some(banner) = &state.banner else { return };
    let meaning = match banner.tone {
        Tone::Good => Meaning::Good,
        Tone::Bad => Meaning::Alarm,
        Tone::Wait => Meaning::Wait,
        Tone::Note => Meaning::Note,
    };
    let lead = format!(" {} {} ", banner.tone.glyph(), banner.tone.word());
    let indent = text::width(&lead);
    let wrapped = text::wrap(
        &banner.words,
        usize::from(area.width).saturating_sub(indent + 1),
        usize::from(area.height),
    );
    let lines: Vec<Line<'static>> = wrapped
        .into_iter()
        .enumerate()
        .map(|(place, words)| {
            let lead = if place == 0 {
                lead.clone()
            } else {
                " ".repeat(indent)
            };
            Line::from(format!("{lead}{words}"))
        })
        .collect();
    write(&lines, area, buffer);
    buffer.set_style(area, theme.style(meaning));
}

/// What is typed or scanned, and what is asked for. Returns where the cursor belongs.
pub(crate) fn scan_line(state: &State, theme: &Theme, area: Rect, buffer: &mut Buffer) -> Position {
    let prompt = match state.layers.last() {
        Some(Layer::Measure(Measure::Weight)) => "Weight",
        Some(Layer::Measure(Measure::Size)) => "Size",
        Some(Layer::Question(question)) if question.wants_reason => "Why",
        _ if state.people.asked.is_some() => "PIN",
        _ if state.user.is_none() => "Badge or name",
        None if state.screen == Screen::Find => "Find or scan",
        None if state.day_end.chosen.is_some() && state.screen == Screen::DayEnd => "Scan parcel",
        _ => "Scan",
    };
    let prompt = text::fit(&format!(" {prompt}: "), usize::from(area.width));
    // A separator has no width of its own: show it, so that what was scanned can be checked by eye.
    let typed: String = state
        .line
        .chars()
        .map(|letter| match letter {
            _ if state.people.asked.is_some() => '•',
            letter if letter.is_control() => '␝',
            letter => letter,
        })
        .collect();
    let room = usize::from(area.width).saturating_sub(text::width(&prompt) + 1);
    let typed = text::fit_end(&typed, room);
    let end = text::width(&prompt) + text::width(&typed);
    let line = Line::from(vec![
        Span::styled(prompt, theme.style(Meaning::Title)),
        Span::raw(typed),
    ]);
    buffer.set_line(area.x, area.y, &line, area.width);
    let column = u16::try_from(end)
        .unwrap_or(area.width)
        .min(area.width.saturating_sub(1));
    Position {
        x: area.x + column,
        y: area.y,
    }
}

/// Sync state, what waits, printer, last answer time.
pub(crate) fn status(state: &State, theme: &Theme, area: Rect, buffer: &mut Buffer) {
    let facts = &state.status;
    let mut parts: Vec<(String, Meaning)> = Vec::new();
    if let Some(score) = state.practice_line() {
        parts.push((score, Meaning::Next));
    }
    match (facts.health.unreachable_since, facts.health.last_ok) {
        (Some(since), _) => {
            let at = words::moment(since, state.now, state.setup.zone);
            let span = words::span(state.now - since);
            parts.push((format!("✘ Amazon UNREACHABLE since {at} ({span})"), Meaning::Late));
        }
        (None, Some(last)) => {
            parts.push((
                format!("Amazon ok {}", words::moment(last, state.now, state.setup.zone)),
                Meaning::Muted,
            ));
        }
        (None, None) => parts.push(("Amazon not asked yet".to_owned(), Meaning::Muted)),
    }
    let waiting = facts.waiting;
    if waiting.unknown > 0 {
        parts.push((format!("✘ {} UNKNOWN", waiting.unknown), Meaning::Late));
    }
    let counts = [
        (waiting.purchases, "to buy"),
        (waiting.voids, "to void"),
        (waiting.quotes, "rates asked"),
        (waiting.prints, "to print"),
        (waiting.confirmations, "to tell Amazon"),
        (waiting.onto_box, "to scan on"),
    ];
    for (count, what) in counts.into_iter().filter(|(count, _)| *count > 0) {
        parts.push((format!("{count} {what}"), Meaning::Soon));
    }
    let doubtful = facts
        .prints
        .iter()
        .filter(|job| job.state == PrintState::Doubtful)
        .count();
    let failed = facts.prints.iter().find(|job| job.state == PrintState::Failed);
    if doubtful > 0 {
        parts.push((format!("✘ {doubtful} sheets: did they come out?"), Meaning::Late));
    }
    if let Some(job) = failed {
        let why = job.reason.as_deref().unwrap_or("it failed");
        parts.push((format!("✘ PRINTER: {}", text::fit(why, 60)), Meaning::Late));
    }
    if let Some(trouble) = &facts.health.trouble {
        parts.push((format!("✘ {trouble}"), Meaning::Late));
    }
    if let Some(reminder) = &facts.health.reminder {
        parts.push((format!("! {reminder}"), Meaning::Soon));
    }
    if let Some(time) = state.answer_time {
        parts.push((format!("scan {} ms", time.as_millis()), Meaning::Muted));
    }
    joined(&parts, theme, area, buffer);
}

/// Parts in a row, cut where the room ends.
fn joined(parts: &[(String, Meaning)], theme: &Theme, area: Rect, buffer: &mut Buffer) {
    let mut room = usize::from(area.width).saturating_sub(1);
    let mut spans = vec![Span::raw(" ")];
    for (place, (words, meaning)) in parts.iter().enumerate() {
        if place > 0 {
            if room < 6 {
                break;
            }
            spans.push(Span::styled(" │ ", theme.style(Meaning::Muted)));
            room -= 3;
        }
        let words = text::fit(words, room);
        room -= text::width(&words);
        spans.push(Span::styled(words, theme.style(*meaning)));
    }
    buffer.set_line(area.x, area.y, &Line::from(spans), area.width);
}

/// Keys that do something now: help first, then the most important, as many as fit.
pub(crate) fn footer(state: &State, theme: &Theme, area: Rect, buffer: &mut Buffer) {
    let all = hints(state);
    let moves = [
        Action::Up,
        Action::Down,
        Action::PageUp,
        Action::PageDown,
        Action::First,
        Action::Last,
    ];
    let (help, others): (Vec<_>, Vec<_>) = all
        .into_iter()
        .filter(|hint| !moves.contains(&hint.action))
        .partition(|hint| hint.action == Action::Help);
    let mut room = usize::from(area.width).saturating_sub(1);
    let mut spans = vec![Span::raw(" ")];
    for hint in help.into_iter().chain(others) {
        let wide = text::width(&hint.key) + 1 + text::width(&hint.label) + 2;
        if wide > room {
            continue;
        }
        room -= wide;
        spans.push(Span::styled(hint.key, theme.style(Meaning::Key)));
        spans.push(Span::raw(format!(" {}  ", hint.label)));
    }
    buffer.set_line(area.x, area.y, &Line::from(spans), area.width);
}

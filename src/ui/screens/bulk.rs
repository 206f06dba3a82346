//! Bulk ship: the run above, each order with its method and price or its reason below.

use crate::app::state::State;
use crate::app::words;
use crate::app::{amounts, run_time_left};
use crate::domain::bulk::{BulkRow, BulkRun, RowState, RunState};
use crate::domain::shipment::LabelState;
use crate::ui::theme::{Meaning, Theme};
use crate::ui::widgets::rows::{below, window, write};
use crate::ui::widgets::text;
use ratatui::buffer::Buffer;
use ratatui::layout::Rect;
use ratatui::text::{Line, Span};

/// Draws the run and the window of its orders.
pub(crate) fn draw(state: &State, theme: &Theme, area: Rect, buffer: &mut Buffer) {
    let cells = usize::from(area.width);
    let Some(run) = &state.bulk.run else {
        write(&[Line::from("  Reading …")], area, buffer);
        return;
    };
    let used = write(&heading(state, run, theme, cells), area, buffer);
    let row = |row: &BulkRow| vec![order(row, theme, cells.saturating_sub(2))];
    window(&state.bulk.rows, 1, below(area, used), buffer, theme, row);
}

fn heading(state: &State, run: &BulkRun, theme: &Theme, cells: usize) -> Vec<Line<'static>> {
    let counts = run.counts;
    let meaning = match run.state {
        RunState::Running | RunState::Stopping => Meaning::Wait,
        RunState::Ready | RunState::Stopped => Meaning::Next,
        RunState::Checking | RunState::Done => Meaning::Title,
    };
    let first = format!(
        "  Run {} of list {}: {} · {}",
        run.id, run.list, run.state, run.by
    );
    let mut parts = Vec::new();
    for (count, what) in [
        (counts.unknown, "UNKNOWN"),
        (counts.refused, "refused"),
        (counts.checking, "checking"),
        (counts.ok, "OK"),
        (counts.wanted, "being bought"),
    ] {
        if count > 0 {
            parts.push(format!("{count} {what}"));
        }
    }
    if counts.bought > 0 {
        parts.push(format!("{} bought ({} printed)", counts.bought, counts.printed));
    }
    if counts.already > 0 {
        parts.push(format!("{} had a label", counts.already));
    }
    let mut money = Vec::new();
    if !run.to_buy.is_empty() {
        money.push(format!("to buy {}", amounts(&run.to_buy)));
    }
    if !run.bought.is_empty() {
        money.push(format!("bought {}", amounts(&run.bought)));
    }
    if let Some(left) = run_time_left(state, run) {
        money.push(format!("about {} left", time(left)));
    }
    money.push(run.mode.to_string());
    if run.earliest.is_some() {
        money.push("the earliest where all are late".to_owned());
    }
    let line = |words: &str, meaning| Line::from(Span::styled(text::fit(words, cells), theme.style(meaning)));
    vec![
        line(&first, meaning),
        line(
            &format!("  {} orders: {}", counts.orders, parts.join(" · ")),
            Meaning::Text,
        ),
        line(&format!("  {}", money.join(" · ")), Meaning::Muted),
    ]
}

/// Seconds below a minute, then minutes and hours.
fn time(left: chrono::TimeDelta) -> String {
    if left < chrono::TimeDelta::minutes(1) {
        format!("{} s", left.num_seconds().max(1))
    } else {
        words::span(left)
    }
}

fn order(row: &BulkRow, theme: &Theme, cells: usize) -> Line<'static> {
    let (came, meaning) = came(row);
    let price = row.price.map(|price| price.to_string()).unwrap_or_default();
    let tail = match row.state {
        RowState::Refused | RowState::Unknown => row.words.clone(),
        RowState::Bought if row.printed == 0 && !row.words.is_empty() => row.words.clone(),
        _ => row.method.clone(),
    };
    let room = cells.saturating_sub(20 + 22 + 10);
    Line::from(vec![
        Span::styled(text::left(row.number.as_str(), 20), theme.style(Meaning::Title)),
        Span::styled(text::left(&came, 22), theme.style(meaning)),
        Span::raw(text::right(&price, 9)),
        Span::raw(" "),
        Span::raw(text::fit(&tail, room)),
    ])
}

/// What came of an order, and how loud it is.
fn came(row: &BulkRow) -> (String, Meaning) {
    match row.state {
        RowState::New => ("· not looked at yet".to_owned(), Meaning::Muted),
        RowState::Asked => ("· asking for rates".to_owned(), Meaning::Muted),
        RowState::Ok => ("✔ OK".to_owned(), Meaning::Done),
        RowState::Wanted => match row.label {
            Some(LabelState::Asked) => ("· being asked".to_owned(), Meaning::Wait),
            _ => ("· waits to be asked".to_owned(), Meaning::Wait),
        },
        RowState::Bought => match (row.label, row.printed) {
            (Some(label), _) if !label.is_live() => (format!("· {label}"), Meaning::Muted),
            (_, 0) => ("✔ bought, NOT PRINTED".to_owned(), Meaning::Weekend),
            _ => ("✔ bought, printed".to_owned(), Meaning::Done),
        },
        RowState::Refused => ("✘ REFUSED".to_owned(), Meaning::Late),
        RowState::Unknown => ("✘ UNKNOWN if bought".to_owned(), Meaning::Late),
        RowState::Already => ("· had a label".to_owned(), Meaning::Muted),
    }
}

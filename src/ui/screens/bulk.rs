//! Bulk ship: the run above, each order with its method and price or its reason below.

use crate::app::keys::Action;
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

/// Draws the run and the window of its orders; what does not fit into the selected row stands whole at the bottom.
pub(crate) fn draw(state: &State, theme: &Theme, area: Rect, buffer: &mut Buffer) {
    let cells = usize::from(area.width);
    let Some(run) = &state.bulk.run else {
        write(&[Line::from("  Reading …")], area, buffer);
        return;
    };
    let used = write(&heading(state, run, theme, cells), area, buffer);
    let rows = &state.bulk.rows;
    let several = rows.page.rows.iter().any(|row| row.box_number.is_some());
    let room = cells.saturating_sub(2);
    let whole = rows
        .selection()
        .map(|row| whole(row, several, room, theme))
        .unwrap_or_default();
    let mut area = below(area, used);
    let at_the_bottom = u16::try_from(whole.len()).unwrap_or(0);
    area.height = area.height.saturating_sub(at_the_bottom);
    window(rows, 1, area, buffer, theme, |row| {
        vec![order(row, several, theme, room)]
    });
    let bottom = Rect {
        y: area.y + area.height,
        height: at_the_bottom,
        ..area
    };
    write(&whole, bottom, buffer);
}

fn heading(state: &State, run: &BulkRun, theme: &Theme, cells: usize) -> Vec<Line<'static>> {
    let counts = run.counts;
    let meaning = match run.state {
        RunState::Running | RunState::Stopping => Meaning::Wait,
        RunState::Ready | RunState::Stopped => Meaning::Next,
        RunState::Checking | RunState::Done => Meaning::Title,
    };
    let mut first = vec![
        format!("Run {} of list {}", run.id, run.list),
        run.state.to_string(),
    ];
    match run.state {
        RunState::Checking => {
            let seen = counts.orders.saturating_sub(counts.checking);
            first.push(format!("{seen} of {}", counts.orders));
        }
        RunState::Running | RunState::Stopping => {
            let left = counts.checking + counts.ok + counts.wanted;
            first.push(format!(
                "{} of {}",
                counts.orders.saturating_sub(left),
                counts.orders
            ));
        }
        RunState::Ready | RunState::Stopped | RunState::Done => {}
    }
    if let Some(left) = run_time_left(state, run) {
        first.push(format!("about {} left", time(left)));
    }
    first.push(run.by.clone());
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
    money.push(run.mode.to_string());
    if run.earliest.is_some() {
        money.push("the earliest where all are late".to_owned());
    }
    let line = |words: &str, meaning| {
        let words = format!("  {words}");
        Line::from(Span::styled(text::fit(&words, cells), theme.style(meaning)))
    };
    vec![
        line(&first.join(" · "), meaning),
        line(
            &format!("{}: {}", counted(counts.orders), parts.join(" · ")),
            Meaning::Text,
        ),
        line(&money.join(" · "), Meaning::Muted),
        line(&what_now(state, run), Meaning::Muted),
    ]
}

fn counted(orders: u32) -> String {
    if orders == 1 {
        "1 order".to_owned()
    } else {
        format!("{orders} orders")
    }
}

/// What it means and what to do now.
fn what_now(state: &State, run: &BulkRun) -> String {
    let key = |action| state.setup.keys.name(action);
    let (bulk, yes) = (key(Action::Bulk), key(Action::Yes));
    match run.state {
        RunState::Checking => "Amazon is asked for rates. Nothing is bought.".to_owned(),
        RunState::Ready if run.counts.ok == 0 => {
            format!("Nothing to buy: put right what is refused, then {bulk} looks again.")
        }
        RunState::Ready => format!("Look the list over. {yes} asks once more, then buys what is OK."),
        RunState::Running => {
            format!("You can leave this screen: it goes on. {bulk} stops it between orders.")
        }
        RunState::Stopping => "Nothing more is asked for; what is being asked for is waited for.".to_owned(),
        RunState::Stopped => format!("{yes} goes on where it was."),
        RunState::Done if run.counts.refused > 0 => {
            format!("A NO LABEL sheet lies in the place of each missing one. {bulk} looks again.")
        }
        RunState::Done => "The labels lie in the order of the list.".to_owned(),
    }
}

/// Seconds below a minute, then minutes and hours.
fn time(left: chrono::TimeDelta) -> String {
    if left < chrono::TimeDelta::minutes(1) {
        format!("{} s", left.num_seconds().max(1))
    } else {
        words::span(left)
    }
}

/// The order's number, and its box where the order has several.
fn number(row: &BulkRow, several: bool) -> String {
    match row.box_number {
        Some(number) => text::left(&format!("{} box {number}", row.number), NUMBER + 7),
        None => text::left(row.number.as_str(), if several { NUMBER + 7 } else { NUMBER }),
    }
}

/// Cells of an order's number, of what came of it, of its price.
const NUMBER: usize = 20;
const CAME: usize = 22;
const PRICE: usize = 9;

/// What stands behind the number, the outcome and the price: the method, or the reason.
fn tail(row: &BulkRow) -> &str {
    match row.state {
        RowState::Refused | RowState::Unknown | RowState::Already => &row.words,
        RowState::Bought if row.printed == 0 && !row.words.is_empty() => &row.words,
        _ => &row.method,
    }
}

/// Cells that are left for it. What was refused has no price, and its reason takes that room too.
fn room(row: &BulkRow, several: bool, cells: usize) -> usize {
    let number = if several { NUMBER + 7 } else { NUMBER };
    let taken = match row.state {
        RowState::Refused => text::width(REFUSED) + 1,
        _ => CAME + PRICE + 1,
    };
    cells.saturating_sub(number + taken)
}

const REFUSED: &str = "✘ REFUSED";

fn order(row: &BulkRow, several: bool, theme: &Theme, cells: usize) -> Line<'static> {
    let (came, meaning) = came(row);
    let mut spans = vec![Span::styled(number(row, several), theme.style(Meaning::Title))];
    if row.state == RowState::Refused {
        spans.push(Span::styled(format!("{came} "), theme.style(meaning)));
    } else {
        let price = row.price.map(|price| price.to_string()).unwrap_or_default();
        spans.push(Span::styled(text::left(&came, CAME), theme.style(meaning)));
        spans.push(Span::raw(format!("{} ", text::right(&price, PRICE))));
    }
    spans.push(Span::raw(text::fit(tail(row), room(row, several, cells))));
    Line::from(spans)
}

/// What does not fit into a row, in as many lines as it needs.
fn whole(row: &BulkRow, several: bool, cells: usize, theme: &Theme) -> Vec<Line<'static>> {
    let tail = tail(row);
    if text::width(tail) <= room(row, several, cells) {
        return Vec::new();
    }
    let words = format!("{}: {tail}", row.number);
    let lines = text::wrap(&words, cells, 4).into_iter();
    lines
        .map(|line| Line::from(Span::styled(format!("  {line}"), theme.style(Meaning::Next))))
        .collect()
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
        RowState::Refused => (REFUSED.to_owned(), Meaning::Late),
        RowState::Unknown => ("✘ UNKNOWN if bought".to_owned(), Meaning::Late),
        RowState::Already => ("· had a label".to_owned(), Meaning::Muted),
    }
}

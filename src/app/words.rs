//! Times and windows in words, for questions and for the drawing of screens.

use crate::domain::address::Destination;
use crate::domain::order::Window;
use chrono::{DateTime, NaiveTime, TimeDelta, Utc};
use chrono_tz::Tz;

/// A delivery window in the destination's local time: `Tue 24 Nov, 9:00–21:00 MST`. Where the place may lie in
/// two zones the first is shown; verdicts count them all.
pub fn delivery(window: Option<&Window>, destination: Option<&Destination>) -> String {
    let Some(latest) = window.and_then(|window| window.latest) else {
        return "no promise".to_owned();
    };
    let zone = destination
        .and_then(|destination| destination.zones.first())
        .copied()
        .unwrap_or(Tz::UTC);
    let earliest = window.and_then(|window| window.earliest);
    let end = latest.with_timezone(&zone);
    // Midnight belongs to the day that it ends.
    let (day, until) = if end.time() == NaiveTime::MIN {
        ((end - TimeDelta::nanoseconds(1)).date_naive(), "24:00".to_owned())
    } else {
        (end.date_naive(), end.format("%H:%M").to_string())
    };
    match earliest.map(|earliest| earliest.with_timezone(&zone)) {
        Some(start) if start.date_naive() == day => {
            format!(
                "{} {}–{until} {}",
                day.format("%a %-d %b"),
                start.format("%H:%M"),
                end.format("%Z")
            )
        }
        Some(start) => {
            format!(
                "{}–{} {until} {}",
                start.format("%a %-d"),
                day.format("%a %-d %b"),
                end.format("%Z")
            )
        }
        None => format!("{} by {until} {}", day.format("%a %-d %b"), end.format("%Z")),
    }
}

/// A moment at the bench: the time today, with the day otherwise.
pub fn moment(at: DateTime<Utc>, now: DateTime<Utc>, zone: Tz) -> String {
    let (local, today) = (at.with_timezone(&zone), now.with_timezone(&zone));
    if local.date_naive() == today.date_naive() {
        local.format("%H:%M").to_string()
    } else {
        local.format("%a %-d %b %H:%M").to_string()
    }
}

/// A span in two figures at most, rounded down: `2d 4h`, `5h 07m`, `12m`, `40s`.
pub fn span(span: TimeDelta) -> String {
    let (days, hours, minutes) = (span.num_days(), span.num_hours() % 24, span.num_minutes() % 60);
    match (days, span.num_hours(), span.num_minutes()) {
        (0, 0, 0) => format!("{}s", span.num_seconds().max(0)),
        (0, 0, _) => format!("{minutes}m"),
        (0, _, _) => format!("{hours}h {minutes:02}m"),
        _ => format!("{days}d {hours}h"),
    }
}

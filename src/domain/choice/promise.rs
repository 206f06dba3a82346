//! The promised day at the destination, and the days off that a window meets.

use crate::domain::address::Destination;
use crate::domain::order::Window;
use chrono::{DateTime, Datelike, Days as Span, NaiveDate, NaiveTime, TimeDelta, Utc, Weekday};
use chrono_tz::Tz;

/// The longest window that is looked at day by day: a longer one meets every weekday anyway.
const LONGEST: usize = 62;

/// What a window means at its destination.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Days {
    /// The promised day in each zone that the place may lie in, without repeats.
    pub promised: Vec<NaiveDate>,
    /// The promised day is a day off, in words: by any of the zones.
    pub promised_off: Option<String>,
    /// An earlier day of the window is a day off, in words: by any of the zones.
    pub spans_off: Option<String>,
}

/// Works out the promised day (the end of the window in local time; local 00:00 is the day before) and whether
/// it, or an earlier day of the window, is a weekend or a day on which the buyer is closed.
pub fn days(window: &Window, destination: &Destination) -> Days {
    let mut found = Days::default();
    let Some(latest) = window.latest else { return found };
    for zone in &destination.zones {
        let promised = day_of_end(latest, *zone);
        if !found.promised.contains(&promised) {
            found.promised.push(promised);
        }
        if found.promised_off.is_none() {
            found.promised_off = off(promised, destination).map(|why| format!("would deliver on {why}"));
        }
        let first = window
            .earliest
            .map_or(promised, |earliest| earliest.with_timezone(zone).date_naive());
        if found.spans_off.is_none() {
            found.spans_off = first
                .iter_days()
                .take_while(|day| *day < promised)
                .take(LONGEST)
                .find_map(|day| off(day, destination))
                .map(|why| format!("may deliver on {why}"));
        }
    }
    found
}

/// The day that a window ends on: midnight belongs to the day that it ends.
fn day_of_end(end: DateTime<Utc>, zone: Tz) -> NaiveDate {
    let local = end.with_timezone(&zone);
    if local.time() == NaiveTime::MIN {
        return local.date_naive() - Span::new(1);
    }
    // Also where the clocks skip midnight: the first moment of a day ends the day before.
    (end - TimeDelta::nanoseconds(1))
        .with_timezone(&zone)
        .date_naive()
}

/// Why this day is off, in words: a weekend, or the buyer's stated hours. An exception "open" overrules the
/// weekday's hours, never a weekend.
fn off(day: NaiveDate, destination: &Destination) -> Option<String> {
    let date = day.format("%b %-d");
    match day.weekday() {
        Weekday::Sat => return Some(format!("a Saturday ({date})")),
        Weekday::Sun => return Some(format!("a Sunday ({date})")),
        _ => {}
    }
    if destination.closed_dates.contains(&day) {
        return Some(format!("{date}, when the buyer says closed"));
    }
    if destination.closed_weekdays.contains(&day.weekday()) && !destination.open_dates.contains(&day) {
        return Some(format!(
            "a {}, when the buyer says closed ({date})",
            weekday(day.weekday())
        ));
    }
    None
}

/// A weekday's full name.
fn weekday(day: Weekday) -> &'static str {
    match day {
        Weekday::Mon => "Monday",
        Weekday::Tue => "Tuesday",
        Weekday::Wed => "Wednesday",
        Weekday::Thu => "Thursday",
        Weekday::Fri => "Friday",
        Weekday::Sat => "Saturday",
        Weekday::Sun => "Sunday",
    }
}

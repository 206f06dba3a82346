//! `report`: the desk's numbers in words, as JSON, or as CSV. Who may not see everybody's numbers is told their own.

use super::Context;
use super::report::{Report, table};
use super::screens::zone;
use crate::cli::{Moment, ReportArgs};
use crate::domain::csv::{self, Cell};
use crate::domain::desk::{Span, day_start, next_day, today};
use crate::error::{Exit, Failure, Outcome};
use crate::runtime::reports::{self, Asked};
use crate::store::StoreError;
use chrono::{DateTime, NaiveTime, TimeDelta, Utc};
use chrono_tz::Tz;
use serde_json::{Map, Value, json};
use std::io::Write;
use std::path::Path;

/// Runs `report`.
pub(super) fn run(arguments: &ReportArgs, context: &Context, out: &mut dyn Write) -> Outcome<Exit> {
    let user = context.user()?;
    let zone = zone(&context.config.stores)?;
    let now = context.clock.now();
    let asked = Asked {
        kind: arguments.kind,
        by: user.id,
        span: span(arguments, zone, now)?,
        zone,
        now,
    };
    match &arguments.csv {
        Some(path) if path == Path::new("-") => {
            if arguments.output.json {
                return Err(Failure::usage("standard output takes CSV or JSON, not both"));
            }
            out.write_all(csv::head(asked.kind.head()).as_bytes())?;
            let mut fault = None;
            let count = reports::rows(&context.store, asked, |rows| {
                rows.iter().try_for_each(|row| {
                    out.write_all(csv::row(row).as_bytes()).map_err(|error| {
                        let words = StoreError::Failed(error.to_string());
                        fault = Some(error);
                        words
                    })
                })
            });
            if let Some(fault) = fault {
                return Err(fault.into());
            }
            let count = count?;
            note(context, &asked, count)?;
            out.flush()?;
            Ok(Exit::Done)
        }
        Some(path) => {
            let count = reports::export(&context.store, asked, path)?;
            note(context, &asked, count)?;
            let text = format!("{}: {count} rows", path.display());
            let report = Report::new(text, json!({ "file": path, "rows": count }));
            report.write(arguments.output, out)?;
            Ok(report.exit)
        }
        None => {
            let report = shown(context, asked)?;
            report.write(arguments.output, out)?;
            Ok(report.exit)
        }
    }
}

fn note(context: &Context, asked: &Asked, count: usize) -> Outcome<()> {
    let (by, now) = (asked.by, asked.now);
    let what = format!("report {} exported as CSV, {count} rows", asked.kind);
    Ok(context
        .store
        .write_blocking(move |store| store.note_audit(Some(by), &what, now))?)
}

fn shown(context: &Context, asked: Asked) -> Outcome<Report> {
    let head = asked.kind.head();
    let mut lines = vec![head.iter().map(|name| name.to_uppercase()).collect::<Vec<_>>()];
    let mut values = Vec::new();
    reports::rows(&context.store, asked, |rows| {
        for row in rows {
            values.push(value(head, &row));
            lines.push(row.iter().map(plain).collect());
        }
        Ok(())
    })?;
    let rows = values.len();
    let text = if rows == 0 {
        "nothing in this time".to_owned()
    } else {
        table(&lines)
    };
    let json = json!({
        "report": asked.kind.word(),
        "from": asked.span.from,
        "to": asked.span.to,
        "zone": asked.zone.name(),
        "rows": values,
    });
    Ok(Report::new(text, json))
}

fn plain(cell: &Cell) -> String {
    match cell {
        Cell::Empty => "-".to_owned(),
        cell => cell.plain(),
    }
}

fn value(head: &[&str], row: &[Cell]) -> Value {
    let each = head.iter().zip(row).map(|(name, cell)| {
        let value = match cell {
            Cell::Empty => Value::Null,
            Cell::Whole(number) => json!(number),
            Cell::Utc(at) | Cell::Local(at, _) => json!(at),
            cell => Value::String(cell.plain()),
        };
        ((*name).to_owned(), value)
    });
    Value::Object(each.collect::<Map<_, _>>())
}

/// Today where nothing is said.
fn span(arguments: &ReportArgs, zone: Tz, now: DateTime<Utc>) -> Outcome<Span> {
    let today = today(now, zone);
    let start = |day: chrono::NaiveDate| {
        // Noon stands on every day, whatever the clock does at midnight.
        let noon = day.and_time(NaiveTime::MIN).and_utc() + TimeDelta::hours(12);
        let there = noon.with_timezone(&zone).date_naive();
        day_start(noon + (day - there), zone)
    };
    let from = match arguments.from {
        None => today.from,
        Some(Moment::At(at)) => at,
        Some(Moment::Day(day)) => start(day),
    };
    let to = match arguments.to {
        None => today.to,
        Some(Moment::At(at)) => at,
        Some(Moment::Day(day)) => next_day(start(day), zone),
    };
    if from < to {
        return Ok(Span { from, to });
    }
    Err(Failure::usage("this time ends before it begins").hint("--from stands before --to"))
}

//! `report`: the desk's numbers as tables. Clap structs only.

use super::Output;
use crate::domain::desk::report::ReportKind;
use chrono::{DateTime, NaiveDate, Utc};
use clap::Args;
use std::path::PathBuf;

/// `report`.
#[derive(Debug, Clone, Args)]
pub struct ReportArgs {
    /// ship-by and orders (open orders as they are now), packed, scans, errors (by hour and packer), spend, labels, refunds
    #[arg(value_parser = kind)]
    pub kind: ReportKind,
    /// Write CSV into a new file (mode 0600); - writes it to standard output
    #[arg(long, value_name = "FILE")]
    pub csv: Option<PathBuf>,
    /// From this day or time on, e.g. 2026-11-20 (midnight at the bench) or 2026-11-20T09:00:00Z; else from today on
    #[arg(long, value_name = "TIME", value_parser = moment)]
    pub from: Option<Moment>,
    /// Up to the end of this day, or before this time; else up to now
    #[arg(long, value_name = "TIME", value_parser = moment)]
    pub to: Option<Moment>,
    /// How to write.
    #[command(flatten)]
    pub output: Output,
}

/// A day at the bench, or a time.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Moment {
    /// Day.
    Day(NaiveDate),
    /// Time.
    At(DateTime<Utc>),
}

fn moment(text: &str) -> Result<Moment, String> {
    if let Ok(time) = text.parse::<DateTime<Utc>>() {
        return Ok(Moment::At(time));
    }
    text.parse::<NaiveDate>()
        .map(Moment::Day)
        .map_err(|_| "write a day like 2026-11-20 or a time like 2026-11-20T09:00:00Z".to_owned())
}

fn kind(word: &str) -> Result<ReportKind, String> {
    ReportKind::parse(word).ok_or_else(|| {
        let known = ReportKind::ALL.map(ReportKind::word);
        format!("write one of {}", known.join(", "))
    })
}

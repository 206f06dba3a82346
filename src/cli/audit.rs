//! `audit`: who did what.

use super::Output;
use chrono::{DateTime, NaiveDate, NaiveTime, Utc};
use clap::{Args, Subcommand};
use std::path::PathBuf;

/// `audit`.
#[derive(Debug, Subcommand)]
pub enum AuditCommand {
    /// Who did what, newest first
    List(AuditListArgs),
    /// Write the whole log to a new file as CSV, oldest first
    Export(AuditExportArgs),
    /// Prove that no row was changed or taken away; fails and names the first one otherwise
    Verify(AuditVerifyArgs),
}

impl AuditCommand {
    /// How to write.
    pub fn output(&self) -> Output {
        match self {
            Self::List(arguments) => arguments.output,
            Self::Export(arguments) => arguments.output,
            Self::Verify(arguments) => arguments.output,
        }
    }
}

/// `audit list`.
#[derive(Debug, Clone, Default, Args)]
pub struct AuditListArgs {
    /// Rows with all of these words in who, what or the order's number
    pub words: Vec<String>,
    /// Only by this person
    #[arg(long, value_name = "NAME")]
    pub by: Option<String>,
    /// Only about this order
    #[arg(long, value_name = "NUMBER")]
    pub order: Option<String>,
    /// Not before this day or time (UTC), e.g. 2026-11-20 or 2026-11-20T09:00:00Z
    #[arg(long, value_name = "TIME", value_parser = moment)]
    pub since: Option<DateTime<Utc>>,
    /// Before this day or time (UTC)
    #[arg(long, value_name = "TIME", value_parser = moment)]
    pub until: Option<DateTime<Utc>>,
    /// Leave out so many
    #[arg(long, default_value_t = 0)]
    pub first: usize,
    /// At most so many
    #[arg(long, default_value_t = 100)]
    pub limit: usize,
    /// How to write.
    #[command(flatten)]
    pub output: Output,
}

/// `audit export`.
#[derive(Debug, Clone, Args)]
pub struct AuditExportArgs {
    /// A new file (mode 0600)
    pub to: PathBuf,
    /// How to write.
    #[command(flatten)]
    pub output: Output,
}

/// `audit verify`.
#[derive(Debug, Clone, Args)]
pub struct AuditVerifyArgs {
    /// An earlier export: each of its rows must stand in the log as it was
    #[arg(long, value_name = "FILE")]
    pub against: Option<PathBuf>,
    /// How to write.
    #[command(flatten)]
    pub output: Output,
}

/// A day or a time in UTC.
fn moment(text: &str) -> Result<DateTime<Utc>, String> {
    if let Ok(time) = text.parse::<DateTime<Utc>>() {
        return Ok(time);
    }
    text.parse::<NaiveDate>()
        .map(|day| day.and_time(NaiveTime::MIN).and_utc())
        .map_err(|_| "a day like 2026-11-20 or a time like 2026-11-20T09:00:00Z".to_owned())
}

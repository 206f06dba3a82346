//! What asks for carrier accounts and for what labels cost. Clap structs only.

use super::Output;
use chrono::{DateTime, Utc};
use clap::{Args, Subcommand};

/// `carriers`.
#[derive(Debug, Subcommand)]
pub enum CarriersCommand {
    /// Carrier accounts of your own that are linked in Seller Central, for each store, and how to link one
    List(CarriersListArgs),
}

/// `carriers list`.
#[derive(Debug, Clone, Args)]
pub struct CarriersListArgs {
    /// Wait at most so many seconds for the answer
    #[arg(long, value_name = "SECONDS", default_value_t = 60)]
    pub wait: u64,
    /// How to write.
    #[command(flatten)]
    pub output: Output,
}

/// `spend`.
#[derive(Debug, Clone, Args)]
pub struct SpendArgs {
    /// Only labels wanted since then, e.g. 2026-11-01 (midnight UTC) or 2026-11-01T06:00:00Z
    #[arg(long, value_name = "DATE", value_parser = moment)]
    pub since: Option<DateTime<Utc>>,
    /// How to write.
    #[command(flatten)]
    pub output: Output,
}

/// Reads a day or a moment.
fn moment(text: &str) -> Result<DateTime<Utc>, String> {
    let day = || {
        Some(
            text.parse::<chrono::NaiveDate>()
                .ok()?
                .and_hms_opt(0, 0, 0)?
                .and_utc(),
        )
    };
    text.parse::<DateTime<Utc>>()
        .ok()
        .or_else(day)
        .ok_or_else(|| "write a day like 2026-11-01 or a time like 2026-11-01T06:00:00Z".to_owned())
}

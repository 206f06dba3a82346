//! `erase`.

use super::Output;
use clap::Args;

/// `erase`.
#[derive(Debug, Clone, Args)]
pub struct EraseArgs {
    /// Everybody whose 30 days since fulfillment are over
    #[arg(long, required = true)]
    pub due: bool,
    /// Only say which orders are due
    #[arg(long)]
    pub dry_run: bool,
    /// How to write.
    #[command(flatten)]
    pub output: Output,
}

//! Arguments of what concerns voids and refunds.

use super::Output;
use clap::{Args, Subcommand};

/// What became of the old label: asked of everybody who voids.
#[derive(Debug, Clone, Default, Args)]
pub struct PaperArgs {
    /// The old label is destroyed (each that is not named with --scanned)
    #[arg(long)]
    pub label_destroyed: bool,
    /// Tracking number scanned from an old label that is at hand; may be repeated
    #[arg(long, value_name = "TRACKING")]
    pub scanned: Vec<String>,
}

/// `refunds`.
#[derive(Debug, Subcommand)]
pub enum RefundsCommand {
    /// Refunds of voided labels, the longest awaited first
    List(RefundsListArgs),
    /// Book what the statement says came back for a voided label
    Book(RefundsBookArgs),
    /// Book that a refund was rejected, where Amazon reports nothing itself
    Reject(RefundsRejectArgs),
    /// Labels that no carrier has scanned, with the days left to void them
    Unmoved(RefundsUnmovedArgs),
}

/// `refunds list`.
#[derive(Debug, Clone, Default, Args)]
pub struct RefundsListArgs {
    /// Only those that are not decided
    #[arg(long, conflicts_with = "overdue")]
    pub open: bool,
    /// Only those that are late, or of which nothing was heard in 60 days
    #[arg(long)]
    pub overdue: bool,
    /// Leave out so many
    #[arg(long, default_value_t = 0)]
    pub first: usize,
    /// At most so many
    #[arg(long, default_value_t = 200)]
    pub limit: usize,
    /// How to write.
    #[command(flatten)]
    pub output: Output,
}

/// `refunds book`.
#[derive(Debug, Clone, Args)]
pub struct RefundsBookArgs {
    /// The label, by its id or its tracking number
    pub label: String,
    /// What came back, e.g. 7.61, in the currency that the label was paid in
    #[arg(long)]
    pub amount: String,
    /// Where that is seen, for the history
    #[arg(long, default_value = "seen on the statement")]
    pub reason: String,
    /// How to write.
    #[command(flatten)]
    pub output: Output,
}

/// `refunds reject`.
#[derive(Debug, Clone, Args)]
pub struct RefundsRejectArgs {
    /// The label, by its id or its tracking number
    pub label: String,
    /// Why, for the history
    #[arg(long)]
    pub reason: String,
    /// How to write.
    #[command(flatten)]
    pub output: Output,
}

/// `refunds unmoved`.
#[derive(Debug, Clone, Args)]
pub struct RefundsUnmovedArgs {
    /// Leave out so many
    #[arg(long, default_value_t = 0)]
    pub first: usize,
    /// At most so many
    #[arg(long, default_value_t = 200)]
    pub limit: usize,
    /// How to write.
    #[command(flatten)]
    pub output: Output,
}

impl RefundsCommand {
    /// How to write.
    pub fn output(&self) -> Output {
        match self {
            Self::List(arguments) => arguments.output,
            Self::Book(arguments) => arguments.output,
            Self::Reject(arguments) => arguments.output,
            Self::Unmoved(arguments) => arguments.output,
        }
    }
}

//! Arguments of finding orders.

use super::Output;
use clap::Args;

/// `orders find`.
#[derive(Debug, Clone, Default, Args)]
#[command(after_help = HELP)]
pub struct OrdersFindArgs {
    /// Words and filters, e.g. `status:ready-to-pick badge:prime ship-by:today cost:>10`
    #[arg(value_name = "WORD")]
    pub words: Vec<String>,
    /// Search customers' names and PO numbers too; needs --user
    #[arg(long)]
    pub names: bool,
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

const HELP: &str =
    "A word is a part of a number, SKU or tracking number; a ! before a word or filter turns it round; a comma \
is \"or\".
Filters: status: badge: store: ship-by: deliver-by: carrier: method: cost: tracking: label: flag: list: sku:
A filter without anything behind it (status:) says what it takes.";

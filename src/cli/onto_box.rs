//! `onto-box`.

use super::Output;
use clap::Args;

/// `onto-box`.
#[derive(Debug, Clone, Args)]
pub struct OntoBoxArgs {
    /// Amazon's order number, or our own with a # before it
    pub order: String,
    /// What the label's barcode says when it is scanned on the box
    #[arg(long, value_name = "TRACKING")]
    pub scanned: String,
    /// The box in hand, where several boxes of the order wait for their labels
    #[arg(long = "box", value_name = "NUMBER")]
    pub parcel: Option<u32>,
    /// How to write.
    #[command(flatten)]
    pub output: Output,
}

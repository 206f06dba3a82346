//! Arguments of notes, of canceling, and of changing many orders at once.

use super::Output;
use clap::{Args, ValueEnum};

/// `orders note`.
#[derive(Clone, Args)]
pub struct OrdersNoteArgs {
    /// Amazon's order number, or our own with a # before it
    pub order: String,
    /// The note
    pub text: String,
    /// How to write.
    #[command(flatten)]
    pub output: Output,
}

/// What is noted may name a customer.
impl std::fmt::Debug for OrdersNoteArgs {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("OrdersNoteArgs")
            .field("order", &self.order)
            .finish_non_exhaustive()
    }
}

/// `orders cancel`.
#[derive(Debug, Clone, Args)]
pub struct OrdersCancelArgs {
    /// Amazon's order number, or our own with a # before it
    pub order: String,
    /// Why, for the history
    #[arg(long)]
    pub reason: String,
    /// How to write.
    #[command(flatten)]
    pub output: Output,
}

/// `orders change`.
#[derive(Debug, Clone, Args)]
pub struct OrdersChangeArgs {
    /// What becomes of them
    pub change: ChangeWord,
    /// Words and filters as of `orders find`; every order that they find
    #[arg(value_name = "WORD", required = true)]
    pub words: Vec<String>,
    /// Why, for the history
    #[arg(long)]
    pub reason: String,
    /// Only say which orders would change and which not
    #[arg(long)]
    pub dry_run: bool,
    /// How many orders are found: needed above 500
    #[arg(long, value_name = "NUMBER")]
    pub count: Option<usize>,
    /// How to write.
    #[command(flatten)]
    pub output: Output,
}

/// What becomes of many orders.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum ChangeWord {
    /// On Hold
    Hold,
    /// Back to Ready to Pick
    Release,
}

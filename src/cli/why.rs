//! What explains a shipment. Clap structs only.

use super::Output;
use clap::Args;
use std::path::PathBuf;

/// `why`.
#[derive(Debug, Clone, Args)]
pub struct WhyArgs {
    /// Amazon's order number, or our own with a # before it
    pub order: String,
    /// How to write.
    #[command(flatten)]
    pub output: Output,
}

/// `proof`.
#[derive(Debug, Clone, Args)]
pub struct ProofArgs {
    /// Amazon's order number, or our own with a # before it
    pub order: String,
    /// Write it into this file (mode 0600), which must not exist
    #[arg(long, value_name = "FILE")]
    pub to: PathBuf,
    /// With recipient and messages: the name of who may is wanted, and the history says it
    #[arg(long)]
    pub reveal: bool,
    /// How to write.
    #[command(flatten)]
    pub output: Output,
}

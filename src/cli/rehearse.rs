//! Rehearsing.

use clap::Args;
use std::path::PathBuf;

/// `rehearse`.
#[derive(Debug, Clone, Args)]
pub struct RehearseArgs {
    /// So many orders; without it 10, or with --minutes as many as there is time for
    #[arg(long, value_name = "COUNT", value_parser = clap::value_parser!(u32).range(1..=200))]
    pub orders: Option<u32>,
    /// End after so many minutes, counted from the first order
    #[arg(long, value_name = "COUNT", value_parser = clap::value_parser!(u32).range(1..=480))]
    pub minutes: Option<u32>,
    /// Which day: the same number makes the same orders and prices
    #[arg(long, value_name = "NUMBER", default_value_t = 1)]
    pub seed: u64,
    /// Who rehearses
    #[arg(long, value_name = "NAME", default_value = "Trainee")]
    pub packer: String,
    /// Write the barcodes of all goods into this file, .pdf or .zpl, to scan from; and do nothing else
    #[arg(long, value_name = "FILE")]
    pub sheet: Option<PathBuf>,
}

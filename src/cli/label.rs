//! A label's document, and sheets looked at in the terminal.

use super::Output;
use clap::{Args, ValueEnum};
use std::path::PathBuf;

/// `label`.
#[derive(Debug, Clone, Args)]
pub struct LabelArgs {
    /// Amazon's order number, or our own with a # before it
    pub order: String,
    /// Which label, where the order has several; its id from `orders show`
    #[arg(long, value_name = "ID")]
    pub label: Option<uuid::Uuid>,
    /// Write the document into this file (mode 0600)
    #[arg(long, value_name = "FILE", conflicts_with_all = ["print", "look"])]
    pub to: Option<PathBuf>,
    /// Print it again on this station's printer
    #[arg(long, required_unless_present_any = ["to", "look"], conflicts_with = "look")]
    pub print: bool,
    /// How to look at it.
    #[command(flatten)]
    pub picture: LookArgs,
    /// How to write.
    #[command(flatten)]
    pub output: Output,
}

/// Looking at sheets.
#[derive(Debug, Clone, Default, Args)]
pub struct LookArgs {
    /// Show in the terminal what would be printed, and print nothing
    #[arg(long, conflicts_with = "to")]
    pub look: bool,
    /// How the terminal shows pictures
    #[arg(long = "as", value_enum, value_name = "HOW", requires = "look")]
    pub how: Option<LookAs>,
    /// Columns of the picture; else the terminal's, at most 100
    #[arg(long, value_name = "COUNT", requires = "look", value_parser = clap::value_parser!(u16).range(8..=400))]
    pub columns: Option<u16>,
    /// Write the picture into this file (mode 0600) instead; further sheets get a number
    #[arg(long, value_name = "FILE", requires = "look")]
    pub png: Option<PathBuf>,
}

/// How a terminal shows pictures.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum LookAs {
    /// Two points in each character; every terminal can.
    HalfBlocks,
    /// Sixel graphics.
    Sixel,
    /// The kitty graphics protocol.
    Kitty,
}

//! Sheets of barcodes for a bench.

use super::{LookArgs, Output};
use clap::{Args, ValueEnum};
use std::path::PathBuf;

/// `sheet`.
#[derive(Debug, Clone, Args)]
pub struct SheetArgs {
    /// commands: what command barcodes do; boxes: the boxes on the shelf; badge: one person's, by who may change people
    #[arg(value_enum)]
    pub what: SheetKind,
    /// Whose badge
    pub name: Option<String>,
    /// Write it into this file, .pdf or .zpl, instead of printing it
    #[arg(long, value_name = "FILE")]
    pub to: Option<PathBuf>,
    /// How to write.
    #[command(flatten)]
    pub output: Output,
}

/// `slip`.
#[derive(Debug, Clone, Args)]
pub struct SlipArgs {
    /// Amazon's order number, or our own with a # before it
    pub order: String,
    /// Which box, where the order has several
    #[arg(long = "box", value_name = "NUMBER")]
    pub box_number: Option<u32>,
    /// Write it into this file, .pdf or .zpl (mode 0600), instead of printing it
    #[arg(long, value_name = "FILE")]
    pub to: Option<PathBuf>,
    /// How to look at it.
    #[command(flatten)]
    pub picture: LookArgs,
    /// How to write.
    #[command(flatten)]
    pub output: Output,
}

/// What is on the sheet.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum SheetKind {
    /// Command barcodes.
    Commands,
    /// Boxes on the shelf.
    Boxes,
    /// A person's badge.
    Badge,
}

//! `products`: the catalogue.

use super::Output;
use clap::{Args, Subcommand};
use std::path::PathBuf;

/// `products`.
#[derive(Debug, Subcommand)]
pub enum ProductsCommand {
    /// Insert or replace products by SKU from a CSV file
    Import(ProductsImportArgs),
}

/// `products import`.
#[derive(Debug, Clone, Args)]
pub struct ProductsImportArgs {
    /// CSV file with the columns sku,title,type,barcodes,components,weight,dimensions,price,transparency,bin
    pub file: PathBuf,
    /// How to write.
    #[command(flatten)]
    pub output: Output,
}

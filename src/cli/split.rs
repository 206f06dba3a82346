//! Arguments of splitting an order for a partial shipment, and of joining its parts. Clap structs only.

use super::Output;
use crate::domain::ids::Sku;
use clap::Args;

/// `orders split`.
#[derive(Debug, Clone, Args)]
pub struct OrdersSplitArgs {
    /// Amazon's order number (a part of a split order: NUMBER/2), or our own with a # before it
    pub order: String,
    /// What goes as an order of its own, e.g. MUG-BLUE=2; may be given several times
    #[arg(long = "line", value_name = "SKU=QTY", value_parser = line, required = true)]
    pub lines: Vec<(Sku, u32)>,
    /// Why, for the history; a Prime order wants it
    #[arg(long, default_value = "")]
    pub reason: String,
    /// How to write.
    #[command(flatten)]
    pub output: Output,
}

/// `orders join`.
#[derive(Debug, Clone, Args)]
pub struct OrdersJoinArgs {
    /// Amazon's order number: all its parts are joined; or one part of it (NUMBER/2, or our own with a # before it)
    pub order: String,
    /// How to write.
    #[command(flatten)]
    pub output: Output,
}

fn line(text: &str) -> Result<(Sku, u32), String> {
    let wrong = || format!("{text:?} is not SKU=QTY: write e.g. MUG-BLUE=2");
    // A SKU may hold the sign itself.
    let (sku, units) = text.rsplit_once('=').ok_or_else(wrong)?;
    let units: u32 = units.trim().parse().map_err(|_| wrong())?;
    if sku.trim().is_empty() || units == 0 {
        return Err(wrong());
    }
    Ok((Sku(sku.trim().to_owned()), units))
}

//! Products: what is scanned.
//!
//! Pure. Codes are compared by their `scan::barcode_key` only.

use super::ids::Sku;
use super::money::Money;
use super::units::{Dimensions, Weight};
use serde::{Deserialize, Serialize};

/// Kind of product (workflow.md 4.1).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum ProductKind {
    /// One thing.
    Standard,
    /// Several things packed together, scanned and shipped as one.
    Kit,
    /// A virtual bundle: its children are scanned and may travel in different boxes.
    Group,
}

/// A barcode and how many units it stands for: 1, or a case.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Barcode {
    /// The code as scanned, without AIM prefix.
    pub code: String,
    /// Units that one scan counts.
    pub quantity: u32,
}

/// A child of a kit or group.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Component {
    /// The child.
    pub sku: Sku,
    /// How many of it in one parent.
    pub quantity: u32,
}

/// A product of the catalogue.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Product {
    /// Seller's name of it.
    pub sku: Sku,
    /// Title, clean.
    pub title: String,
    /// Kind.
    pub kind: ProductKind,
    /// Barcodes.
    pub barcodes: Vec<Barcode>,
    /// Children; empty for a standard product.
    pub components: Vec<Component>,
    /// Weight of one unit.
    pub weight: Option<Weight>,
    /// Size of one unit.
    pub dimensions: Option<Dimensions>,
    /// Price of one unit: decides the most expensive child.
    pub price: Option<Money>,
    /// Needs a transparency code whatever the order line says.
    pub transparency: bool,
}

impl Product {
    /// Units that one scan of `key` (a `scan::barcode_key`) counts, each different number once. Barcodes
    /// that stand for no unit are none.
    pub fn quantities_of(&self, key: &str) -> Vec<u32> {
        let mut quantities: Vec<u32> = self
            .barcodes
            .iter()
            .filter(|barcode| barcode.quantity > 0 && super::scan::barcode_key(&barcode.code) == key)
            .map(|barcode| barcode.quantity)
            .collect();
        quantities.sort_unstable();
        quantities.dedup();
        quantities
    }
}

#[cfg(test)]
mod tests;

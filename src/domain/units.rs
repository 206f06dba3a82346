//! Weights and dimensions as a person or Amazon gave them, in thousandths of their unit. No floats.

use serde::{Deserialize, Serialize};

/// Unit of a weight (Shipping v2: OUNCE, POUND, GRAM, KILOGRAM).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum WeightUnit {
    /// Avoirdupois ounce, 28 349 523.125 µg.
    Oz,
    /// Pound, 16 oz.
    Lb,
    /// Gram.
    G,
    /// Kilogram.
    Kg,
}

/// A weight in thousandths of its unit.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub struct Weight {
    /// Thousandths of `unit`.
    pub thousandths: i64,
    /// Unit.
    pub unit: WeightUnit,
}

/// Unit of a length.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum LengthUnit {
    /// Inch.
    In,
    /// Centimetre.
    Cm,
}

/// Three edges in thousandths of their unit.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub struct Dimensions {
    /// Length, thousandths of `unit`.
    pub length: i64,
    /// Width, thousandths of `unit`.
    pub width: i64,
    /// Height, thousandths of `unit`.
    pub height: i64,
    /// Unit of all three.
    pub unit: LengthUnit,
}

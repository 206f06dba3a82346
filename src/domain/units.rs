//! Weights and dimensions as a person or Amazon gave them, in thousandths of their unit. No floats.

use serde::{Deserialize, Serialize};
use std::fmt;

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

/// Why a weight or a size is refused, in the packer's words.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum MeasureError {
    /// Not a weight.
    #[error("{0:?} is not a weight: type it like 12.5 oz, 1 lb 4 oz, 340 g or 1.2 kg")]
    NotAWeight(String),
    /// Not three edges.
    #[error("{0:?} is not a size: type three edges and the unit, like 10x8x4 in or 25x20x10 cm")]
    NotASize(String),
    /// Nothing weighs nothing.
    #[error("a weight of zero cannot be right: weigh the packed box")]
    ZeroWeight,
    /// Heavier than any parcel.
    #[error("{0} is heavier than any parcel carrier takes (70 kg, 154 lb): check the unit")]
    TooHeavy(Weight),
    /// An edge of zero.
    #[error("an edge of zero cannot be right: measure the box")]
    ZeroEdge,
    /// An edge below one inch or centimetre.
    #[error("{0} has an edge under 1 {1}, which Amazon refuses: measure the box, round up")]
    TooSmall(Dimensions, &'static str),
    /// Longer than any parcel.
    #[error("{0} has an edge over 120 in (305 cm), longer than any parcel carrier takes: check the unit")]
    TooLong(Dimensions),
}

/// A decimal number with at most three places, in thousandths. Digits and one point, nothing else.
fn thousandths(text: &str) -> Option<i64> {
    let (whole, fraction) = text.split_once('.').unwrap_or((text, "0"));
    let whole = if whole.is_empty() { "0" } else { whole };
    let fraction = fraction.trim_end_matches('0');
    let digits = |part: &str| part.bytes().all(|byte| byte.is_ascii_digit());
    if text.is_empty() || text == "." || !digits(whole) || !digits(fraction) || fraction.len() > 3 {
        return None;
    }
    let whole: i64 = whole.parse().ok()?;
    let fraction: i64 = format!("{fraction:0<3}").parse().ok()?;
    whole.checked_mul(1000)?.checked_add(fraction)
}

/// Thousandths as a person writes them: `12500` is `12.5`.
fn decimal(thousandths: i64) -> String {
    let sign = if thousandths < 0 { "-" } else { "" };
    let absolute = thousandths.unsigned_abs();
    let text = format!("{sign}{}.{:03}", absolute / 1000, absolute % 1000);
    text.trim_end_matches('0').trim_end_matches('.').to_owned()
}

/// Splits `1 lb 4oz` into numbers and unit words.
fn tokens(text: &str) -> Vec<String> {
    let mut tokens: Vec<String> = Vec::new();
    let mut kind = ' ';
    for letter in text.chars() {
        let next = match letter {
            '0'..='9' | '.' => '0',
            letter if letter.is_whitespace() => ' ',
            'x' | 'X' | '×' | '*' if kind != 'a' => 'x',
            letter if letter.is_alphabetic() => 'a',
            _ => '?',
        };
        if next != kind || next == 'x' || next == '?' {
            tokens.push(String::new());
        }
        kind = next;
        if let Some(last) = tokens.last_mut() {
            match next {
                ' ' => {}
                'x' => last.push('x'),
                _ => last.extend(letter.to_lowercase()),
            }
        }
    }
    tokens.retain(|token| !token.is_empty());
    tokens
}

impl WeightUnit {
    /// Reads a unit as people write it.
    pub fn parse(text: &str) -> Option<Self> {
        match text.to_lowercase().as_str() {
            "oz" | "ozs" | "ounce" | "ounces" => Some(Self::Oz),
            "lb" | "lbs" | "pound" | "pounds" => Some(Self::Lb),
            "g" | "gr" | "gram" | "grams" => Some(Self::G),
            "kg" | "kgs" | "kilogram" | "kilograms" => Some(Self::Kg),
            _ => None,
        }
    }

    /// The unit as shown.
    pub fn word(self) -> &'static str {
        match self {
            Self::Oz => "oz",
            Self::Lb => "lb",
            Self::G => "g",
            Self::Kg => "kg",
        }
    }

    /// Picograms in a thousandth of the unit. The avoirdupois pound is 453.59237 g by definition.
    fn picograms(self) -> i128 {
        match self {
            Self::Oz => 28_349_523_125,
            Self::Lb => 453_592_370_000,
            Self::G => 1_000_000_000,
            Self::Kg => 1_000_000_000_000,
        }
    }
}

impl Weight {
    /// The heaviest parcel that is believed: 70 kg, the highest limit among parcel carriers.
    pub const HEAVIEST: Self = Self {
        thousandths: 70_000,
        unit: WeightUnit::Kg,
    };

    /// Reads a weight as a packer types it: `12.5 oz`, `1 lb 4 oz`, `340 g`, `1.2kg`. Zero and absurd weights
    /// are refused.
    pub fn parse(text: &str) -> Result<Self, MeasureError> {
        let wrong = || MeasureError::NotAWeight(text.trim().to_owned());
        let parts = tokens(text);
        let parts: Vec<&str> = parts.iter().map(String::as_str).collect();
        let weight = match parts[..] {
            [number, unit] => Self {
                thousandths: thousandths(number).ok_or_else(wrong)?,
                unit: WeightUnit::parse(unit).ok_or_else(wrong)?,
            },
            [pounds, pound, ounces, ounce]
                if WeightUnit::parse(pound) == Some(WeightUnit::Lb)
                    && WeightUnit::parse(ounce) == Some(WeightUnit::Oz) =>
            {
                let pounds = thousandths(pounds).ok_or_else(wrong)?;
                let ounces = thousandths(ounces).ok_or_else(wrong)?;
                Self {
                    thousandths: pounds
                        .checked_mul(16)
                        .and_then(|pounds| pounds.checked_add(ounces))
                        .ok_or_else(wrong)?,
                    unit: WeightUnit::Oz,
                }
            }
            _ => return Err(wrong()),
        };
        weight.check()?;
        Ok(weight)
    }

    /// Refuses a weight that cannot be a parcel's.
    pub fn check(&self) -> Result<(), MeasureError> {
        if self.thousandths <= 0 {
            return Err(MeasureError::ZeroWeight);
        }
        if self.is_heavier_than(&Self::HEAVIEST) {
            return Err(MeasureError::TooHeavy(*self));
        }
        Ok(())
    }

    /// Exact mass in picograms.
    pub fn picograms(&self) -> i128 {
        i128::from(self.thousandths) * self.unit.picograms()
    }

    /// Exact comparison across units.
    pub fn is_heavier_than(&self, other: &Self) -> bool {
        self.picograms() > other.picograms()
    }

    /// The weight in another unit, rounded up to the next thousandth: a parcel is never declared too light.
    /// Saturates at the ends of the range.
    #[must_use]
    pub fn to_unit(&self, unit: WeightUnit) -> Self {
        Self {
            thousandths: divide_up(self.picograms(), unit.picograms()),
            unit,
        }
    }
}

/// Division that rounds up, saturating.
fn divide_up(value: i128, by: i128) -> i64 {
    let quotient = value.div_euclid(by) + i128::from(value.rem_euclid(by) != 0);
    i64::try_from(quotient).unwrap_or(if quotient.is_negative() {
        i64::MIN
    } else {
        i64::MAX
    })
}

impl fmt::Display for Weight {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} {}", decimal(self.thousandths), self.unit.word())
    }
}

impl LengthUnit {
    /// Reads a unit as people write it.
    pub fn parse(text: &str) -> Option<Self> {
        match text.to_lowercase().as_str() {
            "in" | "inch" | "inches" => Some(Self::In),
            "cm" | "centimeter" | "centimeters" | "centimetre" | "centimetres" => Some(Self::Cm),
            _ => None,
        }
    }

    /// The unit as shown.
    pub fn word(self) -> &'static str {
        match self {
            Self::In => "in",
            Self::Cm => "cm",
        }
    }

    /// Nanometres in a thousandth of the unit. The inch is 25.4 mm by definition.
    pub(crate) fn nanometres(self) -> i128 {
        match self {
            Self::In => 25_400,
            Self::Cm => 10_000,
        }
    }
}

impl Dimensions {
    /// Reads the outer size of a box as a packer types it: `10x8x4 in`, `25 × 20 × 10cm`. Refused: an edge under
    /// one unit (Amazon refuses it too) and edges that no parcel has.
    pub fn parse(text: &str) -> Result<Self, MeasureError> {
        let size = Self::parse_product(text)?;
        size.check_box()?;
        Ok(size)
    }

    /// Reads the size of a product, whose edges may be under one unit.
    pub fn parse_product(text: &str) -> Result<Self, MeasureError> {
        let wrong = || MeasureError::NotASize(text.trim().to_owned());
        let parts = tokens(text);
        let parts: Vec<&str> = parts.iter().map(String::as_str).collect();
        let [length, "x", width, "x", height, unit] = parts[..] else {
            return Err(wrong());
        };
        let size = Self {
            length: thousandths(length).ok_or_else(wrong)?,
            width: thousandths(width).ok_or_else(wrong)?,
            height: thousandths(height).ok_or_else(wrong)?,
            unit: LengthUnit::parse(unit).ok_or_else(wrong)?,
        };
        if size.edges().contains(&0) {
            return Err(MeasureError::ZeroEdge);
        }
        if size.longest() > 120_000 * LengthUnit::In.nanometres() {
            return Err(MeasureError::TooLong(size));
        }
        Ok(size)
    }

    /// Refuses a size that cannot be a box's.
    pub fn check_box(&self) -> Result<(), MeasureError> {
        if self.edges().iter().any(|edge| *edge < 1000) {
            return Err(MeasureError::TooSmall(*self, self.unit.word()));
        }
        if self.longest() > 120_000 * LengthUnit::In.nanometres() {
            return Err(MeasureError::TooLong(*self));
        }
        Ok(())
    }

    fn edges(&self) -> [i64; 3] {
        [self.length, self.width, self.height]
    }

    /// Longest edge in nanometres, exact.
    fn longest(&self) -> i128 {
        let longest = self.length.max(self.width).max(self.height);
        i128::from(longest) * self.unit.nanometres()
    }

    /// The size in another unit, each edge rounded up to the next thousandth.
    #[must_use]
    pub fn to_unit(&self, unit: LengthUnit) -> Self {
        let convert = |edge: i64| divide_up(i128::from(edge) * self.unit.nanometres(), unit.nanometres());
        Self {
            length: convert(self.length),
            width: convert(self.width),
            height: convert(self.height),
            unit,
        }
    }
}

impl fmt::Display for Dimensions {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(
            f,
            "{}x{}x{} {}",
            decimal(self.length),
            decimal(self.width),
            decimal(self.height),
            self.unit.word()
        )
    }
}

#[cfg(test)]
mod tests;

//! Money in minor units with its currency. Never through a float.

use serde::{Deserialize, Serialize};
use std::fmt;

/// ISO 4217 code, three upper-case letters.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct Currency([u8; 3]);

impl Currency {
    /// US dollar.
    pub const USD: Self = Self(*b"USD");
    /// Pound sterling.
    pub const GBP: Self = Self(*b"GBP");

    /// Parses a code such as `USD`.
    pub fn parse(code: &str) -> Option<Self> {
        let bytes: [u8; 3] = code.as_bytes().try_into().ok()?;
        bytes.iter().all(u8::is_ascii_uppercase).then_some(Self(bytes))
    }

    /// The code as text.
    pub fn code(&self) -> &str {
        std::str::from_utf8(&self.0).expect("three ASCII letters, checked when parsed")
    }

    /// How many digits the minor unit has (ISO 4217): 2 for most, 0 for yen, 3 for dinars.
    pub fn exponent(self) -> u32 {
        match &self.0 {
            b"JPY" | b"KRW" | b"CLP" | b"VND" | b"ISK" => 0,
            b"BHD" | b"KWD" | b"OMR" | b"JOD" | b"TND" => 3,
            _ => 2,
        }
    }
}

impl TryFrom<String> for Currency {
    type Error = String;

    fn try_from(code: String) -> Result<Self, String> {
        Self::parse(&code).ok_or_else(|| format!("{code:?} is not a currency code of three capital letters"))
    }
}

impl From<Currency> for String {
    fn from(currency: Currency) -> Self {
        currency.code().to_owned()
    }
}

/// An amount in minor units (cents, pence, yen) of `currency`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub struct Money {
    /// Minor units; negative for credits.
    pub minor: i64,
    /// Of this currency.
    pub currency: Currency,
}

impl Money {
    /// An amount of `minor` units.
    pub fn new(minor: i64, currency: Currency) -> Self {
        Self { minor, currency }
    }

    /// Parses the digits of a JSON number or string, e.g. `5.530`, `4`, `-1.00`, `1e1`.
    /// More digits than the currency has are accepted where they are zeros, refused otherwise.
    pub fn parse(digits: &str, currency: Currency) -> Option<Self> {
        digits.parse::<i64>().ok().map(|minor| Self { minor, currency })
    }
}

impl fmt::Display for Money {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let exponent = self.currency.exponent();
        let unit = 10_u64.pow(exponent);
        let sign = if self.minor < 0 { "-" } else { "" };
        let absolute = self.minor.unsigned_abs();
        match (self.currency.code(), exponent) {
            ("USD", _) => write!(f, "{sign}${}.{:02}", absolute / unit, absolute % unit),
            ("GBP", _) => write!(f, "{sign}£{}.{:02}", absolute / unit, absolute % unit),
            (code, 0) => write!(f, "{sign}{absolute} {code}"),
            (code, digits) => {
                write!(
                    f,
                    "{sign}{}.{:0width$} {code}",
                    absolute / unit,
                    absolute % unit,
                    width = digits as usize
                )
            }
        }
    }
}

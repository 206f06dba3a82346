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
        let (negative, digits) = match digits.strip_prefix('-') {
            Some(rest) => (true, rest),
            None => (false, digits),
        };
        let (mantissa, power) = match digits.split_once(['e', 'E']) {
            Some((mantissa, power)) => (mantissa, parse_power(power)?),
            None => (digits, 0),
        };
        let (whole, fraction) = match mantissa.split_once('.') {
            Some((_, "")) => return None,
            Some(parts) => parts,
            None => (mantissa, ""),
        };
        if whole.is_empty()
            || !whole
                .bytes()
                .chain(fraction.bytes())
                .all(|byte| byte.is_ascii_digit())
        {
            return None;
        }
        // value = all digits × 10^(power − fraction digits); minor units = value × 10^exponent
        let mut minor: i64 = 0;
        let places = i64::try_from(fraction.len()).ok()?;
        let shift = power - places + i64::from(currency.exponent());
        let all = whole.len() + fraction.len();
        let dropped = usize::try_from(-shift).unwrap_or(0);
        for (index, byte) in whole.bytes().chain(fraction.bytes()).enumerate() {
            let digit = i64::from(byte - b'0');
            if index + dropped >= all {
                if digit != 0 {
                    return None;
                }
            } else {
                minor = minor.checked_mul(10)?.checked_add(digit)?;
            }
        }
        for _ in 0..shift.max(0) {
            if minor == 0 {
                break;
            }
            minor = minor.checked_mul(10)?;
        }
        Some(Self {
            minor: if negative { -minor } else { minor },
            currency,
        })
    }

    /// The sum; none where the currencies differ or the sum does not fit.
    pub fn plus(self, other: Self) -> Option<Self> {
        (self.currency == other.currency)
            .then(|| self.minor.checked_add(other.minor))
            .flatten()
            .map(|minor| Self::new(minor, self.currency))
    }

    /// The amount as plain digits without its currency, e.g. `5.53`, `-0.07`, `1200` (yen): what Amazon's
    /// JSON and CSV files take.
    pub fn digits(&self) -> String {
        let exponent = self.currency.exponent();
        let unit = 10_u64.pow(exponent);
        let sign = if self.minor < 0 { "-" } else { "" };
        let absolute = self.minor.unsigned_abs();
        if exponent == 0 {
            return format!("{sign}{absolute}");
        }
        let width = exponent as usize;
        format!("{sign}{}.{:0width$}", absolute / unit, absolute % unit)
    }
}

/// A power of ten as JSON writes it: an optional sign and digits. Bounded: no price needs more.
fn parse_power(text: &str) -> Option<i64> {
    let digits = text.strip_prefix(['+', '-']).unwrap_or(text);
    if digits.is_empty() || !digits.bytes().all(|byte| byte.is_ascii_digit()) {
        return None;
    }
    let power: i64 = digits.parse().ok().filter(|power| *power <= 4096)?;
    Some(if text.starts_with('-') { -power } else { power })
}

impl fmt::Display for Money {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let digits = self.digits();
        let (sign, digits) = match digits.strip_prefix('-') {
            Some(rest) => ("-", rest),
            None => ("", digits.as_str()),
        };
        match self.currency.code() {
            "USD" => write!(f, "{sign}${digits}"),
            "GBP" => write!(f, "{sign}£{digits}"),
            "EUR" => write!(f, "{sign}€{digits}"),
            code => write!(f, "{sign}{digits} {code}"),
        }
    }
}

#[cfg(test)]
mod tests;

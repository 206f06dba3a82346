//! Building blocks of wire types that bend instead of breaking: text, digits, times, objects and lists that
//! are missing, empty, null or of another kind become nothing. What must be there is checked by its user.

use crate::domain::money::{Currency, Money};
use crate::domain::text::Clean;
use chrono::{DateTime, NaiveDate, Utc};
use serde::de::value::MapAccessDeserializer;
use serde::de::{Deserializer, IgnoredAny, MapAccess, SeqAccess, Visitor};
use serde::{Deserialize, Serialize};
use serde_json::value::RawValue;
use std::fmt;
use std::marker::PhantomData;

/// A scalar as its JSON text, taken apart without going through a number type.
fn scalar<'de, D: Deserializer<'de>>(deserializer: D) -> Result<String, D::Error> {
    let raw = <&'de RawValue>::deserialize(deserializer)?.get();
    Ok(match raw.as_bytes().first() {
        Some(b'"') => unquoted(raw),
        Some(b'{' | b'[' | b'n') | None => String::new(),
        Some(_) => raw.to_owned(),
    })
}

/// A JSON string's text. Half a surrogate pair becomes U+FFFD instead of an error.
fn unquoted(raw: &str) -> String {
    struct Bytes;
    impl Visitor<'_> for Bytes {
        type Value = Vec<u8>;
        fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
            f.write_str("a string")
        }
        fn visit_bytes<E>(self, bytes: &[u8]) -> Result<Vec<u8>, E> {
            Ok(bytes.to_owned())
        }
        fn visit_str<E>(self, text: &str) -> Result<Vec<u8>, E> {
            Ok(text.as_bytes().to_owned())
        }
    }
    serde_json::Deserializer::from_str(raw)
        .deserialize_bytes(Bytes)
        .map(|bytes| String::from_utf8_lossy(&bytes).into_owned())
        .unwrap_or_default()
}

/// Text for people: clean and bounded; empty where missing.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(super) struct Text(pub(super) String);

impl<'de> Deserialize<'de> for Text {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        scalar(deserializer).map(|text| Self(Clean::text(&text)))
    }
}

/// An id or token that goes back to Amazon as it came; empty where missing.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(super) struct Opaque(pub(super) String);

impl<'de> Deserialize<'de> for Opaque {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        scalar(deserializer).map(Self)
    }
}

/// The digits of a number, or of a string that holds one; empty where missing.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(super) struct Digits(pub(super) String);

impl<'de> Deserialize<'de> for Digits {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        scalar(deserializer).map(|text| Self(text.trim().to_owned()))
    }
}

impl Digits {
    /// A whole number; `2.0` is one, `2.5` is not.
    pub(super) fn whole(&self) -> Option<i64> {
        self.thousandths()
            .filter(|value| value % 1000 == 0)
            .map(|value| value / 1000)
    }

    /// A number in thousandths; further digits are cut off. Not for money.
    pub(super) fn thousandths(&self) -> Option<i64> {
        let (sign, text) = match self.0.strip_prefix('-') {
            Some(rest) => (-1, rest),
            None => (1, self.0.as_str()),
        };
        let (mantissa, exponent) = match text.split_once(['e', 'E']) {
            Some((mantissa, exponent)) => (mantissa, exponent.parse::<i32>().ok()?),
            None => (text, 0),
        };
        let (whole, fraction) = mantissa.split_once('.').unwrap_or((mantissa, ""));
        let digits = format!("{whole}{fraction}");
        if digits.is_empty() || digits.len() > 30 || !digits.bytes().all(|byte| byte.is_ascii_digit()) {
            return None;
        }
        let value: i128 = digits.parse().ok()?;
        let shift = exponent + 3 - i32::try_from(fraction.len()).ok()?;
        let factor = 10_i128.checked_pow(shift.unsigned_abs().min(38))?;
        let value = if shift >= 0 {
            value.checked_mul(factor)?
        } else {
            value / factor
        };
        i64::try_from(value).ok().map(|value| sign * value)
    }
}

/// True, false, or the same in a string; nothing where missing or anything else.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(super) struct Truth(pub(super) Option<bool>);

impl<'de> Deserialize<'de> for Truth {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        scalar(deserializer).map(|text| {
            Self(match text.trim().to_ascii_lowercase().as_str() {
                "true" | "1" => Some(true),
                "false" | "0" => Some(false),
                _ => None,
            })
        })
    }
}

/// A moment; nothing where missing or unreadable.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(super) struct Moment(pub(super) Option<DateTime<Utc>>);

impl<'de> Deserialize<'de> for Moment {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        scalar(deserializer).map(|text| {
            let text = text.trim();
            Self(DateTime::parse_from_rfc3339(text).ok().map(|time| time.to_utc()))
        })
    }
}

/// A day, also where Amazon sends a moment instead.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(super) struct Day(pub(super) Option<NaiveDate>);

impl<'de> Deserialize<'de> for Day {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        scalar(deserializer).map(|text| Self(text.get(..10).and_then(|day| day.parse().ok())))
    }
}

/// An amount of Shipping v2: `{"value": 5.53, "unit": "USD"}`.
#[derive(Debug, Default, Deserialize)]
pub(super) struct Amount {
    #[serde(default)]
    value: Digits,
    #[serde(default)]
    unit: Digits,
}

impl Amount {
    pub(super) fn money(&self) -> Option<Money> {
        Money::parse(&self.value.0, Currency::parse(&self.unit.0)?)
    }
}

/// An amount of Orders: `{"amount": "19.99", "currencyCode": "USD"}`.
#[derive(Debug, Default, Deserialize)]
pub(super) struct OrderAmount {
    #[serde(default)]
    amount: Digits,
    #[serde(default, rename = "currencyCode")]
    currency: Digits,
}

impl OrderAmount {
    pub(super) fn money(&self) -> Option<Money> {
        Money::parse(&self.amount.0, Currency::parse(&self.currency.0)?)
    }
}

/// An object, or nothing where something else stands in its place.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Maybe<T>(pub(super) Option<T>);

impl<T> Default for Maybe<T> {
    fn default() -> Self {
        Self(None)
    }
}

impl<T: Default> Maybe<T> {
    /// The object, or an empty one.
    pub(super) fn or_empty(self) -> T {
        self.0.unwrap_or_default()
    }
}

/// A list, or an empty one where something else stands in its place.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Many<T>(pub(super) Vec<T>);

impl<T> Default for Many<T> {
    fn default() -> Self {
        Self(Vec::new())
    }
}

/// The objects of a list; what is none is left out.
pub(super) fn present<T>(list: Many<Maybe<T>>) -> impl Iterator<Item = T> {
    list.0.into_iter().filter_map(|one| one.0)
}

/// The texts of a list; empty ones are left out.
pub(super) fn texts(list: Many<Text>) -> Vec<String> {
    list.0
        .into_iter()
        .map(|text| text.0)
        .filter(|text| !text.is_empty())
        .collect()
}

struct MaybeVisitor<T>(PhantomData<T>);
struct ManyVisitor<T>(PhantomData<T>);

/// Whatever is not the kind that is wanted counts as missing.
macro_rules! anything_else_is_missing {
    () => {
        fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
            f.write_str("anything")
        }
        fn visit_bool<E>(self, _: bool) -> Result<Self::Value, E> {
            Ok(Self::Value::default())
        }
        fn visit_i64<E>(self, _: i64) -> Result<Self::Value, E> {
            Ok(Self::Value::default())
        }
        fn visit_u64<E>(self, _: u64) -> Result<Self::Value, E> {
            Ok(Self::Value::default())
        }
        fn visit_f64<E>(self, _: f64) -> Result<Self::Value, E> {
            Ok(Self::Value::default())
        }
        fn visit_str<E>(self, _: &str) -> Result<Self::Value, E> {
            Ok(Self::Value::default())
        }
        fn visit_unit<E>(self) -> Result<Self::Value, E> {
            Ok(Self::Value::default())
        }
    };
}

impl<'de, T: Deserialize<'de>> Visitor<'de> for MaybeVisitor<T> {
    type Value = Maybe<T>;
    anything_else_is_missing!();

    fn visit_map<A: MapAccess<'de>>(self, map: A) -> Result<Maybe<T>, A::Error> {
        T::deserialize(MapAccessDeserializer::new(map)).map(|object| Maybe(Some(object)))
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut list: A) -> Result<Maybe<T>, A::Error> {
        while list.next_element::<IgnoredAny>()?.is_some() {}
        Ok(Maybe(None))
    }
}

impl<'de, T: Deserialize<'de>> Visitor<'de> for ManyVisitor<T> {
    type Value = Many<T>;
    anything_else_is_missing!();

    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Many<T>, A::Error> {
        while map.next_entry::<IgnoredAny, IgnoredAny>()?.is_some() {}
        Ok(Many(Vec::new()))
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut list: A) -> Result<Many<T>, A::Error> {
        let mut all = Vec::new();
        while let Some(one) = list.next_element()? {
            all.push(one);
        }
        Ok(Many(all))
    }
}

impl<'de, T: Deserialize<'de>> Deserialize<'de> for Maybe<T> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_any(MaybeVisitor(PhantomData))
    }
}

impl<'de, T: Deserialize<'de>> Deserialize<'de> for Many<T> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_any(ManyVisitor(PhantomData))
    }
}

/// A number that is written as its exact digits.
#[derive(Debug, Serialize)]
#[serde(transparent)]
pub(super) struct Exact(Box<RawValue>);

impl Exact {
    /// `units` of 10 to the minus `decimals`, without trailing zeros.
    pub(super) fn new(units: i64, decimals: u32) -> Self {
        let scale = 10_u64.pow(decimals);
        let absolute = units.unsigned_abs();
        let sign = if units < 0 { "-" } else { "" };
        let mut text = format!("{sign}{}", absolute / scale);
        let fraction = absolute % scale;
        if fraction > 0 {
            let digits = format!("{fraction:0width$}", width = decimals as usize);
            text.push('.');
            text.push_str(digits.trim_end_matches('0'));
        }
        Self(RawValue::from_string(text).expect("digits are JSON"))
    }
}

#[cfg(test)]
mod tests;

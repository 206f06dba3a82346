//! Details that a service asks for besides the box (additional seller inputs): what is asked, and whether an
//! answer fits. One form for both of Amazon's label APIs: Merchant Fulfillment v0 defines fields with regular
//! expressions and sets of values (amazon.md 2.11), Shipping v2 sends a JSON schema for each rate (amazon.md 3.2).
//!
//! How the answers are written on the wire is the business of `amazon`. What a person typed may name a customer:
//! [`InputValues`] prints as `•••` and is sealed before it is stored.

use crate::domain::money::{Currency, Money};
use crate::domain::text::Clean;
use crate::domain::units::Weight;
use chrono::DateTime;
use regex::RegexBuilder;
use serde::{Deserialize, Serialize};
use std::fmt;
use zeroize::{Zeroize, ZeroizeOnDrop};

/// Longest answer that is kept, in characters.
const LONGEST: usize = 500;

/// Most memory that a pattern of Amazon's may take once compiled, in bytes.
const PATTERN_SIZE: usize = 256 * 1024;

/// What an answer is about.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub enum InputTarget {
    /// The whole shipment.
    Shipment,
    /// One product in it, as Amazon names it (an ASIN in v0).
    Item(String),
}

/// What form an answer has.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub enum InputKind {
    /// Any text.
    Text,
    /// A whole number.
    Whole,
    /// A number with a fraction.
    Decimal,
    /// Yes or no.
    YesNo,
    /// A moment with its zone (RFC 3339).
    Moment,
    /// An amount of money, in the marketplace's currency.
    Money(Currency),
    /// A weight with its unit.
    Weight,
    /// A form that cannot be typed here, as Amazon called it (an address, a list).
    Other(String),
}

/// One detail that is asked for.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct InputField {
    /// Amazon's name of it, as it goes back; of a nested v2 field its JSON pointer without the first slash.
    pub name: String,
    /// What it is about.
    pub target: InputTarget,
    /// What people read; Amazon's own words.
    pub title: String,
    /// Form of the answer.
    pub kind: InputKind,
    /// Nothing can be bought without it.
    pub required: bool,
    /// The only answers that are taken; empty: any.
    pub choices: Vec<String>,
    /// Patterns that the answer must match, each with Amazon's words for it (may be empty).
    pub patterns: Vec<(String, String)>,
    /// Least and most characters of a text.
    pub length: (Option<u32>, Option<u32>),
    /// Least and most of a number, as written.
    pub range: (Option<String>, Option<String>),
    /// What Amazon has stored for it already, may be empty.
    pub stored: String,
}

impl InputField {
    /// A text field of the shipment without constraints; the rest is filled in by who reads the definition.
    pub fn text(name: &str, title: &str) -> Self {
        Self {
            name: name.to_owned(),
            target: InputTarget::Shipment,
            title: title.to_owned(),
            kind: InputKind::Text,
            required: false,
            choices: Vec::new(),
            patterns: Vec::new(),
            length: (None, None),
            range: (None, None),
            stored: String::new(),
        }
    }

    /// How the field is called on the command line: its name, for an item `ITEM:NAME`.
    pub fn key(&self) -> String {
        match &self.target {
            InputTarget::Shipment => self.name.clone(),
            InputTarget::Item(item) => format!("{item}:{}", self.name),
        }
    }

    /// What people read: Amazon's title, or the name where it gives none, and the item.
    pub fn label(&self) -> String {
        // The name goes back as it came; what is shown of it is clean.
        let title = if self.title.is_empty() {
            Clean::text(&self.name)
        } else {
            self.title.clone()
        };
        match &self.target {
            InputTarget::Shipment => title,
            InputTarget::Item(item) => format!("{title} of {item}"),
        }
    }

    /// It is needed, and cannot be typed here.
    pub fn is_out_of_reach(&self) -> bool {
        self.required && matches!(self.kind, InputKind::Other(_))
    }

    /// What may be typed, in words.
    pub fn hint(&self) -> String {
        let mut parts = vec![
            if self.required {
                "needed"
            } else {
                "may be left out"
            }
            .to_owned(),
        ];
        if self.choices.is_empty() {
            parts.push(
                match &self.kind {
                    InputKind::Text => "text",
                    InputKind::Whole => "a whole number",
                    InputKind::Decimal => "a number",
                    InputKind::YesNo => "yes or no",
                    InputKind::Moment => "a time such as 2026-11-24T09:00:00Z",
                    InputKind::Money(_) => "an amount such as 12.50",
                    InputKind::Weight => "a weight such as 12.5 oz",
                    InputKind::Other(_) => "cannot be typed here",
                }
                .to_owned(),
            );
        } else {
            parts.push(format!("one of {}", self.choices.join(", ")));
        }
        match self.length {
            (Some(least), Some(most)) if least == most => parts.push(format!("{least} characters")),
            (Some(least), Some(most)) => parts.push(format!("{least} to {most} characters")),
            (Some(least), None) if least > 1 => parts.push(format!("at least {least} characters")),
            (None, Some(most)) => parts.push(format!("at most {most} characters")),
            _ => {}
        }
        match &self.range {
            (Some(least), Some(most)) => parts.push(format!("from {least} to {most}")),
            (Some(least), None) => parts.push(format!("{least} or more")),
            (None, Some(most)) => parts.push(format!("{most} or less")),
            (None, None) => {}
        }
        parts.extend(
            self.patterns
                .iter()
                .filter(|(_, words)| !words.is_empty())
                .map(|(_, words)| words.clone()),
        );
        parts.join(" · ")
    }

    /// Reads what was typed: the answer in its plain form, or why it cannot be, in words. Empty is no answer.
    pub fn read(&self, typed: &str) -> Result<String, String> {
        let text = Clean::bounded(typed, LONGEST + 1);
        let text = text.trim();
        if text.is_empty() {
            return if self.required {
                Err(format!("{} is needed", self.label()))
            } else {
                Ok(String::new())
            };
        }
        let text = if self.choices.is_empty() {
            text.to_owned()
        } else {
            let choice = self
                .choices
                .iter()
                .find(|choice| choice.eq_ignore_ascii_case(text));
            choice
                .cloned()
                .ok_or_else(|| format!("{} is one of {}", self.label(), self.choices.join(", ")))?
        };
        let answer = self.plain(&text)?;
        self.within(&answer)?;
        Ok(answer)
    }

    /// The answer in the form in which it is kept: digits, `true`, a weight as it is shown.
    fn plain(&self, text: &str) -> Result<String, String> {
        let wrong = |form: &str| Err(format!("{} must be {form}", self.label()));
        match &self.kind {
            InputKind::Text => Ok(text.to_owned()),
            InputKind::Whole if is_number(text, false) => Ok(text.to_owned()),
            InputKind::Whole => wrong("a whole number"),
            InputKind::Decimal if is_number(text, true) => Ok(text.to_owned()),
            InputKind::Decimal => wrong("a number such as 12.5"),
            InputKind::YesNo => match text.to_ascii_lowercase().as_str() {
                "yes" | "y" | "true" => Ok("true".to_owned()),
                "no" | "n" | "false" => Ok("false".to_owned()),
                _ => wrong("yes or no"),
            },
            InputKind::Moment if DateTime::parse_from_rfc3339(text).is_ok() => Ok(text.to_owned()),
            InputKind::Moment => wrong("a time such as 2026-11-24T09:00:00Z"),
            InputKind::Money(currency) => match Money::parse(text, *currency) {
                Some(amount) if amount.minor >= 0 => Ok(amount.digits()),
                _ => wrong("an amount such as 12.50"),
            },
            InputKind::Weight => match Weight::parse(text) {
                Ok(_) => Ok(text.to_owned()),
                Err(_) => wrong("a weight such as 12.5 oz"),
            },
            InputKind::Other(_) => Err(format!(
                "{} cannot be typed here: buy this method in Seller Central",
                self.label()
            )),
        }
    }

    fn within(&self, answer: &str) -> Result<(), String> {
        let characters = u32::try_from(answer.chars().count()).unwrap_or(u32::MAX);
        let text = self.kind == InputKind::Text;
        if characters > u32::try_from(LONGEST).unwrap_or(u32::MAX)
            || (text && self.length.1.is_some_and(|most| characters > most))
        {
            return Err(format!(
                "{} is too long: {}",
                self.label(),
                self.length.1.map_or_else(
                    || format!("at most {LONGEST} characters"),
                    |most| format!("at most {most} characters")
                )
            ));
        }
        if let Some(least) = self.length.0.filter(|least| text && characters < *least) {
            return Err(format!(
                "{} is too short: at least {least} characters",
                self.label()
            ));
        }
        if matches!(self.kind, InputKind::Whole | InputKind::Decimal) {
            let outside = |bound: &Option<String>, low: bool| {
                let bound = bound.as_deref()?;
                let order = compare(answer, bound)?;
                let beyond = if low { order.is_lt() } else { order.is_gt() };
                beyond.then(|| bound.to_owned())
            };
            if let Some(least) = outside(&self.range.0, true) {
                return Err(format!("{} must be {least} or more", self.label()));
            }
            if let Some(most) = outside(&self.range.1, false) {
                return Err(format!("{} must be {most} or less", self.label()));
            }
        }
        for (pattern, words) in &self.patterns {
            // A pattern that cannot be read here is Amazon's to check.
            let known = RegexBuilder::new(pattern).size_limit(PATTERN_SIZE).build();
            if known.is_ok_and(|known| !known.is_match(answer)) {
                let form = if words.is_empty() {
                    format!("the form {}", Clean::text(pattern))
                } else {
                    words.clone()
                };
                return Err(format!("{} does not fit: {form}", self.label()));
            }
        }
        Ok(())
    }
}

/// An optional minus and digits, with `fraction` one point among them.
fn is_number(text: &str, fraction: bool) -> bool {
    let digits = text.strip_prefix('-').unwrap_or(text);
    let (whole, rest) = match digits.split_once('.') {
        Some((whole, rest)) if fraction => (whole, rest),
        Some(_) => return false,
        None => (digits, "0"),
    };
    let all =
        |part: &str| !part.is_empty() && part.len() <= 18 && part.bytes().all(|byte| byte.is_ascii_digit());
    all(whole) && all(rest)
}

/// Two numbers as written, compared without rounding. None: one of them is none.
fn compare(one: &str, other: &str) -> Option<std::cmp::Ordering> {
    let value = |text: &str| -> Option<i128> {
        if !is_number(text, true) {
            return None;
        }
        let negative = text.starts_with('-');
        let (whole, rest) = text
            .trim_start_matches('-')
            .split_once('.')
            .unwrap_or((text.trim_start_matches('-'), ""));
        let digits: i128 = format!("{whole}{rest:0<18}").parse().ok()?;
        Some(if negative { -digits } else { digits })
    };
    Some(value(one)?.cmp(&value(other)?))
}

/// Answers by the fields' keys. May hold customer data: prints as `•••`.
#[derive(Clone, Default, PartialEq, Eq, Serialize, Deserialize, Zeroize, ZeroizeOnDrop)]
pub struct InputValues(pub Vec<(String, String)>);

impl fmt::Debug for InputValues {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("•••")
    }
}

impl InputValues {
    /// The answer to a field; none where it was left out.
    pub fn get(&self, field: &InputField) -> Option<&str> {
        let key = field.key();
        self.0
            .iter()
            .find(|(known, value)| *known == key && !value.is_empty())
            .map(|(_, value)| value.as_str())
    }

    /// Reads answers to all `fields`: those typed, else what Amazon has stored. The words name the first that is
    /// missing, wrong or not asked for.
    pub fn read(fields: &[InputField], typed: &[(String, String)]) -> Result<Self, String> {
        for (key, _) in typed {
            if !fields.iter().any(|field| field.key() == *key) {
                let known: Vec<String> = fields.iter().map(|field| Clean::text(&field.key())).collect();
                return Err(if known.is_empty() {
                    format!("{key} is not asked for: this method asks for nothing")
                } else {
                    format!(
                        "{key} is not asked for: this method asks for {}",
                        known.join(", ")
                    )
                });
            }
        }
        let mut values = Self::default();
        for field in fields {
            let key = field.key();
            let given = typed
                .iter()
                .rev()
                .find(|(known, _)| *known == key)
                .map_or(field.stored.as_str(), |(_, value)| value.as_str());
            if given.trim().is_empty() && !field.required {
                continue;
            }
            values.0.push((key, field.read(given)?));
        }
        Ok(values)
    }
}

#[cfg(test)]
mod tests;

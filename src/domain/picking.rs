//! Pick lists: which orders go on one, and how far a list is.
//!
//! Pure. A filter is what a person types or a saved template holds; the store finds the orders.

#[cfg(test)]
mod tests;

use super::badge::Badge;
use super::ids::StoreId;
use super::rows::PickListRow;
use serde::{Deserialize, Serialize};
use std::fmt;

/// Orders on a list where nothing else is said: what one person picks with a cart.
pub const USUAL_LIMIT: u32 = 40;
/// Most orders on one list.
pub const MOST: u32 = 500;

/// How many units an order has.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Units {
    /// One unit of one product: packed without a tote.
    Single,
    /// Several.
    Multi,
}

/// Which Ready to Pick orders go on a list; what is none is not asked for. The most urgent come first.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct PickFilter {
    /// One unit, or several.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub units: Option<Units>,
    /// All of these badges.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub badges: Vec<Badge>,
    /// None of these badges.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub without: Vec<Badge>,
    /// Ship-by within so many minutes (what is overdue is within any).
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub due_within: Option<u32>,
    /// The carrier of the method that is assigned; `none`: no method is assigned.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub carrier: Option<String>,
    /// The cheapest rate that is known costs at least so much, in the smallest unit of its currency.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub cost_from: Option<i64>,
    /// The cheapest rate that is known costs at most so much, in the smallest unit of its currency.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub cost_to: Option<i64>,
    /// Of this shop.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub store: Option<StoreId>,
    /// Orders at most.
    pub limit: u32,
}

impl Default for PickFilter {
    fn default() -> Self {
        Self {
            units: None,
            badges: Vec::new(),
            without: Vec::new(),
            due_within: None,
            carrier: None,
            cost_from: None,
            cost_to: None,
            store: None,
            limit: USUAL_LIMIT,
        }
    }
}

/// A filter as it is typed, field by field; empty: not asked for.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct PickDraft {
    /// `single` or `multi`.
    pub units: String,
    /// Badges, separated by commas.
    pub badges: String,
    /// Badges that are not wanted.
    pub without: String,
    /// `8h`, `2d`, `90m`.
    pub due_within: String,
    /// A carrier, or `none`.
    pub carrier: String,
    /// An amount like 12.50.
    pub cost_from: String,
    /// An amount like 12.50.
    pub cost_to: String,
    /// A shop's id.
    pub store: String,
    /// A number.
    pub limit: String,
}

impl PickDraft {
    /// The filter, or what cannot be read, in words.
    pub fn read(&self) -> Result<PickFilter, String> {
        let units = match self.units.trim().to_lowercase().as_str() {
            "" => None,
            "single" | "1" => Some(Units::Single),
            "multi" | "several" => Some(Units::Multi),
            other => return Err(format!("Units: {other:?} is neither single nor multi")),
        };
        let filter = PickFilter {
            units,
            badges: badges("Badges", &self.badges)?,
            without: badges("Without", &self.without)?,
            due_within: optional(&self.due_within, minutes)?,
            carrier: optional(&self.carrier, |text| Ok(text.to_uppercase()))?,
            cost_from: optional(&self.cost_from, amount)?,
            cost_to: optional(&self.cost_to, amount)?,
            store: optional(&self.store, |text| Ok(StoreId::from(text)))?,
            limit: optional(&self.limit, limit)?.unwrap_or(USUAL_LIMIT),
        };
        if let Some(badge) = filter.badges.iter().find(|badge| filter.without.contains(badge)) {
            return Err(format!("Without: {badge} is wanted and not wanted at once"));
        }
        if let (Some(from), Some(to)) = (filter.cost_from, filter.cost_to)
            && from > to
        {
            return Err("Cost: the least amount is above the most".to_owned());
        }
        Ok(filter)
    }

    /// A filter as it would be typed.
    pub fn of(filter: &PickFilter) -> Self {
        let list = |badges: &[Badge]| {
            let words: Vec<String> = badges.iter().map(|badge| badge.word().to_lowercase()).collect();
            words.join(", ")
        };
        let cents = |amount: Option<i64>| amount.map(in_hundredths).unwrap_or_default();
        Self {
            units: match filter.units {
                None => String::new(),
                Some(Units::Single) => "single".to_owned(),
                Some(Units::Multi) => "multi".to_owned(),
            },
            badges: list(&filter.badges),
            without: list(&filter.without),
            due_within: filter.due_within.map(span).unwrap_or_default(),
            carrier: filter.carrier.clone().unwrap_or_default(),
            cost_from: cents(filter.cost_from),
            cost_to: cents(filter.cost_to),
            store: filter
                .store
                .as_ref()
                .map(|store| store.0.clone())
                .unwrap_or_default(),
            limit: filter.limit.to_string(),
        }
    }
}

fn optional<T>(text: &str, read: impl Fn(&str) -> Result<T, String>) -> Result<Option<T>, String> {
    let text = text.trim();
    if text.is_empty() {
        return Ok(None);
    }
    read(text).map(Some)
}

fn badges(field: &str, text: &str) -> Result<Vec<Badge>, String> {
    let mut found: Vec<Badge> = Vec::new();
    for word in text.split(',').map(str::trim).filter(|word| !word.is_empty()) {
        let badge = Badge::ALL
            .into_iter()
            .find(|badge| badge.word().eq_ignore_ascii_case(word))
            .ok_or_else(|| {
                format!("{field}: {word:?} is no badge: prime, business, commercial, transparency")
            })?;
        if !found.contains(&badge) {
            found.push(badge);
        }
    }
    Ok(found)
}

/// `8h`, `2d`, `90m`.
fn minutes(text: &str) -> Result<u32, String> {
    let wrong = || format!("Due within: {text:?} is no time: write it like 8h, 2d or 90m");
    let unit = text.chars().last().ok_or_else(wrong)?;
    let number = text
        .strip_suffix(unit)
        .and_then(|number| number.trim().parse::<u32>().ok())
        .ok_or_else(wrong)?;
    let each = match unit {
        'm' => 1,
        'h' => 60,
        'd' => 24 * 60,
        _ => return Err(wrong()),
    };
    number
        .checked_mul(each)
        .filter(|minutes| *minutes <= 366 * 24 * 60)
        .ok_or_else(wrong)
}

/// An amount with at most two digits behind the point, in hundredths.
fn amount(text: &str) -> Result<i64, String> {
    let wrong = || format!("Cost: {text:?} is no amount: write it like 12.50");
    let (whole, part) = text.split_once('.').unwrap_or((text, ""));
    let digits =
        |text: &str, most: usize| text.len() <= most && text.bytes().all(|byte| byte.is_ascii_digit());
    if whole.is_empty() || !digits(whole, 7) || !digits(part, 2) {
        return Err(wrong());
    }
    let whole: i64 = whole.parse().map_err(|_| wrong())?;
    let part: i64 = format!("{part:0<2}").parse().map_err(|_| wrong())?;
    Ok(whole * 100 + part)
}

fn in_hundredths(amount: i64) -> String {
    format!("{}.{:02}", amount / 100, amount % 100)
}

fn limit(text: &str) -> Result<u32, String> {
    text.parse()
        .ok()
        .filter(|number| (1..=MOST).contains(number))
        .ok_or_else(|| format!("Orders: {text:?} is no number from 1 to {MOST}"))
}

/// `2d`, `8h`, `90m`.
fn span(minutes: u32) -> String {
    match minutes {
        0 => "0m".to_owned(),
        minutes if minutes % (24 * 60) == 0 => format!("{}d", minutes / (24 * 60)),
        minutes if minutes % 60 == 0 => format!("{}h", minutes / 60),
        minutes => format!("{minutes}m"),
    }
}

/// `single unit, due within 8h, Prime, at most 40`.
impl fmt::Display for PickFilter {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let mut parts: Vec<String> = Vec::new();
        match self.units {
            Some(Units::Single) => parts.push("single unit".to_owned()),
            Some(Units::Multi) => parts.push("several units".to_owned()),
            None => {}
        }
        if let Some(minutes) = self.due_within {
            parts.push(format!("due within {}", span(minutes)));
        }
        parts.extend(self.badges.iter().map(ToString::to_string));
        parts.extend(self.without.iter().map(|badge| format!("not {badge}")));
        match self.carrier.as_deref() {
            Some("NONE") => parts.push("no method assigned".to_owned()),
            Some(carrier) => parts.push(format!("by {carrier}")),
            None => {}
        }
        match (self.cost_from, self.cost_to) {
            (Some(from), Some(to)) => {
                parts.push(format!("{} to {}", in_hundredths(from), in_hundredths(to)));
            }
            (Some(from), None) => parts.push(format!("from {}", in_hundredths(from))),
            (None, Some(to)) => parts.push(format!("up to {}", in_hundredths(to))),
            (None, None) => {}
        }
        if let Some(store) = &self.store {
            parts.push(format!("store {store}"));
        }
        parts.push(format!("at most {}", self.limit));
        f.write_str(&parts.join(", "))
    }
}

/// A filter that was saved under a name.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct PickTemplate {
    /// Name, told apart without regard to case.
    pub name: String,
    /// What it asks for.
    pub filter: PickFilter,
}

/// What a list can be made of just now.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct PickOffer {
    /// Saved templates, each with how many orders match it now (its limit apart).
    pub templates: Vec<(PickTemplate, u32)>,
}

/// How far a pick list is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum ListState {
    /// Nobody has begun.
    Open,
    /// Units of it were picked by scan.
    Picking,
    /// All of it is picked, or known not to be there.
    Picked,
    /// Orders of it are being packed, or are.
    Packing,
    /// Nothing of it is left to do.
    Done,
}

impl ListState {
    /// What the counts of a list say.
    pub fn of(row: &PickListRow) -> Self {
        if row.open == 0 && row.stopped == 0 {
            Self::Done
        } else if row.packing + row.packed + row.shipped > 0 {
            Self::Packing
        } else if row.picked > 0 && row.picked >= row.to_pick {
            Self::Picked
        } else if row.picked > 0 {
            Self::Picking
        } else {
            Self::Open
        }
    }
}

impl fmt::Display for ListState {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Open => "Open",
            Self::Picking => "Picking",
            Self::Picked => "Picked",
            Self::Packing => "Packing",
            Self::Done => "Done",
        })
    }
}

//! The words of a search: free words, and filters such as `status:pending` or `cost:>10`.

use super::{FLAG_WORDS, Tracking};
use crate::domain::badge::Badge;
use crate::domain::shipment::LabelState;
use crate::domain::status::OrderStatus;
use chrono::{DateTime, Days, NaiveDate, TimeDelta, TimeZone, Utc};
use chrono_tz::Tz;
use std::fmt;
use std::str::FromStr;

/// A filter and what may stand behind it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Filter {
    /// The word before the colon.
    pub word: &'static str,
    /// What it asks for.
    pub says: &'static str,
    /// What may stand behind the colon; empty where [`values`] has the words.
    pub example: &'static str,
}

/// Every filter, in the order in which they are shown.
pub const FILTERS: [Filter; 13] = [
    filter("status", "where the order stands", ""),
    filter("badge", "Prime, Business, Commercial, Transparency", ""),
    filter("store", "the store's id", "us"),
    filter(
        "ship-by",
        "latest shipping",
        "today  tomorrow  overdue  <4h  2026-11-27  >2026-11-27  none",
    ),
    filter(
        "deliver-by",
        "latest delivery",
        "today  tomorrow  overdue  <2d  2026-11-27  <2026-11-27  none",
    ),
    filter(
        "carrier",
        "carrier of the label, or assigned",
        "ups  usps  fedex  none",
    ),
    filter("method", "method of the label, or assigned", "ground  2nd  none"),
    filter("cost", "what the label costs", ">10  <7.50  5-10  none"),
    filter("tracking", "what the carrier has told", ""),
    filter("label", "state of the label", ""),
    filter("flag", "what a packer must see", ""),
    filter("list", "pick list", "12  none  any"),
    filter("sku", "a product of the order, whole", "MUG-BLUE"),
];

const fn filter(word: &'static str, says: &'static str, example: &'static str) -> Filter {
    Filter { word, says, example }
}

/// The words that a filter takes; empty where it takes anything of its form.
pub fn values(filter: &str) -> Vec<String> {
    match filter {
        "status" => {
            let all = OrderStatus::ALL.iter().map(|status| slug(&status.to_string()));
            std::iter::once("open".to_owned()).chain(all).collect()
        }
        "badge" => Badge::ALL.iter().map(|badge| slug(badge.word())).collect(),
        "tracking" => Tracking::ALL
            .iter()
            .map(|state| state.word().to_owned())
            .collect(),
        "label" => LabelState::ALL.iter().map(|state| slug(state.words())).collect(),
        "flag" => ["any", "none"]
            .into_iter()
            .chain(FLAG_WORDS)
            .map(str::to_owned)
            .collect(),
        _ => Vec::new(),
    }
}

/// The trade's word as it is typed: lower case, no blanks.
fn slug(words: &str) -> String {
    words.to_lowercase().replace(' ', "-")
}

/// Why a word was not understood: the word, what is wrong, what may stand there.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{filter}: {words}")]
pub struct SearchFault {
    /// The filter.
    pub filter: String,
    /// What may stand there.
    pub words: String,
}

/// One condition.
#[derive(Clone, PartialEq, Eq)]
pub(super) struct Term {
    /// Orders that do **not** fulfil it.
    pub(super) not: bool,
    pub(super) test: Test,
}

/// What is asked of an order.
#[derive(Clone, PartialEq, Eq)]
pub(super) enum Test {
    /// Number, SKU, tracking number, PO number or name contains this (lower case).
    Text(String),
    /// A product of the order is called exactly so (lower case).
    Sku(Vec<String>),
    /// Bits by place in [`OrderStatus::ALL`].
    Status(u32),
    /// Bits by place in [`Badge::ALL`].
    Badge(u32),
    /// The shop's id, whole.
    Store(Vec<String>),
    /// Minutes since 1970.
    ShipBy(Span),
    /// Minutes since 1970.
    DeliverBy(Span),
    /// Contains one of these; empty text: none is known.
    Carrier(Vec<String>),
    /// Contains one of these; empty text: none is known.
    Method(Vec<String>),
    /// Hundredths of the currency.
    Cost(Span),
    /// Bits by place in [`Tracking::ALL`].
    Tracking(u32),
    /// Bits by place in [`LabelState::ALL`].
    Label(u32),
    /// Bits by place in [`FLAG_WORDS`]; all of them with the highest bit: none at all.
    Flag(u32),
    /// On one of these lists; `0`: on none.
    List(Vec<i64>),
    /// On some list.
    Listed,
}

/// Bit of *no flag*.
pub(super) const NO_FLAG: u32 = 1 << 31;

/// From the first to the last number, both included; none: no number at all.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Span {
    None,
    Within(i64, i64),
}

impl Span {
    pub(super) fn holds(self, number: Option<i64>) -> bool {
        match (self, number) {
            (Self::None, None) => true,
            (Self::Within(from, to), Some(number)) => (from..=to).contains(&number),
            _ => false,
        }
    }
}

/// What was typed, understood. It may name a customer, so it prints as `•••`.
#[derive(Clone, Default, PartialEq, Eq)]
pub struct Search {
    pub(super) terms: Vec<Term>,
}

impl fmt::Debug for Search {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Search({} words, •••)", self.terms.len())
    }
}

impl Search {
    /// Reads what was typed. Days are those of `zone`, where the bench stands.
    pub fn parse(text: &str, now: DateTime<Utc>, zone: Tz) -> Result<Self, SearchFault> {
        let reader = Reader { now, zone };
        let terms = text
            .split_whitespace()
            .map(|word| reader.term(word))
            .collect::<Result<_, _>>()?;
        Ok(Self { terms })
    }

    /// Nothing is asked for: every order is found.
    pub fn is_empty(&self) -> bool {
        self.terms.is_empty()
    }

    /// The free words, for what is looked up elsewhere (a product's barcode).
    pub fn free_words(&self) -> Vec<String> {
        let texts = self.terms.iter().filter(|term| !term.not);
        texts
            .filter_map(|term| match &term.test {
                Test::Text(word) => Some(word.clone()),
                _ => None,
            })
            .collect()
    }
}

struct Reader {
    now: DateTime<Utc>,
    zone: Tz,
}

impl Reader {
    fn term(&self, word: &str) -> Result<Term, SearchFault> {
        let (not, bare) = match word.strip_prefix(['-', '!']) {
            Some(rest) if !rest.is_empty() => (true, rest),
            _ => (false, word),
        };
        let test = match bare.split_once(':') {
            Some((filter, value))
                if filter
                    .chars()
                    .all(|letter| letter.is_ascii_alphabetic() || letter == '-') =>
            {
                self.test(&filter.to_lowercase(), &value.to_lowercase())?
            }
            _ => Test::Text(bare.to_lowercase()),
        };
        Ok(Term { not, test })
    }

    fn test(&self, filter: &str, value: &str) -> Result<Test, SearchFault> {
        let Some(known) = FILTERS.iter().find(|known| known.word == filter) else {
            let all: Vec<&str> = FILTERS.iter().map(|known| known.word).collect();
            return Err(fault(
                filter,
                format!("is no filter; there are {}", all.join(", ")),
            ));
        };
        let texts = || {
            let each = value.split(',').filter(|part| !part.is_empty());
            each.map(str::to_owned).collect::<Vec<_>>()
        };
        let maybe = || {
            let each = texts().into_iter();
            each.map(|part| if part == "none" { String::new() } else { part })
                .collect::<Vec<_>>()
        };
        let taken = || fault(filter, format!("write {}", allowed(known)));
        if value.is_empty() {
            return Err(taken());
        }
        Ok(match filter {
            "status" => Test::Status(
                bits(value, |word| match word {
                    "open" => Some(
                        OrderStatus::ALL
                            .iter()
                            .enumerate()
                            .filter(|(_, status)| status.is_open())
                            .map(|(place, _)| 1 << place)
                            .sum(),
                    ),
                    word => place(&OrderStatus::ALL, |status| slug(&status.to_string()) == word),
                })
                .ok_or_else(taken)?,
            ),
            "badge" => Test::Badge(
                bits(value, |word| {
                    place(&Badge::ALL, |badge| slug(badge.word()) == word)
                })
                .ok_or_else(taken)?,
            ),
            "tracking" => Test::Tracking(
                bits(value, |word| place(&Tracking::ALL, |state| state.word() == word)).ok_or_else(taken)?,
            ),
            "label" => Test::Label(
                bits(value, |word| {
                    place(&LabelState::ALL, |state| slug(state.words()) == word)
                })
                .ok_or_else(taken)?,
            ),
            "flag" => Test::Flag(
                bits(value, |word| match word {
                    "any" => Some((1 << FLAG_WORDS.len()) - 1),
                    "none" => Some(NO_FLAG),
                    word => place(&FLAG_WORDS, |flag| *flag == word),
                })
                .ok_or_else(taken)?,
            ),
            "store" => Test::Store(texts()),
            "sku" => Test::Sku(texts()),
            "carrier" => Test::Carrier(maybe()),
            "method" => Test::Method(maybe()),
            "list" if value == "any" => Test::Listed,
            "list" => Test::List(
                maybe()
                    .iter()
                    .map(|word| {
                        if word.is_empty() {
                            Some(0)
                        } else {
                            word.parse().ok().filter(|list| *list > 0)
                        }
                    })
                    .collect::<Option<_>>()
                    .ok_or_else(taken)?,
            ),
            "cost" => Test::Cost(cost(value).ok_or_else(taken)?),
            "ship-by" => Test::ShipBy(self.moments(value).ok_or_else(taken)?),
            _ => Test::DeliverBy(self.moments(value).ok_or_else(taken)?),
        })
    }

    /// A day, a span of time, or words for one.
    fn moments(&self, value: &str) -> Option<Span> {
        let now = minutes(self.now);
        let today = self.now.with_timezone(&self.zone).date_naive();
        Some(match value {
            "none" => Span::None,
            // The last moment itself is still in time.
            "overdue" => Span::Within(i64::MIN, now - 1),
            "today" => self.day(today)?,
            "tomorrow" => self.day(today.checked_add_days(Days::new(1))?)?,
            _ => match (value.strip_prefix('<'), value.strip_prefix('>')) {
                (Some(until), _) => match span(until) {
                    Some(left) => Span::Within(i64::MIN, now + left.num_minutes()),
                    None => Span::Within(i64::MIN, self.first_minute(until.parse().ok()?)? - 1),
                },
                (_, Some(after)) => {
                    let from = match span(after) {
                        Some(left) => now + left.num_minutes() + 1,
                        None => self
                            .first_minute(after.parse::<NaiveDate>().ok()?.checked_add_days(Days::new(1))?)?,
                    };
                    Span::Within(from, i64::MAX)
                }
                _ => self.day(value.parse().ok()?)?,
            },
        })
    }

    fn day(&self, day: NaiveDate) -> Option<Span> {
        let next = day.checked_add_days(Days::new(1))?;
        Some(Span::Within(
            self.first_minute(day)?,
            self.first_minute(next)? - 1,
        ))
    }

    fn first_minute(&self, day: NaiveDate) -> Option<i64> {
        let start = self.zone.from_local_datetime(&day.and_hms_opt(0, 0, 0)?);
        // Where a clock change swallows midnight, the day begins an hour later.
        let later = || {
            self.zone
                .from_local_datetime(&day.and_hms_opt(1, 0, 0)?)
                .earliest()
        };
        let start = start.earliest().or_else(later)?;
        Some(minutes(start.with_timezone(&Utc)))
    }
}

/// Minutes since 1970; a minute that has begun counts.
pub(super) fn minutes(time: DateTime<Utc>) -> i64 {
    time.timestamp().div_euclid(60)
}

/// `4h`, `2d`, `30m`.
fn span(text: &str) -> Option<TimeDelta> {
    let (number, unit) = text.split_at_checked(text.len().checked_sub(1)?)?;
    let number = u32::from_str(number).ok()?;
    Some(match unit {
        "m" => TimeDelta::minutes(number.into()),
        "h" => TimeDelta::hours(number.into()),
        "d" => TimeDelta::days(number.into()),
        _ => return None,
    })
}

/// `>10`, `<7.50`, `5-10`, `12.99`, `none`, in hundredths.
fn cost(value: &str) -> Option<Span> {
    if value == "none" {
        return Some(Span::None);
    }
    if let Some(least) = value.strip_prefix('>') {
        return Some(Span::Within(hundredths(least)? + 1, i64::MAX));
    }
    if let Some(most) = value.strip_prefix('<') {
        return Some(Span::Within(i64::MIN, hundredths(most)? - 1));
    }
    let (from, to) = value.split_once('-').unwrap_or((value, value));
    Some(Span::Within(hundredths(from)?, hundredths(to)?))
}

fn hundredths(text: &str) -> Option<i64> {
    let (whole, part) = text.split_once('.').unwrap_or((text, ""));
    let part = match part.len() {
        0 => 0,
        1 => i64::from(u8::from_str(part).ok()?) * 10,
        2 => i64::from(u8::from_str(part).ok()?),
        _ => return None,
    };
    Some(i64::from(u32::from_str(whole).ok()?) * 100 + part)
}

/// Words with commas between them as bits; none: one of them is unknown.
fn bits(value: &str, bit: impl Fn(&str) -> Option<u32>) -> Option<u32> {
    let words = value.split(',').filter(|word| !word.is_empty());
    words.map(bit).try_fold(0, |all, one| Some(all | one?))
}

fn place<T>(all: &[T], is: impl Fn(&T) -> bool) -> Option<u32> {
    all.iter().position(is).map(|place| 1 << place)
}

/// What may stand behind a filter, in words.
fn allowed(filter: &Filter) -> String {
    let words = values(filter.word);
    if words.is_empty() {
        filter.example.split_whitespace().collect::<Vec<_>>().join(", ")
    } else {
        words.join(", ")
    }
}

fn fault(filter: &str, words: String) -> SearchFault {
    SearchFault {
        filter: filter.to_owned(),
        words,
    }
}

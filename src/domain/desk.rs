//! The desk: the numbers that a supervisor looks at. Pure sums over what the store has counted; no customer data.
//!
//! Here are the facts and what is made of them; [`answers()`] counts answer times, [`report`] makes tables of them.

pub mod answers;
pub mod report;

pub use answers::{AnswerTimes, UpTo};

use super::bucket::{Bucket, CallRate};
use super::ids::UserId;
use super::money::{Currency, Money};
use super::rows::{SyncHealth, Waiting};
use super::spend::{Payee, Sum};
use chrono::{DateTime, NaiveTime, TimeDelta, TimeZone, Utc};
use chrono_tz::Tz;
use std::collections::BTreeMap;
use std::time::Duration;

/// An hour, counted in UTC since 1970: what counts are kept by.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Hour(pub i64);

impl Hour {
    /// The hour that this moment lies in.
    pub fn of(at: DateTime<Utc>) -> Self {
        Self(at.timestamp().div_euclid(3600))
    }

    /// Its first moment.
    pub fn start(self) -> DateTime<Utc> {
        DateTime::from_timestamp(self.0.saturating_mul(3600), 0).unwrap_or(DateTime::UNIX_EPOCH)
    }

    /// The hour after it.
    #[must_use]
    pub fn next(self) -> Self {
        Self(self.0 + 1)
    }

    /// So many hours earlier.
    #[must_use]
    pub fn before(self, hours: i64) -> Self {
        Self(self.0 - hours)
    }
}

/// From a moment on, until before another.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Span {
    /// First moment.
    pub from: DateTime<Utc>,
    /// The first moment after it.
    pub to: DateTime<Utc>,
}

impl Span {
    /// The hours that lie in it, the first whole: counts are kept by hours of UTC.
    pub fn hours(self) -> (Hour, Hour) {
        let last = self.to - TimeDelta::microseconds(1);
        (Hour::of(self.from), Hour::of(last.max(self.from)).next())
    }

    /// Its days in the zone, each cut to the span.
    pub fn days(self, zone: Tz) -> Vec<Self> {
        let mut days = Vec::new();
        let mut from = self.from;
        while from < self.to && days.len() < MOST_DAYS {
            let to = next_day(from, zone).min(self.to);
            days.push(Self { from, to });
            from = to;
        }
        days
    }
}

/// Days of a report at most: ten years.
const MOST_DAYS: usize = 3660;

/// When the day that this moment lies in began there. A day whose midnight the clock skipped begins when it goes on.
pub fn day_start(at: DateTime<Utc>, zone: Tz) -> DateTime<Utc> {
    let midnight = at.with_timezone(&zone).date_naive().and_time(NaiveTime::MIN);
    let found = (0..=3).find_map(|hours| {
        zone.from_local_datetime(&(midnight + TimeDelta::hours(hours)))
            .earliest()
    });
    found.map_or(at, |start| start.with_timezone(&Utc)).min(at)
}

/// When the next day begins there.
pub fn next_day(at: DateTime<Utc>, zone: Tz) -> DateTime<Utc> {
    // No day is longer than 25 hours and a bit, or shorter than 20.
    let start = day_start(at, zone);
    let next = day_start(start + TimeDelta::hours(27), zone);
    if next > at { next } else { at + TimeDelta::days(1) }
}

/// Today, up to now.
pub fn today(now: DateTime<Utc>, zone: Tz) -> Span {
    Span {
        from: day_start(now, zone),
        to: now + TimeDelta::microseconds(1),
    }
}

/// What was done in an hour by one person.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct WorkHour {
    /// Hour.
    pub hour: Hour,
    /// Who; none: nobody was signed in.
    pub by: Option<UserId>,
    /// Their name.
    pub name: String,
    /// Orders whose last unit was verified, less those of which a unit was taken out again.
    pub orders: i64,
    /// Units that were verified, less those that were taken out.
    pub units: i64,
    /// Accepted scans.
    pub scans: u64,
    /// Refused scans.
    pub refused: u64,
    /// How long accepted scans took.
    pub answers: AnswerTimes,
}

/// Refused scans of an hour by one person, of one form.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RefusedScans {
    /// Hour.
    pub hour: Hour,
    /// Who, by name.
    pub name: String,
    /// Form and reason.
    pub form: String,
    /// How many.
    pub scans: u64,
}

/// Open orders by the hour of their latest ship-by.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct OpenOrders {
    /// Their ship-by is over.
    pub late: u64,
    /// The next hours that any order has to be shipped by, in order.
    pub hours: Vec<(Hour, u64)>,
    /// Later than these, or without a ship-by.
    pub later: u64,
}

impl OpenOrders {
    /// These hours are told apart from what is later.
    pub fn tell_apart(&mut self, hours: Vec<(Hour, u64)>) {
        let orders: u64 = hours.iter().map(|(_, orders)| orders).sum();
        self.later = self.later.saturating_sub(orders);
        self.hours.extend(hours);
    }

    /// All of them.
    pub fn total(&self) -> u64 {
        self.late + self.later + self.hours.iter().map(|(_, orders)| orders).sum::<u64>()
    }
}

/// What labels of one carrier cost.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CarrierCost {
    /// Carrier.
    pub carrier: String,
    /// Whom they are paid to.
    pub payee: Payee,
    /// Currency.
    pub currency: Currency,
    /// Paid for, and not voided.
    pub live: Sum,
    /// Voided, and the money is not back.
    pub voided: Sum,
    /// Voided, and the money is back.
    pub refunded: Sum,
}

/// Refunds of one currency that are not decided.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct OpenRefunds {
    /// What was paid for these labels, and how many they are.
    pub sum: Sum,
    /// Currency.
    pub currency: Currency,
    /// Of these, labels whose refund is later than expected.
    pub overdue: u64,
}

/// How much of an operation's rate is left.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Limit {
    /// Shop and operation, e.g. `us/getRates`.
    pub name: String,
    /// Calls that may go out at once now.
    pub calls: u32,
    /// Calls that the full bucket holds.
    pub burst: u32,
    /// Thousandths of the full bucket.
    pub per_mille: u16,
}

/// The bucket of an operation as it is now, from the level that was kept and the published rate.
pub fn limit(
    name: &str,
    (millitokens, at): (i64, DateTime<Utc>),
    (rate, burst): (&str, u32),
    now: DateTime<Utc>,
) -> Option<Limit> {
    let millis = |at: DateTime<Utc>| at.timestamp_millis();
    let mut bucket = Bucket::new(CallRate::parse(rate)?, burst, millis(at));
    bucket.restore(millitokens, millis(at), millis(now));
    let level = bucket.level(millis(now)).max(0);
    let full = i64::from(burst.max(1)) * 1000;
    Some(Limit {
        name: name.to_owned(),
        calls: u32::try_from(level / 1000).unwrap_or(u32::MAX),
        burst,
        per_mille: u16::try_from(level.saturating_mul(1000) / full)
            .unwrap_or(1000)
            .min(1000),
    })
}

/// Those that are nearest to their end first.
pub fn sort_limits(limits: &mut [Limit]) {
    limits.sort_by(|one, other| (one.per_mille, &one.name).cmp(&(other.per_mille, &other.name)));
}

/// Everything that the desk shows.
#[derive(Debug, Clone, PartialEq)]
pub struct DeskFacts {
    /// As of.
    pub at: DateTime<Utc>,
    /// Everybody's numbers; else those of the person who asked.
    pub everybody: bool,
    /// Open orders.
    pub open: OpenOrders,
    /// What was done today, and in the last hours where the day is young.
    pub work: Vec<WorkHour>,
    /// Refused scans of the same time.
    pub refused: Vec<RefusedScans>,
    /// What today's labels cost.
    pub costs: Vec<CarrierCost>,
    /// Refunds that are not decided.
    pub refunds: Vec<OpenRefunds>,
    /// How Amazon is.
    pub health: SyncHealth,
    /// What waits.
    pub waiting: Waiting,
    /// Rate limits, nearest to their end first.
    pub limits: Vec<Limit>,
}

/// A packer's line: so many hours, the last one now.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PackerLine {
    /// Name.
    pub name: String,
    /// Orders packed in each hour, oldest first.
    pub hours: Vec<u64>,
    /// Orders packed in these hours.
    pub orders: u64,
    /// Units verified.
    pub units: u64,
    /// Accepted scans.
    pub scans: u64,
    /// Refused scans.
    pub refused: u64,
}

/// A line for each person, who packed most first. What was taken out again is not counted below zero.
pub fn packers(work: &[WorkHour], (from, to): (Hour, Hour)) -> Vec<PackerLine> {
    let length = usize::try_from(to.0 - from.0).unwrap_or(0);
    let mut lines: BTreeMap<Option<UserId>, (PackerLine, Vec<i64>, i64)> = BTreeMap::new();
    for row in work.iter().filter(|row| (from..to).contains(&row.hour)) {
        let (line, hours, units) = lines.entry(row.by).or_insert_with(|| {
            let line = PackerLine {
                name: row.name.clone(),
                hours: Vec::new(),
                orders: 0,
                units: 0,
                scans: 0,
                refused: 0,
            };
            (line, vec![0; length], 0)
        });
        let place = usize::try_from(row.hour.0 - from.0).unwrap_or(0);
        if let Some(hour) = hours.get_mut(place) {
            *hour += row.orders;
        }
        *units += row.units;
        line.scans += row.scans;
        line.refused += row.refused;
    }
    let counted = |count: i64| u64::try_from(count).unwrap_or(0);
    let mut lines: Vec<PackerLine> = lines
        .into_values()
        .map(|(line, hours, units)| PackerLine {
            orders: counted(hours.iter().sum()),
            hours: hours.into_iter().map(counted).collect(),
            units: counted(units),
            ..line
        })
        .collect();
    lines.sort_by(|one, other| {
        (other.orders, other.scans, &one.name).cmp(&(one.orders, one.scans, &other.name))
    });
    lines
}

/// Answer times of all these rows.
pub fn answers(work: &[WorkHour]) -> AnswerTimes {
    let mut all = AnswerTimes::default();
    for row in work {
        all.merge(&row.answers);
    }
    all
}

/// Refused scans by form, most first.
pub fn refused_by_form(refused: &[RefusedScans]) -> Vec<(String, u64)> {
    let mut forms: BTreeMap<&str, u64> = BTreeMap::new();
    for row in refused {
        *forms.entry(&row.form).or_default() += row.scans;
    }
    let mut forms: Vec<(String, u64)> = forms
        .into_iter()
        .map(|(form, scans)| (form.to_owned(), scans))
        .collect();
    forms.sort_by(|one, other| (other.1, &one.0).cmp(&(one.1, &other.0)));
    forms
}

/// Thousandths of all scans that were refused; none without a scan.
pub fn error_rate(scans: u64, refused: u64) -> Option<u64> {
    let all = scans + refused;
    (all > 0).then(|| refused * 1000 / all)
}

/// What was spent, per currency: all that was paid and is not back.
pub fn spent(costs: &[CarrierCost]) -> Vec<(Money, u64)> {
    let mut sums: BTreeMap<Currency, (i64, u64)> = BTreeMap::new();
    for row in costs {
        let sum = sums.entry(row.currency).or_default();
        sum.0 += row.live.minor + row.voided.minor;
        sum.1 += row.live.labels + row.voided.labels;
    }
    sums.into_iter()
        .map(|(currency, (minor, labels))| (Money::new(minor, currency), labels))
        .collect()
}

/// What was spent with each carrier, per currency, dearest first.
pub fn by_carrier(costs: &[CarrierCost]) -> Vec<(String, Money, u64)> {
    let mut sums: BTreeMap<(&str, Currency), (i64, u64)> = BTreeMap::new();
    for row in costs {
        let sum = sums.entry((&row.carrier, row.currency)).or_default();
        sum.0 += row.live.minor + row.voided.minor;
        sum.1 += row.live.labels + row.voided.labels;
    }
    let mut rows: Vec<(String, Money, u64)> = sums
        .into_iter()
        .map(|((carrier, currency), (minor, labels))| {
            (carrier.to_owned(), Money::new(minor, currency), labels)
        })
        .collect();
    rows.sort_by(|one, other| (other.1.minor, &one.0).cmp(&(one.1.minor, &other.0)));
    rows
}

/// How many refused scans a note tells of, and their form: a flood is noted once for many.
pub fn refusal(reason: &str) -> (u64, String) {
    let many = reason
        .strip_suffix(" more in a row")
        .and_then(|count| count.parse().ok());
    many.map_or_else(
        || (1, reason.chars().take(LONGEST_FORM).collect()),
        |count| (count, "in a row".to_owned()),
    )
}

/// Letters of a form at most.
const LONGEST_FORM: usize = 60;

/// How long the desk waits after a change before it reads again: many changes are one.
pub const SETTLES: Duration = Duration::from_secs(2);

/// Hours that the desk shows of each packer.
pub const HOURS: i64 = 12;

#[cfg(test)]
mod tests;

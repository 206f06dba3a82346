//! A token bucket as data: time is an argument.
//!
//! Amazon publishes a rate and a burst for each operation (amazon.md 3.2, 4.2) and tells the rate that holds
//! in `x-amzn-RateLimit-Limit`. The arithmetic is exact: a level in picotokens (10⁻¹² of a call) and a rate in
//! nanotokens a second, whose product with milliseconds is whole.

/// Picotokens in a token.
const TOKEN: i128 = 1_000_000_000_000;
/// Picotokens in a millitoken.
const MILLITOKEN: i128 = 1_000_000_000;

use std::time::Duration;

/// Who waits for a call: decides which line it stands in.
#[derive(
    Debug, Clone, Copy, Default, PartialEq, Eq, Hash, PartialOrd, Ord, serde::Serialize, serde::Deserialize,
)]
#[serde(rename_all = "kebab-case")]
pub enum Haste {
    /// A person stands before it: it goes before everything in bulk.
    #[default]
    Bench,
    /// One of many; nobody waits for this very one.
    Bulk,
}

/// Calls a second, in billionths.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct CallRate(u64);

impl CallRate {
    /// Reads a decimal rate in calls a second, e.g. `0.0056`, `0.5`, `80.0`. None for anything else, for zero,
    /// and for more than a million.
    pub fn parse(text: &str) -> Option<Self> {
        let text = text.trim();
        let (whole, fraction) = text.split_once('.').unwrap_or((text, "0"));
        let digits = |part: &str| !part.is_empty() && part.bytes().all(|byte| byte.is_ascii_digit());
        if !digits(whole) || !digits(fraction) {
            return None;
        }
        let whole: u64 = whole.parse().ok().filter(|whole| *whole <= 1_000_000)?;
        let fraction: String = fraction.chars().take(9).collect();
        let fraction: u64 = format!("{fraction:0<9}").parse().ok()?;
        let billionths = whole * 1_000_000_000 + fraction;
        (billionths > 0).then_some(Self(billionths))
    }

    /// The rate at which calls go out so that Amazon never counts more than its own, although it counts when a
    /// call arrives and by a clock of its own: half a percent slower. Where only one call is let through at a
    /// time nothing can be held back ([`Bucket::cautious`]), so each period is longer by the least spread.
    fn cautious(self, burst: u32) -> Self {
        let slower = u128::from(self.0) * 995 / 1000;
        let spread = if burst > 1 { 0 } else { SPREAD_LEAST.as_nanos() };
        let lengthened = slower * BILLION / (BILLION + slower * spread / BILLION);
        Self(u64::try_from(lengthened).unwrap_or(self.0).max(1))
    }

    /// By how much the ways of two calls to Amazon may differ before Amazon counts one too many: a quarter of
    /// the time between two calls, at least 25 and at most 250 ms.
    fn spread(self) -> Duration {
        let quarter = BILLION * BILLION / u128::from(self.0) / 4;
        let quarter = Duration::from_nanos(u64::try_from(quarter).unwrap_or(u64::MAX));
        quarter.clamp(SPREAD_LEAST, SPREAD_MOST)
    }
}

const BILLION: u128 = 1_000_000_000;
const SPREAD_LEAST: Duration = Duration::from_millis(25);
const SPREAD_MOST: Duration = Duration::from_millis(250);

/// A bucket: how many calls may go out now. Times are milliseconds of one clock.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Bucket {
    rate: CallRate,
    capacity: i128,
    level: i128,
    as_of: i64,
}

impl Bucket {
    /// A full bucket of `burst` calls.
    pub fn new(rate: CallRate, burst: u32, now_millis: i64) -> Self {
        let capacity = i128::from(burst.max(1)) * TOKEN;
        Self {
            rate,
            capacity,
            level: capacity,
            as_of: now_millis,
        }
    }

    /// A full bucket for calls that Amazon counts as they arrive, not as they are sent. It refills a little
    /// slower than `rate` and holds a little less than `burst`: however the ways of the calls differ within the
    /// spread, no window sees more arrivals than `burst` and what `rate` gives in it.
    pub fn cautious(rate: CallRate, burst: u32, now_millis: i64) -> Self {
        let mut bucket = Self::new(rate.cautious(burst), burst, now_millis);
        bucket.capacity = capacity(rate, burst);
        bucket.level = bucket.capacity;
        bucket
    }

    /// As [`Bucket::set_rate`], for a cautious bucket of `burst`.
    pub fn follow(&mut self, rate: CallRate, burst: u32, now_millis: i64) {
        self.set_rate(rate.cautious(burst), now_millis);
        self.capacity = capacity(rate, burst);
        self.level = self.level.min(self.capacity);
    }

    /// Milliseconds until `calls` calls are there, were the bucket large enough for them.
    pub fn wait(&self, calls: u32, now_millis: i64) -> u64 {
        let mut copy = self.clone();
        copy.refill(now_millis);
        let missing = (i128::from(calls) * TOKEN - copy.level).max(0);
        let rate = i128::from(self.rate.0);
        let wait = missing / rate + i128::from(missing % rate != 0);
        u64::try_from(wait).unwrap_or(u64::MAX)
    }

    /// Whole calls that are gathered within `time`.
    pub fn gathers_in(&self, time: Duration) -> u64 {
        let millis = i128::try_from(time.as_millis()).unwrap_or(i128::MAX);
        let calls = millis.saturating_mul(i128::from(self.rate.0)) / TOKEN;
        u64::try_from(calls).unwrap_or(u64::MAX)
    }

    /// Takes one call, or says how many milliseconds to wait until one is there.
    pub fn take(&mut self, now_millis: i64) -> Result<(), u64> {
        self.refill(now_millis);
        if self.level >= TOKEN {
            self.level -= TOKEN;
            return Ok(());
        }
        Err(self.wait(1, now_millis))
    }

    /// Amazon said "too many" (429): whatever we thought, nothing is left.
    pub fn drain(&mut self, now_millis: i64) {
        self.refill(now_millis);
        self.level = 0;
    }

    /// Takes over the rate that Amazon says holds; what has been gathered stays.
    pub fn set_rate(&mut self, rate: CallRate, now_millis: i64) {
        self.refill(now_millis);
        self.rate = rate;
    }

    /// Level in thousandths of a call, rounded down.
    pub fn level(&self, now_millis: i64) -> i64 {
        let mut copy = self.clone();
        copy.refill(now_millis);
        i64::try_from(copy.level / MILLITOKEN).unwrap_or(i64::MAX)
    }

    /// Takes over a level that was kept at `at_millis` (of the same clock) and what was gathered since.
    pub fn restore(&mut self, millitokens: i64, at_millis: i64, now_millis: i64) {
        self.level = (i128::from(millitokens) * MILLITOKEN).clamp(0, self.capacity);
        self.as_of = at_millis;
        self.refill(now_millis);
    }

    /// Adds what was gathered since the last look. A clock that went back gathers nothing.
    fn refill(&mut self, now_millis: i64) {
        let elapsed = (i128::from(now_millis) - i128::from(self.as_of)).max(0);
        self.as_of = now_millis;
        self.level = (self.level + elapsed * i128::from(self.rate.0)).min(self.capacity);
    }
}

/// What is held back of `burst`: what `rate` gives in the spread. One call always fits.
fn capacity(rate: CallRate, burst: u32) -> i128 {
    let spread = i128::try_from(rate.spread().as_millis()).unwrap_or(0);
    (i128::from(burst) * TOKEN - spread * i128::from(rate.0)).max(TOKEN)
}

#[cfg(test)]
mod tests;

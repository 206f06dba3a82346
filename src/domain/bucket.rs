//! A token bucket as data: time is an argument.
//!
//! Amazon publishes a rate and a burst for each operation (amazon.md 3.2, 4.2) and tells the rate that holds
//! in `x-amzn-RateLimit-Limit`. The arithmetic is exact: a level in picotokens (10⁻¹² of a call) and a rate in
//! nanotokens a second, whose product with milliseconds is whole.

/// Picotokens in a token.
const TOKEN: i128 = 1_000_000_000_000;
/// Picotokens in a millitoken.
const MILLITOKEN: i128 = 1_000_000_000;

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
}

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

    /// Takes one call, or says how many milliseconds to wait until one is there.
    pub fn take(&mut self, now_millis: i64) -> Result<(), u64> {
        self.refill(now_millis);
        if self.level >= TOKEN {
            self.level -= TOKEN;
            return Ok(());
        }
        let missing = TOKEN - self.level;
        let rate = i128::from(self.rate.0);
        let wait = missing / rate + i128::from(missing % rate != 0);
        Err(u64::try_from(wait).unwrap_or(u64::MAX))
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
        let elapsed = i128::from(now_millis) - i128::from(self.as_of);
        self.as_of = now_millis;
        if elapsed > 0 {
            self.level = (self.level + elapsed * i128::from(self.rate.0)).min(self.capacity);
        }
    }
}

#[cfg(test)]
mod tests;

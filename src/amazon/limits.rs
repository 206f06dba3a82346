//! Amazon's rates: one token bucket for each seller and operation (amazon.md 1.7, 3.2, 4.1).
//!
//! Levels travel as data, so that the next leader does not begin with tokens that the last one spent.

use super::errors::CallError;
use crate::clock::Clock;
use crate::domain::ids::StoreId;
use chrono::{DateTime, Utc};
use std::collections::HashMap;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

/// An operation with a limit of its own.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Operation {
    /// Orders 2026-01-01, list.
    SearchOrders,
    /// Orders 2026-01-01, one.
    GetOrder,
    /// Shipping v2, quote.
    GetRates,
    /// Shipping v2, buy.
    PurchaseShipment,
    /// Shipping v2, void.
    CancelShipment,
    /// Shipping v2, documents again.
    GetShipmentDocuments,
    /// Shipping v2, tracking.
    GetTracking,
}

impl Operation {
    /// All of them.
    pub const ALL: [Self; 7] = [
        Self::SearchOrders,
        Self::GetOrder,
        Self::GetRates,
        Self::PurchaseShipment,
        Self::CancelShipment,
        Self::GetShipmentDocuments,
        Self::GetTracking,
    ];

    /// Amazon's name of it.
    pub fn name(self) -> &'static str {
        match self {
            Self::SearchOrders => "searchOrders",
            Self::GetOrder => "getOrder",
            Self::GetRates => "getRates",
            Self::PurchaseShipment => "purchaseShipment",
            Self::CancelShipment => "cancelShipment",
            Self::GetShipmentDocuments => "getShipmentDocuments",
            Self::GetTracking => "getTracking",
        }
    }

    /// Published refill (requests a second) and size of the bucket.
    pub fn published(self) -> (f64, u32) {
        match self {
            Self::SearchOrders => (0.0056, 20),
            Self::GetOrder => (0.5, 30),
            _ => (80.0, 100),
        }
    }
}

/// A bucket's level as data.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Level {
    /// Shop and operation, e.g. `us/getRates`.
    pub name: String,
    /// Tokens in thousandths.
    pub millitokens: i64,
    /// As of (UTC).
    pub at: DateTime<Utc>,
}

struct Bucket {
    /// Tokens; below zero after a 429, so that the next call waits a little longer than one period.
    tokens: f64,
    /// Tokens a second.
    rate: f64,
    size: f64,
    /// Stopwatch time of `tokens`.
    at: Duration,
}

impl Bucket {
    fn refill(&mut self, now: Duration) {
        let passed = now.saturating_sub(self.at).as_secs_f64();
        self.tokens = (self.tokens + passed * self.rate).min(self.size);
        self.at = now;
    }

    fn wait(&self) -> Duration {
        let missing = (1.0 - self.tokens).max(0.0);
        // A hair more than needed, so that the sleeper finds the token when it wakes.
        Duration::try_from_secs_f64(missing / self.rate).unwrap_or(Duration::from_hours(24))
            + Duration::from_millis(1)
    }
}

/// The buckets of all stores. One for the whole process, shared by its clients.
pub struct Buckets {
    clock: Arc<dyn Clock>,
    /// Where a bucket begins that no level was restored for.
    begins_full: bool,
    buckets: Mutex<HashMap<String, Bucket>>,
}

impl Buckets {
    /// Buckets that begin full: for a store that nobody has asked Amazon for yet.
    pub fn full(clock: Arc<dyn Clock>) -> Self {
        Self {
            clock,
            begins_full: true,
            buckets: Mutex::default(),
        }
    }

    /// Buckets that begin empty: for a taker of the lead without a record (PURCHASING.md 7).
    pub fn empty(clock: Arc<dyn Clock>) -> Self {
        Self {
            clock,
            begins_full: false,
            buckets: Mutex::default(),
        }
    }

    fn with<R>(&self, name: String, operation: Operation, act: impl FnOnce(&mut Bucket, Duration) -> R) -> R {
        let now = self.clock.monotonic();
        let mut buckets = self.buckets.lock().unwrap_or_else(PoisonError::into_inner);
        let bucket = buckets.entry(name).or_insert_with(|| {
            let (rate, size) = operation.published();
            let size = f64::from(size);
            Bucket {
                tokens: if self.begins_full { size } else { 0.0 },
                rate,
                size,
                at: now,
            }
        });
        bucket.refill(now);
        act(bucket, now)
    }

    /// Takes a token, or says how long until there is one.
    pub fn try_take(&self, store: &StoreId, operation: Operation) -> Result<(), Duration> {
        self.with(name(store, operation), operation, |bucket, _| {
            // A millionth of a token is forgiven: sums of fractions never come out even.
            if bucket.tokens >= 1.0 - 1e-6 {
                bucket.tokens -= 1.0;
                Ok(())
            } else {
                Err(bucket.wait())
            }
        })
    }

    /// How long until there is a token; zero when there is one. Takes none.
    pub fn wait(&self, store: &StoreId, operation: Operation) -> Duration {
        self.with(name(store, operation), operation, |bucket, _| {
            if bucket.tokens >= 1.0 - 1e-6 {
                Duration::ZERO
            } else {
                bucket.wait()
            }
        })
    }

    /// Waits for a token, at most `patience`. Dropping the future takes nothing.
    pub async fn take(
        &self,
        store: &StoreId,
        operation: Operation,
        patience: Duration,
    ) -> Result<(), CallError> {
        let mut left = patience;
        loop {
            let Err(wait) = self.try_take(store, operation) else {
                return Ok(());
            };
            if wait > left {
                return Err(CallError::Throttled {
                    operation: operation.name(),
                    wait,
                });
            }
            left -= wait;
            tokio::time::sleep(wait).await;
        }
    }

    /// Amazon said how fast it refills now (`x-amzn-RateLimit-Limit`, requests a second).
    pub(super) fn follow(&self, store: &StoreId, operation: Operation, header: &str) {
        let Ok(rate) = header.trim().parse::<f64>() else {
            return;
        };
        if (0.0001..=1000.0).contains(&rate) {
            self.with(name(store, operation), operation, |bucket, _| bucket.rate = rate);
        }
    }

    /// Amazon answered 429: the bucket is empty. Returns how long to wait, `at_least` where Amazon said so.
    /// A quarter period of jitter keeps several stations from coming back at once.
    pub(super) fn drain(
        &self,
        store: &StoreId,
        operation: Operation,
        at_least: Option<Duration>,
    ) -> Duration {
        let jitter = jitter() * 0.25;
        self.with(name(store, operation), operation, |bucket, _| {
            bucket.tokens = bucket.tokens.min(-jitter);
            if let Some(at_least) = at_least {
                let owed = 1.0 - at_least.as_secs_f64() * bucket.rate;
                bucket.tokens = bucket.tokens.min(owed.max(-bucket.size));
            }
            bucket.wait()
        })
    }

    /// All levels, to be kept with the lead.
    pub fn levels(&self) -> Vec<Level> {
        let now = self.clock.monotonic();
        let at = self.clock.now();
        let mut buckets = self.buckets.lock().unwrap_or_else(PoisonError::into_inner);
        let mut levels: Vec<_> = buckets
            .iter_mut()
            .map(|(name, bucket)| {
                bucket.refill(now);
                Level {
                    name: name.clone(),
                    millitokens: thousandths(bucket.tokens),
                    at,
                }
            })
            .collect();
        levels.sort_by(|a, b| a.name.cmp(&b.name));
        levels
    }

    /// Takes over levels that were kept; what has refilled since then is added. Unknown names and times that
    /// lie ahead add nothing.
    pub fn restore(&self, levels: &[Level]) {
        let now = self.clock.now();
        for level in levels {
            let Some(operation) = Operation::ALL.into_iter().find(|operation| {
                level
                    .name
                    .strip_suffix(operation.name())
                    .is_some_and(|rest| rest.ends_with('/'))
            }) else {
                continue;
            };
            let passed = (now - level.at).to_std().unwrap_or_default().as_secs_f64();
            let tokens = Duration::from_millis(level.millitokens.unsigned_abs()).as_secs_f64();
            let tokens = if level.millitokens < 0 { -tokens } else { tokens };
            self.with(level.name.clone(), operation, |bucket, _| {
                bucket.tokens = (tokens + passed * bucket.rate).min(bucket.size);
            });
        }
    }
}

fn name(store: &StoreId, operation: Operation) -> String {
    format!("{store}/{}", operation.name())
}

#[expect(
    clippy::cast_possible_truncation,
    reason = "a level lies between minus and plus the bucket's size, at most 100 tokens"
)]
fn thousandths(tokens: f64) -> i64 {
    (tokens * 1000.0).floor() as i64
}

/// A number from 0 to 1.
fn jitter() -> f64 {
    let mut byte = [0_u8; 1];
    // Without randomness the jitter is the middle: it is a courtesy, not a secret.
    if getrandom::fill(&mut byte).is_err() {
        return 0.5;
    }
    f64::from(byte[0]) / 255.0
}

#[cfg(test)]
mod tests;

//! Amazon's rates: one token bucket for each seller and operation (amazon.md 1.6, 1.7, 2.1, 3.2, 4.1).
//!
//! Levels travel as data, so that the next leader does not begin with tokens that the last one spent.

use super::errors::CallError;
use crate::clock::Clock;
use crate::domain::bucket::{Bucket, CallRate};
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
    /// Tokens 2021-03-01: the token for Merchant Fulfillment's restricted operations.
    CreateRestrictedDataToken,
    /// Merchant Fulfillment v0, quote.
    GetEligibleShipmentServices,
    /// Merchant Fulfillment v0, what a service asks for besides.
    GetAdditionalSellerInputs,
    /// Merchant Fulfillment v0, buy. Restricted.
    CreateShipment,
    /// Merchant Fulfillment v0, read: status, refund, label again. Restricted.
    GetShipment,
    /// Merchant Fulfillment v0, void. Restricted.
    CancelMerchantShipment,
}

impl Operation {
    /// All of them.
    pub const ALL: [Self; 13] = [
        Self::SearchOrders,
        Self::GetOrder,
        Self::GetRates,
        Self::PurchaseShipment,
        Self::CancelShipment,
        Self::GetShipmentDocuments,
        Self::GetTracking,
        Self::CreateRestrictedDataToken,
        Self::GetEligibleShipmentServices,
        Self::GetAdditionalSellerInputs,
        Self::CreateShipment,
        Self::GetShipment,
        Self::CancelMerchantShipment,
    ];

    /// Amazon's name of it; where both label APIs have one of that name, with the older one's version.
    pub fn name(self) -> &'static str {
        match self {
            Self::SearchOrders => "searchOrders",
            Self::GetOrder => "getOrder",
            Self::GetRates => "getRates",
            Self::PurchaseShipment => "purchaseShipment",
            Self::CancelShipment => "cancelShipment",
            Self::GetShipmentDocuments => "getShipmentDocuments",
            Self::GetTracking => "getTracking",
            Self::CreateRestrictedDataToken => "createRestrictedDataToken",
            Self::GetEligibleShipmentServices => "getEligibleShipmentServices",
            Self::GetAdditionalSellerInputs => "getAdditionalSellerInputs",
            Self::CreateShipment => "createShipment",
            Self::GetShipment => "getShipment",
            Self::CancelMerchantShipment => "cancelShipmentV0",
        }
    }

    /// Published refill (requests a second) and size of the bucket.
    pub fn published(self) -> (&'static str, u32) {
        match self {
            Self::SearchOrders => ("0.0056", 20),
            Self::GetOrder => ("0.5", 30),
            Self::GetRates
            | Self::PurchaseShipment
            | Self::CancelShipment
            | Self::GetShipmentDocuments
            | Self::GetTracking => ("80.0", 100),
            Self::CreateRestrictedDataToken => ("1", 10),
            Self::GetEligibleShipmentServices => ("6", 12),
            Self::CreateShipment => ("2", 2),
            Self::GetAdditionalSellerInputs | Self::GetShipment | Self::CancelMerchantShipment => ("1", 1),
        }
    }

    /// It is of Shipping v2, whose calls carry the business id.
    pub(super) fn is_shipping(self) -> bool {
        matches!(
            self,
            Self::GetRates
                | Self::PurchaseShipment
                | Self::CancelShipment
                | Self::GetShipmentDocuments
                | Self::GetTracking
        )
    }

    /// It takes a Restricted Data Token instead of the login's (amazon.md 1.6).
    pub(super) fn is_restricted(self) -> bool {
        matches!(
            self,
            Self::CreateShipment | Self::GetShipment | Self::CancelMerchantShipment
        )
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

/// A bucket, and what a 429 asked for beyond emptying it.
struct Held {
    bucket: Bucket,
    /// Stopwatch time before which nothing goes out.
    not_before: Duration,
}

impl Held {
    /// Takes a token, or says how long until there is one.
    fn take(&mut self, now: Duration) -> Result<(), Duration> {
        let pause = self.not_before.saturating_sub(now);
        if !pause.is_zero() {
            let refill = Duration::from_millis(self.bucket.clone().take(millis(now)).err().unwrap_or(0));
            return Err(pause.max(refill));
        }
        self.bucket.take(millis(now)).map_err(Duration::from_millis)
    }
}

fn millis(time: Duration) -> i64 {
    i64::try_from(time.as_millis()).unwrap_or(i64::MAX)
}

/// The buckets of all stores. One for the whole process, shared by its clients.
pub struct Buckets {
    clock: Arc<dyn Clock>,
    /// Where a bucket begins that no level was restored for.
    begins_full: bool,
    held: Mutex<HashMap<String, Held>>,
}

impl Buckets {
    /// Buckets that begin full: for a store that nobody has asked Amazon for yet.
    pub fn full(clock: Arc<dyn Clock>) -> Self {
        Self {
            clock,
            begins_full: true,
            held: Mutex::default(),
        }
    }

    /// Buckets that begin empty: for a taker of the lead without a record (PURCHASING.md 7).
    pub fn empty(clock: Arc<dyn Clock>) -> Self {
        Self {
            clock,
            begins_full: false,
            held: Mutex::default(),
        }
    }

    fn with<R>(&self, name: String, operation: Operation, act: impl FnOnce(&mut Held, Duration) -> R) -> R {
        let now = self.clock.monotonic();
        let mut buckets = self.held.lock().unwrap_or_else(PoisonError::into_inner);
        let held = buckets.entry(name).or_insert_with(|| {
            let (rate, burst) = operation.published();
            let rate = CallRate::parse(rate).expect("a constant rate");
            let mut bucket = Bucket::new(rate, burst, millis(now));
            if !self.begins_full {
                bucket.drain(millis(now));
            }
            Held {
                bucket,
                not_before: Duration::ZERO,
            }
        });
        act(held, now)
    }

    /// Takes a token, or says how long until there is one.
    pub fn try_take(&self, store: &StoreId, operation: Operation) -> Result<(), Duration> {
        self.with(name(store, operation), operation, Held::take)
    }

    /// How long until there is a token; zero when there is one. Takes none.
    pub fn wait(&self, store: &StoreId, operation: Operation) -> Duration {
        self.with(name(store, operation), operation, |held, now| {
            let mut copy = Held {
                bucket: held.bucket.clone(),
                not_before: held.not_before,
            };
            copy.take(now).err().unwrap_or_default()
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
        if let Some(rate) = CallRate::parse(header) {
            self.with(name(store, operation), operation, |held, now| {
                held.bucket.set_rate(rate, millis(now));
            });
        }
    }

    /// Amazon answered 429: the bucket is empty. Returns how long to wait: a period and up to a quarter more,
    /// which keeps several stations from coming back at once, and `at_least` where Amazon said so.
    pub(super) fn drain(
        &self,
        store: &StoreId,
        operation: Operation,
        at_least: Option<Duration>,
    ) -> Duration {
        let jitter = jitter();
        self.with(name(store, operation), operation, |held, now| {
            held.bucket.drain(millis(now));
            let period = held.bucket.clone().take(millis(now)).err().unwrap_or(0);
            let period = Duration::from_millis(period);
            let wait = (period + period * u32::from(jitter) / 1020).max(at_least.unwrap_or_default());
            held.not_before = now + wait;
            wait
        })
    }

    /// All levels, to be kept with the lead.
    pub fn levels(&self) -> Vec<Level> {
        let now = millis(self.clock.monotonic());
        let at = self.clock.now();
        let buckets = self.held.lock().unwrap_or_else(PoisonError::into_inner);
        let mut levels: Vec<_> = buckets
            .iter()
            .map(|(name, held)| Level {
                name: name.clone(),
                millitokens: held.bucket.level(now),
                at,
            })
            .collect();
        levels.sort_by(|a, b| a.name.cmp(&b.name));
        levels
    }

    /// Takes over levels that were kept; what has refilled since then is added. Unknown names are passed over,
    /// and a time that lies ahead adds nothing.
    pub fn restore(&self, levels: &[Level]) {
        let wall = self.clock.now();
        for level in levels {
            let Some(operation) = Operation::ALL.into_iter().find(|operation| {
                level
                    .name
                    .strip_suffix(operation.name())
                    .is_some_and(|rest| rest.ends_with('/'))
            }) else {
                continue;
            };
            let passed = (wall - level.at).num_milliseconds().max(0);
            self.with(level.name.clone(), operation, |held, now| {
                let now = millis(now);
                held.bucket
                    .restore(level.millitokens, now.saturating_sub(passed), now);
            });
        }
    }
}

fn name(store: &StoreId, operation: Operation) -> String {
    format!("{store}/{}", operation.name())
}

/// A random byte. Without randomness its middle: it is a courtesy, not a secret.
fn jitter() -> u8 {
    let mut byte = [0_u8; 1];
    getrandom::fill(&mut byte).map_or(128, |()| byte[0])
}

#[cfg(test)]
mod tests;

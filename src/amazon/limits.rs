//! Amazon's rates: one token bucket for each seller and operation (amazon.md 1.6, 1.7, 2.1, 3.2, 4.1).
//!
//! Levels travel as data, so that the next leader does not begin with tokens that the last one spent.

use super::errors::CallError;
use crate::clock::Clock;
use crate::domain::bucket::{Bucket, CallRate, Haste};
use crate::domain::ids::StoreId;
use chrono::{DateTime, Utc};
use std::collections::{BTreeMap, HashMap};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;
use tokio::sync::Notify;

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
    /// Shipping v2, what a rate asks for besides the box.
    GetAdditionalInputs,
    /// Shipping v2, linked carrier accounts.
    GetCarrierAccounts,
    /// Shipping v2, which carriers have parcels on no collection form.
    GetUnmanifestedShipments,
    /// Shipping v2, a collection form.
    GenerateCollectionForm,
    /// Shipping v2, forms that were made.
    GetCollectionFormHistory,
    /// Shipping v2, a form again.
    GetCollectionForm,
    /// Orders v0, telling of a box whose label was bought elsewhere.
    ConfirmShipment,
}

impl Operation {
    /// All of them.
    pub const ALL: [Self; 20] = [
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
        Self::GetAdditionalInputs,
        Self::GetCarrierAccounts,
        Self::GetUnmanifestedShipments,
        Self::GenerateCollectionForm,
        Self::GetCollectionFormHistory,
        Self::GetCollectionForm,
        Self::ConfirmShipment,
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
            Self::GetAdditionalInputs => "getAdditionalInputs",
            Self::GetCarrierAccounts => "getCarrierAccounts",
            Self::GetUnmanifestedShipments => "getUnmanifestedShipments",
            Self::GenerateCollectionForm => "generateCollectionForm",
            Self::GetCollectionFormHistory => "getCollectionFormHistory",
            Self::GetCollectionForm => "getCollectionForm",
            Self::ConfirmShipment => "confirmShipment",
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
            | Self::GetTracking
            | Self::GetAdditionalInputs
            | Self::GetCarrierAccounts
            | Self::GetUnmanifestedShipments
            | Self::GenerateCollectionForm
            | Self::GetCollectionFormHistory
            | Self::GetCollectionForm => ("80.0", 100),
            Self::CreateRestrictedDataToken => ("1", 10),
            Self::GetEligibleShipmentServices => ("6", 12),
            Self::CreateShipment => ("2", 2),
            Self::GetAdditionalSellerInputs | Self::GetShipment | Self::CancelMerchantShipment => ("1", 1),
            Self::ConfirmShipment => ("2.0", 10),
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
                | Self::GetAdditionalInputs
                | Self::GetCarrierAccounts
                | Self::GetUnmanifestedShipments
                | Self::GenerateCollectionForm
                | Self::GetCollectionFormHistory
                | Self::GetCollectionForm
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
    /// Who waits for a token, the next one first: bench before bulk, then by arrival. Each is told when it has
    /// become the first.
    line: BTreeMap<Place, Arc<Notify>>,
    arrivals: u64,
    /// Permits that are out, and how many of their tokens were not used yet.
    permits: u32,
    unused: u32,
}

/// A place in the line.
type Place = (Haste, u64);

impl Held {
    /// How long until there are so many tokens besides those that permits hold. A permit's token leaves the bucket
    /// only as its call goes out: Amazon counts from then, however long the writing down took.
    fn wait(&self, tokens: u32, now: Duration) -> Duration {
        let tokens = tokens.saturating_add(self.unused);
        let refill = Duration::from_millis(self.bucket.wait(tokens, millis(now)));
        refill.max(self.not_before.saturating_sub(now))
    }

    /// Tells the first of the line that it is.
    fn tell_first(&self) {
        if let Some(first) = self.line.values().next() {
            first.notify_one();
        }
    }

    /// Whether there is a token that no permit holds, or how long until then.
    fn is_there(&self, now: Duration) -> Result<(), Duration> {
        let wait = self.wait(1, now);
        if wait.is_zero() { Ok(()) } else { Err(wait) }
    }

    /// Holds a token for a permit, or says how long until there is one.
    fn hold(&mut self, now: Duration) -> Result<(), Duration> {
        self.is_there(now)?;
        self.permits += 1;
        self.unused += 1;
        Ok(())
    }

    /// Takes a token, or says how long until there is one.
    fn take(&mut self, now: Duration) -> Result<(), Duration> {
        self.is_there(now)?;
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
    /// Stores whose seller another store asks for as well: Amazon counts by seller.
    shared: Mutex<HashMap<StoreId, StoreId>>,
}

impl Buckets {
    /// Buckets that begin full: for a store that nobody has asked Amazon for yet.
    pub fn full(clock: Arc<dyn Clock>) -> Self {
        Self {
            clock,
            begins_full: true,
            held: Mutex::default(),
            shared: Mutex::default(),
        }
    }

    /// Buckets that begin empty: for a taker of the lead without a record (PURCHASING.md 7).
    pub fn empty(clock: Arc<dyn Clock>) -> Self {
        Self {
            clock,
            begins_full: false,
            held: Mutex::default(),
            shared: Mutex::default(),
        }
    }

    /// From now on both stores take from the buckets of `first`: they are one seller's.
    pub fn share(&self, store: StoreId, first: StoreId) {
        let mut shared = self.shared.lock().unwrap_or_else(PoisonError::into_inner);
        shared.insert(store, first);
    }

    /// The bucket's name, as in [`Level`].
    pub fn name(&self, store: &StoreId, operation: Operation) -> String {
        let shared = self.shared.lock().unwrap_or_else(PoisonError::into_inner);
        let owner = shared.get(store).unwrap_or(store);
        format!("{owner}/{}", operation.name())
    }

    fn with<R>(&self, name: String, operation: Operation, act: impl FnOnce(&mut Held, Duration) -> R) -> R {
        let now = self.clock.monotonic();
        let mut buckets = self.held.lock().unwrap_or_else(PoisonError::into_inner);
        let held = buckets.entry(name).or_insert_with(|| {
            let (rate, burst) = operation.published();
            let rate = CallRate::parse(rate).expect("a constant rate");
            let mut bucket = Bucket::cautious(rate, burst, millis(now));
            if !self.begins_full {
                bucket.drain(millis(now));
            }
            Held {
                bucket,
                not_before: Duration::ZERO,
                line: BTreeMap::new(),
                arrivals: 0,
                permits: 0,
                unused: 0,
            }
        });
        act(held, now)
    }

    /// Takes a token, or says how long until there is one.
    pub fn try_take(&self, store: &StoreId, operation: Operation) -> Result<(), Duration> {
        self.with(self.name(store, operation), operation, Held::take)
    }

    /// How long until there is a token; zero when there is one. Takes none.
    pub fn wait(&self, store: &StoreId, operation: Operation) -> Duration {
        self.with(self.name(store, operation), operation, |held, now| {
            held.wait(1, now)
        })
    }

    /// Whole calls that the bucket gathers in `time`, at the rate that holds now.
    pub fn gathers_in(&self, store: &StoreId, operation: Operation, time: Duration) -> u64 {
        self.with(self.name(store, operation), operation, |held, _| {
            held.bucket.gathers_in(time)
        })
    }

    /// Waits in line for a token, at most `patience`: bench before bulk, then in the order of arrival. Dropping
    /// the future takes nothing and leaves the line.
    pub async fn take(
        &self,
        store: &StoreId,
        operation: Operation,
        haste: Haste,
        patience: Duration,
    ) -> Result<(), CallError> {
        let waiting = Waiting::join(self, store, operation, haste);
        self.wait_in_line(&waiting, Held::take, patience).await
    }

    async fn wait_in_line(
        &self,
        waiting: &Waiting<'_>,
        take: fn(&mut Held, Duration) -> Result<(), Duration>,
        patience: Duration,
    ) -> Result<(), CallError> {
        let mut left = patience;
        loop {
            let Err(wait) = waiting.first_takes(take) else {
                return Ok(());
            };
            if wait > left {
                return Err(CallError::Throttled {
                    operation: waiting.operation.name(),
                    wait,
                });
            }
            let begun = self.clock.monotonic();
            tokio::select! {
                () = tokio::time::sleep(wait) => left -= wait,
                () = waiting.bell.notified() => {
                    left = left.saturating_sub(self.clock.monotonic().saturating_sub(begun));
                }
            }
        }
    }

    /// For what goes out now: takes a permit's token, else another. After a 429 in between there is none: it says
    /// how long until then.
    pub(super) fn spend(&self, store: &StoreId, operation: Operation) -> Result<(), Duration> {
        self.with(self.name(store, operation), operation, |held, now| {
            held.unused = held.unused.saturating_sub(1);
            let taken = held.take(now);
            held.tell_first();
            taken
        })
    }

    /// Amazon said how fast it refills now (`x-amzn-RateLimit-Limit`, requests a second).
    pub(super) fn follow(&self, store: &StoreId, operation: Operation, header: &str) {
        if let Some(rate) = CallRate::parse(header) {
            self.with(self.name(store, operation), operation, |held, now| {
                held.bucket.follow(rate, operation.published().1, millis(now));
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
        self.with(self.name(store, operation), operation, |held, now| {
            held.bucket.drain(millis(now));
            let period = Duration::from_millis(held.bucket.wait(1, millis(now)));
            let wait = (period + period * u32::from(jitter) / 1020).max(at_least.unwrap_or_default());
            held.not_before = now + wait;
            wait
        })
    }

    /// All levels, to be kept with the lead. Within `asking` more calls may go out before they are kept again:
    /// whoever finds them after a crash must take a bucket that refills within that time for used up until its
    /// end.
    pub fn levels(&self, asking: Duration) -> Vec<Level> {
        let now = millis(self.clock.monotonic());
        let at = self.clock.now();
        let buckets = self.held.lock().unwrap_or_else(PoisonError::into_inner);
        let mut levels: Vec<_> = buckets
            .iter()
            .map(|(name, held)| {
                let used_up = !asking.is_zero() && held.bucket.gathers_in(asking) > 0;
                Level {
                    name: name.clone(),
                    millitokens: if used_up { 0 } else { held.bucket.level(now) },
                    at: if used_up { at + asking } else { at },
                }
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

/// A place in the line of one bucket; left when this is dropped.
struct Waiting<'a> {
    buckets: &'a Buckets,
    name: String,
    operation: Operation,
    place: Place,
    bell: Arc<Notify>,
}

impl<'a> Waiting<'a> {
    fn join(buckets: &'a Buckets, store: &StoreId, operation: Operation, haste: Haste) -> Self {
        let (name, bell) = (buckets.name(store, operation), Arc::new(Notify::new()));
        let place = buckets.with(name.clone(), operation, |held, _| {
            held.arrivals += 1;
            let place = (haste, held.arrivals);
            held.line.insert(place, Arc::clone(&bell));
            place
        });
        Self {
            buckets,
            name,
            operation,
            place,
            bell,
        }
    }

    /// Takes a token where this is the first of the line, or says how long that will be at the earliest.
    fn first_takes(&self, take: fn(&mut Held, Duration) -> Result<(), Duration>) -> Result<(), Duration> {
        self.buckets.with(self.name.clone(), self.operation, |held, now| {
            let before = held.line.range(..self.place).count();
            if before == 0 {
                take(held, now)
            } else {
                let tokens = u32::try_from(before).unwrap_or(u32::MAX).saturating_add(1);
                Err(held.wait(tokens, now).max(Duration::from_millis(1)))
            }
        })
    }
}

impl Drop for Waiting<'_> {
    fn drop(&mut self) {
        self.buckets.with(self.name.clone(), self.operation, |held, _| {
            held.line.remove(&self.place);
            held.tell_first();
        });
    }
}

/// A token that is held for a purchase or a void before it is written down as asked. The next sending takes it; where
/// nothing was sent until this is dropped, it is free again.
#[must_use]
pub struct Permit {
    buckets: Arc<Buckets>,
    store: StoreId,
    operation: Operation,
}

impl Permit {
    pub(super) async fn wait(
        buckets: &Arc<Buckets>,
        store: &StoreId,
        operation: Operation,
        haste: Haste,
        patience: Duration,
    ) -> Result<Self, CallError> {
        let waiting = Waiting::join(buckets, store, operation, haste);
        buckets.wait_in_line(&waiting, Held::hold, patience).await?;
        drop(waiting);
        Ok(Self {
            buckets: Arc::clone(buckets),
            store: store.clone(),
            operation,
        })
    }
}

impl Drop for Permit {
    fn drop(&mut self) {
        let name = self.buckets.name(&self.store, self.operation);
        self.buckets.with(name, self.operation, |held, _| {
            held.permits -= 1;
            if held.unused > held.permits {
                held.unused -= 1;
                held.tell_first();
            }
        });
    }
}

impl std::fmt::Debug for Permit {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Permit")
            .field("store", &self.store)
            .field("operation", &self.operation)
            .finish_non_exhaustive()
    }
}

/// A random byte. Without randomness its middle: it is a courtesy, not a secret.
fn jitter() -> u8 {
    let mut byte = [0_u8; 1];
    getrandom::fill(&mut byte).map_or(128, |()| byte[0])
}

#[cfg(test)]
mod tests;

//! What every step needs: the store, the vault, the shops with their clients, the clock.

use super::emergency::Emergency;
use super::erase::EraseIn;
use super::halts::Halts;
use super::health::HealthBook;
use super::import::Sweep;
use super::options::Inspect;
use super::outcome::{Outcome, Stop};
use super::plan::Moment;
use super::shopping::Ahead;
use crate::amazon::{BoxName, Buckets, CallError, LabelDesk, Operation, SellerClient};
use crate::clock::Clock;
use crate::domain::bucket::Haste;
use crate::domain::ids::{Epoch, OrderNumber, StoreId};
use crate::domain::rows::WorkItem;
use crate::domain::sealed::WrappedKey;
use crate::domain::seller::LabelVia;
use crate::domain::units::Dimensions;
use crate::store::threads::StoreHandle;
use crate::store::{BucketLevel, Lead, Refusal, StoreError, StoreResult};
use crate::vault::Vault;
use std::collections::BTreeMap;
use std::sync::Arc;
use std::sync::atomic::AtomicBool;
use std::time::Duration;

/// One connected shop at work.
pub(super) struct Shop {
    pub(super) client: SellerClient,
    /// The label API that new quotes are asked for.
    pub(super) via: LabelVia,
    /// The same for what is asked in bulk: it lets the bench go first.
    pub(super) in_bulk: SellerClient,
    /// Rates are shopped for ahead.
    pub(super) ahead: Option<Ahead>,
    /// A sweep that is not finished.
    pub(super) sweep: tokio::sync::Mutex<Option<Sweep>>,
}

impl Shop {
    pub(super) fn new(client: SellerClient, via: LabelVia, ahead: Option<Ahead>) -> Self {
        Self {
            in_bulk: client.in_bulk(),
            client,
            via,
            ahead,
            sweep: tokio::sync::Mutex::default(),
        }
    }

    pub(super) fn client(&self, haste: Haste) -> &SellerClient {
        match haste {
            Haste::Bench => &self.client,
            Haste::Bulk => &self.in_bulk,
        }
    }

    /// The API that sells labels of this kind.
    pub(super) fn labels(&self, via: LabelVia, haste: Haste) -> Result<LabelDesk<'_>, Stop> {
        self.client(haste).labels(via).ok_or_else(|| {
            Stop::Words("this label was bought elsewhere: it is voided and settled there".to_owned())
        })
    }
}

/// Shared by all steps.
pub(super) struct Core {
    pub(super) store: StoreHandle,
    pub(super) vault: Arc<Vault>,
    pub(super) shops: BTreeMap<StoreId, Shop>,
    pub(super) clock: Arc<dyn Clock>,
    pub(super) buckets: Arc<Buckets>,
    pub(super) emergency: Emergency,
    pub(super) health: HealthBook,
    pub(super) halts: Halts,
    pub(super) inspect: Inspect,
    pub(super) erase_in: EraseIn,
    /// Boxes on the shelf.
    pub(super) shelf: Vec<Dimensions>,
    /// The task ends: nothing more is asked, what is asked already is settled.
    pub(super) ending: AtomicBool,
}

impl Core {
    pub(super) fn now(&self) -> Moment {
        Moment {
            wall: self.clock.now(),
            watch: self.clock.monotonic(),
        }
    }

    /// Shops whose orders are Amazon's: those are swept.
    pub(super) fn swept(&self) -> impl Iterator<Item = &StoreId> {
        let all = self.shops.iter();
        all.filter(|(_, shop)| shop.client.origin().is_amazon())
            .map(|(id, _)| id)
    }

    pub(super) fn shop(&self, id: &StoreId) -> Result<&Shop, Stop> {
        self.shops.get(id).ok_or_else(|| {
            Stop::Words(format!(
                "store {id} is not in the configuration (or has no credentials): put it back, then this goes on"
            ))
        })
    }

    /// Notes what a call says of the shop's health.
    pub(super) fn heard<T>(&self, shop: &StoreId, result: Result<T, CallError>) -> Result<T, Stop> {
        match result {
            Ok(value) => {
                self.health.ok(shop, self.clock.now());
                Ok(value)
            }
            Err(error) => {
                self.health.failed(shop, &error, self.clock.now());
                Err(error.into())
            }
        }
    }

    /// The order's data key.
    pub(super) async fn key_of(
        &self,
        shop: &StoreId,
        number: &OrderNumber,
    ) -> StoreResult<Option<WrappedKey>> {
        let (shop, number) = (shop.clone(), number.clone());
        self.store
            .read(move |store| store.order_key(&shop, &number))
            .await
    }

    /// What Amazon's answers know a box by.
    pub(super) async fn box_name(&self, item: &WorkItem) -> StoreResult<BoxName> {
        let (order, box_id) = (item.label.order, item.label.box_id);
        let detail = self.store.read(move |store| store.order(order)).await?;
        let number = detail
            .boxes
            .iter()
            .find(|one| one.id == box_id)
            .map_or(0, |one| one.number);
        Ok(BoxName {
            reference: format!("{order}-{number}"),
            number: item.label.number.clone(),
        })
    }

    /// Takes over bucket levels that the last leader kept. The first lead of a new store begins with full
    /// buckets: nobody has asked before. Any other taker without a record begins with empty ones.
    pub(super) async fn restore_buckets(&self, lead: Lead) -> StoreResult<()> {
        let kept = self.store.read(|store| store.bucket_levels()).await?;
        let levels: Vec<crate::amazon::Level> = if kept.is_empty() && lead.epoch <= Epoch(1) {
            let at = self.clock.now();
            let each = self.shops.keys().flat_map(|shop| {
                Operation::ALL.map(|operation| crate::amazon::Level {
                    name: self.buckets.name(shop, operation),
                    millitokens: i64::from(operation.published().1) * 1000,
                    at,
                })
            });
            each.collect()
        } else {
            let plain = kept.into_iter().map(|level| crate::amazon::Level {
                name: level.name,
                millitokens: level.millitokens,
                at: level.at,
            });
            plain.collect()
        };
        self.buckets.restore(&levels);
        Ok(())
    }

    /// Keeps the bucket levels for the next leader; while steps ask on, for so long (see [`Buckets::levels`]).
    pub(super) async fn keep_buckets(&self, asking: Duration) -> StoreResult<()> {
        let levels: Vec<BucketLevel> = self
            .buckets
            .levels(asking)
            .into_iter()
            .map(|level| BucketLevel {
                name: level.name,
                millitokens: level.millitokens,
                at: level.at,
            })
            .collect();
        self.store
            .write(move |store| store.set_bucket_levels(&levels))
            .await
    }
}

/// Turns what stopped a step into what the plan makes of it.
pub(super) fn stopped(stop: &Stop, tries: u32) -> Outcome {
    let why = stop.to_string();
    let pause = match stop {
        Stop::Store(StoreError::Refused(Refusal::NotLeader)) => return Outcome::NotLeader,
        Stop::Call(CallError::Throttled { wait, .. }) => *wait,
        Stop::Call(CallError::Unreachable { .. }) => super::plan::backoff(tries, Duration::from_secs(30)),
        Stop::Call(_) => super::plan::backoff(tries, Duration::from_mins(5)),
        Stop::Store(_) | Stop::Vault(_) | Stop::Words(_) => {
            super::plan::backoff(tries, Duration::from_mins(1))
        }
    };
    Outcome::Wait { why, pause }
}

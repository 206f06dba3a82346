//! A restored database has forgotten labels. Each order that can still ship is read from Amazon once: a package
//! that is not ours was bought after the back-up (or elsewhere), and its order waits for a person.

use super::outcome::{Outcome, Stop};
use super::shops::Core;
use crate::amazon::CallError;
use crate::domain::freshness::same_number;
use crate::domain::ids::{OrderId, OrderNumber, StoreId, TrackingNumber};
use crate::domain::order::Flag;
use crate::domain::rows::Restored;
use crate::domain::status::OrderStatus;
use crate::store::StoreResult;

/// What the health calls it.
const ABOUT: &str = "restored";

impl Core {
    /// Compares one order's packages with the labels that this database knows.
    pub(super) async fn compare(
        &self,
        order: OrderId,
        shop: &StoreId,
        number: &OrderNumber,
    ) -> Result<Outcome, Stop> {
        let origin = self
            .store
            .read(move |store| Ok(store.order(order)?.order.channel.origin))
            .await?;
        if !origin.is_amazon() {
            return self.hold_uncomparable(order, number).await;
        }
        let strange = match self.refresh(self.shop(shop)?, number).await {
            Ok(fetched) => {
                let detail = self.store.read(move |store| store.order(order)).await?;
                let known = detail.tracking_numbers();
                let ours = |package: &TrackingNumber| known.iter().any(|own| same_number(own, package));
                let packages = fetched.channel.packages.iter();
                let strange: Vec<String> = packages
                    .filter(|package| !package.tracking.as_ref().is_some_and(ours))
                    .map(|package| match &package.tracking {
                        Some(tracking) => tracking.to_string(),
                        None => "one without a tracking number".to_owned(),
                    })
                    .collect();
                self.store_orders(shop, vec![fetched]).await?;
                strange
            }
            // An order that Amazon does not know (any more) has no packages, and nothing is sold for it.
            Err(Stop::Call(CallError::Refused { error, .. })) if error.status == 404 => Vec::new(),
            Err(other) => return Err(other),
        };
        let words = (!strange.is_empty()).then(|| {
            format!(
                "compared with Amazon after the database was put back: Amazon lists {}, which this database does not \
                 know. It was bought after the back-up, or elsewhere: do not ship it again",
                strange.join(", ")
            )
        });
        let (noted, now) = (words.clone(), self.clock.now());
        let flagged = self
            .store
            .write(move |store| {
                store.note_compared(order, noted.as_deref(), now)?;
                Ok(store.order(order)?.order.flags.contains(&Flag::ShippedElsewhere))
            })
            .await?;
        Ok(match words {
            Some(words) if flagged => Outcome::Settled(format!("{number}: {words}")),
            // One of our own purchases may explain it: it is looked up like any unknown one.
            Some(words) => {
                tracing::info!(%number, words, "an open purchase may explain the package");
                Outcome::Nothing
            }
            None => Outcome::Nothing,
        })
    }

    /// Amazon lists nothing of an order that is not its own: whether a label was bought for it after the back-up,
    /// only a person can find out. Until then it is on hold.
    async fn hold_uncomparable(&self, order: OrderId, number: &OrderNumber) -> Result<Outcome, Stop> {
        let words = "this database was put back, and Amazon lists no packages of orders that are not its own: look \
                     whether a label was bought after the back-up, then release the order";
        let now = self.clock.now();
        let held = self
            .store
            .write(move |store| {
                let status = store.order(order)?.order.status;
                let holds = status.move_to(OrderStatus::OnHold).is_ok() && status != OrderStatus::OnHold;
                if holds {
                    store.set_status(order, OrderStatus::OnHold, None, words, now)?;
                }
                store.note_compared(order, None, now)?;
                Ok(holds)
            })
            .await?;
        Ok(if held {
            Outcome::Settled(format!("{number}: on hold, {words}"))
        } else {
            Outcome::Nothing
        })
    }

    /// Says in the health how far the comparing is.
    pub(super) fn say_restored(&self, restored: Option<&Restored>) {
        let words = restored.map(|restored| {
            let missing = restored
                .unswept
                .iter()
                .filter(|shop| !self.shops.contains_key(shop));
            missing.fold(restored.to_string(), |words, shop| {
                format!(
                    "{words}; store {shop} is not in the configuration: put it back to compare its orders"
                )
            })
        });
        self.health.trouble(ABOUT, words);
    }

    /// Takes the mark of a restored database away once everything is compared; says so in words.
    pub(super) async fn end_restored(&self) -> StoreResult<Option<String>> {
        let complete = self.store.read(|store| {
            let restored = store.restored()?;
            Ok(restored.filter(Restored::is_complete))
        });
        let Some(restored) = complete.await? else {
            return Ok(None);
        };
        let now = self.clock.now();
        let ended = self.store.write(move |store| store.end_restored(now)).await?;
        Ok(ended.then(|| {
            format!(
                "{}: all {} orders are compared with Amazon, buying goes on",
                restored.of, restored.total
            )
        }))
    }
}

//! Purchases whose outcome nobody knows (PURCHASING.md 4): repeated byte for byte where that is safe, and told by
//! the order's packages where exactly one fits. What stays unknown is a person's.

use super::memory::Note;
use super::outcome::{Outcome, Stop};
use super::plan::judged_now;
use super::shops::Core;
use crate::amazon::Operation;
use crate::domain::ids::TrackingNumber;
use crate::domain::rows::{OrderDetail, WorkItem};
use crate::domain::settling::{self, OpenIntent};
use crate::store::{Lead, Settlement};
use std::time::Duration;

impl Core {
    /// Sends the stored request again, same bytes, same key.
    pub(super) async fn repeat(&self, lead: Lead, item: &WorkItem, note: &mut Note) -> Result<Outcome, Stop> {
        let shop = self.shop(&item.store)?;
        let id = item.label.id;
        let stored = self.store.read(move |store| store.stored_request(id)).await?;
        let Some((key, sealed)) = stored else {
            return Ok(Outcome::Wait {
                why: "its request is not stored any more: a supervisor must decide".to_owned(),
                pause: Duration::from_hours(1),
            });
        };
        let seal = self.vault.open_key(&key)?;
        let request = seal.open_request(id, &item.store, &item.label.number, &sealed)?;
        self.heard(&item.store, shop.client.ready(Operation::PurchaseShipment).await)?;
        // Readying took time; the rule is asked again just before.
        let allowed = item.first_sent_at.is_some_and(|first| {
            settling::may_repeat(first, item.quote_asked_at, judged_now(item, note, self.now()))
        });
        if !allowed {
            return Ok(Outcome::Wait {
                why: "it may not be repeated now".to_owned(),
                pause: Duration::from_secs(1),
            });
        }
        self.ask(lead, shop, item, &key, &request, note).await
    }

    /// Looks at the packages that Amazon lists for the order.
    pub(super) async fn look(&self, item: &WorkItem, note: &mut Note) -> Result<Outcome, Stop> {
        let shop = self.shop(&item.store)?;
        let fetched = self.refresh(shop, &item.label.number).await?;
        note.looked_at = Some(judged_now(item, note, self.now()));
        let order = item.label.order;
        let detail = self.store.read(move |store| store.order(order)).await?;
        let open = self.open_intents(&detail).await?;
        let ours: Vec<TrackingNumber> = detail
            .labels
            .iter()
            .filter_map(|label| label.tracking.clone())
            .collect();
        let told = settling::settled_by(&fetched.channel.packages, &open, &ours);
        let mut words = Vec::new();
        for (id, tracking) in told {
            if self.tracking_in_use(&tracking).await? {
                continue;
            }
            let settlement = Settlement::Bought {
                shipment: None,
                tracking: Some(tracking.clone()),
                promise: None,
                documents: Vec::new(),
                held: None,
                request_id: None,
            };
            let now = self.clock.now();
            let row = self
                .store
                .write(move |store| store.settle(id, &settlement, now))
                .await?;
            let now = if row.shipment.is_none() {
                "; print or void it in Seller Central"
            } else {
                ""
            };
            words.push(format!(
                "{}: {}, Amazon lists its package {tracking}{now}",
                row.number, row.state
            ));
        }
        // Only now: with its label settled, the package is not somebody else's.
        self.store_orders(&item.store, vec![fetched]).await?;
        if words.is_empty() {
            // A package that is not there proves nothing.
            return Ok(Outcome::Nothing);
        }
        Ok(Outcome::Settled(words.join("; ")))
    }

    async fn tracking_in_use(&self, tracking: &TrackingNumber) -> Result<bool, Stop> {
        let tracking = tracking.clone();
        let found = self
            .store
            .read(move |store| store.label_by_tracking(tracking.as_str()))
            .await?;
        Ok(found.is_some())
    }

    /// The order's purchases that may own a package nobody knows, with what was in their boxes.
    async fn open_intents(&self, detail: &OrderDetail) -> Result<Vec<OpenIntent>, Stop> {
        let order = detail.order.id;
        let work = self.store.read(|store| store.work()).await?;
        let asked = detail
            .labels
            .iter()
            .filter(|label| settling::may_own_a_package(label));
        let mut open = Vec::new();
        for label in asked {
            let id = label.id;
            let (_, quote) = self.store.read(move |store| store.purchase(id)).await?;
            let sent = work
                .iter()
                .find(|item| item.label.id == id && item.label.order == order)
                .and_then(|item| item.first_sent_at);
            let items = quote.request.items.iter();
            open.push(OpenIntent {
                id,
                items: items.map(|item| (item.line.clone(), item.quantity)).collect(),
                carrier: label.carrier.clone(),
                service: label.service.clone(),
                first_sent: sent.unwrap_or(label.wanted_at),
            });
        }
        Ok(open)
    }
}

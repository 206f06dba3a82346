//! Purchases whose outcome nobody knows (PURCHASING.md 4): repeated byte for byte where that is safe (never through
//! Merchant Fulfillment, which knows no keys), told by the shipment that Amazon named or by the order's packages
//! where exactly one fits. What stays unknown is a person's.

use super::memory::Note;
use super::outcome::{Outcome, Stop};
use super::plan::judged_now;
use super::shops::Core;
use crate::domain::bucket::Haste;
use crate::domain::ids::{IntentId, ShipmentId, TrackingNumber};
use crate::domain::order::ChannelPackage;
use crate::domain::rate::method_name;
use crate::domain::rows::{LabelRow, OrderDetail, WorkItem};
use crate::domain::settling::{self, OpenIntent};
use crate::domain::shipment::LabelState;
use crate::store::{Lead, Settlement};
use std::time::Duration;

/// Begins what Amazon's own hint adds to a reason.
const NAMED: &str = "Amazon names";
/// Begins what the order's packages add to a reason.
const LISTED: &str = "Amazon lists";

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
        let buying = shop.labels(item.label.via, Haste::Bench)?.buying();
        let permit = self.heard(&item.store, shop.client.ready(buying).await)?;
        // Readying took time; the rule is asked again just before.
        let allowed = item.first_sent_at.is_some_and(|first| {
            settling::may_repeat(
                item.label.via,
                first,
                item.quote_asked_at,
                judged_now(item, note, self.now()),
            )
        });
        if !allowed {
            return Ok(Outcome::Wait {
                why: "it may not be repeated now".to_owned(),
                pause: Duration::from_secs(1),
            });
        }
        self.ask(lead, permit, item, &key, &request, note).await
    }

    /// Looks at the shipment that Amazon named, if it named one, and at the packages that it lists for the order.
    pub(super) async fn look(&self, item: &WorkItem, note: &mut Note) -> Result<Outcome, Stop> {
        let shop = self.shop(&item.store)?;
        let order = item.label.order;
        let detail = self.store.read(move |store| store.order(order)).await?;
        if !detail.order.channel.origin.is_amazon() {
            // Amazon lists no packages of an order that is not its own: the repeats with its key settle it, or a
            // person.
            note.looked_at = Some(judged_now(item, note, self.now()));
            return Ok(Outcome::Nothing);
        }
        if let Some(words) = self.look_named(item, note).await? {
            return Ok(Outcome::Settled(words));
        }
        let fetched = self.refresh(shop, &item.label.number).await?;
        note.looked_at = Some(judged_now(item, note, self.now()));
        let open = self.open_intents(&detail).await?;
        let ours = detail.tracking_numbers();
        let told = settling::settled_by(&fetched.channel.packages, &open, &ours);
        let mut words = Vec::new();
        for (id, tracking) in told {
            if self.tracking_in_use(&tracking).await? {
                continue;
            }
            let row = self.take(id, None, &tracking).await?;
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
        if words.is_empty() {
            self.say_what_is_listed(item, &fetched.channel.packages, &ours)
                .await?;
        }
        // Only now: with its label settled, the package is not somebody else's.
        self.store_orders(&item.store, vec![fetched]).await?;
        if words.is_empty() {
            // A package that is not there proves nothing.
            return Ok(Outcome::Nothing);
        }
        Ok(Outcome::Settled(words.join("; ")))
    }

    /// Looks up the shipment that Amazon named as existing already, and takes it where exactly one of our open
    /// purchases fits it. None: nothing is settled by it.
    pub(super) async fn look_named(&self, item: &WorkItem, note: &mut Note) -> Result<Option<String>, Stop> {
        let Some(shipment) = note.named.clone() else {
            return Ok(None);
        };
        let shop = self.shop(&item.store)?;
        let found = shop
            .labels(item.label.via, Haste::Bench)?
            .shipment(&shipment)
            .await;
        let Some(named) = self.heard(&item.store, found)? else {
            return Ok(None);
        };
        let order = item.label.order;
        let detail = self.store.read(move |store| store.order(order)).await?;
        let open = self.open_intents(&detail).await?;
        let ours = detail.tracking_numbers();
        let settled = settling::settled_by_named(&named, &item.label.number, &open, &ours);
        let known = detail
            .all_labels()
            .any(|label| label.shipment.as_ref() == Some(&shipment));
        if let (Some(id), Some(tracking)) = (settled, &named.tracking)
            && !known
            && !self.tracking_in_use(tracking).await?
        {
            // Its label follows by a read, like that of any label that was bought without document.
            let row = self.take(id, Some(shipment), tracking).await?;
            note.named = None;
            return Ok(Some(format!(
                "{}: bought, Amazon named its shipment; tracking number {tracking}",
                row.number
            )));
        }
        // It stays what it is; a person sees what is known of it, and it is not asked for again.
        note.named = None;
        let tracking = named.tracking.as_ref().map_or("none", TrackingNumber::as_str);
        let known_of_it = format!(
            "{NAMED} shipment {shipment} of order {}, {}, tracking number {tracking}, which does not fit this box \
             beyond doubt: a supervisor must decide",
            named.order, named.status
        );
        self.add_to_reason(item, NAMED, &known_of_it).await?;
        Ok(None)
    }

    /// While nothing settles it, a person who must decide sees the packages that may be it.
    async fn say_what_is_listed(
        &self,
        item: &WorkItem,
        packages: &[ChannelPackage],
        ours: &[TrackingNumber],
    ) -> Result<(), Stop> {
        let strange = settling::strange(packages, ours);
        if strange.is_empty() {
            return Ok(());
        }
        let each: Vec<String> = strange
            .iter()
            .map(|(package, tracking)| {
                format!("{tracking} ({})", method_name(&package.carrier, &package.service))
            })
            .collect();
        let listed = format!(
            "{LISTED} {} for this order, which may be it: a supervisor must decide",
            each.join(", ")
        );
        self.add_to_reason(item, LISTED, &listed).await
    }

    /// Says once more why nobody knows, with `words` in the place of what stands behind `mark`.
    async fn add_to_reason(&self, item: &WorkItem, mark: &str, words: &str) -> Result<(), Stop> {
        let (id, now) = (item.label.id, self.clock.now());
        let label = self.store.read(move |store| store.label(id)).await?;
        let known = label.reason.unwrap_or_default();
        let first = known.split(mark).next().unwrap_or("").trim_end_matches("; ");
        let why = format!("{first}; {words}");
        if label.state != LabelState::Unknown || why == known {
            return Ok(());
        }
        self.store
            .write(move |store| store.settle(id, &Settlement::Unknown { why }, now))
            .await?;
        Ok(())
    }

    /// Settles as bought, without document.
    async fn take(
        &self,
        id: IntentId,
        shipment: Option<ShipmentId>,
        tracking: &TrackingNumber,
    ) -> Result<LabelRow, Stop> {
        let settlement = Settlement::Bought {
            shipment,
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
        Ok(row)
    }

    async fn tracking_in_use(&self, tracking: &TrackingNumber) -> Result<bool, Stop> {
        let tracking = tracking.clone();
        let found = self
            .store
            .read(move |store| store.label_by_tracking(tracking.as_str()))
            .await?;
        Ok(found.is_some())
    }

    /// The order's purchases that may own a package nobody knows, with what was in their boxes. Of a split order those
    /// of all its parts: Amazon lists their packages together.
    async fn open_intents(&self, detail: &OrderDetail) -> Result<Vec<OpenIntent>, Stop> {
        let work = self.store.read(|store| store.work()).await?;
        let asked = detail
            .all_labels()
            .filter(|label| settling::may_own_a_package(label));
        let mut open = Vec::new();
        for label in asked {
            let id = label.id;
            let (_, quote) = self.store.read(move |store| store.purchase(id)).await?;
            let sent = work
                .iter()
                .find(|item| item.label.id == id)
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

//! Buying (PURCHASING.md 3, to the letter): fresh, readied, written down, sent once, classified, checked,
//! settled.

use super::memory::Note;
use super::outcome::{Outcome, Stop};
use super::plan::backoff;
use super::shops::{Core, Shop};
use crate::amazon::{Extras, FetchedOrder, Operation, Permit};
use crate::domain::bucket::Haste;
use crate::domain::freshness::{self, Stale};
use crate::domain::ids::{IntentId, TrackingNumber};
use crate::domain::intent::{Again, AmazonError, BoughtAnswer, BuyOutcome, WireAnswer, classify_purchase};
use crate::domain::po;
use crate::domain::rate::{PurchaseChoice, QuoteState, Rate};
use crate::domain::rows::{LabelRow, OrderDetail, WorkItem};
use crate::domain::sealed::{RequestBytes, WrappedKey};
use crate::domain::seller::{DocumentFormat, LabelVia};
use crate::domain::settling::{self, QUOTE_LIFE};
use crate::domain::split::as_part;
use crate::domain::whose_label::another_parcel;
use crate::store::{Asking, Lead, Refusal, SealedDocument, Settlement, StoreError};
use chrono::TimeDelta;
use std::sync::atomic::Ordering;
use std::time::Duration;

/// A send later than 5 s after it was written down is not made (PURCHASING.md 3.3). The client takes at most 4 s
/// to connect (its token is readied before), which leaves this much for the writing down.
const LATEST_SEND: Duration = Duration::from_secs(1);
/// A quote with less than this left is not bought from any more.
const QUOTE_REST: TimeDelta = TimeDelta::seconds(15);
/// A void that was asked too early is asked again after this, longer each time.
const TOO_EARLY: Duration = Duration::from_mins(15);

impl Core {
    /// Carries out a wish to buy.
    pub(super) async fn buy(&self, lead: Lead, item: &WorkItem, note: &mut Note) -> Result<Outcome, Stop> {
        let shop = self.shop(&item.store)?;
        let order = item.label.order;
        let then = self.store.read(move |store| store.order(order)).await?;
        let stale = match item.haste {
            // An order from elsewhere is not at Amazon: what stands here decides, and is checked as it is asked.
            _ if !then.order.channel.origin.is_amazon() => None,
            Haste::Bench => {
                let fetched = self.refresh(shop, &item.label.number).await?;
                self.stale(item, &then, fetched).await?
            }
            Haste::Bulk => self.stale_in_bulk(item, &then).await?,
        };
        if let Some(outcome) = stale {
            return Ok(outcome);
        }
        let id = item.label.id;
        let (choice, quote) = self.store.read(move |store| store.purchase(id)).await?;
        let QuoteState::Answered(answer) = &quote.state else {
            return self
                .refuse(item, "its rates were never answered: ask for rates again")
                .await;
        };
        if self.clock.now() + QUOTE_REST > answer.asked_at + QUOTE_LIFE {
            return self
                .refuse(
                    item,
                    "its rates have run out (Amazon sells for 10 minutes): ask for rates again",
                )
                .await;
        }
        if !shop.client.ships_from(&answer.ship_from) {
            return self
                .refuse(
                    item,
                    "the store ships from another address now: ask for rates again",
                )
                .await;
        }
        if let Some((pause, why)) = self.halted(&item.store) {
            return Ok(Outcome::Wait { why, pause });
        }
        let labels = shop.labels(item.label.via, item.haste)?;
        let rate = answer.rates.iter().find(|rate| rate.id == choice.rate_id);
        let inputs = self.opened_inputs(item).await?;
        let skus: Vec<_> = then
            .order
            .channel
            .lines
            .iter()
            .map(|line| (line.id.clone(), line.sku.clone()))
            .collect();
        let label_text = self.label_text(item, &choice).await?;
        let extras = Extras {
            fields: rate.map_or(&[][..], Rate::asked_inputs),
            inputs: inputs.as_ref(),
            skus: &skus,
            label_text: label_text.as_deref(),
        };
        let body = labels.purchase_body(&quote.request, &item.label.number, &choice, answer, &extras);
        let request = match body {
            Ok(request) => request,
            Err(why) => return self.refuse(item, &why).await,
        };
        let ready = shop.client(item.haste).ready(labels.buying()).await;
        let permit = self.heard(&item.store, ready)?;
        let key = self
            .key_of(&item.store, &item.label.number)
            .await?
            .ok_or_else(|| {
                Stop::Words("the order's customer data is erased: nothing can be bought".to_owned())
            })?;
        self.ask(lead, permit, item, &key, &request, note).await
    }

    /// The customer's purchase order number, where Amazon prints it on the carrier's label.
    async fn label_text(&self, item: &WorkItem, choice: &PurchaseChoice) -> Result<Option<String>, Stop> {
        if item.label.via != LabelVia::MerchantFulfillmentV0 {
            return Ok(None);
        }
        let Some(customer) = self
            .opened_customer(item.label.order, &item.store, &item.label.number)
            .await?
        else {
            return Ok(None);
        };
        Ok(po::to_print(&customer).and_then(|number| {
            let (format, dpi) = (choice.document.format, choice.dpi);
            po::through_amazon(&number, item.label.via, format, dpi, &item.label.carrier)
        }))
    }

    /// Judges freshness. Whatever Amazon said is stored, so the order wears its flags; nothing is bought for an
    /// order that is not fresh.
    async fn stale(
        &self,
        item: &WorkItem,
        then: &OrderDetail,
        fetched: FetchedOrder,
    ) -> Result<Option<Outcome>, Stop> {
        let ours = then.tracking_numbers();
        let seen = as_part(&then.order, fetched.channel.clone());
        let verdict = freshness::judge(&then.order.channel, &seen, &ours);
        // A package that is not ours may be the effect of a purchase of ours that nobody knows the outcome of.
        let mut others = then.all_labels().filter(|label| label.id != item.label.id);
        let in_doubt = others.any(settling::may_own_a_package);
        if in_doubt && matches!(verdict, Err(Stale::ShippedElsewhere(_))) {
            return Ok(Some(Outcome::Wait {
                why: "waits until it is known what came of the order's other label".to_owned(),
                pause: Duration::from_secs(10),
            }));
        }
        let flagged = then.order.flags.iter().find(|flag| {
            use crate::domain::order::Flag;
            !matches!(flag, Flag::NoProduct(_))
        });
        let flagged = flagged.map(ToString::to_string);
        self.store_orders(&item.store, vec![fetched]).await?;
        match (verdict, flagged) {
            (Err(stale), _) => self.refuse(item, &stale.to_string()).await.map(Some),
            (Ok(()), Some(flag)) => self
                .refuse(
                    item,
                    &format!(
                        "the order was flagged ({flag}) after this was wanted: look at it, nothing was bought"
                    ),
                )
                .await
                .map(Some),
            (Ok(()), None) => Ok(None),
        }
    }

    /// In bulk the sweep tells: it named every order that changed, and what it named was compared and flagged as
    /// it was stored. Only its age is to be checked, and what stands in the order itself.
    async fn stale_in_bulk(&self, item: &WorkItem, then: &OrderDetail) -> Result<Option<Outcome>, Stop> {
        let shop = item.store.clone();
        let swept = self.store.read(move |store| store.swept_until(&shop)).await?;
        let fresh =
            swept.is_some_and(|swept| freshness::young_enough(swept, self.clock.now(), freshness::BULK));
        if !fresh {
            return Ok(Some(Outcome::Wait {
                why: "waits for the next comparison of all orders with Amazon".to_owned(),
                pause: Duration::from_secs(1),
            }));
        }
        let ours = then.tracking_numbers();
        match freshness::judge(&then.order.channel, &then.order.channel, &ours) {
            Err(stale) => self.refuse(item, &stale.to_string()).await.map(Some),
            Ok(()) => Ok(None),
        }
    }

    /// Surely not bought, because it was not asked.
    async fn refuse(&self, item: &WorkItem, why: &str) -> Result<Outcome, Stop> {
        let settlement = Settlement::Refused {
            why: why.to_owned(),
            error: None,
        };
        let (id, now) = (item.label.id, self.clock.now());
        self.store
            .write(move |store| store.settle(id, &settlement, now))
            .await?;
        Ok(Outcome::Settled(format!(
            "{}: not bought, {why}",
            item.label.number
        )))
    }

    /// Writes the purchase down as asked and sends it once. Used for the first sending and, with the stored
    /// request, for repeats.
    pub(super) async fn ask(
        &self,
        lead: Lead,
        permit: Permit,
        item: &WorkItem,
        key: &WrappedKey,
        request: &RequestBytes,
        note: &mut Note,
    ) -> Result<Outcome, Stop> {
        let shop = self.shop(&item.store)?;
        let id = item.label.id;
        let number = &item.label.number;
        let seal = self.vault.open_key(key)?;
        let sealed = seal.seal_request(id, &item.store, number, request)?;
        // Proved: what cannot be opened again must not be the only record of a purchase.
        if seal.open_request(id, &item.store, number, &sealed)? != *request {
            return Err(Stop::Words(
                "the vault does not give back what it sealed".to_owned(),
            ));
        }
        let ours = self.box_name(item).await?;
        let labels = shop.labels(item.label.via, item.haste)?;
        // Many may have waited for their turn until now.
        if self.ending.load(Ordering::Relaxed) || !self.emergency.is_clear() {
            return Ok(Outcome::Wait {
                why: "nothing more is asked now".to_owned(),
                pause: Duration::from_secs(1),
            });
        }
        let begun = self.clock.monotonic();
        let (asking, now) = (Asking { id, request: sealed }, self.clock.now());
        let begun_asking = self
            .store
            .write(move |store| store.begin_asking(lead, &asking, now))
            .await;
        if let Err(StoreError::Refused(refusal @ Refusal::CannotShip(_))) = begun_asking {
            // Flagged or held in the last moment.
            return self.refuse(item, &refusal.to_string()).await;
        }
        begun_asking?;
        let answer = if self.clock.monotonic().saturating_sub(begun) > LATEST_SEND {
            WireAnswer::NotSent {
                why: "this machine was too slow, so it was not sent".to_owned(),
            }
        } else {
            // Only of the very first send: two minutes count from that one, whoever made it.
            if item.first_sent_at.is_none() {
                note.first_sent = Some(begun);
            }
            labels.buy(request, id, &ours).await
        };
        drop(permit);
        self.note_wire(item, &answer);
        self.settle_answer(shop, item, key, answer, note).await
    }

    fn note_wire(&self, item: &WorkItem, answer: &WireAnswer) {
        let now = self.clock.now();
        match answer {
            WireAnswer::NotSent { .. } => self.health.down(&item.store, now),
            WireAnswer::Bought(_) => self.health.ok(&item.store, now),
            WireAnswer::Error(_) | WireAnswer::Lost { .. } => {}
        }
    }

    async fn settle_answer(
        &self,
        shop: &Shop,
        item: &WorkItem,
        key: &WrappedKey,
        answer: WireAnswer,
        note: &mut Note,
    ) -> Result<Outcome, Stop> {
        let error = match &answer {
            WireAnswer::Error(error) => Some(error.clone()),
            _ => None,
        };
        let mut outcome = classify_purchase(!item.in_doubt, answer);
        if note.fresh_token {
            outcome = outcome.with_fresh_token();
        }
        note.tries += 1;
        let number = &item.label.number;
        match outcome {
            BuyOutcome::Bought(bought) => {
                self.go_on(&item.store);
                let settlement = self.bought(item, key, *bought).await;
                let row = self.settle(item, key, settlement).await?;
                Ok(Outcome::Settled(bought_words(&row)))
            }
            BuyOutcome::NotSent { why, again } => {
                let buying = shop.labels(item.label.via, item.haste)?.buying();
                let pause = self.pause_before(item, buying, again, note);
                let settlement = Settlement::NotSent {
                    why: why.clone(),
                    not_before: TimeDelta::from_std(pause)
                        .ok()
                        .map(|pause| self.clock.now() + pause),
                };
                self.settle(item, key, settlement).await?;
                Ok(Outcome::Wait { why, pause })
            }
            // Others were on their way when the account could not pay: they wait, and one message is enough.
            BuyOutcome::Refused { why, .. }
                if error.as_ref().is_some_and(AmazonError::says_no_money)
                    && !self.halt(&item.store, &why) =>
            {
                let pause = Duration::from_mins(2);
                let settlement = Settlement::NotSent {
                    why: why.clone(),
                    not_before: TimeDelta::from_std(pause)
                        .ok()
                        .map(|pause| self.clock.now() + pause),
                };
                self.settle(item, key, settlement).await?;
                Ok(Outcome::Wait { why, pause })
            }
            BuyOutcome::Refused { why, .. } | BuyOutcome::Closed { why } => {
                self.settle(
                    item,
                    key,
                    Settlement::Refused {
                        why: why.clone(),
                        error,
                    },
                )
                .await?;
                Ok(Outcome::Settled(format!("{number}: not bought, {why}")))
            }
            BuyOutcome::Exists { shipment, why } => {
                let why = with_request(&why, error.as_ref());
                // Unknown on the disk before anything else is asked.
                self.settle(item, key, Settlement::Unknown { why: why.clone() })
                    .await?;
                note.named = shipment;
                // What the read brings is news; that it fails is none: it is made again with the next look.
                match self.look_named(item, note).await {
                    Ok(Some(words)) => Ok(Outcome::Settled(words)),
                    Ok(None) | Err(_) => Ok(Outcome::Settled(format!(
                        "{number}: not known whether bought, {why}"
                    ))),
                }
            }
            BuyOutcome::Unknown { why } => {
                let why = with_request(&why, error.as_ref());
                self.settle(item, key, Settlement::Unknown { why: why.clone() })
                    .await?;
                Ok(Outcome::Settled(format!(
                    "{number}: not known whether bought, {why}"
                )))
            }
        }
    }

    /// How long to wait before a purchase or a void that was surely not carried out is asked again.
    pub(super) fn pause_before(
        &self,
        item: &WorkItem,
        operation: Operation,
        again: Again,
        note: &mut Note,
    ) -> Duration {
        match again {
            Again::Later => backoff(note.tries, Duration::from_secs(30)),
            Again::AfterWait => {
                // The client has emptied the bucket; this is the time until it holds a token again.
                let wait = self.buckets.wait(&item.store, operation);
                wait.max(Duration::from_secs(1))
            }
            Again::AfterFreshToken => {
                note.fresh_token = true;
                Duration::ZERO
            }
            Again::NotYet => TOO_EARLY * note.tries.clamp(1, 8),
        }
    }

    /// What a success means: documents checked and sealed; held where they must not be printed.
    pub(super) async fn bought(&self, item: &WorkItem, key: &WrappedKey, bought: BoughtAnswer) -> Settlement {
        let mut held = None;
        if let Some(tracking) = &bought.tracking
            && let Some(other) = self.other_label_with(item.label.id, tracking).await
        {
            held = Some(format!(
                "its tracking number {tracking} is on the label of order {other} already: do not use this label"
            ));
        }
        let mut documents = Vec::new();
        if bought.documents.is_empty() {
            tracing::warn!(
                label = %item.label.id,
                trouble = bought.trouble.as_deref().unwrap_or("no document"),
                "bought without document"
            );
        } else {
            let trouble = bought.trouble.clone().or_else(|| self.fault(&bought));
            held = held.or(trouble.map(|why| format!("the label must not be printed: {why}")));
            match self.seal_documents(item, key, &bought) {
                Ok(sealed) => documents = sealed,
                // The label itself can be fetched again; that it was bought cannot.
                Err(error) => self.health.trouble("vault", Some(error.to_string())),
            }
        }
        Settlement::Bought {
            shipment: Some(bought.shipment),
            tracking: bought.tracking,
            promise: bought.promise,
            documents,
            held,
            request_id: bought.request_id,
        }
    }

    /// The order whose label carries this tracking number already, if it is another label.
    async fn other_label_with(
        &self,
        label: IntentId,
        tracking: &TrackingNumber,
    ) -> Option<crate::domain::ids::OrderNumber> {
        let tracking = tracking.clone();
        let found = self
            .store
            .read(move |store| store.label_by_tracking(tracking.as_str()))
            .await;
        found
            .ok()
            .flatten()
            .filter(|row| row.id != label)
            .map(|row| row.number)
    }

    /// Why a document must not be printed.
    fn fault(&self, bought: &BoughtAnswer) -> Option<String> {
        bought.documents.iter().find_map(|document| {
            let fault = (self.inspect)(document.format, &document.bytes.0).err();
            let fault = fault.or_else(|| {
                let ours = bought.tracking.as_ref()?.as_str();
                let readable = document.format == DocumentFormat::Zpl;
                let other = readable.then(|| another_parcel(&document.bytes.0, ours))??;
                Some(format!(
                    "{other} stands on it, not {ours}: it is another parcel's"
                ))
            })?;
            Some(format!("{}: {fault}", document.kind))
        })
    }

    fn seal_documents(
        &self,
        item: &WorkItem,
        key: &WrappedKey,
        bought: &BoughtAnswer,
    ) -> Result<Vec<SealedDocument>, crate::vault::VaultError> {
        let seal = self.vault.open_key(key)?;
        let each = bought.documents.iter().map(|document| {
            let bytes = seal.seal_document(
                item.label.id,
                &document.kind,
                &item.store,
                &item.label.number,
                &document.bytes,
            )?;
            Ok(SealedDocument {
                format: document.format,
                kind: document.kind.clone(),
                bytes,
            })
        });
        each.collect()
    }
}

pub(super) fn bought_words(row: &LabelRow) -> String {
    let tracking = row
        .tracking
        .as_ref()
        .map_or("no tracking number yet", TrackingNumber::as_str);
    match (&row.reason, row.held) {
        (Some(reason), true) => format!("{}: {}, {tracking}, held: {reason}", row.number, row.state),
        _ => format!("{}: {}, {tracking}", row.number, row.state),
    }
}

fn with_request(why: &str, error: Option<&AmazonError>) -> String {
    match error.and_then(|error| error.request_id.as_deref()) {
        Some(request) => format!("{why} [request {request}]"),
        None => why.to_owned(),
    }
}

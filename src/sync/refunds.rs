//! What nobody waits for: what becomes of the money of a voided label, and whether a carrier has scanned a parcel
//! (PURCHASING.md 5). Read slowly, each label at due times that stand in the store; reads cost nothing.

use super::outcome::{Outcome, Stop};
use super::shops::{Core, Shop};
use crate::amazon::CallError;
use crate::domain::rate::QuoteState;
use crate::domain::refund::{self, FollowUp, Heard, Reading};
use crate::domain::rows::LabelRow;
use crate::domain::shipment::LabelState;

impl Core {
    /// Makes one reading that is due, takes in what it says, and lets the store plan the next one.
    pub(super) async fn follow(&self, item: &FollowUp) -> Result<Outcome, Stop> {
        // Read again: what is planned may have been overtaken.
        let id = item.label.id;
        let label = self.store.read(move |store| store.label(id)).await?;
        let heard = match refund::reading(&label, self.clock.now()) {
            None | Some(Reading::Nothing) => Heard::Nothing,
            Some(reading) => match self.shop(&item.store) {
                // Its turn comes again; the other labels do not wait for it.
                Err(_) => Heard::Nothing,
                Ok(shop) => match self.read(shop, reading, &label).await {
                    Ok(heard) => heard,
                    Err(Stop::Call(error)) if !is_general(&error) => {
                        tracing::info!(label = %id, %error, "nothing learned of a label");
                        Heard::Nothing
                    }
                    Err(other) => return Err(other),
                },
            },
        };
        let now = self.clock.now();
        let after = self
            .store
            .write(move |store| store.settle_follow_up(id, &heard, now))
            .await?;
        Ok(match words(&label, &after) {
            Some(words) => Outcome::Settled(words),
            None => Outcome::Nothing,
        })
    }

    async fn read(&self, shop: &Shop, reading: Reading, label: &LabelRow) -> Result<Heard, Stop> {
        let id = shop.client.store().clone();
        match reading {
            Reading::Nothing => Ok(Heard::Nothing),
            Reading::Shipment => {
                let Some(shipment) = &label.shipment else {
                    return Ok(Heard::Nothing);
                };
                let told = self.heard(&id, shop.client.merchant_shipment(shipment).await)?;
                Ok(Heard::Shipment(told.status.to_string()))
            }
            // Amazon lists no packages of an order that is not its own.
            Reading::Package if !shop.client.origin().is_amazon() => Ok(Heard::Nothing),
            Reading::Package => {
                // Stored like any other word of Amazon: each label of the order hears of its package.
                let fetched = self.refresh(shop, &label.number).await?;
                self.store_orders(&id, vec![fetched]).await?;
                Ok(Heard::Nothing)
            }
            Reading::Tracking => {
                let Some(tracking) = &label.tracking else {
                    return Ok(Heard::Nothing);
                };
                let carrier = self.carrier_id(label).await?;
                let told = self.heard(&id, shop.client.tracking(tracking, &carrier).await)?;
                Ok(Heard::Tracking(told.status))
            }
        }
    }

    /// The carrier's id of the rate that was bought.
    async fn carrier_id(&self, label: &LabelRow) -> Result<String, Stop> {
        let id = label.id;
        let (choice, quote) = self.store.read(move |store| store.purchase(id)).await?;
        let rates = match quote.state {
            QuoteState::Answered(answer) => answer.rates,
            QuoteState::Wanted | QuoteState::Failed(_) => Vec::new(),
        };
        let bought = rates.into_iter().find(|rate| rate.id == choice.rate_id);
        Ok(bought.map_or_else(|| label.carrier.clone(), |rate| rate.carrier_id))
    }
}

/// Something that the next label's reading would meet, too.
fn is_general(error: &CallError) -> bool {
    error.is_unreachable() || error.wait().is_some()
}

/// What is news for a person.
fn words(before: &LabelRow, after: &LabelRow) -> Option<String> {
    if before.state == after.state {
        return None;
    }
    let number = &after.number;
    Some(match after.state {
        LabelState::RefundPending => format!("{number}: the void is confirmed, the refund is awaited"),
        LabelState::Refunded => format!("{number}: {} is back", after.price),
        LabelState::RefundRejected => format!("{number}: the refund of {} was rejected", after.price),
        LabelState::RefundNotReported => {
            format!(
                "{number}: nothing was heard of the refund of {} in 60 days",
                after.price
            )
        }
        state => format!("{number}: {state}"),
    })
}

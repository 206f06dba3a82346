//! Voiding (PURCHASING.md 5): asked like a purchase; an unknown cancel is repeated; "already canceled" is a
//! success.

use super::memory::Note;
use super::outcome::{Outcome, Stop};
use super::plan::backoff;
use super::shops::Core;
use crate::amazon::LabelDesk;
use crate::domain::bucket::Haste;
use crate::domain::ids::ShipmentId;
use crate::domain::intent::{VoidOutcome, VoidWire, classify_void};
use crate::domain::rows::WorkItem;
use crate::store::{Lead, VoidSettlement};
use chrono::TimeDelta;
use std::time::Duration;

impl Core {
    /// Carries out a wish to void, or repeats an unknown one.
    pub(super) async fn void(&self, lead: Lead, item: &WorkItem, note: &mut Note) -> Result<Outcome, Stop> {
        let shop = self.shop(&item.store)?;
        let number = item.label.number.clone();
        let id = item.label.id;
        let Some(shipment) = item.label.shipment.clone() else {
            // Told by a package only: there is nothing to name to Amazon.
            self.begin_void(lead, item).await?;
            let why = "Amazon gave no shipment id for this label: void it in Seller Central".to_owned();
            self.settle_void(item, VoidSettlement::Refused { why: why.clone() })
                .await?;
            return Ok(Outcome::Settled(format!("{number}: not voided, {why}")));
        };
        let labels = shop.labels(item.label.via, Haste::Bench)?;
        // Where a read tells what came of a lost answer, nothing is asked a second time.
        let told = if item.in_doubt {
            self.heard(&item.store, labels.void_told(&shipment).await)?
        } else {
            None
        };
        let answer = if let Some(told) = told {
            told
        } else {
            let permit = self.heard(&item.store, shop.client.ready(labels.voiding()).await)?;
            self.begin_void(lead, item).await?;
            tracing::info!(label = %id, "void asked");
            let answer = labels.void(&shipment).await;
            drop(permit);
            self.told_instead(item, labels, &shipment, answer).await
        };
        match &answer {
            VoidWire::NotSent { .. } => self.health.down(&item.store, self.clock.now()),
            VoidWire::Accepted { .. } | VoidWire::Rejected { .. } => {
                self.health.ok(&item.store, self.clock.now());
            }
            VoidWire::Error(_) | VoidWire::Lost { .. } => {}
        }
        let mut outcome = classify_void(!item.in_doubt, answer);
        if note.fresh_token {
            outcome = outcome.with_fresh_token();
        }
        note.tries += 1;
        let tries = note.tries;
        let (settlement, outcome) = match outcome {
            VoidOutcome::Accepted => (
                VoidSettlement::Accepted,
                Outcome::Settled(format!("{number}: voided, refund expected")),
            ),
            VoidOutcome::NotSent { why, again } => {
                let pause = self.pause_before(item, labels.voiding(), again, note);
                let not_before = TimeDelta::from_std(pause)
                    .ok()
                    .map(|pause| self.clock.now() + pause);
                (
                    VoidSettlement::NotSent {
                        why: why.clone(),
                        not_before,
                    },
                    Outcome::Wait { why, pause },
                )
            }
            VoidOutcome::Refused { why } => (
                VoidSettlement::Refused { why: why.clone() },
                Outcome::Settled(format!("{number}: not voided, {why}")),
            ),
            VoidOutcome::Rejected { why } => (
                VoidSettlement::Rejected { why: why.clone() },
                Outcome::Settled(format!("{number}: not voided, {why}")),
            ),
            VoidOutcome::Unknown { why } => (
                VoidSettlement::Unknown { why: why.clone() },
                Outcome::Wait {
                    why: format!("not known whether voided, {why}"),
                    pause: backoff(tries, Duration::from_mins(5)),
                },
            ),
        };
        self.settle_void(item, settlement).await?;
        Ok(outcome)
    }

    /// The shipment's own status in the place of a refusal, where a read tells it: Amazon refuses to cancel what is
    /// canceled already in words that say nothing (amazon.md 2.12, `InvalidState`).
    async fn told_instead(
        &self,
        item: &WorkItem,
        labels: LabelDesk<'_>,
        shipment: &ShipmentId,
        answer: VoidWire,
    ) -> VoidWire {
        let refused = match &answer {
            VoidWire::Error(error) => !matches!(error.status, 401 | 403 | 429),
            _ => false,
        };
        if !refused {
            return answer;
        }
        let told = self.heard(&item.store, labels.void_told(shipment).await);
        // A read that fails, or that says the label still stands, takes nothing away from the answer.
        told.ok().flatten().unwrap_or(answer)
    }

    async fn begin_void(&self, lead: Lead, item: &WorkItem) -> Result<(), Stop> {
        let (id, now) = (item.label.id, self.clock.now());
        self.store
            .write(move |store| store.begin_voiding(lead, id, now))
            .await?;
        Ok(())
    }
}

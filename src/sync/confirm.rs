//! Telling Amazon of boxes whose label was bought elsewhere (amazon.md 4.4): written down, fresh, asked, and
//! asked again with the same package reference until the answer is clear.

use super::memory::{Memory, Note};
use super::outcome::{Outcome, StillWaiting, Stop};
use super::plan::{Key, Moment, Plan, Step, backoff, whole_seconds};
use super::shops::Core;
use crate::amazon::{CallError, FetchedOrder, Operation};
use crate::domain::confirmation::{ConfirmOutcome, ConfirmationRow, ConfirmationState, classify_refusal};
use crate::domain::freshness::{self, Stale};
use crate::domain::order::Flag;
use crate::domain::rows::OrderDetail;
use crate::domain::settling;
use crate::domain::split::as_part;
use crate::store::{ConfirmSettlement, Lead, Refusal, StoreError};
use chrono::{DateTime, TimeDelta, Utc};
use std::collections::HashSet;
use std::time::Duration;

/// Plans what is to be told; what cannot be told yet waits.
pub(super) fn plan_confirmations(
    waiting: Vec<ConfirmationRow>,
    memory: &Memory,
    now: Moment,
    taken: &mut HashSet<Key>,
    plan: &mut Plan,
) {
    for row in waiting {
        let note = memory.confirmations.get(&row.label);
        let paused = note
            .and_then(|note| note.pause.as_ref())
            .filter(|(until, _)| *until > now.watch);
        let due = row
            .not_before
            .and_then(|due| (due - now.wall).to_std().ok())
            .unwrap_or_default();
        let pause = paused
            .map_or(Duration::ZERO, |(until, _)| until.saturating_sub(now.watch))
            .max(due);
        let why = paused.map(|(_, why)| why.clone()).or(row.reason.clone());
        let again_in = if pause > Duration::ZERO {
            plan.later(pause);
            Some(whole_seconds(pause))
        } else if taken.insert(Key::Order(row.number.clone())) {
            plan.steps.push(Step::Confirm(Box::new(row)));
            continue;
        } else {
            Some(1)
        };
        plan.waiting.push(StillWaiting {
            number: Some(row.number),
            label: Some(row.label),
            why: format!(
                "Amazon is not told of tracking {} yet{}",
                row.shipped.tracking,
                why.map_or_else(String::new, |why| format!(": {why}"))
            ),
            again_in,
        });
    }
}

impl Core {
    /// Tells Amazon of one box.
    pub(super) async fn confirm(
        &self,
        lead: Lead,
        row: &ConfirmationRow,
        note: &mut Note,
    ) -> Result<Outcome, Stop> {
        let shop = self.shop(&row.store)?;
        let order = row.order;
        let then = self.store.read(move |store| store.order(order)).await?;
        if !row.in_doubt {
            let fetched = self.refresh(shop, &row.number).await?;
            if let Some(outcome) = self.not_fresh(row, &then, fetched).await? {
                return Ok(outcome);
            }
        }
        // The login is fresh and there is room: what is written down as asked goes out at once. The call itself takes
        // the token.
        drop(self.heard(&row.store, shop.client.ready(Operation::ConfirmShipment).await)?);
        let request = match &row.request {
            Some(sent) if row.in_doubt => sent.clone(),
            _ => shop.client.confirmation_body(&row.shipped),
        };
        let (id, now, body) = (row.label, self.clock.now(), request.clone());
        let begun = self
            .store
            .write(move |store| store.begin_confirming(lead, id, &body, now))
            .await;
        if let Err(StoreError::Refused(Refusal::CannotShip(why))) = begun {
            return self.settle_confirmation(row, refused(why, None)).await;
        }
        begun?;
        let answer = shop.client.confirm_shipment(&row.number, &request).await;
        tracing::info!(label = %id, "confirmation asked");
        match &answer {
            Ok(_) => self.health.ok(&row.store, self.clock.now()),
            Err(error) => self.health.failed(&row.store, error, self.clock.now()),
        }
        note.tries += 1;
        match answer {
            Ok(request_id) => {
                let settlement = ConfirmSettlement::Confirmed {
                    why: None,
                    request_id,
                };
                self.settle_confirmation(row, settlement).await
            }
            Err(CallError::Refused { error, .. }) if matches!(error.status, 401 | 403) => {
                // The client has tried a fresh token: a role or an authorisation is missing.
                let why = error.words();
                self.settle_confirmation(row, refused(why, error.request_id))
                    .await
            }
            Err(CallError::Refused { error, .. }) => match classify_refusal(row.in_doubt, &error) {
                ConfirmOutcome::Refused { why } => {
                    self.settle_confirmation(row, refused(why, error.request_id))
                        .await
                }
                ConfirmOutcome::AlreadyShipped { why } => self.look_for(row, why).await,
            },
            Err(CallError::Throttled { wait, .. }) => {
                self.wait(row, "Amazon's limit is used up".to_owned(), wait, false)
                    .await
            }
            Err(error @ CallError::Login { .. }) => {
                let pause = backoff(note.tries, Duration::from_mins(5));
                self.wait(row, error.to_string(), pause, false).await
            }
            // Nobody knows whether it was heard: asked again with the same reference.
            Err(error @ (CallError::Unreachable { .. } | CallError::Garbled { .. })) => {
                let pause = backoff(note.tries, Duration::from_mins(5));
                self.wait(row, error.to_string(), pause, true).await
            }
        }
    }

    /// Judges freshness as for a purchase; nothing is told of an order that is not fresh.
    async fn not_fresh(
        &self,
        row: &ConfirmationRow,
        then: &OrderDetail,
        fetched: FetchedOrder,
    ) -> Result<Option<Outcome>, Stop> {
        let seen = as_part(&then.order, fetched.channel.clone());
        let judged = freshness::judge(&then.order.channel, &seen, &then.tracking_numbers());
        let unsettled = then.all_labels().any(settling::may_own_a_package);
        if unsettled && matches!(judged, Err(Stale::ShippedElsewhere(_))) {
            let why = "it waits until it is known what came of the order's other label".to_owned();
            let pause = Duration::from_secs(10);
            return Ok(Some(Outcome::Wait { why, pause }));
        }
        let flagged = then
            .order
            .flags
            .iter()
            .find(|flag| !matches!(flag, Flag::NoProduct(_)))
            .map(ToString::to_string);
        self.store_orders(&row.store, vec![fetched]).await?;
        let why = match (judged, flagged) {
            (Err(stale), _) => why_not_told(&stale),
            (Ok(()), Some(flag)) => {
                format!("the order is flagged ({flag}): look at it, then tell Amazon again")
            }
            (Ok(()), None) => return Ok(None),
        };
        self.settle_confirmation(row, refused(why, None)).await.map(Some)
    }

    /// Whether the box is among the packages that Amazon lists decides what came of it.
    async fn look_for(&self, row: &ConfirmationRow, why: String) -> Result<Outcome, Stop> {
        let shop = self.shop(&row.store)?;
        let fetched = match self.refresh(shop, &row.number).await {
            Ok(fetched) => fetched,
            Err(failed) => {
                let why = format!("{why}; its packages cannot be looked up: {failed}");
                return self.wait(row, why, Duration::from_secs(30), true).await;
            }
        };
        let listed = fetched.channel.packages.iter().any(|package| {
            let number = package.tracking.as_ref();
            number.is_some_and(|number| freshness::same_number(number, &row.shipped.tracking))
        });
        self.store_orders(&row.store, vec![fetched]).await?;
        let settlement = if listed {
            ConfirmSettlement::Confirmed {
                why: Some("Amazon lists its package".to_owned()),
                request_id: None,
            }
        } else {
            refused(
                format!(
                    "{why}, and Amazon lists no package with {}: look at the order in Seller Central and enter the number there",
                    row.shipped.tracking
                ),
                None,
            )
        };
        self.settle_confirmation(row, settlement).await
    }

    /// Told again after a pause; `heard`: it may have been heard.
    async fn wait(
        &self,
        row: &ConfirmationRow,
        why: String,
        pause: Duration,
        heard: bool,
    ) -> Result<Outcome, Stop> {
        let not_before = later(self.clock.now(), pause);
        let settlement = if heard {
            ConfirmSettlement::Unknown {
                why: why.clone(),
                not_before,
            }
        } else {
            ConfirmSettlement::NotSent {
                why: why.clone(),
                not_before,
            }
        };
        self.settle_confirmation(row, settlement).await?;
        Ok(Outcome::Wait { why, pause })
    }

    async fn settle_confirmation(
        &self,
        row: &ConfirmationRow,
        settlement: ConfirmSettlement,
    ) -> Result<Outcome, Stop> {
        let (id, now) = (row.label, self.clock.now());
        let settled = self
            .store
            .write(move |store| store.settle_confirmation(id, &settlement, now))
            .await?;
        Ok(match settled.state {
            ConfirmationState::Wanted | ConfirmationState::Asked | ConfirmationState::Unknown => {
                Outcome::Nothing
            }
            _ => Outcome::Settled(format!(
                "{}: tracking {}: {}",
                settled.number,
                settled.shipped.tracking,
                settled.words()
            )),
        })
    }
}

fn refused(why: String, request_id: Option<String>) -> ConfirmSettlement {
    ConfirmSettlement::Refused { why, request_id }
}

fn later(now: DateTime<Utc>, pause: Duration) -> Option<DateTime<Utc>> {
    TimeDelta::from_std(pause).ok().map(|pause| now + pause)
}

/// Why Amazon is not told, in words: what happened and what to do with the label that exists already.
fn why_not_told(stale: &Stale) -> String {
    match stale {
        Stale::Canceled => "Amazon has canceled this order: do not ship it, take the label back".to_owned(),
        Stale::CancelRequested => {
            "the buyer asks to cancel this order: settle that in Seller Central, then tell Amazon again"
                .to_owned()
        }
        Stale::Pending => {
            "Amazon is still checking the payment of this order: do not ship it yet, tell Amazon again later"
                .to_owned()
        }
        Stale::Unfulfillable => {
            "Amazon says that this order cannot be fulfilled: look at it in Seller Central".to_owned()
        }
        Stale::UnknownStatus(status) => format!(
            "Amazon calls this order {status:?}, which this program does not know: look at it in Seller Central"
        ),
        Stale::AddressChanged => {
            "the address of this order has changed: do not ship the box with this label, take it back"
                .to_owned()
        }
        Stale::ItemsChanged => {
            "the items of this order have changed: check the box against it, then tell Amazon again"
                .to_owned()
        }
        Stale::ShippedElsewhere(package) => format!(
            "Amazon lists a package of this order that is not ours ({package}): it was shipped elsewhere, do not ship this box"
        ),
    }
}

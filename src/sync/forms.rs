//! Collection forms: the wish is written down first, then Amazon is asked under the wish's own key. A lost answer is
//! looked for in Amazon's history before the same is asked again: nothing here costs anything, but each form is one
//! sheet for a driver, and two would confuse him.

use super::memory::Note;
use super::outcome::{Outcome, Stop};
use super::plan::backoff;
use super::shops::{Core, Shop};
use crate::domain::collection::{
    CollectionForm, FormAnswer, FormSettlement, FormState, brought, is_complete, not_offered, offered,
};
use crate::domain::intent::AmazonError;
use crate::domain::sealed::DocumentBytes;
use crate::domain::seller::{DocumentFormat, LabelVia};
use crate::store::{FormDocument, Lead};
use chrono::{DateTime, TimeDelta, Utc};
use std::time::Duration;

/// Longest pause between two looks at a form that is being made.
const LONGEST: Duration = Duration::from_mins(5);

/// The history shows a form at the latest so long after it was asked for.
const SHOWN_AFTER: TimeDelta = TimeDelta::minutes(15);

/// Amazon took the question and says no.
fn is_no(error: &AmazonError) -> bool {
    matches!(error.status, 400..500) && !matches!(error.status, 401 | 403 | 429)
}

fn asked_for_long(wish: &CollectionForm, now: DateTime<Utc>) -> bool {
    wish.asked_at.is_some_and(|asked| now - asked >= SHOWN_AFTER)
}

impl Core {
    /// Asks for one form, or looks what came of asking.
    pub(super) async fn form(
        &self,
        lead: Lead,
        wish: &CollectionForm,
        note: &mut Note,
    ) -> Result<Outcome, Stop> {
        let shop = match self.shop(&wish.store) {
            Ok(shop) => shop,
            Err(unknown) => return self.no_form(wish, &unknown.to_string()).await,
        };
        if shop.via != LabelVia::ShippingV2 {
            let why = "this store's labels come from Merchant Fulfillment v0, which has no collection forms: give the \
                       driver our own manifest";
            return self.no_form(wish, why).await;
        }
        note.tries += 1;
        if wish.state == FormState::Asked
            && let Some(outcome) = self.form_in_history(shop, wish, note).await?
        {
            return Ok(outcome);
        }
        let asked_with = wish.carrier_id.clone().filter(|_| wish.state == FormState::Asked);
        // Asked before: its parcels may be off Amazon's list already.
        let carrier_id = if let Some(known) = asked_with {
            known
        } else {
            let listed = self.heard(&wish.store, shop.client.unmanifested().await)?;
            match offered(&wish.carrier, &listed) {
                Some(found) => found.carrier_id.clone(),
                None => return self.no_form(wish, &not_offered(&wish.carrier, &listed)).await,
            }
        };
        let (id, carrier, now) = (wish.id, carrier_id.clone(), self.clock.now());
        self.store
            .write(move |store| store.begin_form(lead, id, &carrier, now))
            .await?;
        match shop.client.generate_form(&carrier_id, wish.key).await {
            FormAnswer::Made(document) => self.form_made(wish, &document, None).await,
            FormAnswer::Begun => self.form_waits(wish, "Amazon is making it", note).await,
            FormAnswer::NotSent(why) | FormAnswer::Lost(why) => self.form_waits(wish, &why, note).await,
            // Asked long ago, and nothing is in the history: the first sending brought nothing.
            FormAnswer::Refused(error) if is_no(&error) && asked_for_long(wish, now) => {
                self.no_form(wish, &format!("Amazon refuses: {}", error.words()))
                    .await
            }
            // Asked before: an error can be the effect of the first one's success.
            FormAnswer::Refused(error) if error.status == 429 || wish.state == FormState::Asked => {
                self.form_waits(wish, &error.words(), note).await
            }
            FormAnswer::Refused(error) if matches!(error.status, 401 | 403 | 500..) => {
                self.form_waits(wish, &error.words(), note).await
            }
            FormAnswer::Refused(error) => {
                self.no_form(wish, &format!("Amazon refuses: {}", error.words()))
                    .await
            }
        }
    }

    /// Whether Amazon made the form although its answer was lost. None: ask again.
    async fn form_in_history(
        &self,
        shop: &Shop,
        wish: &CollectionForm,
        note: &Note,
    ) -> Result<Option<Outcome>, Stop> {
        let since = wish.asked_at.unwrap_or(wish.wanted_at);
        let history = self.heard(
            &wish.store,
            shop.client.form_history(since, self.clock.now()).await,
        )?;
        let known = self.store.read(|store| store.collection_forms(0, 500)).await?;
        let known: Vec<String> = known.rows.into_iter().filter_map(|form| form.form).collect();
        let Some(record) = brought(wish, &history, &known) else {
            return Ok(None);
        };
        if !is_complete(record) {
            return Ok(Some(self.form_waits(wish, "Amazon is making it", note).await?));
        }
        let document = self.heard(&wish.store, shop.client.collection_form(&record.id).await)?;
        self.form_made(wish, &document, Some(record.id.clone()))
            .await
            .map(Some)
    }

    async fn form_waits(&self, wish: &CollectionForm, why: &str, note: &Note) -> Result<Outcome, Stop> {
        self.settle_form(wish, FormSettlement::Waits(why.to_owned()), None)
            .await?;
        Ok(Outcome::Wait {
            why: format!("collection form of {}: {why}", wish.carrier),
            pause: backoff(note.tries, LONGEST),
        })
    }

    async fn no_form(&self, wish: &CollectionForm, why: &str) -> Result<Outcome, Stop> {
        self.settle_form(wish, FormSettlement::Refused(why.to_owned()), None)
            .await?;
        Ok(Outcome::Settled(format!(
            "no collection form of {}: {why}",
            wish.carrier
        )))
    }

    /// Seals and stores the document; a form that cannot be printed is not called made.
    async fn form_made(
        &self,
        wish: &CollectionForm,
        document: &DocumentBytes,
        form: Option<String>,
    ) -> Result<Outcome, Stop> {
        if let Err(why) = (self.inspect)(DocumentFormat::Pdf, &document.0) {
            let why =
                format!("Amazon sent a form that cannot be printed ({why}): print it in Seller Central");
            return self.no_form(wish, &why).await;
        }
        let id = self.store.write(|store| store.next_data_key()).await?;
        let key = self.vault.new_order_key(id)?;
        let sealed = self
            .vault
            .open_key(&key)?
            .seal_form(wish.id, &wish.store, document)?;
        self.settle_form(wish, FormSettlement::Made { form }, Some((key, sealed)))
            .await?;
        Ok(Outcome::Settled(format!(
            "collection form {} of {} is made: print it",
            wish.id, wish.carrier
        )))
    }

    async fn settle_form(
        &self,
        wish: &CollectionForm,
        settlement: FormSettlement,
        document: Option<FormDocument>,
    ) -> Result<(), Stop> {
        let (id, now) = (wish.id, self.clock.now());
        self.store
            .write(move |store| store.settle_form(id, &settlement, document.as_ref(), now))
            .await?;
        Ok(())
    }
}

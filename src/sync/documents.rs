//! Documents of labels that were bought without one: fetched again by a read, which costs nothing.

use super::memory::Note;
use super::outcome::{Outcome, Stop};
use super::plan::backoff;
use super::shops::Core;
use crate::domain::bucket::Haste;
use crate::domain::rows::WorkItem;
use crate::store::Settlement;
use std::time::Duration;

impl Core {
    /// Fetches, checks and stores the documents.
    pub(super) async fn document(&self, item: &WorkItem, note: &mut Note) -> Result<Outcome, Stop> {
        let shop = self.shop(&item.store)?;
        let Some(shipment) = item.label.shipment.clone() else {
            return Ok(Outcome::Nothing);
        };
        note.tries += 1;
        let later = |why: String| Outcome::Wait {
            why,
            pause: backoff(note.tries, Duration::from_hours(1)),
        };
        let ours = self.box_name(item).await?;
        let answer = shop
            .labels(item.label.via, Haste::Bench)?
            .documents(&shipment, &ours)
            .await;
        let bought = self.heard(&item.store, answer)?;
        if bought.documents.is_empty() {
            let why = bought
                .trouble
                .unwrap_or_else(|| "Amazon sent no document".to_owned());
            return Ok(later(why));
        }
        let Some(key) = self.key_of(&item.store, &item.label.number).await? else {
            return Ok(later("the order's customer data is erased".to_owned()));
        };
        // Settled like the purchase itself: the tracking number may be news, too, and the checks are the same.
        let settlement = self.bought(item, &key, bought).await;
        let Settlement::Bought {
            documents,
            tracking,
            held,
            ..
        } = &settlement
        else {
            return Ok(Outcome::Nothing);
        };
        if documents.is_empty() {
            return Ok(later("the label could not be sealed".to_owned()));
        }
        let (id, now) = (item.label.id, self.clock.now());
        let late_news = held.is_some() || (item.label.tracking.is_none() && tracking.is_some());
        let row = if late_news {
            self.settle(item, &key, settlement).await?
        } else {
            let documents = documents.clone();
            self.store
                .write(move |store| store.add_document(id, documents, now))
                .await?
        };
        Ok(Outcome::Settled(super::buy::bought_words(&row)))
    }
}

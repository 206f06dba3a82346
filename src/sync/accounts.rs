//! Linked carrier accounts: asked for when somebody wants to see them.

use super::outcome::{Outcome, Stop};
use super::shops::Core;
use crate::domain::ids::StoreId;

impl Core {
    /// Asks a shop's linked carrier accounts and stores the answer, or why there is none. A failure is an answer: the
    /// person who wanted to see them may want it again.
    pub(super) async fn accounts(&self, shop: &StoreId) -> Result<Outcome, Stop> {
        let answer = match self.shop(shop) {
            Ok(at_work) => at_work.client.carrier_accounts().await,
            Err(unknown) => {
                let (id, words, now) = (shop.clone(), unknown.to_string(), self.clock.now());
                self.store
                    .write(move |store| store.answer_accounts(&id, Err(words), now))
                    .await?;
                return Ok(Outcome::Nothing);
            }
        };
        match &answer {
            Ok(_) => self.health.ok(shop, self.clock.now()),
            Err(error) => self.health.failed(shop, error, self.clock.now()),
        }
        let words = match &answer {
            Ok(accounts) => format!("store {shop}: {} linked carrier accounts", accounts.len()),
            Err(error) => format!("store {shop}: no carrier accounts ({error})"),
        };
        let (id, now) = (shop.clone(), self.clock.now());
        let answer = answer.map_err(|error| error.to_string());
        self.store
            .write(move |store| store.answer_accounts(&id, answer, now))
            .await?;
        Ok(Outcome::Settled(words))
    }
}

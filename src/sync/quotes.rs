//! Rates for boxes: whatever the screens asked for, newest first for each box.

use super::outcome::{Outcome, Stop};
use super::shops::Core;
use crate::amazon::CallError;
use crate::domain::ids::{OrderNumber, StoreId};
use crate::domain::rate::Quote;

impl Core {
    /// Asks for rates and stores the answer, or the failure in words. While Amazon cannot be reached or its limit
    /// is used up, the wish waits.
    pub(super) async fn quote(
        &self,
        quote: &Quote,
        shop: &StoreId,
        number: &OrderNumber,
    ) -> Result<Outcome, Stop> {
        let answer = match self.shop(shop) {
            Ok(shop) => shop.client.get_rates(&quote.request, number).await,
            Err(unknown) => {
                self.answer_quote(quote, Err(unknown.to_string())).await?;
                return Ok(Outcome::Settled(format!("{number}: no rates ({unknown})")));
            }
        };
        if let Err(error @ (CallError::Unreachable { .. } | CallError::Throttled { .. })) = answer {
            self.health.failed(shop, &error, self.clock.now());
            return Err(error.into());
        }
        match &answer {
            Ok(_) => self.health.ok(shop, self.clock.now()),
            Err(error) => self.health.failed(shop, error, self.clock.now()),
        }
        let words = match &answer {
            Ok(answer) => format!("{number}: {} rates", answer.rates.len()),
            Err(error) => format!("{number}: no rates ({error})"),
        };
        self.answer_quote(quote, answer.map_err(|error| error.to_string()))
            .await?;
        Ok(Outcome::Settled(words))
    }

    async fn answer_quote(
        &self,
        quote: &Quote,
        answer: Result<crate::domain::rate::QuoteAnswer, String>,
    ) -> Result<(), Stop> {
        let (id, now) = (quote.id, self.clock.now());
        self.store
            .write(move |store| store.answer_quote(id, answer, now))
            .await?;
        Ok(())
    }
}

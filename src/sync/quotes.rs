//! Rates for boxes: whatever the screens asked for, newest first for each box.

use super::outcome::{Outcome, Stop};
use super::shops::Core;
use crate::amazon::CallError;
use crate::domain::bucket::Haste;
use crate::domain::ids::{OrderNumber, StoreId};
use crate::domain::rate::{Confirmation, Quote, QuoteRequest};

impl Core {
    /// Asks for rates and stores the answer, or the failure in words. While Amazon cannot be reached or its limit
    /// is used up, the wish waits.
    pub(super) async fn quote(
        &self,
        quote: &Quote,
        shop: &StoreId,
        number: &OrderNumber,
        haste: Haste,
    ) -> Result<Outcome, Stop> {
        let answer = match self.shop(shop) {
            Ok(shop) => {
                let order = quote.request.order;
                let channel = self
                    .store
                    .read(move |store| store.order(order))
                    .await?
                    .order
                    .channel;
                let request = raised(&quote.request, channel.confirmation_floor);
                let desk = shop.labels(shop.via, haste)?;
                match desk.quote(&request, number).await {
                    Ok(mut answer) => {
                        self.fetch_inputs(&desk, number, &channel.lines, &mut answer)
                            .await;
                        Ok(answer)
                    }
                    Err(error) => Err(error),
                }
            }
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

/// The request with the Delivery Confirmation that the order demands, where that is more than the box's own:
/// Merchant Fulfillment offers and prices for exactly one.
fn raised(request: &QuoteRequest, floor: Option<Confirmation>) -> QuoteRequest {
    QuoteRequest {
        confirmation: request.confirmation.at_least(floor),
        ..request.clone()
    }
}

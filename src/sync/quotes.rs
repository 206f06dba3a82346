//! Rates for boxes: whatever the screens asked for, newest first for each box.

use super::outcome::{Outcome, Stop};
use super::shops::{Core, Shop};
use crate::amazon::CallError;
use crate::domain::bucket::Haste;
use crate::domain::channel::{Channel, channel};
use crate::domain::ids::{OrderNumber, StoreId};
use crate::domain::order::Origin;
use crate::domain::preflight;
use crate::domain::rate::{Confirmation, Quote, QuoteRequest};
use crate::domain::seller::LabelVia;

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
        let order = quote.request.order;
        let said = self
            .store
            .read(move |store| store.order(order))
            .await?
            .order
            .channel;
        let channel = match self.channel_for(said.origin, shop) {
            Ok(channel) => channel,
            Err(words) => return self.no_rates(quote, number, words).await,
        };
        let seller = self.shop(shop)?;
        let request = raised(&quote.request, said.confirmation_floor);
        if let Err(words) = preflight(&request, seller, channel) {
            return self.no_rates(quote, number, words).await;
        }
        let answer = match channel {
            Channel::Amazon => {
                let desk = seller.labels(seller.via, haste)?;
                match desk.quote(&request, number).await {
                    Ok(mut answer) => {
                        self.fetch_inputs(&desk, number, &said.lines, &mut answer).await;
                        Ok(answer)
                    }
                    Err(error) => Err(error),
                }
            }
            Channel::External => {
                if request.items.iter().any(|item| item.unit_value.is_none()) {
                    let words =
                        "Amazon Shipping wants the value of every item: import the order with unit_price";
                    return self.no_rates(quote, number, words.to_owned()).await;
                }
                let Some(customer) = self.opened_customer(order, shop, number).await? else {
                    let words = "the customer's data of this order is erased: nothing can be bought for it";
                    return self.no_rates(quote, number, words.to_owned()).await;
                };
                if let Err(fault) = preflight::recipient(&customer) {
                    return self.no_rates(quote, number, fault.to_string()).await;
                }
                seller.client(haste).get_external_rates(&request, &customer).await
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

    /// The channel that sells a label for an order from there, or words why none does.
    fn channel_for(&self, origin: Origin, shop: &StoreId) -> Result<Channel, String> {
        match self.shops.get(shop) {
            Some(known) => channel(origin, known.client.marketplace()),
            None if origin == Origin::Elsewhere => channel(origin, ""),
            None => self
                .shop(shop)
                .map(|_| Channel::Amazon)
                .map_err(|stop| stop.to_string()),
        }
    }

    async fn no_rates(&self, quote: &Quote, number: &OrderNumber, words: String) -> Result<Outcome, Stop> {
        self.answer_quote(quote, Err(words.clone())).await?;
        Ok(Outcome::Settled(format!("{number}: no rates ({words})")))
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

/// What Amazon would refuse is told without asking.
fn preflight(request: &QuoteRequest, seller: &Shop, channel: Channel) -> Result<(), String> {
    preflight::request(request)?;
    // Orders that are not Amazon's are sold labels by Shipping v2 alone.
    let via = match channel {
        Channel::Amazon => seller.via,
        Channel::External => LabelVia::ShippingV2,
    };
    preflight::ship_from(seller.client.ship_from(), via)
        .map_err(|fault| format!("ship_from.{fault} (in the configuration)"))
}

/// The request with the Delivery Confirmation that the order demands, where that is more than the box's own:
/// Merchant Fulfillment offers and prices for exactly one.
fn raised(request: &QuoteRequest, floor: Option<Confirmation>) -> QuoteRequest {
    QuoteRequest {
        confirmation: request.confirmation.at_least(floor),
        ..request.clone()
    }
}

//! Rates for boxes: whatever the screens asked for, newest first for each box.

use super::outcome::{Outcome, Stop};
use super::shops::{Core, Shop};
use crate::amazon::CallError;
use crate::domain::bucket::Haste;
use crate::domain::channel::{Channel, channel};
use crate::domain::ids::{OrderNumber, StoreId};
use crate::domain::order::{ChannelOrder, Origin};
use crate::domain::preflight;
use crate::domain::rate::{Confirmation, Quote, QuoteAnswer, QuoteRequest};
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
        let answer = self.rates_of(&quote.request, &said, shop, number, haste).await?;
        let words = match &answer {
            Ok(answer) => format!("{number}: {} rates", answer.rates.len()),
            Err(error) => format!("{number}: no rates ({error})"),
        };
        self.answer_quote(quote, answer).await?;
        Ok(Outcome::Settled(words))
    }

    /// Asks Amazon for rates; words where it offers none. While Amazon cannot be reached or its limit is used up, this
    /// stops and may be tried again.
    pub(super) async fn rates_of(
        &self,
        request: &QuoteRequest,
        said: &ChannelOrder,
        shop: &StoreId,
        number: &OrderNumber,
        haste: Haste,
    ) -> Result<Result<QuoteAnswer, String>, Stop> {
        let channel = match self.channel_for(said.origin, shop) {
            Ok(channel) => channel,
            Err(words) => return Ok(Err(words)),
        };
        let seller = self.shop(shop)?;
        let request = raised(request, said.confirmation_floor);
        if let Err(words) = preflight(&request, seller, channel) {
            return Ok(Err(words));
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
                    return Ok(Err(words.to_owned()));
                }
                let Some(customer) = self.opened_customer(request.order, shop, number).await? else {
                    let words = "the customer's data of this order is erased: nothing can be bought for it";
                    return Ok(Err(words.to_owned()));
                };
                if let Err(fault) = preflight::recipient(&customer) {
                    return Ok(Err(fault.to_string()));
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
        Ok(answer.map_err(|error| error.to_string()))
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

    async fn answer_quote(&self, quote: &Quote, answer: Result<QuoteAnswer, String>) -> Result<(), Stop> {
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

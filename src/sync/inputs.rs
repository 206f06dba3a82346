//! What a service asks for besides the box: fetched with the rates, sealed with the wish, opened for the purchase.

use super::outcome::Stop;
use super::shops::Core;
use crate::amazon::LabelDesk;
use crate::domain::customer::CustomerData;
use crate::domain::ids::{IntentId, OrderId, OrderNumber, StoreId};
use crate::domain::order::OrderLine;
use crate::domain::rate::QuoteAnswer;
use crate::domain::rate::inputs::InputValues;
use crate::domain::rows::WorkItem;
use crate::domain::sealed::Sealed;
use crate::domain::seller::LabelVia;
use crate::store::{Refusal, Store, StoreError, StoreResult};
use crate::vault::{Slot, Vault};

/// Rates of one quote whose details are asked for; domestic orders have none (amazon.md 3.2).
const MOST: usize = 12;
/// The same on Merchant Fulfillment, which answers one such question a second.
const MOST_BY_THE_SECOND: usize = 4;

/// Seals what a person answered under the order's data key, for [`WantLabel`](crate::store::WantLabel).
pub fn seal_inputs(
    store: &dyn Store,
    vault: &Vault,
    label: IntentId,
    order: OrderId,
    values: &InputValues,
) -> StoreResult<Sealed<InputValues>> {
    let channel = store.order(order)?.order.channel;
    let key = store.order_key(&channel.store, &channel.number)?.ok_or_else(|| {
        StoreError::Refused(Refusal::CannotShip(
            "the order's customer data is erased: nothing can be bought".to_owned(),
        ))
    })?;
    vault
        .open_key(&key)
        .and_then(|seal| seal.seal(&Slot::inputs(label), &channel.store, &channel.number, values))
        .map_err(|error| StoreError::Failed(error.to_string()))
}

impl Core {
    /// Fetches what each rate asks for besides the box, where it asks for anything. What cannot be fetched stays
    /// unknown: such a rate is shown and not sold.
    pub(super) async fn fetch_inputs(
        &self,
        desk: &LabelDesk<'_>,
        number: &OrderNumber,
        lines: &[OrderLine],
        answer: &mut QuoteAnswer,
    ) {
        let token = answer.request_token.clone();
        let most = match answer.via {
            LabelVia::MerchantFulfillmentV0 => MOST_BY_THE_SECOND,
            LabelVia::ShippingV2 | LabelVia::Outside => MOST,
        };
        let asking = answer.rates.iter_mut().filter(|rate| rate.needs_inputs);
        for rate in asking.take(most) {
            match desk.inputs(rate, &token, number, lines).await {
                Ok(fields) => rate.inputs = Some(fields),
                Err(error) => tracing::warn!(%error, service = rate.service_id, "its details are not known"),
            }
        }
    }

    /// What a person answered for this purchase; none where nothing was asked.
    pub(super) async fn opened_inputs(&self, item: &WorkItem) -> Result<Option<InputValues>, Stop> {
        let id = item.label.id;
        let stored = self.store.read(move |store| store.label_inputs(id)).await?;
        let Some((key, sealed)) = stored else {
            return Ok(None);
        };
        let seal = self.vault.open_key(&key)?;
        Ok(Some(seal.open(
            &Slot::inputs(id),
            &item.store,
            &item.label.number,
            &sealed,
        )?))
    }

    /// The order's customer data, opened for this moment; none where it is pending or erased.
    pub(super) async fn opened_customer(
        &self,
        order: OrderId,
        shop: &StoreId,
        number: &OrderNumber,
    ) -> Result<Option<CustomerData>, Stop> {
        let sealed = self.store.read(move |store| store.customer(order)).await?;
        let Some((key, sealed)) = sealed else {
            return Ok(None);
        };
        Ok(Some(self.vault.open_customer(&key, shop, number, &sealed)?))
    }
}

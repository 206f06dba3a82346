//! Orders 2026-01-01: `searchOrders` and `getOrder` (amazon.md 4), in the domain's words.

mod map;
mod model;

use super::body::Answer;
use super::client::{SellerClient, path};
use super::errors::CallError;
use super::limits::Operation;
use super::shipping::stamp;
use super::wire::{Many, Maybe, Moment, Opaque};
use super::{FetchedOrder, OrdersPage};
use crate::domain::ids::{OrderNumber, StoreId};
use chrono::{DateTime, TimeDelta, Utc};
use model::WireOrder;
use reqwest::Method;
use serde::Deserialize;

/// Only what the bench needs: more would be more customer data than it has a use for.
const INCLUDED: &str = "RECIPIENT,BUYER,FULFILLMENT,PACKAGES,CANCELLATION";

/// How far Amazon's index may lag (PURCHASING.md 6).
const LAG: TimeDelta = TimeDelta::minutes(2);

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct SearchResponse {
    orders: Many<Maybe<WireOrder>>,
    #[serde(default)]
    pagination: Maybe<Pagination>,
    #[serde(default)]
    last_updated_before: Moment,
}

#[derive(Default, Deserialize)]
#[serde(rename_all = "camelCase", default)]
struct Pagination {
    next_token: Opaque,
}

#[derive(Deserialize)]
struct OrderResponse {
    order: WireOrder,
}

impl SellerClient {
    /// One page of the orders that changed after `last_updated_after`, **whatever their status**: a filter would
    /// hide what was canceled or shipped meanwhile. Further pages repeat the same `last_updated_after` with the
    /// token of the page before (Amazon refuses a token beside other parameters).
    pub async fn search_orders(
        &self,
        last_updated_after: DateTime<Utc>,
        page_token: Option<&str>,
    ) -> Result<OrdersPage, CallError> {
        let operation = Operation::SearchOrders;
        let mut url = path(&self.base, &["orders", "2026-01-01", "orders"]);
        url.query_pairs_mut()
            .append_pair("lastUpdatedAfter", &stamp(last_updated_after))
            .append_pair("marketplaceIds", &self.profile.marketplace)
            .append_pair("fulfilledBy", "MERCHANT")
            .append_pair("maxResultsPerPage", "100")
            .append_pair("includedData", INCLUDED);
        if let Some(token) = page_token {
            url.query_pairs_mut().append_pair("paginationToken", token);
        }
        let asked_at = self.clock.now();
        let answer = self.ask(operation, Method::GET, url, None).await?;
        page(&answer, &self.profile.id, asked_at)
    }

    /// One order as it is now.
    pub async fn get_order(&self, number: &OrderNumber) -> Result<FetchedOrder, CallError> {
        let operation = Operation::GetOrder;
        let mut url = path(&self.base, &["orders", "2026-01-01", "orders", number.as_str()]);
        url.query_pairs_mut().append_pair("includedData", INCLUDED);
        let answer = self.ask(operation, Method::GET, url, None).await?;
        let order = one(&answer, &self.profile.id)?;
        if order.channel.number != *number {
            return Err(answer.garbled(operation.name(), "another order than the one asked for"));
        }
        Ok(order)
    }
}

/// Reads the answer of `searchOrders`, asked for at `asked_at`.
pub(super) fn page(
    answer: &Answer,
    store: &StoreId,
    asked_at: DateTime<Utc>,
) -> Result<OrdersPage, CallError> {
    let response: SearchResponse = answer.read(Operation::SearchOrders.name())?;
    let mut unreadable = 0;
    let mut orders = Vec::new();
    for order in response.orders.0 {
        match order.0.and_then(|order| order.plain(store)) {
            Some(order) => orders.push(order),
            None => unreadable += 1,
        }
    }
    if unreadable > 0 {
        tracing::warn!(
            unreadable,
            request_id = answer.request_id.as_deref(),
            "orders that cannot be read"
        );
    }
    let next = response.pagination.or_empty().next_token.0;
    Ok(OrdersPage {
        orders,
        unreadable,
        next: (!next.is_empty()).then_some(next),
        last_updated_before: response.last_updated_before.0.unwrap_or(asked_at - LAG),
    })
}

/// Reads the answer of `getOrder`.
pub(super) fn one(answer: &Answer, store: &StoreId) -> Result<FetchedOrder, CallError> {
    let operation = Operation::GetOrder.name();
    answer
        .read::<OrderResponse>(operation)?
        .order
        .plain(store)
        .ok_or_else(|| answer.garbled(operation, "an order without number, times or quantities"))
}

#[cfg(test)]
mod tests;

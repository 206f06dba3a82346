//! Orders 2026-01-01: `searchOrders` and `getOrder`.

use super::order::Order;
use super::order_view::{View, stamp};
use super::random;
use super::wire::{Answer, Request};
use super::world::World;
use chrono::{DateTime, TimeDelta, Utc};
use serde_json::json;

const INCLUDABLE: [&str; 11] = [
    "BUYER",
    "RECIPIENT",
    "PROCEEDS",
    "EXPENSE",
    "PROMOTION",
    "CANCELLATION",
    "FULFILLMENT",
    "PACKAGES",
    "TAX",
    "PAYMENT",
    "FULFILLMENT_ORDERS",
];

/// Parameters that may differ from one page to the next.
const FREE_PER_PAGE: [&str; 3] = ["paginationToken", "maxResultsPerPage", "includedData"];

/// The rest of a search that was paged.
pub(super) struct Cursor {
    seller: usize,
    parameters: Vec<(String, String)>,
    numbers: Vec<String>,
    before: DateTime<Utc>,
    ends: DateTime<Utc>,
}

fn time(request: &Request, name: &str) -> Result<Option<DateTime<Utc>>, Answer> {
    request
        .parameter(name)
        .map(|text| {
            DateTime::parse_from_rfc3339(text)
                .map(|time| time.to_utc())
                .map_err(|_| Answer::invalid(&format!("{name} is not an ISO 8601 date-time.")))
        })
        .transpose()
}

/// The parameters that must stay the same over all pages, in a fixed order.
fn fixed(request: &Request) -> Vec<(String, String)> {
    let mut fixed: Vec<_> = request
        .query
        .iter()
        .filter(|(name, _)| !FREE_PER_PAGE.contains(&name.as_str()))
        .cloned()
        .collect();
    fixed.sort();
    fixed
}

/// What a search asks for.
struct Search {
    by_update: bool,
    after: DateTime<Utc>,
    before: DateTime<Utc>,
    statuses: Vec<String>,
    marketplaces: Vec<String>,
    merchant: bool,
}

impl Search {
    fn read(request: &Request, now: DateTime<Utc>) -> Result<Self, Answer> {
        let created = (time(request, "createdAfter")?, time(request, "createdBefore")?);
        let updated = (
            time(request, "lastUpdatedAfter")?,
            time(request, "lastUpdatedBefore")?,
        );
        let (by_update, after, before) = match (created, updated) {
            ((Some(after), before), (None, None)) => (false, after, before),
            ((None, None), (Some(after), before)) => (true, after, before),
            _ => {
                return Err(Answer::invalid(
                    "Exactly one of createdAfter and lastUpdatedAfter is required.",
                ));
            }
        };
        let latest = now - TimeDelta::minutes(2);
        if before.is_some_and(|before| before < after || before > latest) {
            return Err(Answer::invalid(
                "The Before time must be after the After time and at least two minutes in the past.",
            ));
        }
        let fulfilled_by = request.list("fulfilledBy");
        if fulfilled_by.iter().any(|by| by != "MERCHANT" && by != "AMAZON") {
            return Err(Answer::invalid("fulfilledBy must be MERCHANT or AMAZON."));
        }
        Ok(Self {
            by_update,
            after,
            before: before.unwrap_or(latest),
            statuses: request.list("fulfillmentStatuses"),
            marketplaces: request.list("marketplaceIds"),
            merchant: fulfilled_by.is_empty() || fulfilled_by.iter().any(|by| by == "MERCHANT"),
        })
    }
}

fn page_size(request: &Request) -> Result<usize, Answer> {
    match request.parameter("maxResultsPerPage").map(str::parse) {
        None => Ok(100),
        Some(Ok(size)) if (1..=100).contains(&size) => Ok(size),
        Some(_) => Err(Answer::invalid("maxResultsPerPage must be between 1 and 100.")),
    }
}

fn included(request: &Request) -> Result<Vec<String>, Answer> {
    let included = request.list("includedData");
    match included.iter().find(|name| !INCLUDABLE.contains(&name.as_str())) {
        Some(name) => Err(Answer::invalid(&format!(
            "{name} is not a value of includedData."
        ))),
        None => Ok(included),
    }
}

/// A page token: which search, and where it goes on.
fn split(token: &str) -> Option<(&str, usize)> {
    let (search, at) = token.split_once('.')?;
    Some((search, at.parse().ok()?))
}

impl World {
    /// `GET /orders/2026-01-01/orders`.
    pub(super) fn search_orders(&mut self, seller: usize, request: &Request) -> Result<Answer, Answer> {
        let now = self.now();
        let size = page_size(request)?;
        let included = included(request)?;
        let search = Search::read(request, now)?;
        self.cursors.retain(|_, cursor| cursor.ends > now);
        let (token, from) = match request.parameter("paginationToken") {
            Some(text) => {
                let bad =
                    || Answer::invalid("The paginationToken is invalid, expired, or of another request.");
                let (token, from) = split(text).ok_or_else(bad)?;
                let cursor = self.cursors.get(token).ok_or_else(bad)?;
                if cursor.seller != seller || cursor.parameters != fixed(request) {
                    return Err(bad());
                }
                (token.to_owned(), from)
            }
            None => (self.start_search(seller, &search, request), 0),
        };
        let Some(cursor) = self.cursors.get(&token) else {
            return Err(Answer::invalid("The paginationToken is invalid."));
        };
        let to = (from + size).min(cursor.numbers.len());
        let before = cursor.before;
        let page = cursor.numbers.get(from..to).unwrap_or(&[]);
        let orders: Vec<_> = page
            .iter()
            .filter_map(|number| self.orders.get(number))
            .map(|order| self.show(order, &included))
            .collect();
        let more = to < cursor.numbers.len();
        let echo = if search.by_update {
            "lastUpdatedBefore"
        } else {
            "createdBefore"
        };
        let mut body = json!({"orders": orders});
        body[echo] = json!(stamp(before));
        if more {
            body["pagination"] = json!({"nextToken": format!("{token}.{to}")});
        } else {
            self.cursors.remove(&token);
        }
        Ok(Answer::ok(&body))
    }

    fn start_search(&mut self, seller: usize, search: &Search, request: &Request) -> String {
        let (now, pending) = (self.now(), self.pending());
        let market = &self.sellers[seller].marketplace;
        let wanted =
            search.merchant && (search.marketplaces.is_empty() || search.marketplaces.contains(market));
        let mut found: Vec<(DateTime<Utc>, &String)> = self
            .orders
            .values()
            .filter(|order| wanted && order.seller == seller)
            .filter_map(|order| {
                let at = if search.by_update {
                    order.updated_at(now, pending)
                } else {
                    order.created
                };
                (search.after <= at && at <= search.before).then_some((at, order))
            })
            .filter(|(_, order)| {
                search.statuses.is_empty()
                    || search
                        .statuses
                        .iter()
                        .any(|status| status == order.status(now, pending))
            })
            .map(|(at, order)| (at, &order.number))
            .collect();
        found.sort();
        let numbers = found.into_iter().map(|(_, number)| number.clone()).collect();
        let made = self.cursors.len().to_string();
        let token = random::name(self.seed, &["page", &made, &now.to_rfc3339()]);
        let cursor = Cursor {
            seller,
            parameters: fixed(request),
            numbers,
            before: search.before,
            ends: now + TimeDelta::hours(24),
        };
        self.cursors.insert(token.clone(), cursor);
        token
    }

    /// `GET /orders/2026-01-01/orders/{orderId}`.
    pub(super) fn get_order(
        &mut self,
        seller: usize,
        number: &str,
        request: &Request,
    ) -> Result<Answer, Answer> {
        let included = included(request)?;
        let order = self
            .orders
            .get(number)
            .filter(|order| order.seller == seller)
            .ok_or_else(|| Answer::not_found("The requested order was not found."))?;
        Ok(Answer::ok(&json!({"order": self.show(order, &included)})))
    }

    fn show(&self, order: &Order, included: &[String]) -> serde_json::Value {
        let mut included = included.to_vec();
        if self.switches.missing_role {
            included.retain(|name| name != "RECIPIENT" && name != "BUYER");
        }
        order.show(&View {
            now: self.now(),
            pending: self.pending(),
            marketplace: &self.sellers[order.seller].marketplace,
            included: &included,
        })
    }
}

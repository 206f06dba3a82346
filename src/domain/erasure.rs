//! When a customer's data must be gone: 30 days after fulfillment (amazon.md 7). Pure: facts in, a date out.
//!
//! What counts as fulfillment is told by the bench first: the moment that the order became Shipped or Canceled, else
//! the last label that was bought for it. Where the bench knows of neither, Amazon's own word counts. An order with
//! a purchase or a void under way waits for it: its answer is sealed under the key that would be destroyed.

use super::ids::{OrderNumber, StoreId};
use super::order::ChannelStatus;
use super::status::OrderStatus;
use chrono::{DateTime, TimeDelta, Utc};
use serde::Serialize;

/// How long customer data is kept after fulfillment.
pub const KEPT: TimeDelta = TimeDelta::days(30);
/// How often it is looked for what is due.
pub const EVERY: TimeDelta = TimeDelta::hours(24);
/// How soon it is looked again after a run that could not reach everything.
pub const AGAIN: TimeDelta = TimeDelta::hours(1);

/// What is known of one part of an order (an order that was not split has one part).
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Part {
    /// Where it stands at the bench.
    pub status: OrderStatus,
    /// Since when it is Shipped or Canceled; none while it is neither.
    pub settled_at: Option<DateTime<Utc>>,
    /// When it last changed its status.
    pub changed_at: DateTime<Utc>,
    /// When the last of its labels that are not voided was bought.
    pub bought_at: Option<DateTime<Utc>>,
    /// A purchase or a void of it is under way, or nobody knows what came of it.
    pub under_way: bool,
    /// Amazon's word of the order.
    pub channel: ChannelStatus,
    /// When Amazon last changed it.
    pub channel_at: DateTime<Utc>,
}

impl Part {
    /// The moment of fulfillment; none while the order is still to be shipped.
    pub fn fulfilled_at(&self) -> Option<DateTime<Utc>> {
        if self.under_way {
            return None;
        }
        if let Some(at) = self.settled_at.filter(|_| !self.status.is_open()) {
            return Some(at);
        }
        if self.bought_at.is_some() {
            return self.bought_at;
        }
        // Shipped elsewhere, canceled while it lies on the bench, or shipped again after a void: whichever is later.
        let is_over = matches!(self.channel, ChannelStatus::Shipped | ChannelStatus::Canceled);
        is_over.then(|| self.channel_at.max(self.changed_at))
    }
}

/// When the data of an order with these parts must be gone: 30 days after the last part is fulfilled. None while one
/// of them is not.
pub fn due_at(parts: &[Part]) -> Option<DateTime<Utc>> {
    let each: Option<Vec<_>> = parts.iter().map(Part::fulfilled_at).collect();
    Some(each?.into_iter().max()? + KEPT)
}

/// An order whose customer's data must go.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Due {
    /// Shop.
    pub store: StoreId,
    /// Number.
    pub number: OrderNumber,
    /// Since when it should be gone.
    pub since: DateTime<Utc>,
}

/// What an erasure run did.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize)]
pub struct Erasure {
    /// When (UTC).
    pub at: DateTime<Utc>,
    /// Orders whose customer's data was erased.
    pub erased: u32,
    /// What could not be reached, in words for a person; tried again at the next run.
    pub left: Vec<String>,
}

impl Erasure {
    /// How long after `now` the next run is due. A clock that was set back must not put it off for long.
    pub fn pause(&self, now: DateTime<Utc>) -> TimeDelta {
        let every = if self.left.is_empty() { EVERY } else { AGAIN };
        (every - (now - self.at).abs()).max(TimeDelta::zero())
    }
}

#[cfg(test)]
mod tests;

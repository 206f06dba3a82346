//! Splitting an order for a partial shipment: the part of the store's interface that makes parts of an order, and
//! joins them again. Each part is an order of its own under the channel's number.

use super::StoreResult;
use crate::domain::ids::{OrderId, UserId};
use crate::domain::split::Units;
use chrono::{DateTime, Utc};

/// Units that go to a part of their own.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SplitOrder {
    /// Order, or a part of one.
    pub order: OrderId,
    /// Units that go, by order line.
    pub units: Units,
    /// Who.
    pub by: UserId,
    /// Why; may be empty where none is wanted (a Prime order wants one).
    pub reason: String,
}

/// Splitting and joining, each one whole transaction.
pub trait Splitting {
    /// Makes a new part of these units, with the order's customer, method and promises, Ready to Pick and on no list;
    /// the order keeps the rest. Refused for units that lie in a box, and where nothing would go or stay. A Prime
    /// order takes a permission of its own and a reason. Brings the new part.
    fn split_order(&mut self, split: &SplitOrder, now: DateTime<Utc>) -> StoreResult<OrderId>;
    /// Gives a part's units back to the first other part that is open. Refused once a label of either lives, and while
    /// something of the part lies in a box. Brings the part that has the units now.
    fn join_order(&mut self, part: OrderId, by: UserId, now: DateTime<Utc>) -> StoreResult<OrderId>;
}

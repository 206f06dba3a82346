//! Several boxes for an order: the part of the store's interface that opens and closes them. Scans, measures and
//! labels of a box are [`Store`](super::Store)'s.

use super::StoreResult;
use crate::domain::ids::{BoxId, Epoch, OrderId, UserId};
use crate::domain::rows::BoxRow;
use chrono::{DateTime, Utc};

/// A packer's turn at a box of an order.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Turn {
    /// Order.
    pub order: OrderId,
    /// Box.
    pub box_id: BoxId,
    /// The owner's turn at it; another turn is refused.
    pub turn: Epoch,
}

/// Boxes of an order, each one whole transaction.
pub trait Boxes {
    /// Closes the box and opens the next one: while units are missing an empty one, whose weight and size are
    /// still to be taken; once all are verified the next that waits for its label. Refused while the box is empty,
    /// while a code is due, and where no other box waits.
    fn next_box(&mut self, from: Turn, by: UserId, now: DateTime<Utc>) -> StoreResult<BoxRow>;
    /// Opens another box of the order by its number. Refused where it has a label, and while a code is due.
    fn open_box(&mut self, from: Turn, number: u32, by: UserId, now: DateTime<Utc>) -> StoreResult<BoxRow>;
}

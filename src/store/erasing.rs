//! Erasing customers 30 days after fulfillment: the part of the store's interface that finds what is due, erases it
//! and remembers the runs. When something is due is [`crate::domain::erasure`]'s.

use super::StoreResult;
use crate::domain::erasure::{Due, Erasure};
use crate::domain::ids::{OrderNumber, UserId};
use chrono::{DateTime, Utc};

/// The store's erasing.
pub trait Erasing {
    /// Orders whose customer's data is due, longest first.
    fn due_for_erasure(&self, now: DateTime<Utc>, limit: usize) -> StoreResult<Vec<Due>>;
    /// Erases the customers of these orders: name, address, buyer, messages, stored requests, label documents and the
    /// key that opens them, here and in what this station remembers of its back-ups. Whoever is not due any more is
    /// left alone. What stays: numbers, tracking, prices, times, who did what. Returns those that were erased.
    fn erase_customers(
        &mut self,
        orders: &[Due],
        by: Option<UserId>,
        now: DateTime<Utc>,
    ) -> StoreResult<Vec<Due>>;
    /// Takes what was erased out of the write-ahead log. False: a reader is in the way, try again later. Not to be
    /// called among gathered changes.
    fn empty_log(&mut self) -> StoreResult<bool>;
    /// The last erasure run.
    fn erasure(&self) -> StoreResult<Option<Erasure>>;
    /// Notes a run.
    fn note_erasure(&mut self, run: &Erasure) -> StoreResult<()>;
    /// Of these order numbers those whose customer is erased.
    fn erased_among(&self, numbers: &[OrderNumber]) -> StoreResult<Vec<OrderNumber>>;
}

//! Finding orders: the part of the store's interface that an index in memory is made of and kept up to date with.

use super::StoreResult;
use crate::domain::customer::CustomerData;
use crate::domain::finding::FindRow;
use crate::domain::ids::{OrderId, OrderNumber, StoreId};
use crate::domain::rows::OrderRow;
use crate::domain::sealed::{Sealed, WrappedKey};

/// Customer data of one order, closed, with what opens it.
#[derive(Debug, Clone)]
pub struct SealedCustomer {
    /// Our number.
    pub order: OrderId,
    /// Shop, as it was sealed with.
    pub store: StoreId,
    /// Number, as it was sealed with.
    pub number: OrderNumber,
    /// The order's data key.
    pub key: WrappedKey,
    /// Sealed.
    pub data: Sealed<CustomerData>,
}

/// What a search is made of. Everything is read in pieces, so that nothing else waits for long.
pub trait FindOrders {
    /// The last change so far: rows that are read after this have it.
    fn find_mark(&self) -> StoreResult<i64>;
    /// Orders in the order of their own numbers, at most `limit` after this one.
    fn find_rows(&self, after: OrderId, limit: usize) -> StoreResult<Vec<FindRow>>;
    /// Orders that changed since the mark, at most `limit`, and the mark up to which they are told.
    fn find_changes(&self, since: i64, limit: usize) -> StoreResult<(Vec<FindRow>, i64)>;
    /// These orders as lists show them, in this order; missing ones left out.
    fn rows_of(&self, orders: &[OrderId]) -> StoreResult<Vec<OrderRow>>;
    /// Sealed customer data of orders that are not erased, at most `limit` after this one.
    fn customers_after(&self, after: OrderId, limit: usize) -> StoreResult<Vec<SealedCustomer>>;
}

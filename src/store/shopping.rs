//! Rate shopping ahead of packing: the part of the store's interface that keeps what each order would go by.

use super::StoreResult;
use crate::domain::ids::{OrderId, OrderNumber, StoreId};
use crate::domain::shopping::Shopped;
use chrono::NaiveDate;

/// Shopping for orders that wait to be packed.
pub trait Shopping {
    /// Orders of the shop that wait to be packed, have no label, and were not shopped for on this day, the most urgent
    /// first. An order whose items, address or assigned method changed is due again.
    fn shopping_due(
        &self,
        store: &StoreId,
        day: NaiveDate,
        limit: usize,
    ) -> StoreResult<Vec<(OrderId, OrderNumber)>>;
    /// Keeps what was found; where it is another method than before, the history says so. What is kept binds nothing.
    fn put_shopped(&mut self, order: OrderId, found: &Shopped) -> StoreResult<()>;
    /// Everything that waits to be packed is due again.
    fn shop_again(&mut self, store: &StoreId) -> StoreResult<u32>;
}

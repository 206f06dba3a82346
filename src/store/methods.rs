//! Methods assigned ahead, and which methods a shop knows: the part of the store's interface that decides how an
//! order is shipped before it lies on a bench.

use super::StoreResult;
use crate::domain::ids::{OrderId, StoreId, UserId};
use crate::domain::method::KnownMethod;
use crate::domain::order::AssignedMethod;
use chrono::{DateTime, Utc};

/// A method assigned to an order by hand.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct AssignMethod {
    /// Order.
    pub order: OrderId,
    /// Method.
    pub method: AssignedMethod,
    /// Who.
    pub by: UserId,
    /// Why, in words; may be empty where none is wanted.
    pub reason: String,
}

/// Assigning, and switching methods off and on.
pub trait Methods {
    /// Assigns a method by hand. Refused for an order that is shipped, canceled or has a live label, for a method that
    /// is switched off for its shop or barred for the order; a Prime order goes to a label from elsewhere only by a
    /// supervisor's name and with a reason. The history says it.
    fn assign_method(&mut self, assign: &AssignMethod, now: DateTime<Utc>) -> StoreResult<()>;
    /// Methods that a shop (or every shop) knows, by store, carrier and name. A shop knows what its rates have named.
    fn known_methods(&self, store: Option<&StoreId>) -> StoreResult<Vec<KnownMethod>>;
    /// A supervisor switches a method off for a shop, with a reason, or on again.
    fn switch_method(
        &mut self,
        store: &StoreId,
        service_id: &str,
        on: bool,
        by: UserId,
        reason: &str,
        now: DateTime<Utc>,
    ) -> StoreResult<KnownMethod>;
}

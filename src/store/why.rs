//! Why a method was picked, and the scans behind a label: the part of the store's interface that explains.

use super::StoreResult;
use crate::domain::explain::WhyFacts;
use crate::domain::ids::OrderId;

/// Explaining. What explains a label is written in the same transaction as the wish for it.
pub trait Explaining {
    /// What the policies said, why each label's method was picked, every accepted scan. No customer data.
    fn why(&self, order: OrderId) -> StoreResult<WhyFacts>;
}

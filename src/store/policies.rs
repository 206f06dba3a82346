//! Shipping policies: the part of the store's interface that keeps them and says what they would do. They run inside
//! the import itself, once for each order.

use super::StoreResult;
use crate::domain::ids::{OrderId, StoreId, UserId};
use crate::domain::policy::{Policy, PolicyOutcome, PolicyRule, Rehearsal};
use crate::domain::warehouse::Warehouse;
use chrono::{DateTime, Utc};

/// Keeping policies and rehearsing them. Every change takes a supervisor and is in the history.
pub trait Policies {
    /// Policies of a store (or of every store) in the order in which they run.
    fn policies(&self, store: Option<&StoreId>) -> StoreResult<Vec<Policy>>;
    /// Adds a policy at the end of its store's; a name in use is refused.
    fn add_policy(
        &mut self,
        store: &StoreId,
        rule: &PolicyRule,
        by: UserId,
        now: DateTime<Utc>,
    ) -> StoreResult<Policy>;
    /// Puts another rule (or the same, switched on or off) in a policy's place. Orders that exist stay as they are.
    fn change_policy(
        &mut self,
        policy: i64,
        rule: &PolicyRule,
        by: UserId,
        now: DateTime<Utc>,
    ) -> StoreResult<Policy>;
    /// Moves a policy to this place of its store's order; the others close up.
    fn move_policy(&mut self, policy: i64, place: u32, by: UserId, now: DateTime<Utc>) -> StoreResult<()>;
    /// Takes a policy away. Orders that exist stay as they are.
    fn remove_policy(&mut self, policy: i64, by: UserId, now: DateTime<Utc>) -> StoreResult<()>;
    /// Adds the policies of one store to another's, behind its own; a name in use there is left out. How many.
    fn copy_policies(
        &mut self,
        from: &StoreId,
        to: &StoreId,
        by: UserId,
        now: DateTime<Utc>,
    ) -> StoreResult<u32>;
    /// What the store's policies, or `instead` alone, would do with its open orders if they were created now. Changes
    /// nothing.
    fn rehearse_policies(
        &self,
        store: &StoreId,
        instead: Option<&PolicyRule>,
        limit: usize,
    ) -> StoreResult<Rehearsal>;
    /// Keeps when the warehouse works, by which policies count days; nothing is written where it is kept so already.
    fn keep_warehouse(&mut self, warehouse: &Warehouse) -> StoreResult<()>;
    /// When the warehouse works, as it was kept last.
    fn warehouse(&self) -> StoreResult<Option<Warehouse>>;
    /// What the policies said of an order when it was created; none where none was asked.
    fn policy_run(&self, order: OrderId) -> StoreResult<Option<(DateTime<Utc>, PolicyOutcome)>>;
}

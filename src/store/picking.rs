//! Pick lists beyond their making from named orders: filters and templates, whose list it is, orders that leave it.

use super::StoreResult;
use crate::domain::ids::{OrderId, PickListId, UserId};
use crate::domain::picking::{PickFilter, PickOffer, PickTemplate};
use crate::domain::rows::PickListRow;
use chrono::{DateTime, Utc};

/// Making, assigning and changing pick lists.
pub trait Picking {
    /// How many orders that are Ready to Pick and on no list match, the filter's limit apart.
    fn pick_matches(&self, filter: &PickFilter, now: DateTime<Utc>) -> StoreResult<u32>;
    /// Makes a pick list of the most urgent orders that match, in one transaction; none where no order matches.
    fn pick(
        &mut self,
        name: &str,
        filter: &PickFilter,
        by: Option<UserId>,
        now: DateTime<Utc>,
    ) -> StoreResult<Option<(PickListId, u32)>>;
    /// A pick list with its counts.
    fn pick_list(&self, list: PickListId) -> StoreResult<PickListRow>;
    /// Gives the list to a person, or to nobody.
    fn assign_pick_list(
        &mut self,
        list: PickListId,
        to: Option<UserId>,
        by: Option<UserId>,
        now: DateTime<Utc>,
    ) -> StoreResult<()>;
    /// Takes an order off its list; one that was In Picking or In Packing is Ready to Pick again. Refused while it
    /// has a live label: that is voided first.
    fn remove_from_pick_list(
        &mut self,
        order: OrderId,
        by: Option<UserId>,
        reason: &str,
        now: DateTime<Utc>,
    ) -> StoreResult<()>;
    /// Saved templates by name, each with how many orders match it now.
    fn pick_offer(&self, now: DateTime<Utc>) -> StoreResult<PickOffer>;
    /// Saves a template; one of the same name is replaced.
    fn save_pick_template(&mut self, template: &PickTemplate) -> StoreResult<()>;
    /// Forgets a template.
    fn drop_pick_template(&mut self, name: &str) -> StoreResult<()>;
}

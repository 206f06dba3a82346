//! Pick lists beyond their making from named orders: filters and templates, whose list it is, orders that leave it.

use super::StoreResult;
use crate::domain::ids::{OrderId, PickListId, Sku, StationId, UserId};
use crate::domain::pick_sheet::PickSheet;
use crate::domain::pick_walk::PickWalk;
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
    /// Where products lie; an empty bin forgets it. Returns how many have one.
    fn put_bins(&mut self, bins: &[(Sku, String)]) -> StoreResult<u32>;
    /// The list as it is printed.
    fn pick_sheet(&self, list: PickListId) -> StoreResult<PickSheet>;
    /// The order whose tote stands at this place of the list.
    fn order_of_tote(&self, list: PickListId, place: u32) -> StoreResult<Vec<OrderId>>;
    /// A person wants the list on paper.
    fn want_list_sheet(
        &mut self,
        list: PickListId,
        station: &StationId,
        by: Option<UserId>,
        now: DateTime<Utc>,
    ) -> StoreResult<()>;
    /// Lists that wait for the station's printer.
    fn list_sheets(&self, station: &StationId) -> StoreResult<Vec<(i64, PickListId)>>;
    /// What came of one of them. One that failed is wanted again by hand.
    fn end_list_sheet(&mut self, sheet: i64, result: Result<(), String>) -> StoreResult<()>;
    /// The walk of a list: what is to be picked where, and what is picked.
    fn pick_walk(&self, list: PickListId) -> StoreResult<PickWalk>;
    /// Units that were scanned and put into their tote. The same scan again is harmless; refused where somebody else
    /// has picked of the same since, or the tote has all.
    fn pick_unit(&mut self, scan: &PickScan, now: DateTime<Utc>) -> StoreResult<()>;
    /// The rest of a product is not there, with a reason; it stands in the order's history.
    fn pick_short(&mut self, scan: &PickScan, reason: &str, now: DateTime<Utc>) -> StoreResult<()>;
}

/// A scan of a picker.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PickScan {
    /// List.
    pub list: PickListId,
    /// Order whose tote it goes into.
    pub order: OrderId,
    /// Product.
    pub sku: Sku,
    /// Units picked before it.
    pub before: u32,
    /// Units of the scan.
    pub quantity: u32,
    /// Who.
    pub by: UserId,
}

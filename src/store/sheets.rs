//! Sheets of our own that a person wants on paper: the part of the store's interface that hands them to a station's
//! spool. Labels and pick lists have their own ways there.

use super::StoreResult;
use crate::domain::ids::{BoxId, OrderId, StationId, UserId};
use chrono::{DateTime, Utc};

/// What is wanted on paper.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum OwnSheet {
    /// The packing slip of a box of an order.
    Slip(OrderId, BoxId),
    /// The barcodes of commands, and of the boxes on the shelf.
    Commands,
}

/// Wanting sheets, and printing them.
pub trait Sheets {
    /// A sheet is to be printed at the station. A slip shows the customer's address: it takes the permission to see it,
    /// something must lie in the box, and the order's history says it.
    fn want_sheet(
        &mut self,
        sheet: OwnSheet,
        station: &StationId,
        by: UserId,
        now: DateTime<Utc>,
    ) -> StoreResult<()>;
    /// Sheets that wait at the station, oldest first.
    fn wanted_sheets(&self, station: &StationId) -> StoreResult<Vec<(i64, OwnSheet)>>;
    /// It came out, or why not.
    fn end_sheet(&mut self, id: i64, result: Result<(), String>, now: DateTime<Utc>) -> StoreResult<()>;
}

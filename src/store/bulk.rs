//! Bulk ship as data: a run is begun, started, stopped and carried on in small steps, each a transaction, so that a
//! process that ends anywhere loses nothing and the next one goes on where it was.

use super::StoreResult;
use crate::domain::bulk::{BulkMethod, BulkMode, BulkRow, BulkRun, BulkWish, RunState};
use crate::domain::ids::{BulkRunId, IntentId, OrderNumber, PickListId, StationId, UserId};
use crate::domain::rows::Page;
use chrono::{DateTime, Utc};

/// A sheet for a label that did not come.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct GapSheet {
    /// Number.
    pub id: i64,
    /// Order without a label.
    pub number: OrderNumber,
    /// Why, in words.
    pub words: String,
}

/// Runs of bulk ship.
pub trait BulkRuns {
    /// Begins a run over orders of a pick list, in its order, by who may ship in bulk. A run of the list that is being bought
    /// or was stopped is gone on with; one that was only checked is given up for this one.
    fn begin_bulk(&mut self, wish: &BulkWish, now: DateTime<Utc>) -> StoreResult<BulkRunId>;
    /// The newest run of a list.
    fn bulk_run_of(&self, list: PickListId) -> StoreResult<Option<BulkRun>>;
    /// Orders of a run, in the order of the list.
    fn bulk_rows(&self, run: BulkRunId, first: usize, limit: usize) -> StoreResult<Page<BulkRow>>;
    /// Methods that Amazon offers to orders of a run, first those that pass for the most.
    fn bulk_methods(&self, run: BulkRunId) -> StoreResult<Vec<BulkMethod>>;
    /// Changes the method before anything is bought: every order is judged again.
    fn set_bulk_mode(&mut self, run: BulkRunId, mode: &BulkMode, by: UserId) -> StoreResult<()>;
    /// Allows the earliest method where all are late, with a reason, before anything is bought.
    fn allow_earliest(&mut self, run: BulkRunId, reason: &str, by: UserId) -> StoreResult<()>;
    /// The yes, by who may ship in bulk. From here on labels are bought, each at most at the price that was shown.
    fn start_bulk(&mut self, run: BulkRunId, by: UserId, now: DateTime<Utc>) -> StoreResult<()>;
    /// Stops between orders: what is wanted and not asked is taken back, what is being asked is waited for.
    fn stop_bulk(&mut self, run: BulkRunId, by: UserId, now: DateTime<Utc>) -> StoreResult<()>;
    /// Looks at the refused orders again, and only at them; buys nothing before another yes.
    fn retry_bulk(&mut self, run: BulkRunId, by: UserId, now: DateTime<Utc>) -> StoreResult<()>;
    /// Runs of which something is still to be done, and where they stand.
    fn live_bulk_runs(&self) -> StoreResult<Vec<(BulkRunId, RunState)>>;
    /// One small step of a run, with fresh ids for the labels that it wants. Whether anything moved.
    fn advance_bulk(&mut self, run: BulkRunId, ids: &[IntentId], now: DateTime<Utc>) -> StoreResult<bool>;
    /// Gap sheets that wait at a station.
    fn gap_sheets(&self, station: &StationId) -> StoreResult<Vec<GapSheet>>;
    /// What came of a gap sheet. One that failed is not tried again: the screen says what it would say.
    fn end_gap_sheet(&mut self, sheet: i64, printed: bool) -> StoreResult<()>;
}

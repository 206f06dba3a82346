//! What the desk's numbers are made of: the part of the store's interface that counts and reads them. Who may not see
//! everybody's numbers is given their own.

use super::StoreResult;
use crate::domain::desk::report::{LabelLine, OrderLine};
use crate::domain::desk::{
    AnswerTimes, CarrierCost, Hour, OpenOrders, OpenRefunds, RefusedScans, Span, WorkHour,
};
use crate::domain::ids::UserId;
use crate::domain::status::OrderStatus;
use chrono::{DateTime, Utc};

/// Which labels are told of.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum LabelLines {
    /// By when they were wanted.
    Wanted,
    /// Those that were voided, by when.
    Voided,
}

/// Counts and sums for the desk. Each reads little: hours, today's labels, open orders through an index, open refunds.
pub trait Reporting {
    /// Adds answer times of accepted scans to an hour of a person.
    fn note_answers(&mut self, by: UserId, hour: Hour, answers: &AnswerTimes) -> StoreResult<()>;
    /// Whether this person may see everybody's numbers.
    fn sees_everybody(&self, viewer: UserId) -> StoreResult<bool>;
    /// Open orders by the hour of their ship-by, so many hours at most.
    fn open_by_ship_by(&self, now: DateTime<Utc>, hours: usize) -> StoreResult<OpenOrders>;
    /// The next hours from this moment on that any open order has to be shipped by: more of the same.
    fn due_hours(&self, from: DateTime<Utc>, hours: usize) -> StoreResult<Vec<(Hour, u64)>>;
    /// What was done in these hours, by hour and person.
    fn work_hours(&self, viewer: UserId, hours: (Hour, Hour)) -> StoreResult<Vec<WorkHour>>;
    /// Refused scans of these hours.
    fn refused_scans(&self, viewer: UserId, hours: (Hour, Hour)) -> StoreResult<Vec<RefusedScans>>;
    /// What labels cost that were wanted in this time, by carrier.
    fn carrier_costs(&self, viewer: UserId, span: Span) -> StoreResult<Vec<CarrierCost>>;
    /// Refunds that are not decided, by currency.
    fn open_refunds(&self, viewer: UserId, now: DateTime<Utc>) -> StoreResult<Vec<OpenRefunds>>;
    /// At most `limit` labels of this time after one of them, in order.
    fn label_lines(
        &self,
        viewer: UserId,
        which: LabelLines,
        span: Span,
        after: Option<&LabelLine>,
        limit: usize,
    ) -> StoreResult<Vec<LabelLine>>;
    /// At most `limit` orders of this status by ship-by, after one of them. Refused to who may not see everybody's
    /// numbers.
    fn order_lines(
        &self,
        viewer: UserId,
        status: OrderStatus,
        after: Option<&OrderLine>,
        limit: usize,
    ) -> StoreResult<Vec<OrderLine>>;
}

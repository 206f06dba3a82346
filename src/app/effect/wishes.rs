//! What a change carries, where that is more than a few words.

use crate::domain::bulk::{BulkMode, BulkWish};
use crate::domain::finding::Search;
use crate::domain::ids::{BoxId, BulkRunId, Epoch, IntentId, OrderId, QuoteId, StationId, UserId};
use crate::domain::money::Money;
use crate::domain::order::AssignedMethod;
use crate::domain::outside::Carrier;
use crate::domain::rate::PurchaseChoice;
use crate::domain::rate::inputs::InputValues;
use crate::domain::split::Units;
use crate::domain::status::OrderStatus;

/// A packer's turn at a box, as the store's `Turn`, and who.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct BoxTurn {
    /// Order.
    pub order: OrderId,
    /// Box.
    pub box_id: BoxId,
    /// Owner's turn at it.
    pub turn: Epoch,
    /// Who.
    pub by: UserId,
}

/// Sheets that a person wants to look at: a label with all that is printed with it, or the slip of a box.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct PictureWish {
    /// Order.
    pub order: OrderId,
    /// Label; none: only the slip.
    pub label: Option<IntentId>,
    /// Whose slip, where there is no label; none: the first box that something lies in.
    pub parcel: Option<BoxId>,
    /// Who.
    pub by: UserId,
}

/// A wish to buy: the same fields as the store's `WantLabel`.
#[derive(Debug, Clone, PartialEq)]
pub struct LabelWish {
    /// New id; also the idempotency key.
    pub id: IntentId,
    /// Order.
    pub order: OrderId,
    /// Box.
    pub box_id: BoxId,
    /// Owner's turn at the box.
    pub turn: Epoch,
    /// Quote.
    pub quote: QuoteId,
    /// Chosen rate, services and document.
    pub choice: PurchaseChoice,
    /// Typed reason, where the method is never automatic.
    pub reason: Option<String>,
    /// Answers to what the service asks for; sealed before they reach the store.
    pub inputs: Option<InputValues>,
    /// Who.
    pub by: UserId,
    /// Whose printer.
    pub station: StationId,
}

/// A method to assign: the same fields as the store's `AssignMethod`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct MethodWish {
    /// Order.
    pub order: OrderId,
    /// Method.
    pub method: AssignedMethod,
    /// Who.
    pub by: UserId,
    /// Why; may be empty.
    pub reason: String,
}

/// Units that go as an order of their own: the same fields as the store's `SplitOrder`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SplitWish {
    /// Order.
    pub order: OrderId,
    /// Units that go, by line.
    pub units: Units,
    /// Who.
    pub by: UserId,
    /// Why; may be empty.
    pub reason: String,
}

/// Many orders are to stand elsewhere.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ManyWish {
    /// Which: whatever this finds.
    pub search: Search,
    /// Customers' names are searched too.
    pub names: bool,
    /// To.
    pub to: OrderStatus,
    /// How many the person saw; another number is refused.
    pub count: usize,
    /// Who.
    pub by: UserId,
    /// Why.
    pub reason: String,
}

/// A label that was bought elsewhere: the same fields as the store's `RecordOutside`.
#[derive(Debug, Clone, PartialEq)]
pub struct OutsideWish {
    /// New id.
    pub id: IntentId,
    /// Order.
    pub order: OrderId,
    /// Box.
    pub box_id: BoxId,
    /// Owner's turn at the box.
    pub turn: Epoch,
    /// Carrier.
    pub carrier: Carrier,
    /// Method.
    pub method: String,
    /// Tracking number.
    pub tracking: String,
    /// A number without a check digit was typed twice alike.
    pub checked: bool,
    /// What it cost.
    pub cost: Money,
    /// Typed reason.
    pub reason: Option<String>,
    /// Who.
    pub by: UserId,
    /// Station.
    pub station: StationId,
}

/// Changes of a bulk run, each one transaction of the store.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum BulkAct {
    /// `BulkRuns::begin_bulk`.
    Begin(Box<BulkWish>),
    /// `BulkRuns::set_bulk_mode`.
    Mode {
        /// Run.
        run: BulkRunId,
        /// Method.
        mode: Box<BulkMode>,
        /// Who.
        by: UserId,
    },
    /// `BulkRuns::allow_earliest`.
    Earliest {
        /// Run.
        run: BulkRunId,
        /// Why.
        reason: String,
        /// Who.
        by: UserId,
    },
    /// `BulkRuns::start_bulk`.
    Start {
        /// Run.
        run: BulkRunId,
        /// Who.
        by: UserId,
    },
    /// `BulkRuns::stop_bulk`.
    Stop {
        /// Run.
        run: BulkRunId,
        /// Who.
        by: UserId,
    },
    /// `BulkRuns::retry_bulk`.
    Retry {
        /// Run.
        run: BulkRunId,
        /// Who.
        by: UserId,
    },
}

//! What screens and commands read: rows as the store returns them. Facts only, no customer data.

use super::badge::Badge;
use super::bucket::Haste;
use super::confirmation::ConfirmationRow;
use super::ids::{
    BoxId, Epoch, IntentId, LineId, OrderId, OrderNumber, PickListId, PrintJobId, QuoteId, ShipmentId, Sku,
    StationId, StoreId, TrackingNumber, UserId,
};
use super::method::MethodFacts;
use super::money::Money;
use super::onto_box::OntoBox;
use super::order::{Order, Window};
use super::packing::ScanRecord;
use super::product::Product;
use super::rate::{Confirmation, Quote};
use super::refund::Aftermath;
use super::seller::{DocumentFormat, LabelVia};
use super::shipment::LabelState;
use super::split::PartOf;
use super::status::OrderStatus;
use super::units::{Dimensions, Weight};
use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};

/// A pick list as the list of lists shows it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct PickListRow {
    /// Number.
    pub id: PickListId,
    /// Name.
    pub name: String,
    /// Made at.
    pub created_at: DateTime<Utc>,
    /// Whose it is, by name.
    pub assigned: Option<String>,
    /// Orders in all.
    pub orders: u32,
    /// Orders that are still to be picked, packed or shipped, and can be.
    pub open: u32,
    /// Of these, orders that somebody packs.
    pub packing: u32,
    /// Units to pick, of orders that may be shipped.
    pub to_pick: u32,
    /// Units that were picked by scan, or are known not to be there.
    pub picked: u32,
    /// Orders with every unit verified and no label.
    pub packed: u32,
    /// Orders with a live label.
    pub shipped: u32,
    /// Orders that may not be shipped: Pending, Review, On Hold or Canceled while on the list.
    pub stopped: u32,
    /// Orders that need a person (refused, unknown, flagged, stopped).
    pub trouble: u32,
    /// Orders for each badge, in the badges' fixed order; zero counts left out.
    pub badges: Vec<(Badge, u32)>,
    /// Earliest ship-by of its open orders.
    pub ship_by: Option<DateTime<Utc>>,
}

/// An order in a list.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct OrderRow {
    /// Our number.
    pub id: OrderId,
    /// Amazon's number.
    pub number: OrderNumber,
    /// Shop.
    pub store: StoreId,
    /// Status.
    pub status: OrderStatus,
    /// Badges.
    pub badges: Vec<Badge>,
    /// Units ordered.
    pub units: u32,
    /// Different products.
    pub lines: u32,
    /// Title of the first line.
    pub title: String,
    /// Latest ship-by.
    pub ship_by: Option<DateTime<Utc>>,
    /// Latest deliver-by.
    pub deliver_by: Option<DateTime<Utc>>,
    /// State of its newest label.
    pub label: Option<LabelState>,
    /// Needs a person: flags, unknown label.
    pub trouble: bool,
    /// On this open pick list.
    pub pick_list: Option<PickListId>,
    /// Which part of a split order it is.
    pub part: Option<PartOf>,
    /// Who has it open for packing.
    pub packer: Option<String>,
}

/// Which orders a list shows.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct OrderFilter {
    /// Only of this pick list, in its order.
    pub pick_list: Option<PickListId>,
    /// Only of this status.
    pub status: Option<OrderStatus>,
    /// Only of this shop.
    pub store: Option<StoreId>,
    /// Number, SKU or tracking number contains this (case folded).
    pub text: Option<String>,
}

/// A window of a list: rows `first .. first + rows.len()` of `total`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Page<T> {
    /// Index of the first row.
    pub first: usize,
    /// Rows.
    pub rows: Vec<T>,
    /// Rows in all.
    pub total: usize,
}

/// A box of an order.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct BoxRow {
    /// Id.
    pub id: BoxId,
    /// Number within the order, from 1.
    pub number: u32,
    /// Weight, once known.
    pub weight: Option<Weight>,
    /// Outer size, once known.
    pub dimensions: Option<Dimensions>,
    /// Delivery Confirmation.
    pub confirmation: Confirmation,
    /// Whose turn it is to pack it.
    pub turn: Epoch,
    /// Who packs it.
    pub owner: Option<UserId>,
    /// A carrier's own flat-rate box or envelope, taken from the shelf as such.
    pub flat_rate: bool,
}

/// A label and where it is in its life.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct LabelRow {
    /// The intent that it came from; also its idempotency key.
    pub id: IntentId,
    /// Order.
    pub order: OrderId,
    /// Order's number.
    pub number: OrderNumber,
    /// Box.
    pub box_id: BoxId,
    /// State.
    pub state: LabelState,
    /// Carrier and service in words.
    pub carrier: String,
    /// Service.
    pub service: String,
    /// Price agreed to.
    pub price: Money,
    /// Shipment id, once bought.
    pub shipment: Option<ShipmentId>,
    /// Tracking number, once bought.
    pub tracking: Option<TrackingNumber>,
    /// Promised window.
    pub promise: Option<Window>,
    /// Why it is refused, unknown, held: words for the packer.
    pub reason: Option<String>,
    /// Wanted at.
    pub wanted_at: DateTime<Utc>,
    /// Wanted by.
    pub wanted_by: UserId,
    /// Last change.
    pub changed_at: DateTime<Utc>,
    /// Sendings so far.
    pub attempts: u32,
    /// Copies printed.
    pub printed: u32,
    /// Format of the stored document, if one is stored.
    pub document: Option<DocumentFormat>,
    /// Held with an alarm: never printed.
    pub held: bool,
    /// Which way it comes to us.
    pub via: LabelVia,
    /// What is known since it was bought: void, refund, the carrier's first scan.
    pub aftermath: Option<Aftermath>,
    /// Whether it must be scanned onto its box, and whether it was.
    pub onto_box: OntoBox,
}

/// Everything about one order that the pack screen, `orders show` and the packing session need.
#[derive(Debug, Clone, PartialEq)]
pub struct OrderDetail {
    /// Order.
    pub order: Order,
    /// Badges (without urgency, which needs the clock).
    pub badges: Vec<Badge>,
    /// Who assigned its method, and the methods that its shop knows.
    pub method: MethodFacts,
    /// Products of its lines and their children.
    pub products: Vec<Product>,
    /// Boxes, by number.
    pub boxes: Vec<BoxRow>,
    /// Accepted scans of live boxes, in order.
    pub scans: Vec<ScanRecord>,
    /// Latest quote of each box.
    pub quotes: Vec<Quote>,
    /// Labels, newest first.
    pub labels: Vec<LabelRow>,
    /// What Amazon is told of labels that were bought elsewhere, oldest first.
    pub confirmations: Vec<ConfirmationRow>,
    /// History, newest first.
    pub history: Vec<HistoryRow>,
    /// Labels of the other parts of a split order: Amazon lists their packages with this one's.
    pub other_labels: Vec<LabelRow>,
}

impl OrderDetail {
    /// Our labels under the channel's number, those of the other parts too.
    pub fn all_labels(&self) -> impl Iterator<Item = &LabelRow> {
        self.labels.iter().chain(&self.other_labels)
    }

    /// Tracking numbers of our labels of the order, from wherever they came, live or voided: a package with one of
    /// them is ours (PURCHASING.md 5).
    pub fn tracking_numbers(&self) -> Vec<TrackingNumber> {
        let each = self.all_labels();
        each.filter_map(|label| label.tracking.clone()).collect()
    }
}

/// A line of an order's history (no customer data).
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct HistoryRow {
    /// When (UTC).
    pub at: DateTime<Utc>,
    /// Who; none for the program itself.
    pub by: Option<String>,
    /// What, in words.
    pub what: String,
}

/// A code that was already used, and by whom.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CodeUse {
    /// Order number.
    pub number: OrderNumber,
    /// Line.
    pub line: LineId,
}

/// A sheet to print.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct PrintJobRow {
    /// Number.
    pub id: PrintJobId,
    /// Label.
    pub label: IntentId,
    /// Order number.
    pub number: OrderNumber,
    /// Station whose printer it is for.
    pub station: StationId,
    /// State.
    pub state: PrintState,
    /// Which copy, from 1.
    pub copy: u32,
    /// Why it failed, in words.
    pub reason: Option<String>,
}

/// How far a print job is. A job found *sending* after a crash is never sent again by itself.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum PrintState {
    /// Waits for its station.
    Wanted,
    /// Being sent.
    Sending,
    /// Sent whole.
    Done,
    /// Failed; by hand again.
    Failed,
    /// Found half sent after a crash: "did it come out?".
    Doubtful,
    /// Not printed: its label's void is wanted.
    Dropped,
}

/// How the sync task is, for the status line.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct SyncHealth {
    /// Amazon has not answered since then; none: all is well.
    pub unreachable_since: Option<DateTime<Utc>>,
    /// Last successful call.
    pub last_ok: Option<DateTime<Utc>>,
    /// Last finished import.
    pub last_import: Option<DateTime<Utc>>,
    /// What is wrong, in words for a person (a missing role, refused credentials); none: nothing.
    pub trouble: Option<String>,
    /// What must be done soon (a secret that ends), in words; none: nothing.
    #[serde(default)]
    pub reminder: Option<String>,
}

/// A database that was put back, and how far its orders are compared with Amazon: nothing is bought before.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Restored {
    /// What it is: a back-up of a time, an older copy, a database from elsewhere.
    pub of: String,
    /// Orders compared so far.
    pub compared: u32,
    /// Orders that must be compared.
    pub total: u32,
    /// Shops whose changes since are not fetched yet.
    pub unswept: Vec<StoreId>,
}

impl Restored {
    /// Every order was compared with what Amazon says now.
    pub fn is_complete(&self) -> bool {
        self.compared == self.total && self.unswept.is_empty()
    }
}

/// The counts first: the status line cuts at its end.
impl std::fmt::Display for Restored {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(
            f,
            "RESTORED: {} of {} orders compared with Amazon, nothing is bought before all are ({})",
            self.compared, self.total, self.of
        )
    }
}

/// Counts for the status line.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize)]
pub struct Waiting {
    /// Purchases written down and not settled.
    pub purchases: u32,
    /// Voids written down and not settled.
    pub voids: u32,
    /// Labels whose outcome is unknown.
    pub unknown: u32,
    /// Sheets not printed.
    pub prints: u32,
    /// Quotes not answered.
    pub quotes: u32,
    /// Boxes that Amazon is still to be told of.
    pub confirmations: u32,
    /// Labels that are still to be scanned onto their boxes.
    pub onto_box: u32,
}

/// A product code's meaning in the catalogue.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CodeMeaning {
    /// Product.
    pub sku: Sku,
    /// Units that one scan counts.
    pub quantity: u32,
}

/// What the sync task works on: a label that is not at rest.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct WorkItem {
    /// The label.
    pub label: LabelRow,
    /// The shop whose Amazon account it is bought from.
    pub store: StoreId,
    /// Number of the last attempt to buy, from 1; 0: none yet.
    pub last_attempt: u32,
    /// When the first attempt was sent.
    pub first_sent_at: Option<DateTime<Utc>>,
    /// When the last attempt was sent.
    pub last_sent_at: Option<DateTime<Utc>>,
    /// Epoch of the last attempt.
    pub epoch: Option<Epoch>,
    /// When the quote was asked: its token can buy until 10 minutes later.
    pub quote_asked_at: Option<DateTime<Utc>>,
    /// Quote.
    pub quote: Option<QuoteId>,
    /// Not before this (throttled, or a pause after a failure).
    pub not_before: Option<DateTime<Utc>>,
    /// An earlier sending may have succeeded: the next one is a repeat, and every error answer to it is unknown.
    pub in_doubt: bool,
    /// Who waits for it.
    pub haste: Haste,
}

#[cfg(test)]
pub(in crate::domain) mod tests;

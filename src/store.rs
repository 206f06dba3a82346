//! The truth, behind one narrow interface of whole transactions in the trade's words.
//!
//! All SQL lives below this room (`store/sqlite`); no SQL type and no SQLite idiom leaves it. Customer data
//! enters and leaves only as [`Sealed`]. Every implementation runs the same conformance suite.

mod auditing;
pub mod backups;
mod boxes;
mod bulk;
#[cfg(test)]
pub mod conformance;
mod erasing;
mod finding;
mod keys;
mod manifests;
mod methods;
mod onto_box;
mod outside;
mod people;
mod picking;
mod policies;
mod reporting;
mod review;
mod sheets;
mod shopping;
mod splitting;
pub mod sqlite;
pub mod threads;
mod typed;
mod why;
mod words;

pub use auditing::Auditing;
pub use boxes::{Boxes, Turn};
pub use bulk::{BulkRuns, GapSheet};
pub use erasing::Erasing;
pub use finding::{FindOrders, SealedCustomer};
pub use keys::Rotating;
pub use manifests::{
    CheckOut, CollectionForms, FormDocument, Manifests, OpenManifest, PaperOf, PaperRow, Papers, WantForm,
};
pub use methods::{AssignMethod, Methods};
pub use onto_box::{LabelsOntoBoxes, PutOn};
pub use outside::{ConfirmSettlement, OutsideLabels, RecordOutside};
pub use people::{People, PinRecord};
pub use picking::{PickScan, Picking};
pub use policies::Policies;
pub use reporting::{LabelLines, Reporting};
pub use review::{Reviewing, SealedNote};
pub use sheets::{OwnSheet, Sheets};
pub use shopping::Shopping;
pub use splitting::{SplitOrder, Splitting};
pub use typed::Typing;
pub use why::Explaining;
pub use words::*;

use crate::domain::address::Destination;
use crate::domain::customer::CustomerData;
use crate::domain::ids::{
    BoxId, DataKeyId, Epoch, IntentId, OrderId, OrderNumber, PickListId, PrintJobId, QuoteId, Sku, StationId,
    StoreId, UserId,
};
use crate::domain::packing::ScanRecord;
use crate::domain::prime::PrimeShare;
use crate::domain::product::Product;
use crate::domain::rate::inputs::InputValues;
use crate::domain::rate::{Confirmation, PurchaseChoice, Quote, QuoteAnswer, QuoteRequest};
use crate::domain::refund::{Booking, FollowUp, Heard, RefundFilter, Refunds};
use crate::domain::rows::{
    BoxRow, CodeMeaning, CodeUse, HistoryRow, LabelRow, OrderDetail, OrderFilter, OrderRow, Page,
    PickListRow, PrintJobRow, Restored, SyncHealth, Waiting, WorkItem,
};
use crate::domain::sealed::{RequestBytes, Sealed, WrappedKey};
use crate::domain::spend::{LinkedAccount, SpendRow, StoreAccounts};
use crate::domain::status::OrderStatus;
use crate::domain::user::{Role, User};
use chrono::{DateTime, Utc};

/// The store. Each method is one whole transaction; a method that returns `Ok` is durable
/// (`synchronous=FULL`). `now` always comes from the one clock.
pub trait Store:
    Auditing
    + Boxes
    + CollectionForms
    + BulkRuns
    + Erasing
    + Explaining
    + FindOrders
    + LabelsOntoBoxes
    + Manifests
    + Methods
    + OutsideLabels
    + People
    + Papers
    + Picking
    + Policies
    + Reporting
    + Reviewing
    + Sheets
    + Rotating
    + Shopping
    + Splitting
    + Typing
    + Send
{
    // --- many changes at once -----------------------------------------------------------------------
    /// From here on changes are gathered: each is made whole or not at all, and none is durable before
    /// [`Store::end_group`] has returned `Ok`. For changes whose answers can wait for one another.
    fn begin_group(&mut self) -> StoreResult<()>;
    /// Makes all gathered changes durable at once; on an error none of them is made.
    fn end_group(&mut self) -> StoreResult<()>;

    // --- people -----------------------------------------------------------------------------------
    /// Users by name.
    fn users(&self) -> StoreResult<Vec<User>>;
    /// Adds a user; a name or badge in use is refused.
    fn add_user(&mut self, name: &str, badge: &str, role: Role, now: DateTime<Utc>) -> StoreResult<User>;

    // --- catalogue ----------------------------------------------------------------------------------
    /// Inserts or replaces products by SKU; clears or sets `Flag::NoProduct` of open orders.
    fn put_products(&mut self, products: &[Product], now: DateTime<Utc>) -> StoreResult<u32>;
    /// Products by SKU, missing ones left out.
    fn products(&self, skus: &[Sku]) -> StoreResult<Vec<Product>>;
    /// All meanings of a product or case barcode, compared by its `scan::barcode_key` (the form in which
    /// barcodes are kept).
    fn code_meanings(&self, code: &str) -> StoreResult<Vec<CodeMeaning>>;

    // --- orders -------------------------------------------------------------------------------------
    /// Upserts what Amazon said, never overwriting what the bench has done, and moves the shop's watermark.
    /// Pending orders open by themselves; what matters to a bench is flagged on whatever list it is.
    /// An erased order's customer data is never brought back.
    fn import_orders(
        &mut self,
        store: &StoreId,
        orders: Vec<ImportedOrder>,
        watermark: Option<DateTime<Utc>>,
        now: DateTime<Utc>,
    ) -> StoreResult<ImportReport>;
    /// Up to which moment the shop's changes are known (echoed `lastUpdatedBefore`).
    fn watermark(&self, store: &StoreId) -> StoreResult<Option<DateTime<Utc>>>;
    /// Moves the watermark and the age of all the shop's orders that a finished sweep did not name.
    fn finish_sweep(
        &mut self,
        store: &StoreId,
        watermark: DateTime<Utc>,
        now: DateTime<Utc>,
    ) -> StoreResult<()>;
    /// The wrapped data key of an order, for sealing more under it.
    fn order_key(&self, store: &StoreId, number: &OrderNumber) -> StoreResult<Option<WrappedKey>>;
    /// A fresh number for a data key.
    fn next_data_key(&mut self) -> StoreResult<DataKeyId>;
    /// Sealed customer data with its key; none when pending or erased.
    fn customer(&self, order: OrderId) -> StoreResult<Option<(WrappedKey, Sealed<CustomerData>)>>;
    /// Orders by Amazon's number (several after a split).
    fn find_orders(&self, number: &OrderNumber) -> StoreResult<Vec<OrderId>>;
    /// A window of a list, sorted by ship-by then number (or in the pick list's order).
    fn orders(&self, filter: &OrderFilter, first: usize, limit: usize) -> StoreResult<Page<OrderRow>>;
    /// Everything about one order.
    fn order(&self, order: OrderId) -> StoreResult<OrderDetail>;
    /// Moves an order by hand. Moves not allowed are refused; from Ready for Pickup or Shipped to Ready to
    /// Pick is refused here: that is `want_void_order`.
    fn set_status(
        &mut self,
        order: OrderId,
        to: OrderStatus,
        by: Option<UserId>,
        reason: &str,
        now: DateTime<Utc>,
    ) -> StoreResult<()>;
    /// A packer has seen and settled the flags of an order (not those that are facts: `Flag::Canceled`,
    /// `Flag::ShippedElsewhere`, `Flag::NoProduct`).
    fn clear_flags(
        &mut self,
        order: OrderId,
        by: UserId,
        reason: &str,
        now: DateTime<Utc>,
    ) -> StoreResult<()>;

    // --- pick lists -----------------------------------------------------------------------------------
    /// Makes a pick list of these orders, in this order; an order on another open list is refused.
    fn create_pick_list(
        &mut self,
        name: &str,
        orders: &[OrderId],
        by: Option<UserId>,
        now: DateTime<Utc>,
    ) -> StoreResult<PickListId>;
    /// Orders that could go on a new list: Ready to Pick and on none, sorted by ship-by.
    fn unlisted_orders(&self, limit: usize) -> StoreResult<Vec<OrderId>>;
    /// Pick lists, newest first, with counts.
    fn pick_lists(&self, first: usize, limit: usize) -> StoreResult<Page<PickListRow>>;

    // --- packing --------------------------------------------------------------------------------------
    /// Opens the order for a packer: In Packing, the free box that was opened last with a new turn (taking the
    /// order's free boxes over from another packer only with `take_over`). Its Delivery Confirmation is at least what the order demands.
    fn begin_packing(
        &mut self,
        order: OrderId,
        by: UserId,
        take_over: bool,
        confirmation: Confirmation,
        now: DateTime<Utc>,
    ) -> StoreResult<BoxRow>;
    /// Accepts one scan: durable before it returns. Sending it again (same id) is harmless. Refused when the
    /// turn is over, the sequence is not the next, the unit lies in a box already, the code was used for
    /// another unit, or the box is frozen.
    fn accept_scan(&mut self, scan: &ScanRecord) -> StoreResult<()>;
    /// Notes a refused scan (no customer data: form and reason only).
    fn note_refused_scan(
        &mut self,
        order: Option<OrderId>,
        by: Option<UserId>,
        reason: &str,
        now: DateTime<Utc>,
    ) -> StoreResult<()>;
    /// Notes that a person was shown customer data of an order, and in which way. No customer data.
    fn note_revealed(&mut self, order: OrderId, by: UserId, how: &str, now: DateTime<Utc>)
    -> StoreResult<()>;
    /// Who used this transparency code or serial for a unit, if anyone; a code belongs to its unit.
    fn code_use(&self, code: &str) -> StoreResult<Option<CodeUse>>;
    /// Weight, size, confirmation of a free box; refused when frozen or the turn is over, and for a
    /// confirmation below what the order demands.
    fn set_box(
        &mut self,
        box_id: BoxId,
        turn: Epoch,
        details: &BoxDetails,
        by: UserId,
        now: DateTime<Utc>,
    ) -> StoreResult<BoxRow>;

    // --- quotes ---------------------------------------------------------------------------------------
    /// Writes a wish for rates for the box as it is; latest wins. Refused without weight or size.
    fn want_quote(&mut self, request: &QuoteRequest, now: DateTime<Utc>) -> StoreResult<QuoteId>;
    /// As [`Store::want_quote`] for many boxes at once, in bulk: none of them goes before the bench's. One that is
    /// refused does not touch the others.
    fn want_quotes_in_bulk(
        &mut self,
        requests: &[QuoteRequest],
        now: DateTime<Utc>,
    ) -> StoreResult<Vec<StoreResult<QuoteId>>>;
    /// Of these quotes those that are answered or failed.
    fn answered_quotes(&self, quotes: &[QuoteId]) -> StoreResult<Vec<Quote>>;
    /// Quotes in bulk that wait for an answer, at most `limit` after `after`, oldest first.
    fn wanted_quotes_in_bulk(
        &self,
        after: QuoteId,
        limit: usize,
    ) -> StoreResult<Vec<(Quote, StoreId, OrderNumber)>>;
    /// Quotes of the bench that wait for an answer, each box's newest only, with the order's shop and number.
    fn wanted_quotes(&self) -> StoreResult<Vec<(Quote, StoreId, OrderNumber)>>;
    /// Stores the answer or the failure; harmless when a newer quote exists.
    fn answer_quote(
        &mut self,
        quote: QuoteId,
        answer: Result<QuoteAnswer, String>,
        now: DateTime<Utc>,
    ) -> StoreResult<()>;
    /// A quote.
    fn quote(&self, quote: QuoteId) -> StoreResult<Quote>;

    // --- labels ---------------------------------------------------------------------------------------
    /// Writes the wish to buy (PURCHASING.md 3.1). Refused unless the order can ship, every unit is
    /// verified with its code, the method is allowed for this order whoever chose it, the quote fits the
    /// box's fingerprint and is at most 9 minutes old, and the box has no live label.
    fn want_label(&mut self, want: &WantLabel, now: DateTime<Utc>) -> StoreResult<()>;
    /// Takes back a wish that was not asked yet.
    fn withdraw_label(&mut self, label: IntentId, by: UserId, now: DateTime<Utc>) -> StoreResult<()>;
    /// Writes the wish to void one label. Allowed from bought, bought without document, printed, void refused;
    /// refused until it is said what became of the old label.
    fn want_void(&mut self, label: IntentId, wish: &VoidWish, now: DateTime<Utc>) -> StoreResult<()>;
    /// Writes the wish to void every live label of an order, in one transaction: the order goes back to Ready to
    /// Pick once each void is accepted. What was not asked for yet is withdrawn; while nobody knows whether one
    /// was bought, nothing is changed.
    fn want_void_order(
        &mut self,
        order: OrderId,
        wish: &VoidWish,
        now: DateTime<Utc>,
    ) -> StoreResult<VoidsWanted>;
    /// A label.
    fn label(&self, label: IntentId) -> StoreResult<LabelRow>;
    /// Of these labels those that are neither wanted nor asked any more.
    fn settled_labels(&self, labels: &[IntentId]) -> StoreResult<Vec<LabelRow>>;
    /// Labels by state for screens and commands, newest first.
    fn labels_of(&self, order: OrderId) -> StoreResult<Vec<LabelRow>>;
    /// The label that carries this tracking number.
    fn label_by_tracking(&self, tracking: &str) -> StoreResult<Option<LabelRow>>;
    /// The stored document of a label with the key that opens it; none when there is none or it is erased.
    fn document(&self, label: IntentId) -> StoreResult<Option<(WrappedKey, SealedDocument)>>;
    /// A supervisor calls an unknown label bought (with its tracking number) or not bought (PURCHASING.md 4).
    fn decide_unknown(
        &mut self,
        label: IntentId,
        bought: Option<crate::domain::ids::TrackingNumber>,
        by: UserId,
        reason: &str,
        now: DateTime<Utc>,
    ) -> StoreResult<()>;

    // --- the leader's work ------------------------------------------------------------------------------
    /// Takes the lead: a new epoch. Labels *asked* or *void asked* in an older epoch become *unknown* or
    /// *void unknown*. The caller holds the operating-system lock.
    fn take_lead(&mut self, now: DateTime<Utc>) -> StoreResult<Lead>;
    /// Labels wanted in bulk, at most `limit` after the place `after` (0: from the first), oldest first. Each has
    /// its place, by which to read on.
    fn work_in_bulk(&self, after: i64, limit: usize) -> StoreResult<Vec<(i64, WorkItem)>>;
    /// Up to when the last finished sweep of the shop knows every change; none before the first.
    fn swept_until(&self, store: &StoreId) -> StoreResult<Option<DateTime<Utc>>>;
    /// Labels that the leader must move, oldest first: wanted at the bench, unknown, void wanted, void unknown,
    /// bought without document.
    fn work(&self) -> StoreResult<Vec<WorkItem>>;
    /// The choice and the quote that a wanted label buys.
    fn purchase(&self, label: IntentId) -> StoreResult<(PurchaseChoice, Quote)>;
    /// The sealed answers to what the chosen service asks for besides the box; none where it asks for nothing.
    fn label_inputs(&self, label: IntentId) -> StoreResult<Option<(WrappedKey, Sealed<InputValues>)>>;
    /// The exact stored request of an asked label, with its key, for a repeat.
    fn stored_request(&self, label: IntentId) -> StoreResult<Option<(WrappedKey, Sealed<RequestBytes>)>>;
    /// One durable transaction before a purchase goes out: checks the epoch, stores the request (on the first
    /// attempt), numbers the attempt, *asked*. Returns the attempt's number.
    fn begin_asking(&mut self, lead: Lead, asking: &Asking, now: DateTime<Utc>) -> StoreResult<u32>;
    /// Settles a purchase (PURCHASING.md 3.6): state, ids, price, tracking, documents, print job, order
    /// status, in one transaction. Idempotent; takes a late *bought* from any epoch.
    fn settle(
        &mut self,
        label: IntentId,
        settlement: &Settlement,
        now: DateTime<Utc>,
    ) -> StoreResult<LabelRow>;
    /// Stores the document of a label that was bought without one; print job.
    fn add_document(
        &mut self,
        label: IntentId,
        documents: Vec<SealedDocument>,
        now: DateTime<Utc>,
    ) -> StoreResult<LabelRow>;
    /// Before a void goes out: checks the epoch, *void asked*.
    fn begin_voiding(&mut self, lead: Lead, label: IntentId, now: DateTime<Utc>) -> StoreResult<u32>;
    /// Settles a void; the order goes back to Ready to Pick once no live label is left, or, of several boxes, once
    /// one is void and no other void is under way: what lay in it is packed again.
    fn settle_void(
        &mut self,
        label: IntentId,
        settlement: &VoidSettlement,
        now: DateTime<Utc>,
    ) -> StoreResult<LabelRow>;

    // --- after a void, and before its window closes -----------------------------------------------------------
    /// Labels of which something is to be read, soonest first.
    fn follow_ups(&self, limit: usize) -> StoreResult<Vec<FollowUp>>;
    /// Takes in what a reading brought and plans the next one. Harmless when nothing is news.
    fn settle_follow_up(
        &mut self,
        label: IntentId,
        heard: &Heard,
        now: DateTime<Utc>,
    ) -> StoreResult<LabelRow>;
    /// A person books what came of a refund, from the statement or Seller Central.
    fn book_refund(
        &mut self,
        label: IntentId,
        booking: &Booking,
        by: UserId,
        reason: &str,
        now: DateTime<Utc>,
    ) -> StoreResult<LabelRow>;
    /// Refunds, open ones first, the longest awaited at the top.
    fn refunds(
        &self,
        filter: RefundFilter,
        first: usize,
        limit: usize,
        now: DateTime<Utc>,
    ) -> StoreResult<Refunds>;
    /// Labels that no carrier has scanned, those whose void window closes first at the top
    /// ([`crate::domain::refund::is_unmoved`]).
    fn unmoved(&self, first: usize, limit: usize, now: DateTime<Utc>) -> StoreResult<Page<LabelRow>>;

    // --- printing ---------------------------------------------------------------------------------------
    /// Writes a wish to print a label again; refused when its void is wanted, it is held, or it is erased.
    fn want_print(
        &mut self,
        label: IntentId,
        station: &StationId,
        by: UserId,
        now: DateTime<Utc>,
    ) -> StoreResult<PrintJobId>;
    /// Jobs of a station that are not done, oldest first.
    fn print_jobs(&self, station: &StationId) -> StoreResult<Vec<PrintJobRow>>;
    /// Marks the job *sending* and hands out the document, in one transaction that checks that no void is
    /// wanted (else the job is dropped and `None` returned).
    fn begin_printing(&mut self, job: PrintJobId, now: DateTime<Utc>) -> StoreResult<Option<PrintWork>>;
    /// Ends a job: printed (counts the copy; the order is Shipped where `manifests` is off) or failed.
    fn end_printing(
        &mut self,
        job: PrintJobId,
        result: Result<(), String>,
        manifests: bool,
        now: DateTime<Utc>,
    ) -> StoreResult<()>;
    /// Jobs found *sending* at start become *doubtful*; jobs of other stations are left alone.
    fn doubt_printing(&mut self, station: &StationId, now: DateTime<Utc>) -> StoreResult<u32>;

    // --- state of the sync task ---------------------------------------------------------------------------
    /// Reads the health.
    fn health(&self) -> StoreResult<SyncHealth>;
    /// Writes the health.
    fn set_health(&mut self, health: &SyncHealth) -> StoreResult<()>;
    /// What waits.
    fn waiting(&self) -> StoreResult<Waiting>;
    /// Reads bucket levels.
    fn bucket_levels(&self) -> StoreResult<Vec<BucketLevel>>;
    /// Writes bucket levels.
    fn set_bucket_levels(&mut self, levels: &[BucketLevel]) -> StoreResult<()>;
    /// A number that changes whenever any process changed the store (for windows that are shown).
    fn version(&self) -> StoreResult<i64>;

    // --- carrier accounts and spend ------------------------------------------------------------------------
    /// Writes a wish to ask Amazon for these shops' linked carrier accounts.
    fn want_accounts(&mut self, stores: &[StoreId], now: DateTime<Utc>) -> StoreResult<()>;
    /// Shops whose accounts are asked for and not answered yet.
    fn wanted_accounts(&self) -> StoreResult<Vec<StoreId>>;
    /// Stores a shop's accounts, or why they could not be had (then what was told before stays).
    fn answer_accounts(
        &mut self,
        store: &StoreId,
        answer: Result<Vec<LinkedAccount>, String>,
        now: DateTime<Utc>,
    ) -> StoreResult<()>;
    /// Every shop's accounts as Amazon last told them.
    fn accounts(&self) -> StoreResult<Vec<StoreAccounts>>;
    /// What labels wanted since then cost, by currency and payee; refused and unknown purchases are left out.
    fn spend(&self, since: Option<DateTime<Utc>>) -> StoreResult<Vec<SpendRow>>;
    /// Prime orders of Amazon's with a label wanted since then that lives, and those that ship with Amazon's alone.
    fn prime_share(&self, since: DateTime<Utc>) -> StoreResult<PrimeShare>;

    // --- proof ---------------------------------------------------------------------------------------------
    /// History of an order, newest first.
    fn history(&self, order: OrderId) -> StoreResult<Vec<HistoryRow>>;
    /// Checks the hash chain of the labels' history; the words name the first broken row.
    fn verify_chain(&self) -> StoreResult<Result<u64, String>>;
    /// Writes the store's key check, once, into an empty store.
    fn set_key_check(&mut self, check: &[u8]) -> StoreResult<()>;
    /// Reads the key check.
    fn key_check(&self) -> StoreResult<Option<Vec<u8>>>;
    /// The store holds no order yet (a new key may be made for it).
    fn is_empty(&self) -> StoreResult<bool>;
    /// Destinations that a rule needs again (zones are worked out at import).
    fn destination(&self, order: OrderId) -> StoreResult<Option<Destination>>;

    /// Refused in words where some process found the database damaged: nothing is asked of Amazon then.
    fn check_sound(&self) -> StoreResult<()>;

    // --- a database that was put back (PURCHASING.md 8) ---------------------------------------------------
    /// How far the orders of a restored database are compared with Amazon; none in daily life.
    fn restored(&self) -> StoreResult<Option<Restored>>;
    /// Orders that are still to be compared, of shops that were swept since; most urgent first.
    fn uncompared(&self, limit: usize) -> StoreResult<Vec<(OrderId, StoreId, OrderNumber)>>;
    /// The order is as Amazon says now (the caller has imported it): its packages are judged again and it is
    /// counted. `words` go into its history.
    fn note_compared(&mut self, order: OrderId, words: Option<&str>, now: DateTime<Utc>) -> StoreResult<()>;
    /// Takes the mark away once all is compared: true when this call did.
    fn end_restored(&mut self, now: DateTime<Utc>) -> StoreResult<bool>;
}

//! What is to be done: everything the machine asks of the outside. Imperatives, plain data.
//!
//! The runtime carries them out in the order given and answers with messages that carry the request's
//! id. A result of a read that nobody waits for is dropped; a commit's never.

pub use super::pin::Pin;
use crate::domain::audit::Audited;
mod slots;
mod wishes;

pub use slots::Slot;
pub use wishes::{BoxTurn, BulkAct, LabelWish, ManyWish, MethodWish, OutsideWish, PictureWish, SplitWish};

use super::screens::manifest::{DayEndFacts, DoorCommit};
use crate::domain::board::BoardRow;
use crate::domain::bulk::{BulkMethod, BulkRow, BulkRun};
use crate::domain::desk::{AnswerTimes, DeskFacts, Hour};
use crate::domain::explain::WhyFacts;
use crate::domain::finding::Search;
use crate::domain::ids::{
    BoxId, BulkRunId, Epoch, IntentId, ManifestId, OrderId, OrderNumber, PickListId, Sku, StationId, StoreId,
    TrackingNumber, UserId,
};
use crate::domain::note::NoteText;
use crate::domain::own_order::OwnOrder;
use crate::domain::packing::ScanRecord;
use crate::domain::pick_walk::PickWalk;
use crate::domain::picking::{PickFilter, PickOffer, PickTemplate};
use crate::domain::policy::{Policy, Rehearsal};
use crate::domain::prime::PrimeShare;
use crate::domain::rate::{Confirmation, QuoteRequest};
use crate::domain::refund::{Booking, Paper, Refunds};
use crate::domain::rows::{
    CodeMeaning, LabelRow, OrderDetail, OrderFilter, OrderRow, Page, PickListRow, PrintJobRow, SyncHealth,
    Waiting,
};
use crate::domain::spend::{SpendRow, StoreAccounts};
use crate::domain::status::OrderStatus;
use crate::domain::units::{Dimensions, Weight};
use crate::domain::user::User;
use chrono::{DateTime, Utc};
use std::time::Duration;

/// Names one commit or read: rising, never used twice in one run.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct RequestId(pub u64);

/// Something to do outside.
#[derive(Debug, Clone, PartialEq)]
pub enum Effect {
    /// Change the store, durably; answer `Committed` or `Refused`. In the order given.
    Commit(RequestId, Commit),
    /// Read from the store; answer `Answered`. A newer read of the same slot replaces an older one that
    /// was not begun.
    Read(RequestId, Slot, Query),
    /// Open an order's customer data for a person; answer `CustomerOpened`.
    OpenCustomer(OrderId, UserId),
    /// Open an order's notes for a person; answer `NotesOpened`.
    OpenNotes(OrderId, UserId),
    /// Draw a label or slip for a person; answer `PictureOpened`.
    OpenPicture(PictureWish),
    /// Make so many `UUIDv7`s; answer `Ids` before any further key.
    FreshIds(usize),
    /// Overwrite the customers' names that a search has opened.
    ForgetNames,
    /// Sound.
    Beep(Sound),
    /// Answer `Tick` after this time.
    Schedule(Timer, Duration),
    /// End the program (everything accepted is durable).
    Exit,
}

/// Sounds: told apart by count, so that any terminal bell can do it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Sound {
    /// Once.
    Good,
    /// Three times.
    Bad,
}

/// Timers.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Timer {
    /// A scan should have been saved by now.
    Unsaved(RequestId),
    /// The minute has passed: clock and time left.
    Clock,
    /// More customers' names may be open by now.
    Names,
    /// Codes were refused faster than each is noted: they have stopped.
    Refusals,
    /// A change is a little while ago: the desk is read again.
    Desk,
}

/// Reads.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Query {
    /// `Store::users`.
    Users,
    /// `Store::waiting`, `health`, `print_jobs` of this station.
    Status,
    /// `Store::pick_lists`.
    PickLists {
        /// First row.
        first: usize,
        /// Rows at most.
        limit: usize,
    },
    /// `Store::orders`.
    Orders {
        /// Which.
        filter: OrderFilter,
        /// First row.
        first: usize,
        /// Rows at most.
        limit: usize,
    },
    /// `Store::order`.
    Order(OrderId),
    /// `Store::refunds`, all of them.
    Refunds {
        /// First row.
        first: usize,
        /// Rows at most.
        limit: usize,
        /// Judged at.
        now: DateTime<Utc>,
    },
    /// `Store::unmoved`.
    Unmoved {
        /// First row.
        first: usize,
        /// Rows at most.
        limit: usize,
        /// Judged at.
        now: DateTime<Utc>,
    },
    /// `Explaining::why`.
    Why(OrderId),
    /// `Policies::policies` of every store.
    Policies,
    /// `Policies::rehearse_policies` with this one alone.
    Rehearse(Box<Policy>),
    /// `Finder::find`.
    Search(Box<SearchWish>),
    /// `Store::audit`: rows with all of these words.
    Audit {
        /// Words.
        text: String,
        /// First row.
        first: usize,
        /// Rows at most.
        limit: usize,
    },
    /// `Store::code_meanings`.
    FindCode(String),
    /// `Picking::order_of_tote`.
    FindTote(PickListId, u32),
    /// `Store::find_orders`.
    FindOrder(OrderNumber),
    /// `Store::label_by_tracking`.
    FindTracking(TrackingNumber),
    /// `Store::work`, with what the orders say.
    Board,
    /// `Manifests::day_end`, the chosen manifest, newest forms, and what never moved, judged at.
    DayEnd {
        /// Manifest that is filled.
        manifest: Option<ManifestId>,
        /// When the bench's day began.
        since: DateTime<Utc>,
        /// Labels that never moved are wanted too.
        unmoved: Option<DateTime<Utc>>,
    },
    /// `Store::accounts`, and `spend` and `prime_share` since then.
    Money(DateTime<Utc>),
    /// `Picking::pick_list`.
    PickList(PickListId),
    /// `Picking::pick_offer`, judged at.
    PickOffer(DateTime<Utc>),
    /// `Picking::pick_matches`, judged at.
    PickMatches(PickFilter, DateTime<Utc>),
    /// `BulkRuns::bulk_run_of` and its `bulk_rows`.
    Bulk {
        /// Pick list.
        list: PickListId,
        /// First row.
        first: usize,
        /// Rows at most.
        limit: usize,
    },
    /// `BulkRuns::bulk_methods`.
    BulkMethods(BulkRunId),
    /// `Picking::pick_walk`.
    PickWalk(PickListId),
    /// `Reporting`: the numbers that this person may see, judged at.
    Desk {
        /// Who.
        by: UserId,
        /// When.
        now: DateTime<Utc>,
    },
}

/// Answers to reads, each to the query of the same name.
#[derive(Debug, Clone, PartialEq)]
pub enum Answer {
    /// Users by name.
    Users(Vec<User>),
    /// For the status line.
    Status(StatusFacts),
    /// A window of the pick lists.
    PickLists(Page<PickListRow>),
    /// A window of orders.
    Orders(Page<OrderRow>),
    /// An order.
    Order(Box<OrderDetail>),
    /// A window of the refunds, with what they come to.
    Refunds(Box<Refunds>),
    /// A window of the labels without a carrier scan.
    Unmoved(Box<Page<LabelRow>>),
    /// What a search found.
    Searched(Box<Searched>),
    /// A window of the audit log.
    Audit(Box<Page<Audited>>),
    /// What a code stands for.
    Code(Vec<CodeMeaning>),
    /// Orders with that number.
    Found(Vec<OrderId>),
    /// The label with that tracking number.
    Label(Option<Box<LabelRow>>),
    /// What waits for Amazon, most urgent first.
    Board(Vec<BoardRow>),
    /// The desk's numbers.
    Desk(Box<DeskFacts>),
    /// Linked carrier accounts and what was spent.
    Money(Box<MoneyFacts>),
    /// What explains this order.
    Why(OrderId, Box<WhyFacts>),
    /// The day's end.
    DayEnd(Box<DayEndFacts>),
    /// Shipping policies.
    Policies(Vec<Policy>),
    /// What a policy would do.
    Rehearsal(Box<Policy>, Box<Rehearsal>),
    /// A pick list.
    PickList(Box<PickListRow>),
    /// Saved templates.
    PickOffer(PickOffer),
    /// Orders that match.
    PickMatches(u32),
    /// A run and a window of its orders; none: the list has none.
    Bulk(Option<Box<(BulkRun, Page<BulkRow>)>>),
    /// Methods.
    BulkMethods(Vec<BulkMethod>),
    /// A walk.
    PickWalk(Box<PickWalk>),
}

/// What a search found, and how much of it is known.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Searched {
    /// A window of what was found.
    pub page: Page<OrderRow>,
    /// Orders that were asked.
    pub orders: usize,
    /// Orders whose names are open so far.
    pub names: usize,
    /// All names are open that can be.
    pub names_known: bool,
}

/// Orders that are searched.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SearchWish {
    /// What was typed.
    pub search: Search,
    /// Customers' names are searched too.
    pub names: bool,
    /// For whom, where they may see customers' names; none: names are neither searched nor opened.
    pub by: Option<UserId>,
    /// First row.
    pub first: usize,
    /// Rows at most.
    pub limit: usize,
}

/// What the status line shows of the store.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct StatusFacts {
    /// Counts.
    pub waiting: Waiting,
    /// Sync task.
    pub health: SyncHealth,
    /// Sheets of this station that are not done.
    pub prints: Vec<PrintJobRow>,
}

/// Linked carrier accounts, and what labels cost with whom.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct MoneyFacts {
    /// Each shop's accounts as Amazon last told them.
    pub accounts: Vec<StoreAccounts>,
    /// Sums by currency and payee.
    pub spend: Vec<SpendRow>,
    /// How Prime orders shipped.
    pub prime: PrimeShare,
}

/// Changes, each one transaction of the store.
#[derive(Debug, Clone, PartialEq)]
pub enum Commit {
    /// `Store::begin_packing`; brings the box.
    BeginPacking {
        /// Order.
        order: OrderId,
        /// Who.
        by: UserId,
        /// From another packer.
        take_over: bool,
        /// Pre-filled Delivery Confirmation.
        confirmation: Confirmation,
    },
    /// The person's PIN, checked against the one that is kept.
    CheckPin {
        /// Who.
        user: UserId,
        /// As typed.
        pin: Pin,
    },
    /// `Store::next_box`; brings the box.
    NextBox(BoxTurn),
    /// `Store::open_box`; brings the box.
    OpenBox(BoxTurn, u32),
    /// `Store::accept_scan`.
    AcceptScan(ScanRecord),
    /// `Store::note_refused_scan`: form and reason, never the code.
    NoteRefusedScan {
        /// Order, if one is open.
        order: Option<OrderId>,
        /// Who, if signed in.
        by: Option<UserId>,
        /// Form and reason.
        reason: String,
    },
    /// `Reporting::note_answers`: behind everything else, nothing waits for it.
    NoteAnswers {
        /// Who scanned.
        by: UserId,
        /// When.
        hour: Hour,
        /// How long the scans took.
        answers: Box<AnswerTimes>,
    },
    /// Writes the desk's numbers as CSV files; brings where they are.
    ExportDesk {
        /// Who.
        by: UserId,
    },
    /// `Store::set_box`; brings the box.
    SetBox {
        /// Box.
        box_id: BoxId,
        /// Owner's turn.
        turn: Epoch,
        /// Who.
        by: UserId,
        /// Weight, where it changes.
        weight: Option<Weight>,
        /// Size, where it changes.
        dimensions: Option<Dimensions>,
        /// Delivery Confirmation, where it changes.
        confirmation: Option<Confirmation>,
        /// Whether it is a carrier's own flat-rate box; a new size without this is a plain box.
        flat_rate: Option<bool>,
    },
    /// `Store::want_accounts`.
    WantAccounts(Vec<StoreId>),
    /// `Store::want_quote`; brings the quote's number.
    WantQuote(QuoteRequest),
    /// `Store::want_label`.
    WantLabel(Box<LabelWish>),
    /// `Store::withdraw_label`.
    WithdrawLabel {
        /// Label.
        label: IntentId,
        /// Who.
        by: UserId,
    },
    /// `Store::want_void`.
    WantVoid {
        /// Label.
        label: IntentId,
        /// Who.
        by: UserId,
        /// Why.
        reason: String,
        /// What was said of the old label.
        paper: Paper,
    },
    /// `Store::want_void_order`.
    WantVoidOrder {
        /// Order.
        order: OrderId,
        /// Who.
        by: UserId,
        /// Why.
        reason: String,
        /// What was said of the old labels.
        paper: Paper,
    },
    /// `Store::book_refund`.
    BookRefund {
        /// Label.
        label: IntentId,
        /// What came of it.
        booking: Booking,
        /// Who.
        by: UserId,
        /// Where that is seen.
        reason: String,
    },
    /// `Store::decide_unknown`.
    DecideUnknown {
        /// Label.
        label: IntentId,
        /// Bought, with this tracking number; none: not bought.
        bought: Option<TrackingNumber>,
        /// Who: a supervisor.
        by: UserId,
        /// Why.
        reason: String,
    },
    /// `Store::want_print`; brings the sheet's number.
    WantPrint {
        /// Label.
        label: IntentId,
        /// Who.
        by: UserId,
        /// Whose printer.
        station: StationId,
    },
    /// `Picking::pick`; brings the list, none where no order matches.
    CreatePickList {
        /// Name.
        name: String,
        /// Which orders.
        filter: Box<PickFilter>,
        /// Saved as this template as well.
        template: Option<Box<PickTemplate>>,
        /// Who.
        by: UserId,
    },
    /// `Picking::assign_pick_list`.
    AssignPickList {
        /// List.
        list: PickListId,
        /// To whom; none: to nobody.
        to: Option<UserId>,
        /// Who.
        by: UserId,
    },
    /// Something of a bulk run.
    Bulk(BulkAct),
    /// `Picking::pick_unit`.
    Pick {
        /// List.
        list: PickListId,
        /// Order whose tote it goes into.
        order: OrderId,
        /// Product.
        sku: Sku,
        /// Units picked before it.
        before: u32,
        /// Units of the scan.
        quantity: u32,
        /// Who.
        by: UserId,
    },
    /// `Picking::pick_short`.
    PickShort {
        /// List.
        list: PickListId,
        /// Order.
        order: OrderId,
        /// Product.
        sku: Sku,
        /// Who.
        by: UserId,
        /// Why.
        reason: String,
    },
    /// `Picking::want_list_sheet`.
    PrintPickList {
        /// List.
        list: PickListId,
        /// Whose printer.
        station: StationId,
        /// Who.
        by: UserId,
    },
    /// `Sheets::want_sheet`: the packing slip of this box, or the barcodes of commands and boxes.
    PrintSheet {
        /// Order and box.
        slip: Option<(OrderId, BoxId)>,
        /// Whose printer.
        station: StationId,
        /// Who.
        by: UserId,
    },
    /// `Picking::remove_from_pick_list`.
    RemoveFromPickList {
        /// Order.
        order: OrderId,
        /// Who.
        by: UserId,
        /// Why.
        reason: String,
    },
    /// `Store::set_status`.
    SetStatus {
        /// Order.
        order: OrderId,
        /// To.
        to: OrderStatus,
        /// Who.
        by: UserId,
        /// Why.
        reason: String,
    },
    /// `Store::put_on`.
    PutOn {
        /// Label.
        label: IntentId,
        /// What was scanned.
        scanned: TrackingNumber,
        /// Who.
        by: UserId,
    },
    /// `sync::add_note`: sealed on the way.
    AddNote {
        /// Order.
        order: OrderId,
        /// Who.
        by: UserId,
        /// What.
        text: NoteText,
    },
    /// `Store::set_status` of every order that a search finds, in small pieces behind the bench.
    ChangeMany(Box<ManyWish>),
    /// `Store::record_outside`.
    RecordOutside(Box<OutsideWish>),
    /// `sync::take_in`: the customer's data is sealed on the way.
    TakeOrderIn(Box<OwnOrder>),
    /// `Store::want_confirmation`.
    WantConfirmation {
        /// Label.
        label: IntentId,
        /// Who.
        by: UserId,
    },
    /// Something of the day's end.
    Door(DoorCommit),
    /// `Methods::assign_method`.
    AssignMethod(MethodWish),
    /// `Splitting::split_order`.
    Split(SplitWish),
    /// `Splitting::join_order`.
    Join {
        /// Part.
        order: OrderId,
        /// Who.
        by: UserId,
    },
    /// `Store::clear_flags`.
    ClearFlags {
        /// Order.
        order: OrderId,
        /// Who.
        by: UserId,
        /// Why.
        reason: String,
    },
}

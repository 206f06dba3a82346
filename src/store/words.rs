//! What goes into the store and comes out of it, in the trade's words: wishes, settlements, refusals. Data only.

use crate::domain::bucket::Haste;
use crate::domain::customer::CustomerData;
use crate::domain::ids::{BoxId, Epoch, IntentId, OrderId, OrderNumber, QuoteId, StationId, UserId};
use crate::domain::intent::AmazonError;
use crate::domain::order::{ChannelOrder, Flag, Window};
use crate::domain::rate::inputs::InputValues;
use crate::domain::rate::{Confirmation, PurchaseChoice};
use crate::domain::refund::Paper;
use crate::domain::rows::PrintJobRow;
use crate::domain::sealed::{DocumentBytes, RequestBytes, Sealed, WrappedKey};
use crate::domain::seller::DocumentFormat;
use crate::domain::units::{Dimensions, Weight};
use chrono::{DateTime, Utc};

/// Why the store did not do it. Refusals are the trade's; failures are the machine's.
#[derive(Debug, thiserror::Error)]
pub enum StoreError {
    /// A rule of the store refuses, in the packer's words. Nothing was changed.
    #[error("{0}")]
    Refused(Refusal),
    /// Not found.
    #[error("there is no {what} {which}")]
    NotFound {
        /// Kind of thing.
        what: &'static str,
        /// Which one.
        which: String,
    },
    /// The database cannot be opened or is not ours, in words with what to do.
    #[error("{0}")]
    Unusable(String),
    /// The database is damaged: nothing is bought from it any more. In words with what to do.
    #[error("{0}")]
    Damaged(String),
    /// The database, its folder or its disk is read-only: it can be looked at. In words with what to do.
    #[error("{0}")]
    ReadOnly(String),
    /// The disk is full: nothing was changed.
    #[error("the disk is full: free space on the station's disk, nothing was saved")]
    DiskFull,
    /// Another failure below.
    #[error("the store failed: {0}")]
    Failed(String),
}

/// Refusals that callers tell apart.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum Refusal {
    /// Another packer took the box over (the turn is over).
    #[error("{owner} has taken this box over: go back and open it again")]
    TakenOver {
        /// Who.
        owner: String,
    },
    /// Another packer has the box; it can be taken over.
    #[error("{owner} is packing this order: take it over, or pack another one")]
    OwnedBy {
        /// Who.
        owner: String,
    },
    /// The sequence is not the next one.
    #[error("this scan came out of order: open the order again")]
    OutOfOrder,
    /// The transparency code stands for another unit already.
    #[error("this code was already used for order {0}: every unit needs its own")]
    CodeUsed(OrderNumber),
    /// The unit lies in a box already.
    #[error("this unit is already packed")]
    UnitPacked,
    /// The box has a live label: it is frozen.
    #[error("box {0} has a label ({1}): void it before changing the box")]
    BoxFrozen(u32, &'static str),
    /// The quote does not fit the box, or is too old, or is not answered.
    #[error("{0}: ask for rates again")]
    QuoteUnfit(String),
    /// The order cannot be shipped (Pending, Review, On Hold, Canceled, flags).
    #[error("{0}")]
    CannotShip(String),
    /// Not every unit is verified, or codes are missing.
    #[error("{0}")]
    Incomplete(String),
    /// The method is not allowed for this order.
    #[error("{0}")]
    MethodBarred(String),
    /// A move that the label's state does not allow.
    #[error("{0}")]
    IllegalMove(String),
    /// The epoch is over: another process leads.
    #[error("another process leads now")]
    NotLeader,
    /// Restored from a back-up: nothing is bought until orders are compared with Amazon.
    #[error("this database was restored from a back-up: orders must be compared with Amazon before buying")]
    Restored,
    /// Anything else, in words.
    #[error("{0}")]
    Other(String),
}

/// Result of a store call.
pub type StoreResult<T> = Result<T, StoreError>;

/// One order as an import brings it.
#[derive(Debug, Clone)]
pub struct ImportedOrder {
    /// Amazon's word.
    pub channel: ChannelOrder,
    /// Customer data, sealed under the order's data key; none while Pending.
    pub customer: Option<Sealed<CustomerData>>,
    /// The order's data key where the import made a new one.
    pub key: Option<WrappedKey>,
    /// Goes to a PO box; none: the address is not known yet.
    pub po_box: Option<bool>,
}

/// What an import did.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct ImportReport {
    /// New orders.
    pub new: u32,
    /// Changed orders.
    pub changed: u32,
    /// Orders that the bench must look at, with why.
    pub flagged: Vec<(OrderId, Flag)>,
}

/// Weight, size, confirmation of a box; none leaves as it is.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct BoxDetails {
    /// Weight.
    pub weight: Option<Weight>,
    /// Outer size.
    pub dimensions: Option<Dimensions>,
    /// Delivery Confirmation.
    pub confirmation: Option<Confirmation>,
    /// A carrier's own flat-rate box. A new size without this is a plain box.
    pub flat_rate: Option<bool>,
}

/// A wish to buy a label.
#[derive(Debug, Clone)]
pub struct WantLabel {
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
    /// Typed reason, where the method is red, late or otherwise never automatic.
    pub reason: Option<String>,
    /// Answers to what the service asks for besides the box, sealed under the order's data key.
    pub inputs: Option<Sealed<InputValues>>,
    /// Who.
    pub by: UserId,
    /// Station that prints it.
    pub station: StationId,
    /// Whether a person stands before it, or it is one of many: decides how it is known that the order is fresh
    /// (PURCHASING.md 6) and who goes first.
    pub haste: Haste,
}

/// A wish to void, with what the packer said of the old label.
#[derive(Debug, Clone)]
pub struct VoidWish {
    /// Who.
    pub by: UserId,
    /// Why.
    pub reason: String,
    /// What became of the paper.
    pub paper: Paper,
}

/// What a wish to void a whole order came to.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct VoidsWanted {
    /// Labels whose void is wanted now or was already.
    pub voids: Vec<IntentId>,
    /// Wishes that were not asked for yet: taken back.
    pub withdrawn: Vec<IntentId>,
}

/// The lead, taken: only its holder may ask Amazon.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Lead {
    /// This taking of the lead.
    pub epoch: Epoch,
}

/// What `begin_asking` writes before the request goes out.
#[derive(Debug, Clone)]
pub struct Asking {
    /// Label.
    pub id: IntentId,
    /// The exact request body, sealed under the order's data key; byte for byte what is sent.
    pub request: Sealed<RequestBytes>,
}

/// A document to store with a settled purchase.
#[derive(Debug, Clone)]
pub struct SealedDocument {
    /// Format.
    pub format: DocumentFormat,
    /// `LABEL`, `PACKSLIP`, …
    pub kind: String,
    /// Bytes, sealed under the order's data key.
    pub bytes: Sealed<DocumentBytes>,
}

/// How a purchase is settled.
#[derive(Debug, Clone)]
pub enum Settlement {
    /// Back to *wanted*: surely not sent, or told to wait.
    NotSent {
        /// In words.
        why: String,
        /// Not again before this.
        not_before: Option<DateTime<Utc>>,
    },
    /// Surely not bought.
    Refused {
        /// In words.
        why: String,
        /// Amazon's own error, for the history and support.
        error: Option<AmazonError>,
    },
    /// Bought.
    Bought {
        /// Shipment id; none where only a package of the order told of it.
        shipment: Option<crate::domain::ids::ShipmentId>,
        /// Tracking number.
        tracking: Option<crate::domain::ids::TrackingNumber>,
        /// Promised window.
        promise: Option<Window>,
        /// Documents; empty: *bought without document*.
        documents: Vec<SealedDocument>,
        /// Why the label must not be printed: blank, broken, doubled tracking number, another order's.
        held: Option<String>,
        /// `x-amzn-RequestId`.
        request_id: Option<String>,
    },
    /// Nobody knows.
    Unknown {
        /// In words.
        why: String,
    },
}

/// How a void is settled.
#[derive(Debug, Clone)]
pub enum VoidSettlement {
    /// Accepted by Amazon: voided, refund pending.
    Accepted,
    /// Back to *void wanted*.
    NotSent {
        /// In words.
        why: String,
        /// Not again before this.
        not_before: Option<DateTime<Utc>>,
    },
    /// Refused: the label lives on.
    Refused {
        /// In words.
        why: String,
    },
    /// Refused by the status of the shipment itself: certain, even where an earlier sending is in doubt.
    Rejected {
        /// In words.
        why: String,
    },
    /// Nobody knows.
    Unknown {
        /// In words.
        why: String,
    },
}

/// What a print job needs: read and marked *sending* in one transaction.
#[derive(Debug, Clone)]
pub struct PrintWork {
    /// Job.
    pub job: PrintJobRow,
    /// Order.
    pub order: OrderId,
    /// Key of the order.
    pub key: WrappedKey,
    /// Document.
    pub document: SealedDocument,
}

/// A bucket's level, kept with the lead (PURCHASING.md 7).
#[derive(Debug, Clone, PartialEq)]
pub struct BucketLevel {
    /// Shop and operation, e.g. `us/getRates`.
    pub name: String,
    /// Whole and part tokens, in thousandths.
    pub millitokens: i64,
    /// As of (UTC).
    pub at: DateTime<Utc>,
}

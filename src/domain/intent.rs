//! What an answer to a purchase or a void means (PURCHASING.md 3.5, 5). Pure.

use super::ids::{ShipmentId, TrackingNumber};
use super::money::Money;
use super::order::Window;
use super::sealed::DocumentBytes;
use super::seller::DocumentFormat;

/// An error as Amazon wrote it; cleaned, bounded, without customer data.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct AmazonError {
    /// HTTP status.
    pub status: u16,
    /// Code, e.g. `InvalidInput`, `TOKEN_EXPIRED`; empty where the answer was not in Amazon's shape.
    pub code: String,
    /// Message.
    pub message: String,
    /// The answer was in Amazon's JSON error shape **and** carried a request id.
    pub amazon_shaped: bool,
    /// `x-amzn-RequestId`, for support.
    pub request_id: Option<String>,
}

/// A document that came with a purchase.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Document {
    /// Format as asked.
    pub format: DocumentFormat,
    /// `LABEL`, `PACKSLIP`, …
    pub kind: String,
    /// Decoded bytes.
    pub bytes: DocumentBytes,
}

/// What a successful purchase said. Shipment id and tracking number are read first and kept even when the
/// rest of the answer is cut off.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct BoughtAnswer {
    /// Shipment id.
    pub shipment: ShipmentId,
    /// Tracking number, if the answer went that far.
    pub tracking: Option<TrackingNumber>,
    /// Promised window.
    pub promise: Option<Window>,
    /// Documents; empty where the answer was cut off or undecodable.
    pub documents: Vec<Document>,
    /// Why documents are missing or not to be trusted, in words; none when all is well.
    pub trouble: Option<String>,
    /// `x-amzn-RequestId`.
    pub request_id: Option<String>,
}

/// What came over the wire for one sending.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum WireAnswer {
    /// Name, connect or TLS failed before the first byte of the request went out.
    NotSent {
        /// In words.
        why: String,
    },
    /// A success.
    Bought(Box<BoughtAnswer>),
    /// An error answer, whole.
    Error(AmazonError),
    /// Anything else: lost, cut off before the shipment id, not JSON, time-out.
    Lost {
        /// In words.
        why: String,
    },
}

/// What came of an attempt to buy.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum BuyOutcome {
    /// Back to *wanted*; may be asked again (after a wait for 429, after a fresh token for 401/403).
    NotSent {
        /// In words.
        why: String,
    },
    /// Surely not bought; the packer's words.
    Refused {
        /// In words.
        why: String,
        /// The quote no longer buys: rates must be asked for again.
        stale_quote: bool,
    },
    /// Bought.
    Bought(Box<BoughtAnswer>),
    /// Nobody knows.
    Unknown {
        /// In words.
        why: String,
    },
}

/// What came of an attempt to void.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum VoidOutcome {
    /// Accepted (or already canceled).
    Accepted,
    /// Back to *void wanted*.
    NotSent {
        /// In words.
        why: String,
    },
    /// Refused: the label lives on.
    Refused {
        /// In words.
        why: String,
    },
    /// Nobody knows.
    Unknown {
        /// In words.
        why: String,
    },
}

/// Price of a label as it was agreed to.
pub type Price = Money;

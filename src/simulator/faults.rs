//! What goes wrong on purpose, and how often.

use super::random::Random;
use super::wire::Operation;
use serde::{Deserialize, Serialize};

/// One thing that goes wrong.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Fault {
    /// Operation by its name in Amazon's models (`purchaseShipment`, `getOrder`, …; `token` is Login with
    /// Amazon, `cancelShipmentV0` Merchant Fulfillment's cancellation), or `*` for all.
    #[serde(default = "every")]
    pub operation: String,
    /// What happens.
    #[serde(flatten)]
    pub kind: FaultKind,
    /// Probability for each request, 0 to 1.
    #[serde(default = "always")]
    pub probability: f64,
    /// How often it happens at most; `None` is without end.
    #[serde(default)]
    pub count: Option<u32>,
    /// Requests of the operation that pass before the first.
    #[serde(default)]
    pub skip: u32,
}

/// What happens to a request or its answer.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(tag = "kind", rename_all = "kebab-case")]
pub enum FaultKind {
    /// 429 `QuotaExceeded`, with or without a rate-limit header. Nothing was done.
    TooManyRequests {
        /// Sends `x-amzn-RateLimit-Limit`, which Amazon does only at its best.
        #[serde(default)]
        header: bool,
    },
    /// 429 with a `Retry-After`, which Amazon does not promise. Nothing was done.
    RetryAfter {
        /// Seconds that it says.
        seconds: u32,
    },
    /// The request is carried out; the answer tells another rate limit than the published one.
    LimitHeader {
        /// `x-amzn-RateLimit-Limit`, as sent.
        rate: String,
    },
    /// A page of HTML with a status of its own, from something before Amazon: a gateway, a proxy.
    Page {
        /// HTTP status.
        status: u16,
        /// The request was carried out all the same.
        #[serde(default)]
        after: bool,
    },
    /// The network wants a login first: a page with 200 or, with `redirect`, a 302 to one. Nothing was done.
    CaptivePortal {
        /// Sends the caller elsewhere.
        #[serde(default)]
        redirect: bool,
    },
    /// An error in Amazon's shape.
    Error {
        /// HTTP status, e.g. 500 or 503.
        status: u16,
        /// The request was carried out all the same.
        #[serde(default)]
        after: bool,
    },
    /// An error by name, as a client may meet it once in a year (amazon.md 2.12).
    Named {
        /// HTTP status.
        status: u16,
        /// Code, e.g. `InsufficientFunds`.
        code: String,
        /// Message.
        message: String,
        /// The request was carried out all the same.
        #[serde(default)]
        after: bool,
    },
    /// The request is carried out, the answer comes late.
    Slow {
        /// How late.
        milliseconds: u64,
    },
    /// The connection is reset; nothing was done.
    ResetBefore,
    /// The request is carried out (the label is bought), then the connection is reset without an answer.
    ResetAfter,
    /// The connection is taken, and no answer ever comes.
    HalfOpen {
        /// The request was carried out all the same.
        #[serde(default)]
        after: bool,
    },
    /// The request is carried out; the answer ends after this many bytes of its head.
    CutInHead {
        /// Bytes that arrive.
        byte: usize,
    },
    /// The request is carried out; the answer's body ends after this many bytes.
    CutAt {
        /// Bytes of the body that arrive.
        byte: usize,
    },
    /// The request is carried out; the answer ends right after the shipment id.
    CutAfterShipmentId,
    /// The request is carried out; the answer is a page of HTML.
    Html,
    /// The request is carried out; the answer is not JSON.
    NotJson,
    /// The request is carried out; the answer is not UTF-8.
    NotUtf8,
    /// The token that the request carries, of whichever kind, is refused as expired from here on.
    ExpiredToken,
    /// The token is forgotten: it was revoked.
    RevokedToken,
    /// Login with Amazon refuses, in its own shape. Of operation `token` only.
    LoginError {
        /// `invalid_grant`, `invalid_client`, `server_error`, …
        error: String,
        /// HTTP status.
        #[serde(default = "bad_request")]
        status: u16,
    },
    /// The quote is treated as older than it can be bought from.
    ExpiredQuote,
    /// The order is canceled just before the request.
    CanceledOrder,
    /// The label is bought, its document is blank; so is every reprint.
    BlankLabel,
    /// The request is carried out; the answer is the one that the operation gave before, to something else.
    StaleAnswer,
    /// The request is carried out; the answer names another order.
    WrongOrder,
    /// The label is bought; the document in the answer is another package's.
    WrongLabel,
    /// The label is bought; the tracking number in the answer is an earlier label's.
    UsedTracking,
    /// Merchant Fulfillment: the label's gzip ends in the middle.
    TruncatedGzip,
    /// Merchant Fulfillment: the label's checksum is not its own.
    BadChecksum,
}

impl FaultKind {
    /// Whether it changes what a whole and good answer says: without one it strikes nothing.
    pub(super) const fn is_of_content(&self) -> bool {
        matches!(
            self,
            Self::StaleAnswer
                | Self::WrongOrder
                | Self::WrongLabel
                | Self::UsedTracking
                | Self::TruncatedGzip
                | Self::BadChecksum
        )
    }

    /// Whether an answer that is carried out arrives whole all the same.
    pub(super) const fn leaves_the_answer(&self) -> bool {
        self.is_of_content()
            || matches!(
                self,
                Self::Slow { .. } | Self::LimitHeader { .. } | Self::BlankLabel
            )
    }
}

impl Fault {
    /// A fault of one operation that happens to each request.
    pub fn new(operation: &str, kind: FaultKind) -> Self {
        Self {
            operation: operation.to_owned(),
            kind,
            probability: 1.0,
            count: None,
            skip: 0,
        }
    }

    /// The same, the next `count` times only.
    #[must_use]
    pub fn times(self, count: u32) -> Self {
        Self {
            count: Some(count),
            ..self
        }
    }

    /// The same, with this probability.
    #[must_use]
    pub fn with_probability(self, probability: f64) -> Self {
        Self { probability, ..self }
    }

    fn concerns(&self, operation: Operation) -> bool {
        self.operation == "*" || self.operation == operation.name()
    }

    /// Whether the operation is known.
    pub(super) fn is_valid(&self) -> bool {
        (self.operation == "*" || Operation::ALL.iter().any(|known| known.name() == self.operation))
            && (0.0..=1.0).contains(&self.probability)
    }
}

fn every() -> String {
    "*".to_owned()
}

const fn bad_request() -> u16 {
    400
}

const fn always() -> f64 {
    1.0
}

/// All faults that are set.
pub(super) struct Faults {
    set: Vec<Fault>,
    random: Random,
}

impl Faults {
    pub(super) fn new(seed: u64) -> Self {
        Self {
            set: Vec::new(),
            random: Random::new(seed),
        }
    }

    pub(super) fn add(&mut self, fault: Fault) {
        self.set.push(fault);
    }

    pub(super) fn clear(&mut self) {
        self.set.clear();
    }

    pub(super) fn all(&self) -> &[Fault] {
        &self.set
    }

    /// What changes an answer's content has struck nothing where no whole answer went out: it waits for the next.
    pub(super) fn put_back(&mut self, operation: Operation, struck: &[FaultKind]) {
        for kind in struck.iter().filter(|kind| kind.is_of_content()) {
            let same = |fault: &&mut Fault| fault.concerns(operation) && fault.kind == *kind;
            if let Some(Fault {
                count: Some(count), ..
            }) = self.set.iter_mut().find(same)
            {
                *count += 1;
            }
        }
    }

    /// The faults that strike this request.
    pub(super) fn strike(&mut self, operation: Operation) -> Vec<FaultKind> {
        let mut struck = Vec::new();
        for fault in &mut self.set {
            if !fault.concerns(operation) || fault.count == Some(0) {
                continue;
            }
            if fault.skip > 0 {
                fault.skip -= 1;
                continue;
            }
            if self.random.chance(fault.probability) {
                if let Some(count) = &mut fault.count {
                    *count -= 1;
                }
                struck.push(fault.kind.clone());
            }
        }
        struck
    }
}

/// Behaviour of Amazon that is known to differ, or not known; each can be had both ways.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(default)]
#[expect(clippy::struct_excessive_bools, reason = "each is a switch of its own")]
pub struct Switches {
    /// Token buckets with Amazon's published rates; off: no request is ever throttled.
    pub limits: bool,
    /// Factor on every rate and burst.
    pub limit_scale: f64,
    /// Seconds until a bought or canceled label shows in Orders.
    pub packages_lag_seconds: u32,
    /// A repeated purchase is not recognised by its key: it buys again.
    pub forget_keys: bool,
    /// An order whose packages are all labels of Buy Shipping can be bought for again (as Amazon may); off: it
    /// is refused as shipped. Orders shipped elsewhere are always refused.
    pub sells_to_shipped_orders: bool,
    /// Transparency units without a code are refused in quotes.
    pub requires_transparency: bool,
    /// Serial numbers that are on a live label of another order are refused in quotes.
    pub refuses_used_codes: bool,
    /// Shipping v2 sells for orders that are not Amazon's (channel EXTERNAL).
    pub external_channel: bool,
    /// The application lacks the Direct-to-Consumer Shipping role: no recipients, no Shipping.
    pub missing_role: bool,
    /// Cancellations of labels are refused.
    pub rejects_cancels: bool,
    /// Merchant Fulfillment: a second `createShipment` for units that a live label holds already is refused with
    /// `ShipmentAlreadyExists` and the shipment's id in the message; off: it sells a second label.
    pub already_exists: bool,
    /// The same is refused with a plain `InvalidInput` that names nothing.
    pub already_exists_plain: bool,
    /// Merchant Fulfillment refuses whatever it refuses with `InvalidInput`, "Invalid Input" and no detail.
    pub vague_errors: bool,
    /// Merchant Fulfillment: seconds from a cancellation until its refund is decided.
    pub refund_seconds: u32,
    /// Merchant Fulfillment: refunds of labels canceled while this is on are rejected.
    pub rejects_refunds: bool,
    /// Merchant Fulfillment: seconds that a `ShippingServiceOfferId` can be bought from.
    pub offer_life_seconds: u32,
    /// Merchant Fulfillment: UPS' offers carry the credit of FBM Ship+, as those of orders in that program do.
    pub ship_plus_credit: bool,
    /// Merchant Fulfillment: a label's `Checksum` is that of the compressed bytes, not of the document.
    pub checksum_of_gzip: bool,
    /// Cents by which new quotes are dearer than they were.
    pub price_rise_cents: u32,
    /// Seconds after which a pending order opens.
    pub pending_seconds: u32,
    /// Seconds by which the answers' `Date` is ahead of the station's time: its clock is wrong.
    pub clock_skew_seconds: i64,
}

impl Default for Switches {
    fn default() -> Self {
        Self {
            limits: true,
            limit_scale: 1.0,
            packages_lag_seconds: 0,
            forget_keys: false,
            sells_to_shipped_orders: true,
            requires_transparency: false,
            refuses_used_codes: false,
            external_channel: true,
            missing_role: false,
            rejects_cancels: false,
            already_exists: false,
            already_exists_plain: false,
            vague_errors: false,
            refund_seconds: 600,
            rejects_refunds: false,
            offer_life_seconds: 600,
            ship_plus_credit: false,
            checksum_of_gzip: false,
            price_rise_cents: 0,
            pending_seconds: 180,
            clock_skew_seconds: 0,
        }
    }
}

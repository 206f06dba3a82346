//! What an answer to a purchase or a void means (PURCHASING.md 3.5, 5). Pure.

mod advice;

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

/// What came over the wire for one sending of a void.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum VoidWire {
    /// Name, connect or TLS failed before the first byte of the request went out.
    NotSent {
        /// In words.
        why: String,
    },
    /// A success.
    Accepted {
        /// `x-amzn-RequestId`.
        request_id: Option<String>,
    },
    /// Amazon took the question and says no: the label lives on.
    Rejected {
        /// In words.
        why: String,
    },
    /// An error answer, whole.
    Error(AmazonError),
    /// Anything else: lost, cut off, not JSON, time-out.
    Lost {
        /// In words.
        why: String,
    },
}

/// What has to happen before an intent that was not carried out is asked again.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Again {
    /// Nothing but a little time: the network failed.
    Later,
    /// Amazon throttles (429): the bucket is empty, wait for it.
    AfterWait,
    /// Amazon refuses the token (401, 403): ask with a fresh one, once.
    AfterFreshToken,
    /// The carrier does not know the label yet: asked too early.
    NotYet,
}

/// What came of an attempt to buy.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum BuyOutcome {
    /// Back to *wanted*; may be asked again.
    NotSent {
        /// In words.
        why: String,
        /// What comes first.
        again: Again,
    },
    /// Surely not bought; the packer's words.
    Refused {
        /// In words.
        why: String,
        /// The quote no longer buys: rates must be asked for again.
        stale_quote: bool,
    },
    /// Surely not bought: the order is not among Amazon's open ones any more, as after a void (PURCHASING.md 5).
    /// Rates asked for again do not help; the words offer other ways.
    Closed {
        /// In words.
        why: String,
    },
    /// Bought.
    Bought(Box<BoughtAnswer>),
    /// Amazon says that there is a shipment already (Merchant Fulfillment v0). Whose it is must be looked up: it
    /// may be the effect of this very request, of an earlier one, or none of ours. Unknown until then.
    Exists {
        /// The shipment, where Amazon names exactly one.
        shipment: Option<ShipmentId>,
        /// In words.
        why: String,
    },
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
        /// What comes first.
        again: Again,
    },
    /// Refused: the label lives on.
    Refused {
        /// In words.
        why: String,
    },
    /// Refused by what Amazon says of the shipment itself, which no lost answer before it can put in doubt.
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

/// What to do where Shipping v2 sells no further label for a shipped order.
pub const CLOSED_ORDER: &str = "Amazon's Shipping sells no label for this order any more, because it counts as \
                                shipped: buy it through Merchant Fulfillment (v0), from another carrier (record it \
                                here), or in Seller Central";

/// Price of a label as it was agreed to.
pub type Price = Money;

/// Says what an answer to a purchase means (PURCHASING.md 3.5).
///
/// `first_attempt`: no earlier sending of this intent left a doubt, that is, the label was *wanted* and not
/// *unknown* when it was asked. A repeat can meet the effect of an earlier success, so every error answer to it
/// is unknown; a success is always a success.
pub fn classify_purchase(first_attempt: bool, answer: WireAnswer) -> BuyOutcome {
    match answer {
        WireAnswer::Bought(answer) => BuyOutcome::Bought(answer),
        WireAnswer::NotSent { why } if first_attempt => BuyOutcome::NotSent {
            why,
            again: Again::Later,
        },
        WireAnswer::NotSent { why } => BuyOutcome::Unknown {
            why: format!("the question could not be repeated: {why}"),
        },
        WireAnswer::Lost { why } => BuyOutcome::Unknown { why },
        // A 4xx in Amazon's own words, and yet no refusal: something was bought.
        WireAnswer::Error(error) if error.says_shipment_exists() => BuyOutcome::Exists {
            shipment: error.named_shipment(),
            why: error.unsure_words(first_attempt),
        },
        WireAnswer::Error(error) if first_attempt && error.proves_nothing_done() => match error.status {
            429 => BuyOutcome::NotSent {
                why: error.words(),
                again: Again::AfterWait,
            },
            401 | 403 => BuyOutcome::NotSent {
                why: error.refusal_words(),
                again: Again::AfterFreshToken,
            },
            _ if error.names_closed_order() => BuyOutcome::Closed {
                why: format!("{} ({})", CLOSED_ORDER, error.words()),
            },
            _ => BuyOutcome::Refused {
                stale_quote: error.names_stale_quote(),
                why: error.refusal_words(),
            },
        },
        WireAnswer::Error(error) => BuyOutcome::Unknown {
            why: error.unsure_words(first_attempt),
        },
    }
}

/// Says what an answer to a void means (PURCHASING.md 5): asked like a purchase; an unknown one is repeated;
/// "already canceled" is a success.
pub fn classify_void(first_attempt: bool, answer: VoidWire) -> VoidOutcome {
    match answer {
        VoidWire::Accepted { .. } => VoidOutcome::Accepted,
        VoidWire::Rejected { why } => VoidOutcome::Rejected { why },
        VoidWire::Error(error) if error.amazon_shaped && error.says_already_canceled() => {
            VoidOutcome::Accepted
        }
        VoidWire::NotSent { why } if first_attempt => VoidOutcome::NotSent {
            why,
            again: Again::Later,
        },
        VoidWire::NotSent { why } => VoidOutcome::Unknown {
            why: format!("the question could not be repeated: {why}"),
        },
        VoidWire::Lost { why } => VoidOutcome::Unknown { why },
        VoidWire::Error(error) if first_attempt && error.proves_nothing_done() => match error.status {
            429 => VoidOutcome::NotSent {
                why: error.words(),
                again: Again::AfterWait,
            },
            401 | 403 => VoidOutcome::NotSent {
                why: error.void_refusal_words(),
                again: Again::AfterFreshToken,
            },
            _ if error.says_try_later() => VoidOutcome::NotSent {
                why: format!("asked too early, it is asked again by itself: {}", error.words()),
                again: Again::NotYet,
            },
            _ => VoidOutcome::Refused {
                why: error.void_refusal_words(),
            },
        },
        VoidWire::Error(error) => VoidOutcome::Unknown {
            why: error.unsure_words(first_attempt),
        },
    }
}

impl BuyOutcome {
    /// The outcome where the attempt was already made with a token that was refreshed for it: a second 401 or
    /// 403 is a refusal, not another try (PURCHASING.md 3.5).
    #[must_use]
    pub fn with_fresh_token(self) -> Self {
        match self {
            Self::NotSent {
                why,
                again: Again::AfterFreshToken,
            } => Self::Refused {
                why,
                stale_quote: false,
            },
            other => other,
        }
    }
}

impl VoidOutcome {
    /// As [`BuyOutcome::with_fresh_token`].
    #[must_use]
    pub fn with_fresh_token(self) -> Self {
        match self {
            Self::NotSent {
                why,
                again: Again::AfterFreshToken,
            } => Self::Refused { why },
            other => other,
        }
    }
}

impl AmazonError {
    /// A 4xx that Amazon itself wrote (its JSON error shape and a request id): the request did nothing. A proxy's
    /// page, a gateway's 4xx or any 5xx proves nothing.
    pub fn proves_nothing_done(&self) -> bool {
        self.amazon_shaped && (400..500).contains(&self.status)
    }

    /// The quote no longer buys: Amazon says that the token or the offer is over (amazon.md 2.12, 3.7). Codes are
    /// free text whose spelling varies, so case, spaces and underscores do not count.
    pub fn names_stale_quote(&self) -> bool {
        const CODES: [&str; 6] = [
            "tokenexpired",
            "requesttokenexpired",
            "rateexpired",
            "shippingserviceoffernotavailable",
            "invalidshippingserviceofferid",
            "shippingservicenotavailable",
        ];
        let code = folded(&self.code);
        let message = folded(&self.message);
        CODES.contains(&code.as_str())
            || (message.contains("token") || message.contains("rate")) && message.contains("expired")
    }

    /// Amazon says that these units have a shipment already (`ShipmentAlreadyExists`, amazon.md 2.12).
    pub fn says_shipment_exists(&self) -> bool {
        [&self.code, &self.message]
            .into_iter()
            .any(|text| folded(text).contains("shipmentalreadyexists"))
    }

    /// The shipment that Amazon names in its message: the one UUID in it. Of several none is believed.
    pub fn named_shipment(&self) -> Option<ShipmentId> {
        let mut named: Vec<&str> = self
            .message
            .split(|sign: char| !sign.is_ascii_alphanumeric() && sign != '-')
            .filter(|word| is_uuid(word))
            .collect();
        named.sort_unstable();
        named.dedup();
        match named[..] {
            [one] => Some(ShipmentId::from(one)),
            _ => None,
        }
    }

    /// Amazon says that the shipment is canceled already. A canceled *order* is something else: its label may
    /// live on.
    pub fn says_already_canceled(&self) -> bool {
        let text = (folded(&self.code) + &folded(&self.message)).replace("cancelled", "canceled");
        let of_the_order = text.contains("order") && !text.contains("shipment") && !text.contains("label");
        !of_the_order
            && ["alreadycanceled", "alreadybeencanceled", "hasbeencanceled"]
                .iter()
                .any(|words| text.contains(words))
    }

    /// Shipping v2 does not sell for the order any more: it has left Amazon's pool of open orders, as every order
    /// does once it was shipped, also when its label was voided since (amazon.md 3.7, seen in production).
    pub fn names_closed_order(&self) -> bool {
        let text = folded(&self.message);
        text.contains("doesntexistinrigel") || text.contains("doesnotexistinrigel")
    }

    /// The carrier has not taken the label in yet; the same question is answered later.
    pub fn says_try_later(&self) -> bool {
        let text = folded(&self.code) + &folded(&self.message);
        [
            "trylater",
            "tryagainlater",
            "retrylater",
            "tooearly",
            "notyetcancelable",
            "notyetcancellable",
            "cannotbecanceledyet",
            "cannotbecancelledyet",
            "stillbeingprocessed",
        ]
        .iter()
        .any(|words| text.contains(words))
    }

    /// The error in words for the packer, with Amazon's code where there is one.
    pub fn words(&self) -> String {
        let status = self.status;
        match (self.code.is_empty(), self.message.is_empty()) {
            (true, true) => format!("Amazon answered {status} without a reason"),
            (true, false) => format!("Amazon answered {status}: {}", self.message),
            (false, true) => format!("Amazon answered {status} {}", self.code),
            (false, false) => format!("Amazon refused ({} {status}): {}", self.code, self.message),
        }
    }

    fn unsure_words(&self, first_attempt: bool) -> String {
        if first_attempt {
            format!("{}; that does not prove that nothing was done", self.words())
        } else {
            format!("{}; an earlier sending may have succeeded", self.words())
        }
    }
}

/// 8-4-4-4-12 hexadecimal digits.
fn is_uuid(word: &str) -> bool {
    let parts: Vec<&str> = word.split('-').collect();
    parts.iter().map(|part| part.len()).eq([8, 4, 4, 4, 12])
        && parts
            .iter()
            .all(|part| part.bytes().all(|byte| byte.is_ascii_hexdigit()))
}

/// Lower case, letters and digits only: Amazon spells its codes in many ways (amazon.md 1.7).
pub(super) fn folded(text: &str) -> String {
    text.chars()
        .filter(char::is_ascii_alphanumeric)
        .map(|letter| letter.to_ascii_lowercase())
        .collect()
}

#[cfg(test)]
mod tests;

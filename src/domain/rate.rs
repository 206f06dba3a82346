//! Quotes and rates: what is asked for a box and what Amazon offers. The verdict on an offer is `choice`'s.

mod documents;
pub mod inputs;
mod request;
mod services;
pub mod words;

pub use documents::choose_document;
pub use services::{confirmation_of, required_services};

use super::ids::{BoxId, LineId, OrderId, QuoteId};
use super::money::Money;
use super::order::Window;
use super::seller::{DocumentFormat, LabelVia};
use super::units::{Dimensions, Weight};
use chrono::{DateTime, TimeDelta, Utc};
use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};
use std::fmt;

/// The Delivery Confirmation options, least demanding first (workflow.md 1.2).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Confirmation {
    /// No tracking at all (`NO_CONFIRMATION`).
    NoTracking,
    /// Delivery confirmed, no signature (`DELIVERY_CONFIRMATION`).
    DeliveryConfirmation,
    /// Signature (`SIGNATURE_CONFIRMATION`).
    Signature,
    /// Adult signature (`ADULT_SIGNATURE_CONFIRMATION`).
    AdultSignature,
}

impl Confirmation {
    /// All options, least demanding first.
    pub const ALL: [Self; 4] = [
        Self::NoTracking,
        Self::DeliveryConfirmation,
        Self::Signature,
        Self::AdultSignature,
    ];

    /// The option as written in the configuration and on the command line: `no-tracking`, `signature`, ….
    pub fn parse(text: &str) -> Option<Self> {
        Self::ALL
            .into_iter()
            .find(|option| option.key() == text.trim().to_ascii_lowercase())
    }

    /// The option, raised to what the order demands (a signature, an age or an identity check).
    #[must_use]
    pub fn at_least(self, floor: Option<Self>) -> Self {
        floor.map_or(self, |floor| floor.max(self))
    }

    /// Why this option cannot be had for an order that demands `floor`, in the packer's words.
    pub fn below(self, floor: Option<Self>) -> Option<String> {
        let floor = floor.filter(|floor| self < *floor)?;
        let enough: Vec<String> = Self::ALL
            .into_iter()
            .filter(|option| *option >= floor)
            .map(|option| option.to_string())
            .collect();
        Some(format!(
            "an item of this order must be handed over with {floor}: choose {}",
            enough.join(" or ")
        ))
    }

    /// The word used in the configuration and on the command line.
    pub fn key(self) -> &'static str {
        match self {
            Self::NoTracking => "no-tracking",
            Self::DeliveryConfirmation => "delivery-confirmation",
            Self::Signature => "signature",
            Self::AdultSignature => "adult-signature",
        }
    }
}

impl fmt::Display for Confirmation {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::NoTracking => "No Tracking",
            Self::DeliveryConfirmation => "Delivery Confirmation",
            Self::Signature => "Signature",
            Self::AdultSignature => "Adult Signature",
        })
    }
}

/// Units of one order line in the box, with their codes.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct QuoteItem {
    /// Order line (`itemIdentifier`).
    pub line: LineId,
    /// Units in the box.
    pub quantity: u32,
    /// Weight of one unit, where known; the sum must not pass the box's weight (amazon.md 3.3).
    pub unit_weight: Option<Weight>,
    /// Price of one unit, where known (`itemValue`).
    pub unit_value: Option<Money>,
    /// Transparency codes or serials, at most one for each unit (`serialNumbers`).
    pub serials: Vec<String>,
}

/// What rates are asked for. Its fingerprint decides whether a quote still fits the box (PURCHASING.md 1).
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct QuoteRequest {
    /// Order.
    pub order: OrderId,
    /// Box.
    pub box_id: BoxId,
    /// Box's number within the order, from 1; part of `packageClientReferenceId`.
    pub box_number: u32,
    /// Items with their codes.
    pub items: Vec<QuoteItem>,
    /// Weight of the packed box.
    pub weight: Weight,
    /// Outer size of the box.
    pub dimensions: Dimensions,
    /// Delivery Confirmation wanted. Rates are asked for all; it decides the verdict and the services bought.
    pub confirmation: Confirmation,
    /// Day that it ships (UTC); none for now.
    pub ship_date: Option<DateTime<Utc>>,
}

/// Fingerprint of all that a quote was asked for (PURCHASING.md 1): SHA-256 of a canonical form, in which the
/// order of lines and of the codes within a line does not matter, and nothing else is left out.
pub fn fingerprint(request: &QuoteRequest) -> Vec<u8> {
    let mut canonical = request.clone();
    for item in &mut canonical.items {
        item.serials.sort();
    }
    canonical
        .items
        .sort_by(|a, b| (&a.line, a.quantity, &a.serials).cmp(&(&b.line, b.quantity, &b.serials)));
    let mut hash = Sha256::new();
    hash.update(b"tapegun quote 1\n");
    hash.update(serde_json::to_vec(&canonical).expect("a quote request is plain data"));
    hash.finalize().to_vec()
}

/// A stored quote: request and, once it came, answer.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Quote {
    /// Our number.
    pub id: QuoteId,
    /// What was asked.
    pub request: QuoteRequest,
    /// Fingerprint of `request`.
    pub fingerprint: Vec<u8>,
    /// Wanted at.
    pub wanted_at: DateTime<Utc>,
    /// State.
    pub state: QuoteState,
}

/// How far a quote is.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum QuoteState {
    /// Waits for the sync task.
    Wanted,
    /// Answered.
    Answered(QuoteAnswer),
    /// Refused or failed; the packer's words.
    Failed(String),
}

/// Amazon's answer to `getRates`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct QuoteAnswer {
    /// Token that a purchase names (`requestToken`).
    pub request_token: String,
    /// Offers.
    pub rates: Vec<Rate>,
    /// Services not offered, with Amazon's reason.
    pub ineligible: Vec<Ineligible>,
    /// Carriers whose terms this seller has not accepted (Merchant Fulfillment v0 lists them apart).
    #[serde(default)]
    pub unaccepted: Vec<String>,
    /// Carriers that cannot be asked just now (Merchant Fulfillment v0 lists them).
    #[serde(default)]
    pub unavailable: Vec<String>,
    /// When the request was sent (UTC): a quote lives 10 minutes from here, `want_label` takes it for 9.
    pub asked_at: DateTime<Utc>,
    /// Digest of the ship-from that it was asked with ([`ShipFrom::digest`](super::seller::ShipFrom::digest)): a
    /// store that has moved since buys nothing with it.
    pub ship_from: String,
    /// Which of Amazon's label APIs answered: the same one sells.
    #[serde(default)]
    pub via: LabelVia,
}

impl QuoteAnswer {
    /// Whether it was asked for at most so long ago, by the clock that says `now`. A moment ahead of that clock is no
    /// age: the clock was set back, and nobody knows how old the answer is. A minute's grace is for clocks that are
    /// put right.
    pub fn is_young(&self, now: DateTime<Utc>, most: TimeDelta) -> bool {
        self.asked_at <= now + TimeDelta::minutes(1) && now - self.asked_at <= most
    }
}

/// A service that Amazon does not offer for this box.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Ineligible {
    /// Carrier name.
    pub carrier: String,
    /// Service name.
    pub service: String,
    /// Code and message of each reason.
    pub reasons: Vec<(String, String)>,
}

/// Who is paid.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub enum Payment {
    /// Amazon's rate (`PAY_THROUGH_AMAZON`).
    ThroughAmazon,
    /// The seller's own account with the carrier (`PAY_DIRECT_TO_CARRIER`).
    DirectToCarrier,
    /// Not said, or unknown.
    Unknown(String),
}

/// One part of a price (`rateItemList`).
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct RateItem {
    /// Amazon's id, e.g. `SUNDAY_HOLIDAY_DELIVERY`.
    pub id: String,
    /// Amount, where given.
    pub charge: Option<Money>,
    /// Amazon's own words for it, may be empty (`rateItemNameLocalization`).
    #[serde(default)]
    pub name: String,
    /// `MANDATORY`, `INCLUDED` or `OPTIONAL`, may be empty; what is optional is not in the total.
    #[serde(default)]
    pub kind: String,
}

/// A benefit that a rate lacks, and why.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ExcludedBenefit {
    /// E.g. `CLAIMS_PROTECTED`.
    pub benefit: String,
    /// E.g. `LATE_DELIVERY_RISK`, `NON_SSA_ORDER`.
    pub reasons: Vec<String>,
}

/// A value-added service of one group of one rate.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct AddedService {
    /// Id to buy it by.
    pub id: String,
    /// Name.
    pub name: String,
    /// Cost, where given.
    pub cost: Option<Money>,
}

/// A group of value-added services (`availableValueAddedServiceGroups`).
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct AddedServiceGroup {
    /// Id, e.g. `VAS_GROUP_ID_CONFIRMATION`.
    pub id: String,
    /// One of its services must be asked for.
    pub required: bool,
    /// Services.
    pub services: Vec<AddedService>,
}

/// One way to print (`printOptions`) of one supported specification, flattened.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct DocumentOption {
    /// Format.
    pub format: DocumentFormat,
    /// Width in thousandths of `unit`.
    pub width: i64,
    /// Length in thousandths of `unit`.
    pub length: i64,
    /// `INCH` or `CENTIMETER`, as Amazon wrote it.
    pub unit: String,
    /// Resolutions offered; may be empty.
    pub dpis: Vec<u32>,
    /// Page layouts offered; may be empty.
    pub layouts: Vec<String>,
    /// Offered values of file joining.
    pub joining: Vec<bool>,
    /// Document names with "is mandatory", e.g. (`LABEL`, true).
    pub documents: Vec<(String, bool)>,
}

/// One offer.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Rate {
    /// Id to buy it by.
    pub id: String,
    /// Carrier id.
    pub carrier_id: String,
    /// Carrier name, clean.
    pub carrier: String,
    /// Service id, e.g. `FEDEX_PTP_HOME_DELIVERY`.
    pub service_id: String,
    /// Service name, clean.
    pub service: String,
    /// Total charge without value-added services.
    pub total: Money,
    /// Promised delivery window; none: "no promise".
    pub window: Option<Window>,
    /// Benefits included.
    pub benefits: Vec<String>,
    /// Benefits lost.
    pub excluded: Vec<ExcludedBenefit>,
    /// Parts of the price.
    pub items: Vec<RateItem>,
    /// Who is paid.
    pub payment: Payment,
    /// Value-added services.
    pub groups: Vec<AddedServiceGroup>,
    /// What the label can be printed as.
    pub documents: Vec<DocumentOption>,
    /// The service asks for more details than a box has.
    pub needs_inputs: bool,
    /// Those details; none where they are not known.
    #[serde(default)]
    pub inputs: Option<Vec<inputs::InputField>>,
}

/// What is asked for in a purchase besides the rate.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct PurchaseChoice {
    /// Chosen rate.
    pub rate_id: String,
    /// Ids of value-added services, one for each required group, of that very rate.
    pub services: Vec<String>,
    /// How the label is to be printed: an option of that very rate.
    pub document: DocumentOption,
    /// Resolution, if the option offers any.
    pub dpi: Option<u32>,
    /// Total price with services.
    pub price: Money,
}

impl Rate {
    /// The details that must be given before this rate can be bought; empty where nothing is asked for or known.
    pub fn asked_inputs(&self) -> &[inputs::InputField] {
        match &self.inputs {
            Some(fields) if self.needs_inputs => fields,
            _ => &[],
        }
    }
}

/// Carrier and service as people call it: the carrier once, where its name already begins the service's.
pub fn method_name(carrier: &str, service: &str) -> String {
    if service.to_lowercase().starts_with(&carrier.to_lowercase()) {
        service.to_owned()
    } else {
        format!("{carrier} {service}")
    }
}

#[cfg(test)]
mod tests;

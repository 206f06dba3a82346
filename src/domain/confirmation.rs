//! Telling Amazon of a box whose label was bought elsewhere (`confirmShipment`, amazon.md 4.4): what is told,
//! how far it is, and what an answer means. Pure.
//!
//! A second call with the same package reference edits the package, so a lost answer is repeated with the
//! same one until the answer is clear.

use super::ids::{IntentId, LineId, OrderId, OrderNumber, StoreId, TrackingNumber};
use super::intent::{AmazonError, folded};
use super::outside::Carrier;
use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};
use std::fmt;

/// How far the confirmation of a box is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum ConfirmationState {
    /// Written down, not asked.
    Wanted,
    /// Asked; the answer is awaited.
    Asked,
    /// Amazon has it.
    Confirmed,
    /// Amazon refused it, or the order is not fresh any more.
    Refused,
    /// Asked, and the answer was lost: asked again with the same package reference.
    Unknown,
    /// Its label was taken back before Amazon was told.
    Dropped,
}

impl ConfirmationState {
    /// Every state.
    pub const ALL: [Self; 6] = [
        Self::Wanted,
        Self::Asked,
        Self::Confirmed,
        Self::Refused,
        Self::Unknown,
        Self::Dropped,
    ];

    /// The state in words, as it is stored.
    pub fn words(self) -> &'static str {
        match self {
            Self::Wanted => "wanted",
            Self::Asked => "asked",
            Self::Confirmed => "confirmed",
            Self::Refused => "refused",
            Self::Unknown => "unknown",
            Self::Dropped => "dropped",
        }
    }

    /// The state by its words.
    pub fn from_words(words: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|state| state.words() == words)
    }

    /// May go out: the first time, or again because its answer was lost.
    pub fn can_ask(self) -> bool {
        matches!(self, Self::Wanted | Self::Unknown)
    }

    /// May be wanted again by a person.
    pub fn can_want_again(self) -> bool {
        self == Self::Refused
    }
}

impl fmt::Display for ConfirmationState {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.words())
    }
}

/// Units of one order line in the box.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ConfirmedItem {
    /// Order line (`orderItemId`).
    pub line: LineId,
    /// Units.
    pub quantity: u32,
    /// Transparency codes of those units, at most one for each (`transparencyCodes`).
    pub codes: Vec<String>,
}

/// What Amazon is told of a box. No customer data.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Shipped {
    /// Number of the package within Amazon's order, from 1; kept for ever (`packageReferenceId`).
    pub reference: u32,
    /// Carrier.
    pub carrier: Carrier,
    /// Method, as the person wrote it.
    pub method: String,
    /// Tracking number.
    pub tracking: TrackingNumber,
    /// When it ships: when its label was recorded (UTC).
    pub shipped_at: DateTime<Utc>,
    /// What lies in it.
    pub items: Vec<ConfirmedItem>,
}

/// A confirmation as it is stored.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct ConfirmationRow {
    /// The label that it tells of.
    pub label: IntentId,
    /// Order.
    pub order: OrderId,
    /// Shop.
    pub store: StoreId,
    /// Amazon's number of the order.
    pub number: OrderNumber,
    /// State.
    pub state: ConfirmationState,
    /// What is told.
    pub shipped: Shipped,
    /// What was sent, byte for byte; none before the first sending.
    pub request: Option<String>,
    /// Why it is refused, unknown or waits, in words.
    pub reason: Option<String>,
    /// Sendings so far.
    pub attempts: u32,
    /// An earlier sending may have been heard.
    pub in_doubt: bool,
    /// Not again before this.
    pub not_before: Option<DateTime<Utc>>,
    /// Last change.
    pub changed_at: DateTime<Utc>,
}

impl ConfirmationRow {
    /// Where it stands, for the person at the bench: what happened and what to do now.
    pub fn words(&self) -> String {
        let because = self
            .reason
            .as_deref()
            .filter(|reason| !reason.is_empty())
            .map_or_else(String::new, |reason| format!(": {reason}"));
        match self.state {
            ConfirmationState::Wanted => format!("Amazon is told as soon as it can be{because}"),
            ConfirmationState::Asked => "Amazon is being told".to_owned(),
            ConfirmationState::Confirmed => {
                format!("Amazon knows it as package {}", self.shipped.reference)
            }
            ConfirmationState::Refused => format!("AMAZON WAS NOT TOLD{because}"),
            ConfirmationState::Unknown => {
                format!("not known whether Amazon heard it{because}; it is told again")
            }
            ConfirmationState::Dropped => "Amazon was not told: the label was taken back".to_owned(),
        }
    }
}

/// What an answer to a confirmation means.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum ConfirmOutcome {
    /// Amazon says that the order is shipped already, or does not find the package: whether ours is among its
    /// packages decides (amazon.md 9, trap 21).
    AlreadyShipped {
        /// In words.
        why: String,
    },
    /// Refused; the packer's words.
    Refused {
        /// In words.
        why: String,
    },
}

/// Says what an error answer to a confirmation means. `in_doubt`: an earlier sending may have been heard, so a
/// refusal of the repeat can be the effect of the first one's success.
pub fn classify_refusal(in_doubt: bool, error: &AmazonError) -> ConfirmOutcome {
    let text = folded(&error.code) + &folded(&error.message);
    let has = |words: &str| text.contains(words);
    if has("fbmship") {
        return ConfirmOutcome::Refused {
            why: "this is an FBM Ship+ order: Amazon takes no tracking number for it; take the label back and ship it with a label from Amazon"
                .to_owned(),
        };
    }
    let shipped = [
        "packagetoupdatenotfound",
        "alreadyfulfilled",
        "alreadybeenfulfilled",
        "alreadyshipped",
    ];
    if shipped.into_iter().any(has) {
        return ConfirmOutcome::AlreadyShipped {
            why: "Amazon says that this order is shipped already".to_owned(),
        };
    }
    if in_doubt {
        return ConfirmOutcome::AlreadyShipped { why: error.words() };
    }
    ConfirmOutcome::Refused { why: error.words() }
}

#[cfg(test)]
mod tests;

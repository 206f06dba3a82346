//! What labels cost: sums by currency and by who is paid. No customer data.

use super::ids::StoreId;
use super::money::Currency;
use super::rate::Payment;
use super::seller::LabelVia;
use super::shipment::LabelState;
use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};
use std::fmt;

/// Whom a label is paid to: Amazon's rate and the seller's own accounts are counted apart.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Payee {
    /// Amazon (`PAY_THROUGH_AMAZON`); booked from the seller's balance.
    Amazon,
    /// The carrier, on the seller's own linked account (`PAY_DIRECT_TO_CARRIER`).
    OwnAccount,
    /// Whoever sold a label that was only recorded here.
    Elsewhere,
    /// Amazon did not say.
    NotSaid,
}

impl Payee {
    /// All of them, in the order in which they are shown.
    pub const ALL: [Self; 4] = [Self::Amazon, Self::OwnAccount, Self::Elsewhere, Self::NotSaid];

    /// Whom a rate that came this way is paid to. Merchant Fulfillment sells Amazon's rates and does not say so.
    pub fn of(payment: &Payment, via: LabelVia) -> Self {
        match (via, payment) {
            (LabelVia::Outside, _) => Self::Elsewhere,
            (_, Payment::DirectToCarrier) => Self::OwnAccount,
            (_, Payment::ThroughAmazon) => Self::Amazon,
            (_, Payment::Unknown(_)) => Self::NotSaid,
        }
    }

    /// The word in the database.
    pub fn key(self) -> &'static str {
        match self {
            Self::Amazon => "amazon",
            Self::OwnAccount => "own-account",
            Self::Elsewhere => "elsewhere",
            Self::NotSaid => "not-said",
        }
    }

    /// By its word; what is not known was not said.
    pub fn from_key(key: &str) -> Self {
        Self::ALL
            .into_iter()
            .find(|payee| payee.key() == key)
            .unwrap_or(Self::NotSaid)
    }
}

impl fmt::Display for Payee {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Amazon => "Amazon's rates",
            Self::OwnAccount => "your own carrier accounts",
            Self::Elsewhere => "bought elsewhere",
            Self::NotSaid => "not said",
        })
    }
}

/// How many labels, and what they cost together in the currency's smallest unit.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Sum {
    /// Labels.
    pub labels: u64,
    /// Minor units.
    pub minor: i64,
}

/// Labels by what became of their money.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Sums {
    /// Paid for and not voided.
    pub live: Sum,
    /// Voided, and the money is not back (yet).
    pub voided: Sum,
    /// Voided, and the money is back.
    pub refunded: Sum,
}

impl Sums {
    /// Counts bought labels that are in this state now.
    pub fn add(&mut self, state: LabelState, cost: Sum) {
        let sum = match state {
            LabelState::Refunded => &mut self.refunded,
            state if state.is_bought() => &mut self.live,
            _ => &mut self.voided,
        };
        sum.labels += cost.labels;
        sum.minor += cost.minor;
    }
}

/// What was spent in one currency with one payee.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct SpendRow {
    /// Currency.
    pub currency: Currency,
    /// Payee.
    pub payee: Payee,
    /// Labels that live: paid for and not voided.
    pub live: Sum,
    /// Voided, and the money is not back (yet).
    pub voided: Sum,
    /// Voided, and the money is back.
    pub refunded: Sum,
}

/// One account of a seller with a carrier (`activeAccounts`).
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct LinkedAccount {
    /// Carrier, as Amazon calls it.
    pub carrier: String,
    /// Amazon's id of the account.
    pub account: String,
}

/// A store's linked accounts as Amazon last told them.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct StoreAccounts {
    /// Store.
    pub store: StoreId,
    /// Accounts; empty: none is linked, or Amazon has not been asked yet.
    pub accounts: Vec<LinkedAccount>,
    /// When Amazon last told them.
    pub told_at: Option<DateTime<Utc>>,
    /// Asked for and not answered yet.
    pub asking: bool,
    /// Why they could not be had the last time, in words.
    pub failure: Option<String>,
}

#[cfg(test)]
mod tests;

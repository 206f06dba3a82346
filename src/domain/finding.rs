//! Finding orders: the words that a person types, and an index in memory that is asked at each keystroke.
//!
//! Pure. [`Search`] is what was typed, understood; [`Index`] holds of every order what may be asked for;
//! [`Names`] holds what belongs to customers, zeroized, and is asked apart (`DESIGN.md` 5).

mod index;
mod names;
mod words;

#[cfg(test)]
mod tests;

pub use index::{Found, Index};
pub use names::Names;
pub use words::{FILTERS, Filter, Search, SearchFault, values};

use super::badge::Badge;
use super::ids::{OrderId, PickListId, StoreId};
use super::money::Money;
use super::order::Flag;
use super::shipment::LabelState;
use super::status::OrderStatus;
use chrono::{DateTime, Utc};

/// What of an order may be asked for. No customer data.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FindRow {
    /// Our number.
    pub id: OrderId,
    /// Shop.
    pub store: StoreId,
    /// Status.
    pub status: OrderStatus,
    /// Badges.
    pub badges: Vec<Badge>,
    /// Latest ship-by.
    pub ship_by: Option<DateTime<Utc>>,
    /// Latest deliver-by.
    pub deliver_by: Option<DateTime<Utc>>,
    /// Number, SKUs and tracking numbers, in lower case, a blank between them; the number first.
    pub text: String,
    /// What a packer must see.
    pub flags: Vec<Flag>,
    /// On this pick list.
    pub pick_list: Option<PickListId>,
    /// State of its newest label.
    pub label: Option<LabelState>,
    /// Carrier of its newest label, or of the method assigned ahead; empty: not known yet.
    pub carrier: String,
    /// Method, likewise.
    pub method: String,
    /// What its newest label costs.
    pub cost: Option<Money>,
    /// The carrier has scanned its newest label.
    pub scanned: bool,
    /// Customer data is erased.
    pub erased: bool,
}

/// How far a parcel is, as far as the carrier has told.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Tracking {
    /// No label that lives.
    None,
    /// A label, and no carrier scan yet.
    NotScanned,
    /// The carrier has it.
    Scanned,
    /// The label is voided.
    Voided,
}

impl Tracking {
    /// Every state.
    pub const ALL: [Self; 4] = [Self::None, Self::NotScanned, Self::Scanned, Self::Voided];

    /// The word in a filter.
    pub fn word(self) -> &'static str {
        match self {
            Self::None => "none",
            Self::NotScanned => "not-scanned",
            Self::Scanned => "scanned",
            Self::Voided => "voided",
        }
    }

    /// How far the parcel of an order is.
    pub fn of(label: Option<LabelState>, scanned: bool) -> Self {
        match label {
            Some(label) if label.is_bought() && scanned => Self::Scanned,
            Some(label) if label.is_bought() => Self::NotScanned,
            Some(
                LabelState::Voided
                | LabelState::RefundPending
                | LabelState::Refunded
                | LabelState::RefundRejected
                | LabelState::RefundNotReported,
            ) => Self::Voided,
            _ => Self::None,
        }
    }
}

/// The word of a flag in a filter.
pub fn flag_word(flag: &Flag) -> &'static str {
    match flag {
        Flag::Canceled => "canceled",
        Flag::CancelRequested => "cancel-requested",
        Flag::AddressChanged => "address-changed",
        Flag::ItemsChanged => "items-changed",
        Flag::ShippedElsewhere => "shipped-elsewhere",
        Flag::NoProduct(_) => "no-product",
        Flag::AddressTrouble(_) => "address-trouble",
        Flag::StoreNotNotified => "store-not-notified",
    }
}

/// Every word of a flag.
pub(crate) const FLAG_WORDS: [&str; 8] = [
    "canceled",
    "cancel-requested",
    "address-changed",
    "items-changed",
    "shipped-elsewhere",
    "no-product",
    "address-trouble",
    "store-not-notified",
];

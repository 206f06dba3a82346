//! The only HTTP client: Login with Amazon, Orders 2026-01-01, and the two APIs that sell labels, Shipping v2 and
//! Merchant Fulfillment v0, behind one interface ([`LabelDesk`]). Wire types never leave this room.
//!
//! What lives here: how Amazon is asked and what its answers mean in the domain's words ([`SellerClient`]),
//! the token that proves who asks ([`Credentials`]), Amazon's published rates ([`Buckets`]), and why a call
//! failed ([`CallError`]). What may not: deciding whether to buy, retrying a purchase, storing anything,
//! logging anything but operation names and request ids.

mod agent;
mod auth;
mod body;
mod client;
mod confirm;
mod errors;
#[cfg(test)]
mod fake;
#[doc(hidden)]
pub mod fuzzing;
mod labels;
mod limits;
mod places;
mod restricted;
mod spend;
mod wire;

mod merchant;
mod orders;
mod prefix;
mod shipping;

pub use auth::{CredentialSource, Credentials};
pub use client::{Patience, SellerClient};
pub use errors::{CallError, SetupError};
pub use labels::{BoxName, Extras, LabelDesk};
pub use limits::{Buckets, Level, Operation, Permit};
pub use places::{Marketplace, marketplace};

use crate::domain::customer::CustomerData;
use crate::domain::order::ChannelOrder;
use chrono::{DateTime, Utc};

/// One order as Amazon gave it: the trade's part, and the customer's, which must be sealed before it is
/// stored. `ChannelOrder::address_fingerprint` is empty here: the vault makes it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FetchedOrder {
    /// Everything but the customer's data.
    pub channel: ChannelOrder,
    /// Customer's data; none while Amazon gives no address (Pending, missing role, or too old).
    pub customer: Option<CustomerData>,
}

/// One page of `searchOrders`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct OrdersPage {
    /// Orders of this page.
    pub orders: Vec<FetchedOrder>,
    /// How many orders of this page could not be read (no number, no times): they must be fetched one by one
    /// or shown to a person, so the watermark must not pass them silently.
    pub unreadable: u32,
    /// Token of the next page; none on the last.
    pub next: Option<String>,
    /// Up to which moment this answer knows the changes: the echoed `lastUpdatedBefore`, or, where Amazon
    /// leaves it out, two minutes before the request was sent (its index may lag by as much).
    pub last_updated_before: DateTime<Utc>,
}

/// What `getTracking` says.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Tracking {
    /// Summary, e.g. `InTransit`, as Amazon wrote it; empty where not given.
    pub status: String,
    /// Promised delivery.
    pub promised: Option<DateTime<Utc>>,
    /// Events as they came.
    pub events: Vec<TrackingEvent>,
}

/// One event of a parcel's way.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TrackingEvent {
    /// E.g. `ArrivedAtCarrierFacility`, as Amazon wrote it.
    pub code: String,
    /// When.
    pub at: Option<DateTime<Utc>>,
    /// City, state and country, as far as given.
    pub place: String,
}

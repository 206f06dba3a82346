//! Where an order goes, as far as rules need it. No customer data: names, lines, postal code are sealed apart.

use chrono::{NaiveDate, Weekday};
use chrono_tz::Tz;
use serde::{Deserialize, Serialize};

/// Kind of a delivery address (`addressType`).
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub enum AddressKind {
    /// A home.
    Residential,
    /// A business.
    Commercial,
    /// A pickup point.
    PickupPoint,
    /// Amazon did not say, or a value that we do not know.
    Unknown(String),
}

/// A destination: what is left of an address once the customer's data is sealed.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Destination {
    /// ISO 3166 alpha-2, upper case.
    pub country: String,
    /// State or region as Amazon gave it.
    pub state: String,
    /// Kind of address.
    pub kind: AddressKind,
    /// Every zone that the place may lie in, worked out from country, state and postal code at import
    /// (the postal code itself is sealed). More than one: any that says weekend makes a rate red.
    pub zones: Vec<Tz>,
    /// Weekdays on which the buyer's stated hours say closed.
    pub closed_weekdays: Vec<Weekday>,
    /// Dates that the buyer marked as closed.
    pub closed_dates: Vec<NaiveDate>,
    /// Dates that the buyer marked as open although the weekday is closed.
    pub open_dates: Vec<NaiveDate>,
}

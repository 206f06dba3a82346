//! Where an order goes, as far as rules need it. No customer data: names, lines, postal code are sealed apart.

mod faults;

pub use faults::{AddressFault, address_faults};

use super::zone;
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

impl AddressKind {
    /// Reads Amazon's `addressType`; an unknown value is kept.
    pub fn parse(text: &str) -> Self {
        match text.trim().to_ascii_uppercase().as_str() {
            "RESIDENTIAL" => Self::Residential,
            "COMMERCIAL" => Self::Commercial,
            "PICKUP_POINT" => Self::PickupPoint,
            _ => Self::Unknown(text.trim().to_owned()),
        }
    }
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

impl Destination {
    /// A destination with the zones that country, state and postal code leave open, and no stated hours.
    pub fn new(country: &str, state: &str, postal_code: &str, kind: AddressKind) -> Self {
        Self {
            country: country.trim().to_ascii_uppercase(),
            state: state.trim().to_owned(),
            kind,
            zones: zone::zones(country, state, postal_code),
            closed_weekdays: Vec::new(),
            closed_dates: Vec::new(),
            open_dates: Vec::new(),
        }
    }
}

#[cfg(test)]
mod tests;

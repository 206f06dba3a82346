//! Labels that were bought elsewhere and are recorded here: carrier, tracking number, what the recording
//! costs the order in protection, and which one is refused. Pure.

mod number;

pub use number::{CheckedNumber, NumberFault, check_number};

use super::choice::{HOME_DELIVERY_BARRED, is_business_commercial, is_fedex_home_delivery};
use super::ids::TrackingNumber;
use super::money::{Currency, Money};
use super::order::{ChannelOrder, Origin};
use super::prime::elsewhere_breach;
use super::scan::tracking;
use super::text::Clean;
use serde::{Deserialize, Serialize};
use std::fmt;

/// Longest name of a carrier or a method that is kept, in characters.
pub const LONGEST_NAME: usize = 60;

/// Who carries a box whose label was bought elsewhere.
#[derive(Debug, Clone, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub enum Carrier {
    /// United States Postal Service.
    Usps,
    /// United Parcel Service.
    Ups,
    /// `FedEx`.
    FedEx,
    /// DHL.
    Dhl,
    /// `OnTrac`.
    OnTrac,
    /// Another one, by its name.
    Other(String),
}

impl Carrier {
    /// Those that are known by name, in the order in which dialogs show them.
    pub const KNOWN: [Self; 5] = [Self::Usps, Self::Ups, Self::FedEx, Self::Dhl, Self::OnTrac];

    /// The carrier by its name, in any case; an unknown name is kept. None: no name.
    pub fn parse(text: &str) -> Option<Self> {
        let name = Clean::bounded(text, LONGEST_NAME);
        let bare = |text: &str| {
            text.chars()
                .filter(char::is_ascii_alphanumeric)
                .collect::<String>()
                .to_ascii_lowercase()
        };
        let known = Self::KNOWN
            .into_iter()
            .find(|known| bare(known.name()) == bare(&name));
        if !name.chars().any(char::is_alphanumeric) {
            return None;
        }
        Some(known.unwrap_or(Self::Other(name)))
    }

    /// The carrier whose form and check digit this number has; none: no form that is known, or several.
    pub fn of_number(number: &TrackingNumber) -> Option<Self> {
        Self::KNOWN
            .into_iter()
            .filter(Self::verifies)
            .find(|known| check_number(known, number.as_str()).is_ok())
            .or_else(|| tracking::ontrac(number.as_str()).then_some(Self::OnTrac))
    }

    /// Its name.
    pub fn name(&self) -> &str {
        match self {
            Self::Usps => "USPS",
            Self::Ups => "UPS",
            Self::FedEx => "FedEx",
            Self::Dhl => "DHL",
            Self::OnTrac => "OnTrac",
            Self::Other(name) => name,
        }
    }

    /// Amazon's `carrierCode`; `Other` goes with a `carrierName` (ordersV0, `PackageDetail`).
    pub fn amazon_code(&self) -> &str {
        match self {
            Self::Other(_) => "Other",
            known => known.name(),
        }
    }

    /// Its numbers have a check digit that is verified here.
    pub fn verifies(&self) -> bool {
        matches!(self, Self::Usps | Self::Ups | Self::FedEx)
    }
}

impl fmt::Display for Carrier {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.name())
    }
}

/// What recording a label from elsewhere means for the order.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Terms {
    /// What the person must know, in words.
    pub notes: Vec<String>,
    /// Not everybody may ([`super::user::Permission::BreakPrime`]), and a typed reason is wanted, kept in the history.
    pub breaks_prime: bool,
}

/// What a label bought elsewhere means for this order, or the words that refuse it.
///
/// Only labels bought through Amazon carry its protection against late deliveries; Prime orders are to be
/// shipped with them (amazon.md 8). `FedEx` Home Delivery never goes to a business at a commercial address,
/// wherever its label comes from.
pub fn terms(order: &ChannelOrder, carrier: &Carrier, method: &str) -> Result<Terms, String> {
    if is_business_commercial(order) && is_fedex_home_delivery(&[carrier.name()], &[method]) {
        return Err(HOME_DELIVERY_BARRED.to_owned());
    }
    let mut terms = Terms {
        notes: Vec::new(),
        breaks_prime: false,
    };
    if order.origin == Origin::Elsewhere {
        return Ok(terms);
    }
    terms.notes.push(
        "This order loses its late-delivery protection (SLA): only labels bought through Amazon have it."
            .to_owned(),
    );
    if let Some(rule) = elsewhere_breach(order) {
        terms
            .notes
            .push(format!("PRIME: {rule}, and Amazon counts this one against you."));
        terms.breaks_prime = true;
    }
    Ok(terms)
}

/// The currency that an order is paid in, as far as its lines say: what a cost without one is in.
pub fn currency_of(order: &ChannelOrder) -> Currency {
    let price = order.lines.iter().find_map(|line| line.unit_price);
    price.map_or(Currency::USD, |price| price.currency)
}

/// Reads a cost: `12.34`, or with its currency `12.34 EUR`.
pub fn parse_cost(text: &str, currency: Currency) -> Option<Money> {
    let mut words = text.split_whitespace();
    let (digits, code) = (words.next()?, words.next());
    let currency = match code {
        Some(code) => Currency::parse(&code.to_ascii_uppercase())?,
        None => currency,
    };
    let cost = Money::parse(digits, currency)?;
    (words.next().is_none() && cost.minor >= 0).then_some(cost)
}

#[cfg(test)]
mod tests;

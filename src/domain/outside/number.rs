//! Whether a tracking number can be the carrier's: form and check digit for USPS, UPS and `FedEx`; the other
//! carriers publish none, so a person answers for theirs.

use super::Carrier;
use crate::domain::ids::TrackingNumber;
use crate::domain::scan::tracking;

/// Longest tracking number that is taken, in characters.
const LONGEST: usize = 40;

/// A number that may be the carrier's.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CheckedNumber {
    /// In the form in which carrier and Amazon write it.
    pub number: TrackingNumber,
    /// Its check digit was verified. Otherwise a person says that it was typed right.
    pub verified: bool,
}

/// Why a number is not taken. Displays as the packer's words.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum NumberFault {
    /// Nothing there.
    #[error("a label has a tracking number: scan it, or type it")]
    Empty,
    /// Signs that no tracking number has, or too many.
    #[error("a tracking number has up to 40 letters and digits: scan it, or type it again")]
    Signs,
    /// Another form.
    #[error("that does not look like a {carrier} number: {form}; scan it, or type it again")]
    Form {
        /// Carrier.
        carrier: &'static str,
        /// The form it would have.
        form: &'static str,
    },
    /// The form is right and the check digit is not.
    #[error(
        "that does not look like a {carrier} number: check digit wrong, so a sign is mistyped or missing; scan it, or type it again"
    )]
    CheckDigit {
        /// Carrier.
        carrier: &'static str,
    },
    /// It is another carrier's.
    #[error("that is a {number_of} number, not {carrier}'s: check the carrier")]
    OtherCarrier {
        /// Carrier as given.
        carrier: String,
        /// Whose it is.
        number_of: &'static str,
    },
}

/// Checks a tracking number for the carrier. Blanks and dashes between groups are left out.
pub fn check_number(carrier: &Carrier, text: &str) -> Result<CheckedNumber, NumberFault> {
    let plain: String = text
        .chars()
        .filter(|sign| !sign.is_whitespace() && *sign != '-')
        .map(|sign| sign.to_ascii_uppercase())
        .collect();
    if plain.is_empty() {
        return Err(NumberFault::Empty);
    }
    if plain.len() > LONGEST || !plain.bytes().all(|sign| sign.is_ascii_alphanumeric()) {
        return Err(NumberFault::Signs);
    }
    let found = match carrier {
        Carrier::Ups => ups(&plain),
        Carrier::Usps => usps(&plain),
        Carrier::FedEx => fedex(&plain),
        Carrier::Dhl | Carrier::OnTrac | Carrier::Other(_) => {
            // A UPS number cannot be anybody else's; the digits of the others may be by chance.
            if tracking::ups(&plain) {
                return Err(NumberFault::OtherCarrier {
                    carrier: carrier.name().to_owned(),
                    number_of: "UPS",
                });
            }
            return Ok(CheckedNumber {
                number: TrackingNumber(plain),
                verified: false,
            });
        }
    };
    match found {
        Ok(number) => Ok(CheckedNumber {
            number: TrackingNumber(number),
            verified: true,
        }),
        Err(fault) => Err(belongs_elsewhere(carrier, &plain).unwrap_or(fault)),
    }
}

/// A number that is surely another carrier's.
fn belongs_elsewhere(carrier: &Carrier, plain: &str) -> Option<NumberFault> {
    let owner = if tracking::ups(plain) {
        Carrier::Ups
    } else if fedex(plain).is_ok() {
        Carrier::FedEx
    } else if usps(plain).is_ok() {
        Carrier::Usps
    } else if tracking::ontrac(plain) {
        Carrier::OnTrac
    } else {
        return None;
    };
    let number_of = Carrier::KNOWN
        .iter()
        .position(|known| *known == owner)
        .and_then(|place| ["USPS", "UPS", "FedEx", "DHL", "OnTrac"].get(place))?;
    (owner != *carrier).then(|| NumberFault::OtherCarrier {
        carrier: carrier.name().to_owned(),
        number_of,
    })
}

fn ups(plain: &str) -> Result<String, NumberFault> {
    if tracking::ups(plain) {
        return Ok(plain.to_owned());
    }
    Err(if tracking::ups_form(plain).is_some() {
        NumberFault::CheckDigit { carrier: "UPS" }
    } else {
        NumberFault::Form {
            carrier: "UPS",
            form: "it has 1Z and 16 letters and digits",
        }
    })
}

fn usps(plain: &str) -> Result<String, NumberFault> {
    let digits = plain.bytes().all(|sign| sign.is_ascii_digit());
    if digits && let Some(number) = tracking::postal(plain) {
        return Ok(number);
    }
    if tracking::postal_union(plain) && plain.ends_with("US") {
        return Ok(plain.to_owned());
    }
    let begins_right = ["91", "92", "93", "94", "95", "420"]
        .iter()
        .any(|prefix| plain.starts_with(prefix));
    let right_length = match plain.len() {
        20 => true,
        22 | 26 | 27 | 30 | 31 | 34 | 35 => begins_right,
        _ => false,
    };
    let union = plain.len() == 13 && plain.ends_with("US") && plain.as_bytes()[0].is_ascii_uppercase();
    Err(if digits && right_length || union {
        NumberFault::CheckDigit { carrier: "USPS" }
    } else {
        NumberFault::Form {
            carrier: "USPS",
            form: "it has 20, 22 or 26 digits, or ends in US",
        }
    })
}

fn fedex(plain: &str) -> Result<String, NumberFault> {
    let digits = plain.bytes().all(|sign| sign.is_ascii_digit());
    if digits && let Some(number) = tracking::fedex(plain) {
        return Ok(number);
    }
    let form = match plain.len() {
        12 | 15 => true,
        22 => plain.starts_with("96"),
        34 => plain.starts_with("100") || plain.starts_with("96"),
        _ => false,
    };
    Err(if digits && form {
        NumberFault::CheckDigit { carrier: "FedEx" }
    } else {
        NumberFault::Form {
            carrier: "FedEx",
            form: "it has 12 or 15 digits",
        }
    })
}

//! The last look before Amazon is asked: what its label APIs would refuse is said here, in words that tell what to do.
//!
//! Pure, and one for all: the configuration, the screens, the commands, bulk and the sync task ask the same functions.

use super::customer::CustomerData;
use super::rate::QuoteRequest;
use super::seller::{LabelVia, ShipFrom};
use super::units::{Dimensions, LengthUnit, Weight};
use std::fmt;

/// One thing that Amazon would refuse.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Fault {
    /// Which field.
    pub field: &'static str,
    /// What is wrong with it and what to do. Never holds what a customer's field says.
    pub words: String,
}

impl fmt::Display for Fault {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} {}", self.field, self.words)
    }
}

fn fault(field: &'static str, words: impl Into<String>) -> Fault {
    Fault {
        field,
        words: words.into(),
    }
}

/// Longest edge and twice the two others: no parcel carrier takes more than 165 inches (UPS and `FedEx`; USPS 130).
const LENGTH_AND_GIRTH: i64 = 165_000;
/// What a cubic inch of lead weighs, in thousandths of an ounce, rounded up: no parcel is heavier than solid lead.
const LEAD: i128 = 6_560;

/// Weight and outer size of a box: neither zero nor absurd, each for itself and together.
pub fn parcel(weight: &Weight, size: &Dimensions) -> Result<(), String> {
    weight.check().map_err(|error| error.to_string())?;
    size.check_box().map_err(|error| error.to_string())?;
    // Rounded up, as it is sent.
    let inches = size.to_unit(LengthUnit::In);
    let edges = [inches.length, inches.width, inches.height];
    let longest = edges.into_iter().max().unwrap_or_default();
    let around = edges.into_iter().sum::<i64>() - longest;
    if longest + 2 * around > LENGTH_AND_GIRTH {
        return Err(format!(
            "{size} is over 165 in (419 cm) in length and girth together, more than any parcel carrier takes: check the \
             unit, or ship it as freight"
        ));
    }
    // Thousandths of cubic inches are a million times too many, thousandths of ounces a thousand times.
    let volume = edges.into_iter().map(i128::from).product::<i128>();
    let ounces = i128::from(weight.to_unit(super::units::WeightUnit::Oz).thousandths);
    if ounces * 1_000_000_000 > volume * LEAD {
        return Err(format!(
            "{weight} in {size} would be heavier than solid lead: check the unit of the weight and the size"
        ));
    }
    Ok(())
}

/// A request for rates: the box, and something in it.
pub fn request(request: &QuoteRequest) -> Result<(), String> {
    parcel(&request.weight, &request.dimensions)?;
    if request.items.is_empty() || request.items.iter().any(|item| item.quantity == 0) {
        return Err("nothing is in the box: scan its items first".to_owned());
    }
    if let Some(value) = request
        .items
        .iter()
        .filter_map(|item| item.unit_value)
        .find(|value| value.minor < 0)
    {
        return Err(format!(
            "an item costs {value}: a price below nothing is none, set it right in the order"
        ));
    }
    Ok(())
}

/// Where boxes leave from, within the limits of the API that sells the labels (amazon.md 3.3 and 2.4).
pub fn ship_from(from: &ShipFrom, via: LabelVia) -> Result<(), Fault> {
    let limits: [(&'static str, &str, usize, usize); 8] = [
        ("name", &from.name, 1, 50),
        ("line1", &from.line1, 1, 60),
        ("line2", &from.line2, 0, 60),
        ("city", &from.city, 1, 60),
        ("state", &from.state, 1, 60),
        ("postal_code", &from.postal_code, 1, 20),
        ("phone", &from.phone, 1, 20),
        ("email", &from.email, 0, 64),
    ];
    for (field, value, least, most) in limits {
        let letters = value.trim().chars().count();
        if letters < least {
            return Err(fault(field, "is empty: Amazon buys no label without it"));
        }
        if letters > most {
            return Err(fault(
                field,
                format!("has {letters} letters: Amazon takes at most {most}"),
            ));
        }
    }
    let country = from.country.as_str();
    if country == "UK" {
        return Err(fault("country", "is \"UK\": Amazon takes the ISO code \"GB\""));
    }
    if !is_country(country) {
        let words = format!("is {country:?}: write the ISO code of two capital letters, like \"US\"");
        return Err(fault("country", words));
    }
    if let Some(form) = postal_form(country, from.postal_code.trim()) {
        let words = format!("is {:?}: {form}", from.postal_code.trim());
        return Err(fault("postal_code", words));
    }
    if via == LabelVia::MerchantFulfillmentV0 {
        merchant(from)?;
    }
    Ok(())
}

/// What Merchant Fulfillment v0 takes of a ship-from: less than Shipping v2, and an e-mail address.
fn merchant(from: &ShipFrom) -> Result<(), Fault> {
    if from.email.trim().is_empty() {
        return Err(fault(
            "email",
            "is empty: Merchant Fulfillment v0 sells no label without one, write the warehouse's",
        ));
    }
    let limits: [(&'static str, &str); 4] = [
        ("name", &from.name),
        ("city", &from.city),
        ("state", &from.state),
        ("phone", &from.phone),
    ];
    for (field, value) in limits {
        let letters = value.trim().chars().count();
        if letters > 30 {
            let words =
                format!("has {letters} letters: Merchant Fulfillment v0 takes at most 30, write it shorter");
            return Err(fault(field, words));
        }
    }
    Ok(())
}

/// Whom a box of an order that is not Amazon's goes to (Shipping v2, channel EXTERNAL; Amazon's own orders carry
/// their address themselves). The words never hold what the customer's fields say.
pub fn recipient(customer: &CustomerData) -> Result<(), Fault> {
    let to = &customer.recipient;
    let line = to.lines.first().map_or("", String::as_str);
    let limits: [(&'static str, &str, usize, usize); 7] = [
        ("name", &to.name, 1, 50),
        ("address line 1", line, 1, 60),
        ("city", &to.city, 1, 60),
        ("postal code", &to.postal_code, 1, 20),
        ("company", &to.company, 0, 50),
        ("phone", &to.phone, 0, 20),
        ("e-mail", &customer.buyer.email, 0, 64),
    ];
    for (field, value, least, most) in limits {
        let letters = value.trim().chars().count();
        if letters < least {
            let words = "of the recipient is empty: complete the order in the shop and import it again";
            return Err(fault(field, words));
        }
        if letters > most {
            let words = format!(
                "of the recipient has {letters} letters, Amazon takes at most {most}: shorten it in the order"
            );
            return Err(fault(field, words));
        }
    }
    if !is_country(to.country.trim()) {
        let words =
            "of the recipient is no ISO code of two letters, like US or GB: set it right in the order";
        return Err(fault("country", words));
    }
    if let Some(form) = postal_form(to.country.trim(), to.postal_code.trim()) {
        return Err(fault(
            "postal code",
            format!("of the recipient: {form}; set it right in the order"),
        ));
    }
    Ok(())
}

/// Two capital letters; the United Kingdom's is GB.
fn is_country(code: &str) -> bool {
    code.len() == 2 && code.bytes().all(|letter| letter.is_ascii_uppercase()) && code != "UK"
}

/// How a postal code looks in the countries where a wrong form is certain; none: right, or not known here.
fn postal_form(country: &str, code: &str) -> Option<&'static str> {
    let digits =
        |text: &str, count: usize| text.len() == count && text.bytes().all(|sign| sign.is_ascii_digit());
    match country {
        "US" => {
            let right = match code.split_once('-') {
                Some((zip, four)) => digits(zip, 5) && digits(four, 4),
                None => digits(code, 5) || digits(code, 9),
            };
            (!right).then_some("a ZIP code has five digits, or five and four")
        }
        "DE" | "FR" | "IT" | "ES" | "MX" => {
            (!digits(code, 5)).then_some("a postal code of this country has five digits")
        }
        _ => None,
    }
}

#[cfg(test)]
mod tests;

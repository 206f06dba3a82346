//! What is wrong with an address, found before anybody packs for it.

use crate::domain::customer::Recipient;
use serde::{Deserialize, Serialize};
use std::fmt;

/// Why a parcel would not arrive at an address. Says what is wrong, never what stands there.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub enum AddressFault {
    /// No name and no company.
    NoName,
    /// No street, box or building.
    NoStreet,
    /// No city.
    NoCity,
    /// No state, where the country's addresses have one.
    NoState,
    /// No postal code, where the country has them.
    NoPostalCode,
    /// A postal code that the country does not have.
    PostalCodeForm,
}

impl fmt::Display for AddressFault {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::NoName => "there is no name: ask the buyer",
            Self::NoStreet => "there is no street: ask the buyer",
            Self::NoCity => "there is no city: ask the buyer",
            Self::NoState => "there is no state: ask the buyer",
            Self::NoPostalCode => "there is no postal code: ask the buyer",
            Self::PostalCodeForm => "the postal code is not one of that country: ask the buyer",
        })
    }
}

/// What is wrong with an address. Where neither name nor street were given, Amazon keeps the address to itself (the
/// role is missing, or a pickup point) and prints it by itself: nothing can be said of it.
pub fn address_faults(to: &Recipient) -> Vec<AddressFault> {
    let blank = |text: &str| text.trim().is_empty();
    let no_name = blank(&to.name) && blank(&to.company);
    let no_street = to.lines.iter().all(|line| blank(line));
    if no_name && no_street {
        return Vec::new();
    }
    let mut faults = Vec::new();
    if no_name {
        faults.push(AddressFault::NoName);
    }
    if no_street {
        faults.push(AddressFault::NoStreet);
    }
    if blank(&to.city) {
        faults.push(AddressFault::NoCity);
    }
    let country = to.country.trim().to_ascii_uppercase();
    if blank(&to.state) && matches!(country.as_str(), "US" | "CA" | "AU") {
        faults.push(AddressFault::NoState);
    }
    let code: String = to
        .postal_code
        .split_whitespace()
        .collect::<String>()
        .to_ascii_uppercase();
    if let Some(form) = postal_form(&country) {
        if code.is_empty() {
            faults.push(AddressFault::NoPostalCode);
        } else if !form.iter().any(|form| is_of_form(&code, form)) {
            faults.push(AddressFault::PostalCodeForm);
        }
    }
    faults
}

/// Forms of a country's postal codes without blanks: `9` a digit, `A` a letter. None: not known, or it has none.
fn postal_form(country: &str) -> Option<&'static [&'static str]> {
    Some(match country {
        "US" => &["99999", "99999-9999", "999999999"],
        "CA" => &["A9A9A9"],
        "GB" => &["A99AA", "A9A9AA", "A999AA", "AA99AA", "AA9A9AA", "AA999AA"],
        "DE" | "FR" | "IT" | "ES" | "MX" | "TR" | "SA" => &["99999"],
        "AU" | "BE" | "ZA" => &["9999"],
        "NL" => &["9999AA"],
        "PL" => &["99-999", "99999"],
        "IN" | "SG" => &["999999"],
        "JP" => &["999-9999", "9999999"],
        "BR" => &["99999-999", "99999999"],
        "SE" => &["99999", "999-99"],
        _ => return None,
    })
}

fn is_of_form(code: &str, form: &str) -> bool {
    code.len() == form.len()
        && code.bytes().zip(form.bytes()).all(|(sign, form)| match form {
            b'9' => sign.is_ascii_digit(),
            b'A' => sign.is_ascii_uppercase(),
            other => sign == other,
        })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn to(country: &str, state: &str, postal_code: &str) -> Recipient {
        let mut to = Recipient::default();
        to.name = "A".to_owned();
        to.lines = vec!["1 Pier".to_owned()];
        to.city = "B".to_owned();
        to.country = country.to_owned();
        to.state = state.to_owned();
        to.postal_code = postal_code.to_owned();
        to
    }

    #[test]
    fn an_address_that_a_parcel_cannot_reach_is_told_apart() {
        use AddressFault::{NoCity, NoName, NoPostalCode, NoState, NoStreet, PostalCodeForm};
        for (country, state, code, expected) in [
            ("US", "OH", "43215", &[][..]),
            ("US", "OH", "43215-1234", &[]),
            ("us", "OH", "432151234", &[]),
            ("US", "OH", "4321", &[PostalCodeForm]),
            ("US", "OH", "ABCDE", &[PostalCodeForm]),
            ("US", "", "", &[NoState, NoPostalCode]),
            ("CA", "ON", "k1a 0b1", &[]),
            ("CA", "ON", "K1A0B", &[PostalCodeForm]),
            ("GB", "", "SW1A 1AA", &[]),
            ("GB", "", "M1 1AE", &[]),
            ("GB", "", "12345", &[PostalCodeForm]),
            ("DE", "", "10115", &[]),
            ("NL", "", "1012 AB", &[]),
            ("JP", "Tokyo", "100-0001", &[]),
            // Countries whose codes are not known here are left in peace, with and without one.
            ("IE", "", "", &[]),
            ("AE", "", "x", &[]),
        ] {
            assert_eq!(
                address_faults(&to(country, state, code)),
                expected,
                "{country} {code}"
            );
        }
        let mut whole = to("US", "OH", "43215");
        whole.lines = vec![" ".to_owned()];
        whole.city.clear();
        assert_eq!(address_faults(&whole), [NoStreet, NoCity]);
        // Nothing at all: Amazon keeps the address to itself.
        whole.name.clear();
        assert_eq!(address_faults(&whole), []);
        whole.lines = vec!["1 Pier".to_owned()];
        assert_eq!(address_faults(&whole), [NoName, NoCity]);
        whole.company = "Harbor".to_owned();
        assert_eq!(address_faults(&whole), [NoCity]);
    }
}

//! GS1 element strings: only as far as a packing bench needs them, the GTIN and the serial.

use super::{GS, check_digit_holds};
use crate::domain::transparency::SGTIN_SERIAL;

/// What an element string names.
pub(super) enum Item {
    /// A GTIN and a 20-character serial: a transparency code of form B.
    Serialised {
        /// 14 digits, check digit right.
        gtin: String,
        /// 20 characters.
        serial: String,
    },
    /// A GTIN without such a serial: a product or case barcode.
    Product(String),
    /// The shape of form B with a wrong check digit.
    Damaged,
}

/// Reads the element string of `body`, GS kept. `flagged`: the scanner said that it is GS1; without that word
/// only a GTIN followed by a serial is taken for one, so that a plain barcode is never misread.
pub(super) fn read(body: &str, flagged: bool) -> Option<Item> {
    let elements = if body.starts_with('(') {
        with_parentheses(body)?
    } else if flagged || body.contains(GS) {
        element_string(body)?
    } else {
        let serial = body.get(16..)?.strip_prefix("21")?;
        if !body.starts_with("01") || serial.is_empty() || serial.len() > SGTIN_SERIAL {
            return None;
        }
        Elements {
            gtin: body.get(2..16).map(str::to_owned),
            serial: Some(serial.to_owned()),
        }
    };
    let gtin = elements
        .gtin
        .filter(|gtin| gtin.len() == 14 && gtin.bytes().all(|b| b.is_ascii_digit()))?;
    let serial = elements
        .serial
        .filter(|serial| serial.len() == SGTIN_SERIAL && serial.bytes().all(|byte| byte.is_ascii_graphic()));
    match (check_digit_holds(&gtin), serial) {
        (true, Some(serial)) => Some(Item::Serialised { gtin, serial }),
        (true, None) => Some(Item::Product(gtin)),
        (false, Some(_)) => Some(Item::Damaged),
        (false, None) => None,
    }
}

#[derive(Default)]
struct Elements {
    gtin: Option<String>,
    serial: Option<String>,
}

impl Elements {
    fn take(&mut self, identifier: &str, value: &str) {
        match identifier {
            "01" => self.gtin = Some(value.to_owned()),
            "21" => self.serial = Some(value.to_owned()),
            _ => {}
        }
    }
}

/// `(01)…(21)…`, as it is printed below the symbol; separators may stand between.
fn with_parentheses(body: &str) -> Option<Elements> {
    let mut elements = Elements::default();
    for part in body.split('(').skip(1) {
        let (identifier, value) = part.split_once(')')?;
        elements.take(identifier, value.trim_end_matches([GS, ' ']));
    }
    Some(elements)
}

/// Identifier, value, identifier, value: values of fixed length follow each other, others end with GS.
fn element_string(body: &str) -> Option<Elements> {
    let mut elements = Elements::default();
    let mut rest = body;
    while !rest.is_empty() {
        let (name, fixed) = identifier(rest)?;
        let (identifier, tail) = rest.split_at_checked(name)?;
        let end = match fixed {
            Some(length) => length,
            None => tail.find(GS).unwrap_or(tail.len()),
        };
        let (value, tail) = tail.split_at_checked(end)?;
        elements.take(identifier, value);
        rest = tail.trim_start_matches(GS);
    }
    Some(elements)
}

/// Length of the application identifier that `text` begins with, and of its value where that is fixed
/// (GS1 General Specifications, application identifiers and their predefined lengths).
fn identifier(text: &str) -> Option<(usize, Option<usize>)> {
    let bytes = text.as_bytes();
    let (first, second) = (*bytes.first()?, *bytes.get(1)?);
    if !first.is_ascii_digit() || !second.is_ascii_digit() {
        return None;
    }
    Some(match (first, second) {
        (b'0', b'0') => (2, Some(18)),
        (b'0', b'1' | b'2' | b'3') => (2, Some(14)),
        (b'1', b'1'..=b'9') => (2, Some(6)),
        (b'2', b'0') => (2, Some(2)),
        (b'2', b'3' | b'4' | b'5') | (b'4', b'0' | b'2') => (3, None),
        (b'3', b'1'..=b'6') => (4, Some(6)),
        (b'3', b'9') | (b'4', b'3') | (b'7' | b'8', _) => (4, None),
        (b'4', b'1') => (3, Some(13)),
        (b'1', b'0') | (b'2', b'1' | b'2') | (b'3', b'0' | b'7') | (b'9', _) => (2, None),
        _ => return None,
    })
}

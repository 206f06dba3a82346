//! Transparency codes: four forms, one for each unit, never twice (amazon.md 6, workflow.md 4.6).
//!
//! Pure. Which unit needs a code and when it is asked for is the packing session's business; whether a code
//! was ever used in this database is the store's.

#[cfg(test)]
mod tests;

use super::ids::{Sku, UserId};
use super::order::OrderLine;
use super::product::{Product, ProductKind};
use super::scan;
use serde::{Deserialize, Serialize};

/// What stands for a unit's transparency code.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub enum UnitCode {
    /// A code of the forms A, B or D, as Amazon is sent it.
    Code(String),
    /// A serial of 7 to 20 characters: form C, or the product's own serial number where there is no code.
    /// The two cannot be told apart, and Amazon is sent either in the same field.
    Serial(String),
    /// Skipped, with a reason and who did it.
    Overridden {
        /// Reason as typed, clean.
        reason: String,
        /// Who.
        by: UserId,
    },
}

impl UnitCode {
    /// What Amazon is sent for the unit; nothing for an override.
    pub fn serial(&self) -> Option<&str> {
        match self {
            Self::Code(code) | Self::Serial(code) => Some(code),
            Self::Overridden { .. } => None,
        }
    }

    /// What must be unique in the whole database: see [`key`]. None for an override.
    pub fn key(&self) -> Option<String> {
        self.serial().map(key)
    }
}

/// The four forms of a code (amazon.md 6).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Form {
    /// A: `AZ:` or `ZA:` and exactly 26 letters or digits.
    Az,
    /// B: `01`, a GTIN of 14 digits, `21`, a serial of 20 characters.
    Sgtin,
    /// C: a serial of 7 to 20 characters.
    Serial,
    /// D: the address that the QR code holds.
    Url,
}

/// Characters behind `AZ:` or `ZA:`.
const AZ_LENGTH: usize = 26;

/// Characters of the serial in form B.
pub(super) const SGTIN_SERIAL: usize = 20;

/// The form of a normalised code: form A in upper case, form B without separators.
pub fn form(code: &str) -> Option<Form> {
    if let Some(rest) = code.strip_prefix("AZ:").or_else(|| code.strip_prefix("ZA:")) {
        let whole = rest.len() == AZ_LENGTH
            && rest
                .bytes()
                .all(|byte| byte.is_ascii_uppercase() || byte.is_ascii_digit());
        return whole.then_some(Form::Az);
    }
    if gtin(code).is_some() {
        return Some(Form::Sgtin);
    }
    if is_address(code) {
        return Some(Form::Url);
    }
    is_serial(code).then_some(Form::Serial)
}

/// The GTIN-14 within a code of form B.
pub fn gtin(code: &str) -> Option<&str> {
    let gtin = code.strip_prefix("01")?.get(..14)?;
    let serial = code.get(16..)?.strip_prefix("21")?;
    (serial.len() == SGTIN_SERIAL
        && serial.bytes().all(|byte| byte.is_ascii_graphic())
        && scan::is_gtin(gtin))
    .then_some(gtin)
}

/// A code of form B that names another product than `product`. Where the product has no GTIN that stands for
/// one unit, nothing can be compared and nothing is refused.
pub fn names_another_product(code: &str, product: &Product) -> bool {
    let Some(gtin) = gtin(code) else {
        return false;
    };
    let named = scan::barcode_key(gtin);
    let mut own = product
        .barcodes
        .iter()
        .filter(|barcode| barcode.quantity == 1 && scan::is_gtin(barcode.code.trim()))
        .map(|barcode| scan::barcode_key(&barcode.code))
        .peekable();
    own.peek().is_some() && own.all(|key| key != named)
}

/// The text may stand as a serial (form C): 7 to 20 letters, digits or hyphens, and by its form nothing
/// else: no UPC, EAN or GTIN, no order or tracking number, no FNSKU or ASIN, nothing of the station's own.
/// Whether it is a known barcode is asked elsewhere.
pub fn is_serial(text: &str) -> bool {
    let upper = text.to_ascii_uppercase();
    (7..=20).contains(&text.len())
        && text
            .bytes()
            .all(|byte| byte.is_ascii_alphanumeric() || byte == b'-')
        && text.bytes().any(|byte| byte.is_ascii_alphanumeric())
        && !scan::is_gtin(text)
        && !scan::is_order_number(text)
        && !scan::is_tracking_number(text)
        && !is_amazon_product_code(&upper)
        && !["TGL-", "TGT-", "TGB-", "TGC-", "TGU-"]
            .iter()
            .any(|prefix| upper.starts_with(prefix))
}

/// A serial that a person named as one by typing `SN:` before scanning it: the way for real serial numbers
/// that look like a misread barcode or like a tracking number. A whole UPC, EAN or GTIN is none all the same.
pub fn named_serial(text: &str) -> Option<&str> {
    let (name, serial) = text.split_at_checked(3)?;
    let serial = serial.trim_start();
    let digits = (7..=20).contains(&serial.len())
        && serial.bytes().all(|byte| byte.is_ascii_digit())
        && !scan::is_gtin(serial);
    (name.eq_ignore_ascii_case("SN:") && (digits || is_serial(serial))).then_some(serial)
}

/// The form in which two codes are the same code: letters in upper case, except in an address, where case
/// tells pages apart.
pub fn key(code: &str) -> String {
    if is_address(code) {
        code.to_owned()
    } else {
        code.to_ascii_uppercase()
    }
}

/// The line needs one code for each of its units: Amazon says so, or the catalogue says so of its product
/// or, for a group, of a child.
pub fn needs_code(line: &OrderLine, products: &[Product]) -> bool {
    let find = |sku: &Sku| products.iter().find(|product| product.sku == *sku);
    line.transparency
        || find(&line.sku).is_some_and(|product| {
            product.transparency
                || (product.kind == ProductKind::Group
                    && product
                        .components
                        .iter()
                        .any(|component| find(&component.sku).is_some_and(|child| child.transparency)))
        })
}

/// An FNSKU (`X0…`) or an ASIN (`B0…`): ten characters that are the same on every unit of a product.
fn is_amazon_product_code(upper: &str) -> bool {
    upper.len() == 10 && (upper.starts_with("X0") || upper.starts_with("B0"))
}

/// Form D: an http(s) address of Amazon's transparency service. A product may well carry other QR codes, the
/// same on every unit, so the host must say transparency, or be Amazon's with a page that does.
fn is_address(text: &str) -> bool {
    let lower = text.to_ascii_lowercase();
    let Some(rest) = lower
        .strip_prefix("https://")
        .or_else(|| lower.strip_prefix("http://"))
    else {
        return false;
    };
    if !text.bytes().all(|byte| byte.is_ascii_graphic()) {
        return false;
    }
    let (host, page) = rest.split_at(rest.find(['/', '?', '#']).unwrap_or(rest.len()));
    let labels: Vec<&str> = host.split('.').collect();
    let amazon = labels.len() > 1 && labels.contains(&"amazon");
    let service = labels.len() > 1 && labels.iter().any(|label| label.contains("transparency"));
    page.len() > 1 && (service || (amazon && page.contains("transparency")))
}

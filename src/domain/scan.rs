//! From the bytes of a scanner to a classified scan: form first, so that the packer never picks a mode.
//!
//! AIM prefixes and GS separators are understood (devices-and-conventions.md 4). Pure: whether a product
//! code is known is the catalogue's business, what a scan means just now is the screen's or the session's.

mod gs1;
pub(super) mod tracking;

#[cfg(test)]
mod tests;

use super::ids::{OrderNumber, TrackingNumber};
use super::text;
use super::transparency;
use serde::{Deserialize, Serialize};

/// A scan by its form. Whether a product code is known is the catalogue's business, not this module's.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub enum Scan {
    /// A product or case barcode, or anything without another form: looked up in the catalogue by its
    /// [`barcode_key`]. A valid UPC, EAN or GTIN is in its shortest form, anything else as scanned.
    Code(String),
    /// A transparency code of the forms A, B or D, normalised to what Amazon is sent. A form C serial has no
    /// form of its own: it comes as [`Scan::Code`].
    Transparency(String),
    /// `AZ:` or `ZA:` without exactly 26 letters or digits behind it, or a 38-character SGTIN whose GTIN has
    /// a wrong check digit: refused as damaged.
    DamagedTransparency(String),
    /// An Amazon order number, 3-7-7.
    Order(OrderNumber),
    /// A pick list, `TGL-n`.
    PickList(i64),
    /// A manifest, `TGM-n`.
    Manifest(i64),
    /// A tote, `TGT-…`.
    Tote(String),
    /// A box preset, `TGB-…`.
    BoxPreset(String),
    /// A command barcode.
    Command(Command),
    /// A user's badge, `TGU-…`, without that prefix.
    Badge(String),
    /// A tracking number of a known carrier, check digit right.
    Tracking(TrackingNumber),
}

/// What a command barcode (`TGC-…`) asks for. None confirms money.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Command {
    /// Opens the void dialog.
    Void,
    /// Prints the label again.
    Reprint,
    /// Asks for rates.
    Rates,
    /// Opens the dialog that buys.
    Finish,
    /// Leaves the order, or closes the dialog.
    Cancel,
    /// Opens the override dialog.
    Override,
    /// Closes the box and opens the next one.
    Next,
    /// Shows the boxes of the order.
    Boxes,
    /// Takes back the last scan, or a purchase that was not asked for yet.
    Undo,
    /// Opens the dialog that puts the order on hold.
    Hold,
}

/// Why the bytes are no scan.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum ScanError {
    /// Nothing but prefix and separators.
    #[error("empty scan: scan it again")]
    Empty,
    /// Longer than any code.
    #[error("that is {0} characters, longer than any code: two codes may have run together; scan it again")]
    TooLong(usize),
    /// A control character in the middle.
    #[error("damaged scan (control characters in it): scan it again")]
    Damaged,
    /// One of the station's own prefixes with something behind it that the station does not know.
    #[error("{0} is none of this station's codes: it may be damaged; scan it again or print a new one")]
    UnknownStationCode(String),
}

/// Longest scan, in characters: a QR code with an address of a page is the longest thing that is scanned.
pub const LONGEST: usize = 512;

/// The GS that stands between GS1 fields; wedges may send it as text.
const GS: char = '\u{1D}';

/// Classifies what a scanner (or a person with a keyboard) sent, without its Enter or with it.
///
/// The forms in order: transparency (also damaged), QR address of transparency, GS1 element string, the
/// station's own codes (`TGL-`, `TGM-`, `TGT-`, `TGB-`, `TGC-`, `TGU-`, in any case), order number, valid
/// UPC/EAN/GTIN, tracking number, and whatever is left is a code for the catalogue. A valid UPC or EAN is
/// never a tracking number, although one in ten would pass `FedEx`'s check as well.
pub fn classify(raw: &str) -> Result<Scan, ScanError> {
    let length = raw.chars().count();
    if length > LONGEST {
        return Err(ScanError::TooLong(length));
    }
    let (symbology, body) = strip_aim(trim(raw));
    let spelled = body.replace("<GS>", "\u{1D}").replace("^]", "\u{1D}");
    let body = trim(&spelled);
    if body.is_empty() {
        return Err(ScanError::Empty);
    }
    if body
        .chars()
        .any(|c| c != GS && (c.is_control() || text::hides(c)))
    {
        return Err(ScanError::Damaged);
    }
    let plain: String = body.chars().filter(|c| *c != GS).collect();
    if let Some(scan) = transparency_form(&plain) {
        return Ok(scan);
    }
    let is_gs1 = symbology.is_some_and(is_gs1_symbology);
    match gs1::read(body, is_gs1) {
        Some(gs1::Item::Serialised { gtin, serial }) => {
            return Ok(Scan::Transparency(format!("01{gtin}21{serial}")));
        }
        Some(gs1::Item::Damaged) => return Ok(Scan::DamagedTransparency(plain)),
        Some(gs1::Item::Product(gtin)) => return Ok(Scan::Code(shortest_gtin(&gtin))),
        None => {}
    }
    if let Some(own) = station_code(&plain) {
        return own;
    }
    if is_order_number(&plain) {
        return Ok(Scan::Order(OrderNumber(plain)));
    }
    if is_gtin(&plain) {
        return Ok(Scan::Code(shortest_gtin(&plain)));
    }
    if let Some(number) = tracking::read(&plain) {
        return Ok(Scan::Tracking(TrackingNumber(number)));
    }
    Ok(Scan::Code(plain))
}

/// The form in which product and case barcodes are compared, in the catalogue and in scans: a valid UPC, EAN
/// or GTIN in its shortest form (a UPC-A arrives as EAN-13 with a leading zero), anything else in upper case
/// (a scanner behind a caps-lock key turns letters). Transparency codes and serials are not compared so.
pub fn barcode_key(code: &str) -> String {
    let code = trim(code);
    if is_gtin(code) {
        shortest_gtin(code)
    } else {
        code.to_ascii_uppercase()
    }
}

/// A GTIN-8, UPC-A, EAN-13 or GTIN-14 with a right check digit; all zeros is none.
pub fn is_gtin(code: &str) -> bool {
    matches!(code.len(), 8 | 12 | 13 | 14)
        && check_digit_holds(code)
        && code.bytes().any(|digit| digit != b'0')
}

/// Digits that look like a product barcode and are none: of a GTIN's length with a wrong check digit (one digit
/// was misread, or it is a UPC-E), or a GTIN behind its application identifier, `01`.
pub fn is_misread_gtin(code: &str) -> bool {
    let digits = code.bytes().all(|byte| byte.is_ascii_digit());
    match code.len() {
        8 | 12 | 13 | 14 => digits && !is_gtin(code),
        16 => digits && code.strip_prefix("01").is_some_and(is_gtin),
        _ => false,
    }
}

/// Amazon's order number: 3-7-7 digits.
pub fn is_order_number(text: &str) -> bool {
    let bytes = text.as_bytes();
    bytes.len() == 19
        && bytes.iter().enumerate().all(|(at, byte)| match at {
            3 | 11 => *byte == b'-',
            _ => byte.is_ascii_digit(),
        })
}

/// A part of an order number, with a hyphen at its place.
pub fn is_cut_order_number(text: &str) -> bool {
    const FORM: &[u8] = b"ddd-ddddddd-ddddddd";
    let fits = |form: &[u8]| {
        text.bytes().zip(form).all(|(byte, wanted)| match wanted {
            b'd' => byte.is_ascii_digit(),
            hyphen => byte == *hyphen,
        })
    };
    text.len() < FORM.len() && text.contains('-') && FORM.windows(text.len()).any(fits)
}

/// A carrier's tracking number: UPS, USPS, `FedEx`, Amazon or the postal union's form, check digit right.
pub fn is_tracking_number(text: &str) -> bool {
    tracking::read(text).is_some()
}

/// GS1's check digit (mod 10, weights 3 and 1 from the right), over digits only.
fn check_digit_holds(code: &str) -> bool {
    code.bytes().all(|byte| byte.is_ascii_digit())
        && code
            .bytes()
            .rev()
            .enumerate()
            .map(|(at, digit)| value(digit, b'0') * if at % 2 == 0 { 1 } else { 3 })
            .sum::<u32>()
            % 10
            == 0
}

/// What a digit or letter counts in a check digit, from the one that counts 0.
fn value(sign: u8, zero: u8) -> u32 {
    u32::from(sign.wrapping_sub(zero))
}

/// A valid GTIN without the zeros that only pad it: 8, 12, 13 or 14 digits.
fn shortest_gtin(gtin: &str) -> String {
    let significant = gtin.trim_start_matches('0');
    let length = match significant.len() {
        0..=8 => 8,
        9..=12 => 12,
        other => other,
    };
    format!("{significant:0>length$}")
}

/// Without separators, line ends and blanks at both ends.
fn trim(text: &str) -> &str {
    text.trim_matches(|c: char| c.is_control() || c.is_whitespace() || c == '\u{FEFF}')
}

/// Splits off an AIM symbology identifier: `]`, a code letter, a modifier.
fn strip_aim(text: &str) -> (Option<(u8, u8)>, &str) {
    match text.as_bytes() {
        [b']', letter, modifier, ..] if letter.is_ascii_alphabetic() && modifier.is_ascii_alphanumeric() => {
            (Some((*letter, *modifier)), &text[3..])
        }
        _ => (None, text),
    }
}

/// The symbologies that carry GS1 element strings: GS1-128, GS1 `DataMatrix`, GS1 QR, `DataBar`.
fn is_gs1_symbology((letter, modifier): (u8, u8)) -> bool {
    matches!(
        (letter, modifier),
        (b'C', b'1') | (b'd', b'2') | (b'Q', b'3') | (b'e', _)
    )
}

/// Forms A and D, and damaged form A.
fn transparency_form(plain: &str) -> Option<Scan> {
    let upper = plain.to_ascii_uppercase();
    if upper.starts_with("AZ:") || upper.starts_with("ZA:") {
        return Some(match transparency::form(&upper) {
            Some(transparency::Form::Az) => Scan::Transparency(upper),
            _ => Scan::DamagedTransparency(upper),
        });
    }
    (transparency::form(plain) == Some(transparency::Form::Url)).then(|| Scan::Transparency(plain.to_owned()))
}

/// The station's own codes, by their prefixes in any case.
fn station_code(plain: &str) -> Option<Result<Scan, ScanError>> {
    let (prefix, value) = plain.split_at_checked(4)?;
    let prefix = prefix.to_ascii_uppercase();
    if !matches!(
        prefix.as_str(),
        "TGL-" | "TGM-" | "TGT-" | "TGB-" | "TGC-" | "TGU-"
    ) {
        return None;
    }
    let value = value.trim();
    let scan = match prefix.as_str() {
        _ if value.is_empty() => None,
        "TGL-" => value
            .parse()
            .ok()
            .filter(|number| *number > 0)
            .map(Scan::PickList),
        "TGM-" => value
            .parse()
            .ok()
            .filter(|number| *number > 0)
            .map(Scan::Manifest),
        "TGT-" => Some(Scan::Tote(value.to_owned())),
        "TGB-" => Some(Scan::BoxPreset(value.to_owned())),
        "TGC-" => Command::parse(value).map(Scan::Command),
        _ => Some(Scan::Badge(value.to_owned())),
    };
    Some(scan.ok_or_else(|| ScanError::UnknownStationCode(text::Clean::bounded(plain, 40))))
}

impl Command {
    /// The command by the word behind `TGC-`, in any case.
    fn parse(word: &str) -> Option<Self> {
        Some(match word.to_ascii_lowercase().as_str() {
            "void" => Self::Void,
            "reprint" => Self::Reprint,
            "rates" => Self::Rates,
            "finish" => Self::Finish,
            "cancel" => Self::Cancel,
            "override" => Self::Override,
            "next" => Self::Next,
            "boxes" => Self::Boxes,
            "undo" => Self::Undo,
            "hold" => Self::Hold,
            _ => return None,
        })
    }
}

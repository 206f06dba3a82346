//! From the bytes of a scanner to a classified scan: form first, so that the packer never picks a mode.
//!
//! AIM prefixes and GS separators are understood (devices-and-conventions.md 4).

use super::ids::{OrderNumber, TrackingNumber};
use serde::{Deserialize, Serialize};

/// A scan by its form. Whether a product code is known is the catalogue's business, not this module's.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub enum Scan {
    /// A product or case barcode, or anything without another form: looked up in the catalogue.
    Code(String),
    /// A transparency code in one of its four forms, normalised.
    Transparency(String),
    /// `AZ:` or `ZA:` without exactly 26 letters or digits behind it: refused as damaged.
    DamagedTransparency(String),
    /// An Amazon order number, 3-7-7.
    Order(OrderNumber),
    /// A pick list, `TGL-n`.
    PickList(i64),
    /// A tote, `TGT-…`.
    Tote(String),
    /// A box preset, `TGB-…`.
    BoxPreset(String),
    /// A command barcode.
    Command(Command),
    /// A user's badge, `TGU-…`.
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
}

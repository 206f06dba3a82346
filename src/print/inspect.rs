//! Is this a label? Looks at a document before it is printed, and once when it is bought.
//!
//! One account was sold blank labels, and fetching them again gave blank ones again (amazon.md 3.5.7): better
//! an alarm at the bench than a box without an address.

use super::{page, picture, zpl};
use crate::domain::seller::DocumentFormat;

/// Largest document that is looked at; a 4 by 6 inch label is far below.
const LARGEST: usize = 16 * 1024 * 1024;

/// What is wrong with a document. Never holds anything of it but the name of a printer's command.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum LabelFault {
    /// No bytes at all.
    #[error("the label is empty: fetch it again, or void it and buy another")]
    Empty,
    /// More bytes than any label has.
    #[error("the label has {0} bytes, more than any label: it is not printed; void it and buy another")]
    TooLarge(usize),
    /// Not the format that was bought.
    #[error("the label is not a {0} document: fetch it again, or void it and buy another")]
    NotThisFormat(&'static str),
    /// Its end is missing.
    #[error("the label is cut off ({0}): fetch it again")]
    Truncated(&'static str),
    /// It can be read, and shows nothing or no address.
    #[error("the label is blank ({0}): do not ship with it; fetch it again, or void it and buy another")]
    Blank(&'static str),
    /// It cannot be read.
    #[error("the label is damaged ({0}): fetch it again")]
    Damaged(&'static str),
    /// A printer command that no label needs.
    #[error(
        "the label holds the printer command {0}, which no label needs: it is not printed; call a supervisor"
    )]
    Command(String),
}

/// Looks whether the document is a whole label of this format that shows something. Costs milliseconds.
pub fn inspect(format: DocumentFormat, document: &[u8]) -> Result<(), LabelFault> {
    if document.is_empty() {
        return Err(LabelFault::Empty);
    }
    if document.len() > LARGEST {
        return Err(LabelFault::TooLarge(document.len()));
    }
    match format {
        DocumentFormat::Zpl => zpl::inspect(document),
        DocumentFormat::Png => picture::inspect(document),
        DocumentFormat::Pdf => page::inspect(document),
    }
}

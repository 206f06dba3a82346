//! Labels to paper: inspect, then send.
//!
//! Here live the printers and the inspection that every document passes before it reaches one. A label shows a
//! customer's address: no error, log line or file name of this room holds anything of a document. Nothing here
//! knows the store: which job is printed, and what a failure means for it, is decided outside. Nothing here
//! ever touches a purchase.

mod bars;
mod cards;
mod draw;
mod gap;
mod inspect;
mod own;
mod page;
mod pick_list;
mod picture;
mod slip;
mod spool;
mod strip;
mod zpl;

#[cfg(test)]
mod tests;

pub use cards::{Card, command_cards};
pub use draw::{draw, png};
pub use gap::{gap_document, gap_sheet};
pub use inspect::{LabelFault, inspect};
pub use pick_list::{pick_list, pick_list_document};

use crate::clock::SystemClock;
use crate::domain::picture::DrawnSheet;
use crate::domain::seller::DocumentFormat;
use crate::domain::slip::{Beside, Slip};
use spool::Patience;
use std::fmt;
use std::path::PathBuf;
use std::str::FromStr;

/// Where labels go.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Printer {
    /// A folder (the demo's printer): one file for each sheet. Made with mode 0700 where it is missing.
    Folder(PathBuf),
    /// A label printer that listens on a raw TCP port: `host:port`, usually port 9100. Speaks ZPL only.
    Raw(String),
    /// A CUPS queue, by its name.
    Cups(String),
}

/// Port of raw printing where none is given.
const RAW_PORT: u16 = 9100;

/// Why a sheet did not go to the printer, in the packer's words. Never holds anything of the document.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum PrintError {
    /// The document is not fit to be printed.
    #[error(transparent)]
    Label(#[from] LabelFault),
    /// The printer does not understand the format.
    #[error(
        "printer {printer} understands only ZPL and the label is a {format}: choose a CUPS printer for it"
    )]
    WrongLanguage {
        /// Which printer.
        printer: String,
        /// What the document is.
        format: &'static str,
    },
    /// Nothing answers at the printer's address. Nothing was printed.
    #[error(
        "printer {printer} does not answer ({why}): look whether it is on and connected, then print again"
    )]
    Unreachable {
        /// Which printer.
        printer: String,
        /// The machine's word for it.
        why: String,
    },
    /// It took a part of the label and then nothing more.
    #[error(
        "printer {printer} stopped after {sent} of {total} bytes: look at paper, ribbon and cover, and whether \
         the label came out, then print again"
    )]
    Stopped {
        /// Which printer.
        printer: String,
        /// Bytes that left.
        sent: usize,
        /// Bytes of the label.
        total: usize,
    },
    /// CUPS did not take the job.
    #[error(
        "CUPS queue {queue} did not take the label ({why}): look at the queue (lpstat -p), then print again"
    )]
    Queue {
        /// Which queue.
        queue: String,
        /// What `lp` said, clean and short.
        why: String,
    },
    /// The folder cannot be written.
    #[error("the label folder {folder} cannot be written ({why}): look at its rights and the disk's space")]
    Folder {
        /// Which folder.
        folder: String,
        /// The machine's word for it.
        why: String,
    },
    /// The strip with the purchase order number could not be drawn; nothing was printed.
    #[error("the strip with the purchase order number could not be drawn: print again")]
    Strip,
    /// A sheet of our own barcodes could not be drawn.
    #[error("a code on this sheet cannot be a barcode: letters, digits and - . _ / : + @ can")]
    Card,
    /// The sheet's name is not one of our own ids.
    #[error("a sheet's name has only letters, digits and hyphens, at most 225")]
    Name,
}

impl PrintError {
    /// A part of the label left for the printer: somebody must look whether it came out before it is printed
    /// again.
    pub fn may_have_printed(&self) -> bool {
        matches!(self, Self::Stopped { sent, .. } if *sent > 0)
    }
}

/// Inspects the document and sends it to the printer. Blocks until the printer has taken it, at most about two
/// minutes: call it where blocking is allowed. `name` is an own id (letters, digits, hyphens); it names the
/// file or the job. Ok means that the printer took every byte, not that paper came out.
///
/// `po` is a purchase order number for a strip of its own before the label: in ZPL in the same job, else as a sheet of
/// the name with `-po`. Where the strip fails nothing more is sent.
pub fn send(
    printer: &Printer,
    name: &str,
    format: DocumentFormat,
    document: &[u8],
    po: Option<&str>,
) -> Result<(), PrintError> {
    send_with(printer, name, format, document, Beside { po, slip: None })
}

/// As [`send`], with everything that is printed beside a label: the packing slip comes after it, in ZPL in the same
/// job, else as a sheet of the name with `-slip`.
pub fn send_with(
    printer: &Printer,
    name: &str,
    format: DocumentFormat,
    document: &[u8],
    beside: Beside<'_>,
) -> Result<(), PrintError> {
    check_name(name)?;
    inspect(format, document)?;
    let after = beside.slip.map(|slip| slip::sheet(format, slip)).transpose()?;
    if format == DocumentFormat::Zpl {
        let mut job = zeroize::Zeroizing::new(match beside.po {
            Some(number) => strip::sheet(format, number)?,
            None => Vec::new(),
        });
        job.extend_from_slice(document);
        if let Some(slip) = &after {
            job.push(b'\n');
            job.extend_from_slice(slip);
        }
        return deliver(printer, name, format, &job);
    }
    if let Some(number) = beside.po {
        let strip = zeroize::Zeroizing::new(strip::sheet(format, number)?);
        deliver(printer, &format!("{name}-po"), format, &strip)?;
    }
    deliver(printer, name, format, document)?;
    match after {
        Some(slip) => deliver(printer, &format!("{name}-slip"), DocumentFormat::Pdf, &slip),
        None => Ok(()),
    }
}

/// Draws all that [`send_with`] would print, in its order, to be looked at: the strip, the label, the slip. Costs some ten
/// milliseconds.
pub fn draw_with(format: DocumentFormat, document: &[u8], beside: Beside<'_>) -> Vec<DrawnSheet> {
    let mut sheets = Vec::new();
    let own = |title: &str, sheet: Result<zeroize::Zeroizing<Vec<u8>>, PrintError>| match sheet {
        Ok(sheet) => draw(
            if format == DocumentFormat::Zpl {
                DocumentFormat::Zpl
            } else {
                DocumentFormat::Pdf
            },
            &sheet,
            title,
        ),
        Err(_) => Vec::new(),
    };
    if let Some(number) = beside.po {
        let strip = strip::sheet(format, number).map(zeroize::Zeroizing::new);
        // A strip is of the label's own language, also where that is a picture.
        sheets.extend(strip.map_or_else(|_| Vec::new(), |strip| draw(format, &strip, "PO number strip")));
    }
    let mut label = draw(format, document, "Label");
    if let (Err(fault), Some(first)) = (inspect(format, document), label.first_mut()) {
        first.notes.insert(0, format!("NOT PRINTED: {fault}"));
    }
    sheets.extend(label);
    if let Some(slip) = beside.slip {
        sheets.extend(own("Packing slip", slip::sheet(format, slip)));
    }
    sheets
}

/// A packing slip as a document of this language; what is no ZPL is pages (PDF).
pub fn slip(format: DocumentFormat, slip: &Slip) -> Result<zeroize::Zeroizing<Vec<u8>>, PrintError> {
    slip::sheet(format, slip)
}

/// A sheet of our own barcodes as a document of this language; what is no ZPL is pages (PDF).
pub fn cards(format: DocumentFormat, title: &str, cards: &[Card]) -> Result<Vec<u8>, PrintError> {
    cards::sheet(format, title, cards)
}

/// The strip with a purchase order number as a document of this language.
pub fn po_strip(format: DocumentFormat, number: &str) -> Result<Vec<u8>, PrintError> {
    strip::sheet(format, number)
}

/// Longest name of a sheet: with what the folder adds it is a file's.
const LONGEST_NAME: usize = 225;

/// A sheet's name names a file or a job: it is one of our own ids, whoever made it.
fn check_name(name: &str) -> Result<(), PrintError> {
    let is_own = |byte: u8| byte.is_ascii_alphanumeric() || byte == b'-';
    if name.is_empty() || name.len() > LONGEST_NAME || name.starts_with('-') || !name.bytes().all(is_own) {
        return Err(PrintError::Name);
    }
    Ok(())
}

/// Hands over a sheet that the program made itself. Blocks as [`send`] does.
pub fn send_own(
    printer: &Printer,
    name: &str,
    format: DocumentFormat,
    document: &[u8],
) -> Result<(), PrintError> {
    check_name(name)?;
    deliver(printer, name, format, document)
}

/// A sheet that is no label.
#[derive(Debug, Clone, Copy)]
pub enum Paper<'a> {
    /// Lines under a barcode.
    Slip(&'a Slip),
    /// A page that Amazon made (PDF), inspected before it is sent.
    Page(&'a [u8]),
}

/// Hands over a sheet that is no label: lines in ZPL where the printer speaks it (a raw one speaks nothing else), else as
/// pages. Blocks as [`send`] does.
pub fn send_paper(printer: &Printer, name: &str, zpl: bool, paper: Paper<'_>) -> Result<(), PrintError> {
    check_name(name)?;
    match paper {
        Paper::Slip(slip) => {
            let format = if zpl || matches!(printer, Printer::Raw(_)) {
                DocumentFormat::Zpl
            } else {
                DocumentFormat::Pdf
            };
            deliver(printer, name, format, &slip::sheet(format, slip)?)
        }
        Paper::Page(page) => {
            inspect(DocumentFormat::Pdf, page)?;
            deliver(printer, name, DocumentFormat::Pdf, page)
        }
    }
}

/// Hands a sheet over as it is.
fn deliver(printer: &Printer, name: &str, format: DocumentFormat, document: &[u8]) -> Result<(), PrintError> {
    let patience = Patience::default();
    match printer {
        Printer::Folder(folder) => spool::to_folder(folder, name, format, document),
        Printer::Raw(_) if format != DocumentFormat::Zpl => Err(PrintError::WrongLanguage {
            printer: printer.to_string(),
            format: format_name(format),
        }),
        Printer::Raw(address) => spool::to_socket(address, document, &patience, &SystemClock::new()),
        Printer::Cups(queue) => spool::to_queue(
            "lp".as_ref(),
            queue,
            name,
            format,
            document,
            &patience,
            &SystemClock::new(),
        ),
    }
}

/// What a format is called.
fn format_name(format: DocumentFormat) -> &'static str {
    match format {
        DocumentFormat::Zpl => "ZPL",
        DocumentFormat::Png => "PNG",
        DocumentFormat::Pdf => "PDF",
    }
}

impl fmt::Display for Printer {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Folder(folder) => write!(f, "folder:{}", folder.display()),
            Self::Raw(address) => write!(f, "raw:{address}"),
            Self::Cups(queue) => write!(f, "cups:{queue}"),
        }
    }
}

impl FromStr for Printer {
    type Err = String;

    /// Reads `folder:PATH`, `raw:HOST` or `raw:HOST:PORT`, `cups:QUEUE`.
    fn from_str(text: &str) -> Result<Self, String> {
        let wrong = |why: &str| {
            Err(format!(
                "{text:?} is no printer ({why}): folder:PATH, raw:HOST:PORT or cups:QUEUE"
            ))
        };
        match text.split_once(':') {
            Some((_, "")) => wrong("nothing after the colon"),
            Some(("folder", path)) => Ok(Self::Folder(PathBuf::from(path))),
            Some(("raw", address)) => {
                if address
                    .chars()
                    .any(|c| c.is_whitespace() || c.is_control() || c == '/')
                {
                    return wrong("not a host and port");
                }
                let ends_with_port = address.rsplit_once(':').is_some_and(|(host, port)| {
                    !host.is_empty() && !host.ends_with(':') && port.parse::<u16>().is_ok()
                });
                Ok(Self::Raw(if ends_with_port {
                    address.to_owned()
                } else {
                    format!("{address}:{RAW_PORT}")
                }))
            }
            Some(("cups", queue)) if spool::is_queue_name(queue) => Ok(Self::Cups(queue.to_owned())),
            Some(("cups", _)) => wrong("a queue's name has no blanks, slashes or leading hyphen"),
            _ => wrong("unknown kind"),
        }
    }
}

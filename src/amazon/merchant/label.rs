//! A `Label`: Base64 of gzip of the file, with an MD5 (amazon.md 2.8). Unpacked within limits, told by its first
//! bytes, and looked at closely enough to know when it is not to be trusted.

use crate::amazon::body::LARGEST;
use crate::amazon::shipping::decode;
use crate::amazon::wire::{Maybe, Opaque, Text};
use crate::domain::intent::Document;
use crate::domain::sealed::DocumentBytes;
use crate::domain::seller::DocumentFormat;
use md5::{Digest, Md5};
use serde::Deserialize;
use std::io::Read;

const GZIP: [u8; 2] = [0x1f, 0x8b];

#[derive(Default, Deserialize)]
#[serde(rename_all = "PascalCase", default)]
pub(super) struct WireLabel {
    file_contents: Maybe<WireFile>,
    label_format: Text,
}

#[derive(Default, Deserialize)]
#[serde(rename_all = "PascalCase", default)]
struct WireFile {
    contents: Opaque,
    file_type: Text,
    checksum: Text,
}

impl WireLabel {
    /// The label, and notes on what is wrong with it. A canceled shipment's is empty, and so are its kind and its
    /// checksum.
    pub(super) fn read(self, troubles: &mut Vec<String>) -> Vec<Document> {
        let file = self.file_contents.or_empty();
        if file.contents.0.trim().is_empty() {
            troubles.push("Amazon sent no label".to_owned());
            return Vec::new();
        }
        let unpacked = decode(&file.contents.0).map(|packed| {
            let plain = unpacked(&packed);
            (packed, plain)
        });
        let (packed, plain) = match unpacked {
            None => {
                troubles.push("the label cannot be decoded".to_owned());
                return Vec::new();
            }
            Some((_, Err(why))) => {
                troubles.push(why.to_owned());
                return Vec::new();
            }
            Some((packed, Ok(plain))) => (packed, plain),
        };
        if !fits(&file.checksum.0, &[&plain.0, &packed.0]) {
            troubles.push("the label is not what its checksum says: it was damaged on the way".to_owned());
        }
        let said = of_file_type(&file.file_type.0).or_else(|| of_label_format(&self.label_format.0));
        let seen = of_first_bytes(&plain.0);
        let format = match (said, seen) {
            (Some(said), Some(seen)) if said != seen => {
                troubles.push("the label is of another kind than Amazon says".to_owned());
                seen
            }
            (_, Some(seen)) => seen,
            (Some(_), None) => {
                troubles.push("the label is not of the kind that Amazon says".to_owned());
                return Vec::new();
            }
            (None, None) => {
                troubles.push("the label has a format that is not known".to_owned());
                return Vec::new();
            }
        };
        vec![Document {
            format,
            kind: "LABEL".to_owned(),
            bytes: plain,
        }]
    }
}

/// Unpacks gzip up to the limit. What is no gzip is taken as it is: its first bytes are judged like any other's.
fn unpacked(packed: &DocumentBytes) -> Result<DocumentBytes, &'static str> {
    if !packed.0.starts_with(&GZIP) {
        return Ok(DocumentBytes(packed.0.clone()));
    }
    let limit = u64::try_from(LARGEST).unwrap_or(u64::MAX) + 1;
    let mut plain = DocumentBytes(Vec::new());
    let read = flate2::read::MultiGzDecoder::new(packed.0.as_slice())
        .take(limit)
        .read_to_end(&mut plain.0);
    if plain.0.len() > LARGEST {
        return Err("the label is larger than any label");
    }
    match read {
        Ok(_) if plain.0.is_empty() => Err("the label is empty"),
        Ok(_) => Ok(plain),
        Err(_) => Err("the label cannot be unpacked: it is cut off or damaged"),
    }
}

/// The checksum is of one of these; or there is none. Amazon does not say whether it covers the packed or the
/// unpacked file, nor was it seen in production, so either will do, in Base64 or in hexadecimal digits.
fn fits(checksum: &str, candidates: &[&[u8]]) -> bool {
    let checksum = checksum.trim();
    if checksum.is_empty() {
        return true;
    }
    let said = decode(checksum).map(|bytes| bytes.0.clone());
    candidates.iter().any(|bytes| {
        let sum = Md5::digest(bytes);
        let digits = sum
            .iter()
            .fold(String::new(), |digits, byte| digits + &format!("{byte:02x}"));
        said.as_deref() == Some(sum.as_slice()) || checksum.eq_ignore_ascii_case(&digits)
    })
}

fn of_file_type(word: &str) -> Option<DocumentFormat> {
    match word {
        "application/pdf" => Some(DocumentFormat::Pdf),
        "application/zpl" => Some(DocumentFormat::Zpl),
        "image/png" => Some(DocumentFormat::Png),
        _ => None,
    }
}

fn of_label_format(word: &str) -> Option<DocumentFormat> {
    match word {
        "PDF" => Some(DocumentFormat::Pdf),
        "PNG" => Some(DocumentFormat::Png),
        "ZPL203" | "ZPL300" => Some(DocumentFormat::Zpl),
        _ => None,
    }
}

fn of_first_bytes(bytes: &[u8]) -> Option<DocumentFormat> {
    if bytes.starts_with(b"%PDF") {
        Some(DocumentFormat::Pdf)
    } else if bytes.starts_with(b"\x89PNG") {
        Some(DocumentFormat::Png)
    } else if bytes.windows(3).any(|three| three == b"^XA") {
        Some(DocumentFormat::Zpl)
    } else {
        None
    }
}

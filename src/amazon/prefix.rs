//! What can be read of an answer that was cut off: scalars that arrived whole, by key, in order. So a shipment
//! that Amazon has sold is never forgotten because its label did not come through.

use super::body::{self, LARGEST, Received};
use super::wire::Text;
use std::io::Read;

/// Unpacks gzip as far as it goes, up to the limit.
pub(super) fn unpacked(received: Received) -> Received {
    let mut bytes = Vec::new();
    let limit = u64::try_from(LARGEST).unwrap_or(u64::MAX) + 1;
    let read = flate2::read::MultiGzDecoder::new(received.bytes.as_slice())
        .take(limit)
        .read_to_end(&mut bytes);
    let trouble = if bytes.len() > LARGEST {
        bytes.truncate(LARGEST);
        Some(format!("larger than {} MiB", LARGEST / 1024 / 1024))
    } else {
        received
            .trouble
            .or_else(|| read.is_err().then(|| "the answer cannot be unpacked".to_owned()))
    };
    Received { bytes, trouble }
}

/// One whole scalar: its key and its JSON text (strings with their quotes).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Field<'a> {
    pub(super) key: &'a [u8],
    pub(super) value: &'a [u8],
    /// Objects and lists around it.
    pub(super) depth: usize,
}

impl Field<'_> {
    /// The value's clean text; none where it is empty or null.
    pub(super) fn text(&self) -> Option<String> {
        let text: Text = body::read(self.value).ok()?;
        let text = text.0.trim();
        (!text.is_empty()).then(|| text.to_owned())
    }
}

/// Reads the whole scalars of objects at the beginning of `bytes`, up to where it ends or stops being JSON.
/// A number counts only when something follows it.
pub(super) fn fields(bytes: &[u8]) -> Vec<Field<'_>> {
    let mut found = Vec::new();
    let mut depth = 0_usize;
    // The last whole string, and whether a colon followed it: then it is a key.
    let mut last: Option<&[u8]> = None;
    let mut key: Option<&[u8]> = None;
    let mut at = 0;
    while let Some(&byte) = bytes.get(at) {
        match byte {
            b'"' => {
                let Some(end) = string_end(bytes, at) else {
                    return found;
                };
                let text = &bytes[at..end];
                if let Some(key) = key.take() {
                    found.push(Field {
                        key,
                        value: text,
                        depth,
                    });
                    last = None;
                } else {
                    last = Some(&text[1..text.len() - 1]);
                }
                at = end;
                continue;
            }
            b':' => key = last.take(),
            b'{' | b'[' => {
                depth += 1;
                (key, last) = (None, None);
            }
            b'}' | b']' => {
                depth = depth.saturating_sub(1);
                (key, last) = (None, None);
            }
            b',' => (key, last) = (None, None),
            b' ' | b'\t' | b'\r' | b'\n' => {}
            _ => {
                let length = bytes[at..]
                    .iter()
                    .position(|byte| matches!(byte, b',' | b'}' | b']' | b' ' | b'\t' | b'\r' | b'\n'));
                let Some(length) = length else { return found };
                if length == 0 {
                    return found;
                }
                if let Some(key) = key.take() {
                    let value = &bytes[at..at + length];
                    found.push(Field { key, value, depth });
                }
                at += length;
                continue;
            }
        }
        at += 1;
    }
    found
}

/// Behind the closing quote of the string that begins at `start`.
fn string_end(bytes: &[u8], start: usize) -> Option<usize> {
    let mut at = start + 1;
    loop {
        match bytes.get(at)? {
            b'"' => return Some(at + 1),
            b'\\' => at += 2,
            _ => at += 1,
        }
    }
}

#[cfg(test)]
mod tests;

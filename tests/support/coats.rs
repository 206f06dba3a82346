//! Looks for texts in bytes, in whatever coat they may wear: plain, case folded, as UTF-16, behind base64, gzip, Flate
//! and ZPL's `^FH`.

use base64::Engine as _;
use flate2::read::{MultiGzDecoder, ZlibDecoder};
use std::collections::BTreeSet;
use std::io::Read as _;

/// Which canaries stand in these bytes, in whatever coat. They are lower case, and longer than a few letters.
pub(crate) fn found(bytes: &[u8], canaries: &[String]) -> Vec<String> {
    // By their first two bytes: most places of a large file hold none of them.
    let mut by_begin: Vec<Vec<usize>> = vec![Vec::new(); 1 << 16];
    let begin = |pair: &[u8]| usize::from(pair[0]) << 8 | usize::from(pair[1]);
    for (place, canary) in canaries.iter().enumerate() {
        by_begin[begin(canary.as_bytes())].push(place);
    }
    let mut hits = BTreeSet::new();
    for coat in coats(bytes, 2) {
        let text = String::from_utf8_lossy(&coat).to_lowercase();
        let text = text.as_bytes();
        for (at, pair) in text.windows(2).enumerate() {
            for place in &by_begin[begin(pair)] {
                if text[at..].starts_with(canaries[*place].as_bytes()) {
                    hits.insert(canaries[*place].clone());
                }
            }
        }
    }
    hits.into_iter().collect()
}

/// The bytes as they are and as they may be meant; `depth` coats deep.
pub(crate) fn coats(bytes: &[u8], depth: u8) -> Vec<Vec<u8>> {
    let mut all = vec![bytes.to_vec(), hex_escapes(bytes)];
    all.push(bytes.iter().copied().filter(|byte| *byte != 0).collect());
    if depth == 0 {
        return all;
    }
    let base64 = base64::engine::general_purpose::STANDARD;
    let is_base64 = |byte: &u8| byte.is_ascii_alphanumeric() || b"+/=".contains(byte);
    for run in bytes.split(|byte| !is_base64(byte)).filter(|run| run.len() >= 16) {
        let whole = &run[..run.len() / 4 * 4];
        if let Ok(inner) = base64.decode(whole) {
            all.extend(coats(&inner, depth - 1));
        }
    }
    for (at, pair) in bytes.windows(2).enumerate() {
        let mut inner = Vec::new();
        match pair {
            [0x1F, 0x8B] => drop(
                MultiGzDecoder::new(&bytes[at..])
                    .take(1 << 22)
                    .read_to_end(&mut inner),
            ),
            [0x78, 0x01 | 0x5E | 0x9C | 0xDA] => {
                drop(
                    ZlibDecoder::new(&bytes[at..])
                        .take(1 << 22)
                        .read_to_end(&mut inner),
                );
            }
            _ => continue,
        }
        if inner.len() >= 6 {
            all.extend(coats(&inner, depth - 1));
        }
    }
    all
}

/// ZPL's `_20` as the byte that it stands for.
fn hex_escapes(bytes: &[u8]) -> Vec<u8> {
    let digit = |byte: u8| {
        char::from(byte)
            .to_digit(16)
            .and_then(|digit| u8::try_from(digit).ok())
    };
    let mut out = Vec::with_capacity(bytes.len());
    let mut at = 0;
    while at < bytes.len() {
        let escaped = (bytes[at] == b'_' && at + 2 < bytes.len())
            .then(|| digit(bytes[at + 1]).zip(digit(bytes[at + 2])))
            .flatten();
        if let Some((high, low)) = escaped {
            out.push(high * 16 + low);
            at += 3;
        } else {
            out.push(bytes[at]);
            at += 1;
        }
    }
    out
}

//! Graphics of a label (`^GF`): rows of dots in hexadecimal, plain, packed (`:Z64:`, `:B64:`) or binary. What they
//! unpack to is bounded by the sheet, whatever they say of their size.

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use flate2::read::ZlibDecoder;
use std::io::Read;

/// Most bytes of a graphic: a label of 600 dots an inch.
const MOST: usize = 2 * 1024 * 1024;
/// Most bytes in a row.
const WIDEST: usize = 1500;

/// A graphic: bytes of a row, and rows, a bit for each dot.
pub(super) struct Graphic {
    pub(super) row: usize,
    pub(super) bytes: Vec<u8>,
}

/// Reads the parameters and data of a `^GF`. Words where it cannot be drawn.
pub(super) fn read(parameters: &[u8]) -> Result<Graphic, &'static str> {
    let mut parts = parameters.splitn(5, |byte| *byte == b',');
    let kind = parts
        .next()
        .and_then(|kind| kind.first())
        .copied()
        .unwrap_or(b'A');
    let mut size = || {
        let digits = std::str::from_utf8(parts.next()?).ok()?;
        digits.trim().parse::<usize>().ok()
    };
    let (_, total, row) = (size(), size(), size());
    let data = parts.next().unwrap_or_default();
    let row = row.filter(|row| (1..=WIDEST).contains(row));
    let row = row.ok_or("a picture in it does not say how wide it is")?;
    let total = total.unwrap_or(MOST).min(MOST);
    let mut bytes = match kind.to_ascii_uppercase() {
        b'B' => data.to_vec(),
        b'C' if !is_packed(data) => inflated(data, total)?,
        _ if is_packed(data) => packed(data, total)?,
        _ => hexadecimal(data, row, total),
    };
    bytes.truncate(total);
    Ok(Graphic { row, bytes })
}

fn trimmed(data: &[u8]) -> &[u8] {
    data.trim_ascii_start()
}

fn is_packed(data: &[u8]) -> bool {
    let data = trimmed(data);
    data.starts_with(b":Z64:") || data.starts_with(b":B64:")
}

/// `:Z64:` (deflated) and `:B64:`, each in base 64 with a checksum after a colon.
fn packed(data: &[u8], most: usize) -> Result<Vec<u8>, &'static str> {
    let data = trimmed(data);
    let deflated = data.starts_with(b":Z64:");
    let body = &data[5..];
    let end = body.iter().position(|byte| *byte == b':').unwrap_or(body.len());
    let text: Vec<u8> = body[..end]
        .iter()
        .filter(|byte| !byte.is_ascii_whitespace())
        .copied()
        .take(MOST * 2)
        .collect();
    let bytes = STANDARD.decode(text).map_err(|_| "a picture in it is damaged")?;
    if deflated {
        inflated(&bytes, most)
    } else {
        Ok(bytes)
    }
}

fn inflated(data: &[u8], most: usize) -> Result<Vec<u8>, &'static str> {
    let mut bytes = Vec::new();
    let most = u64::try_from(most).unwrap_or(u64::MAX);
    let read = ZlibDecoder::new(data).take(most).read_to_end(&mut bytes);
    match read {
        Ok(_) => Ok(bytes),
        Err(_) if !bytes.is_empty() => Ok(bytes),
        Err(_) => Err("a picture in it is damaged, or packed in a way of its own"),
    }
}

/// Hexadecimal with its short forms: a letter before a digit repeats it, `,` fills the row with paper, `!` with ink,
/// `:` repeats the row above.
fn hexadecimal(data: &[u8], row: usize, most: usize) -> Vec<u8> {
    let mut nibbles: Vec<u8> = Vec::new();
    let (wide, most) = (row * 2, most * 2);
    let mut times = 0_usize;
    for byte in data {
        if nibbles.len() >= most {
            break;
        }
        match byte {
            b'G'..=b'Y' => times += usize::from(byte - b'G') + 1,
            b'g'..=b'z' => times += (usize::from(byte - b'g') + 1) * 20,
            b',' | b'!' => {
                let rest = wide - nibbles.len() % wide;
                nibbles.resize(nibbles.len() + rest, if *byte == b',' { 0 } else { 15 });
                times = 0;
            }
            b':' => {
                let from = nibbles.len().saturating_sub(wide);
                nibbles.extend_from_within(from..);
                times = 0;
            }
            _ => {
                if let Some(digit) = char::from(*byte).to_digit(16) {
                    let times = std::mem::take(&mut times).max(1).min(most);
                    nibbles.resize(nibbles.len() + times, u8::try_from(digit).unwrap_or(0));
                }
            }
        }
    }
    nibbles.truncate(most);
    nibbles
        .chunks(2)
        .map(|pair| pair[0] << 4 | pair.get(1).copied().unwrap_or(0))
        .collect()
}

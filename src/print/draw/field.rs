//! A field of a label while it is described: where it stands, its letters or code, its data.

use super::canvas::Way;
use super::letters::Size;

/// Longest data of a field that is drawn.
const LONGEST: usize = 3000;

/// A block of lines (`^FB`).
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Paragraph {
    pub(super) width: i64,
    pub(super) lines: usize,
    pub(super) apart: i64,
    pub(super) justify: char,
}

/// A barcode command and its parameters.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Code {
    pub(super) kind: u8,
    pub(super) parts: Vec<String>,
}

impl Code {
    pub(super) fn letter(&self, place: usize) -> Option<char> {
        self.parts.get(place)?.chars().next()
    }

    pub(super) fn number(&self, place: usize) -> Option<i64> {
        let number = self.parts.get(place)?.parse::<i64>().ok()?;
        Some(number.clamp(0, 32_000))
    }
}

/// A field.
#[derive(Default)]
pub(super) struct Field {
    pub(super) at: (i64, i64),
    /// The place is the foot of the letters, not the upper corner.
    pub(super) on_base: bool,
    /// The place is the right corner.
    pub(super) right: bool,
    pub(super) reversed: bool,
    pub(super) escape: Option<u8>,
    pub(super) font: Option<(Way, Size)>,
    pub(super) paragraph: Option<Paragraph>,
    pub(super) code: Option<Code>,
    data: Option<Vec<u8>>,
}

impl Field {
    pub(super) fn take_data(&mut self, data: &[u8]) {
        self.data = Some(data[..data.len().min(LONGEST)].to_vec());
    }

    /// The data as text, its hexadecimal undone. None where there is none.
    pub(super) fn text(&self) -> Option<String> {
        let data = self.data.as_ref()?;
        let mut bytes = Vec::with_capacity(data.len());
        let mut rest = data.as_slice();
        while let [first, tail @ ..] = rest {
            let pair = tail.get(..2).and_then(|digits| std::str::from_utf8(digits).ok());
            let byte = pair
                .filter(|_| self.escape == Some(*first))
                .and_then(|digits| u8::from_str_radix(digits, 16).ok());
            if let Some(byte) = byte {
                bytes.push(byte);
                rest = &tail[2..];
                continue;
            }
            // Line ends in the document are no part of it.
            if !matches!(first, b'\r' | b'\n') {
                bytes.push(*first);
            }
            rest = tail;
        }
        Some(match String::from_utf8(bytes) {
            Ok(text) => text,
            Err(error) => error.into_bytes().into_iter().map(char::from).collect(),
        })
    }

    /// Its lines: one, or as the paragraph breaks them.
    pub(super) fn lines(&self, text: &str, size: Size) -> Vec<String> {
        let Some(paragraph) = &self.paragraph else {
            return vec![text.to_owned()];
        };
        let mut lines: Vec<String> = Vec::new();
        for piece in text.split("\\&") {
            let mut line = String::new();
            for word in piece.split(' ') {
                let longer = if line.is_empty() {
                    word.to_owned()
                } else {
                    format!("{line} {word}")
                };
                if line.is_empty() || paragraph.width == 0 || size.length(&longer) <= paragraph.width {
                    line = longer;
                } else {
                    lines.push(std::mem::replace(&mut line, word.to_owned()));
                }
                if lines.len() >= paragraph.lines {
                    break;
                }
            }
            lines.push(line);
            if lines.len() >= paragraph.lines {
                break;
            }
        }
        lines.truncate(paragraph.lines);
        lines
    }

    /// The upper left corner on the sheet of something of this length and height that runs this way; `base` is how far
    /// below its top it stands on the place that `^FT` names.
    pub(super) fn corner(&self, way: Way, (length, height): (i64, i64), base: i64) -> (i64, i64) {
        let (x, y) = self.at;
        if self.on_base {
            let below = height - base;
            return match way {
                Way::Right => (x - if self.right { length } else { 0 }, y - base),
                Way::Down => (x - below, y),
                Way::Back => (x - length, y - below),
                Way::Up => (x - base, y - length),
            };
        }
        if self.right {
            let wide = if matches!(way, Way::Right | Way::Back) {
                length
            } else {
                height
            };
            return (x - wide, y);
        }
        (x, y)
    }
}

//! Scales: bytes to readings (devices-and-conventions.md 5), and the reading of them.
//!
//! Here live the parsers of five protocols, pure and without a bound that a scale could break, and `reader`, the
//! threads that read a real one. When a reading is a weight is `domain::scale`'s rule.

mod reader;

pub use reader::start;

use crate::domain::scale::Reading;
use crate::domain::units::{Weight, WeightUnit};
use std::path::PathBuf;

/// Longest message of any protocol; what is longer is thrown away.
const LONGEST: usize = 64;

/// How a scale speaks.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Protocol {
    /// USB HID point of sale, read from a hidraw file: report id, status, unit, exponent, value.
    UsbHid,
    /// NCI: asked with `W` and carriage return.
    Nci,
    /// Mettler Toledo 8217 (ECR): asked with `W`.
    Toledo,
    /// Mettler Toledo, continuous output.
    ToledoContinuous,
    /// Mettler MT-SICS: asked with `SI`.
    Sics,
    /// A text file with a weight as a person types it; an empty one is an empty scale. For the demo and tests.
    File,
}

/// A scale of this bench.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Scale {
    /// How it speaks.
    pub protocol: Protocol,
    /// Device file.
    pub path: PathBuf,
    /// Speed of a serial line, in bits a second.
    pub baud: u32,
}

impl Protocol {
    /// Every protocol with its word in the configuration.
    pub const ALL: [(&'static str, Self); 6] = [
        ("usb-hid", Self::UsbHid),
        ("nci", Self::Nci),
        ("toledo", Self::Toledo),
        ("toledo-continuous", Self::ToledoContinuous),
        ("sics", Self::Sics),
        ("file", Self::File),
    ];

    /// The protocol by its word.
    pub fn from_word(word: &str) -> Option<Self> {
        let mut all = Self::ALL.into_iter();
        all.find(|(known, _)| *known == word)
            .map(|(_, protocol)| protocol)
    }

    /// What asks the scale for its weight; none: it speaks by itself.
    pub fn question(self) -> Option<&'static [u8]> {
        match self {
            Self::Nci => Some(b"W\r"),
            Self::Toledo => Some(b"W"),
            Self::Sics => Some(b"SI\r\n"),
            Self::UsbHid | Self::ToledoContinuous | Self::File => None,
        }
    }

    /// It is read from a serial line.
    pub fn is_serial(self) -> bool {
        !matches!(self, Self::UsbHid | Self::File)
    }
}

/// Bytes that were read and belong to no whole message yet.
#[derive(Debug, Clone)]
pub struct Parser {
    protocol: Protocol,
    waiting: Vec<u8>,
}

impl Parser {
    /// Nothing was read.
    pub fn new(protocol: Protocol) -> Self {
        Self {
            protocol,
            waiting: Vec::new(),
        }
    }

    /// The readings that these bytes end, in order. Bytes that fit nothing are dropped.
    pub fn take(&mut self, bytes: &[u8]) -> Vec<Reading> {
        match self.protocol {
            // One read is one report.
            Protocol::UsbHid => report(bytes).into_iter().collect(),
            Protocol::File => vec![text_file(bytes)],
            Protocol::Nci => self.messages(bytes, 0x03, nci),
            Protocol::Toledo => self.messages(bytes, b'\r', toledo),
            Protocol::ToledoContinuous => self.messages(bytes, b'\r', toledo_continuous),
            Protocol::Sics => self.messages(bytes, b'\n', sics),
        }
    }

    fn messages(&mut self, bytes: &[u8], end: u8, read: fn(&[u8]) -> Option<Reading>) -> Vec<Reading> {
        let mut readings = Vec::new();
        for byte in bytes {
            if *byte == end {
                readings.extend(read(&self.waiting));
                self.waiting.clear();
            } else if self.waiting.len() < LONGEST {
                self.waiting.push(*byte);
            } else {
                self.waiting.clear();
            }
        }
        readings
    }
}

/// A weight or an empty scale: what a steady number means.
fn steady(thousandths: i64, unit: WeightUnit) -> Reading {
    match thousandths {
        0 => Reading::Empty,
        ..0 => Reading::Negative,
        _ => Reading::Steady(Weight { thousandths, unit }),
    }
}

/// `value` times ten to the `exponent`, in thousandths; none where it is beyond any scale or finer than a thousandth.
fn scaled(value: i64, exponent: i8) -> Option<i64> {
    let power = i32::from(exponent) + 3;
    if !(-9..=9).contains(&power) {
        return None;
    }
    let factor = 10_i64.pow(power.unsigned_abs());
    if power >= 0 {
        value.checked_mul(factor)
    } else {
        // Finer than a thousandth of an ounce or gram: rounded up, as carriers do.
        Some(value / factor + i64::from(value % factor > 0))
    }
}

/// A report of the USB point-of-sale page: id, status, unit, signed exponent, value with its low byte first. Only
/// status 4 is a weight.
fn report(bytes: &[u8]) -> Option<Reading> {
    let [_, status, unit, exponent, low, high, ..] = *bytes else {
        return None;
    };
    let unit = match unit {
        2 => WeightUnit::G,
        3 => WeightUnit::Kg,
        0x0B => WeightUnit::Oz,
        0x0C => WeightUnit::Lb,
        _ => return Some(Reading::Fault),
    };
    Some(match status {
        2 => Reading::Empty,
        3 => Reading::Moving,
        4 => {
            let value = i64::from(u16::from_le_bytes([low, high]));
            match scaled(value, i8::from_le_bytes([exponent])) {
                Some(thousandths) => steady(thousandths, unit),
                None => Reading::Fault,
            }
        }
        5 => Reading::Negative,
        6 => Reading::Over,
        _ => Reading::Fault,
    })
}

/// A file's text: a weight as a person types it.
fn text_file(bytes: &[u8]) -> Reading {
    let text = String::from_utf8_lossy(bytes);
    match text.trim() {
        "" => Reading::Empty,
        "moving" => Reading::Moving,
        text => Weight::parse(text).map_or(Reading::Fault, Reading::Steady),
    }
}

/// Text without control characters.
fn printable(bytes: &[u8]) -> String {
    bytes
        .iter()
        .map(|byte| byte & 0x7F)
        .filter(|byte| (0x20..0x7F).contains(byte))
        .map(char::from)
        .collect()
}

/// A signed decimal number in thousandths.
fn number(text: &str) -> Option<i64> {
    let text = text.trim();
    let (sign, digits) = match text.strip_prefix('-') {
        Some(rest) => (-1, rest.trim_start()),
        None => (1, text.strip_prefix('+').unwrap_or(text)),
    };
    let (whole, fraction) = digits.split_once('.').unwrap_or((digits, ""));
    let plain = |part: &str| part.bytes().all(|byte| byte.is_ascii_digit());
    if digits.is_empty() || digits.len() > 12 || !plain(whole) || !plain(fraction) {
        return None;
    }
    let value: i64 = format!("{whole}{fraction}").parse().ok()?;
    let places = i8::try_from(fraction.len()).ok()?;
    Some(sign * scaled(value, -places)?)
}

/// `12.34LB` or `1.234 kg`: a number and its unit.
fn measure(text: &str) -> Option<(i64, WeightUnit)> {
    let text = text.trim();
    let split = text.find(|letter: char| letter.is_ascii_alphabetic())?;
    let (digits, unit) = text.split_at_checked(split)?;
    Some((number(digits)?, WeightUnit::parse(unit.trim())?))
}

/// NCI, up to its ETX: a line with the weight, then `S` and status digits of which the low four bits count: first
/// digit 1 in motion, 2 at zero; second digit 1 under, 2 over the range; 4 and 8 in either are faults.
fn nci(message: &[u8]) -> Option<Reading> {
    let mut weight = None;
    let mut status: Option<Vec<u8>> = None;
    for line in message.split(|byte| matches!(byte, b'\r' | b'\n')) {
        let text = printable(line);
        if let Some(bits) = text.strip_prefix('S') {
            status = Some(bits.bytes().map(|byte| byte & 0x0F).collect());
        } else if !text.trim().is_empty() {
            weight = measure(&text);
        }
    }
    let status = status?;
    let (first, second) = (*status.first()?, status.get(1).copied().unwrap_or(0));
    if first & 1 != 0 {
        return Some(Reading::Moving);
    }
    if second & 2 != 0 {
        return Some(Reading::Over);
    }
    if second & 1 != 0 {
        return Some(Reading::Negative);
    }
    if (first | second) & 0x0C != 0 {
        return Some(Reading::Fault);
    }
    if first & 2 != 0 {
        return Some(Reading::Empty);
    }
    let (thousandths, unit) = weight?;
    Some(steady(thousandths, unit))
}

/// Toledo 8217: after STX the weight in pounds, or `?` and a status byte: bit 0 in motion, 1 over, 2 under zero.
fn toledo(message: &[u8]) -> Option<Reading> {
    let start = message.iter().rposition(|byte| *byte == 0x02)? + 1;
    let body = message.get(start..)?;
    if let [b'?', status, ..] = *body {
        return Some(match status {
            _ if status & 0x01 != 0 => Reading::Moving,
            _ if status & 0x02 != 0 => Reading::Over,
            _ if status & 0x04 != 0 => Reading::Negative,
            _ if status & 0x10 != 0 => Reading::Empty,
            _ => Reading::Fault,
        });
    }
    let text = printable(body);
    let text = text
        .trim()
        .trim_end_matches(|letter: char| letter.is_ascii_alphabetic());
    Some(steady(number(text)?, WeightUnit::Lb))
}

/// Toledo continuous: STX, three status words, six digits of weight, six of tare. Word A: where the point is; word B:
/// bit 1 below zero, 2 over, 3 in motion, 4 kilograms and not pounds.
fn toledo_continuous(message: &[u8]) -> Option<Reading> {
    let start = message.iter().rposition(|byte| *byte == 0x02)? + 1;
    let body: Vec<u8> = message.get(start..)?.iter().map(|byte| byte & 0x7F).collect();
    let [a, b, _, digits @ ..] = body.as_slice() else {
        return None;
    };
    let digits = printable(digits.get(..6)?);
    let value: i64 = digits.trim().parse().ok().filter(|value| *value >= 0)?;
    if b & 0x08 != 0 {
        return Some(Reading::Moving);
    }
    if b & 0x04 != 0 {
        return Some(Reading::Over);
    }
    if b & 0x02 != 0 {
        return Some(Reading::Negative);
    }
    // 2 is a whole number, 3 has one decimal, and so on; 0 and 1 end in zeros that are not sent.
    let exponent = 2 - i8::try_from(a & 0x07).ok()?;
    let unit = if b & 0x10 != 0 {
        WeightUnit::Kg
    } else {
        WeightUnit::Lb
    };
    Some(steady(scaled(value, exponent)?, unit))
}

/// MT-SICS: `S S 1.234 kg` is steady, `S D` moves, `S +` over, `S -` under, `S I` cannot weigh now.
fn sics(message: &[u8]) -> Option<Reading> {
    let text = printable(message);
    let mut words = text.split_whitespace();
    if words.next()? != "S" {
        return None;
    }
    Some(match words.next()? {
        "S" => {
            let (thousandths, unit) = measure(&words.collect::<Vec<_>>().join(" "))?;
            steady(thousandths, unit)
        }
        "D" => Reading::Moving,
        "+" => Reading::Over,
        "-" => Reading::Negative,
        _ => Reading::Fault,
    })
}

#[cfg(test)]
mod tests;

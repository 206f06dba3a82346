//! The strip with a business customer's purchase order number: a small sheet of our own that is printed with the
//! carrier's label, in the same language. The carrier's label is never changed, not by a byte.
//!
//! What is printed was cut to harmless signs by [`crate::domain::po`]; here it is escaped all the same.

use super::{PrintError, own};
use crate::domain::seller::DocumentFormat;
use lopdf::Object;
use lopdf::content::Operation;
use png::{BitDepth, ColorType, Encoder};

/// Longest text on a strip.
const LONGEST: usize = 44;

/// Dots of a strip that is a picture: 4 by 2 inches at 203 dots.
const WIDTH: u16 = 812;
const HEIGHT: u16 = 406;

/// The sheet as a document of this language.
pub(super) fn sheet(format: DocumentFormat, number: &str) -> Result<Vec<u8>, PrintError> {
    let text: String = format!("PO {number}")
        .chars()
        .filter(|letter| letter.is_ascii_alphanumeric() || " ._-/#".contains(*letter))
        .take(LONGEST)
        .collect();
    match format {
        DocumentFormat::Zpl => Ok(zpl(&text)),
        DocumentFormat::Pdf => page(&text),
        DocumentFormat::Png => picture(&text),
    }
}

/// A format of its own; nothing is set that outlives the sheet.
fn zpl(text: &str) -> Vec<u8> {
    let height = if text.len() <= 18 { 70 } else { 36 };
    format!(
        "^XA^FO30,60^A0N,{height},{height}^FH_^FD{}^FS^XZ\n",
        own::field(text)
    )
    .into_bytes()
}

/// A page of 4 by 2 inches.
fn page(text: &str) -> Result<Vec<u8>, PrintError> {
    let size = if text.len() <= 18 { 26 } else { 11 };
    let drawing = vec![
        Operation::new("BT", vec![]),
        Operation::new("Tf", vec!["F1".into(), size.into()]),
        Operation::new("Td", vec![12.into(), 64.into()]),
        Operation::new("Tj", vec![Object::string_literal(text)]),
        Operation::new("ET", vec![]),
    ];
    own::pages(own::font("Helvetica-Bold"), (288, 144), vec![drawing]).map_err(|_| PrintError::Strip)
}

/// A picture: black letters on white, as large as they fit.
fn picture(text: &str) -> Result<Vec<u8>, PrintError> {
    let letters: Vec<[u8; 7]> = text.chars().map(glyph).collect();
    let (width, height) = (usize::from(WIDTH), usize::from(HEIGHT));
    let scale = ((width - 60) / (letters.len().max(1) * 6)).clamp(1, 10);
    let mut dots = vec![0xFF_u8; width * height];
    let top = (height - 7 * scale) / 2;
    for (place, rows) in letters.iter().enumerate() {
        for (row, bits) in rows.iter().enumerate() {
            for column in (0..5).filter(|column| bits >> (4 - column) & 1 == 1) {
                let (x, y) = (30 + (place * 6 + column) * scale, top + row * scale);
                for line in y..y + scale {
                    dots[line * width + x..line * width + x + scale].fill(0);
                }
            }
        }
    }
    let mut bytes = Vec::new();
    let mut encoder = Encoder::new(&mut bytes, u32::from(WIDTH), u32::from(HEIGHT));
    encoder.set_color(ColorType::Grayscale);
    encoder.set_depth(BitDepth::Eight);
    let mut writer = encoder.write_header().map_err(|_| PrintError::Strip)?;
    writer.write_image_data(&dots).map_err(|_| PrintError::Strip)?;
    writer.finish().map_err(|_| PrintError::Strip)?;
    Ok(bytes)
}

/// Five by seven dots, a row each byte; small letters look like capitals.
fn glyph(letter: char) -> [u8; 7] {
    match letter.to_ascii_uppercase() {
        'A' => [14, 17, 17, 31, 17, 17, 17],
        'B' => [30, 17, 17, 30, 17, 17, 30],
        'C' => [14, 17, 16, 16, 16, 17, 14],
        'D' => [30, 17, 17, 17, 17, 17, 30],
        'E' => [31, 16, 16, 30, 16, 16, 31],
        'F' => [31, 16, 16, 30, 16, 16, 16],
        'G' => [14, 17, 16, 23, 17, 17, 15],
        'H' => [17, 17, 17, 31, 17, 17, 17],
        'I' => [14, 4, 4, 4, 4, 4, 14],
        'J' => [7, 2, 2, 2, 2, 18, 12],
        'K' => [17, 18, 20, 24, 20, 18, 17],
        'L' => [16, 16, 16, 16, 16, 16, 31],
        'M' => [17, 27, 21, 21, 17, 17, 17],
        'N' => [17, 25, 21, 19, 17, 17, 17],
        'O' => [14, 17, 17, 17, 17, 17, 14],
        'P' => [30, 17, 17, 30, 16, 16, 16],
        'Q' => [14, 17, 17, 17, 21, 18, 13],
        'R' => [30, 17, 17, 30, 20, 18, 17],
        'S' => [15, 16, 16, 14, 1, 1, 30],
        'T' => [31, 4, 4, 4, 4, 4, 4],
        'U' => [17, 17, 17, 17, 17, 17, 14],
        'V' => [17, 17, 17, 17, 17, 10, 4],
        'W' => [17, 17, 17, 21, 21, 27, 17],
        'X' => [17, 17, 10, 4, 10, 17, 17],
        'Y' => [17, 17, 10, 4, 4, 4, 4],
        'Z' => [31, 1, 2, 4, 8, 16, 31],
        '0' => [14, 17, 19, 21, 25, 17, 14],
        '1' => [4, 12, 4, 4, 4, 4, 14],
        '2' => [14, 17, 1, 6, 8, 16, 31],
        '3' => [31, 2, 4, 2, 1, 17, 14],
        '4' => [2, 6, 10, 18, 31, 2, 2],
        '5' => [31, 16, 30, 1, 1, 17, 14],
        '6' => [6, 8, 16, 30, 17, 17, 14],
        '7' => [31, 1, 2, 4, 8, 8, 8],
        '8' => [14, 17, 17, 14, 17, 17, 14],
        '9' => [14, 17, 17, 15, 1, 2, 12],
        '.' => [0, 0, 0, 0, 0, 12, 12],
        '_' => [0, 0, 0, 0, 0, 0, 31],
        '-' => [0, 0, 0, 31, 0, 0, 0],
        '/' => [1, 1, 2, 4, 8, 16, 16],
        '#' => [10, 10, 31, 10, 31, 10, 10],
        _ => [0; 7],
    }
}

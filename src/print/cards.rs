//! Sheets of our own barcodes: commands, boxes, a person's badge. A barcode with words above it, as many to a sheet
//! as fit; for a label printer (ZPL) or as pages (PDF).
//!
//! Words may hold anything a person typed: they are cut to harmless signs, and escaped all the same.

use super::PrintError;
use super::bars::code128;
use super::own::{self, field};
use crate::domain::seller::DocumentFormat;
use lopdf::Object;
use lopdf::content::Operation;
use std::fmt::Write as _;

/// A barcode and what it does.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Card {
    /// What is scanned.
    pub code: String,
    /// What it does, or whose it is.
    pub words: String,
}

/// What each command barcode does. None of them spends: what does is asked first, and F10 is the only yes.
const COMMANDS: [(&str, &str); 10] = [
    ("TGC-NEXT", "Next box"),
    ("TGC-BOXES", "Boxes of this order"),
    ("TGC-UNDO", "Undo the last scan"),
    ("TGC-RATES", "Shop rates"),
    ("TGC-FINISH", "Finish: asks before it buys"),
    ("TGC-REPRINT", "Print the label again"),
    ("TGC-VOID", "Void: asks first"),
    ("TGC-HOLD", "Hold: asks first"),
    ("TGC-OVERRIDE", "No code on the item: asks first"),
    ("TGC-CANCEL", "Cancel: close the dialog or the order"),
];

/// A card for each command of the bench.
pub fn command_cards() -> Vec<Card> {
    COMMANDS
        .iter()
        .map(|(code, words)| Card {
            code: (*code).to_owned(),
            words: (*words).to_owned(),
        })
        .collect()
}

/// Longest line of words.
const LONGEST: usize = 46;
/// Dots that a barcode may take across a label of 812 dots, with the quiet paper at its sides.
const ROOM: usize = 720;
/// Longest text of a barcode.
const LONGEST_CODE: usize = 40;
/// Cards on a label of 4 by 6 inches.
const ON_LABEL: usize = 3;
/// Cards on a page, in two columns.
const ON_PAGE: usize = 12;

/// The sheet as a document of this language; what is no ZPL is pages. Refused where a code cannot be a barcode.
pub(super) fn sheet(format: DocumentFormat, title: &str, cards: &[Card]) -> Result<Vec<u8>, PrintError> {
    if cards.is_empty() || cards.iter().any(|card| !is_plain(&card.code)) {
        return Err(PrintError::Card);
    }
    match format {
        DocumentFormat::Zpl => Ok(labels(title, cards)),
        DocumentFormat::Pdf | DocumentFormat::Png => pages(title, cards),
    }
}

/// A code that is a barcode and no command of any printer.
fn is_plain(code: &str) -> bool {
    code128(code).is_some() && code.bytes().all(is_plain_byte)
}

/// No `>` among them: within a barcode it begins an instruction to the printer.
fn is_plain_byte(byte: u8) -> bool {
    byte.is_ascii_alphanumeric() || b" -._/:+@".contains(&byte)
}

/// What of a text can be a barcode; empty where nothing can.
pub(super) fn barcode(text: &str) -> String {
    text.bytes()
        .filter(|byte| is_plain_byte(*byte))
        .map(char::from)
        .take(LONGEST_CODE)
        .collect()
}

/// Signs that every printer has; whatever else is a question mark.
pub(super) fn harmless(text: &str) -> String {
    text.chars()
        .map(|letter| {
            if (' '..='~').contains(&letter) {
                letter
            } else {
                '?'
            }
        })
        .take(LONGEST)
        .collect()
}

/// Dots of the narrowest bar with which a code fits on a label of 4 inches.
pub(super) fn module(code: &str) -> usize {
    let widths = code128(code).unwrap_or_default();
    let modules: usize = widths.iter().map(|width| usize::from(*width)).sum();
    if modules * 2 <= ROOM { 2 } else { 1 }
}

fn labels(title: &str, cards: &[Card]) -> Vec<u8> {
    let mut out = String::new();
    for group in cards.chunks(ON_LABEL) {
        let _ = write!(out, "^XA^FO30,25^A0N,30,30^FH_^FD{}^FS", field(&harmless(title)));
        for (place, card) in group.iter().enumerate() {
            let top = 85 + place * 375;
            let _ = write!(
                out,
                "^FO30,{top}^A0N,34,34^FH_^FD{}^FS^FO60,{}^BY{}^BCN,170,Y,N,N^FH_^FD{}^FS",
                field(&harmless(&card.words)),
                top + 50,
                module(&card.code),
                field(&card.code),
            );
        }
        out.push_str("^XZ\n");
    }
    out.into_bytes()
}

fn pages(title: &str, cards: &[Card]) -> Result<Vec<u8>, PrintError> {
    let mut drawings = Vec::new();
    for group in cards.chunks(ON_PAGE) {
        let mut operations = Vec::new();
        write_text(&mut operations, 400, 7500, 140, &harmless(title));
        for (place, card) in (0_i64..).zip(group) {
            draw(
                &mut operations,
                400 + place % 2 * 2800,
                7250 - place / 2 * 1150,
                card,
            );
        }
        drawings.push(operations);
    }
    paper(drawings)
}

/// Letter pages with these drawings; everything is placed in tenths of a point.
pub(super) fn paper(drawings: Vec<Vec<Operation>>) -> Result<Vec<u8>, PrintError> {
    let tenth = Object::Real(0.1);
    let scale = Operation::new(
        "cm",
        vec![tenth.clone(), 0.into(), 0.into(), tenth, 0.into(), 0.into()],
    );
    let scaled = drawings
        .into_iter()
        .map(|drawing| std::iter::once(scale.clone()).chain(drawing).collect());
    own::pages(own::font("Helvetica"), (612, 792), scaled.collect()).map_err(|_| PrintError::Card)
}

pub(super) fn write_text(operations: &mut Vec<Operation>, left: i64, base: i64, size: i64, text: &str) {
    operations.extend([
        Operation::new("BT", vec![]),
        Operation::new("Tf", vec!["F1".into(), size.into()]),
        Operation::new("Td", vec![left.into(), base.into()]),
        Operation::new("Tj", vec![Object::string_literal(text)]),
        Operation::new("ET", vec![]),
    ]);
}

/// Words, bars, and the code below them.
fn draw(operations: &mut Vec<Operation>, left: i64, top: i64, card: &Card) {
    write_text(operations, left, top, 100, &harmless(&card.words));
    write_bars(operations, left, top - 560, &card.code);
    write_text(operations, left, top - 690, 100, &card.code);
}

/// The bars of a code, standing on `base`; none where it cannot be a barcode.
pub(super) fn write_bars(operations: &mut Vec<Operation>, left: i64, base: i64, code: &str) {
    let widths = code128(code).unwrap_or_default();
    let modules: i64 = widths.iter().map(|width| i64::from(*width)).sum();
    let module = (2400 / modules.max(1)).clamp(4, 13);
    let mut at = left;
    for (place, width) in widths.iter().enumerate() {
        let width = i64::from(*width) * module;
        if place % 2 == 0 {
            operations.push(Operation::new(
                "re",
                vec![at.into(), base.into(), width.into(), 480.into()],
            ));
        }
        at += width;
    }
    operations.push(Operation::new("f", vec![]));
}

#[cfg(test)]
mod tests;

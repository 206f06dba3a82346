//! Sheets drawn as pictures, to be looked at on a screen: labels in ZPL, as pictures and as pages, and our own slips.
//! What is drawn is never printed from here.
//!
//! A label is a stranger's document. Every size in it is bounded before anything is made, painting is paid for from an
//! account, and what cannot be drawn is said in words.

mod canvas;
mod codes;
mod commands;
mod field;
mod graphic;
mod image;
mod letters;
mod page;
mod photo;
mod shapes;
mod zpl;

#[cfg(test)]
mod tests;

pub use photo::png;

use crate::domain::picture::DrawnSheet;
use crate::domain::seller::DocumentFormat;

/// Most sheets of a document that are drawn.
const MOST_SHEETS: usize = 12;
/// Most dots of all of them.
const MOST_DOTS: usize = 24_000_000;
/// Largest document that is looked at.
const LARGEST: usize = 16 * 1024 * 1024;

/// Sheets so far.
#[derive(Default)]
struct Sheets {
    all: Vec<DrawnSheet>,
    dots: usize,
}

impl Sheets {
    fn count(&self) -> usize {
        self.all.len()
    }

    /// Takes a sheet in; `false`: no more can follow.
    fn add(&mut self, sheet: DrawnSheet) -> bool {
        self.dots += sheet.picture.as_ref().map_or(0, |picture| picture.dots().len());
        self.all.push(sheet);
        if self.dots > MOST_DOTS {
            self.more();
            return false;
        }
        true
    }

    /// There are more than are drawn.
    fn more(&mut self) {
        if let Some(last) = self.all.last_mut() {
            last.notes
                .push("more sheets follow that are not drawn".to_owned());
        }
    }
}

/// Draws a document under this name. At least one sheet comes of it; where nothing can be drawn it says so. Takes some
/// ten milliseconds: call it where blocking is allowed.
pub fn draw(format: DocumentFormat, document: &[u8], title: &str) -> Vec<DrawnSheet> {
    let mut sheets = Sheets::default();
    if document.len() <= LARGEST {
        match format {
            DocumentFormat::Zpl => zpl::draw(document, &mut sheets),
            DocumentFormat::Png => {
                sheets.add(photo::draw(document));
            }
            DocumentFormat::Pdf => page::draw(document, &mut sheets),
        }
    }
    if sheets.all.is_empty() {
        sheets.add(undrawn("nothing in it can be drawn".to_owned()));
    }
    let count = sheets.all.len();
    for (place, sheet) in sheets.all.iter_mut().enumerate() {
        sheet.title = if count > 1 {
            format!("{title}, sheet {} of {count}", place + 1)
        } else {
            title.to_owned()
        };
    }
    sheets.all
}

/// A sheet that is not drawn, and why.
fn undrawn(words: String) -> DrawnSheet {
    DrawnSheet {
        title: String::new(),
        picture: None,
        texts: Vec::new(),
        notes: vec![words],
    }
}

//! A pick list on paper: products by bin with their totals and totes, and a barcode for the list and for each tote. As
//! ZPL labels of 4 by 6 inches or as PDF pages, drawn by us.
//!
//! Titles come from outside: in ZPL every sign but letters and digits is written in hexadecimal (`^FH`) as UTF-8
//! (`^CI28`), so that none of it is ever a command; in PDF what the page's font lacks becomes a question mark.

use super::bars::code128;
use super::{PrintError, Printer, deliver, own};
use crate::domain::pick_sheet::{PickItem, PickSheet};
use crate::domain::seller::DocumentFormat;
use crate::domain::text::is_foul;
use lopdf::Object;
use lopdf::content::Operation;
use std::fmt::Write as _;

/// Products on a ZPL label, totes on a ZPL label.
const ITEMS: usize = 9;
const TOTES: usize = 9;
/// Letters of a line.
const CELLS: usize = 46;
/// Letters of the line below a tote's barcode.
const TOTE_CELLS: usize = 40;

/// Prints the list. `name` is an own id as for [`super::send`].
pub fn pick_list(printer: &Printer, name: &str, sheet: &PickSheet) -> Result<(), PrintError> {
    super::check_name(name)?;
    let format = match printer {
        Printer::Cups(_) => DocumentFormat::Pdf,
        Printer::Folder(_) | Printer::Raw(_) => DocumentFormat::Zpl,
    };
    let document = pick_list_document(format, sheet)?;
    deliver(printer, name, format, &document)
}

/// The list as a document: ZPL, or else PDF.
pub fn pick_list_document(format: DocumentFormat, sheet: &PickSheet) -> Result<Vec<u8>, PrintError> {
    if format == DocumentFormat::Zpl {
        Ok(zpl(sheet).into_bytes())
    } else {
        pdf(sheet)
    }
}

fn heading(sheet: &PickSheet) -> String {
    format!(
        "{} units, {} products, {} orders",
        sheet.units(),
        sheet.items.len(),
        sheet.totes.len()
    )
}

fn bin(item: &PickItem) -> &str {
    if item.bin.is_empty() { "no bin" } else { &item.bin }
}

/// `tote 1: 2, tote 4: 1`; the totes of a product that many orders have are cut short.
fn totes(item: &PickItem, cells: usize) -> String {
    let mut text = String::new();
    for (tote, units) in &item.totes {
        let next = format!("{}T{tote}: {units}", if text.is_empty() { "" } else { ", " });
        if text.len() + next.len() > cells - 2 {
            text.push_str(" …");
            break;
        }
        text.push_str(&next);
    }
    text
}

fn cut(text: &str, cells: usize) -> String {
    text.chars().take(cells).collect()
}

/// A field of ZPL.
fn field(text: &mut String, left: usize, top: usize, height: usize, words: &str) {
    let _ = write!(text, "^FO{left},{top}^A0N,{height},{height}^FH_^FD");
    data(text, words);
}

/// A barcode of ZPL, with its text below.
fn barcode(text: &mut String, left: usize, top: usize, code: &str) {
    let _ = write!(text, "^FO{left},{top}^BY2^BCN,56,Y,N,N^FH_^FD");
    data(text, code);
}

/// The data of a field, and its end.
fn data(text: &mut String, words: &str) {
    text.push_str(&own::field(&plain(words)));
    text.push_str("^FS");
}

/// What hides, turns text or acts on anything is a question mark.
fn plain(words: &str) -> String {
    words
        .chars()
        .map(|letter| if is_foul(letter) { '?' } else { letter })
        .collect()
}

fn zpl(sheet: &PickSheet) -> String {
    let mut text = String::new();
    let pages = sheet.items.len().div_ceil(ITEMS).max(1);
    for (page, items) in chunks(&sheet.items, ITEMS).into_iter().enumerate() {
        text.push_str("^XA^CI28");
        // Nothing stands beside the barcode but what is short: it is read only with empty paper around it.
        field(
            &mut text,
            30,
            20,
            36,
            &cut(&format!("List {} {}", sheet.list, sheet.name), 34),
        );
        barcode(&mut text, 40, 64, &format!("TGL-{}", sheet.list));
        field(&mut text, 400, 68, 22, &cut(&heading(sheet), 29));
        field(&mut text, 400, 100, 22, &format!("page {} of {pages}", page + 1));
        for (place, item) in items.iter().enumerate() {
            let top = 164 + place * 114;
            field(&mut text, 30, top, 40, &cut(bin(item), 16));
            field(&mut text, 400, top, 40, &format!("{} x", item.quantity));
            field(&mut text, 500, top + 6, 30, &cut(item.sku.as_str(), 20));
            field(&mut text, 30, top + 44, 28, &cut(&item.title, CELLS));
            field(&mut text, 30, top + 76, 26, &totes(item, CELLS));
        }
        text.push_str("^XZ\n");
    }
    for totes in sheet.totes.chunks(TOTES) {
        text.push_str("^XA^CI28");
        field(&mut text, 30, 30, 40, &format!("Totes of list {}", sheet.list));
        for (place, tote) in totes.iter().enumerate() {
            let top = 90 + place * 124;
            field(&mut text, 30, top, 44, &format!("T{}", tote.number));
            barcode(&mut text, 240, top, &sheet.tote_code(tote.number));
            let words = format!("{}, {} units", tote.order, tote.units);
            field(&mut text, 30, top + 90, 24, &cut(&words, TOTE_CELLS));
        }
        text.push_str("^XZ\n");
    }
    text
}

/// At least one piece, so that an empty list prints its heading.
fn chunks<T>(all: &[T], size: usize) -> Vec<&[T]> {
    if all.is_empty() {
        vec![all]
    } else {
        all.chunks(size).collect()
    }
}

/// What is drawn on a PDF page.
struct Page(Vec<Operation>);

impl Page {
    fn text(&mut self, left: i64, top: i64, size: i64, words: &str) {
        // The page's font knows Latin 1.
        let bytes: Vec<u8> = plain(words)
            .chars()
            .map(|letter| u8::try_from(u32::from(letter)).ok().filter(|byte| *byte >= 32))
            .map(|byte| byte.unwrap_or(b'?'))
            .collect();
        self.0.extend([
            Operation::new("BT", vec![]),
            Operation::new("Tf", vec!["F1".into(), size.into()]),
            Operation::new("Td", vec![left.into(), top.into()]),
            Operation::new("Tj", vec![Object::string_literal(bytes)]),
            Operation::new("ET", vec![]),
        ]);
    }

    /// Bars of one point for each module.
    fn barcode(&mut self, left: i64, top: i64, code: &str) {
        let Some(widths) = code128(code) else {
            return;
        };
        let mut x = left;
        for (place, width) in widths.into_iter().enumerate() {
            let width = i64::from(width);
            if place % 2 == 0 {
                let bar = vec![x.into(), top.into(), width.into(), 26.into()];
                self.0.push(Operation::new("re", bar));
            }
            x += width;
        }
        self.0.push(Operation::new("f", vec![]));
        self.text(left, top - 10, 8, code);
    }
}

/// Pages of 8.5 by 11 inches.
fn pdf(sheet: &PickSheet) -> Result<Vec<u8>, PrintError> {
    let mut drawn = Vec::new();
    for (number, items) in chunks(&sheet.items, 16).into_iter().enumerate() {
        let mut page = Page(Vec::new());
        page.text(
            40,
            764,
            16,
            &cut(&format!("List {} {}", sheet.list, sheet.name), 34),
        );
        page.text(40, 736, 10, &format!("{}, page {}", heading(sheet), number + 1));
        page.barcode(430, 732, &format!("TGL-{}", sheet.list));
        let mut top = 690;
        for item in items {
            page.text(40, top, 14, &cut(bin(item), 16));
            page.text(170, top, 14, &format!("{} x", item.quantity));
            page.text(230, top, 12, &cut(item.sku.as_str(), 24));
            page.text(40, top - 13, 10, &cut(&item.title, 90));
            page.text(40, top - 25, 9, &totes(item, 100).replace('…', "..."));
            top -= 40;
        }
        drawn.push(page);
    }
    for totes in sheet.totes.chunks(28) {
        let mut page = Page(Vec::new());
        page.text(40, 740, 18, &format!("Totes of list {}", sheet.list));
        for (place, tote) in (0_i64..).zip(totes) {
            let (left, top) = (40 + place % 2 * 280, 690 - place / 2 * 48);
            page.text(left, top, 14, &format!("T{}", tote.number));
            page.barcode(left + 58, top - 8, &sheet.tote_code(tote.number));
            let words = format!("{}, {} units", tote.order, tote.units);
            page.text(left, top - 27, 8, &cut(&words, TOTE_CELLS));
        }
        drawn.push(page);
    }
    let mut font = own::font("Helvetica-Bold");
    font.set("Encoding", "WinAnsiEncoding");
    let drawings = drawn.into_iter().map(|page| page.0);
    own::pages(font, (612, 792), drawings.collect()).map_err(|_| PrintError::Strip)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::ids::{OrderNumber, PickListId, Sku};
    use crate::domain::pick_sheet::PickTote;

    fn sheet(items: u32, title: &str) -> PickSheet {
        PickSheet {
            list: PickListId(7),
            name: title.to_owned(),
            items: (1..=items)
                .map(|n| PickItem {
                    bin: format!("A-{n}"),
                    sku: Sku(format!("SKU-{n}")),
                    title: title.to_owned(),
                    quantity: n,
                    totes: (1..=n).map(|tote| (tote, 1)).collect(),
                })
                .collect(),
            totes: (1..=items)
                .map(|number| PickTote {
                    number,
                    order: OrderNumber(format!("111-{number:07}-0000000")),
                    units: 1,
                })
                .collect(),
            left_out: Vec::new(),
        }
    }

    #[test]
    fn hostile_titles_are_no_commands_on_a_pick_list() {
        let text = zpl(&sheet(20, "^XA^JUS ~JR ^FD 漢字 é"));
        assert_eq!(text.matches("^XA").count(), text.matches("^XZ").count());
        assert_eq!(text.matches("^XA").count(), 3 + 3, "20 products and 20 totes");
        assert!(text.is_ascii() && !text.contains('~') && !text.contains("^JUS"));
        assert!(text.contains("_C3_A9"), "UTF-8 in hexadecimal");
        for code in ["TGL_2D7", "TGT_2D7_2D1", "TGT_2D7_2D20"] {
            assert!(text.contains(&format!("^FD{code}^FS")), "{code}");
        }
    }

    #[test]
    fn a_pick_list_is_a_pdf_of_all_its_pages_and_an_empty_one_still_a_page() {
        let pages = |sheet: &PickSheet| {
            let bytes = pdf(sheet).expect("drawn");
            lopdf::Document::load_mem(&bytes)
                .expect("a PDF")
                .get_pages()
                .len()
        };
        assert_eq!(pages(&sheet(0, "empty")), 1);
        assert_eq!(pages(&sheet(40, "漢字 \u{1b}[31m (unbalanced")), 3 + 2);
    }
}

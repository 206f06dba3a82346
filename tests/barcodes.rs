//! Barcodes that we print, read back by an independent reader (rxing, a port of ZXing): the packing slip's, the sheet of
//! commands', badges' and boxes', for a label printer and as pages. What is sent is drawn to dots as the printer would
//! draw it, at 203 dots an inch, by a painter that knows only the few commands that may be in it.

use lopdf::content::Content;
use lopdf::{Document, Object};
use rxing::oned::Code128Writer;
use rxing::{BarcodeFormat, Writer};
use tapegun::domain::seller::DocumentFormat::{Pdf, Zpl};
use tapegun::domain::slip::Slip;
use tapegun::print::{self, Card};

/// Dots of a label of 4 by 6 inches.
const LABEL: (usize, usize) = (812, 1218);
/// Dots of a letter page at 203 dots an inch.
const PAGE: (usize, usize) = (1726, 2233);

/// A sheet in dots; 0 is black.
struct Sheet {
    width: usize,
    height: usize,
    dots: Vec<u8>,
    /// Where a barcode was drawn: top and height, left and width.
    bars: Vec<(usize, usize, usize, usize)>,
}

impl Sheet {
    fn new((width, height): (usize, usize)) -> Self {
        Self {
            width,
            height,
            dots: vec![255; width * height],
            bars: Vec::new(),
        }
    }

    fn fill(&mut self, left: usize, top: usize, width: usize, height: usize) {
        assert!(
            left + width <= self.width && top + height <= self.height,
            "drawn beyond the paper"
        );
        for row in top..top + height {
            self.dots[row * self.width + left..row * self.width + left + width].fill(0);
        }
    }

    /// What the reader reads where the barcodes are, with the paper around them.
    fn read(&self) -> Vec<String> {
        let each = self.bars.iter().map(|(top, height, left, width)| {
            let margin = 24;
            let (from, to) = (
                left.saturating_sub(margin),
                (left + width + margin).min(self.width),
            );
            let rows = *top..top + height;
            let luma: Vec<u8> = rows
                .flat_map(|row| {
                    self.dots[row * self.width + from..row * self.width + to]
                        .iter()
                        .copied()
                })
                .collect();
            let size = |dots: usize| u32::try_from(dots).expect("small");
            rxing::helpers::detect_in_luma(
                luma,
                size(to - from),
                size(*height),
                Some(BarcodeFormat::CODE_128),
            )
            .unwrap_or_else(|error| panic!("a barcode that no reader reads: {error}"))
            .getText()
            .to_owned()
        });
        each.collect()
    }
}

/// Draws formats of ZPL: fields, barcodes; words are left out.
fn drawn_zpl(document: &[u8]) -> Vec<Sheet> {
    let text = std::str::from_utf8(document).expect("text");
    let mut sheets = Vec::new();
    let (mut at, mut module, mut barcode) = ((0, 0), 2, None);
    for command in text.split('^').skip(1) {
        let (name, rest) = command.split_at(2);
        let numbers: Vec<usize> = rest
            .trim()
            .split(',')
            .filter_map(|part| part.parse().ok())
            .collect();
        match name {
            "XA" => sheets.push(Sheet::new(LABEL)),
            "FO" => (at, barcode) = ((numbers[0], numbers[1]), None),
            "BY" => module = numbers[0],
            "BC" => barcode = Some(numbers[0]),
            "FD" => {
                if let Some(height) = barcode {
                    let sheet = sheets.last_mut().expect("a format");
                    draw_bars(sheet, &unescaped(rest), at, module, height);
                }
            }
            "XZ" | "A0" | "FH" | "FS" => {}
            other => panic!("the painter does not know ^{other}"),
        }
    }
    sheets
}

/// Bars as the printer makes them of a field's data, by an encoder that is not ours.
fn draw_bars(sheet: &mut Sheet, data: &str, (left, top): (usize, usize), module: usize, height: usize) {
    let bars = Code128Writer
        .encode(data, &BarcodeFormat::CODE_128, 0, 1)
        .expect("data of a barcode");
    let first = (0..bars.getWidth())
        .find(|column| bars.get(*column, 0))
        .expect("a bar");
    let last = (0..bars.getWidth())
        .rev()
        .find(|column| bars.get(*column, 0))
        .expect("a bar");
    for column in (first..=last).filter(|column| bars.get(*column, 0)) {
        let place = usize::try_from(column - first).expect("small");
        sheet.fill(left + place * module, top, module, height);
    }
    let width = usize::try_from(last - first + 1).expect("small") * module;
    sheet.bars.push((top, height, left, width));
}

/// A field's data, its hexadecimal undone.
fn unescaped(data: &str) -> String {
    let mut out = String::new();
    let mut rest = data;
    while let Some(at) = rest.find('_') {
        out.push_str(&rest[..at]);
        let byte = u8::from_str_radix(&rest[at + 1..at + 3], 16).expect("hexadecimal");
        out.push(char::from(byte));
        rest = &rest[at + 3..];
    }
    out + rest
}

/// Draws pages: filled rectangles; words are left out.
fn drawn_pages(document: &[u8]) -> Vec<Sheet> {
    let pdf = Document::load_mem(document).expect("a document");
    let each = pdf.page_iter().map(|page| {
        let content = Content::decode(&pdf.get_page_content(page)).expect("drawing");
        let (mut sheet, mut scale, mut waiting) = (Sheet::new(PAGE), 1.0, Vec::new());
        for operation in &content.operations {
            let numbers: Vec<f32> = operation
                .operands
                .iter()
                .filter_map(|one| Object::as_float(one).ok())
                .collect();
            match operation.operator.as_str() {
                "cm" => scale = f64::from(numbers[0]),
                "re" => waiting.push([numbers[0], numbers[1], numbers[2], numbers[3]]),
                "f" => paint(&mut sheet, &std::mem::take(&mut waiting), scale),
                _ => {}
            }
        }
        assert!(waiting.is_empty(), "bars that are never filled");
        sheet
    });
    each.collect()
}

/// Rectangles that stand side by side: the bars of one code. From points, from the lower left, to dots.
fn paint(sheet: &mut Sheet, bars: &[[f32; 4]], scale: f64) {
    #[expect(
        clippy::cast_possible_truncation,
        clippy::cast_sign_loss,
        reason = "dots of a page"
    )]
    let dot = |units: f32| (f64::from(units) * scale * 203.0 / 72.0).round() as usize;
    let height = sheet.height;
    let mut box_of = None;
    for [left, base, width, tall] in bars {
        let (x, x_end) = (dot(*left), dot(left + width));
        let (top, bottom) = (height - dot(base + tall), height - dot(*base));
        sheet.fill(x, top, (x_end - x).max(1), bottom - top);
        let (first, ..) = *box_of.get_or_insert((x, top, bottom));
        box_of = Some((first, top, bottom));
        if let Some(bars) = sheet
            .bars
            .last_mut()
            .filter(|bars| bars.0 == top && bars.2 == first)
        {
            bars.3 = x_end - first;
        } else {
            sheet.bars.push((top, bottom - top, first, x_end - first));
        }
    }
}

fn read(sheets: &[Sheet]) -> Vec<String> {
    sheets.iter().flat_map(Sheet::read).collect()
}

fn cards() -> Vec<Card> {
    let codes = [
        "TGC-NEXT",
        "TGC-BOXES",
        "TGC-UNDO",
        "TGC-RATES",
        "TGC-FINISH",
        "TGC-REPRINT",
        "TGC-VOID",
        "TGC-HOLD",
        "TGC-OVERRIDE",
        "TGC-CANCEL",
        "TGB-SMALL",
        "TGB-14x10x4",
        "TGU-anna",
        "TGU-4711",
        "TGU-0123456789",
        "TGU-jean.pierre-le-grand",
        "TGU-Ana_Maria@night",
        "TGB-a-box-with-a-name-of-40-signs-in-all",
    ];
    let card = |code: &&str| Card {
        code: (*code).to_owned(),
        words: format!("what {code} does"),
    };
    codes.iter().map(card).collect()
}

#[test]
fn commands_badges_and_boxes_are_read_back_from_labels_and_pages() {
    let cards = cards();
    let wanted: Vec<String> = cards.iter().map(|card| card.code.clone()).collect();
    let labels = print::cards(Zpl, "Commands", &cards).expect("a sheet");
    assert_eq!(read(&drawn_zpl(&labels)), wanted);
    let pages = print::cards(Pdf, "Commands", &cards).expect("a sheet");
    assert_eq!(read(&drawn_pages(&pages)), wanted);
}

#[test]
fn the_number_on_a_packing_slip_is_read_back() {
    for number in ["111-9131413-9770664", "W-1", "SHOP_2026/0001.7"] {
        let slip = Slip {
            number: number.to_owned(),
            lines: (0..31).map(|line| format!("line {line}")).collect(),
        };
        let labels = print::slip(Zpl, &slip).expect("a slip");
        assert_eq!(
            read(&drawn_zpl(&labels)),
            [number, number],
            "a slip of two labels"
        );
        let pages = print::slip(Pdf, &slip).expect("a slip");
        assert_eq!(read(&drawn_pages(&pages)), [number]);
    }
}

/// The reader is no yes-man: one bar less is not read, or not as the same.
#[test]
fn a_damaged_barcode_is_noticed() {
    let labels = print::cards(Zpl, "x", &cards()[..1]).expect("a sheet");
    let mut sheet = drawn_zpl(&labels).remove(0);
    let (top, height, left, _) = sheet.bars[0];
    for row in top..top + height {
        sheet.dots[row * sheet.width + left + 22..row * sheet.width + left + 40].fill(255);
    }
    let read = std::panic::catch_unwind(|| sheet.read());
    assert!(read.is_err() || read.is_ok_and(|texts| texts != ["TGC-NEXT"]));
}

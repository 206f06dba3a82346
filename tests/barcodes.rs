//! Barcodes that we print, read back by an independent reader (rxing, a port of ZXing): the pick list's and its totes',
//! the packing slip's, the sheet of commands', badges' and boxes', for a label printer and as pages. What is sent is drawn
//! to dots as the printer would draw it, at 203 dots an inch on labels and 600 on pages, by a painter that knows only what
//! may be in it. No words may stand in a barcode or in the quiet paper beside it.

use lopdf::content::Content;
use lopdf::{Document, Object};
use rxing::oned::Code128Writer;
use rxing::{BarcodeFormat, EncodeHintValue, EncodeHints, Writer};
use tapegun::domain::ids::{OrderNumber, PickListId, Sku};
use tapegun::domain::pick_sheet::{PickItem, PickSheet, PickTote};
use tapegun::domain::seller::DocumentFormat::{Pdf, Zpl};
use tapegun::domain::slip::Slip;
use tapegun::print::{self, Card};

/// Dots of a label of 4 by 6 inches.
const LABEL: (usize, usize) = (812, 1218);
/// Dots of a letter page at 600 dots an inch.
const PAGE: (usize, usize) = (5100, 6600);

/// A sheet in dots; 0 is black.
struct Sheet {
    width: usize,
    height: usize,
    dots: Vec<u8>,
    bars: Vec<Bars>,
    words: Vec<Place>,
}

/// A piece of paper, in dots.
#[derive(Debug, Clone, Copy)]
struct Place {
    left: usize,
    top: usize,
    width: usize,
    height: usize,
}

/// Where a barcode was drawn, with the width of its narrowest bar.
#[derive(Debug, Clone, Copy)]
struct Bars {
    on: Place,
    module: usize,
}

impl Place {
    fn touches(self, other: Self) -> bool {
        self.left < other.left + other.width
            && other.left < self.left + self.width
            && self.top < other.top + other.height
            && other.top < self.top + self.height
    }
}

impl Sheet {
    fn new((width, height): (usize, usize)) -> Self {
        Self {
            width,
            height,
            dots: vec![255; width * height],
            bars: Vec::new(),
            words: Vec::new(),
        }
    }

    /// Ten modules beside the bars are empty (ISO/IEC 15417), and on the paper.
    fn is_quiet(&self, bars: &Bars) {
        let (on, quiet) = (bars.on, 10 * bars.module);
        assert!(
            on.left >= quiet && on.left + on.width + quiet <= self.width,
            "too near to the edge: {bars:?}"
        );
        let zone = Place {
            left: on.left - quiet,
            width: on.width + 2 * quiet,
            ..on
        };
        for words in &self.words {
            assert!(
                !words.touches(zone),
                "words at {words:?} in the barcode at {zone:?}"
            );
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
        let each = self.bars.iter().map(|bars| {
            self.is_quiet(bars);
            let Place {
                left,
                top,
                width,
                height,
            } = bars.on;
            let margin = 24;
            let (from, to) = (
                left.saturating_sub(margin),
                (left + width + margin).min(self.width),
            );
            let rows = top..top + height;
            let luma: Vec<u8> = rows
                .flat_map(|row| {
                    self.dots[row * self.width + from..row * self.width + to]
                        .iter()
                        .copied()
                })
                .collect();
            let size = |dots: usize| u32::try_from(dots).expect("small");
            rxing::helpers::detect_in_luma(luma, size(to - from), size(height), Some(BarcodeFormat::CODE_128))
                .unwrap_or_else(|error| panic!("a barcode that no reader reads: {error}"))
                .getText()
                .to_owned()
        });
        each.collect()
    }
}

/// Draws formats of ZPL: barcodes; words are kept as the place that they take.
fn drawn_zpl(document: &[u8]) -> Vec<Sheet> {
    let text = std::str::from_utf8(document).expect("text");
    let mut sheets = Vec::new();
    let (mut at, mut module, mut barcode, mut letters) = ((0, 0), 2, None, 0);
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
            "A0" => letters = numbers[0],
            "FD" => {
                let (sheet, text) = (sheets.last_mut().expect("a format"), unescaped(rest));
                if let Some(height) = barcode {
                    draw_bars(sheet, &text, at, module, height);
                } else {
                    // The printer's font is half as wide as it is high.
                    sheet.words.push(Place {
                        left: at.0,
                        top: at.1,
                        width: text.chars().count() * letters / 2,
                        height: letters,
                    });
                }
            }
            "XZ" | "FH" | "FS" | "CI" => {}
            other => panic!("the painter does not know ^{other}"),
        }
    }
    sheets
}

/// Bars as the printer makes them of a field's data, by an encoder that is not ours.
fn draw_bars(sheet: &mut Sheet, data: &str, (left, top): (usize, usize), module: usize, height: usize) {
    // As a printer does where it is not told otherwise.
    let set = EncodeHints::default().with(EncodeHintValue::ForceCodeSet("B".to_owned()));
    let bars = Code128Writer
        .encode_with_hints(data, &BarcodeFormat::CODE_128, 0, 1, &set)
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
    let on = Place {
        left,
        top,
        width,
        height,
    };
    sheet.bars.push(Bars { on, module });
}

/// A field's data, its hexadecimal undone.
fn unescaped(data: &str) -> String {
    let mut out = Vec::new();
    let mut rest = data;
    while let Some(at) = rest.find('_') {
        out.extend(rest[..at].bytes());
        out.push(u8::from_str_radix(&rest[at + 1..at + 3], 16).expect("hexadecimal"));
        rest = &rest[at + 3..];
    }
    out.extend(rest.bytes());
    String::from_utf8(out).expect("text")
}

/// Draws pages: filled rectangles; words are kept as the place that they take.
fn drawn_pages(document: &[u8]) -> Vec<Sheet> {
    let pdf = Document::load_mem(document).expect("a document");
    let each = pdf.page_iter().map(|page| {
        let content = Content::decode(&pdf.get_page_content(page)).expect("drawing");
        let (mut sheet, mut scale, mut waiting) = (Sheet::new(PAGE), 1.0, Vec::new());
        let (mut size, mut at) = (0.0, (0.0, 0.0));
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
                "Tf" => size = numbers[0],
                "Td" => at = (numbers[0], numbers[1]),
                "Tj" => {
                    let letters = operation.operands[0].as_str().expect("text").len();
                    let place = words(sheet.height, at, size, letters, scale);
                    sheet.words.push(place);
                }
                _ => {}
            }
        }
        assert!(waiting.is_empty(), "bars that are never filled");
        sheet
    });
    each.collect()
}

/// From points to dots.
#[expect(
    clippy::cast_possible_truncation,
    clippy::cast_sign_loss,
    reason = "dots of a page"
)]
fn dots(units: f32, scale: f64) -> usize {
    (f64::from(units) * scale * 600.0 / 72.0).round() as usize
}

/// The place of words, by the width of Helvetica's digits.
fn words(page: usize, (left, base): (f32, f32), size: f32, letters: usize, scale: f64) -> Place {
    let letters = f32::from(u16::try_from(letters).expect("a line"));
    let top = page - dots(base + 0.75 * size, scale);
    Place {
        left: dots(left, scale),
        top,
        width: dots(letters * 0.556 * size, scale),
        height: page - dots(base - 0.2 * size, scale) - top,
    }
}

/// Rectangles that stand side by side: the bars of one code. From points, from the lower left, to dots.
fn paint(sheet: &mut Sheet, bars: &[[f32; 4]], scale: f64) {
    let dot = |units: f32| dots(units, scale);
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
            .filter(|bars| bars.on.top == top && bars.on.left == first)
        {
            bars.on.width = x_end - first;
            bars.module = bars.module.min(x_end - x);
        } else {
            let on = Place {
                left: first,
                top,
                width: x_end - first,
                height: bottom - top,
            };
            let module = x_end - x;
            sheet.bars.push(Bars { on, module });
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

/// A list with so many products and totes.
fn pick_sheet(list: i64, totes: u32) -> PickSheet {
    PickSheet {
        list: PickListId(list),
        name: "Tuesday morning, both aisles".to_owned(),
        items: (1..=totes)
            .map(|tote| PickItem {
                bin: format!("AISLE-{tote}"),
                sku: Sku(format!("SKU-{tote}-WITH-A-LONG-NAME")),
                title: "Ceramic mug, 12 oz, dishwasher safe, set of four in a gift box".to_owned(),
                quantity: tote,
                totes: (1..=tote).map(|tote| (tote, 1)).collect(),
            })
            .collect(),
        totes: (1..=totes)
            .map(|number| PickTote {
                number,
                order: OrderNumber(format!("111-{number:07}-9770664")),
                units: 120 + number,
            })
            .collect(),
        left_out: Vec::new(),
    }
}

/// `lists`: on how many of its sheets the list's own barcode stands.
fn codes(sheet: &PickSheet, lists: usize) -> Vec<String> {
    let list = format!("TGL-{}", sheet.list);
    let totes = sheet.totes.iter().map(|tote| sheet.tote_code(tote.number));
    std::iter::repeat_n(list, lists).chain(totes).collect()
}

#[test]
fn a_pick_lists_codes_and_those_of_its_totes_are_read_back() {
    for (list, totes) in [(7, 1), (12, 45), (99_999, 130)] {
        let sheet = pick_sheet(list, totes);
        let labels = print::pick_list_document(Zpl, &sheet).expect("a sheet");
        let products = sheet.items.len();
        assert_eq!(read(&drawn_zpl(&labels)), codes(&sheet, products.div_ceil(9)));
        let pages = print::pick_list_document(Pdf, &sheet).expect("a sheet");
        assert_eq!(read(&drawn_pages(&pages)), codes(&sheet, products.div_ceil(16)));
    }
}

/// The reader is no yes-man: one bar less is not read, or not as the same.
#[test]
fn a_damaged_barcode_is_noticed() {
    let labels = print::cards(Zpl, "x", &cards()[..1]).expect("a sheet");
    let mut sheet = drawn_zpl(&labels).remove(0);
    let Place {
        left, top, height, ..
    } = sheet.bars[0].on;
    for row in top..top + height {
        sheet.dots[row * sheet.width + left + 22..row * sheet.width + left + 40].fill(255);
    }
    let read = std::panic::catch_unwind(|| sheet.read());
    assert!(read.is_err() || read.is_ok_and(|texts| texts != ["TGC-NEXT"]));
}

/// Nor is the painter: words beside the bars are noticed.
#[test]
#[should_panic(expected = "words at")]
fn words_in_the_quiet_paper_are_noticed() {
    let sheet = "^XA^FO60,30^BY2^BCN,90,N,N,N^FH_^FDTGL_2D7^FS^FO250,40^A0N,28,28^FH_^FDnear^FS^XZ";
    read(&drawn_zpl(sheet.as_bytes()));
}

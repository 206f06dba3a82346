//! Pages (PDF): texts in simple fonts, filled boxes, lines and plain pictures are drawn, as our own slips and the labels
//! of most carriers have them. What a page has besides is named, never guessed.

use super::canvas::{Area, Canvas, Ink, Way};
use super::image;
use super::letters::{self, Place, Size};
use super::{MOST_SHEETS, Sheets, undrawn};
use crate::domain::picture::DrawnSheet;
use crate::domain::text::Clean;
use lopdf::content::{Content, Operation};
use lopdf::{Dictionary, Document, LoadOptions, Object, ObjectId, Stream};
use std::collections::BTreeSet;

/// Most bytes that one stream may unpack to.
pub(super) const UNPACKED: usize = 32 * 1024 * 1024;
/// Dots of an inch.
const INCH: f64 = 203.0;
/// How deep drawings may stand within drawings, and how many there may be.
const DEPTH: u8 = 4;
const DRAWINGS: u32 = 64;
/// Most instructions of a page.
const OPERATIONS: usize = 100_000;

/// Draws every page of the document.
pub(super) fn draw(document: &[u8], sheets: &mut Sheets) {
    let options = LoadOptions {
        max_decompressed_size: Some(UNPACKED),
        ..LoadOptions::default()
    };
    let pdf = match Document::load_mem_with_options(document, options) {
        Ok(pdf) if !pdf.is_encrypted() => pdf,
        Ok(_) => {
            sheets.add(undrawn(
                "the pages are locked with a password: they cannot be drawn".to_owned(),
            ));
            return;
        }
        Err(_) => {
            sheets.add(undrawn(
                "the pages cannot be read: they cannot be drawn".to_owned(),
            ));
            return;
        }
    };
    for page in pdf.page_iter().take(MOST_SHEETS + 1) {
        if sheets.count() >= MOST_SHEETS {
            sheets.more();
            return;
        }
        if !sheets.add(sheet(&pdf, page)) {
            return;
        }
    }
}

fn sheet(pdf: &Document, page: ObjectId) -> DrawnSheet {
    let media = media_box(pdf, page);
    let (width, height) = (dots(media.2 - media.0), dots(media.3 - media.1));
    let inches = format!(
        "{:.1} x {:.1} inches",
        (media.2 - media.0) / 72.0,
        (media.3 - media.1) / 72.0
    );
    let Some(canvas) = Canvas::new(width, height) else {
        return undrawn(format!(
            "a page of {inches} is not that of a label: it is not drawn"
        ));
    };
    let content = pdf
        .get_page_content_with_limit(page, UNPACKED)
        .ok()
        .and_then(|content| Content::decode(&content).ok());
    let (Some(content), Ok((own, referenced))) = (content, pdf.get_page_resources(page)) else {
        return undrawn(format!("a page of {inches}: what is drawn on it cannot be read"));
    };
    let mut resources: Vec<&Dictionary> = own.into_iter().collect();
    resources.extend(referenced.iter().filter_map(|id| pdf.get_dictionary(*id).ok()));
    let mut drawing = Drawing {
        pdf,
        canvas,
        height: media.3,
        left: media.0,
        now: Now::default(),
        kept: Vec::new(),
        path: Vec::new(),
        texts: Vec::new(),
        notes: BTreeSet::new(),
        drawings: 0,
    };
    drawing.run(&content.operations, &resources, DEPTH);
    let spent = drawing.canvas.is_spent();
    let mut notes: Vec<String> = drawing.notes.into_iter().collect();
    if spent {
        notes.push("it asks for more than a label takes: only a part is drawn".to_owned());
    }
    DrawnSheet {
        title: String::new(),
        picture: Some(drawing.canvas.picture),
        texts: drawing.texts,
        notes,
    }
}

/// Points to dots.
#[expect(
    clippy::cast_possible_truncation,
    reason = "it is cut to a size that every integer holds"
)]
fn dots(points: f64) -> i64 {
    if points.is_finite() {
        (points * INCH / 72.0).clamp(-1e6, 1e6).round() as i64
    } else {
        0
    }
}

pub(super) fn number(object: &Object) -> Option<f64> {
    object.as_float().ok().map(f64::from)
}

/// The page's size in points, inherited where it has none of its own; 4 by 6 inches where nobody says.
fn media_box(pdf: &Document, page: ObjectId) -> (f64, f64, f64, f64) {
    let mut at = pdf.get_dictionary(page).ok();
    for _ in 0..8 {
        let Some(dictionary) = at else { break };
        if let Ok(Object::Array(sides)) = dictionary.get_deref(b"MediaBox", pdf) {
            let sides: Vec<f64> = sides
                .iter()
                .filter_map(|side| {
                    number(side).or_else(|| pdf.dereference(side).ok().and_then(|(_, side)| number(side)))
                })
                .collect();
            if let [left, bottom, right, top] = sides[..] {
                return (left.min(right), bottom.min(top), left.max(right), bottom.max(top));
            }
        }
        at = dictionary
            .get_deref(b"Parent", pdf)
            .ok()
            .and_then(|parent| parent.as_dict().ok());
    }
    (0.0, 0.0, 288.0, 432.0)
}

/// A change of place and size.
#[derive(Clone, Copy)]
struct Matrix([f64; 6]);

impl Matrix {
    const NONE: Self = Self([1.0, 0.0, 0.0, 1.0, 0.0, 0.0]);

    /// Six numbers as a page writes them.
    fn of(given: &[f64]) -> Option<Self> {
        <[f64; 6]>::try_from(given).ok().map(Self)
    }

    /// This one, then `after`.
    fn then(self, after: Self) -> Self {
        let (one, two) = (self.0, after.0);
        Self([
            one[0] * two[0] + one[1] * two[2],
            one[0] * two[1] + one[1] * two[3],
            one[2] * two[0] + one[3] * two[2],
            one[2] * two[1] + one[3] * two[3],
            one[4] * two[0] + one[5] * two[2] + two[4],
            one[4] * two[1] + one[5] * two[3] + two[5],
        ])
    }

    fn at(self, x: f64, y: f64) -> (f64, f64) {
        let by = self.0;
        (by[0] * x + by[2] * y + by[4], by[1] * x + by[3] * y + by[5])
    }
}

/// What is set while a page is drawn.
#[derive(Clone)]
struct Now {
    place: Matrix,
    dark: u8,
    line_dark: u8,
    line_width: f64,
    /// The font's letters are plain bytes.
    plain: bool,
    size: f64,
    leading: f64,
    text: Matrix,
    line: Matrix,
}

impl Default for Now {
    fn default() -> Self {
        Self {
            place: Matrix::NONE,
            dark: 255,
            line_dark: 255,
            line_width: 1.0,
            plain: true,
            size: 10.0,
            leading: 0.0,
            text: Matrix::NONE,
            line: Matrix::NONE,
        }
    }
}

/// A box, or a straight line: two corners, and whether it is a box.
type Piece = ((f64, f64), (f64, f64), bool);

struct Drawing<'a> {
    pdf: &'a Document,
    canvas: Canvas,
    height: f64,
    left: f64,
    now: Now,
    kept: Vec<Now>,
    /// Boxes and straight lines of the path: two corners each; a line has no body of its own.
    path: Vec<Piece>,
    texts: Vec<String>,
    notes: BTreeSet<String>,
    drawings: u32,
}

impl Drawing<'_> {
    fn run(&mut self, operations: &[Operation], resources: &[&Dictionary], depth: u8) {
        let mut from = (0.0, 0.0);
        for operation in operations.iter().take(OPERATIONS) {
            if !self.canvas.pay(20) {
                return;
            }
            let given: Vec<f64> = operation.operands.iter().filter_map(number).take(6).collect();
            match (operation.operator.as_str(), given.as_slice()) {
                ("q", _) if self.kept.len() < 64 => self.kept.push(self.now.clone()),
                ("Q", _) => {
                    if let Some(kept) = self.kept.pop() {
                        self.now = kept;
                    }
                }
                ("cm", given) => {
                    if let Some(change) = Matrix::of(given) {
                        self.now.place = change.then(self.now.place);
                    }
                }
                ("g", [gray]) => self.now.dark = shade(&[*gray]),
                ("G", [gray]) => self.now.line_dark = shade(&[*gray]),
                ("rg" | "k" | "sc" | "scn", colors) if !colors.is_empty() => self.now.dark = shade(colors),
                ("RG" | "K" | "SC" | "SCN", colors) if !colors.is_empty() => {
                    self.now.line_dark = shade(colors);
                }
                ("w", [width]) => self.now.line_width = *width,
                ("re", [x, y, width, height]) => self.piece((*x, *y), (x + width, y + height), true),
                ("m", [x, y]) => from = (*x, *y),
                ("l", [x, y]) => {
                    self.piece(from, (*x, *y), false);
                    from = (*x, *y);
                }
                ("c" | "v" | "y", _) => {
                    self.notes.insert("curves on it are not drawn".to_owned());
                }
                ("f" | "F" | "f*", _) => self.fill(),
                ("S" | "s", _) => self.stroke(),
                ("B" | "B*" | "b" | "b*", _) => {
                    let path = self.path.clone();
                    self.fill();
                    self.path = path;
                    self.stroke();
                }
                ("n", _) => self.path.clear(),
                ("Do", _) => self.external(operation, resources, depth),
                ("BI", _) => {
                    self.notes.insert("small pictures on it are not drawn".to_owned());
                }
                (other, given) => self.text_operation(other, given, operation, resources),
            }
        }
    }

    fn piece(&mut self, from: (f64, f64), to: (f64, f64), is_box: bool) {
        if self.path.len() < 10_000 {
            let place = self.now.place;
            self.path
                .push((place.at(from.0, from.1), place.at(to.0, to.1), is_box));
        }
    }

    /// A block between two corners in points.
    fn area(&self, one: (f64, f64), other: (f64, f64)) -> Area {
        let (left, right) = (one.0.min(other.0), one.0.max(other.0));
        let (low, high) = (one.1.min(other.1), one.1.max(other.1));
        let (x, y) = (dots(left - self.left), dots(self.height - high));
        Area {
            x,
            y,
            width: (dots(right - self.left) - x).max(1),
            height: (dots(self.height - low) - y).max(1),
        }
    }

    fn fill(&mut self) {
        for (one, other, is_box) in std::mem::take(&mut self.path) {
            if is_box {
                let area = self.area(one, other);
                self.canvas.block(area, Ink::Dark(self.now.dark));
            } else {
                self.notes
                    .insert("shapes with slanted sides are not drawn".to_owned());
            }
        }
    }

    fn stroke(&mut self) {
        let half = (self.now.line_width / 2.0).clamp(0.2, 50.0);
        let ink = Ink::Dark(self.now.line_dark);
        for (one, other, is_box) in std::mem::take(&mut self.path) {
            let straight = (one.0 - other.0).abs() < 0.5 || (one.1 - other.1).abs() < 0.5;
            let lines = if is_box {
                vec![
                    (one, (other.0, one.1)),
                    ((one.0, other.1), other),
                    (one, (one.0, other.1)),
                    ((other.0, one.1), other),
                ]
            } else if straight {
                vec![(one, other)]
            } else {
                self.notes.insert("slanted lines on it are not drawn".to_owned());
                Vec::new()
            };
            for (from, to) in lines {
                let (low, high) = (
                    (from.0.min(to.0) - half, from.1.min(to.1) - half),
                    (from.0.max(to.0) + half, from.1.max(to.1) + half),
                );
                let area = self.area(low, high);
                self.canvas.block(area, ink);
            }
        }
    }

    fn text_operation(
        &mut self,
        name: &str,
        given: &[f64],
        operation: &Operation,
        resources: &[&Dictionary],
    ) {
        match (name, given) {
            ("BT", _) => {
                self.now.text = Matrix::NONE;
                self.now.line = Matrix::NONE;
            }
            ("Tf", _) => {
                self.now.size = operation.operands.get(1).and_then(number).unwrap_or(10.0);
                let font = operation.operands.first().and_then(|name| name.as_name().ok());
                self.now.plain = font.is_none_or(|name| self.is_plain(name, resources));
            }
            ("TL", [leading]) => self.now.leading = *leading,
            ("Td", [x, y]) => self.next_line(*x, *y),
            ("TD", [x, y]) => {
                self.now.leading = -y;
                self.next_line(*x, *y);
            }
            ("Tm", given) => {
                if let Some(place) = Matrix::of(given) {
                    self.now.line = place;
                    self.now.text = place;
                }
            }
            ("T*", _) => self.next_line(0.0, -self.now.leading),
            ("Tj" | "TJ", _) => self.show(&operation.operands),
            ("'" | "\"", _) => {
                self.next_line(0.0, -self.now.leading);
                self.show(&operation.operands);
            }
            _ => {}
        }
    }

    fn next_line(&mut self, x: f64, y: f64) {
        self.now.line = Matrix([1.0, 0.0, 0.0, 1.0, x, y]).then(self.now.line);
        self.now.text = self.now.line;
    }

    /// Letters of the font are bytes of a known alphabet, not numbers of its own shapes.
    fn is_plain(&self, name: &[u8], resources: &[&Dictionary]) -> bool {
        let font = resources.iter().find_map(|resources| {
            let fonts = resources.get_deref(b"Font", self.pdf).ok()?.as_dict().ok()?;
            fonts.get_deref(name, self.pdf).ok()?.as_dict().ok()
        });
        let kind = font.and_then(|font| font.get(b"Subtype").and_then(Object::as_name).ok());
        matches!(kind, None | Some(b"Type1" | b"TrueType"))
    }

    fn show(&mut self, operands: &[Object]) {
        let mut bytes = Vec::new();
        for operand in operands {
            match operand {
                Object::String(text, _) => bytes.extend_from_slice(text),
                Object::Array(parts) => {
                    for part in parts {
                        match part {
                            Object::String(text, _) => bytes.extend_from_slice(text),
                            // A wide step back is a blank.
                            other if number(other).is_some_and(|step| step < -250.0) => bytes.push(b' '),
                            _ => {}
                        }
                    }
                }
                _ => {}
            }
        }
        if !self.now.plain {
            self.notes
                .insert("text in a font of its own is not drawn".to_owned());
            return;
        }
        let text: String = bytes
            .iter()
            .take(letters::MOST)
            .map(|byte| char::from(*byte))
            .collect();
        let full = self.now.text.then(self.now.place);
        let (x, y) = full.at(0.0, 0.0);
        let (up_x, up_y) = full.at(0.0, self.now.size);
        let tall = dots(((up_x - x).powi(2) + (up_y - y).powi(2)).sqrt()).clamp(2, 600);
        let size = Size {
            height: tall,
            width: (tall * 5 / 8).max(1),
            even: false,
            gap: 0,
        };
        let length = size.length(&text);
        let upright = (up_y - y).abs() >= (up_x - x).abs();
        let (at_x, at_y) = (dots(x - self.left), dots(self.height - y));
        let (way, at) = match (upright, up_y > y, up_x > x) {
            (true, true, _) => (Way::Right, (at_x, at_y - size.base())),
            (true, false, _) => (Way::Back, (at_x - length, at_y - (tall - size.base()))),
            (false, _, true) => (Way::Down, (at_x - (tall - size.base()), at_y)),
            (false, _, false) => (Way::Up, (at_x - size.base(), at_y - length)),
        };
        let place = Place {
            at,
            whole: (length, tall),
            way,
            start: (0, 0),
        };
        letters::write(&mut self.canvas, place, size, &text, Ink::Dark(self.now.dark));
        let read = Clean::bounded(&text, 120);
        if !read.is_empty() && self.texts.len() < 200 {
            self.texts.push(read);
        }
    }

    fn external(&mut self, operation: &Operation, resources: &[&Dictionary], depth: u8) {
        self.drawings += 1;
        let named = operation.operands.first().and_then(|name| name.as_name().ok());
        let stream = named.and_then(|name| {
            resources.iter().find_map(|resources| {
                let parts = resources.get_deref(b"XObject", self.pdf).ok()?.as_dict().ok()?;
                parts.get_deref(name, self.pdf).ok()?.as_stream().ok()
            })
        });
        let Some(stream) = stream.filter(|_| self.drawings <= DRAWINGS && depth > 0) else {
            return;
        };
        match stream.dict.get(b"Subtype").and_then(Object::as_name) {
            Ok(b"Image") => self.image(stream),
            Ok(b"Form") => {
                let content = if stream.dict.has(b"Filter") {
                    stream.decompressed_content_with_limit(UNPACKED).ok()
                } else {
                    Some(stream.content.clone())
                };
                let Some(content) = content.and_then(|bytes| Content::decode(&bytes).ok()) else {
                    return;
                };
                let kept = self.now.clone();
                if let Ok(Object::Array(matrix)) = stream.dict.get_deref(b"Matrix", self.pdf) {
                    let numbers: Vec<f64> = matrix.iter().filter_map(number).collect();
                    if let Some(change) = Matrix::of(&numbers) {
                        self.now.place = change.then(self.now.place);
                    }
                }
                let own = stream
                    .dict
                    .get_deref(b"Resources", self.pdf)
                    .and_then(Object::as_dict)
                    .ok();
                match own {
                    Some(own) => self.run(&content.operations, &[own], depth - 1),
                    None => self.run(&content.operations, resources, depth - 1),
                }
                self.now = kept;
            }
            _ => {}
        }
    }

    /// A picture on the page, upright; hatched where it is packed in a way that is not unpacked here.
    fn image(&mut self, stream: &Stream) {
        let place = self.now.place;
        let area = self.area(place.at(0.0, 0.0), place.at(1.0, 1.0));
        let upright = place.0[1].abs() < 0.01 && place.0[2].abs() < 0.01;
        let Some(plain) = image::plain(self.pdf, stream).filter(|_| upright) else {
            self.canvas.hatch(area);
            self.notes
                .insert("a picture on it is packed in a way that is not drawn: hatched".to_owned());
            return;
        };
        let (width, height) = (self.canvas.picture.width(), self.canvas.picture.height());
        let top = usize::try_from(area.y.max(0)).unwrap_or(0);
        let bottom = usize::try_from((area.y + area.height).max(0))
            .unwrap_or(0)
            .min(height);
        let first = usize::try_from(area.x.max(0)).unwrap_or(0);
        let end = usize::try_from((area.x + area.width).max(0))
            .unwrap_or(0)
            .min(width);
        if !self
            .canvas
            .pay((bottom.saturating_sub(top) * end.saturating_sub(first) / 4) as u64)
        {
            return;
        }
        let within = |dot: usize, from: i64, length: i64, count: usize| {
            let along = i64::try_from(dot).unwrap_or(0) - from;
            let count = i64::try_from(count).unwrap_or(0);
            usize::try_from(along * count / length.max(1)).unwrap_or(0)
        };
        for y in top..bottom {
            let from_row = within(y, area.y, area.height, plain.height);
            for x in first..end {
                let from = within(x, area.x, area.width, plain.width);
                self.canvas.picture.row_mut(y)[x] = plain.darkness(from, from_row);
            }
        }
        self.texts.push("(a picture)".to_owned());
    }
}

/// How dark a colour of one, three or four parts is.
fn shade(colors: &[f64]) -> u8 {
    let light = match colors {
        [red, green, blue] => red * 0.3 + green * 0.59 + blue * 0.11,
        [cyan, magenta, yellow, black] => {
            (1.0 - (cyan * 0.3 + magenta * 0.59 + yellow * 0.11)) * (1.0 - black)
        }
        [gray, ..] => *gray,
        [] => 0.0,
    };
    let dark = dots((1.0 - light.clamp(0.0, 1.0)) * 255.0 * 72.0 / INCH);
    u8::try_from(dark).unwrap_or(255)
}

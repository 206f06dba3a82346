//! Labels in the printer's language, drawn as they will be printed: texts, lines, barcodes and graphics at their
//! places. Never sent anywhere; whatever the label asks for stays within the sheet.

use super::canvas::{Area, Canvas, Ink, Way};
use super::codes::{self, Matrix, Mode};
use super::commands::{Command, commands, number, parts, way};
use super::field::{Code, Field, Paragraph};
use super::letters::{self, Place, Size, font_size};
use super::{MOST_SHEETS, Sheets, graphic, shapes};
use crate::domain::picture::{DrawnSheet, LONGEST_SIDE};
use std::collections::BTreeSet;

/// Sheet where the label does not say: 4 by 6 inches at 203 dots.
const SHEET: (i64, i64) = (812, 1218);
/// Most texts of a sheet, and their longest.
const MOST_TEXTS: usize = 200;

/// What only sets the printer up, or says nothing of how the sheet looks.
const SILENT: &[&[u8; 2]] = &[
    b"CI", b"MD", b"MM", b"MN", b"MT", b"MU", b"MC", b"PR", b"PQ", b"PM", b"PO", b"LT", b"LS", b"LH", b"LL",
    b"LR", b"PW", b"FX", b"FN", b"FM", b"FW", b"FH", b"FR", b"FO", b"FT", b"FS", b"FB", b"TB", b"CF", b"BY",
    b"SD", b"ML", b"PP", b"PH", b"ID", b"JM", b"JZ", b"XB", b"SS", b"PN", b"CV", b"FP", b"KD",
];

/// Draws every format of the document.
pub(super) fn draw(document: &[u8], sheets: &mut Sheets) {
    let (all, whole) = commands(document);
    let mut drawing = Drawing::default();
    for format in all.split_inclusive(|command| !command.tilde && &command.name == b"XZ") {
        let shows = |command: &Command<'_>| {
            !command.tilde && matches!(&command.name, [b'F', b'D' | b'V'] | [b'G', _] | b"SN")
        };
        if !format.iter().any(shows) {
            for command in format {
                drawing.set(command);
            }
            continue;
        }
        if sheets.count() >= MOST_SHEETS {
            sheets.more();
            return;
        }
        let sheet = drawing.sheet(format, whole);
        if !sheets.add(sheet) {
            return;
        }
    }
}

/// Settings that outlive a field, and the field that is being described.
struct Drawing {
    width: i64,
    height: i64,
    home: (i64, i64),
    turned: bool,
    reversed: bool,
    way: Way,
    font: (u8, Option<i64>, Option<i64>),
    module: i64,
    bar_height: i64,
    field: Field,
    texts: Vec<(i64, i64, String)>,
    notes: BTreeSet<String>,
}

impl Default for Drawing {
    fn default() -> Self {
        Self {
            width: SHEET.0,
            height: SHEET.1,
            home: (0, 0),
            turned: false,
            reversed: false,
            way: Way::Right,
            font: (b'A', None, None),
            module: 2,
            bar_height: 10,
            field: Field::default(),
            texts: Vec::new(),
            notes: BTreeSet::new(),
        }
    }
}

impl Drawing {
    /// A format as a sheet.
    fn sheet(&mut self, format: &[Command<'_>], whole: bool) -> DrawnSheet {
        // Width and length count for the whole format, wherever in it they stand.
        let sizes = |command: &&Command<'_>| matches!(&command.name, b"PW" | b"LL");
        for command in format.iter().filter(sizes) {
            self.set(command);
        }
        self.texts.clear();
        self.notes.clear();
        self.field = Field::default();
        let Some(mut canvas) = Canvas::new(self.width, self.height) else {
            return super::undrawn(format!(
                "its size of {} by {} dots is not that of a label: it is not drawn",
                self.width, self.height
            ));
        };
        for command in format {
            if self.set(command) {
                continue;
            }
            self.paint(command, &mut canvas);
        }
        if canvas.is_spent() {
            self.notes
                .insert("it asks for more than a label takes: only a part is drawn".to_owned());
        }
        if !whole {
            self.notes
                .insert("it has more commands than any label: only a part is drawn".to_owned());
        }
        let mut picture = canvas.picture;
        if self.turned {
            picture.turn_half();
        }
        self.texts.sort();
        DrawnSheet {
            title: String::new(),
            picture: Some(picture),
            texts: self.texts.drain(..).map(|(_, _, text)| text).collect(),
            notes: std::mem::take(&mut self.notes).into_iter().collect(),
        }
    }

    /// Takes in what is no ink: settings and the field's description. `false`: it is none of these.
    fn set(&mut self, command: &Command<'_>) -> bool {
        if command.tilde {
            return false;
        }
        let parts = parts(command.parameters);
        let first = number(&parts, 0);
        match &command.name {
            b"PW" => self.width = first.unwrap_or(self.width).clamp(1, i64::from(LONGEST_SIDE)),
            b"LL" => self.height = first.unwrap_or(self.height).clamp(1, i64::from(LONGEST_SIDE)),
            b"LH" => self.home = (first.unwrap_or(0), number(&parts, 1).unwrap_or(0)),
            b"LR" => self.reversed = command.parameters.first().is_some_and(|byte| byte | 32 == b'y'),
            b"PO" => self.turned = command.parameters.first().is_some_and(|byte| byte | 32 == b'i'),
            b"FW" => self.way = way(parts[0].chars().next()).unwrap_or_default(),
            b"CF" => {
                let name = command.parameters.first().copied().filter(|byte| *byte != b',');
                self.font = (name.unwrap_or(self.font.0), number(&parts, 1), number(&parts, 2));
            }
            b"BY" => {
                self.module = first.unwrap_or(self.module).clamp(1, 10);
                self.bar_height = number(&parts, 2).unwrap_or(self.bar_height).max(1);
            }
            b"FO" | b"FT" => {
                let at = (first.unwrap_or(0), number(&parts, 1).unwrap_or(0));
                self.field.at = (at.0 + self.home.0, at.1 + self.home.1);
                self.field.on_base = &command.name == b"FT";
                self.field.right = number(&parts, 2) == Some(1);
            }
            b"FR" => self.field.reversed = true,
            b"FH" => self.field.escape = Some(command.parameters.first().copied().unwrap_or(b'_')),
            b"FB" => {
                self.field.paragraph = Some(Paragraph {
                    width: first.unwrap_or(0).max(0),
                    lines: usize::try_from(number(&parts, 1).unwrap_or(1).clamp(1, 200)).unwrap_or(1),
                    apart: number(&parts, 2).unwrap_or(0),
                    justify: parts.get(3).and_then(|text| text.chars().next()).unwrap_or('L'),
                });
            }
            b"TB" => {
                self.field.paragraph = Some(Paragraph {
                    width: number(&parts, 1).unwrap_or(0).max(0),
                    lines: 200,
                    apart: 0,
                    justify: 'L',
                });
            }
            [b'A', font] => self.field.font = Some(self.chosen_font(*font, &parts)),
            b"XA" | b"XZ" => {}
            name if SILENT.contains(&name) && name != b"FS" => {}
            _ => return false,
        }
        true
    }

    /// `^Af`: orientation, height, width.
    fn chosen_font(&self, font: u8, parts: &[&str]) -> (Way, Size) {
        let turned = way(parts.first().and_then(|text| text.chars().next())).unwrap_or(self.way);
        // `^A@` names a font by its file: drawn as the scalable one.
        (turned, font_size(font, number(parts, 1), number(parts, 2)))
    }

    fn paint(&mut self, command: &Command<'_>, canvas: &mut Canvas) {
        if command.tilde {
            // What these do is not on the sheet.
            if !matches!(command.name[0], b'S' | b'J' | b'P' | b'T' | b'H' | b'W') {
                self.not_drawn('~', command.name);
            }
            return;
        }
        match &command.name {
            b"FD" | b"FV" | b"SN" => self.field.take_data(command.parameters),
            b"FS" => {
                let field = std::mem::take(&mut self.field);
                self.end_field(&field, canvas);
            }
            b"GB" | b"GC" | b"GE" | b"GD" => self.line(command, canvas),
            b"GF" => match graphic::read(command.parameters) {
                Ok(graphic) => self.graphic(&graphic, canvas),
                Err(words) => {
                    self.notes.insert(words.to_owned());
                }
            },
            [b'B', kind] => {
                let parts: Vec<String> = parts(command.parameters).into_iter().map(str::to_owned).collect();
                self.field.code = Some(Code { kind: *kind, parts });
            }
            name => self.not_drawn('^', *name),
        }
    }

    fn not_drawn(&mut self, prefix: char, name: [u8; 2]) {
        let name: String = name.iter().map(|byte| printable(*byte)).collect();
        if self.notes.len() < 12 {
            self.notes.insert(format!("{prefix}{name} is not drawn"));
        }
    }

    fn ink(&self) -> Ink {
        if self.field.reversed || self.reversed {
            Ink::Turned
        } else {
            Ink::Dark(255)
        }
    }

    /// Boxes, circles, ellipses and diagonals.
    fn line(&mut self, command: &Command<'_>, canvas: &mut Canvas) {
        let parts = parts(command.parameters);
        let (x, mut y) = self.field.at;
        let size = |place: usize| number(&parts, place).unwrap_or(1).clamp(1, 32_000);
        let circle = &command.name == b"GC";
        let (mut width, mut height, thick) = if circle {
            (size(0), size(0), size(1))
        } else {
            (size(0), size(1), size(2))
        };
        let color_at = if circle { 2 } else { 3 };
        let white = parts
            .get(color_at)
            .is_some_and(|color| color.eq_ignore_ascii_case("W"));
        let ink = if white { Ink::Dark(0) } else { self.ink() };
        if &command.name == b"GB" {
            (width, height) = (width.max(thick), height.max(thick));
        }
        if self.field.on_base {
            y -= height;
        }
        let area = Area { x, y, width, height };
        match &command.name {
            b"GB" => shapes::frame(canvas, area, thick, ink),
            b"GD" => {
                let falls_right = parts.get(4).is_some_and(|lean| lean.eq_ignore_ascii_case("L"));
                shapes::diagonal(canvas, area, thick, falls_right, ink);
            }
            _ => shapes::ring(canvas, area, thick, ink),
        }
    }

    fn graphic(&mut self, graphic: &graphic::Graphic, canvas: &mut Canvas) {
        let ink = self.ink();
        let (x, mut y) = self.field.at;
        let rows = graphic.bytes.chunks(graphic.row);
        if self.field.on_base {
            y -= i64::try_from(rows.len()).unwrap_or(0);
        }
        for (row, bytes) in (0_i64..).zip(rows) {
            if y + row >= self.height {
                break;
            }
            let is = |dot: usize| {
                bytes
                    .get(dot / 8)
                    .is_some_and(|byte| byte >> (7 - dot % 8) & 1 == 1)
            };
            let (mut dot, end) = (0, bytes.len() * 8);
            while dot < end {
                if !is(dot) {
                    dot += 1;
                    continue;
                }
                let from = dot;
                while dot < end && is(dot) {
                    dot += 1;
                }
                let long = |count: usize| i64::try_from(count).unwrap_or(0);
                let run = Area {
                    x: x + long(from),
                    y: y + row,
                    width: long(dot - from),
                    height: 1,
                };
                canvas.block(run, ink);
            }
        }
        if graphic.bytes.len() > 4000 {
            self.read_text(y, x, "(a picture)");
        }
    }

    fn end_field(&mut self, field: &Field, canvas: &mut Canvas) {
        let Some(text) = field.text() else { return };
        if text.is_empty() {
            return;
        }
        match &field.code {
            Some(code) => self.code(field, code, &text, canvas),
            None => self.text(field, &text, canvas),
        }
    }

    /// Keeps what can be read, for people.
    fn read_text(&mut self, y: i64, x: i64, text: &str) {
        if self.texts.len() < MOST_TEXTS {
            let text = crate::domain::text::Clean::bounded(text, 120);
            if !text.is_empty() {
                self.texts.push((y, x, text));
            }
        }
    }

    fn text(&mut self, field: &Field, text: &str, canvas: &mut Canvas) {
        let ink = if field.reversed || self.reversed {
            Ink::Turned
        } else {
            Ink::Dark(255)
        };
        let (way, size) = field
            .font
            .unwrap_or_else(|| (self.way, font_size(self.font.0, self.font.1, self.font.2)));
        let lines = field.lines(text, size);
        let length = match &field.paragraph {
            Some(paragraph) if paragraph.width > 0 => paragraph.width,
            _ => lines.iter().map(|line| size.length(line)).max().unwrap_or(0),
        };
        let apart = size.height + field.paragraph.as_ref().map_or(0, |paragraph| paragraph.apart);
        let height = size.height + apart * i64::try_from(lines.len().saturating_sub(1)).unwrap_or(0);
        let at = field.corner(way, (length, height), size.base());
        for (row, line) in (0_i64..).zip(&lines) {
            let free = length - size.length(line);
            let indent = match field.paragraph.as_ref().map(|paragraph| paragraph.justify) {
                Some('C' | 'c') => free / 2,
                Some('R' | 'r') => free,
                _ => 0,
            };
            let place = Place {
                at,
                whole: (length, height),
                way,
                start: (indent, row * apart),
            };
            letters::write(canvas, place, size, line, ink);
        }
        self.read_text(field.at.1, field.at.0, &lines.join(" "));
    }

    fn code(&mut self, field: &Field, code: &Code, text: &str, canvas: &mut Canvas) {
        let turned = way(code.letter(0)).unwrap_or(self.way);
        match code.kind {
            b'C' => {
                let mode = match code.letter(5) {
                    Some('A' | 'a') => Mode::Short,
                    Some('U' | 'u') => Mode::Container,
                    Some('D' | 'd') => Mode::Gs1,
                    _ => Mode::Asked,
                };
                let Some((symbols, words)) = codes::code128(text, mode) else {
                    self.notes
                        .insert("a barcode on it cannot be a Code 128: it is not drawn".to_owned());
                    return;
                };
                self.bars(field, code, turned, &codes::widths(&symbols), &words, canvas);
                self.read_text(field.at.1, field.at.0, &format!("▌▐ {words}"));
            }
            b'X' if code.number(2).is_none_or(|quality| quality == 200) => {
                let module = code.number(1).unwrap_or(self.module * 2).clamp(1, 60);
                let matrix = Matrix::data(text.as_bytes());
                self.matrix(field, matrix, (turned, module), ("Data Matrix", text), canvas);
            }
            b'Q' => {
                let module = code.number(2).unwrap_or(3).clamp(1, 60);
                // Error correction and how it is written stand before the data: `QA,`.
                let data = text.split_once(',').map_or(text, |(_, data)| data);
                let matrix = Matrix::quick(data.as_bytes());
                self.matrix(field, matrix, (Way::Right, module), ("QR", data), canvas);
            }
            kind => self.unknown_code(field, code, kind, text, canvas),
        }
    }

    fn bars(
        &mut self,
        field: &Field,
        code: &Code,
        way: Way,
        widths: &[i64],
        words: &str,
        canvas: &mut Canvas,
    ) {
        let height = code.number(1).unwrap_or(self.bar_height).clamp(1, 10_000);
        let shown = code
            .letter(2)
            .is_none_or(|letter| !letter.eq_ignore_ascii_case(&'N'));
        let above = shown
            && code
                .letter(3)
                .is_some_and(|letter| letter.eq_ignore_ascii_case(&'Y'));
        let size = font_size(b'A', Some(9 * self.module), Some(5 * self.module));
        let line = if shown { size.height + 4 } else { 0 };
        let length = widths.iter().sum::<i64>() * self.module;
        let whole = (length, height + line);
        let top = if above { line } else { 0 };
        // What `^FT` names is the foot of the bars.
        let at = field.corner(way, whole, top + height);
        codes::bars(canvas, at, whole, way, widths, (self.module, top, height));
        if shown {
            let start = (length - size.length(words)) / 2;
            let place = Place {
                at,
                whole,
                way,
                start: (start, if above { 0 } else { height + 4 }),
            };
            letters::write(canvas, place, size, words, Ink::Dark(255));
        }
    }

    fn matrix(
        &mut self,
        field: &Field,
        matrix: Option<Matrix>,
        (way, module): (Way, i64),
        (name, data): (&str, &str),
        canvas: &mut Canvas,
    ) {
        let Some(matrix) = matrix else {
            self.notes
                .insert(format!("a {name} code on it holds too much: it is not drawn"));
            return;
        };
        let whole = (matrix.columns * module, matrix.rows * module);
        let at = field.corner(way, whole, whole.1);
        matrix.paint(canvas, at, way, module);
        self.read_text(field.at.1, field.at.0, &format!("▚ {name}: {data}"));
    }

    /// Codes that are not drawn as they are.
    fn unknown_code(&mut self, field: &Field, code: &Code, kind: u8, text: &str, canvas: &mut Canvas) {
        let (name, width, height) = match kind {
            b'D' => ("MaxiCode", 200, 193),
            b'7' => ("PDF417", 500, code.number(1).unwrap_or(self.bar_height) * 12),
            b'O' | b'0' => ("Aztec", 160, 160),
            b'3' => ("Code 39", 400, code.number(2).unwrap_or(self.bar_height)),
            b'2' => (
                "Interleaved 2 of 5",
                400,
                code.number(1).unwrap_or(self.bar_height),
            ),
            _ => ("barcode of another kind", 300, self.bar_height),
        };
        let area = Area {
            x: field.at.0,
            y: if field.on_base {
                field.at.1 - height
            } else {
                field.at.1
            },
            width,
            height: height.clamp(30, 1000),
        };
        canvas.hatch(area);
        self.notes.insert(format!("{name}: hatched, not drawn as it is"));
        self.read_text(field.at.1, field.at.0, &format!("▚ {name}: {text}"));
    }
}

fn printable(byte: u8) -> char {
    if byte.is_ascii_alphanumeric() {
        char::from(byte)
    } else {
        '?'
    }
}

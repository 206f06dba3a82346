//! Labels as pictures (PNG) and pages (PDF): small, valid, with real bars.

use super::label::{Sheet, code128};
use flate2::Compression;
use flate2::write::ZlibEncoder;
use std::fmt::Write as _;
use std::io::Write as _;

/// Letters, digits and a few marks, three dots wide and five high: one octal digit for each row.
const GLYPHS: &str = "\
A25755 B65656 C34443 D65556 E74647 F74644 G34553 H55755 I72227 J11152 K55655 L44447 M57755 N65555 O25552 \
P65644 Q25563 R65655 S34216 T72222 U55557 V55552 W55775 X55255 Y55222 Z71247 \
075557 126227 261247 361216 455711 574616 634652 771122 825252 925316 -00700 .00002 /11244 &25257";

fn glyph(letter: char) -> Option<&'static [u8]> {
    let upper = letter.to_ascii_uppercase();
    GLYPHS
        .split(' ')
        .find(|glyph| glyph.starts_with(upper))
        .map(|glyph| &glyph.as_bytes()[1..])
}

/// A black and white picture, one bit for each dot, white to begin with.
struct Canvas {
    width: u32,
    height: u32,
    stride: usize,
    dots: Vec<u8>,
}

impl Canvas {
    fn new(width: u32, height: u32) -> Self {
        let stride = width.div_ceil(8) as usize;
        Self {
            width,
            height,
            stride,
            dots: vec![0xff; stride * height as usize],
        }
    }

    fn bar(&mut self, x: u32, y: u32, width: u32, height: u32) {
        for row in y..(y + height).min(self.height) {
            for column in x..(x + width).min(self.width) {
                self.dots[row as usize * self.stride + (column / 8) as usize] &= !(0x80 >> (column % 8));
            }
        }
    }

    fn text(&mut self, x: u32, y: u32, dot: u32, text: &str) {
        for (letter, at) in text.chars().zip((0..).step_by(4)) {
            for (bits, row) in glyph(letter).unwrap_or(b"").iter().zip(0..) {
                for column in 0..3 {
                    if (bits - b'0') & (4 >> column) != 0 {
                        self.bar(x + (at + column) * dot, y + row * dot, dot, dot);
                    }
                }
            }
        }
    }
}

/// A 4 by 6 inch picture; a blank one has a single colour.
pub(super) fn png(sheet: &Sheet<'_>, blank: bool) -> Vec<u8> {
    let dpi = sheet.dpi;
    let mut canvas = Canvas::new(4 * dpi, 6 * dpi);
    if !blank {
        draw(&mut canvas, sheet);
    }
    let mut bytes = Vec::new();
    let mut encoder = png::Encoder::new(&mut bytes, canvas.width, canvas.height);
    encoder.set_color(png::ColorType::Grayscale);
    encoder.set_depth(png::BitDepth::One);
    encoder
        .write_header()
        .and_then(|mut writer| writer.write_image_data(&canvas.dots))
        .expect("a picture of the declared size goes into memory");
    bytes
}

fn draw(canvas: &mut Canvas, sheet: &Sheet<'_>) {
    let dpi = sheet.dpi;
    let at = |hundredths: u32| hundredths * dpi / 100;
    let (width, height, line) = (canvas.width, canvas.height, (dpi / 70).max(2));
    for (x, y, wide, high) in [
        (at(5), at(5), width - at(10), line),
        (at(5), height - at(5), width - at(10), line),
        (at(5), at(5), line, height - at(10)),
        (width - at(5), at(5), line, height - at(10)),
        (at(5), at(300), width - at(10), line),
    ] {
        canvas.bar(x, y, wide, high);
    }
    let dot = (dpi / 60).max(2);
    canvas.text(at(20), at(20), dot, sheet.service);
    canvas.text(at(20), at(90), dot, "SHIP TO");
    for (text, y) in sheet.recipient().iter().zip((115..).step_by(22)) {
        canvas.text(at(35), at(y), dot, text);
    }
    let module = (dpi / 100).max(2);
    let mut x = at(25);
    for (bar, black) in code128(sheet.tracking)
        .into_iter()
        .zip([true, false].into_iter().cycle())
    {
        if black {
            canvas.bar(x, at(340), bar * module, at(120));
        }
        x += bar * module;
    }
    canvas.text(at(25), at(470), dot, sheet.tracking);
    canvas.text(at(20), at(545), dot, sheet.order);
    if let Some(note) = &sheet.note {
        canvas.text(at(20), at(565), dot, note);
    }
}

/// A page's text in the Latin alphabet that its font knows.
fn literal(text: &str) -> String {
    let mut out = String::from("(");
    for letter in text.chars() {
        match letter {
            '(' | ')' | '\\' => {
                out.push('\\');
                out.push(letter);
            }
            ' '..='~' => out.push(letter),
            _ => out.push('?'),
        }
    }
    out.push(')');
    out
}

fn text(page: &mut String, x: u32, y: u32, size: u32, text: &str) {
    let _ = writeln!(page, "BT /F1 {size} Tf {x} {y} Td {} Tj ET", literal(text));
}

fn label_page(sheet: &Sheet<'_>) -> String {
    let mut page = String::from("1 w 8 8 272 416 re S\n");
    text(&mut page, 18, 400, 14, sheet.service);
    text(&mut page, 18, 360, 9, "SHIP TO:");
    for (line, down) in sheet.recipient().iter().zip((0..).step_by(14)) {
        text(&mut page, 28, 345_u32.saturating_sub(down), 11, line);
    }
    let mut x = 20;
    for (bar, black) in code128(sheet.tracking)
        .into_iter()
        .zip([true, false].into_iter().cycle())
    {
        if black {
            let _ = writeln!(page, "{x} 90 {bar} 90 re f");
        }
        x += bar;
    }
    text(&mut page, 60, 74, 10, sheet.tracking);
    text(&mut page, 18, 24, 8, sheet.order);
    if let Some(note) = &sheet.note {
        text(&mut page, 18, 14, 8, note);
    }
    page
}

fn slip_page(sheet: &Sheet<'_>, title: &str) -> String {
    let mut page = String::new();
    text(&mut page, 18, 400, 14, title);
    text(&mut page, 18, 380, 9, sheet.order);
    for (line, down) in sheet.recipient().iter().zip((0..).step_by(12)) {
        text(&mut page, 18, 360_u32.saturating_sub(down), 9, line);
    }
    for (line, down) in sheet.lines.iter().zip((0..).step_by(14)) {
        let row = format!("{} x {} {}", line.quantity, line.sku, line.title);
        text(&mut page, 18, 260_u32.saturating_sub(down), 9, &row);
    }
    page
}

/// A joined PDF: the label, then the other documents, a page each. A blank one draws nothing.
pub(super) fn pdf(sheet: &Sheet<'_>, kinds: &[String], blank: bool) -> Vec<u8> {
    let mut pages = vec![label_page(sheet)];
    for kind in kinds.iter().filter(|kind| *kind != "LABEL") {
        pages.push(slip_page(
            sheet,
            if kind == "RECEIPT" {
                "RECEIPT"
            } else {
                "PACKING SLIP"
            },
        ));
    }
    if blank {
        pages.iter_mut().for_each(String::clear);
    }
    pages_of(&pages)
}

/// Pages of plain lines.
pub(super) fn lines_pdf(lines: &[String]) -> Vec<u8> {
    let pages: Vec<String> = lines
        .chunks(30)
        .map(|group| {
            let mut page = String::new();
            for (line, down) in group.iter().zip((0..).step_by(13)) {
                text(&mut page, 18, 410_u32.saturating_sub(down), 9, line);
            }
            page
        })
        .collect();
    pages_of(&pages)
}

fn pages_of(pages: &[String]) -> Vec<u8> {
    let mut objects: Vec<Vec<u8>> = vec![
        b"<< /Type /Catalog /Pages 2 0 R >>".to_vec(),
        Vec::new(),
        b"<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica >>".to_vec(),
    ];
    let mut children = String::new();
    for page in pages {
        let number = objects.len() + 1;
        let _ = write!(children, "{number} 0 R ");
        objects.push(
            format!(
                "<< /Type /Page /Parent 2 0 R /MediaBox [0 0 288 432] \
                 /Resources << /Font << /F1 3 0 R >> >> /Contents {} 0 R >>",
                number + 1
            )
            .into_bytes(),
        );
        let mut packed = ZlibEncoder::new(Vec::new(), Compression::default());
        packed.write_all(page.as_bytes()).expect("memory takes it");
        let packed = packed.finish().expect("memory takes it");
        let mut stream =
            format!("<< /Length {} /Filter /FlateDecode >>\nstream\n", packed.len()).into_bytes();
        stream.extend_from_slice(&packed);
        stream.extend_from_slice(b"\nendstream");
        objects.push(stream);
    }
    objects[1] = format!("<< /Type /Pages /Kids [{children}] /Count {} >>", pages.len()).into_bytes();
    file(&objects)
}

/// Numbers the objects, and says where each begins.
fn file(objects: &[Vec<u8>]) -> Vec<u8> {
    let mut out = b"%PDF-1.4\n%\xe2\xe3\xcf\xd3\n".to_vec();
    let mut places = String::new();
    for (object, number) in objects.iter().zip(1..) {
        let _ = writeln!(places, "{:010} 00000 n ", out.len());
        out.extend_from_slice(format!("{number} 0 obj\n").as_bytes());
        out.extend_from_slice(object);
        out.extend_from_slice(b"\nendobj\n");
    }
    let table = out.len();
    let count = objects.len() + 1;
    out.extend_from_slice(
        format!(
            "xref\n0 {count}\n0000000000 65535 f \n{places}trailer\n<< /Size {count} /Root 1 0 R >>\n\
             startxref\n{table}\n%%EOF\n"
        )
        .as_bytes(),
    );
    out
}

//! Labels as a carrier prints them: ZPL, and the bars of Code 128 for those that are pictures.
//!
//! The recipient stands in plain text on every label, as on real ones: whoever stores a label unsealed is found
//! out by looking for it.

use super::order::{Address, Line};
use std::fmt::Write as _;

/// What is printed.
pub(super) struct Sheet<'a> {
    pub(super) address: Option<&'a Address>,
    pub(super) tracking: &'a str,
    pub(super) service: &'a str,
    pub(super) order: &'a str,
    /// What the seller had printed beside the carrier's own marks.
    pub(super) note: Option<String>,
    pub(super) lines: &'a [Line],
    pub(super) dpi: u32,
}

impl Sheet<'_> {
    /// Recipient, as printed lines.
    pub(super) fn recipient(&self) -> Vec<String> {
        let Some(address) = self.address else {
            return vec!["NO ADDRESS".to_owned()];
        };
        let mut lines = vec![address.name.clone()];
        lines.extend(address.company.clone());
        lines.extend(address.lines.iter().filter(|line| !line.is_empty()).cloned());
        lines.push(format!(
            "{} {} {}",
            address.city, address.state, address.postal_code
        ));
        lines
    }
}

/// A field's text. ZPL's own marks and control characters go as hexadecimal (`^FH`); other text stays plain.
fn field(text: &str) -> String {
    if !text
        .chars()
        .any(|letter| matches!(letter, '^' | '~' | '_') || letter.is_control())
    {
        return format!("^FD{text}^FS");
    }
    let mut escaped = String::from("^FH^FD");
    for letter in text.chars() {
        if matches!(letter, '^' | '~' | '_') || letter.is_control() {
            let mut bytes = [0; 4];
            for byte in letter.encode_utf8(&mut bytes).bytes() {
                let _ = write!(escaped, "_{byte:02X}");
            }
        } else {
            escaped.push(letter);
        }
    }
    escaped.push_str("^FS");
    escaped
}

/// A 4 by 6 inch label.
pub(super) fn zpl(sheet: &Sheet<'_>) -> String {
    let dot = |thousandths: u32| thousandths * sheet.dpi / 1000;
    let mut out = String::new();
    let _ = writeln!(out, "^XA\n^CI28\n^PW{}\n^LL{}\n^LH0,0", dot(4000), dot(6000));
    let _ = writeln!(
        out,
        "^FO{},{}^GB{},{},4^FS",
        dot(100),
        dot(100),
        dot(3800),
        dot(5800)
    );
    let mut put = |x: u32, y: u32, height: u32, text: &str| {
        let height = dot(height);
        let _ = writeln!(
            out,
            "^FO{},{}^A0N,{height},{height}{}",
            dot(x),
            dot(y),
            field(text)
        );
    };
    put(200, 200, 130, "FROM: DEMO SELLER 500 DOCK ST NEWARK NJ 07105");
    put(200, 450, 260, sheet.service);
    put(200, 950, 150, "SHIP TO:");
    for (line, y) in sheet.recipient().iter().zip((1150..).step_by(230)) {
        put(350, y, 180, line);
    }
    put(200, 5450, 130, &format!("ORDER {}", sheet.order));
    if let Some(note) = &sheet.note {
        put(200, 5650, 130, note);
    }
    let _ = writeln!(out, "^FO{},{}^GB{},1,4^FS", dot(100), dot(3000), dot(3800));
    let _ = writeln!(
        out,
        "^FO{},{}^BY{},2,{}^BCN,,Y,N,N^FD{}^FS",
        dot(400),
        dot(3400),
        (sheet.dpi / 100).max(2),
        dot(1200),
        sheet.tracking
    );
    out.push_str("^PQ1\n^XZ\n");
    out
}

/// What a carrier's broken system gave out once (amazon.md 3.5): 1,056 bytes, a frame without an address.
pub(super) fn blank_zpl() -> Vec<u8> {
    let head = "^XA\n^CI28\n^PW1200\n^LL1800\n^LH0,0\n^FO20,20^GB1160,1760,4^FS\n";
    let tail = "^PQ1\n^XZ\n";
    let mut out = head.to_owned();
    while out.len() + tail.len() < 1056 {
        out.push('\n');
    }
    out.push_str(tail);
    out.into_bytes()
}

/// Widths of bars and gaps of each Code 128 symbol, beginning with a bar (ISO/IEC 15417).
const SYMBOLS: &str = "\
212222222122222221121223121322131222122213122312132212221213221312231212112232122132122231113222123122123221\
223211221132221231213212223112312131311222321122321221312212322112322211212123212321232121111323131123131321\
112313132113132311211313231113231311112133112331132131113123113321133121313121211331231131213113213311213131\
311123311321331121312113312311332111314111221411431111111224111422121124121421141122141221112214112412122114\
122411142112142211241211221114413111241112134111111242121142121241114212124112124211411212421112421211212141\
214121412121111143111341131141114113114311411113411311113141114131311141411131211412211214211232";

/// The stop symbol.
const STOP: &str = "2331112";

/// Code 128 (set B) of a text, as widths of bars and gaps in turn, beginning with a bar.
pub(super) fn code128(text: &str) -> Vec<u32> {
    let start = 104;
    let mut values = vec![start];
    values.extend(
        text.bytes()
            .filter(|byte| (32..127).contains(byte))
            .map(|byte| usize::from(byte) - 32),
    );
    let sum: usize = start
        + values
            .iter()
            .enumerate()
            .map(|(at, value)| at * value)
            .sum::<usize>();
    values.push(sum % 103);
    let symbols = values
        .iter()
        .filter_map(|value| SYMBOLS.get(value * 6..value * 6 + 6));
    symbols
        .chain([STOP])
        .flat_map(str::chars)
        .filter_map(|width| width.to_digit(10))
        .collect()
}

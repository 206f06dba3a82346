//! Barcodes of drawn sheets: Code 128 with everything that ZPL can ask of it, Data Matrix and QR. Others are hatched.

use super::canvas::{Area, Canvas, Ink, Way};
use crate::print::bars::SYMBOLS;

/// Longest data of a bar code; of a code in two dimensions.
const LONGEST: usize = 200;
const LONGEST_MATRIX: usize = 900;

const START_A: usize = 103;
const START_B: usize = 104;
const START_C: usize = 105;
const FNC1: usize = 102;
const STOP: usize = 106;

/// The three sets of Code 128.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Set {
    A,
    B,
    C,
}

impl Set {
    fn start(self) -> usize {
        match self {
            Self::A => START_A,
            Self::B => START_B,
            Self::C => START_C,
        }
    }

    fn switch(self) -> usize {
        match self {
            Self::A => 101,
            Self::B => 100,
            Self::C => 99,
        }
    }
}

/// What stands in a Code 128: a sign, or the mark that GS1 begins and parts its fields with.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Sign {
    Byte(u8),
    Fnc1,
    Into(Set),
}

/// How ZPL wants Code 128 to be made.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub(super) enum Mode {
    /// Sets are chosen in the data, by `>` and a sign.
    #[default]
    Asked,
    /// The shortest sets.
    Short,
    /// A shipping container's number.
    Container,
    /// GS1, with its brackets in the data.
    Gs1,
}

/// Symbols of a text, check and stop included, and the text as people read it. None where it cannot be one.
pub(super) fn code128(data: &str, mode: Mode) -> Option<(Vec<usize>, String)> {
    if data.is_empty() || data.len() > LONGEST {
        return None;
    }
    let (signs, words) = match mode {
        Mode::Asked => asked(data)?,
        Mode::Short => (data.bytes().map(Sign::Byte).collect(), data.to_owned()),
        Mode::Container => container(data)?,
        Mode::Gs1 => {
            let bare = data.bytes().filter(|byte| !b"() ".contains(byte)).map(Sign::Byte);
            (std::iter::once(Sign::Fnc1).chain(bare).collect(), data.to_owned())
        }
    };
    let values = if mode == Mode::Asked {
        as_asked(&signs)?
    } else {
        shortest(&signs)?
    };
    let sum: usize = values
        .iter()
        .enumerate()
        .map(|(place, value)| value * place.max(1))
        .sum();
    let mut all = values;
    all.extend([sum % 103, STOP]);
    Some((all, words))
}

/// Data with sets asked for by `>`.
fn asked(data: &str) -> Option<(Vec<Sign>, String)> {
    let mut signs = Vec::new();
    let mut words = String::new();
    let mut bytes = data.bytes();
    while let Some(byte) = bytes.next() {
        if byte != b'>' {
            signs.push(Sign::Byte(byte));
            words.push(char::from(byte));
            continue;
        }
        match bytes.next()? {
            b'9' | b'7' => signs.push(Sign::Into(Set::A)),
            b':' | b'6' => signs.push(Sign::Into(Set::B)),
            b';' | b'5' => signs.push(Sign::Into(Set::C)),
            b'8' => signs.push(Sign::Fnc1),
            plain @ (b'0' | b'<' | b'=') => {
                let byte = match plain {
                    b'0' => b'>',
                    b'<' => b'^',
                    _ => b'~',
                };
                signs.push(Sign::Byte(byte));
                words.push(char::from(byte));
            }
            _ => {}
        }
    }
    Some((signs, words))
}

/// Nineteen digits and their check digit.
fn container(data: &str) -> Option<(Vec<Sign>, String)> {
    let mut digits: Vec<u8> = data.bytes().filter(u8::is_ascii_digit).take(19).collect();
    while digits.len() < 19 {
        digits.insert(0, b'0');
    }
    let sum: u32 = digits
        .iter()
        .rev()
        .zip([3, 1].into_iter().cycle())
        .map(|(digit, weight)| u32::from(digit - b'0') * weight)
        .sum();
    digits.push(b'0' + u8::try_from((10 - sum % 10) % 10).ok()?);
    let words = String::from_utf8(digits.clone()).ok()?;
    let signs = std::iter::once(Sign::Fnc1).chain(digits.into_iter().map(Sign::Byte));
    Some((signs.collect(), words))
}

fn value(set: Set, byte: u8) -> Option<usize> {
    match (set, byte) {
        (Set::A, 0..32) => Some(usize::from(byte) + 64),
        (Set::A, 32..96) | (Set::B, 32..128) => Some(usize::from(byte) - 32),
        _ => None,
    }
}

/// Symbols in the sets that the data asks for; set B where it asks for none.
fn as_asked(signs: &[Sign]) -> Option<Vec<usize>> {
    let (mut set, rest) = match signs.split_first()? {
        (Sign::Into(set), rest) => (*set, rest),
        _ => (Set::B, signs),
    };
    let mut values = vec![set.start()];
    let mut place = 0;
    while let Some(sign) = rest.get(place) {
        place += 1;
        match (*sign, rest.get(place)) {
            (Sign::Fnc1, _) => values.push(FNC1),
            // It is in that set already, e.g. for an odd digit.
            (Sign::Into(other), _) if other == set => {}
            (Sign::Into(other), _) => {
                set = other;
                values.push(other.switch());
            }
            (Sign::Byte(ten), Some(Sign::Byte(one)))
                if set == Set::C && ten.is_ascii_digit() && one.is_ascii_digit() =>
            {
                values.push(usize::from(ten - b'0') * 10 + usize::from(one - b'0'));
                place += 1;
            }
            (Sign::Byte(byte), _) => {
                if set == Set::C {
                    set = Set::B;
                    values.push(Set::B.switch());
                }
                values.push(value(set, byte)?);
            }
        }
    }
    Some(values)
}

/// Symbols in the sets that make them few.
fn shortest(signs: &[Sign]) -> Option<Vec<usize>> {
    let digits = |from: usize| {
        let run = signs.get(from..).unwrap_or_default();
        run.iter()
            .take_while(|sign| matches!(sign, Sign::Byte(byte) if byte.is_ascii_digit()))
            .count()
    };
    let mut placed = Vec::with_capacity(signs.len() * 2);
    let (mut place, mut set) = (0, None);
    while let Some(sign) = signs.get(place) {
        let skip = usize::from(*sign == Sign::Fnc1);
        let run = digits(place + skip);
        let wanted = match (set, *sign) {
            (Some(Set::C), _) if run >= 2 => Set::C,
            (Some(known), Sign::Fnc1) if run < 4 => known,
            _ if run >= 4 && run % 2 == 0 => Set::C,
            (_, Sign::Byte(byte)) if byte < 32 => Set::A,
            (Some(Set::A), Sign::Byte(byte)) if byte < 96 => Set::A,
            _ => Set::B,
        };
        if set != Some(wanted) {
            placed.push(Sign::Into(wanted));
            set = Some(wanted);
        }
        placed.push(*sign);
        place += 1;
        if wanted == Set::C && skip == 0 {
            placed.push(signs[place]);
            place += 1;
        }
    }
    as_asked(&placed)
}

/// Widths of the bars and gaps of these symbols, in modules.
pub(super) fn widths(symbols: &[usize]) -> Vec<i64> {
    let symbols = symbols.iter().filter_map(|symbol| SYMBOLS.get(*symbol));
    symbols
        .flat_map(|widths| widths.bytes())
        .map(|width| i64::from(width - b'0'))
        .collect()
}

/// Paints bars of this height.
pub(super) fn bars(
    canvas: &mut Canvas,
    at: (i64, i64),
    whole: (i64, i64),
    way: Way,
    widths: &[i64],
    (module, top, height): (i64, i64, i64),
) {
    let mut x = 0;
    for (place, width) in widths.iter().enumerate() {
        let area = Area {
            x,
            y: top,
            width: width * module,
            height,
        };
        if place % 2 == 0 {
            canvas.block(way.lay(at, whole, area), Ink::Dark(255));
        }
        x += width * module;
    }
}

/// A code in two dimensions: rows of modules.
pub(super) struct Matrix {
    pub(super) columns: i64,
    pub(super) rows: i64,
    dark: Vec<(i64, i64)>,
}

impl Matrix {
    /// A Data Matrix.
    pub(super) fn data(data: &[u8]) -> Option<Self> {
        if data.is_empty() || data.len() > LONGEST_MATRIX {
            return None;
        }
        let code = datamatrix::DataMatrix::encode(data, datamatrix::SymbolList::default()).ok()?;
        let bitmap = code.bitmap();
        let number = |count: usize| i64::try_from(count).unwrap_or(0);
        Some(Self {
            columns: number(bitmap.width()),
            rows: number(bitmap.height()),
            dark: bitmap.pixels().map(|(x, y)| (number(x), number(y))).collect(),
        })
    }

    /// A QR code.
    pub(super) fn quick(data: &[u8]) -> Option<Self> {
        if data.is_empty() || data.len() > LONGEST_MATRIX {
            return None;
        }
        let code = qrcode::QrCode::new(data).ok()?;
        let side = i64::try_from(code.width()).ok()?;
        let places = (0..side).flat_map(|y| (0..side).map(move |x| (x, y)));
        let dark = places
            .zip(code.to_colors())
            .filter(|(_, color)| *color == qrcode::Color::Dark)
            .map(|(place, _)| place)
            .collect();
        Some(Self {
            columns: side,
            rows: side,
            dark,
        })
    }

    /// Paints it with modules of this size.
    pub(super) fn paint(&self, canvas: &mut Canvas, at: (i64, i64), way: Way, module: i64) {
        let whole = (self.columns * module, self.rows * module);
        for (x, y) in &self.dark {
            let area = Area {
                x: x * module,
                y: y * module,
                width: module,
                height: module,
            };
            canvas.block(way.lay(at, whole, area), Ink::Dark(255));
        }
    }
}

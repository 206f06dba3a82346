//! Labels in the printer's own language (ZPL). What came from a carrier is a program for the printer: it is
//! read before it is sent (reliability-security.md 2.4).

use super::LabelFault;

/// Bytes of a graphic that is taken for a whole label as a picture: a fifth of 4 by 6 inches at 203 dots.
const WHOLE_PICTURE: usize = 24_000;

/// Least letters and digits on a label outside its barcodes.
const LEAST_TEXT: usize = 40;

/// Most copies that a label may ask for.
const MOST_COPIES: u32 = 5;

/// Commands that a label is made of: text, barcodes, lines, pictures, and where and how they are laid out. Whatever else
/// there is changes, stores, recalls or tells something on the printer, and is refused by its name; so is what is not
/// known here. Among these `^MF`, `^MN`, `^MT`, `^MD`, `^MM`, `^ML`, `^PR`, `^PW`, `^LH` and `^LT` stand on carriers'
/// own labels: they last until the next label says otherwise, for `^JU`, which would save them, is refused.
const ALLOWED: &[&[u8; 2]] = &[
    b"CF", b"CI", b"CV", b"FB", b"FC", b"FD", b"FE", b"FH", b"FM", b"FN", b"FO", b"FP", b"FR", b"FS", b"FT",
    b"FV", b"FW", b"FX", b"GB", b"GC", b"GD", b"GE", b"GF", b"GS", b"JM", b"LH", b"LL", b"LR", b"LS", b"LT",
    b"MC", b"MD", b"MF", b"ML", b"MM", b"MN", b"MT", b"MU", b"PA", b"PF", b"PH", b"PM", b"PO", b"PQ", b"PR",
    b"PW", b"SF", b"SN", b"TB", b"XA", b"XB", b"XZ",
];

/// Second letters of barcodes (`^B…`).
const BARCODES: &[u8] = b"012345789ABCDEFIJKLMOPQRSTUXYZ";

/// A command that a label may hold; fonts are `^A` and the font's letter.
fn is_allowed(name: [u8; 2]) -> bool {
    match name {
        [b'A', font] => font.is_ascii_alphanumeric() || font == b'@',
        [b'B', kind] => BARCODES.contains(&kind),
        name => ALLOWED.contains(&&name),
    }
}

/// Reads the whole label: formats closed, no forbidden command, and one format that shows a barcode and an
/// address, or a picture of the size of a label.
pub(super) fn inspect(document: &[u8]) -> Result<(), LabelFault> {
    let start = document
        .iter()
        .position(|byte| !byte.is_ascii_whitespace())
        .unwrap_or(document.len());
    if !document[start..]
        .get(..3)
        .is_some_and(|bytes| bytes.eq_ignore_ascii_case(b"^XA"))
    {
        return Err(LabelFault::NotThisFormat("ZPL"));
    }
    let mut reader = Reader {
        rest: &document[start..],
    };
    let mut open: Option<Shown> = None;
    let mut best = None;
    while let Some(command) = reader.next()? {
        match (&command.name, &mut open) {
            (b"XA", None) => open = Some(Shown::default()),
            (b"XZ", Some(shown)) => {
                best = best.max(Some(shown.verdict()));
                open = None;
            }
            (b"XA" | b"XZ", _) => {
                return Err(LabelFault::Damaged("its formats do not open and close in turn"));
            }
            (_, None) => return Err(LabelFault::Damaged("commands outside a format")),
            (_, Some(shown)) => shown.add(&command)?,
        }
    }
    if open.is_some() {
        return Err(LabelFault::Truncated("^XZ is missing"));
    }
    match best {
        Some(Verdict::Label) => Ok(()),
        Some(Verdict::NoAddress) => Err(LabelFault::Blank("no address on it")),
        Some(Verdict::NoBarcode) => Err(LabelFault::Blank("no barcode on it")),
        _ => Err(LabelFault::Blank("nothing on it")),
    }
}

/// How much of a label a format is; the best of all formats counts (some only set the printer up).
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Verdict {
    Nothing,
    NoBarcode,
    NoAddress,
    Label,
}

/// A caret command and its parameters, data included.
struct Command<'a> {
    name: [u8; 2],
    parameters: &'a [u8],
}

/// Splits a document into commands.
struct Reader<'a> {
    rest: &'a [u8],
}

impl<'a> Reader<'a> {
    fn next(&mut self) -> Result<Option<Command<'a>>, LabelFault> {
        let blank = self
            .rest
            .iter()
            .take_while(|byte| byte.is_ascii_whitespace())
            .count();
        self.rest = &self.rest[blank..];
        let [prefix, tail @ ..] = self.rest else {
            return Ok(None);
        };
        match prefix {
            b'^' => {}
            b'~' => return Err(LabelFault::Command(named('~', tail))),
            _ => return Err(LabelFault::Damaged("bytes that are no command")),
        }
        let Some((name, tail)) = tail.split_first_chunk::<2>() else {
            return Err(LabelFault::Truncated("it ends within a command"));
        };
        let name = name.map(|byte| byte.to_ascii_uppercase());
        if !is_allowed(name) {
            return Err(LabelFault::Command(named('^', &name)));
        }
        let end = match &name {
            b"GF" => graphic_end(tail)?,
            _ => tail
                .iter()
                .position(|byte| matches!(byte, b'^' | b'~'))
                .unwrap_or(tail.len()),
        };
        let (parameters, rest) = tail.split_at(end);
        // Control characters stand for prefixes (0x02 is ^XA, 0x10 is ~): they would hide commands.
        let control = |byte: &u8| byte.is_ascii_control() && !byte.is_ascii_whitespace();
        if &name != b"GF" && parameters.iter().any(control) {
            return Err(LabelFault::Damaged("control characters in it"));
        }
        // Behind ^XA and ^XZ stands the next command and nothing else: a printer would obey it.
        if matches!(&name, b"XA" | b"XZ") && !parameters.iter().all(u8::is_ascii_whitespace) {
            return Err(LabelFault::Damaged("bytes that are no command"));
        }
        self.rest = rest;
        Ok(Some(Command { name, parameters }))
    }
}

/// Where a graphic's parameters and data end. Binary data (`^GFB`, `^GFC`) are counted, for they may hold any
/// byte.
fn graphic_end(tail: &[u8]) -> Result<usize, LabelFault> {
    let text_end = tail
        .iter()
        .position(|byte| matches!(byte, b'^' | b'~'))
        .unwrap_or(tail.len());
    if !matches!(tail.first(), Some(b'B' | b'C' | b'b' | b'c')) {
        return Ok(text_end);
    }
    let commas: Vec<usize> = tail
        .iter()
        .enumerate()
        .filter(|(_, byte)| **byte == b',')
        .map(|(at, _)| at)
        .take(4)
        .collect();
    let [first, second, _, last] = commas.as_slice() else {
        return Err(LabelFault::Damaged("a graphic without its size"));
    };
    let length =
        number(&tail[first + 1..*second]).ok_or(LabelFault::Damaged("a graphic without its size"))?;
    let end = (last + 1).saturating_add(length);
    if end > tail.len() {
        return Err(LabelFault::Truncated("a graphic ends early"));
    }
    Ok(end)
}

/// What a format shows.
#[derive(Default)]
struct Shown {
    barcode_data: usize,
    text: usize,
    postal_code: bool,
    picture: bool,
    /// The field that is being described is a barcode.
    in_barcode: bool,
    /// Marks hexadecimal in the field's data (`^FH`).
    escape: Option<u8>,
}

impl Shown {
    fn add(&mut self, command: &Command<'_>) -> Result<(), LabelFault> {
        match &command.name {
            b"FO" | b"FT" | b"FS" => {
                self.in_barcode = false;
                self.escape = None;
            }
            b"FH" => self.escape = Some(command.parameters.first().copied().unwrap_or(b'_')),
            b"FD" | b"FV" | b"SN" => self.add_field(command.parameters),
            b"GF" => self.picture |= is_whole_picture(command.parameters),
            b"PQ" => {
                let copies = command
                    .parameters
                    .split(|byte| *byte == b',')
                    .next()
                    .and_then(number);
                if copies.is_some_and(|copies| copies > MOST_COPIES as usize) {
                    return Err(LabelFault::Command("^PQ".to_owned()));
                }
            }
            [b'B', kind] if *kind != b'Y' => self.in_barcode = true,
            _ => {}
        }
        Ok(())
    }

    fn add_field(&mut self, data: &[u8]) {
        let text = unescape(data, self.escape);
        let signs = text
            .iter()
            .filter(|byte| byte.is_ascii_alphanumeric() || **byte >= 0x80)
            .count();
        if self.in_barcode {
            self.barcode_data += signs;
        } else {
            self.text += signs;
            self.postal_code |= text
                .split(|byte| matches!(byte, b'\n' | b'\r'))
                .flat_map(|line| line.split(|byte| *byte == b'\\'))
                .any(has_postal_code);
        }
    }

    fn verdict(&self) -> Verdict {
        if self.picture || (self.barcode_data > 0 && self.text >= LEAST_TEXT && self.postal_code) {
            Verdict::Label
        } else if self.barcode_data > 0 {
            Verdict::NoAddress
        } else if self.text > 0 {
            Verdict::NoBarcode
        } else {
            Verdict::Nothing
        }
    }
}

/// A graphic of the size of a label that is not of one colour.
fn is_whole_picture(parameters: &[u8]) -> bool {
    let mut parts = parameters.splitn(5, |byte| *byte == b',');
    let size = parts.nth(2).and_then(number).unwrap_or(0);
    let data = parts.nth(1).unwrap_or_default();
    let mut dots = data.iter().filter(|byte| !byte.is_ascii_whitespace());
    let first = dots.next();
    size >= WHOLE_PICTURE && dots.any(|byte| Some(byte) != first)
}

/// A line of text holds what looks like a postal code: a group of four to seven digits beside letters or alone,
/// or a British or Canadian one. A long number in groups is a tracking number.
fn has_postal_code(line: &[u8]) -> bool {
    let words: Vec<&[u8]> = line
        .split(|byte| !byte.is_ascii_alphanumeric())
        .filter(|word| !word.is_empty())
        .collect();
    let short = words.iter().map(|word| word.len()).sum::<usize>() <= 9;
    let letters = line
        .iter()
        .any(|byte| byte.is_ascii_alphabetic() || *byte >= 0x80);
    let digits = |word: &&[u8]| (4..=7).contains(&word.len()) && word.iter().all(u8::is_ascii_digit);
    // GB: 9AA behind an outward code; CA: A9A 9A9.
    let inward = |word: &[u8]| matches!(word, [a, b, c] if a.is_ascii_digit() && b.is_ascii_alphabetic() && (c.is_ascii_alphabetic() || c.is_ascii_digit()));
    let outward = |word: &[u8]| {
        (2..=4).contains(&word.len()) && word[0].is_ascii_alphabetic() && word.iter().any(u8::is_ascii_digit)
    };
    (words.iter().any(digits) && (letters || short))
        || words.windows(2).any(|pair| outward(pair[0]) && inward(pair[1]))
}

/// A field's data with its hexadecimal escapes undone.
fn unescape(data: &[u8], escape: Option<u8>) -> Vec<u8> {
    let Some(escape) = escape else {
        return data.to_vec();
    };
    let mut text = Vec::with_capacity(data.len());
    let mut rest = data;
    while let [first, tail @ ..] = rest {
        let hexadecimal = (*first == escape)
            .then(|| tail.get(..2))
            .flatten()
            .and_then(|digits| std::str::from_utf8(digits).ok())
            .and_then(|digits| u8::from_str_radix(digits, 16).ok());
        if let Some(byte) = hexadecimal {
            text.push(byte);
            rest = &tail[2..];
        } else {
            text.push(*first);
            rest = tail;
        }
    }
    text
}

fn number(digits: &[u8]) -> Option<usize> {
    std::str::from_utf8(digits).ok()?.trim().parse().ok()
}

/// The name of a command for the words: its prefix and two letters, nothing else of the document.
fn named(prefix: char, name: &[u8]) -> String {
    let letters = name.iter().take(2).filter(|byte| byte.is_ascii_alphanumeric());
    std::iter::once(prefix)
        .chain(letters.map(|byte| char::from(byte.to_ascii_uppercase())))
        .collect()
}

//! The judges, one for each way out. They know what may come out and refuse the rest; nothing of the program's own
//! cleaning is used here.

use lopdf::content::Content;
use lopdf::{Document, Object};
use ratatui::buffer::Buffer;
use std::collections::BTreeSet;
use std::path::Path;
use tapegun::domain::csv::MARK;

/// A verdict: what came out that should not have.
pub(crate) type Verdict = Result<(), String>;

/// Acts on a terminal, turns the text around it, or is seen by nobody (Unicode's Cc, its bidi controls, and default
/// ignorables that text can hide behind).
fn is_foul(character: char) -> bool {
    let code = u32::from(character);
    character.is_control()
        || matches!(code,
            0xAD | 0x34F | 0x61C | 0x115F | 0x1160 | 0x17B4 | 0x17B5 | 0x180B..=0x180F | 0x200B..=0x200F
            | 0x2028..=0x202E | 0x2060..=0x206F | 0x3164 | 0xFE00..=0xFE0F | 0xFEFF | 0xFFA0 | 0xFFF0..=0xFFFB
            | 0x1_D173..=0x1_D17A | 0xE_0000..=0xE_0FFF)
        || code & 0xFFFE == 0xFFFE
}

fn clean(text: &str, allowed: &[char]) -> Verdict {
    let bad = text
        .char_indices()
        .find(|(_, character)| is_foul(*character) && !allowed.contains(character));
    match bad {
        None => Ok(()),
        Some((at, character)) => {
            let from = text[..at].char_indices().rev().nth(20).map_or(0, |(at, _)| at);
            Err(format!(
                "U+{:04X} behind {:?}",
                u32::from(character),
                &text[from..at]
            ))
        }
    }
}

/// Cells of a screen: each a base with few marks.
pub(crate) fn cells(buffer: &Buffer) -> Verdict {
    for cell in &buffer.content {
        clean(cell.symbol(), &[])?;
        if cell.symbol().chars().count() > 12 {
            return Err(format!("a cell of {} characters", cell.symbol().chars().count()));
        }
    }
    Ok(())
}

/// Bytes to the terminal: text, and of commands only those that paint: move, colour, clear, cursor, whole frames.
/// No title, no clipboard, no answers asked for.
pub(crate) fn terminal(bytes: &[u8]) -> Verdict {
    let text = std::str::from_utf8(bytes).map_err(|error| error.to_string())?;
    let mut rest = text;
    while let Some(at) = rest.find('\u{1b}') {
        clean(&rest[..at], &[])?;
        let command = &rest[at + 1..];
        let end = command
            .find(|letter: char| letter.is_ascii_alphabetic())
            .ok_or("a command without an end")?;
        let (parameters, letter) = (&command[..end], &command[end..=end]);
        let is_own = match letter {
            "H" | "m" | "J" | "K" => {
                parameters.starts_with('[')
                    && parameters[1..]
                        .bytes()
                        .all(|byte| byte.is_ascii_digit() || b";:".contains(&byte))
            }
            "h" | "l" => matches!(parameters, "[?25" | "[?2026"),
            _ => false,
        };
        if !is_own {
            return Err(format!("the command {:?}", &command[..=end]));
        }
        rest = &command[end + 1..];
    }
    clean(rest, &[])
}

/// A log of so many events: a line each, and each begins with its time and level.
pub(crate) fn log(text: &str, events: usize) -> Verdict {
    clean(text, &['\n'])?;
    let lines: Vec<&str> = text.lines().collect();
    if lines.len() != events {
        return Err(format!("{} lines of {events} events", lines.len()));
    }
    let stamped = |line: &&str| {
        let line = line.as_bytes();
        line.len() > 27 && line[4] == b'-' && line[10] == b'T' && line[26] == b'Z'
    };
    match lines.iter().find(|line| !stamped(line)) {
        None => Ok(()),
        Some(line) => Err(format!("a line without a time: {line:?}")),
    }
}

/// Words of the command line.
pub(crate) fn words(bytes: &[u8]) -> Verdict {
    let text = std::str::from_utf8(bytes).map_err(|error| error.to_string())?;
    clean(text, &['\n', '\t'])
}

/// JSON of the command line: one value, harmless also where a terminal shows it.
pub(crate) fn json(bytes: &[u8]) -> Verdict {
    let text = std::str::from_utf8(bytes).map_err(|error| error.to_string())?;
    clean(text, &['\n'])?;
    for line in text.lines() {
        serde_json::from_str::<serde_json::Value>(line).map_err(|error| format!("{error}: {line:.80}"))?;
    }
    Ok(())
}

/// A CSV file of so many rows of so many fields, none of which a spreadsheet calculates.
pub(crate) fn csv(text: &str, rows: usize, columns: usize) -> Verdict {
    let text = text.strip_prefix(MARK).unwrap_or(text).replace("\r\n", "\n");
    clean(&text, &['\n'])?;
    let mut counted = 0;
    for row in text.lines() {
        counted += 1;
        let fields = fields_of(row)?;
        if fields.len() != columns {
            return Err(format!("{} fields in {row:?}", fields.len()));
        }
        for field in &fields {
            let first = field.trim_start().chars().next().unwrap_or('x');
            if "=+-@\u{ff1d}\u{ff0b}\u{ff0d}\u{ff20}".contains(first) {
                return Err(format!("a formula: {field:?}"));
            }
        }
    }
    if counted == rows {
        Ok(())
    } else {
        Err(format!("{counted} rows of {rows}"))
    }
}

/// Fields of a row that lies in one line.
fn fields_of(row: &str) -> Result<Vec<String>, String> {
    let (mut fields, mut field, mut quoted) = (Vec::new(), String::new(), false);
    let mut letters = row.chars().peekable();
    while let Some(letter) = letters.next() {
        match letter {
            '"' if quoted && letters.peek() == Some(&'"') => {
                letters.next();
                field.push('"');
            }
            '"' => quoted = !quoted,
            ',' if !quoted => fields.push(std::mem::take(&mut field)),
            // Some spreadsheets part fields by it, as long as it is not quoted.
            ';' if !quoted => return Err(format!("a bare semicolon in {row:?}")),
            _ => field.push(letter),
        }
    }
    fields.push(field);
    if quoted {
        Err(format!("a quote without an end in {row:?}"))
    } else {
        Ok(fields)
    }
}

/// Commands that our own sheets for a label printer are made of.
const OWN: &[&str] = &["XA", "XZ", "FO", "A0", "FH", "FD", "FS", "BY", "BC", "CI"];

/// A sheet for a label printer: our own commands alone, and data in hexadecimal that stands for plain characters.
pub(crate) fn zpl(bytes: &[u8], is_open: impl Fn(usize) -> bool) -> Verdict {
    let text = std::str::from_utf8(bytes).map_err(|error| error.to_string())?;
    if let Some(bad) = text.chars().find(|sign| !matches!(sign, ' '..='~' | '\n')) {
        return Err(format!("{bad:?} for a printer"));
    }
    if text.contains('~') {
        return Err("a command that is obeyed at once".to_owned());
    }
    let (mut open, mut sheets, mut in_barcode, mut is_unicode) = (false, 0, false, false);
    let mut parts = text.split('^');
    if parts.next() != Some("") {
        return Err("bytes before the first command".to_owned());
    }
    for part in parts {
        let (name, rest) = part.split_at_checked(2).ok_or("a command without a name")?;
        if !OWN.contains(&name) {
            return Err(format!("the command ^{name}"));
        }
        let numbers = |text: &str| {
            text.bytes()
                .all(|byte| byte.is_ascii_digit() || b",NY".contains(&byte))
        };
        match name {
            "XA" if open => return Err("a sheet within a sheet".to_owned()),
            "XA" => (open, sheets, is_unicode) = (true, sheets + 1, false),
            "CI" if rest == "28" => is_unicode = true,
            "CI" => return Err("signs of another set".to_owned()),
            "XZ" => open = false,
            "BC" => in_barcode = true,
            "FO" => in_barcode = false,
            _ => {}
        }
        match name {
            "FD" => data(rest, in_barcode, is_unicode && !in_barcode)?,
            "FH" if rest != "_" => return Err("another mark than _".to_owned()),
            "FH" => {}
            _ if !numbers(rest.trim_end_matches('\n')) => return Err(format!("^{name} with {rest:?}")),
            _ => {}
        }
    }
    if open || !is_open(sheets) {
        return Err(format!("{sheets} sheets"));
    }
    Ok(())
}

/// A field's data as the printer reads it.
fn data(text: &str, in_barcode: bool, is_unicode: bool) -> Verdict {
    let (mut rest, mut all) = (text.as_bytes(), Vec::new());
    while let [first, tail @ ..] = rest {
        let (byte, left) = match (first, tail) {
            (b'_', [high, low, left @ ..]) => {
                let digits = [*high, *low];
                let digits = std::str::from_utf8(&digits).map_err(|error| error.to_string())?;
                (
                    u8::from_str_radix(digits, 16).map_err(|error| error.to_string())?,
                    left,
                )
            }
            (b'_', _) => return Err("hexadecimal that is cut".to_owned()),
            (byte, left) if byte.is_ascii_alphanumeric() => (*byte, left),
            (byte, _) => return Err(format!("{:?} as it is", char::from(*byte))),
        };
        let is_plain = (b' '..=b'~').contains(&byte) || is_unicode && byte >= 0x80;
        if !is_plain {
            return Err(format!("byte {byte:#x} in a field"));
        }
        all.push(byte);
        // Within Code 128 it begins an instruction to the printer.
        if in_barcode && byte == b'>' {
            return Err("an instruction within a barcode".to_owned());
        }
        rest = left;
    }
    clean(std::str::from_utf8(&all).map_err(|error| error.to_string())?, &[])
}

/// A document of pages: nothing but text and bars on them.
pub(crate) fn pages(bytes: &[u8]) -> Verdict {
    let pdf = Document::load_mem(bytes).map_err(|error| error.to_string())?;
    let known: BTreeSet<&[u8]> = [
        &b"Type"[..],
        b"Subtype",
        b"BaseFont",
        b"Font",
        b"F1",
        b"Parent",
        b"Contents",
        b"Resources",
        b"MediaBox",
        b"Kids",
        b"Count",
        b"Pages",
        b"Length",
        b"Filter",
        b"Encoding",
    ]
    .into();
    for object in pdf.objects.values() {
        let dictionary = match object {
            Object::Dictionary(dictionary) => dictionary,
            Object::Stream(stream) => &stream.dict,
            _ => continue,
        };
        // The file's own table of objects.
        if dictionary.has_type(b"XRef") || dictionary.has_type(b"ObjStm") {
            continue;
        }
        if let Some((key, _)) = dictionary.iter().find(|(key, _)| !known.contains(key.as_slice())) {
            return Err(format!("a page with /{}", String::from_utf8_lossy(key)));
        }
    }
    for page in pdf.page_iter() {
        let content = pdf.get_page_content(page);
        let content = Content::decode(&content).map_err(|error| error.to_string())?;
        for operation in &content.operations {
            if !["cm", "BT", "Tf", "Td", "Tj", "ET", "re", "f"].contains(&operation.operator.as_str()) {
                return Err(format!("the instruction {}", operation.operator));
            }
            for operand in &operation.operands {
                if let Object::String(text, _) = operand
                    && let Some(bad) = text
                        .iter()
                        .find(|byte| !matches!(byte, b' '..=b'~' | 0xA0..=0xAC | 0xAE..=0xFF))
                {
                    return Err(format!("byte {bad:#x} on a page"));
                }
            }
        }
    }
    Ok(())
}

/// A folder of sheets, within a folder that holds nothing else: names of our own, and nothing outside.
pub(crate) fn files(outer: &Path, folder: &str) -> Verdict {
    let names = |path: &Path| -> Result<Vec<String>, String> {
        let entries = std::fs::read_dir(path).map_err(|error| error.to_string())?;
        let each = entries.map(|entry| entry.map(|entry| entry.file_name().to_string_lossy().into_owned()));
        each.collect::<Result<_, _>>().map_err(|error| error.to_string())
    };
    let beside: Vec<String> = names(outer)?.into_iter().filter(|name| name != folder).collect();
    if !beside.is_empty() {
        return Err(format!("outside of the folder: {beside:?}"));
    }
    for name in names(&outer.join(folder))? {
        let (stem, ending) = name.rsplit_once('.').ok_or_else(|| format!("{name:?}"))?;
        let is_plain = |byte: u8| byte.is_ascii_alphanumeric() || byte == b'-';
        if stem.is_empty()
            || stem.starts_with('-')
            || !stem.bytes().all(is_plain)
            || !["zpl", "pdf"].contains(&ending)
        {
            return Err(format!("the file {name:?}"));
        }
    }
    Ok(())
}

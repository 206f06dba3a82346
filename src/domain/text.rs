//! Text from outside, made safe to show, store and print.
//!
//! Pure. Nothing here knows what the text means; screens still measure it before they draw it.

use std::borrow::Cow;
use std::fmt::Write as _;
use unicode_width::UnicodeWidthChar;

#[cfg(test)]
mod tests;

/// Clean text: no control characters, no bidi controls, no zero-width characters, bounded length and
/// combining marks (reliability-security.md 2.4). Made at the edge, before anything else sees the text.
pub struct Clean;

impl Clean {
    /// Longest text kept, in characters.
    pub const MAX: usize = 500;

    /// Most combining marks kept on one base character.
    pub const MARKS: usize = 4;

    /// Cleans `raw`: control characters become spaces, what hides or turns text is dropped.
    pub fn text(raw: &str) -> String {
        Self::bounded(raw, Self::MAX)
    }

    /// Cleans `raw` like [`Clean::text`] and keeps at most `longest` characters of it.
    pub fn bounded(raw: &str, longest: usize) -> String {
        let mut clean = String::with_capacity(raw.len().min(longest));
        let mut kept = 0_usize;
        let mut marks = 0_usize;
        for character in raw.chars() {
            if kept == longest {
                break;
            }
            let character = if breaks(character) { ' ' } else { character };
            if hides(character) {
                continue;
            }
            if character == ' ' && (kept == 0 || clean.ends_with(' ')) {
                continue;
            }
            if character.width() == Some(0) {
                // A mark needs a base: it would otherwise sit on whatever is drawn before the text.
                if kept == 0 || marks == Self::MARKS {
                    continue;
                }
                marks += 1;
            } else {
                marks = 0;
            }
            clean.push(character);
            kept += 1;
        }
        clean.truncate(clean.trim_end_matches(' ').len());
        clean
    }
}

/// Characters that act on a terminal or break a line: C0, DEL, C1, the line and paragraph separators.
fn breaks(character: char) -> bool {
    character.is_control() || matches!(character, '\u{2028}' | '\u{2029}')
}

/// Characters that no reader sees, or that turn the text around them: bidi controls, zero-width characters,
/// variation selectors, fillers, interlinear marks, tags, noncharacters.
pub(crate) fn hides(character: char) -> bool {
    matches!(
        character,
        '\u{00AD}'
            | '\u{034F}'
            | '\u{061C}'
            | '\u{115F}'
            | '\u{1160}'
            | '\u{17B4}'
            | '\u{17B5}'
            | '\u{180B}'..='\u{180F}'
            | '\u{200B}'..='\u{200F}'
            | '\u{202A}'..='\u{202E}'
            | '\u{2060}'..='\u{206F}'
            | '\u{3164}'
            | '\u{FDD0}'..='\u{FDEF}'
            | '\u{FE00}'..='\u{FE0F}'
            | '\u{FEFF}'
            | '\u{FFA0}'
            | '\u{FFF0}'..='\u{FFFB}'
            | '\u{1D173}'..='\u{1D17A}'
            | '\u{E0000}'..='\u{E0FFF}'
    ) || u32::from(character) & 0xFFFE == 0xFFFE
}

/// A character that never leaves the program: it acts on a terminal, hides, or turns the text around it.
pub fn is_foul(character: char) -> bool {
    breaks(character) || hides(character)
}

/// Text as it leaves for a person to read: line ends and tabs stay, every other foul character is gone. The last gate
/// before a terminal, whatever the text went through before.
pub fn readable(text: &str) -> Cow<'_, str> {
    let is_layout = |character: char| matches!(character, '\n' | '\t');
    if !text.contains(|character: char| is_foul(character) && !is_layout(character)) {
        return Cow::Borrowed(text);
    }
    let kept = text.chars().filter_map(|character| match character {
        _ if is_layout(character) => Some(character),
        _ if hides(character) => None,
        _ if breaks(character) => Some(' '),
        _ => Some(character),
    });
    Cow::Owned(kept.collect())
}

/// JSON as it leaves: within its strings every foul character is written as `\uXXXX`, so that a terminal that shows
/// the JSON obeys nothing, and whoever reads it loses nothing.
pub fn escaped_json(json: &str) -> Cow<'_, str> {
    if !json.contains(|character: char| is_foul(character) && character != '\n') {
        return Cow::Borrowed(json);
    }
    let mut out = String::with_capacity(json.len() + 64);
    for character in json.chars() {
        if character != '\n' && is_foul(character) {
            for unit in character.encode_utf16(&mut [0; 2]) {
                let _ = write!(out, "\\u{unit:04x}");
            }
        } else {
            out.push(character);
        }
    }
    Cow::Owned(out)
}

/// One line, for a log: what breaks a line or hides is written as its number, so that no text begins a line of its
/// own and nothing is lost to whoever looks for the cause.
pub fn one_line(text: &str) -> Cow<'_, str> {
    if !text.contains(is_foul) {
        return Cow::Borrowed(text);
    }
    let mut out = String::with_capacity(text.len() + 64);
    for character in text.chars() {
        if is_foul(character) {
            let _ = write!(out, "\\u{{{:x}}}", u32::from(character));
        } else {
            out.push(character);
        }
    }
    Cow::Owned(out)
}

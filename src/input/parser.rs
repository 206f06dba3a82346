//! From a terminal's bytes to keys.
//!
//! A state machine that takes one byte at a time and always comes back to its beginning: every sequence ends with
//! its last byte, with a control character that cannot stand in it, or with silence ([`Parser::silence`]). What is
//! no key (mouse, focus, replies, unknown sequences) is passed over and takes nothing that follows with it. Nothing
//! that is held grows beyond a few kilobytes.

use super::{Input, Reply};
use crate::app::message::{Key, KeyPress};
use std::time::Duration;

/// Characters of a paste that are kept; of a longer one only the length is.
pub const LONGEST_PASTE: usize = 600;
/// Bytes of a sequence's parameters that are kept.
const PARAMETERS: usize = 32;
/// Bytes of a control string that are kept, in case it was text after all.
const STRING: usize = 1024;
/// Bytes of a paste that are kept: enough for the longest in any writing.
const PASTE: usize = LONGEST_PASTE * 4 + 4;
/// The end of a paste.
const PASTE_END: &[u8] = b"\x1b[201~";
/// A sequence that does not go on within this time was cut, or was the Esc key alone.
const SILENCE: Duration = Duration::from_millis(20);
/// A paste may come over a slow line.
const PASTE_SILENCE: Duration = Duration::from_secs(1);

/// How a terminal answers that it understands the kitty graphics protocol.
const KITTY_IS_THERE: &[u8] = b"_Gi=31;OK";

const ESC: u8 = 0x1B;
const BEL: u8 = 0x07;
const DEL: u8 = 0x7F;

/// Where in a sequence the parser is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
enum At {
    /// Between keys.
    #[default]
    Beginning,
    /// Within a character of several bytes: so many are missing.
    Character(usize),
    /// After Esc.
    Escape,
    /// After Esc and `O`: one byte says which key.
    Single,
    /// After Esc and `[`: parameters, then the last byte.
    Sequence,
    /// After Esc, `[` and `[`: how the Linux console spells F1 to F5.
    Console,
    /// Within an old mouse report: so many bytes are missing.
    Mouse(u8),
    /// Within a control string (a reply with a colour, a clipboard, a name): until its end, which is not a key.
    String,
    /// After an Esc within a control string.
    StringEscape,
    /// Within marked pasted text; so many bytes of its end were seen.
    Paste(usize),
}

/// Bytes in, keys out.
#[derive(Debug, Default)]
pub struct Parser {
    at: At,
    /// Bytes of what is not finished.
    held: Vec<u8>,
    /// The character is typed with Alt.
    alt: bool,
    /// The last byte was a carriage return: a line feed right behind it is the same Enter.
    returned: bool,
    /// Bytes of the paste.
    pasted: usize,
}

impl Parser {
    /// How long to wait for the next byte before [`Parser::silence`]; none: nothing is unfinished.
    pub fn patience(&self) -> Option<Duration> {
        match self.at {
            At::Beginning => None,
            At::Paste(_) => Some(PASTE_SILENCE),
            _ => Some(SILENCE),
        }
    }

    /// Takes bytes as they were read.
    pub fn feed(&mut self, bytes: &[u8], out: &mut Vec<Input>) {
        for byte in bytes {
            self.byte(*byte, out);
        }
    }

    /// Nothing more came: what is unfinished is the Esc key, a letter with Alt, a paste without its end, or noise.
    pub fn silence(&mut self, out: &mut Vec<Input>) {
        match std::mem::take(&mut self.at) {
            At::Escape => out.push(plain(Key::Esc)),
            At::Single => out.push(alt('O')),
            At::Sequence if self.held.is_empty() => out.push(alt('[')),
            At::String if self.held.len() == 1 => out.push(alt(char::from(self.held[0]))),
            At::Character(_) => self.broken(out),
            At::Paste(_) => self.end_paste(out),
            _ => {}
        }
        self.held.clear();
        self.alt = false;
    }

    fn byte(&mut self, byte: u8, out: &mut Vec<Input>) {
        let same_enter = self.returned && byte == b'\n';
        self.returned = false;
        match self.at {
            At::Beginning if same_enter => {}
            At::Character(missing) => self.character(byte, missing, out),
            At::Escape => self.escape(byte, out),
            At::Single => self.single(byte, out),
            At::Sequence => self.sequence(byte, out),
            At::Console => {
                self.at = At::Beginning;
                match byte {
                    b'A'..=b'E' => out.push(plain(Key::Function(byte - b'A' + 1))),
                    _ => self.begin(byte, false, out),
                }
            }
            // The places of a report are 32 and more; of one beyond the terminal's reach, 0.
            At::Mouse(missing) if byte >= b' ' || byte == 0 => {
                self.at = match missing {
                    0 | 1 => At::Beginning,
                    more => At::Mouse(more - 1),
                };
            }
            At::Beginning | At::Mouse(_) => self.begin(byte, false, out),
            At::String => self.string(byte, out),
            At::StringEscape if byte == b'\\' => self.end_string(out),
            At::StringEscape => {
                self.forget();
                self.escape(byte, out);
            }
            At::Paste(seen) => self.paste(byte, seen, out),
        }
    }

    fn forget(&mut self) {
        self.at = At::Beginning;
        self.held.clear();
        self.alt = false;
    }

    /// The first byte of a key.
    fn begin(&mut self, byte: u8, alt: bool, out: &mut Vec<Input>) {
        self.forget();
        self.alt = alt;
        let missing = match byte {
            ESC => {
                self.at = At::Escape;
                return;
            }
            0xC2..=0xDF => 1,
            0xE0..=0xEF => 2,
            0xF0..=0xF4 => 3,
            0x80.. => return self.broken(out),
            _ => {
                self.returned = byte == b'\r';
                out.push(Input::Key(KeyPress {
                    alt,
                    ..of_one_byte(byte)
                }));
                return;
            }
        };
        self.held.push(byte);
        self.at = At::Character(missing);
    }

    fn character(&mut self, byte: u8, missing: usize, out: &mut Vec<Input>) {
        if !matches!(byte, 0x80..=0xBF) {
            self.broken(out);
            return self.begin(byte, false, out);
        }
        self.held.push(byte);
        if missing > 1 {
            self.at = At::Character(missing - 1);
            return;
        }
        match std::str::from_utf8(&self.held)
            .ok()
            .and_then(|text| text.chars().next())
        {
            Some(letter) => {
                out.push(Input::Key(KeyPress {
                    alt: self.alt,
                    ..KeyPress::plain(Key::Char(letter))
                }));
                self.forget();
            }
            None => self.broken(out),
        }
    }

    /// Bytes that are no text: shown as a sign of their own, so that a scan with them is refused and not mended.
    fn broken(&mut self, out: &mut Vec<Input>) {
        self.forget();
        out.push(plain(Key::Char(char::REPLACEMENT_CHARACTER)));
    }

    fn escape(&mut self, byte: u8, out: &mut Vec<Input>) {
        match byte {
            b'[' => self.at = At::Sequence,
            b'O' => self.at = At::Single,
            // Replies of the terminal; a letter with Alt where nothing follows.
            b']' | b'P' | b'X' | b'^' | b'_' => {
                self.held.push(byte);
                self.at = At::String;
            }
            ESC => {
                out.push(plain(Key::Esc));
                self.at = At::Escape;
            }
            _ => self.begin(byte, true, out),
        }
    }

    fn single(&mut self, byte: u8, out: &mut Vec<Input>) {
        match byte {
            // Some terminals put the modifiers here.
            b'0'..=b'9' if self.held.is_empty() => self.held.push(byte),
            b' '..DEL => {
                let modifiers = self.held.first().map_or(1, |digit| u16::from(digit - b'0'));
                self.forget();
                out.extend(lettered(byte).and_then(|key| modified(key, modifiers)));
            }
            _ => self.begin(byte, false, out),
        }
    }

    fn sequence(&mut self, byte: u8, out: &mut Vec<Input>) {
        match byte {
            b' '..=b'?' => {
                // More than any key has: passed over to its end.
                if self.held.len() < PARAMETERS {
                    self.held.push(byte);
                }
            }
            b'[' if self.held.is_empty() => self.at = At::Console,
            b'M' if self.held.is_empty() => self.at = At::Mouse(3),
            b'~' if self.held == b"200" => {
                self.forget();
                self.pasted = 0;
                self.at = At::Paste(0);
            }
            b'@'..=b'~' => {
                let told = reply(&self.held, byte).map(Input::Told);
                out.extend(told.or_else(|| of_sequence(&self.held, byte)));
                self.forget();
            }
            // It was cut: what comes now is something else.
            _ => self.begin(byte, false, out),
        }
    }

    fn string(&mut self, byte: u8, out: &mut Vec<Input>) {
        match byte {
            BEL => self.end_string(out),
            ESC => self.at = At::StringEscape,
            // No string of a terminal has a line end in it: somebody pressed Esc, and then a code was scanned.
            b'\r' | b'\n' | b'\t' => {
                let text = std::mem::take(&mut self.held);
                self.forget();
                out.push(plain(Key::Esc));
                for byte in text {
                    self.begin_or_go_on(byte, out);
                }
                self.begin_or_go_on(byte, out);
            }
            _ if self.held.len() < STRING => self.held.push(byte),
            _ => {}
        }
    }

    /// A control string is whole: no key; perhaps the answer to what was asked.
    fn end_string(&mut self, out: &mut Vec<Input>) {
        if self.held.starts_with(KITTY_IS_THERE) {
            out.push(Input::Told(Reply::Kitty));
        }
        self.forget();
    }

    fn begin_or_go_on(&mut self, byte: u8, out: &mut Vec<Input>) {
        match self.at {
            At::Character(missing) => self.character(byte, missing, out),
            _ => self.begin(byte, false, out),
        }
    }

    fn paste(&mut self, byte: u8, seen: usize, out: &mut Vec<Input>) {
        if byte == PASTE_END[seen] {
            if seen + 1 == PASTE_END.len() {
                self.end_paste(out);
            } else {
                self.at = At::Paste(seen + 1);
            }
            return;
        }
        for kept in &PASTE_END[..seen] {
            self.keep(*kept);
        }
        if byte == ESC {
            self.at = At::Paste(1);
        } else {
            self.keep(byte);
            self.at = At::Paste(0);
        }
    }

    fn keep(&mut self, byte: u8) {
        // The first byte of each character counts it.
        self.pasted += usize::from(!matches!(byte, 0x80..=0xBF));
        if self.held.len() < PASTE {
            self.held.push(byte);
        }
    }

    fn end_paste(&mut self, out: &mut Vec<Input>) {
        let characters = std::mem::take(&mut self.pasted);
        out.push(if characters > LONGEST_PASTE {
            Input::PastedTooMuch { characters }
        } else {
            Input::Pasted(String::from_utf8_lossy(&self.held).into_owned())
        });
        self.forget();
    }
}

fn plain(key: Key) -> Input {
    Input::Key(KeyPress::plain(key))
}

fn alt(letter: char) -> Input {
    Input::Key(KeyPress {
        alt: true,
        ..KeyPress::plain(Key::Char(letter))
    })
}

/// A key of one byte, below 0x80 and not Esc.
fn of_one_byte(byte: u8) -> KeyPress {
    match byte {
        b'\r' | b'\n' => KeyPress::plain(Key::Enter),
        b'\t' => KeyPress::plain(Key::Tab),
        DEL => KeyPress::plain(Key::Backspace),
        0 => KeyPress::control(' '),
        1..=26 => KeyPress::control(char::from(byte - 1 + b'a')),
        // 0x1C to 0x1F: Control with 4 to 7, as terminals spell them.
        28..=31 => KeyPress::control(char::from(byte - 28 + b'4')),
        _ => KeyPress::plain(Key::Char(char::from(byte))),
    }
}

/// Keys whose sequence ends with a letter.
fn lettered(last: u8) -> Option<Key> {
    Some(match last {
        b'A' => Key::Up,
        b'B' => Key::Down,
        b'C' => Key::Right,
        b'D' => Key::Left,
        b'F' => Key::End,
        b'H' => Key::Home,
        b'P'..=b'S' => Key::Function(last - b'P' + 1),
        _ => return None,
    })
}

/// Keys whose sequence is a number and `~`.
fn numbered(number: u16) -> Option<Key> {
    Some(match number {
        1 | 7 => Key::Home,
        4 | 8 => Key::End,
        2 => Key::Insert,
        3 => Key::Delete,
        5 => Key::PageUp,
        6 => Key::PageDown,
        11..=15 => Key::Function(low(number - 10)),
        17..=21 => Key::Function(low(number - 11)),
        23..=26 => Key::Function(low(number - 12)),
        28 | 29 => Key::Function(low(number - 13)),
        31..=34 => Key::Function(low(number - 14)),
        _ => return None,
    })
}

fn low(number: u16) -> u8 {
    u8::try_from(number).unwrap_or(u8::MAX)
}

/// What the terminal says of itself in a whole sequence: its attributes, or the size of a cell.
fn reply(parameters: &[u8], last: u8) -> Option<Reply> {
    let text = std::str::from_utf8(parameters).ok()?;
    match last {
        b'c' => {
            let attributes = text.strip_prefix('?')?;
            let sixel = attributes.split(';').skip(1).any(|attribute| attribute == "4");
            Some(Reply::Attributes { sixel })
        }
        b't' => {
            let (height, width) = text.strip_prefix("6;")?.split_once(';')?;
            Some(Reply::Cell {
                width: width.parse().ok()?,
                height: height.parse().ok()?,
            })
        }
        _ => None,
    }
}

/// The key of a whole sequence; none: it is no key, or one that is let go.
fn of_sequence(parameters: &[u8], last: u8) -> Option<Input> {
    // A sign of private use, or anything but numbers: no key.
    let digits = |byte: &u8| byte.is_ascii_digit() || matches!(byte, b';' | b':');
    if parameters.len() >= PARAMETERS || !parameters.iter().all(digits) {
        return None;
    }
    let text = std::str::from_utf8(parameters).ok()?;
    let mut fields = text.split(';');
    let mut pair = || {
        let mut parts = fields.next().unwrap_or("").split(':');
        let mut number = || parts.next().and_then(|part| part.parse::<u16>().ok());
        (number(), number())
    };
    let ((first, _), (modifiers, kind)) = (pair(), pair());
    // 3: the key was let go.
    if kind == Some(3) {
        return None;
    }
    let modifiers = modifiers.unwrap_or(1);
    match last {
        b'~' => modified(numbered(first?)?, modifiers),
        b'u' => modified(coded(u32::from(first?))?, modifiers),
        b'Z' => modified(Key::Tab, modifiers.max(2)),
        // The same letter ends the reply that tells where the cursor is: only with a modifier it is a key.
        b'R' if modifiers == 1 => None,
        _ if first.unwrap_or(1) == 1 => modified(lettered(last)?, modifiers),
        _ => None,
    }
}

/// Keys that a terminal names by the number of their character.
fn coded(number: u32) -> Option<Key> {
    Some(match number {
        13 => Key::Enter,
        27 => Key::Esc,
        9 => Key::Tab,
        8 | 127 => Key::Backspace,
        // The keys of no character lie in a place of private use.
        0..=31 | 57_344.. => return None,
        _ => Key::Char(char::from_u32(number)?),
    })
}

/// The key with its modifiers: one more than the sum of 1 (Shift), 2 (Alt), 4 (Control) and others.
fn modified(key: Key, modifiers: u16) -> Option<Input> {
    let bits = modifiers.checked_sub(1)?;
    // Super, Hyper and Meta belong to the window manager.
    if bits & 0b11_1000 != 0 {
        return None;
    }
    let (shift, alt, control) = (bits & 1 != 0, bits & 2 != 0, bits & 4 != 0);
    let (key, shift) = match key {
        Key::Char(letter) if shift => (Key::Char(letter.to_uppercase().next().unwrap_or(letter)), false),
        other => (other, shift),
    };
    Some(Input::Key(KeyPress {
        key,
        control,
        alt,
        shift,
    }))
}

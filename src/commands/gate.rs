//! The last gate of what a subcommand writes: nothing that acts on a terminal, hides or turns text passes, whatever
//! the store held.

use crate::domain::text::{escaped_json, readable};
use std::io::{self, Write};

/// What passes is text for a person, rows for a spreadsheet, or JSON for a script.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Kind {
    /// Lines for a person.
    Text,
    /// CSV: its rows end as the format wants it.
    Rows,
    /// JSON: escaped, so that nothing of it is lost.
    Json,
}

/// A writer that lets only harmless text through.
pub struct Gate<'a> {
    inner: &'a mut dyn Write,
    kind: Kind,
    /// The beginning of a character whose end has not come yet.
    cut: Vec<u8>,
}

impl<'a> Gate<'a> {
    /// A gate before `inner`.
    pub fn new(inner: &'a mut dyn Write, kind: Kind) -> Self {
        Self {
            inner,
            kind,
            cut: Vec::new(),
        }
    }

    fn pass(&mut self, text: &str) -> io::Result<()> {
        match self.kind {
            Kind::Text => self.inner.write_all(readable(text).as_bytes()),
            Kind::Rows => {
                for (place, line) in text.split("\r\n").enumerate() {
                    let end: &[u8] = if place == 0 { b"" } else { b"\r\n" };
                    self.inner.write_all(end)?;
                    self.inner.write_all(readable(line).as_bytes())?;
                }
                Ok(())
            }
            Kind::Json => self.inner.write_all(escaped_json(text).as_bytes()),
        }
    }
}

impl Write for Gate<'_> {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        let mut waiting = std::mem::take(&mut self.cut);
        waiting.extend_from_slice(bytes);
        let mut rest = waiting.as_slice();
        while !rest.is_empty() {
            match std::str::from_utf8(rest) {
                Ok(text) => {
                    self.pass(text)?;
                    break;
                }
                Err(error) => {
                    let (text, tail) = rest.split_at(error.valid_up_to());
                    self.pass(&String::from_utf8_lossy(text))?;
                    let Some(broken) = error.error_len() else {
                        tail.clone_into(&mut self.cut);
                        break;
                    };
                    self.pass("\u{fffd}")?;
                    rest = &tail[broken..];
                }
            }
        }
        Ok(bytes.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        self.inner.flush()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn through(kind: Kind, pieces: &[&[u8]]) -> String {
        let mut out = Vec::new();
        let mut gate = Gate::new(&mut out, kind);
        for piece in pieces {
            gate.write_all(piece).unwrap();
        }
        String::from_utf8(out).unwrap()
    }

    #[test]
    fn a_character_in_pieces_is_judged_whole() {
        let text = "Zoë\u{202e}x\u{9b}1m\n".as_bytes();
        let one_by_one: Vec<&[u8]> = text.chunks(1).collect();
        assert_eq!(through(Kind::Text, &one_by_one), "Zoëx 1m\n");
        assert_eq!(through(Kind::Json, &one_by_one), "Zoë\\u202ex\\u009b1m\n");
        assert_eq!(through(Kind::Text, &[b"a\xffb\x1b"]), "a\u{fffd}b ");
        assert_eq!(through(Kind::Rows, &[b"a,b\r\nc\rd\r\n"]), "a,b\r\nc d\r\n");
    }
}

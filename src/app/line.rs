//! Keys: printable ones fill the scan line, Enter hands it over, all others are actions.

use super::keys::Action;
use super::message::{Key, KeyPress};
use super::state::State;

/// Scan line's longest text; a longer one is handed over as it is and refused as too long.
const LONGEST: usize = 600;

/// The separator between GS1 fields.
const GS: char = '\u{1D}';

impl State {
    pub(crate) fn key(&mut self, press: KeyPress) {
        match press {
            // How terminals spell the scanner's group separator, 0x1D.
            KeyPress {
                key: Key::Char(']' | '5'),
                control: true,
                alt: false,
                ..
            } => self.fill(GS),
            KeyPress {
                key: Key::Char(letter),
                control: false,
                alt: false,
                ..
            } => self.fill(letter),
            KeyPress {
                key: Key::Backspace, ..
            } => {
                self.line.pop();
            }
            // Some scanners end a code with a tabulator.
            KeyPress {
                key: Key::Enter | Key::Tab,
                control: false,
                alt: false,
                ..
            } if !self.line.is_empty() => {
                self.hand_over();
            }
            KeyPress {
                key: Key::Enter,
                control: false,
                alt: false,
                ..
            } => self.act(Action::Open),
            _ => {
                if let Some(action) = self.setup.keys.action(press) {
                    self.act(action);
                }
            }
        }
    }

    /// Pasted text is typed text; an Enter at its end hands over what stands before it and answers nothing else.
    /// Several lines are not taken: each would be a scan that nobody made.
    pub(crate) fn pasted(&mut self, text: &str) {
        let lines = text
            .split(['\r', '\n'])
            .filter(|line| !line.trim().is_empty())
            .count();
        if lines > 1 {
            self.refuse(
                "pasted",
                format!("{lines} lines were pasted and not taken: scan the codes, or paste one at a time"),
            );
            return;
        }
        for letter in text.chars() {
            match letter {
                '\r' | '\n' | '\t' if self.line.is_empty() => {}
                '\r' | '\n' | '\t' => self.hand_over(),
                other => self.fill(other),
            }
        }
    }

    pub(crate) fn pasted_too_much(&mut self, characters: usize) {
        self.refuse(
            "pasted",
            format!("{characters} characters were pasted and not taken: scan the code, or paste it alone"),
        );
    }

    fn fill(&mut self, letter: char) {
        // Other control characters are kept: the scan is then refused as damaged, not silently mended.
        if self.line.len() < LONGEST {
            self.line.push(letter);
        }
    }

    /// Enter with text: what the topmost dialog asked for, else a scan.
    fn hand_over(&mut self) {
        let text = std::mem::take(&mut self.line);
        if text.trim().is_empty() {
            return;
        }
        if !self.typed(&text) {
            self.scanned(&text);
        }
    }
}

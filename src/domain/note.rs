//! Notes on an order. They may name the customer, so they are sealed like the rest of what does.

use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};
use std::fmt;
use zeroize::{Zeroize, ZeroizeOnDrop};

/// What the history says of a note; its words stay sealed.
pub const NOTE_ADDED: &str = "note added";

/// A note's text. Prints as `•••`.
#[derive(Clone, Default, PartialEq, Eq, Serialize, Deserialize, Zeroize, ZeroizeOnDrop)]
pub struct NoteText(pub String);

impl fmt::Debug for NoteText {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("•••")
    }
}

impl NoteText {
    /// Longest note, in characters.
    pub const LONGEST: usize = 500;
}

/// A note, opened.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Note {
    /// When.
    pub at: DateTime<Utc>,
    /// Who, by name.
    pub by: String,
    /// What.
    pub text: NoteText,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_note_prints_as_dots() {
        let note = Note {
            at: DateTime::UNIX_EPOCH,
            by: "Ana".to_owned(),
            text: NoteText("Jane Doe called".to_owned()),
        };
        let shown = format!("{note:?}");
        assert!(shown.contains("•••") && !shown.contains("Jane"), "{shown}");
    }
}

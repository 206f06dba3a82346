//! The verdict across the full width: colour, word and glyph differ, so that one of them is always seen.

use chrono::{DateTime, Utc};

/// What kind of verdict.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Tone {
    /// Durable and right.
    Good,
    /// Refused, or trouble.
    Bad,
    /// Not known yet.
    Wait,
    /// A remark.
    Note,
}

impl Tone {
    /// The word.
    pub fn word(self) -> &'static str {
        match self {
            Self::Good => "GOOD",
            Self::Bad => "STOP",
            Self::Wait => "WAIT",
            Self::Note => "NOTE",
        }
    }

    /// The glyph.
    pub fn glyph(self) -> &'static str {
        match self {
            Self::Good => "✔",
            Self::Bad => "✘",
            Self::Wait => "…",
            Self::Note => "·",
        }
    }
}

/// The last verdict.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Banner {
    /// Kind.
    pub tone: Tone,
    /// What happened, why, what to do now.
    pub words: String,
    /// Since (UTC).
    pub at: DateTime<Utc>,
}

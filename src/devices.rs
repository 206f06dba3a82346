//! The bench's small machines: the bell, and the scale.
//!
//! The bell is told as bytes, which the runtime writes to the terminal; [`scale`] reads what a scale says. What a
//! weight means for a box is the domain's and the screens' business.

pub mod scale;

/// What the bell says.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Bell {
    /// A scan was accepted and is saved.
    Good,
    /// A scan was refused, or something failed.
    Bad,
}

impl Bell {
    /// The bytes that ring the terminal's bell: once for good, three times for bad, so that the two differ
    /// also for somebody who looks at the box and not at the screen.
    pub fn bytes(self) -> &'static [u8] {
        match self {
            Self::Good => b"\x07",
            Self::Bad => b"\x07\x07\x07",
        }
    }
}

#[cfg(test)]
mod tests {
    use super::Bell;

    #[test]
    fn good_and_bad_sound_different_and_are_nothing_but_bells() {
        assert_eq!(Bell::Good.bytes().len(), 1);
        assert_eq!(Bell::Bad.bytes().len(), 3);
        assert!(
            [Bell::Good, Bell::Bad]
                .iter()
                .all(|bell| bell.bytes().iter().all(|byte| *byte == 7))
        );
    }
}

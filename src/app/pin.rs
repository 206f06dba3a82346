//! A PIN between the keys and its check.

/// A PIN on its way; prints as `•••`.
#[derive(Clone, PartialEq, Eq)]
pub struct Pin(String);

impl Pin {
    /// As typed.
    pub fn new(text: &str) -> Self {
        Self(text.to_owned())
    }

    /// For the check alone.
    pub fn reveal(&self) -> &str {
        &self.0
    }
}

impl std::fmt::Debug for Pin {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("•••")
    }
}

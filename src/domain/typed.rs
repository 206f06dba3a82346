//! What people type about an order (why it is voided, held, overridden …) and what Amazon writes about it. Either may
//! name the customer, so it is sealed under the order's data key; histories hold a mark in its place, and go on holding
//! it when the words are erased: their hashes cover the mark.

use super::ids::{DataKeyId, OrderNumber, StoreId};
use super::sealed::{Sealed, WrappedKey};
use serde::{Deserialize, Serialize};
use std::fmt;
use zeroize::{Zeroize, ZeroizeOnDrop};

/// Typed words. Prints as `•••`.
#[derive(Clone, Default, PartialEq, Eq, Serialize, Deserialize, Zeroize, ZeroizeOnDrop)]
pub struct TypedWords(pub String);

impl fmt::Debug for TypedWords {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("•••")
    }
}

/// Where sealed words belong: they open nowhere else.
#[derive(Debug, Clone, Copy)]
pub struct WordsPlace<'a> {
    /// Their number.
    pub number: i64,
    /// Shop.
    pub store: &'a StoreId,
    /// Order.
    pub order: &'a OrderNumber,
}

/// Seals and opens typed words; the store has no keys of its own. Refusals are words, without any content.
pub trait WordSealer: Send + Sync {
    /// A data key for an order that has none yet, for a store that knows its station keys by this check.
    fn new_key(&self, check: Option<&[u8]>, id: DataKeyId) -> Result<WrappedKey, String>;
    /// Seals words.
    fn seal(
        &self,
        key: &WrappedKey,
        place: WordsPlace<'_>,
        words: &TypedWords,
    ) -> Result<Sealed<TypedWords>, String>;
    /// Opens words.
    fn open(
        &self,
        key: &WrappedKey,
        place: WordsPlace<'_>,
        sealed: &Sealed<TypedWords>,
    ) -> Result<TypedWords, String>;
}

const BEGIN: &str = "⟦words ";
const END: char = '⟧';

/// What is shown where words are erased.
pub const ERASED: &str = "⟦erased⟧";

/// What is shown where the keys that are here do not open words.
pub const CLOSED: &str = "⟦sealed: the keys that are here do not open it⟧";

/// What is kept of words that are typed once the order's customer is erased: nothing may be sealed then.
pub const NOT_KEPT: &str = "⟦not kept: the customer's data of this order is erased⟧";

/// The mark that stands for words.
pub fn mark(number: i64) -> String {
    format!("{BEGIN}{number}{END}")
}

/// There may be a mark in it.
pub fn has_marks(text: &str) -> bool {
    text.contains(BEGIN)
}

/// The text with its marks replaced by what `words` gives for each. What it gives is not looked through again.
pub fn filled<E>(text: &str, mut words: impl FnMut(i64) -> Result<String, E>) -> Result<String, E> {
    let mut out = String::with_capacity(text.len());
    let mut rest = text;
    while let Some(at) = rest.find(BEGIN) {
        let (before, tail) = rest.split_at(at);
        out.push_str(before);
        let inner = &tail[BEGIN.len()..];
        let number = inner
            .split_once(END)
            .and_then(|(number, after)| Some((number.parse().ok()?, after)));
        if let Some((number, after)) = number {
            out.push_str(&words(number)?);
            rest = after;
        } else {
            out.push_str(BEGIN);
            rest = inner;
        }
    }
    out.push_str(rest);
    Ok(out)
}

/// Amazon's own words within ours (`AmazonError::words`): what stands before them, and they. None: all is ours.
pub fn amazons_words(why: &str) -> Option<(&str, &str)> {
    let begin = ["Amazon refused (", "Amazon answered "]
        .iter()
        .filter_map(|begin| why.find(begin))
        .min()?;
    let colon = begin + why[begin..].find(": ")? + 2;
    let (ours, theirs) = why.split_at(colon);
    (!theirs.is_empty()).then_some((ours, theirs))
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::convert::Infallible;

    fn fill(text: &str) -> String {
        let words = |number: i64| Ok::<_, Infallible>(format!("<{number}⟦words 9⟧>"));
        match filled(text, words) {
            Ok(text) => text,
            Err(never) => match never {},
        }
    }

    #[test]
    fn marks_are_filled_once() {
        let text = format!("voided: {} ({})", mark(3), mark(12));
        assert_eq!(fill(&text), "voided: <3⟦words 9⟧> (<12⟦words 9⟧>)");
        for plain in [
            "",
            "no mark",
            "⟦words x⟧",
            "⟦words 1",
            "⟦erased⟧",
            "⟦words ⟦words",
        ] {
            assert_eq!(fill(plain), plain);
        }
        assert!(has_marks(&text) && !has_marks(ERASED) && !has_marks(NOT_KEPT));
    }

    #[test]
    fn amazons_words_are_told_from_ours() {
        assert_eq!(
            amazons_words("Amazon refused (InvalidInput 400): Ada Lane is no street"),
            Some(("Amazon refused (InvalidInput 400): ", "Ada Lane is no street"))
        );
        assert_eq!(
            amazons_words("sent again; Amazon answered 400: bad: Ada"),
            Some(("sent again; Amazon answered 400: ", "bad: Ada"))
        );
        for ours in [
            "Amazon answered 500 without a reason",
            "printed: again",
            "Amazon answered 400 Code",
        ] {
            assert_eq!(amazons_words(ours), None, "{ours}");
        }
    }
}

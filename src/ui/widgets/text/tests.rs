use super::{fit, fit_end, left, right, width, wrap};
use proptest::prelude::*;

#[test]
fn wide_characters_are_never_cut_in_half() {
    assert_eq!(fit("漢字漢字", 5), "漢字…");
    assert_eq!(fit("漢字漢字", 4), "漢…");
    assert_eq!(fit("漢字", 4), "漢字");
    assert_eq!(fit("abc", 0), "");
    assert_eq!(fit_end("1234567890", 4), "…890");
}

#[test]
fn words_are_wrapped_and_the_last_line_says_that_there_is_more() {
    assert_eq!(wrap("one two three four", 9, 2), ["one two", "three fo…"]);
    assert_eq!(wrap("one two", 9, 3), ["one two"]);
    assert!(wrap("one", 0, 3).is_empty());
}

proptest! {
    #[test]
    fn nothing_is_ever_wider_than_its_cells(text in "\\PC{0,60}", cells in 0usize..40, lines in 0usize..5) {
        prop_assert!(width(&fit(&text, cells)) <= cells);
        prop_assert!(width(&fit_end(&text, cells)) <= cells);
        prop_assert_eq!(width(&left(&text, cells)), cells);
        prop_assert_eq!(width(&right(&text, cells)), cells);
        let wrapped = wrap(&text, cells, lines);
        prop_assert!(wrapped.len() <= lines);
        for line in wrapped {
            prop_assert!(width(&line) <= cells);
        }
    }
}

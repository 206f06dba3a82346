use super::{Clean, escaped_json, is_foul, one_line, readable};
use proptest::prelude::*;
use std::borrow::Cow;
use unicode_width::UnicodeWidthChar;

#[test]
fn control_characters_become_one_blank() {
    assert_eq!(Clean::text("Ann\r\nLee"), "Ann Lee");
    assert_eq!(Clean::text("\u{1b}[31mred\u{7}"), "[31mred");
    assert_eq!(Clean::text("a\u{9b}2Jb"), "a 2Jb");
    assert_eq!(Clean::text("a\u{2028}b\u{2029}c"), "a b c");
}

#[test]
fn what_turns_or_hides_text_is_dropped() {
    assert_eq!(Clean::text("abc\u{202e}fed"), "abcfed");
    assert_eq!(Clean::text("a\u{2066}b\u{2069}\u{200f}"), "ab");
    assert_eq!(Clean::text("pay\u{200b}pal\u{feff}"), "paypal");
    assert_eq!(Clean::text("tag\u{e0041}\u{e007f}"), "tag");
    assert_eq!(Clean::text("\u{3164}\u{ad}"), "");
    assert_eq!(Clean::text("x\u{1fffe}y\u{ffff}"), "xy");
}

#[test]
fn foreign_scripts_and_emoji_stay() {
    for text in [
        "Łódź",
        "北京市",
        "ירושלים",
        "مرحبا",
        "Ångström",
        "हिन्दी",
        "📦 gift",
        "한국",
    ] {
        assert_eq!(Clean::text(text), text);
    }
}

#[test]
fn a_base_keeps_four_marks_and_a_mark_needs_a_base() {
    let pile = format!("e{}x", "\u{301}".repeat(30));
    assert_eq!(Clean::text(&pile), format!("e{}x", "\u{301}".repeat(4)));
    assert_eq!(Clean::text("\u{301}a"), "a");
    assert_eq!(Clean::text("\n\u{301}a"), "a");
}

#[test]
fn length_is_bounded_in_characters() {
    assert_eq!(Clean::text(&"ü".repeat(600)).chars().count(), Clean::MAX);
    assert_eq!(Clean::bounded("abcdef", 3), "abc");
    assert_eq!(Clean::bounded("ab cdef", 3), "ab");
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(2_000))]

    #[test]
    fn whatever_comes_in_clean_text_comes_out(raw in "\\PC*|(?s).{0,80}") {
        let clean = Clean::text(&raw);
        prop_assert!(clean.chars().count() <= Clean::MAX);
        let mut marks = 0;
        for character in clean.chars() {
            prop_assert!(!character.is_control(), "{:?}", character);
            prop_assert!(!super::hides(character), "{:?}", character);
            marks = if character.width() == Some(0) { marks + 1 } else { 0 };
            prop_assert!(marks <= Clean::MARKS);
        }
        prop_assert_eq!(Clean::text(&clean), clean);
    }
}

#[test]
fn what_leaves_for_a_person_keeps_its_lines_and_nothing_foul() {
    assert_eq!(
        readable("a\tb\n\u{1b}]0;x\u{7}\u{202e}c\u{200b}d\r"),
        "a\tb\n ]0;x cd "
    );
    assert!(matches!(readable("plain\n"), Cow::Borrowed(_)));
}

#[test]
fn what_leaves_as_json_comes_back_as_it_was() {
    let raw = "a\u{7f}\u{9b}\u{202e}\u{200b}\u{e0041}\n\t\u{1b}";
    let json = serde_json::to_string(raw).unwrap();
    let escaped = escaped_json(&json);
    assert!(!escaped.contains(is_foul), "{escaped}");
    assert_eq!(serde_json::from_str::<String>(&escaped).unwrap(), raw);
}

#[test]
fn a_line_of_a_log_is_one_line() {
    assert_eq!(one_line("a\nb\u{1b}c\u{202e}"), "a\\u{a}b\\u{1b}c\\u{202e}");
}

use super::*;
use proptest::prelude::*;

fn field(kind: InputKind) -> InputField {
    InputField {
        kind,
        required: true,
        ..InputField::text("f", "Field")
    }
}

fn customs_code() -> InputField {
    InputField {
        required: true,
        patterns: vec![(r"^[0-9]{6,10}$".to_owned(), "6 to 10 digits".to_owned())],
        length: (Some(6), Some(10)),
        ..InputField::text("harmonizedSystemCode", "Harmonized System code")
    }
}

#[test]
fn answers_are_read_in_the_form_that_is_asked_for() {
    for (kind, typed, read) in [
        (InputKind::Text, "  two words ", Ok("two words")),
        (InputKind::Text, "   ", Err("Field is needed")),
        (InputKind::Whole, "-12", Ok("-12")),
        (InputKind::Whole, "1.5", Err("Field must be a whole number")),
        (InputKind::Decimal, "1.5", Ok("1.5")),
        (
            InputKind::Decimal,
            ".5",
            Err("Field must be a number such as 12.5"),
        ),
        (InputKind::YesNo, "Yes", Ok("true")),
        (InputKind::YesNo, "n", Ok("false")),
        (InputKind::YesNo, "maybe", Err("Field must be yes or no")),
        (
            InputKind::Moment,
            "2026-11-24T09:00:00Z",
            Ok("2026-11-24T09:00:00Z"),
        ),
        (
            InputKind::Moment,
            "tomorrow",
            Err("Field must be a time such as 2026-11-24T09:00:00Z"),
        ),
        (InputKind::Money(Currency::USD), "12.5", Ok("12.50")),
        (
            InputKind::Money(Currency::USD),
            "-1",
            Err("Field must be an amount such as 12.50"),
        ),
        (InputKind::Weight, "12.5 oz", Ok("12.5 oz")),
        (
            InputKind::Weight,
            "heavy",
            Err("Field must be a weight such as 12.5 oz"),
        ),
        (
            InputKind::Other("address".to_owned()),
            "x",
            Err("Field cannot be typed here: buy this method in Seller Central"),
        ),
    ] {
        let expected = read.map(str::to_owned).map_err(str::to_owned);
        assert_eq!(field(kind.clone()).read(typed), expected, "{kind:?} {typed:?}");
    }
}

#[test]
fn constraints_are_kept_and_said() {
    let code = customs_code();
    assert_eq!(code.read("691110"), Ok("691110".to_owned()));
    for (typed, words) in [
        ("12345", "too short"),
        ("12345678901", "too long"),
        ("69111x", "6 to 10 digits"),
    ] {
        let refused = code.read(typed).expect_err("refused");
        assert!(refused.contains(words), "{typed}: {refused}");
    }
    assert_eq!(code.hint(), "needed · text · 6 to 10 characters · 6 to 10 digits");
    let range = InputField {
        range: (Some("1".to_owned()), Some("9.5".to_owned())),
        ..field(InputKind::Decimal)
    };
    assert!(range.read("0.99").expect_err("too little").contains("1 or more"));
    assert!(range.read("9.51").expect_err("too much").contains("9.5 or less"));
    assert!(range.read("-3").is_err());
    assert_eq!(range.read("9.5"), Ok("9.5".to_owned()));
    let one_of = InputField {
        choices: vec!["GIFT".to_owned(), "SALE".to_owned()],
        ..InputField::text("reason", "")
    };
    assert_eq!(one_of.read("sale"), Ok("SALE".to_owned()));
    assert_eq!(one_of.read("loan"), Err("reason is one of GIFT, SALE".to_owned()));
    assert_eq!(one_of.read(""), Ok(String::new()), "it may be left out");
}

#[test]
fn a_pattern_that_cannot_be_read_or_is_too_large_is_left_to_amazon() {
    for pattern in [r"(?=x)y", "(", r"(\w{500}){500}"] {
        let field = InputField {
            patterns: vec![(pattern.to_owned(), String::new())],
            ..field(InputKind::Text)
        };
        assert_eq!(field.read("anything"), Ok("anything".to_owned()), "{pattern}");
    }
}

#[test]
fn all_answers_are_needed_before_anything_is_bought() {
    let item = InputField {
        target: InputTarget::Item("B000TEST01".to_owned()),
        required: true,
        stored: "cup".to_owned(),
        ..InputField::text("ITEM_DESCRIPTION", "Description")
    };
    let optional = InputField::text("note", "Note");
    let fields = [customs_code(), item.clone(), optional.clone()];
    let typed = |pairs: &[(&str, &str)]| -> Vec<(String, String)> {
        pairs
            .iter()
            .map(|(key, value)| ((*key).to_owned(), (*value).to_owned()))
            .collect()
    };
    assert_eq!(
        InputValues::read(&fields, &[]).expect_err("one is missing"),
        "Harmonized System code is needed"
    );
    let values =
        InputValues::read(&fields, &typed(&[("harmonizedSystemCode", "691110")])).expect("all are there");
    assert_eq!(values.get(&fields[0]), Some("691110"));
    assert_eq!(
        values.get(&item),
        Some("cup"),
        "what Amazon has stored serves as the answer"
    );
    assert_eq!(values.get(&optional), None);
    let typo = InputValues::read(&fields, &typed(&[("harmonised", "691110")])).expect_err("unknown");
    assert!(
        typo.contains("B000TEST01:ITEM_DESCRIPTION"),
        "the words name what is asked for: {typo}"
    );
    assert_eq!(format!("{values:?}"), "•••");
}

#[test]
fn only_a_needed_detail_that_cannot_be_typed_is_out_of_reach() {
    let other = InputKind::Other("address".to_owned());
    assert!(field(other.clone()).is_out_of_reach());
    assert!(!field(InputKind::Text).is_out_of_reach(), "it is typed");
    let optional = InputField {
        required: false,
        ..field(other)
    };
    assert!(!optional.is_out_of_reach(), "it is left out");
}

#[test]
fn the_longest_answer_that_is_kept_has_500_characters() {
    let note = field(InputKind::Text);
    let longest = "x".repeat(LONGEST);
    assert_eq!(note.read(&longest), Ok(longest.clone()));
    for more in [1, 2, 100] {
        assert_eq!(
            note.read(&format!("{longest}{}", "x".repeat(more))),
            Err("Field is too long: at most 500 characters".to_owned())
        );
    }
    // The last that still fits, and the first that does.
    assert_eq!(customs_code().read("6911101234"), Ok("6911101234".to_owned()));
}

#[test]
fn the_hint_says_how_long_an_answer_may_be() {
    for (length, words) in [
        ((None, None), "needed · text"),
        ((Some(4), Some(4)), "needed · text · 4 characters"),
        ((Some(3), Some(4)), "needed · text · 3 to 4 characters"),
        ((Some(2), None), "needed · text · at least 2 characters"),
        // What is needed has one anyway.
        ((Some(1), None), "needed · text"),
        ((Some(0), None), "needed · text"),
        ((None, Some(20)), "needed · text · at most 20 characters"),
    ] {
        let asked = InputField {
            length,
            ..field(InputKind::Text)
        };
        assert_eq!(asked.hint(), words);
    }
}

#[test]
fn a_pattern_of_ordinary_size_is_checked_here() {
    let mail = InputField {
        patterns: vec![(
            r"^[A-Za-z0-9._+-]{1,64}@[A-Za-z0-9-]{1,63}(\.[A-Za-z0-9-]{2,24}){1,3}$".to_owned(),
            "a mail address".to_owned(),
        )],
        ..field(InputKind::Text)
    };
    assert_eq!(
        mail.read("packer@example.com"),
        Ok("packer@example.com".to_owned())
    );
    assert_eq!(
        mail.read("packer at home"),
        Err("Field does not fit: a mail address".to_owned())
    );
}

proptest! {
    #[test]
    fn what_is_read_is_read_again_as_itself(typed in "\\PC{0,40}", kind in prop::sample::select(vec![
        InputKind::Text, InputKind::Whole, InputKind::Decimal, InputKind::YesNo, InputKind::Moment,
        InputKind::Money(Currency::USD), InputKind::Weight,
    ])) {
        let field = field(kind);
        if let Ok(answer) = field.read(&typed) {
            prop_assert_eq!(field.read(&answer), Ok(answer.clone()));
        }
    }

    #[test]
    fn numbers_are_compared_as_numbers(one in -99_999_i64..99_999, other in -99_999_i64..99_999) {
        let written = |value: i64| {
            let sign = if value < 0 { "-" } else { "" };
            format!("{sign}{}.{:02}", value.abs() / 100, value.abs() % 100)
        };
        prop_assert_eq!(compare(&written(one), &written(other)), Some(one.cmp(&other)));
    }
}

#[test]
fn nothing_that_amazon_calls_a_field_or_a_form_acts_on_the_terminal() {
    let named = InputField::text("A\u{1b}[2J\u{202e}B", "");
    assert_eq!(named.label(), "A [2JB", "Amazon gave no title");
    let typed = [("C".to_owned(), "1".to_owned())];
    let refused = InputValues::read(std::slice::from_ref(&named), &typed).expect_err("not asked for");
    assert_eq!(refused, "C is not asked for: this method asks for A [2JB");
    let formed = InputField {
        patterns: vec![("^\u{202e}[0-9]$".to_owned(), String::new())],
        ..field(InputKind::Text)
    };
    let refused = formed.read("x").expect_err("another form");
    assert!(refused.ends_with("the form ^[0-9]$"), "{refused:?}");
}

use super::*;
use crate::amazon::body;
use proptest::prelude::*;

#[derive(Debug, Default, Deserialize, PartialEq)]
#[serde(default)]
struct Thing {
    text: Text,
    id: Opaque,
    number: Digits,
    truth: Truth,
    moment: Moment,
    day: Day,
    inner: Maybe<Inner>,
    list: Many<Maybe<Inner>>,
}

#[derive(Debug, Default, Deserialize, PartialEq)]
#[serde(default)]
struct Inner {
    a: Text,
}

fn thing(json: &str) -> Thing {
    body::read(json.as_bytes()).unwrap()
}

#[test]
fn numbers_keep_their_digits() {
    assert_eq!(
        thing(r#"{"id": 940012345678901234567890123}"#).id.0,
        "940012345678901234567890123"
    );
    assert_eq!(thing(r#"{"number": 5.530}"#).number.0, "5.530");
    assert_eq!(thing(r#"{"number": " 12 "}"#).number.0, "12");
}

#[test]
fn money_is_read_from_the_digits() {
    let amount: Amount = body::read(br#"{"value": 1234567890123.45, "unit": "USD"}"#).unwrap();
    assert_eq!(
        amount.money(),
        Some(Money::new(123_456_789_012_345, Currency::USD))
    );
    let amount: Amount = body::read(br#"{"unit": "USD", "value": "0.29"}"#).unwrap();
    assert_eq!(amount.money(), Some(Money::new(29, Currency::USD)));
    let amount: OrderAmount = body::read(br#"{"amount": 19.99, "currencyCode": "GBP"}"#).unwrap();
    assert_eq!(amount.money(), Some(Money::new(1999, Currency::GBP)));
    let amount: Amount = body::read(br#"{"value": "", "unit": ""}"#).unwrap();
    assert_eq!(amount.money(), None);
}

#[test]
fn other_kinds_in_its_place_count_as_missing() {
    for odd in [
        "null",
        "\"\"",
        "0",
        "true",
        "[]",
        "[1, [2]]",
        "{}",
        r#"{"x": {"y": 1}}"#,
        "-1.5",
    ] {
        for field in ["inner", "list", "moment", "day", "truth"] {
            let found = thing(&format!(r#"{{"{field}": {odd}, "text": "kept"}}"#));
            assert_eq!(found.text.0, "kept", "{field}: {odd}");
            assert_eq!(found.moment.0, None);
        }
    }
    assert_eq!(thing(r#"{"text": {"a": "b"}, "id": [1]}"#), Thing::default());
    assert_eq!(thing(r#"{"list": [null, {"a": "b"}, 3]}"#).list.0.len(), 3);
}

#[test]
fn half_a_surrogate_pair_is_not_fatal() {
    assert!(thing(r#"{"text": "a\ud800b"}"#).text.0.starts_with('a'));
    assert_eq!(thing(r#"{"text": "a\u00e9\ud83d\ude00"}"#).text.0, "aé😀");
}

#[test]
fn text_for_people_is_clean_and_tokens_are_left_alone() {
    let found = thing("{\"text\": \"a\\u202eb\\u0007c\", \"id\": \"a\\u202eb\"}");
    assert!(!found.text.0.contains(['\u{202e}', '\u{7}']));
    assert_eq!(found.id.0, "a\u{202e}b");
}

#[test]
fn times_and_days() {
    let found = thing(r#"{"moment": "2026-11-21T12:00:00.123Z", "day": "2026-11-26"}"#);
    assert_eq!(found.moment.0.unwrap().timestamp_millis() % 1000, 123);
    assert_eq!(found.day.0, NaiveDate::from_ymd_opt(2026, 11, 26));
    assert_eq!(
        thing(r#"{"moment": "2026-11-21T07:00:00-05:00"}"#).moment.0,
        Some("2026-11-21T12:00:00Z".parse().unwrap())
    );
    assert_eq!(
        thing(r#"{"day": "2026-11-26T00:00:00Z"}"#).day.0,
        NaiveDate::from_ymd_opt(2026, 11, 26)
    );
    assert_eq!(thing(r#"{"day": "é2026-11-26"}"#).day.0, None);
}

#[test]
fn whole_numbers_and_thousandths() {
    let digits = |text: &str| Digits(text.to_owned());
    assert_eq!(digits("3").whole(), Some(3));
    assert_eq!(digits("3.0").whole(), Some(3));
    assert_eq!(digits("3e2").whole(), Some(300));
    assert_eq!(digits("-2").whole(), Some(-2));
    assert_eq!(digits("2.5").whole(), None);
    assert_eq!(digits("4.0").thousandths(), Some(4000));
    assert_eq!(digits("10.1604").thousandths(), Some(10_160));
    assert_eq!(digits("1e-2").thousandths(), Some(10));
    for odd in [
        "",
        "-",
        ".",
        "abc",
        "1.2.3",
        "1e",
        "1e99",
        "99999999999999999999999",
        "٣",
    ] {
        assert_eq!(digits(odd).thousandths(), None, "{odd}");
    }
}

#[test]
fn exact_numbers_are_written_as_they_are() {
    let text = |units, decimals| serde_json::to_string(&Exact::new(units, decimals)).unwrap();
    assert_eq!(text(12_500, 3), "12.5");
    assert_eq!(text(4_000, 3), "4");
    assert_eq!(text(5, 3), "0.005");
    assert_eq!(text(0, 2), "0");
    assert_eq!(text(-101, 2), "-1.01");
    assert_eq!(text(500, 0), "500");
}

proptest! {
    #[test]
    fn exact_numbers_come_back(units in -1_000_000_000_i64..1_000_000_000) {
        let text = serde_json::to_string(&Exact::new(units, 3)).unwrap();
        prop_assert_eq!(Digits(text).thousandths(), Some(units));
    }

    #[test]
    fn digits_never_panic(text in "[-+0-9.eE]{0,40}") {
        let _ = Digits(text).whole();
    }
}

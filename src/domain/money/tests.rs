use super::*;
use proptest::prelude::*;

fn usd(digits: &str) -> Option<i64> {
    Money::parse(digits, Currency::USD).map(|money| money.minor)
}

#[test]
fn digits_are_read_as_written() {
    for (digits, minor) in [
        ("5.53", 553),
        ("5.530", 553),
        ("5.53000000000000000000000000", 553),
        ("4", 400),
        ("0", 0),
        ("-0.0", 0),
        ("-1.00", -100),
        ("1e1", 1000),
        ("1E+1", 1000),
        ("553e-2", 553),
        ("0.00553e3", 553),
        ("0.1", 10),
        ("0e4096", 0),
        ("92233720368547758.07", i64::MAX),
    ] {
        assert_eq!(usd(digits), Some(minor), "{digits}");
    }
}

#[test]
fn what_is_not_money_is_refused() {
    for digits in [
        "",
        ".",
        "-",
        "5.",
        ".5",
        "5.535",
        "1e",
        "e1",
        "1e+",
        "1e1.0",
        "+5",
        "--5",
        "5,53",
        "0x10",
        " 5",
        "NaN",
        "1e-3",
        "92233720368547758.08",
        "1e30",
        "1e99999",
        "٥",
    ] {
        assert_eq!(usd(digits), None, "{digits}");
    }
}

#[test]
fn a_currency_has_its_own_minor_unit() {
    let yen = Currency::parse("JPY").expect("a code");
    let dinar = Currency::parse("KWD").expect("a code");
    assert_eq!(Money::parse("1200", yen).map(|money| money.minor), Some(1200));
    assert_eq!(Money::parse("1200.00", yen).map(|money| money.minor), Some(1200));
    assert_eq!(Money::parse("1200.5", yen), None);
    assert_eq!(Money::parse("1.234", dinar).map(|money| money.minor), Some(1234));
    assert_eq!(Money::new(1200, yen).to_string(), "1200 JPY");
    assert_eq!(Money::new(1234, dinar).to_string(), "1.234 KWD");
}

#[test]
fn amounts_are_shown_with_their_sign_and_cents() {
    assert_eq!(Money::new(553, Currency::USD).to_string(), "$5.53");
    assert_eq!(Money::new(-7, Currency::USD).to_string(), "-$0.07");
    assert_eq!(Money::new(5, Currency::GBP).to_string(), "£0.05");
    assert_eq!(
        Money::new(i64::MIN, Currency::USD).to_string(),
        "-$92233720368547758.08"
    );
}

#[test]
fn different_currencies_are_never_added() {
    let five = Money::new(500, Currency::USD);
    assert_eq!(
        five.plus(Money::new(53, Currency::USD)),
        Some(Money::new(553, Currency::USD))
    );
    assert_eq!(five.plus(Money::new(53, Currency::GBP)), None);
    assert_eq!(five.plus(Money::new(i64::MAX, Currency::USD)), None);
}

#[test]
fn nothing_has_no_sign_and_a_currency_is_written_by_its_code() {
    assert_eq!(Money::new(0, Currency::USD).digits(), "0.00");
    assert_eq!(String::from(Currency::USD), "USD");
    for power in ["1e+-2", "1e-+2", "1e", "1e+"] {
        assert_eq!(Money::parse(power, Currency::USD), None, "{power}");
    }
}

proptest! {
    #[test]
    fn digits_come_back(minor in any::<i64>().prop_filter("its negative must fit", |minor| *minor != i64::MIN)) {
        let money = Money::new(minor, Currency::USD);
        prop_assert_eq!(Money::parse(&money.digits(), Currency::USD), Some(money));
    }

    #[test]
    fn anything_at_all_is_read_or_refused_without_panic(text in "[-+0-9.eE]{0,40}") {
        let _ = Money::parse(&text, Currency::USD);
    }

    #[test]
    fn trailing_zeros_change_nothing(minor in -1_000_000_i64..1_000_000, zeros in 0_usize..20) {
        let money = Money::new(minor, Currency::USD);
        let digits = money.digits() + &"0".repeat(zeros);
        prop_assert_eq!(Money::parse(&digits, Currency::USD), Some(money));
    }
}

use super::*;
use proptest::prelude::*;

fn weight(thousandths: i64, unit: WeightUnit) -> Weight {
    Weight { thousandths, unit }
}

#[test]
fn weights_are_read_as_a_packer_types_them() {
    for (text, thousandths, unit) in [
        ("12.5 oz", 12_500, WeightUnit::Oz),
        ("12.5oz", 12_500, WeightUnit::Oz),
        (" .5 LB ", 500, WeightUnit::Lb),
        ("1 lb 4 oz", 20_000, WeightUnit::Oz),
        ("1lb4.25oz", 20_250, WeightUnit::Oz),
        ("340 g", 340_000, WeightUnit::G),
        ("1.2 kg", 1_200, WeightUnit::Kg),
        ("1.2000 kg", 1_200, WeightUnit::Kg),
        ("2 pounds", 2_000, WeightUnit::Lb),
    ] {
        assert_eq!(Weight::parse(text), Ok(weight(thousandths, unit)), "{text}");
    }
}

#[test]
fn what_is_not_a_weight_is_refused() {
    for text in [
        "",
        "12",
        "oz",
        "12 st",
        "1,5 kg",
        "-1 oz",
        "1.2345 kg",
        "1 oz 4 lb",
        "1 lb 4",
        "1..5 oz",
        "1e3 g",
        "٣ oz",
        "99999999999999999999 oz",
        "9223372036854775 lb 1 oz",
    ] {
        assert!(
            matches!(Weight::parse(text), Err(MeasureError::NotAWeight(_))),
            "{text}: {:?}",
            Weight::parse(text)
        );
    }
}

#[test]
fn nothing_weighs_nothing_and_no_parcel_weighs_a_ton() {
    assert_eq!(Weight::parse("0 oz"), Err(MeasureError::ZeroWeight));
    assert_eq!(Weight::parse("0 lb 0 oz"), Err(MeasureError::ZeroWeight));
    assert!(Weight::parse("70 kg").is_ok());
    assert!(matches!(
        Weight::parse("70.001 kg"),
        Err(MeasureError::TooHeavy(_))
    ));
    assert!(matches!(Weight::parse("155 lb"), Err(MeasureError::TooHeavy(_))));
    assert!(Weight::parse("154 lb").is_ok());
    let words = Weight::parse("340 kg").expect_err("too heavy").to_string();
    assert!(
        words.contains("340 kg") && words.contains("check the unit"),
        "{words}"
    );
}

#[test]
fn a_pound_is_sixteen_ounces_exactly() {
    let pound = weight(1_000, WeightUnit::Lb);
    assert_eq!(pound.picograms(), weight(16_000, WeightUnit::Oz).picograms());
    assert_eq!(pound.to_unit(WeightUnit::Oz), weight(16_000, WeightUnit::Oz));
    assert!(!pound.is_heavier_than(&weight(16_000, WeightUnit::Oz)));
    assert!(pound.is_heavier_than(&weight(453_592, WeightUnit::G)));
    assert!(weight(453_593, WeightUnit::G).is_heavier_than(&pound));
    assert_eq!(
        pound.to_unit(WeightUnit::G),
        weight(453_593, WeightUnit::G),
        "rounded up"
    );
}

#[test]
fn fifteen_and_ninety_nine_hundredths_of_an_ounce_are_less_than_a_pound() {
    let pound = Weight::parse("1 lb").expect("a weight");
    let below = Weight::parse("15.99 oz").expect("a weight");
    assert!(below.picograms() < pound.picograms());
    assert_eq!(below.to_string(), "15.99 oz");
    assert_eq!(
        Weight::parse("16 oz").map(|weight| weight.picograms()),
        Ok(pound.picograms())
    );
}

#[test]
fn sizes_are_read_as_a_packer_types_them() {
    let size = |length, width, height, unit| Dimensions {
        length,
        width,
        height,
        unit,
    };
    for (text, wanted) in [
        ("10x8x4 in", size(10_000, 8_000, 4_000, LengthUnit::In)),
        ("10 X 8 x 4in", size(10_000, 8_000, 4_000, LengthUnit::In)),
        ("25.5×20×10 cm", size(25_500, 20_000, 10_000, LengthUnit::Cm)),
        ("10*8*4 inches", size(10_000, 8_000, 4_000, LengthUnit::In)),
    ] {
        assert_eq!(Dimensions::parse(text), Ok(wanted), "{text}");
    }
    for text in [
        "",
        "10x8",
        "10x8x4",
        "10x8x4 ft",
        "10 8 4 in",
        "10x8x4x2 in",
        "10xx8x4 in",
        "ax8x4 in",
        "-1x8x4 in",
    ] {
        assert!(
            matches!(Dimensions::parse(text), Err(MeasureError::NotASize(_))),
            "{text}: {:?}",
            Dimensions::parse(text)
        );
    }
}

#[test]
fn boxes_have_edges_of_one_to_a_hundred_and_twenty_inches() {
    assert_eq!(Dimensions::parse("0x8x4 in"), Err(MeasureError::ZeroEdge));
    assert!(matches!(
        Dimensions::parse("10x8x0.9 in"),
        Err(MeasureError::TooSmall(..))
    ));
    assert!(matches!(
        Dimensions::parse("10x8x0.9 cm"),
        Err(MeasureError::TooSmall(..))
    ));
    assert!(Dimensions::parse("1x1x1 cm").is_ok());
    assert!(
        Dimensions::parse_product("10x8x0.2 in").is_ok(),
        "a product may be flat"
    );
    assert!(Dimensions::parse("120x8x4 in").is_ok());
    assert!(matches!(
        Dimensions::parse("120.1x8x4 in"),
        Err(MeasureError::TooLong(_))
    ));
    assert!(matches!(
        Dimensions::parse("8x305x4 cm"),
        Err(MeasureError::TooLong(_))
    ));
    assert!(Dimensions::parse("8x304x4 cm").is_ok());
    let flat = Dimensions {
        length: 10_000,
        width: 8_000,
        height: 500,
        unit: LengthUnit::In,
    };
    assert!(flat.check_box().is_err());
}

#[test]
fn inches_become_centimetres_rounded_up() {
    let size = Dimensions::parse("10x8x4 in").expect("a size");
    assert_eq!(size.to_unit(LengthUnit::Cm).to_string(), "25.4x20.32x10.16 cm");
    assert_eq!(
        Dimensions::parse("1x1x1 cm")
            .expect("a size")
            .to_unit(LengthUnit::In)
            .to_string(),
        "0.394x0.394x0.394 in"
    );
}

fn any_unit() -> impl Strategy<Value = WeightUnit> {
    prop_oneof![
        Just(WeightUnit::Oz),
        Just(WeightUnit::Lb),
        Just(WeightUnit::G),
        Just(WeightUnit::Kg)
    ]
}

#[test]
fn a_number_is_digits_with_at_most_three_places_behind_a_point() {
    for (text, read) in [
        ("12", Some(12_000)),
        (".5", Some(500)),
        ("5.", Some(5_000)),
        ("1.125", Some(1_125)),
        ("1.1250", Some(1_125)),
        ("", None),
        (".", None),
        ("+1", None),
        ("1.+1", None),
        ("1.1251", None),
    ] {
        assert_eq!(thousandths(text), read, "{text:?}");
    }
    for (value, written) in [
        (0, "0"),
        (500, "0.5"),
        (12_500, "12.5"),
        (-500, "-0.5"),
        (-2_000, "-2"),
    ] {
        assert_eq!(decimal(value), written);
    }
}

#[test]
fn numbers_words_and_strange_signs_are_told_apart() {
    for (text, read) in [
        ("1 lb 4oz", &["1", "lb", "4", "oz"][..]),
        ("10x8 X 6in", &["10", "x", "8", "x", "6", "in"][..]),
        ("4 box", &["4", "box"][..]),
        ("2xx3", &["2", "x", "x", "3"][..]),
        ("5 %%", &["5", "%", "%"][..]),
        ("5oz%", &["5", "oz", "%"][..]),
    ] {
        assert_eq!(tokens(text), read, "{text}");
    }
}

#[test]
fn pounds_go_with_ounces_alone() {
    assert!(Weight::parse("1 lb 4 oz").is_ok());
    for text in ["1 kg 4 oz", "1 lb 4 g", "1 lb 4 lb"] {
        assert!(
            matches!(Weight::parse(text), Err(MeasureError::NotAWeight(_))),
            "{text}"
        );
    }
}

#[test]
fn a_weight_beyond_all_numbers_stays_at_the_end_of_them() {
    assert_eq!(divide_up(i128::MAX, 1), i64::MAX);
    assert_eq!(divide_up(i128::MIN, 1), i64::MIN);
    assert_eq!((divide_up(7, 2), divide_up(-7, 2), divide_up(0, 2)), (4, -3, 0));
}

proptest! {
    #[test]
    fn a_weight_reads_back_as_shown(thousandths in 1_i64..70_000, unit in any_unit()) {
        let weight = Weight { thousandths, unit };
        prop_assert_eq!(Weight::parse(&weight.to_string()), Ok(weight));
    }

    #[test]
    fn a_converted_weight_is_never_lighter(thousandths in 1_i64..10_000_000, from in any_unit(), to in any_unit()) {
        let weight = Weight { thousandths, unit: from };
        let other = weight.to_unit(to);
        prop_assert!(!weight.is_heavier_than(&other));
        let less = Weight { thousandths: other.thousandths - 1, unit: to };
        prop_assert!(weight.is_heavier_than(&less), "and by less than a thousandth too heavy");
    }

    #[test]
    fn a_size_reads_back_as_shown(length in 1_000_i64..120_000, width in 1_000_i64..120_000, height in 1_000_i64..120_000) {
        let size = Dimensions { length, width, height, unit: LengthUnit::In };
        prop_assert_eq!(Dimensions::parse(&size.to_string()), Ok(size));
    }

    #[test]
    fn any_text_is_read_or_refused_without_panic(text in "\\PC{0,40}") {
        let _ = Weight::parse(&text);
        let _ = Dimensions::parse(&text);
    }
}

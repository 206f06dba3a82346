use super::*;
use crate::domain::ids::{BoxId, LineId, OrderId};
use crate::domain::money::{Currency, Money};
use crate::domain::rate::{Confirmation, QuoteItem};

fn said(weight: &str, size: &str) -> Result<(), String> {
    let weight = Weight::parse(weight).expect("a weight");
    let size = Dimensions::parse(size).expect("a size");
    parcel(&weight, &size)
}

#[test]
fn boxes_of_every_day_pass() {
    for (weight, size) in [
        ("0.1 oz", "1x1x1 in"),
        ("34 oz", "10x8x6 in"),
        ("70 kg", "60x40x40 cm"),
        ("150 lb", "48x29x29 in"),
        ("1 g", "25x20x1 cm"),
        ("2 lb", "119x8x8 in"),
    ] {
        assert_eq!(said(weight, size), Ok(()), "{weight} {size}");
    }
}

#[test]
fn a_size_beyond_every_parcel_carrier_is_told_before_amazon_is_asked() {
    // 108 + 2 × (28 + 1): 166.
    for size in ["108x28x1 in", "28x1x108 in", "100x100x100 cm"] {
        let words = said("2 lb", size).expect_err(size);
        assert!(
            words.contains("165 in") && words.contains("check the unit"),
            "{words}"
        );
    }
    assert_eq!(said("2 lb", "107x28x1 in"), Ok(()), "165 in exactly");
}

#[test]
fn a_weight_that_no_box_of_that_size_can_have_is_a_wrong_unit() {
    let words = said("34 lb", "6x4x1 in").expect_err("ounces were meant");
    assert!(
        words.contains("solid lead") && words.contains("check the unit"),
        "{words}"
    );
    assert_eq!(said("34 oz", "6x4x1 in"), Ok(()));
    assert_eq!(said("9 lb", "6x4x1 in"), Ok(()));
}

#[test]
fn weight_zero_and_edges_of_nothing_are_refused_whatever_was_stored() {
    let (weight, size) = (
        Weight::parse("34 oz").expect("a weight"),
        Dimensions::parse("10x8x6 in").expect("a size"),
    );
    for thousandths in [0, -1, i64::MIN, i64::MAX] {
        let wrong = Weight {
            thousandths,
            ..weight
        };
        assert!(parcel(&wrong, &size).is_err(), "{thousandths}");
    }
    for height in [0, 1, 999, -1, i64::MIN, i64::MAX] {
        let wrong = Dimensions { height, ..size };
        assert!(parcel(&weight, &wrong).is_err(), "{height}");
    }
}

fn wish() -> QuoteRequest {
    QuoteRequest {
        order: OrderId(1),
        box_id: BoxId(1),
        box_number: 1,
        items: vec![QuoteItem {
            line: LineId::from("L1"),
            quantity: 1,
            unit_weight: None,
            unit_value: Some(Money::new(100, Currency::USD)),
            serials: Vec::new(),
        }],
        weight: Weight::parse("34 oz").expect("a weight"),
        dimensions: Dimensions::parse("10x8x6 in").expect("a size"),
        confirmation: Confirmation::DeliveryConfirmation,
        ship_date: None,
    }
}

#[test]
fn an_empty_box_and_a_price_below_nothing_are_told() {
    assert_eq!(request(&wish()), Ok(()));
    let mut empty = wish();
    empty.items.clear();
    assert!(request(&empty).is_err_and(|words| words.contains("nothing is in the box")));
    let mut none = wish();
    none.items[0].quantity = 0;
    assert!(request(&none).is_err());
    let mut below = wish();
    below.items[0].unit_value = Some(Money::new(-1, Currency::USD));
    assert!(request(&below).is_err_and(|words| words.contains("below nothing")));
}

fn warehouse() -> ShipFrom {
    ShipFrom {
        name: "Harbor Home".to_owned(),
        line1: "400 Wharf Street".to_owned(),
        line2: String::new(),
        city: "Columbus".to_owned(),
        state: "OH".to_owned(),
        postal_code: "43215".to_owned(),
        country: "US".to_owned(),
        phone: "614-555-0100".to_owned(),
        email: "dock@example.com".to_owned(),
        zone: "America/New_York".to_owned(),
    }
}

#[test]
fn each_wrong_field_of_the_ship_from_is_told_by_name() {
    type Spoil = fn(&mut ShipFrom);
    let v2 = LabelVia::ShippingV2;
    let v0 = LabelVia::MerchantFulfillmentV0;
    assert_eq!(ship_from(&warehouse(), v2), Ok(()));
    assert_eq!(ship_from(&warehouse(), v0), Ok(()));
    let cases: [(LabelVia, &str, &str, Spoil); 15] = [
        (v2, "name", "is empty", |from| from.name.clear()),
        (v2, "name", "51 letters", |from| from.name = "n".repeat(51)),
        (v0, "name", "at most 30", |from| from.name = "n".repeat(31)),
        (v2, "line1", "is empty", |from| from.line1 = "  ".to_owned()),
        (v2, "city", "is empty", |from| from.city.clear()),
        (v0, "city", "at most 30", |from| from.city = "c".repeat(31)),
        (v2, "state", "is empty", |from| from.state.clear()),
        (v2, "postal_code", "is empty", |from| from.postal_code.clear()),
        (v2, "postal_code", "five digits", |from| {
            from.postal_code = "4321".to_owned();
        }),
        (v2, "phone", "is empty", |from| from.phone.clear()),
        (v2, "phone", "at most 20", |from| from.phone = "5".repeat(21)),
        (v0, "email", "without one", |from| from.email.clear()),
        (v2, "country", "two capital letters", |from| {
            from.country = "USA".to_owned();
        }),
        (v2, "country", "\"GB\"", |from| from.country = "UK".to_owned()),
        (v2, "country", "two capital letters", |from| {
            from.country = "us".to_owned();
        }),
    ];
    for (via, field, words, spoil) in cases {
        let mut from = warehouse();
        spoil(&mut from);
        let fault = ship_from(&from, via).expect_err(words);
        assert_eq!(fault.field, field);
        assert!(fault.words.contains(words), "{fault}");
    }
    // What only the older API refuses passes in the newer one.
    let mut long = warehouse();
    long.name = "n".repeat(31);
    long.email.clear();
    assert_eq!(ship_from(&long, v2), Ok(()));
}

fn customer() -> CustomerData {
    let mut customer = CustomerData::default();
    let to = &mut customer.recipient;
    "Marguerite Canary".clone_into(&mut to.name);
    to.lines = vec!["7 Quillfeather Row".to_owned()];
    "Columbus".clone_into(&mut to.city);
    "OH".clone_into(&mut to.state);
    "43215-0100".clone_into(&mut to.postal_code);
    "US".clone_into(&mut to.country);
    customer
}

#[test]
fn each_wrong_field_of_a_recipient_is_told_and_none_is_shown() {
    type Spoil = fn(&mut CustomerData);
    assert_eq!(recipient(&customer()), Ok(()));
    let cases: [(&str, Spoil); 8] = [
        ("name", |customer| customer.recipient.name.clear()),
        ("name", |customer| customer.recipient.name = "canary".repeat(9)),
        ("address line 1", |customer| customer.recipient.lines.clear()),
        ("city", |customer| customer.recipient.city.clear()),
        ("postal code", |customer| {
            customer.recipient.postal_code = "canary".to_owned();
        }),
        ("country", |customer| {
            customer.recipient.country = "USA".to_owned();
        }),
        ("phone", |customer| customer.recipient.phone = "canary".repeat(4)),
        ("e-mail", |customer| customer.buyer.email = "canary".repeat(11)),
    ];
    for (field, spoil) in cases {
        let mut wrong = customer();
        spoil(&mut wrong);
        let fault = recipient(&wrong).expect_err(field);
        assert_eq!(fault.field, field);
        assert!(!fault.to_string().contains("canary"), "{fault}");
        assert!(fault.words.contains("order"), "what to do: {fault}");
    }
}

#[test]
fn only_a_form_that_is_surely_wrong_is_refused() {
    for (country, code) in [
        ("US", "43215"),
        ("US", "432150100"),
        ("GB", "SW1A 1AA"),
        ("CA", "K1A 0B1"),
        ("DE", "10115"),
        ("IE", "D02 X285"),
    ] {
        assert_eq!(postal_form(country, code), None, "{country} {code}");
    }
    for (country, code) in [
        ("US", "4321"),
        ("US", "43215-01"),
        ("DE", "1011"),
        ("FR", "7500A"),
    ] {
        assert!(postal_form(country, code).is_some(), "{country} {code}");
    }
}

#[test]
fn what_just_fits_passes() {
    assert_eq!(said("6.56 oz", "1x1x1 in"), Ok(()), "solid lead itself");
    assert!(said("6.561 oz", "1x1x1 in").is_err());
    let mut gift = wish();
    gift.items[0].unit_value = Some(Money::new(0, Currency::USD));
    assert_eq!(request(&gift), Ok(()), "a gift costs nothing");
    let mut from = warehouse();
    from.name = "n".repeat(50);
    assert_eq!(ship_from(&from, LabelVia::ShippingV2), Ok(()));
    from.name = "n".repeat(30);
    assert_eq!(ship_from(&from, LabelVia::MerchantFulfillmentV0), Ok(()));
    let mut to = customer();
    to.recipient.name = "n".repeat(50);
    assert_eq!(recipient(&to), Ok(()));
    from.name.clear();
    let fault = ship_from(&from, LabelVia::ShippingV2).expect_err("nothing there");
    assert!(fault.to_string().starts_with("name is empty"), "{fault}");
}

use super::{Form, UnitCode, form, gtin, is_serial, key, names_another_product, needs_code};
use crate::domain::ids::UserId;
use crate::domain::order::OrderLine;
use crate::domain::product::{Barcode, Component, Product, ProductKind};

const AZ: &str = "AZ:L1Z2H38F4C5Q6R7E5K6Z1C2K3E";
const SGTIN: &str = "0100376204200301214P1OZMT7D8B81EMF4WW4";

fn product(barcodes: &[(&str, u32)]) -> Product {
    Product {
        sku: "LAMP".into(),
        title: "Lamp".to_owned(),
        kind: ProductKind::Standard,
        barcodes: barcodes
            .iter()
            .map(|(code, quantity)| Barcode {
                code: (*code).to_owned(),
                quantity: *quantity,
            })
            .collect(),
        components: Vec::new(),
        weight: None,
        dimensions: None,
        price: None,
        transparency: true,
    }
}

#[test]
fn the_four_forms() {
    assert_eq!(form(AZ), Some(Form::Az));
    assert_eq!(form(SGTIN), Some(Form::Sgtin));
    assert_eq!(form("SN12345"), Some(Form::Serial));
    assert_eq!(form("https://transparency.example.com/q/1"), Some(Form::Url));
    for none in [
        "",
        "AZ:123",
        "az:L1Z2H38F4C5Q6R7E5K6Z1C2K3E",
        "SN1234",
        "a serial number",
        "https://example.com/1",
    ] {
        assert_eq!(form(none), None, "{none}");
    }
}

#[test]
fn a_serial_has_7_to_20_characters_and_no_other_form() {
    assert!(is_serial("SN12345"));
    assert!(is_serial("SN-1234-ABCD"));
    assert!(is_serial(&"A".repeat(20)));
    for other in [
        "SN1234",
        &"A".repeat(21),
        "036000291452",
        "4006381333931",
        "96385074",
        "113-1234567-7654321",
        "1Z5R89390357567127",
        "TBA123456789012",
        "986578788855",
        "X001ABCDEF",
        "B0C1D2E3F4",
        "b0c1d2e3f4",
        "TGU-12345",
        "tgc-void",
        "SN 12345",
        "SN:12345",
        "-------",
        "SÑ12345",
    ] {
        assert!(!is_serial(other), "{other}");
    }
    assert!(is_serial("B0C1D2E3F45"));
}

#[test]
fn the_gtin_of_form_b_needs_a_right_check_digit() {
    assert_eq!(gtin(SGTIN), Some("00376204200301"));
    assert_eq!(gtin(&SGTIN.replacen("0301", "0302", 1)), None);
    assert_eq!(gtin(&SGTIN[..37]), None);
    assert_eq!(gtin("01"), None);
}

#[test]
fn form_b_is_compared_with_the_products_own_gtins() {
    assert!(!names_another_product(SGTIN, &product(&[("376204200301", 1)])));
    assert!(!names_another_product(
        SGTIN,
        &product(&[("036000291452", 1), ("0376204200301", 1)])
    ));
    assert!(names_another_product(SGTIN, &product(&[("036000291452", 1)])));
    // Nothing to compare with: a seller's own code, a case.
    assert!(!names_another_product(SGTIN, &product(&[])));
    assert!(!names_another_product(SGTIN, &product(&[("LAMP-1", 1)])));
    assert!(!names_another_product(SGTIN, &product(&[("036000291452", 12)])));
    assert!(!names_another_product(AZ, &product(&[("036000291452", 1)])));
}

#[test]
fn codes_are_the_same_code_in_any_case_but_addresses_are_not() {
    assert_eq!(key("sn12345"), key("SN12345"));
    assert_ne!(
        key("https://transparency.example.com/a"),
        key("https://transparency.example.com/A")
    );
    let overridden = UnitCode::Overridden {
        reason: "torn off".to_owned(),
        by: UserId(1),
    };
    assert_eq!(overridden.key(), None);
    assert_eq!(overridden.serial(), None);
    assert_eq!(UnitCode::Code(AZ.to_owned()).serial(), Some(AZ));
}

#[test]
fn only_a_page_of_transparency_on_a_named_host_is_an_address() {
    for address in [
        "https://transparency.example.com/q/1",
        "http://www.amazon.com/transparency/c/1",
        "https://TRANSPARENCY.example.com?1",
    ] {
        assert_eq!(form(address), Some(Form::Url), "{address}");
    }
    for other in [
        "https://transparency/q/1",
        "https://amazon/transparency/c/1",
        "https://www.example.com/transparency/c/1",
        "https://www.amazon.com/dp/B000000001",
        "https://transparency.example.com/",
        "https://transparency.example.com",
    ] {
        assert_eq!(form(other), None, "{other}");
    }
}

#[test]
fn a_code_stands_for_one_unit_in_the_whole_database_and_an_override_for_none() {
    assert_eq!(
        UnitCode::Serial("sn-12345".to_owned()).key().as_deref(),
        Some("SN-12345")
    );
    assert_eq!(UnitCode::Code(AZ.to_owned()).key().as_deref(), Some(AZ));
    let skipped = UnitCode::Overridden {
        reason: "torn off".to_owned(),
        by: UserId(1),
    };
    assert_eq!(skipped.key(), None);
}

#[test]
fn a_line_needs_a_code_where_amazon_the_product_or_a_child_of_its_group_says_so() {
    let line = |transparency| OrderLine {
        id: "1".into(),
        sku: "SET".into(),
        asin: String::new(),
        title: "Set".to_owned(),
        quantity: 1,
        unit_price: None,
        transparency,
        serial_required: false,
        gift: false,
        cancel_requested: false,
    };
    let one = |sku: &str, transparency| Product {
        sku: sku.into(),
        transparency,
        ..product(&[])
    };
    let set = |kind| Product {
        kind,
        components: vec![Component {
            sku: "LAMP".into(),
            quantity: 1,
        }],
        ..one("SET", false)
    };
    let (lamp, plain) = (one("LAMP", true), one("LAMP", false));
    assert!(needs_code(&line(true), &[]), "Amazon says so");
    assert!(!needs_code(&line(false), &[]));
    assert!(needs_code(&line(false), &[one("SET", true)]));
    assert!(
        !needs_code(&line(false), &[one("SET", false), lamp.clone()]),
        "no child of it"
    );
    assert!(needs_code(&line(false), &[set(ProductKind::Group), lamp.clone()]));
    assert!(!needs_code(&line(false), &[set(ProductKind::Group), plain]));
    assert!(
        !needs_code(&line(false), &[set(ProductKind::Kit), lamp]),
        "a kit is scanned as one"
    );
}

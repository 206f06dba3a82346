use super::*;
use crate::domain::money::{Currency, Money};
use crate::domain::packing::Verdict;
use crate::domain::product::{Barcode, ProductKind};
use crate::domain::scan::classify;
use crate::domain::units::{Weight, WeightUnit};

fn line(id: &str, sku: &str, price: i64) -> OrderLine {
    OrderLine {
        id: id.into(),
        sku: sku.into(),
        asin: String::new(),
        title: format!("The {sku}"),
        quantity: 1,
        unit_price: Some(Money::new(price, Currency::USD)),
        transparency: false,
        serial_required: false,
        gift: false,
        cancel_requested: false,
    }
}

fn product(sku: &str, ounces: i64) -> Product {
    Product {
        sku: sku.into(),
        title: format!("The {sku}"),
        kind: ProductKind::Standard,
        barcodes: vec![Barcode {
            code: format!("CODE-{sku}"),
            quantity: 1,
        }],
        components: Vec::new(),
        weight: Some(Weight {
            thousandths: ounces * 1_000,
            unit: WeightUnit::Oz,
        }),
        dimensions: None,
        price: None,
        transparency: false,
    }
}

#[test]
fn each_line_in_the_box_has_its_own_weight_and_price() {
    let lines = [line("a", "CUP", 900), line("b", "POT", 4_500)];
    let products = [product("CUP", 12), product("POT", 70)];
    let mut session = PackingSession::new(&lines, &products);
    for code in ["CODE-POT", "CODE-CUP"] {
        let Verdict::Accepted(event) = session.scan(&classify(code).expect("a scan")) else {
            panic!("{code} is in the order")
        };
        session.apply(&event);
    }
    let said: Vec<_> = items(&lines, &products, &session)
        .into_iter()
        .map(|item| {
            (
                item.line.to_string(),
                item.unit_weight.map(|weight| weight.thousandths),
                item.unit_value.map(|value| value.minor),
            )
        })
        .collect();
    assert_eq!(
        said,
        [
            ("a".to_owned(), Some(12_000), Some(900)),
            ("b".to_owned(), Some(70_000), Some(4_500)),
        ]
    );
}

//! The demo's orders and sheet hold what they promise.

use super::*;
use crate::simulator::order::{Base, OfferShape};
use std::collections::HashSet;

#[test]
fn every_order_of_the_demo_has_its_own_number_and_goods_of_the_catalogue() {
    let orders = demo::orders(tuesday());
    assert!(orders.len() >= 40, "{}", orders.len());
    let numbers: HashSet<_> = orders.iter().map(|order| order.number.as_str()).collect();
    assert_eq!(numbers.len(), orders.len());
    for order in &orders {
        assert!(
            !order.lines.is_empty(),
            "{}: goods that the catalogue lacks",
            order.number
        );
        let parts: Vec<usize> = order.number.split('-').map(str::len).collect();
        assert_eq!(parts, [3, 7, 7]);
        assert!(order.deliver_by.1 > order.ship_by.1);
    }
}

#[test]
fn the_demo_holds_every_kind_that_a_rule_speaks_of() {
    use OfferShape::{
        AdditionalInputs, FlatRateOnly, Late, NoPromise, Plain, SellerExclusions, Span, UtcSaturday, Weekend,
    };
    let orders = demo::orders(tuesday());
    for shape in [
        AdditionalInputs,
        FlatRateOnly,
        Late,
        NoPromise,
        Plain,
        SellerExclusions,
        Span,
        UtcSaturday,
        Weekend,
    ] {
        assert!(orders.iter().any(|order| order.shape == shape), "{shape:?}");
    }
    for state in ["PR", "AK", "HI", "IN", "FL", "SD", "AE"] {
        assert!(orders.iter().any(|order| order.address.state == state), "{state}");
    }
    for kind in ["RESIDENTIAL", "COMMERCIAL", "PICKUP_POINT"] {
        assert!(orders.iter().any(|order| order.address.kind == kind), "{kind}");
    }
    assert!(orders.iter().filter(|order| order.base == Base::Pending).count() >= 2);
    assert!(orders.iter().any(|order| order.signature));
    assert!(orders.iter().any(|order| order.seller == 1));
    assert!(
        orders
            .iter()
            .any(|order| order.hours.as_ref().is_some_and(|hours| !hours.closed.is_empty()))
    );
    assert!(
        orders
            .iter()
            .flat_map(|order| &order.lines)
            .any(|line| line.gift.is_some())
    );
    assert!(
        orders
            .iter()
            .flat_map(|order| &order.lines)
            .any(|line| line.cancel_requested)
    );
    assert!(orders[2].lines[0].transparency && orders[2].lines[0].quantity == 3);
}

#[test]
fn barcodes_of_the_catalogue_have_right_check_digits() {
    for row in demo::PRODUCTS.lines().skip(1) {
        for barcode in row
            .split(',')
            .nth(3)
            .unwrap()
            .split(';')
            .filter(|code| !code.is_empty())
        {
            let code = barcode.split('*').next().unwrap();
            let sum: u32 = code
                .chars()
                .rev()
                .enumerate()
                .map(|(at, digit)| digit.to_digit(10).unwrap() * if at % 2 == 1 { 3 } else { 1 })
                .sum();
            assert_eq!(sum % 10, 0, "{row}");
        }
    }
}

#[test]
fn the_sheet_to_scan_from_is_the_one_that_is_handed_out() {
    assert_eq!(
        include_str!("../../../assets/demo/scan-me.md"),
        demo::scan_sheet()
    );
}

#[test]
fn any_number_of_plain_orders_can_be_made() {
    let orders = demo::many(1000, tuesday());
    let numbers: HashSet<_> = orders.iter().map(|order| order.number.as_str()).collect();
    assert_eq!(numbers.len(), 1000);
}

#[test]
fn any_number_of_orders_of_all_kinds_can_be_made() {
    let orders = demo::mixed(200, tuesday());
    let numbers: HashSet<_> = orders.iter().map(|order| order.number.as_str()).collect();
    assert_eq!((orders.len(), numbers.len()), (200, 200));
    let lines: HashSet<_> = orders
        .iter()
        .flat_map(|order| &order.lines)
        .map(|line| &line.id)
        .collect();
    assert_eq!(
        lines.len(),
        orders.iter().map(|order| order.lines.len()).sum::<usize>()
    );
    assert!(orders.iter().all(|order| order.seller == 0));
    assert!(
        orders
            .iter()
            .all(|order| tuesday() - order.created < chrono::TimeDelta::days(1))
    );
    for sku in ["SET-DESK", "TEA-BOX", "SERUM-30", "CHARGER-65"] {
        let of_sku = orders
            .iter()
            .filter(|order| order.lines.iter().any(|line| line.sku == sku));
        assert!(of_sku.count() >= 4, "{sku}");
    }
    for program in ["PRIME", "AMAZON_BUSINESS"] {
        let of_program = orders
            .iter()
            .filter(|order| order.programs.iter().any(|known| known == program));
        assert!(of_program.count() >= 20, "{program}");
    }
}

#[test]
fn the_sheet_points_at_orders_that_show_what_it_says() {
    let orders = demo::orders(tuesday());
    let at = |place: usize| &orders[place - 1];
    assert!(at(1).programs.contains(&"PRIME".to_owned()));
    assert_eq!(
        (at(4).programs[0].as_str(), at(4).address.kind.as_str()),
        ("AMAZON_BUSINESS", "RESIDENTIAL")
    );
    assert_eq!(at(5).shape, OfferShape::UtcSaturday);
    assert!(!at(6).hours.as_ref().unwrap().closed.is_empty());
    assert_eq!(at(7).shape, OfferShape::Span);
    assert!(at(9).lines[0].transparency);
    assert!(at(13).lines[0].gift.is_some());
    assert_eq!(at(14).base, Base::Pending);
    assert!(at(16).lines[0].cancel_requested);
    assert!(at(17).signature && at(17).lines[0].serial);
    assert_eq!(at(30).shape, OfferShape::Late);
    assert_eq!(at(32).shape, OfferShape::FlatRateOnly);
    assert_eq!(at(33).shape, OfferShape::NoPromise);
    assert_eq!(at(34).shape, OfferShape::AdditionalInputs);
}

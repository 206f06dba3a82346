use super::{Badge, Urgency, badges, urgency};
use crate::domain::address::{AddressKind, Destination};
use crate::domain::order::{ChannelOrder, ChannelStatus, OrderLine, Programs, Window};
use crate::domain::product::{Component, Product, ProductKind};
use chrono::{DateTime, TimeDelta, Utc};

fn at(text: &str) -> DateTime<Utc> {
    text.parse().expect("a time")
}

fn order(prime: bool, business: bool, kind: AddressKind) -> ChannelOrder {
    ChannelOrder {
        origin: crate::domain::order::Origin::Amazon,
        store: "us".into(),
        number: "113-1234567-7654321".into(),
        status: ChannelStatus::Unshipped,
        programs: Programs {
            prime,
            business,
            ..Programs::default()
        },
        destination: Some(Destination {
            country: "US".to_owned(),
            state: "NY".to_owned(),
            kind,
            zones: Vec::new(),
            closed_weekdays: Vec::new(),
            closed_dates: Vec::new(),
            open_dates: Vec::new(),
        }),
        ship_by: Window::default(),
        deliver_by: Window::default(),
        service_level: "NextDay".to_owned(),
        print_not_before: None,
        confirmation_floor: None,
        lines: vec![line("LAMP", 1, false)],
        packages: Vec::new(),
        created_at: at("2026-11-20T10:00:00Z"),
        updated_at: at("2026-11-20T10:00:00Z"),
        address_fingerprint: Vec::new(),
    }
}

fn line(sku: &str, quantity: u32, transparency: bool) -> OrderLine {
    OrderLine {
        id: sku.into(),
        sku: sku.into(),
        asin: String::new(),
        title: sku.to_owned(),
        quantity,
        unit_price: None,
        transparency,
        serial_required: false,
        gift: false,
        cancel_requested: false,
    }
}

fn product(sku: &str, kind: ProductKind, children: &[&str], transparency: bool) -> Product {
    Product {
        sku: sku.into(),
        title: sku.to_owned(),
        kind,
        barcodes: Vec::new(),
        components: children
            .iter()
            .map(|sku| Component {
                sku: (*sku).into(),
                quantity: 1,
            })
            .collect(),
        weight: None,
        dimensions: None,
        price: None,
        transparency,
    }
}

#[test]
fn commercial_needs_a_business_order_and_a_commercial_address() {
    assert_eq!(badges(&order(false, false, AddressKind::Commercial), &[]), []);
    assert_eq!(
        badges(&order(false, true, AddressKind::Residential), &[]),
        [Badge::Business]
    );
    assert_eq!(
        badges(&order(false, true, AddressKind::PickupPoint), &[]),
        [Badge::Business]
    );
    assert_eq!(
        badges(&order(true, true, AddressKind::Commercial), &[]),
        [Badge::Prime, Badge::Business, Badge::Commercial]
    );
    let mut pending = order(false, true, AddressKind::Commercial);
    pending.destination = None;
    assert_eq!(badges(&pending, &[]), [Badge::Business]);
}

#[test]
fn prime_is_the_program_and_not_the_service_level() {
    assert_eq!(badges(&order(false, false, AddressKind::Residential), &[]), []);
    assert_eq!(
        badges(&order(true, false, AddressKind::Residential), &[]),
        [Badge::Prime]
    );
}

#[test]
fn transparency_comes_from_the_line_the_product_or_a_groups_child() {
    let mut order = order(false, false, AddressKind::Residential);
    let plain = product("LAMP", ProductKind::Standard, &[], false);
    assert_eq!(badges(&order, std::slice::from_ref(&plain)), []);
    assert_eq!(
        badges(&order, &[product("LAMP", ProductKind::Standard, &[], true)]),
        [Badge::Transparency]
    );
    let group = [
        product("LAMP", ProductKind::Group, &["BULB"], false),
        product("BULB", ProductKind::Standard, &[], true),
    ];
    assert_eq!(badges(&order, &group), [Badge::Transparency]);
    // A kit is one thing: its children are never asked.
    let kit = [
        product("LAMP", ProductKind::Kit, &["BULB"], false),
        group[1].clone(),
    ];
    assert_eq!(badges(&order, &kit), []);
    order.lines = vec![line("LAMP", 1, true)];
    assert_eq!(
        badges(&order, std::slice::from_ref(&plain)),
        [Badge::Transparency]
    );
    order.lines = vec![line("LAMP", 0, true)];
    assert_eq!(badges(&order, &[plain]), []);
}

#[test]
fn urgency_has_its_steps_and_its_words() {
    let now = at("2026-11-21T17:00:00Z");
    let left = |minutes: i64| urgency(Some(now + TimeDelta::minutes(minutes)), now);
    assert_eq!(urgency(None, now).to_string(), "no ship-by");
    assert_eq!(left(0), Urgency::Now(TimeDelta::zero()));
    assert_eq!(
        urgency(Some(now - TimeDelta::seconds(1)), now),
        Urgency::Overdue(TimeDelta::seconds(1))
    );
    assert!(matches!(left(239), Urgency::Now(_)));
    assert!(matches!(left(240), Urgency::Today(_)));
    assert!(matches!(left(24 * 60 - 1), Urgency::Today(_)));
    assert!(matches!(left(24 * 60), Urgency::Later(_)));
    assert_eq!(left(-187).to_string(), "overdue 3h 07m");
    assert_eq!(left(12).to_string(), "12m left");
    assert_eq!(left(2 * 24 * 60 + 4 * 60 + 59).to_string(), "2d 4h left");
}

#[test]
fn badges_have_words_in_a_fixed_order() {
    let words: Vec<_> = Badge::ALL.iter().map(ToString::to_string).collect();
    assert_eq!(words, ["Prime", "Business", "Commercial", "Transparency"]);
    let mut sorted = Badge::ALL;
    sorted.sort();
    assert_eq!(sorted, Badge::ALL);
}

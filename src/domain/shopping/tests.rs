use super::*;
use crate::domain::choice::tests::{at, new_york, plain, usd, window};
use crate::domain::method::MethodFacts;
use crate::domain::order::{
    AssignedMethod, ChannelOrder, ChannelStatus, Order, OrderLine, Origin, Programs, Window,
};
use crate::domain::product::{Product, ProductKind};
use crate::domain::seller::LabelVia;
use proptest::prelude::*;

const ZONE: Tz = Tz::America__New_York;

#[test]
fn only_what_waits_to_be_packed_is_shopped_for() {
    let shopped: Vec<OrderStatus> = OrderStatus::ALL
        .into_iter()
        .filter(|one| is_shopped(*one))
        .collect();
    assert_eq!(
        shopped,
        [
            OrderStatus::ReadyToPick,
            OrderStatus::InPicking,
            OrderStatus::InPacking
        ]
    );
}

#[test]
fn a_day_begins_at_midnight_of_the_place_that_orders_ship_from() {
    let evening = at("2026-11-24T04:30:00Z");
    assert_eq!(today(evening, ZONE).to_string(), "2026-11-23");
    assert_eq!(until_midnight(evening, ZONE), TimeDelta::minutes(30));
    assert_eq!(today(evening, Tz::UTC).to_string(), "2026-11-24");
    // A night with an hour less, and one in which midnight itself does not exist.
    assert_eq!(
        until_midnight(at("2026-03-08T06:00:00Z"), ZONE),
        TimeDelta::hours(22)
    );
    let sao_paulo = Tz::America__Sao_Paulo;
    assert_eq!(
        until_midnight(at("2018-11-04T02:00:00Z"), sao_paulo),
        TimeDelta::hours(1)
    );
}

proptest! {
    #[test]
    fn after_that_long_it_is_another_day_and_a_second_before_it_is_not(second in 0_i64..4_000_000_000) {
        let now = DateTime::from_timestamp(second, 0).expect("a moment");
        let pause = until_midnight(now, ZONE);
        prop_assert!(pause > TimeDelta::zero());
        prop_assert!(today(now + pause, ZONE) > today(now, ZONE));
        prop_assert_eq!(today(now + pause - TimeDelta::seconds(1), ZONE), today(now, ZONE));
    }
}

fn size(text: &str) -> Dimensions {
    Dimensions::parse_product(text).expect("a size")
}

/// Two mugs of 14 oz, 5x4.5x4 in each, to New York.
fn mugs() -> OrderDetail {
    let line = OrderLine {
        id: "L1".into(),
        sku: "MUG".into(),
        asin: String::new(),
        title: String::new(),
        quantity: 2,
        unit_price: Some(usd(1299)),
        transparency: false,
        serial_required: false,
        gift: false,
        cancel_requested: false,
    };
    let product = Product {
        sku: "MUG".into(),
        title: String::new(),
        kind: ProductKind::Standard,
        barcodes: Vec::new(),
        components: Vec::new(),
        weight: crate::domain::units::Weight::parse("14 oz").ok(),
        dimensions: Some(size("5x4.5x4 in")),
        price: None,
        transparency: false,
    };
    let channel = ChannelOrder {
        store: "us".into(),
        origin: Origin::Amazon,
        number: "111-1".into(),
        status: ChannelStatus::Unshipped,
        programs: Programs::default(),
        destination: Some(new_york()),
        ship_by: Window::default(),
        deliver_by: Window::default(),
        service_level: String::new(),
        print_not_before: None,
        confirmation_floor: None,
        lines: vec![line],
        packages: Vec::new(),
        created_at: at("2026-11-16T10:00:00Z"),
        updated_at: at("2026-11-16T10:00:00Z"),
        address_fingerprint: Vec::new(),
    };
    OrderDetail {
        order: Order {
            id: crate::domain::ids::OrderId(1),
            channel,
            status: OrderStatus::ReadyToPick,
            pick_list: None,
            assigned: AssignedMethod::Unknown,
            flags: Vec::new(),
            seen_at: at("2026-11-16T10:00:00Z"),
            erased: false,
            part: None,
            said: None,
        },
        badges: Vec::new(),
        method: MethodFacts::default(),
        products: vec![product],
        boxes: Vec::new(),
        scans: Vec::new(),
        quotes: Vec::new(),
        labels: Vec::new(),
        confirmations: Vec::new(),
        history: Vec::new(),
        other_labels: Vec::new(),
    }
}

const SHELF: [&str; 2] = ["12x9x6 in", "10x5x5 in"];

fn shelf() -> Vec<Dimensions> {
    SHELF.map(size).to_vec()
}

#[test]
fn the_parcel_is_what_the_items_weigh_in_the_smallest_box_that_takes_them() {
    let (request, words) = request(&mugs(), &shelf(), Confirmation::Signature).expect("a request");
    assert_eq!(request.dimensions, size("10x5x5 in"));
    assert_eq!(request.weight.to_string(), "28 oz");
    assert_eq!(words, "28 oz, 10x5x5 in");
    assert_eq!(request.confirmation, Confirmation::Signature);
    assert_eq!((request.items.len(), request.items[0].quantity), (1, 2));
    assert!(request.items[0].serials.is_empty());
    assert!(request.items[0].unit_weight.is_some());
    // A line that was canceled is not asked for.
    let mut canceled = mugs();
    let line = canceled.order.channel.lines[0].clone();
    canceled.order.channel.lines.push(OrderLine {
        id: "L2".into(),
        quantity: 0,
        ..line
    });
    let (request, _) =
        super::request(&canceled, &shelf(), Confirmation::Signature).expect("the same request");
    assert_eq!(request.items.len(), 1);
}

#[test]
fn what_the_catalogue_lacks_is_named() {
    let mut without = mugs();
    without.products[0].weight = None;
    let words = request(&without, &shelf(), Confirmation::DeliveryConfirmation).expect_err("no weight");
    assert!(words.contains("no weight"), "{words}");
    let mut without = mugs();
    without.products[0].dimensions = None;
    let words = request(&without, &shelf(), Confirmation::DeliveryConfirmation).expect_err("no size");
    assert!(words.contains("no size for MUG"), "{words}");
}

#[test]
fn one_unit_ships_in_its_own_carton_where_no_box_is_large_enough_and_several_do_not() {
    let mut one = mugs();
    one.order.channel.lines[0].quantity = 1;
    let small = [size("2x2x2 in")];
    let (request_of_one, _) =
        request(&one, &small, Confirmation::DeliveryConfirmation).expect("its own carton");
    assert_eq!(request_of_one.dimensions, size("5x4.5x4 in"));
    let words = request(&mugs(), &small, Confirmation::DeliveryConfirmation).expect_err("no box");
    assert!(words.contains("no box of the shelf"), "{words}");
}

fn answer(rates: Vec<crate::domain::rate::Rate>) -> QuoteAnswer {
    QuoteAnswer {
        request_token: "token".to_owned(),
        rates,
        ineligible: Vec::new(),
        unaccepted: Vec::new(),
        unavailable: Vec::new(),
        asked_at: at("2026-11-23T14:00:00Z"),
        ship_from: String::new(),
        via: LabelVia::ShippingV2,
    }
}

const FORMATS: [DocumentFormat; 1] = [DocumentFormat::Zpl];

fn picked(detail: &OrderDetail, rates: Vec<crate::domain::rate::Rate>) -> Result<ShoppedMethod, String> {
    pick(
        detail,
        &answer(rates),
        Confirmation::DeliveryConfirmation,
        &FORMATS,
    )
}

#[test]
fn the_cheapest_on_time_is_picked_and_a_cheaper_late_one_is_named_with_the_reason() {
    let mut detail = mugs();
    detail.order.channel.deliver_by.latest = Some(at("2026-11-21T04:59:59Z"));
    let on_time = plain();
    let mut late = plain();
    late.id = "late".to_owned();
    late.service = "UPS Slow".to_owned();
    late.total = usd(100);
    late.window = window("2026-11-30T14:00:00Z", "2026-12-01T01:00:00Z");
    let method = picked(&detail, vec![late, on_time.clone()]).expect("one is on time");
    assert_eq!(method.service_id, on_time.service_id);
    assert_eq!(method.price, on_time.total);
    assert_eq!(method.promise, on_time.window.and_then(|window| window.latest));
    let [passed_over] = &method.passed_over[..] else {
        panic!("{method:?}")
    };
    assert!(passed_over.starts_with("UPS Slow $1.00: late"), "{passed_over}");
}

/// `UPS Cheap` for $9, like the plain rate for the rest.
fn cheap() -> crate::domain::rate::Rate {
    crate::domain::rate::Rate {
        id: "cheap".to_owned(),
        service_id: "UPS_PTP_CHEAP".to_owned(),
        service: "UPS Cheap".to_owned(),
        total: usd(900),
        ..plain()
    }
}

#[test]
fn a_cheaper_one_that_is_passed_over_says_why() {
    let mut detail = mugs();
    detail.order.channel.programs.business = true;
    let passed_over = |detail: &OrderDetail, cheap: &crate::domain::rate::Rate| {
        let method = picked(detail, vec![cheap.clone(), plain()]).expect("the plain one passes");
        assert_eq!(method.service_id, plain().service_id);
        method.passed_over
    };
    // It could be bought and would be, were there nothing better: over a weekend it may wait.
    let mut spans = cheap();
    spans.window = window("2026-11-20T14:00:00Z", "2026-11-23T20:00:00Z");
    let rules = Rules::of(
        &detail.order.channel,
        Confirmation::DeliveryConfirmation,
        &FORMATS,
    );
    let judged = crate::domain::choice::judge(&spans, &rules.expect("an address"));
    assert!(judged.automatic && !judged.notes.is_empty());
    let said = format!("UPS Cheap $9.00: {}", judged.notes.join("; "));
    assert_eq!(passed_over(&detail, &spans), [said.as_str()]);
    let by = |text: &str| AssignedMethod::parse(text).expect("a method");
    detail.order.assigned = by("carrier:UPS");
    assert_eq!(
        passed_over(&detail, &spans),
        [said.as_str()],
        "it is of the assigned carrier"
    );
    detail.order.assigned = by("UPS_PTP_GND");
    assert_eq!(
        passed_over(&detail, &cheap()),
        ["UPS Cheap $9.00: not the assigned one"]
    );
}

#[test]
fn what_is_switched_off_is_not_picked() {
    let mut detail = mugs();
    detail.method.known = vec![crate::domain::method::KnownMethod {
        store: "us".into(),
        service_id: "UPS_PTP_CHEAP".to_owned(),
        service: "UPS Cheap".to_owned(),
        carrier_id: "UPS".to_owned(),
        carrier: "UPS".to_owned(),
        off: Some(crate::domain::method::SwitchedOff {
            at: at("2026-11-16T10:00:00Z"),
            by: "Sue".to_owned(),
            why: "claims".to_owned(),
        }),
    }];
    let method = picked(&detail, vec![cheap(), plain()]).expect("the other one");
    assert_eq!(method.service_id, plain().service_id);
    let [passed_over] = &method.passed_over[..] else {
        panic!("{method:?}")
    };
    assert!(
        passed_over.contains("is switched off for store us by Sue"),
        "{passed_over}"
    );
}

#[test]
fn where_nothing_passes_the_reason_is_kept() {
    assert!(
        picked(&mugs(), Vec::new())
            .expect_err("nothing")
            .contains("no method")
    );
    let mut pending = mugs();
    pending.order.channel.destination = None;
    assert_eq!(
        picked(&pending, vec![plain()]).expect_err("no address"),
        "it has no address yet"
    );
}

#[test]
fn it_is_told_in_words() {
    let found = picked(&mugs(), vec![plain()]);
    let mut shopped = Shopped {
        at: at("2026-11-23T14:05:00Z"),
        day: today(at("2026-11-23T14:05:00Z"), ZONE),
        parcel: "28 oz, 10x5x5 in".to_owned(),
        found,
        before: Some("UPS Slow".to_owned()),
    };
    let lines = shopped.lines(ZONE);
    assert!(
        lines[0].starts_with("Shopped ahead Mon 23 Nov 09:05 as 28 oz, 10x5x5 in: "),
        "{lines:?}"
    );
    assert_eq!(lines[1], "  before it was UPS Slow");
    shopped.found = Err("it has no address yet".to_owned());
    assert_eq!(shopped.words(), "nothing (it has no address yet)");
}

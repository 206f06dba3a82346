//! The rules of repeating and of telling a package, with their borders.

use super::*;
use crate::domain::ids::{BoxId, OrderId, OrderNumber, StoreId, UserId};
use crate::domain::money::{Currency, Money};
use crate::domain::rows::LabelRow;
use crate::domain::shipment::LabelState;
use proptest::prelude::*;
use uuid::Uuid;

fn start() -> DateTime<Utc> {
    DateTime::UNIX_EPOCH + TimeDelta::days(20_000)
}

fn after(seconds: i64) -> DateTime<Utc> {
    start() + TimeDelta::seconds(seconds)
}

/// Unknown; first sent at `start`, its quote asked 60 s before.
fn item(attempts: u32, last_sent: i64) -> WorkItem {
    WorkItem {
        label: LabelRow {
            id: IntentId(Uuid::from_u128(1)),
            order: OrderId(1),
            number: OrderNumber::from("111-1111111-1111111"),
            box_id: BoxId(1),
            state: LabelState::Unknown,
            carrier: "UPS".to_owned(),
            service: "UPS Ground".to_owned(),
            price: Money::new(500, Currency::USD),
            shipment: None,
            tracking: None,
            promise: None,
            reason: None,
            wanted_at: start(),
            wanted_by: UserId(1),
            changed_at: start(),
            attempts,
            printed: 0,
            document: None,
            held: false,
            via: crate::domain::seller::LabelVia::ShippingV2,
            onto_box: crate::domain::onto_box::OntoBox::NotAsked,
            aftermath: None,
        },
        store: StoreId::from("us"),
        last_attempt: attempts,
        first_sent_at: Some(start()),
        last_sent_at: Some(after(last_sent)),
        epoch: None,
        quote_asked_at: Some(after(-60)),
        quote: None,
        not_before: None,
        in_doubt: true,
        haste: crate::domain::bucket::Haste::Bench,
    }
}

/// Ten minutes and the margin after the quote was asked.
const EXPIRED: i64 = 660;

#[test]
fn repeats_come_soon_and_then_only_after_the_quote_can_no_longer_buy() {
    assert_eq!(repeat_due(&item(1, 0), after(1)), Some(after(5)));
    assert_eq!(repeat_due(&item(2, 5), after(6)), Some(after(15)));
    assert_eq!(repeat_due(&item(3, 15), after(16)), Some(after(35)));
    // The fourth would come too late for the first two minutes.
    assert_eq!(repeat_due(&item(5, 75), after(76)), Some(after(EXPIRED)));
    // Missed while the program was down.
    assert_eq!(repeat_due(&item(1, 0), after(111)), Some(after(EXPIRED)));
    assert_eq!(
        repeat_due(&item(6, EXPIRED), after(EXPIRED + 1)),
        Some(after(EXPIRED + 1800))
    );
    assert_eq!(repeat_due(&item(60, 86_000), after(86_001)), None);
}

#[test]
fn without_a_send_a_quote_or_a_sane_clock_nothing_is_repeated() {
    let mut unsent = item(1, 0);
    unsent.first_sent_at = None;
    assert_eq!(repeat_due(&unsent, after(1)), None);
    let mut without_quote = item(1, 0);
    without_quote.quote_asked_at = None;
    assert_eq!(repeat_due(&without_quote, after(200)), None);
    assert_eq!(repeat_due(&item(1, 0), after(-1)), None);
}

#[test]
fn the_last_check_knows_the_forbidden_time() {
    let asked = Some(after(-60));
    for (at, allowed) in [
        (-1, false),
        (0, true),
        (110, true),
        (111, false),
        (659, false),
        (660, true),
    ] {
        assert_eq!(
            may_repeat(LabelVia::ShippingV2, start(), asked, after(at)),
            allowed,
            "{at} s"
        );
    }
    assert!(!may_repeat(LabelVia::ShippingV2, start(), None, after(5_000)));
}

#[test]
fn a_repeat_is_thought_of_at_the_very_moment_of_the_first_sending() {
    assert_eq!(repeat_due(&item(1, 0), start()), Some(after(5)));
}

#[test]
fn a_name_may_be_a_part_of_the_other() {
    for (one, other) in [
        ("FedEx", "FedEx® Express"),
        ("UPS Ground", "ups-ground"),
        ("", "UPS"),
    ] {
        assert!(alike(one, other) && alike(other, one), "{one:?} {other:?}");
    }
    assert!(!alike("UPS", "USPS"));
}

proptest! {
    #[test]
    fn a_repeat_that_is_due_is_never_in_the_forbidden_time(
        attempts in 1_u32..40, last in 0_i64..90_000, wait in 0_i64..90_000, quote_age in 0_i64..600,
    ) {
        let mut item = item(attempts, last);
        item.quote_asked_at = Some(after(-quote_age));
        let now = after(last + wait);
        if let Some(due) = repeat_due(&item, now) {
            let sent = due.max(now);
            prop_assert!(may_repeat(LabelVia::ShippingV2, start(), item.quote_asked_at, sent), "sent at {sent}");
        }
    }
}

#[test]
fn what_has_no_key_is_never_repeated() {
    for via in [LabelVia::MerchantFulfillmentV0, LabelVia::Outside] {
        for at in [0, 1, 5, 110, 300, EXPIRED, EXPIRED + 1, 86_000, 900_000] {
            let mut item = item(1, 0);
            item.label.via = via;
            assert_eq!(repeat_due(&item, after(at)), None, "{via:?} {at} s");
            assert!(
                !may_repeat(via, start(), Some(after(-60)), after(at)),
                "{via:?} {at} s"
            );
        }
    }
}

type Change = fn(&mut MerchantShipment);

fn named(items: &[(&str, u32)]) -> MerchantShipment {
    MerchantShipment {
        shipment: crate::domain::ids::ShipmentId::from("be7a0a53-00c3-4f6f-a63a-639f76ee9253"),
        order: OrderNumber::from("111-1111111-1111111"),
        status: MerchantStatus::Purchased,
        tracking: Some(TrackingNumber::from("1Z1")),
        carrier: "UPS®".to_owned(),
        service: "UPS Ground".to_owned(),
        items: package("1Z1", items).items,
        created_at: Some(after(1)),
        updated_at: None,
    }
}

#[test]
fn a_named_shipment_settles_the_only_purchase_that_fits() {
    let order = OrderNumber::from("111-1111111-1111111");
    let settles = |named: &MerchantShipment, open: &[OpenIntent], ours: &[TrackingNumber]| {
        settled_by_named(named, &order, open, ours).map(|id| id.0.as_u128())
    };
    let open = [intent(1, &[("a", 2)]), intent(2, &[("b", 1)])];
    let good = named(&[("a", 2)]);
    assert_eq!(settles(&good, &open, &[]), Some(1));
    assert_eq!(
        settles(&good, &open, &[TrackingNumber::from("1Z1")]),
        None,
        "ours already"
    );
    assert_eq!(
        settles(&good, &[intent(1, &[("a", 2)]), intent(2, &[("a", 2)])], &[]),
        None,
        "two fit"
    );
    assert_eq!(settles(&good, &[], &[]), None);
    let changed = |change: fn(&mut MerchantShipment)| {
        let mut named = named(&[("a", 2)]);
        change(&mut named);
        named
    };
    let unfit: [(&str, Change); 7] = [
        ("another order", |named| {
            named.order = OrderNumber::from("222-2222222-2222222");
        }),
        ("canceled", |named| named.status = MerchantStatus::RefundPending),
        ("a status that is not known", |named| {
            named.status = MerchantStatus::Unknown(String::new());
        }),
        ("no tracking number", |named| named.tracking = None),
        ("other items", |named| named.items = vec![(LineId::from("a"), 1)]),
        ("another service", |named| {
            named.service = "UPS 2nd Day Air".to_owned();
        }),
        ("long before", |named| named.created_at = Some(after(-2 * 86_400))),
    ];
    for (what, change) in unfit {
        assert_eq!(settles(&changed(change), &open, &[]), None, "{what}");
    }
}

#[test]
fn packages_are_looked_at_after_30_seconds_2_and_10_minutes() {
    let due = |last_look| look_due(start(), last_look, after(1));
    assert_eq!(due(None), after(30));
    assert_eq!(due(Some(after(30))), after(120));
    assert_eq!(due(Some(after(121))), after(600));
    assert_eq!(due(Some(after(600))), after(4_200));
    assert_eq!(
        look_due(start(), None, start()),
        after(30),
        "at the very moment of the sending"
    );
}

#[test]
fn a_clock_that_was_set_back_looks_at_once_and_not_a_day_later() {
    let due = |last_look, now| look_due(after(86_400), last_look, now);
    assert_eq!(due(None, after(5)), after(5));
    assert_eq!(due(Some(after(5)), after(6)), after(3_605), "then hourly");
    assert_eq!(
        due(Some(after(86_500)), after(6)),
        after(6),
        "a look ahead of the clock is none"
    );
}

fn intent(id: u128, items: &[(&str, u32)]) -> OpenIntent {
    OpenIntent {
        id: IntentId(Uuid::from_u128(id)),
        items: items
            .iter()
            .map(|(line, units)| (LineId::from(*line), *units))
            .collect(),
        carrier: "UPS®".to_owned(),
        service: "UPS Ground".to_owned(),
        first_sent: start(),
    }
}

fn package(tracking: &str, items: &[(&str, u32)]) -> ChannelPackage {
    ChannelPackage {
        reference: "1".to_owned(),
        status: "SHIPPED".to_owned(),
        carrier: "UPS".to_owned(),
        service: "Ups ground".to_owned(),
        tracking: Some(TrackingNumber::from(tracking)),
        shipped_at: Some(after(1)),
        items: items
            .iter()
            .map(|(line, units)| (LineId::from(*line), *units))
            .collect(),
    }
}

fn settled(packages: &[ChannelPackage], open: &[OpenIntent], ours: &[&str]) -> Vec<u128> {
    let ours: Vec<TrackingNumber> = ours.iter().map(|own| TrackingNumber::from(*own)).collect();
    let settled = settled_by(packages, open, &ours);
    settled.iter().map(|(id, _)| id.0.as_u128()).collect()
}

#[test]
fn a_package_settles_the_only_purchase_that_fits() {
    let open = [intent(1, &[("a", 2)]), intent(2, &[("b", 1)])];
    assert_eq!(settled(&[package("1Z1", &[("a", 2)])], &open, &[]), [1]);
    assert_eq!(
        settled(
            &[package("1Z1", &[("a", 2)]), package("1Z2", &[("b", 1)])],
            &open,
            &[]
        ),
        [1, 2]
    );
}

#[test]
fn two_purchases_that_fit_stay_unknown() {
    let open = [intent(1, &[("a", 2)]), intent(2, &[("a", 2)])];
    assert!(settled(&[package("1Z1", &[("a", 2)])], &open, &[]).is_empty());
}

#[test]
fn two_packages_that_fit_one_purchase_settle_nothing() {
    let packages = [package("1Z1", &[("a", 2)]), package("1Z2", &[("a", 2)])];
    assert!(settled(&packages, &[intent(1, &[("a", 2)])], &[]).is_empty());
}

#[test]
fn a_package_of_a_label_of_ours_settles_nothing() {
    let packages = [package("1Z1", &[("a", 2)])];
    assert!(settled(&packages, &[intent(1, &[("a", 2)])], &["1z1"]).is_empty());
}

#[test]
fn items_carrier_service_and_time_must_fit() {
    let open = [intent(1, &[("a", 2)])];
    let mut cases = vec![package("1Z1", &[("a", 1)]), package("1Z1", &[("a", 2), ("b", 1)])];
    let mut other_carrier = package("1Z1", &[("a", 2)]);
    other_carrier.carrier = "FedEx".to_owned();
    let mut other_service = package("1Z1", &[("a", 2)]);
    other_service.service = "UPS Next Day Air".to_owned();
    let mut old = package("1Z1", &[("a", 2)]);
    old.shipped_at = Some(after(-2 * 86_400));
    let mut nameless = package("1Z1", &[("a", 2)]);
    nameless.tracking = None;
    cases.extend([other_carrier, other_service, old, nameless]);
    for case in cases {
        assert!(
            settled(std::slice::from_ref(&case), &open, &[]).is_empty(),
            "{case:?}"
        );
    }
}

#[test]
fn a_package_may_be_that_of_a_label_that_was_bought_without_its_number() {
    let mut label = item(1, 0).label;
    for state in LabelState::ALL {
        label.state = state;
        label.tracking = None;
        let open = matches!(state, LabelState::Asked | LabelState::Unknown);
        assert_eq!(may_own_a_package(&label), open || state.was_bought(), "{state}");
        label.tracking = Some(TrackingNumber::from("1Z1"));
        assert_eq!(may_own_a_package(&label), open, "{state} with its number");
    }
}

#[test]
fn no_package_proves_nothing() {
    assert!(settled(&[], &[intent(1, &[("a", 2)])], &[]).is_empty());
}

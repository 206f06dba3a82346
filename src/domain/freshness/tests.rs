//! Each reason for buying nothing, and that nothing else is one.

use super::*;
use crate::domain::ids::{OrderNumber, Sku, StoreId};
use crate::domain::order::{ChannelPackage, OrderLine, Programs, Window};

fn line(id: &str, quantity: u32) -> OrderLine {
    OrderLine {
        id: LineId::from(id),
        sku: Sku::from("SKU"),
        asin: String::new(),
        title: "Mug".to_owned(),
        quantity,
        unit_price: None,
        transparency: false,
        serial_required: false,
        gift: false,
        cancel_requested: false,
    }
}

fn order() -> ChannelOrder {
    ChannelOrder {
        origin: crate::domain::order::Origin::Amazon,
        store: StoreId::from("us"),
        number: OrderNumber::from("111-1111111-1111111"),
        status: ChannelStatus::Unshipped,
        programs: Programs::default(),
        destination: None,
        ship_by: Window::default(),
        deliver_by: Window::default(),
        service_level: "STANDARD".to_owned(),
        print_not_before: None,
        confirmation_floor: None,
        lines: vec![line("1", 2), line("2", 1)],
        packages: Vec::new(),
        created_at: DateTime::UNIX_EPOCH,
        updated_at: DateTime::UNIX_EPOCH,
        address_fingerprint: vec![1],
    }
}

fn package(tracking: Option<&str>) -> ChannelPackage {
    ChannelPackage {
        reference: "1".to_owned(),
        status: "SHIPPED".to_owned(),
        carrier: "UPS".to_owned(),
        service: "UPS Ground".to_owned(),
        tracking: tracking.map(TrackingNumber::from),
        shipped_at: None,
        items: vec![(LineId::from("1"), 2)],
    }
}

fn changed(change: impl FnOnce(&mut ChannelOrder)) -> Result<(), Stale> {
    let mut now = order();
    change(&mut now);
    judge(&order(), &now, &[TrackingNumber::from("1Z 999 aa")])
}

#[test]
fn an_unchanged_order_may_be_bought_for() {
    assert_eq!(changed(|_| {}), Ok(()));
    assert_eq!(
        changed(|now| now.updated_at = DateTime::UNIX_EPOCH + TimeDelta::days(1)),
        Ok(())
    );
    assert_eq!(changed(|now| now.lines.reverse()), Ok(()));
    assert_eq!(changed(|now| "Cup".clone_into(&mut now.lines[0].title)), Ok(()));
}

#[test]
fn each_status_that_does_not_ship_has_its_reason() {
    assert_eq!(
        changed(|now| now.status = ChannelStatus::Canceled),
        Err(Stale::Canceled)
    );
    assert_eq!(
        changed(|now| now.status = ChannelStatus::Pending),
        Err(Stale::Pending)
    );
    assert_eq!(
        changed(|now| now.status = ChannelStatus::Unfulfillable),
        Err(Stale::Unfulfillable)
    );
    assert_eq!(
        changed(|now| now.status = ChannelStatus::Unknown("LOST".to_owned())),
        Err(Stale::UnknownStatus("LOST".to_owned()))
    );
}

#[test]
fn a_buyer_who_asks_to_cancel_one_line_stops_the_purchase() {
    assert_eq!(
        changed(|now| now.lines[1].cancel_requested = true),
        Err(Stale::CancelRequested)
    );
}

#[test]
fn a_request_to_cancel_that_was_settled_at_the_bench_is_no_news() {
    let mut then = order();
    then.lines[1].cancel_requested = true;
    let mut now = then.clone();
    assert_eq!(judge(&then, &now, &[]), Ok(()));
    now.lines[0].cancel_requested = true;
    assert_eq!(judge(&then, &now, &[]), Err(Stale::CancelRequested));
}

#[test]
fn changed_items_and_addresses_stop_the_purchase() {
    for change in [
        (|now: &mut ChannelOrder| now.lines[0].quantity = 3) as fn(&mut ChannelOrder),
        |now| now.lines[0].sku = Sku::from("OTHER"),
        |now| drop(now.lines.pop()),
        |now| now.lines.push(line("3", 1)),
    ] {
        assert_eq!(changed(change), Err(Stale::ItemsChanged));
    }
    assert_eq!(
        changed(|now| now.address_fingerprint = vec![2]),
        Err(Stale::AddressChanged)
    );
    // Not told is not changed.
    assert_eq!(changed(|now| now.address_fingerprint.clear()), Ok(()));
}

#[test]
fn packages_of_ours_do_not_stop_the_next_box_and_others_do() {
    assert_eq!(
        changed(|now| now.packages = vec![package(Some("1Z999AA"))]),
        Ok(())
    );
    let mixed = changed(|now| now.packages = vec![package(Some("1Z999AA")), package(Some("9400"))]);
    assert_eq!(mixed, Err(Stale::ShippedElsewhere("9400".to_owned())));
    assert!(matches!(
        changed(|now| now.packages = vec![package(None)]),
        Err(Stale::ShippedElsewhere(_))
    ));
}

#[test]
fn shipped_without_any_package_or_label_of_ours_is_shipped_elsewhere() {
    let mut now = order();
    now.status = ChannelStatus::Shipped;
    assert!(matches!(
        judge(&order(), &now, &[]),
        Err(Stale::ShippedElsewhere(_))
    ));
    // After our own void Amazon's order stays Shipped.
    assert_eq!(judge(&order(), &now, &[TrackingNumber::from("1Z")]), Ok(()));
}

#[test]
fn a_word_is_young_for_two_minutes_and_never_from_the_future() {
    let now = DateTime::UNIX_EPOCH + TimeDelta::hours(1);
    assert!(young_enough(now, now, BENCH));
    assert!(young_enough(now - TimeDelta::seconds(120), now, BENCH));
    assert!(!young_enough(now - TimeDelta::seconds(121), now, BENCH));
    assert!(!young_enough(now + TimeDelta::seconds(1), now, BENCH));
}

#[test]
fn every_reason_says_that_nothing_was_bought() {
    for stale in [
        Stale::Canceled,
        Stale::CancelRequested,
        Stale::Pending,
        Stale::Unfulfillable,
        Stale::UnknownStatus("X".to_owned()),
        Stale::AddressChanged,
        Stale::ItemsChanged,
        Stale::ShippedElsewhere("1Z".to_owned()),
    ] {
        assert!(stale.to_string().ends_with("nothing was bought"), "{stale}");
    }
}

#[test]
fn a_reason_that_the_packer_must_see_flags_the_order() {
    for (stale, flag) in [
        (Stale::Canceled, Some(Flag::Canceled)),
        (Stale::CancelRequested, Some(Flag::CancelRequested)),
        (Stale::AddressChanged, Some(Flag::AddressChanged)),
        (Stale::ItemsChanged, Some(Flag::ItemsChanged)),
        (
            Stale::ShippedElsewhere("1Z1".to_owned()),
            Some(Flag::ShippedElsewhere),
        ),
        (Stale::Pending, None),
        (Stale::Unfulfillable, None),
        (Stale::UnknownStatus("Odd".to_owned()), None),
    ] {
        assert_eq!(stale.flag(), flag, "{stale}");
    }
}

#[test]
fn another_state_or_country_is_another_address_and_a_missing_one_is_no_news() {
    use crate::domain::address::{AddressKind, Destination};
    let to = |country: &str, state: &str| ChannelOrder {
        destination: Some(Destination::new(country, state, "", AddressKind::Residential)),
        ..order()
    };
    let then = to("US", "OH");
    assert_eq!(judge(&then, &to("US", "OH"), &[]), Ok(()));
    for moved in [to("US", "NY"), to("CA", "OH")] {
        assert_eq!(judge(&then, &moved, &[]), Err(Stale::AddressChanged));
    }
    assert_eq!(
        judge(&then, &order(), &[]),
        Ok(()),
        "Amazon did not give it this time"
    );
    assert_eq!(judge(&order(), &then, &[]), Ok(()));
}

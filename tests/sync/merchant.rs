//! The same life over Merchant Fulfillment v0, which knows no key: a lost answer is never asked again, but settled by
//! the shipment that Amazon names, by the order's packages, or by a person.

use crate::bench::Bench;
use tapegun::domain::order::Flag;
use tapegun::domain::rate::{Confirmation, QuoteState};
use tapegun::domain::seller::LabelVia;
use tapegun::domain::shipment::LabelState;
use tapegun::domain::status::OrderStatus;
use tapegun::simulator::{Fault, FaultKind, OrderChange, Switches};

fn switches() -> Switches {
    Switches {
        limits: false,
        ..Switches::default()
    }
}

async fn bench() -> Bench {
    Bench::over(LabelVia::MerchantFulfillmentV0, switches()).await
}

/// The limits of our own buckets still hold: one read a second.
async fn settle(bench: &mut Bench, seconds: &[u64]) {
    for seconds in seconds {
        bench.after(*seconds).await;
    }
}

fn named(status: u16, code: &str, message: &str) -> FaultKind {
    FaultKind::Named {
        status,
        code: code.to_owned(),
        message: message.to_owned(),
        after: false,
    }
}

#[tokio::test]
async fn a_label_is_bought_and_voided() {
    let mut bench = bench().await;
    let order = bench.order(0).await;
    let label = bench.want(order).await;
    bench.pass().await;
    bench.is_bought_once(label).await;
    let row = bench.label(label).await;
    assert_eq!(row.via, LabelVia::MerchantFulfillmentV0);
    assert_eq!(
        bench.detail(order).await.order.status,
        OrderStatus::ReadyForPickup
    );
    let ledger = bench.ledger();
    assert_eq!(ledger.shipments[0].api, "merchant-fulfillment-v0");
    assert_eq!(
        i64::from(ledger.shipments[0].cents),
        row.price.minor,
        "the price that was agreed to"
    );
    assert_eq!(bench.created(order).await, 1);

    bench.want_void(label).await;
    settle(&mut bench, &[2]).await;
    assert_eq!(bench.label(label).await.state, LabelState::Voided);
    assert_eq!(bench.ledger().shipments[0].refund.as_deref(), Some("pending"));
    assert_eq!(bench.detail(order).await.order.status, OrderStatus::ReadyToPick);
    let second = bench.want(order).await;
    settle(&mut bench, &[2]).await;
    bench.is_bought_once(second).await;
}

#[tokio::test]
async fn every_label_is_checked_also_with_the_checksum_of_the_packed_bytes() {
    let mut bench = Bench::over(
        LabelVia::MerchantFulfillmentV0,
        Switches {
            checksum_of_gzip: true,
            ..switches()
        },
    )
    .await;
    let order = bench.order(0).await;
    let label = bench.want(order).await;
    bench.pass().await;
    bench.is_bought_once(label).await;

    let order = bench.order(1).await;
    let blank = bench.want(order).await;
    bench.fault("createShipment", FaultKind::BlankLabel);
    settle(&mut bench, &[2]).await;
    let row = bench.label(blank).await;
    assert!(row.held, "{row:?}");
    assert_eq!(row.state, LabelState::BoughtWithoutDocument);
    bench.books_agree().await;
}

/// A sale whose answer is lost, in each way; nothing is known of it then.
async fn lost(bench: &mut Bench, kind: FaultKind) -> tapegun::domain::ids::IntentId {
    let order = bench.order(0).await;
    let label = bench.want(order).await;
    bench.fault("createShipment", kind);
    bench.pass().await;
    let row = bench.label(label).await;
    assert_eq!(row.state, LabelState::Unknown, "{row:?}");
    assert_eq!(bench.ledger().shipments.len(), 1, "it was sold");
    label
}

#[tokio::test]
async fn a_lost_answer_is_told_by_the_package_and_never_asked_again() {
    for kind in [
        FaultKind::ResetAfter,
        FaultKind::Error {
            status: 500,
            after: true,
        },
        FaultKind::Html,
        FaultKind::CutAt { byte: 3 },
    ] {
        let mut bench = bench().await;
        let label = lost(&mut bench, kind.clone()).await;
        let order = bench.order(0).await;
        // Through all the times at which Shipping v2 would have been asked again.
        settle(&mut bench, &[6, 20, 10, 90, 300, 500, 900]).await;
        let row = bench.label(label).await;
        assert_eq!(bench.created(order).await, 1, "{kind:?}: {row:?}");
        assert_eq!(row.state, LabelState::BoughtWithoutDocument, "{kind:?}: {row:?}");
        assert_eq!(
            row.tracking.map(|tracking| tracking.0),
            Some(bench.ledger().shipments[0].tracking.clone()),
            "{kind:?}"
        );
        assert_eq!(row.shipment, None, "a package names no shipment");
        bench.books_agree().await;
    }
}

#[tokio::test]
async fn without_a_package_it_stays_unknown_and_the_box_is_frozen() {
    let mut bench = bench().await;
    let order = bench.order(0).await;
    let label = bench.want(order).await;
    bench.fault(
        "createShipment",
        FaultKind::Error {
            status: 500,
            after: false,
        },
    );
    bench.pass().await;
    settle(&mut bench, &[6, 30, 120, 600, 4_000, 90_000]).await;
    let row = bench.label(label).await;
    assert_eq!(
        row.state,
        LabelState::Unknown,
        "that it is not listed proves nothing: {row:?}"
    );
    assert_eq!(
        (bench.created(order).await, bench.ledger().shipments.len()),
        (1, 0)
    );
    let by = bench.user;
    let now = tapegun::clock::Clock::now(bench.clock.as_ref());
    bench
        .store
        .write(move |store| store.decide_unknown(label, None, by, "not in Seller Central", now))
        .await
        .unwrap();
    let second = bench.want(order).await;
    settle(&mut bench, &[2]).await;
    bench.is_bought_once(second).await;
}

#[tokio::test]
async fn an_answer_cut_behind_the_shipment_id_is_bought_and_its_label_read_again() {
    let mut bench = bench().await;
    let order = bench.order(0).await;
    let label = bench.want(order).await;
    bench.fault("createShipment", FaultKind::CutAfterShipmentId);
    bench.fault(
        "getShipment",
        FaultKind::Error {
            status: 503,
            after: false,
        },
    );
    bench.pass().await;
    let row = bench.label(label).await;
    assert_eq!(row.state, LabelState::BoughtWithoutDocument, "{row:?}");
    assert!(row.shipment.is_some() && row.document.is_none());
    settle(&mut bench, &[60]).await;
    bench.is_bought_once(label).await;
    assert_eq!(bench.created(order).await, 1, "a read, never another purchase");
}

/// The wish is given up for lost by a person too early, and asked for again: then Amazon says that it exists.
async fn given_up_and_wanted_again(bench: &mut Bench) -> tapegun::domain::ids::IntentId {
    let order = bench.order(0).await;
    let label = lost(bench, FaultKind::ResetAfter).await;
    bench.clock.advance(std::time::Duration::from_mins(11));
    let by = bench.user;
    let now = tapegun::clock::Clock::now(bench.clock.as_ref());
    bench
        .store
        .write(move |store| store.decide_unknown(label, None, by, "overlooked in Seller Central", now))
        .await
        .unwrap();
    bench.want(order).await
}

#[tokio::test]
async fn a_shipment_that_exists_already_is_taken_and_no_second_one_bought() {
    let mut bench = Bench::over(
        LabelVia::MerchantFulfillmentV0,
        Switches {
            already_exists: true,
            // The package is not listed yet: only Amazon's refusal tells.
            packages_lag_seconds: 100_000,
            ..switches()
        },
    )
    .await;
    let order = bench.order(0).await;
    let second = given_up_and_wanted_again(&mut bench).await;
    settle(&mut bench, &[2, 2, 2, 2]).await;
    bench.is_bought_once(second).await;
    let row = bench.label(second).await;
    assert_eq!(
        row.shipment.map(|shipment| shipment.0),
        Some(bench.ledger().shipments[0].shipment_id.clone())
    );
    assert_eq!(
        (bench.created(order).await, bench.ledger().shipments.len()),
        (2, 1)
    );
}

#[tokio::test]
async fn a_shipment_that_does_not_fit_is_held_for_a_person_with_all_that_is_known() {
    let mut bench = bench().await;
    // A label of another order is named: by mistake, or by a proxy that mixes answers up.
    let other = bench.order(1).await;
    let bought = bench.want(other).await;
    bench.pass().await;
    let sold = bench.ledger().shipments[0].clone();
    let order = bench.order(0).await;
    let label = bench.want(order).await;
    bench.fault(
        "createShipment",
        named(
            400,
            "ShipmentAlreadyExists",
            &format!("ShipmentId: {}", sold.shipment_id),
        ),
    );
    settle(&mut bench, &[2, 40, 120, 600]).await;
    let row = bench.label(label).await;
    assert_eq!(row.state, LabelState::Unknown, "{row:?}");
    let words = row.reason.unwrap();
    for known in [
        sold.shipment_id.as_str(),
        sold.tracking.as_str(),
        sold.order_id.as_str(),
        "supervisor",
    ] {
        assert!(words.contains(known), "{known}: {words}");
    }
    assert_eq!(bench.created(order).await, 1);
    bench.is_bought_once(bought).await;
}

#[tokio::test]
async fn an_already_exists_without_a_name_is_unknown_too() {
    let mut bench = bench().await;
    let order = bench.order(0).await;
    let label = bench.want(order).await;
    bench.fault(
        "createShipment",
        named(400, "ShipmentAlreadyExists", "Invalid Input"),
    );
    settle(&mut bench, &[0, 40, 120, 600]).await;
    let row = bench.label(label).await;
    assert_eq!(row.state, LabelState::Unknown, "{row:?}");
    assert_eq!(
        bench.created(order).await,
        1,
        "it is no refusal, and nothing is asked again"
    );
}

#[tokio::test]
async fn a_package_that_may_be_it_is_shown_to_a_person() {
    let mut bench = bench().await;
    let order = bench.order(0).await;
    let label = bench.want(order).await;
    bench.fault(
        "createShipment",
        FaultKind::Error {
            status: 500,
            after: false,
        },
    );
    bench.pass().await;
    bench.change(order, elsewhere()).await;
    settle(&mut bench, &[40, 120, 600]).await;
    let row = bench.label(label).await;
    assert_eq!(row.state, LabelState::Unknown, "{row:?}");
    let words = row.reason.unwrap();
    assert!(
        words.contains("1Z999AA10123456784") && words.contains("supervisor"),
        "{words}"
    );
    assert_eq!(words.matches("Amazon lists").count(), 1, "said once: {words}");
    assert_eq!(bench.created(order).await, 1);
}

fn elsewhere() -> OrderChange {
    OrderChange::ShipElsewhere {
        carrier: "Carrier of their own".to_owned(),
        tracking: "1Z999AA10123456784".to_owned(),
    }
}

#[tokio::test]
async fn an_expired_restricted_token_is_renewed_once() {
    let mut bench = bench().await;
    let order = bench.order(0).await;
    let label = bench.want(order).await;
    bench.fault("createShipment", FaultKind::ExpiredToken);
    settle(&mut bench, &[0, 2]).await;
    bench.is_bought_once(label).await;
    assert_eq!(bench.created(order).await, 2);

    // An hour later the kept one is over by our own clock.
    let order = bench.order(1).await;
    bench.clock.advance(std::time::Duration::from_mins(61));
    let label = bench.want(order).await;
    bench.pass().await;
    bench.is_bought_once(label).await;
    assert_eq!(bench.created(order).await, 1);
}

#[tokio::test]
async fn without_the_role_it_is_refused_after_one_fresh_token() {
    let mut bench = bench().await;
    let order = bench.order(0).await;
    let label = bench.want(order).await;
    let denied = named(403, "Unauthorized", "Access to requested resource is denied.");
    let twice = Fault::new("createShipment", denied).times(2);
    bench.simulator.fault(twice);
    settle(&mut bench, &[0, 2, 2]).await;
    let row = bench.label(label).await;
    assert_eq!(row.state, LabelState::Refused, "{row:?}");
    assert!(
        row.reason
            .unwrap()
            .contains("Access to requested resource is denied")
    );
    assert_eq!(bench.created(order).await, 2);
}

#[tokio::test]
async fn without_a_restricted_token_nothing_is_asked_and_it_is_said() {
    let mut bench = bench().await;
    let order = bench.order(0).await;
    let label = bench.want(order).await;
    let denied = named(403, "Unauthorized", "Access to requested resource is denied.");
    let twice = Fault::new("createRestrictedDataToken", denied).times(2);
    bench.simulator.fault(twice);
    let report = bench.pass().await;
    assert_eq!(bench.label(label).await.state, LabelState::Wanted, "{report:?}");
    let words = report
        .waiting
        .iter()
        .map(|one| one.why.as_str())
        .collect::<String>();
    assert!(words.contains("Direct-to-Consumer Shipping"), "{words}");
    assert_eq!(bench.created(order).await, 0);
    settle(&mut bench, &[10]).await;
    bench.is_bought_once(label).await;
}

#[tokio::test]
async fn a_429_waits_and_is_asked_again() {
    let mut bench = bench().await;
    let order = bench.order(0).await;
    let label = bench.want(order).await;
    bench.fault("createShipment", FaultKind::TooManyRequests { header: false });
    bench.pass().await;
    assert_eq!(bench.label(label).await.state, LabelState::Wanted);
    settle(&mut bench, &[5]).await;
    bench.is_bought_once(label).await;
    assert_eq!(bench.created(order).await, 2);
}

#[tokio::test]
async fn refusals_by_name_are_refusals_with_amazons_words() {
    for (status, code) in [
        (400, "InsufficientFunds"),
        (400, "InvalidRequest"),
        (400, "InvalidShipFromAddress"),
        (400, "InvalidShippingServiceOfferId"),
        (400, "ShippingServiceOfferNotAvailable"),
        (404, "ShippingServiceNotAvailable"),
        (400, "LabelFormatNotSupported"),
        (404, "ItemsNotInOrder"),
        (404, "RegionNotSupported"),
        (404, "ResourceNotFound"),
    ] {
        let mut bench = bench().await;
        let order = bench.order(0).await;
        let label = bench.want(order).await;
        bench.fault("createShipment", named(status, code, "Amazon says why."));
        bench.pass().await;
        let row = bench.label(label).await;
        assert_eq!(row.state, LabelState::Refused, "{code}: {row:?}");
        let words = row.reason.unwrap();
        assert!(
            words.contains(code) && words.contains("Amazon says why."),
            "{words}"
        );
        assert_eq!(bench.ledger().shipments.len(), 0);
    }
}

#[tokio::test]
async fn a_lost_void_is_told_by_the_shipment_itself() {
    for kind in [
        FaultKind::ResetAfter,
        FaultKind::Error {
            status: 500,
            after: true,
        },
    ] {
        let mut bench = bench().await;
        let order = bench.order(0).await;
        let label = bench.want(order).await;
        bench.pass().await;
        bench.want_void(label).await;
        bench.fault("cancelShipmentV0", kind.clone());
        settle(&mut bench, &[2, 10]).await;
        assert_eq!(bench.label(label).await.state, LabelState::Voided, "{kind:?}");
        let sold = bench.ledger().shipments[0].shipment_id.clone();
        assert_eq!(
            bench.ledger().cancel_requests_by_shipment.get(&sold).copied(),
            Some(1),
            "{kind:?}: read, not asked again"
        );
    }
}

#[tokio::test]
async fn what_was_canceled_elsewhere_is_voided() {
    let mut bench = bench().await;
    let order = bench.order(0).await;
    let label = bench.want(order).await;
    bench.pass().await;
    // The answer of a first void is lost with the whole process, and the doubt with it: a person wants it again.
    bench.want_void(label).await;
    bench.fault("cancelShipmentV0", FaultKind::ResetAfter);
    settle(&mut bench, &[2]).await;
    bench.restart();
    settle(&mut bench, &[2, 10]).await;
    assert_eq!(bench.label(label).await.state, LabelState::Voided);
}

#[tokio::test]
async fn a_void_that_is_too_late_is_refused_and_the_label_lives_on() {
    let mut bench = bench().await;
    let order = bench.order(0).await;
    let label = bench.want(order).await;
    bench.pass().await;
    let sold = bench.ledger().shipments[0].shipment_id.clone();
    assert!(bench.simulator.scan(&sold).unwrap());
    bench.want_void(label).await;
    settle(&mut bench, &[2, 2]).await;
    let row = bench.label(label).await;
    assert_eq!(row.state, LabelState::VoidRefused, "{row:?}");
    assert!(row.reason.unwrap().contains("LabelCancelWindowExpired"));
    bench.books_agree().await;
}

#[tokio::test]
async fn an_order_that_demands_a_signature_is_asked_for_and_bought_with_one() {
    let mut bench = bench().await;
    let order = bench.order(0).await;
    let (box_id, turn) = bench.pack(order).await;
    let parcel = bench.detail(order).await.boxes[0].clone();
    let (by, now) = (bench.user, tapegun::clock::Clock::now(bench.clock.as_ref()));
    let details = tapegun::store::BoxDetails {
        confirmation: Some(Confirmation::Signature),
        ..tapegun::store::BoxDetails::default()
    };
    bench
        .store
        .write(move |store| store.set_box(parcel.id, turn, &details, by, now))
        .await
        .unwrap();
    let quote = bench.want_quote(order, box_id).await;
    bench.pass().await;
    let answered = bench.store.read(move |store| store.quote(quote)).await.unwrap();
    let QuoteState::Answered(answer) = answered.state else {
        panic!("{:?}", answered.state)
    };
    assert_eq!(answer.via, LabelVia::MerchantFulfillmentV0);
    assert_eq!(
        answer.rates[0].groups[0].services[0].id,
        "DeliveryConfirmationWithSignature"
    );
    let label = bench.want_from(order, box_id, turn, quote).await;
    settle(&mut bench, &[2]).await;
    bench.is_bought_once(label).await;
    let row = bench.label(label).await;
    assert_eq!(i64::from(bench.ledger().shipments[0].cents), row.price.minor);
}

#[tokio::test]
async fn what_shipped_elsewhere_stops_a_purchase_here_too() {
    let mut bench = bench().await;
    let order = bench.order(0).await;
    let label = bench.want(order).await;
    bench.change(order, elsewhere()).await;
    bench.pass().await;
    assert_eq!(bench.label(label).await.state, LabelState::Refused);
    let flags = bench.detail(order).await.order.flags;
    assert!(flags.contains(&Flag::ShippedElsewhere), "{flags:?}");
    assert_eq!(bench.created(order).await, 0);
}

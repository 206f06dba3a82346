//! Voids followed to their end, and parcels that do not move, against the simulator.

use crate::bench::Bench;
use tapegun::domain::ids::{IntentId, OrderId};
use tapegun::domain::refund::{Heard, RefundFilter};
use tapegun::domain::shipment::LabelState;
use tapegun::domain::status::OrderStatus;
use tapegun::simulator::FaultKind;

const HOUR: u64 = 3600;
const DAY: u64 = 24 * HOUR;

async fn voided(bench: &mut Bench, order: OrderId) -> IntentId {
    let label = bench.want(order).await;
    bench.pass().await;
    bench.want_void(label).await;
    bench.pass().await;
    assert_eq!(bench.label(label).await.state, LabelState::Voided);
    label
}

#[tokio::test]
async fn a_void_is_confirmed_by_its_package_and_no_refund_is_invented() {
    let mut bench = Bench::new().await;
    let order = bench.order(0).await;
    let label = voided(&mut bench, order).await;
    let report = bench.after(11 * 60).await;
    let row = bench.label(label).await;
    assert_eq!(row.state, LabelState::RefundPending, "{report:?}");
    assert_eq!(row.aftermath.unwrap().word.as_deref(), Some("LABEL_CANCELLED"));
    let detail = bench.detail(order).await;
    assert_eq!(
        (detail.order.status, detail.order.flags),
        (OrderStatus::ReadyToPick, Vec::new()),
        "Amazon's order stays shipped, ours does not follow it"
    );
    // Two months pass: nobody said a word of the money.
    for _ in 0..59 {
        bench.after(DAY).await;
        assert_eq!(bench.label(label).await.state, LabelState::RefundPending);
    }
    bench.after(DAY + HOUR).await;
    assert_eq!(bench.label(label).await.state, LabelState::RefundNotReported);
    let now = tapegun::clock::Clock::now(bench.clock.as_ref());
    let overdue = bench
        .store
        .read(move |store| store.refunds(RefundFilter::Overdue, 0, 9, now))
        .await
        .unwrap();
    assert_eq!(overdue.page.total, 1);
    bench.books_agree().await;
}

#[tokio::test]
async fn a_voided_box_is_bought_again_while_the_refund_is_awaited() {
    let mut bench = Bench::new().await;
    let order = bench.order(0).await;
    let first = voided(&mut bench, order).await;
    bench.after(11 * 60).await;
    let second = bench.want(order).await;
    bench.pass().await;
    bench.is_bought_once(second).await;
    assert_eq!(bench.label(first).await.state, LabelState::RefundPending);
    let detail = bench.detail(order).await;
    let new = detail.labels.iter().find(|label| label.id == second).unwrap();
    let now = tapegun::clock::Clock::now(bench.clock.as_ref());
    let words = tapegun::domain::refund::both_paid(&detail.labels, new, now);
    assert!(words[0].contains("both are paid"), "{words:?}");
    // The next sweep brings both packages: neither is somebody else's.
    bench.after(HOUR).await;
    let order = bench.detail(order).await.order;
    assert_eq!(order.flags, []);
    assert_eq!(order.status, OrderStatus::ReadyForPickup);
}

#[tokio::test]
async fn an_order_that_amazon_closed_says_which_ways_are_left() {
    let mut bench = Bench::new().await;
    bench
        .simulator
        .switch(|switches| switches.sells_to_shipped_orders = false);
    let order = bench.order(0).await;
    voided(&mut bench, order).await;
    let second = bench.want(order).await;
    bench.pass().await;
    let row = bench.label(second).await;
    assert_eq!(row.state, LabelState::Refused, "{row:?}");
    let why = row.reason.unwrap();
    assert!(why.contains("another carrier") && why.contains("Rigel"), "{why}");
    bench.books_agree().await;
}

#[tokio::test]
async fn readings_wait_while_amazon_cannot_be_reached_and_go_on_after() {
    let mut bench = Bench::new().await;
    let order = bench.order(0).await;
    let label = voided(&mut bench, order).await;
    bench
        .simulator
        .fault(tapegun::simulator::Fault::new("*", FaultKind::ResetBefore));
    bench.after(11 * 60).await;
    assert_eq!(bench.label(label).await.state, LabelState::Voided);
    bench.simulator.clear_faults();
    bench.after(60).await;
    assert_eq!(bench.label(label).await.state, LabelState::RefundPending);
}

#[tokio::test]
async fn a_label_that_nothing_moves_with_is_listed_and_read_a_bounded_number_of_times() {
    let mut bench = Bench::new().await;
    let order = bench.order(0).await;
    let label = bench.want(order).await;
    bench.pass().await;
    let before = bench
        .ledger()
        .requests
        .get("getTracking")
        .copied()
        .unwrap_or_default();
    for _ in 0..20 {
        bench.after(DAY).await;
    }
    let calls = bench
        .ledger()
        .requests
        .get("getTracking")
        .copied()
        .unwrap_or_default()
        - before;
    assert!((1..=6).contains(&calls), "{calls} calls");
    let now = tapegun::clock::Clock::now(bench.clock.as_ref());
    let unmoved = bench
        .store
        .read(move |store| store.unmoved(0, 9, now))
        .await
        .unwrap();
    assert_eq!(unmoved.rows.len(), 1);
    assert_eq!(unmoved.rows[0].id, label);
    let heard = Heard::Tracking("InTransit".to_owned());
    bench
        .store
        .write(move |store| store.settle_follow_up(label, &heard, now))
        .await
        .unwrap();
    let unmoved = bench
        .store
        .read(move |store| store.unmoved(0, 9, now))
        .await
        .unwrap();
    assert!(unmoved.rows.is_empty());
}

#[tokio::test]
async fn merchant_fulfillment_reports_a_refund_applied_or_rejected() {
    for (rejects, end) in [(false, LabelState::Refunded), (true, LabelState::RefundRejected)] {
        let mut bench = Bench::new().await;
        bench.buy_through_merchant_fulfillment();
        bench
            .simulator
            .switch(|switches| (switches.rejects_refunds, switches.refund_seconds) = (rejects, 3600));
        let order = bench.order(0).await;
        let label = voided(&mut bench, order).await;
        bench.after(11 * 60).await;
        let row = bench.label(label).await;
        assert_eq!(row.state, LabelState::RefundPending, "{row:?}");
        bench.after(2 * HOUR).await;
        let row = bench.label(label).await;
        assert_eq!(row.state, end, "{row:?}");
        assert_eq!(row.aftermath.unwrap().refunded, None, "Amazon names no amount");
        let calls = bench
            .ledger()
            .requests
            .get("getShipment")
            .copied()
            .unwrap_or_default();
        assert_eq!(calls, 2, "read slowly");
        let detail = bench.detail(order).await;
        assert_eq!(detail.order.status, OrderStatus::ReadyToPick);
    }
}

#[tokio::test]
async fn a_parcel_that_a_carrier_scanned_is_listed_no_more() {
    let mut bench = Bench::new().await;
    let order = bench.order(0).await;
    let label = bench.want(order).await;
    bench.pass().await;
    let tracking = bench.label(label).await.tracking.unwrap();
    bench.after(2 * DAY).await;
    let now = tapegun::clock::Clock::now(bench.clock.as_ref());
    let listed = |now| move |store: &dyn tapegun::store::Store| store.unmoved(0, 9, now);
    assert_eq!(bench.store.read(listed(now)).await.unwrap().total, 1);
    assert!(bench.simulator.scan(tracking.as_str()).unwrap());
    bench.after(2 * DAY).await;
    let now = tapegun::clock::Clock::now(bench.clock.as_ref());
    assert_eq!(bench.store.read(listed(now)).await.unwrap().total, 0);
    assert!(bench.label(label).await.aftermath.unwrap().scanned);
    // Too late to void: the label lives on, with words.
    bench.want_void(label).await;
    bench.pass().await;
    let row = bench.label(label).await;
    assert_eq!(row.state, LabelState::VoidRefused, "{row:?}");
    assert!(row.reason.unwrap().contains("no longer be canceled"));
}

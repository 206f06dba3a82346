//! Labels that were bought elsewhere: recorded, and told to Amazon until it has surely heard.

use crate::bench::Bench;
use tapegun::clock::Clock;
use tapegun::domain::confirmation::{ConfirmationRow, ConfirmationState as C};
use tapegun::domain::ids::{IntentId, OrderId, StationId};
use tapegun::domain::money::{Currency, Money};
use tapegun::domain::outside::Carrier;
use tapegun::domain::status::OrderStatus;
use tapegun::simulator::{FaultKind, OrderChange};
use tapegun::store::RecordOutside;
use uuid::Uuid;

const UPS: &str = "1Z5R89390357567127";

impl Bench {
    /// Packs the order and records a UPS label for it.
    async fn record(&self, order: OrderId) -> IntentId {
        let (box_id, turn) = self.pack(order).await;
        let record = RecordOutside {
            id: IntentId(Uuid::now_v7()),
            order,
            box_id,
            turn,
            carrier: Carrier::Ups,
            method: "Ground".to_owned(),
            tracking: UPS.to_owned(),
            checked: false,
            cost: Money::new(1234, Currency::USD),
            reason: Some("a test".to_owned()),
            by: self.user,
            station: StationId::from(crate::bench::STATION),
            manifests: false,
        };
        let (id, now) = (record.id, self.clock.now());
        self.store
            .write(move |store| store.record_outside(&record, now))
            .await
            .unwrap();
        id
    }

    async fn told(&self, order: OrderId) -> ConfirmationRow {
        let told = self
            .store
            .read(move |store| store.confirmations_of(order))
            .await
            .unwrap();
        told.into_iter().next().unwrap()
    }

    fn requests(&self, operation: &str) -> u64 {
        self.ledger().requests.get(operation).copied().unwrap_or_default()
    }
}

#[tokio::test]
async fn amazon_is_told_once_and_its_order_is_still_ours() {
    let mut bench = Bench::new().await;
    let order = bench.order(0).await;
    bench.record(order).await;
    let report = bench.pass().await;
    assert_eq!(report.settled.len(), 1, "{report:?}");
    assert!(
        report.settled[0].contains("Amazon knows it as package 1"),
        "{report:?}"
    );
    let told = bench.told(order).await;
    assert_eq!((told.state, told.attempts), (C::Confirmed, 1));
    let [heard] = &bench.ledger().confirmations[..] else {
        panic!("{:?}", bench.ledger().confirmations);
    };
    assert_eq!(
        (heard.package_reference.as_str(), heard.carrier_code.as_str()),
        ("1", "UPS")
    );
    assert_eq!((heard.tracking.as_str(), heard.method.as_str()), (UPS, "Ground"));
    // The import that follows sees our package, not somebody else's.
    bench.after(600).await;
    bench.sync.once().await.unwrap();
    let detail = bench.detail(order).await;
    assert_eq!(
        (detail.order.flags.as_slice(), detail.order.status),
        ([].as_slice(), OrderStatus::Shipped)
    );
    assert_eq!(bench.requests("confirmShipment"), 1);
}

#[tokio::test]
async fn a_lost_answer_is_asked_for_again_with_the_same_package() {
    let mut bench = Bench::new().await;
    let order = bench.order(0).await;
    bench.record(order).await;
    bench.fault("confirmShipment", FaultKind::ResetAfter);
    bench.pass().await;
    let told = bench.told(order).await;
    assert_eq!((told.state, told.in_doubt), (C::Unknown, true), "{told:?}");
    bench.after(30).await;
    let again = bench.told(order).await;
    assert_eq!((again.state, again.attempts), (C::Confirmed, 2));
    assert_eq!(again.request, told.request);
    let heard = bench.ledger().confirmations;
    assert!(
        heard.iter().all(|heard| heard.package_reference == "1"),
        "{heard:?}"
    );
    assert_eq!(bench.requests("confirmShipment"), 2);
}

#[tokio::test]
async fn a_limit_waits_and_a_failure_inside_amazon_is_told_again() {
    let mut bench = Bench::new().await;
    let order = bench.order(0).await;
    bench.record(order).await;
    bench.fault("confirmShipment", FaultKind::TooManyRequests { header: false });
    bench.pass().await;
    assert_eq!(bench.told(order).await.state, C::Wanted);
    bench.fault(
        "confirmShipment",
        FaultKind::Error {
            status: 503,
            after: false,
        },
    );
    bench.after(5).await;
    assert_eq!(bench.told(order).await.state, C::Unknown);
    bench.after(60).await;
    assert_eq!(bench.told(order).await.state, C::Confirmed);
    assert_eq!(bench.ledger().confirmations.len(), 1);
}

#[tokio::test]
async fn nothing_is_told_of_an_order_that_was_canceled_or_shipped_elsewhere() {
    let mut bench = Bench::new().await;
    for (at, change, words) in [
        (0, OrderChange::Cancel, "canceled this order"),
        (
            1,
            OrderChange::ShipElsewhere {
                carrier: "UPS".to_owned(),
                tracking: "1Z0000000000000019".to_owned(),
            },
            "not ours",
        ),
    ] {
        let order = bench.order(at).await;
        bench.record_with(order, at).await;
        bench.change(order, change).await;
        bench.pass().await;
        let told = bench.told(order).await;
        assert_eq!(told.state, C::Refused, "{told:?}");
        assert!(told.words().contains(words), "{}", told.words());
    }
    assert_eq!(bench.requests("confirmShipment"), 0);
}

impl Bench {
    /// Another number for each order.
    async fn record_with(&self, order: OrderId, at: usize) {
        if at == 0 {
            self.record(order).await;
            return;
        }
        let (box_id, turn) = self.pack(order).await;
        let record = RecordOutside {
            id: IntentId(Uuid::now_v7()),
            order,
            box_id,
            turn,
            carrier: Carrier::Dhl,
            method: "Express".to_owned(),
            tracking: format!("JD014600{at}"),
            checked: true,
            cost: Money::new(999, Currency::USD),
            reason: Some("a test".to_owned()),
            by: self.user,
            station: StationId::from(crate::bench::STATION),
            manifests: false,
        };
        let now = self.clock.now();
        self.store
            .write(move |store| store.record_outside(&record, now))
            .await
            .unwrap();
    }
}

#[tokio::test]
async fn already_fulfilled_means_told_where_amazon_lists_our_package() {
    let mut bench = Bench::new().await;
    let order = bench.order(0).await;
    bench.record(order).await;
    let ours = OrderChange::ShipElsewhere {
        carrier: "UPS".to_owned(),
        tracking: UPS.to_lowercase(),
    };
    bench.change(order, ours).await;
    bench.pass().await;
    assert_eq!(bench.requests("confirmShipment"), 1);
    assert_eq!(bench.told(order).await.state, C::Confirmed);
    assert!(bench.detail(order).await.order.flags.is_empty());
}

#[tokio::test]
async fn fbm_ship_plus_is_refused_by_its_name_and_can_be_told_again() {
    let mut bench = Bench::new().await;
    let order = bench.order(0).await;
    let label = bench.record(order).await;
    bench.fault(
        "confirmShipment",
        FaultKind::Named {
            status: 400,
            code: "InvalidInput".to_owned(),
            message: "Shipment confirmation is not allowed for FBM Ship+ orders.".to_owned(),
            after: false,
        },
    );
    bench.pass().await;
    let told = bench.told(order).await;
    assert_eq!(told.state, C::Refused);
    assert!(told.words().contains("FBM Ship+ order"), "{}", told.words());
    let (by, now) = (bench.user, bench.clock.now());
    bench
        .store
        .write(move |store| store.want_confirmation(label, by, now))
        .await
        .unwrap();
    bench.pass().await;
    assert_eq!(bench.told(order).await.state, C::Confirmed);
}

#[tokio::test]
async fn what_is_taken_back_is_not_told_and_what_amazon_sold_never_is() {
    let mut bench = Bench::new().await;
    let order = bench.order(0).await;
    let label = bench.record(order).await;
    bench.want_void(label).await;
    let bought = bench.order(1).await;
    let id = bench.want(bought).await;
    bench.pass().await;
    bench.is_bought_once(id).await;
    bench.after(600).await;
    assert_eq!(bench.told(order).await.state, C::Dropped);
    assert_eq!(bench.detail(order).await.order.status, OrderStatus::ReadyToPick);
    assert_eq!(bench.requests("confirmShipment"), 0);
    // The box may be shipped with Amazon's label after all.
    let id = bench.want(order).await;
    bench.pass().await;
    bench.is_bought_once(id).await;
    assert_eq!(bench.requests("confirmShipment"), 0);
}

#[tokio::test]
async fn a_process_that_dies_while_asking_asks_again() {
    let mut bench = Bench::new().await;
    let order = bench.order(0).await;
    let label = bench.record(order).await;
    let now = bench.clock.now();
    bench
        .store
        .write(move |store| {
            let lead = store.take_lead(now)?;
            store.begin_confirming(lead, label, "{}", now)
        })
        .await
        .unwrap();
    assert_eq!(bench.told(order).await.state, C::Asked);
    bench.restart();
    bench.pass().await;
    // What was written down is sent again as it was; here it is no confirmation, so Amazon refuses, and since the
    // first sending may have been heard, its packages decide.
    let told = bench.told(order).await;
    assert_eq!((told.state, told.attempts), (C::Refused, 2), "{told:?}");
    assert!(told.words().contains("lists no package with"), "{}", told.words());
}

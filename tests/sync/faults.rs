//! What goes wrong between us and Amazon.

use crate::bench::Bench;
use tapegun::domain::shipment::LabelState;
use tapegun::simulator::FaultKind;

#[tokio::test]
async fn a_429_waits_and_is_asked_again() {
    let mut bench = Bench::new().await;
    let order = bench.order(0).await;
    let label = bench.want(order).await;
    bench.fault("purchaseShipment", FaultKind::TooManyRequests { header: false });
    let report = bench.pass().await;
    assert_eq!(bench.label(label).await.state, LabelState::Wanted, "{report:?}");
    assert!(report.waiting[0].again_in.is_some());
    bench.after(5).await;
    bench.is_bought_once(label).await;
    assert_eq!(bench.asked(label), 2);
}

#[tokio::test]
async fn a_500_after_the_label_was_bought_is_settled_by_repeating() {
    let mut bench = Bench::new().await;
    let order = bench.order(0).await;
    let label = bench.want(order).await;
    bench.fault(
        "purchaseShipment",
        FaultKind::Error {
            status: 500,
            after: true,
        },
    );
    bench.pass().await;
    let row = bench.label(label).await;
    assert_eq!(row.state, LabelState::Unknown, "{row:?}");
    assert_eq!(bench.ledger().shipments.len(), 1);
    bench.after(6).await;
    bench.is_bought_once(label).await;
    assert_eq!((bench.asked(label), bench.ledger().shipments.len()), (2, 1));
}

#[tokio::test]
async fn a_500_before_anything_was_done_is_unknown_too_and_then_bought_once() {
    let mut bench = Bench::new().await;
    let order = bench.order(0).await;
    let label = bench.want(order).await;
    bench.fault(
        "purchaseShipment",
        FaultKind::Error {
            status: 500,
            after: false,
        },
    );
    bench.pass().await;
    assert_eq!(bench.label(label).await.state, LabelState::Unknown);
    assert_eq!(bench.ledger().shipments.len(), 0);
    bench.after(6).await;
    bench.is_bought_once(label).await;
}

#[tokio::test]
async fn a_connection_reset_after_the_label_was_bought_buys_no_second() {
    let mut bench = Bench::new().await;
    let order = bench.order(0).await;
    let label = bench.want(order).await;
    bench.fault("purchaseShipment", FaultKind::ResetAfter);
    bench.pass().await;
    assert_eq!(bench.label(label).await.state, LabelState::Unknown);
    bench.after(6).await;
    bench.is_bought_once(label).await;
    assert_eq!(bench.ledger().shipments.len(), 1);
}

#[tokio::test]
async fn an_answer_cut_right_after_the_shipment_id_is_bought_and_its_label_fetched() {
    let mut bench = Bench::new().await;
    let order = bench.order(0).await;
    let label = bench.want(order).await;
    bench.fault("purchaseShipment", FaultKind::CutAfterShipmentId);
    bench.fault(
        "getShipmentDocuments",
        FaultKind::Error {
            status: 503,
            after: false,
        },
    );
    bench.pass().await;
    let row = bench.label(label).await;
    assert_eq!(row.state, LabelState::BoughtWithoutDocument, "{row:?}");
    assert!(row.shipment.is_some() && row.document.is_none());
    bench.after(60).await;
    bench.is_bought_once(label).await;
    assert_eq!(bench.asked(label), 1, "a read, never another purchase");
}

#[tokio::test]
async fn answers_that_are_no_json_are_unknown_and_repeated() {
    for kind in [
        FaultKind::Html,
        FaultKind::NotJson,
        FaultKind::NotUtf8,
        FaultKind::CutAt { byte: 3 },
    ] {
        let mut bench = Bench::new().await;
        let order = bench.order(0).await;
        let label = bench.want(order).await;
        bench.fault("purchaseShipment", kind.clone());
        bench.pass().await;
        bench.after(6).await;
        bench.after(60).await;
        let row = bench.label(label).await;
        assert_eq!(row.state, LabelState::Bought, "{kind:?} {row:?}");
        bench.books_agree().await;
    }
}

#[tokio::test]
async fn an_expired_access_token_is_renewed_once() {
    let mut bench = Bench::new().await;
    let order = bench.order(0).await;
    let label = bench.want(order).await;
    bench.fault("purchaseShipment", FaultKind::ExpiredToken);
    bench.pass().await;
    bench.is_bought_once(label).await;
    assert_eq!(bench.asked(label), 2);
}

#[tokio::test]
async fn an_expired_quote_is_refused_and_the_box_is_free() {
    let mut bench = Bench::new().await;
    let order = bench.order(0).await;
    let label = bench.want(order).await;
    bench.fault("purchaseShipment", FaultKind::ExpiredQuote);
    bench.pass().await;
    let row = bench.label(label).await;
    assert_eq!(row.state, LabelState::Refused, "{row:?}");
    bench.books_agree().await;
    let second = bench.want(order).await;
    bench.pass().await;
    bench.is_bought_once(second).await;
}

#[tokio::test]
async fn a_wish_that_waited_too_long_is_not_even_asked() {
    let mut bench = Bench::new().await;
    let order = bench.order(0).await;
    let label = bench.want(order).await;
    bench.after(11 * 60).await;
    let row = bench.label(label).await;
    assert_eq!(row.state, LabelState::Refused);
    assert!(row.reason.unwrap().contains("ask for rates again"));
    assert_eq!(bench.asked(label), 0);
    bench.books_agree().await;
}

#[tokio::test]
async fn a_blank_label_is_bought_and_never_printed() {
    let mut bench = Bench::new().await;
    let order = bench.order(0).await;
    let label = bench.want(order).await;
    bench.fault("purchaseShipment", FaultKind::BlankLabel);
    bench.pass().await;
    let row = bench.label(label).await;
    assert_eq!(row.state, LabelState::BoughtWithoutDocument, "{row:?}");
    assert!(row.held && row.reason.unwrap().contains("must not be printed"));
    bench.books_agree().await;
}

#[tokio::test]
async fn forgotten_keys_do_not_sell_a_second_label_after_the_first_two_minutes() {
    let mut bench = Bench::new().await;
    let order = bench.order(0).await;
    let label = bench.want(order).await;
    bench.simulator.switch(|switches| {
        switches.forget_keys = true;
        switches.packages_lag_seconds = 120;
    });
    bench.fault("purchaseShipment", FaultKind::ResetAfter);
    bench.pass().await;
    assert_eq!(bench.label(label).await.state, LabelState::Unknown);
    // The program was down for the first two minutes: only the packages may tell now.
    bench.restart();
    bench.after(125).await;
    let row = bench.label(label).await;
    assert_eq!(row.state, LabelState::BoughtWithoutDocument, "{row:?}");
    assert!(row.shipment.is_none() && row.tracking.is_some());
    assert_eq!((bench.asked(label), bench.ledger().shipments.len()), (1, 1));
    bench.books_agree().await;
}

#[tokio::test]
async fn two_minutes_count_from_the_first_send_whoever_made_it() {
    let mut bench = Bench::new().await;
    let order = bench.order(0).await;
    let label = bench.want(order).await;
    bench
        .simulator
        .switch(|switches| switches.packages_lag_seconds = 3_600);
    bench.fault("purchaseShipment", FaultKind::ResetAfter);
    bench.pass().await;
    bench.restart();
    bench.fault("purchaseShipment", FaultKind::ResetAfter);
    bench.after(100).await;
    assert_eq!(bench.asked(label), 2, "within two minutes");
    bench.after(60).await;
    bench.after(50).await;
    assert_eq!(
        bench.asked(label),
        2,
        "not any more, although its own repeat is young"
    );
    bench.after(600).await;
    bench.is_bought_once(label).await;
    assert_eq!((bench.asked(label), bench.ledger().shipments.len()), (3, 1));
}

#[tokio::test]
async fn an_absent_package_proves_nothing() {
    let mut bench = Bench::new().await;
    let order = bench.order(0).await;
    let label = bench.want(order).await;
    bench.fault(
        "purchaseShipment",
        FaultKind::Error {
            status: 500,
            after: false,
        },
    );
    bench.pass().await;
    bench.restart();
    bench.after(130).await;
    bench.after(480).await;
    let row = bench.label(label).await;
    assert_eq!(row.state, LabelState::Unknown, "{row:?}");
    assert_eq!(
        bench.asked(label),
        1,
        "not repeated between two minutes and the quote's end"
    );
    // Once the quote cannot buy any more it is asked once more; the refusal proves nothing either.
    bench.after(600).await;
    let row = bench.label(label).await;
    assert_eq!((row.state, bench.asked(label)), (LabelState::Unknown, 2));
    bench.books_agree().await;
}

#[tokio::test]
async fn an_unknown_cancel_is_repeated() {
    let mut bench = Bench::new().await;
    let order = bench.order(0).await;
    let label = bench.want(order).await;
    bench.pass().await;
    bench.want_void(label).await;
    bench.fault("cancelShipment", FaultKind::ResetAfter);
    bench.pass().await;
    assert_eq!(bench.label(label).await.state, LabelState::VoidUnknown);
    bench.after(60).await;
    assert_eq!(bench.label(label).await.state, LabelState::Voided);
    bench.books_agree().await;
}

#[tokio::test]
async fn a_refused_cancel_leaves_the_label_alive() {
    let mut bench = Bench::new().await;
    let order = bench.order(0).await;
    let label = bench.want(order).await;
    bench.pass().await;
    bench.simulator.switch(|switches| switches.rejects_cancels = true);
    bench.want_void(label).await;
    bench.pass().await;
    let row = bench.label(label).await;
    assert_eq!(row.state, LabelState::VoidRefused, "{row:?}");
    bench.books_agree().await;
}

#[tokio::test]
async fn while_amazon_cannot_be_reached_wishes_wait_and_the_health_says_since_when() {
    let mut bench = Bench::new().await;
    let order = bench.order(0).await;
    let label = bench.want(order).await;
    bench
        .simulator
        .fault(tapegun::simulator::Fault::new("*", FaultKind::ResetBefore));
    let report = bench.pass().await;
    assert_eq!(bench.label(label).await.state, LabelState::Wanted, "{report:?}");
    let since = bench
        .store
        .read(|store| store.health())
        .await
        .unwrap()
        .unreachable_since;
    assert!(since.is_some());
    bench.after(60).await;
    let health = bench.store.read(|store| store.health()).await.unwrap();
    assert_eq!(health.unreachable_since, since, "since the first failure");
    assert_eq!(bench.asked(label), 0);
    bench.simulator.clear_faults();
    bench.after(60).await;
    bench.is_bought_once(label).await;
    assert_eq!(
        bench
            .store
            .read(|store| store.health())
            .await
            .unwrap()
            .unreachable_since,
        None
    );
    println!(
        "F6 a wish while every request was reset for a minute: 0 purchases sent; then bought with {} request, 1 label",
        bench.asked(label)
    );
}

#[tokio::test]
async fn rates_that_amazon_refuses_are_said_in_words() {
    let mut bench = Bench::new().await;
    let order = bench.order(0).await;
    let (box_id, _) = bench.pack(order).await;
    let quote = bench.want_quote(order, box_id).await;
    bench.fault(
        "getRates",
        FaultKind::Error {
            status: 400,
            after: false,
        },
    );
    bench.pass().await;
    let quote = bench.store.read(move |store| store.quote(quote)).await.unwrap();
    let tapegun::domain::rate::QuoteState::Failed(words) = quote.state else {
        panic!("{:?}", quote.state);
    };
    assert!(words.contains("Amazon refused getRates"), "{words}");
}

#[tokio::test]
async fn a_send_that_comes_too_late_is_not_made() {
    let mut bench = Bench::new().await;
    let order = bench.order(0).await;
    let label = bench.want(order).await;
    bench.sync.end().await;
    let (mut slow, _wake) = bench.slow_sync(std::time::Duration::from_millis(1_100));
    slow.pass().await.unwrap();
    let row = bench.label(label).await;
    assert_eq!((row.state, row.attempts), (LabelState::Wanted, 1), "{row:?}");
    assert!(row.reason.unwrap().contains("too slow"));
    assert_eq!(bench.asked(label), 0, "written down, never sent");
    drop(slow);
    bench.restart();
    bench.after(10).await;
    bench.is_bought_once(label).await;
}

#[tokio::test]
async fn a_late_repeat_leaves_the_purchase_unknown_and_never_wanted() {
    let mut bench = Bench::new().await;
    let order = bench.order(0).await;
    let label = bench.want(order).await;
    bench.fault("purchaseShipment", FaultKind::ResetAfter);
    bench.pass().await;
    bench.sync.end().await;
    let (mut slow, _wake) = bench.slow_sync(std::time::Duration::from_millis(1_100));
    bench.clock.advance(std::time::Duration::from_secs(6));
    slow.pass().await.unwrap();
    assert_eq!(bench.label(label).await.state, LabelState::Unknown);
    assert_eq!(bench.asked(label), 1);
    drop(slow);
    bench.restart();
    bench.after(20).await;
    bench.is_bought_once(label).await;
    assert_eq!(bench.ledger().shipments.len(), 1);
}

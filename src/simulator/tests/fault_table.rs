//! Each fault does what it is named after, and sells or does not sell.

use super::*;
use crate::simulator::{Fault, FaultKind};
use std::time::Duration;

async fn ready() -> (Bench, Value) {
    let bench = Bench::new().await;
    let quote = bench.rates(&demo::number(1)).await;
    let body = purchase_body(&quote, "UPS_PTP_GND");
    (bench, body)
}

fn sold(bench: &Bench) -> usize {
    bench.amazon.ledger().shipments.len()
}

#[tokio::test]
async fn errors_before_sell_nothing_and_errors_after_do() {
    let (bench, body) = ready().await;
    for status in [500, 503] {
        bench
            .amazon
            .fault(Fault::new("purchaseShipment", FaultKind::Error { status, after: false }).times(1));
        let reply = bench.buy("key", &body).await;
        assert_eq!(reply.status, status);
        assert!(!reply.code().is_empty() && !reply.headers.contains_key("x-amzn-ratelimit-limit"));
    }
    assert_eq!(sold(&bench), 0);
    bench.amazon.fault(
        Fault::new(
            "purchaseShipment",
            FaultKind::Error {
                status: 500,
                after: true,
            },
        )
        .times(1),
    );
    assert_eq!(bench.buy("key", &body).await.status, 500);
    assert_eq!(sold(&bench), 1);
    assert_eq!(bench.buy("key", &body).await.status, 200);
    assert_eq!(sold(&bench), 1);
}

#[tokio::test]
async fn throttling_comes_with_and_without_its_header() {
    let (bench, body) = ready().await;
    for header in [false, true] {
        bench
            .amazon
            .fault(Fault::new("*", FaultKind::TooManyRequests { header }).times(1));
        let reply = bench.buy("key", &body).await;
        assert_eq!(
            (reply.status, reply.headers.contains_key("x-amzn-ratelimit-limit")),
            (429, header)
        );
    }
    assert_eq!(sold(&bench), 0);
}

#[tokio::test]
async fn a_reset_before_sells_nothing_and_a_reset_after_sells() {
    let (bench, body) = ready().await;
    bench
        .amazon
        .fault(Fault::new("purchaseShipment", FaultKind::ResetBefore).times(1));
    bench.try_buy("key", &body).await.unwrap_err();
    assert_eq!(sold(&bench), 0);
    bench
        .amazon
        .fault(Fault::new("purchaseShipment", FaultKind::ResetAfter).times(1));
    bench.try_buy("key", &body).await.unwrap_err();
    assert_eq!(sold(&bench), 1);
    let repeat = bench.buy("key", &body).await;
    assert_eq!((repeat.status, sold(&bench)), (200, 1));
    assert_eq!(bench.amazon.ledger().purchase_requests_by_key["key"], 3);
}

/// What arrives of an answer whose line breaks.
async fn arrives(bench: &Bench, body: &Value) -> String {
    let call = bench
        .ask("POST", SHIPMENTS)
        .header("x-amzn-IdempotencyKey", "key")
        .json(body);
    String::from_utf8(call.arrived().await).unwrap()
}

#[tokio::test]
async fn an_answer_is_cut_where_it_is_told() {
    let (bench, body) = ready().await;
    bench
        .amazon
        .fault(Fault::new("purchaseShipment", FaultKind::CutAt { byte: 25 }).times(1));
    assert_eq!(arrives(&bench, &body).await.len(), 25);
    bench
        .amazon
        .fault(Fault::new("purchaseShipment", FaultKind::CutAfterShipmentId).times(1));
    let shipment = &bench.amazon.ledger().shipments[0].shipment_id;
    assert_eq!(
        arrives(&bench, &body).await,
        format!("{{\"payload\":{{\"shipmentId\":\"{shipment}\"")
    );
    assert_eq!(sold(&bench), 1);
}

#[tokio::test]
async fn garbled_answers_sell_all_the_same() {
    let (bench, body) = ready().await;
    for kind in [FaultKind::Html, FaultKind::NotJson, FaultKind::NotUtf8] {
        bench
            .amazon
            .fault(Fault::new("purchaseShipment", kind.clone()).times(1));
        let reply = bench.buy("key", &body).await;
        assert_eq!((reply.status, &reply.body), (200, &Value::Null), "{kind:?}");
    }
    assert_eq!(sold(&bench), 1);
}

#[tokio::test]
async fn an_expired_token_is_good_for_nothing_afterwards() {
    let (mut bench, body) = ready().await;
    bench
        .amazon
        .fault(Fault::new("purchaseShipment", FaultKind::ExpiredToken).times(1));
    for _ in 0..2 {
        let reply = bench.buy("key", &body).await;
        assert_eq!((reply.status, reply.code()), (403, "Unauthorized"));
    }
    bench.log_in(demo::REFRESH_TOKEN_FIRST).await;
    assert_eq!(bench.buy("key", &body).await.status, 200);
}

#[tokio::test]
async fn a_quote_expires_and_an_order_is_canceled_under_the_purchase() {
    let (bench, body) = ready().await;
    bench
        .amazon
        .fault(Fault::new("purchaseShipment", FaultKind::ExpiredQuote).times(1));
    assert_eq!(bench.buy("key", &body).await.code(), "TOKEN_EXPIRED");
    let quote = bench.rates(&demo::number(1)).await;
    bench
        .amazon
        .fault(Fault::new("purchaseShipment", FaultKind::CanceledOrder).times(1));
    let reply = bench.buy("key", &purchase_body(&quote, "UPS_PTP_GND")).await;
    assert!(reply.message().contains("canceled"), "{reply:?}");
    let order = bench
        .get(&format!("{ORDERS}/{}?includedData=FULFILLMENT", demo::number(1)))
        .await;
    assert_eq!(
        order.body["order"]["fulfillment"]["fulfillmentStatus"],
        "CANCELLED"
    );
    assert_eq!(sold(&bench), 0);
}

#[tokio::test]
async fn packages_show_late_where_orders_lag() {
    let bench = Bench::with(|config| config.switches.packages_lag_seconds = 120).await;
    let quote = bench.rates(&demo::number(1)).await;
    assert_eq!(
        bench
            .buy("key", &purchase_body(&quote, "UPS_PTP_GND"))
            .await
            .status,
        200
    );
    let path = format!("{ORDERS}/{}?includedData=FULFILLMENT,PACKAGES", demo::number(1));
    let before = bench.get(&path).await.body["order"].clone();
    assert_eq!(before["fulfillment"]["fulfillmentStatus"], "UNSHIPPED");
    assert!(before.get("packages").is_none());
    bench.clock.advance(Duration::from_mins(2));
    let after = bench.get(&path).await.body["order"].clone();
    assert_eq!(after["fulfillment"]["fulfillmentStatus"], "SHIPPED");
    assert_eq!(after["packages"][0]["packageReferenceId"], "1");
}

#[tokio::test]
async fn the_same_key_sells_once_another_key_again_and_a_forgotten_key_too() {
    let (bench, body) = ready().await;
    let first = bench.buy("key-1", &body).await;
    let repeat = bench.buy("key-1", &body).await;
    assert_eq!(first.body, repeat.body);
    let mut other = body.clone();
    other["requestedValueAddedServices"][0]["id"] = json!("SIGNATURE_CONFIRMATION");
    let misused = bench.buy("key-1", &other).await;
    assert_eq!((misused.status, misused.code()), (400, "InvalidInput"));
    assert_eq!(sold(&bench), 1);
    bench.buy("key-2", &body).await;
    assert_eq!(sold(&bench), 2, "a second label for the same box");
    bench.amazon.switch(|switches| switches.forget_keys = true);
    bench.buy("key-1", &body).await;
    assert_eq!(bench.amazon.ledger().live(&demo::number(1)).len(), 3);
    let tracking: std::collections::HashSet<_> = bench
        .amazon
        .ledger()
        .shipments
        .into_iter()
        .map(|shipment| shipment.tracking)
        .collect();
    assert_eq!(tracking.len(), 3);
}

#[tokio::test]
async fn probability_and_count_are_kept_and_the_seed_decides() {
    let mut runs = Vec::new();
    for _ in 0..2 {
        let bench = Bench::with(|config| config.switches.limits = false).await;
        let fault = Fault::new(
            "getOrder",
            FaultKind::Error {
                status: 500,
                after: false,
            },
        );
        bench.amazon.fault(Fault {
            skip: 2,
            ..fault.with_probability(0.5).times(5)
        });
        let mut run = Vec::new();
        for _ in 0..30 {
            run.push(bench.get(&format!("{ORDERS}/{}", demo::number(1))).await.status);
        }
        assert_eq!(run[..2], [200, 200]);
        assert_eq!(run.iter().filter(|status| **status == 500).count(), 5);
        runs.push(run);
    }
    assert_eq!(runs[0], runs[1]);
}

#[tokio::test]
async fn the_control_desk_sets_faults_switches_time_and_orders() {
    let (bench, body) = ready().await;
    let fault = json!({"operation": "purchaseShipment", "kind": "error", "status": 503, "count": 1});
    assert_eq!(bench.post("/_sim/faults", &fault).await.status, 200);
    assert_eq!(bench.buy("key", &body).await.status, 503);
    let wrong = json!([{"operation": "sellEverything", "kind": "html"}]);
    assert_eq!(bench.post("/_sim/faults", &wrong).await.status, 400);
    assert_eq!(
        read(bench.ask("DELETE", "/_sim/faults")).await.unwrap().body,
        json!([])
    );
    assert_eq!(
        bench
            .post("/_sim/switches", &json!({"sells_to_shipped_orders": false}))
            .await
            .status,
        200
    );
    assert_eq!(
        bench
            .post("/_sim/switches", &json!({"gravity": false}))
            .await
            .status,
        400
    );
    let number = demo::number(1);
    let changed = bench
        .post(
            &format!("/_sim/orders/{number}"),
            &json!({"change": "request-cancel"}),
        )
        .await;
    assert_eq!(changed.status, 200, "{changed:?}");
    let order = bench
        .get(&format!("{ORDERS}/{number}?includedData=CANCELLATION"))
        .await
        .body["order"]
        .clone();
    assert_eq!(
        order["orderItems"][0]["cancellation"]["cancellationRequest"]["requester"],
        "BUYER"
    );
    assert_eq!(
        bench
            .post("/_sim/clock", &json!({"advance_seconds": 601}))
            .await
            .status,
        200
    );
    assert_eq!(bench.buy("key", &body).await.code(), "TOKEN_EXPIRED");
    assert_eq!(bench.get("/_sim/ledger").await.body["shipments"], json!([]));
    assert_eq!(
        bench.get("/_sim/orders").await.body.as_array().unwrap().len(),
        bench.amazon.orders().len()
    );
}

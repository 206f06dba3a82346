//! Faults of the network and of Amazon's own making that came after the first table: each does what it is named
//! after, and sells or does not sell.

use super::*;
use crate::simulator::{Fault, FaultKind};
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use md5::{Digest as _, Md5};
use std::io::Read as _;
use std::time::Duration;

async fn ready() -> (Bench, Value) {
    let bench = Bench::with(|config| config.switches.limits = false).await;
    let quote = bench.rates(&demo::number(1)).await;
    let body = purchase_body(&quote, "UPS_PTP_GND");
    (bench, body)
}

fn sold(bench: &Bench) -> usize {
    bench.amazon.ledger().shipments.len()
}

fn strike(bench: &Bench, operation: &str, kind: FaultKind) {
    bench.amazon.fault(Fault::new(operation, kind).times(1));
}

#[tokio::test]
async fn throttling_says_when_and_limits_change() {
    let (bench, body) = ready().await;
    strike(&bench, "purchaseShipment", FaultKind::RetryAfter { seconds: 7 });
    let reply = bench.buy("key", &body).await;
    assert_eq!((reply.status, reply.headers["retry-after"].as_str()), (429, "7"));
    assert_eq!(sold(&bench), 0);
    strike(
        &bench,
        "getOrder",
        FaultKind::LimitHeader {
            rate: "0.05".to_owned(),
        },
    );
    let reply = bench.get(&format!("{ORDERS}/{}", demo::number(1))).await;
    assert_eq!(
        (reply.status, reply.headers["x-amzn-ratelimit-limit"].as_str()),
        (200, "0.05")
    );
    assert_eq!(bench.amazon.ledger().throttled_by_faults["purchaseShipment"], 1);
    assert!(bench.amazon.ledger().throttled.is_empty());
}

#[tokio::test]
async fn pages_come_with_any_status_before_and_after() {
    let (bench, body) = ready().await;
    for (status, after) in [(200, false), (403, false), (502, false), (502, true), (200, true)] {
        let before = sold(&bench);
        strike(&bench, "purchaseShipment", FaultKind::Page { status, after });
        let key = format!("{status} {after}");
        let reply = bench.buy(&key, &body).await;
        assert_eq!(reply.status, status);
        assert!(reply.headers["content-type"].starts_with("text/html"));
        assert!(!reply.headers.contains_key("x-amzn-requestid"), "not Amazon's");
        assert_eq!(sold(&bench) - before, usize::from(after));
    }
    strike(
        &bench,
        "purchaseShipment",
        FaultKind::Error {
            status: 504,
            after: true,
        },
    );
    assert_eq!(bench.buy("504", &body).await.code(), "GatewayTimeout");
}

#[tokio::test]
async fn a_portal_stands_in_the_way() {
    let (bench, body) = ready().await;
    strike(&bench, "*", FaultKind::CaptivePortal { redirect: false });
    let page = bench.buy("key", &body).await;
    assert_eq!((page.status, &page.body), (200, &Value::Null));
    strike(&bench, "*", FaultKind::CaptivePortal { redirect: true });
    let elsewhere = bench.buy("key", &body).await;
    assert_eq!(
        (elsewhere.status, elsewhere.headers["location"].as_str()),
        (302, "/_sim/portal")
    );
    assert_eq!(bench.get("/_sim/portal").await.status, 200);
    assert_eq!(sold(&bench), 0);
}

#[tokio::test]
async fn an_answer_is_cut_in_its_head() {
    let (bench, body) = ready().await;
    for byte in [0, 1, 20, 90] {
        strike(&bench, "purchaseShipment", FaultKind::CutInHead { byte });
        bench.try_buy("key", &body).await.unwrap_err();
    }
    assert_eq!(sold(&bench), 1, "the key holds");
    assert_eq!(bench.buy("key", &body).await.status, 200);
}

#[tokio::test]
async fn a_half_open_line_takes_the_request_and_never_answers() {
    let (bench, body) = ready().await;
    for (after, labels) in [(false, 0), (true, 1)] {
        strike(&bench, "purchaseShipment", FaultKind::HalfOpen { after });
        let waiting = tokio::time::timeout(Duration::from_millis(100), bench.buy("key", &body)).await;
        assert!(waiting.is_err(), "{waiting:?}");
        assert_eq!(sold(&bench), labels);
    }
    assert_eq!(bench.buy("key", &body).await.status, 200, "others are answered");
}

#[tokio::test]
async fn tokens_are_revoked_and_restricted_ones_expire() {
    let (mut bench, body) = ready().await;
    strike(&bench, "purchaseShipment", FaultKind::RevokedToken);
    let revoked = bench.buy("key", &body).await;
    assert_eq!((revoked.status, revoked.code()), (401, "Unauthorized"));
    assert!(revoked.message().contains("revoked"));
    strike(
        &bench,
        "token",
        FaultKind::LoginError {
            error: "invalid_grant".to_owned(),
            status: 400,
        },
    );
    let refused = bench.token(&login(demo::REFRESH_TOKEN_FIRST)).await;
    assert_eq!(
        (refused.status, &refused.body["error"]),
        (400, &json!("invalid_grant"))
    );
    bench.log_in(demo::REFRESH_TOKEN_FIRST).await;
    let details = bench.details(&demo::number(1));
    let payload = bench.eligible(&details).await;
    for kind in [FaultKind::ExpiredToken, FaultKind::RevokedToken] {
        strike(&bench, "createShipment", kind);
        let reply = bench.create(&details, &payload, "UPS_PTP_GND").await;
        assert_eq!((reply.status, reply.code()), (403, "Unauthorized"));
    }
    assert_eq!(sold(&bench), 0);
    assert_eq!(bench.create(&details, &payload, "UPS_PTP_GND").await.status, 200);
}

/// The content of an answer to a purchase by Shipping v2: reference, tracking number, document.
fn content(reply: &Reply) -> (String, String, String) {
    let package = &reply.body["payload"]["packageDocumentDetails"][0];
    let text = |value: &Value| value.as_str().unwrap().to_owned();
    (
        text(&package["packageClientReferenceId"]),
        text(&package["trackingId"]),
        text(&package["packageDocuments"][0]["contents"]),
    )
}

#[tokio::test]
async fn an_answer_can_be_anothers() {
    let (bench, first) = ready().await;
    let other = demo::number(2);
    let quote = bench.rates(&other).await;
    let second = purchase_body(&quote, "UPS_PTP_GND");
    let right = bench.buy("first", &first).await;
    strike(&bench, "purchaseShipment", FaultKind::StaleAnswer);
    let stale = bench.buy("second", &second).await;
    assert_eq!(stale.body, right.body);
    let truth = bench.buy("second", &second).await;
    assert_ne!(truth.body, right.body);
    assert_eq!(sold(&bench), 2);

    let (reference, tracking, document) = content(&truth);
    strike(&bench, "purchaseShipment", FaultKind::WrongOrder);
    let wrong = content(&bench.buy("second", &second).await);
    assert!(wrong.0 != reference && wrong.1 == tracking && wrong.2 == document);
    strike(&bench, "purchaseShipment", FaultKind::UsedTracking);
    let wrong = content(&bench.buy("second", &second).await);
    assert_eq!(
        (wrong.0, wrong.1, wrong.2),
        (reference.clone(), content(&right).1, document.clone())
    );
    strike(&bench, "purchaseShipment", FaultKind::WrongLabel);
    let wrong = content(&bench.buy("second", &second).await);
    assert_eq!(
        (wrong.0, wrong.1, wrong.2),
        (reference, tracking, content(&right).2)
    );
    strike(&bench, "getOrder", FaultKind::WrongOrder);
    let order = bench.get(&format!("{ORDERS}/{other}")).await;
    assert_ne!(order.body["order"]["orderId"], json!(other));
}

#[tokio::test]
async fn the_first_label_can_be_anothers_too() {
    let (bench, body) = ready().await;
    strike(&bench, "purchaseShipment", FaultKind::WrongLabel);
    let wrong = content(&bench.buy("key", &body).await);
    let right = content(&bench.buy("key", &body).await);
    assert!(wrong.1 == right.1 && wrong.2 != right.2);
}

fn unpacked(file: &Value) -> std::io::Result<Vec<u8>> {
    let packed = STANDARD.decode(file["Contents"].as_str().unwrap()).unwrap();
    let mut bytes = Vec::new();
    flate2::read::GzDecoder::new(packed.as_slice()).read_to_end(&mut bytes)?;
    Ok(bytes)
}

#[tokio::test]
async fn a_label_of_merchant_fulfillment_can_be_broken_or_anothers() {
    let (bench, _) = ready().await;
    let details = bench.details(&demo::number(1));
    let payload = bench.eligible(&details).await;
    let mut files = Vec::new();
    for kind in [
        FaultKind::TruncatedGzip,
        FaultKind::BadChecksum,
        FaultKind::WrongLabel,
        FaultKind::WrongOrder,
        FaultKind::UsedTracking,
    ] {
        strike(&bench, "createShipment", kind);
        let reply = bench.create(&details, &payload, "UPS_PTP_GND").await;
        assert_eq!(reply.status, 200, "{reply:?}");
        let id = reply.body["payload"]["ShipmentId"].as_str().unwrap().to_owned();
        let truth = bench.merchant("GET", &id).await;
        files.push((reply.body["payload"].clone(), truth.body["payload"].clone()));
    }
    let file = |payload: &Value| payload["Label"]["FileContents"].clone();
    let sum = |bytes: Vec<u8>| json!(STANDARD.encode(Md5::digest(bytes)));
    assert!(unpacked(&file(&files[0].0)).is_err());
    assert_eq!(
        sum(unpacked(&file(&files[0].1)).unwrap()),
        file(&files[0].0)["Checksum"]
    );
    let doubtful = file(&files[1].0);
    assert_ne!(sum(unpacked(&doubtful).unwrap()), doubtful["Checksum"]);
    let foreign = file(&files[2].0);
    assert_eq!(
        sum(unpacked(&foreign).unwrap()),
        foreign["Checksum"],
        "whole, but not ours"
    );
    assert_ne!(unpacked(&foreign).unwrap(), unpacked(&file(&files[2].1)).unwrap());
    assert_ne!(files[3].0["AmazonOrderId"], files[3].1["AmazonOrderId"]);
    assert_eq!(files[4].0["TrackingId"], files[0].1["TrackingId"]);
    assert_ne!(files[4].0["TrackingId"], files[4].1["TrackingId"]);
    strike(&bench, "createShipment", FaultKind::CutAfterShipmentId);
    let token = bench.restricted().await;
    let body = json!({"ShipmentRequestDetails": details, "ShippingServiceId": "UPS_PTP_GND"});
    let cut = bench
        .ask("POST", MERCHANT)
        .header("x-amz-access-token", &token)
        .json(&body)
        .arrived()
        .await;
    let id = bench.amazon.ledger().shipments.pop().unwrap().shipment_id;
    assert_eq!(
        String::from_utf8(cut).unwrap(),
        format!("{{\"payload\":{{\"ShipmentId\":\"{id}\"")
    );
}

#[tokio::test]
async fn a_spoilt_content_waits_for_an_answer_that_arrives_whole() {
    let (bench, _) = ready().await;
    let details = bench.details(&demo::number(1));
    let payload = bench.eligible(&details).await;
    strike(&bench, "createShipment", FaultKind::BadChecksum);
    strike(
        &bench,
        "createShipment",
        FaultKind::TooManyRequests { header: false },
    );
    let left = async || {
        let all = bench.get("/_sim/faults").await.body;
        let ours = |fault: &&Value| fault["kind"] == "bad-checksum";
        all.as_array().unwrap().iter().find(ours).unwrap()["count"].as_u64()
    };
    let status = bench.create(&details, &payload, "UPS_PTP_GND").await.status;
    assert_eq!((status, left().await), (429, Some(1)));
    let carried_out = FaultKind::Error {
        status: 500,
        after: true,
    };
    strike(&bench, "createShipment", carried_out);
    let status = bench.create(&details, &payload, "UPS_PTP_GND").await.status;
    assert_eq!((status, left().await), (500, Some(1)));
    let reply = bench.create(&details, &payload, "UPS_PTP_GND").await;
    assert_eq!((reply.status, left().await), (200, Some(0)));
    let file = &reply.body["payload"]["Label"]["FileContents"];
    let own = json!(STANDARD.encode(Md5::digest(unpacked(file).unwrap())));
    assert_ne!(file["Checksum"], own);
}

#[tokio::test]
async fn every_fault_can_be_set_over_the_control_desk() {
    let (bench, _) = ready().await;
    let faults = json!([
        {"kind": "too-many-requests", "header": true},
        {"kind": "retry-after", "seconds": 3},
        {"kind": "limit-header", "rate": "1.0"},
        {"kind": "page", "status": 503},
        {"kind": "captive-portal"},
        {"kind": "error", "status": 504, "after": true},
        {"kind": "named", "status": 400, "code": "InsufficientFunds", "message": "m"},
        {"kind": "slow", "milliseconds": 30000},
        {"kind": "half-open", "after": true},
        {"kind": "reset-before"},
        {"kind": "reset-after"},
        {"kind": "cut-in-head", "byte": 0},
        {"kind": "cut-at", "byte": 0},
        {"kind": "cut-after-shipment-id"},
        {"kind": "html"},
        {"kind": "not-json"},
        {"kind": "not-utf8"},
        {"kind": "expired-token"},
        {"kind": "revoked-token"},
        {"operation": "token", "kind": "login-error", "error": "invalid_grant"},
        {"kind": "expired-quote"},
        {"kind": "canceled-order"},
        {"kind": "blank-label"},
        {"kind": "stale-answer"},
        {"kind": "wrong-order"},
        {"kind": "wrong-label"},
        {"kind": "used-tracking"},
        {"kind": "truncated-gzip"},
        {"kind": "bad-checksum"},
    ]);
    let reply = bench.post("/_sim/faults", &faults).await;
    assert_eq!(reply.status, 200, "{reply:?}");
    assert_eq!(reply.body.as_array().unwrap().len(), 29);
}

#[tokio::test]
async fn requests_are_counted_by_minute_and_listed_with_their_time() {
    let bench = Bench::new().await;
    let path = format!("{ORDERS}/{}", demo::number(1));
    for _ in 0..31 {
        bench.get(&path).await;
    }
    bench.clock.advance(Duration::from_mins(1));
    for _ in 0..5 {
        bench.get(&path).await;
    }
    let ledger = bench.amazon.ledger();
    assert_eq!(
        (
            ledger.requests["getOrder"],
            ledger.peak_requests_per_minute["getOrder"]
        ),
        (36, 31)
    );
    assert_eq!(ledger.throttled["getOrder"], 1);
    let listed = bench.get("/_sim/requests?operation=getOrder").await.body;
    assert_eq!(listed.as_array().unwrap().len(), 36);
    assert_eq!(
        (&listed[30]["status"], &listed[31]["status"]),
        (&json!(429), &json!(200))
    );
    assert_eq!(listed[31]["at"], "2026-10-06T18:01:00Z");
    assert_eq!(listed[0]["seller"], 0);
    let limits = bench.get("/_sim/limits").await.body;
    assert_eq!(limits["createShipment"], json!({"rate": 2.0, "burst": 2.0}));
    assert_eq!(limits["confirmShipment"], json!({"rate": 2.0, "burst": 10.0}));
    let seen = bench.get("/_sim/ledger").await.body;
    assert_eq!(seen["peakRequestsPerMinute"]["getOrder"], 31);
}

//! Merchant Fulfillment v0: voids and what becomes of the money.

use super::*;
use std::time::Duration;

/// A bench with one label, and its shipment.
async fn bought(change: impl FnOnce(&mut SimulatorConfig)) -> (Bench, String) {
    let bench = Bench::with(|config| {
        config.switches.limits = false;
        change(config);
    })
    .await;
    let details = bench.details(&demo::number(1));
    let payload = bench.eligible(&details).await;
    let reply = bench.create(&details, &payload, "UPS_PTP_GND").await;
    let id = reply.body["payload"]["ShipmentId"].as_str().unwrap().to_owned();
    (bench, id)
}

async fn state(bench: &Bench, id: &str) -> String {
    let reply = bench.merchant("GET", id).await;
    reply.body["payload"]["Status"].as_str().unwrap().to_owned()
}

fn refund(bench: &Bench) -> String {
    bench.amazon.ledger().shipments[0]
        .refund
        .clone()
        .unwrap_or_default()
}

#[tokio::test]
async fn a_void_is_pending_and_then_applied() {
    let (bench, id) = bought(|config| config.switches.packages_lag_seconds = 30).await;
    bench.clock.advance(Duration::from_secs(30));
    let canceled = bench.merchant("DELETE", &id).await;
    assert_eq!(canceled.status, 200, "{canceled:?}");
    let payload = &canceled.body["payload"];
    assert_eq!(payload["Status"], "RefundPending");
    assert_eq!(
        payload["Label"]["FileContents"],
        json!({"Contents": "", "FileType": "", "Checksum": ""})
    );
    assert_eq!(payload["Label"]["LabelFormat"], "");
    assert_eq!(bench.amazon.ledger().live(&demo::number(1)).len(), 0);
    assert_eq!(refund(&bench), "pending");
    let again = bench.merchant("DELETE", &id).await;
    assert_eq!((again.status, again.code()), (404, "InvalidState"));
    let path = format!("{ORDERS}/{}?includedData=FULFILLMENT,PACKAGES", demo::number(1));
    let order = bench.get(&path).await.body["order"].clone();
    assert_eq!(
        order["packages"][0]["packageStatus"]["status"], "PENDING",
        "Orders lags"
    );
    bench.clock.advance(Duration::from_secs(30));
    let order = bench.get(&path).await.body["order"].clone();
    assert_eq!(
        order["fulfillment"]["fulfillmentStatus"], "SHIPPED",
        "it stays shipped"
    );
    assert_eq!(
        order["packages"][0]["packageStatus"],
        json!({"status": "CANCELLED", "detailedStatus": "LABEL_CANCELLED"})
    );
    bench.clock.advance(Duration::from_secs(569));
    assert_eq!(state(&bench, &id).await, "RefundPending");
    bench.clock.advance(Duration::from_secs(1));
    assert_eq!(state(&bench, &id).await, "RefundApplied");
    assert_eq!(refund(&bench), "applied");
    assert_eq!(
        bench.amazon.ledger().cancel_requests_by_shipment[&id],
        2,
        "both interfaces count here"
    );
}

#[tokio::test]
async fn a_refund_is_rejected_by_a_switch_and_by_the_carriers_scan() {
    let (bench, id) = bought(|config| config.switches.rejects_refunds = true).await;
    bench.merchant("DELETE", &id).await;
    bench.amazon.switch(|switches| switches.rejects_refunds = false);
    bench.clock.advance(Duration::from_mins(10));
    assert_eq!(state(&bench, &id).await, "RefundRejected");

    let (bench, id) = bought(|config| config.switches.refund_seconds = 60).await;
    bench.merchant("DELETE", &id).await;
    let scan = bench
        .post(&format!("/_sim/shipments/{id}/scan"), &json!({}))
        .await;
    assert_eq!(scan.status, 200);
    bench.clock.advance(Duration::from_mins(1));
    assert_eq!(
        state(&bench, &id).await,
        "RefundRejected",
        "the carrier has the parcel"
    );
    assert_eq!(refund(&bench), "rejected");
}

#[tokio::test]
async fn a_void_is_refused_when_it_is_too_late() {
    let (bench, id) = bought(|_| {}).await;
    bench.clock.advance(Duration::from_hours(24 * 14 + 1));
    // Tokens live an hour.
    let mut bench = bench;
    bench.log_in(demo::REFRESH_TOKEN_FIRST).await;
    let late = bench.merchant("DELETE", &id).await;
    assert_eq!((late.status, late.code()), (400, "LabelCancelWindowExpired"));

    let (bench, id) = bought(|_| {}).await;
    let tracking = bench.amazon.ledger().shipments[0].tracking.clone();
    assert!(bench.amazon.scan(&tracking).unwrap());
    assert!(!bench.amazon.scan("1Z").unwrap());
    let scanned = bench.merchant("DELETE", &id).await;
    assert_eq!(scanned.code(), "LabelCancelWindowExpired");
    assert_eq!(state(&bench, &id).await, "Purchased");
    assert!(bench.amazon.ledger().shipments[0].scanned_at.is_some());
}

#[tokio::test]
async fn a_shipments_id_is_a_uuid_of_this_seller() {
    let (mut bench, id) = bought(|_| {}).await;
    for method in ["GET", "DELETE"] {
        let odd = bench.merchant(method, "TEST_CASE_400").await;
        assert_eq!((odd.status, odd.code()), (400, "InvalidInput"));
        assert!(odd.message().contains("at 'shipmentId'"), "{}", odd.message());
    }
    bench.log_in(demo::REFRESH_TOKEN_SECOND).await;
    let foreign = bench.merchant("DELETE", &id).await;
    assert_eq!((foreign.status, foreign.code()), (404, "ResourceNotFound"));
}

#[tokio::test]
async fn the_ledgers_file_keeps_refunds_and_scans() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("ledger.jsonl");
    let file = path.clone();
    let (bench, id) = bought(|config| config.ledger = Some(file)).await;
    bench.merchant("DELETE", &id).await;
    bench.amazon.scan(&id).unwrap();
    let sold = serde_json::to_value(bench.amazon.ledger().shipments).unwrap();
    let before = bench.merchant("GET", &id).await.body;
    bench.amazon.stop().await;
    let bench = Bench::with(|config| config.ledger = Some(path)).await;
    assert_eq!(
        serde_json::to_value(bench.amazon.ledger().shipments).unwrap(),
        sold
    );
    assert_eq!(bench.merchant("GET", &id).await.body, before);
}

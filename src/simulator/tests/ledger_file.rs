//! The ledger survives the simulator.

use super::*;
use crate::simulator::OrderChange;
use std::io::Write as _;
use std::path::Path;

async fn open(path: &Path) -> Bench {
    let path = path.to_owned();
    Bench::with(|config| config.ledger = Some(path)).await
}

#[tokio::test]
async fn what_was_sold_canceled_and_changed_is_there_again() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("ledger.jsonl");
    let bench = open(&path).await;
    let (first, second) = (demo::number(1), demo::number(2));
    let quote = bench.rates(&first).await;
    let body = purchase_body(&quote, "UPS_PTP_GND");
    let bought = bench.buy("key-1", &body).await;
    let shipment = bought.body["payload"]["shipmentId"].as_str().unwrap().to_owned();
    let other = bench.buy("key-2", &body).await.body["payload"]["shipmentId"]
        .as_str()
        .unwrap()
        .to_owned();
    read(bench.ask("PUT", &format!("{SHIPMENTS}/{other}/cancel")))
        .await
        .unwrap();
    bench
        .amazon
        .change(
            &second,
            OrderChange::Street {
                line: "9 New St".to_owned(),
            },
        )
        .unwrap();
    let sold = serde_json::to_value(bench.amazon.ledger().shipments).unwrap();
    bench.amazon.stop().await;

    let bench = open(&path).await;
    assert_eq!(
        serde_json::to_value(bench.amazon.ledger().shipments).unwrap(),
        sold
    );
    assert_eq!(bench.order(&second).address.lines[0], "9 New St");
    let repeat = bench.buy("key-1", &body).await;
    assert_eq!(
        repeat.body, bought.body,
        "the key is known, the label is the same"
    );
    let documents = bench
        .get(&format!(
            "{SHIPMENTS}/{shipment}/documents?packageClientReferenceId={first}-1"
        ))
        .await;
    assert_eq!(
        documents.body["payload"]["packageDocumentDetail"],
        bought.body["payload"]["packageDocumentDetails"][0]
    );
    let order = bench
        .get(&format!("{ORDERS}/{first}?includedData=PACKAGES,FULFILLMENT"))
        .await;
    assert_eq!(order.body["order"]["packages"].as_array().unwrap().len(), 2);
    let late = bench.buy("key-3", &body).await;
    assert_eq!(late.code(), "TOKEN_EXPIRED", "quotes do not survive");
}

#[tokio::test]
async fn the_demo_keeps_its_times_over_a_restart() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("ledger.jsonl");
    let bench = open(&path).await;
    let due = bench.order(&demo::number(1)).ship_by;
    bench.amazon.stop().await;
    let later = path.clone();
    let bench = Bench::with(|config| {
        config.ledger = Some(later);
        config.clock = Arc::new(ManualClock::new(tuesday() + chrono::TimeDelta::hours(5)));
    })
    .await;
    assert_eq!(bench.order(&demo::number(1)).ship_by, due);
}

#[tokio::test]
async fn a_torn_last_line_is_cut_off_and_a_foreign_file_refused() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("ledger.jsonl");
    let bench = open(&path).await;
    let quote = bench.rates(&demo::number(1)).await;
    bench.buy("key-1", &purchase_body(&quote, "UPS_PTP_GND")).await;
    bench.amazon.stop().await;
    let whole = std::fs::read(&path).unwrap();
    std::fs::OpenOptions::new()
        .append(true)
        .open(&path)
        .unwrap()
        .write_all(b"{\"entry\":\"bou")
        .unwrap();
    let bench = open(&path).await;
    assert_eq!(bench.amazon.ledger().shipments.len(), 1);
    assert_eq!(std::fs::read(&path).unwrap(), whole);
    bench.amazon.stop().await;

    std::fs::write(&path, "a diary\n").unwrap();
    let clock: Arc<dyn Clock> = Arc::new(ManualClock::new(tuesday()));
    let config = SimulatorConfig {
        ledger: Some(path),
        ..SimulatorConfig::demo(clock)
    };
    let error = Simulator::start(config).err().unwrap();
    assert!(error.to_string().contains("line 1 is no ledger entry"), "{error}");
}

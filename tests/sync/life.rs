//! The main life of a label, and what surrounds it.

use crate::bench::{Bench, STATION};
use std::sync::{Arc, Mutex};
use tapegun::clock::Clock;
use tapegun::domain::ids::StationId;
use tapegun::domain::order::Flag;
use tapegun::domain::rows::PrintState;
use tapegun::domain::shipment::LabelState;
use tapegun::domain::status::OrderStatus;
use tapegun::simulator::OrderChange;
use tapegun::sync::{SendSheet, print_waiting};

#[tokio::test]
async fn a_label_is_bought_printed_and_voided() {
    let mut bench = Bench::new().await;
    let order = bench.order(0).await;
    let label = bench.want(order).await;
    let report = bench.pass().await;
    assert_eq!(report.settled.len(), 1, "{report:?}");
    bench.is_bought_once(label).await;
    assert_eq!(
        bench.detail(order).await.order.status,
        OrderStatus::ReadyForPickup
    );
    assert_eq!(bench.asked(label), 1);

    let sheets = Arc::new(Mutex::new(Vec::new()));
    let paper = Arc::clone(&sheets);
    let printer: SendSheet = Arc::new(move |_, _, bytes, _| {
        paper.lock().unwrap().push(bytes.to_vec());
        Ok(())
    });
    let station = StationId::from(STATION);
    let clock = Arc::clone(&bench.clock) as Arc<dyn Clock>;
    let sheets_sent = print_waiting(
        &bench.store,
        &bench.vault,
        &printer,
        &station,
        false,
        clock.as_ref(),
    )
    .await
    .unwrap();
    assert_eq!(sheets_sent.len(), 1);
    assert_eq!(sheets_sent[0].result, Ok(()));
    let tracking = bench.label(label).await.tracking.unwrap();
    let sheet = String::from_utf8_lossy(&sheets.lock().unwrap()[0]).into_owned();
    assert!(sheet.starts_with("^XA"), "the paper shows the label as bought");
    assert_eq!(bench.label(label).await.state, LabelState::Printed, "{tracking}");
    assert_eq!(bench.detail(order).await.order.status, OrderStatus::Shipped);

    bench.want_void(label).await;
    bench.pass().await;
    assert_eq!(bench.label(label).await.state, LabelState::Voided);
    assert_eq!(bench.detail(order).await.order.status, OrderStatus::ReadyToPick);
    bench.books_agree().await;
}

#[tokio::test]
async fn a_voided_box_is_packed_and_bought_again() {
    let mut bench = Bench::new().await;
    let order = bench.order(0).await;
    let first = bench.want(order).await;
    bench.pass().await;
    bench.want_void(first).await;
    bench.pass().await;
    let second = bench.want(order).await;
    bench.pass().await;
    bench.is_bought_once(second).await;
    // Amazon lists its package as canceled by then.
    assert_eq!(bench.label(first).await.state, LabelState::RefundPending);
}

#[tokio::test]
async fn a_failed_printer_leaves_the_purchase_alone() {
    let mut bench = Bench::new().await;
    let order = bench.order(0).await;
    let label = bench.want(order).await;
    bench.pass().await;
    let broken: SendSheet = Arc::new(|_, _, _, _| Err("out of paper".to_owned()));
    let station = StationId::from(STATION);
    let clock = Arc::clone(&bench.clock) as Arc<dyn Clock>;
    let sheets_sent = print_waiting(
        &bench.store,
        &bench.vault,
        &broken,
        &station,
        false,
        clock.as_ref(),
    )
    .await
    .unwrap();
    assert_eq!(sheets_sent[0].result, Err("out of paper".to_owned()));
    let jobs = bench
        .store
        .read(move |store| store.print_jobs(&station))
        .await
        .unwrap();
    assert_eq!(jobs[0].state, PrintState::Failed);
    bench.is_bought_once(label).await;
}

#[tokio::test]
async fn a_sweep_brings_what_changed_and_keeps_what_was_packed() {
    let mut bench = Bench::new().await;
    let (packed, other) = (bench.order(0).await, bench.order(1).await);
    bench.pack(packed).await;
    bench
        .change(
            packed,
            OrderChange::Street {
                line: "9 New Road".to_owned(),
            },
        )
        .await;
    bench.change(other, OrderChange::Cancel).await;
    let report = bench.after(1_000).await;
    assert_eq!(report.imported.changed, 2, "{report:?}");
    let packed = bench.detail(packed).await;
    assert_eq!(packed.order.flags, [Flag::AddressChanged]);
    assert!(!packed.scans.is_empty(), "the bench's work stays");
    assert_eq!(bench.detail(other).await.order.status, OrderStatus::Canceled);
}

#[tokio::test]
async fn customers_data_is_only_in_the_vault() {
    let mut bench = Bench::new().await;
    let order = bench.order(0).await;
    let label = bench.want(order).await;
    bench.pass().await;
    bench.is_bought_once(label).await;
    let number = bench.detail(order).await.order.channel.number;
    let address = bench.simulator.order(number.as_str()).unwrap().address;
    let store = bench.detail(order).await.order.channel.store;
    let (key, sealed) = bench
        .store
        .read(move |store| store.customer(order))
        .await
        .unwrap()
        .unwrap();
    let customer = bench.vault.open_customer(&key, &store, &number, &sealed).unwrap();
    assert_eq!(customer.recipient.name, address.name);
    for file in std::fs::read_dir(bench.folder.path()).unwrap() {
        let path = file.unwrap().path();
        let bytes = std::fs::read(&path).unwrap();
        for text in [&address.name, &address.phone, &address.lines[0]] {
            let found = bytes.windows(text.len()).any(|window| window == text.as_bytes());
            assert!(!found, "{text} in {}", path.display());
        }
    }
}

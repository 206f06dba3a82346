//! Wishes in bulk (PURCHASING.md 6): fresh by the sweep, after the bench, and nothing asked once the task ends.

use crate::bench::Bench;
use std::time::Duration;
use tapegun::clock::Clock as _;
use tapegun::domain::bucket::Haste;
use tapegun::domain::shipment::LabelState;
use tapegun::simulator::{Fault, FaultKind, OrderChange};

fn requests(bench: &Bench, operation: &str) -> u64 {
    bench
        .ledger()
        .requests
        .get(operation)
        .copied()
        .unwrap_or_default()
}

async fn in_bulk() -> Bench {
    let mut bench = Bench::new().await;
    bench.haste = Haste::Bulk;
    bench
}

#[tokio::test]
async fn the_sweep_tells_and_no_order_is_asked_for_by_itself() {
    let mut bench = in_bulk().await;
    let (first, second) = (bench.order(0).await, bench.order(1).await);
    let (one, other) = (bench.want(first).await, bench.want(second).await);
    let sweeps = requests(&bench, "searchOrders");
    bench.pass().await;
    bench.is_bought_once(one).await;
    bench.is_bought_once(other).await;
    assert_eq!(requests(&bench, "getOrder"), 0);
    assert_eq!(
        requests(&bench, "searchOrders"),
        sweeps,
        "the last one is young enough"
    );
}

#[tokio::test]
async fn an_old_sweep_is_made_anew_before_anything_is_bought() {
    let mut bench = in_bulk().await;
    let order = bench.order(0).await;
    let (box_id, turn) = bench.pack(order).await;
    let quote = bench.want_quote(order, box_id).await;
    bench.pass().await;
    // The sweep knew everything up to two minutes before.
    bench.clock.advance(Duration::from_secs(170));
    let label = bench.want_from(order, box_id, turn, quote).await;
    let sweeps = requests(&bench, "searchOrders");
    bench.pass().await;
    bench.after(1).await;
    bench.is_bought_once(label).await;
    assert_eq!(requests(&bench, "searchOrders"), sweeps + 1);
    assert_eq!(requests(&bench, "getOrder"), 0);
}

#[tokio::test]
async fn what_the_new_sweep_says_stops_the_purchase() {
    let mut bench = in_bulk().await;
    let (order, sound) = (bench.order(0).await, bench.order(1).await);
    let mut labels = Vec::new();
    for order in [order, sound] {
        let (box_id, turn) = bench.pack(order).await;
        let quote = bench.want_quote(order, box_id).await;
        bench.pass().await;
        labels.push((order, box_id, turn, quote));
    }
    bench.change(order, OrderChange::Cancel).await;
    bench.clock.advance(Duration::from_secs(170));
    let mut wanted = Vec::new();
    for (order, box_id, turn, quote) in labels {
        wanted.push(bench.want_from(order, box_id, turn, quote).await);
    }
    bench.pass().await;
    bench.after(1).await;
    assert_eq!(bench.label(wanted[0]).await.state, LabelState::Refused);
    assert_eq!(bench.asked(wanted[0]), 0, "nothing was asked");
    bench.is_bought_once(wanted[1]).await;
}

#[tokio::test]
async fn with_an_empty_bucket_it_waits_and_says_so() {
    let mut bench = in_bulk().await;
    let order = bench.order(0).await;
    let (box_id, turn) = bench.pack(order).await;
    let quote = bench.want_quote(order, box_id).await;
    bench.pass().await;
    bench.clock.advance(Duration::from_secs(200));
    let label = bench.want_from(order, box_id, turn, quote).await;
    bench
        .simulator
        .fault(Fault::new("searchOrders", FaultKind::TooManyRequests { header: false }).times(1));
    bench.pass().await;
    let report = bench.after(1).await;
    assert_eq!(bench.asked(label), 0);
    let why = &report
        .waiting
        .iter()
        .find(|one| one.label == Some(label))
        .unwrap()
        .why;
    assert!(why.contains("last compared with Amazon 5 minutes ago"), "{why}");
    assert!(why.contains("limit for searchOrders is used up"), "{why}");
    // A bench's purchase goes on meanwhile: its order is asked for by itself.
    bench.haste = Haste::Bench;
    let other = bench.order(1).await;
    let at_the_bench = bench.want(other).await;
    bench.pass().await;
    bench.is_bought_once(at_the_bench).await;
    bench.after(230).await;
    bench.after(1).await;
    bench.is_bought_once(label).await;
}

#[tokio::test]
async fn what_is_under_way_while_the_wishes_are_read_anew_is_asked_once() {
    let mut bench = in_bulk().await;
    let mut quotes = Vec::new();
    for at in [0, 1] {
        let order = bench.order(at).await;
        let (box_id, _) = bench.pack(order).await;
        quotes.push(bench.quote_request(order, box_id).await);
    }
    let now = bench.clock.now();
    let write = bench
        .store
        .write(move |store| store.want_quotes_in_bulk(&quotes, now));
    let ids: Vec<_> = write.await.unwrap().into_iter().map(Result::unwrap).collect();
    // One answer comes late; the other call fails, so the wishes are read from the first again.
    let late = FaultKind::Slow { milliseconds: 300 };
    bench.simulator.fault(Fault::new("getRates", late).times(1));
    let fails = Fault {
        skip: 1,
        ..Fault::new("getRates", FaultKind::ResetBefore).times(1)
    };
    bench.simulator.fault(fails);
    bench.pass().await;
    assert_eq!(requests(&bench, "getRates"), 2);
    bench.after(5).await;
    assert_eq!(requests(&bench, "getRates"), 3, "only what failed is asked again");
    let read = bench.store.read(move |store| store.answered_quotes(&ids));
    assert_eq!(read.await.unwrap().len(), 2);
}

#[tokio::test]
async fn once_the_task_ends_nothing_more_is_asked() {
    let mut bench = in_bulk().await;
    let order = bench.order(0).await;
    let label = bench.want(order).await;
    bench.sync.end().await;
    bench.pass().await;
    assert_eq!(bench.asked(label), 0);
    assert_eq!(bench.label(label).await.state, LabelState::Wanted);
    bench.restart();
    bench.pass().await;
    bench.is_bought_once(label).await;
}

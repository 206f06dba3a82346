//! Several processes on one store, processes that die, and a store that would not take an answer.

use crate::bench::Bench;
use tapegun::domain::shipment::LabelState;
use tapegun::simulator::FaultKind;

#[tokio::test]
async fn of_two_processes_one_leads_and_the_other_takes_over() {
    let mut bench = Bench::new().await;
    let (mut second, _wake) = bench.second_sync();
    let order = bench.order(0).await;
    let label = bench.want(order).await;
    let report = second.once().await.unwrap();
    assert!(report.another_leads);
    assert_eq!(bench.asked(label), 0, "only the leader asks");
    bench.sync.end().await;
    let report = second.once().await.unwrap();
    assert!(!report.another_leads);
    bench.is_bought_once(label).await;
}

#[tokio::test]
async fn what_a_dead_leader_asked_is_unknown_and_settled_by_the_next() {
    let mut bench = Bench::new().await;
    let order = bench.order(0).await;
    let label = bench.want(order).await;
    bench.simulator.fault(tapegun::simulator::Fault::new(
        "purchaseShipment",
        FaultKind::Slow { milliseconds: 200 },
    ));
    {
        // The process dies while the answer is under way: the label is *asked*, and Amazon has sold it.
        let pass = bench.sync.pass();
        tokio::pin!(pass);
        loop {
            tokio::select! {
                _ = &mut pass => panic!("the answer came too early"),
                () = tokio::time::sleep(std::time::Duration::from_millis(5)) => {}
            }
            if bench.simulator.ledger().shipments.len() == 1 {
                break;
            }
        }
    }
    bench.restart();
    bench.simulator.clear_faults();
    assert_eq!(bench.label(label).await.state, LabelState::Asked);
    bench.pass().await;
    assert_eq!(bench.label(label).await.state, LabelState::Unknown);
    bench.after(6).await;
    bench.is_bought_once(label).await;
    assert_eq!(bench.ledger().shipments.len(), 1);
}

/// Makes the store refuse to call a label bought, as a failing disk would.
fn break_store(bench: &Bench) -> rusqlite::Connection {
    let connection = rusqlite::Connection::open(bench.database()).unwrap();
    connection
        .execute_batch(
            "CREATE TRIGGER broken BEFORE UPDATE OF state ON labels WHEN NEW.state LIKE 'bought%' \
             BEGIN SELECT RAISE(ABORT, 'the disk is broken'); END",
        )
        .unwrap();
    connection
}

#[tokio::test]
async fn an_answer_that_cannot_be_stored_is_kept_and_nothing_more_is_asked() {
    let mut bench = Bench::new().await;
    let (first, second) = (bench.order(0).await, bench.order(1).await);
    let label = bench.want(first).await;
    let other = bench.want(second).await;
    // Of the two wishes one is asked and cannot be stored.
    let disk = break_store(&bench);
    bench.pass().await;
    let report = bench.after(5).await;
    assert!(report.trouble[0].contains("do not delete"), "{report:?}");
    let emergency = bench.folder.path().join("tapegun.db.emergency");
    assert!(emergency.exists());
    let asked = bench.asked(label) + bench.asked(other);
    bench.after(30).await;
    assert_eq!(
        bench.asked(label) + bench.asked(other),
        asked,
        "nothing more is asked"
    );

    disk.execute_batch("DROP TRIGGER broken").unwrap();
    bench.after(1).await;
    assert!(!emergency.exists());
    bench.after(60).await;
    bench.is_bought_once(label).await;
    bench.is_bought_once(other).await;
    assert_eq!((bench.asked(label), bench.asked(other)), (1, 1));
}

#[tokio::test]
async fn an_answer_in_the_emergency_file_outlives_the_process() {
    let mut bench = Bench::new().await;
    let order = bench.order(0).await;
    let label = bench.want(order).await;
    let disk = break_store(&bench);
    bench.pass().await;
    bench.restart();
    disk.execute_batch("DROP TRIGGER broken").unwrap();
    bench.pass().await;
    bench.is_bought_once(label).await;
    assert_eq!(bench.asked(label), 1, "read back, not asked again");
}

#[tokio::test]
async fn an_emergency_file_that_cannot_be_read_is_neither_overwritten_nor_removed() {
    let mut bench = Bench::new().await;
    let order = bench.order(0).await;
    let emergency = bench.folder.path().join("tapegun.db.emergency");
    std::fs::write(&emergency, "what another key sealed\n").unwrap();
    bench.restart();
    bench.want(order).await;
    let disk = break_store(&bench);
    bench.pass().await;
    bench.after(5).await;
    disk.execute_batch("DROP TRIGGER broken").unwrap();
    bench.after(30).await;
    assert_eq!(
        std::fs::read_to_string(&emergency).unwrap(),
        "what another key sealed\n"
    );
}

#[tokio::test]
async fn the_running_task_sees_wishes_by_itself_and_ends_when_told() {
    let mut bench = Bench::new().await;
    let order = bench.order(0).await;
    let (box_id, turn) = bench.pack(order).await;
    bench.sync.end().await;
    let (running, wake) = bench.second_sync();
    let shutdown = tokio_util::sync::CancellationToken::new();
    let task = tokio::spawn(running.run(shutdown.clone()));
    // Nobody rings: the store's version is enough.
    let quote = bench.want_quote(order, box_id).await;
    let answered = async || {
        let state = bench
            .store
            .read(move |store| store.quote(quote))
            .await
            .unwrap()
            .state;
        matches!(state, tapegun::domain::rate::QuoteState::Answered(_))
    };
    while !answered().await {
        tokio::task::yield_now().await;
    }
    let label = bench.want_from(order, box_id, turn, quote).await;
    wake.send(()).await.unwrap();
    while bench.label(label).await.state != LabelState::Bought {
        tokio::task::yield_now().await;
    }
    shutdown.cancel();
    task.await.unwrap();
    bench.is_bought_once(label).await;
    let (mut next, _wake) = bench.second_sync();
    assert!(
        !next.pass().await.unwrap().another_leads,
        "the lead was given back"
    );
}

#[tokio::test]
async fn a_leader_without_a_record_of_the_buckets_begins_with_empty_ones() {
    let mut bench = Bench::new().await;
    bench.sync.end().await;
    let database = rusqlite::Connection::open(bench.database()).unwrap();
    database.execute_batch("DELETE FROM bucket_levels").unwrap();
    let (mut next, _wake) = bench.second_sync();
    let report = next.once().await.unwrap();
    assert!(
        report.waiting[0].why.contains("limit for searchOrders"),
        "{report:?}"
    );
}

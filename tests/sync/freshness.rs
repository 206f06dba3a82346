//! Between the packing and the purchase things change at Amazon: nothing is bought then.

use crate::bench::Bench;
use tapegun::domain::order::Flag;
use tapegun::domain::shipment::LabelState;
use tapegun::simulator::OrderChange;

async fn not_bought_after(change: impl FnOnce(&str) -> OrderChange, words: &str, flag: Flag) {
    let mut bench = Bench::new().await;
    let order = bench.order(0).await;
    let label = bench.want(order).await;
    let line = bench.detail(order).await.order.channel.lines[0].id.clone();
    bench.change(order, change(line.as_str())).await;
    bench.pass().await;
    let row = bench.label(label).await;
    assert_eq!(row.state, LabelState::Refused, "{row:?}");
    assert!(row.reason.as_deref().unwrap().contains(words), "{row:?}");
    assert_eq!(bench.asked(label), 0, "nothing was asked");
    let flags = bench.detail(order).await.order.flags;
    assert!(flags.contains(&flag), "{flags:?}");
    bench.books_agree().await;
}

#[tokio::test]
async fn a_canceled_order_is_not_bought_for() {
    not_bought_after(|_| OrderChange::Cancel, "has canceled", Flag::Canceled).await;
}

#[tokio::test]
async fn an_order_that_the_buyer_wants_canceled_is_not_bought_for() {
    not_bought_after(
        |_| OrderChange::RequestCancel,
        "asks to cancel",
        Flag::CancelRequested,
    )
    .await;
}

#[tokio::test]
async fn a_changed_address_stops_the_purchase() {
    let change = |_: &str| OrderChange::Street {
        line: "9 New Road".to_owned(),
    };
    not_bought_after(change, "address", Flag::AddressChanged).await;
}

#[tokio::test]
async fn changed_items_stop_the_purchase() {
    let change = |line: &str| OrderChange::Quantity {
        line: line.to_owned(),
        quantity: 3,
    };
    not_bought_after(change, "items", Flag::ItemsChanged).await;
}

#[tokio::test]
async fn an_order_that_was_shipped_elsewhere_is_not_bought_for() {
    let change = |_: &str| OrderChange::ShipElsewhere {
        carrier: "DHL".to_owned(),
        tracking: "JD0001".to_owned(),
    };
    not_bought_after(change, "JD0001", Flag::ShippedElsewhere).await;
}

#[tokio::test]
async fn rates_for_another_ship_from_buy_nothing() {
    let mut bench = Bench::new().await;
    let order = bench.order(0).await;
    let label = bench.want(order).await;
    bench.move_warehouse();
    bench.pass().await;
    let row = bench.label(label).await;
    assert_eq!(row.state, LabelState::Refused, "{row:?}");
    assert!(
        row.reason
            .as_deref()
            .unwrap()
            .contains("ships from another address"),
        "{row:?}"
    );
    assert_eq!(bench.asked(label), 0, "nothing was asked");
    bench.books_agree().await;
}

//! Orders that are not Amazon's: labels by Amazon Shipping (channel EXTERNAL), or none at all.

use crate::bench::{Bench, inspect, profile, sync_of};
use std::sync::Arc;
use tapegun::clock::Clock;
use tapegun::domain::ids::{OrderId, OrderNumber, StoreId};
use tapegun::domain::money::Currency;
use tapegun::domain::order::Origin;
use tapegun::domain::own_order::{ItemDraft, OrderDraft};
use tapegun::domain::rate::QuoteState;
use tapegun::domain::shipment::LabelState;
use tapegun::domain::status::OrderStatus;
use tapegun::simulator::FaultKind;
use tapegun::store::BucketLevel;
use tapegun::sync::{Sync, SyncOptions, take_in};

const NUMBER: &str = "W-1001";

impl Bench {
    /// The sync task of a store elsewhere, with the simulator's account for Amazon Shipping; one order taken in.
    pub(crate) async fn elsewhere(&mut self, unit_price: &str) -> OrderId {
        let (mut store, credentials) = profile(&self.simulator.base_url());
        store.id = StoreId::from("web");
        store.kind = Origin::Elsewhere;
        let clock = Arc::clone(&self.clock) as Arc<dyn Clock>;
        let at = self.clock.now();
        // A shop that nobody has asked for begins with empty buckets, and the tests' clock stands still.
        self.store
            .write(move |store| {
                let full = ["getRates", "purchaseShipment", "cancelShipment"].map(|operation| BucketLevel {
                    name: format!("web/{operation}"),
                    millitokens: 100_000,
                    at,
                });
                store.set_bucket_levels(&full)
            })
            .await
            .unwrap();
        let (sync, wake) = sync_of(
            &self.store,
            &self.vault,
            (store, credentials),
            clock,
            &self.database(),
        );
        drop(std::mem::replace(&mut self.sync, sync));
        self.wake = wake;
        let first = self.order(0).await;
        let sku = self.detail(first).await.order.channel.lines[0].sku.0.clone();
        let draft = OrderDraft {
            number: NUMBER.to_owned(),
            name: "Marguerite Canary".to_owned(),
            line1: "7 Quillfeather Row".to_owned(),
            city: "Columbus".to_owned(),
            state: "OH".to_owned(),
            postal_code: "43004".to_owned(),
            country: "US".to_owned(),
            phone: "614-555-0100".to_owned(),
            items: vec![ItemDraft {
                sku,
                quantity: "2".to_owned(),
                unit_price: unit_price.to_owned(),
                ..ItemDraft::default()
            }],
            ..OrderDraft::default()
        };
        let (shop, now) = (StoreId::from("web"), self.clock.now());
        let order = draft.check(&shop, chrono_tz::UTC, Currency::USD, now).unwrap();
        let vault = Arc::clone(&self.vault);
        self.store
            .write(move |store| {
                take_in(store, &vault, &shop, vec![order], now).unwrap();
                Ok(store.find_orders(&OrderNumber::from(NUMBER))?[0])
            })
            .await
            .unwrap()
    }

    fn asked_of_orders(&self) -> u64 {
        let requests = self.ledger().requests;
        let of = |name: &str| requests.get(name).copied().unwrap_or_default();
        of("getOrder") + of("searchOrders") + of("confirmShipment")
    }
}

#[tokio::test]
async fn amazon_shipping_sells_a_label_and_orders_are_never_asked_about() {
    let mut bench = Bench::new().await;
    let order = bench.elsewhere("12.99").await;
    let before = bench.asked_of_orders();
    let label = bench.want(order).await;
    bench.pass().await;
    let row = bench.label(label).await;
    assert_eq!(row.state, LabelState::Bought, "{row:?}");
    assert!(row.tracking.unwrap().as_str().starts_with("TBA"));
    let sold = bench.ledger().shipments;
    assert_eq!((sold.len(), sold[0].channel.as_str()), (1, "EXTERNAL"));
    bench.after(3600).await;
    bench.sync.once().await.unwrap();
    assert_eq!(bench.asked_of_orders(), before);
    bench.want_void(label).await;
    bench.pass().await;
    assert_eq!(bench.label(label).await.state, LabelState::Voided);
    assert_eq!(bench.detail(order).await.order.status, OrderStatus::ReadyToPick);
}

#[tokio::test]
async fn two_stores_of_one_seller_take_from_one_bucket() {
    const BUYING: &str = "purchaseShipment";
    let mut bench = Bench::new().await;
    let order = bench.elsewhere("12.99").await;
    let (us, credentials) = profile(&bench.simulator.base_url());
    let mut web = us.clone();
    web.id = StoreId::from("web");
    web.kind = Origin::Elsewhere;
    let levels = async |bench: &Bench| {
        let all = bench.store.read(|store| store.bucket_levels()).await.unwrap();
        let of = |name: String| all.iter().find(|level| level.name == name).unwrap().millitokens;
        [of(format!("us/{BUYING}")), of(format!("web/{BUYING}"))]
    };
    let full = ["us", "web"].map(|store| {
        ["getRates", BUYING].map(|operation| BucketLevel {
            name: format!("{store}/{operation}"),
            millitokens: 100_000,
            at: bench.clock.now(),
        })
    });
    let write = bench
        .store
        .write(move |store| store.set_bucket_levels(full.as_flattened()));
    write.await.unwrap();
    let (wake, woken) = tokio::sync::mpsc::channel(8);
    let sync = Sync::new(
        bench.store.clone(),
        Arc::clone(&bench.vault),
        vec![(us, credentials.clone()), (web, credentials)],
        Arc::clone(&bench.clock) as Arc<dyn Clock>,
        SyncOptions::beside(&bench.database(), inspect),
        woken,
    );
    drop(std::mem::replace(&mut bench.sync, sync.unwrap()));
    bench.wake = wake;
    let label = bench.want(order).await;
    bench.pass().await;
    bench.sync.end().await;
    assert_eq!(bench.label(label).await.state, LabelState::Bought);
    let [us, web] = levels(&bench).await;
    assert!(us < web, "{us} {web}");
}

#[tokio::test]
async fn a_lost_answer_is_settled_by_its_key_alone() {
    let mut bench = Bench::new().await;
    let order = bench.elsewhere("12.99").await;
    let before = bench.asked_of_orders();
    let label = bench.want(order).await;
    bench.fault("purchaseShipment", FaultKind::ResetAfter);
    bench.pass().await;
    assert_eq!(bench.label(label).await.state, LabelState::Unknown);
    bench.after(10).await;
    assert_eq!(bench.label(label).await.state, LabelState::Bought);
    assert_eq!((bench.asked(label), bench.ledger().shipments.len()), (2, 1));
    assert_eq!(bench.asked_of_orders(), before);
}

#[tokio::test]
async fn an_unknown_that_cannot_be_repeated_stays_a_persons_and_looks_nowhere() {
    let mut bench = Bench::new().await;
    let order = bench.elsewhere("12.99").await;
    let before = bench.asked_of_orders();
    let label = bench.want(order).await;
    bench.fault("purchaseShipment", FaultKind::ResetAfter);
    bench.pass().await;
    // Past the two minutes, before the quote has ended: no repeat, and no packages to look at.
    bench.after(180).await;
    assert_eq!(bench.label(label).await.state, LabelState::Unknown);
    assert_eq!((bench.asked(label), bench.asked_of_orders()), (1, before));
}

#[tokio::test]
async fn an_order_that_was_put_on_hold_meanwhile_is_not_bought_for() {
    let mut bench = Bench::new().await;
    let order = bench.elsewhere("12.99").await;
    let label = bench.want(order).await;
    let now = bench.clock.now();
    let held = bench
        .store
        .write(move |store| store.set_status(order, OrderStatus::OnHold, None, "wait", now))
        .await;
    // A wish that is written down keeps its order where it is; a changed address is what may come in between.
    assert!(held.is_err());
    let mut draft = OrderDraft {
        number: NUMBER.to_owned(),
        name: "Marguerite Canary".to_owned(),
        line1: "9 Quillfeather Row".to_owned(),
        city: "Columbus".to_owned(),
        state: "OH".to_owned(),
        postal_code: "43004".to_owned(),
        country: "US".to_owned(),
        ..OrderDraft::default()
    };
    let line = bench.detail(order).await.order.channel.lines[0].clone();
    draft.items.push(ItemDraft {
        sku: line.sku.0,
        quantity: "2".to_owned(),
        unit_price: "12.99".to_owned(),
        ..ItemDraft::default()
    });
    let shop = StoreId::from("web");
    let later = now + chrono::TimeDelta::seconds(1);
    let changed = draft.check(&shop, chrono_tz::UTC, Currency::USD, later).unwrap();
    let vault = Arc::clone(&bench.vault);
    bench
        .store
        .write(move |store| {
            take_in(store, &vault, &shop, vec![changed], later).unwrap();
            Ok(())
        })
        .await
        .unwrap();
    bench.pass().await;
    let row = bench.label(label).await;
    assert_eq!(row.state, LabelState::Refused, "{row:?}");
    assert!(bench.ledger().shipments.is_empty());
}

#[tokio::test]
async fn without_values_or_an_account_there_are_no_rates_and_words_say_what_to_do() {
    let mut bench = Bench::new().await;
    let order = bench.elsewhere("").await;
    let failed = async |bench: &mut Bench| {
        let (box_id, _) = bench.pack(order).await;
        let quote = bench.want_quote(order, box_id).await;
        bench.pass().await;
        match bench
            .store
            .read(move |store| store.quote(quote))
            .await
            .unwrap()
            .state
        {
            QuoteState::Failed(words) => words,
            other => panic!("{other:?}"),
        }
    };
    let words = failed(&mut bench).await;
    assert!(words.contains("value of every item"), "{words}");
    // The store's own account is gone: another shop's sync task leads.
    bench.restart();
    let words = failed(&mut bench).await;
    assert!(
        words.contains("Buy Shipping sells no label for it") && words.contains("record its label"),
        "{words}"
    );
    assert!(bench.ledger().shipments.is_empty());
}

#[tokio::test]
async fn buy_shipping_is_refused_outside_the_us_and_the_uk_with_a_carrier_to_use() {
    let mut bench = Bench::new().await;
    let (mut store, credentials) = profile(&bench.simulator.base_url());
    store.marketplace = "A1PA6795UKMFR9".to_owned();
    let clock = Arc::clone(&bench.clock) as Arc<dyn Clock>;
    let (sync, wake) = sync_of(
        &bench.store,
        &bench.vault,
        (store, credentials),
        clock,
        &bench.database(),
    );
    drop(std::mem::replace(&mut bench.sync, sync));
    bench.wake = wake;
    let order = bench.order(0).await;
    let (box_id, _) = bench.pack(order).await;
    let quote = bench.want_quote(order, box_id).await;
    bench.pass().await;
    let state = bench
        .store
        .read(move |store| store.quote(quote))
        .await
        .unwrap()
        .state;
    let QuoteState::Failed(words) = state else {
        panic!("{state:?}");
    };
    assert!(words.contains("ship with DHL"), "{words}");
    assert_eq!(bench.ledger().requests.get("getRates"), None);
}

#[tokio::test]
async fn after_a_database_was_put_back_orders_from_elsewhere_wait_on_hold_for_a_person() {
    let mut bench = Bench::new().await;
    let order = bench.elsewhere("12.99").await;
    let asked = bench.asked_of_orders();
    let intruder = rusqlite::Connection::open(bench.database()).unwrap();
    intruder
        .execute_batch(
            "INSERT INTO settings (key, number, text) VALUES ('restored', 1, 'back-up');
             INSERT INTO compared_orders (order_id) SELECT id FROM orders WHERE store = 'web';",
        )
        .unwrap();
    let restored = bench.store.read(|store| store.restored()).await.unwrap().unwrap();
    assert!(
        !restored.unswept.contains(&StoreId::from("web")),
        "no sweep tells of them: {restored:?}"
    );
    bench.pass().await;
    let detail = bench.detail(order).await;
    assert_eq!(detail.order.status, OrderStatus::OnHold);
    assert!(
        detail
            .history
            .iter()
            .any(|row| row.what.contains("after the back-up")),
        "{:?}",
        detail.history
    );
    assert_eq!(bench.asked_of_orders(), asked);
    let left = bench.store.read(|store| store.uncompared(10)).await.unwrap();
    assert!(left.is_empty(), "{left:?}");
}

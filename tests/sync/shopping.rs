//! Rates shopped for ahead of packing.

use crate::bench::{Bench, profile, sync_of};
use chrono::TimeDelta;
use std::sync::Arc;
use tapegun::clock::Clock;
use tapegun::domain::order::AssignedMethod;
use tapegun::domain::shopping::Shopped;
use tapegun::domain::units::{Dimensions, Weight};
use tapegun::simulator::{Fault, FaultKind};
use tapegun::sync::{Sync, SyncOptions};
use tokio::sync::mpsc;

impl Bench {
    /// The catalogue knows weights and sizes, and the store's account shops ahead.
    async fn shops_ahead(&mut self) {
        let detail = self.detail(self.order(0).await).await;
        let mut products = detail.products;
        for at in 1..5 {
            products.extend(self.detail(self.order(at).await).await.products);
        }
        for product in &mut products {
            product.weight = Weight::parse("10 oz").ok();
            product.dimensions = Dimensions::parse_product("4x3x2 in").ok();
        }
        let now = self.clock.now();
        self.store
            .write(move |store| store.put_products(&products, now))
            .await
            .unwrap();
        self.reopen();
    }

    fn reopen(&mut self) {
        let mut shop = profile(&self.simulator.base_url());
        shop.0.account.rate_shopping = true;
        let (wake, woken) = mpsc::channel(8);
        let options = SyncOptions::beside(&self.database(), |_, _| Ok(()))
            .with_shelf(vec![Dimensions::parse("12x10x8 in").unwrap()]);
        let clock = Arc::clone(&self.clock) as Arc<dyn Clock>;
        let vault = Arc::clone(&self.vault);
        let sync = Sync::new(self.store.clone(), vault, vec![shop], clock, options, woken).unwrap();
        drop(std::mem::replace(&mut self.sync, sync));
        self.wake = wake;
    }

    async fn shopped(&self, at: usize) -> Option<Shopped> {
        self.detail(self.order(at).await).await.method.shopped
    }

    fn quotes_asked(&self) -> u64 {
        let requests = self.ledger().requests;
        requests.get("getRates").copied().unwrap_or_default()
    }
}

#[tokio::test]
async fn every_open_order_is_shopped_for_once_and_again_after_midnight() {
    let mut bench = Bench::new().await;
    bench.shops_ahead().await;
    bench.sync.once().await.unwrap();
    assert_eq!(bench.quotes_asked(), 5, "one question for each order");
    let first = bench.shopped(0).await.unwrap();
    let found = first.found.clone().unwrap();
    assert!(found.price.minor > 0 && !found.name.is_empty());
    assert!(first.parcel.ends_with("12x10x8 in"), "{}", first.parcel);
    let detail = bench.detail(bench.order(0).await).await;
    assert_eq!(detail.order.assigned, AssignedMethod::Unknown, "it binds nothing");
    assert!(detail.quotes.is_empty(), "no box has a quote of it");
    let words = detail.method.words(&detail.order.assigned);
    assert!(
        words.contains(&format!("shopped ahead: {} {}", found.name, found.price)),
        "{words}"
    );

    bench.sync.once().await.unwrap();
    bench.reopen();
    bench.sync.once().await.unwrap();
    assert_eq!(
        bench.quotes_asked(),
        5,
        "not again on the same day, whoever leads"
    );

    // It was ten in the morning in New York.
    bench.clock.advance(TimeDelta::hours(13).to_std().unwrap());
    bench.sync.once().await.unwrap();
    assert_eq!(bench.quotes_asked(), 5, "an hour before midnight");
    bench.clock.advance(TimeDelta::hours(2).to_std().unwrap());
    bench.sync.once().await.unwrap();
    assert_eq!(bench.quotes_asked(), 10);
    let next = bench.shopped(0).await.unwrap();
    assert_eq!(next.day, first.day.succ_opt().unwrap());
}

#[tokio::test]
async fn what_the_catalogue_lacks_is_told_and_amazon_is_not_asked() {
    let mut bench = Bench::new().await;
    bench.reopen();
    bench.sync.once().await.unwrap();
    assert_eq!(bench.quotes_asked(), 0);
    let words = bench.shopped(0).await.unwrap().found.unwrap_err();
    assert!(words.contains("no weight"), "{words}");
}

#[tokio::test]
async fn while_amazon_cannot_be_reached_it_waits_and_is_asked_later() {
    let mut bench = Bench::new().await;
    bench.shops_ahead().await;
    bench
        .simulator
        .fault(Fault::new("getRates", FaultKind::ResetBefore).times(4));
    bench.sync.once().await.unwrap();
    let known = |shopped: Option<Shopped>| usize::from(shopped.is_some());
    let mut count = 0;
    for at in 0..5 {
        count += known(bench.shopped(at).await);
    }
    assert!(count < 5, "{count}");
    for _ in 0..6 {
        bench.clock.advance(std::time::Duration::from_mins(2));
        bench.sync.once().await.unwrap();
    }
    for at in 0..5 {
        assert!(bench.shopped(at).await.unwrap().found.is_ok());
    }
}

#[tokio::test]
async fn where_the_account_does_not_want_it_nothing_is_asked() {
    let mut bench = Bench::new().await;
    let mut shop = profile(&bench.simulator.base_url());
    shop.0.account.rate_shopping = false;
    let clock = Arc::clone(&bench.clock) as Arc<dyn Clock>;
    let (sync, wake) = sync_of(&bench.store, &bench.vault, shop, clock, &bench.database());
    drop(std::mem::replace(&mut bench.sync, sync));
    bench.wake = wake;
    bench.sync.once().await.unwrap();
    assert_eq!(bench.quotes_asked(), 0);
    assert!(bench.shopped(0).await.is_none());
}

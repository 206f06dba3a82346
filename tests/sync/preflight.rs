//! What Amazon would refuse is told before Amazon is asked: no request goes out, and the words say what to do.

use crate::bench::{Bench, profile, sync_of};
use std::sync::Arc;
use tapegun::clock::Clock;
use tapegun::domain::rate::QuoteState;
use tapegun::domain::seller::{LabelVia, ShipFrom};
use tapegun::domain::units::{Dimensions, Weight};
use tapegun::simulator::Switches;

impl Bench {
    /// The same store, with a ship-from as no configuration would let it through.
    fn shipping_from(&mut self, via: LabelVia, spoil: fn(&mut ShipFrom)) {
        let (mut store, credentials) = profile(&self.simulator.base_url());
        store.account.via = via;
        "harbor@example.com".clone_into(&mut store.ship_from.email);
        spoil(&mut store.ship_from);
        let clock = Arc::clone(&self.clock) as Arc<dyn Clock>;
        let shop = (store, credentials);
        let (sync, wake) = sync_of(&self.store, &self.vault, shop, clock, &self.database());
        drop(std::mem::replace(&mut self.sync, sync));
        self.wake = wake;
    }

    fn asked_for_rates(&self) -> u64 {
        let requests = self.ledger().requests;
        let of = |operation: &str| requests.get(operation).copied().unwrap_or(0);
        of("getRates") + of("getEligibleShipmentServices")
    }
}

#[tokio::test]
async fn a_ship_from_that_amazon_would_refuse_is_told_without_asking() {
    type Spoil = fn(&mut ShipFrom);
    let v2 = LabelVia::ShippingV2;
    let v0 = LabelVia::MerchantFulfillmentV0;
    let cases: [(LabelVia, Spoil, &str); 5] = [
        (v2, |from| from.country = "USA".to_owned(), "country is \"USA\""),
        (v2, |from| from.phone.clear(), "phone is empty"),
        (v2, |from| from.postal_code = "7102".to_owned(), "five digits"),
        (v0, |from| from.name = "n".repeat(31), "at most 30"),
        (v0, |from| from.email.clear(), "email is empty"),
    ];
    for (via, spoil, words) in cases {
        let switches = Switches {
            limits: false,
            ..Switches::default()
        };
        let mut bench = Bench::over(via, switches).await;
        bench.sync.end().await;
        bench.shipping_from(via, spoil);
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
        let QuoteState::Failed(said) = state else {
            panic!("{words}: {state:?}")
        };
        assert!(said.contains(words) && said.contains("configuration"), "{said}");
        assert_eq!(bench.asked_for_rates(), 0, "{words}");
    }
}

#[tokio::test]
async fn the_store_takes_no_wish_for_rates_of_an_absurd_box() {
    let bench = Bench::new().await;
    let order = bench.order(0).await;
    let (box_id, _) = bench.pack(order).await;
    let right = bench.quote_request(order, box_id).await;
    for (weight, size, words) in [
        ("34 lb", "6x4x1 in", "solid lead"),
        ("2 lb", "108x28x1 in", "165 in"),
    ] {
        let mut request = right.clone();
        request.weight = Weight::parse(weight).unwrap();
        request.dimensions = Dimensions::parse(size).unwrap();
        let now = bench.clock.now();
        let error = bench
            .store
            .write(move |store| store.want_quote(&request, now))
            .await
            .unwrap_err();
        assert!(error.to_string().contains(words), "{error}");
    }
    assert_eq!(bench.asked_for_rates(), 0);
}

//! The judge judged: what must never be is planted into a day that went well, and the comparison names each of it.
//!
//! Amazon is made to sell a second label by a client that follows no protocol at all; the store's file is changed by
//! another program.

use crate::bench;
use crate::books::Verdict;
use crate::day::said;
use crate::packers::Scans;
use crate::rig::Chance;
use crate::station::{Api, Station};
use std::collections::BTreeSet;
use std::sync::Mutex;
use tapegun::amazon::SellerClient;
use tapegun::domain::choice::{Rules, judge_all};
use tapegun::domain::ids::{IntentId, OrderNumber, ShipmentId};
use tapegun::domain::intent::{VoidWire, WireAnswer};
use tapegun::domain::rate::Confirmation;
use tapegun::domain::seller::DocumentFormat;
use tapegun::simulator::demo;

/// A station whose orders are all packed and shipped, but the last one.
struct Evening {
    station: Station,
    orders: Vec<String>,
    scans: Mutex<Scans>,
    runtime: tokio::runtime::Runtime,
    peer: SellerClient,
}

impl Evening {
    fn new() -> Self {
        let station = Station::open(91, Api::ShippingV2, 5);
        let orders: Vec<String> = station.codes.keys().cloned().collect();
        let scans = Mutex::default();
        let mut chance = Chance::new(91);
        let (_, shipped) = orders.split_last().expect("orders");
        for order in shipped {
            assert!(station.pack(order, 0, &mut chance, &scans), "{order} is packed");
            let output = station.run(&["ship", order, "--wait", "60"]);
            assert!(output.status.success(), "{order}: {}", said(&output));
        }
        let peer = bench::client(
            &station.rig.base(),
            demo::CLIENT_ID,
            demo::CLIENT_SECRET,
            demo::REFRESH_TOKEN_FIRST,
        );
        let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build();
        Self {
            station,
            orders,
            scans,
            runtime: runtime.expect("a runtime"),
            peer,
        }
    }

    fn judge(&self) -> (Verdict, usize) {
        let mut verdict = self.station.compare(&BTreeSet::new());
        let scans = self.scans.lock().expect("no panic");
        let lost = self.station.judge_scans(&scans, &mut verdict);
        (verdict, lost)
    }

    /// Sells a label for the order to somebody who asks nobody and writes nothing down.
    fn sell(&self, order: &str) {
        self.runtime.block_on(async {
            let seen = self
                .peer
                .get_order(&OrderNumber(order.to_owned()))
                .await
                .expect("an order");
            let asked = bench::request(&seen.channel, 1, &[]);
            let quote = self
                .peer
                .get_rates(&asked, &seen.channel.number)
                .await
                .expect("rates");
            let formats = [DocumentFormat::Zpl];
            let rules =
                Rules::of(&seen.channel, Confirmation::DeliveryConfirmation, &formats).expect("rules");
            let choice = judge_all(&quote.rates, &rules)
                .into_iter()
                .find_map(|(_, judgement)| judgement.choice)
                .expect("a rate");
            let body = self.peer.purchase_body(&choice, &quote.request_token);
            let answer = self
                .peer
                .purchase(&body, IntentId(uuid::Uuid::now_v7()), "1-1")
                .await;
            assert!(matches!(answer, WireAnswer::Bought(_)), "{answer:?}");
        });
    }

    /// Voids the order's label at Amazon, past the station.
    fn void(&self, order: &str) {
        let sold = self.station.ledger();
        let sold = sold.iter().find(|one| one.order_id == order).expect("sold");
        let shipment = ShipmentId(sold.shipment_id.clone());
        let answer = self.runtime.block_on(self.peer.cancel(&shipment));
        assert!(matches!(answer, VoidWire::Accepted { .. }), "{answer:?}");
    }

    /// What the judge says of the order.
    fn named(verdict: &Verdict, order: &str) -> String {
        let about: Vec<_> = verdict
            .wrong
            .iter()
            .filter(|words| words.starts_with(order))
            .collect();
        assert_eq!(about.len(), 1, "{order}: {:?}", verdict.wrong);
        about[0].clone()
    }
}

#[test]
fn the_judge_names_each_planted_double_sale_orphan_and_lost_scan() {
    let evening = Evening::new();
    let (last, shipped) = evening.orders.split_last().expect("orders");
    let (verdict, missing) = evening.judge();
    assert_eq!((verdict.duplicates, verdict.orphans, missing), (0, 0, 0));
    assert_eq!(verdict.shipped, shipped.len(), "{:?}", verdict.wrong);
    // Only what nobody has packed is said to be left.
    assert!(Evening::named(&verdict, last).contains("never shipped"));
    assert_eq!(verdict.wrong.len(), 1, "{:?}", verdict.wrong);

    evening.sell(&shipped[0]);
    evening.void(&shipped[1]);
    evening.sell(last);
    let (verdict, _) = evening.judge();
    let found = (verdict.duplicates, verdict.orphans);
    assert_eq!(found, (1, 1), "{:?}", verdict.wrong);
    assert!(Evening::named(&verdict, &shipped[0]).contains("more than one label was sold"));
    assert!(Evening::named(&verdict, &shipped[1]).contains("Amazon has no live label"));
    assert!(Evening::named(&verdict, last).contains("a live label that nobody here knows of"));
    assert_eq!(verdict.wrong.len(), 3, "{:?}", verdict.wrong);

    // The station hears of it as a package of somebody else. That excuses nothing but what a back-up forgot.
    evening.station.advance(800);
    evening.station.run(&["sync", "--once"]);
    assert!(evening.station.is_held(last), "Amazon's package is seen");
    let (verdict, _) = evening.judge();
    let found = (verdict.duplicates, verdict.orphans);
    assert_eq!(found, (1, 1), "{:?}", verdict.wrong);
    let sold = evening.station.ledger().into_iter();
    let since = sold.filter(|one| one.order_id == *last);
    let verdict = evening
        .station
        .compare(&since.map(|one| one.shipment_id).collect());
    let found = (verdict.orphans, verdict.since_back_up);
    assert_eq!(found, (0, 1), "{:?}", verdict.wrong);

    // A label whose order is not here, and a scan that was called accepted and is gone.
    let mut evening = evening;
    let without = evening.orders[2].clone();
    evening.station.codes.remove(&without);
    let forget = "DELETE FROM scans WHERE id = (SELECT scans.id FROM scans JOIN orders ON orders.id = order_id \
                  WHERE number = ?1 LIMIT 1)";
    let database = evening.station.blocker();
    let deleted = database.execute(forget, [&evening.orders[3]]).expect("deleted");
    drop(database);
    let (verdict, missing) = evening.judge();
    assert!(Evening::named(&verdict, &without).contains("sold for an order that nobody has here"));
    let words = Evening::named(&verdict, &evening.orders[3]);
    assert!(
        words.contains("1 scans that were called accepted are lost"),
        "{words}"
    );
    let found = (verdict.duplicates, verdict.orphans, missing, deleted);
    assert_eq!(found, (1, 2, 1, 1), "{:?}", verdict.wrong);
    println!("planted: 1 second label, 2 orphans, 1 label voided behind our back, 1 lost scan: each named");
}

//! kill -9 of the real program at random moments of packing and buying, with the simulator as a process of
//! its own and faults on: no acknowledged scan is lost, and every shipped box has exactly one live label.
//!
//! `TAPEGUN_KILLS` sets how many kills (default 12, quick enough for every run; 240 is the full run),
//! `TAPEGUN_SEED` the seed. Chance only chooses the moments: what must hold does not depend on them.

#[path = "support/rig.rs"]
#[expect(dead_code, reason = "other tests use the rest of it")]
mod rig;

use rig::{Chance, Rig};
use std::collections::{BTreeMap, BTreeSet};
use tapegun::domain::shipment::LabelState;
use tapegun::store::Store as _;

/// What a run met.
#[derive(Debug, Default)]
struct Tally {
    kills: u32,
    while_packing: u32,
    between_intent_and_result: u32,
    after_amazon_bought: u32,
    acknowledged_scans: usize,
}

#[test]
fn a_killed_program_loses_no_scan_and_buys_no_label_twice() {
    let wanted: u32 = setting("TAPEGUN_KILLS", 12);
    let seed: u64 = setting("TAPEGUN_SEED", 1);
    let mut chance = Chance::new(seed);
    let rig = Rig::start(seed, Some(400));
    rig.faults(
        r#"[{"operation":"purchaseShipment","kind":"slow","milliseconds":120},
            {"operation":"purchaseShipment","kind":"reset-after","probability":0.1},
            {"operation":"purchaseShipment","kind":"reset-before","probability":0.05},
            {"operation":"purchaseShipment","kind":"error","status":503,"after":true,"probability":0.05},
            {"operation":"purchaseShipment","kind":"cut-after-shipment-id","probability":0.05},
            {"operation":"*","kind":"error","status":500,"probability":0.03}]"#,
    );
    let orders = rig.orders();
    let mut tally = Tally::default();
    let mut shipped = BTreeSet::new();
    for order in &orders {
        if tally.kills >= wanted {
            break;
        }
        pack(&rig, order, &mut chance, &mut tally);
        ship(&rig, order, &mut chance, &mut tally);
        shipped.insert(order.clone());
    }
    rig.clear_faults();
    rig.settle_all();
    println!("{tally:?}, {} orders shipped", shipped.len());
    assert!(
        tally.kills >= wanted,
        "too few orders for {wanted} kills: {tally:?}"
    );
    compare(&rig, &shipped);
}

/// Packs an order through `pack`, killed half of the time; then to the end.
fn pack(rig: &Rig, order: &str, chance: &mut Chance, tally: &mut Tally) {
    let codes = rig.codes(order);
    if chance.below(2) == 0 {
        let acknowledged = rig.pack_and_kill(order, &codes, chance);
        tally.kills += 1;
        tally.while_packing += 1;
        tally.acknowledged_scans += acknowledged;
        let kept = rig.scans(order);
        assert!(
            kept >= acknowledged,
            "order {order}: {acknowledged} scans were acknowledged before the kill, {kept} are in the store"
        );
    }
    rig.pack(order, &codes);
}

/// Ships an order, killed once at a random moment after its intent is written; then until it is bought.
fn ship(rig: &Rig, order: &str, chance: &mut Chance, tally: &mut Tally) {
    let sold_before = rig.ledger_by_order().get(order).copied().unwrap_or(0);
    if rig.ship_and_kill(order, chance) {
        tally.kills += 1;
        let state = rig
            .store()
            .labels_of(rig.id(order))
            .expect("labels")
            .first()
            .map(|label| label.state);
        if matches!(
            state,
            Some(LabelState::Wanted | LabelState::Asked | LabelState::Unknown)
        ) {
            tally.between_intent_and_result += 1;
            if rig.ledger_by_order().get(order).copied().unwrap_or(0) > sold_before {
                tally.after_amazon_bought += 1;
            }
        }
    }
    rig.ship(order);
}

/// The simulator's ledger against the store.
fn compare(rig: &Rig, shipped: &BTreeSet<String>) {
    let mut sold: BTreeMap<String, u32> = BTreeMap::new();
    for (order, live, key, tracking) in rig.ledger() {
        if !live {
            continue;
        }
        *sold.entry(order.clone()).or_default() += 1;
        let label = rig.store().labels_of(rig.id(&order)).expect("labels");
        let ours = label.iter().find(|label| label.id.to_string() == key);
        let ours =
            ours.unwrap_or_else(|| panic!("order {order}: a label was sold under a key that is not ours"));
        assert!(
            matches!(
                ours.state,
                LabelState::Bought | LabelState::BoughtWithoutDocument | LabelState::Printed
            ),
            "order {order}: Amazon sold the label, the store says {:?}: {:?}",
            ours.state,
            ours.reason
        );
        assert_eq!(
            ours.tracking.as_ref().map(|number| number.0.as_str()),
            Some(tracking.as_str())
        );
    }
    for order in shipped {
        assert_eq!(sold.remove(order), Some(1), "live labels of order {order}");
    }
    assert_eq!(sold, BTreeMap::new(), "labels of orders that were never shipped");
    assert!(rig.store().verify_chain().expect("chain").is_ok());
}

fn setting<T: std::str::FromStr>(name: &str, default: T) -> T {
    std::env::var(name)
        .ok()
        .and_then(|text| text.parse().ok())
        .unwrap_or(default)
}

use super::*;
use crate::domain::address::AddressKind;
use crate::domain::money::Currency;
use crate::domain::order::Flag;
use crate::domain::own_order::{ItemDraft, OrderDraft};
use crate::domain::product::{Product, ProductKind};
use crate::domain::rate::Confirmation;
use crate::domain::status::OrderStatus;
use crate::domain::user::Role;
use crate::store::sqlite::SqliteStore;
use crate::vault::StationKeys;

fn now() -> DateTime<Utc> {
    "2026-11-24T12:00:00Z".parse().unwrap()
}

fn order(change: impl Fn(&mut OrderDraft)) -> OwnOrder {
    let mut draft = OrderDraft {
        number: "W-1".to_owned(),
        name: "Marguerite Canary".to_owned(),
        line1: "7 Quillfeather Row".to_owned(),
        city: "Columbus".to_owned(),
        state: "OH".to_owned(),
        postal_code: "43004".to_owned(),
        country: "US".to_owned(),
        items: vec![ItemDraft {
            sku: "MUG".to_owned(),
            quantity: "1".to_owned(),
            ..ItemDraft::default()
        }],
        ..OrderDraft::default()
    };
    change(&mut draft);
    draft
        .check(&"web".into(), chrono_tz::UTC, Currency::USD, now())
        .unwrap()
}

struct Bench {
    store: SqliteStore,
    vault: Vault,
    minutes: i64,
}

impl Bench {
    fn new() -> Self {
        let mut store = SqliteStore::open_in_memory().unwrap();
        let mug = Product {
            sku: "MUG".into(),
            title: "Mug".to_owned(),
            kind: ProductKind::Standard,
            barcodes: Vec::new(),
            components: Vec::new(),
            weight: None,
            dimensions: None,
            price: None,
            transparency: false,
        };
        store.put_products(&[mug], now()).unwrap();
        Self {
            store,
            vault: Vault::new(StationKeys::generate().unwrap()),
            minutes: 0,
        }
    }

    /// Takes the order in, a minute after the last one.
    fn take(&mut self, mut order: OwnOrder) -> ImportReport {
        self.minutes += 1;
        let at = now() + chrono::TimeDelta::minutes(self.minutes);
        order.channel.created_at = at;
        order.channel.updated_at = at;
        take_in(&mut self.store, &self.vault, &"web".into(), vec![order], at).unwrap()
    }

    fn id(&self) -> OrderId {
        self.store.find_orders(&"W-1".into()).unwrap()[0]
    }
}

#[test]
fn an_order_is_ready_to_pick_and_its_customer_is_sealed() {
    let mut bench = Bench::new();
    assert_eq!(bench.take(order(|_| {})).new, 1);
    let id = bench.id();
    let detail = bench.store.order(id).unwrap();
    assert_eq!(detail.order.status, OrderStatus::ReadyToPick);
    assert!(detail.order.flags.is_empty());
    assert!(!format!("{detail:?}").contains("Quillfeather"));
    let (key, sealed) = bench.store.customer(id).unwrap().unwrap();
    assert!(!sealed.as_bytes().windows(6).any(|part| part == b"Canary"));
    let customer = bench
        .vault
        .open_customer(&key, &"web".into(), &"W-1".into(), &sealed)
        .unwrap();
    assert_eq!(customer.recipient.name, "Marguerite Canary");
}

#[test]
fn the_same_order_again_changes_nothing() {
    let mut bench = Bench::new();
    bench.take(order(|_| {}));
    let before = bench.store.order(bench.id()).unwrap();
    let report = bench.take(order(|_| {}));
    assert_eq!((report.new, report.changed), (0, 0));
    assert_eq!(
        bench.store.order(bench.id()).unwrap().order.channel,
        before.order.channel
    );
}

#[test]
fn a_change_is_taken_and_flagged_once_the_bench_has_begun() {
    let mut bench = Bench::new();
    bench.take(order(|_| {}));
    let id = bench.id();
    let by = bench.store.add_user("Ann", "A1", Role::Packer, now()).unwrap().id;
    bench
        .store
        .begin_packing(id, by, false, Confirmation::DeliveryConfirmation, now())
        .unwrap();
    let report = bench.take(order(|draft| {
        "9 Quillfeather Row".clone_into(&mut draft.line1);
        "2".clone_into(&mut draft.items[0].quantity);
        "yes".clone_into(&mut draft.commercial);
    }));
    assert_eq!((report.new, report.changed), (0, 1));
    let detail = bench.store.order(id).unwrap();
    assert_eq!(detail.order.status, OrderStatus::InPacking);
    assert!(detail.order.flags.contains(&Flag::AddressChanged));
    assert!(detail.order.flags.contains(&Flag::ItemsChanged));
    assert_eq!(
        detail.order.channel.destination.unwrap().kind,
        AddressKind::Commercial
    );
}

#[test]
fn a_new_phone_alone_is_sealed_too() {
    let mut bench = Bench::new();
    bench.take(order(|_| {}));
    assert_eq!(
        bench
            .take(order(|draft| "614-555-0100".clone_into(&mut draft.phone)))
            .changed,
        1
    );
    let (key, sealed) = bench.store.customer(bench.id()).unwrap().unwrap();
    let customer = bench
        .vault
        .open_customer(&key, &"web".into(), &"W-1".into(), &sealed)
        .unwrap();
    assert_eq!(customer.recipient.phone, "614-555-0100");
    assert!(bench.store.order(bench.id()).unwrap().order.flags.is_empty());
}

//! People, catalogue, key check, health, buckets, proof.

use super::Case;
use super::station::{Bench, number, product, refusal, shop};
use crate::domain::ids::Sku;
use crate::domain::product::{Barcode, Component, ProductKind};
use crate::domain::rows::SyncHealth;
use crate::domain::user::Role;
use crate::store::{BucketLevel, StoreError};

pub(super) const CASES: &[Case] = &[
    (
        "users are listed by name; a name or badge in use is refused",
        users,
    ),
    (
        "a product is replaced by its SKU, with codes and children",
        products,
    ),
    ("a barcode may mean several products", ambiguous_codes),
    ("what is not there is not found, by name", not_found),
    ("the key check is written once, into an empty store", key_check),
    (
        "a key is never made for a store that holds orders",
        no_key_for_orders,
    ),
    (
        "health, buckets and the watermark come back as written",
        sync_state,
    ),
    ("every change shows in the version", version),
    ("data keys have numbers of their own", data_keys),
    ("the chain of an empty store is whole", empty_chain),
    (
        "in daily life nothing is restored and nothing damaged",
        daily_life,
    ),
];

fn users(mut bench: Bench) {
    let names: Vec<String> = bench
        .store
        .users()
        .unwrap()
        .into_iter()
        .map(|user| user.name)
        .collect();
    assert_eq!(names, ["Ann", "Bob", "Sue"]);
    for (name, badge) in [("ann", "X9"), ("Zoe", "a1"), ("", "X9"), ("Zoe", " ")] {
        refusal(bench.store.add_user(name, badge, Role::Packer, bench.now));
    }
    assert_eq!(bench.store.users().unwrap().len(), 3);
}

fn products(mut bench: Bench) {
    let mut set = product("SET", "0009");
    set.kind = ProductKind::Group;
    set.components = vec![Component {
        sku: Sku::from("MUG"),
        quantity: 2,
    }];
    set.barcodes.push(Barcode {
        code: "CASE9".to_owned(),
        quantity: 12,
    });
    bench.store.put_products(&[set.clone()], bench.now).unwrap();
    assert_eq!(
        bench
            .store
            .products(&[Sku::from("SET"), Sku::from("GONE"), Sku::from("SET")])
            .unwrap(),
        [set.clone()]
    );
    assert_eq!(bench.store.code_meanings("CASE9").unwrap()[0].quantity, 12);
    set.barcodes.truncate(1);
    set.components.clear();
    set.kind = ProductKind::Kit;
    bench.store.put_products(&[set.clone()], bench.now).unwrap();
    assert_eq!(bench.store.products(&[Sku::from("SET")]).unwrap(), [set]);
    assert!(bench.store.code_meanings("CASE9").unwrap().is_empty());
}

fn ambiguous_codes(mut bench: Bench) {
    bench
        .store
        .put_products(&[product("CUP", "0001")], bench.now)
        .unwrap();
    let skus: Vec<Sku> = bench
        .store
        .code_meanings("0001")
        .unwrap()
        .into_iter()
        .map(|meaning| meaning.sku)
        .collect();
    assert_eq!(skus, [Sku::from("CUP"), Sku::from("MUG")]);
}

fn not_found(mut bench: Bench) {
    let nothing = crate::domain::ids::OrderId(777);
    let error = bench.store.order(nothing).unwrap_err();
    assert_eq!(error.to_string(), "there is no order 777");
    let id = crate::domain::ids::IntentId(bench.fresh());
    assert!(matches!(bench.store.label(id), Err(StoreError::NotFound { .. })));
    assert!(bench.store.find_orders(&number(1)).unwrap().is_empty());
}

fn key_check(mut bench: Bench) {
    assert!(bench.store.is_empty().unwrap());
    assert_eq!(bench.store.key_check().unwrap(), None);
    bench.store.set_key_check(b"check").unwrap();
    refusal(bench.store.set_key_check(b"other"));
    assert_eq!(bench.store.key_check().unwrap().unwrap(), b"check");
}

fn no_key_for_orders(mut bench: Bench) {
    bench.mugs(1, 1);
    assert!(!bench.store.is_empty().unwrap());
    refusal(bench.store.set_key_check(b"check"));
}

fn sync_state(mut bench: Bench) {
    assert_eq!(bench.store.health().unwrap(), SyncHealth::default());
    let health = SyncHealth {
        unreachable_since: Some(bench.now),
        last_ok: None,
        last_import: Some(bench.now),
        trouble: Some("refused credentials".to_owned()),
        reminder: Some("a secret ends soon".to_owned()),
    };
    bench.store.set_health(&health).unwrap();
    assert_eq!(bench.store.health().unwrap(), health);
    let level = |name: &str, millitokens| BucketLevel {
        name: name.to_owned(),
        millitokens,
        at: bench.now,
    };
    let levels = [level("us/getOrder", 500), level("us/getRates", 80_000)];
    bench.store.set_bucket_levels(&levels).unwrap();
    let lower = level("us/getRates", 1);
    bench
        .store
        .set_bucket_levels(std::slice::from_ref(&lower))
        .unwrap();
    assert_eq!(bench.store.bucket_levels().unwrap(), [levels[0].clone(), lower]);
    assert_eq!(bench.store.watermark(&shop()).unwrap(), None);
}

fn version(mut bench: Bench) {
    let before = bench.store.version().unwrap();
    assert_eq!(bench.store.version().unwrap(), before);
    bench.mugs(1, 1);
    assert_ne!(bench.store.version().unwrap(), before);
}

fn data_keys(mut bench: Bench) {
    let first = bench.store.next_data_key().unwrap();
    let second = bench.store.next_data_key().unwrap();
    assert!(first < second);
    let order = bench.mugs(1, 1);
    let key = bench.store.order_key(&shop(), &number(1)).unwrap().unwrap();
    let (customer_key, customer) = bench.store.customer(order).unwrap().unwrap();
    assert_eq!(key, customer_key);
    assert_eq!(customer.as_bytes(), b"sealed customer");
    assert_eq!(bench.store.order_key(&shop(), &number(2)).unwrap(), None);
}

fn empty_chain(mut bench: Bench) {
    assert_eq!(bench.proven(), 0);
    bench.wanted(1);
    assert_eq!(bench.proven(), 1);
}

fn daily_life(mut bench: Bench) {
    bench.mugs(1, 1);
    assert_eq!(bench.store.restored().unwrap(), None);
    assert!(bench.store.uncompared(10).unwrap().is_empty());
    assert!(!bench.store.end_restored(bench.now).unwrap());
    bench.store.check_sound().unwrap();
}

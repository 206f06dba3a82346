//! Speed of the store with 100,000 orders: windows of the list, and a scan that is on the disk.
//!
//! `TAPEGUN_FILL=FILE cargo bench --bench store` fills an existing database instead, so that the screens can be
//! measured on it.

use chrono::{DateTime, TimeDelta, Utc};
use criterion::Criterion;
use std::path::Path;
use tapegun::domain::address::{AddressKind, Destination};
use tapegun::domain::ids::{LineId, OrderNumber, ScanId, Sku, StoreId};
use tapegun::domain::order::{ChannelOrder, ChannelStatus, OrderLine, Programs, Window};
use tapegun::domain::packing::{PackEvent, ScanRecord, UnitRef};
use tapegun::domain::product::{Barcode, Product, ProductKind};
use tapegun::domain::rate::Confirmation;
use tapegun::domain::rows::OrderFilter;
use tapegun::domain::user::Role;
use tapegun::store::sqlite::SqliteStore;
use tapegun::store::{ImportedOrder, Store};

const ORDERS: u32 = 100_000;
/// Orders that one transaction brings: a page of Amazon's.
const PAGE: usize = 100;

fn start() -> DateTime<Utc> {
    DateTime::from_timestamp(1_790_000_000, 0).expect("a time")
}

fn order(at: u32, units: u32) -> ImportedOrder {
    let line = OrderLine {
        id: LineId(format!("L{at}")),
        sku: Sku::from("BENCH-MUG"),
        asin: String::new(),
        title: "Stoneware mug 12 oz blue".to_owned(),
        quantity: units,
        unit_price: None,
        transparency: false,
        serial_required: false,
        gift: false,
        cancel_requested: false,
    };
    let channel = ChannelOrder {
        origin: tapegun::domain::order::Origin::default(),
        store: StoreId::from("us"),
        number: OrderNumber(format!("113-{:07}-{:07}", at / 1000, at % 1000)),
        status: ChannelStatus::Unshipped,
        programs: Programs {
            prime: at.is_multiple_of(5),
            business: at.is_multiple_of(7),
            ..Programs::default()
        },
        destination: Some(Destination {
            country: "US".to_owned(),
            state: "NY".to_owned(),
            kind: AddressKind::Residential,
            zones: vec![chrono_tz::America::New_York],
            closed_weekdays: Vec::new(),
            closed_dates: Vec::new(),
            open_dates: Vec::new(),
        }),
        ship_by: Window {
            earliest: None,
            latest: Some(start() + TimeDelta::minutes(i64::from(at % 3000))),
        },
        deliver_by: Window {
            earliest: None,
            latest: Some(start() + TimeDelta::days(6)),
        },
        service_level: "STANDARD".to_owned(),
        print_not_before: None,
        confirmation_floor: None,
        lines: vec![line],
        packages: Vec::new(),
        created_at: start() - TimeDelta::days(1),
        updated_at: start() - TimeDelta::hours(1),
        address_fingerprint: vec![1],
    };
    ImportedOrder {
        channel,
        customer: None,
        key: None,
        po_box: None,
    }
}

/// The last order has this many units: enough for many scans.
fn fill(path: &Path, units: u32) -> SqliteStore {
    let mut store = SqliteStore::open(path).expect("a store");
    let product = Product {
        sku: Sku::from("BENCH-MUG"),
        title: "Stoneware mug 12 oz blue".to_owned(),
        kind: ProductKind::Standard,
        barcodes: vec![Barcode {
            code: "850047100993".to_owned(),
            quantity: 1,
        }],
        components: Vec::new(),
        weight: None,
        dimensions: None,
        price: None,
        transparency: false,
    };
    store.put_products(&[product], start()).expect("catalogue");
    let all: Vec<u32> = (0..ORDERS).collect();
    for page in all.chunks(PAGE) {
        let orders = page
            .iter()
            .map(|at| order(*at, if *at == ORDERS - 1 { units } else { 1 }))
            .collect();
        store
            .import_orders(&StoreId::from("us"), orders, None, start())
            .expect("import");
    }
    store
}

fn main() {
    if let Some(path) = std::env::var_os("TAPEGUN_FILL") {
        fill(Path::new(&path), 400);
        return;
    }
    let folder = tempfile::tempdir().expect("a folder");
    let mut store = fill(&folder.path().join("tapegun.db"), 200_000);
    let mut criterion = Criterion::default().configure_from_args();
    let all = OrderFilter::default();
    for first in [0, 50_000, 99_900] {
        criterion.bench_function(&format!("50 rows from row {first} of 100,000"), |bench| {
            bench.iter(|| store.orders(&all, first, 50).expect("rows"));
        });
    }
    let user = store
        .add_user("Ana", "ana", Role::Packer, start())
        .expect("a user");
    let found = store
        .find_orders(&OrderNumber("113-0000099-0000999".to_owned()))
        .expect("orders");
    let long = *found.first().expect("the long order");
    let parcel = store
        .begin_packing(long, user.id, false, Confirmation::DeliveryConfirmation, start())
        .expect("a box");
    let mut sequence = 0;
    criterion.bench_function("accept a scan, on the disk", |bench| {
        bench.iter(|| {
            let unit = UnitRef {
                line: LineId(format!("L{}", ORDERS - 1)),
                unit: sequence,
                part: 0,
            };
            let scan = ScanRecord {
                id: ScanId(uuid::Uuid::now_v7()),
                order: long,
                box_id: parcel.id,
                turn: parcel.turn,
                sequence,
                event: PackEvent::Verified {
                    units: vec![unit],
                    sku: Sku::from("BENCH-MUG"),
                },
                by: user.id,
                at: start(),
            };
            store.accept_scan(&scan).expect("accepted");
            sequence += 1;
        });
    });
    criterion.final_summary();
}

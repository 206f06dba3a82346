//! A keystroke of a search over 100,000 orders: the index alone, and the whole way with the store's rows.
//!
//! Prints percentiles of many single keystrokes rather than means: what a person feels is the slow one. Measured is the
//! time on the processor, as Linux tells it, so that a busy machine does not blur it.

use chrono::{DateTime, TimeDelta, Utc};
use std::time::Duration;
use tapegun::domain::badge::Badge;
use tapegun::domain::customer::CustomerData;
use tapegun::domain::finding::{FindRow, Index, Names, Search};
use tapegun::domain::ids::{OrderId, PickListId, StoreId};
use tapegun::domain::money::{Currency, Money};
use tapegun::domain::shipment::LabelState;
use tapegun::domain::status::OrderStatus;

const ORDERS: i64 = 100_000;
const ROUNDS: usize = 40;

fn start() -> DateTime<Utc> {
    DateTime::from_timestamp(1_790_000_000, 0).expect("a time")
}

fn order(id: i64) -> FindRow {
    let shipped = id % 3 != 0;
    let place = usize::try_from(id).unwrap_or(0);
    FindRow {
        id: OrderId(id),
        store: StoreId::from(["us", "uk", "web"][place % 3]),
        status: OrderStatus::ALL[if shipped { 7 } else { place % 7 }],
        badges: Badge::ALL.into_iter().take(place % 5).collect(),
        ship_by: Some(start() + TimeDelta::minutes(id * 7919 % 60_000)),
        deliver_by: Some(start() + TimeDelta::minutes(id * 104_729 % 90_000)),
        text: format!(
            "113-{:07}-{:07} mug-{} soap-lav-{} 1z999aa1{id:010}",
            id * 7919 % 9_999_991,
            id * 104_729 % 9_999_991,
            id % 700,
            id % 90
        ),
        flags: Vec::new(),
        pick_list: (id % 4 == 0).then_some(PickListId(id / 400 + 1)),
        label: shipped.then_some(LabelState::Printed),
        carrier: ["UPS", "USPS", "FedEx"][place % 3].to_owned(),
        method: ["UPS Ground", "USPS Priority Mail", "FedEx 2Day"][place % 3].to_owned(),
        cost: shipped.then(|| Money::new(500 + id % 3000, Currency::USD)),
        scanned: id % 2 == 0,
        erased: false,
    }
}

fn customer(id: i64) -> CustomerData {
    let mut data = CustomerData::default();
    data.recipient.name = format!("Maria {} Kowalski-{}", id % 977, id % 8191);
    data.buyer.name.clone_from(&data.recipient.name);
    if id % 9 == 0 {
        data.buyer.po_number = format!("PO-{id}");
    }
    data
}

/// What a person types, letter by letter: each is a keystroke.
const TYPED: [&str; 9] = [
    "113-0007919",
    "1z999aa10000099",
    "soap-lav-88",
    "zzz",
    "status:open badge:prime ship-by:today",
    "carrier:ups cost:>10 mug-6",
    "po-99",
    "tracking:not-scanned method:ground",
    "-status:shipped list:none sku:mug-77",
];

/// Time that this thread has spent on the processor.
fn busy() -> Duration {
    let told = std::fs::read_to_string("/proc/thread-self/schedstat").expect("Linux");
    let nanoseconds = told.split_whitespace().next().and_then(|word| word.parse().ok());
    Duration::from_nanos(nanoseconds.expect("a number"))
}

fn percentile(times: &mut [Duration], percent: usize) -> Duration {
    times.sort_unstable();
    times[(times.len() * percent / 100).min(times.len() - 1)]
}

fn main() {
    let began = busy();
    let mut index = Index::default();
    let mut names = Names::default();
    for id in 1..=ORDERS {
        index.put(&order(id));
        names.put(OrderId(id), &customer(id));
    }
    index.shrink();
    println!("made in {:?}", busy().saturating_sub(began));
    let mut keystrokes = Vec::new();
    let mut entered = Vec::new();
    for _ in 0..ROUNDS {
        for typed in TYPED {
            for end in 1..=typed.len() {
                let began = busy();
                if let Ok(search) = Search::parse(&typed[..end], start(), chrono_tz::America::New_York) {
                    std::hint::black_box(index.find(&search, &names, false, &[], 0, 60));
                }
                keystrokes.push(busy().saturating_sub(began));
            }
        }
        for name in ["kowalski-77", "maria 12", "nobody"] {
            let search = Search::parse(name, start(), chrono_tz::UTC).expect("understood");
            let began = busy();
            std::hint::black_box(index.find(&search, &names, true, &[], 0, 60));
            entered.push(busy().saturating_sub(began));
        }
    }
    // One order changed: what the next keystroke pays for it.
    let mut changed = Vec::new();
    let search = Search::parse("113-", start(), chrono_tz::UTC).expect("understood");
    for id in 1..200 {
        let began = busy();
        index.put(&FindRow {
            ship_by: Some(start() + TimeDelta::minutes(id)),
            ..order(id * 400)
        });
        std::hint::black_box(index.find(&search, &names, false, &[], 0, 60));
        changed.push(busy().saturating_sub(began));
    }
    for (what, times) in [
        ("a keystroke", &mut keystrokes),
        ("Enter, names too", &mut entered),
        ("a keystroke after a change", &mut changed),
    ] {
        println!(
            "{what}: {} times, p50 {:?}, p99 {:?}, most {:?}",
            times.len(),
            percentile(times, 50),
            percentile(times, 99),
            percentile(times, 100)
        );
    }
    println!(
        "memory: index {} KiB, names {} KiB",
        index.size() / 1024,
        names.size() / 1024
    );
}

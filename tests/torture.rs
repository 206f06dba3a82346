//! The torture: days of packing, buying and voiding by the real program, several processes on one store, with the
//! simulator as a process of its own, while everything goes wrong that can: every fault of the simulator, kill -9 at
//! random moments and at each point between intent, request and result, a full and a read-only disk, a leader that
//! stands still past its time, clocks that jump a day, a back-up that comes back with labels bought since. At the end
//! Amazon's ledger is compared with the store.
//!
//! `TAPEGUN_TORTURE=SEEDS,BOXES` sets the size (default: 2 seeds of 28 boxes). Odd seeds buy through Shipping v2, even
//! ones through Merchant Fulfillment v0. `TAPEGUN_TORTURE=10,1000 cargo test --release --test torture -- --nocapture` is
//! the full run; it prints the tables of `docs/torture.md`. Time passes faster than by the clock on the wall: between
//! rounds the station's clock and Amazon's are put ahead together. Amazon's limits are lifted here, and measured in
//! `tests/limits.rs`.

#[path = "support/bench.rs"]
mod bench;
#[path = "torture/books.rs"]
mod books;
#[path = "torture/day.rs"]
mod day;
#[path = "torture/packers.rs"]
mod packers;
#[path = "torture/planted.rs"]
mod planted;
#[path = "torture/points.rs"]
mod points;
#[path = "support/rig.rs"]
#[expect(dead_code, reason = "other tests use the rest of it")]
mod rig;
#[path = "support/small.rs"]
mod small;
#[path = "torture/station.rs"]
mod station;
#[path = "torture/table.rs"]
mod table;
#[path = "torture/trouble.rs"]
mod trouble;

use day::{Evening, day};
use station::Api;
use std::io::Write as _;
use std::sync::Mutex;
use std::sync::atomic::{AtomicU64, Ordering};

/// Days at once: each has about three processes, which mostly wait.
const AT_ONCE: usize = if cfg!(debug_assertions) { 2 } else { 4 };

/// In so many boxes every kind of fault strikes at least once.
const MANY: usize = 300;

#[test]
fn every_box_gets_exactly_one_live_label_whatever_breaks() {
    let (seeds, boxes, size, first) = size();
    let next = AtomicU64::new(first);
    let evenings: Mutex<Vec<Evening>> = Mutex::default();
    std::thread::scope(|scope| {
        for _ in 0..AT_ONCE {
            scope.spawn(|| {
                loop {
                    let seed = next.fetch_add(1, Ordering::SeqCst);
                    if seed >= first + seeds {
                        break;
                    }
                    let api = if seed % 2 == 1 {
                        Api::ShippingV2
                    } else {
                        Api::MerchantFulfillmentV0
                    };
                    let evening = day(seed, api, boxes, size);
                    // Said past the test harness, as each day ends.
                    let _ = writeln!(std::io::stderr(), "{}", table::row(&evening));
                    for words in &evening.verdict.wrong {
                        let _ = writeln!(std::io::stderr(), "WRONG, seed {seed}: {words}");
                    }
                    evenings.lock().expect("no panic").push(evening);
                }
            });
        }
    });
    let mut evenings = evenings.into_inner().expect("no panic");
    evenings.sort_by_key(|evening| evening.seed);
    println!("{}", table::whole(&evenings));
    for evening in &evenings {
        let (seed, verdict) = (evening.seed, &evening.verdict);
        assert_eq!(
            verdict.duplicates, 0,
            "seed {seed}: duplicates: {:?}",
            verdict.wrong
        );
        assert_eq!(verdict.orphans, 0, "seed {seed}: orphans: {:?}", verdict.wrong);
        assert_eq!(evening.lost_scans, 0, "seed {seed}: lost scans");
        assert!(verdict.wrong.is_empty(), "seed {seed}: {:?}", verdict.wrong);
    }
    for api in [Api::ShippingV2, Api::MerchantFulfillmentV0] {
        let of_it: Vec<&Evening> = evenings.iter().filter(|evening| evening.api == api).collect();
        if of_it.iter().map(|evening| evening.boxes).sum::<usize>() >= MANY {
            let struck = |kind: &String| of_it.iter().any(|evening| evening.struck.contains_key(kind));
            let never: Vec<String> = trouble::kinds(api)
                .into_iter()
                .filter(|kind| !struck(kind))
                .collect();
            assert!(never.is_empty(), "{}: never struck: {never:?}", api.name());
        }
    }
}

/// Seeds, boxes of each, boxes of a round, the first seed.
fn size() -> (u64, usize, usize, u64) {
    let text = std::env::var("TAPEGUN_TORTURE").unwrap_or_default();
    let mut numbers = text.split(',').map(|number| number.trim().parse::<u64>().ok());
    let seeds = numbers.next().flatten();
    let boxes = numbers.next().flatten();
    let first = numbers.next().flatten().unwrap_or(1);
    match (seeds, boxes) {
        (Some(seeds), Some(boxes)) => {
            let boxes = usize::try_from(boxes).expect("not that many");
            (seeds, boxes, (boxes / 50).clamp(6, 20), first)
        }
        _ => (2, 28, 2, 1),
    }
}

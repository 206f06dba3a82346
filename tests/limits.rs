//! Many labels at Amazon's published limits: as fast as they allow, nothing refused for being too fast, no call more
//! than the work needs, and a scan is saved meanwhile as if nothing else went on.
//!
//! The quick test counts. The long one measures (release build, quiet machine):
//! `cargo test --release --test limits -- --ignored --nocapture --test-threads 1`.

#![expect(clippy::unwrap_used, reason = "helpers of tests fail like tests")]

#[path = "limits/calls.rs"]
mod calls;
#[path = "limits/yard.rs"]
mod yard;

use std::time::Duration;
use tapegun::domain::seller::LabelVia;
use yard::{Day, Yard};

/// Best time in seconds for so many boxes, one quote and one purchase each, at these rates and bursts behind this
/// latency (limits.md 3.2): each purchase can follow its own quote at once.
fn best(boxes: usize, quotes: (f64, f64), purchases: (f64, f64), latency: f64) -> f64 {
    let boxes = f64::from(u32::try_from(boxes).unwrap());
    let wait = |(rate, burst): (f64, f64)| ((boxes - burst) / rate).max(0.0);
    wait(quotes).max(wait(purchases) + latency) + latency
}

/// Three runs at most: what else the machine does only ever takes time.
const RUNS: usize = 3;

async fn measured(via: LabelVia, boxes: usize, latency: Duration) {
    let mut best: f64 = 0.0;
    for _ in 0..RUNS {
        best = best.max(efficiency(via, boxes, latency).await);
        if best >= 0.97 {
            return;
        }
    }
    panic!("{best:.3}");
}

async fn efficiency(via: LabelVia, boxes: usize, latency: Duration) -> f64 {
    let yard = Yard::with(via, boxes, latency).await;
    let Day {
        took,
        bought,
        scans,
        others,
        spans,
    } = yard.ship_all().await;
    let seconds = took.as_secs_f64();
    let (quotes, purchases) = match via {
        LabelVia::MerchantFulfillmentV0 => ((6.0, 12.0), (2.0, 2.0)),
        _ => ((80.0, 100.0), (80.0, 100.0)),
    };
    let ideal = best(boxes, quotes, purchases, latency.as_secs_f64());
    println!(
        "{}, {boxes} boxes, latency {latency:?}: {seconds:.3} s, best {ideal:.3} s, efficiency {:.3}",
        via.key(),
        ideal / seconds
    );
    println!("{spans}");
    println!("{}", yard.calls.table());
    println!("  meanwhile at the bench: {scans}");
    assert_eq!(bought, boxes, "{others:?}");
    yard.kept_to_the_limits(boxes);
    yard.books_agree(boxes).await;
    ideal / seconds
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
#[ignore = "measures: a release build on a quiet machine"]
async fn five_hundred_boxes_through_shipping() {
    for latency in [300, 800] {
        measured(LabelVia::ShippingV2, 500, Duration::from_millis(latency)).await;
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
#[ignore = "measures, three and a half minutes: a release build on a quiet machine"]
async fn two_hundred_boxes_through_merchant_fulfillment() {
    for latency in [300, 800] {
        let via = LabelVia::MerchantFulfillmentV0;
        measured(via, 200, Duration::from_millis(latency)).await;
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn many_boxes_cost_one_quote_and_one_purchase_each_and_never_a_429() {
    for (via, boxes) in [(LabelVia::ShippingV2, 150), (LabelVia::MerchantFulfillmentV0, 14)] {
        let yard = Yard::with(via, boxes, Duration::from_millis(20)).await;
        let day = yard.ship_all().await;
        assert_eq!(day.bought, boxes, "{:?}", day.others);
        yard.kept_to_the_limits(boxes);
        yard.books_agree(boxes).await;
    }
}

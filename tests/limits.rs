//! Many labels at Amazon's published limits: as fast as they allow, nothing refused for being too fast, no call more
//! than the work needs, and a scan is saved meanwhile as if nothing else went on.
//!
//! The quick test counts. The long one measures (release build, quiet machine):
//! `cargo test --release --test limits -- --ignored --nocapture`.

#![expect(clippy::unwrap_used, reason = "helpers of tests fail like tests")]

#[path = "limits/calls.rs"]
mod calls;
#[path = "limits/yard.rs"]
mod yard;

use std::time::Duration;
use yard::{Day, Yard};

/// Best time for `boxes` at a rate and a burst, one quote and one purchase each, behind this latency
/// (each purchase can follow its quote at once).
fn best(boxes: usize, quotes: (f64, f64), purchases: (f64, f64), latency: f64) -> f64 {
    let boxes = f64::from(u32::try_from(boxes).unwrap());
    let wait = |(rate, burst): (f64, f64)| ((boxes - burst) / rate).max(0.0);
    wait(quotes).max(wait(purchases) + latency) + latency
}

const V2: (f64, f64) = (80.0, 100.0);

fn best_on_v2(boxes: usize, latency: f64) -> f64 {
    // The purchases' bucket stands full until the first quote is answered, so both together end one latency
    // after the other (limits.md 3.2).
    best(boxes, V2, V2, latency)
}

async fn measured(boxes: usize, latency: Duration) {
    let yard = Yard::with(boxes, latency).await;
    let Day {
        took, bought, scans, ..
    } = yard.ship_all().await;
    let seconds = took.as_secs_f64();
    let ideal = best_on_v2(boxes, latency.as_secs_f64());
    println!(
        "Shipping v2, {boxes} boxes, latency {latency:?}: {seconds:.3} s of {ideal:.3} s best, efficiency {:.3}",
        ideal / seconds
    );
    println!("{}", yard.calls.table());
    println!("scans meanwhile: {scans}");
    assert_eq!(bought, boxes);
    yard.kept_to_the_limits(boxes);
    yard.books_agree(boxes).await;
    assert!(ideal / seconds >= 0.97, "{:.3}", ideal / seconds);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
#[ignore = "measures: a release build on a quiet machine"]
async fn five_hundred_boxes_at_the_published_limits() {
    for latency in [300, 800] {
        measured(500, Duration::from_millis(latency)).await;
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn many_boxes_cost_one_quote_and_one_purchase_each_and_never_a_429() {
    let yard = Yard::with(180, Duration::from_millis(20)).await;
    let day = yard.ship_all().await;
    assert_eq!(day.bought, 180, "{:?}", day.others);
    yard.kept_to_the_limits(180);
    yard.books_agree(180).await;
}

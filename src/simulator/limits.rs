//! Amazon's published request rates: one token bucket for each seller and operation (amazon.md 1.6,
//! 1.7, 2.1, 3.2, 4.1).

use super::wire::Operation;
use std::collections::HashMap;
use std::time::Duration;

/// Requests a second, and the bucket's size.
pub(super) const fn published(operation: Operation) -> (f64, f64) {
    match operation {
        Operation::Token => (f64::INFINITY, f64::INFINITY),
        Operation::SearchOrders => (0.0056, 20.0),
        Operation::GetOrder => (0.5, 30.0),
        Operation::ConfirmShipment => (2.0, 10.0),
        Operation::RestrictedDataToken => (1.0, 10.0),
        Operation::GetEligibleShipmentServices => (6.0, 12.0),
        Operation::CreateShipment => (2.0, 2.0),
        Operation::GetShipment | Operation::CancelShipmentV0 | Operation::GetAdditionalSellerInputs => {
            (1.0, 1.0)
        }
        _ => (80.0, 100.0),
    }
}

/// The rate as the header shows it.
pub(super) fn rate(operation: Operation, scale: f64) -> String {
    let rate = published(operation).0 * scale;
    if rate.fract() == 0.0 {
        format!("{rate:.1}")
    } else {
        format!("{rate}")
    }
}

struct Bucket {
    level: f64,
    at: Duration,
}

/// All buckets.
#[derive(Default)]
pub(super) struct Limits(HashMap<(usize, Operation), Bucket>);

impl Limits {
    /// Takes a token; false when the bucket is empty. `now` never jumps.
    pub(super) fn take(&mut self, seller: usize, operation: Operation, scale: f64, now: Duration) -> bool {
        let (rate, burst) = published(operation);
        if rate.is_infinite() {
            return true;
        }
        let (rate, burst) = (rate * scale, (burst * scale).max(1.0));
        let bucket = self.0.entry((seller, operation)).or_insert(Bucket {
            level: burst,
            at: now,
        });
        bucket.level = (bucket.level + rate * now.saturating_sub(bucket.at).as_secs_f64()).min(burst);
        bucket.at = now;
        if bucket.level < 1.0 {
            return false;
        }
        bucket.level -= 1.0;
        true
    }
}

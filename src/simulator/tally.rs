//! What was asked, counted: by operation, by key, by minute. A harness proves from it that no more was asked than
//! Amazon allows.

use super::wire::Operation;
use chrono::{DateTime, Utc};
use serde::Serialize;
use std::collections::{BTreeMap, HashMap, VecDeque};
use std::time::Duration;

/// Requests that the list of all remembers; older ones are only counted.
const REMEMBERED: usize = 200_000;
const MINUTE: Duration = Duration::from_mins(1);

/// A request, as the list of all shows it.
#[derive(Clone, Serialize)]
pub(super) struct Asked {
    pub(super) at: DateTime<Utc>,
    pub(super) operation: &'static str,
    /// Index of the seller whose token it carried.
    pub(super) seller: Option<usize>,
    pub(super) status: u16,
}

/// All counts since the start.
#[derive(Default)]
pub(super) struct Tally {
    pub(super) requests: BTreeMap<&'static str, u64>,
    pub(super) purchases_by_key: BTreeMap<String, u64>,
    pub(super) cancels_by_shipment: BTreeMap<String, u64>,
    pub(super) creates_by_order: BTreeMap<String, u64>,
    /// 429 answered because a bucket was empty.
    pub(super) throttled: BTreeMap<&'static str, u64>,
    /// 429 answered because a fault said so.
    pub(super) throttled_by_faults: BTreeMap<&'static str, u64>,
    /// The most requests of one seller in any sixty seconds.
    pub(super) peaks: BTreeMap<&'static str, u64>,
    recent: HashMap<(Option<usize>, Operation), VecDeque<Duration>>,
    pub(super) log: VecDeque<Asked>,
}

impl Tally {
    /// A request arrives, by a time that never jumps.
    pub(super) fn arrived(&mut self, operation: Operation, seller: Option<usize>, now: Duration) {
        *self.requests.entry(operation.name()).or_default() += 1;
        let recent = self.recent.entry((seller, operation)).or_default();
        recent.push_back(now);
        while recent
            .front()
            .is_some_and(|first| now.saturating_sub(*first) >= MINUTE)
        {
            recent.pop_front();
        }
        let peak = self.peaks.entry(operation.name()).or_default();
        *peak = (*peak).max(recent.len() as u64);
    }

    /// It was answered.
    pub(super) fn answered(&mut self, asked: Asked) {
        if self.log.len() == REMEMBERED {
            self.log.pop_front();
        }
        self.log.push_back(asked);
    }
}

/// Counts as the ledger shows them.
pub(super) fn shown(counts: &BTreeMap<&'static str, u64>) -> BTreeMap<String, u64> {
    counts
        .iter()
        .map(|(name, count)| ((*name).to_owned(), *count))
        .collect()
}

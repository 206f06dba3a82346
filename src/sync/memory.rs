//! What one process remembers between steps: pauses, tries, what is under way. Lost with the process, and never
//! needed to be safe: what must not be forgotten is in the store.

use super::outcome::Outcome;
use super::plan::{Key, Kind, Step, Work};
use crate::domain::bucket::{Bucket, CallRate};
use crate::domain::ids::{CollectionFormId, IntentId, QuoteId, ShipmentId, StoreId};
use chrono::{DateTime, Utc};
use std::collections::{HashMap, HashSet};
use std::time::Duration;

/// What this process remembers of a label; lost with it, and never needed to be safe.
#[derive(Debug, Clone, Default)]
pub(super) struct Note {
    /// Not again before (stopwatch), and why.
    pub(super) pause: Option<(Duration, String)>,
    /// Tries of the present kind so far.
    pub(super) tries: u32,
    /// Last look at the order's packages.
    pub(super) looked_at: Option<DateTime<Utc>>,
    /// Stopwatch time of the first send, where this process made it.
    pub(super) first_sent: Option<Duration>,
    /// Amazon refused the token once already; a fresh one is used now.
    pub(super) fresh_token: bool,
    /// The shipment that Amazon named when it said that there is one already.
    pub(super) named: Option<ShipmentId>,
    /// Its last step settled something: forgotten once it is no work any more.
    pub(super) settled: bool,
}

/// What this process remembers.
#[derive(Debug, Default)]
pub(super) struct Memory {
    pub(super) labels: HashMap<IntentId, Note>,
    pub(super) quotes: HashMap<QuoteId, Note>,
    pub(super) confirmations: HashMap<IntentId, Note>,
    pub(super) forms: HashMap<CollectionFormId, Note>,
    /// When each shop is swept next (stopwatch), and why not before.
    pub(super) imports: HashMap<StoreId, (Duration, String)>,
    /// Comparing a restored database goes on then (stopwatch), and why not before.
    pub(super) comparing: Option<(Duration, String)>,
    /// When it is looked again for customers whose time is over (stopwatch); none: not while another leads.
    pub(super) erasure: Option<Duration>,
    /// Steps under way.
    pub(super) busy: HashSet<Key>,
    /// How many of them are in bulk, for each bucket.
    pub(super) in_bulk: HashMap<Kind, usize>,
    /// Readings that nobody waits for.
    pub(super) background: Pace,
    /// When each shop's orders are shopped for next (stopwatch).
    pub(super) shopping: HashMap<StoreId, Duration>,
}

/// How fast readings that nobody waits for may follow one another: some at once, then one in four seconds. Half of
/// what Amazon gives for `getOrder` stays for the bench (amazon.md 4.1).
#[derive(Debug)]
pub(super) struct Pace {
    bucket: Bucket,
    not_before: Duration,
}

/// Readings at once.
const BURST: u32 = 10;

impl Default for Pace {
    fn default() -> Self {
        let rate = CallRate::parse("0.25").expect("a constant rate");
        Self {
            bucket: Bucket::new(rate, BURST, 0),
            not_before: Duration::ZERO,
        }
    }
}

impl Pace {
    /// Time until the next one may begin.
    pub(super) fn pause(&self, now: Duration) -> Duration {
        let wait = self.bucket.clone().take(millis(now)).err().unwrap_or(0);
        self.not_before
            .saturating_sub(now)
            .max(Duration::from_millis(wait))
    }

    /// One begins.
    pub(super) fn begin(&mut self, now: Duration) {
        // A plan that was made with `pause` has found it full enough.
        let _ = self.bucket.take(millis(now));
    }

    /// Amazon does not answer, or asks to wait.
    pub(super) fn wait(&mut self, until: Duration) {
        self.not_before = until;
    }
}

fn millis(time: Duration) -> i64 {
    i64::try_from(time.as_millis()).unwrap_or(i64::MAX)
}

impl Memory {
    /// The step begins.
    pub(super) fn begin(&mut self, step: &Step) {
        self.busy.insert(step.key());
        if let Some(kind) = step.in_bulk() {
            *self.in_bulk.entry(kind).or_default() += 1;
        }
    }

    /// The step has ended.
    pub(super) fn end(&mut self, step: &Step) {
        self.busy.remove(&step.key());
        if let Some(under_way) = step.in_bulk().and_then(|kind| self.in_bulk.get_mut(&kind)) {
            *under_way = under_way.saturating_sub(1);
        }
    }

    pub(super) fn note(&self, step: &Step) -> Note {
        let note = match (step, step.label()) {
            (Step::Quote(quote, ..), _) => self.quotes.get(&quote.id),
            (Step::Confirm(row), _) => self.confirmations.get(&row.label),
            (Step::Form(wish), _) => self.forms.get(&wish.id),
            (_, Some(label)) => self.labels.get(&label),
            (_, None) => None,
        };
        note.cloned().unwrap_or_default()
    }

    pub(super) fn put_note(&mut self, step: &Step, mut note: Note, outcome: &Outcome, now: Duration) {
        note.settled = matches!(outcome, Outcome::Settled(_));
        match outcome {
            Outcome::Wait { why, pause } => note.pause = Some((now + *pause, why.clone())),
            Outcome::Settled(_) => {
                note.pause = None;
                note.tries = 0;
            }
            Outcome::Imported { .. } | Outcome::Nothing | Outcome::NotLeader => note.pause = None,
        }
        match (step, step.label()) {
            (Step::Quote(quote, ..), _) => drop(self.quotes.insert(quote.id, note)),
            (Step::Confirm(row), _) => drop(self.confirmations.insert(row.label, note)),
            (Step::Form(wish), _) => drop(self.forms.insert(wish.id, note)),
            (_, Some(label)) => drop(self.labels.insert(label, note)),
            (_, None) => {}
        }
    }

    /// What is settled needs no memory. `work` is all work but the wishes in bulk.
    pub(super) fn forget_settled(&mut self, work: &Work) {
        if self.labels.values().any(|note| note.settled) {
            let at_work: HashSet<IntentId> = work.labels.iter().map(|item| item.label.id).collect();
            self.labels
                .retain(|label, note| !note.settled || at_work.contains(label));
        }
        self.quotes.retain(|_, note| !note.settled);
        self.forms.retain(|_, note| !note.settled);
        self.confirmations
            .retain(|label, _| work.confirmations.iter().any(|row| row.label == *label));
    }
}

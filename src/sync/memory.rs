//! What one process remembers between steps: pauses, tries, what is under way. Lost with the process, and never
//! needed to be safe: what must not be forgotten is in the store.

use super::outcome::Outcome;
use super::plan::{Key, Step, Work};
use crate::domain::ids::{IntentId, QuoteId, ShipmentId, StoreId};
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
}

/// What this process remembers.
#[derive(Debug, Default)]
pub(super) struct Memory {
    pub(super) labels: HashMap<IntentId, Note>,
    pub(super) quotes: HashMap<QuoteId, Note>,
    /// When each shop is swept next (stopwatch), and why not before.
    pub(super) imports: HashMap<StoreId, (Duration, String)>,
    /// Comparing a restored database goes on then (stopwatch), and why not before.
    pub(super) comparing: Option<(Duration, String)>,
    /// Steps under way.
    pub(super) busy: HashSet<Key>,
}

impl Memory {
    pub(super) fn note(&self, step: &Step) -> Note {
        let note = match (step, step.label()) {
            (Step::Quote(quote, ..), _) => self.quotes.get(&quote.id),
            (_, Some(label)) => self.labels.get(&label),
            (_, None) => None,
        };
        note.cloned().unwrap_or_default()
    }

    pub(super) fn put_note(&mut self, step: &Step, mut note: Note, outcome: &Outcome, now: Duration) {
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
            (_, Some(label)) => drop(self.labels.insert(label, note)),
            (_, None) => {}
        }
    }

    /// What is settled needs no memory.
    pub(super) fn forget_settled(&mut self, work: &Work) {
        self.labels
            .retain(|label, _| work.labels.iter().any(|item| item.label.id == *label));
        self.quotes
            .retain(|quote, _| work.quotes.iter().any(|(wanted, ..)| wanted.id == *quote));
    }
}

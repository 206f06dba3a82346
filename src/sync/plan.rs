//! What is due now. Pure: the store's work and this process's memory in, steps out.

use super::confirm::plan_confirmations;
use super::memory::{Memory, Note};
use super::outcome::StillWaiting;
use crate::domain::bucket::Haste;
use crate::domain::collection::CollectionForm;
use crate::domain::confirmation::ConfirmationRow;
use crate::domain::ids::{CollectionFormId, IntentId, OrderId, OrderNumber, QuoteId, StoreId};
use crate::domain::rate::Quote;
use crate::domain::refund::FollowUp;
use crate::domain::rows::{Restored, WorkItem};
use crate::domain::seller::LabelVia;
use crate::domain::settling;
use crate::domain::shipment::LabelState;
use chrono::{DateTime, TimeDelta, Utc};
use std::collections::HashSet;
use std::time::Duration;

/// Both clocks at one moment.
#[derive(Debug, Clone, Copy)]
pub(super) struct Moment {
    pub(super) wall: DateTime<Utc>,
    /// Of the stopwatch that never jumps.
    pub(super) watch: Duration,
}

/// One thing to do.
#[derive(Debug, Clone)]
pub(super) enum Step {
    Quote(Box<Quote>, StoreId, OrderNumber, Haste),
    Buy(WorkItem),
    Repeat(WorkItem),
    Look(WorkItem),
    Document(WorkItem),
    Void(WorkItem),
    Confirm(Box<ConfirmationRow>),
    Import(StoreId),
    Compare(OrderId, StoreId, OrderNumber),
    Follow(Box<FollowUp>),
    Accounts(StoreId),
    Shop(OrderId, StoreId, OrderNumber),
    Form(Box<CollectionForm>),
    Erase,
}

/// What keeps two steps apart: one at a time for each.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub(super) enum Key {
    Quote(QuoteId),
    Order(OrderNumber),
    Import(StoreId),
    /// Readings that nobody waits for: one at a time.
    Background,
    Accounts(StoreId),
    Shopping(OrderId),
    Form(CollectionFormId),
    Erasure,
}

/// What is asked for in bulk, each bounded by a bucket of its own.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub(super) enum Errand {
    Rates,
    Label(LabelVia),
}

/// One shop's errands.
pub(super) type Kind = (StoreId, Errand);

impl Step {
    pub(super) fn key(&self) -> Key {
        match self {
            Self::Quote(quote, ..) => Key::Quote(quote.id),
            Self::Buy(item)
            | Self::Repeat(item)
            | Self::Look(item)
            | Self::Document(item)
            | Self::Void(item) => Key::Order(item.label.number.clone()),
            Self::Confirm(row) => Key::Order(row.number.clone()),
            Self::Import(store) => Key::Import(store.clone()),
            Self::Compare(_, _, number) => Key::Order(number.clone()),
            Self::Follow(_) => Key::Background,
            Self::Accounts(store) => Key::Accounts(store.clone()),
            Self::Shop(order, ..) => Key::Shopping(*order),
            Self::Form(wish) => Key::Form(wish.id),
            Self::Erase => Key::Erasure,
        }
    }

    /// In bulk: the errand of the shop that bounds how many of its kind are under way.
    pub(super) fn in_bulk(&self) -> Option<Kind> {
        match self {
            Self::Quote(_, store, _, Haste::Bulk) => Some((store.clone(), Errand::Rates)),
            Self::Buy(item) if item.haste == Haste::Bulk => {
                Some((item.store.clone(), Errand::Label(item.label.via)))
            }
            _ => None,
        }
    }

    /// The label that the step moves.
    pub(super) fn label(&self) -> Option<IntentId> {
        match self {
            Self::Buy(item)
            | Self::Repeat(item)
            | Self::Look(item)
            | Self::Document(item)
            | Self::Void(item) => Some(item.label.id),
            Self::Quote(..)
            | Self::Import(_)
            | Self::Compare(..)
            | Self::Follow(_)
            | Self::Accounts(_)
            | Self::Shop(..)
            | Self::Form(_)
            | Self::Erase => None,
            Self::Confirm(row) => Some(row.label),
        }
    }
}

/// What is due now, and when to look again.
#[derive(Debug, Default)]
pub(super) struct Plan {
    pub(super) steps: Vec<Step>,
    pub(super) waiting: Vec<StillWaiting>,
    /// Time until the next thing is due.
    pub(super) next: Option<Duration>,
}

impl Plan {
    pub(super) fn later(&mut self, pause: Duration) {
        self.next = Some(self.next.map_or(pause, |next| next.min(pause)));
    }
}

/// The stored facts that a plan is made of: what the bench waits for, and what is not settled.
#[derive(Debug)]
pub(super) struct Work {
    /// Why nothing may be asked: the database was found damaged.
    pub(super) sound: Result<(), String>,
    pub(super) labels: Vec<WorkItem>,
    pub(super) quotes: Vec<(Quote, StoreId, OrderNumber)>,
    /// Shops whose linked carrier accounts somebody wants to see.
    pub(super) accounts: Vec<StoreId>,
    /// Collection forms that are wished for.
    pub(super) forms: Vec<CollectionForm>,
    /// The database was put back: how far it is compared, and what is compared next.
    pub(super) restored: Option<Restored>,
    pub(super) uncompared: Vec<(OrderId, StoreId, OrderNumber)>,
    /// Readings that nobody waits for, soonest first.
    pub(super) follow_ups: Vec<FollowUp>,
    pub(super) confirmations: Vec<ConfirmationRow>,
}

impl Default for Work {
    fn default() -> Self {
        Self {
            sound: Ok(()),
            labels: Vec::new(),
            quotes: Vec::new(),
            accounts: Vec::new(),
            forms: Vec::new(),
            restored: None,
            uncompared: Vec::new(),
            follow_ups: Vec::new(),
            confirmations: Vec::new(),
        }
    }
}

/// Makes the plan of everything but the wishes in bulk, which [`super::backlog`] adds at its end. `asking` is
/// false while an answer of Amazon could not be stored: then nothing more is asked (PURCHASING.md 3.6).
pub(super) fn plan(work: Work, memory: &Memory, now: Moment, asking: bool) -> Plan {
    let mut plan = Plan::default();
    if !asking {
        return plan;
    }
    let mut taken = memory.busy.clone();
    // Purchases first: a packer stands before each of them. Then rates, then what can wait.
    let mut labels = work.labels;
    labels.sort_by_key(|item| (item.label.state != LabelState::Wanted, item.label.wanted_at));
    let bought = labels
        .iter()
        .filter(|item| item.label.state == LabelState::Wanted)
        .count();
    let rest = labels.split_off(bought);
    if let Some(restored) = &work.restored {
        // Nothing is bought from a restored database; what it knows of asked purchases is told by packages alone.
        plan_compare(restored, work.uncompared, memory, now, &mut taken, &mut plan);
    } else {
        for item in labels {
            plan_label(item, memory, now, &mut taken, &mut plan);
        }
    }
    for (quote, store, number) in work.quotes {
        plan_quote(quote, store, number, memory, now, &mut taken, &mut plan);
    }
    for store in work.accounts {
        if taken.insert(Key::Accounts(store.clone())) {
            plan.steps.push(Step::Accounts(store));
        }
    }
    for item in rest {
        if work.restored.is_none() || item.label.state != LabelState::Unknown {
            plan_label(item, memory, now, &mut taken, &mut plan);
        }
    }
    if work.restored.is_none() {
        plan_confirmations(work.confirmations, memory, now, &mut taken, &mut plan);
        plan_forms(work.forms, memory, now, &mut taken, &mut plan);
    }
    for (store, (due, _)) in &memory.imports {
        if *due > now.watch {
            plan.later(due.saturating_sub(now.watch));
        } else if taken.insert(Key::Import(store.clone())) {
            plan.steps.push(Step::Import(store.clone()));
        }
    }
    plan_background(work.follow_ups, memory, now, &mut taken, &mut plan);
    match memory.erasure {
        Some(due) if due > now.watch => plan.later(due.saturating_sub(now.watch)),
        Some(_) if taken.insert(Key::Erasure) => plan.steps.push(Step::Erase),
        _ => {}
    }
    plan
}

/// Drivers wait for these, but no packer does.
fn plan_forms(
    forms: Vec<CollectionForm>,
    memory: &Memory,
    now: Moment,
    taken: &mut HashSet<Key>,
    plan: &mut Plan,
) {
    for wish in forms {
        let pause = memory.forms.get(&wish.id).and_then(|note| note.pause.as_ref());
        if let Some((until, why)) = pause.filter(|(until, _)| *until > now.watch) {
            let pause = until.saturating_sub(now.watch);
            plan.later(pause);
            plan.waiting.push(StillWaiting {
                number: None,
                label: None,
                why: why.clone(),
                again_in: Some(whole_seconds(pause)),
            });
        } else if taken.insert(Key::Form(wish.id)) {
            plan.steps.push(Step::Form(Box::new(wish)));
        }
    }
}

fn plan_compare(
    restored: &Restored,
    orders: Vec<(OrderId, StoreId, OrderNumber)>,
    memory: &Memory,
    now: Moment,
    taken: &mut HashSet<Key>,
    plan: &mut Plan,
) {
    let paused = memory.comparing.as_ref().filter(|(until, _)| *until > now.watch);
    let pause = paused.map(|(until, _)| until.saturating_sub(now.watch));
    let why = paused.map_or_else(String::new, |(_, why)| format!("; {why}"));
    plan.waiting.push(StillWaiting {
        number: None,
        label: None,
        why: format!("{restored}{why}"),
        again_in: Some(pause.map_or(1, whole_seconds)),
    });
    if let Some(pause) = pause {
        plan.later(pause);
        return;
    }
    for (order, store, number) in orders {
        if taken.insert(Key::Order(number.clone())) {
            plan.steps.push(Step::Compare(order, store, number));
        }
    }
}

/// What nobody waits for comes last, one at a time and at a pace that leaves Amazon's calls to the bench.
fn plan_background(
    follow_ups: Vec<FollowUp>,
    memory: &Memory,
    now: Moment,
    taken: &mut HashSet<Key>,
    plan: &mut Plan,
) {
    let Some(soonest) = follow_ups.into_iter().next() else {
        return;
    };
    let due = (soonest.due - now.wall).to_std().unwrap_or_default();
    let pause = due.max(memory.background.pause(now.watch));
    if pause > Duration::ZERO {
        plan.later(pause);
    } else if taken.insert(Key::Background) {
        plan.steps.push(Step::Follow(Box::new(soonest)));
    }
}

fn plan_quote(
    quote: Quote,
    store: StoreId,
    number: OrderNumber,
    memory: &Memory,
    now: Moment,
    taken: &mut HashSet<Key>,
    plan: &mut Plan,
) {
    let pause = memory.quotes.get(&quote.id).and_then(|note| note.pause.as_ref());
    if let Some((until, why)) = pause.filter(|(until, _)| *until > now.watch) {
        let pause = until.saturating_sub(now.watch);
        plan.later(pause);
        plan.waiting.push(StillWaiting {
            number: Some(number),
            label: None,
            why: format!("rates wait: {why}"),
            again_in: Some(whole_seconds(pause)),
        });
    } else if taken.insert(Key::Quote(quote.id)) {
        plan.steps
            .push(Step::Quote(Box::new(quote), store, number, Haste::Bench));
    }
}

fn plan_label(item: WorkItem, memory: &Memory, now: Moment, taken: &mut HashSet<Key>, plan: &mut Plan) {
    let note = memory.labels.get(&item.label.id).cloned().unwrap_or_default();
    let (label, number) = (item.label.id, item.label.number.clone());
    let reason = item.label.reason.clone();
    let state = item.label.state;
    let Some((step, due)) = next_of(item, &note, now) else {
        if state == LabelState::Unknown || state == LabelState::BoughtWithoutDocument {
            plan.waiting.push(StillWaiting {
                number: Some(number),
                label: Some(label),
                why: format!(
                    "{state}: {}",
                    reason.unwrap_or_else(|| "a person must decide".to_owned())
                ),
                again_in: None,
            });
        }
        return;
    };
    let paused = note.pause.as_ref().filter(|(until, _)| *until > now.watch);
    let pause = paused
        .map_or(Duration::ZERO, |(until, _)| until.saturating_sub(now.watch))
        .max(due);
    if pause > Duration::ZERO {
        let why = paused.map(|(_, why)| why.clone()).or(reason);
        plan.later(pause);
        plan.waiting.push(StillWaiting {
            number: Some(number),
            label: Some(label),
            why: why.map_or_else(|| state.to_string(), |why| format!("{state}: {why}")),
            again_in: Some(whole_seconds(pause)),
        });
    } else if taken.insert(step.key()) {
        plan.steps.push(step);
    } else {
        // The order's other label is being worked on: its end wakes the plan.
        plan.waiting.push(StillWaiting {
            number: Some(number),
            label: Some(label),
            why: format!("{state}: another label of this order is being asked for"),
            again_in: Some(1),
        });
    }
}

/// The next step of a label and how long until it is due.
fn next_of(item: WorkItem, note: &Note, now: Moment) -> Option<(Step, Duration)> {
    let from = |due: DateTime<Utc>, now: DateTime<Utc>| (due - now).to_std().unwrap_or_default();
    match item.label.state {
        LabelState::Wanted => {
            let due = pause_of(&item, now);
            Some((Step::Buy(item), due))
        }
        LabelState::VoidWanted | LabelState::VoidUnknown => {
            let due = pause_of(&item, now);
            Some((Step::Void(item), due))
        }
        LabelState::BoughtWithoutDocument => {
            let fetchable = item.label.shipment.is_some() && !item.label.held;
            fetchable.then_some((Step::Document(item), Duration::ZERO))
        }
        LabelState::Unknown => {
            let now = judged_now(&item, note, now);
            let repeat = settling::repeat_due(&item, now).map(|due| from(due, now));
            let first = item.first_sent_at.unwrap_or(item.label.changed_at);
            let look = from(settling::look_due(first, note.looked_at, now), now);
            match repeat {
                Some(repeat) if repeat <= look => Some((Step::Repeat(item), repeat)),
                _ => Some((Step::Look(item), look)),
            }
        }
        _ => None,
    }
}

/// How long a wish pauses by what is written down with it. One that was written down ahead of the clock pauses no
/// longer: the clock was set back, and the pause would last as long as it was wrong.
pub(super) fn pause_of(item: &WorkItem, now: Moment) -> Duration {
    let written = item.label.changed_at <= now.wall + TimeDelta::minutes(1);
    let due = item.not_before.filter(|_| written);
    due.map_or(Duration::ZERO, |due| {
        (due - now.wall).to_std().unwrap_or_default()
    })
}

/// The time by which an unknown purchase is judged: where this process sent it, the stopwatch counts, so that a
/// wall clock that jumps neither forbids a repeat nor, worse, allows one.
pub(super) fn judged_now(item: &WorkItem, note: &Note, now: Moment) -> DateTime<Utc> {
    let by_watch = item.first_sent_at.zip(note.first_sent).and_then(|(first, sent)| {
        let passed = TimeDelta::from_std(now.watch.saturating_sub(sent)).ok()?;
        Some(first + passed)
    });
    by_watch.unwrap_or(now.wall)
}

/// How long to wait after `tries` failures: 2 s, doubled, at most `most`.
pub(super) fn backoff(tries: u32, most: Duration) -> Duration {
    Duration::from_secs(2 << tries.min(10)).min(most)
}

pub(super) fn whole_seconds(pause: Duration) -> u64 {
    pause.as_secs() + u64::from(pause.subsec_nanos() > 0)
}

#[cfg(test)]
mod tests;

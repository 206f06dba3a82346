//! Wishes in bulk that were read and not begun: a window of each list, so that planning costs the same however
//! many wait. Steps are handed out as far as the buckets let them go out soon, in the order of the wishes; the
//! bench never waits for them (its steps are planned first, and its calls stand before theirs in every line).

use super::import;
use super::memory::Memory;
use super::outcome::StillWaiting;
use super::plan::{Errand, Key, Kind, Moment, Plan, Step, pause_of, whole_seconds};
use super::shops::{Core, Shop};
use crate::domain::bucket::Haste;
use crate::domain::freshness;
use crate::domain::ids::{OrderNumber, QuoteId, StoreId};
use crate::domain::rate::Quote;
use crate::domain::rows::WorkItem;
use crate::store::StoreResult;
use chrono::{DateTime, TimeDelta, Utc};
use std::collections::{BTreeMap, HashMap, HashSet, VecDeque};
use std::time::Duration;

/// Wishes of one kind that are read at once.
const WINDOW: usize = 256;
/// Steps of one bucket are begun for what it gives in this time: time enough for a slow answer and for what is
/// done before and after it, so that the bucket never waits for a step.
const AHEAD: Duration = Duration::from_secs(2);
/// Besides, and at most.
const AT_LEAST: usize = 4;
const AT_MOST: usize = 160;
/// A sweep is asked for before the last one is too old, so that what was begun is still fresh when it is asked.
const BEFORE_TOO_OLD: TimeDelta = TimeDelta::seconds(30);

/// Between the end of a sweep and one that is made because that one is too old already. Where a new sweep is too old
/// at once, this machine's clock and Amazon's disagree, and the next would say the same: it must neither use up the
/// calls nor keep a pass from ending.
const SWEEPS_APART: Duration = Duration::from_mins(1);

/// What waits in bulk, as far as it was read.
#[derive(Debug, Default)]
pub(super) struct Backlog {
    labels: VecDeque<WorkItem>,
    /// Place of the last label that was read.
    labels_after: i64,
    quotes: VecDeque<(Quote, StoreId, OrderNumber)>,
    /// The last quote that was read.
    quotes_after: i64,
}

/// Up to when the last sweep of each shop knows everything.
type Swept = BTreeMap<StoreId, Option<DateTime<Utc>>>;

/// How many steps of one kind may be under way.
fn most(core: &Core, (store, errand): &Kind) -> usize {
    let via = |shop: &Shop| match errand {
        Errand::Rates => shop.via,
        Errand::Label(via) => *via,
    };
    let desk = core
        .shops
        .get(store)
        .map(|shop| shop.labels(via(shop), Haste::Bulk));
    // Where nothing can be asked, each step says so by itself.
    let Some(Ok(desk)) = desk else { return AT_LEAST };
    let operation = match errand {
        Errand::Rates => desk.quoting(),
        Errand::Label(_) => desk.buying(),
    };
    let ahead = core.buckets.gathers_in(store, operation, AHEAD);
    let ahead = usize::try_from(ahead).unwrap_or(AT_MOST);
    (ahead + AT_LEAST).min(AT_MOST)
}

impl Backlog {
    /// Forgets what was read: it is read again from its first wish. For whenever a step ended without settling.
    pub(super) fn read_again(&mut self) {
        *self = Self::default();
    }

    /// The step has settled its wish: where that was read anew meanwhile, it must not be carried out again.
    pub(super) fn settled(&mut self, step: &Step) {
        match step {
            Step::Quote(settled, _, _, Haste::Bulk) => {
                self.quotes.retain(|(quote, ..)| quote.id != settled.id);
            }
            Step::Buy(settled) if settled.haste == Haste::Bulk => {
                self.labels.retain(|item| item.label.id != settled.label.id);
            }
            _ => {}
        }
    }

    /// Reads on where little is left.
    async fn read_on(&mut self, core: &Core) -> StoreResult<()> {
        let (labels_after, quotes_after) = (self.labels_after, self.quotes_after);
        let (few_labels, few_quotes) = (self.labels.len() < WINDOW, self.quotes.len() < WINDOW);
        let (labels, quotes) = core
            .store
            .read(move |store| {
                let labels = few_labels.then(|| store.work_in_bulk(labels_after, WINDOW));
                let quotes = few_quotes.then(|| store.wanted_quotes_in_bulk(QuoteId(quotes_after), WINDOW));
                Ok((
                    labels.transpose()?.unwrap_or_default(),
                    quotes.transpose()?.unwrap_or_default(),
                ))
            })
            .await?;
        for (place, item) in labels {
            self.labels_after = place;
            self.labels.push_back(item);
        }
        for wish in quotes {
            self.quotes_after = wish.0.id.0;
            self.quotes.push_back(wish);
        }
        Ok(())
    }

    /// Adds to the plan what may begin now, and the sweeps that it needs first.
    pub(super) async fn plan(
        &mut self,
        core: &Core,
        memory: &mut Memory,
        now: Moment,
        plan: &mut Plan,
    ) -> StoreResult<()> {
        self.read_on(core).await?;
        if self.labels.is_empty() && self.quotes.is_empty() {
            return Ok(());
        }
        let mut taken = memory.busy.clone();
        taken.extend(plan.steps.iter().map(Step::key));
        let mut room = Room {
            core,
            left: HashMap::new(),
        };
        let shops: HashSet<StoreId> = self.labels.iter().map(|item| item.store.clone()).collect();
        let swept: Swept = core
            .store
            .read(move |store| {
                let each = shops.into_iter();
                each.map(|shop| Ok((shop.clone(), store.swept_until(&shop)?)))
                    .collect()
            })
            .await?;
        self.plan_labels(memory, now, &swept, &mut taken, &mut room, plan);
        self.plan_quotes(memory, now, &mut taken, &mut room, plan);
        Ok(())
    }

    fn plan_labels(
        &mut self,
        memory: &mut Memory,
        now: Moment,
        swept: &Swept,
        taken: &mut HashSet<Key>,
        room: &mut Room<'_>,
        plan: &mut Plan,
    ) {
        let stale: BTreeMap<StoreId, String> = swept
            .iter()
            .filter_map(|(shop, swept)| Some((shop.clone(), stale(*swept, now.wall)?)))
            .collect();
        for shop in stale.keys() {
            sweep_now(shop, memory, now, plan);
        }
        let mut kept = VecDeque::with_capacity(self.labels.len());
        for item in self.labels.drain(..) {
            let paused = paused(&item, memory, now).or_else(|| {
                let why = stale.get(&item.store)?;
                let due = memory.imports.get(&item.store);
                let (pause, because) = due.map_or((Duration::ZERO, ""), |(due, because)| {
                    (due.saturating_sub(now.watch), because.as_str())
                });
                Some((pause.max(Duration::from_secs(1)), format!("{why} {because}")))
            });
            if let Some((pause, why)) = paused {
                plan.later(pause);
                plan.waiting.push(StillWaiting {
                    number: Some(item.label.number.clone()),
                    label: Some(item.label.id),
                    why: format!("{}: {}", item.label.state, why.trim_end()),
                    again_in: Some(whole_seconds(pause)),
                });
                kept.push_back(item);
                continue;
            }
            let step = Step::Buy(item);
            if !taken.contains(&step.key()) && room.take(&step, memory) {
                taken.insert(step.key());
                plan.steps.push(step);
            } else if let Step::Buy(item) = step {
                kept.push_back(item);
            }
        }
        self.labels = kept;
    }

    fn plan_quotes(
        &mut self,
        memory: &Memory,
        now: Moment,
        taken: &mut HashSet<Key>,
        room: &mut Room<'_>,
        plan: &mut Plan,
    ) {
        let mut kept = VecDeque::with_capacity(self.quotes.len());
        for (quote, shop, number) in self.quotes.drain(..) {
            let pause = memory.quotes.get(&quote.id).and_then(|note| note.pause.as_ref());
            if let Some((until, why)) = pause.filter(|(until, _)| *until > now.watch) {
                let pause = until.saturating_sub(now.watch);
                plan.later(pause);
                plan.waiting.push(StillWaiting {
                    number: Some(number.clone()),
                    label: None,
                    why: format!("rates wait: {why}"),
                    again_in: Some(whole_seconds(pause)),
                });
                kept.push_back((quote, shop, number));
                continue;
            }
            let step = Step::Quote(Box::new(quote), shop, number, Haste::Bulk);
            if !taken.contains(&step.key()) && room.take(&step, memory) {
                taken.insert(step.key());
                plan.steps.push(step);
            } else if let Step::Quote(quote, shop, number, _) = step {
                kept.push_back((*quote, shop, number));
            }
        }
        self.quotes = kept;
    }
}

/// Room for steps under way, of each kind.
struct Room<'a> {
    core: &'a Core,
    left: HashMap<Kind, usize>,
}

impl Room<'_> {
    fn take(&mut self, step: &Step, memory: &Memory) -> bool {
        let Some(kind) = step.in_bulk() else {
            return true;
        };
        let left = self.left.entry(kind).or_insert_with_key(|kind| {
            let under_way = memory.in_bulk.get(kind).copied().unwrap_or_default();
            most(self.core, kind).saturating_sub(under_way)
        });
        let free = *left > 0;
        *left = left.saturating_sub(1);
        free
    }
}

/// Why a shop's orders must be compared with Amazon first.
pub(super) fn stale(swept: Option<DateTime<Utc>>, now: DateTime<Utc>) -> Option<String> {
    let Some(swept) = swept else {
        return Some("waits: the orders were never compared with Amazon yet.".to_owned());
    };
    if swept > now {
        return Some(format!(
            "waits: this machine's clock is {} minutes behind Amazon's, so that nobody knows how old Amazon's word on \
             the orders is: set the clock.",
            (swept - now).num_minutes()
        ));
    }
    let fresh = freshness::young_enough(swept, now, freshness::BULK - BEFORE_TOO_OLD);
    (!fresh).then(|| {
        format!(
            "waits: the orders were last compared with Amazon {} minutes ago, many labels are bought only within 5 (if \
             that stays so, this machine's clock is wrong).",
            (now - swept).num_minutes()
        )
    })
}

/// Sweeps the shop at once, unless Amazon's limit (or its silence) makes the sweep itself wait.
fn sweep_now(shop: &StoreId, memory: &mut Memory, now: Moment, plan: &mut Plan) {
    let due = memory
        .imports
        .entry(shop.clone())
        .or_insert((now.watch, String::new()));
    if due.0 > now.watch && due.1.is_empty() {
        // Not due yet: the last one ended as long ago as the pause after it has run.
        let ended = import::EVERY.saturating_sub(due.0.saturating_sub(now.watch));
        if ended >= SWEEPS_APART {
            due.0 = now.watch;
        } else {
            plan.later(SWEEPS_APART.saturating_sub(ended));
        }
    }
    let key = Key::Import(shop.clone());
    let planned = plan.steps.iter().any(|step| step.key() == key);
    if due.0 <= now.watch && !planned && !memory.busy.contains(&key) {
        plan.steps.push(Step::Import(shop.clone()));
    }
}

/// Until when this wish is not to be carried out, and why.
fn paused(item: &WorkItem, memory: &Memory, now: Moment) -> Option<(Duration, String)> {
    let note = memory
        .labels
        .get(&item.label.id)
        .and_then(|note| note.pause.clone());
    let stored = pause_of(item, now);
    let noted = note.filter(|(until, _)| *until > now.watch);
    let pause = noted
        .as_ref()
        .map_or(Duration::ZERO, |(until, _)| until.saturating_sub(now.watch))
        .max(stored);
    if pause.is_zero() {
        return None;
    }
    let why = noted.map(|(_, why)| why).or_else(|| item.label.reason.clone());
    Some((pause, why.unwrap_or_else(|| "is tried again".to_owned())))
}

#[cfg(test)]
mod tests;

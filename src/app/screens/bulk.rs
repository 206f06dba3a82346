//! Bulk ship of a pick list: the orders are checked, somebody who may says yes, the run goes on by itself.

use crate::app::banner::Tone;
use crate::app::effect::{BulkAct, Commit, Query, Slot};
use crate::app::layers::{Ask, Layer, Question};
use crate::app::state::{Awaited, Screen, State};
use crate::app::window::Window;
use crate::domain::bulk::{
    BulkMethod, BulkMode, BulkRow, BulkRun, BulkSelection, BulkWish, RunState, time_left,
};
use crate::domain::ids::{BulkRunId, OrderId, PickListId};
use crate::domain::money::Money;
use crate::domain::rows::{OrderFilter, Page};
use crate::domain::seller::LabelVia;
use chrono::{DateTime, TimeDelta, Utc};
use std::collections::BTreeSet;

/// Above so many marked orders the question says the number twice.
const MANY: u32 = 500;

/// The run that is shown, and the orders that are marked for one.
#[derive(Debug, Default)]
pub struct BulkView {
    /// Its pick list.
    pub list: Option<PickListId>,
    /// The newest run of the list.
    pub run: Option<BulkRun>,
    /// Its orders.
    pub rows: Window<BulkRow>,
    /// Methods that Amazon offers to its orders.
    pub methods: Vec<BulkMethod>,
    /// The list whose orders are marked.
    pub marks_of: Option<PickListId>,
    /// Orders that were marked; with `all_but` those whose mark was taken away.
    pub marked: BTreeSet<OrderId>,
    /// All orders of the list are marked, but those.
    pub all_but: bool,
    /// Since when this screen has seen the run buy, and what had come of it by then.
    pub pace: Option<(BulkRunId, DateTime<Utc>, u32)>,
}

impl BulkView {
    /// The order is marked.
    pub fn is_marked(&self, order: OrderId) -> bool {
        self.marked.contains(&order) != self.all_but
    }

    /// Takes all marks away.
    pub(crate) fn unmark(&mut self) {
        self.marked.clear();
        self.all_but = false;
    }

    /// What a run would take: without a mark the whole list.
    fn selection(&self) -> BulkSelection {
        match (self.all_but, self.marked.is_empty()) {
            (_, true) => BulkSelection::All,
            (true, false) => BulkSelection::AllBut(self.marked.clone()),
            (false, false) => BulkSelection::These(self.marked.clone()),
        }
    }
}

/// Amounts in words: `$98.40 and CAD 12.00`.
pub fn amounts(sums: &[Money]) -> String {
    let words: Vec<String> = sums.iter().map(Money::to_string).collect();
    if words.is_empty() {
        "nothing".to_owned()
    } else {
        words.join(" and ")
    }
}

/// `1 label`, `2 labels`.
fn counted(count: u32, one: &str, many: &str) -> String {
    format!("{count} {}", if count == 1 { one } else { many })
}

/// How long the run still takes, while it buys.
pub fn run_time_left(state: &State, run: &BulkRun) -> Option<TimeDelta> {
    if run.state != RunState::Running {
        return None;
    }
    let slow = |via| state.setup.stores.iter().any(|store| store.account.via == via);
    let via = if slow(LabelVia::MerchantFulfillmentV0) {
        LabelVia::MerchantFulfillmentV0
    } else {
        LabelVia::ShippingV2
    };
    let counts = run.counts;
    let left = counts.checking + counts.ok + counts.wanted;
    let seen = state.bulk.pace.filter(|(id, ..)| *id == run.id);
    let (since, done) = seen.map_or((None, 0), |(_, at, before)| {
        (Some(state.now - at), ended(run).saturating_sub(before))
    });
    Some(time_left(left, via, done, since))
}

/// Labels of a run of which it is known what came of them.
fn ended(run: &BulkRun) -> u32 {
    run.counts.bought + run.counts.unknown
}

impl State {
    /// Marks the selected order, or takes the mark away; the next one is selected.
    pub(crate) fn mark(&mut self) {
        let Some(row) = self.orders.window.selection() else {
            return;
        };
        let order = row.id;
        self.bulk.marks_of = self.orders.filter.pick_list;
        if !self.bulk.marked.remove(&order) {
            self.bulk.marked.insert(order);
        }
        let visible = self.visible_rows();
        let next = self.orders.window.selected + 1;
        if let Some(span) = self.orders.window.select(next, visible) {
            self.read_orders(span);
        }
        self.say_marked();
    }

    /// Marks the whole list, to take some marks away; where anything is marked, takes all marks away.
    pub(crate) fn mark_all(&mut self) {
        let mark = self.bulk.marked.is_empty() && !self.bulk.all_but;
        self.bulk.unmark();
        self.bulk.marks_of = self.orders.filter.pick_list;
        self.bulk.all_but = mark;
        self.say_marked();
    }

    fn say_marked(&mut self) {
        let words = match (self.bulk.marked.len(), self.bulk.all_but) {
            (0, false) => "no order is marked: bulk ship takes the whole list".to_owned(),
            (0, true) => "all orders of this list are marked".to_owned(),
            (1, false) => "1 order is marked".to_owned(),
            (count, false) => format!("{count} orders are marked"),
            (count, true) => format!("all orders of this list but {count} are marked"),
        };
        self.say(Tone::Note, words);
    }

    /// Its key: begins a run, stops it, or looks at what was refused again.
    pub(crate) fn bulk_key(&mut self) {
        let Some(by) = self.user.as_ref().map(|user| user.id) else {
            return;
        };
        if self.screen == Screen::Orders {
            self.begin_bulk();
            return;
        }
        let Some(run) = &self.bulk.run else { return };
        let (id, act) = (run.id, bulk_key_means(run));
        match act {
            Some(BulkKey::Stop) => {
                self.bulk_commit(
                    BulkAct::Stop { run: id, by },
                    "stopping: what is being asked is waited for",
                );
            }
            Some(BulkKey::Retry) => {
                self.bulk_commit(
                    BulkAct::Retry { run: id, by },
                    "the refused orders are looked at again",
                );
            }
            None => {}
        }
    }

    fn begin_bulk(&mut self) {
        let (Some(list), Some(by)) = (
            self.orders.filter.pick_list,
            self.user.as_ref().map(|user| user.id),
        ) else {
            return;
        };
        let formats = self.setup.stores.iter().map(|store| {
            let formats = self.setup.formats_of(Some(&store.id));
            (store.id.clone(), formats)
        });
        let wish = BulkWish {
            list,
            orders: self.bulk.selection(),
            mode: BulkMode::Each,
            formats: formats.collect(),
            by,
            station: self.setup.station.clone(),
        };
        if self.bulk.list != Some(list) {
            self.bulk.run = None;
            self.bulk.rows = Window::default();
        }
        self.bulk.list = Some(list);
        self.bulk_commit(BulkAct::Begin(Box::new(wish)), "");
    }

    fn bulk_commit(&mut self, act: BulkAct, words: &'static str) {
        self.commit(Commit::Bulk(act), Awaited::Bulk(words));
    }

    /// The store did it.
    pub(crate) fn bulk_done(&mut self, words: &str) {
        if self.screen == Screen::Orders {
            self.screen = Screen::Bulk;
            self.bulk.unmark();
            self.banner = None;
        }
        if !words.is_empty() {
            self.say(Tone::Note, words);
        }
        self.read_again(Slot::Bulk);
    }

    pub(crate) fn read_bulk(&mut self) {
        if let Some(list) = self.bulk.list {
            let span = self.bulk.rows.span(self.visible_rows());
            self.read(
                Slot::Bulk,
                Query::Bulk {
                    list,
                    first: span.first,
                    limit: span.limit,
                },
            );
        }
    }

    pub(crate) fn take_bulk(&mut self, read: Option<(BulkRun, Page<BulkRow>)>) {
        let before = self.bulk.run.as_ref().map(|run| (run.id, run.state));
        let Some((run, page)) = read else {
            self.bulk.run = None;
            self.bulk.rows = Window::default();
            return;
        };
        if before.is_some_and(|(id, _)| id != run.id) {
            self.bulk.rows = Window::default();
        }
        match (run.state, self.bulk.pace) {
            (RunState::Running, Some((id, ..))) if id == run.id => {}
            (RunState::Running, _) => self.bulk.pace = Some((run.id, self.now, ended(&run))),
            _ => self.bulk.pace = None,
        }
        let has_ended = run.state == RunState::Done
            && before.is_some_and(|(id, state)| id == run.id && state != RunState::Done);
        let counts = run.counts;
        self.bulk.rows.take(page);
        self.bulk.run = Some(run);
        if has_ended && self.screen == Screen::Bulk {
            let mut words = vec![format!("{} bought", counts.bought)];
            for (count, what) in [(counts.refused, "refused"), (counts.unknown, "UNKNOWN")] {
                words.extend((count > 0).then(|| format!("{count} {what}")));
            }
            let words = format!("the run has ended: {}", words.join(", "));
            if counts.refused + counts.unknown == 0 {
                self.good(words);
            } else {
                self.bad(words);
            }
        }
    }

    /// The yes key: asks before any money is spent.
    pub(crate) fn ask_bulk(&mut self) {
        let Some(run) = self.bulk.run.as_ref().filter(|run| can_start(run)) else {
            return;
        };
        let counts = run.counts;
        let mut lines = vec![
            format!(
                "{} for {} together at most, {}.",
                counted(counts.ok, "label", "labels"),
                amounts(&run.to_buy),
                run.mode
            ),
            "A label that became dearer since is not bought.".to_owned(),
        ];
        if counts.refused > 0 {
            let left_out = counted(counts.refused, "refused order is", "refused orders are");
            lines.insert(1, format!("{left_out} left out."));
        }
        if let Some(reason) = &run.earliest {
            lines.push(format!("! {reason}"));
        }
        if counts.ok > MANY {
            lines.push(format!(
                "! {} labels in one run: look at the number again.",
                counts.ok
            ));
        }
        let id = run.id;
        self.ask(Question::new(Ask::Bulk(id), lines));
    }

    /// The yes to a question about a list, its picking or its bulk ship.
    pub(crate) fn list_yes(&self, ask: &Ask, reason: String) -> Option<Commit> {
        let by = self.user.as_ref().map(|user| user.id)?;
        match ask {
            Ask::Unlist(order) => Some(Commit::RemoveFromPickList {
                order: *order,
                by,
                reason,
            }),
            Ask::Short { order, sku } => Some(Commit::PickShort {
                list: self.pick.list?,
                order: *order,
                sku: sku.clone(),
                by,
                reason,
            }),
            Ask::Bulk(run) => Some(Commit::Bulk(BulkAct::Start { run: *run, by })),
            Ask::Earliest(run) => Some(Commit::Bulk(BulkAct::Earliest {
                run: *run,
                reason,
                by,
            })),
            _ => None,
        }
    }

    /// The store did what such a question asked for.
    pub(crate) fn list_yes_done(&mut self, ask: &Ask) {
        match ask {
            Ask::Unlist(_) => self.listed("taken off its list"),
            Ask::Short { .. } => {
                self.picked("written down: the walk goes on without it");
                self.read_again(Slot::PickWalk);
            }
            Ask::Earliest(_) => self.bulk_done("written down: every order is judged again"),
            _ => self.bulk_done("written down: the labels are bought, this screen need not stay open"),
        }
    }

    pub(crate) fn ask_earliest(&mut self) {
        if let Some(run) = self.bulk.run.as_ref().filter(|run| can_change(run)) {
            let lines = vec![
                "Where every method comes after the order's deliver-by, the earliest one is taken for this run."
                    .to_owned(),
                "Say why; it stands in the history of every label that is bought so:".to_owned(),
            ];
            let id = run.id;
            let question = Question::new(Ask::Earliest(id), lines);
            self.ask(question.with_reasons(&["the carriers are late today", "the buyer agreed"]));
        }
    }

    /// Opens the choice of the method.
    pub(crate) fn ask_method(&mut self) {
        if let Some(run) = self.bulk.run.as_ref().filter(|run| can_change(run)) {
            let id = run.id;
            self.layers.push(Layer::BulkMethods(0));
            self.read(Slot::BulkMethods, Query::BulkMethods(id));
        }
    }

    /// Enter in it: each order's own, or one for all.
    pub(crate) fn choose_bulk_method(&mut self, selected: usize) {
        let (Some(run), Some(by)) = (
            self.bulk.run.as_ref().map(|run| run.id),
            self.user.as_ref().map(|user| user.id),
        ) else {
            return;
        };
        let mode = match selected.checked_sub(1) {
            None => BulkMode::Each,
            Some(place) => match self.bulk.methods.get(place) {
                Some(method) => method.mode.clone(),
                None => return,
            },
        };
        self.layers.pop();
        let mode = Box::new(mode);
        self.bulk_commit(BulkAct::Mode { run, mode, by }, "every order is judged again");
    }

    /// Back to the orders of the list.
    pub(crate) fn leave_bulk(&mut self) {
        let title = self.orders.title.clone();
        let filter = match self.bulk.list {
            Some(list) => OrderFilter {
                pick_list: Some(list),
                ..OrderFilter::default()
            },
            None => self.orders.filter.clone(),
        };
        self.open_list(title, filter);
    }

    /// Opens the selected order.
    pub(crate) fn open_selected_bulk(&mut self) {
        if let Some(row) = self.bulk.rows.selection() {
            let order = row.order;
            self.banner = None;
            self.open_order(order, Screen::Pack);
        }
    }
}

/// What its key does to a run.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum BulkKey {
    Stop,
    Retry,
}

pub(crate) fn bulk_key_means(run: &BulkRun) -> Option<BulkKey> {
    match run.state {
        RunState::Running => Some(BulkKey::Stop),
        RunState::Ready | RunState::Stopped | RunState::Done if run.counts.refused > 0 => {
            Some(BulkKey::Retry)
        }
        _ => None,
    }
}

/// Something may be bought by this run, and nothing is under way.
pub(crate) fn can_start(run: &BulkRun) -> bool {
    let left = run.counts.ok + run.counts.checking;
    match run.state {
        RunState::Ready => run.counts.ok > 0,
        RunState::Stopped => left > 0,
        _ => false,
    }
}

/// The method can still be chosen: nothing was bought by it.
pub(crate) fn can_change(run: &BulkRun) -> bool {
    run.started_at.is_none() && matches!(run.state, RunState::Ready | RunState::Checking)
}

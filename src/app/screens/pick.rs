//! Picking by scan: from bin to bin, each product scanned and put into the tote that the screen names.

use crate::app::effect::{Commit, Query, Slot};
use crate::app::layers::{Ask, Question};
use crate::app::state::{Awaited, Screen, State};
use crate::domain::ids::PickListId;
use crate::domain::pick_sheet::read_tote;
use crate::domain::pick_walk::{PickStep, PickVerdict, PickWalk};

/// The walk that is shown.
#[derive(Debug, Default)]
pub struct PickView {
    /// Its list.
    pub list: Option<PickListId>,
    /// The walk, once it is read.
    pub walk: Option<PickWalk>,
    /// Where the picker stands.
    pub at: usize,
    /// The tote that the last unit belongs into.
    pub last: Option<u32>,
}

impl PickView {
    /// What is to be picked next.
    pub fn next(&self) -> Option<&PickStep> {
        let walk = self.walk.as_ref()?;
        walk.steps.get(walk.next(self.at)?)
    }
}

impl State {
    /// Shows the walk of the list at hand.
    pub(crate) fn show_picking(&mut self) {
        let Some(list) = self.list_at_hand() else { return };
        if self.pick.list != Some(list) {
            self.pick = PickView::default();
        }
        self.pick.list = Some(list);
        self.screen = Screen::Picking;
        self.banner = None;
        self.read_again(Slot::PickWalk);
    }

    pub(crate) fn read_walk(&mut self) {
        if let Some(list) = self.pick.list {
            self.read(Slot::PickWalk, Query::PickWalk(list));
        }
    }

    /// What was picked on the screen stays picked: a read may be older than the last scans.
    pub(crate) fn take_walk(&mut self, mut walk: PickWalk) {
        if self.pick.list == Some(walk.list) {
            if let Some(known) = &self.pick.walk {
                walk.keep_picked(known);
            }
            self.pick.at = walk.next(self.pick.at).unwrap_or(0);
            self.pick.walk = Some(walk);
        }
    }

    /// A product, a case or a bin was scanned on the walk.
    pub(crate) fn scan_to_pick(&mut self, code: &str) {
        let (Some(walk), Some(by)) = (&mut self.pick.walk, self.user.as_ref().map(|user| user.id)) else {
            self.refuse("not read yet", "the list is still being read: scan it again");
            return;
        };
        match walk.scan(code, self.pick.at) {
            PickVerdict::Refused(words) => self.refuse("pick refused", words),
            PickVerdict::Bin(step) => {
                let bin = walk.steps[step].bin.clone();
                self.pick.at = step;
                self.good(format!("bin {bin}"));
            }
            PickVerdict::Take { step, quantity } => {
                let taken = &mut walk.steps[step];
                let commit = Commit::Pick {
                    list: walk.list,
                    order: taken.order,
                    sku: taken.sku.clone(),
                    before: taken.picked,
                    quantity,
                    by,
                };
                taken.picked += quantity;
                let words = format!(
                    "put into T{}: {} of {} {}",
                    taken.tote, taken.picked, taken.wanted, taken.sku
                );
                self.pick.at = step;
                self.pick.last = Some(taken.tote);
                self.commit(commit, Awaited::Pick(words));
            }
        }
    }

    /// A tote was scanned on the walk: is it the one that the last unit belongs into?
    pub(crate) fn scan_tote_to_pick(&mut self, code: &str) {
        match (read_tote(code), self.pick.last) {
            (Some((list, tote)), Some(due)) if Some(list) == self.pick.list && tote == due => {
                self.good(format!("T{due} is right"));
            }
            (Some((list, tote)), Some(due)) if Some(list) == self.pick.list => {
                self.refuse(
                    "wrong tote",
                    format!("that is T{tote}: the last unit belongs into T{due}"),
                );
            }
            (Some((list, _)), _) if Some(list) == self.pick.list => {
                self.refuse("no unit yet", "scan a product first, then its tote");
            }
            _ => self.refuse(
                "another list's tote",
                "that tote is of another list: put it aside",
            ),
        }
    }

    /// The unit is written down.
    pub(crate) fn picked(&mut self, words: &str) {
        let done = self.pick.walk.as_ref().is_some_and(|walk| walk.next(0).is_none());
        let tail = if done { " · ALL PICKED" } else { "" };
        self.good(format!("{words}{tail}"));
        if done {
            self.read_again(Slot::PickWalk);
        }
    }

    /// It is not: what the store has is read again, and nothing is taken before.
    pub(crate) fn not_picked(&mut self, words: &str) {
        self.pick.walk = None;
        self.bad(format!("NOT PICKED: {words}"));
        self.read_again(Slot::PickWalk);
    }

    /// Asks why the rest of the next product is not there.
    pub(crate) fn ask_short(&mut self) {
        let Some(step) = self.pick.next() else { return };
        let lines = vec![
            format!(
                "{} · {} · {} of {} picked for T{} (order {})",
                step.sku, step.title, step.picked, step.wanted, step.tote, step.number
            ),
            "The walk goes on without the rest; it stands in the order's history. Why is it not there?"
                .to_owned(),
        ];
        let ask = Ask::Short {
            order: step.order,
            sku: step.sku.clone(),
        };
        self.ask(Question::new(ask, lines).with_reasons(&[
            "bin is empty",
            "damaged goods",
            "cannot be found",
        ]));
    }
}

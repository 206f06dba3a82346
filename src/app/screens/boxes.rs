//! Several boxes for an order, and taking back what was done last.

use crate::app::bench::Turn;
use crate::app::effect::{BoxTurn, Commit, Slot};
use crate::app::layers::Layer;
use crate::app::message::{Failure, FailureKind};
use crate::app::state::{Awaited, Screen, State};
use crate::domain::ids::{IntentId, OrderId};
use crate::domain::packing::boxes::{self, BoxView};
use crate::domain::packing::{Expectation, PackEvent, ScanRecord, last_standing};
use crate::domain::rows::BoxRow;
use crate::domain::shipment::LabelState;

/// What the undo key takes back just now.
#[derive(Debug, Clone, PartialEq)]
enum Undoing {
    /// The last scan of our box.
    Scan(PackEvent),
    /// The opening of our box, which is still empty: back to this one.
    Box(u32),
    /// A purchase that was not asked for.
    Purchase(IntentId),
}

impl State {
    /// Boxes that the open order has.
    pub(crate) fn box_count(&self) -> usize {
        let detail = self.bench.as_ref().and_then(|bench| bench.detail.as_ref());
        detail.map_or(0, |detail| detail.boxes.len())
    }

    /// The last scan of our box that stands, those on their way included.
    fn last_own_scan(&self) -> Option<&ScanRecord> {
        let (bench, row) = (self.bench.as_ref()?, self.own_box()?);
        let stored = bench.detail.iter().flat_map(|detail| &detail.scans);
        let pending = bench.pending.iter().map(|pending| &pending.record);
        last_standing(stored.chain(pending), row.id)
    }

    /// Nothing lies in our box.
    pub fn own_box_is_empty(&self) -> bool {
        self.own_box().is_some() && self.last_own_scan().is_none()
    }

    /// Another box can be opened: something lies in ours, no code is due, and there is something for another one.
    pub(crate) fn can_next_box(&self) -> bool {
        let (Some(bench), Some(own)) = (&self.bench, self.own_box()) else {
            return false;
        };
        let (Some(session), Some(detail)) = (&bench.session, &bench.detail) else {
            return false;
        };
        match session.expects() {
            Expectation::Code { .. } => false,
            Expectation::Unit { .. } => !self.own_box_is_empty(),
            Expectation::Done => boxes::boxes(detail)
                .iter()
                .any(|other| other.row.id != own.id && !other.is_frozen() && !other.is_empty()),
        }
    }

    pub(crate) fn next_box(&mut self) {
        self.leave_box(Commit::NextBox);
    }

    /// Asks for another box. Scans wait until it is open, so that none falls into the one that is left.
    fn leave_box(&mut self, commit: impl FnOnce(BoxTurn) -> Commit) {
        let (Some(row), Some(by)) = (self.own_box().cloned(), self.user.as_ref().map(|user| user.id)) else {
            return;
        };
        let Some(bench) = &mut self.bench else { return };
        let order = bench.order;
        bench.turn = Turn::Asked;
        let from = BoxTurn {
            order,
            box_id: row.id,
            turn: row.turn,
            by,
        };
        self.commit(commit(from), Awaited::OtherBox(order, Box::new(row)));
    }

    pub(crate) fn other_box_opened(&mut self, order: OrderId, row: BoxRow) {
        let Some(bench) = self.bench.as_mut().filter(|bench| bench.order == order) else {
            return;
        };
        let number = row.number;
        if let Some(detail) = &mut bench.detail {
            // In sight at once; the order is read again in any case.
            match detail.boxes.iter_mut().find(|known| known.id == row.id) {
                Some(known) => *known = row.clone(),
                None => detail.boxes.push(row.clone()),
            }
        }
        let all = bench.complete().is_ok();
        self.weight_taken = true;
        bench.turn = Turn::Ours(row);
        bench.offers.clear();
        bench.rebuy = None;
        if self.screen != Screen::Pack {
            self.screen = Screen::Pack;
        }
        self.layers.retain(|layer| !matches!(layer, Layer::Boxes(_)));
        let what = if all {
            "now its weight, size and label"
        } else {
            "scan what goes into it"
        };
        self.good(format!("BOX {number}: {what}"));
        self.read_again(Slot::Order);
        self.judge();
        self.drain_queue();
    }

    pub(crate) fn other_box_refused(&mut self, order: OrderId, left: BoxRow, failure: Failure) {
        if failure.kind == FailureKind::TakenOver {
            self.turn_refused(order, failure);
            return;
        }
        if let Some(bench) = self.bench.as_mut().filter(|bench| bench.order == order) {
            bench.turn = Turn::Ours(left);
        }
        self.bad(failure.words);
        self.read_again(Slot::Order);
        self.drain_queue();
    }

    pub(crate) fn show_boxes(&mut self) {
        let place = self.bench.as_ref().and_then(|bench| {
            let own = bench.pack_box()?.id;
            let detail = bench.detail.as_ref()?;
            detail.boxes.iter().position(|row| row.id == own)
        });
        self.layers.push(Layer::Boxes(place.unwrap_or(0)));
    }

    /// Enter in the boxes: a free one is packed on, of another the label is shown.
    pub(crate) fn open_selected_box(&mut self, selected: usize) {
        let Some(detail) = self.bench.as_ref().and_then(|bench| bench.detail.as_ref()) else {
            return;
        };
        let views = boxes::boxes(detail);
        let Some(view) = views.get(selected) else { return };
        let number = view.row.number;
        if view.is_frozen() {
            let id = view.label.map(|label| label.id);
            let place = detail.labels.iter().position(|label| Some(label.id) == id);
            self.layers.clear();
            self.screen = Screen::Label;
            if let Some(bench) = &mut self.bench {
                bench.selected_label = place.unwrap_or(0);
            }
            return;
        }
        let own = self.own_box().map(|row| row.number);
        if own == Some(number) {
            self.layers.clear();
            self.show_pack();
        } else if own.is_some() {
            self.leave_box(|from| Commit::OpenBox(from, number));
        } else {
            self.bad("open the order for packing first (Enter on the pack screen), then choose the box");
        }
    }

    /// The boxes as the screens show them.
    pub fn box_views(&self) -> Vec<BoxView<'_>> {
        let detail = self.bench.as_ref().and_then(|bench| bench.detail.as_ref());
        detail.map(boxes::boxes).unwrap_or_default()
    }

    fn undoing(&self) -> Option<Undoing> {
        let bench = self.bench.as_ref()?;
        if self.screen == Screen::Label {
            let label = bench.label()?;
            return (label.state == LabelState::Wanted).then_some(Undoing::Purchase(label.id));
        }
        let row = self.own_box()?;
        if let Some(last) = self.last_own_scan() {
            return PackEvent::undoing(last).map(Undoing::Scan);
        }
        let detail = bench.detail.as_ref()?;
        let before = boxes::boxes(detail)
            .into_iter()
            .filter(|view| view.row.id != row.id && !view.is_frozen() && !view.is_empty())
            .map(|view| view.row.number)
            .max_by_key(|number| (*number < row.number, *number))?;
        Some(Undoing::Box(before))
    }

    /// There is something to take back.
    pub(crate) fn can_undo(&self) -> bool {
        let scanned = self.screen != Screen::Label && self.last_own_scan().is_some();
        scanned || self.undoing().is_some()
    }

    /// Takes back the last scan, the opening of a box that is still empty, or a purchase that was not asked for.
    pub(crate) fn undo(&mut self) {
        match self.undoing() {
            Some(Undoing::Scan(event)) => self.accept(&event),
            Some(Undoing::Box(number)) => self.leave_box(|from| Commit::OpenBox(from, number)),
            Some(Undoing::Purchase(label)) => {
                if let Some(by) = self.user.as_ref().map(|user| user.id) {
                    self.commit(Commit::WithdrawLabel { label, by }, Awaited::Undone);
                }
            }
            None => {}
        }
    }

    pub(crate) fn taken_back(&mut self) {
        self.good("taken back: nothing was bought, the box is free again");
        self.read_again(Slot::Order);
        self.read_again(Slot::Status);
    }

    /// Why nothing can be taken back, where a label is in the way.
    pub(crate) fn why_no_undo(&self) -> Option<String> {
        let bench = self.bench.as_ref()?;
        let label = match self.screen {
            Screen::Label => bench.label()?,
            _ => bench.frozen()?,
        };
        let void = self.setup.keys.name(crate::app::keys::Action::Void);
        label.state.is_live().then(|| {
            format!(
                "not taken back: the label is {} by now, Amazon was asked for it; {void} on the label voids it",
                label.state
            )
        })
    }
}

//! Labels of the open order: printing again, voiding, taking back, deciding, and saying what became of them.

use crate::app::banner::Tone;
use crate::app::bench::Bench;
use crate::app::effect::Commit;
use crate::app::layers::{Ask, Layer, Question};
use crate::app::state::{Awaited, Screen, State};
use crate::domain::ids::{BoxId, IntentId, OrderId};
use crate::domain::onto_box::{OntoBox, is_due};
use crate::domain::packing::boxes;
use crate::domain::rate::method_name;
use crate::domain::rows::LabelRow;
use crate::domain::seller::LabelVia;
use crate::domain::shipment::LabelState;

impl State {
    pub(crate) fn after_label(&mut self) {
        if self.refused_while_due() {
            return;
        }
        if self.bench.as_ref().is_some_and(Bench::packable) {
            self.show_pack();
        } else {
            self.next_order();
        }
    }

    /// The box whose packing slip can be printed: the shown label's, else the one that is packed.
    pub(crate) fn slip_box(&self) -> Option<(OrderId, BoxId)> {
        let bench = self.bench.as_ref()?;
        let detail = bench.detail.as_ref()?;
        let id = match self.screen {
            Screen::Label => bench.label()?.box_id,
            _ => bench.pack_box()?.id,
        };
        let views = boxes::boxes(detail);
        let filled = views.iter().any(|view| view.row.id == id && !view.is_empty());
        filled.then_some((bench.order, id))
    }

    pub(crate) fn print_slip(&mut self) {
        if let Some(slip) = self.slip_box() {
            self.print_sheet(Some(slip), "the packing slip goes to the printer");
        }
    }

    pub(crate) fn print_sheet(&mut self, slip: Option<(OrderId, BoxId)>, words: &'static str) {
        if let Some(by) = self.user.as_ref().map(|user| user.id) {
            let station = self.setup.station.clone();
            self.commit(Commit::PrintSheet { slip, station, by }, Awaited::Listed(words));
        }
    }

    pub(crate) fn print_again(&mut self) {
        let (Some(label), Some(by)) = (
            self.bench
                .as_ref()
                .and_then(|bench| bench.label())
                .map(|label| label.id),
            self.user.as_ref().map(|user| user.id),
        ) else {
            return;
        };
        let station = self.setup.station.clone();
        self.commit(Commit::WantPrint { label, by, station }, Awaited::Print);
    }

    pub(crate) fn ask_void(&mut self) {
        let Some(label) = self.bench.as_ref().and_then(|bench| bench.label()) else {
            return;
        };
        let what = format!("{} · {}", label_method(label), label.price);
        if label.state == LabelState::Wanted {
            let id = label.id;
            self.ask(Question::new(
                Ask::Withdraw(id),
                vec![
                    what,
                    "It was not asked for yet: nothing is bought, the box is free again.".to_owned(),
                ],
            ));
            return;
        }
        let lines = if label.via == LabelVia::Outside {
            let after = format!(
                "It was bought elsewhere: it is taken back here at once. Void it at {} yourself.",
                label.carrier
            );
            vec![what, after, WHY_TAKEN_BACK.to_owned()]
        } else if self.is_amazons_order() {
            vec![what, AFTER_A_VOID.to_owned(), WHY.to_owned()]
        } else {
            vec![what, WHY.to_owned()]
        };
        let id = label.id;
        let paper = vec![label.clone()];
        self.ask(
            Question::new(Ask::Void(id), lines)
                .with_reasons(&REASONS)
                .with_paper(paper),
        );
    }

    /// The open order was placed at Amazon.
    fn is_amazons_order(&self) -> bool {
        let detail = self.bench.as_ref().and_then(|bench| bench.detail.as_ref());
        detail.is_none_or(|detail| detail.order.channel.origin.is_amazon())
    }

    /// Asks whether the order is to be Ready to Pick again, which voids all of its labels. From a list, the order
    /// is opened first: its old labels are scanned.
    pub(crate) fn ask_to_pick(&mut self) {
        if matches!(self.screen, Screen::Orders | Screen::Find) {
            if let Some(row) = self.selected_row() {
                let order = row.id;
                self.find.left_from = self.screen == Screen::Find;
                self.to_pick = Some(order);
                self.banner = None;
                self.open_order(order, Screen::Label);
            }
            return;
        }
        let Some(detail) = self.bench.as_ref().and_then(|bench| bench.detail.as_ref()) else {
            return;
        };
        let live: Vec<LabelRow> = detail
            .labels
            .iter()
            .filter(|label| label.state.is_live())
            .cloned()
            .collect();
        if let Some(open) = live
            .iter()
            .find(|label| matches!(label.state, LabelState::Asked | LabelState::Unknown))
        {
            let words = format!(
                "not yet: a label of this order is {}, and nobody knows whether it was bought; that is settled first",
                open.state
            );
            self.bad(words);
            return;
        }
        // Those that are voided stand below with what is said of their paper.
        let mut lines: Vec<String> = live
            .iter()
            .filter(|label| !label.state.can_void())
            .map(|label| format!("{} · {} · {}", label_method(label), label.price, label.state))
            .collect();
        lines.push(AFTER_A_VOID.to_owned());
        lines.push(WHY.to_owned());
        let order = detail.order.id;
        let paper = live.into_iter().filter(|label| label.state.can_void()).collect();
        self.ask(
            Question::new(Ask::VoidOrder(order), lines)
                .with_reasons(&REASONS)
                .with_paper(paper),
        );
    }

    /// The order that was to be Ready to Pick is read now.
    pub(crate) fn ask_to_pick_if_wanted(&mut self) {
        let open = self.bench.as_ref().map(|bench| bench.order);
        if self.to_pick.take().is_some_and(|order| Some(order) == open) {
            self.ask_to_pick();
        }
    }

    /// The packer says in the void's question that what was not scanned is destroyed; again: takes it back.
    pub(crate) fn say_destroyed(&mut self) {
        if let Some(Layer::Question(question)) = self.layers.last_mut()
            && !question.sent
            && let Some(paper) = &mut question.paper
        {
            paper.said.destroyed = !paper.said.destroyed;
        }
    }

    pub(crate) fn ask_decide(&mut self) {
        let Some(label) = self.bench.as_ref().and_then(|bench| bench.label()) else {
            return;
        };
        let mut lines = vec![format!(
            "{} · {} · sent {}",
            label_method(label),
            label.price,
            times(label.attempts)
        )];
        lines.extend(label.reason.clone());
        lines.push(
            "Look the order up in Seller Central first. Absence there within 10 minutes proves nothing."
                .to_owned(),
        );
        lines.push("Bought: type tracking and the number shown there, Enter. Then type why (two words or more), Enter.".to_owned());
        let id = label.id;
        self.ask(
            Question::new(
                Ask::Decide {
                    label: id,
                    bought: None,
                },
                lines,
            )
            .with_reasons(&[]),
        );
    }

    /// Says what became of labels since the last look; `before` are their states then.
    pub(crate) fn announce_labels(&mut self, before: &[(IntentId, LabelState)]) {
        let Some(detail) = self.bench.as_ref().and_then(|bench| bench.detail.as_ref()) else {
            return;
        };
        let changed = |label: &&LabelRow| {
            before
                .iter()
                .find(|(id, _)| *id == label.id)
                .is_none_or(|(_, state)| *state != label.state)
        };
        let news: Vec<&LabelRow> = detail.labels.iter().filter(changed).collect();
        // Of several at once the one that went wrong.
        let wrong = news.iter().find(|label| state_words(label).0 == Tone::Bad);
        let Some(label) = wrong.or(news.first()).map(|label| (*label).clone()) else {
            return;
        };
        let (tone, words) = state_words(&label);
        let words = match detail.boxes.iter().find(|parcel| parcel.id == label.box_id) {
            Some(parcel) if detail.boxes.len() > 1 => format!("box {}: {words}", parcel.number),
            _ => words,
        };
        match tone {
            Tone::Good => self.good(words),
            Tone::Bad => self.bad(words),
            Tone::Wait | Tone::Note => self.say(tone, words),
        }
        if self.screen == Screen::Rates && label.state.is_live() {
            self.layers.clear();
            self.screen = Screen::Label;
        }
    }
}

/// What a void does not do, said before it is asked for.
const AFTER_A_VOID: &str = "Amazon's order stays Shipped, and Amazon's Shipping may sell no other label for it: then \
                            Merchant Fulfillment (v0), another carrier or Seller Central.";
const WHY: &str = "Refund comes later. Choose why, or type it (two words or more), Enter:";
/// The same where nobody pays back: the label was bought elsewhere.
const WHY_TAKEN_BACK: &str = "Choose why, or type it (two words or more), Enter:";

/// Why labels are voided.
const REASONS: [&str; 5] = [
    "wrong weight or size",
    "wrong method",
    "label damaged or misprinted",
    "packed wrongly",
    "order canceled",
];

fn times(attempts: u32) -> String {
    if attempts == 1 {
        "once".to_owned()
    } else {
        format!("{attempts} times")
    }
}

/// Carrier and service, without saying the carrier twice.
pub fn label_method(label: &LabelRow) -> String {
    method_name(&label.carrier, &label.service)
}

/// What a label's state means and what to do now.
pub fn state_words(label: &LabelRow) -> (Tone, String) {
    let reason = label.reason.as_deref().unwrap_or_default();
    let because = if reason.is_empty() {
        String::new()
    } else {
        format!(": {reason}")
    };
    let tracking = label
        .tracking
        .as_ref()
        .map(|number| format!(" · {number}"))
        .unwrap_or_default();
    if let Some(words) = onto_box_words(label) {
        return words;
    }
    match label.state {
        LabelState::Wanted if reason.is_empty() => (
            Tone::Wait,
            "written down; Amazon is asked as soon as it can be".to_owned(),
        ),
        LabelState::Wanted => (Tone::Wait, format!("written down, not bought yet{because}")),
        LabelState::Asked => (Tone::Wait, "asking Amazon for the label".to_owned()),
        LabelState::Bought | LabelState::Printed if label.held => (
            Tone::Bad,
            format!("BOUGHT, BUT HELD{because}: do not ship; void it or ask a supervisor"),
        ),
        LabelState::Bought if label.via == LabelVia::Outside => (
            Tone::Good,
            format!(
                "BOUGHT ELSEWHERE {}{tracking}: put it on the box",
                label_method(label)
            ),
        ),
        LabelState::Voided if label.via == LabelVia::Outside => (
            Tone::Good,
            format!(
                "TAKEN BACK: tear the label up, and void it at {} yourself",
                label.carrier
            ),
        ),
        LabelState::Bought => (
            Tone::Good,
            format!(
                "BOUGHT {} {}{tracking}: it prints now",
                label_method(label),
                label.price
            ),
        ),
        LabelState::Printed => (
            Tone::Good,
            format!("PRINTED {}{tracking}: put it on the box", label_method(label)),
        ),
        LabelState::BoughtWithoutDocument => (
            Tone::Bad,
            format!(
                "bought, but its label is missing{because}: wait, print it from Seller Central, or void it"
            ),
        ),
        LabelState::Refused => (Tone::Bad, format!("NOT BOUGHT{because}")),
        LabelState::Unknown => (
            Tone::Bad,
            format!(
                "NOBODY KNOWS whether it was bought{because}: the box is frozen; Amazon is asked again, else a supervisor decides"
            ),
        ),
        LabelState::VoidWanted => (Tone::Wait, format!("a void is written down{because}")),
        LabelState::VoidAsked => (Tone::Wait, "asking Amazon to void".to_owned()),
        LabelState::Voided | LabelState::RefundPending
            if label.aftermath.as_ref().is_some_and(|after| after.scanned) =>
        {
            (Tone::Bad, format!("VOIDED{because}"))
        }
        LabelState::Voided | LabelState::RefundPending => (
            Tone::Good,
            "VOIDED: tear the label up; the refund is awaited".to_owned(),
        ),
        LabelState::VoidRefused => (
            Tone::Bad,
            format!("THE VOID WAS REFUSED{because}: the label lives on"),
        ),
        LabelState::VoidUnknown => (
            Tone::Bad,
            format!("NOBODY KNOWS whether it is void{because}: do not use the label; Amazon is asked again"),
        ),
        LabelState::Refunded => (Tone::Good, "the money is back".to_owned()),
        LabelState::RefundRejected => (Tone::Bad, format!("the refund was rejected{because}")),
        LabelState::RefundNotReported => (
            Tone::Bad,
            "no refund was reported in 60 days: look at the statement".to_owned(),
        ),
        LabelState::Withdrawn => (
            Tone::Note,
            "taken back before it was asked for: nothing was bought".to_owned(),
        ),
    }
}

/// A printed label that must be scanned onto its box, or was.
fn onto_box_words(label: &LabelRow) -> Option<(Tone, String)> {
    let tracking = label
        .tracking
        .as_ref()
        .filter(|_| label.state == LabelState::Printed)?;
    let what = format!("PRINTED {} · {tracking}", label_method(label));
    match label.onto_box {
        OntoBox::Due if is_due(label) => Some((
            Tone::Wait,
            format!("{what}: SCAN THE LABEL once it is on its box"),
        )),
        OntoBox::Done { .. } if !label.held => Some((Tone::Good, format!("{what}: ON ITS BOX"))),
        _ => None,
    }
}

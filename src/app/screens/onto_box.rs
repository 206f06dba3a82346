//! The label that was printed is scanned onto its box, where the bench demands it: what is asked, what a scan means for
//! it, and what waits until it is done.

use crate::app::banner::Tone;
use crate::app::bench::Bench;
use crate::app::effect::{Commit, Query, Slot};
use crate::app::keys::Action;
use crate::app::state::{Awaited, Finding, Screen, State};
use crate::domain::ids::TrackingNumber;
use crate::domain::onto_box::{self, LabelScan};
use crate::domain::refund::is_label;
use crate::domain::rows::LabelRow;
use crate::domain::scan::Scan;

impl Bench {
    /// The label that is to be scanned onto its box: the one that is looked at, else the newest that is due.
    pub fn label_due(&self) -> Option<&LabelRow> {
        let labels = &self.detail.as_ref()?.labels;
        let looked_at = self.label().filter(|label| onto_box::is_due(label));
        looked_at.or_else(|| labels.iter().find(|label| onto_box::is_due(label)))
    }

    /// What is asked of the packer for it, in words.
    pub fn label_asked(&self) -> Option<String> {
        let boxes = &self.detail.as_ref()?.boxes;
        self.label_due().map(|due| onto_box::asked(due, boxes))
    }
}

impl State {
    /// A scan while a label is due: its own number is recorded, any other tracking number is an alarm. `false`: it is
    /// no tracking number, or no label is due.
    pub(crate) fn scanned_onto_box(&mut self, scan: &Scan) -> bool {
        let Some(bench) = self.bench.as_ref().filter(|_| self.screen.has_order()) else {
            return false;
        };
        let (Some(due), Some(detail)) = (bench.label_due(), &bench.detail) else {
            return false;
        };
        let (number, is_tracking) = match scan {
            Scan::Tracking(number) => (number.clone(), true),
            // A carrier whose numbers have no known form.
            Scan::Code(code) => (TrackingNumber(code.trim().to_owned()), false),
            _ => return false,
        };
        if !is_tracking && !detail.labels.iter().any(|label| is_label(label, &number)) {
            return false;
        }
        match onto_box::judge(due, &detail.labels, &detail.boxes, &number) {
            LabelScan::Right => {
                let label = due.id;
                let Some(by) = self.user.as_ref().map(|user| user.id) else {
                    return false;
                };
                let scanned = number;
                self.commit(Commit::PutOn { label, scanned, by }, Awaited::PutOn);
                self.say(Tone::Wait, "saving: the label is on its box");
            }
            LabelScan::Wrong(words) => self.refuse(WRONG, words),
            LabelScan::Elsewhere => {
                self.finding = Some(Finding::WrongLabel(number.clone()));
                self.read(Slot::Find, Query::FindTracking(number));
            }
        }
        true
    }

    /// Whose the wrong label is, now that it was looked up.
    pub(crate) fn wrong_label(&mut self, number: &TrackingNumber, other: Option<&LabelRow>) {
        self.refuse(WRONG, onto_box::elsewhere(number, other));
        self.drain_queue();
    }

    /// It is on the disk: the box is done.
    pub(crate) fn put_on(&mut self) {
        self.good("ON ITS BOX: the label is the right one");
        self.read_again(Slot::Order);
        self.read_again(Slot::Status);
    }

    /// The open order is not done while one of its labels is due: refused aloud. `true`: so it is.
    pub(crate) fn refused_while_due(&mut self) -> bool {
        let Some(asked) = self.bench.as_ref().and_then(Bench::label_asked) else {
            return false;
        };
        self.screen = Screen::Label;
        let again = self.setup.keys.name(Action::Print);
        let leave = self.setup.keys.name(Action::Back);
        self.bad(format!(
            "not done: {asked} first ({again} prints it again, {leave} leaves it unfinished)"
        ));
        true
    }
}

/// Form and no content, for the history.
const WRONG: &str = "wrong label for this box";

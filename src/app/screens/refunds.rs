//! Refunds of voided labels, labels that no carrier has scanned, booking what came back; and what a void's question
//! hears of the old labels.

use crate::app::bench::Bench;
use crate::app::effect::{Query, Slot};
use crate::app::layers::{Ask, Layer, Question};
use crate::app::state::{Screen, State};
use crate::app::words;
use crate::domain::ids::TrackingNumber;
use crate::domain::money::Money;
use crate::domain::rate::method_name;
use crate::domain::refund::{self, Booking, Refunds};
use crate::domain::rows::LabelRow;
use crate::domain::scan::{self, Scan};

impl State {
    /// Shows the refunds; where they are shown, the labels without a carrier scan, and back.
    pub(crate) fn show_refunds(&mut self) {
        if self.screen == Screen::Refunds {
            self.refunds.unmoved_shown = !self.refunds.unmoved_shown;
        } else {
            self.refunds.unmoved_shown = false;
            self.banner = None;
        }
        self.show_refunds_again();
    }

    /// Shows them as they were left.
    pub(crate) fn show_refunds_again(&mut self) {
        self.screen = Screen::Refunds;
        self.read_refunds(self.refunds_slot());
    }

    /// The window that is shown.
    pub(crate) fn refunds_slot(&self) -> Slot {
        if self.refunds.unmoved_shown {
            Slot::Unmoved
        } else {
            Slot::Refunds
        }
    }

    pub(crate) fn read_refunds(&mut self, slot: Slot) {
        let visible = self.visible_rows();
        let now = self.now;
        let query = if slot == Slot::Unmoved {
            let span = self.refunds.unmoved.span(visible);
            let (first, limit) = (span.first, span.limit);
            Query::Unmoved { first, limit, now }
        } else {
            let span = self.refunds.refunds.span(visible);
            let (first, limit) = (span.first, span.limit);
            Query::Refunds { first, limit, now }
        };
        self.read(slot, query);
    }

    pub(crate) fn take_refunds(&mut self, refunds: Refunds) {
        self.refunds.awaited = refunds.awaited;
        self.refunds.lost = refunds.lost;
        self.refunds.refunds.take(refunds.page);
    }

    /// Opens the label of the selected row.
    pub(crate) fn open_selected_refund(&mut self) {
        if let Some(label) = self.refunds.window().selection() {
            let order = label.order;
            self.banner = None;
            self.refunds.left_from = true;
            self.open_order(order, Screen::Label);
        }
    }

    /// Asks what came of the refund of the selected label.
    pub(crate) fn ask_book(&mut self) {
        let label = match self.screen {
            Screen::Refunds => self.refunds.window().selection(),
            _ => self.bench.as_ref().and_then(Bench::label),
        };
        let Some(label) = label.filter(|label| refund::is_open(label.state)) else {
            return;
        };
        let voided = label.aftermath.as_ref().and_then(|after| after.voided_at);
        let lines = vec![
            format!(
                "{} · {} · order {}",
                method_name(&label.carrier, &label.service),
                label.price,
                label.number
            ),
            format!(
                "void since {} · refund {}",
                voided.map_or_else(String::new, |at| words::moment(at, self.now, self.setup.zone)),
                refund::expectation(label, self.now)
            ),
            "Type what came back, like 7.61, or the word rejected, and Enter. Then say where it is seen:"
                .to_owned(),
        ];
        let ask = Ask::Book {
            label: label.id,
            price: label.price,
            booking: None,
        };
        self.ask(Question::new(ask, lines).with_reasons(&[
            "seen on the statement",
            "seen in Seller Central",
            "told by the carrier",
        ]));
    }

    /// A scan in a void's question: an old label that is in the packer's hands. It never answers the question.
    /// `false`: no void is asked, or it is no label.
    pub(crate) fn old_label_scanned(&mut self, text: &str) -> bool {
        let Some(Layer::Question(question)) = self.layers.last_mut() else {
            return false;
        };
        let Some(paper) = question.paper.as_mut().filter(|_| !question.sent) else {
            return false;
        };
        let (number, is_tracking) = match scan::classify(text) {
            Ok(Scan::Tracking(number)) => (number, true),
            _ => (TrackingNumber(text.trim().to_owned()), false),
        };
        let is_one = |label: &LabelRow| refund::is_label(label, &number);
        if paper.labels.iter().any(is_one) {
            if !paper.said.scanned.contains(&number) {
                paper.said.scanned.push(number);
            }
            self.good("old label scanned: destroy it");
            true
        } else if is_tracking {
            let words = format!(
                "{number} is another label: scan the one that is voided, or say that it is destroyed"
            );
            self.refuse("another label", words);
            true
        } else {
            false
        }
    }

    /// An amount or *rejected*, typed for a booking.
    pub(crate) fn booking_typed(&mut self, text: &str) -> bool {
        let Some(Layer::Question(question)) = self.layers.last_mut() else {
            return false;
        };
        let Ask::Book { price, booking, .. } = &mut question.ask else {
            return false;
        };
        let text = text.trim();
        if text.eq_ignore_ascii_case("rejected") {
            *booking = Some(Booking::Rejected);
            return true;
        }
        // At most four digits before the point, which no code has.
        let whole = text.split('.').next().unwrap_or_default();
        let amount = Money::parse(text, price.currency).filter(|_| (1..=4).contains(&whole.len()));
        if let Some(amount) = amount {
            *booking = Some(Booking::Paid(amount));
            return true;
        }
        false
    }
}

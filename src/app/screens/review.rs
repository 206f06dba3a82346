//! Notes on an order, canceling it, and changing all orders that are found.

use crate::app::banner::Tone;
use crate::app::effect::{Commit, ManyWish, Slot};
use crate::app::layers::{Ask, Question};
use crate::app::message::Done;
use crate::app::state::{Screen, State};
use crate::app::words;
use crate::domain::change::MANY;
use crate::domain::finding::Search;
use crate::domain::ids::{OrderId, UserId};
use crate::domain::market::seller_central_order;
use crate::domain::note::{Note, NoteText};
use crate::domain::split::PartOf;
use crate::domain::status::OrderStatus;
use crate::domain::user::Permission;

/// Notes that a dialog shows: the newest.
const SHOWN: usize = 4;

/// What becomes of many orders, and why.
const MANY_REASONS: [&str; 5] = [
    "HOLD: waiting for stock",
    "HOLD: waiting for the customers",
    "HOLD: the carrier does not come",
    "RELEASE: settled",
    "RELEASE: stock is here",
];

impl State {
    /// What the selected line does, and the reason without its first word. Names are searched for who may see them.
    pub(crate) fn change_many(
        &self,
        question: &Question,
        search: Search,
        count: usize,
        by: UserId,
    ) -> Commit {
        let line = MANY_REASONS.get(question.selected).copied().unwrap_or_default();
        let (word, reason) = line.split_once(": ").unwrap_or((line, line));
        Commit::ChangeMany(Box::new(ManyWish {
            search,
            names: self.sees_customers().is_some(),
            to: if word == "HOLD" {
                OrderStatus::OnHold
            } else {
                OrderStatus::ReadyToPick
            },
            count,
            by,
            reason: question.reason.clone().unwrap_or_else(|| reason.to_owned()),
        }))
    }

    /// The order that a list has selected, or that is open: our number, its number, where it stands.
    pub(crate) fn order_in_question(&self) -> Option<(OrderId, String, OrderStatus)> {
        match self.screen {
            Screen::Orders | Screen::Find => self
                .selected_row()
                .map(|row| (row.id, row.number.to_string(), row.status)),
            _ => self.bench.as_ref().and_then(|bench| {
                let status = bench.detail.as_ref()?.order.status;
                Some((bench.order, bench.number().to_owned(), status))
            }),
        }
    }

    /// Which part of a split order that is.
    fn part_in_question(&self) -> Option<PartOf> {
        match self.screen {
            Screen::Orders | Screen::Find => self.selected_row().and_then(|row| row.part),
            _ => self.bench.as_ref()?.detail.as_ref()?.order.part_of(),
        }
    }

    pub(crate) fn notes_opened(&mut self, order: OrderId, notes: Result<Vec<Note>, String>) {
        let may_see = self.may(Permission::SeeCustomers);
        let Some(bench) = self.bench.as_mut().filter(|bench| bench.order == order) else {
            return;
        };
        match notes {
            // Asked for by somebody who was at the bench before.
            Ok(_) if !may_see => bench.notes.clear(),
            Ok(notes) => bench.notes = notes,
            Err(words) if !may_see => {
                self.say(Tone::Note, format!("this order has notes, not shown: {words}"));
            }
            Err(words) => self.bad(format!("the notes cannot be read: {words}")),
        }
    }

    pub(crate) fn ask_note(&mut self) {
        let Some((order, number, _)) = self.order_in_question() else {
            return;
        };
        let mut lines = vec![format!("Order {number}")];
        if let Some(bench) = self.bench.as_ref().filter(|bench| bench.order == order) {
            let unseen = bench.notes.len().saturating_sub(SHOWN);
            lines.extend(bench.notes.iter().skip(unseen).map(|note| self.note_words(note)));
        }
        lines.push("Type the note and Enter; whoever opens the order sees it.".to_owned());
        let text = NoteText::default();
        self.ask(Question::new(Ask::Note { order, text }, lines));
    }

    /// A note in one line: when, who, what.
    pub fn note_words(&self, note: &Note) -> String {
        let at = words::moment(note.at, self.now, self.setup.zone);
        format!("{at} {}: {}", note.by, note.text.0)
    }

    /// Amazon's API cancels nothing: the question says where a person does (workflow.md 2.6).
    pub(crate) fn ask_cancel_order(&mut self) {
        let Some((order, number, _)) = self.order_in_question() else {
            return;
        };
        let store = match self.screen {
            Screen::Orders | Screen::Find => self.selected_row().map(|row| row.store.clone()),
            _ => self.bench.as_ref().and_then(|bench| bench.store().cloned()),
        };
        let profile = self
            .setup
            .stores
            .iter()
            .find(|profile| Some(&profile.id) == store.as_ref());
        let mut lines = vec![format!(
            "Order {number} is canceled here for good: it cannot be opened again. Put its items back."
        )];
        match profile {
            Some(profile) if profile.kind.is_amazon() => lines.extend([
                "Amazon is not told by this (its API cancels nothing): the order is marked STORE NOT NOTIFIED until \
                 Amazon says canceled. Cancel it there too:"
                    .to_owned(),
                seller_central_order(&profile.marketplace, &number),
            ]),
            _ => lines.push("Tell the shop where it was ordered.".to_owned()),
        }
        if let Some(part) = self.part_in_question() {
            lines.push(format!(
                "! This is {part}: the other parts stay open here. In Seller Central cancel its units alone."
            ));
        }
        let asks = self.buyer_asks_to_cancel();
        let mut reasons = Vec::new();
        // A reason that is not true hurts the seller: only where the buyer asked can it be that.
        if asks {
            reasons.push("the buyer asked to cancel");
        }
        reasons.extend([
            "out of stock",
            "damaged, no other is left",
            "cannot be shipped to this address",
            "wrong price",
        ]);
        self.ask(Question::new(Ask::Move(order, OrderStatus::Canceled), lines).with_reasons(&reasons));
    }

    /// What changes all that are found: words that find not simply everything.
    pub(crate) fn many(&self) -> Option<Search> {
        let search = Search::parse(self.find_text(), self.now, self.setup.zone).ok()?;
        (!search.is_empty() && self.find.window.page.total > 0).then_some(search)
    }

    pub(crate) fn ask_many(&mut self) {
        let Some(search) = self.many() else { return };
        if !self.line.trim().is_empty() {
            // What is typed is kept: the line is for the question now.
            let text = std::mem::take(&mut self.line);
            text.trim().clone_into(&mut self.find.kept);
        }
        let count = self.find.window.page.total;
        let mut lines = vec![
            format!(
                "{count} orders are found. Those that cannot be held or released stay as they are, and are counted."
            ),
            "Select what becomes of them and why, or type another reason for it:".to_owned(),
        ];
        if count > MANY {
            lines.push(format!(
                "! More than {MANY}: type the number {count} and Enter to say that you mean it."
            ));
        }
        let ask = Ask::Many {
            search,
            count,
            confirmed: false,
        };
        self.ask(Question::new(ask, lines).with_reasons(&MANY_REASONS));
    }

    pub(crate) fn many_changed(&mut self, done: &Done) {
        let Done::Many {
            changed,
            refused,
            first,
        } = done
        else {
            return;
        };
        let words = match first {
            None => format!("{changed} orders are changed"),
            Some((number, why)) => {
                format!("{changed} orders are changed, {refused} not; the first of those, {number}: {why}")
            }
        };
        if *refused == 0 {
            self.good(words);
        } else {
            self.say(Tone::Wait, words);
        }
        self.read_again(Slot::Search);
    }

    fn buyer_asks_to_cancel(&self) -> bool {
        if matches!(self.screen, Screen::Orders | Screen::Find) {
            return false;
        }
        let detail = self.bench.as_ref().and_then(|bench| bench.detail.as_ref());
        detail.is_some_and(|detail| {
            let mut lines = detail.order.channel.lines.iter();
            lines.any(|line| line.cancel_requested)
        })
    }
}

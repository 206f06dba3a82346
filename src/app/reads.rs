//! Windows are read, and read again when the store says that something changed.

use super::bench::{Bench, CustomerView, Turn};
use super::effect::{Answer, Effect, Query, RequestId, Slot};
use super::layers::Layer;
use super::state::{Outstanding, Screen, State};
use super::window::Span;
use crate::domain::customer::CustomerData;
use crate::domain::ids::{OrderId, QuoteId};
use crate::domain::note::NOTE_ADDED;
use crate::domain::rate::QuoteState;
use crate::domain::rows::OrderDetail;
use crate::domain::user::Permission;

impl State {
    pub(crate) fn read_pick_lists(&mut self, span: Span) {
        self.read(
            Slot::PickLists,
            Query::PickLists {
                first: span.first,
                limit: span.limit,
            },
        );
    }

    pub(crate) fn read_orders(&mut self, span: Span) {
        let filter = self.orders.filter.clone();
        self.read(
            Slot::Orders,
            Query::Orders {
                filter,
                first: span.first,
                limit: span.limit,
            },
        );
    }

    /// Somebody changed the store: read what is shown again, once for any number of changes.
    pub(crate) fn store_changed(&mut self, version: i64) {
        if version == self.version {
            return;
        }
        self.version = version;
        self.read_again(Slot::Status);
        if self.layers.iter().any(|layer| matches!(layer, Layer::Costs(_))) {
            self.read_again(Slot::Money);
        }
        if self.layers.iter().any(|layer| matches!(layer, Layer::Board(_))) {
            self.read_again(Slot::Board);
        }
        // Who is forbidden something, gets a PIN or is switched off notices it at once.
        self.read_again(Slot::Users);
        match self.screen {
            Screen::SignIn => {}
            Screen::PickLists => self.read_again(Slot::PickLists),
            Screen::Orders => {
                self.read_again(Slot::Orders);
                self.read_again(Slot::PickList);
            }
            Screen::Refunds => self.read_again(self.refunds_slot()),
            Screen::Find => self.read_again(Slot::Search),
            Screen::Audit => self.read_again(Slot::Audit),
            Screen::Bulk => self.read_again(Slot::Bulk),
            Screen::Picking => self.read_again(Slot::PickWalk),
            Screen::DayEnd => self.read_again(Slot::DayEnd),
            Screen::Desk => self.read_desk_soon(),
            Screen::Pack | Screen::Rates | Screen::Label => self.read_again(Slot::Order),
        }
    }

    /// Reads the orders of the list that was opened last. While none was, an order is left to the pick lists.
    pub(crate) fn read_shown_orders(&mut self) {
        if self.orders.window.loaded || self.screen == Screen::Orders {
            self.read_again(Slot::Orders);
        }
    }

    /// Reads a slot as it is now; where a read is on its way, once more after it.
    pub(crate) fn read_again(&mut self, slot: Slot) {
        if let Some(outstanding) = self.reads.get_mut(&slot) {
            outstanding.stale = true;
            return;
        }
        let visible = self.visible_rows();
        match slot {
            Slot::Users => self.read(slot, Query::Users),
            Slot::Status => self.read(slot, Query::Status),
            Slot::PickLists => self.read_pick_lists(self.pick_lists.span(visible)),
            Slot::Orders => self.read_orders(self.orders.window.span(visible)),
            Slot::Order => {
                if let Some(order) = self.bench.as_ref().map(|bench| bench.order) {
                    self.read(slot, Query::Order(order));
                }
            }
            Slot::Refunds | Slot::Unmoved => self.read_refunds(slot),
            Slot::Audit => self.read_audit(),
            Slot::Money => self.read_costs(),
            Slot::Board => self.read_board(),
            Slot::PickList => {
                if let Some(list) = self.orders.filter.pick_list {
                    self.read(slot, Query::PickList(list));
                }
            }
            Slot::Bulk => self.read_bulk(),
            Slot::PickWalk => self.read_walk(),
            Slot::Desk => self.read_desk(),
            Slot::BulkMethods => {
                if let Some(run) = &self.bulk.run {
                    self.read(slot, Query::BulkMethods(run.id));
                }
            }
            Slot::PickOffer => self.read(slot, Query::PickOffer(self.now)),
            Slot::PickMatches => self.read_matches(),
            Slot::Search => self.read_found(),
            Slot::DayEnd => self.read_day_end(),
            Slot::Find | Slot::Method | Slot::Policies | Slot::Rehearsal | Slot::Why => {}
        }
    }

    pub(crate) fn answered(&mut self, slot: Slot, request: RequestId, answer: Result<Answer, String>) {
        let stale = match self.reads.get(&slot) {
            Some(Outstanding {
                request: latest,
                stale,
            }) if *latest == request => *stale,
            _ => return,
        };
        self.reads.remove(&slot);
        match answer {
            Ok(answer) => self.take(slot, answer),
            Err(words) => {
                if slot == Slot::Find {
                    self.not_found(&words);
                } else {
                    self.bad(format!("cannot read: {words}"));
                }
            }
        }
        if stale {
            self.read_again(slot);
        }
    }

    fn take(&mut self, slot: Slot, answer: Answer) {
        match (slot, answer) {
            (Slot::Users, Answer::Users(users)) => self.take_users(users),
            (Slot::Status, Answer::Status(facts)) => self.status = facts,
            (Slot::PickLists, Answer::PickLists(page)) => {
                self.pick_lists.take(page);
                let visible = self.visible_rows();
                if let Some(span) = self.pick_lists.select(self.pick_lists.selected, visible)
                    && !self.pick_lists.page.rows.is_empty()
                {
                    self.read_pick_lists(span);
                }
            }
            (Slot::Orders, Answer::Orders(page)) => {
                self.orders.window.take(page);
                let visible = self.visible_rows();
                if let Some(span) = self.orders.window.select(self.orders.window.selected, visible)
                    && !self.orders.window.page.rows.is_empty()
                {
                    self.read_orders(span);
                }
            }
            (Slot::Order, Answer::Order(detail)) => self.take_order(*detail),
            (Slot::Why, Answer::Why(order, facts)) => self.take_why(order, &facts),
            (Slot::Policies, Answer::Policies(policies)) => self.take_policies(&policies),
            (Slot::Rehearsal, Answer::Rehearsal(policy, rehearsal)) => {
                self.take_rehearsal(&policy, &rehearsal);
            }
            (Slot::Method, Answer::Order(detail)) => self.show_methods(&detail),
            (Slot::Refunds, Answer::Refunds(refunds)) => self.take_refunds(*refunds),
            (Slot::Unmoved, Answer::Unmoved(page)) => self.refunds.unmoved.take(*page),
            (Slot::Audit, Answer::Audit(page)) => self.audit.window.take(*page),
            (Slot::Money, Answer::Money(facts)) => self.take_costs(*facts),
            (Slot::Board, Answer::Board(rows)) => self.take_board(rows),
            (Slot::Desk, Answer::Desk(facts)) => self.take_desk(*facts),
            (Slot::PickList, Answer::PickList(row)) => {
                self.picking.list = Some(*row).filter(|row| self.orders.filter.pick_list == Some(row.id));
            }
            (Slot::PickWalk, Answer::PickWalk(walk)) => self.take_walk(*walk),
            (Slot::Bulk, Answer::Bulk(read)) => self.take_bulk(read.map(|read| *read)),
            (Slot::BulkMethods, Answer::BulkMethods(methods)) => self.bulk.methods = methods,
            (Slot::PickOffer, Answer::PickOffer(offer)) => self.picking.offer = offer,
            (Slot::PickMatches, Answer::PickMatches(count)) => self.picking.matches = Some(count),
            (Slot::DayEnd, Answer::DayEnd(facts)) => self.take_day_end(*facts),
            (Slot::Search, Answer::Searched(found)) => self.take_found(*found),
            (Slot::Find, Answer::Code(meanings)) => self.found_code(&meanings),
            (Slot::Find, Answer::Found(orders)) => self.found_orders(&orders),
            (Slot::Find, Answer::Label(label)) => self.found_label(label.map(|label| *label)),
            (slot, _) => debug_assert!(false, "an answer of another kind for {slot:?}"),
        }
    }

    /// Opens an order: read it, open its customer data, and take a turn at its box where that can be.
    pub(crate) fn open_order(&mut self, order: OrderId, screen: Screen) {
        self.layers.clear();
        self.forget_weight();
        self.bench = Some(Bench::new(order));
        self.practice_opened();
        self.screen = screen;
        self.read(Slot::Order, Query::Order(order));
        self.show_customer(order);
    }

    /// The notes and the customer's data are opened for who is at the bench, and may see them.
    pub(crate) fn show_customer(&mut self, order: OrderId) {
        self.open_notes(order);
        if let Some(by) = self.sees_customers() {
            self.effects.push(Effect::OpenCustomer(order, by));
            return;
        }
        let words = format!("not shown: {}", self.may_not(Permission::SeeCustomers));
        self.customer_opened(order, Err(words));
        if let Some(bench) = &mut self.bench {
            bench.notes.clear();
        }
    }

    pub(crate) fn open_notes(&mut self, order: OrderId) {
        if let Some(user) = &self.user {
            self.effects.push(Effect::OpenNotes(order, user.id));
        }
    }

    fn take_order(&mut self, detail: OrderDetail) {
        let Some(bench) = &mut self.bench else { return };
        if bench.order != detail.order.id {
            return;
        }
        let first = bench.detail.is_none();
        let before: Vec<_> = bench
            .detail
            .iter()
            .flat_map(|detail| &detail.labels)
            .map(|label| (label.id, label.state))
            .collect();
        let quoted = answered_quote(bench);
        self.practice_read(&detail);
        let Some(bench) = &mut self.bench else { return };
        let newly_noted = noted(bench.detail.as_ref()) != noted(Some(&detail)) && !first;
        bench.take(detail);
        let newly_quoted = answered_quote(bench) != quoted;
        let order = bench.order;
        if bench.frozen().is_some() && matches!(bench.turn, Turn::Ours(_)) && bench.pending.is_empty() {
            // The box is no longer ours to change; after a void it is opened anew.
            bench.turn = Turn::None;
        }
        if newly_noted {
            self.open_notes(order);
        }
        self.judge();
        if first {
            let has_label = self.bench.as_ref().is_some_and(|bench| bench.frozen().is_some());
            if self.screen == Screen::Pack && has_label {
                self.screen = Screen::Label;
            }
            self.ask_to_pick_if_wanted();
        } else {
            if newly_quoted {
                self.announce_quote();
            }
            self.announce_labels(&before);
        }
        self.take_turn(super::scans::Again::No);
        self.drain_queue();
    }

    /// Judges the offers with what this bench can print.
    pub(crate) fn judge(&mut self) {
        let formats = self.setup.formats_of(self.bench.as_ref().and_then(Bench::store));
        if let Some(bench) = &mut self.bench {
            bench.judge(&formats);
        }
    }

    pub(crate) fn customer_opened(&mut self, order: OrderId, customer: Result<Option<CustomerData>, String>) {
        let may_see = self.sees_customers().is_some();
        let barred = format!("not shown: {}", self.may_not(Permission::SeeCustomers));
        let Some(bench) = self.bench.as_mut().filter(|bench| bench.order == order) else {
            return;
        };
        bench.customer = match customer {
            // Asked for by somebody who was at the bench before.
            Ok(Some(_)) if !may_see => CustomerView::Absent(barred),
            Ok(Some(data)) => CustomerView::Open(Box::new(data)),
            Ok(None) if bench.detail.as_ref().is_some_and(|detail| detail.order.erased) => {
                CustomerView::Absent(
                    "erased: 30 days have passed since it was shipped or canceled".to_owned(),
                )
            }
            Ok(None) => CustomerView::Absent("no address yet: the order is pending".to_owned()),
            Err(words) => CustomerView::Absent(words),
        };
    }
}

/// How many notes the history tells of.
fn noted(detail: Option<&OrderDetail>) -> usize {
    let rows = detail.into_iter().flat_map(|detail| &detail.history);
    rows.filter(|row| row.what == NOTE_ADDED).count()
}

/// The latest quote, once it is answered or has failed.
fn answered_quote(bench: &Bench) -> Option<QuoteId> {
    bench
        .quote()
        .filter(|quote| quote.state != QuoteState::Wanted)
        .map(|quote| quote.id)
}

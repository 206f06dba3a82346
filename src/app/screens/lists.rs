//! Sign-in, pick lists, orders of a list.

use crate::app::banner::Tone;
use crate::app::state::{Screen, State};
use crate::app::window::Window;
use crate::domain::rows::OrderFilter;
use crate::domain::user::{Permission, User};

impl State {
    pub(crate) fn sign_in_selected(&mut self) {
        if let Some(user) = self.users.get(self.selected_user).cloned() {
            self.sign_in(user);
        }
    }

    /// A name typed on the sign-in screen; `false`: it is none.
    pub(crate) fn sign_in_by_name(&mut self, text: &str) -> bool {
        let name = text.trim().to_lowercase();
        let Some(user) = self
            .users
            .iter()
            .find(|user| user.name.to_lowercase() == name)
            .cloned()
        else {
            return false;
        };
        self.sign_in(user);
        true
    }

    /// A badge signs in, whoever was signed in before.
    pub(crate) fn badge(&mut self, badge: &str) {
        match self
            .users
            .iter()
            .find(|user| user.badge.eq_ignore_ascii_case(badge))
            .cloned()
        {
            Some(user) if self.user.as_ref().is_some_and(|now| now.id == user.id) => {
                self.say(Tone::Note, format!("{} is signed in already", user.name));
            }
            Some(user) => self.sign_in(user),
            None => self.refuse(
                "unknown badge",
                "nobody has this badge: ask for it to be registered",
            ),
        }
    }

    /// In: whoever was at the bench before keeps their open order.
    pub(crate) fn enter(&mut self, user: User) {
        self.note_answers();
        self.park();
        let id = user.id;
        let words = format!("signed in: {}", user.name);
        let changes_secrets = user.may.contains(&Permission::Keys);
        self.user = Some(user);
        self.layers.clear();
        match self.screen {
            // A supervisor comes to look at a label, or at a list: nobody's turn is touched by that.
            Screen::Label
            | Screen::Orders
            | Screen::PickLists
            | Screen::Refunds
            | Screen::Audit
            | Screen::Find
            | Screen::Bulk
            | Screen::Picking
            | Screen::Desk
            | Screen::DayEnd => {
                if let Some(bench) = &mut self.bench {
                    bench.turn = crate::app::bench::Turn::None;
                }
                self.show_customers_anew();
                if self.screen == Screen::Desk {
                    self.show_desk_anew();
                }
                // Who comes back to the lists goes on where the order was left.
                if self.screen == Screen::PickLists {
                    self.unpark(id);
                }
            }
            Screen::SignIn | Screen::Pack | Screen::Rates => {
                self.bench = None;
                self.queue.clear();
                if !self.unpark(id) {
                    self.show_pick_lists();
                }
            }
        }
        match &self.status.health.reminder {
            // Whoever can do something about it reads it first.
            Some(reminder) if changes_secrets => {
                let words = format!("{words}. {reminder}");
                self.say(Tone::Note, words);
            }
            _ => self.good(words),
        }
    }

    pub(crate) fn sign_out(&mut self) {
        self.note_answers();
        self.park();
        if let Some(user) = self.user.take() {
            self.people.unlocked.remove(&user.id);
        }
        self.bench = None;
        self.forget_find();
        self.queue.clear();
        self.finding = None;
        self.layers.clear();
        self.screen = Screen::SignIn;
        self.desk.facts = None;
        self.read_again(crate::app::effect::Slot::Users);
        self.say(
            Tone::Note,
            "signed out: scan your badge, or choose your name and press Enter",
        );
    }

    pub(crate) fn show_pick_lists(&mut self) {
        self.refunds.left_from = false;
        self.find.left_from = false;
        self.day_end.left_from = false;
        self.screen = Screen::PickLists;
        let span = self.pick_lists.span(self.visible_rows());
        self.read_pick_lists(span);
    }

    pub(crate) fn open_selected_list(&mut self) {
        if let Some(row) = self.pick_lists.selection() {
            let (title, filter) = (
                row.name.clone(),
                OrderFilter {
                    pick_list: Some(row.id),
                    ..OrderFilter::default()
                },
            );
            self.open_list(title, filter);
        }
    }

    pub(crate) fn open_list(&mut self, title: String, filter: OrderFilter) {
        self.bench = None;
        self.refunds.left_from = false;
        self.find.left_from = false;
        self.day_end.left_from = false;
        self.layers.clear();
        let list = filter.pick_list;
        if self.orders.filter != filter || !self.orders.window.loaded {
            self.orders.filter = filter;
            self.orders.window = Window::default();
        }
        if self.bulk.marks_of != list {
            self.bulk.unmark();
        }
        if self.picking.list.as_ref().map(|row| row.id) != list {
            self.picking.list = None;
        }
        self.orders.title = title;
        self.screen = Screen::Orders;
        let span = self.orders.window.span(self.visible_rows());
        self.read_orders(span);
        self.read_again(crate::app::effect::Slot::PickList);
        self.banner = None;
    }

    pub(crate) fn open_selected_order(&mut self) {
        if let Some(row) = self.orders.window.selection() {
            let order = row.id;
            self.banner = None;
            self.open_order(order, Screen::Pack);
        }
    }

    /// Back to the list that the order was opened from.
    pub(crate) fn leave_order(&mut self) {
        self.bench = None;
        self.queue.clear();
        self.finding = None;
        self.banner = None;
        if std::mem::take(&mut self.refunds.left_from) {
            self.show_refunds_again();
        } else if self.day_end.left_from {
            self.show_day_end_again();
        } else if self.find.left_from {
            self.show_find();
        } else if self.orders.window.loaded {
            self.screen = Screen::Orders;
            let span = self.orders.window.span(self.visible_rows());
            self.read_orders(span);
            self.read_again(crate::app::effect::Slot::PickList);
        } else {
            self.show_pick_lists();
        }
    }

    /// Leaves a shipped order and selects the next one that has no label.
    pub(crate) fn next_order(&mut self) {
        let done = self.bench.as_ref().map(|bench| bench.order);
        self.leave_order();
        if self.screen != Screen::Orders {
            return;
        }
        let window = &mut self.orders.window;
        let place = window.page.rows.iter().position(|row| Some(row.id) == done);
        let next = window
            .page
            .rows
            .iter()
            .enumerate()
            .skip(place.map_or(0, |place| place + 1))
            .find(|(_, row)| row.status.is_open() && row.label.is_none_or(|label| !label.is_live()));
        if let Some((index, _)) = next {
            window.selected = window.page.first + index;
        }
    }
}

/// A badge, by its form.
pub(crate) fn is_badge(text: &str) -> bool {
    text.trim()
        .get(..4)
        .is_some_and(|begin| begin.eq_ignore_ascii_case("TGU-"))
}

//! Signing in with a PIN, and each packer's own open order while others are at the bench.

use crate::app::bench::Turn;
use crate::app::effect::{Commit, Pin};
use crate::app::screens::lists::is_badge;
use crate::app::state::{Awaited, Screen, State};
use crate::domain::ids::{OrderId, UserId};
use crate::domain::user::{ASKED, Permission, User};
use std::collections::{BTreeMap, BTreeSet};

/// Who may go on without being asked, who is being asked, and whose order is open.
#[derive(Debug, Default)]
pub struct PeopleView {
    /// Their PIN is asked for: what is typed is hidden.
    pub asked: Option<User>,
    /// Their PIN was right since they came: they switch by badge alone until they sign out.
    pub(crate) unlocked: BTreeSet<UserId>,
    /// The order that each of them has open on this bench.
    pub(crate) parked: BTreeMap<UserId, OrderId>,
}

impl State {
    /// Whether who is at the bench may do this.
    pub fn may(&self, permission: Permission) -> bool {
        self.user
            .as_ref()
            .is_some_and(|user| user.may.contains(&permission))
    }

    /// Who is at the bench, where they may see customers' data.
    pub fn sees_customers(&self) -> Option<UserId> {
        let user = self.user.as_ref()?;
        self.may(Permission::SeeCustomers).then_some(user.id)
    }

    /// Why who is at the bench may not do this, and whom to ask.
    pub fn may_not(&self, permission: Permission) -> String {
        let Some(user) = &self.user else {
            return "nobody is signed in: scan your badge".to_owned();
        };
        let others: Vec<&str> = self
            .users
            .iter()
            .filter(|other| other.id != user.id && other.may.contains(&permission))
            .map(|other| other.name.as_str())
            .take(ASKED)
            .collect();
        user.may_not(permission, &others)
    }

    /// The people as they are now; whoever is at the bench may what they may now, and leaves where they are switched
    /// off.
    pub(crate) fn take_users(&mut self, users: Vec<User>) {
        self.users = users;
        self.selected_user = self.selected_user.min(self.users.len().saturating_sub(1));
        let Some(before) = self.user.clone() else { return };
        let Some(user) = self.users.iter().find(|user| user.id == before.id).cloned() else {
            self.sign_out();
            self.bad(format!(
                "{} is switched off here: ask who may change people",
                before.name
            ));
            return;
        };
        if user.has_pin && !before.has_pin && !self.people.unlocked.contains(&user.id) {
            // They came in without it.
            self.sign_out();
            self.sign_in(user);
            return;
        }
        let sees = user.may.contains(&Permission::SeeCustomers);
        self.user = Some(user);
        if sees != before.may.contains(&Permission::SeeCustomers) {
            self.show_customers_anew();
        }
    }

    /// Somebody else is at the bench, or may something else: what is open and found is shown for them.
    pub(crate) fn show_customers_anew(&mut self) {
        if let Some(order) = self.bench.as_ref().map(|bench| bench.order) {
            self.show_customer(order);
        }
        if self.sees_customers().is_none() {
            self.close_looks();
            self.forget_find();
            if self.screen == Screen::Find {
                self.read_found();
            }
        }
    }

    /// A badge, a name or the selection: in, or asked for the PIN.
    pub(crate) fn sign_in(&mut self, user: User) {
        self.people.asked = None;
        if user.has_pin && !self.people.unlocked.contains(&user.id) {
            let words = format!("PIN of {}: six digits and Enter (Esc: not now)", user.name);
            self.people.asked = Some(user);
            // Somebody else stands here already.
            self.close_looks();
            self.say(crate::app::banner::Tone::Note, words);
            return;
        }
        self.enter(user);
    }

    /// What was typed where a PIN is asked for; `false`: it is a badge.
    pub(crate) fn pin_typed(&mut self, text: &str) -> bool {
        let Some(user) = self.people.asked.clone().filter(|_| !is_badge(text)) else {
            return false;
        };
        // A scan that was meant for the box is no try.
        if text.trim().len() != 6 || !text.trim().bytes().all(|byte| byte.is_ascii_digit()) {
            self.bad("a PIN has six digits: type it and Enter, or Esc");
            return true;
        }
        let commit = Commit::CheckPin {
            user: user.id,
            pin: Pin::new(text.trim()),
        };
        self.commit(commit, Awaited::Pin(Box::new(user)));
        true
    }

    /// The PIN was right, and nobody else is asked by now.
    pub(crate) fn pin_right(&mut self, user: User) {
        if self.people.asked.take_if(|asked| asked.id == user.id).is_some() {
            self.people.unlocked.insert(user.id);
            self.enter(user);
        }
    }

    /// Nobody is asked any more; `false`: nobody was.
    pub(crate) fn pin_left(&mut self) -> bool {
        let left = self.people.asked.take().is_some();
        if left {
            self.say(crate::app::banner::Tone::Note, "not signed in: no PIN was given");
        }
        left
    }

    /// Who leaves the bench to another keeps the order that is open.
    pub(crate) fn park(&mut self) {
        let open = self
            .bench
            .as_ref()
            .filter(|bench| !matches!(bench.turn, Turn::None));
        if let (Some(user), Some(bench)) = (&self.user, open) {
            self.people.parked.insert(user.id, bench.order);
        }
    }

    /// Who comes back finds the order as it was left; `false`: there is none.
    pub(crate) fn unpark(&mut self, user: UserId) -> bool {
        let Some(order) = self.people.parked.remove(&user) else {
            return false;
        };
        self.open_order(order, Screen::Pack);
        true
    }
}

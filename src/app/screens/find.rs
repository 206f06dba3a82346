//! Finding orders: what is typed filters at each keystroke; Enter keeps it and searches customers' names too. A
//! scan is told by its form and does what it does everywhere.

use crate::app::effect::{Effect, Query, SearchWish, Searched, Slot, Timer};
use crate::app::state::{Screen, State};
use crate::app::window::Window;
use crate::domain::finding::{Search, SearchFault};
use crate::domain::rows::OrderRow;
use crate::domain::scan::{self, Scan};
use std::time::Duration;

/// How soon names that are being opened are searched again.
const NAMES_AGAIN: Duration = Duration::from_millis(400);

/// What is being found. What was typed may name a customer: it is shown on the screen and nowhere else.
#[derive(Default)]
pub struct FindView {
    /// What Enter kept; what is being typed goes before it.
    pub kept: String,
    /// Rows at hand.
    pub window: Window<OrderRow>,
    /// Why what is typed is not understood.
    pub fault: Option<SearchFault>,
    /// Orders that are asked; none: still being read.
    pub orders: Option<usize>,
    /// Orders whose names are open so far, until all are.
    pub names: Option<usize>,
    /// What the rows at hand were asked for with.
    asked: String,
    /// An order that is opened from here leads back here.
    pub(crate) left_from: bool,
}

impl State {
    /// Shows the screen as it was left.
    pub(crate) fn show_find(&mut self) {
        self.bench = None;
        self.refunds.left_from = false;
        self.find.left_from = false;
        self.day_end.left_from = false;
        self.layers.clear();
        self.screen = Screen::Find;
        self.read_found();
    }

    /// What is asked for: what stands in the scan line, else what was kept.
    pub fn find_text(&self) -> &str {
        // A PIN is no search.
        if self.line.trim().is_empty() || self.people.asked.is_some() {
            &self.find.kept
        } else {
            &self.line
        }
    }

    /// The scan line may have changed.
    pub(crate) fn line_changed(&mut self) {
        if self.screen == Screen::Find && self.layers.is_empty() && self.find_text() != self.find.asked {
            self.find.window.selected = 0;
            self.read_found();
        }
    }

    pub(crate) fn read_found(&mut self) {
        let text = self.find_text().to_owned();
        let names = self.sees_customers().is_some() && self.line.trim().is_empty();
        let parsed = Search::parse(&text, self.now, self.setup.zone);
        self.find.asked = text;
        match parsed {
            Ok(search) => {
                self.find.fault = None;
                let span = self.find.window.span(self.visible_rows());
                self.read(
                    Slot::Search,
                    Query::Search(Box::new(SearchWish {
                        search,
                        names,
                        by: self.sees_customers(),
                        first: span.first,
                        limit: span.limit,
                    })),
                );
            }
            // The rows stay as they were until the word is whole.
            Err(fault) => self.find.fault = Some(fault),
        }
    }

    pub(crate) fn take_found(&mut self, found: Searched) {
        self.find.orders = Some(found.orders);
        let names = self.sees_customers().map(|_| found.names);
        self.find.names = names.filter(|_| !found.names_known);
        self.find.window.take(found.page);
        let visible = self.visible_rows();
        let window = &mut self.find.window;
        if window.select(window.selected, visible).is_some() && !window.page.rows.is_empty() {
            self.read_found();
        }
        if self.find.names.is_some() && !self.find.kept.is_empty() {
            self.effects.push(Effect::Schedule(Timer::Names, NAMES_AGAIN));
        }
    }

    /// More names may be open: what was kept is searched again.
    pub(crate) fn names_again(&mut self) {
        if self.screen == Screen::Find && self.find.names.is_some() {
            self.read_again(Slot::Search);
        }
    }

    /// Enter with words: kept, unless they are a scan by their form.
    pub(crate) fn typed_for_find(&mut self, text: &str) -> bool {
        if !matches!(scan::classify(text), Ok(Scan::Code(_)) | Err(_)) {
            return false;
        }
        self.banner = None;
        text.trim().clone_into(&mut self.find.kept);
        self.find.window.selected = 0;
        self.read_found();
        true
    }

    /// Esc: what was kept is given up first.
    pub(crate) fn leave_find(&mut self) {
        if self.find.kept.is_empty() {
            self.show_pick_lists();
        } else {
            self.find.kept.clear();
            self.find.window.selected = 0;
            self.read_found();
        }
    }

    pub(crate) fn open_selected_found(&mut self) {
        if let Some(row) = self.find.window.selection() {
            let order = row.id;
            self.banner = None;
            self.find.left_from = true;
            self.open_order(order, Screen::Pack);
        }
    }

    /// The order that a list has selected.
    pub(crate) fn selected_row(&self) -> Option<&OrderRow> {
        match self.screen {
            Screen::Orders => self.orders.window.selection(),
            Screen::Find => self.find.window.selection(),
            _ => None,
        }
    }

    /// Nobody is at the bench: what was searched and the names that were opened for it are given up.
    pub(crate) fn forget_find(&mut self) {
        self.find = FindView::default();
        self.effects.push(Effect::ForgetNames);
    }
}

//! Who did what: the audit log, newest first, searched by words.

use super::lists::is_badge;
use crate::app::effect::{Query, Slot};
use crate::app::state::{Screen, State};
use crate::app::window::Window;
use crate::domain::audit::Audited;

/// The part of the log that is shown.
#[derive(Debug, Default)]
pub struct AuditView {
    /// Words that every row has.
    pub text: String,
    /// Rows at hand.
    pub window: Window<Audited>,
}

impl State {
    /// Shows the whole log.
    pub(crate) fn show_audit(&mut self) {
        self.screen = Screen::Audit;
        self.banner = None;
        self.search_audit("");
    }

    /// Shows the rows with all of these words.
    pub(crate) fn search_audit(&mut self, text: &str) {
        self.audit = AuditView {
            text: text.to_owned(),
            window: Window::default(),
        };
        self.read_audit();
    }

    /// Words that were typed, or a code that was scanned, e.g. an order's number; `false`: a badge.
    pub(crate) fn audit_typed(&mut self, text: &str) -> bool {
        if is_badge(text) {
            return false;
        }
        self.search_audit(text.trim());
        true
    }

    pub(crate) fn read_audit(&mut self) {
        let span = self.audit.window.span(self.visible_rows());
        let query = Query::Audit {
            text: self.audit.text.clone(),
            first: span.first,
            limit: span.limit,
        };
        self.read(Slot::Audit, query);
    }
}

//! A window onto a list of the store: some rows around the selection, never all of them.

use crate::domain::audit::Audited;
use crate::domain::bulk::BulkRow;
use crate::domain::ids::{IntentId, OrderId, PickListId};
use crate::domain::rows::{LabelRow, OrderRow, Page, PickListRow};

/// A row that keeps its identity when the list changes around it.
pub trait Row {
    /// What names it.
    type Key: PartialEq + Copy;
    /// Its name.
    fn key(&self) -> Self::Key;
}

impl Row for PickListRow {
    type Key = PickListId;
    fn key(&self) -> PickListId {
        self.id
    }
}

impl Row for OrderRow {
    type Key = OrderId;
    fn key(&self) -> OrderId {
        self.id
    }
}

impl Row for BulkRow {
    type Key = (OrderId, Option<u32>);
    fn key(&self) -> Self::Key {
        (self.order, self.box_number)
    }
}

impl Row for LabelRow {
    type Key = IntentId;
    fn key(&self) -> IntentId {
        self.id
    }
}

impl Row for Audited {
    type Key = i64;
    fn key(&self) -> i64 {
        self.row
    }
}

/// A span of rows to read.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Span {
    /// First row.
    pub first: usize,
    /// Rows at most.
    pub limit: usize,
}

/// The rows at hand and the selection, which is an index into the whole list.
#[derive(Debug, Clone, PartialEq)]
pub struct Window<T> {
    /// Rows at hand.
    pub page: Page<T>,
    /// Selected row of the whole list.
    pub selected: usize,
    /// Rows were read at least once.
    pub loaded: bool,
}

impl<T> Default for Window<T> {
    fn default() -> Self {
        Self {
            page: Page {
                first: 0,
                rows: Vec::new(),
                total: 0,
            },
            selected: 0,
            loaded: false,
        }
    }
}

impl<T: Row> Window<T> {
    /// The selected row, if it is at hand.
    pub fn selection(&self) -> Option<&T> {
        self.row(self.selected)
    }

    /// A row by its index in the whole list, if it is at hand.
    pub fn row(&self, index: usize) -> Option<&T> {
        self.page.rows.get(index.checked_sub(self.page.first)?)
    }

    /// Selects another row; returns what to read where the rows around it are not at hand.
    pub fn select(&mut self, index: usize, visible: usize) -> Option<Span> {
        self.selected = index.min(self.page.total.saturating_sub(1));
        let top = self.top(visible);
        let bottom = (top + visible).min(self.page.total);
        let at_hand = top >= self.page.first && bottom <= self.page.first + self.page.rows.len();
        (!at_hand).then(|| self.span(visible))
    }

    /// What to read: three screens around the selection.
    pub fn span(&self, visible: usize) -> Span {
        let limit = (visible * 3).max(60);
        Span {
            first: self.selected.saturating_sub(limit / 2),
            limit,
        }
    }

    /// First row on the screen: the selection stays in the middle third where the list allows.
    pub fn top(&self, visible: usize) -> usize {
        self.selected
            .saturating_sub(visible / 2)
            .min(self.page.total.saturating_sub(visible))
    }

    /// Takes in rows that were read; the selection stays on the same row where it is still there.
    pub fn take(&mut self, page: Page<T>) {
        let key = self.selection().map(Row::key);
        self.page = page;
        self.loaded = true;
        if let Some(place) = key.and_then(|key| self.page.rows.iter().position(|row| row.key() == key)) {
            self.selected = self.page.first + place;
        }
        self.selected = self.selected.min(self.page.total.saturating_sub(1));
    }
}

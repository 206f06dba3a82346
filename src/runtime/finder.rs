//! Searches at work: the index in memory, made when it is first asked and kept up to date with the store's marks,
//! and customers' names, opened in the background.
//!
//! Everything here waits for the store, so it runs on threads that may wait.

use crate::app::effect::{ManyWish, Searched};
use crate::app::message::Done;
use crate::domain::change;
use crate::domain::finding::{Index, Names, Search};
use crate::domain::ids::{OrderId, UserId};
use crate::domain::rows::Page;
use crate::domain::user::Permission;
use crate::store::threads::StoreHandle;
use crate::store::{Refusal, StoreError, StoreResult};
use crate::vault::Vault;
use chrono::{DateTime, Utc};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

/// Orders read in one go: short enough that a screen's own read never waits long for them.
const PIECE: usize = 1000;
/// Customers opened in one go, likewise.
const CUSTOMERS: usize = 100;

/// Orders changed in one transaction, likewise.
const CHANGES: usize = 10;

/// Finds orders. One for the process.
pub struct Finder {
    store: StoreHandle,
    vault: Option<Arc<Vault>>,
    known: Mutex<Known>,
    names: Mutex<Opened>,
}

/// The index and up to where it knows the store.
#[derive(Default)]
struct Known {
    index: Index,
    mark: Option<i64>,
    /// The highest order's number.
    last: i64,
}

/// Names, and how far they are opened.
#[derive(Default)]
struct Opened {
    names: Names,
    /// Up to this order all are open that can be.
    until: i64,
    /// A thread is at it.
    running: bool,
}

impl Finder {
    /// A finder that knows nothing yet. Without a vault no name is searched.
    pub fn new(store: StoreHandle, vault: Option<Arc<Vault>>) -> Self {
        Self {
            store: store.behind(),
            vault,
            known: Mutex::default(),
            names: Mutex::default(),
        }
    }

    /// What a search finds now: `limit` orders from the `first` one. Customers' names are searched for whoever is
    /// named, who must be allowed to see them.
    pub fn find(
        &self,
        search: &Search,
        names: Option<UserId>,
        first: usize,
        limit: usize,
    ) -> StoreResult<Searched> {
        if let Some(by) = names {
            self.permit(by, Permission::SeeCustomers)?;
        }
        let with_names = names.is_some();
        let mut known = self.known();
        self.update(&mut known)?;
        let meanings = self.meanings(search, with_names)?;
        let (found, names, names_known) = {
            let opened = self.opened();
            let found = known
                .index
                .find(search, &opened.names, with_names, &meanings, first, limit);
            let all = self.vault.is_none() || opened.until >= known.last;
            (found, opened.names.len(), all)
        };
        let orders = known.index.len();
        drop(known);
        let rows = self
            .store
            .read_blocking(move |store| store.rows_of(&found.orders))?;
        Ok(Searched {
            page: Page {
                first,
                rows,
                total: found.total,
            },
            orders,
            names,
            names_known,
        })
    }

    /// What a free word stands for as a barcode: a scanned item finds the orders that want it. Asked of what was
    /// entered, not of every keystroke.
    fn meanings(&self, search: &Search, entered: bool) -> StoreResult<Vec<(String, Vec<String>)>> {
        if !entered {
            return Ok(Vec::new());
        }
        let words = search.free_words();
        self.store.read_blocking(move |store| {
            let mut all = Vec::new();
            for word in words {
                let meanings = store.code_meanings(&crate::domain::scan::barcode_key(&word))?;
                let skus = meanings.iter().map(|meaning| meaning.sku.as_str().to_lowercase());
                all.push((word, skus.collect()));
            }
            Ok(all)
        })
    }

    /// Brings the index up to date.
    fn update(&self, known: &mut Known) -> StoreResult<()> {
        let is_first = known.mark.is_none();
        let mut mark = match known.mark {
            Some(mark) => mark,
            // Before the rows: what changes while they are read is read again.
            None => self.store.read_blocking(|store| store.find_mark())?,
        };
        loop {
            let after = OrderId(known.last);
            let rows = self
                .store
                .read_blocking(move |store| store.find_rows(after, PIECE))?;
            let Some(last) = rows.last().map(|row| row.id) else {
                break;
            };
            for row in &rows {
                known.index.put(row);
            }
            known.last = last.0;
            if rows.len() < PIECE {
                break;
            }
        }
        if is_first {
            known.index.shrink();
        }
        let mut changed = Vec::new();
        loop {
            let since = mark;
            let (rows, until) = self
                .store
                .read_blocking(move |store| store.find_changes(since, PIECE))?;
            mark = until;
            for row in &rows {
                known.index.put(row);
                changed.push((row.id, row.erased));
            }
            if rows.len() < PIECE {
                break;
            }
        }
        known.mark = Some(mark);
        self.refresh_names(&changed)
    }

    /// Names of orders that changed: erased ones are overwritten, others opened anew.
    fn refresh_names(&self, changed: &[(OrderId, bool)]) -> StoreResult<()> {
        let mut opened = self.opened();
        for (order, erased) in changed.iter().copied() {
            opened.names.forget(order);
            if !erased && order.0 <= opened.until {
                let before = OrderId(order.0 - 1);
                self.open(&mut opened, before, 1, |row| row == order)?;
            }
        }
        Ok(())
    }

    /// Changes every order that the wish finds, in pieces that no scan waits for. Refused where it is another number of
    /// orders by now.
    pub fn change(&self, wish: &ManyWish, now: DateTime<Utc>) -> StoreResult<Done> {
        self.permit(wish.by, Permission::ChangeMany)?;
        let found = self.find(&wish.search, wish.names.then_some(wish.by), 0, usize::MAX)?;
        if found.page.total != wish.count {
            return Err(StoreError::Refused(Refusal::Other(format!(
                "{} orders are found by now, {} were asked for: nothing was changed, look again",
                found.page.total, wish.count
            ))));
        }
        let (mut changed, mut refused) = (0, Vec::new());
        for piece in found.page.rows.chunks(CHANGES) {
            let mut fit = Vec::new();
            for row in piece {
                match change::may(row, wish.to) {
                    Ok(()) => fit.push((row.id, row.number.to_string())),
                    Err(words) => refused.push((row.number.to_string(), words)),
                }
            }
            let (to, by, reason) = (wish.to, wish.by, wish.reason.clone());
            let done = self.store.write_blocking(move |store| {
                store.permit(by, Permission::ChangeMany)?;
                let each = fit.into_iter().map(|(id, number)| {
                    let done = store.set_status(id, to, Some(by), &reason, now);
                    (number, done.map_err(|error| error.to_string()))
                });
                Ok(each.collect::<Vec<_>>())
            })?;
            for (number, done) in done {
                match done {
                    Ok(()) => changed += 1,
                    Err(words) => refused.push((number, words)),
                }
            }
        }
        Ok(Done::Many {
            changed,
            refused: refused.len(),
            first: refused.into_iter().next(),
        })
    }

    /// Brings index and names up to date, where names are held at all.
    pub fn catch_up(&self) {
        let mut known = self.known();
        if let Err(error) = self.update(&mut known) {
            tracing::warn!(%error, "the search index cannot be brought up to date");
        }
    }

    /// Refused where this person may not do it.
    pub fn permit(&self, by: UserId, permission: Permission) -> StoreResult<()> {
        self.store
            .read_blocking(move |store| store.permit(by, permission))
    }

    /// Opens the names of all orders that are not erased, piece by piece, for who may see them. One thread does it.
    pub fn open_names(&self, by: UserId) {
        if self.permit(by, Permission::SeeCustomers).is_err() {
            return;
        }
        let last = self.known().last;
        {
            let mut opened = self.opened();
            if self.vault.is_none() || opened.running || opened.until >= last {
                return;
            }
            opened.running = true;
        }
        loop {
            // The lock is held from reading to keeping, so that no erasure falls between the two.
            let mut opened = self.opened();
            if !opened.running {
                return;
            }
            let after = OrderId(opened.until);
            let read = self.open(&mut opened, after, CUSTOMERS, |_| true);
            match read {
                Ok(Some(last)) => opened.until = last.0,
                Ok(None) => opened.until = opened.until.max(last),
                // What is not open is not found by name; the next search tries again.
                Err(error) => {
                    tracing::warn!(%error, "customers' names cannot be opened for searching");
                    opened.running = false;
                    return;
                }
            }
            if opened.until >= last {
                opened.running = false;
                return;
            }
        }
    }

    /// Opens so many names after this order, of those that are wanted; the last order that was read.
    fn open(
        &self,
        opened: &mut Opened,
        after: OrderId,
        limit: usize,
        wanted: impl Fn(OrderId) -> bool,
    ) -> StoreResult<Option<OrderId>> {
        let Some(vault) = &self.vault else { return Ok(None) };
        let rows = self
            .store
            .read_blocking(move |store| store.customers_after(after, limit))?;
        for row in rows.iter().filter(|row| wanted(row.order)) {
            // One that cannot be opened is not found by name; the order itself says why when it is opened.
            if let Ok(customer) = vault.open_customer(&row.key, &row.store, &row.number, &row.data) {
                opened.names.put(row.order, &customer);
            }
        }
        Ok(rows.last().map(|row| row.order))
    }

    /// Some customer's name is held.
    pub fn has_names(&self) -> bool {
        !self.opened().names.is_empty()
    }

    /// Overwrites all names.
    pub fn forget_names(&self) {
        let mut opened = self.opened();
        *opened = Opened::default();
    }

    fn known(&self) -> MutexGuard<'_, Known> {
        self.known.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn opened(&self) -> MutexGuard<'_, Opened> {
        self.names.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

#[cfg(test)]
mod tests;

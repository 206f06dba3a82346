//! The store in one SQLite file (or in memory): connections, pragmas, transactions.
//!
//! All SQL lives in the files of this folder, one for each subject; each function there works inside a
//! transaction that `facade` opened. No SQL type leaves this folder.

mod accounts;
mod aftermath;
mod audit;
mod backup;
mod boxes;
mod bulk;
mod catalogue;
mod confirmations;
mod desk;
mod detail;
mod erasure;
mod erasure_aside;
mod facade;
mod facade_boxes;
mod facade_outside;
mod failure;
mod files;
mod finding;
mod flags;
mod forms;
mod high;
mod import;
mod label_rows;
mod labels;
mod lead;
mod lists;
mod manifest_rows;
mod manifests;
mod methods;
mod migrations;
mod onto_box;
mod opening;
mod orders;
mod outside;
mod packing;
mod papers;
mod people;
mod permissions;
mod pick_lists;
mod pick_sheets;
mod pick_walks;
mod picking;
mod policies;
mod presence;
mod printing;
mod proof;
mod quotes;
mod refunds;
mod restore;
mod restored;
mod review;
mod rotation;
mod rules;
mod settle;
mod sheets;
mod shopping;
mod splitting;
mod sync_state;
mod typed;
mod typed_answers;
mod values;
mod voids;
mod why;

pub use backup::{BackedUp, back_up};
pub use erasure_aside::{Rewrap, erase_aside, rewrap_aside};
pub use restore::Restoring;

use super::{StoreError, StoreResult};
use crate::domain::typed::WordSealer;
use high::High;
use presence::Presence;
use rusqlite::config::DbConfig;
use rusqlite::{Connection, OpenFlags, TransactionBehavior};
use std::cell::Cell;
use std::fmt::Write as _;
use std::path::{Path, PathBuf};
use std::sync::{Arc, OnceLock};
use std::time::Duration;

/// How long a process waits for another one's transaction.
const BUSY: Duration = Duration::from_secs(5);

/// Statements kept prepared on each connection.
const STATEMENTS: usize = 256;

/// Pages kept in memory by each connection, in KiB (negative: not pages). Enough for the indexes of a list of
/// 100,000 orders; a station has 40 MiB for everything.
const CACHE_KIB: i64 = -8192;

/// The store in SQLite.
pub struct SqliteStore {
    connection: Connection,
    /// None in memory.
    path: Option<PathBuf>,
    /// What the high file says for sure.
    high: High,
    /// Some connection of this process found the database damaged.
    damaged: Cell<bool>,
    /// Changes are gathered and committed together.
    grouped: bool,
    /// Closed after the connection. None where nothing is written.
    _presence: Option<Presence>,
    /// Seals and opens what people type; none in rehearsals.
    sealer: OnceLock<Arc<dyn WordSealer>>,
}

impl SqliteStore {
    /// Opens the database at `path`, makes it where there is none, and brings its schema up to date. Whoever opens
    /// it first checks it: what was left well only in its newest rows, anything else from end to end. A damaged
    /// one is refused; one that was put back is marked (PURCHASING.md 8).
    pub fn open(path: &Path) -> StoreResult<Self> {
        Self::open_checked(path).map_err(|error| opening::advise(error, path))
    }

    /// Whether opening this database now takes the time of a whole check (a second for about 30,000 orders).
    pub fn is_check_due(path: &Path) -> bool {
        presence::is_check_due(path)
    }

    fn open_checked(path: &Path) -> StoreResult<Self> {
        let mut entered = opening::enter(path)?;
        let flags = OpenFlags::SQLITE_OPEN_READ_WRITE
            | OpenFlags::SQLITE_OPEN_CREATE
            | OpenFlags::SQLITE_OPEN_NO_MUTEX
            | OpenFlags::SQLITE_OPEN_EXRESCODE;
        let mut connection = Connection::open_with_flags(path, flags)?;
        // First of all: the switch to WAL can itself meet another process.
        connection.busy_timeout(BUSY)?;
        // Before anything is written into a file that may not be ours, or not whole.
        entered.look(&connection, path)?;
        set_journal(&connection)?;
        Self::prepare(&mut connection)?;
        entered.prove(&connection, path)?;
        restored::judge(&mut connection, path)?;
        entered.presence.share()?;
        Ok(Self {
            connection,
            path: Some(path.to_owned()),
            high: High::default(),
            damaged: Cell::new(false),
            grouped: false,
            sealer: OnceLock::new(),
            _presence: Some(entered.presence),
        })
    }

    /// A second, read-only opening of a database that a writer has opened.
    pub fn open_reader(path: &Path) -> StoreResult<Self> {
        let flags = OpenFlags::SQLITE_OPEN_READ_ONLY
            | OpenFlags::SQLITE_OPEN_NO_MUTEX
            | OpenFlags::SQLITE_OPEN_EXRESCODE;
        Self::reading(Connection::open_with_flags(path, flags)?, path)
    }

    /// An opening of a database that cannot be written, on a disk or in a folder that cannot either: everything can
    /// be looked at, every change is refused. Refused where the last changes lie in a log that cannot be read.
    pub fn open_view(path: &Path) -> StoreResult<Self> {
        let log = files::beside(path, "-wal");
        if std::fs::metadata(log).is_ok_and(|facts| facts.len() > 0) {
            return Self::open_reader(path);
        }
        // Nobody can change it while we look, so it is read without a log.
        let mut address = "file:".to_owned();
        for byte in path.as_os_str().as_encoded_bytes() {
            if byte.is_ascii_alphanumeric() || b"/-_.".contains(byte) {
                address.push(char::from(*byte));
            } else {
                let _ = write!(address, "%{byte:02X}");
            }
        }
        address.push_str("?immutable=1");
        let flags = OpenFlags::SQLITE_OPEN_READ_ONLY
            | OpenFlags::SQLITE_OPEN_URI
            | OpenFlags::SQLITE_OPEN_NO_MUTEX
            | OpenFlags::SQLITE_OPEN_EXRESCODE;
        Self::reading(Connection::open_with_flags(address, flags)?, path)
    }

    fn reading(connection: Connection, path: &Path) -> StoreResult<Self> {
        connection.busy_timeout(BUSY)?;
        set_rules(&connection)?;
        let known = migrations::known_version(&connection)?;
        if known == 0 {
            return Err(StoreError::Unusable(
                "the database is empty: open it for writing first".to_owned(),
            ));
        }
        Ok(Self {
            connection,
            path: Some(path.to_owned()),
            high: High::default(),
            damaged: Cell::new(false),
            grouped: false,
            sealer: OnceLock::new(),
            _presence: None,
        })
    }

    /// A store that ends with the program, for tests and rehearsals.
    pub fn open_in_memory() -> StoreResult<Self> {
        let mut connection = Connection::open_in_memory()?;
        Self::prepare(&mut connection)?;
        Ok(Self {
            connection,
            path: None,
            high: High::default(),
            damaged: Cell::new(false),
            grouped: false,
            sealer: OnceLock::new(),
            _presence: None,
        })
    }

    fn prepare(connection: &mut Connection) -> StoreResult<()> {
        connection.busy_timeout(BUSY)?;
        connection.pragma_update(None, "synchronous", "FULL")?;
        connection.pragma_update(None, "journal_size_limit", 64 * 1024 * 1024)?;
        set_rules(connection)?;
        migrations::migrate(connection)
    }

    /// One whole transaction that writes; nothing of it stays unless `work` succeeds. Where the labels' history
    /// grew, the high file has grown too before this returns.
    fn write<R>(&mut self, work: impl FnOnce(&Connection) -> StoreResult<R>) -> StoreResult<R> {
        if self.grouped {
            let written = self.write_grouped(work);
            return self.watched(written);
        }
        let written = self.write_one(work);
        let (result, high) = self.watched(written)?;
        if let Some(high) = high {
            self.raise(high);
        }
        Ok(result)
    }

    fn write_one<R>(
        &mut self,
        work: impl FnOnce(&Connection) -> StoreResult<R>,
    ) -> StoreResult<(R, Option<High>)> {
        let transaction = self
            .connection
            .transaction_with_behavior(TransactionBehavior::Immediate)?;
        let result = work(&transaction)?;
        let high = if self.path.is_some() {
            high::of(&transaction)?
        } else {
            None
        };
        transaction.commit()?;
        Ok((result, high))
    }

    /// The same within a group: nothing of it stays unless `work` succeeds, and nothing is durable before the
    /// group has ended.
    fn write_grouped<R>(&mut self, work: impl FnOnce(&Connection) -> StoreResult<R>) -> StoreResult<R> {
        // A full disk undoes the whole group: what followed alone would be durable and called undone.
        if self.connection.is_autocommit() {
            return Err(undone());
        }
        let savepoint = self.connection.savepoint()?;
        let result = work(&savepoint)?;
        savepoint.commit()?;
        Ok(result)
    }

    fn begin_group(&mut self) -> StoreResult<()> {
        self.connection.execute_batch("BEGIN IMMEDIATE")?;
        self.grouped = true;
        Ok(())
    }

    fn end_group(&mut self) -> StoreResult<()> {
        self.grouped = false;
        let ended = self.commit_group();
        if !self.connection.is_autocommit()
            && let Err(error) = self.connection.execute_batch("ROLLBACK")
        {
            tracing::error!(%error, "a group of changes could not be undone");
        }
        if let Some(high) = self.watched(ended)? {
            self.raise(high);
        }
        Ok(())
    }

    fn commit_group(&self) -> StoreResult<Option<High>> {
        if self.connection.is_autocommit() {
            return Err(undone());
        }
        let high = if self.path.is_some() {
            high::of(&self.connection)?
        } else {
            None
        };
        self.connection.execute_batch("COMMIT")?;
        Ok(high)
    }

    /// The change is in the database already: where the file would not take it, the next change tries again.
    fn raise(&mut self, high: High) {
        let Some(path) = &self.path else { return };
        if high == self.high {
            return;
        }
        match high::raise(&files::beside(path, ".high"), &high) {
            Ok(()) => self.high = high,
            Err(error) => tracing::error!(%error, "the file of the highest label could not be written"),
        }
    }

    /// One view of the store, however many queries `work` makes.
    fn read<R>(&self, work: impl FnOnce(&Connection) -> StoreResult<R>) -> StoreResult<R> {
        self.watched(self.read_one(work))
    }

    fn read_one<R>(&self, work: impl FnOnce(&Connection) -> StoreResult<R>) -> StoreResult<R> {
        if self.grouped {
            return work(&self.connection);
        }
        let transaction = self.connection.unchecked_transaction()?;
        let result = work(&transaction)?;
        transaction.commit()?;
        Ok(result)
    }

    /// Damage that is met at work stops buying, here and in every other process.
    fn watched<R>(&self, result: StoreResult<R>) -> StoreResult<R> {
        if let (Err(StoreError::Damaged(words)), Some(path)) = (&result, &self.path)
            && !self.damaged.replace(true)
        {
            presence::mark(path, words);
        }
        result
    }

    /// Nothing is bought from a database that was found damaged.
    fn check_unmarked(&self) -> StoreResult<()> {
        let Some(path) = &self.path else { return Ok(()) };
        if self.damaged.get() || presence::is_marked(path) {
            let words = "the database was found damaged, nothing is bought from it: end every tapegun on this machine \
                 and start again, it is checked then";
            return Err(StoreError::Damaged(words.to_owned()));
        }
        Ok(())
    }
}

fn undone() -> StoreError {
    StoreError::Failed("another change undid all that were saved together".to_owned())
}

/// Writes go through a log, so that readers and the writer never wait for each other.
fn set_journal(connection: &Connection) -> StoreResult<()> {
    let mode: String = connection.pragma_update_and_check(None, "journal_mode", "WAL", |row| row.get(0))?;
    if !mode.eq_ignore_ascii_case("wal") {
        return Err(StoreError::Unusable(
            "the database's file system cannot hold a write-ahead log (a network share?): put the database on a \
             local disk"
                .to_owned(),
        ));
    }
    Ok(())
}

fn set_rules(connection: &Connection) -> StoreResult<()> {
    connection.pragma_update(None, "foreign_keys", true)?;
    connection.pragma_update(None, "trusted_schema", false)?;
    connection.pragma_update(None, "secure_delete", true)?;
    connection.pragma_update(None, "cell_size_check", true)?;
    connection.pragma_update(None, "cache_size", CACHE_KIB)?;
    connection.set_db_config(DbConfig::SQLITE_DBCONFIG_DEFENSIVE, true)?;
    // One plan for each statement, whatever is bound to it: otherwise it is planned again at each use.
    connection.set_db_config(DbConfig::SQLITE_DBCONFIG_ENABLE_QPSG, true)?;
    connection.set_prepared_statement_cache_capacity(STATEMENTS);
    Ok(())
}

#[cfg(test)]
mod tests;

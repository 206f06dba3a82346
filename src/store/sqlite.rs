//! The store in one SQLite file (or in memory): connections, pragmas, transactions.
//!
//! All SQL lives in the files of this folder, one for each subject; each function there works inside a
//! transaction that `facade` opened. No SQL type leaves this folder.

mod catalogue;
mod detail;
mod facade;
mod failure;
mod flags;
mod import;
mod label_rows;
mod labels;
mod lead;
mod lists;
mod migrations;
mod orders;
mod packing;
mod people;
mod pick_lists;
mod printing;
mod proof;
mod quotes;
mod rules;
mod settle;
mod sync_state;
mod values;
mod voids;

use super::{StoreError, StoreResult};
use rusqlite::config::DbConfig;
use rusqlite::{Connection, OpenFlags, TransactionBehavior};
use std::path::Path;
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
}

impl SqliteStore {
    /// Opens the database at `path`, makes it where there is none, and brings its schema up to date.
    pub fn open(path: &Path) -> StoreResult<Self> {
        let flags = OpenFlags::SQLITE_OPEN_READ_WRITE
            | OpenFlags::SQLITE_OPEN_CREATE
            | OpenFlags::SQLITE_OPEN_NO_MUTEX
            | OpenFlags::SQLITE_OPEN_EXRESCODE;
        let connection = Connection::open_with_flags(path, flags)?;
        Self::prepared(connection, true)
    }

    /// A second, read-only opening of a database that a writer has opened.
    pub fn open_reader(path: &Path) -> StoreResult<Self> {
        let flags = OpenFlags::SQLITE_OPEN_READ_ONLY
            | OpenFlags::SQLITE_OPEN_NO_MUTEX
            | OpenFlags::SQLITE_OPEN_EXRESCODE;
        let connection = Connection::open_with_flags(path, flags)?;
        connection.busy_timeout(BUSY)?;
        set_rules(&connection)?;
        let known = migrations::known_version(&connection)?;
        if known == 0 {
            return Err(StoreError::Unusable(
                "the database is empty: open it for writing first".to_owned(),
            ));
        }
        Ok(Self { connection })
    }

    /// A store that ends with the program, for tests and rehearsals.
    pub fn open_in_memory() -> StoreResult<Self> {
        Self::prepared(Connection::open_in_memory()?, false)
    }

    fn prepared(mut connection: Connection, on_disk: bool) -> StoreResult<Self> {
        // First of all: the switch to WAL can itself meet another process.
        connection.busy_timeout(BUSY)?;
        // Before anything is written into a file that may not be ours.
        migrations::known_version(&connection)?;
        if on_disk {
            let mode: String =
                connection.pragma_update_and_check(None, "journal_mode", "WAL", |row| row.get(0))?;
            if !mode.eq_ignore_ascii_case("wal") {
                return Err(StoreError::Unusable(
                    "the database's file system cannot hold a write-ahead log (a network share?): put the database \
                     on a local disk"
                        .to_owned(),
                ));
            }
        }
        connection.pragma_update(None, "synchronous", "FULL")?;
        connection.pragma_update(None, "journal_size_limit", 64 * 1024 * 1024)?;
        set_rules(&connection)?;
        migrations::migrate(&mut connection)?;
        Ok(Self { connection })
    }

    /// One whole transaction that writes; nothing of it stays unless `work` succeeds.
    fn write<R>(&mut self, work: impl FnOnce(&Connection) -> StoreResult<R>) -> StoreResult<R> {
        let transaction = self
            .connection
            .transaction_with_behavior(TransactionBehavior::Immediate)?;
        let result = work(&transaction)?;
        transaction.commit()?;
        Ok(result)
    }

    /// One view of the store, however many queries `work` makes.
    fn read<R>(&self, work: impl FnOnce(&Connection) -> StoreResult<R>) -> StoreResult<R> {
        let transaction = self.connection.unchecked_transaction()?;
        let result = work(&transaction)?;
        transaction.commit()?;
        Ok(result)
    }
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

//! What is checked before a database is worked with: nothing is begun over what is there, nothing damaged is
//! written, nothing that has forgotten labels goes on as if nothing had happened.

use super::files::{beside, check_not_gone, check_writable};
use super::presence::{self, Presence};
use super::values::first;
use super::{migrations, proof};
use crate::store::{StoreError, StoreResult, backups};
use rusqlite::Connection;
use rusqlite::config::DbConfig;
use std::path::Path;

/// A process that has come in and may check.
pub(super) struct Entered {
    pub(super) presence: Presence,
    /// There was a database before us.
    existed: bool,
    /// It is to be checked from end to end.
    whole: bool,
    /// It lies there alone, without a log.
    no_log: bool,
}

/// Comes in. Refused where the database cannot be written or is gone.
pub(super) fn enter(database: &Path) -> StoreResult<Entered> {
    check_writable(database)?;
    let presence = Presence::enter(database)?;
    check_not_gone(database)?;
    let existed = std::fs::metadata(database).is_ok_and(|facts| facts.len() > 0);
    let whole = existed && presence.is_alone() && !presence.was_left_well();
    Ok(Entered {
        presence,
        existed,
        whole,
        no_log: std::fs::metadata(beside(database, "-wal")).map_or(true, |facts| facts.len() == 0),
    })
}

impl Entered {
    /// Before anything is written, even by the engine itself: a log that is not this database's must not be
    /// written into it because we look and go.
    pub(super) fn look(&self, connection: &Connection, database: &Path) -> StoreResult<()> {
        keep_log(connection, true)?;
        let version = migrations::known_version(connection)?;
        if self.existed && version == 0 && self.whole {
            // A header that lost its marks would let the schema be made anew over what was there.
            let pages: i64 = connection.pragma_query_value(None, "page_count", |row| row.get(0))?;
            if pages > 1 || beside(database, ".high").exists() {
                return Err(StoreError::Damaged(
                    "the database is damaged (its first page is empty)".to_owned(),
                ));
            }
        }
        if self.whole {
            if self.no_log {
                check_length(connection, database)?;
            }
            check_pages(connection)?;
        }
        Ok(())
    }

    /// After the schema is up to date: the labels' history, whole or from where it was proven last.
    pub(super) fn prove(&mut self, connection: &Connection, database: &Path) -> StoreResult<()> {
        if self.presence.is_alone() && self.existed {
            let proven = if self.whole {
                proof::verify_labels(connection)?
            } else {
                proof::verify_from(connection, &self.presence.proven())?
            };
            let proven = proven.map_err(StoreError::Damaged)?;
            self.presence.set_proven(proven);
            if self.whole {
                presence::unmark(database);
            }
        }
        keep_log(connection, false)
    }
}

/// The engine reads what is missing of a last page as zeroes.
fn check_length(connection: &Connection, database: &Path) -> StoreResult<()> {
    let size: u32 = connection.pragma_query_value(None, "page_size", |row| row.get(0))?;
    let length = std::fs::metadata(database).map_or(0, |facts| facts.len());
    if size == 0 || !length.is_multiple_of(u64::from(size)) {
        return Err(StoreError::Damaged(
            "the database is damaged (it is cut)".to_owned(),
        ));
    }
    Ok(())
}

/// Every page, every index against its table, every reference.
pub(super) fn check_pages(connection: &Connection) -> StoreResult<()> {
    let finding: String = connection.query_row("PRAGMA integrity_check(1)", [], |row| row.get(0))?;
    if finding != "ok" {
        return Err(StoreError::Damaged(format!(
            "the database is damaged ({finding})"
        )));
    }
    let astray = first(connection, "PRAGMA foreign_key_check", [], |row| {
        Ok(row.get::<_, String>(0)?)
    })?;
    match astray {
        None => Ok(()),
        Some(table) => Err(StoreError::Damaged(format!(
            "the database is damaged (a row of {table} belongs to nothing)"
        ))),
    }
}

/// Whether the log stays as it is when the last connection closes.
fn keep_log(connection: &Connection, keep: bool) -> StoreResult<()> {
    connection.set_db_config(DbConfig::SQLITE_DBCONFIG_NO_CKPT_ON_CLOSE, keep)?;
    Ok(())
}

/// Adds to what stands in the way of opening what to do about it.
pub(super) fn advise(error: StoreError, database: &Path) -> StoreError {
    let StoreError::Damaged(words) = error else {
        return error;
    };
    let words = words.split(": ").next().unwrap_or(&words);
    StoreError::Damaged(format!(
        "{}: {words}. Nothing was changed. End every tapegun on this machine and keep a copy of the file with its -wal \
         and -shm. {}",
        database.display(),
        backups::what_to_restore(database)
    ))
}

//! What is checked before a database is worked with: nothing is begun over what is there, nothing damaged is
//! written, nothing that has forgotten labels goes on as if nothing had happened.

use super::files::{check_not_gone, check_writable};
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
    /// It had a name of its own before this program brought it up to date.
    pub(super) had_identity: bool,
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
        had_identity: false,
    })
}

impl Entered {
    /// Before anything is written, even by the engine itself: a log that is not this database's must not be
    /// written into it because we look and go.
    pub(super) fn look(&mut self, connection: &Connection) -> StoreResult<()> {
        keep_log(connection, true)?;
        let version = migrations::known_version(connection)?;
        self.had_identity = version > 0
            && first(
                connection,
                "SELECT 1 FROM settings WHERE key = 'identity'",
                [],
                |_| Ok(()),
            )?
            .is_some();
        if self.existed && version == 0 && self.whole {
            // A header that lost its marks would let the schema be made anew over what is there.
            let pages: i64 = connection.pragma_query_value(None, "page_count", |row| row.get(0))?;
            if pages > 1 {
                return Err(StoreError::Damaged(
                    "the database is damaged (its first page is empty)".to_owned(),
                ));
            }
        }
        if self.whole {
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

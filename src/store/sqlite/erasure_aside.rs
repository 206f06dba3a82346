//! Erasing in databases that a restore has put aside: they lie beside the present one, with keys of their own.

use super::erasure::erase;
use super::files::{beside, folder};
use super::values::{all, number};
use super::{BUSY, migrations, rotation, set_rules};
use crate::domain::erasure::KEPT;
use crate::domain::ids::{OrderNumber, StoreId};
use crate::domain::sealed::WrappedKey;
use crate::store::backups;
use chrono::{DateTime, NaiveDateTime, Utc};
use rusqlite::Connection;
use std::path::{Path, PathBuf};

/// What the name of a database that was put aside goes on with.
const ASIDE: &str = ".before-restore-";
/// The time in it.
const TIME: &str = "%Y%m%d-%H%M%S";

/// The history's words.
const WHAT: &str = "customer's data erased in a database that was put aside";

/// Erases in the databases beside `database` that were put aside by a restore whatever was erased here, and takes
/// those away whose time is over: 30 days later everything in them would be due. Returns in words what could not be
/// reached.
pub fn erase_aside(database: &Path, now: DateTime<Utc>) -> Vec<String> {
    let mut left = Vec::new();
    for (file, since) in put_aside(database) {
        let is_over = since + KEPT <= now;
        let done = if is_over {
            remove(&file)
        } else {
            erase_in(database, &file, now)
        };
        if let Err(why) = done {
            left.push(format!(
                "{}: {why}. It still holds customers' data: delete it by hand once you do not need it",
                file.display()
            ));
        }
    }
    left
}

/// Wraps a data key anew; none where that is not needed.
pub type Rewrap<'a> = &'a dyn Fn(&WrappedKey) -> Result<Option<WrappedKey>, String>;

/// Puts the data keys of the databases that a restore put aside under the station key of this check. Returns in words
/// what could not be reached.
pub fn rewrap_aside(database: &Path, check: &[u8], rewrap: Rewrap<'_>) -> Vec<String> {
    let each = put_aside(database).into_iter().filter_map(|(file, _)| {
        let why = rewrap_in(&file, check, rewrap).err()?;
        Some(format!("{}: {why}", file.display()))
    });
    each.collect()
}

fn rewrap_in(file: &Path, check: &[u8], rewrap: Rewrap<'_>) -> Result<(), String> {
    let words = |error: crate::store::StoreError| error.to_string();
    let mut connection = open(file)?;
    let transaction = connection.transaction().map_err(|error| error.to_string())?;
    let mut fresh = Vec::new();
    for key in rotation::stale(&transaction, check, usize::MAX).map_err(words)? {
        fresh.extend(rewrap(&key)?);
    }
    rotation::put(&transaction, &fresh).map_err(words)?;
    transaction.commit().map_err(|error| error.to_string())?;
    number(&connection, "PRAGMA wal_checkpoint(TRUNCATE)", []).map_err(words)?;
    Ok(())
}

/// Opens a database that lies aside, brought up to date.
fn open(file: &Path) -> Result<Connection, String> {
    let failed = |error: rusqlite::Error| error.to_string();
    let mut connection = Connection::open(file).map_err(failed)?;
    connection.busy_timeout(BUSY).map_err(failed)?;
    set_rules(&connection).map_err(|error| error.to_string())?;
    migrations::migrate(&mut connection).map_err(|error| error.to_string())?;
    Ok(connection)
}

/// Databases that were put aside, with the time of it.
fn put_aside(database: &Path) -> Vec<(PathBuf, DateTime<Utc>)> {
    let begin = beside(database, ASIDE);
    let begin = begin.file_name().unwrap_or_default().to_string_lossy();
    let Ok(entries) = std::fs::read_dir(folder(database)) else {
        return Vec::new();
    };
    let each = entries.filter_map(|entry| {
        let path = entry.ok()?.path();
        let name = path.file_name()?.to_str()?;
        let time = NaiveDateTime::parse_from_str(name.strip_prefix(&*begin)?, TIME).ok()?;
        Some((path.clone(), time.and_utc()))
    });
    each.collect()
}

fn remove(file: &Path) -> Result<(), String> {
    for suffix in ["-wal", "-shm", ""] {
        let path = beside(file, suffix);
        if path.exists() {
            std::fs::remove_file(&path).map_err(|error| error.to_string())?;
        }
    }
    Ok(())
}

fn erase_in(database: &Path, file: &Path, now: DateTime<Utc>) -> Result<(), String> {
    let erased = backups::erased(database);
    if erased.is_empty() {
        return Ok(());
    }
    let failed = |error: rusqlite::Error| error.to_string();
    let mut connection = open(file)?;
    let transaction = connection.transaction().map_err(failed)?;
    let known = all(
        &transaction,
        "SELECT DISTINCT store, number FROM data_keys WHERE wrapped IS NOT NULL",
        [],
        |row| Ok((StoreId(row.get(0)?), OrderNumber(row.get(1)?))),
    )
    .map_err(|error| error.to_string())?;
    let gone = |one: &(StoreId, OrderNumber)| {
        let mut each = erased.iter();
        each.any(|erased| erased.store == one.0 && erased.number == one.1)
    };
    for (store, order_number) in known.iter().filter(|one| gone(one)) {
        erase(&transaction, store, order_number, None, WHAT, now).map_err(|error| error.to_string())?;
    }
    transaction.commit().map_err(failed)?;
    number(&connection, "PRAGMA wal_checkpoint(TRUNCATE)", []).map_err(|error| error.to_string())?;
    Ok(())
}

//! Data keys under another station key; since when secrets are in use.

use super::SqliteStore;
use super::people::note;
use super::permissions::permit;
use super::values::{all, first, micros, refused, run, time};
use crate::domain::ids::{DataKeyId, StoreId, UserId};
use crate::domain::sealed::WrappedKey;
use crate::domain::user::Permission;
use crate::store::{Rotating, StoreResult};
use chrono::{DateTime, Utc};
use rusqlite::{Connection, params};

/// Algorithm and station key's id, before a wrapped key and before a key check alike.
const HEAD: usize = 5;

impl Rotating for SqliteStore {
    fn stale_keys(&self, check: &[u8], limit: usize) -> StoreResult<Vec<WrappedKey>> {
        self.read(|connection| stale(connection, check, limit))
    }

    fn put_rewrapped(&mut self, keys: &[WrappedKey], by: UserId) -> StoreResult<()> {
        self.write(|connection| {
            permit(connection, by, Permission::Keys)?;
            put(connection, keys)
        })
    }

    fn move_key_check(&mut self, check: &[u8], by: Option<UserId>, now: DateTime<Utc>) -> StoreResult<()> {
        self.write(|connection| {
            let changed = run(
                connection,
                "UPDATE settings SET bytes = ?1 WHERE key = 'key_check' AND bytes <> ?1",
                [check],
            )?;
            if changed == 1 {
                note(connection, None, by, "the station's key was rotated", now)?;
            }
            Ok(())
        })
    }

    fn note_secret(
        &mut self,
        shop: &StoreId,
        print: &[u8],
        now: DateTime<Utc>,
    ) -> StoreResult<DateTime<Utc>> {
        self.write(|connection| {
            run(
                connection,
                "INSERT INTO secrets (store, print, since) VALUES (?1, ?2, ?3) ON CONFLICT (store) \
                 DO UPDATE SET print = excluded.print, since = excluded.since WHERE print <> excluded.print",
                params![shop.as_str(), print, micros(now)],
            )?;
            Ok(since(connection, shop, print)?.unwrap_or(now))
        })
    }

    fn secret_since(&self, shop: &StoreId, print: &[u8]) -> StoreResult<Option<DateTime<Utc>>> {
        self.read(|connection| since(connection, shop, print))
    }
}

fn since(connection: &Connection, shop: &StoreId, print: &[u8]) -> StoreResult<Option<DateTime<Utc>>> {
    first(
        connection,
        "SELECT since FROM secrets WHERE store = ? AND print = ?",
        params![shop.as_str(), print],
        |row| time(row.get(0)?),
    )
}

/// Data keys that another station key wraps.
pub(super) fn stale(connection: &Connection, check: &[u8], limit: usize) -> StoreResult<Vec<WrappedKey>> {
    let head = check.get(..HEAD).ok_or_else(|| refused("this is no key check"))?;
    all(
        connection,
        "SELECT id, wrapped FROM data_keys WHERE wrapped IS NOT NULL AND substr(wrapped, 1, 5) <> ? LIMIT ?",
        params![head, i64::try_from(limit).unwrap_or(i64::MAX)],
        |row| {
            Ok(WrappedKey {
                id: DataKeyId(row.get(0)?),
                bytes: row.get(1)?,
            })
        },
    )
}

pub(super) fn put(connection: &Connection, keys: &[WrappedKey]) -> StoreResult<()> {
    for key in keys {
        run(
            connection,
            "UPDATE data_keys SET wrapped = ?, version = version + 1 WHERE id = ? AND wrapped IS NOT NULL",
            params![key.bytes, key.id.0],
        )?;
    }
    Ok(())
}

/// A data key that is not wrapped by the station key that is in use now is not taken: once the old key is gone it
/// would open nothing.
pub(super) fn check_current(check: Option<&[u8]>, key: &WrappedKey) -> StoreResult<()> {
    match (check.and_then(|check| check.get(..HEAD)), key.bytes.get(..HEAD)) {
        (Some(wanted), Some(head)) if wanted != head => Err(refused(
            "the station's key was rotated just now, nothing was saved: try again",
        )),
        _ => Ok(()),
    }
}

//! State of the sync task: health, what waits, bucket levels, the version that shows changes.

use super::onto_box;
use super::values::{all, first, json, maybe_parsed, micros, number, run, small, time};
use crate::domain::rows::{SyncHealth, Waiting};
use crate::store::{BucketLevel, StoreResult};
use rusqlite::{Connection, params};

pub(super) fn health(connection: &Connection) -> StoreResult<SyncHealth> {
    let stored = first(
        connection,
        "SELECT text FROM settings WHERE key = 'health'",
        [],
        |row| maybe_parsed(row.get(0)?),
    )?;
    Ok(stored.flatten().unwrap_or_default())
}

pub(super) fn set_health(connection: &Connection, health: &SyncHealth) -> StoreResult<()> {
    run(
        connection,
        "INSERT INTO settings (key, text) VALUES ('health', ?1) ON CONFLICT (key) DO UPDATE SET text = ?1 \
         WHERE text IS NOT ?1",
        [json(health)?],
    )?;
    Ok(())
}

pub(super) fn waiting(connection: &Connection) -> StoreResult<Waiting> {
    let mut waiting = Waiting::default();
    let states = all(
        connection,
        "SELECT state, count(*) FROM labels WHERE state IN ('wanted', 'asked', 'unknown', 'void wanted', \
         'void asked', 'void unknown', 'bought without document') GROUP BY state",
        [],
        |row| Ok((row.get::<_, String>(0)?, small(row.get(1)?)?)),
    )?;
    for (state, count) in states {
        match state.as_str() {
            "wanted" | "asked" => waiting.purchases += count,
            "unknown" => waiting.unknown += count,
            "void wanted" | "void asked" | "void unknown" => waiting.voids += count,
            _ => {}
        }
    }
    waiting.prints = small(number(
        connection,
        "SELECT count(*) FROM print_jobs WHERE state NOT IN ('done', 'dropped')",
        [],
    )?)?;
    waiting.quotes = small(number(
        connection,
        "SELECT count(*) FROM quotes INDEXED BY quotes_wanted WHERE answer IS NULL AND failure IS NULL",
        [],
    )?)?;
    waiting.confirmations = small(number(
        connection,
        "SELECT count(*) FROM confirmations WHERE state IN ('wanted', 'asked', 'unknown')",
        [],
    )?)?;
    waiting.onto_box = small(onto_box::all_due(connection)?)?;
    Ok(waiting)
}

pub(super) fn bucket_levels(connection: &Connection) -> StoreResult<Vec<BucketLevel>> {
    all(
        connection,
        "SELECT name, millitokens, at FROM bucket_levels ORDER BY name",
        [],
        |row| {
            Ok(BucketLevel {
                name: row.get(0)?,
                millitokens: row.get(1)?,
                at: time(row.get(2)?)?,
            })
        },
    )
}

pub(super) fn set_bucket_levels(connection: &Connection, levels: &[BucketLevel]) -> StoreResult<()> {
    for level in levels {
        run(
            connection,
            "INSERT INTO bucket_levels (name, millitokens, at) VALUES (?, ?, ?) \
             ON CONFLICT (name) DO UPDATE SET millitokens = excluded.millitokens, at = excluded.at",
            params![level.name, level.millitokens, micros(level.at)],
        )?;
    }
    Ok(())
}

/// `data_version` shows other connections' commits, `total_changes` this one's.
pub(super) fn version(connection: &Connection) -> StoreResult<i64> {
    let others = number(connection, "PRAGMA data_version", [])?;
    let own = i64::try_from(connection.total_changes()).unwrap_or(0);
    Ok((others << 32) + (own & 0xFFFF_FFFF))
}

//! A database that was put back: found out at opening, marked, and compared with Amazon order by order before
//! anything is bought again (PURCHASING.md 8).

use super::erasure::erase;
use super::files::beside;
use super::high::{self, Found, High};
use super::people::note;
use super::values::{all, first, micros, number, parsed, run, small};
use super::{flags, orders};
use crate::domain::ids::{OrderId, OrderNumber, StoreId};
use crate::domain::rows::Restored;
use crate::store::backups::{self, BackupMark, KeyFile};
use crate::store::{StoreError, StoreResult};
use chrono::{DateTime, Utc};
use rusqlite::{Connection, TransactionBehavior, params};
use std::path::Path;

/// Orders that may still be bought for. What left is told by the sweep.
const OPEN: &str = "status NOT IN ('shipped', 'canceled') AND erased = 0";

/// What the history says of an erasure that is done again.
const AGAIN: &str = "customer's data erased again: it was erased before this copy was put back";

/// Marks the database where it is a back-up, an older copy, or another station's; then writes the high file.
pub(super) fn judge(connection: &mut Connection, database: &Path) -> StoreResult<()> {
    let path = beside(database, ".high");
    let Some(here) = high::of(connection)? else {
        return Ok(());
    };
    let found = high::read(&path).map_err(|error| failed(&path, &error))?;
    let mark = mark(connection)?;
    let why = match &mark {
        Some(mark) => Some(format!(
            "back-up of {}",
            mark.made_at.format("%Y-%m-%d %H:%M UTC")
        )),
        None => forgotten(connection, &here, &found)?.map(str::to_owned),
    };
    let Some(why) = why else {
        high::raise(&path, &here).map_err(|error| failed(&path, &error))?;
        return remember_file(connection);
    };
    let floor = match &found {
        Found::Is(high) => high.epoch,
        Found::Nothing | Found::Unreadable => here.epoch,
    };
    let transaction = connection.transaction_with_behavior(TransactionBehavior::Immediate)?;
    if let Some(mark) = &mark {
        put_keys_back(&transaction, database, mark)?;
    }
    begin(&transaction, &why, floor)?;
    let erasures = backups::erased(database);
    for erased in &erasures {
        erase(
            &transaction,
            &erased.store,
            &erased.number,
            None,
            AGAIN,
            erased.at,
        )?;
    }
    let here = high::of(&transaction)?.unwrap_or(here);
    transaction.commit()?;
    if !erasures.is_empty() {
        // The keys that came with the copy stand in its pages until these are written over.
        number(connection, "PRAGMA wal_checkpoint(TRUNCATE)", [])?;
    }
    tracing::warn!(
        why,
        "this database was put back: orders are compared before anything is bought"
    );
    // Only now: were this lost, the database would be marked once more.
    high::replace(&path, &here).map_err(|error| failed(&path, &error))?;
    remember_file(connection)
}

/// From now on this database has a file of its highest label beside it: without one it was moved here.
fn remember_file(connection: &Connection) -> StoreResult<()> {
    if !has_file(connection)? {
        run(
            connection,
            "INSERT INTO settings (key, number) VALUES ('high', 1) ON CONFLICT (key) DO UPDATE SET number = 1",
            [],
        )?;
    }
    Ok(())
}

fn has_file(connection: &Connection) -> StoreResult<bool> {
    let known = number(
        connection,
        "SELECT EXISTS (SELECT 1 FROM settings WHERE key = 'high' AND number = 1)",
        [],
    )?;
    Ok(known == 1)
}

fn failed(path: &Path, error: &std::io::Error) -> StoreError {
    StoreError::Failed(format!("{}: {error}", path.display()))
}

/// What a back-up says of itself.
pub(super) fn mark(connection: &Connection) -> StoreResult<Option<BackupMark>> {
    first(
        connection,
        "SELECT text FROM settings WHERE key = 'backup_of'",
        [],
        |row| parsed(&row.get::<_, String>(0)?),
    )
}

/// Why this database may have forgotten labels.
fn forgotten(connection: &Connection, here: &High, found: &Found) -> StoreResult<Option<&'static str>> {
    let begun = here.epoch > 0 || here.sequence > 0;
    let high = match found {
        Found::Is(high) => high,
        // Brought up to date from a time when there was no such file, or never worked with.
        Found::Nothing if !begun || !has_file(connection)? => return Ok(None),
        Found::Nothing => return Ok(Some("database from elsewhere")),
        Found::Unreadable if !begun => return Ok(None),
        Found::Unreadable => return Ok(Some("database whose age nobody knows")),
    };
    if high.identity != here.identity {
        return Ok(Some("database from elsewhere"));
    }
    if here.epoch < high.epoch || here.sequence < high.sequence {
        return Ok(Some("older copy"));
    }
    let hash = first(
        connection,
        "SELECT lower(hex(hash)) FROM label_history WHERE sequence = ?",
        [high.sequence],
        |row| Ok(row.get::<_, String>(0)?),
    )?;
    Ok((hash.unwrap_or_default() != high.hash).then_some("database from elsewhere"))
}

/// Marks it. The epoch goes on above all that ever were; a sheet that waited may have been printed since.
fn begin(connection: &Connection, why: &str, floor: i64) -> StoreResult<()> {
    run(connection, "DELETE FROM settings WHERE key = 'backup_of'", [])?;
    run(
        connection,
        "INSERT INTO settings (key, number, text) VALUES ('restored', 1, ?1) \
         ON CONFLICT (key) DO UPDATE SET number = 1, text = ?1",
        [why],
    )?;
    run(
        connection,
        "UPDATE settings SET text = lower(hex(randomblob(16))) WHERE key = 'identity'",
        [],
    )?;
    run(
        connection,
        "INSERT INTO epochs (epoch, taken_at) SELECT ?1, (SELECT ifnull(max(taken_at), 0) FROM epochs) \
         WHERE ?1 > (SELECT ifnull(max(epoch), 0) FROM epochs)",
        [floor],
    )?;
    run(connection, "UPDATE shops SET swept_at = NULL", [])?;
    run(
        connection,
        "UPDATE print_jobs SET state = 'doubtful', reason = 'put back from a back-up' \
         WHERE state IN ('wanted', 'sending')",
        [],
    )?;
    run(connection, "DELETE FROM compared_orders", [])?;
    run(
        connection,
        &format!("INSERT INTO compared_orders (order_id) SELECT id FROM orders WHERE {OPEN}"),
        [],
    )?;
    Ok(())
}

/// Puts the keys of a back-up back that was put in place by hand.
fn put_keys_back(connection: &Connection, database: &Path, mark: &BackupMark) -> StoreResult<()> {
    let missing = number(
        connection,
        "SELECT count(*) FROM data_keys WHERE wrapped IS NULL AND destroyed_at IS NULL",
        [],
    )?;
    if missing == 0 {
        return Ok(());
    }
    let files = [backups::keys_of(database), backups::keys_of(&mark.file)];
    let keys = files
        .iter()
        .filter_map(|path| KeyFile::read(path).ok())
        .find(|keys| keys.backup == mark.id);
    let Some(keys) = keys else {
        return Err(StoreError::Unusable(
            "this is a back-up that was put in place by hand, without its keys: take it away again, then tapegun \
             restore FILE puts it back with the file of keys that lies beside it"
                .to_owned(),
        ));
    };
    fill_keys(connection, &keys, mark.made_at)
}

/// Puts the keys of a back-up's file of keys in. A key that the file does not have was destroyed since: its order
/// is erased again.
pub(super) fn fill_keys(connection: &Connection, keys: &KeyFile, at: DateTime<Utc>) -> StoreResult<()> {
    for (id, wrapped) in &keys.keys {
        run(
            connection,
            "UPDATE data_keys SET wrapped = ? WHERE id = ? AND wrapped IS NULL AND destroyed_at IS NULL",
            params![wrapped, id.0],
        )?;
    }
    let gone = all(
        connection,
        "SELECT DISTINCT store, number FROM data_keys WHERE wrapped IS NULL AND destroyed_at IS NULL",
        [],
        |row| Ok((StoreId(row.get(0)?), OrderNumber(row.get(1)?))),
    )?;
    for (store, order_number) in gone {
        erase(connection, &store, &order_number, None, AGAIN, at)?;
    }
    Ok(())
}

/// How far the comparing is; none where the database was not put back.
pub(super) fn restored(connection: &Connection) -> StoreResult<Option<Restored>> {
    let of = first(
        connection,
        "SELECT text FROM settings WHERE key = 'restored' AND number = 1",
        [],
        |row| Ok(row.get::<_, Option<String>>(0)?),
    )?;
    let Some(of) = of else { return Ok(None) };
    let total = number(connection, "SELECT count(*) FROM compared_orders", [])?;
    let left = number(
        connection,
        &format!(
            "SELECT count(*) FROM compared_orders JOIN orders ON orders.id = order_id \
             WHERE compared_at IS NULL AND {OPEN}"
        ),
        [],
    )?;
    let unswept = all(
        connection,
        "SELECT DISTINCT order_counts.store FROM order_counts LEFT JOIN shops ON shops.store = order_counts.store \
         WHERE swept_at IS NULL AND NOT EXISTS (SELECT 1 FROM orders JOIN channel_orders ON order_id = orders.id \
         WHERE orders.store = order_counts.store AND json_extract(word, '$.origin') = 'elsewhere') ORDER BY 1",
        [],
        |row| Ok(StoreId(row.get(0)?)),
    )?;
    Ok(Some(Restored {
        of: of.unwrap_or_else(|| "back-up".to_owned()),
        compared: small(total - left)?,
        total: small(total)?,
        unswept,
    }))
}

/// Orders that are still to be compared, the most urgent first. A shop's sweep comes first: it tells of orders that
/// this database has never seen.
pub(super) fn uncompared(
    connection: &Connection,
    limit: usize,
) -> StoreResult<Vec<(OrderId, StoreId, OrderNumber)>> {
    all(
        connection,
        &format!(
            "SELECT orders.id, orders.store, orders.number FROM compared_orders \
             JOIN orders ON orders.id = compared_orders.order_id \
             LEFT JOIN shops ON shops.store = orders.store \
             JOIN channel_orders ON channel_orders.order_id = orders.id \
             WHERE compared_at IS NULL AND (swept_at IS NOT NULL OR json_extract(word, '$.origin') = 'elsewhere') \
             AND {OPEN} ORDER BY ship_by, orders.id LIMIT ?"
        ),
        [i64::try_from(limit).unwrap_or(i64::MAX)],
        |row| {
            Ok((
                OrderId(row.get(0)?),
                StoreId(row.get(1)?),
                OrderNumber(row.get(2)?),
            ))
        },
    )
}

/// Amazon's word of the order is stored: judges its packages once more, with what this database knows, and counts
/// it, with the other parts of a split order.
pub(super) fn note_compared(
    connection: &Connection,
    id: OrderId,
    words: Option<&str>,
    now: DateTime<Utc>,
) -> StoreResult<()> {
    let order = orders::order(connection, id)?;
    for part in orders::find_orders(connection, &order.channel.number)? {
        if orders::order(connection, part)?.channel.store != order.channel.store {
            continue;
        }
        flags::judge_packages(connection, part, now)?;
        run(
            connection,
            "UPDATE compared_orders SET compared_at = ? WHERE order_id = ? AND compared_at IS NULL",
            params![micros(now), part.0],
        )?;
        if let Some(words) = words {
            note(connection, Some(part), None, words, now)?;
        }
    }
    Ok(())
}

/// Takes the mark away once every shop was swept and every order compared; says whether it did.
pub(super) fn end(connection: &Connection, now: DateTime<Utc>) -> StoreResult<bool> {
    let Some(restored) = restored(connection)? else {
        return Ok(false);
    };
    if !restored.is_complete() {
        return Ok(false);
    }
    run(connection, "DELETE FROM settings WHERE key = 'restored'", [])?;
    run(connection, "DELETE FROM compared_orders", [])?;
    let words = format!(
        "{}: all {} orders were compared with Amazon, buying goes on",
        restored.of, restored.total
    );
    note(connection, None, None, &words, now)?;
    Ok(true)
}

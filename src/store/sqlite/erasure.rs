//! Erasing customers: what is due, and everything that goes with a customer's key.

use super::SqliteStore;
use super::people::note;
use super::values::{all, first, json, maybe_time, micros, parsed, run, status, time};
use crate::domain::erasure::{Due, Erasure, KEPT, Part, due_at};
use crate::domain::ids::{OrderId, OrderNumber, StoreId, UserId};
use crate::domain::order::{ChannelOrder, ChannelStatus};
use crate::store::backups::{self, Erased};
use crate::store::{Erasing, StoreError, StoreResult};
use chrono::{DateTime, Utc};
use rusqlite::{Connection, params};

/// What lists, screens and quotes say of what was erased.
pub(super) const ERASED: &str = "the customer's data of this order is erased";

impl Erasing for SqliteStore {
    fn due_for_erasure(&self, now: DateTime<Utc>, limit: usize) -> StoreResult<Vec<Due>> {
        self.read(|connection| due(connection, now, limit))
    }

    fn erase_customers(
        &mut self,
        orders: &[Due],
        by: Option<UserId>,
        now: DateTime<Utc>,
    ) -> StoreResult<Vec<Due>> {
        let path = self.path.clone();
        self.write(|connection| {
            let mut erased = Vec::new();
            let mut record = Vec::new();
            for order in orders {
                let parts = parts_of(connection, &order.store, &order.number)?;
                let facts: Vec<Part> = parts.into_iter().map(|(_, part)| part).collect();
                if due_at(&facts).is_none_or(|due| due > now) {
                    continue;
                }
                record.push(Erased {
                    store: order.store.clone(),
                    number: order.number.clone(),
                    key: None,
                    at: now,
                });
                let days = KEPT.num_days();
                let what = format!("customer's data erased, {days} days after fulfillment");
                erase(connection, &order.store, &order.number, by, &what, now)?;
                erased.push(order.clone());
            }
            // Before the commit: what is erased here is erased again in whatever copy is put back.
            if let Some(path) = path.filter(|_| !record.is_empty()) {
                backups::record_erased(&path, &record)
                    .map_err(|error| StoreError::Failed(format!("{}: {error}", path.display())))?;
            }
            Ok(erased)
        })
    }

    fn empty_log(&mut self) -> StoreResult<bool> {
        if self.path.is_none() {
            return Ok(true);
        }
        let busy: i64 = self
            .connection
            .query_row("PRAGMA wal_checkpoint(TRUNCATE)", [], |row| row.get(0))?;
        Ok(busy == 0)
    }

    fn erasure(&self) -> StoreResult<Option<Erasure>> {
        self.read(|connection| {
            first(
                connection,
                "SELECT number, text FROM settings WHERE key = 'erasure'",
                [],
                |row| {
                    let (erased, left): (u32, Vec<String>) = parsed(&row.get::<_, String>(1)?)?;
                    Ok(Erasure {
                        at: time(row.get(0)?)?,
                        erased,
                        left,
                    })
                },
            )
        })
    }

    fn note_erasure(&mut self, ended: &Erasure) -> StoreResult<()> {
        self.write(|connection| {
            run(
                connection,
                "INSERT INTO settings (key, number, text) VALUES ('erasure', ?1, ?2) \
                 ON CONFLICT (key) DO UPDATE SET number = ?1, text = ?2",
                params![micros(ended.at), json(&(ended.erased, &ended.left))?],
            )?;
            Ok(())
        })
    }

    fn erased_among(&self, numbers: &[OrderNumber]) -> StoreResult<Vec<OrderNumber>> {
        self.read(|connection| {
            let mut erased = Vec::new();
            for number in numbers {
                let known = first(
                    connection,
                    "SELECT min(erased) FROM orders WHERE number = ?",
                    [number.as_str()],
                    |row| Ok(row.get::<_, Option<bool>>(0)?),
                )?;
                if known.flatten() == Some(true) {
                    erased.push(number.clone());
                }
            }
            Ok(erased)
        })
    }
}

/// A part of an order with its number.
type Known = ((StoreId, OrderNumber), Part);

const PARTS: &str = "SELECT store, number, status, settled_at, orders.changed_at, \
     (SELECT max(ifnull(aftermath.bought_at, labels.wanted_at)) FROM labels \
      LEFT JOIN aftermath ON aftermath.label = labels.id WHERE labels.order_id = orders.id AND labels.state IN \
      ('bought', 'bought without document', 'printed', 'void refused')), \
     EXISTS (SELECT 1 FROM labels WHERE labels.order_id = orders.id AND labels.state IN \
      ('wanted', 'asked', 'unknown', 'void wanted', 'void asked', 'void unknown')), \
     word FROM orders JOIN channel_orders ON channel_orders.order_id = orders.id WHERE erased = 0";

fn part(row: &rusqlite::Row<'_>) -> StoreResult<Known> {
    #[derive(serde::Deserialize)]
    struct Word {
        status: ChannelStatus,
        updated_at: DateTime<Utc>,
    }
    let word: Word = parsed(&row.get::<_, String>(7)?)?;
    let part = Part {
        status: status(&row.get::<_, String>(2)?)?,
        settled_at: maybe_time(row.get(3)?)?,
        changed_at: time(row.get(4)?)?,
        bought_at: maybe_time(row.get(5)?)?,
        under_way: row.get(6)?,
        channel: word.status,
        channel_at: word.updated_at,
    };
    Ok(((StoreId(row.get(0)?), OrderNumber(row.get(1)?)), part))
}

fn parts_of(connection: &Connection, store: &StoreId, number: &OrderNumber) -> StoreResult<Vec<Known>> {
    let sql = format!("{PARTS} AND store = ? AND number = ?");
    all(connection, &sql, [store.as_str(), number.as_str()], part)
}

fn due(connection: &Connection, now: DateTime<Utc>, limit: usize) -> StoreResult<Vec<Due>> {
    let sql = format!("{PARTS} ORDER BY store, number");
    let known = all(connection, &sql, [], part)?;
    let mut found: Vec<Due> = known
        .chunk_by(|one, other| one.0 == other.0)
        .filter_map(|parts| {
            let facts: Vec<Part> = parts.iter().map(|(_, part)| part.clone()).collect();
            let since = due_at(&facts).filter(|due| *due <= now)?;
            let (store, number) = parts.first()?.0.clone();
            Some(Due { store, number, since })
        })
        .collect();
    found.sort_by_key(|due| due.since);
    found.truncate(limit);
    Ok(found)
}

/// Erases the customer of an order: the key is destroyed, and what it opened is taken away with everything else that
/// came from the customer. Doing it again changes nothing.
pub(super) fn erase(
    connection: &Connection,
    store: &StoreId,
    order_number: &OrderNumber,
    by: Option<UserId>,
    what: &str,
    at: DateTime<Utc>,
) -> StoreResult<()> {
    run(
        connection,
        "UPDATE data_keys SET wrapped = NULL, destroyed_at = ifnull(destroyed_at, ?3) WHERE store = ?1 AND number = ?2",
        params![store.as_str(), order_number.as_str(), micros(at)],
    )?;
    let parts = all(
        connection,
        "SELECT id, erased FROM orders WHERE store = ? AND number = ?",
        [store.as_str(), order_number.as_str()],
        |row| Ok((OrderId(row.get(0)?), row.get::<_, bool>(1)?)),
    )?;
    for (id, erased) in parts {
        erase_part(connection, id, at)?;
        if !erased {
            note(connection, Some(id), by, what, at)?;
        }
    }
    Ok(())
}

fn erase_part(connection: &Connection, id: OrderId, at: DateTime<Utc>) -> StoreResult<()> {
    run(
        connection,
        "UPDATE orders SET erased = 1, erased_at = ifnull(erased_at, ?) WHERE id = ?",
        params![micros(at), id.0],
    )?;
    for sql in [
        "DELETE FROM customers WHERE order_id = ?",
        "DELETE FROM order_notes WHERE order_id = ?",
        "DELETE FROM typed_words WHERE order_id = ?",
        "UPDATE labels SET request = NULL, inputs = NULL WHERE order_id = ? \
         AND (request IS NOT NULL OR inputs IS NOT NULL)",
        "DELETE FROM documents WHERE label IN (SELECT id FROM labels WHERE order_id = ?)",
    ] {
        run(connection, sql, [id.0])?;
    }
    // Amazon's own words in an answer may name the customer.
    run(
        connection,
        "UPDATE quotes SET answer = NULL, failure = ?2 WHERE order_id = ?1 AND failure IS NOT ?2",
        params![id.0, ERASED],
    )?;
    run(
        connection,
        "UPDATE print_jobs SET state = 'dropped', reason = ?2, changed_at = ?3 \
         WHERE state NOT IN ('done', 'dropped') AND label IN (SELECT id FROM labels WHERE order_id = ?1)",
        params![id.0, ERASED, micros(at)],
    )?;
    let word = first(
        connection,
        "SELECT word FROM channel_orders WHERE order_id = ?",
        [id.0],
        |row| Ok(row.get::<_, String>(0)?),
    )?;
    if let Some(word) = word {
        let bare = parsed::<ChannelOrder>(&word)?.without_customer();
        run(
            connection,
            "UPDATE channel_orders SET word = ?2 WHERE order_id = ?1 AND word <> ?2",
            params![id.0, json(&bare)?],
        )?;
    }
    Ok(())
}

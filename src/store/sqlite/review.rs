//! Notes, addresses that are looked at, and the way to Review and back.

use super::SqliteStore;
use super::catalogue::Shelf;
use super::people::note;
use super::values::{all, first, json, micros, missing, number, parsed, refused, run, time};
use super::{flags, import, orders};
use crate::domain::address::AddressFault;
use crate::domain::ids::{DataKeyId, OrderId, OrderNumber, StoreId, UserId};
use crate::domain::note::{NOTE_ADDED, NoteText};
use crate::domain::order::Flag;
use crate::domain::sealed::{Sealed, WrappedKey};
use crate::domain::status::OrderStatus;
use crate::store::{Reviewing, SealedNote, StoreResult};
use chrono::{DateTime, Utc};
use rusqlite::{Connection, params};

impl Reviewing for SqliteStore {
    fn add_note(
        &mut self,
        order: OrderId,
        by: UserId,
        note: &Sealed<NoteText>,
        key: Option<&WrappedKey>,
        now: DateTime<Utc>,
    ) -> StoreResult<()> {
        self.write(|connection| add_note(connection, order, by, note, key, now))
    }

    fn notes(&self, order: OrderId) -> StoreResult<Vec<SealedNote>> {
        self.read(|connection| {
            all(
                connection,
                "SELECT at, users.name, data_keys.id, wrapped, sealed FROM order_notes \
                 JOIN users ON users.id = order_notes.by JOIN data_keys ON data_keys.id = order_notes.data_key \
                 JOIN orders ON orders.id = order_notes.order_id \
                 WHERE order_id = ? AND wrapped IS NOT NULL AND erased = 0 ORDER BY order_notes.id",
                [order.0],
                |row| {
                    Ok(SealedNote {
                        at: time(row.get(0)?)?,
                        by: row.get(1)?,
                        key: WrappedKey {
                            id: DataKeyId(row.get(2)?),
                            bytes: row.get(3)?,
                        },
                        text: Sealed::from_bytes(row.get(4)?),
                    })
                },
            )
        })
    }

    fn note_address_faults(
        &mut self,
        store: &StoreId,
        number: &OrderNumber,
        faults: &[AddressFault],
        now: DateTime<Utc>,
    ) -> StoreResult<()> {
        self.write(|connection| note_address_faults(connection, store, number, faults, now))
    }
}

fn add_note(
    connection: &Connection,
    id: OrderId,
    by: UserId,
    text: &Sealed<NoteText>,
    key: Option<&WrappedKey>,
    now: DateTime<Utc>,
) -> StoreResult<()> {
    let order = orders::order(connection, id)?;
    if order.erased {
        return Err(refused(
            "the customer's data of this order is erased: nothing is noted there any more",
        ));
    }
    if let Some(key) = key {
        import::put_key(connection, id, key, &order.channel, now)?;
    }
    let key = orders::data_key(connection, id)?;
    run(
        connection,
        "INSERT INTO order_notes (order_id, at, by, data_key, sealed) VALUES (?, ?, ?, ?, ?)",
        params![id.0, micros(now), by.0, key, text.as_bytes()],
    )?;
    note(connection, Some(id), Some(by), NOTE_ADDED, now)
}

fn note_address_faults(
    connection: &Connection,
    store: &StoreId,
    order_number: &OrderNumber,
    faults: &[AddressFault],
    now: DateTime<Utc>,
) -> StoreResult<()> {
    let known: Vec<(i64, String)> = all(
        connection,
        "SELECT id, address_faults FROM orders WHERE store = ? AND number = ? AND erased = 0",
        [store.as_str(), order_number.as_str()],
        |row| Ok((row.get(0)?, row.get(1)?)),
    )?;
    let found = json(&faults)?;
    for (id, before) in known {
        if before == found {
            continue;
        }
        let id = OrderId(id);
        run(
            connection,
            "UPDATE orders SET address_faults = ? WHERE id = ?",
            params![found, id.0],
        )?;
        let order = orders::order(connection, id)?;
        let mut flags = order.flags.clone();
        flags.retain(|flag| !matches!(flag, Flag::AddressTrouble(_)));
        let fresh: Vec<Flag> = faults.iter().copied().map(Flag::AddressTrouble).collect();
        for flag in fresh.iter().filter(|flag| !order.flags.contains(flag)) {
            note(connection, Some(id), None, &flag.to_string(), now)?;
        }
        flags.extend(fresh);
        flags::put(connection, &order, &flags, &mut Shelf::default(), now)?;
    }
    Ok(())
}

/// An order that nobody has begun goes to Review with what must be resolved, and comes back once nothing is left.
pub(super) fn judge(
    connection: &Connection,
    id: OrderId,
    before: &[Flag],
    now: DateTime<Utc>,
) -> StoreResult<()> {
    let (stands, flags, listed) = first(
        connection,
        "SELECT status, flags, pick_list IS NOT NULL FROM orders WHERE id = ?",
        [id.0],
        |row| {
            Ok((
                super::values::status(&row.get::<_, String>(0)?)?,
                parsed::<Vec<Flag>>(&row.get::<_, String>(1)?)?,
                row.get::<_, bool>(2)?,
            ))
        },
    )?
    .ok_or_else(|| missing("order", id))?;
    let reason = flags.iter().find(|flag| flag.is_review());
    match (stands, reason) {
        (OrderStatus::ReadyToPick, Some(reason)) if !listed && !is_begun(connection, id)? => orders::stand(
            connection,
            id,
            OrderStatus::Review,
            None,
            &reason.to_string(),
            now,
        ),
        // Only what went there for a reason comes back by itself: not what a person put there, nor what Amazon says
        // cannot be fulfilled.
        (OrderStatus::Review, None) if before.iter().any(Flag::is_review) => {
            let channel = orders::order(connection, id)?.channel;
            if import::opening_status(&channel.status) == OrderStatus::ReadyToPick {
                let why = "nothing is left to review";
                orders::stand(connection, id, OrderStatus::ReadyToPick, None, why, now)?;
                orders::refresh(connection, id)?;
            }
            Ok(())
        }
        _ => Ok(()),
    }
}

fn is_begun(connection: &Connection, id: OrderId) -> StoreResult<bool> {
    Ok(number(
        connection,
        "SELECT EXISTS (SELECT 1 FROM boxes WHERE order_id = ?)",
        [id.0],
    )? == 1)
}

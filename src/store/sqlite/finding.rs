//! What a search is made of, read in pieces.

use super::SqliteStore;
use super::lists;
use super::values::{NEVER, all, badges, first, label_state, maybe_time, money, number, parsed, status};
use crate::domain::finding::FindRow;
use crate::domain::ids::{DataKeyId, OrderId, OrderNumber, PickListId, StoreId};
use crate::domain::order::AssignedMethod;
use crate::domain::rows::OrderRow;
use crate::domain::sealed::{Sealed, WrappedKey};
use crate::store::{FindOrders, SealedCustomer, StoreResult};
use rusqlite::{Connection, Row, params};

/// The newest label stands for the order, as in the lists.
const ROWS: &str = "SELECT orders.id, orders.store, orders.status, orders.ship_by, orders.deliver_by, orders.badges, \
     orders.search, orders.assigned, orders.flags, orders.pick_list, orders.label_state, orders.erased, \
     labels.carrier, labels.service, labels.price_minor, labels.price_currency, ifnull(aftermath.scanned, 0), \
     json_extract(shopped, '$.found.Ok.carrier_id'), json_extract(shopped, '$.found.Ok.name') \
     FROM orders LEFT JOIN shopped ON shopped.order_id = orders.id LEFT JOIN labels ON orders.label_state IS NOT NULL AND labels.id = \
     (SELECT id FROM labels AS newest WHERE newest.order_id = orders.id ORDER BY newest.sequence DESC LIMIT 1) \
     LEFT JOIN aftermath ON aftermath.label = labels.id";

fn row(row: &Row<'_>) -> StoreResult<FindRow> {
    let ship_by: i64 = row.get(3)?;
    let label: Option<String> = row.get(10)?;
    let (mut carrier, mut method): (Option<String>, Option<String>) = (row.get(12)?, row.get(13)?);
    if carrier.is_none()
        && let AssignedMethod::Service {
            carrier_id,
            service_id,
        } = parsed(&row.get::<_, String>(7)?)?
    {
        (carrier, method) = (Some(carrier_id), Some(service_id));
    } else if carrier.is_none() {
        (carrier, method) = (row.get(17)?, row.get(18)?);
    }
    let cost: Option<(i64, String)> = row.get::<_, Option<i64>>(14)?.zip(row.get(15)?);
    Ok(FindRow {
        id: OrderId(row.get(0)?),
        store: StoreId(row.get(1)?),
        status: status(&row.get::<_, String>(2)?)?,
        ship_by: maybe_time(Some(ship_by).filter(|ship_by| *ship_by != NEVER))?,
        deliver_by: maybe_time(row.get(4)?)?,
        badges: badges(row.get(5)?),
        text: row.get(6)?,
        flags: parsed(&row.get::<_, String>(8)?)?,
        pick_list: row.get::<_, Option<i64>>(9)?.map(PickListId),
        label: label.map(|words| label_state(&words)).transpose()?,
        erased: row.get(11)?,
        carrier: carrier.unwrap_or_default(),
        method: method.unwrap_or_default(),
        cost: cost
            .map(|(minor, currency)| money(minor, &currency))
            .transpose()?,
        scanned: row.get(16)?,
    })
}

fn limited(limit: usize) -> i64 {
    i64::try_from(limit).unwrap_or(i64::MAX)
}

impl FindOrders for SqliteStore {
    fn find_mark(&self) -> StoreResult<i64> {
        self.read(|connection| number(connection, "SELECT ifnull(max(mark), 0) FROM order_marks", []))
    }

    fn find_rows(&self, after: OrderId, limit: usize) -> StoreResult<Vec<FindRow>> {
        let sql = format!("{ROWS} WHERE orders.id > ? ORDER BY orders.id LIMIT ?");
        self.read(|connection| all(connection, &sql, params![after.0, limited(limit)], row))
    }

    fn find_changes(&self, since: i64, limit: usize) -> StoreResult<(Vec<FindRow>, i64)> {
        self.read(|connection| changes(connection, since, limit))
    }

    fn rows_of(&self, orders: &[OrderId]) -> StoreResult<Vec<OrderRow>> {
        self.read(|connection| lists::rows_of(connection, orders))
    }

    fn customers_after(&self, after: OrderId, limit: usize) -> StoreResult<Vec<SealedCustomer>> {
        self.read(|connection| {
            all(
                connection,
                "SELECT orders.id, orders.store, orders.number, data_keys.id, wrapped, sealed FROM customers \
                 JOIN orders ON orders.id = customers.order_id JOIN data_keys ON data_keys.id = customers.data_key \
                 WHERE customers.order_id > ? AND wrapped IS NOT NULL AND erased = 0 \
                 ORDER BY customers.order_id LIMIT ?",
                params![after.0, limited(limit)],
                |row| {
                    Ok(SealedCustomer {
                        order: OrderId(row.get(0)?),
                        store: StoreId(row.get(1)?),
                        number: OrderNumber(row.get(2)?),
                        key: WrappedKey {
                            id: DataKeyId(row.get(3)?),
                            bytes: row.get(4)?,
                        },
                        data: Sealed::from_bytes(row.get(5)?),
                    })
                },
            )
        })
    }
}

fn changes(connection: &Connection, since: i64, limit: usize) -> StoreResult<(Vec<FindRow>, i64)> {
    let marked: Vec<(i64, i64)> = all(
        connection,
        "SELECT order_id, mark FROM order_marks WHERE mark > ? ORDER BY mark LIMIT ?",
        params![since, limited(limit)],
        |row| Ok((row.get(0)?, row.get(1)?)),
    )?;
    let until = marked.last().map_or(since, |(_, mark)| *mark);
    let sql = format!("{ROWS} WHERE orders.id = ?");
    let mut rows = Vec::with_capacity(marked.len());
    for (id, _) in marked {
        rows.extend(first(connection, &sql, [id], row)?);
    }
    Ok((rows, until))
}

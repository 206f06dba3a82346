//! What each order would go by, found ahead of packing.

use super::people::note;
use super::typed::Typist;
use super::values::{all, first, json, parsed, run};
use super::{SqliteStore, orders};
use crate::domain::ids::{OrderId, OrderNumber, StoreId};
use crate::domain::shopping::{Shopped, is_shopped};
use crate::store::{Shopping, StoreResult};
use chrono::{Datelike, NaiveDate};
use rusqlite::{Connection, params};

impl Shopping for SqliteStore {
    fn shopping_due(
        &self,
        store: &StoreId,
        day: NaiveDate,
        limit: usize,
    ) -> StoreResult<Vec<(OrderId, OrderNumber)>> {
        self.read(|connection| {
            all(
                connection,
                "SELECT id, number FROM orders WHERE store = ?1 AND shopped_day < ?2 \
                 AND status IN ('ready_to_pick', 'in_picking', 'in_packing') AND live = 0 AND erased = 0 \
                 ORDER BY shopped_day, ship_by LIMIT ?3",
                params![
                    store.as_str(),
                    number_of(day),
                    i64::try_from(limit).unwrap_or(i64::MAX)
                ],
                |row| Ok((OrderId(row.get(0)?), OrderNumber(row.get(1)?))),
            )
        })
    }

    fn put_shopped(&mut self, order: OrderId, found: &Shopped) -> StoreResult<()> {
        self.write_typed(|connection, typist| put(connection, typist, order, found))
    }

    fn shop_again(&mut self, store: &StoreId) -> StoreResult<u32> {
        self.write(|connection| {
            let changed = run(
                connection,
                "UPDATE orders SET shopped_day = 0 WHERE store = ?1 AND shopped_day > 0 \
                 AND status IN ('ready_to_pick', 'in_picking', 'in_packing')",
                [store.as_str()],
            )?;
            Ok(u32::try_from(changed).unwrap_or(u32::MAX))
        })
    }
}

/// Days since 1970.
fn number_of(day: NaiveDate) -> i64 {
    i64::from(day.num_days_from_ce()) - 719_163
}

fn put(connection: &Connection, typist: &Typist, order: OrderId, found: &Shopped) -> StoreResult<()> {
    let status = orders::order(connection, order)?.status;
    let before = of_order(connection, order)?;
    let method = |shopped: &Shopped| shopped.found.as_ref().ok().map(|found| found.name.clone());
    let named = before.as_ref().and_then(method);
    let mut kept = Shopped {
        before: named.filter(|name| method(found).as_ref() != Some(name)),
        ..found.clone()
    };
    if let Err(why) = &mut kept.found {
        let last = before.as_ref().and_then(|last| last.found.as_ref().err());
        *why = typist.keep_said(connection, order, why, last.map(String::as_str), found.at)?;
    }
    run(
        connection,
        "INSERT INTO shopped (order_id, shopped) VALUES (?, ?) ON CONFLICT (order_id) DO UPDATE SET shopped = \
         excluded.shopped",
        params![order.0, json(&kept)?],
    )?;
    run(
        connection,
        "UPDATE orders SET shopped_day = ? WHERE id = ?",
        params![number_of(found.day), order.0],
    )?;
    if let Some(name) = kept.before.as_ref().filter(|_| is_shopped(status)) {
        let what = format!("rate shopping: {}, before: {name}", kept.words());
        note(connection, Some(order), None, &what, found.at)?;
    }
    Ok(())
}

/// What was found for the order the last time.
pub(super) fn of_order(connection: &Connection, order: OrderId) -> StoreResult<Option<Shopped>> {
    first(
        connection,
        "SELECT shopped FROM shopped WHERE order_id = ?",
        [order.0],
        |row| parsed(&row.get::<_, String>(0)?),
    )
}

/// The order changed: it is shopped for again.
pub(super) fn due_again(connection: &Connection, order: OrderId) -> StoreResult<()> {
    run(
        connection,
        "UPDATE orders SET shopped_day = 0 WHERE id = ?",
        [order.0],
    )?;
    Ok(())
}

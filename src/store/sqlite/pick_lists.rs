//! Pick lists: orders that are picked and packed together, in a fixed order.

use super::orders;
use super::values::{BADGES, all, first, maybe_time, micros, number, refused, run, small, status, time};
use crate::domain::ids::{OrderId, PickListId, UserId};
use crate::domain::rows::{Page, PickListRow};
use crate::domain::status::OrderStatus;
use crate::store::StoreResult;
use chrono::{DateTime, Utc};
use rusqlite::{Connection, params};
use std::collections::BTreeSet;

pub(super) fn create_pick_list(
    connection: &Connection,
    name: &str,
    orders: &[OrderId],
    by: Option<UserId>,
    now: DateTime<Utc>,
) -> StoreResult<PickListId> {
    let name = name.trim();
    if name.is_empty() {
        return Err(refused("a pick list needs a name"));
    }
    if orders.is_empty() {
        return Err(refused("a pick list needs at least one order"));
    }
    run(
        connection,
        "INSERT INTO pick_lists (name, created_at, created_by) VALUES (?, ?, ?)",
        params![name, micros(now), by.map(|user| user.0)],
    )?;
    let list = PickListId(connection.last_insert_rowid());
    let mut seen = BTreeSet::new();
    for (position, order) in (0_i64..).zip(orders) {
        if !seen.insert(*order) {
            return Err(refused(format!("order {order} is named twice")));
        }
        put_on_list(connection, *order, list, position, by, now)?;
    }
    Ok(list)
}

fn put_on_list(
    connection: &Connection,
    id: OrderId,
    list: PickListId,
    position: i64,
    by: Option<UserId>,
    now: DateTime<Utc>,
) -> StoreResult<()> {
    let (order_number, stands, other) = first(
        connection,
        "SELECT number, status, pick_list FROM orders WHERE id = ?",
        [id.0],
        |row| {
            Ok((
                row.get::<_, String>(0)?,
                status(&row.get::<_, String>(1)?)?,
                row.get::<_, Option<i64>>(2)?,
            ))
        },
    )?
    .ok_or_else(|| super::values::missing("order", id))?;
    if let Some(other) = other {
        return Err(refused(format!(
            "order {order_number} is on pick list {other} already: take it off that list first"
        )));
    }
    if stands != OrderStatus::ReadyToPick {
        return Err(refused(format!(
            "order {order_number} is {stands}: only orders that are Ready to Pick go on a pick list"
        )));
    }
    run(
        connection,
        "UPDATE orders SET pick_list = ?, pick_position = ? WHERE id = ?",
        params![list.0, position, id.0],
    )?;
    let why = format!("pick list {list}");
    orders::stand(connection, id, OrderStatus::InPicking, by, &why, now)
}

pub(super) fn unlisted_orders(connection: &Connection, limit: usize) -> StoreResult<Vec<OrderId>> {
    all(
        connection,
        "SELECT id FROM orders INDEXED BY orders_unlisted WHERE status = 'ready_to_pick' AND pick_list IS NULL \
         ORDER BY ship_by, number, id LIMIT ?",
        [i64::try_from(limit).unwrap_or(i64::MAX)],
        |row| Ok(OrderId(row.get(0)?)),
    )
}

pub(super) fn pick_lists(
    connection: &Connection,
    start: usize,
    limit: usize,
) -> StoreResult<Page<PickListRow>> {
    let total = number(connection, "SELECT count(*) FROM pick_lists", [])?;
    let sql = format!("{LIST} ORDER BY pick_lists.id DESC LIMIT ? OFFSET ?");
    let mut rows = all(
        connection,
        &sql,
        params![
            i64::try_from(limit).unwrap_or(i64::MAX),
            i64::try_from(start).unwrap_or(i64::MAX)
        ],
        list_row,
    )?;
    for row in &mut rows {
        count(connection, row)?;
    }
    Ok(Page {
        first: start,
        rows,
        total: usize::try_from(total).unwrap_or(0),
    })
}

/// Orders of a list in their order, each with its tote's number.
pub(super) fn orders_of(connection: &Connection, list: PickListId) -> StoreResult<Vec<(OrderId, u32)>> {
    all(
        connection,
        "SELECT id, pick_position + 1 FROM orders WHERE pick_list = ? ORDER BY pick_position, id",
        [list.0],
        |row| Ok((OrderId(row.get(0)?), small(row.get(1)?)?)),
    )
}

/// A list with its counts.
pub(super) fn pick_list(connection: &Connection, list: PickListId) -> StoreResult<PickListRow> {
    let sql = format!("{LIST} WHERE pick_lists.id = ?");
    let mut row = first(connection, &sql, [list.0], list_row)?
        .ok_or_else(|| super::values::missing("pick list", list))?;
    count(connection, &mut row)?;
    Ok(row)
}

const LIST: &str = "SELECT pick_lists.id, pick_lists.name, pick_lists.created_at, users.name FROM pick_lists \
                    LEFT JOIN users ON users.id = pick_lists.assigned_to";

fn list_row(row: &rusqlite::Row<'_>) -> StoreResult<PickListRow> {
    Ok(PickListRow {
        id: PickListId(row.get(0)?),
        name: row.get(1)?,
        created_at: time(row.get(2)?)?,
        assigned: row.get(3)?,
        orders: 0,
        open: 0,
        packing: 0,
        to_pick: 0,
        picked: 0,
        packed: 0,
        shipped: 0,
        stopped: 0,
        trouble: 0,
        badges: Vec::new(),
        ship_by: None,
    })
}

/// Counts of one list, from one covering index.
fn count(connection: &Connection, row: &mut PickListRow) -> StoreResult<()> {
    let counts = first(
        connection,
        "WITH listed AS (SELECT badges, trouble, bought, ship_by, \
             status IN ('ready_to_pick', 'in_picking', 'in_packing') AS open, status = 'in_packing' AS packing, \
             status IN ('pending', 'review', 'on_hold', 'canceled') AS stopped, \
             live = 0 AND units_wanted > 0 AND units_packed >= units_wanted \
                 AND status NOT IN ('shipped', 'canceled') AS packed \
             FROM orders INDEXED BY orders_pick_counts WHERE pick_list = ?) \
         SELECT ifnull(sum(open), 0), ifnull(sum(packed), 0), ifnull(sum(bought), 0), ifnull(sum(trouble), 0), \
             ifnull(sum(badges & 1), 0), ifnull(sum(badges >> 1 & 1), 0), ifnull(sum(badges >> 2 & 1), 0), \
             ifnull(sum(badges >> 3 & 1), 0), count(*), ifnull(sum(packing), 0), ifnull(sum(stopped), 0), \
             nullif(min(ship_by) FILTER (WHERE open), 9223372036854775807) \
         FROM listed",
        [row.id.0],
        |counts| {
            let mut numbers = [0_u32; 11];
            for (column, number) in numbers.iter_mut().enumerate() {
                *number = small(counts.get(column)?)?;
            }
            Ok((numbers, maybe_time(counts.get(11)?)?))
        },
    )?;
    if let Some((
        [
            open,
            packed,
            shipped,
            trouble,
            badges @ ..,
            orders,
            packing,
            stopped,
        ],
        ship_by,
    )) = counts
    {
        row.orders = orders;
        row.packing = packing;
        row.stopped = stopped;
        row.open = open;
        row.packed = packed;
        row.shipped = shipped;
        row.trouble = trouble;
        row.ship_by = ship_by;
        row.badges = BADGES
            .into_iter()
            .zip(badges)
            .filter(|(_, count)| *count > 0)
            .collect();
    }
    row.picked = small(number(
        connection,
        "SELECT ifnull(sum(iif(short IS NULL, picked, wanted)), 0) FROM picks WHERE pick_list = ?",
        [row.id.0],
    )?)?;
    if row.picked > 0 {
        row.to_pick = small(number(
            connection,
            "SELECT ifnull(sum(units_wanted), 0) FROM orders INDEXED BY orders_pick_counts WHERE pick_list = ? \
             AND status NOT IN ('pending', 'review', 'on_hold', 'canceled')",
            [row.id.0],
        )?)?;
    }
    Ok(())
}

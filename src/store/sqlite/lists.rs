//! Windows of the order lists, fast wherever they stand.
//!
//! A list is one index read in its own order from the nearest day of ship-by, and its length stands in
//! `order_counts`. A search text reads one index whole.

use super::splitting;
use super::values::{NEVER, all, badges, first, label_state, maybe_time, number, small, status, status_text};
use crate::domain::ids::{OrderId, OrderNumber, PickListId, StoreId};
use crate::domain::rows::{OrderFilter, OrderRow, Page};
use crate::store::StoreResult;
use rusqlite::types::Value;
use rusqlite::{Connection, Row, params_from_iter};

const COLUMNS: &str = "id, number, store, status, badges, units, lines, title, ship_by, deliver_by, label_state, \
                       trouble, pick_list, place, parts, \
                       (SELECT users.name FROM boxes JOIN users ON users.id = boxes.owner \
                        WHERE boxes.order_id = orders.id AND orders.status = 'in_packing' \
                        ORDER BY boxes.opened DESC LIMIT 1)";

/// Microseconds of a day: `order_counts` counts orders by day of ship-by.
const DAY: i64 = 86_400_000_000;

pub(super) fn orders(
    connection: &Connection,
    filter: &OrderFilter,
    start: usize,
    limit: usize,
) -> StoreResult<Page<OrderRow>> {
    let found = match (filter.pick_list, search_text(filter)) {
        (None, None) => by_day(connection, filter, start, limit)?,
        (Some(_), None) => of_pick_list(connection, filter, start, limit)?,
        (_, Some(text)) => searched(connection, filter, text, start, limit)?,
    };
    let ids: Vec<OrderId> = found.ids.into_iter().map(OrderId).collect();
    Ok(Page {
        first: start,
        rows: rows_of(connection, &ids)?,
        total: found.total,
    })
}

/// These orders, in this order.
pub(super) fn rows_of(connection: &Connection, orders: &[OrderId]) -> StoreResult<Vec<OrderRow>> {
    let sql = format!("SELECT {COLUMNS} FROM orders WHERE id = ?");
    let mut rows = Vec::with_capacity(orders.len());
    for order in orders {
        rows.extend(first(connection, &sql, [order.0], order_row)?);
    }
    Ok(rows)
}

/// Ids of a window, and how many rows the list has.
struct Found {
    ids: Vec<i64>,
    total: usize,
}

/// A list in the order of ship-by: begins at the day of its first row, or backwards at that of its last,
/// whichever leaves fewer rows to step over.
fn by_day(connection: &Connection, filter: &OrderFilter, start: usize, limit: usize) -> StoreResult<Found> {
    let (condition, mut values) = condition(filter, None);
    let sql = format!(
        "SELECT day, sum(orders) FROM order_counts {} GROUP BY day ORDER BY day",
        wrapped(&condition)
    );
    let days = all(connection, &sql, params_from_iter(values.clone()), |row| {
        let orders: i64 = row.get(1)?;
        Ok((row.get::<_, i64>(0)?, usize::try_from(orders).unwrap_or(0)))
    })?;
    let total: usize = days.iter().map(|(_, orders)| orders).sum();
    let end = total.min(start.saturating_add(limit));
    if start >= end {
        return Ok(Found {
            ids: Vec::new(),
            total,
        });
    }
    let mut before = 0;
    let (mut ahead, mut behind) = ((i64::MIN, start), (i64::MAX, total - end));
    for (day, orders) in days {
        let after = before + orders;
        if (before..after).contains(&start) {
            ahead = (day.saturating_mul(DAY), start - before);
        }
        if (before..after).contains(&(end - 1)) {
            behind = (day.saturating_mul(DAY).saturating_add(DAY - 1), after - end);
        }
        before = after;
    }
    let (term, moment, order, skipped) = if ahead.1 <= behind.1 {
        ("ship_by >= ?", ahead.0, "ship_by, number, id", ahead.1)
    } else {
        (
            "ship_by <= ?",
            behind.0,
            "ship_by DESC, number DESC, id DESC",
            behind.1,
        )
    };
    values.push(Value::Integer(moment));
    let condition = if condition.is_empty() {
        term.to_owned()
    } else {
        format!("{condition} AND {term}")
    };
    let mut ids = window(connection, &condition, order, values, end - start, skipped)?;
    if ahead.1 > behind.1 {
        ids.reverse();
    }
    Ok(Found { ids, total })
}

/// A pick list has its own index, in its own order.
fn of_pick_list(
    connection: &Connection,
    filter: &OrderFilter,
    start: usize,
    limit: usize,
) -> StoreResult<Found> {
    let (condition, values) = condition(filter, None);
    let sql = format!("SELECT count(*) FROM orders {}", wrapped(&condition));
    let total = number(connection, &sql, params_from_iter(values.clone()))?;
    Ok(Found {
        ids: window(connection, &condition, "pick_position, id", values, limit, start)?,
        total: usize::try_from(total).unwrap_or(0),
    })
}

/// A search reads the whole of one index, once.
fn searched(
    connection: &Connection,
    filter: &OrderFilter,
    text: String,
    start: usize,
    limit: usize,
) -> StoreResult<Found> {
    let (index, order) = match filter.pick_list {
        Some(_) => ("", "pick_position, id"),
        None => ("INDEXED BY orders_searched", "ship_by, number, id"),
    };
    let (condition, values) = condition(filter, Some(text));
    let sql = format!("SELECT id FROM orders {index} WHERE {condition} ORDER BY {order}");
    let mut ids: Vec<i64> = all(connection, &sql, params_from_iter(values), |row| Ok(row.get(0)?))?;
    let total = ids.len();
    ids.truncate(total.min(start.saturating_add(limit)));
    ids.drain(..start.min(ids.len()));
    Ok(Found { ids, total })
}

fn window(
    connection: &Connection,
    condition: &str,
    order: &str,
    mut values: Vec<Value>,
    length: usize,
    skipped: usize,
) -> StoreResult<Vec<i64>> {
    for count in [length, skipped] {
        values.push(Value::Integer(i64::try_from(count).unwrap_or(i64::MAX)));
    }
    let sql = format!(
        "SELECT id FROM orders {} ORDER BY {order} LIMIT ? OFFSET ?",
        wrapped(condition)
    );
    all(connection, &sql, params_from_iter(values), |row| Ok(row.get(0)?))
}

fn wrapped(condition: &str) -> String {
    if condition.is_empty() {
        String::new()
    } else {
        format!("WHERE {condition}")
    }
}

fn condition(filter: &OrderFilter, text: Option<String>) -> (String, Vec<Value>) {
    let mut terms = Vec::new();
    let mut values = Vec::new();
    if let Some(list) = filter.pick_list {
        terms.push("pick_list = ?");
        values.push(Value::Integer(list.0));
    }
    if let Some(store) = &filter.store {
        terms.push("store = ?");
        values.push(Value::Text(store.0.clone()));
    }
    if let Some(status) = filter.status {
        terms.push("status = ?");
        values.push(Value::Text(status_text(status).to_owned()));
    }
    if let Some(text) = text {
        terms.push("instr(search, ?) > 0");
        values.push(Value::Text(text));
    }
    (terms.join(" AND "), values)
}

fn search_text(filter: &OrderFilter) -> Option<String> {
    filter
        .text
        .as_deref()
        .map(|text| text.trim().to_lowercase())
        .filter(|text| !text.is_empty())
}

fn order_row(row: &Row<'_>) -> StoreResult<OrderRow> {
    let ship_by: i64 = row.get(8)?;
    let label: Option<String> = row.get(10)?;
    Ok(OrderRow {
        id: OrderId(row.get(0)?),
        number: OrderNumber(row.get(1)?),
        store: StoreId(row.get(2)?),
        status: status(&row.get::<_, String>(3)?)?,
        badges: badges(row.get(4)?),
        units: small(row.get(5)?)?,
        lines: small(row.get(6)?)?,
        title: row.get(7)?,
        ship_by: maybe_time(Some(ship_by).filter(|ship_by| *ship_by != NEVER))?,
        deliver_by: maybe_time(row.get(9)?)?,
        label: label.map(|words| label_state(&words)).transpose()?,
        trouble: row.get(11)?,
        pick_list: row.get::<_, Option<i64>>(12)?.map(PickListId),
        part: splitting::part_of(row.get(13)?, row.get(14)?)?,
        packer: row.get(15)?,
    })
}

//! Windows of the order lists, fast wherever they stand.
//!
//! Every list without a search text is one index read in its own order, from the nearer end, and its length
//! stands in `order_counts`. A search text reads the whole index once.

use super::values::{NEVER, badges, label_state, maybe_time, number, small, status, status_text};
use crate::domain::ids::{OrderId, OrderNumber, PickListId, StoreId};
use crate::domain::rows::{OrderFilter, OrderRow, Page};
use crate::store::StoreResult;
use rusqlite::types::Value;
use rusqlite::{Connection, Row, params_from_iter};

const COLUMNS: &str = "id, number, store, status, badges, units, lines, title, ship_by, deliver_by, label_state, \
                       trouble, pick_list";

pub(super) fn orders(
    connection: &Connection,
    filter: &OrderFilter,
    start: usize,
    limit: usize,
) -> StoreResult<Page<OrderRow>> {
    let (condition, values) = condition(filter);
    let total = total(connection, filter, &condition, &values)?;
    let length = limit.min(total.saturating_sub(start));
    let mut page = Page {
        first: start,
        rows: Vec::new(),
        total,
    };
    if length == 0 {
        return Ok(page);
    }
    // Rows before a window are stepped over: begin at the end that is nearer.
    let behind = total - start - length;
    let backwards = behind < start;
    let order = match (filter.pick_list.is_some(), backwards) {
        (true, false) => "pick_position, id",
        (true, true) => "pick_position DESC, id DESC",
        (false, false) => "ship_by, number, id",
        (false, true) => "ship_by DESC, number DESC, id DESC",
    };
    let skipped = if backwards { behind } else { start };
    let sql =
        format!("SELECT {COLUMNS} FROM orders {condition} ORDER BY {order} LIMIT {length} OFFSET {skipped}");
    let mut statement = connection.prepare(&sql)?;
    let mut rows = statement.query(params_from_iter(values))?;
    while let Some(row) = rows.next()? {
        page.rows.push(order_row(row)?);
    }
    if backwards {
        page.rows.reverse();
    }
    Ok(page)
}

fn condition(filter: &OrderFilter) -> (String, Vec<Value>) {
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
    if let Some(text) = search_text(filter) {
        terms.push("instr(search, ?) > 0");
        values.push(Value::Text(text));
    }
    if terms.is_empty() {
        (String::new(), values)
    } else {
        (format!("WHERE {}", terms.join(" AND ")), values)
    }
}

fn search_text(filter: &OrderFilter) -> Option<String> {
    filter
        .text
        .as_deref()
        .map(|text| text.trim().to_lowercase())
        .filter(|text| !text.is_empty())
}

fn total(
    connection: &Connection,
    filter: &OrderFilter,
    condition: &str,
    values: &[Value],
) -> StoreResult<usize> {
    let counted = if filter.pick_list.is_none() && search_text(filter).is_none() {
        let sql = format!("SELECT ifnull(sum(orders), 0) FROM order_counts {condition}");
        number(connection, &sql, params_from_iter(values))?
    } else {
        let sql = format!("SELECT count(*) FROM orders {condition}");
        number(connection, &sql, params_from_iter(values))?
    };
    Ok(usize::try_from(counted).unwrap_or(0))
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
    })
}

//! Where products lie, and pick lists that are to be printed at a station.

use super::people::note;
use super::values::{all, micros, refused, run};
use super::{detail, pick_lists};
use crate::domain::ids::{OrderId, PickListId, Sku, StationId, UserId};
use crate::domain::pick_sheet::{PickSheet, pick_sheet};
use crate::store::StoreResult;
use chrono::{DateTime, Utc};
use rusqlite::{Connection, params};
use std::collections::BTreeMap;

/// Longest bin, in characters.
const BIN: usize = 24;

pub(super) fn put_bins(connection: &Connection, bins: &[(Sku, String)]) -> StoreResult<u32> {
    let mut count = 0;
    for (sku, bin) in bins {
        let bin = bin.trim();
        if bin.chars().count() > BIN {
            return Err(refused(format!("{sku}: a bin has at most {BIN} letters")));
        }
        if bin.is_empty() {
            run(
                connection,
                "DELETE FROM product_bins WHERE sku = ?",
                [sku.as_str()],
            )?;
        } else {
            run(
                connection,
                "INSERT INTO product_bins (sku, bin) VALUES (?, ?) ON CONFLICT (sku) DO UPDATE SET bin = excluded.bin",
                [sku.as_str(), bin],
            )?;
            count += 1;
        }
    }
    Ok(count)
}

pub(super) fn sheet(connection: &Connection, list: PickListId) -> StoreResult<PickSheet> {
    let name = pick_lists::pick_list(connection, list)?.name;
    let listed = pick_lists::orders_of(connection, list)?;
    let orders = listed
        .into_iter()
        .map(|(id, place)| Ok((place, detail::order(connection, id)?)))
        .collect::<StoreResult<Vec<_>>>()?;
    let bins: BTreeMap<Sku, String> = all(connection, "SELECT sku, bin FROM product_bins", [], |row| {
        Ok((Sku(row.get(0)?), row.get(1)?))
    })?
    .into_iter()
    .collect();
    Ok(pick_sheet(list, &name, &orders, &bins))
}

/// The order whose tote this is.
pub(super) fn order_of_tote(
    connection: &Connection,
    list: PickListId,
    place: u32,
) -> StoreResult<Vec<OrderId>> {
    all(
        connection,
        "SELECT id FROM orders WHERE pick_list = ? AND pick_position = ? - 1",
        [list.0, i64::from(place)],
        |row| Ok(OrderId(row.get(0)?)),
    )
}

pub(super) fn want(
    connection: &Connection,
    list: PickListId,
    station: &StationId,
    by: Option<UserId>,
    now: DateTime<Utc>,
) -> StoreResult<()> {
    pick_lists::pick_list(connection, list)?;
    run(
        connection,
        "INSERT INTO list_sheets (pick_list, station, by, wanted_at, state) VALUES (?, ?, ?, ?, 'wanted')",
        params![list.0, station.as_str(), by.map(|user| user.0), micros(now)],
    )?;
    note(
        connection,
        None,
        by,
        &format!("pick list {list} to be printed"),
        now,
    )
}

pub(super) fn wanted(connection: &Connection, station: &StationId) -> StoreResult<Vec<(i64, PickListId)>> {
    all(
        connection,
        "SELECT id, pick_list FROM list_sheets WHERE station = ? AND state = 'wanted' ORDER BY id",
        [station.as_str()],
        |row| Ok((row.get(0)?, PickListId(row.get(1)?))),
    )
}

pub(super) fn end(connection: &Connection, id: i64, result: &Result<(), String>) -> StoreResult<()> {
    let (state, reason) = match result {
        Ok(()) => ("done", None),
        Err(why) => ("failed", Some(why.as_str())),
    };
    run(
        connection,
        "UPDATE list_sheets SET state = ?, reason = ? WHERE id = ? AND state = 'wanted'",
        params![state, reason, id],
    )?;
    Ok(())
}

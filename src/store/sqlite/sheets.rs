//! Sheets of our own: wanted at a station, printed by its spool.

use super::people::{note, user};
use super::permissions::permit;
use super::values::{all, first, micros, refused, run};
use super::{SqliteStore, boxes};
use crate::domain::ids::{BoxId, OrderId, StationId, UserId};
use crate::domain::user::Permission;
use crate::store::{OwnSheet, Sheets, StoreResult};
use chrono::{DateTime, Utc};
use rusqlite::{Connection, params};

impl Sheets for SqliteStore {
    fn want_sheet(
        &mut self,
        sheet: OwnSheet,
        station: &StationId,
        by: UserId,
        now: DateTime<Utc>,
    ) -> StoreResult<()> {
        self.write(|connection| want(connection, sheet, station, by, now))
    }

    fn wanted_sheets(&self, station: &StationId) -> StoreResult<Vec<(i64, OwnSheet)>> {
        self.read(|connection| {
            all(
                connection,
                "SELECT own_sheets.id, box_id, order_id FROM own_sheets LEFT JOIN boxes ON boxes.id = box_id \
                 WHERE station = ? AND state = 'wanted' ORDER BY own_sheets.id",
                [station.as_str()],
                |row| {
                    let of: Option<i64> = row.get(1)?;
                    let order: Option<i64> = row.get(2)?;
                    let sheet = match of.zip(order) {
                        Some((parcel, order)) => OwnSheet::Slip(OrderId(order), BoxId(parcel)),
                        None => OwnSheet::Commands,
                    };
                    Ok((row.get(0)?, sheet))
                },
            )
        })
    }

    fn end_sheet(&mut self, id: i64, result: Result<(), String>, now: DateTime<Utc>) -> StoreResult<()> {
        self.write(|connection| end(connection, id, &result, now))
    }
}

fn want(
    connection: &Connection,
    sheet: OwnSheet,
    station: &StationId,
    by: UserId,
    now: DateTime<Utc>,
) -> StoreResult<()> {
    user(connection, by)?;
    let parcel = match sheet {
        OwnSheet::Commands => None,
        OwnSheet::Slip(order, parcel) => {
            permit(connection, by, Permission::SeeCustomers)?;
            let number = first(
                connection,
                "SELECT number FROM boxes WHERE id = ? AND order_id = ?",
                [parcel.0, order.0],
                |row| Ok(row.get::<_, u32>(0)?),
            )?
            .ok_or_else(|| super::values::missing("box of this order", parcel))?;
            if !boxes::is_filled(connection, parcel)? {
                return Err(refused(format!(
                    "nothing lies in box {number} yet: it has no slip"
                )));
            }
            let what = format!("packing slip of box {number} to be printed");
            note(connection, Some(order), Some(by), &what, now)?;
            Some(parcel.0)
        }
    };
    run(
        connection,
        "INSERT INTO own_sheets (box_id, station, by, wanted_at, state) VALUES (?, ?, ?, ?, 'wanted')",
        params![parcel, station.as_str(), by.0, micros(now)],
    )?;
    Ok(())
}

/// A slip that did not come out is told by its order.
fn end(connection: &Connection, id: i64, result: &Result<(), String>, now: DateTime<Utc>) -> StoreResult<()> {
    let (state, reason) = match result {
        Ok(()) => ("done", None),
        Err(why) => ("failed", Some(why.as_str())),
    };
    run(
        connection,
        "UPDATE own_sheets SET state = ?, reason = ? WHERE id = ? AND state = 'wanted'",
        params![state, reason, id],
    )?;
    let order = first(
        connection,
        "SELECT order_id FROM own_sheets JOIN boxes ON boxes.id = box_id WHERE own_sheets.id = ?",
        [id],
        |row| Ok(OrderId(row.get(0)?)),
    )?;
    match (order, reason) {
        (Some(order), Some(reason)) => note(
            connection,
            Some(order),
            None,
            &format!("PACKING SLIP NOT PRINTED: {reason}"),
            now,
        ),
        _ => Ok(()),
    }
}

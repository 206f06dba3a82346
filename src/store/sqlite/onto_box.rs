//! Labels that must be scanned onto their boxes. Which are is decided by a trigger when they are wanted.

use super::label_rows::{bytes, label, label_by_tracking, labels_of, unprinted};
use super::people::{note, user};
use super::values::{first, maybe_time, micros, number, refused, run};
use super::{SqliteStore, detail, orders};
use crate::domain::ids::{OrderId, StationId, UserId};
use crate::domain::onto_box::{LabelScan, OntoBox, box_words, elsewhere, is_due, judge};
use crate::domain::rows::LabelRow;
use crate::domain::status::OrderStatus;
use crate::store::{LabelsOntoBoxes, PutOn, StoreError, StoreResult};
use chrono::{DateTime, Utc};
use rusqlite::{Connection, Row, params};

impl LabelsOntoBoxes for SqliteStore {
    fn demand_onto_box(&mut self, station: &StationId, demanded: bool) -> StoreResult<()> {
        self.write(|connection| demand(connection, station, demanded))
    }

    fn demands_onto_box(&self, station: &StationId) -> StoreResult<bool> {
        self.read(|connection| demands(connection, station))
    }

    fn put_on(&mut self, scan: &PutOn, now: DateTime<Utc>) -> StoreResult<LabelRow> {
        self.write(|connection| put_on(connection, scan, now))
    }
}

/// What a label's row says of it: demanded, by whom and when it was scanned.
pub(super) fn columns(row: &Row<'_>, at: usize) -> StoreResult<OntoBox> {
    if !row.get::<_, bool>(at)? {
        return Ok(OntoBox::NotAsked);
    }
    let (by, moment): (Option<i64>, _) = (row.get(at + 1)?, maybe_time(row.get(at + 2)?)?);
    Ok(by
        .zip(moment)
        .map_or(OntoBox::Due, |(by, at)| OntoBox::Done { by: UserId(by), at }))
}

fn demand(connection: &Connection, station: &StationId, demanded: bool) -> StoreResult<()> {
    run(
        connection,
        "INSERT INTO bench_rules (station, scan_labels) VALUES (?1, ?2) \
         ON CONFLICT (station) DO UPDATE SET scan_labels = ?2 WHERE scan_labels <> ?2",
        params![station.as_str(), demanded],
    )?;
    Ok(())
}

fn demands(connection: &Connection, station: &StationId) -> StoreResult<bool> {
    let demanded = first(
        connection,
        "SELECT scan_labels FROM bench_rules WHERE station = ?",
        [station.as_str()],
        |row| Ok(row.get::<_, bool>(0)?),
    )?;
    Ok(demanded.unwrap_or(false))
}

fn put_on(connection: &Connection, scan: &PutOn, now: DateTime<Utc>) -> StoreResult<LabelRow> {
    let known = label(connection, scan.label)?;
    user(connection, scan.by)?;
    let labels = labels_of(connection, known.order)?;
    let boxes = detail::order(connection, known.order)?.boxes;
    match judge(&known, &labels, &boxes, &scan.scanned) {
        LabelScan::Right => {}
        LabelScan::Wrong(words) => return Err(refused(words)),
        LabelScan::Elsewhere => {
            let other = label_by_tracking(connection, scan.scanned.as_str())?;
            return Err(refused(elsewhere(&scan.scanned, other.as_ref())));
        }
    }
    match known.onto_box {
        // The same scan again, because its answer was lost.
        OntoBox::Done { .. } => return Ok(known),
        OntoBox::NotAsked => return Err(refused("this bench does not demand that labels are scanned")),
        OntoBox::Due => {}
    }
    if !is_due(&known) {
        return Err(not_for_a_box(&known));
    }
    run(
        connection,
        "UPDATE onto_box SET by = ?, at = ? WHERE label = ?",
        params![scan.by.0, micros(now), bytes(&known.id)],
    )?;
    let what = format!("label scanned onto {}", box_words(&boxes, known.box_id));
    note(connection, Some(known.order), Some(scan.by), &what, now)?;
    if !scan.manifests {
        shipped_by_scan(connection, known.order, scan.by, now)?;
    }
    orders::refresh(connection, known.order)?;
    label(connection, scan.label)
}

fn not_for_a_box(known: &LabelRow) -> StoreError {
    refused(if known.held {
        "this label is held: put it on no box; void it or ask a supervisor".to_owned()
    } else {
        format!("this label is {}: put it on no box", known.state)
    })
}

/// The order is Shipped with the last scan, where every label of it is printed.
fn shipped_by_scan(
    connection: &Connection,
    order: OrderId,
    by: UserId,
    now: DateTime<Utc>,
) -> StoreResult<()> {
    let unprinted = unprinted(connection, order)?;
    let standing = orders::order(connection, order)?.status;
    if unprinted == 0 && due(connection, order)? == 0 && standing == OrderStatus::ReadyForPickup {
        let to = OrderStatus::Shipped;
        orders::stand(connection, order, to, Some(by), "its label is on the box", now)?;
    }
    Ok(())
}

/// Live labels of the order that are not scanned onto their boxes yet: until there is none, it is not Shipped.
pub(super) fn due(connection: &Connection, order: OrderId) -> StoreResult<i64> {
    number(
        connection,
        "SELECT count(*) FROM onto_box JOIN labels ON labels.id = onto_box.label \
         WHERE order_id = ? AND at IS NULL AND state IN ('bought', 'bought without document', 'printed', 'void refused')",
        [order.0],
    )
}

/// Labels that are to be scanned now.
pub(super) fn all_due(connection: &Connection) -> StoreResult<i64> {
    number(
        connection,
        "SELECT count(*) FROM onto_box INDEXED BY onto_box_due JOIN labels ON labels.id = onto_box.label \
         WHERE at IS NULL AND held = 0 AND state IN ('bought', 'printed', 'void refused')",
        [],
    )
}

/// Refused by hand as well: the words say what to do.
pub(super) fn check_none_due(connection: &Connection, order: OrderId) -> StoreResult<()> {
    match due(connection, order)? {
        0 => Ok(()),
        1 => Err(refused(
            "its label is not scanned onto its box yet: scan it there first",
        )),
        more => Err(refused(format!(
            "{more} of its labels are not scanned onto their boxes yet: scan them there first"
        ))),
    }
}

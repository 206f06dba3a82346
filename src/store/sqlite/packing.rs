//! Packing: whose turn a box is, accepted scans, the unit index and the code index.

use super::boxes as several;
use super::people::{anybody, note, user};
use super::permissions::permit;
use super::values::{
    all, first, from_word, json, maybe_parsed, micros, missing, number, parsed, refused, run, small, time,
    uuid, word,
};
use super::{desk, label_rows, orders, policies};
use crate::domain::ids::{BoxId, Epoch, LineId, OrderId, OrderNumber, ScanId, UserId};
use crate::domain::packing::{PackEvent, ScanRecord, UnitRef, last_standing};
use crate::domain::rate::Confirmation;
use crate::domain::rows::{BoxRow, CodeUse};
use crate::domain::status::OrderStatus;
use crate::domain::transparency::{UnitCode, key};
use crate::domain::user::Permission;
use crate::store::{BoxDetails, Refusal, StoreError, StoreResult};
use chrono::{DateTime, Utc};
use rusqlite::{Connection, Row, params};

const BOX: &str = "SELECT id, number, weight, dimensions, confirmation, turn, owner, flat_rate FROM boxes";

fn box_row(row: &Row<'_>) -> StoreResult<BoxRow> {
    Ok(BoxRow {
        id: BoxId(row.get(0)?),
        number: small(row.get(1)?)?,
        weight: maybe_parsed(row.get(2)?)?,
        dimensions: maybe_parsed(row.get(3)?)?,
        confirmation: from_word(&row.get::<_, String>(4)?)?,
        turn: Epoch(row.get(5)?),
        owner: row.get::<_, Option<i64>>(6)?.map(UserId),
        flat_rate: row.get(7)?,
    })
}

pub(super) fn boxes(connection: &Connection, order: OrderId) -> StoreResult<Vec<BoxRow>> {
    let sql = format!("{BOX} WHERE order_id = ? ORDER BY number");
    all(connection, &sql, [order.0], box_row)
}

pub(super) fn parcel(connection: &Connection, id: BoxId) -> StoreResult<BoxRow> {
    let sql = format!("{BOX} WHERE id = ?");
    first(connection, &sql, [id.0], box_row)?.ok_or_else(|| missing("box", id))
}

/// Accepted scans of the boxes as they lie now, in order; those of voided boxes are history.
pub(super) fn scans(connection: &Connection, order: OrderId) -> StoreResult<Vec<ScanRecord>> {
    all(
        connection,
        "SELECT scans.id, scans.box_id, scans.turn, scans.sequence, scans.event, scans.by, scans.at \
         FROM boxes JOIN scans ON scans.box_id = boxes.id AND scans.round = boxes.round \
         WHERE boxes.order_id = ? ORDER BY boxes.number, scans.sequence",
        [order.0],
        |row| {
            Ok(ScanRecord {
                id: ScanId(uuid(&row.get::<_, Vec<u8>>(0)?)?),
                order,
                box_id: BoxId(row.get(1)?),
                turn: Epoch(row.get(2)?),
                sequence: small(row.get(3)?)?,
                event: parsed(&row.get::<_, String>(4)?)?,
                by: UserId(row.get(5)?),
                at: time(row.get(6)?)?,
            })
        },
    )
}

pub(super) fn begin_packing(
    connection: &Connection,
    id: OrderId,
    by: UserId,
    take_over: bool,
    confirmation: Confirmation,
    now: DateTime<Utc>,
) -> StoreResult<BoxRow> {
    let order = orders::order(connection, id)?;
    user(connection, by)?;
    let boxes = boxes(connection, id)?;
    let free = free_boxes(connection, &boxes)?;
    if let (true, Some(frozen)) = (free.is_empty(), boxes.first()) {
        check_free(connection, frozen)?;
    }
    if let Err(refusal) = order.status.move_to(OrderStatus::InPacking) {
        return Err(StoreError::Refused(Refusal::CannotShip(format!(
            "an order that is {} cannot be packed",
            refusal.from
        ))));
    }
    let floor = order.channel.confirmation_floor;
    let confirmation = policies::confirmation(connection, id)?.unwrap_or(confirmation);
    // One packer an order: whoever has one of its boxes has them all.
    if let Some(owner) = free
        .iter()
        .find_map(|one| one.owner.filter(|owner| *owner != by && !take_over))
    {
        return Err(StoreError::Refused(Refusal::OwnedBy {
            owner: anybody(connection, owner)?.name,
        }));
    }
    let open = match several::current(connection, id, &free)? {
        None => add_box(connection, id, confirmation.at_least(floor))?,
        Some(open) => open,
    };
    for one in &free {
        if one.id == open || one.owner.is_some_and(|owner| owner != by) {
            own(connection, one.id, by)?;
        }
    }
    if free.is_empty() {
        own(connection, open, by)?;
    }
    several::mark_opened(connection, open)?;
    orders::stand(connection, id, OrderStatus::InPacking, Some(by), "", now)?;
    let row = parcel(connection, open)?;
    if row.confirmation.below(floor).is_some() {
        // The order demands more than it did when the box was made.
        run(
            connection,
            "UPDATE boxes SET confirmation = ? WHERE id = ?",
            params![word(&row.confirmation.at_least(floor))?, open.0],
        )?;
        return parcel(connection, open);
    }
    Ok(row)
}

/// The boxes without a live label.
fn free_boxes<'a>(connection: &Connection, boxes: &'a [BoxRow]) -> StoreResult<Vec<&'a BoxRow>> {
    let mut free = Vec::new();
    for one in boxes {
        if label_rows::live_label_of_box(connection, one.id)?.is_none() {
            free.push(one);
        }
    }
    Ok(free)
}

/// A new turn at the box, of this packer.
fn own(connection: &Connection, id: BoxId, by: UserId) -> StoreResult<()> {
    run(
        connection,
        "UPDATE boxes SET owner = ?, turn = turn + 1 WHERE id = ?",
        params![by.0, id.0],
    )?;
    Ok(())
}

pub(super) fn add_box(
    connection: &Connection,
    id: OrderId,
    confirmation: Confirmation,
) -> StoreResult<BoxId> {
    run(
        connection,
        "INSERT INTO boxes (order_id, number, confirmation, turn) \
         VALUES (?1, (SELECT count(*) + 1 FROM boxes WHERE order_id = ?1), ?2, 0)",
        params![id.0, word(&confirmation)?],
    )?;
    Ok(BoxId(connection.last_insert_rowid()))
}

/// Refuses when the box has a live label.
pub(super) fn check_free(connection: &Connection, parcel: &BoxRow) -> StoreResult<()> {
    match label_rows::live_label_of_box(connection, parcel.id)? {
        Some(state) => Err(StoreError::Refused(Refusal::BoxFrozen(
            parcel.number,
            state.words(),
        ))),
        None => Ok(()),
    }
}

/// Refuses when another turn at the box began.
pub(super) fn check_turn(connection: &Connection, parcel: &BoxRow, turn: Epoch) -> StoreResult<()> {
    if parcel.turn == turn {
        return Ok(());
    }
    let owner = match parcel.owner {
        Some(owner) => anybody(connection, owner)?.name,
        None => "another program".to_owned(),
    };
    Err(StoreError::Refused(Refusal::TakenOver { owner }))
}

/// The scan was accepted already: sending it again is harmless.
pub(super) fn is_accepted(connection: &Connection, scan: &ScanRecord) -> StoreResult<bool> {
    let again = number(
        connection,
        "SELECT EXISTS (SELECT 1 FROM scans WHERE id = ?)",
        [scan.id.0.as_bytes().as_slice()],
    )?;
    Ok(again == 1)
}

pub(super) fn accept_scan(connection: &Connection, scan: &ScanRecord) -> StoreResult<()> {
    let parcel = parcel(connection, scan.box_id)?;
    check_turn(connection, &parcel, scan.turn)?;
    check_free(connection, &parcel)?;
    let (round, next) = first(
        connection,
        "SELECT round, (SELECT count(*) FROM scans WHERE scans.box_id = boxes.id AND scans.round = boxes.round) \
         FROM boxes JOIN orders ON orders.id = boxes.order_id WHERE boxes.id = ? AND boxes.order_id = ? \
         AND orders.status = 'in_packing'",
        params![scan.box_id.0, scan.order.0],
        |row| Ok((row.get::<_, i64>(0)?, row.get::<_, i64>(1)?)),
    )?
    .ok_or_else(|| {
        StoreError::Refused(Refusal::CannotShip(
            "this order is not being packed any more: open it again".to_owned(),
        ))
    })?;
    if i64::from(scan.sequence) != next {
        return Err(StoreError::Refused(Refusal::OutOfOrder));
    }
    let was = several::is_all_packed(connection, scan.order)?;
    run(
        connection,
        "INSERT INTO scans (id, order_id, box_id, round, turn, sequence, event, by, at) \
         VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)",
        params![
            scan.id.0.as_bytes().as_slice(),
            scan.order.0,
            scan.box_id.0,
            round,
            scan.turn.0,
            scan.sequence,
            json(&scan.event)?,
            scan.by.0,
            micros(scan.at),
        ],
    )?;
    match &scan.event {
        PackEvent::Verified { units, .. } => pack_units(connection, scan, round, units),
        PackEvent::Coded { unit, code } => code_unit(connection, scan, unit, code),
        PackEvent::Undone { scan: undone, .. } => undo(connection, scan, round, *undone),
    }?;
    desk::count_scan(connection, scan, was)
}

/// Takes back what the last standing scan of the box did, and nothing else.
fn undo(connection: &Connection, scan: &ScanRecord, round: i64, undone: ScanId) -> StoreResult<()> {
    let stored = scans(connection, scan.order)?;
    let before = stored.iter().filter(|stored| stored.id != scan.id);
    let last = last_standing(before, scan.box_id);
    let wanted = last.filter(|last| last.id == undone).and_then(PackEvent::undoing);
    if wanted.as_ref() != Some(&scan.event) {
        return Err(StoreError::Refused(Refusal::OutOfOrder));
    }
    if let PackEvent::Undone { units, code, .. } = &scan.event {
        for unit in units {
            run(
                connection,
                "UPDATE packed_units SET live = 0 WHERE box_id = ? AND round = ? AND line = ? AND unit = ? AND part = ?",
                params![scan.box_id.0, round, unit.line.as_str(), unit.unit, unit.part],
            )?;
        }
        if let Some(unit) = code {
            run(
                connection,
                "UPDATE unit_codes SET live = 0 WHERE order_id = ? AND line = ? AND unit = ? AND live = 1",
                params![scan.order.0, unit.line.as_str(), unit.unit],
            )?;
        }
        let what = match code {
            Some(_) => "a code was taken back".to_owned(),
            None => format!("{} taken out of the box again", units.len()),
        };
        note(connection, Some(scan.order), Some(scan.by), &what, scan.at)?;
    }
    orders::refresh(connection, scan.order)
}

fn pack_units(connection: &Connection, scan: &ScanRecord, round: i64, units: &[UnitRef]) -> StoreResult<()> {
    for unit in units {
        check_unit(connection, scan.order, unit)?;
        let packed = number(
            connection,
            "SELECT EXISTS (SELECT 1 FROM packed_units \
             WHERE order_id = ? AND line = ? AND unit = ? AND part = ? AND live = 1)",
            params![scan.order.0, unit.line.as_str(), unit.unit, unit.part],
        )?;
        if packed == 1 {
            return Err(StoreError::Refused(Refusal::UnitPacked));
        }
        run(
            connection,
            "INSERT INTO packed_units (order_id, line, unit, part, box_id, round) VALUES (?, ?, ?, ?, ?, ?) \
             ON CONFLICT (box_id, round, line, unit, part) DO UPDATE SET live = 1",
            params![
                scan.order.0,
                unit.line.as_str(),
                unit.unit,
                unit.part,
                scan.box_id.0,
                round
            ],
        )?;
    }
    run(
        connection,
        "UPDATE orders SET units_packed = units_packed + ? WHERE id = ?",
        params![i64::try_from(units.len()).unwrap_or(i64::MAX), scan.order.0],
    )?;
    Ok(())
}

/// The order has this unit.
fn check_unit(connection: &Connection, order: OrderId, unit: &UnitRef) -> StoreResult<()> {
    let known = number(
        connection,
        "SELECT EXISTS (SELECT 1 FROM order_lines WHERE order_id = ? AND line = ? AND quantity > ?)",
        params![order.0, unit.line.as_str(), unit.unit],
    )?;
    if known == 1 {
        Ok(())
    } else {
        Err(refused(
            "this unit is not ordered (any more): open the order again",
        ))
    }
}

/// A code belongs to its unit. After a void it may stand for any unit of its line again: the units of a line
/// are alike, and the packer takes them in any order.
fn code_unit(connection: &Connection, scan: &ScanRecord, unit: &UnitRef, code: &UnitCode) -> StoreResult<()> {
    check_unit(connection, scan.order, unit)?;
    run(
        connection,
        "UPDATE unit_codes SET live = 0 WHERE order_id = ? AND line = ? AND unit = ? AND live = 1",
        params![scan.order.0, unit.line.as_str(), unit.unit],
    )?;
    if let UnitCode::Overridden { reason, by } = code {
        permit(connection, *by, Permission::Override)?;
        if reason.trim().is_empty() {
            return Err(refused("an override takes a reason"));
        }
        let what = format!(
            "transparency code of unit {} of line {} overridden: {}",
            unit.unit + 1,
            unit.line,
            reason.trim()
        );
        return note(connection, Some(scan.order), Some(*by), &what, scan.at);
    }
    let Some(code) = code.key() else {
        return Ok(());
    };
    let changed = run(
        connection,
        "INSERT INTO unit_codes (code, order_id, line, unit, box_id) VALUES (?, ?, ?, ?, ?) \
         ON CONFLICT (code) DO UPDATE SET unit = excluded.unit, box_id = excluded.box_id, live = 1 \
         WHERE order_id = excluded.order_id AND line = excluded.line AND live = 0",
        params![code, scan.order.0, unit.line.as_str(), unit.unit, scan.box_id.0],
    )?;
    if changed == 1 {
        return Ok(());
    }
    let used = code_use(connection, &code)?.ok_or_else(|| orders::inconsistent("a code without its unit"))?;
    Err(StoreError::Refused(Refusal::CodeUsed(used.number)))
}

pub(super) fn code_use(connection: &Connection, code: &str) -> StoreResult<Option<CodeUse>> {
    first(
        connection,
        "SELECT orders.number, unit_codes.line FROM unit_codes JOIN orders ON orders.id = unit_codes.order_id \
         WHERE code = ?",
        [key(code)],
        |row| {
            Ok(CodeUse {
                number: OrderNumber(row.get(0)?),
                line: LineId(row.get(1)?),
            })
        },
    )
}

pub(super) fn set_box(
    connection: &Connection,
    id: BoxId,
    turn: Epoch,
    details: &BoxDetails,
) -> StoreResult<BoxRow> {
    let known = parcel(connection, id)?;
    check_turn(connection, &known, turn)?;
    check_free(connection, &known)?;
    if details.weight.is_some_and(|weight| weight.thousandths <= 0) {
        return Err(refused("a box weighs more than nothing"));
    }
    if details
        .dimensions
        .is_some_and(|size| size.length <= 0 || size.width <= 0 || size.height <= 0)
    {
        return Err(refused("all three edges of a box are longer than nothing"));
    }
    if let Some(confirmation) = details.confirmation {
        let order = number(connection, "SELECT order_id FROM boxes WHERE id = ?", [id.0])?;
        let floor = orders::order(connection, OrderId(order))?
            .channel
            .confirmation_floor;
        if let Some(words) = confirmation.below(floor) {
            return Err(refused(words));
        }
    }
    run(
        connection,
        "UPDATE boxes SET weight = ifnull(?1, weight), dimensions = ifnull(?2, dimensions), \
         confirmation = ifnull(?3, confirmation), \
         flat_rate = ifnull(?4, CASE WHEN ?2 IS NULL THEN flat_rate ELSE 0 END) WHERE id = ?5",
        params![
            details.weight.as_ref().map(json).transpose()?,
            details.dimensions.as_ref().map(json).transpose()?,
            details.confirmation.as_ref().map(word).transpose()?,
            details.flat_rate,
            id.0,
        ],
    )?;
    parcel(connection, id)
}

/// A voided box is free: its scans become history, its units and codes may be packed again.
pub(super) fn free(connection: &Connection, id: BoxId) -> StoreResult<()> {
    run(
        connection,
        "UPDATE packed_units SET live = 0 WHERE box_id = ? AND live = 1",
        [id.0],
    )?;
    run(
        connection,
        "UPDATE unit_codes SET live = 0 WHERE box_id = ? AND live = 1",
        [id.0],
    )?;
    run(
        connection,
        "UPDATE boxes SET round = round + 1, turn = turn + 1, owner = NULL WHERE id = ?",
        [id.0],
    )?;
    // Its units are to be packed again, and they lay in this one.
    several::mark_opened(connection, id)
}

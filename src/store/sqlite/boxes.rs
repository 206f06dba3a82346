//! Several boxes for an order: which one is open, closing one and opening another.
//!
//! The box that was opened last is the one that is packed (`boxes.opened` rises with each opening), so that a
//! killed program reopens at the same box.

use super::packing::{self, add_box, check_free, check_turn, parcel};
use super::people::{note, user};
use super::values::{number, refused, run};
use super::{detail, label_rows, orders};
use crate::domain::ids::{BoxId, OrderId, UserId};
use crate::domain::packing::{Expectation, PackingSession, boxes};
use crate::domain::rows::{BoxRow, OrderDetail};
use crate::domain::shipment::LabelState;
use crate::domain::status::OrderStatus;
use crate::store::{StoreResult, Turn};
use chrono::{DateTime, Utc};
use rusqlite::{Connection, params};

/// Something lies in the box.
pub(super) fn is_filled(connection: &Connection, id: BoxId) -> StoreResult<bool> {
    let filled = number(
        connection,
        "SELECT EXISTS (SELECT 1 FROM packed_units WHERE box_id = ? AND live = 1)",
        [id.0],
    )?;
    Ok(filled == 1)
}

/// Every unit of the order lies in a box.
pub(super) fn is_all_packed(connection: &Connection, order: OrderId) -> StoreResult<bool> {
    let all = number(
        connection,
        "SELECT units_wanted > 0 AND units_packed >= units_wanted FROM orders WHERE id = ?",
        [order.0],
    )?;
    Ok(all == 1)
}

/// Every box that something lies in has a label that was bought: the order may leave.
pub(super) fn all_labelled(connection: &Connection, order: OrderId) -> StoreResult<bool> {
    for one in packing::boxes(connection, order)? {
        if is_filled(connection, one.id)?
            && !label_rows::live_label_of_box(connection, one.id)?.is_some_and(LabelState::is_bought)
        {
            return Ok(false);
        }
    }
    Ok(true)
}

/// The free box that is packed now: the one that was opened last; once everything is packed, none without contents.
pub(super) fn current(
    connection: &Connection,
    order: OrderId,
    free: &[&BoxRow],
) -> StoreResult<Option<BoxId>> {
    let mut newest: Option<(i64, BoxId)> = None;
    let all_packed = is_all_packed(connection, order)?;
    for one in free {
        if all_packed && !is_filled(connection, one.id)? {
            continue;
        }
        let opened = number(connection, "SELECT opened FROM boxes WHERE id = ?", [one.id.0])?;
        if newest.is_none_or(|(other, _)| opened > other) {
            newest = Some((opened, one.id));
        }
    }
    let any = || free.first().map(|one| one.id);
    Ok(newest.map(|(_, id)| id).or_else(any))
}

/// The box is the one that is packed from now on.
pub(super) fn mark_opened(connection: &Connection, id: BoxId) -> StoreResult<()> {
    run(
        connection,
        "UPDATE boxes SET opened = (SELECT max(other.opened) + 1 FROM boxes AS other \
         WHERE other.order_id = boxes.order_id) WHERE id = ?",
        [id.0],
    )?;
    Ok(())
}

/// Closes the box and opens the next one.
pub(super) fn next(
    connection: &Connection,
    from: Turn,
    by: UserId,
    now: DateTime<Utc>,
) -> StoreResult<BoxRow> {
    let (left, detail) = leave(connection, from, by)?;
    let complete = PackingSession::of(&detail).complete().is_ok();
    if !complete && !is_filled(connection, left.id)? {
        return Err(refused(format!(
            "nothing lies in box {} yet: scan an item into it before you take another box",
            left.number
        )));
    }
    let to = if complete {
        let mut waiting = Vec::new();
        for one in boxes::free_boxes(&detail) {
            if one.id != left.id && is_filled(connection, one.id)? {
                waiting.push(one);
            }
        }
        let after = waiting.iter().find(|one| one.number > left.number);
        let Some(next) = after.or(waiting.first()) else {
            return Err(refused(format!(
                "every unit is packed, and no other box waits for its label: take something out of box {} first \
                 (undo its last scans), then scan it into the next box",
                left.number
            )));
        };
        next.id
    } else {
        let mut empty = None;
        for one in boxes::free_boxes(&detail) {
            if one.id != left.id && empty.is_none() && !is_filled(connection, one.id)? {
                empty = Some(one.id);
            }
        }
        match empty {
            Some(id) => begin_anew(connection, id, &left)?,
            None => add_box(connection, from.order, left.confirmation)?,
        }
    };
    open(connection, from, &left, to, by, now)
}

/// Opens another box of the order.
pub(super) fn open_by_number(
    connection: &Connection,
    from: Turn,
    wanted: u32,
    by: UserId,
    now: DateTime<Utc>,
) -> StoreResult<BoxRow> {
    let (left, detail) = leave(connection, from, by)?;
    let to = detail
        .boxes
        .iter()
        .find(|one| one.number == wanted)
        .ok_or_else(|| {
            refused(format!(
                "this order has no box {wanted}: it has {}",
                detail.boxes.len()
            ))
        })?;
    if to.id == left.id {
        return Ok(left);
    }
    check_free(connection, to)?;
    if !is_filled(connection, to.id)? {
        begin_anew(connection, to.id, &left)?;
    }
    open(connection, from, &left, to.id, by, now)
}

/// What must be before a box is left for another one.
fn leave(connection: &Connection, from: Turn, by: UserId) -> StoreResult<(BoxRow, OrderDetail)> {
    user(connection, by)?;
    let left = parcel(connection, from.box_id)?;
    check_turn(connection, &left, from.turn)?;
    check_free(connection, &left)?;
    let detail = detail::order(connection, from.order)?;
    if detail.order.status != OrderStatus::InPacking || detail.boxes.iter().all(|one| one.id != left.id) {
        return Err(refused("this order is not being packed any more: open it again"));
    }
    if let Expectation::Code { need, title, .. } = PackingSession::of(&detail).expects() {
        return Err(refused(format!(
            "first scan the {} of {title}: it belongs into box {}",
            need.words(),
            left.number
        )));
    }
    Ok((left, detail))
}

fn open(
    connection: &Connection,
    from: Turn,
    left: &BoxRow,
    to: BoxId,
    by: UserId,
    now: DateTime<Utc>,
) -> StoreResult<BoxRow> {
    run(
        connection,
        "UPDATE boxes SET owner = ?, turn = turn + 1 WHERE id = ?",
        params![by.0, to.0],
    )?;
    mark_opened(connection, to)?;
    let row = parcel(connection, to)?;
    let what = format!("box {} closed, box {} opened", left.number, row.number);
    note(connection, Some(from.order), Some(by), &what, now)?;
    orders::refresh(connection, from.order)?;
    Ok(row)
}

/// An empty box begins without what was measured for earlier contents.
fn begin_anew(connection: &Connection, id: BoxId, like: &BoxRow) -> StoreResult<BoxId> {
    run(
        connection,
        "UPDATE boxes SET weight = NULL, dimensions = NULL, flat_rate = 0, \
         confirmation = (SELECT confirmation FROM boxes AS other WHERE other.id = ?2) WHERE id = ?1",
        params![id.0, like.id.0],
    )?;
    Ok(id)
}

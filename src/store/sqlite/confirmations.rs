//! What Amazon is told of labels that were bought elsewhere: written down, asked, settled.

use super::label_rows::{bytes, label};
use super::labels::check_not_restored;
use super::lead::check_lead;
use super::orders;
use super::people::note;
use super::permissions::permit;
use super::values::{
    all, first, json, maybe_time, micros, missing, number, parsed, refused, run, small, time, uuid,
};
use crate::domain::confirmation::{ConfirmationRow, ConfirmationState, ConfirmedItem, Shipped};
use crate::domain::ids::{BoxId, IntentId, OrderId, OrderNumber, StoreId, TrackingNumber, UserId};
use crate::domain::packing::PackingSession;
use crate::domain::rows::{LabelRow, OrderDetail};
use crate::domain::seller::LabelVia;
use crate::domain::transparency;
use crate::domain::user::Permission;
use crate::store::{ConfirmSettlement, Lead, RecordOutside, Refusal, StoreError, StoreResult};
use chrono::{DateTime, Utc};
use rusqlite::{Connection, Row, params};

const CONFIRMATION: &str = "SELECT label, order_id, store, number, state, shipped, request, reason, attempts, in_doubt, \
     not_before, changed_at FROM confirmations";

fn row(row: &Row<'_>) -> StoreResult<ConfirmationRow> {
    let state: String = row.get(4)?;
    Ok(ConfirmationRow {
        label: IntentId(uuid(&row.get::<_, Vec<u8>>(0)?)?),
        order: OrderId(row.get(1)?),
        store: StoreId(row.get(2)?),
        number: OrderNumber(row.get(3)?),
        state: ConfirmationState::from_words(&state)
            .ok_or_else(|| orders::inconsistent("a confirmation in no known state"))?,
        shipped: parsed(&row.get::<_, String>(5)?)?,
        request: row.get(6)?,
        reason: row.get(7)?,
        attempts: small(row.get(8)?)?,
        in_doubt: row.get(9)?,
        not_before: maybe_time(row.get(10)?)?,
        changed_at: time(row.get(11)?)?,
    })
}

pub(super) fn find(connection: &Connection, id: IntentId) -> StoreResult<ConfirmationRow> {
    let sql = format!("{CONFIRMATION} WHERE label = ?");
    first(connection, &sql, [bytes(&id)], row)?.ok_or_else(|| missing("confirmation of label", id))
}

pub(super) fn of_order(connection: &Connection, order: OrderId) -> StoreResult<Vec<ConfirmationRow>> {
    let sql = format!("{CONFIRMATION} WHERE order_id = ? ORDER BY sequence");
    all(connection, &sql, [order.0], row)
}

pub(super) fn at_work(connection: &Connection) -> StoreResult<Vec<ConfirmationRow>> {
    let sql = format!("{CONFIRMATION} WHERE state IN ('wanted', 'unknown') ORDER BY sequence");
    all(connection, &sql, [], row)
}

/// Writes down that Amazon is to be told of a box.
pub(super) fn want(
    connection: &Connection,
    detail: &OrderDetail,
    packed: &PackingSession,
    record: &RecordOutside,
    method: &str,
    tracking: &TrackingNumber,
    now: DateTime<Utc>,
) -> StoreResult<()> {
    let channel = &detail.order.channel;
    let coded = |line: &crate::domain::ids::LineId| {
        let line = channel.lines.iter().find(|known| known.id == *line);
        line.is_some_and(|line| transparency::needs_code(line, &detail.products))
    };
    let items = packed
        .parcel_items()
        .into_iter()
        .map(|item| ConfirmedItem {
            // A serial number that is no transparency code has no place in the confirmation.
            codes: if coded(&item.line) {
                item.serials
            } else {
                Vec::new()
            },
            line: item.line,
            quantity: item.quantity,
        })
        .collect();
    let shipped = Shipped {
        reference: reference(connection, &channel.store, &channel.number, record.box_id)?,
        carrier: record.carrier.clone(),
        method: method.to_owned(),
        tracking: tracking.clone(),
        shipped_at: now,
        items,
    };
    run(
        connection,
        "INSERT INTO confirmations (label, sequence, order_id, box_id, store, number, reference, state, shipped, \
         wanted_by, wanted_at, changed_at) VALUES (?1, (SELECT ifnull(max(sequence), 0) + 1 FROM confirmations), \
         ?2, ?3, ?4, ?5, ?6, 'wanted', ?7, ?8, ?9, ?9)",
        params![
            bytes(&record.id),
            record.order.0,
            record.box_id.0,
            channel.store.as_str(),
            channel.number.as_str(),
            shipped.reference,
            json(&shipped)?,
            record.by.0,
            micros(now),
        ],
    )?;
    Ok(())
}

/// The box's number within Amazon's order: the one that it has, else the next one. Another label for the same
/// box edits its package; no other box ever gets its number.
fn reference(
    connection: &Connection,
    store: &StoreId,
    order_number: &OrderNumber,
    parcel: BoxId,
) -> StoreResult<u32> {
    let of_box = first(
        connection,
        "SELECT reference FROM confirmations WHERE box_id = ? LIMIT 1",
        [parcel.0],
        |row| small(row.get(0)?),
    )?;
    if let Some(known) = of_box {
        return Ok(known);
    }
    small(number(
        connection,
        "SELECT ifnull(max(reference), 0) + 1 FROM confirmations WHERE store = ? AND number = ?",
        [store.as_str(), order_number.as_str()],
    )?)
}

/// What Amazon was not told of a label that is taken back is never told; what it may know is said.
pub(super) fn drop_unasked(
    connection: &Connection,
    known: &LabelRow,
    by: UserId,
    now: DateTime<Utc>,
) -> StoreResult<()> {
    let Some(told) = of_order(connection, known.order)?
        .into_iter()
        .find(|told| told.label == known.id)
    else {
        return Ok(());
    };
    let unheard =
        !told.in_doubt && matches!(told.state, ConfirmationState::Wanted | ConfirmationState::Refused);
    if unheard {
        return put(connection, &told, ConfirmationState::Dropped, None, Some(by), now);
    }
    let what = format!(
        "Amazon may know tracking number {} of the label that was taken back: record the new label here, it takes \
         its place, or change it in Seller Central",
        told.shipped.tracking
    );
    note(connection, Some(known.order), Some(by), &what, now)
}

pub(super) fn want_again(
    connection: &Connection,
    id: IntentId,
    by: UserId,
    now: DateTime<Utc>,
) -> StoreResult<()> {
    permit(connection, by, Permission::Buy)?;
    let told = find(connection, id)?;
    if told.state.can_ask() {
        return Ok(());
    }
    if !told.state.can_want_again() {
        return Err(refused(format!(
            "there is nothing to tell Amazon again: {}",
            told.words()
        )));
    }
    if !super::outside::stands(connection, &label(connection, id)?)? {
        return Err(refused(
            "its label was taken back: there is nothing to tell Amazon",
        ));
    }
    // What is told may have been refused for what it says of the method; it is built anew.
    run(
        connection,
        "UPDATE confirmations SET request = NULL WHERE label = ? AND in_doubt = 0",
        [bytes(&id)],
    )?;
    put(connection, &told, ConfirmationState::Wanted, None, Some(by), now)
}

/// Before a confirmation goes out. While an earlier sending is in doubt what is sent stays as it was.
pub(super) fn begin(
    connection: &Connection,
    lead: Lead,
    id: IntentId,
    request: &str,
    now: DateTime<Utc>,
) -> StoreResult<u32> {
    check_lead(connection, lead)?;
    check_not_restored(connection)?;
    let told = find(connection, id)?;
    let known = label(connection, id)?;
    if known.via != LabelVia::Outside {
        return Err(refused(
            "a label that was bought through Amazon is never confirmed: Amazon knows it",
        ));
    }
    if !told.state.can_ask() {
        return Err(StoreError::Refused(Refusal::IllegalMove(format!(
            "a confirmation that is {} cannot be asked",
            told.state
        ))));
    }
    if !super::outside::stands(connection, &known)? {
        return Err(StoreError::Refused(Refusal::CannotShip(
            "its label was taken back".to_owned(),
        )));
    }
    run(
        connection,
        "UPDATE confirmations SET request = iif(in_doubt = 1, request, ?1), attempts = attempts + 1, epoch = ?2, \
         state = 'asked', changed_at = ?3, not_before = NULL WHERE label = ?4",
        params![request, lead.epoch.0, micros(now), bytes(&id)],
    )?;
    Ok(told.attempts + 1)
}

/// A new leader: what an older one asked and did not settle is not known.
pub(super) fn doubt_asked(connection: &Connection) -> StoreResult<()> {
    run(
        connection,
        "UPDATE confirmations SET state = 'unknown', in_doubt = 1, \
         reason = 'the program ended before the answer came' WHERE state = 'asked'",
        [],
    )?;
    Ok(())
}

pub(super) fn settle(
    connection: &Connection,
    id: IntentId,
    settlement: &ConfirmSettlement,
    now: DateTime<Utc>,
) -> StoreResult<ConfirmationRow> {
    use ConfirmationState as S;
    let told = find(connection, id)?;
    if matches!(told.state, S::Confirmed | S::Dropped) {
        return Ok(told);
    }
    let (to, why, not_before, request_id) = match settlement {
        ConfirmSettlement::Confirmed { why, request_id } => {
            (S::Confirmed, why.as_deref(), None, request_id.as_deref())
        }
        // While an earlier sending is in doubt, a failure of a later one leaves it so.
        ConfirmSettlement::NotSent { why, not_before } => {
            let to = if told.in_doubt { S::Unknown } else { S::Wanted };
            (to, Some(why.as_str()), *not_before, None)
        }
        ConfirmSettlement::Refused { why, request_id } => {
            (S::Refused, Some(why.as_str()), None, request_id.as_deref())
        }
        ConfirmSettlement::Unknown { why, not_before } => (S::Unknown, Some(why.as_str()), *not_before, None),
    };
    run(
        connection,
        "UPDATE confirmations SET not_before = ?1, in_doubt = max(in_doubt, ?2), request_id = ifnull(?3, request_id) \
         WHERE label = ?4",
        params![not_before.map(micros), to == S::Unknown, request_id, bytes(&id)],
    )?;
    if told.state != to || told.reason.as_deref() != why {
        put(connection, &told, to, why, None, now)?;
    }
    find(connection, id)
}

/// Moves a confirmation, with a line in the order's history.
fn put(
    connection: &Connection,
    told: &ConfirmationRow,
    to: ConfirmationState,
    why: Option<&str>,
    by: Option<UserId>,
    now: DateTime<Utc>,
) -> StoreResult<()> {
    run(
        connection,
        "UPDATE confirmations SET state = ?, reason = ?, changed_at = ? WHERE label = ?",
        params![to.words(), why, micros(now), bytes(&told.label)],
    )?;
    let now_row = find(connection, told.label)?;
    if told.state != to {
        let what = format!("tracking {}: {}", told.shipped.tracking, now_row.words());
        note(connection, Some(told.order), by, &what, now)?;
    }
    orders::refresh(connection, told.order)
}

/// Whether an order has a label that stands and that Amazon refused to be told of.
pub(super) fn is_refused(connection: &Connection, order: OrderId) -> StoreResult<bool> {
    Ok(number(
        connection,
        "SELECT EXISTS (SELECT 1 FROM confirmations JOIN labels ON labels.id = confirmations.label \
         WHERE confirmations.order_id = ? AND confirmations.state = 'refused' AND labels.state = 'bought')",
        [order.0],
    )? == 1)
}

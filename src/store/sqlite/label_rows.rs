//! Labels as rows: reading them, and the one way in which they move.

use super::people::note;
use super::values::{
    all, first, label_state, maybe_time, micros, missing, money, number, refused, run, small, time, uuid,
};
use super::{aftermath, onto_box, orders, proof};
use crate::domain::ids::{BoxId, IntentId, OrderId, OrderNumber, ShipmentId, TrackingNumber, UserId};
use crate::domain::order::Window;
use crate::domain::rate::method_name;
use crate::domain::rows::LabelRow;
use crate::domain::seller::{DocumentFormat, LabelVia};
use crate::domain::shipment::{LabelMove, LabelState};
use crate::store::{Refusal, StoreError, StoreResult};
use chrono::{DateTime, Utc};
use rusqlite::{Connection, Row, params};

pub(super) const LABEL: &str = "SELECT labels.id, labels.order_id, orders.number, box_id, labels.state, carrier, service, \
     price_minor, price_currency, shipment, tracking, promise_earliest, promise_latest, reason, wanted_at, wanted_by, \
     labels.changed_at, (SELECT count(*) FROM attempts WHERE attempts.label = labels.id AND kind = 'buy'), printed, \
     (SELECT format FROM documents WHERE documents.label = labels.id ORDER BY kind <> 'LABEL', position LIMIT 1), held, via, \
     bought_at, voided_at, expected_by, old_label, word, word_at, scanned, refund_minor, refund_currency, looks, \
     onto_box.label IS NOT NULL, onto_box.by, onto_box.at FROM labels JOIN orders ON orders.id = labels.order_id \
     LEFT JOIN aftermath ON aftermath.label = labels.id LEFT JOIN onto_box ON onto_box.label = labels.id";

/// A label's state as it stands in a column; none where there is no label.
pub(super) fn label_state_of(word: Option<String>) -> StoreResult<Option<LabelState>> {
    word.map(|word| label_state(&word)).transpose()
}

/// The bytes of a label's id.
pub(super) fn bytes(id: &IntentId) -> &[u8] {
    id.0.as_bytes().as_slice()
}

pub(super) fn label_row(row: &Row<'_>) -> StoreResult<LabelRow> {
    let promise = Window {
        earliest: maybe_time(row.get(11)?)?,
        latest: maybe_time(row.get(12)?)?,
    };
    Ok(LabelRow {
        id: IntentId(uuid(&row.get::<_, Vec<u8>>(0)?)?),
        order: OrderId(row.get(1)?),
        number: OrderNumber(row.get(2)?),
        box_id: BoxId(row.get(3)?),
        state: label_state(&row.get::<_, String>(4)?)?,
        carrier: row.get(5)?,
        service: row.get(6)?,
        price: money(row.get(7)?, &row.get::<_, String>(8)?)?,
        shipment: row.get::<_, Option<String>>(9)?.map(ShipmentId),
        tracking: row.get::<_, Option<String>>(10)?.map(TrackingNumber),
        promise: Some(promise).filter(|window| *window != Window::default()),
        reason: row.get(13)?,
        wanted_at: time(row.get(14)?)?,
        wanted_by: UserId(row.get(15)?),
        changed_at: time(row.get(16)?)?,
        attempts: small(row.get(17)?)?,
        printed: small(row.get(18)?)?,
        document: row
            .get::<_, Option<String>>(19)?
            .map(|format| document_format(&format))
            .transpose()?,
        held: row.get(20)?,
        via: via(&row.get::<_, String>(21)?)?,
        aftermath: aftermath::columns(row, 22)?,
        onto_box: onto_box::columns(row, 32)?,
    })
}

/// A document's format as it is stored.
pub(super) fn document_format(word: &str) -> StoreResult<DocumentFormat> {
    super::values::from_word(word)
}

pub(super) fn via(word: &str) -> StoreResult<LabelVia> {
    LabelVia::parse(word).ok_or_else(|| StoreError::Failed(format!("{word:?} is no way to a label")))
}

pub(super) fn label(connection: &Connection, id: IntentId) -> StoreResult<LabelRow> {
    find(connection, id)?.ok_or_else(|| missing("label", id))
}

pub(super) fn find(connection: &Connection, id: IntentId) -> StoreResult<Option<LabelRow>> {
    first(
        connection,
        &format!("{LABEL} WHERE labels.id = ?"),
        [bytes(&id)],
        label_row,
    )
}

/// Of these labels those that are neither wanted nor asked any more.
pub(super) fn settled(connection: &Connection, ids: &[IntentId]) -> StoreResult<Vec<LabelRow>> {
    let mut settled = Vec::new();
    for id in ids {
        let moved = first(
            connection,
            "SELECT state NOT IN ('wanted', 'asked') FROM labels WHERE id = ?",
            [bytes(id)],
            |row| Ok(row.get::<_, bool>(0)?),
        )?;
        if moved == Some(true) {
            settled.push(label(connection, *id)?);
        }
    }
    Ok(settled)
}

pub(super) fn labels_of(connection: &Connection, order: OrderId) -> StoreResult<Vec<LabelRow>> {
    let sql = format!("{LABEL} WHERE labels.order_id = ? ORDER BY labels.sequence DESC");
    all(connection, &sql, [order.0], label_row)
}

/// The label with this tracking number; of several, the one that lives.
pub(super) fn label_by_tracking(connection: &Connection, tracking: &str) -> StoreResult<Option<LabelRow>> {
    let sql = format!("{LABEL} WHERE labels.tracking = ? ORDER BY labels.sequence DESC");
    let found = all(connection, &sql, [tracking.trim()], label_row)?;
    let live = found.iter().position(|label| label.state.is_live()).unwrap_or(0);
    Ok(found.into_iter().nth(live))
}

/// Labels of the order whose sheet this station still owes; one from elsewhere was printed elsewhere.
pub(super) fn unprinted(connection: &Connection, order: OrderId) -> StoreResult<i64> {
    number(
        connection,
        "SELECT count(*) FROM labels WHERE order_id = ? AND state IN ('bought', 'bought without document') \
         AND via <> 'outside'",
        [order.0],
    )
}

/// The state of the live label of a box, if it has one.
pub(super) fn live_label_of_box(connection: &Connection, parcel: BoxId) -> StoreResult<Option<LabelState>> {
    let states = all(
        connection,
        "SELECT state FROM labels WHERE box_id = ?",
        [parcel.0],
        |row| label_state(&row.get::<_, String>(0)?),
    )?;
    Ok(states.into_iter().find(|state| state.is_live()))
}

/// Whether an earlier sending (of the purchase, of the void) may have succeeded.
pub(super) fn doubts(connection: &Connection, id: IntentId) -> StoreResult<(bool, bool)> {
    first(
        connection,
        "SELECT in_doubt, void_in_doubt FROM labels WHERE id = ?",
        [bytes(&id)],
        |row| Ok((row.get(0)?, row.get(1)?)),
    )?
    .ok_or_else(|| missing("label", id))
}

/// Moves a label: the state by the domain's table, a row in the chained history, a line in the order's, and
/// what lists show of the order. `why` replaces the label's reason.
pub(super) fn move_label(
    connection: &Connection,
    id: IntentId,
    step: LabelMove,
    why: Option<&str>,
    by: Option<UserId>,
    now: DateTime<Utc>,
) -> StoreResult<LabelState> {
    let from = label(connection, id)?;
    let to = from
        .state
        .apply(step)
        .map_err(|illegal| StoreError::Refused(Refusal::IllegalMove(illegal.to_string())))?;
    run(
        connection,
        "UPDATE labels SET state = ?, reason = ?, changed_at = ?, not_before = NULL WHERE id = ?",
        params![to.words(), why, micros(now), bytes(&id)],
    )?;
    aftermath::moved(connection, id, to, now)?;
    record(connection, id, by, now)?;
    let what = match why {
        Some(why) => format!("label {to}: {why}"),
        None => format!(
            "label {to}: {} {}",
            method_name(&from.carrier, &from.service),
            from.price
        ),
    };
    note(connection, Some(from.order), by, &what, now)?;
    orders::refresh(connection, from.order)?;
    Ok(to)
}

/// Adds the label as it stands to the chained history.
pub(super) fn record(
    connection: &Connection,
    id: IntentId,
    by: Option<UserId>,
    now: DateTime<Utc>,
) -> StoreResult<()> {
    let label = label(connection, id)?;
    proof::chain(connection, &label, by, now)
}

/// A person's reason, which the rules want.
pub(super) fn typed(reason: &str) -> StoreResult<&str> {
    let reason = reason.trim();
    if reason.is_empty() {
        return Err(refused("this takes a typed reason"));
    }
    Ok(reason)
}

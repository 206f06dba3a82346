//! The leader's work: the lead, what is to be done, and what is written before a request goes out.

use super::label_rows::{bytes, doubts, label, move_label};
use super::labels::check_not_restored;
use super::values::{all, first, maybe_time, micros, missing, number, parsed, run, small, uuid};
use super::{confirmations, orders, quotes};
use crate::domain::bucket::Haste;
use crate::domain::ids::{DataKeyId, Epoch, IntentId, QuoteId, StoreId};
use crate::domain::rate::inputs::InputValues;
use crate::domain::rate::{PurchaseChoice, Quote};
use crate::domain::rows::WorkItem;
use crate::domain::sealed::{RequestBytes, Sealed, WrappedKey};
use crate::domain::shipment::{LabelMove, LabelState};
use crate::store::{Asking, Lead, Refusal, StoreError, StoreResult};
use chrono::{DateTime, Utc};
use rusqlite::{Connection, Row, params};

/// Takes the lead: whatever an older leader asked and did not settle is unknown now.
pub(super) fn take_lead(connection: &Connection, now: DateTime<Utc>) -> StoreResult<Lead> {
    run(
        connection,
        "INSERT INTO epochs (taken_at) VALUES (?)",
        [micros(now)],
    )?;
    let epoch = Epoch(connection.last_insert_rowid());
    let why = "the program ended before the answer came";
    for (state, step) in [
        (LabelState::Asked, LabelMove::Lose),
        (LabelState::VoidAsked, LabelMove::LoseVoid),
    ] {
        for id in in_state(connection, state)? {
            move_label(connection, id, step, Some(why), None, now)?;
            doubt(connection, id, state == LabelState::VoidAsked)?;
        }
    }
    confirmations::doubt_asked(connection)?;
    Ok(Lead { epoch })
}

fn in_state(connection: &Connection, state: LabelState) -> StoreResult<Vec<IntentId>> {
    all(
        connection,
        "SELECT id FROM labels WHERE state = ? ORDER BY sequence",
        [state.words()],
        |row| Ok(IntentId(uuid(&row.get::<_, Vec<u8>>(0)?)?)),
    )
}

/// From here on a sending of this label may have succeeded.
pub(super) fn doubt(connection: &Connection, id: IntentId, of_void: bool) -> StoreResult<()> {
    let sql = if of_void {
        "UPDATE labels SET void_in_doubt = 1 WHERE id = ?"
    } else {
        "UPDATE labels SET in_doubt = 1 WHERE id = ?"
    };
    run(connection, sql, [bytes(&id)])?;
    Ok(())
}

pub(super) fn check_lead(connection: &Connection, lead: Lead) -> StoreResult<()> {
    let current = number(connection, "SELECT ifnull(max(epoch), 0) FROM epochs", [])?;
    if current == lead.epoch.0 {
        Ok(())
    } else {
        Err(StoreError::Refused(Refusal::NotLeader))
    }
}

/// Labels that the leader must move, oldest first; those wanted in bulk are read by [`work_in_bulk`].
pub(super) fn work(connection: &Connection) -> StoreResult<Vec<WorkItem>> {
    let ids = all(
        connection,
        "SELECT id FROM labels INDEXED BY labels_at_work_first WHERE (state IN ('unknown', \
         'bought without document', 'void wanted', 'void unknown') OR (state = 'wanted' AND bulk = 0)) \
         AND (state <> 'bought without document' OR NOT EXISTS \
         (SELECT 1 FROM orders WHERE orders.id = order_id AND erased = 1)) ORDER BY sequence",
        [],
        |row| Ok(IntentId(uuid(&row.get::<_, Vec<u8>>(0)?)?)),
    )?;
    ids.into_iter().map(|id| work_item(connection, id)).collect()
}

/// A window of the labels wanted in bulk.
pub(super) fn work_in_bulk(
    connection: &Connection,
    after: i64,
    limit: usize,
) -> StoreResult<Vec<(i64, WorkItem)>> {
    let places = all(
        connection,
        "SELECT sequence, id FROM labels INDEXED BY labels_wanted_in_bulk WHERE state = 'wanted' AND bulk = 1 \
         AND sequence > ? ORDER BY sequence LIMIT ?",
        params![after, i64::try_from(limit).unwrap_or(i64::MAX)],
        |row| Ok((row.get::<_, i64>(0)?, IntentId(uuid(&row.get::<_, Vec<u8>>(1)?)?))),
    )?;
    let each = places.into_iter();
    each.map(|(place, id)| Ok((place, work_item(connection, id)?)))
        .collect()
}

fn work_item(connection: &Connection, id: IntentId) -> StoreResult<WorkItem> {
    let label = label(connection, id)?;
    let of_void = matches!(label.state, LabelState::VoidWanted | LabelState::VoidUnknown);
    first(
        connection,
        "SELECT orders.store, labels.epoch, quotes.asked_at, quote_id, not_before, in_doubt, void_in_doubt, \
         (SELECT ifnull(max(number), 0) FROM attempts WHERE label = labels.id AND kind = ?2), \
         (SELECT min(sent_at) FROM attempts WHERE label = labels.id AND kind = ?2), \
         (SELECT max(sent_at) FROM attempts WHERE label = labels.id AND kind = ?2), labels.bulk \
         FROM labels JOIN orders ON orders.id = labels.order_id JOIN quotes ON quotes.id = labels.quote_id \
         WHERE labels.id = ?1",
        params![bytes(&id), kind(of_void)],
        |row| {
            Ok(WorkItem {
                label: label.clone(),
                store: StoreId(row.get(0)?),
                last_attempt: small(row.get(7)?)?,
                first_sent_at: maybe_time(row.get(8)?)?,
                last_sent_at: maybe_time(row.get(9)?)?,
                epoch: row.get::<_, Option<i64>>(1)?.map(Epoch),
                quote_asked_at: maybe_time(row.get(2)?)?,
                quote: Some(QuoteId(row.get(3)?)),
                not_before: maybe_time(row.get(4)?)?,
                in_doubt: if of_void { row.get(6)? } else { row.get(5)? },
                haste: haste(row.get(10)?),
            })
        },
    )?
    .ok_or_else(|| orders::inconsistent("a label without its order or quote"))
}

fn haste(bulk: bool) -> Haste {
    if bulk { Haste::Bulk } else { Haste::Bench }
}

fn kind(of_void: bool) -> &'static str {
    if of_void { "void" } else { "buy" }
}

pub(super) fn purchase(connection: &Connection, id: IntentId) -> StoreResult<(PurchaseChoice, Quote)> {
    let (choice, quote) = first(
        connection,
        "SELECT choice, quote_id FROM labels WHERE id = ?",
        [bytes(&id)],
        |row| Ok((parsed(&row.get::<_, String>(0)?)?, QuoteId(row.get(1)?))),
    )?
    .ok_or_else(|| missing("label", id))?;
    Ok((choice, quotes::quote(connection, quote)?))
}

/// A data key's id, the wrapped key, and what is sealed under it.
fn with_key<T>(row: &Row<'_>) -> StoreResult<(WrappedKey, Sealed<T>)> {
    let key = WrappedKey {
        id: DataKeyId(row.get(0)?),
        bytes: row.get(1)?,
    };
    Ok((key, Sealed::from_bytes(row.get(2)?)))
}

pub(super) fn label_inputs(
    connection: &Connection,
    id: IntentId,
) -> StoreResult<Option<(WrappedKey, Sealed<InputValues>)>> {
    first(
        connection,
        "SELECT data_keys.id, wrapped, inputs FROM labels JOIN data_keys ON data_keys.id = labels.inputs_key \
         WHERE labels.id = ? AND inputs IS NOT NULL AND wrapped IS NOT NULL",
        [bytes(&id)],
        with_key,
    )
}

pub(super) fn stored_request(
    connection: &Connection,
    id: IntentId,
) -> StoreResult<Option<(WrappedKey, Sealed<RequestBytes>)>> {
    first(
        connection,
        "SELECT data_keys.id, wrapped, request FROM labels JOIN data_keys ON data_keys.id = labels.request_key \
         WHERE labels.id = ? AND request IS NOT NULL AND wrapped IS NOT NULL",
        [bytes(&id)],
        with_key,
    )
}

/// Before a purchase goes out (PURCHASING.md 3.3). While an earlier sending is in doubt the stored request
/// stays as it was: it is repeated byte for byte, never rebuilt.
pub(super) fn begin_asking(
    connection: &Connection,
    lead: Lead,
    asking: &Asking,
    now: DateTime<Utc>,
) -> StoreResult<u32> {
    check_lead(connection, lead)?;
    check_not_restored(connection)?;
    let label = label(connection, asking.id)?;
    let (in_doubt, _) = doubts(connection, asking.id)?;
    if !in_doubt {
        let order = orders::order(connection, label.order)?;
        if let Some(flag) = order.flags.first() {
            return Err(StoreError::Refused(Refusal::CannotShip(flag.to_string())));
        }
        if !order.status.can_ship() || order.erased {
            return Err(StoreError::Refused(Refusal::CannotShip(format!(
                "an order that is {} cannot be shipped",
                order.status
            ))));
        }
        let key = orders::data_key(connection, label.order)?;
        run(
            connection,
            "UPDATE labels SET request = ?, request_key = ? WHERE id = ?",
            params![asking.request.as_bytes(), key, bytes(&asking.id)],
        )?;
    }
    begin_attempt(connection, lead, asking.id, LabelMove::Ask, now)
}

pub(super) fn begin_voiding(
    connection: &Connection,
    lead: Lead,
    id: IntentId,
    now: DateTime<Utc>,
) -> StoreResult<u32> {
    check_lead(connection, lead)?;
    begin_attempt(connection, lead, id, LabelMove::AskVoid, now)
}

fn begin_attempt(
    connection: &Connection,
    lead: Lead,
    id: IntentId,
    step: LabelMove,
    now: DateTime<Utc>,
) -> StoreResult<u32> {
    let kind = kind(step == LabelMove::AskVoid);
    let attempt = number(
        connection,
        "SELECT ifnull(max(number), 0) + 1 FROM attempts WHERE label = ? AND kind = ?",
        params![bytes(&id), kind],
    )?;
    run(
        connection,
        "INSERT INTO attempts (label, kind, number, epoch, sent_at) VALUES (?, ?, ?, ?, ?)",
        params![bytes(&id), kind, attempt, lead.epoch.0, micros(now)],
    )?;
    run(
        connection,
        "UPDATE labels SET epoch = ? WHERE id = ?",
        params![lead.epoch.0, bytes(&id)],
    )?;
    move_label(connection, id, step, None, None, now)?;
    small(attempt)
}

/// Notes how the last attempt ended.
pub(super) fn end_attempt(
    connection: &Connection,
    id: IntentId,
    of_void: bool,
    outcome: &str,
    request_id: Option<&str>,
    now: DateTime<Utc>,
) -> StoreResult<()> {
    run(
        connection,
        "UPDATE attempts SET ended_at = ?1, outcome = ?2, request_id = ifnull(?3, request_id) \
         WHERE label = ?4 AND kind = ?5 AND number = \
         (SELECT max(number) FROM attempts WHERE label = ?4 AND kind = ?5)",
        params![micros(now), outcome, request_id, bytes(&id), kind(of_void)],
    )?;
    Ok(())
}

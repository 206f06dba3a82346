//! What became of a label since it was bought: kept up by every move, by every import, and by readings whose due
//! time stands here. The rules are `domain::refund`'s.

use super::label_rows::{bytes, label, labels_of, move_label, record, typed};
use super::people::note;
use super::permissions::permit;
use super::values::{all, maybe_time, micros, money, refused, run, small, time, uuid};
use super::{orders, voids};
use crate::domain::ids::{IntentId, OrderId, StoreId, UserId};
use crate::domain::order::ChannelOrder;
use crate::domain::refund::{self, Aftermath, Booking, FollowUp, Heard, OldLabel};
use crate::domain::rows::LabelRow;
use crate::domain::shipment::{LabelMove, LabelState};
use crate::domain::user::Permission;
use crate::store::{StoreError, StoreResult, VoidSettlement};
use chrono::{DateTime, Utc};
use rusqlite::{Connection, Row, params};

/// The aftermath's columns of a label's row, from the column `at`; none for a label that was never bought.
pub(super) fn columns(row: &Row<'_>, at: usize) -> StoreResult<Option<Aftermath>> {
    let Some(bought_at) = maybe_time(row.get(at)?)? else {
        return Ok(None);
    };
    let refund: (Option<i64>, Option<String>) = (row.get(at + 7)?, row.get(at + 8)?);
    Ok(Some(Aftermath {
        bought_at,
        voided_at: maybe_time(row.get(at + 1)?)?,
        expected_by: maybe_time(row.get(at + 2)?)?,
        old_label: row
            .get::<_, Option<String>>(at + 3)?
            .map(|key| {
                OldLabel::parse(&key)
                    .ok_or_else(|| StoreError::Failed(format!("{key:?} says nothing of an old label")))
            })
            .transpose()?,
        word: row.get(at + 4)?,
        word_at: maybe_time(row.get(at + 5)?)?,
        scanned: row.get(at + 6)?,
        refunded: match refund {
            (Some(minor), Some(currency)) => Some(money(minor, &currency)?),
            _ => None,
        },
        looks: small(row.get(at + 9)?)?,
    }))
}

/// A label has moved to `to`: its aftermath begins, its void is dated, and the next reading is planned.
pub(super) fn moved(
    connection: &Connection,
    id: IntentId,
    to: LabelState,
    now: DateTime<Utc>,
) -> StoreResult<()> {
    if !to.was_bought() {
        return Ok(());
    }
    run(
        connection,
        "INSERT INTO aftermath (label, bought_at) SELECT id, ifnull((SELECT min(sent_at) FROM attempts \
         WHERE attempts.label = labels.id AND kind = 'buy'), wanted_at) FROM labels WHERE id = ? AND via <> 'outside' \
         ON CONFLICT (label) DO NOTHING",
        [bytes(&id)],
    )?;
    if to == LabelState::Voided {
        let carrier = label(connection, id)?.carrier;
        let expected_by = now + refund::decided_within(&carrier);
        run(
            connection,
            "UPDATE aftermath SET voided_at = ?, expected_by = ?, looks = 0, word = NULL, word_at = NULL \
             WHERE label = ?",
            params![micros(now), micros(expected_by), bytes(&id)],
        )?;
    }
    plan(connection, id, now)
}

/// Writes down when the label is looked at next.
fn plan(connection: &Connection, id: IntentId, now: DateTime<Utc>) -> StoreResult<()> {
    let next = refund::next_look(&label(connection, id)?, now);
    run(
        connection,
        "UPDATE aftermath SET next_look = ? WHERE label = ?",
        params![next.map(micros), bytes(&id)],
    )?;
    Ok(())
}

/// What was said of the old label when its void was wanted.
pub(super) fn said(connection: &Connection, id: IntentId, old: OldLabel) -> StoreResult<()> {
    run(
        connection,
        "UPDATE aftermath SET old_label = ? WHERE label = ?",
        params![old.key(), bytes(&id)],
    )?;
    Ok(())
}

/// Labels whose reading is planned, soonest first.
pub(super) fn follow_ups(connection: &Connection, limit: usize) -> StoreResult<Vec<FollowUp>> {
    let planned = all(
        connection,
        "SELECT aftermath.label, next_look, orders.store FROM aftermath \
         JOIN labels ON labels.id = aftermath.label JOIN orders ON orders.id = labels.order_id \
         WHERE next_look IS NOT NULL ORDER BY next_look LIMIT ?",
        [i64::try_from(limit).unwrap_or(i64::MAX)],
        |row| {
            let id = IntentId(uuid(&row.get::<_, Vec<u8>>(0)?)?);
            Ok((id, time(row.get(1)?)?, StoreId(row.get(2)?)))
        },
    )?;
    let whole = planned.into_iter().map(|(id, due, store)| {
        let label = label(connection, id)?;
        Ok(FollowUp { label, store, due })
    });
    whole.collect()
}

pub(super) fn settle_follow_up(
    connection: &Connection,
    id: IntentId,
    heard: &Heard,
    now: DateTime<Utc>,
) -> StoreResult<LabelRow> {
    hear(connection, id, heard, now)?;
    run(
        connection,
        "UPDATE aftermath SET looks = looks + 1 WHERE label = ?",
        [bytes(&id)],
    )?;
    if refund::is_missed(&label(connection, id)?, now) {
        let why = "nothing was heard of the refund in 60 days: look at the statement";
        move_label(connection, id, LabelMove::MissRefund, Some(why), None, now)?;
    }
    plan(connection, id, now)?;
    label(connection, id)
}

/// What Amazon lists as packages of an order, held against its labels.
pub(super) fn packages(
    connection: &Connection,
    order: OrderId,
    channel: &ChannelOrder,
    now: DateTime<Utc>,
) -> StoreResult<()> {
    if channel.packages.is_empty() {
        return Ok(());
    }
    for label in labels_of(connection, order)? {
        let listed = channel.packages.iter().find(|package| {
            let number = package.tracking.as_ref();
            number.is_some_and(|number| refund::is_label(&label, number))
        });
        if let Some(package) = listed
            && label.state.was_bought()
        {
            hear(connection, label.id, &Heard::Package(package.status.clone()), now)?;
        }
    }
    Ok(())
}

/// Takes in one word of Amazon.
fn hear(connection: &Connection, id: IntentId, heard: &Heard, now: DateTime<Utc>) -> StoreResult<()> {
    let known = label(connection, id)?;
    let Some(after) = &known.aftermath else {
        return Ok(());
    };
    let verdict = refund::verdict(&known, heard);
    let word = match heard {
        Heard::Package(status) | Heard::Shipment(status) | Heard::Tracking(status) => Some(status),
        Heard::Nothing => None,
    };
    let news = word.is_some() && after.word.as_ref() != word || verdict.scanned && !after.scanned;
    if news {
        run(
            connection,
            "UPDATE aftermath SET word = ifnull(?1, word), word_at = ?2, scanned = scanned OR ?3 WHERE label = ?4",
            params![word, micros(now), verdict.scanned, bytes(&id)],
        )?;
        if verdict.scanned && !after.scanned {
            let what = format!(
                "a carrier has the parcel, says Amazon ({})",
                word.map_or("", String::as_str)
            );
            note(connection, Some(known.order), None, &what, now)?;
            plan(connection, id, now)?;
        }
    }
    if let Some(alarm) = verdict
        .alarm
        .filter(|alarm| known.reason.as_deref() != Some(*alarm))
    {
        raise(connection, &known, alarm, now)?;
    }
    match verdict.step {
        None => {}
        Some(LabelMove::AcceptVoid) => {
            // The lost answer is told by the package: settled as if it had come.
            voids::settle_void(connection, id, &VoidSettlement::Accepted, now)?;
            hear(connection, id, heard, now)?;
        }
        Some(step) => {
            move_label(connection, id, step, verdict.why.as_deref(), None, now)?;
        }
    }
    Ok(())
}

/// A person must look at the label: its order is in trouble, and a live one is not printed.
fn raise(connection: &Connection, known: &LabelRow, alarm: &str, now: DateTime<Utc>) -> StoreResult<()> {
    run(
        connection,
        "UPDATE labels SET held = held OR ?, reason = ?, changed_at = ? WHERE id = ?",
        params![known.state.is_live(), alarm, micros(now), bytes(&known.id)],
    )?;
    record(connection, known.id, None, now)?;
    note(
        connection,
        Some(known.order),
        None,
        &format!("ALARM: {alarm}"),
        now,
    )?;
    orders::refresh(connection, known.order)
}

pub(super) fn book_refund(
    connection: &Connection,
    id: IntentId,
    booking: &Booking,
    by: UserId,
    reason: &str,
    now: DateTime<Utc>,
) -> StoreResult<LabelRow> {
    permit(connection, by, Permission::Refunds)?;
    let reason = typed(reason)?;
    let known = label(connection, id)?;
    let step = refund::check_booking(&known, booking).map_err(refused)?;
    if let Booking::Paid(amount) = booking {
        run(
            connection,
            "UPDATE aftermath SET refund_minor = ?, refund_currency = ? WHERE label = ?",
            params![amount.minor, amount.currency.code(), bytes(&id)],
        )?;
    }
    let why = refund::booking_words(booking, reason);
    move_label(connection, id, step, Some(&why), Some(by), now)?;
    label(connection, id)
}

//! Wishes of people: to buy, to take back, to void, to decide what nobody knows.

use super::label_rows::{self, bytes, label, move_label, typed};
use super::people::{note, user};
use super::permissions::permit;
use super::values::{first, json, micros, missing, number, refused, run};
use super::{boxes, detail, flags, orders, packing, quotes, rules, why};
use crate::domain::bucket::Haste;
use crate::domain::ids::{DataKeyId, IntentId, TrackingNumber, UserId};
use crate::domain::rate::{QuoteState, method_name};
use crate::domain::rows::LabelRow;
use crate::domain::sealed::{Sealed, WrappedKey};
use crate::domain::seller::LabelVia;
use crate::domain::shipment::{LabelMove, LabelState};
use crate::domain::spend::Payee;
use crate::domain::status::OrderStatus;
use crate::domain::user::Permission;
use crate::store::{Refusal, SealedDocument, StoreError, StoreResult, WantLabel};
use chrono::{DateTime, TimeDelta, Utc};
use rusqlite::{Connection, params};

/// Before that a supervisor cannot call an unknown label not bought (PURCHASING.md 4).
const LOOK_AT_SELLER_CENTRAL: TimeDelta = TimeDelta::minutes(10);

pub(super) fn want_label(connection: &Connection, want: &WantLabel, now: DateTime<Utc>) -> StoreResult<()> {
    if let Some(known) = label_rows::find(connection, want.id)? {
        // The same wish again, because its answer was lost.
        return if known.box_id == want.box_id && known.order == want.order {
            Ok(())
        } else {
            Err(refused("this wish was written down for another box"))
        };
    }
    let detail = detail::order(connection, want.order)?;
    let parcel = detail
        .boxes
        .iter()
        .find(|parcel| parcel.id == want.box_id)
        .ok_or_else(|| missing("box of this order", want.box_id))?;
    check_not_restored(connection)?;
    packing::check_turn(connection, parcel, want.turn)?;
    packing::check_free(connection, parcel)?;
    let refuse = StoreError::Refused;
    rules::can_ship(&detail).map_err(refuse)?;
    let quote = quotes::quote(connection, want.quote).map_err(|error| match error {
        StoreError::NotFound { .. } => refuse(Refusal::QuoteUnfit("newer rates were asked for".to_owned())),
        other => other,
    })?;
    if quotes::is_superseded(connection, &quote)? {
        return Err(refuse(Refusal::QuoteUnfit(
            "newer rates were asked for".to_owned(),
        )));
    }
    let rate = rules::fitting_rate(&detail, parcel, &quote, want, now).map_err(refuse)?;
    let breaks_prime = rules::allowed(&detail, parcel, rate, want).map_err(refuse)?;
    permit(connection, want.by, Permission::Buy)?;
    if !breaks_prime.is_empty() {
        permit(connection, want.by, Permission::BreakPrime)?;
    }
    if want.haste == Haste::Bulk {
        permit(connection, want.by, Permission::BulkShip)?;
    }
    let via = match &quote.state {
        QuoteState::Answered(answer) => answer.via,
        QuoteState::Wanted | QuoteState::Failed(_) => LabelVia::default(),
    };
    let sealed_by = match &want.inputs {
        Some(_) => Some(orders::data_key(connection, want.order)?),
        None => None,
    };
    run(
        connection,
        "INSERT INTO labels (id, sequence, order_id, box_id, round, state, quote_id, fingerprint, choice, \
         chosen_because, carrier, service_id, service, price_minor, price_currency, station, wanted_by, wanted_at, \
         changed_at, via, bulk, payee, inputs, inputs_key) VALUES (?1, \
         (SELECT ifnull(max(sequence), 0) + 1 FROM labels), ?2, ?3, (SELECT round FROM boxes WHERE id = ?3), ?4, ?5, \
         ?6, ?7, ?8, ?9, ?10, ?11, ?12, ?13, ?14, ?15, ?16, ?16, ?17, ?18, ?19, ?20, ?21)",
        params![
            bytes(&want.id),
            want.order.0,
            want.box_id.0,
            LabelState::Wanted.words(),
            want.quote.0,
            quote.fingerprint,
            json(&want.choice)?,
            want.reason.as_deref().map(str::trim),
            rate.carrier,
            rate.service_id,
            rate.service,
            want.choice.price.minor,
            want.choice.price.currency.code(),
            want.station.as_str(),
            want.by.0,
            micros(now),
            via.key(),
            want.haste == Haste::Bulk,
            Payee::of(&rate.payment, via).key(),
            want.inputs.as_ref().map(Sealed::as_bytes),
            sealed_by,
        ],
    )?;
    label_rows::record(connection, want.id, Some(want.by), now)?;
    why::keep(connection, &detail, parcel, &quote, want)?;
    let because = match want.reason.as_deref().map(str::trim) {
        Some(reason) if !reason.is_empty() => format!(" ({reason})"),
        _ => String::new(),
    };
    let what = format!(
        "label wanted: {} {}{because}",
        method_name(&rate.carrier, &rate.service),
        want.choice.price
    );
    note(connection, Some(want.order), Some(want.by), &what, now)?;
    orders::refresh(connection, want.order)
}

/// Nothing is bought from a restored database until its orders were compared with Amazon (PURCHASING.md 8).
pub(super) fn check_not_restored(connection: &Connection) -> StoreResult<()> {
    let restored = number(
        connection,
        "SELECT EXISTS (SELECT 1 FROM settings WHERE key = 'restored' AND number = 1)",
        [],
    )?;
    if restored == 1 {
        return Err(StoreError::Refused(Refusal::Restored));
    }
    Ok(())
}

pub(super) fn withdraw_label(
    connection: &Connection,
    id: IntentId,
    by: UserId,
    now: DateTime<Utc>,
) -> StoreResult<()> {
    user(connection, by)?;
    if label(connection, id)?.state == LabelState::Withdrawn {
        return Ok(());
    }
    withdraw(connection, id, by, now)
}

/// A label that nobody was asked for yet is not bought after all.
pub(super) fn withdraw(
    connection: &Connection,
    id: IntentId,
    by: UserId,
    now: DateTime<Utc>,
) -> StoreResult<()> {
    move_label(
        connection,
        id,
        LabelMove::Withdraw,
        Some("taken back before it was asked"),
        Some(by),
        now,
    )?;
    Ok(())
}

/// The stored document that is printed: the label itself before any other sheet.
pub(super) fn document(
    connection: &Connection,
    id: IntentId,
) -> StoreResult<Option<(WrappedKey, SealedDocument)>> {
    label(connection, id)?;
    first(
        connection,
        "SELECT data_keys.id, wrapped, format, kind, bytes FROM documents \
         JOIN data_keys ON data_keys.id = documents.data_key JOIN labels ON labels.id = documents.label \
         JOIN orders ON orders.id = labels.order_id \
         WHERE documents.label = ? AND wrapped IS NOT NULL AND erased = 0 \
         ORDER BY kind <> 'LABEL', position LIMIT 1",
        [bytes(&id)],
        |row| {
            Ok((
                WrappedKey {
                    id: DataKeyId(row.get(0)?),
                    bytes: row.get(1)?,
                },
                SealedDocument {
                    format: label_rows::document_format(&row.get::<_, String>(2)?)?,
                    kind: row.get(3)?,
                    bytes: Sealed::from_bytes(row.get(4)?),
                },
            ))
        },
    )
}

pub(super) fn decide_unknown(
    connection: &Connection,
    id: IntentId,
    bought: Option<&TrackingNumber>,
    by: UserId,
    reason: &str,
    now: DateTime<Utc>,
) -> StoreResult<()> {
    permit(connection, by, Permission::Decide)?;
    let reason = typed(reason)?;
    let known = label(connection, id)?;
    if known.state != LabelState::Unknown {
        return Err(StoreError::Refused(Refusal::IllegalMove(format!(
            "this label is {}, not unknown: there is nothing to decide",
            known.state
        ))));
    }
    match bought {
        Some(tracking) => decide_bought(connection, &known, tracking, by, reason, now),
        None => decide_not_bought(connection, id, by, reason, now),
    }
}

fn decide_bought(
    connection: &Connection,
    known: &LabelRow,
    tracking: &TrackingNumber,
    by: UserId,
    reason: &str,
    now: DateTime<Utc>,
) -> StoreResult<()> {
    let tracking = tracking.0.trim();
    if tracking.is_empty() {
        return Err(refused("a bought label has a tracking number: type it"));
    }
    if let Some(other) = label_rows::label_by_tracking(connection, tracking)? {
        return Err(refused(format!(
            "this tracking number is on a label of order {}",
            other.number
        )));
    }
    run(
        connection,
        "UPDATE labels SET tracking = ? WHERE id = ?",
        params![tracking, bytes(&known.id)],
    )?;
    let why = format!("called bought by a supervisor: {reason}");
    move_label(
        connection,
        known.id,
        LabelMove::BuyWithoutDocument,
        Some(&why),
        Some(by),
        now,
    )?;
    orders::add_to_search(connection, known.order, tracking)?;
    bought_order(connection, known, now)
}

fn decide_not_bought(
    connection: &Connection,
    id: IntentId,
    by: UserId,
    reason: &str,
    now: DateTime<Utc>,
) -> StoreResult<()> {
    let last = number(
        connection,
        "SELECT ifnull(max(sent_at), 0) FROM attempts WHERE label = ? AND kind = 'buy'",
        [bytes(&id)],
    )?;
    if micros(now - LOOK_AT_SELLER_CENTRAL) < last {
        return Err(refused(
            "less than 10 minutes have passed since it was asked: wait, look at Seller Central, then decide",
        ));
    }
    let why = format!("called not bought by a supervisor: {reason}");
    move_label(
        connection,
        id,
        LabelMove::DecideNotBought,
        Some(&why),
        Some(by),
        now,
    )?;
    Ok(())
}

/// A bought label makes its order Ready for Pickup, wherever it may ship from, once every box of it has one.
pub(super) fn bought_order(
    connection: &Connection,
    bought: &LabelRow,
    now: DateTime<Utc>,
) -> StoreResult<()> {
    let order = orders::order(connection, bought.order)?;
    let ready = OrderStatus::ReadyForPickup;
    if order.status.can_ship()
        && order.status.move_to(ready).is_ok()
        && boxes::all_labelled(connection, bought.order)?
    {
        orders::stand(connection, bought.order, ready, None, "label bought", now)?;
    }
    flags::judge_packages(connection, bought.order, now)
}

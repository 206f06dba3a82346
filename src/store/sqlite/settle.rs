//! Settling a purchase (PURCHASING.md 3.6): idempotent, and a late *bought* is taken from any epoch.

use super::label_rows::{bytes, doubts, label, live_label_of_box, move_label, record};
use super::lead::{doubt, end_attempt};
use super::people::note;
use super::values::{first, json, micros, missing, refused, run, word};
use super::{labels, orders, printing};
use crate::domain::ids::{IntentId, OrderId, ShipmentId, TrackingNumber};
use crate::domain::intent::AmazonError;
use crate::domain::order::Window;
use crate::domain::rate::QuoteState;
use crate::domain::rows::LabelRow;
use crate::domain::shipment::{LabelMove, LabelState};
use crate::store::{SealedDocument, Settlement, StoreResult};
use chrono::{DateTime, Utc};
use rusqlite::{Connection, params};

pub(super) fn settle(
    connection: &Connection,
    id: IntentId,
    settlement: &Settlement,
    now: DateTime<Utc>,
) -> StoreResult<LabelRow> {
    let known = label(connection, id)?;
    match settlement {
        Settlement::Bought {
            shipment,
            tracking,
            promise,
            documents,
            held,
            request_id,
        } => {
            end_attempt(connection, id, false, "bought", request_id.as_deref(), now)?;
            let bought = Bought {
                shipment: shipment.as_ref(),
                tracking: tracking.as_ref(),
                promise: *promise,
                documents,
                held: held.as_deref(),
            };
            buy(connection, &known, &bought, now)?;
        }
        // A failure that comes after the success says nothing any more.
        _ if known.state.was_bought() => {}
        Settlement::NotSent { why, not_before } => {
            not_bought(connection, &known, LabelMove::NotSent, why, None, now)?;
            run(
                connection,
                "UPDATE labels SET not_before = ? WHERE id = ?",
                params![not_before.map(micros), bytes(&id)],
            )?;
        }
        Settlement::Refused { why, error } => {
            not_bought(connection, &known, LabelMove::Refuse, why, error.as_ref(), now)?;
        }
        Settlement::Unknown { why } => {
            not_bought(connection, &known, LabelMove::Lose, why, None, now)?;
        }
    }
    label(connection, id)
}

/// Back to wanted, refused, or unknown. While an earlier sending is in doubt, only unknown is true, whatever
/// the caller believes: nothing but a success or a person settles it.
fn not_bought(
    connection: &Connection,
    known: &LabelRow,
    step: LabelMove,
    why: &str,
    error: Option<&AmazonError>,
    now: DateTime<Utc>,
) -> StoreResult<()> {
    let request_id = error.and_then(|error| error.request_id.as_deref());
    end_attempt(connection, known.id, false, why, request_id, now)?;
    let (in_doubt, _) = doubts(connection, known.id)?;
    let step = if in_doubt { LabelMove::Lose } else { step };
    let settled_already = matches!(
        (known.state, step),
        (LabelState::Refused | LabelState::Withdrawn, _) | (LabelState::Wanted, LabelMove::NotSent)
    );
    if settled_already || known.state == LabelState::Unknown && known.reason.as_deref() == Some(why) {
        return Ok(());
    }
    let support = match request_id {
        Some(request_id) => format!("{why} (request {request_id})"),
        None => why.to_owned(),
    };
    move_label(connection, known.id, step, Some(&support), None, now)?;
    if step == LabelMove::Lose {
        doubt(connection, known.id, false)?;
    }
    Ok(())
}

struct Bought<'a> {
    shipment: Option<&'a ShipmentId>,
    tracking: Option<&'a TrackingNumber>,
    promise: Option<Window>,
    documents: &'a [SealedDocument],
    held: Option<&'a str>,
}

fn buy(
    connection: &Connection,
    known: &LabelRow,
    bought: &Bought<'_>,
    now: DateTime<Utc>,
) -> StoreResult<()> {
    if known.state.was_bought() {
        return bought_again(connection, known, bought, now);
    }
    let other_lives = !known.state.is_live() && live_label_of_box(connection, known.box_id)?.is_some();
    let held = match alarm(connection, known, bought)? {
        Some(alarm) => Some(alarm),
        None => bought.held.map(str::to_owned),
    };
    store_facts(connection, known, bought, held.is_some())?;
    store_documents(connection, known, bought.documents)?;
    if other_lives {
        return second_label(connection, known, now);
    }
    let step = if bought.documents.is_empty() || held.is_some() {
        LabelMove::BuyWithoutDocument
    } else {
        LabelMove::Buy
    };
    move_label(connection, known.id, step, held.as_deref(), None, now)?;
    trim_quote(connection, known.id)?;
    if let Some(tracking) = bought.tracking {
        orders::add_to_search(connection, known.order, tracking.as_str())?;
    }
    if step == LabelMove::Buy {
        printing::print_bought(connection, known.id, now)?;
    }
    labels::bought_order(connection, known, now)
}

/// Why a label that was just bought must never be printed, found out here.
fn alarm(connection: &Connection, known: &LabelRow, bought: &Bought<'_>) -> StoreResult<Option<String>> {
    if let Some(tracking) = bought.tracking
        && let Some(order) = other_with(connection, known.id, "tracking", tracking.as_str())?
    {
        return Ok(Some(format!(
            "tracking number {tracking} is on another label of order {order} already: do not use it, call a supervisor"
        )));
    }
    if let Some(shipment) = bought.shipment
        && let Some(order) = other_with(connection, known.id, "shipment", shipment.as_str())?
    {
        return Ok(Some(format!(
            "Amazon gave the shipment of another label, of order {order}: do not use it, call a supervisor"
        )));
    }
    if !known.state.is_live() {
        return Ok(Some(
            "this label was bought after all, although it had been given up: compare the box, then void it or call \
             a supervisor"
                .to_owned(),
        ));
    }
    Ok(None)
}

fn other_with(
    connection: &Connection,
    id: IntentId,
    column: &'static str,
    value: &str,
) -> StoreResult<Option<String>> {
    let sql = format!(
        "SELECT orders.number FROM labels JOIN orders ON orders.id = labels.order_id \
         WHERE labels.{column} = ? AND labels.id <> ? LIMIT 1"
    );
    first(
        connection,
        &sql,
        params![value, bytes(&id)],
        |row| Ok(row.get(0)?),
    )
}

fn store_facts(
    connection: &Connection,
    known: &LabelRow,
    bought: &Bought<'_>,
    held: bool,
) -> StoreResult<()> {
    let promise = bought.promise.or(known.promise).unwrap_or_default();
    run(
        connection,
        "UPDATE labels SET shipment = ifnull(?, shipment), tracking = ifnull(?, tracking), promise_earliest = ?, \
         promise_latest = ?, held = held OR ? WHERE id = ?",
        params![
            bought.shipment.map(ShipmentId::as_str),
            bought.tracking.map(TrackingNumber::as_str),
            promise.earliest.map(micros),
            promise.latest.map(micros),
            held,
            bytes(&known.id)
        ],
    )?;
    Ok(())
}

fn store_documents(
    connection: &Connection,
    known: &LabelRow,
    documents: &[SealedDocument],
) -> StoreResult<()> {
    if documents.is_empty() {
        return Ok(());
    }
    let key = orders::data_key(connection, known.order)?;
    for (position, document) in (0_i64..).zip(documents) {
        run(
            connection,
            "INSERT INTO documents (label, position, format, kind, data_key, bytes) VALUES (?, ?, ?, ?, ?, ?) \
             ON CONFLICT (label, position) DO UPDATE SET format = excluded.format, kind = excluded.kind, \
             data_key = excluded.data_key, bytes = excluded.bytes",
            params![
                bytes(&known.id),
                position,
                word(&document.format)?,
                document.kind,
                key,
                document.bytes.as_bytes()
            ],
        )?;
    }
    Ok(())
}

/// The same success told twice. What was missing is taken; what contradicts is an alarm.
fn bought_again(
    connection: &Connection,
    known: &LabelRow,
    bought: &Bought<'_>,
    now: DateTime<Utc>,
) -> StoreResult<()> {
    let other = |old: Option<&str>, new: Option<&str>| old.zip(new).is_some_and(|(old, new)| old != new);
    let new_shipment = bought.shipment.map(ShipmentId::as_str);
    let new_tracking = bought.tracking.map(TrackingNumber::as_str);
    if other(known.shipment.as_ref().map(ShipmentId::as_str), new_shipment)
        || other(known.tracking.as_ref().map(TrackingNumber::as_str), new_tracking)
    {
        let what = format!(
            "ALARM: Amazon sold a second label for this box (shipment {}, tracking {}): void it in Seller Central",
            new_shipment.unwrap_or("unknown"),
            new_tracking.unwrap_or("unknown"),
        );
        run(
            connection,
            "UPDATE labels SET held = 1, reason = ? WHERE id = ?",
            params![what, bytes(&known.id)],
        )?;
        record(connection, known.id, None, now)?;
        note(connection, Some(known.order), None, &what, now)?;
        return orders::refresh(connection, known.order);
    }
    let held = match alarm(connection, known, bought)? {
        Some(alarm) if known.state.is_live() => Some(alarm),
        _ => bought.held.map(str::to_owned),
    };
    let news = known.shipment.is_none() && new_shipment.is_some()
        || known.tracking.is_none() && new_tracking.is_some()
        || held.is_some() && !known.held;
    if news {
        store_facts(connection, known, bought, held.is_some())?;
        if let Some(held) = &held {
            run(
                connection,
                "UPDATE labels SET reason = ? WHERE id = ?",
                params![held, bytes(&known.id)],
            )?;
        }
        record(connection, known.id, None, now)?;
        if let Some(tracking) = new_tracking {
            orders::add_to_search(connection, known.order, tracking)?;
        }
    }
    if known.document.is_none() && !bought.documents.is_empty() && held.is_none() {
        add_document(connection, known.id, bought.documents, now)?;
    }
    orders::refresh(connection, known.order)
}

/// Given up, then bought after all, while the box has another label: the database keeps one live label a box,
/// so this one stays dead here, with its facts, an alarm in the history and the order in trouble.
fn second_label(connection: &Connection, known: &LabelRow, now: DateTime<Utc>) -> StoreResult<()> {
    let what =
        "ALARM: this label was bought after all, and the box has another one: void it in Seller Central";
    run(
        connection,
        "UPDATE labels SET reason = ?, changed_at = ? WHERE id = ?",
        params![what, micros(now), bytes(&known.id)],
    )?;
    record(connection, known.id, None, now)?;
    note(connection, Some(known.order), None, what, now)?;
    orders::refresh(connection, known.order)
}

/// Of a quote that has bought only the chosen rate is kept.
fn trim_quote(connection: &Connection, id: IntentId) -> StoreResult<()> {
    let (choice, quote) = super::lead::purchase(connection, id)?;
    if let QuoteState::Answered(mut answer) = quote.state {
        answer.rates.retain(|rate| rate.id == choice.rate_id);
        answer.ineligible.clear();
        run(
            connection,
            "UPDATE quotes SET answer = ? WHERE id = ?",
            params![json(&answer)?, quote.id.0],
        )?;
    }
    Ok(())
}

/// The document came later: a label that was bought without one becomes a label that prints.
pub(super) fn add_document(
    connection: &Connection,
    id: IntentId,
    documents: &[SealedDocument],
    now: DateTime<Utc>,
) -> StoreResult<LabelRow> {
    let known = label(connection, id)?;
    if documents.is_empty() {
        return Err(refused("there is no document to add"));
    }
    if known.document.is_some() && known.state != LabelState::BoughtWithoutDocument {
        return Ok(known);
    }
    if known.state.apply(LabelMove::AddDocument).is_ok() {
        store_documents(connection, &known, documents)?;
        // A held label keeps its alarm and its state: it is never printed.
        if !known.held {
            move_label(connection, id, LabelMove::AddDocument, None, None, now)?;
            printing::print_bought(connection, id, now)?;
        }
    }
    label(connection, id)
}

/// The station and the person that a label's first print is for.
pub(super) fn wanted_for(connection: &Connection, id: IntentId) -> StoreResult<(String, i64, OrderId)> {
    first(
        connection,
        "SELECT station, wanted_by, order_id FROM labels WHERE id = ?",
        [bytes(&id)],
        |row| Ok((row.get(0)?, row.get(1)?, OrderId(row.get(2)?))),
    )?
    .ok_or_else(|| missing("label", id))
}

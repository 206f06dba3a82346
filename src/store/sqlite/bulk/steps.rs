//! The steps of a run: look at orders, take rates in, want labels, take back, settle, print in the list's order.

use super::{Run, intent, run, set_state};
use crate::domain::bucket::Haste;
use crate::domain::bulk::{self, BulkPick, NotReady, ReadyBox, RowState, RunState};
use crate::domain::ids::{BoxId, BulkRunId, IntentId, OrderId, QuoteId};
use crate::domain::rate::{PurchaseChoice, Quote, QuoteState, fingerprint};
use crate::domain::rows::OrderDetail;
use crate::domain::shipment::LabelState;
use crate::store::sqlite::values::{all, first, json, number, parsed, run as execute, word};
use crate::store::sqlite::{detail, label_rows, labels, printing, quotes};
use crate::store::{StoreError, StoreResult, WantLabel};
use chrono::{DateTime, TimeDelta, Utc};
use rusqlite::{Connection, params};

/// Orders of one step: each transaction stays within a few milliseconds.
const PIECE: i64 = 4;
/// Orders whose rates are asked for at once.
const ASKED: i64 = 128;
/// Labels wanted at once: enough to keep the quickest bucket busy, few enough that a stop is soon.
const WANTED: i64 = 64;
/// A stored answer up to this age is bought from: the rest of its 9 minutes is for waiting.
const YOUNG: TimeDelta = TimeDelta::minutes(5);

/// An order of a run as the steps need it.
struct Row {
    position: i64,
    order: OrderId,
    parcel: Option<BoxId>,
    quote: Option<QuoteId>,
    choice: Option<PurchaseChoice>,
    agreed: Option<i64>,
    reason: Option<String>,
    label: Option<IntentId>,
}

pub(super) fn advance(
    connection: &Connection,
    id: BulkRunId,
    ids: &[IntentId],
    now: DateTime<Utc>,
) -> StoreResult<bool> {
    let run = run(connection, id)?;
    let mut moved = false;
    if matches!(run.state, RunState::Checking | RunState::Running) {
        moved |= look_at_new(connection, &run, now)?;
        moved |= take_answers(connection, &run)?;
    }
    if run.state == RunState::Running {
        moved |= want(connection, &run, ids, now)?;
    }
    if run.state == RunState::Stopping {
        moved |= take_back(connection, &run, now)?;
    }
    moved |= settle(connection, &run)?;
    if run.started {
        moved |= print_next(connection, &run, now)?;
    }
    let left = |states: &str| {
        let sql = format!("SELECT count(*) FROM bulk_orders WHERE run = ? AND state IN ({states})");
        number(connection, &sql, [id.0])
    };
    let next = match run.state {
        RunState::Checking if left("'new', 'asked'")? == 0 => Some(RunState::Ready),
        RunState::Running | RunState::Stopping if left("'new', 'asked', 'ok', 'wanted'")? == 0 => {
            Some(RunState::Done)
        }
        RunState::Stopping if left("'wanted'")? == 0 => Some(RunState::Stopped),
        _ => None,
    };
    if let Some(next) = next {
        set_state(connection, id, next)?;
        moved = true;
    }
    Ok(moved)
}

fn rows_in(connection: &Connection, run: &Run, state: RowState, limit: i64) -> StoreResult<Vec<Row>> {
    all(
        connection,
        "SELECT position, order_id, quote, choice, agreed_minor, reason, label, box_id FROM bulk_orders \
         WHERE run = ? AND state = ? ORDER BY position LIMIT ?",
        params![run.id.0, word(&state)?, limit],
        |row| {
            let choice: Option<String> = row.get(3)?;
            let label: Option<Vec<u8>> = row.get(6)?;
            Ok(Row {
                position: row.get(0)?,
                order: OrderId(row.get(1)?),
                parcel: row.get::<_, Option<i64>>(7)?.map(BoxId),
                quote: row.get::<_, Option<i64>>(2)?.map(QuoteId),
                choice: choice.as_deref().map(parsed).transpose()?,
                agreed: row.get(4)?,
                reason: row.get(5)?,
                label: label.as_deref().map(intent).transpose()?,
            })
        },
    )
}

fn put(connection: &Connection, run: &Run, position: i64, state: RowState, words: &str) -> StoreResult<()> {
    execute(
        connection,
        "UPDATE bulk_orders SET state = ?, words = ? WHERE run = ? AND position = ?",
        params![word(&state)?, words, run.id.0, position],
    )?;
    Ok(())
}

/// An order that is not shipped now, with the reason.
fn put_not_ready(connection: &Connection, run: &Run, position: i64, why: NotReady) -> StoreResult<()> {
    match why {
        NotReady::Already(label) => put(
            connection,
            run,
            position,
            RowState::Already,
            &format!("label {label}"),
        ),
        NotReady::Refused(words) => put(connection, run, position, RowState::Refused, &words),
    }
}

fn count(connection: &Connection, run: &Run, state: RowState) -> StoreResult<i64> {
    number(
        connection,
        "SELECT count(*) FROM bulk_orders WHERE run = ? AND state = ?",
        params![run.id.0, word(&state)?],
    )
}

/// What is known before Amazon is asked, and the wish for rates.
fn look_at_new(connection: &Connection, run: &Run, now: DateTime<Utc>) -> StoreResult<bool> {
    let room = (ASKED - count(connection, run, RowState::Asked)?).clamp(0, PIECE);
    let rows = rows_in(connection, run, RowState::New, room)?;
    for row in &rows {
        let detail = detail::order(connection, row.order)?;
        if detail.order.pick_list != Some(run.list) {
            let words = "it is not on this pick list any more";
            put(connection, run, row.position, RowState::Refused, words)?;
            continue;
        }
        match bulk::ready(&detail, row.parcel) {
            Err(why) => put_not_ready(connection, run, row.position, why)?,
            Ok(ready) => match young_quote(&detail, &ready, now) {
                Some(quote) => choose(connection, run, row, &detail, &ready, &quote)?,
                None => ask(connection, run, row, &ready, now)?,
            },
        }
    }
    Ok(!rows.is_empty())
}

fn ask(
    connection: &Connection,
    run: &Run,
    row: &Row,
    ready: &ReadyBox,
    now: DateTime<Utc>,
) -> StoreResult<()> {
    match quotes::want_quote(connection, &ready.request, Haste::Bulk, now) {
        Ok(quote) => {
            set_quote(connection, run, row.position, quote)?;
            put(connection, run, row.position, RowState::Asked, "")
        }
        // Refusals come before anything is written.
        Err(refused @ (StoreError::Refused(_) | StoreError::NotFound { .. })) => put(
            connection,
            run,
            row.position,
            RowState::Refused,
            &refused.to_string(),
        ),
        Err(error) => Err(error),
    }
}

fn set_quote(connection: &Connection, run: &Run, position: i64, quote: QuoteId) -> StoreResult<()> {
    execute(
        connection,
        "UPDATE bulk_orders SET quote = ? WHERE run = ? AND position = ?",
        params![quote.0, run.id.0, position],
    )?;
    Ok(())
}

/// A stored answer to the very same request that is young enough to buy from.
fn young_quote(detail: &OrderDetail, ready: &ReadyBox, now: DateTime<Utc>) -> Option<Quote> {
    // After a label was refused or voided Amazon is asked anew.
    if detail.labels.iter().any(|label| label.box_id == ready.parcel.id) {
        return None;
    }
    let print = fingerprint(&ready.request);
    detail
        .quotes
        .iter()
        .filter(|quote| quote.request.box_id == ready.parcel.id)
        .max_by_key(|quote| quote.id)
        .filter(|quote| quote.fingerprint == print && is_young(quote, now))
        .cloned()
}

fn is_young(quote: &Quote, now: DateTime<Utc>) -> bool {
    match &quote.state {
        QuoteState::Answered(answer) => answer.is_young(now, YOUNG),
        _ => false,
    }
}

/// Rates that were answered.
fn take_answers(connection: &Connection, run: &Run) -> StoreResult<bool> {
    let mut moved = false;
    let mut taken = 0;
    for row in rows_in(connection, run, RowState::Asked, ASKED)? {
        if taken >= PIECE {
            break;
        }
        let Some(id) = row.quote else {
            put(connection, run, row.position, RowState::New, "")?;
            continue;
        };
        let quote = match quotes::quote(connection, id) {
            // Somebody asked for other rates of this box meanwhile.
            Err(StoreError::NotFound { .. }) => {
                put(connection, run, row.position, RowState::New, "")?;
                moved = true;
                continue;
            }
            quote => quote?,
        };
        match &quote.state {
            QuoteState::Wanted => continue,
            QuoteState::Failed(why) => put(connection, run, row.position, RowState::Refused, why)?,
            QuoteState::Answered(_) => {
                let detail = detail::order(connection, row.order)?;
                match bulk::ready(&detail, row.parcel) {
                    Ok(ready) => choose(connection, run, &row, &detail, &ready, &quote)?,
                    Err(_) => put(connection, run, row.position, RowState::New, "")?,
                }
            }
        }
        taken += 1;
        moved = true;
    }
    Ok(moved)
}

fn choose(
    connection: &Connection,
    run: &Run,
    row: &Row,
    detail: &OrderDetail,
    ready: &ReadyBox,
    quote: &Quote,
) -> StoreResult<()> {
    let QuoteState::Answered(answer) = &quote.state else {
        return Ok(());
    };
    let formats = run.formats_of(&detail.order.channel.store);
    let parcel = &ready.parcel;
    let picked = bulk::pick(
        detail,
        parcel,
        formats,
        answer,
        &run.mode,
        run.earliest.as_deref(),
    );
    set_quote(connection, run, row.position, quote.id)?;
    let BulkPick {
        choice,
        method,
        reason,
    } = match picked {
        Ok(picked) => picked,
        Err(words) => return put(connection, run, row.position, RowState::Refused, &words),
    };
    let price = choice.price;
    if row.agreed.is_some_and(|agreed| price.minor > agreed) {
        let words = format!("the price rose to {price} since the yes: look again, then retry");
        return put(connection, run, row.position, RowState::Refused, &words);
    }
    execute(
        connection,
        "UPDATE bulk_orders SET choice = ?, method = ?, price_minor = ?, price_currency = ?, reason = ? \
         WHERE run = ? AND position = ?",
        params![
            json(&choice)?,
            method,
            price.minor,
            price.currency.code(),
            reason,
            run.id.0,
            row.position
        ],
    )?;
    put(connection, run, row.position, RowState::Ok, "")
}

/// Labels are wanted in the order of the list, each at the price that was shown.
fn want(connection: &Connection, run: &Run, ids: &[IntentId], now: DateTime<Utc>) -> StoreResult<bool> {
    let room = (WANTED - count(connection, run, RowState::Wanted)?).clamp(0, PIECE);
    let rows = rows_in(connection, run, RowState::Ok, room)?;
    for (row, id) in rows.iter().zip(ids) {
        let (Some(quote), Some(choice)) = (row.quote, row.choice.clone()) else {
            put(connection, run, row.position, RowState::New, "")?;
            continue;
        };
        if row.agreed.is_none() {
            // It came in after the yes: nobody has seen its price.
            let words = "its price came after the yes: look at it, then retry";
            put(connection, run, row.position, RowState::Refused, words)?;
            continue;
        }
        let young = match quotes::quote(connection, quote) {
            Ok(quote) => is_young(&quote, now),
            Err(StoreError::NotFound { .. }) => false,
            Err(error) => return Err(error),
        };
        if !young {
            put(connection, run, row.position, RowState::New, "")?;
            continue;
        }
        let detail = detail::order(connection, row.order)?;
        let ready = match bulk::ready(&detail, row.parcel) {
            Ok(ready) => ready,
            Err(why) => {
                put_not_ready(connection, run, row.position, why)?;
                continue;
            }
        };
        let want = WantLabel {
            id: *id,
            order: row.order,
            box_id: ready.parcel.id,
            turn: ready.parcel.turn,
            quote,
            choice,
            reason: row.reason.clone(),
            inputs: None,
            by: run.by,
            station: run.station.clone(),
            haste: Haste::Bulk,
        };
        connection.execute_batch("SAVEPOINT bulk_want")?;
        match labels::want_label(connection, &want, now) {
            Ok(()) => {
                connection.execute_batch("RELEASE bulk_want")?;
                execute(
                    connection,
                    "UPDATE bulk_orders SET label = ? WHERE run = ? AND position = ?",
                    params![label_rows::bytes(id), run.id.0, row.position],
                )?;
                put(connection, run, row.position, RowState::Wanted, "")?;
            }
            Err(refused @ (StoreError::Refused(_) | StoreError::NotFound { .. })) => {
                connection.execute_batch("ROLLBACK TO bulk_want; RELEASE bulk_want")?;
                put(
                    connection,
                    run,
                    row.position,
                    RowState::Refused,
                    &refused.to_string(),
                )?;
            }
            Err(error) => return Err(error),
        }
    }
    Ok(!rows.is_empty())
}

/// What was wanted and not asked is taken back.
fn take_back(connection: &Connection, run: &Run, now: DateTime<Utc>) -> StoreResult<bool> {
    let mut moved = false;
    for row in rows_in(connection, run, RowState::Wanted, WANTED)? {
        let Some(id) = row.label else { continue };
        if label_rows::label(connection, id)?.state == LabelState::Wanted {
            // Also where whoever began the run is switched off by now.
            labels::withdraw(connection, id, run.by, now)?;
            execute(
                connection,
                "UPDATE bulk_orders SET label = NULL WHERE run = ? AND position = ?",
                params![run.id.0, row.position],
            )?;
            put(connection, run, row.position, RowState::Ok, "")?;
            moved = true;
        }
    }
    Ok(moved)
}

/// What came of the labels.
fn settle(connection: &Connection, run: &Run) -> StoreResult<bool> {
    let mut moved = false;
    for (state, limit) in [(RowState::Wanted, WANTED), (RowState::Unknown, WANTED)] {
        for row in rows_in(connection, run, state, limit)? {
            let Some(id) = row.label else { continue };
            let label = label_rows::label(connection, id)?;
            let (to, words) = match label.state {
                LabelState::Wanted | LabelState::Asked => continue,
                LabelState::Unknown => (RowState::Unknown, label.reason.unwrap_or_default()),
                LabelState::Refused | LabelState::Withdrawn => {
                    let why = label.reason.unwrap_or_else(|| "Amazon refused".to_owned());
                    (RowState::Refused, why)
                }
                _ => (RowState::Bought, String::new()),
            };
            if to != state {
                put(connection, run, row.position, to, &words)?;
                moved = true;
            }
        }
    }
    Ok(moved)
}

/// Sends what is settled to the printer in the order of the list: a label, or a sheet in its place.
fn print_next(connection: &Connection, run: &Run, now: DateTime<Utc>) -> StoreResult<bool> {
    let mut place = run.printed_to;
    for _ in 0..PIECE {
        let Some((state, label, number_of, words, is_begun)) = first(
            connection,
            "SELECT bulk_orders.state, label, number, words, \
             EXISTS (SELECT 1 FROM scans WHERE scans.order_id = orders.id) \
             FROM bulk_orders JOIN orders ON orders.id = bulk_orders.order_id WHERE run = ? AND position = ?",
            [run.id.0, place],
            |row| {
                let label: Option<Vec<u8>> = row.get(1)?;
                Ok((
                    crate::store::sqlite::values::from_word::<RowState>(&row.get::<_, String>(0)?)?,
                    label.as_deref().map(intent).transpose()?,
                    row.get::<_, String>(2)?,
                    row.get::<_, String>(3)?,
                    row.get::<_, bool>(4)?,
                ))
            },
        )?
        else {
            break;
        };
        if !state.is_final() || is_gap_waiting(connection, run)? {
            break;
        }
        let label = match label {
            Some(id) if state == RowState::Bought => Some(label_rows::label(connection, id)?),
            _ => None,
        };
        match label {
            Some(label) if label.state.can_print() && !label.held && label.document.is_some() => {
                printing::print_in_order(connection, label.id, now)?;
            }
            _ if state == RowState::Already => {}
            // No box of it stands among the others.
            _ if state == RowState::Refused && !is_begun => {}
            label => {
                if is_sheet_waiting(connection, run)? {
                    break;
                }
                let words = match (state, label) {
                    (RowState::Unknown, _) => "nobody knows yet whether it was bought".to_owned(),
                    (RowState::Bought, Some(label)) => format!("label {}: it has no sheet", label.state),
                    _ => words,
                };
                execute(
                    connection,
                    "INSERT INTO gap_sheets (run, station, number, words, state) VALUES (?, ?, ?, ?, 'wanted')",
                    params![run.id.0, run.station.as_str(), number_of, words],
                )?;
            }
        }
        place += 1;
    }
    if place == run.printed_to {
        return Ok(false);
    }
    execute(
        connection,
        "UPDATE bulk_runs SET printed_to = ? WHERE id = ?",
        [place, run.id.0],
    )?;
    Ok(true)
}

fn is_gap_waiting(connection: &Connection, run: &Run) -> StoreResult<bool> {
    let waiting = number(
        connection,
        "SELECT EXISTS (SELECT 1 FROM gap_sheets INDEXED BY gap_sheets_wanted WHERE station = ? AND run = ? \
         AND state = 'wanted')",
        params![run.station.as_str(), run.id.0],
    )?;
    Ok(waiting == 1)
}

/// A label of the run is on its way to the printer: a gap sheet comes after it.
fn is_sheet_waiting(connection: &Connection, run: &Run) -> StoreResult<bool> {
    let waiting = number(
        connection,
        "SELECT EXISTS (SELECT 1 FROM print_jobs INDEXED BY print_jobs_open \
         JOIN bulk_orders ON bulk_orders.label = print_jobs.label AND bulk_orders.run = ?2 \
         WHERE print_jobs.station = ?1 AND print_jobs.state IN ('wanted', 'sending') \
         AND print_jobs.state NOT IN ('done', 'dropped'))",
        params![run.station.as_str(), run.id.0],
    )?;
    Ok(waiting == 1)
}

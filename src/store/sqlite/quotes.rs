//! Quotes: wishes for rates and their answers; the latest of a box wins.

use super::values::{all, first, json, maybe_parsed, micros, missing, parsed, refused, run, time};
use super::{methods, packing};
use crate::domain::bucket::Haste;
use crate::domain::ids::{OrderId, OrderNumber, QuoteId, StoreId};
use crate::domain::preflight;
use crate::domain::rate::{Quote, QuoteAnswer, QuoteRequest, QuoteState, fingerprint};
use crate::store::{StoreError, StoreResult};
use chrono::{DateTime, Utc};
use rusqlite::{Connection, Row, params};

const QUOTE: &str = "SELECT quotes.id, request, fingerprint, wanted_at, answer, failure FROM quotes";

fn quote_row(row: &Row<'_>) -> StoreResult<Quote> {
    let answer: Option<QuoteAnswer> = maybe_parsed(row.get(4)?)?;
    Ok(Quote {
        id: QuoteId(row.get(0)?),
        request: parsed(&row.get::<_, String>(1)?)?,
        fingerprint: row.get(2)?,
        wanted_at: time(row.get(3)?)?,
        state: match (row.get::<_, Option<String>>(5)?, answer) {
            (Some(failure), _) => QuoteState::Failed(failure),
            (None, Some(answer)) => QuoteState::Answered(answer),
            (None, None) => QuoteState::Wanted,
        },
    })
}

pub(super) fn quote(connection: &Connection, id: QuoteId) -> StoreResult<Quote> {
    let sql = format!("{QUOTE} WHERE id = ?");
    first(connection, &sql, [id.0], quote_row)?.ok_or_else(|| missing("quote", id))
}

/// The newest quote of each box of an order.
pub(super) fn latest(connection: &Connection, order: OrderId) -> StoreResult<Vec<Quote>> {
    let sql = format!(
        "{QUOTE} WHERE id IN (SELECT (SELECT max(id) FROM quotes WHERE quotes.box_id = boxes.id) FROM boxes \
         WHERE boxes.order_id = ?) ORDER BY box_id"
    );
    all(connection, &sql, [order.0], quote_row)
}

/// Whether a newer quote for the same box exists.
pub(super) fn is_superseded(connection: &Connection, quote: &Quote) -> StoreResult<bool> {
    Ok(super::values::number(
        connection,
        "SELECT EXISTS (SELECT 1 FROM quotes WHERE box_id = ? AND id > ?)",
        [quote.request.box_id.0, quote.id.0],
    )? == 1)
}

pub(super) fn want_quote(
    connection: &Connection,
    request: &QuoteRequest,
    haste: Haste,
    now: DateTime<Utc>,
) -> StoreResult<QuoteId> {
    let parcel = packing::parcel(connection, request.box_id)?;
    packing::check_free(connection, &parcel)?;
    preflight::parcel(&request.weight, &request.dimensions).map_err(refused)?;
    let known = super::values::number(
        connection,
        "SELECT EXISTS (SELECT 1 FROM boxes WHERE id = ? AND order_id = ?)",
        [request.box_id.0, request.order.0],
    )?;
    if known == 0 {
        return Err(missing("box of this order", request.box_id));
    }
    run(
        connection,
        "DELETE FROM quotes WHERE box_id = ? AND NOT EXISTS (SELECT 1 FROM labels WHERE labels.quote_id = quotes.id)",
        [request.box_id.0],
    )?;
    run(
        connection,
        "INSERT INTO quotes (order_id, box_id, request, fingerprint, wanted_at, bulk) VALUES (?, ?, ?, ?, ?, ?)",
        params![
            request.order.0,
            request.box_id.0,
            json(request)?,
            fingerprint(request),
            micros(now),
            haste == Haste::Bulk
        ],
    )?;
    Ok(QuoteId(connection.last_insert_rowid()))
}

/// Wishes in bulk. One that the rules refuse does not touch the others.
pub(super) fn want_in_bulk(
    connection: &Connection,
    requests: &[QuoteRequest],
    now: DateTime<Utc>,
) -> StoreResult<Vec<StoreResult<QuoteId>>> {
    let mut wanted = Vec::with_capacity(requests.len());
    for request in requests {
        // Refusals come before anything is written.
        match want_quote(connection, request, Haste::Bulk, now) {
            Err(error @ (StoreError::Refused(_) | StoreError::NotFound { .. })) => wanted.push(Err(error)),
            other => wanted.push(Ok(other?)),
        }
    }
    Ok(wanted)
}

/// Of these quotes those that are answered or failed.
pub(super) fn answered(connection: &Connection, ids: &[QuoteId]) -> StoreResult<Vec<Quote>> {
    let mut answered = Vec::new();
    for id in ids {
        let sql = format!("{QUOTE} WHERE id = ? AND (answer IS NOT NULL OR failure IS NOT NULL)");
        answered.extend(first(connection, &sql, [id.0], quote_row)?);
    }
    Ok(answered)
}

const WANTED: &str =
    "SELECT quotes.id, request, fingerprint, wanted_at, answer, failure, store, number FROM quotes";
const NEWEST: &str =
    "NOT EXISTS (SELECT 1 FROM quotes AS newer WHERE newer.box_id = quotes.box_id AND newer.id > quotes.id)";

fn wanted_row(row: &Row<'_>) -> StoreResult<(Quote, StoreId, OrderNumber)> {
    Ok((quote_row(row)?, StoreId(row.get(6)?), OrderNumber(row.get(7)?)))
}

pub(super) fn wanted_quotes(connection: &Connection) -> StoreResult<Vec<(Quote, StoreId, OrderNumber)>> {
    let sql = format!(
        "{WANTED} INDEXED BY quotes_wanted_at_the_bench JOIN orders ON orders.id = quotes.order_id \
         WHERE answer IS NULL AND failure IS NULL AND bulk = 0 AND {NEWEST} ORDER BY quotes.id"
    );
    all(connection, &sql, [], wanted_row)
}

/// A window of the quotes wanted in bulk.
pub(super) fn wanted_in_bulk(
    connection: &Connection,
    after: QuoteId,
    limit: usize,
) -> StoreResult<Vec<(Quote, StoreId, OrderNumber)>> {
    let sql = format!(
        "{WANTED} INDEXED BY quotes_wanted_in_bulk JOIN orders ON orders.id = quotes.order_id \
         WHERE answer IS NULL AND failure IS NULL AND bulk = 1 AND quotes.id > ? AND {NEWEST} \
         ORDER BY quotes.id LIMIT ?"
    );
    let limit = i64::try_from(limit).unwrap_or(i64::MAX);
    all(connection, &sql, params![after.0, limit], wanted_row)
}

pub(super) fn answer_quote(
    connection: &Connection,
    id: QuoteId,
    answer: Result<QuoteAnswer, String>,
    now: DateTime<Utc>,
) -> StoreResult<()> {
    if let Ok(answer) = &answer
        && let Some(order) = first(
            connection,
            "SELECT order_id FROM quotes WHERE id = ?",
            [id.0],
            |row| Ok(OrderId(row.get(0)?)),
        )?
    {
        methods::learn(connection, order, answer)?;
    }
    let (answer, failure, asked_at) = match answer {
        Ok(answer) => (Some(json(&answer)?), None, Some(micros(answer.asked_at))),
        Err(failure) => (None, Some(failure), None),
    };
    // A quote that a newer one replaced is gone or waits no more: nothing to do.
    run(
        connection,
        "UPDATE quotes SET answer = ?, failure = ?, asked_at = ?, answered_at = ? \
         WHERE id = ? AND answer IS NULL AND failure IS NULL",
        params![answer, failure, asked_at, micros(now), id.0],
    )?;
    Ok(())
}

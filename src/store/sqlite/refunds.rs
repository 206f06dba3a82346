//! Lists of refunds, and of labels that no carrier has scanned.

use super::label_rows::{LABEL, label_row};
use super::values::{all, micros, money, number};
use crate::domain::money::Money;
use crate::domain::refund::{LISTED, QUIET, RefundFilter, Refunds};
use crate::domain::rows::{LabelRow, Page};
use crate::domain::shipment::LabelState;
use crate::store::StoreResult;
use chrono::{DateTime, Utc};
use rusqlite::{Connection, Params, params};

/// States of a refund that is not decided.
const OPEN: &str = "labels.state IN ('voided', 'refund pending', 'refund not reported')";

pub(super) fn refunds(
    connection: &Connection,
    filter: RefundFilter,
    start: usize,
    limit: usize,
    now: DateTime<Utc>,
) -> StoreResult<Refunds> {
    let chosen = match filter {
        RefundFilter::All => "?1 = ?1".to_owned(),
        RefundFilter::Open => format!("?1 = ?1 AND {OPEN}"),
        RefundFilter::Overdue => {
            format!("{OPEN} AND (labels.state = 'refund not reported' OR expected_by < ?1)")
        }
    };
    let total = number(
        connection,
        &format!(
            "SELECT count(*) FROM aftermath JOIN labels ON labels.id = aftermath.label \
             WHERE voided_at IS NOT NULL AND {chosen}"
        ),
        [micros(now)],
    )?;
    // Open ones by their expected day, so that the overdue stand at the top; then the newest of the decided.
    let rows = page_rows(
        connection,
        &format!(
            "{LABEL} WHERE voided_at IS NOT NULL AND {chosen} \
             ORDER BY NOT {OPEN}, iif({OPEN}, expected_by, -labels.changed_at), labels.sequence LIMIT ?2 OFFSET ?3"
        ),
        params![micros(now), small(limit), small(start)],
    )?;
    Ok(Refunds {
        page: Page {
            first: start,
            rows,
            total: usize::try_from(total).unwrap_or(0),
        },
        awaited: sums(connection, OPEN)?,
        lost: sums(
            connection,
            &format!("labels.state = '{}'", LabelState::RefundRejected.words()),
        )?,
    })
}

/// What was paid for these labels, per currency.
fn sums(connection: &Connection, chosen: &str) -> StoreResult<Vec<Money>> {
    all(
        connection,
        &format!(
            "SELECT price_currency, sum(price_minor) FROM aftermath JOIN labels ON labels.id = aftermath.label \
             WHERE voided_at IS NOT NULL AND {chosen} GROUP BY price_currency ORDER BY price_currency"
        ),
        [],
        |row| money(row.get(1)?, &row.get::<_, String>(0)?),
    )
}

pub(super) fn unmoved(
    connection: &Connection,
    start: usize,
    limit: usize,
    now: DateTime<Utc>,
) -> StoreResult<Page<LabelRow>> {
    // As `domain::refund::is_unmoved`; a case of the conformance suite holds both against each other.
    let chosen = "scanned = 0 AND voided_at IS NULL AND bought_at BETWEEN ?1 AND ?2 AND labels.via <> 'outside' \
                  AND labels.state IN ('bought', 'bought without document', 'printed', 'void wanted', 'void asked', \
                  'void refused', 'void unknown')";
    let (oldest, youngest) = (micros(now - LISTED), micros(now - QUIET));
    let total = number(
        connection,
        &format!("SELECT count(*) FROM aftermath JOIN labels ON labels.id = aftermath.label WHERE {chosen}"),
        params![oldest, youngest],
    )?;
    // Those that can still be voided first, the shortest time left at the top.
    let rows = page_rows(
        connection,
        &format!(
            "{LABEL} WHERE {chosen} ORDER BY bought_at < ?3, iif(bought_at < ?3, -bought_at, bought_at), \
             labels.sequence LIMIT ?4 OFFSET ?5"
        ),
        params![
            oldest,
            youngest,
            micros(now - crate::domain::refund::VOID_WINDOW),
            small(limit),
            small(start)
        ],
    )?;
    Ok(Page {
        first: start,
        rows,
        total: usize::try_from(total).unwrap_or(0),
    })
}

fn page_rows(connection: &Connection, sql: &str, parameters: impl Params) -> StoreResult<Vec<LabelRow>> {
    all(connection, sql, parameters, label_row)
}

fn small(count: usize) -> i64 {
    i64::try_from(count).unwrap_or(i64::MAX)
}

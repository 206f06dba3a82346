//! What Amazon writes when it refuses may repeat what it was sent: its words are kept as typed words are.

use super::typed::Typist;
use super::values::first;
use super::{confirmations, label_rows};
use crate::domain::ids::{IntentId, OrderId, QuoteId};
use crate::domain::rate::QuoteAnswer;
use crate::store::{ConfirmSettlement, Settlement, StoreResult, VoidSettlement};
use chrono::{DateTime, Utc};
use rusqlite::Connection;

/// An answer to a question for rates.
pub(super) fn quoted(
    connection: &Connection,
    typist: &Typist,
    quote: QuoteId,
    answer: Result<QuoteAnswer, String>,
    now: DateTime<Utc>,
) -> StoreResult<Result<QuoteAnswer, String>> {
    let why = match answer {
        Ok(answer) => return Ok(Ok(answer)),
        Err(why) => why,
    };
    let order = first(
        connection,
        "SELECT order_id FROM quotes WHERE id = ?",
        [quote.0],
        |row| Ok(OrderId(row.get(0)?)),
    )?;
    Ok(Err(match order {
        Some(order) => typist.keep_said(connection, order, &why, None, now)?,
        None => why,
    }))
}

/// How a purchase is settled.
pub(super) fn bought(
    connection: &Connection,
    typist: &Typist,
    label: IntentId,
    settlement: &Settlement,
    now: DateTime<Utc>,
) -> StoreResult<Settlement> {
    let mut settlement = settlement.clone();
    match &mut settlement {
        Settlement::NotSent { why, .. } | Settlement::Refused { why, .. } | Settlement::Unknown { why } => {
            keep(connection, typist, label, why, now)?;
        }
        Settlement::Bought { .. } => {}
    }
    Ok(settlement)
}

/// How a void is settled.
pub(super) fn voided(
    connection: &Connection,
    typist: &Typist,
    label: IntentId,
    settlement: &VoidSettlement,
    now: DateTime<Utc>,
) -> StoreResult<VoidSettlement> {
    let mut settlement = settlement.clone();
    match &mut settlement {
        VoidSettlement::NotSent { why, .. }
        | VoidSettlement::Refused { why }
        | VoidSettlement::Rejected { why }
        | VoidSettlement::Unknown { why } => keep(connection, typist, label, why, now)?,
        VoidSettlement::Accepted => {}
    }
    Ok(settlement)
}

/// How Amazon was told of a label from elsewhere.
pub(super) fn confirmed(
    connection: &Connection,
    typist: &Typist,
    label: IntentId,
    settlement: &ConfirmSettlement,
    now: DateTime<Utc>,
) -> StoreResult<ConfirmSettlement> {
    let mut settlement = settlement.clone();
    match &mut settlement {
        ConfirmSettlement::Confirmed { why: Some(why), .. }
        | ConfirmSettlement::NotSent { why, .. }
        | ConfirmSettlement::Refused { why, .. }
        | ConfirmSettlement::Unknown { why, .. } => {
            let told = confirmations::find(connection, label)?;
            *why = typist.keep_said(connection, told.order, why, told.reason.as_deref(), now)?;
        }
        ConfirmSettlement::Confirmed { why: None, .. } => {}
    }
    Ok(settlement)
}

fn keep(
    connection: &Connection,
    typist: &Typist,
    label: IntentId,
    why: &mut String,
    now: DateTime<Utc>,
) -> StoreResult<()> {
    let known = label_rows::label(connection, label)?;
    *why = typist.keep_said(connection, known.order, why, known.reason.as_deref(), now)?;
    Ok(())
}

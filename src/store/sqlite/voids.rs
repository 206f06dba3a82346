//! Settling a void (PURCHASING.md 5): the box is free, and its order goes back to Ready to Pick.

use super::label_rows::{bytes, doubts, label, labels_of, move_label};
use super::lead::{doubt, end_attempt};
use super::values::{micros, run};
use super::{flags, orders, packing};
use crate::domain::ids::IntentId;
use crate::domain::rows::LabelRow;
use crate::domain::shipment::{LabelMove, LabelState};
use crate::domain::status::OrderStatus;
use crate::store::{StoreResult, VoidSettlement};
use chrono::{DateTime, Utc};
use rusqlite::{Connection, params};

pub(super) fn settle_void(
    connection: &Connection,
    id: IntentId,
    settlement: &VoidSettlement,
    now: DateTime<Utc>,
) -> StoreResult<LabelRow> {
    let known = label(connection, id)?;
    let is_over = known.state.was_bought() && !known.state.is_bought();
    match settlement {
        _ if is_over => {}
        VoidSettlement::Accepted => {
            end_attempt(connection, id, true, "accepted", None, now)?;
            move_label(connection, id, LabelMove::AcceptVoid, None, None, now)?;
            voided(connection, &known, now)?;
        }
        VoidSettlement::NotSent { why, not_before } => {
            not_voided(connection, &known, LabelMove::VoidNotSent, why, now)?;
            run(
                connection,
                "UPDATE labels SET not_before = ? WHERE id = ?",
                params![not_before.map(micros), bytes(&id)],
            )?;
        }
        VoidSettlement::Refused { why } => not_voided(connection, &known, LabelMove::RefuseVoid, why, now)?,
        VoidSettlement::Rejected { why } => {
            run(
                connection,
                "UPDATE labels SET void_in_doubt = 0 WHERE id = ?",
                [bytes(&id)],
            )?;
            not_voided(connection, &known, LabelMove::RefuseVoid, why, now)?;
        }
        VoidSettlement::Unknown { why } => not_voided(connection, &known, LabelMove::LoseVoid, why, now)?,
    }
    label(connection, id)
}

/// While an earlier sending is in doubt, a failure of a later one leaves it so.
fn not_voided(
    connection: &Connection,
    known: &LabelRow,
    step: LabelMove,
    why: &str,
    now: DateTime<Utc>,
) -> StoreResult<()> {
    end_attempt(connection, known.id, true, why, None, now)?;
    let (_, in_doubt) = doubts(connection, known.id)?;
    let step = if in_doubt { LabelMove::LoseVoid } else { step };
    let settled_already = matches!(
        (known.state, step),
        (LabelState::VoidWanted, LabelMove::VoidNotSent) | (LabelState::VoidRefused, LabelMove::RefuseVoid)
    );
    let said_already = step == LabelMove::LoseVoid
        && known.state == LabelState::VoidUnknown
        && known.reason.as_deref() == Some(why);
    if settled_already || said_already {
        return Ok(());
    }
    move_label(connection, known.id, step, Some(why), None, now)?;
    if step == LabelMove::LoseVoid {
        doubt(connection, known.id, true)?;
    }
    Ok(())
}

fn voided(connection: &Connection, known: &LabelRow, now: DateTime<Utc>) -> StoreResult<()> {
    packing::free(connection, known.box_id)?;
    let one_lives = labels_of(connection, known.order)?
        .iter()
        .any(|label| label.state.is_live());
    let order = orders::order(connection, known.order)?;
    if !one_lives && order.status.move_to(OrderStatus::ReadyToPick).is_ok() && order.status.can_ship() {
        let to = OrderStatus::ReadyToPick;
        orders::stand(connection, known.order, to, None, "its label is voided", now)?;
    }
    orders::refresh(connection, known.order)?;
    flags::judge_packages(connection, known.order, now)
}

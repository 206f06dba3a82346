//! Voiding (PURCHASING.md 5): the wish for one label or for all of an order, and settling it. With the last label
//! void the order goes back to Ready to Pick.

use super::label_rows::{bytes, doubts, label, labels_of, move_label, typed};
use super::lead::{doubt, end_attempt};
use super::permissions::permit;
use super::values::{micros, refused, run};
use super::{aftermath, boxes, flags, labels, orders, outside, packing};
use crate::domain::ids::{IntentId, OrderId};
use crate::domain::refund::OldLabel;
use crate::domain::rows::LabelRow;
use crate::domain::seller::LabelVia;
use crate::domain::shipment::{LabelMove, LabelState};
use crate::domain::status::OrderStatus;
use crate::domain::user::Permission;
use crate::store::{Refusal, StoreError, StoreResult, VoidSettlement, VoidWish, VoidsWanted};
use chrono::{DateTime, Utc};
use rusqlite::{Connection, params};

/// Wants one label void.
pub(super) fn want_void(
    connection: &Connection,
    id: IntentId,
    wish: &VoidWish,
    now: DateTime<Utc>,
) -> StoreResult<()> {
    permit(connection, wish.by, Permission::Void)?;
    let known = label(connection, id)?;
    known
        .state
        .apply(LabelMove::WantVoid)
        .map_err(|illegal| StoreError::Refused(Refusal::IllegalMove(illegal.to_string())))?;
    let said = wish.paper.of_all(std::slice::from_ref(&known)).map_err(refused)?;
    for old in said {
        want(connection, &known, old, wish, now)?;
    }
    Ok(())
}

/// Wants every live label of an order void, in one transaction: what was not asked for is taken back, what is being
/// voided goes on, and while nobody knows whether one was bought nothing is changed.
pub(super) fn want_void_order(
    connection: &Connection,
    id: OrderId,
    wish: &VoidWish,
    now: DateTime<Utc>,
) -> StoreResult<VoidsWanted> {
    permit(connection, wish.by, Permission::Void)?;
    let order = orders::order(connection, id)?;
    order
        .status
        .move_to(OrderStatus::ReadyToPick)
        .map_err(|refusal| refused(refusal.to_string()))?;
    let live: Vec<LabelRow> = labels_of(connection, id)?
        .into_iter()
        .filter(|label| label.state.is_live())
        .collect();
    if live.is_empty() {
        return Err(refused("this order has no label: there is nothing to void"));
    }
    if let Some(open) = live
        .iter()
        .find(|label| matches!(label.state, LabelState::Asked | LabelState::Unknown))
    {
        let parcel = packing::parcel(connection, open.box_id)?.number;
        return Err(refused(if open.state == LabelState::Asked {
            format!(
                "the label of box {parcel} is being asked for just now: wait for Amazon's answer, then void"
            )
        } else {
            format!(
                "nobody knows whether the label of box {parcel} was bought: that is settled first, by Amazon's \
                 answer or by a supervisor; nothing is voided yet"
            )
        }));
    }
    let mut wanted = VoidsWanted::default();
    let (to_void, others): (Vec<LabelRow>, Vec<LabelRow>) =
        live.into_iter().partition(|label| label.state.can_void());
    let said = wish.paper.of_all(&to_void).map_err(refused)?;
    for (label, old) in to_void.iter().zip(said) {
        want(connection, label, old, wish, now)?;
        wanted.voids.push(label.id);
    }
    for label in others {
        if label.state == LabelState::Wanted {
            labels::withdraw_label(connection, label.id, wish.by, now)?;
            wanted.withdrawn.push(label.id);
        } else {
            wanted.voids.push(label.id);
        }
    }
    if wanted.voids.is_empty() {
        let to = OrderStatus::ReadyToPick;
        orders::stand(connection, id, to, Some(wish.by), wish.reason.trim(), now)?;
    }
    Ok(wanted)
}

fn want(
    connection: &Connection,
    known: &LabelRow,
    old: OldLabel,
    wish: &VoidWish,
    now: DateTime<Utc>,
) -> StoreResult<()> {
    if known.via == LabelVia::Outside {
        let said = format!("{}, {}", typed(&wish.reason)?, old.words());
        return outside::take_back(connection, known, wish.by, &said, now);
    }
    let reason = wish.reason.trim();
    let why = if reason.is_empty() {
        old.words().to_owned()
    } else {
        format!("{reason} ({})", old.words())
    };
    let id = known.id;
    move_label(
        connection,
        id,
        LabelMove::WantVoid,
        Some(&why),
        Some(wish.by),
        now,
    )?;
    aftermath::said(connection, id, old)?;
    run(
        connection,
        "UPDATE labels SET void_in_doubt = 0 WHERE id = ?",
        [bytes(&id)],
    )?;
    run(
        connection,
        "UPDATE print_jobs SET state = 'dropped', reason = 'its label is being voided', changed_at = ? \
         WHERE label = ? AND state IN ('wanted', 'failed')",
        params![micros(now), bytes(&id)],
    )?;
    Ok(())
}

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
        VoidSettlement::Refused { why } => {
            not_voided(connection, &known, LabelMove::RefuseVoid, why, now)?;
            back_to_pick(connection, known.order, now)?;
        }
        VoidSettlement::Rejected { why } => {
            run(
                connection,
                "UPDATE labels SET void_in_doubt = 0 WHERE id = ?",
                [bytes(&id)],
            )?;
            not_voided(connection, &known, LabelMove::RefuseVoid, why, now)?;
            back_to_pick(connection, known.order, now)?;
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

pub(super) fn voided(connection: &Connection, known: &LabelRow, now: DateTime<Utc>) -> StoreResult<()> {
    packing::free(connection, known.box_id)?;
    orders::refresh(connection, known.order)?;
    back_to_pick(connection, known.order, now)?;
    flags::judge_packages(connection, known.order, now)
}

/// The order goes back to Ready to Pick once no label of it lives, or, where it has several boxes, once no other void
/// is under way and units lie in no box: they are packed again, while the other boxes keep their labels.
fn back_to_pick(connection: &Connection, id: OrderId, now: DateTime<Utc>) -> StoreResult<()> {
    let labels = labels_of(connection, id)?;
    let mut live = labels.iter().filter(|label| label.state.is_live()).peekable();
    let to = OrderStatus::ReadyToPick;
    let order = orders::order(connection, id)?;
    let why = if live.peek().is_none() {
        if !order.status.can_ship() {
            return Ok(());
        }
        "its label is voided"
    } else {
        let left = matches!(order.status, OrderStatus::ReadyForPickup | OrderStatus::Shipped);
        let under_way = live.any(|label| {
            matches!(
                label.state,
                LabelState::VoidWanted | LabelState::VoidAsked | LabelState::VoidUnknown
            )
        });
        if !left || under_way || boxes::is_all_packed(connection, id)? {
            return Ok(());
        }
        "the label of one of its boxes is voided"
    };
    if order.status.move_to(to).is_ok() {
        orders::stand(connection, id, to, None, why, now)?;
    }
    Ok(())
}

#[cfg(test)]
mod tests;

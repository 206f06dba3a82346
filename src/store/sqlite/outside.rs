//! Labels that were bought elsewhere: recording one, and taking one back.

use super::label_rows::{self, bytes, label, labels_of, move_label, typed};
use super::labels::{bought_order, check_not_restored};
use super::people::note;
use super::permissions::permit;
use super::values::{micros, missing, refused, run};
use super::{confirmations, detail, onto_box, orders, packing, rules, voids};
use crate::domain::ids::UserId;
use crate::domain::outside::{self, CheckedNumber};
use crate::domain::packing::PackingSession;
use crate::domain::rate::method_name;
use crate::domain::rows::LabelRow;
use crate::domain::seller::LabelVia;
use crate::domain::shipment::{LabelMove, LabelState};
use crate::domain::status::OrderStatus;
use crate::domain::text::Clean;
use crate::domain::user::Permission;
use crate::store::{RecordOutside, Refusal, StoreError, StoreResult};
use chrono::{DateTime, Utc};
use rusqlite::{Connection, params};

pub(super) fn record(
    connection: &Connection,
    record: &RecordOutside,
    now: DateTime<Utc>,
) -> StoreResult<LabelRow> {
    if let Some(known) = label_rows::find(connection, record.id)? {
        // The same label again, because its answer was lost.
        return if known.box_id == record.box_id && known.order == record.order {
            Ok(known)
        } else {
            Err(refused("this label was recorded for another box"))
        };
    }
    let detail = detail::order(connection, record.order)?;
    let parcel = detail
        .boxes
        .iter()
        .find(|parcel| parcel.id == record.box_id)
        .ok_or_else(|| missing("box of this order", record.box_id))?;
    check_not_restored(connection)?;
    packing::check_turn(connection, parcel, record.turn)?;
    packing::check_free(connection, parcel)?;
    rules::can_ship(&detail).map_err(StoreError::Refused)?;
    let channel = &detail.order.channel;
    let session = PackingSession::replay(&channel.lines, &detail.products, &detail.scans);
    session
        .complete()
        .map_err(|missing| StoreError::Refused(Refusal::Incomplete(missing.join("; "))))?;
    let packed = PackingSession::of_box(&detail, parcel.id);
    if packed.is_empty() {
        return Err(refused(format!(
            "nothing lies in box {}: open another one",
            parcel.number
        )));
    }
    let reason = record.reason.as_deref().map_or("", str::trim);
    let terms = outside::terms(channel, &record.carrier, &record.method)
        .map_err(|words| StoreError::Refused(Refusal::MethodBarred(words)))?;
    if terms.breaks_prime {
        permit(connection, record.by, Permission::BreakPrime)?;
    }
    if terms.breaks_prime && reason.is_empty() {
        return Err(StoreError::Refused(Refusal::MethodBarred(format!(
            "a label from elsewhere takes a typed reason here: {}",
            terms.notes.join(" ")
        ))));
    }
    let method = Clean::bounded(&record.method, outside::LONGEST_NAME);
    if method.is_empty() {
        return Err(refused("the label has a method, e.g. Ground: type it"));
    }
    if record.cost.minor < 0 {
        return Err(refused("a label costs nothing or more: type what it cost"));
    }
    let number = free_number(connection, record)?;
    permit(connection, record.by, Permission::Buy)?;
    insert(connection, record, &method, &number, now)?;
    label_rows::record(connection, record.id, Some(record.by), now)?;
    let because = if reason.is_empty() {
        String::new()
    } else {
        format!(" ({reason})")
    };
    let what = format!(
        "label from elsewhere recorded: {} {} {}{because}",
        method_name(record.carrier.name(), &method),
        record.cost,
        number.number
    );
    note(connection, Some(record.order), Some(record.by), &what, now)?;
    orders::add_to_search(connection, record.order, number.number.as_str())?;
    if channel.origin.is_amazon() {
        confirmations::want(connection, &detail, &packed, record, &method, &number.number, now)?;
    }
    orders::refresh(connection, record.order)?;
    let known = label(connection, record.id)?;
    bought_order(connection, &known, now)?;
    if !record.manifests {
        let order = orders::order(connection, record.order)?;
        let on_boxes = onto_box::due(connection, record.order)? == 0;
        let printed = label_rows::unprinted(connection, record.order)? == 0;
        if order.status == OrderStatus::ReadyForPickup && on_boxes && printed {
            let why = "its label from elsewhere is on the box";
            orders::stand(
                connection,
                record.order,
                OrderStatus::Shipped,
                Some(record.by),
                why,
                now,
            )?;
        }
    }
    Ok(known)
}

/// The number, where it can be the carrier's and no other label has it. A label from elsewhere that was taken
/// back may be recorded again for its order.
fn free_number(connection: &Connection, record: &RecordOutside) -> StoreResult<CheckedNumber> {
    let number = outside::check_number(&record.carrier, &record.tracking)
        .map_err(|fault| refused(fault.to_string()))?;
    if !number.verified && !record.checked {
        return Err(refused(format!(
            "{} numbers have no check digit that could be verified: compare {} with the label and say that it is right",
            record.carrier, number.number
        )));
    }
    if let Some(other) = label_rows::label_by_tracking(connection, number.number.as_str())? {
        let taken_back =
            other.via == LabelVia::Outside && !other.state.is_live() && other.order == record.order;
        if !taken_back {
            return Err(refused(format!(
                "this tracking number is on a label of order {} already",
                other.number
            )));
        }
    }
    Ok(number)
}

fn insert(
    connection: &Connection,
    record: &RecordOutside,
    method: &str,
    number: &CheckedNumber,
    now: DateTime<Utc>,
) -> StoreResult<()> {
    run(
        connection,
        "INSERT INTO labels (id, sequence, order_id, box_id, round, state, chosen_because, carrier, service_id, \
         service, price_minor, price_currency, station, wanted_by, wanted_at, changed_at, tracking, via) \
         VALUES (?1, (SELECT ifnull(max(sequence), 0) + 1 FROM labels), ?2, ?3, \
         (SELECT round FROM boxes WHERE id = ?3), ?4, ?5, ?6, '', ?7, ?8, ?9, ?10, ?11, ?12, ?12, ?13, ?14)",
        params![
            bytes(&record.id),
            record.order.0,
            record.box_id.0,
            LabelState::Bought.words(),
            record.reason.as_deref().map(str::trim),
            record.carrier.name(),
            method,
            record.cost.minor,
            record.cost.currency.code(),
            record.station.as_str(),
            record.by.0,
            micros(now),
            number.number.as_str(),
            LabelVia::Outside.key(),
        ],
    )?;
    Ok(())
}

/// Takes a label from elsewhere back: nobody is asked, so it is voided here at once, and a person voids it at
/// its carrier.
pub(super) fn take_back(
    connection: &Connection,
    known: &LabelRow,
    by: UserId,
    reason: &str,
    now: DateTime<Utc>,
) -> StoreResult<()> {
    if known.state == LabelState::Voided {
        return Ok(());
    }
    let reason = typed(reason)?;
    move_label(
        connection,
        known.id,
        LabelMove::WantVoid,
        Some(reason),
        Some(by),
        now,
    )?;
    let why = format!("taken back ({reason}): void it at {} yourself", known.carrier);
    move_label(
        connection,
        known.id,
        LabelMove::AcceptVoid,
        Some(&why),
        Some(by),
        now,
    )?;
    confirmations::drop_unasked(connection, known, by, now)?;
    voids::voided(connection, known, now)
}

/// Whether the order has a label from elsewhere that stands.
pub(super) fn stands(connection: &Connection, known: &LabelRow) -> StoreResult<bool> {
    Ok(labels_of(connection, known.order)?
        .iter()
        .any(|label| label.id == known.id && label.via == LabelVia::Outside && label.state.is_bought()))
}

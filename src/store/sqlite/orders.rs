//! Orders: reading one, where it stands, the columns that lists show.

use super::people::note;
use super::permissions::permit_named;
use super::review;
use super::values::{
    all, first, json, label_state, maybe_parsed, micros, missing, number, parsed, refused, run, status,
    status_text, time,
};
use super::{boxes, confirmations, onto_box, splitting};
use crate::domain::address::Destination;
use crate::domain::customer::CustomerData;
use crate::domain::ids::{BoxId, DataKeyId, OrderId, OrderNumber, PickListId, StoreId, UserId};
use crate::domain::order::{ChannelOrder, ChannelStatus, Flag, Order, Said};
use crate::domain::policy::Promised;
use crate::domain::refund::is_open;
use crate::domain::sealed::{Sealed, WrappedKey};
use crate::domain::shipment::LabelState;
use crate::domain::status::OrderStatus;
use crate::domain::user::Permission;
use crate::store::{StoreError, StoreResult};
use chrono::{DateTime, Utc};
use rusqlite::{Connection, params};

/// An order, whole. Its age is that of its own last answer or of its shop's last sweep, whichever is younger.
pub(super) fn order(connection: &Connection, id: OrderId) -> StoreResult<Order> {
    first(
        connection,
        "SELECT orders.id, word, status, pick_list, assigned, flags, max(seen_at, ifnull(swept_at, seen_at)), erased, \
         place, parts, policy_promised FROM orders JOIN channel_orders ON channel_orders.order_id = orders.id \
         LEFT JOIN shops ON shops.store = orders.store WHERE orders.id = ?",
        [id.0],
        |row| {
            let mut channel: ChannelOrder = parsed(&row.get::<_, String>(1)?)?;
            let part = splitting::part(connection, id, &mut channel, row.get(8)?, row.get(9)?)?;
            let promised: Option<Promised> = maybe_parsed(row.get(10)?)?;
            let said = promised.map(|promised| {
                let said = Said::of(&channel);
                promised.lay_over(&mut channel);
                Box::new(said)
            });
            Ok(Order {
                id: OrderId(row.get(0)?),
                channel,
                part,
                said,
                status: status(&row.get::<_, String>(2)?)?,
                pick_list: row.get::<_, Option<i64>>(3)?.map(PickListId),
                assigned: parsed(&row.get::<_, String>(4)?)?,
                flags: parsed(&row.get::<_, String>(5)?)?,
                seen_at: time(row.get(6)?)?,
                erased: row.get(7)?,
            })
        },
    )?
    .ok_or_else(|| missing("order", id))
}

pub(super) fn find_orders(connection: &Connection, order_number: &OrderNumber) -> StoreResult<Vec<OrderId>> {
    all(
        connection,
        // A part that was joined with another again has no units, and is only history.
        "SELECT id FROM orders WHERE number = ? AND NOT (part > 0 AND units = 0) ORDER BY part, id",
        [order_number.as_str()],
        |row| Ok(OrderId(row.get(0)?)),
    )
}

pub(super) fn destination(connection: &Connection, id: OrderId) -> StoreResult<Option<Destination>> {
    let word = first(
        connection,
        "SELECT word FROM channel_orders WHERE order_id = ?",
        [id.0],
        |row| Ok(row.get::<_, String>(0)?),
    )?
    .ok_or_else(|| missing("order", id))?;
    Ok(parsed::<ChannelOrder>(&word)?.destination)
}

pub(super) fn customer(
    connection: &Connection,
    id: OrderId,
) -> StoreResult<Option<(WrappedKey, Sealed<CustomerData>)>> {
    first(
        connection,
        "SELECT data_keys.id, wrapped, sealed FROM customers JOIN data_keys ON data_keys.id = customers.data_key \
         JOIN orders ON orders.id = customers.order_id \
         WHERE customers.order_id = ? AND wrapped IS NOT NULL AND erased = 0",
        [id.0],
        |row| {
            Ok((
                WrappedKey {
                    id: DataKeyId(row.get(0)?),
                    bytes: row.get(1)?,
                },
                Sealed::from_bytes(row.get(2)?),
            ))
        },
    )
}

/// The data key under which more of an order is sealed.
pub(super) fn order_key(
    connection: &Connection,
    store: &StoreId,
    order_number: &OrderNumber,
) -> StoreResult<Option<WrappedKey>> {
    first(
        connection,
        "SELECT data_keys.id, wrapped FROM orders JOIN data_keys ON data_keys.id = orders.data_key \
         WHERE orders.store = ? AND orders.number = ? AND wrapped IS NOT NULL ORDER BY part LIMIT 1",
        [store.as_str(), order_number.as_str()],
        |row| {
            Ok(WrappedKey {
                id: DataKeyId(row.get(0)?),
                bytes: row.get(1)?,
            })
        },
    )
}

/// The number of an order's data key; an order without one has nothing that could be sealed.
pub(super) fn data_key(connection: &Connection, id: OrderId) -> StoreResult<i64> {
    first(
        connection,
        "SELECT data_key FROM orders WHERE id = ?",
        [id.0],
        |row| Ok(row.get::<_, Option<i64>>(0)?),
    )?
    .flatten()
    .ok_or_else(|| refused("this order has no data key: its address has not come yet"))
}

pub(super) fn next_data_key(connection: &Connection) -> StoreResult<DataKeyId> {
    Ok(DataKeyId(number(
        connection,
        "INSERT INTO settings (key, number) VALUES ('data_key', 1) \
         ON CONFLICT (key) DO UPDATE SET number = number + 1 RETURNING number",
        [],
    )?))
}

/// Puts an order where the program says it stands, with a line in the history.
pub(super) fn stand(
    connection: &Connection,
    id: OrderId,
    to: OrderStatus,
    by: Option<UserId>,
    why: &str,
    now: DateTime<Utc>,
) -> StoreResult<()> {
    let changed = run(
        connection,
        "UPDATE orders SET status = ?1, changed_at = ?2 WHERE id = ?3 AND status <> ?1",
        params![status_text(to), micros(now), id.0],
    )?;
    if changed > 0 {
        let what = if why.is_empty() {
            format!("{to}")
        } else {
            format!("{to}: {why}")
        };
        note(connection, Some(id), by, &what, now)?;
        // An order on a pick list that stops is flagged at once.
        refresh(connection, id)?;
    }
    Ok(())
}

/// Moves an order by hand.
pub(super) fn set_status(
    connection: &Connection,
    id: OrderId,
    to: OrderStatus,
    by: Option<UserId>,
    reason: &str,
    now: DateTime<Utc>,
) -> StoreResult<()> {
    let order = order(connection, id)?;
    if to == OrderStatus::Canceled {
        permit_named(connection, by, Permission::Cancel)?;
    } else if OrderStatus::OnHold == to || OrderStatus::OnHold == order.status {
        permit_named(connection, by, Permission::Hold)?;
    }
    // Parked before it was paid: it goes back to waiting for the payment.
    let unpaid = order.status == OrderStatus::OnHold && order.channel.status == ChannelStatus::Pending;
    let to = match to {
        OrderStatus::ReadyToPick if unpaid => OrderStatus::Pending,
        to => to,
    };
    order
        .status
        .move_to(to)
        .map_err(|refusal| refused(refusal.to_string()))?;
    let leaves_label = matches!(order.status, OrderStatus::ReadyForPickup | OrderStatus::Shipped)
        && to == OrderStatus::ReadyToPick;
    if let Some(live) = live_label(connection, id)? {
        if leaves_label || !matches!(to, OrderStatus::ReadyForPickup | OrderStatus::Shipped) {
            return Err(refused(format!("this order has a label ({live}): void it first")));
        }
    } else if leaves_label || matches!(to, OrderStatus::ReadyForPickup | OrderStatus::Shipped) {
        return Err(refused(format!(
            "an order becomes {to} by its label, not by hand: buy or void the label"
        )));
    }
    if to == OrderStatus::Shipped {
        onto_box::check_none_due(connection, id)?;
    }
    if to == OrderStatus::Canceled && order.status != OrderStatus::Canceled {
        tell_store_not_notified(connection, &order, by, now)?;
    }
    stand(connection, id, to, by, reason.trim(), now)?;
    refresh(connection, id)?;
    // Released with something still to be resolved: to Review.
    review::judge(connection, id, &[], now)
}

/// Amazon's API cancels nothing: an order that is canceled here stays open there until a person cancels it in
/// Seller Central and an import says so (workflow.md 2.6.4).
fn tell_store_not_notified(
    connection: &Connection,
    order: &Order,
    by: Option<UserId>,
    now: DateTime<Utc>,
) -> StoreResult<()> {
    if !order.channel.origin.is_amazon() || order.channel.status == ChannelStatus::Canceled {
        return Ok(());
    }
    let mut flags = order.flags.clone();
    flags.push(Flag::StoreNotNotified);
    run(
        connection,
        "UPDATE orders SET flags = ? WHERE id = ?",
        params![json(&flags)?, order.id.0],
    )?;
    note(
        connection,
        Some(order.id),
        by,
        &Flag::StoreNotNotified.to_string(),
        now,
    )
}

pub(super) fn live_label(connection: &Connection, id: OrderId) -> StoreResult<Option<LabelState>> {
    let states = label_states(connection, id)?;
    Ok(states
        .into_iter()
        .map(|label| label.state)
        .find(|state| state.is_live()))
}

/// A label as lists count it.
struct Listed {
    parcel: BoxId,
    state: LabelState,
    held: bool,
}

/// An order's labels and whether they are held, newest first. A void label whose parcel moves counts as held while its
/// refund is open.
fn label_states(connection: &Connection, id: OrderId) -> StoreResult<Vec<Listed>> {
    all(
        connection,
        "SELECT state, held, ifnull(scanned, 0), box_id FROM labels \
         LEFT JOIN aftermath ON aftermath.label = labels.id WHERE order_id = ? ORDER BY sequence DESC",
        [id.0],
        |row| {
            let state = label_state(&row.get::<_, String>(0)?)?;
            let (held, scanned): (bool, bool) = (row.get(1)?, row.get(2)?);
            Ok(Listed {
                parcel: BoxId(row.get(3)?),
                state,
                held: held && state.is_live() || scanned && is_open(state),
            })
        },
    )
}

/// The state that stands for the whole order: of several boxes the one that is furthest behind rules, and one in
/// trouble before all (workflow.md 4.7.4). Boxes that nothing lies in do not count.
fn whole_state(connection: &Connection, labels: &[Listed]) -> StoreResult<Option<LabelState>> {
    let mut seen = Vec::new();
    let mut states = Vec::new();
    for label in labels {
        if seen.contains(&label.parcel) {
            continue;
        }
        seen.push(label.parcel);
        if label.state.is_live() || boxes::is_filled(connection, label.parcel)? {
            states.push(label.state);
        }
    }
    let slowest = states.into_iter().min_by_key(|state| state.progress());
    Ok(slowest.or(labels.first().map(|label| label.state)))
}

/// Works out again what lists show of an order's labels and flags.
pub(super) fn refresh(connection: &Connection, id: OrderId) -> StoreResult<()> {
    let labels = label_states(connection, id)?;
    let (flags, at_the_bench, stopped): (Vec<Flag>, bool, bool) = first(
        connection,
        "SELECT flags, pick_list IS NOT NULL OR status NOT IN ('shipped', 'canceled'), \
         pick_list IS NOT NULL AND status IN ('pending', 'review', 'on_hold', 'canceled') FROM orders WHERE id = ?",
        [id.0],
        |row| Ok((parsed(&row.get::<_, String>(0)?)?, row.get(1)?, row.get(2)?)),
    )?
    .ok_or_else(|| missing("order", id))?;
    let whole = whole_state(connection, &labels)?;
    let live = labels.iter().any(|label| label.state.is_live());
    let bought = labels.iter().any(|label| label.state.is_bought()) && boxes::all_labelled(connection, id)?;
    let newest_of_its_box = |place: usize| {
        let parcel = labels[place].parcel;
        labels[..place].iter().all(|newer| newer.parcel != parcel)
    };
    // A refused label is settled by the box's next one; whatever else is wrong with a label stays wrong.
    let trouble = stopped
        || at_the_bench && !flags.is_empty()
        || confirmations::is_refused(connection, id)?
        || labels.iter().enumerate().any(|(place, label)| {
            label.held
                || label.state.is_trouble()
                    && (label.state != LabelState::Refused || newest_of_its_box(place))
        });
    run(
        connection,
        "UPDATE orders SET label_state = ?, live = ?, bought = ?, trouble = ?, units_packed = \
         (SELECT count(*) FROM packed_units WHERE packed_units.order_id = orders.id AND packed_units.live = 1) \
         WHERE id = ?",
        params![whole.map(LabelState::words), live, bought, trouble, id.0],
    )?;
    Ok(())
}

pub(super) fn is_empty(connection: &Connection) -> StoreResult<bool> {
    Ok(number(connection, "SELECT EXISTS (SELECT 1 FROM orders)", [])? == 0)
}

/// A tracking number can be searched for like the order's own number.
pub(super) fn add_to_search(connection: &Connection, id: OrderId, text: &str) -> StoreResult<()> {
    run(
        connection,
        "UPDATE orders SET search = search || ' ' || ?1 WHERE id = ?2 AND instr(search, ?1) = 0",
        params![text.to_lowercase(), id.0],
    )?;
    Ok(())
}

/// What is wrong with a store that names a thing it does not have.
pub(super) fn inconsistent(what: &str) -> StoreError {
    StoreError::Failed(format!("the database contradicts itself: {what}"))
}

//! Parts of a split order: making them, joining them, and what each of them sees of Amazon's word.
//!
//! Amazon's word stands whole with each part (`channel_orders`), so that the next import compares like with like; what
//! a part has of it stands in `order_shares` and is cut out wherever an order is read.

use super::catalogue::Shelf;
use super::people::{anybody, note};
use super::permissions::permit;
use super::typed::Typist;
use super::values::{all, first, json, micros, number, refused, run, small, status_text};
use super::{SqliteStore, flags, label_rows, labels, orders, shopping};
use crate::domain::ids::{LineId, OrderId, OrderNumber, StoreId, UserId};
use crate::domain::order::{ChannelOrder, Flag, Order};
use crate::domain::rows::{LabelRow, OrderDetail};
use crate::domain::shipment::LabelState;
use crate::domain::split::{self, NoSplit, Part, PartOf, Units, cut};
use crate::domain::status::OrderStatus;
use crate::domain::text::Clean;
use crate::domain::user::Permission;
use crate::store::{Refusal, SplitOrder, Splitting, StoreError, StoreResult};
use chrono::{DateTime, Utc};
use rusqlite::{Connection, params};

impl Splitting for SqliteStore {
    fn split_order(&mut self, split: &SplitOrder, now: DateTime<Utc>) -> StoreResult<OrderId> {
        self.write_typed(|connection, typist| split_order(connection, typist, split, now))
    }

    fn join_order(&mut self, part: OrderId, by: UserId, now: DateTime<Utc>) -> StoreResult<OrderId> {
        self.write(|connection| join_order(connection, part, by, now))
    }
}

/// The columns `place` and `parts` in the domain's words; none: a whole order, or nothing is left of the part.
pub(super) fn part_of(place: i64, parts: i64) -> StoreResult<Option<PartOf>> {
    Ok(if place > 0 && parts > 1 {
        Some(PartOf {
            place: small(place)?,
            of: small(parts)?,
        })
    } else {
        None
    })
}

/// Leaves of Amazon's word what the part has of it.
pub(super) fn part(
    connection: &Connection,
    id: OrderId,
    channel: &mut ChannelOrder,
    place: i64,
    parts: i64,
) -> StoreResult<Option<Part>> {
    if parts == 0 {
        return Ok(None);
    }
    let own = cut(&channel.lines, &units(connection, id)?);
    Ok(Some(Part {
        of: PartOf {
            place: small(place)?,
            of: small(parts)?,
        },
        whole: std::mem::replace(&mut channel.lines, own),
    }))
}

/// The units that a part has; none of a whole order.
pub(super) fn units(connection: &Connection, id: OrderId) -> StoreResult<Units> {
    let rows = all(
        connection,
        "SELECT line, units FROM order_shares WHERE order_id = ?",
        [id.0],
        |row| Ok((LineId(row.get(0)?), small(row.get(1)?)?)),
    )?;
    Ok(rows.into_iter().collect())
}

/// Labels of the other parts, those of which nothing is left and those that were joined again too: Amazon lists packages
/// by its own number.
pub(super) fn other_labels(connection: &Connection, order: &Order) -> StoreResult<Vec<LabelRow>> {
    let mut found = Vec::new();
    for id in parts_of(connection, &order.channel.store, &order.channel.number)? {
        if id != order.id {
            found.extend(label_rows::labels_of(connection, id)?);
        }
    }
    Ok(found)
}

/// Every part under the channel's number, those of which nothing is left too.
fn parts_of(connection: &Connection, store: &StoreId, of: &OrderNumber) -> StoreResult<Vec<OrderId>> {
    all(
        connection,
        "SELECT id FROM orders WHERE store = ? AND number = ? ORDER BY part",
        [store.as_str(), of.as_str()],
        |row| Ok(OrderId(row.get(0)?)),
    )
}

fn no(why: &NoSplit) -> StoreError {
    refused(why.to_string())
}

/// Somebody else who has the order open: what lies before a packer is not changed by another.
fn check_free_of_others(connection: &Connection, detail: &OrderDetail, by: UserId) -> StoreResult<()> {
    if detail.order.status != OrderStatus::InPacking {
        return Ok(());
    }
    match detail
        .boxes
        .iter()
        .find_map(|one| one.owner.filter(|owner| *owner != by))
    {
        Some(owner) => Err(StoreError::Refused(Refusal::OwnedBy {
            owner: anybody(connection, owner)?.name,
        })),
        None => Ok(()),
    }
}

fn split_order(
    connection: &Connection,
    typist: &Typist,
    wanted: &SplitOrder,
    now: DateTime<Utc>,
) -> StoreResult<OrderId> {
    permit(connection, wanted.by, Permission::Split)?;
    let detail = super::detail::order(connection, wanted.order)?;
    let order = &detail.order;
    check_free_of_others(connection, &detail, wanted.by)?;
    let going = split::going(&detail, &wanted.units).map_err(|why| no(&why))?;
    let reason = Clean::text(&wanted.reason);
    if let Some(words) = crate::domain::prime::split_breach(&order.channel) {
        permit(connection, wanted.by, Permission::BreakPrime)?;
        if reason.is_empty() {
            return Err(refused(format!(
                "this order is split with a reason alone: {words}"
            )));
        }
    }
    let mut staying = split::units_of(&order.channel.lines);
    for (line, units) in &going {
        if let Some(left) = staying.get_mut(line) {
            *left -= units;
        }
    }
    let new = part_row(connection, order, now)?;
    put_units(connection, order.id, &staying)?;
    put_units(connection, new, &going)?;
    number_anew(connection, &order.channel.store, &order.channel.number)?;
    for id in [order.id, new] {
        rewrite(connection, id, now)?;
    }
    let reason = typist.keep(connection, order.id, &reason, now)?;
    let because = if reason.is_empty() {
        String::new()
    } else {
        format!(" ({reason})")
    };
    let goods = goods(&detail, &going);
    let left = orders::order(connection, order.id)?.title();
    let what = format!("split: {goods} go as an order of their own, this is {left}{because}");
    note(connection, Some(order.id), Some(wanted.by), &what, now)?;
    let made = orders::order(connection, new)?.title();
    let what = format!("split off: {goods}, this is {made}{because}");
    note(connection, Some(new), Some(wanted.by), &what, now)?;
    // What stays may be labelled whole already.
    if let Some(label) = detail.labels.iter().find(|label| label.state.is_live()) {
        let session =
            crate::domain::packing::PackingSession::of(&super::detail::order(connection, order.id)?);
        if session.complete().is_ok() {
            labels::bought_order(connection, label, now)?;
        }
    }
    Ok(new)
}

/// `2 × MUG, 1 × PAN`.
fn goods(detail: &OrderDetail, units: &Units) -> String {
    let lines = detail.order.channel.lines.iter();
    let each = lines.filter_map(|line| {
        let units = units.get(&line.id).filter(|units| **units > 0)?;
        Some(format!("{units} × {}", line.sku))
    });
    each.collect::<Vec<_>>().join(", ")
}

/// A row for a new part: one of which nothing is left, or a fresh one. It has what the order has, and no units yet.
fn part_row(connection: &Connection, order: &Order, now: DateTime<Utc>) -> StoreResult<OrderId> {
    let held = order.status == OrderStatus::OnHold;
    let stands = status_text(if held {
        OrderStatus::OnHold
    } else {
        OrderStatus::ReadyToPick
    });
    let (store, of) = (order.channel.store.as_str(), order.channel.number.as_str());
    let left = first(
        connection,
        "SELECT id FROM orders WHERE store = ? AND number = ? AND part > 0 AND units = 0 AND live = 0 \
         AND erased = 0 ORDER BY part LIMIT 1",
        [store, of],
        |row| Ok(OrderId(row.get(0)?)),
    )?;
    let id = if let Some(left) = left {
        run(
            connection,
            "UPDATE orders SET status = ?, settled_at = NULL, changed_at = ? WHERE id = ?",
            params![stands, micros(now), left.0],
        )?;
        left
    } else {
        run(
            connection,
            "INSERT INTO orders (store, number, part, status, ship_by, deliver_by, badges, units, lines, title, search, \
             assigned, flags, seen_at, data_key, units_wanted, imported_at, changed_at) \
             SELECT store, number, (SELECT max(part) + 1 FROM orders WHERE store = ?2 AND number = ?3), ?4, ship_by, \
             deliver_by, badges, 0, 0, '', '', assigned, '[]', seen_at, data_key, 0, imported_at, ?5 \
             FROM orders WHERE id = ?1",
            params![order.id.0, store, of, stands, micros(now)],
        )?;
        OrderId(connection.last_insert_rowid())
    };
    run(
        connection,
        "UPDATE orders SET (ship_by, deliver_by, assigned, seen_at, data_key, po_box, address_faults, policy_promised, \
         search) = (SELECT ship_by, deliver_by, assigned, seen_at, data_key, po_box, address_faults, policy_promised, search \
         FROM orders AS whole WHERE whole.id = ?1) WHERE id = ?2",
        params![order.id.0, id.0],
    )?;
    for sql in [
        "INSERT OR REPLACE INTO channel_orders (order_id, word) SELECT ?2, word FROM channel_orders WHERE order_id = ?1",
        "INSERT OR REPLACE INTO customers (order_id, data_key, sealed) \
         SELECT ?2, data_key, sealed FROM customers WHERE order_id = ?1",
        "INSERT OR REPLACE INTO assignments (order_id, at, by, policy, why) \
         SELECT ?2, at, by, policy, why FROM assignments WHERE order_id = ?1",
        "INSERT OR REPLACE INTO policy_runs (order_id, at, outcome) \
         SELECT ?2, at, outcome FROM policy_runs WHERE order_id = ?1",
    ] {
        run(connection, sql, params![order.id.0, id.0])?;
    }
    let flags: Vec<&Flag> = order
        .flags
        .iter()
        .filter(|flag| !matches!(flag, Flag::NoProduct(_)))
        .collect();
    run(
        connection,
        "UPDATE orders SET flags = ? WHERE id = ?",
        params![json(&flags)?, id.0],
    )?;
    Ok(id)
}

/// Writes down what a part has.
pub(super) fn put_units(connection: &Connection, id: OrderId, units: &Units) -> StoreResult<()> {
    run(connection, "DELETE FROM order_shares WHERE order_id = ?", [id.0])?;
    for (line, units) in units.iter().filter(|(_, units)| **units > 0) {
        run(
            connection,
            "INSERT INTO order_shares (order_id, line, units) VALUES (?, ?, ?)",
            params![id.0, line.as_str(), units],
        )?;
    }
    Ok(())
}

/// Numbers the parts that have units; the last one that is left is a whole order again.
pub(super) fn number_anew(connection: &Connection, store: &StoreId, of: &OrderNumber) -> StoreResult<()> {
    let parts = parts_of(connection, store, of)?;
    let mut filled = Vec::new();
    for id in &parts {
        if !units(connection, *id)?.is_empty() {
            filled.push(*id);
        }
    }
    if let [whole] = filled[..] {
        run(
            connection,
            "DELETE FROM order_shares WHERE order_id = ?",
            [whole.0],
        )?;
    }
    for id in parts {
        let place = filled
            .iter()
            .position(|part| *part == id)
            .map_or(0, |place| place + 1);
        let (place, of) = match (filled.len(), place) {
            (0, _) => return Ok(()),
            (1, 1) => (0, 0),
            (several, place) => (place, several),
        };
        run(
            connection,
            "UPDATE orders SET place = ?, parts = ? WHERE id = ?",
            params![
                i64::try_from(place).unwrap_or(i64::MAX),
                i64::try_from(of).unwrap_or(i64::MAX),
                id.0
            ],
        )?;
    }
    Ok(())
}

/// What lists and rules read of an order follows from its units: lines, counts, title, flags of its products. Rates for
/// other items buy nothing.
fn rewrite(connection: &Connection, id: OrderId, now: DateTime<Utc>) -> StoreResult<()> {
    let order = orders::order(connection, id)?;
    super::import::put_lines(connection, id, &order.channel)?;
    run(
        connection,
        "UPDATE orders SET units = ?, lines = ?, title = ? WHERE id = ?",
        params![
            super::import::units(&order.channel),
            i64::try_from(order.channel.lines.len()).unwrap_or(i64::MAX),
            order
                .channel
                .lines
                .first()
                .map_or("nothing is left of this part", |line| line.title.as_str()),
            id.0
        ],
    )?;
    put_search(connection, &order)?;
    super::import::forget_quotes(
        connection,
        id,
        "the order was split or joined: ask for rates again",
    )?;
    shopping::due_again(connection, id)?;
    flags::judge_products(connection, &order, &mut Shelf::default(), now)
}

/// A part is found by its number, its own products and labels, and the order's tags.
fn put_search(connection: &Connection, order: &Order) -> StoreResult<()> {
    let before = first(
        connection,
        "SELECT search FROM orders WHERE id = ?",
        [order.id.0],
        |row| Ok(row.get::<_, String>(0)?),
    )?
    .unwrap_or_default();
    let mut words = vec![order.channel.number.0.clone()];
    words.extend(order.channel.lines.iter().map(|line| line.sku.0.clone()));
    words.extend(
        before
            .split_whitespace()
            .filter(|word| word.starts_with('#'))
            .map(str::to_owned),
    );
    words.extend(
        label_rows::labels_of(connection, order.id)?
            .into_iter()
            .filter_map(|label| Some(label.tracking?.0)),
    );
    run(
        connection,
        "UPDATE orders SET search = ? WHERE id = ?",
        params![words.join(" ").to_lowercase(), order.id.0],
    )?;
    Ok(())
}

/// The later of the two parts gives its units to the earlier one.
fn join_order(
    connection: &Connection,
    named: OrderId,
    by: UserId,
    now: DateTime<Utc>,
) -> StoreResult<OrderId> {
    permit(connection, by, Permission::Split)?;
    let one = super::detail::order(connection, named)?;
    if one.order.part_of().is_none_or(|of| of.place == 0) {
        return Err(no(&NoSplit::Whole));
    }
    check_joins(connection, &one, by)?;
    let other = other_open(connection, &one.order, by)?;
    let place = |detail: &OrderDetail| detail.order.part_of().map(|of| of.place);
    let (taking, giving) = if place(&one) < place(&other) {
        (one, other)
    } else {
        (other, one)
    };
    let (part, into) = (giving.order.id, taking.order.id);
    let of = giving.order.part_of().unwrap_or(PartOf { place: 0, of: 0 });
    let packed = number(
        connection,
        "SELECT count(*) FROM packed_units WHERE order_id = ? AND live = 1",
        [part.0],
    )?;
    if packed > 0 {
        return Err(no(&NoSplit::Packed(of)));
    }
    let mut whole = units(connection, into)?;
    let given = units(connection, part)?;
    for (line, more) in &given {
        *whole.entry(line.clone()).or_default() += more;
    }
    put_units(connection, into, &whole)?;
    put_units(connection, part, &Units::new())?;
    let channel = &giving.order.channel;
    number_anew(connection, &channel.store, &channel.number)?;
    run(
        connection,
        "UPDATE orders SET pick_list = NULL, pick_position = NULL WHERE id = ?",
        [part.0],
    )?;
    for id in [into, part] {
        rewrite(connection, id, now)?;
    }
    run(connection, "UPDATE orders SET search = '' WHERE id = ?", [part.0])?;
    let why = format!(
        "joined again: its units are in {}",
        orders::order(connection, into)?.title()
    );
    orders::stand(connection, part, OrderStatus::Canceled, Some(by), &why, now)?;
    orders::refresh(connection, part)?;
    let what = format!(
        "joined again: {} of {of} are in this order",
        goods(&giving, &given)
    );
    note(connection, Some(into), Some(by), &what, now)?;
    Ok(into)
}

/// The part may be joined: it is open, nobody else has it open, and no label of it lives.
fn check_joins(connection: &Connection, part: &OrderDetail, by: UserId) -> StoreResult<()> {
    if let (Some(of), true) = (
        part.order.part_of(),
        part.labels.iter().any(|label| label.state.is_live()),
    ) {
        return Err(no(&NoSplit::Labelled(of)));
    }
    split::may_split(&part.order).map_err(|why| no(&why))?;
    check_free_of_others(connection, part, by)
}

/// The first other part that can be joined with.
fn other_open(connection: &Connection, order: &Order, by: UserId) -> StoreResult<OrderDetail> {
    let mut why = None;
    for id in parts_of(connection, &order.channel.store, &order.channel.number)? {
        if id == order.id || units(connection, id)?.is_empty() {
            continue;
        }
        let other = super::detail::order(connection, id)?;
        match check_joins(connection, &other, by) {
            Ok(()) => return Ok(other),
            Err(refusal) => why = why.or(Some(refusal)),
        }
    }
    Err(why.unwrap_or_else(|| no(&NoSplit::NoneOpen)))
}

/// Amazon took the last unit of a part: there is nothing to ship.
pub(super) fn end_empty(connection: &Connection, id: OrderId, now: DateTime<Utc>) -> StoreResult<()> {
    let order = orders::order(connection, id)?;
    let live = orders::live_label(connection, id)?.is_some_and(LabelState::is_live);
    if order.part.is_none() || !order.channel.lines.is_empty() || !order.status.is_open() || live {
        return Ok(());
    }
    let why = "Amazon took its units off the order: nothing is left of this part";
    orders::stand(connection, id, OrderStatus::Canceled, None, why, now)?;
    run(connection, "UPDATE orders SET search = '' WHERE id = ?", [id.0])?;
    orders::refresh(connection, id)
}

//! Flags: what a packer must see of an order before going on.

use super::catalogue::Shelf;
use super::orders;
use super::people::note;
use super::permissions::permit;
use super::review;
use super::rules;
use super::values::{all, badge_bits, json, micros, number, refused, run};
use crate::domain::freshness;
use crate::domain::ids::{OrderId, TrackingNumber, UserId};
use crate::domain::order::{ChannelOrder, ChannelStatus, Flag, Order};
use crate::domain::user::Permission;
use crate::store::StoreResult;
use chrono::{DateTime, Utc};
use rusqlite::{Connection, params};

/// The flags of an order after Amazon said `new` where it had said `old`.
pub(super) fn after_import(
    connection: &Connection,
    old: Option<(&ChannelOrder, &[Flag])>,
    new: &ChannelOrder,
    begun: bool,
    shelf: &mut Shelf,
) -> StoreResult<Vec<Flag>> {
    let mut flags: Vec<Flag> = old
        .map(|(_, flags)| flags.iter().filter(|flag| !flag.is_fact()).cloned().collect())
        .unwrap_or_default();
    let mut raise = |flag: Flag| {
        if !flags.contains(&flag) {
            flags.push(flag);
        }
    };
    let asks = |channel: &ChannelOrder| channel.lines.iter().any(|line| line.cancel_requested);
    if asks(new) && !old.is_some_and(|(word, _)| asks(word)) {
        raise(Flag::CancelRequested);
    }
    if begun && let Some((word, _)) = old {
        let told = [word, new]
            .iter()
            .all(|word| !word.address_fingerprint.is_empty());
        if told && word.address_fingerprint != new.address_fingerprint {
            raise(Flag::AddressChanged);
        }
        if items(word) != items(new) {
            raise(Flag::ItemsChanged);
        }
    }
    if new.status == ChannelStatus::Canceled {
        raise(Flag::Canceled);
    } else if old.is_some_and(|(_, flags)| flags.contains(&Flag::StoreNotNotified)) {
        raise(Flag::StoreNotNotified);
    }
    if shipped_elsewhere(connection, new)? {
        raise(Flag::ShippedElsewhere);
    }
    for line in &new.lines {
        if !shelf.has(connection, &line.sku)? {
            raise(Flag::NoProduct(line.sku.clone()));
        }
    }
    Ok(flags)
}

fn items(channel: &ChannelOrder) -> Vec<(&str, &str, u32)> {
    let mut items: Vec<_> = channel
        .lines
        .iter()
        .map(|line| (line.id.as_str(), line.sku.as_str(), line.quantity))
        .collect();
    items.sort_unstable();
    items
}

/// *Shipped by us* means that every package that Amazon lists matches a label of ours, live or voided
/// (PURCHASING.md 5). While the outcome of one of our own purchases is open, a package may be its success.
fn shipped_elsewhere(connection: &Connection, channel: &ChannelOrder) -> StoreResult<bool> {
    let unshipped = !matches!(
        channel.status,
        ChannelStatus::Shipped | ChannelStatus::PartiallyShipped
    );
    if channel.packages.is_empty() && unshipped {
        return Ok(false);
    }
    let open = number(
        connection,
        "SELECT count(*) FROM labels JOIN orders ON orders.id = labels.order_id \
         WHERE orders.store = ? AND orders.number = ? AND (labels.state IN ('asked', 'unknown') \
         OR labels.tracking IS NULL AND labels.shipment IS NOT NULL)",
        params![channel.store.as_str(), channel.number.as_str()],
    )?;
    if open > 0 {
        return Ok(false);
    }
    let ours: Vec<TrackingNumber> = all(
        connection,
        "SELECT tracking FROM labels JOIN orders ON orders.id = labels.order_id \
         WHERE orders.store = ? AND orders.number = ? AND tracking IS NOT NULL",
        params![channel.store.as_str(), channel.number.as_str()],
        |row| Ok(TrackingNumber(row.get(0)?)),
    )?;
    Ok(freshness::shipped_by_us_alone(channel, &ours).is_err())
}

/// Stores flags and what follows from the catalogue: badges and how many things are scanned.
pub(super) fn put(
    connection: &Connection,
    order: &Order,
    flags: &[Flag],
    shelf: &mut Shelf,
    now: DateTime<Utc>,
) -> StoreResult<()> {
    let lines = &order.channel.lines;
    let products = shelf.with_children(connection, lines.iter().map(|line| &line.sku))?;
    run(
        connection,
        "UPDATE orders SET flags = ?, badges = ?, units_wanted = ?, changed_at = ? WHERE id = ?",
        params![
            json(&flags)?,
            badge_bits(&crate::domain::badge::badges(&order.channel, &products)),
            rules::scans_wanted(lines, &products),
            micros(now),
            order.id.0,
        ],
    )?;
    orders::refresh(connection, order.id)?;
    review::judge(connection, order.id, &order.flags, now)
}

/// Judges an order again after the catalogue changed.
pub(super) fn judge_products(
    connection: &Connection,
    order: &Order,
    shelf: &mut Shelf,
    now: DateTime<Utc>,
) -> StoreResult<()> {
    let mut flags: Vec<Flag> = order
        .flags
        .iter()
        .filter(|flag| !matches!(flag, Flag::NoProduct(_)))
        .cloned()
        .collect();
    for line in &order.channel.lines {
        let flag = Flag::NoProduct(line.sku.clone());
        if !flags.contains(&flag) && !shelf.has(connection, &line.sku)? {
            flags.push(flag);
        }
    }
    put(connection, order, &flags, shelf, now)
}

/// Whether Amazon lists a foreign package is judged again once an open purchase is settled.
pub(super) fn judge_packages(connection: &Connection, id: OrderId, now: DateTime<Utc>) -> StoreResult<()> {
    let order = orders::order(connection, id)?;
    let elsewhere = shipped_elsewhere(connection, &order.channel)?;
    if elsewhere != order.flags.contains(&Flag::ShippedElsewhere) {
        let mut flags = order.flags.clone();
        flags.retain(|flag| *flag != Flag::ShippedElsewhere);
        if elsewhere {
            flags.push(Flag::ShippedElsewhere);
        }
        put(connection, &order, &flags, &mut Shelf::default(), now)?;
    }
    Ok(())
}

pub(super) fn clear_flags(
    connection: &Connection,
    id: OrderId,
    by: UserId,
    reason: &str,
    now: DateTime<Utc>,
) -> StoreResult<()> {
    permit(connection, by, Permission::Override)?;
    let order = orders::order(connection, id)?;
    let (stay, cleared): (Vec<Flag>, Vec<Flag>) = order.flags.iter().cloned().partition(Flag::is_fact);
    if cleared.is_empty() {
        return match stay.first() {
            None => Ok(()),
            Some(flag) => Err(refused(format!("this cannot be settled at the bench: {flag}"))),
        };
    }
    put(connection, &order, &stay, &mut Shelf::default(), now)?;
    for flag in &cleared {
        let what = format!("settled: {} ({})", flag, reason.trim());
        note(connection, Some(id), Some(by), &what, now)?;
    }
    Ok(())
}

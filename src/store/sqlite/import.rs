//! What Amazon said, taken in: never over what the bench has done.

use super::catalogue::Shelf;
use super::people::note;
use super::values::{
    NEVER, badge_bits, first, json, maybe_time, micros, number, parsed, run, status, status_text,
};
use super::{aftermath, flags, orders, policies, proof, review, rotation, rules, shopping, splitting};
use crate::domain::badge;
use crate::domain::erasure::KEPT;
use crate::domain::ids::{OrderId, StoreId};
use crate::domain::order::{AssignedMethod, ChannelOrder, ChannelStatus, Flag, Order};
use crate::domain::sealed::WrappedKey;
use crate::domain::split::{Share, Units, cut, share_out};
use crate::domain::status::OrderStatus;
use crate::store::{ImportReport, ImportedOrder, StoreResult};
use chrono::{DateTime, Utc};
use rusqlite::{Connection, params};

pub(super) fn import_orders(
    connection: &Connection,
    store: &StoreId,
    imported: Vec<ImportedOrder>,
    watermark: Option<DateTime<Utc>>,
    now: DateTime<Utc>,
) -> StoreResult<ImportReport> {
    let mut report = ImportReport::default();
    let mut shelf = Shelf::default();
    let seen = watermark.unwrap_or(now);
    for order in imported {
        import_order(connection, &order, &mut shelf, seen, now, &mut report)?;
    }
    if let Some(watermark) = watermark {
        move_watermark(connection, store, watermark)?;
    }
    Ok(report)
}

pub(super) fn watermark(connection: &Connection, store: &StoreId) -> StoreResult<Option<DateTime<Utc>>> {
    Ok(first(
        connection,
        "SELECT watermark FROM shops WHERE store = ?",
        [store.as_str()],
        |row| maybe_time(row.get(0)?),
    )?
    .flatten())
}

/// Up to when the last finished sweep knows every change.
pub(super) fn swept_until(connection: &Connection, store: &StoreId) -> StoreResult<Option<DateTime<Utc>>> {
    Ok(first(
        connection,
        "SELECT swept_at FROM shops WHERE store = ?",
        [store.as_str()],
        |row| maybe_time(row.get(0)?),
    )?
    .flatten())
}

fn move_watermark(connection: &Connection, store: &StoreId, watermark: DateTime<Utc>) -> StoreResult<()> {
    run(
        connection,
        "INSERT INTO shops (store, watermark) VALUES (?, ?) ON CONFLICT (store) DO UPDATE \
         SET watermark = max(ifnull(watermark, excluded.watermark), excluded.watermark)",
        params![store.as_str(), micros(watermark)],
    )?;
    Ok(())
}

/// A finished sweep speaks for every order of the shop: those it did not name are unchanged (PURCHASING.md 6).
pub(super) fn finish_sweep(
    connection: &Connection,
    store: &StoreId,
    watermark: DateTime<Utc>,
) -> StoreResult<()> {
    move_watermark(connection, store, watermark)?;
    run(
        connection,
        "UPDATE shops SET swept_at = max(ifnull(swept_at, ?1), ?1) WHERE store = ?2",
        params![micros(watermark), store.as_str()],
    )?;
    Ok(())
}

/// What Amazon says now, dealt out among the parts of a split order: the units of each; none of a whole order.
fn deal(
    connection: &Connection,
    known: Vec<Known>,
    channel: &ChannelOrder,
) -> StoreResult<Vec<(Known, Option<Units>)>> {
    let split: Vec<&Known> = known.iter().filter(|part| part.units.is_some()).collect();
    let old = split
        .first()
        .map(|part| parsed::<ChannelOrder>(&part.word))
        .transpose()?;
    // A canceled order keeps its parts as they were.
    let news = old.is_some_and(|old| channel.updated_at >= old.updated_at && channel.lines != old.lines)
        && channel.status != ChannelStatus::Canceled;
    if !news {
        let units: Vec<_> = known.iter().map(|part| part.units.clone()).collect();
        return Ok(known.into_iter().zip(units).collect());
    }
    let mut shares: Vec<Share> = split.iter().filter_map(|part| part.share()).collect();
    share_out(&mut shares, &channel.lines);
    let mut dealt = shares.into_iter();
    let mut whole = Vec::with_capacity(known.len());
    for part in known {
        let units = part
            .units
            .is_some()
            .then(|| dealt.next())
            .flatten()
            .map(|share| share.units);
        if let Some(units) = units.as_ref().filter(|units| part.units.as_ref() != Some(units)) {
            splitting::put_units(connection, part.id, units)?;
        }
        whole.push((part, units));
    }
    splitting::number_anew(connection, &channel.store, &channel.number)?;
    Ok(whole)
}

#[expect(clippy::struct_excessive_bools, reason = "each is a column of its own")]
struct Known {
    id: OrderId,
    status: OrderStatus,
    flags: Vec<Flag>,
    word: String,
    erased: bool,
    has_customer: bool,
    /// Of a part of a split order: its units.
    units: Option<Units>,
    live: bool,
    begun: bool,
}

impl Known {
    fn share(&self) -> Option<Share> {
        Some(Share {
            units: self.units.clone()?,
            closed: self.live || !self.status.is_open(),
            begun: self.begun,
        })
    }
}

fn import_order(
    connection: &Connection,
    imported: &ImportedOrder,
    shelf: &mut Shelf,
    seen: DateTime<Utc>,
    now: DateTime<Utc>,
    report: &mut ImportReport,
) -> StoreResult<()> {
    let known = known_orders(connection, &imported.channel)?;
    if known.is_empty() {
        let settled = settled_at(&imported.channel, now);
        if settled.is_some_and(|settled| settled + KEPT <= now) {
            // Over for so long that its customer is not taken in at all.
            let bare = imported.channel.clone().without_customer();
            let id = insert(connection, &bare, &json(&bare)?, shelf, seen, now, report)?;
            run(
                connection,
                "UPDATE orders SET erased = 1, erased_at = ? WHERE id = ?",
                params![micros(now), id.0],
            )?;
        } else {
            let channel = &imported.channel;
            let id = insert(connection, channel, &json(channel)?, shelf, seen, now, report)?;
            put_customer(connection, id, imported, now)?;
            policies::run_once(connection, id, channel, shelf, now)?;
        }
        report.new += 1;
        return Ok(());
    }
    for (known, dealt) in deal(connection, known, &imported.channel)? {
        let bare = known.erased.then(|| imported.channel.clone().without_customer());
        let channel = bare.as_ref().unwrap_or(&imported.channel);
        let word = json(channel)?;
        run(
            connection,
            "UPDATE orders SET seen_at = max(seen_at, ?) WHERE id = ?",
            params![micros(seen), known.id.0],
        )?;
        let old: ChannelOrder = parsed(&known.word)?;
        // A sweep's page can be older than a `getOrder` that came in between.
        let is_news = known.word != word && channel.updated_at >= old.updated_at;
        if !known.erased && (is_news || !known.has_customer) {
            put_customer(connection, known.id, imported, now)?;
        }
        if is_news {
            let seen = |word: &ChannelOrder, units: &Option<Units>| {
                let lines = units.as_ref().map(|units| cut(&word.lines, units));
                ChannelOrder {
                    lines: lines.unwrap_or_else(|| word.lines.clone()),
                    ..word.clone()
                }
            };
            let (old, new) = (seen(&old, &known.units), seen(channel, &dealt));
            update(connection, &known, &old, &new, &word, shelf, now, report)?;
            splitting::end_empty(connection, known.id, now)?;
            policies::run_once(connection, known.id, &new, shelf, now)?;
            report.changed += 1;
        }
        // Not only when it is news: a label may have been voided since Amazon listed its package as canceled.
        aftermath::packages(connection, known.id, channel, now)?;
    }
    Ok(())
}

fn known_orders(connection: &Connection, channel: &ChannelOrder) -> StoreResult<Vec<Known>> {
    let mut known = super::values::all(
        connection,
        "SELECT id, status, flags, word, erased, EXISTS (SELECT 1 FROM customers WHERE customers.order_id = orders.id), \
         parts > 0, live, EXISTS (SELECT 1 FROM boxes WHERE boxes.order_id = orders.id) FROM orders JOIN channel_orders ON channel_orders.order_id = orders.id \
         WHERE store = ? AND number = ? ORDER BY part",
        [channel.store.as_str(), channel.number.as_str()],
        |row| {
            Ok(Known {
                id: OrderId(row.get(0)?),
                status: status(&row.get::<_, String>(1)?)?,
                flags: parsed(&row.get::<_, String>(2)?)?,
                word: row.get(3)?,
                erased: row.get(4)?,
                has_customer: row.get(5)?,
                units: row.get::<_, bool>(6)?.then(Units::new),
                live: row.get(7)?,
                begun: row.get(8)?,
            })
        },
    )?;
    for part in &mut known {
        if part.units.is_some() {
            part.units = Some(splitting::units(connection, part.id)?);
        }
    }
    Ok(known)
}

fn insert(
    connection: &Connection,
    channel: &ChannelOrder,
    word: &str,
    shelf: &mut Shelf,
    seen: DateTime<Utc>,
    now: DateTime<Utc>,
    report: &mut ImportReport,
) -> StoreResult<OrderId> {
    let flags = flags::after_import(connection, None, channel, false, shelf)?;
    let stands = opening_status(&channel.status);
    let products = shelf.with_children(connection, channel.lines.iter().map(|line| &line.sku))?;
    run(
        connection,
        "INSERT INTO orders (store, number, status, ship_by, deliver_by, badges, units, lines, title, search, assigned, \
         flags, seen_at, units_wanted, trouble, imported_at, changed_at, settled_at) \
         VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
        params![
            channel.store.as_str(),
            channel.number.as_str(),
            status_text(stands),
            channel.ship_by.latest.map_or(NEVER, micros),
            channel.deliver_by.latest.map(micros),
            badge_bits(&badge::badges(channel, &products)),
            units(channel),
            i64::try_from(channel.lines.len()).unwrap_or(i64::MAX),
            channel.lines.first().map_or("", |line| line.title.as_str()),
            search_text(channel),
            json(&AssignedMethod::Unknown)?,
            json(&flags)?,
            micros(seen),
            rules::scans_wanted(&channel.lines, &products),
            !flags.is_empty() && stands.is_open(),
            micros(now),
            micros(now),
            settled_at(channel, now).map(micros),
        ],
    )?;
    let id = OrderId(connection.last_insert_rowid());
    put_word(connection, id, channel, word)?;
    review::judge(connection, id, &[], now)?;
    report.flagged.extend(flags.into_iter().map(|flag| (id, flag)));
    Ok(id)
}

/// Where an order stands when it is first seen, or when a Pending one opens by itself.
pub(super) fn opening_status(status: &ChannelStatus) -> OrderStatus {
    match status {
        ChannelStatus::Pending => OrderStatus::Pending,
        ChannelStatus::Unshipped | ChannelStatus::PartiallyShipped => OrderStatus::ReadyToPick,
        ChannelStatus::Shipped => OrderStatus::Shipped,
        ChannelStatus::Canceled => OrderStatus::Canceled,
        ChannelStatus::Unfulfillable | ChannelStatus::Unknown(_) => OrderStatus::Review,
    }
}

#[expect(clippy::too_many_arguments, reason = "one import's state, passed through")]
fn update(
    connection: &Connection,
    known: &Known,
    old: &ChannelOrder,
    new: &ChannelOrder,
    word: &str,
    shelf: &mut Shelf,
    now: DateTime<Utc>,
    report: &mut ImportReport,
) -> StoreResult<()> {
    let id = known.id;
    let begun = number(
        connection,
        "SELECT EXISTS (SELECT 1 FROM boxes WHERE order_id = ?)",
        [id.0],
    )? == 1;
    run(
        connection,
        "UPDATE orders SET units = ?, lines = ?, title = ? WHERE id = ?",
        params![
            units(new),
            i64::try_from(new.lines.len()).unwrap_or(i64::MAX),
            new.lines.first().map_or("", |line| line.title.as_str()),
            id.0,
        ],
    )?;
    policies::put_dates(connection, id, new)?;
    let moved = old.address_fingerprint != new.address_fingerprint || old.deliver_by != new.deliver_by;
    if moved || old.lines != new.lines {
        shopping::due_again(connection, id)?;
    }
    for line in &new.lines {
        orders::add_to_search(connection, id, line.sku.as_str())?;
    }
    put_word(connection, id, new, word)?;
    let flags = flags::after_import(connection, Some((old, &known.flags)), new, begun, shelf)?;
    let order = Order {
        channel: new.clone(),
        ..orders::order(connection, id)?
    };
    flags::put(connection, &order, &flags, shelf, now)?;
    for flag in flags.iter().filter(|flag| !known.flags.contains(flag)) {
        note(connection, Some(id), None, &flag.to_string(), now)?;
        report.flagged.push((id, flag.clone()));
    }
    if flags.contains(&Flag::AddressChanged) || flags.contains(&Flag::ItemsChanged) {
        forget_quotes(connection, id, "the order changed at Amazon: ask for rates again")?;
    }
    if let Some((to, why)) = next_status(
        connection,
        known,
        old,
        new,
        begun,
        flags.contains(&Flag::ShippedElsewhere),
    )? {
        orders::stand(connection, id, to, None, why, now)?;
        // It was over when Amazon said so, not when we heard of it.
        run(
            connection,
            "UPDATE orders SET settled_at = min(settled_at, ?) WHERE id = ? AND settled_at IS NOT NULL",
            params![micros(new.updated_at), id.0],
        )?;
        review::judge(connection, id, &known.flags, now)?;
    }
    Ok(())
}

/// Since when an order that is seen for the first time is over; none where it is not.
fn settled_at(channel: &ChannelOrder, now: DateTime<Utc>) -> Option<DateTime<Utc>> {
    (!opening_status(&channel.status).is_open()).then(|| channel.updated_at.min(now))
}

/// Rates for another address or other items buy nothing.
pub(super) fn forget_quotes(connection: &Connection, id: OrderId, why: &str) -> StoreResult<()> {
    run(
        connection,
        "UPDATE quotes SET failure = ?2, answer = NULL WHERE order_id = ?1 AND NOT EXISTS (SELECT 1 FROM labels WHERE labels.quote_id = quotes.id)",
        params![id.0, why],
    )?;
    Ok(())
}

/// Only what Amazon decides moves an order by itself: it opens, it is canceled, it left without us.
fn next_status(
    connection: &Connection,
    known: &Known,
    old: &ChannelOrder,
    new: &ChannelOrder,
    begun: bool,
    elsewhere: bool,
) -> StoreResult<Option<(OrderStatus, &'static str)>> {
    let live = number(connection, "SELECT live FROM orders WHERE id = ?", [known.id.0])? == 1;
    let opens = known.status == OrderStatus::Pending
        || known.status == OrderStatus::Review && matches!(old.status, ChannelStatus::Unknown(_));
    let to = match &new.status {
        // A label that lives has to be voided first; the flag says so until then.
        ChannelStatus::Canceled if !live && known.status != OrderStatus::Shipped => {
            Some((OrderStatus::Canceled, "Amazon canceled it"))
        }
        // Of a split order Amazon says Shipped of both parts at once: one that nobody has begun has left only where
        // Amazon lists a package that is not ours.
        ChannelStatus::Shipped
            if !begun && known.status.is_open() && (known.units.is_none() || elsewhere) =>
        {
            Some((
                OrderStatus::Shipped,
                "Amazon says that it left, without a label of ours",
            ))
        }
        status if opens => Some((opening_status(status), "Amazon opened it")),
        _ => None,
    };
    Ok(to.filter(|(to, _)| *to != known.status))
}

fn put_word(connection: &Connection, id: OrderId, channel: &ChannelOrder, word: &str) -> StoreResult<()> {
    run(
        connection,
        "INSERT INTO channel_orders (order_id, word) VALUES (?, ?) \
         ON CONFLICT (order_id) DO UPDATE SET word = excluded.word",
        params![id.0, word],
    )?;
    put_lines(connection, id, channel)
}

/// The lines as rules ask for them: of a part its own.
pub(super) fn put_lines(connection: &Connection, id: OrderId, channel: &ChannelOrder) -> StoreResult<()> {
    run(connection, "DELETE FROM order_lines WHERE order_id = ?", [id.0])?;
    for (position, line) in (0_i64..).zip(&channel.lines) {
        run(
            connection,
            "INSERT OR REPLACE INTO order_lines (order_id, line, position, sku, quantity) VALUES (?, ?, ?, ?, ?)",
            params![id.0, line.id.as_str(), position, line.sku.as_str(), line.quantity],
        )?;
    }
    Ok(())
}

/// Stores the sealed customer data and, where the import made one, the order's data key.
fn put_customer(
    connection: &Connection,
    id: OrderId,
    imported: &ImportedOrder,
    now: DateTime<Utc>,
) -> StoreResult<()> {
    if let Some(key) = &imported.key {
        put_key(connection, id, key, &imported.channel, now)?;
    }
    if imported.po_box.is_some() {
        run(
            connection,
            "UPDATE orders SET po_box = ? WHERE id = ?",
            params![imported.po_box, id.0],
        )?;
    }
    if let Some(customer) = &imported.customer {
        let key = orders::data_key(connection, id)?;
        run(
            connection,
            "INSERT INTO customers (order_id, data_key, sealed) VALUES (?, ?, ?) \
             ON CONFLICT (order_id) DO UPDATE SET data_key = excluded.data_key, sealed = excluded.sealed",
            params![id.0, key, customer.as_bytes()],
        )?;
    }
    Ok(())
}

pub(super) fn put_key(
    connection: &Connection,
    id: OrderId,
    key: &WrappedKey,
    channel: &ChannelOrder,
    now: DateTime<Utc>,
) -> StoreResult<()> {
    rotation::check_current(proof::key_check(connection)?.as_deref(), key)?;
    run(
        connection,
        "INSERT INTO data_keys (id, store, number, wrapped, made_at) VALUES (?, ?, ?, ?, ?) \
         ON CONFLICT (id) DO NOTHING",
        params![
            key.id.0,
            channel.store.as_str(),
            channel.number.as_str(),
            key.bytes,
            micros(now)
        ],
    )?;
    run(
        connection,
        "UPDATE orders SET data_key = ? WHERE id = ? AND erased = 0",
        params![key.id.0, id.0],
    )?;
    Ok(())
}

pub(super) fn units(channel: &ChannelOrder) -> i64 {
    channel.lines.iter().map(|line| i64::from(line.quantity)).sum()
}

fn search_text(channel: &ChannelOrder) -> String {
    let mut words = vec![channel.number.as_str()];
    words.extend(channel.lines.iter().map(|line| line.sku.as_str()));
    words.join(" ").to_lowercase()
}

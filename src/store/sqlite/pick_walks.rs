//! Picking by scan: what was picked of a list, scan by scan.

use super::people::note;
use super::typed::Typist;
use super::values::{all, first, micros, missing, refused, run, small};
use super::{detail, pick_lists};
use crate::domain::ids::{OrderId, PickListId, Sku};
use crate::domain::pick_walk::{PickStep, PickWalk};
use crate::domain::product::ProductKind;
use crate::domain::rows::OrderDetail;
use crate::store::{PickScan, StoreResult};
use chrono::{DateTime, Utc};
use rusqlite::{Connection, params};
use std::collections::{BTreeMap, BTreeSet};

/// Picked and short of an order's products, by SKU.
type Picked = BTreeMap<String, (u32, Option<String>)>;

pub(super) fn walk(connection: &Connection, list: PickListId) -> StoreResult<PickWalk> {
    let name = pick_lists::pick_list(connection, list)?.name;
    let bins: BTreeMap<String, String> = all(connection, "SELECT sku, bin FROM product_bins", [], |row| {
        Ok((row.get(0)?, row.get(1)?))
    })?
    .into_iter()
    .collect();
    let listed = pick_lists::orders_of(connection, list)?;
    let mut walk = PickWalk {
        list,
        name,
        steps: Vec::new(),
        put_back: Vec::new(),
        products: Vec::new(),
    };
    let mut known = BTreeSet::new();
    for (id, tote) in listed {
        let detail = detail::order(connection, id)?;
        let order = &detail.order;
        let picked = picked(connection, list, id)?;
        if !order.status.can_ship() {
            if picked.values().any(|(count, _)| *count > 0) {
                let number = order.channel.number.clone();
                walk.put_back.push((tote, number, order.status.to_string()));
            }
            continue;
        }
        // What is packed or shipped without picking needs no walk.
        if !order.status.is_open() || detail.labels.iter().any(|label| label.state.is_live()) {
            continue;
        }
        let wanted = wanted(&detail);
        for (sku, (units, title)) in wanted {
            let (count, short) = picked.get(sku.as_str()).cloned().unwrap_or_default();
            walk.steps.push(PickStep {
                bin: bins.get(sku.as_str()).cloned().unwrap_or_default(),
                sku,
                title,
                order: id,
                number: order.channel.number.clone(),
                tote,
                wanted: units,
                picked: count,
                short,
            });
        }
        for product in detail.products {
            if known.insert(product.sku.clone()) {
                walk.products.push(product);
            }
        }
    }
    walk.sort();
    Ok(walk)
}

/// Units to pick of each product, with its title: a group as its children, a kit as itself.
fn wanted(detail: &OrderDetail) -> BTreeMap<Sku, (u32, String)> {
    let mut wanted: BTreeMap<Sku, (u32, String)> = BTreeMap::new();
    for line in &detail.order.channel.lines {
        let product = detail.products.iter().find(|product| product.sku == line.sku);
        let parts: Vec<(Sku, u32)> = match product {
            Some(product) if product.kind == ProductKind::Group && !product.components.is_empty() => product
                .components
                .iter()
                .map(|child| (child.sku.clone(), child.quantity))
                .collect(),
            _ => vec![(line.sku.clone(), 1)],
        };
        for (sku, each) in parts.into_iter().filter(|(_, each)| each * line.quantity > 0) {
            let title = detail.products.iter().find(|product| product.sku == sku);
            let title = title.map_or_else(|| line.title.clone(), |product| product.title.clone());
            wanted.entry(sku).or_insert((0, title)).0 += each * line.quantity;
        }
    }
    wanted
}

fn picked(connection: &Connection, list: PickListId, order: OrderId) -> StoreResult<Picked> {
    let rows = all(
        connection,
        "SELECT sku, picked, short FROM picks WHERE pick_list = ? AND order_id = ?",
        [list.0, order.0],
        |row| Ok((row.get::<_, String>(0)?, (small(row.get(1)?)?, row.get(2)?))),
    )?;
    Ok(rows.into_iter().collect())
}

/// The order is on the list and may be picked; what is picked of the product so far, and how much is wanted.
fn standing(connection: &Connection, scan: &PickScan) -> StoreResult<(u32, u32)> {
    let detail = detail::order(connection, scan.order)?;
    if detail.order.pick_list != Some(scan.list) {
        return Err(refused(
            "this order is not on the list any more: put the unit back",
        ));
    }
    if !detail.order.status.can_ship() {
        return Err(refused(format!(
            "order {} is {}: put back what was picked for it",
            detail.order.channel.number, detail.order.status
        )));
    }
    let (units, _) = wanted(&detail)
        .remove(&scan.sku)
        .ok_or_else(|| missing("such product in this order", &scan.sku))?;
    let count = first(
        connection,
        "SELECT picked FROM picks WHERE pick_list = ? AND order_id = ? AND sku = ?",
        params![scan.list.0, scan.order.0, scan.sku.as_str()],
        |row| small(row.get(0)?),
    )?;
    Ok((count.unwrap_or(0), units))
}

pub(super) fn pick(connection: &Connection, scan: &PickScan, now: DateTime<Utc>) -> StoreResult<()> {
    let (picked, units) = standing(connection, scan)?;
    // The same scan again, because its answer was lost.
    if picked == scan.before + scan.quantity {
        return Ok(());
    }
    if picked != scan.before {
        return Err(refused(format!(
            "somebody else picks this list too: {picked} of {} are picked by now; scan again",
            scan.sku
        )));
    }
    if picked + scan.quantity > units {
        return Err(refused(format!("this tote has all of {} already", scan.sku)));
    }
    put(connection, scan, (picked + scan.quantity, units), None, now)
}

pub(super) fn short(
    connection: &Connection,
    typist: &Typist,
    scan: &PickScan,
    reason: &str,
    now: DateTime<Utc>,
) -> StoreResult<()> {
    let reason = super::label_rows::typed(reason)?;
    let (picked, units) = standing(connection, scan)?;
    let reason = typist.keep(connection, scan.order, reason, now)?;
    put(connection, scan, (picked, units), Some(&reason), now)?;
    let what = format!("short pick: {picked} of {units} of {}: {reason}", scan.sku);
    note(connection, Some(scan.order), Some(scan.by), &what, now)
}

fn put(
    connection: &Connection,
    scan: &PickScan,
    (picked, units): (u32, u32),
    short: Option<&str>,
    now: DateTime<Utc>,
) -> StoreResult<()> {
    run(
        connection,
        "INSERT INTO picks (pick_list, order_id, sku, picked, wanted, short, by, at) VALUES (?, ?, ?, ?, ?, ?, ?, ?) \
         ON CONFLICT (pick_list, order_id, sku) DO UPDATE SET picked = excluded.picked, wanted = excluded.wanted, \
         short = excluded.short, by = excluded.by, at = excluded.at",
        params![
            scan.list.0,
            scan.order.0,
            scan.sku.as_str(),
            picked,
            units,
            short,
            scan.by.0,
            micros(now)
        ],
    )?;
    Ok(())
}

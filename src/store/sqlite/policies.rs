//! Shipping policies: kept, run once at an order's creation, rehearsed.

use super::catalogue::Shelf;
use super::people::note;
use super::permissions::permit;
use super::values::{NEVER, all, first, json, micros, missing, number, parsed, refused, run, small, time};
use super::{SqliteStore, methods, orders};
use crate::domain::badge;
use crate::domain::ids::{OrderId, OrderNumber, StoreId, UserId};
use crate::domain::order::ChannelOrder;
use crate::domain::policy::{
    self, Policy, PolicyFacts, PolicyOutcome, PolicyRule, Promised, Rehearsal, Rehearsed, catalogue_weight,
};
use crate::domain::rate::Confirmation;
use crate::domain::user::Permission;
use crate::domain::warehouse::Warehouse;
use crate::store::{Policies, StoreResult};
use chrono::{DateTime, Utc};
use rusqlite::{Connection, Row, params};

impl Policies for SqliteStore {
    fn policies(&self, store: Option<&StoreId>) -> StoreResult<Vec<Policy>> {
        self.read(|connection| policies(connection, store))
    }

    fn add_policy(
        &mut self,
        store: &StoreId,
        rule: &PolicyRule,
        by: UserId,
        now: DateTime<Utc>,
    ) -> StoreResult<Policy> {
        self.write(|connection| {
            permit(connection, by, Permission::Policies)?;
            let id = add(connection, store, rule, by, now)?;
            say(
                connection,
                &format!("policy {} of store {store} added: {}", rule.name, rule.does()),
                by,
                now,
            )?;
            one(connection, id)
        })
    }

    fn change_policy(
        &mut self,
        policy: i64,
        rule: &PolicyRule,
        by: UserId,
        now: DateTime<Utc>,
    ) -> StoreResult<Policy> {
        self.write(|connection| change(connection, policy, rule, by, now))
    }

    fn move_policy(&mut self, policy: i64, place: u32, by: UserId, now: DateTime<Utc>) -> StoreResult<()> {
        self.write(|connection| move_to(connection, policy, place, by, now))
    }

    fn remove_policy(&mut self, policy: i64, by: UserId, now: DateTime<Utc>) -> StoreResult<()> {
        self.write(|connection| {
            permit(connection, by, Permission::Policies)?;
            let known = one(connection, policy)?;
            run(connection, "DELETE FROM policies WHERE id = ?", [policy])?;
            number_anew(connection, &policies(connection, Some(&known.store))?)?;
            say(
                connection,
                &format!("policy {} of store {} removed", known.rule.name, known.store),
                by,
                now,
            )
        })
    }

    fn copy_policies(
        &mut self,
        from: &StoreId,
        to: &StoreId,
        by: UserId,
        now: DateTime<Utc>,
    ) -> StoreResult<u32> {
        self.write(|connection| copy(connection, from, to, by, now))
    }

    fn rehearse_policies(
        &self,
        store: &StoreId,
        instead: Option<&PolicyRule>,
        limit: usize,
    ) -> StoreResult<Rehearsal> {
        self.read(|connection| rehearse(connection, store, instead, limit))
    }

    fn keep_warehouse(&mut self, warehouse: &Warehouse) -> StoreResult<()> {
        self.write(|connection| {
            run(
                connection,
                "INSERT INTO settings (key, text) VALUES ('warehouse', ?1) \
                 ON CONFLICT (key) DO UPDATE SET text = excluded.text WHERE text <> excluded.text",
                [json(warehouse)?],
            )?;
            Ok(())
        })
    }

    fn warehouse(&self) -> StoreResult<Option<Warehouse>> {
        self.read(warehouse)
    }

    fn policy_run(&self, order: OrderId) -> StoreResult<Option<(DateTime<Utc>, PolicyOutcome)>> {
        self.read(|connection| ran(connection, order))
    }
}

const POLICY: &str = "SELECT id, store, place, rule FROM policies";

fn policy_row(row: &Row<'_>) -> StoreResult<Policy> {
    Ok(Policy {
        id: row.get(0)?,
        store: StoreId(row.get(1)?),
        place: small(row.get(2)?)?,
        rule: parsed(&row.get::<_, String>(3)?)?,
    })
}

fn policies(connection: &Connection, store: Option<&StoreId>) -> StoreResult<Vec<Policy>> {
    match store {
        Some(store) => all(
            connection,
            &format!("{POLICY} WHERE store = ? ORDER BY place, id"),
            [store.as_str()],
            policy_row,
        ),
        None => all(
            connection,
            &format!("{POLICY} ORDER BY store, place, id"),
            [],
            policy_row,
        ),
    }
}

fn warehouse(connection: &Connection) -> StoreResult<Option<Warehouse>> {
    let kept = first(
        connection,
        "SELECT text FROM settings WHERE key = 'warehouse'",
        [],
        |row| Ok(row.get::<_, Option<String>>(0)?),
    )?;
    kept.flatten().map(|text| parsed(&text)).transpose()
}

fn one(connection: &Connection, id: i64) -> StoreResult<Policy> {
    first(connection, &format!("{POLICY} WHERE id = ?"), [id], policy_row)?
        .ok_or_else(|| missing("policy", id))
}

fn say(connection: &Connection, what: &str, by: UserId, now: DateTime<Utc>) -> StoreResult<()> {
    note(connection, None, Some(by), what, now)
}

fn name_is_free(connection: &Connection, store: &StoreId, name: &str, but: i64) -> StoreResult<bool> {
    Ok(number(
        connection,
        "SELECT EXISTS (SELECT 1 FROM policies WHERE store = ? AND name = ? AND id <> ?)",
        params![store.as_str(), name.trim(), but],
    )? == 0)
}

fn add(
    connection: &Connection,
    store: &StoreId,
    rule: &PolicyRule,
    by: UserId,
    now: DateTime<Utc>,
) -> StoreResult<i64> {
    rule.check().map_err(refused)?;
    if !name_is_free(connection, store, &rule.name, 0)? {
        return Err(refused(format!(
            "store {store} has a policy {} already: choose another name, or change that one",
            rule.name.trim()
        )));
    }
    run(
        connection,
        "INSERT INTO policies (store, place, name, rule, changed_at, changed_by) \
         VALUES (?1, (SELECT ifnull(max(place), 0) + 1 FROM policies WHERE store = ?1), ?2, ?3, ?4, ?5)",
        params![store.as_str(), rule.name.trim(), json(rule)?, micros(now), by.0],
    )?;
    Ok(connection.last_insert_rowid())
}

fn change(
    connection: &Connection,
    id: i64,
    rule: &PolicyRule,
    by: UserId,
    now: DateTime<Utc>,
) -> StoreResult<Policy> {
    permit(connection, by, Permission::Policies)?;
    rule.check().map_err(refused)?;
    let known = one(connection, id)?;
    if !name_is_free(connection, &known.store, &rule.name, id)? {
        return Err(refused(format!(
            "store {} has a policy {} already",
            known.store,
            rule.name.trim()
        )));
    }
    run(
        connection,
        "UPDATE policies SET name = ?, rule = ?, changed_at = ?, changed_by = ? WHERE id = ?",
        params![rule.name.trim(), json(rule)?, micros(now), by.0, id],
    )?;
    let state = match (known.rule.active, rule.active) {
        (true, false) => "switched off",
        (false, true) => "switched on",
        _ => "changed",
    };
    say(
        connection,
        &format!(
            "policy {} of store {} {state}: {}",
            rule.name.trim(),
            known.store,
            rule.does()
        ),
        by,
        now,
    )?;
    one(connection, id)
}

/// Places from 1 without gaps, in this order.
fn number_anew(connection: &Connection, ordered: &[Policy]) -> StoreResult<()> {
    for (policy, place) in ordered.iter().zip(1_i64..) {
        run(
            connection,
            "UPDATE policies SET place = ?1 WHERE id = ?2 AND place <> ?1",
            params![place, policy.id],
        )?;
    }
    Ok(())
}

fn move_to(connection: &Connection, id: i64, place: u32, by: UserId, now: DateTime<Utc>) -> StoreResult<()> {
    permit(connection, by, Permission::Policies)?;
    let known = one(connection, id)?;
    let mut ordered = policies(connection, Some(&known.store))?;
    ordered.retain(|policy| policy.id != id);
    let at = usize::try_from(place.saturating_sub(1))
        .unwrap_or(usize::MAX)
        .min(ordered.len());
    let (name, store) = (known.rule.name.clone(), known.store.clone());
    ordered.insert(at, known);
    number_anew(connection, &ordered)?;
    say(
        connection,
        &format!("policy {name} of store {store} moved to place {}", at + 1),
        by,
        now,
    )
}

fn copy(
    connection: &Connection,
    from: &StoreId,
    to: &StoreId,
    by: UserId,
    now: DateTime<Utc>,
) -> StoreResult<u32> {
    permit(connection, by, Permission::Policies)?;
    let mut copied = 0;
    for policy in policies(connection, Some(from))? {
        if name_is_free(connection, to, &policy.rule.name, 0)? {
            add(connection, to, &policy.rule, by, now)?;
            copied += 1;
        }
    }
    say(
        connection,
        &format!("{copied} policies of store {from} copied to store {to}"),
        by,
        now,
    )?;
    Ok(copied)
}

/// Runs the store's policies for a new order, once: as soon as its address is known. Nothing where it has none.
pub(super) fn run_once(
    connection: &Connection,
    id: OrderId,
    channel: &ChannelOrder,
    shelf: &mut Shelf,
    now: DateTime<Utc>,
) -> StoreResult<()> {
    if channel.destination.is_none() {
        return Ok(());
    }
    let (open, fresh, po_box): (bool, bool, Option<bool>) = first(
        connection,
        "SELECT status NOT IN ('shipped', 'canceled'), \
         NOT EXISTS (SELECT 1 FROM policy_runs WHERE order_id = orders.id), po_box FROM orders WHERE id = ?",
        [id.0],
        |row| Ok((row.get(0)?, row.get(1)?, row.get(2)?)),
    )?
    .ok_or_else(|| missing("order", id))?;
    if !open || !fresh {
        return Ok(());
    }
    let rules = policies(connection, Some(&channel.store))?;
    if rules.is_empty() {
        return Ok(());
    }
    let products = shelf.with_children(connection, channel.lines.iter().map(|line| &line.sku))?;
    let badges = badge::badges(channel, &products);
    let house = warehouse(connection)?;
    let facts = PolicyFacts {
        order: channel,
        badges: &badges,
        weight: catalogue_weight(channel, &products),
        po_box,
        warehouse: house.as_ref(),
    };
    let outcome = policy::run(&rules, &facts, &methods::known(connection, Some(&channel.store))?);
    run(
        connection,
        "INSERT INTO policy_runs (order_id, at, outcome) VALUES (?, ?, ?)",
        params![id.0, micros(now), json(&outcome)?],
    )?;
    if let Some((method, policy)) = &outcome.method {
        methods::assign_by_policy(connection, id, method, policy, now)?;
    }
    if !outcome.promised.is_empty() {
        promise(connection, id, channel, &outcome.promised)?;
    }
    for (tag, _) in &outcome.tags {
        orders::add_to_search(connection, id, &format!("#{tag}"))?;
    }
    for step in outcome.steps.iter().filter(|step| step.held) {
        note(
            connection,
            Some(id),
            None,
            &format!("policy {}: {}", step.policy, step.did.join(", ")),
            now,
        )?;
    }
    Ok(())
}

/// Service level and dates stand beside the channel's word, which stays as it is; lists go by what comes of both.
fn promise(
    connection: &Connection,
    id: OrderId,
    channel: &ChannelOrder,
    promised: &Promised,
) -> StoreResult<()> {
    run(
        connection,
        "UPDATE orders SET policy_promised = ? WHERE id = ?",
        params![json(promised)?, id.0],
    )?;
    put_dates(connection, id, channel)
}

/// The dates that lists go by.
pub(super) fn put_dates(connection: &Connection, id: OrderId, channel: &ChannelOrder) -> StoreResult<()> {
    let mut seen = channel.clone();
    if let Some(promised) = promised(connection, id)? {
        promised.lay_over(&mut seen);
    }
    run(
        connection,
        "UPDATE orders SET ship_by = ?, deliver_by = ? WHERE id = ?",
        params![
            seen.ship_by.latest.map_or(NEVER, micros),
            seen.deliver_by.latest.map(micros),
            id.0
        ],
    )?;
    Ok(())
}

fn promised(connection: &Connection, id: OrderId) -> StoreResult<Option<Promised>> {
    let kept = first(
        connection,
        "SELECT policy_promised FROM orders WHERE id = ?",
        [id.0],
        |row| Ok(row.get::<_, Option<String>>(0)?),
    )?;
    kept.flatten().map(|text| parsed(&text)).transpose()
}

pub(super) fn ran(
    connection: &Connection,
    order: OrderId,
) -> StoreResult<Option<(DateTime<Utc>, PolicyOutcome)>> {
    first(
        connection,
        "SELECT at, outcome FROM policy_runs WHERE order_id = ?",
        [order.0],
        |row| Ok((time(row.get(0)?)?, parsed(&row.get::<_, String>(1)?)?)),
    )
}

/// The Delivery Confirmation that a policy gave the order's boxes.
pub(super) fn confirmation(connection: &Connection, order: OrderId) -> StoreResult<Option<Confirmation>> {
    let ran = ran(connection, order)?;
    Ok(ran
        .and_then(|(_, outcome)| outcome.confirmation)
        .map(|(option, _)| option))
}

fn rehearse(
    connection: &Connection,
    store: &StoreId,
    instead: Option<&PolicyRule>,
    limit: usize,
) -> StoreResult<Rehearsal> {
    let rules = match instead {
        Some(rule) => {
            rule.check().map_err(refused)?;
            vec![Policy {
                id: 0,
                store: store.clone(),
                place: 1,
                rule: PolicyRule {
                    active: true,
                    ..rule.clone()
                },
            }]
        }
        None => policies(connection, Some(store))?,
    };
    let known = methods::known(connection, Some(store))?;
    let house = warehouse(connection)?;
    let mut shelf = Shelf::default();
    let open = all(
        connection,
        "SELECT orders.id, number, word, po_box FROM orders JOIN channel_orders ON channel_orders.order_id = orders.id \
         WHERE store = ? AND status NOT IN ('shipped', 'canceled') ORDER BY ship_by, number",
        [store.as_str()],
        |row| {
            Ok((
                OrderId(row.get(0)?),
                OrderNumber(row.get(1)?),
                parsed::<ChannelOrder>(&row.get::<_, String>(2)?)?,
                row.get::<_, Option<bool>>(3)?,
            ))
        },
    )?;
    let mut rehearsal = Rehearsal {
        looked_at: open.len(),
        ..Rehearsal::default()
    };
    for (order, number, channel, po_box) in open {
        let products = shelf.with_children(connection, channel.lines.iter().map(|line| &line.sku))?;
        let badges = badge::badges(&channel, &products);
        let facts = PolicyFacts {
            order: &channel,
            badges: &badges,
            weight: catalogue_weight(&channel, &products),
            po_box,
            warehouse: house.as_ref(),
        };
        let outcome = policy::run(&rules, &facts, &known);
        if outcome.touched() {
            rehearsal.touched_in_all += 1;
            if rehearsal.touched.len() < limit {
                rehearsal.touched.push(Rehearsed {
                    order,
                    number,
                    outcome,
                });
            }
        }
    }
    Ok(rehearsal)
}

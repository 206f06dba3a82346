//! The method assigned ahead on an order, and the methods that a shop knows.

use super::people::{note, user};
use super::permissions::permit;
use super::values::{all, first, json, micros, missing, number, refused, run, time};
use super::{SqliteStore, orders, shopping};
use crate::domain::ids::{OrderId, StoreId, UserId};
use crate::domain::method::{AssignedBy, KnownMethod, MethodFacts, SwitchedOff, assign_terms, assigned_name};
use crate::domain::order::AssignedMethod;
use crate::domain::rate::QuoteAnswer;
use crate::domain::text::Clean;
use crate::domain::user::Permission;
use crate::store::{AssignMethod, Methods, Refusal, StoreError, StoreResult};
use chrono::{DateTime, Utc};
use rusqlite::{Connection, Row, params};

impl Methods for SqliteStore {
    fn assign_method(&mut self, wanted: &AssignMethod, now: DateTime<Utc>) -> StoreResult<()> {
        self.write_typed(|connection, typist| {
            let wanted = AssignMethod {
                reason: typist.keep(connection, wanted.order, &wanted.reason, now)?,
                ..wanted.clone()
            };
            assign(connection, &wanted, now)
        })
    }

    fn known_methods(&self, store: Option<&StoreId>) -> StoreResult<Vec<KnownMethod>> {
        self.read(|connection| known(connection, store))
    }

    fn switch_method(
        &mut self,
        store: &StoreId,
        service_id: &str,
        on: bool,
        by: UserId,
        reason: &str,
        now: DateTime<Utc>,
    ) -> StoreResult<KnownMethod> {
        self.write(|connection| switch(connection, store, service_id, on, by, reason, now))
    }
}

/// What is known about an order's method besides the method itself.
pub(super) fn facts(connection: &Connection, order: OrderId, store: &StoreId) -> StoreResult<MethodFacts> {
    let assigned = first(
        connection,
        "SELECT at, users.name, policy, why FROM assignments LEFT JOIN users ON users.id = assignments.by \
         WHERE order_id = ?",
        [order.0],
        |row| {
            let (person, policy): (Option<String>, Option<String>) = (row.get(1)?, row.get(2)?);
            let by = match (policy, person) {
                (Some(policy), _) => AssignedBy::Policy(policy),
                (None, Some(person)) => AssignedBy::Person(person),
                (None, None) => AssignedBy::Nobody,
            };
            Ok((time(row.get(0)?)?, by, row.get::<_, String>(3)?))
        },
    )?;
    let facts = MethodFacts {
        known: known(connection, Some(store))?,
        shopped: shopping::of_order(connection, order)?,
        ..MethodFacts::default()
    };
    Ok(match assigned {
        Some((at, by, why)) => MethodFacts {
            by,
            why,
            at: Some(at),
            ..facts
        },
        None => facts,
    })
}

const KNOWN: &str = "SELECT store, service_id, service, carrier_id, carrier, off_at, users.name, off_why \
                     FROM methods LEFT JOIN users ON users.id = methods.off_by";

fn known_row(row: &Row<'_>) -> StoreResult<KnownMethod> {
    let off = match row.get::<_, Option<i64>>(5)? {
        Some(at) => Some(SwitchedOff {
            at: time(at)?,
            by: row.get::<_, Option<String>>(6)?.unwrap_or_default(),
            why: row.get::<_, Option<String>>(7)?.unwrap_or_default(),
        }),
        None => None,
    };
    Ok(KnownMethod {
        store: StoreId(row.get(0)?),
        service_id: row.get(1)?,
        service: row.get(2)?,
        carrier_id: row.get(3)?,
        carrier: row.get(4)?,
        off,
    })
}

pub(super) fn known(connection: &Connection, store: Option<&StoreId>) -> StoreResult<Vec<KnownMethod>> {
    match store {
        Some(store) => all(
            connection,
            &format!("{KNOWN} WHERE store = ? ORDER BY carrier, service, service_id"),
            [store.as_str()],
            known_row,
        ),
        None => all(
            connection,
            &format!("{KNOWN} ORDER BY store, carrier, service, service_id"),
            [],
            known_row,
        ),
    }
}

/// What a policy assigned when the order was created; the policy's own line in the history tells of it. What a person
/// assigned before (a Pending order's policies run once its address comes) stands.
pub(super) fn assign_by_policy(
    connection: &Connection,
    order: OrderId,
    method: &AssignedMethod,
    policy: &str,
    now: DateTime<Utc>,
) -> StoreResult<()> {
    let assigned = number(
        connection,
        "SELECT EXISTS (SELECT 1 FROM assignments WHERE order_id = ?)",
        [order.0],
    )?;
    if assigned == 1 {
        return Ok(());
    }
    run(
        connection,
        "UPDATE orders SET assigned = ?, changed_at = ? WHERE id = ?",
        params![json(method)?, micros(now), order.0],
    )?;
    run(
        connection,
        "INSERT INTO assignments (order_id, at, by, policy, why) VALUES (?, ?, NULL, ?, '')",
        params![order.0, micros(now), policy],
    )?;
    Ok(())
}

/// Remembers what the rates of a shop's order name. What was known already is not written again.
pub(super) fn learn(connection: &Connection, order: OrderId, answer: &QuoteAnswer) -> StoreResult<()> {
    for rate in &answer.rates {
        run(
            connection,
            "INSERT INTO methods (store, service_id, service, carrier_id, carrier) \
             SELECT store, ?2, ?3, ?4, ?5 FROM orders WHERE id = ?1 \
             ON CONFLICT (store, service_id) DO UPDATE SET service = excluded.service, carrier = excluded.carrier, \
             carrier_id = excluded.carrier_id WHERE carrier_id = ''",
            params![
                order.0,
                rate.service_id,
                rate.service,
                rate.carrier_id,
                rate.carrier
            ],
        )?;
    }
    Ok(())
}

fn assign(connection: &Connection, wanted: &AssignMethod, now: DateTime<Utc>) -> StoreResult<()> {
    user(connection, wanted.by)?;
    let order = orders::order(connection, wanted.order)?;
    if !order.status.is_open() {
        return Err(refused(format!(
            "this order is {}: no method is assigned any more",
            order.status
        )));
    }
    let live: bool = first(
        connection,
        "SELECT live FROM orders WHERE id = ?",
        [wanted.order.0],
        |row| Ok(row.get(0)?),
    )?
    .unwrap_or_default();
    if live {
        return Err(refused(
            "this order has a label: void it before another method is assigned",
        ));
    }
    let shop = known(connection, Some(&order.channel.store))?;
    let terms = assign_terms(&order.channel, &wanted.method, &shop)
        .map_err(|words| StoreError::Refused(Refusal::MethodBarred(words)))?;
    let reason = Clean::text(&wanted.reason);
    if terms.needs_permission {
        permit(connection, wanted.by, Permission::BreakPrime)?;
        if reason.is_empty() {
            return Err(StoreError::Refused(Refusal::MethodBarred(format!(
                "this is assigned with a reason alone: {}",
                terms.notes.join(" ")
            ))));
        }
    }
    run(
        connection,
        "UPDATE orders SET assigned = ?, changed_at = ? WHERE id = ?",
        params![json(&wanted.method)?, micros(now), wanted.order.0],
    )?;
    run(
        connection,
        "INSERT INTO assignments (order_id, at, by, policy, why) VALUES (?, ?, ?, NULL, ?) ON CONFLICT (order_id) \
         DO UPDATE SET at = excluded.at, by = excluded.by, policy = NULL, why = excluded.why",
        params![wanted.order.0, micros(now), wanted.by.0, reason],
    )?;
    shopping::due_again(connection, wanted.order)?;
    let because = if reason.is_empty() {
        String::new()
    } else {
        format!(" ({reason})")
    };
    let what = format!(
        "method assigned: {}, before: {}{because}",
        assigned_name(&wanted.method, &shop),
        assigned_name(&order.assigned, &shop)
    );
    note(connection, Some(wanted.order), Some(wanted.by), &what, now)
}

fn switch(
    connection: &Connection,
    store: &StoreId,
    service_id: &str,
    on: bool,
    by: UserId,
    reason: &str,
    now: DateTime<Utc>,
) -> StoreResult<KnownMethod> {
    permit(connection, by, Permission::Policies)?;
    let (service_id, reason) = (service_id.trim(), Clean::text(reason));
    if service_id.is_empty() || !on && reason.is_empty() {
        return Err(refused(
            "name the method by its service id, and say why it is switched off",
        ));
    }
    run(
        connection,
        "INSERT INTO methods (store, service_id, service, carrier_id, carrier) VALUES (?1, ?2, ?2, '', '') \
         ON CONFLICT DO NOTHING",
        [store.as_str(), service_id],
    )?;
    let (at, by_whom, why) = if on {
        (None, None, None)
    } else {
        (Some(micros(now)), Some(by.0), Some(reason.clone()))
    };
    run(
        connection,
        "UPDATE methods SET off_at = ?, off_by = ?, off_why = ? WHERE store = ? AND service_id = ?",
        params![at, by_whom, why, store.as_str(), service_id],
    )?;
    let shop = known(connection, Some(store))?;
    let one = shop
        .into_iter()
        .find(|one| one.service_id.eq_ignore_ascii_case(service_id))
        .ok_or_else(|| missing("method", service_id))?;
    let what = if on {
        format!("{} switched on for store {store}", one.name())
    } else {
        format!("{} switched off for store {store}: {reason}", one.name())
    };
    note(connection, None, Some(by), &what, now)?;
    Ok(one)
}

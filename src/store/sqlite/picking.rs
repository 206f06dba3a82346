//! Pick lists from filters and templates, whose list it is, orders that leave it.

use super::people::note;
use super::permissions::permit_named;
use super::values::{
    NEVER, all, badge_bits, first, json, maybe_parsed, micros, missing, number, parsed, refused, run, small,
};
use super::{SqliteStore, orders, pick_lists, pick_sheets, pick_walks};
use crate::domain::ids::{OrderId, PickListId, Sku, StationId, UserId};
use crate::domain::order::AssignedMethod;
use crate::domain::pick_sheet::PickSheet;
use crate::domain::pick_walk::PickWalk;
use crate::domain::picking::{PickFilter, PickOffer, PickTemplate, Units};
use crate::domain::rate::QuoteAnswer;
use crate::domain::rows::PickListRow;
use crate::domain::status::OrderStatus;
use crate::domain::user::Permission;
use crate::store::{PickScan, Picking, StoreResult};
use chrono::{DateTime, TimeDelta, Utc};
use rusqlite::types::Value;
use rusqlite::{Connection, params, params_from_iter};

/// Longest name of a list or a template, in characters.
const NAME: usize = 60;

impl Picking for SqliteStore {
    fn pick_matches(&self, filter: &PickFilter, now: DateTime<Utc>) -> StoreResult<u32> {
        self.read(|connection| count(connection, filter, now))
    }

    fn pick(
        &mut self,
        name: &str,
        filter: &PickFilter,
        by: Option<UserId>,
        now: DateTime<Utc>,
    ) -> StoreResult<Option<(PickListId, u32)>> {
        self.write(|connection| {
            permit_named(connection, by, Permission::PickLists)?;
            let matching = matching(connection, filter, now)?;
            let orders: Vec<OrderId> = matching.into_iter().take(filter.limit as usize).collect();
            if orders.is_empty() {
                return Ok(None);
            }
            let list = pick_lists::create_pick_list(connection, name, &orders, by, now)?;
            Ok(Some((list, u32::try_from(orders.len()).unwrap_or(u32::MAX))))
        })
    }

    fn pick_list(&self, list: PickListId) -> StoreResult<PickListRow> {
        self.read(|connection| pick_lists::pick_list(connection, list))
    }

    fn assign_pick_list(
        &mut self,
        list: PickListId,
        to: Option<UserId>,
        by: Option<UserId>,
        now: DateTime<Utc>,
    ) -> StoreResult<()> {
        self.write(|connection| {
            permit_named(connection, by, Permission::PickLists)?;
            assign(connection, list, to, by, now)
        })
    }

    fn remove_from_pick_list(
        &mut self,
        order: OrderId,
        by: Option<UserId>,
        reason: &str,
        now: DateTime<Utc>,
    ) -> StoreResult<()> {
        self.write_typed(|connection, typist| {
            permit_named(connection, by, Permission::PickLists)?;
            let reason = typist.keep(connection, order, reason, now)?;
            remove(connection, order, by, &reason, now)
        })
    }

    fn pick_offer(&self, now: DateTime<Utc>) -> StoreResult<PickOffer> {
        self.read(|connection| {
            let mut offer = PickOffer::default();
            for template in templates(connection)? {
                let matching = count(connection, &template.filter, now)?;
                offer.templates.push((template, matching));
            }
            Ok(offer)
        })
    }

    fn save_pick_template(&mut self, template: &PickTemplate) -> StoreResult<()> {
        let name = template.name.trim();
        if name.is_empty() || name.chars().count() > NAME {
            return Err(refused(format!(
                "a template needs a name of at most {NAME} letters"
            )));
        }
        self.write(|connection| {
            run(
                connection,
                "INSERT INTO pick_templates (name, filter) VALUES (?1, ?2) \
                 ON CONFLICT (name) DO UPDATE SET filter = excluded.filter",
                params![name, json(&template.filter)?],
            )?;
            Ok(())
        })
    }

    fn drop_pick_template(&mut self, name: &str) -> StoreResult<()> {
        self.write(|connection| {
            let gone = run(
                connection,
                "DELETE FROM pick_templates WHERE name = ?",
                [name.trim()],
            )?;
            if gone == 0 {
                return Err(missing("template", name.trim()));
            }
            Ok(())
        })
    }

    fn put_bins(&mut self, bins: &[(Sku, String)]) -> StoreResult<u32> {
        self.write(|connection| pick_sheets::put_bins(connection, bins))
    }

    fn pick_sheet(&self, list: PickListId) -> StoreResult<PickSheet> {
        self.read(|connection| pick_sheets::sheet(connection, list))
    }

    fn order_of_tote(&self, list: PickListId, place: u32) -> StoreResult<Vec<OrderId>> {
        self.read(|connection| pick_sheets::order_of_tote(connection, list, place))
    }

    fn pick_walk(&self, list: PickListId) -> StoreResult<PickWalk> {
        self.read_typed(|connection| pick_walks::walk(connection, list))
    }

    fn pick_unit(&mut self, scan: &PickScan, now: DateTime<Utc>) -> StoreResult<()> {
        self.write(|connection| pick_walks::pick(connection, scan, now))
    }

    fn pick_short(&mut self, scan: &PickScan, reason: &str, now: DateTime<Utc>) -> StoreResult<()> {
        self.write_typed(|connection, typist| pick_walks::short(connection, typist, scan, reason, now))
    }

    fn want_list_sheet(
        &mut self,
        list: PickListId,
        station: &StationId,
        by: Option<UserId>,
        now: DateTime<Utc>,
    ) -> StoreResult<()> {
        self.write(|connection| pick_sheets::want(connection, list, station, by, now))
    }

    fn list_sheets(&self, station: &StationId) -> StoreResult<Vec<(i64, PickListId)>> {
        self.read(|connection| pick_sheets::wanted(connection, station))
    }

    fn end_list_sheet(&mut self, sheet: i64, result: Result<(), String>) -> StoreResult<()> {
        self.write(|connection| pick_sheets::end(connection, sheet, &result))
    }
}

fn templates(connection: &Connection) -> StoreResult<Vec<PickTemplate>> {
    all(
        connection,
        "SELECT name, filter FROM pick_templates ORDER BY name COLLATE NOCASE",
        [],
        |row| {
            Ok(PickTemplate {
                name: row.get(0)?,
                filter: parsed(&row.get::<_, String>(1)?)?,
            })
        },
    )
}

/// The condition of a filter on orders that are Ready to Pick and on no list.
fn condition(filter: &PickFilter, now: DateTime<Utc>) -> (String, Vec<Value>) {
    let mut terms = vec!["status = 'ready_to_pick' AND pick_list IS NULL".to_owned()];
    let mut values = Vec::new();
    match filter.units {
        Some(Units::Single) => terms.push("units = 1".to_owned()),
        Some(Units::Multi) => terms.push("units > 1".to_owned()),
        None => {}
    }
    if let Some(minutes) = filter.due_within {
        terms.push("ship_by <= ? AND ship_by <> ?".to_owned());
        values.push(Value::Integer(micros(
            now + TimeDelta::minutes(i64::from(minutes)),
        )));
        values.push(Value::Integer(NEVER));
    }
    for (badges, wanted) in [(&filter.badges, true), (&filter.without, false)] {
        let bits = badge_bits(badges);
        if bits != 0 {
            terms.push("badges & ? = ?".to_owned());
            values.push(Value::Integer(bits));
            values.push(Value::Integer(if wanted { bits } else { 0 }));
        }
    }
    if let Some(store) = &filter.store {
        terms.push("store = ?".to_owned());
        values.push(Value::Text(store.0.clone()));
    }
    (terms.join(" AND "), values)
}

/// Carrier and cost are not columns: they are looked up for what is left.
fn is_plain(filter: &PickFilter) -> bool {
    filter.carrier.is_none() && filter.cost_from.is_none() && filter.cost_to.is_none()
}

fn count(connection: &Connection, filter: &PickFilter, now: DateTime<Utc>) -> StoreResult<u32> {
    if !is_plain(filter) {
        return Ok(u32::try_from(matching(connection, filter, now)?.len()).unwrap_or(u32::MAX));
    }
    let (condition, values) = condition(filter, now);
    let sql = format!("SELECT count(*) FROM orders INDEXED BY orders_unlisted WHERE {condition}");
    small(number(connection, &sql, params_from_iter(values))?)
}

/// All orders that match, the most urgent first.
fn matching(connection: &Connection, filter: &PickFilter, now: DateTime<Utc>) -> StoreResult<Vec<OrderId>> {
    let (condition, values) = condition(filter, now);
    let sql = format!(
        "SELECT id, assigned FROM orders INDEXED BY orders_unlisted WHERE {condition} ORDER BY ship_by, number, id"
    );
    let found: Vec<(OrderId, String)> = all(connection, &sql, params_from_iter(values), |row| {
        Ok((OrderId(row.get(0)?), row.get(1)?))
    })?;
    let mut orders = Vec::with_capacity(found.len());
    for (order, assigned) in found {
        if is_by(filter, &parsed(&assigned)?) && is_within(connection, filter, order)? {
            orders.push(order);
        }
    }
    Ok(orders)
}

/// The assigned method is one of the filter's carrier.
fn is_by(filter: &PickFilter, assigned: &AssignedMethod) -> bool {
    match (filter.carrier.as_deref(), assigned) {
        (None, _) | (Some("NONE"), AssignedMethod::Unknown) => true,
        (
            Some(wanted),
            AssignedMethod::Service {
                carrier_id,
                service_id,
            },
        ) => {
            carrier_id.eq_ignore_ascii_case(wanted)
                || service_id
                    .split('_')
                    .next()
                    .is_some_and(|word| word.eq_ignore_ascii_case(wanted))
        }
        _ => false,
    }
}

/// The cheapest rate that is known of the order is within the filter's costs; an order without one is not.
fn is_within(connection: &Connection, filter: &PickFilter, order: OrderId) -> StoreResult<bool> {
    if filter.cost_from.is_none() && filter.cost_to.is_none() {
        return Ok(true);
    }
    let answer = first(
        connection,
        "SELECT answer FROM quotes WHERE order_id = ? AND answer IS NOT NULL ORDER BY id DESC LIMIT 1",
        [order.0],
        |row| maybe_parsed::<QuoteAnswer>(row.get(0)?),
    )?
    .flatten();
    let cost = answer.and_then(|answer| answer.rates.iter().map(|rate| rate.total.minor).min());
    Ok(cost.is_some_and(|cost| {
        filter.cost_from.is_none_or(|from| cost >= from) && filter.cost_to.is_none_or(|to| cost <= to)
    }))
}

fn assign(
    connection: &Connection,
    list: PickListId,
    to: Option<UserId>,
    by: Option<UserId>,
    now: DateTime<Utc>,
) -> StoreResult<()> {
    let changed = run(
        connection,
        "UPDATE pick_lists SET assigned_to = ? WHERE id = ?",
        params![to.map(|user| user.0), list.0],
    )?;
    if changed == 0 {
        return Err(missing("pick list", list));
    }
    let name = pick_lists::pick_list(connection, list)?.assigned;
    let what = match name {
        Some(name) => format!("pick list {list} is {name}'s"),
        None => format!("pick list {list} is nobody's"),
    };
    note(connection, None, by, &what, now)
}

fn remove(
    connection: &Connection,
    id: OrderId,
    by: Option<UserId>,
    reason: &str,
    now: DateTime<Utc>,
) -> StoreResult<()> {
    let order = orders::order(connection, id)?;
    let Some(list) = order.pick_list else {
        return Err(refused(format!(
            "order {} is on no pick list",
            order.channel.number
        )));
    };
    if let Some(live) = orders::live_label(connection, id)? {
        return Err(refused(format!(
            "order {} has a label ({live}): void it before you take the order off the list",
            order.channel.number
        )));
    }
    if order.status == OrderStatus::Shipped {
        return Err(refused(format!("order {} is Shipped", order.channel.number)));
    }
    run(
        connection,
        "UPDATE orders SET pick_list = NULL, pick_position = NULL WHERE id = ?",
        [id.0],
    )?;
    let why = match reason.trim() {
        "" => format!("taken off pick list {list}"),
        reason => format!("taken off pick list {list}: {reason}"),
    };
    if matches!(order.status, OrderStatus::InPicking | OrderStatus::InPacking) {
        orders::stand(connection, id, OrderStatus::ReadyToPick, by, &why, now)
    } else {
        note(connection, Some(id), by, &why, now)?;
        orders::refresh(connection, id)
    }
}

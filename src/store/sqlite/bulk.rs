//! Bulk ship: beginning, starting and stopping runs, and what is shown of them. The steps are in `steps`.

mod steps;

use super::label_rows::{self, label_state_of};
use super::people::{note, user};
use super::permissions::permit;
use super::values::{
    all, first, from_word, json, micros, missing, money, number, parsed, refused, run as execute, small,
    uuid, word,
};
use super::{SqliteStore, detail, methods, orders, packing, quotes};
use crate::domain::bulk::{
    self, BulkMethod, BulkMode, BulkRow, BulkRun, BulkSelection, BulkWish, RowState, RunCounts, RunState,
};
use crate::domain::ids::{
    BoxId, BulkRunId, IntentId, OrderId, OrderNumber, PickListId, QuoteId, StationId, StoreId, UserId,
};
use crate::domain::method::KnownMethod;
use crate::domain::rate::{QuoteState, method_name};
use crate::domain::rows::Page;
use crate::domain::seller::DocumentFormat;
use crate::domain::user::Permission;
use crate::store::{BulkRuns, GapSheet, StoreError, StoreResult};
use chrono::{DateTime, Utc};
use rusqlite::{Connection, params};
use std::collections::BTreeMap;
use std::collections::btree_map::Entry;

/// A run as its steps need it.
struct Run {
    id: BulkRunId,
    list: PickListId,
    state: RunState,
    mode: BulkMode,
    earliest: Option<String>,
    formats: Vec<(StoreId, Vec<DocumentFormat>)>,
    station: StationId,
    by: UserId,
    started: bool,
    printed_to: i64,
}

impl Run {
    /// What a shop's labels can be printed as, best first.
    fn formats_of(&self, shop: &StoreId) -> &[DocumentFormat] {
        let known = self.formats.iter().find(|(store, _)| store == shop);
        known.map_or(&[], |(_, formats)| formats)
    }
}

fn run(connection: &Connection, id: BulkRunId) -> StoreResult<Run> {
    first(
        connection,
        "SELECT id, pick_list, state, mode, earliest, formats, station, by, started_at IS NOT NULL, printed_to \
         FROM bulk_runs WHERE id = ?",
        [id.0],
        |row| {
            Ok(Run {
                id: BulkRunId(row.get(0)?),
                list: PickListId(row.get(1)?),
                state: from_word(&row.get::<_, String>(2)?)?,
                mode: parsed(&row.get::<_, String>(3)?)?,
                earliest: row.get(4)?,
                formats: parsed(&row.get::<_, String>(5)?)?,
                station: StationId(row.get(6)?),
                by: UserId(row.get(7)?),
                started: row.get(8)?,
                printed_to: row.get(9)?,
            })
        },
    )?
    .ok_or_else(|| missing("bulk run", id))
}

fn set_state(connection: &Connection, id: BulkRunId, state: RunState) -> StoreResult<()> {
    execute(
        connection,
        "UPDATE bulk_runs SET state = ? WHERE id = ?",
        params![word(&state)?, id.0],
    )?;
    Ok(())
}

impl BulkRuns for SqliteStore {
    fn begin_bulk(&mut self, wish: &BulkWish, now: DateTime<Utc>) -> StoreResult<BulkRunId> {
        self.write(|connection| begin(connection, wish, now))
    }

    fn bulk_run_of(&self, list: PickListId) -> StoreResult<Option<BulkRun>> {
        self.read(|connection| newest(connection, list))
    }

    fn bulk_rows(&self, run: BulkRunId, start: usize, limit: usize) -> StoreResult<Page<BulkRow>> {
        self.read_typed(|connection| rows(connection, run, start, limit))
    }

    fn bulk_methods(&self, run: BulkRunId) -> StoreResult<Vec<BulkMethod>> {
        self.read(|connection| offered_methods(connection, run))
    }

    fn set_bulk_mode(&mut self, id: BulkRunId, mode: &BulkMode, by: UserId) -> StoreResult<()> {
        self.write(|connection| {
            judge_again(connection, id, by)?;
            execute(
                connection,
                "UPDATE bulk_runs SET mode = ? WHERE id = ?",
                params![json(mode)?, id.0],
            )?;
            Ok(())
        })
    }

    fn allow_earliest(&mut self, id: BulkRunId, reason: &str, by: UserId) -> StoreResult<()> {
        self.write(|connection| {
            let reason = label_rows::typed(reason)?;
            judge_again(connection, id, by)?;
            let who = user(connection, by)?.name;
            let reason = format!("{who} allowed the earliest although all are late: {reason}");
            execute(
                connection,
                "UPDATE bulk_runs SET earliest = ? WHERE id = ?",
                params![reason, id.0],
            )?;
            Ok(())
        })
    }

    fn start_bulk(&mut self, id: BulkRunId, by: UserId, now: DateTime<Utc>) -> StoreResult<()> {
        self.write(|connection| start(connection, id, by, now))
    }

    fn stop_bulk(&mut self, id: BulkRunId, by: UserId, now: DateTime<Utc>) -> StoreResult<()> {
        self.write(|connection| {
            let run = run(connection, id)?;
            if run.state != RunState::Running {
                return Err(refused(format!(
                    "this run is {}: there is nothing to stop",
                    run.state
                )));
            }
            set_state(connection, id, RunState::Stopping)?;
            note(connection, None, Some(by), &format!("bulk run {id} stopped"), now)
        })
    }

    fn retry_bulk(&mut self, id: BulkRunId, by: UserId, now: DateTime<Utc>) -> StoreResult<()> {
        self.write(|connection| {
            permit(connection, by, Permission::BulkShip)?;
            let run = run(connection, id)?;
            if !matches!(run.state, RunState::Ready | RunState::Stopped | RunState::Done) {
                return Err(refused(format!("this run is {}: wait until it has ended", run.state)));
            }
            let again = execute(
                connection,
                "UPDATE bulk_orders SET state = 'new', words = '', quote = NULL, choice = NULL, label = NULL, \
                 agreed_minor = NULL WHERE run = ? AND state = 'refused'",
                [id.0],
            )?;
            if again == 0 {
                return Err(refused("no order of this run was refused"));
            }
            if run.state == RunState::Done {
                let others = number(
                    connection,
                    "SELECT count(*) FROM bulk_runs WHERE pick_list = ? AND state <> 'done'",
                    [run.list.0],
                )?;
                if others > 0 {
                    return Err(refused("a newer run of this list is open: look there"));
                }
            }
            set_state(connection, id, RunState::Checking)?;
            note(connection, None, Some(by), &format!("bulk run {id}: {again} refused orders again"), now)
        })
    }

    fn live_bulk_runs(&self) -> StoreResult<Vec<(BulkRunId, RunState)>> {
        self.read(|connection| {
            all(
                connection,
                "SELECT id, state FROM bulk_runs WHERE state IN ('checking', 'running', 'stopping') \
                 OR started_at IS NOT NULL AND (\
                 EXISTS (SELECT 1 FROM bulk_orders WHERE run = bulk_runs.id AND state IN ('wanted', 'unknown')) \
                 OR state = 'done' AND printed_to < (SELECT count(*) FROM bulk_orders WHERE run = bulk_runs.id)) \
                 ORDER BY id",
                [],
                |row| {
                    Ok((
                        BulkRunId(row.get(0)?),
                        from_word(&row.get::<_, String>(1)?)?,
                    ))
                },
            )
        })
    }

    fn advance_bulk(&mut self, run: BulkRunId, ids: &[IntentId], now: DateTime<Utc>) -> StoreResult<bool> {
        // In a damaged file nothing more is wanted; what is under way is still settled.
        let ids = if self.check_unmarked().is_ok() { ids } else { &[] };
        self.write(|connection| steps::advance(connection, run, ids, now))
    }

    fn gap_sheets(&self, station: &StationId) -> StoreResult<Vec<GapSheet>> {
        self.read_typed(|connection| {
            all(
                connection,
                "SELECT id, number, words FROM gap_sheets WHERE station = ? AND state = 'wanted' ORDER BY id",
                [station.as_str()],
                |row| {
                    Ok(GapSheet {
                        id: row.get(0)?,
                        number: OrderNumber(row.get(1)?),
                        words: row.get(2)?,
                    })
                },
            )
        })
    }

    fn end_gap_sheet(&mut self, sheet: i64, printed: bool) -> StoreResult<()> {
        self.write(|connection| {
            let state = if printed { "done" } else { "failed" };
            execute(
                connection,
                "UPDATE gap_sheets SET state = ? WHERE id = ? AND state = 'wanted'",
                params![state, sheet],
            )?;
            Ok(())
        })
    }
}

/// A run that stands still makes room for another one: where nothing of it is left to buy, or where a person names the
/// orders of the new one.
fn is_given_up(connection: &Connection, id: BulkRunId, wish: &BulkWish) -> StoreResult<bool> {
    let left = number(
        connection,
        "SELECT count(*) FROM bulk_orders WHERE run = ? AND state IN ('new', 'asked', 'ok', 'wanted')",
        [id.0],
    )?;
    Ok(left == 0 || wish.orders != BulkSelection::All)
}

fn begin(connection: &Connection, wish: &BulkWish, now: DateTime<Utc>) -> StoreResult<BulkRunId> {
    permit(connection, wish.by, Permission::BulkShip)?;
    let open = first(
        connection,
        "SELECT id, state FROM bulk_runs WHERE pick_list = ? AND state <> 'done'",
        [wish.list.0],
        |row| {
            Ok((
                BulkRunId(row.get(0)?),
                from_word::<RunState>(&row.get::<_, String>(1)?)?,
            ))
        },
    )?;
    match open {
        Some((id, RunState::Checking | RunState::Ready)) if !run(connection, id)?.started => {
            set_state(connection, id, RunState::Done)?;
        }
        Some((id, RunState::Ready | RunState::Stopped)) if is_given_up(connection, id, wish)? => {
            execute(
                connection,
                "UPDATE bulk_orders SET state = 'refused', words = 'left out: another run was begun' \
                 WHERE run = ? AND state IN ('new', 'asked', 'ok')",
                [id.0],
            )?;
            set_state(connection, id, RunState::Done)?;
        }
        Some((id, _)) => return Ok(id),
        None => {}
    }
    let listed = all(
        connection,
        "SELECT id FROM orders WHERE pick_list = ? ORDER BY pick_position, id",
        [wish.list.0],
        |row| Ok(OrderId(row.get(0)?)),
    )?;
    let orders: Vec<OrderId> = listed
        .into_iter()
        .filter(|order| wish.orders.takes(*order))
        .collect();
    if orders.is_empty() {
        return Err(refused("none of these orders is on this pick list"));
    }
    execute(
        connection,
        "INSERT INTO bulk_runs (pick_list, state, mode, formats, station, by, made_at) VALUES (?, ?, ?, ?, ?, ?, ?)",
        params![
            wish.list.0,
            word(&RunState::Checking)?,
            json(&wish.mode)?,
            json(&wish.formats)?,
            wish.station.as_str(),
            wish.by.0,
            micros(now),
        ],
    )?;
    let id = BulkRunId(connection.last_insert_rowid());
    let mut position = 0_i64;
    for order in &orders {
        for parcel in boxes_of(connection, *order)? {
            execute(
                connection,
                "INSERT INTO bulk_orders (run, position, order_id, box_id, state) VALUES (?, ?, ?, ?, ?)",
                params![
                    id.0,
                    position,
                    order.0,
                    parcel.map(|id| id.0),
                    word(&RowState::New)?
                ],
            )?;
            position += 1;
        }
    }
    let what = format!(
        "bulk run {id} of pick list {}: {} orders",
        wish.list,
        orders.len()
    );
    note(connection, None, Some(wish.by), &what, now)?;
    Ok(id)
}

/// The boxes of an order that wait for a label; of one that has no such box the order itself.
fn boxes_of(connection: &Connection, order: OrderId) -> StoreResult<Vec<Option<BoxId>>> {
    let boxes = number(
        connection,
        "SELECT count(*) FROM boxes WHERE order_id = ?",
        [order.0],
    )?;
    if boxes < 2 {
        return Ok(vec![None]);
    }
    let waiting = bulk::ready_boxes(&detail::order(connection, order)?);
    Ok(match waiting {
        Ok(each) if each.len() > 1 => each.into_iter().map(|(id, _)| Some(id)).collect(),
        _ => vec![None],
    })
}

/// Every order whose rates are there is judged anew: only before anything is bought.
fn judge_again(connection: &Connection, id: BulkRunId, by: UserId) -> StoreResult<()> {
    permit(connection, by, Permission::BulkShip)?;
    let run = run(connection, id)?;
    if run.started || !matches!(run.state, RunState::Checking | RunState::Ready) {
        return Err(refused(format!(
            "this run is {}: the method is chosen before the first label is bought",
            run.state
        )));
    }
    execute(
        connection,
        "UPDATE bulk_orders SET state = 'asked', words = '' WHERE run = ? AND quote IS NOT NULL \
         AND state IN ('ok', 'refused')",
        [id.0],
    )?;
    set_state(connection, id, RunState::Checking)
}

fn start(connection: &Connection, id: BulkRunId, by: UserId, now: DateTime<Utc>) -> StoreResult<()> {
    permit(connection, by, Permission::BulkShip)?;
    let run = run(connection, id)?;
    match run.state {
        RunState::Ready | RunState::Stopped => {}
        // The same yes again, because its answer was lost.
        RunState::Running => return Ok(()),
        state => return Err(refused(format!("this run is {state}: it cannot be started now"))),
    }
    execute(
        connection,
        "UPDATE bulk_orders SET agreed_minor = price_minor WHERE run = ? AND state = 'ok'",
        [id.0],
    )?;
    execute(
        connection,
        "UPDATE bulk_runs SET state = 'running', started_at = ifnull(started_at, ?), by = ? WHERE id = ?",
        params![micros(now), by.0, id.0],
    )?;
    note(connection, None, Some(by), &format!("bulk run {id} started"), now)
}

fn newest(connection: &Connection, list: PickListId) -> StoreResult<Option<BulkRun>> {
    let id = first(
        connection,
        "SELECT max(id) FROM bulk_runs WHERE pick_list = ?",
        [list.0],
        |row| Ok(row.get::<_, Option<i64>>(0)?),
    )?
    .flatten();
    let Some(id) = id.map(BulkRunId) else {
        return Ok(None);
    };
    let known = run(connection, id)?;
    let (by, started_at) = first(
        connection,
        "SELECT users.name, started_at FROM bulk_runs JOIN users ON users.id = bulk_runs.by WHERE bulk_runs.id = ?",
        [id.0],
        |row| Ok((row.get::<_, String>(0)?, super::values::maybe_time(row.get(1)?)?)),
    )?
    .ok_or_else(|| missing("bulk run", id))?;
    let mut counts = RunCounts::default();
    let (mut to_buy, mut bought) = (BTreeMap::new(), BTreeMap::new());
    let found = all(
        connection,
        "SELECT bulk_orders.state, bulk_orders.price_currency, count(*), ifnull(sum(bulk_orders.price_minor), 0), \
         ifnull(sum(ifnull(labels.printed, 0) > 0), 0) FROM bulk_orders \
         LEFT JOIN labels ON labels.id = bulk_orders.label WHERE run = ? GROUP BY bulk_orders.state, \
         bulk_orders.price_currency",
        [id.0],
        |row| {
            Ok((
                from_word::<RowState>(&row.get::<_, String>(0)?)?,
                row.get::<_, Option<String>>(1)?,
                small(row.get(2)?)?,
                row.get::<_, i64>(3)?,
                small(row.get(4)?)?,
            ))
        },
    )?;
    for (state, currency, orders, sum, printed) in found {
        counts.orders += orders;
        let place = match state {
            RowState::New | RowState::Asked => &mut counts.checking,
            RowState::Ok => &mut counts.ok,
            RowState::Wanted => &mut counts.wanted,
            RowState::Bought => &mut counts.bought,
            RowState::Refused => &mut counts.refused,
            RowState::Unknown => &mut counts.unknown,
            RowState::Already => &mut counts.already,
        };
        *place += orders;
        if state == RowState::Bought {
            counts.printed += printed;
        }
        let sums = match state {
            RowState::Ok | RowState::Wanted => &mut to_buy,
            RowState::Bought => &mut bought,
            _ => continue,
        };
        if let Some(currency) = currency {
            *sums.entry(currency).or_insert(0_i64) += sum;
        }
    }
    let sums = |sums: BTreeMap<String, i64>| -> StoreResult<Vec<_>> {
        sums.into_iter()
            .map(|(currency, minor)| money(minor, &currency))
            .collect()
    };
    Ok(Some(BulkRun {
        id,
        list,
        state: known.state,
        mode: known.mode,
        earliest: known.earliest,
        by,
        station: known.station,
        counts,
        to_buy: sums(to_buy)?,
        bought: sums(bought)?,
        started_at,
    }))
}

fn rows(connection: &Connection, id: BulkRunId, start: usize, limit: usize) -> StoreResult<Page<BulkRow>> {
    let total = number(
        connection,
        "SELECT count(*) FROM bulk_orders WHERE run = ?",
        [id.0],
    )?;
    let whole = |number: usize| i64::try_from(number).unwrap_or(i64::MAX);
    let rows = all(
        connection,
        "SELECT bulk_orders.order_id, orders.number, bulk_orders.state, method, bulk_orders.price_minor, bulk_orders.price_currency, \
         words, labels.state, ifnull(labels.printed, 0), labels.reason, boxes.number FROM bulk_orders \
         JOIN orders ON orders.id = bulk_orders.order_id LEFT JOIN labels ON labels.id = bulk_orders.label \
         LEFT JOIN boxes ON boxes.id = bulk_orders.box_id \
         WHERE run = ? ORDER BY position LIMIT ? OFFSET ?",
        params![id.0, whole(limit), whole(start)],
        |row| {
            let price: Option<i64> = row.get(4)?;
            let currency: Option<String> = row.get(5)?;
            let words: String = row.get(6)?;
            Ok(BulkRow {
                order: OrderId(row.get(0)?),
                number: OrderNumber(row.get(1)?),
                box_number: row.get::<_, Option<i64>>(10)?.map(small).transpose()?,
                state: from_word(&row.get::<_, String>(2)?)?,
                method: row.get(3)?,
                price: price
                    .zip(currency)
                    .map(|(minor, currency)| money(minor, &currency))
                    .transpose()?,
                words: if words.is_empty() {
                    row.get::<_, Option<String>>(9)?.unwrap_or_default()
                } else {
                    words
                },
                label: label_state_of(row.get(7)?)?,
                printed: small(row.get(8)?)?,
            })
        },
    )?;
    Ok(Page {
        first: start,
        rows,
        total: usize::try_from(total).unwrap_or(0),
    })
}

fn offered_methods(connection: &Connection, id: BulkRunId) -> StoreResult<Vec<BulkMethod>> {
    let run = run(connection, id)?;
    let quoted = all(
        connection,
        "SELECT order_id, quote FROM bulk_orders WHERE run = ? AND quote IS NOT NULL ORDER BY position",
        [id.0],
        |row| Ok((OrderId(row.get(0)?), QuoteId(row.get(1)?))),
    )?;
    let mut shops: BTreeMap<StoreId, Vec<KnownMethod>> = BTreeMap::new();
    // Name, offered, passes.
    let mut found: BTreeMap<(String, String), (String, u32, u32)> = BTreeMap::new();
    for (order, quote) in quoted {
        let known = match quotes::quote(connection, quote) {
            Err(StoreError::NotFound { .. }) => continue,
            known => known?,
        };
        let QuoteState::Answered(answer) = known.state else {
            continue;
        };
        // Not the whole order: the list is of every box of the run, and a screen waits for it.
        let channel = orders::order(connection, order)?.channel;
        let parcel = packing::parcel(connection, known.request.box_id)?;
        let switched = match shops.entry(channel.store.clone()) {
            Entry::Occupied(shop) => shop.into_mut(),
            Entry::Vacant(shop) => shop.insert(methods::known(connection, Some(&channel.store))?),
        };
        let formats = run.formats_of(&channel.store);
        let mut here: BTreeMap<(String, String), (String, bool)> = BTreeMap::new();
        for (rate, passes) in bulk::offered(&channel, switched, &parcel, formats, &answer) {
            let name = method_name(&rate.carrier, &rate.service);
            let method = here
                .entry((rate.carrier_id, rate.service_id))
                .or_insert((name, false));
            method.1 |= passes;
        }
        for (key, (name, passes)) in here {
            let method = found.entry(key).or_insert((name, 0, 0));
            method.1 += 1;
            method.2 += u32::from(passes);
        }
    }
    let mut listed: Vec<BulkMethod> = found
        .into_iter()
        .map(|((carrier_id, service_id), (name, offered, passes))| BulkMethod {
            mode: BulkMode::Same {
                carrier_id,
                service_id,
                name,
            },
            offered,
            passes,
        })
        .collect();
    listed.sort_by_key(|method| std::cmp::Reverse((method.passes, method.offered)));
    Ok(listed)
}

/// The id of a label as it stands in a column.
fn intent(bytes: &[u8]) -> StoreResult<IntentId> {
    Ok(IntentId(uuid(bytes)?))
}

//! What the desk shows: counts by hour, which are written with what they count, and sums that an index bounds.

use super::SqliteStore;
use super::people::user;
use super::permissions::permit;
use super::values::{
    NEVER, all, label_state, maybe_time, micros, money, number, run, small, status, status_text, time,
};
use super::{boxes, label_rows};
use crate::domain::desk::report::{LabelLine, OrderLine};
use crate::domain::desk::{
    AnswerTimes, CarrierCost, Hour, OpenOrders, OpenRefunds, RefusedScans, Span, WorkHour, refusal,
};
use crate::domain::ids::{OrderNumber, PickListId, StoreId, TrackingNumber, UserId};
use crate::domain::money::Currency;
use crate::domain::packing::{PackEvent, ScanRecord};
use crate::domain::spend::{Payee, Sum, Sums};
use crate::domain::status::OrderStatus;
use crate::domain::user::Permission;
use crate::store::{LabelLines, Reporting, StoreResult};
use chrono::{DateTime, Utc};
use rusqlite::{Connection, Row, params};
use std::collections::BTreeMap;

impl Reporting for SqliteStore {
    fn note_answers(&mut self, by: UserId, hour: Hour, answers: &AnswerTimes) -> StoreResult<()> {
        self.write(|connection| {
            for (step, scans) in answers.steps() {
                run(
                    connection,
                    "INSERT INTO hours_answered (hour, by, step, scans) VALUES (?, ?, ?, ?) \
                     ON CONFLICT (hour, by, step) DO UPDATE SET scans = scans + excluded.scans",
                    params![hour.0, by.0, signed(step), count(scans)],
                )?;
            }
            Ok(())
        })
    }

    fn sees_everybody(&self, viewer: UserId) -> StoreResult<bool> {
        self.read(|connection| Ok(whose(connection, viewer)?.is_none()))
    }

    fn open_by_ship_by(&self, now: DateTime<Utc>, hours: usize) -> StoreResult<OpenOrders> {
        self.read(|connection| open_by_ship_by(connection, micros(now), hours))
    }

    fn due_hours(&self, from: DateTime<Utc>, hours: usize) -> StoreResult<Vec<(Hour, u64)>> {
        self.read(|connection| due_hours(connection, micros(from), hours))
    }

    fn work_hours(&self, viewer: UserId, hours: (Hour, Hour)) -> StoreResult<Vec<WorkHour>> {
        self.read(|connection| work_hours(connection, whose(connection, viewer)?, hours))
    }

    fn refused_scans(&self, viewer: UserId, (from, to): (Hour, Hour)) -> StoreResult<Vec<RefusedScans>> {
        self.read(|connection| {
            all(
                connection,
                "SELECT hour, users.name, form, scans FROM hours_refused LEFT JOIN users ON users.id = by \
                 WHERE hour >= ?1 AND hour < ?2 AND (?3 IS NULL OR by = ?3) ORDER BY hour, by, form",
                params![from.0, to.0, whose(connection, viewer)?],
                |row| {
                    Ok(RefusedScans {
                        hour: Hour(row.get(0)?),
                        name: name(row.get(1)?),
                        form: row.get(2)?,
                        scans: unsigned(row.get(3)?),
                    })
                },
            )
        })
    }

    fn carrier_costs(&self, viewer: UserId, span: Span) -> StoreResult<Vec<CarrierCost>> {
        self.read(|connection| carrier_costs(connection, whose(connection, viewer)?, span))
    }

    fn open_refunds(&self, viewer: UserId, now: DateTime<Utc>) -> StoreResult<Vec<OpenRefunds>> {
        self.read(|connection| {
            all(
                connection,
                "SELECT price_currency, sum(price_minor), count(*), \
                 sum(state = 'refund not reported' OR ifnull(expected_by < ?1, 0)) \
                 FROM labels INDEXED BY labels_refund_open JOIN aftermath ON aftermath.label = labels.id \
                 WHERE state IN ('voided', 'refund pending', 'refund not reported') AND voided_at IS NOT NULL \
                 AND (?2 IS NULL OR wanted_by = ?2) GROUP BY price_currency ORDER BY price_currency",
                params![micros(now), whose(connection, viewer)?],
                |row| {
                    let paid = money(row.get(1)?, &row.get::<_, String>(0)?)?;
                    Ok(OpenRefunds {
                        sum: Sum {
                            labels: unsigned(row.get(2)?),
                            minor: paid.minor,
                        },
                        currency: paid.currency,
                        overdue: unsigned(row.get(3)?),
                    })
                },
            )
        })
    }

    fn label_lines(
        &self,
        viewer: UserId,
        which: LabelLines,
        span: Span,
        after: Option<&LabelLine>,
        limit: usize,
    ) -> StoreResult<Vec<LabelLine>> {
        self.read(|connection| {
            let (column, at) = match which {
                LabelLines::Wanted => ("wanted_at", after.map(|line| line.wanted_at)),
                LabelLines::Voided => ("voided_at", after.and_then(|line| line.voided_at)),
            };
            let (from, sequence) = match (at, after) {
                (Some(at), Some(line)) => (micros(at), line.sequence),
                _ => (micros(span.from), i64::MIN),
            };
            let sql = format!(
                "{LINE} WHERE {column} >= ?1 AND ({column}, sequence) > (?1, ?2) AND {column} < ?3 \
                 AND (?4 IS NULL OR wanted_by = ?4) ORDER BY {column}, sequence LIMIT ?5"
            );
            let whose = whose(connection, viewer)?;
            let values = params![from, sequence, micros(span.to), whose, signed(limit)];
            all(connection, &sql, values, line)
        })
    }

    fn order_lines(
        &self,
        viewer: UserId,
        of: OrderStatus,
        after: Option<&OrderLine>,
        limit: usize,
    ) -> StoreResult<Vec<OrderLine>> {
        self.read(|connection| {
            permit(connection, viewer, Permission::Reports)?;
            let begin = (i64::MIN, String::new(), i64::MIN);
            let (by, number, id) = after.map_or(begin, |line| {
                (line.ship_by.map_or(NEVER, micros), line.order.to_string(), line.id)
            });
            all(
                connection,
                "SELECT id, ship_by, number, store, status, units_wanted, units_packed, pick_list, imported_at \
                 FROM orders WHERE status = ?1 AND (ship_by, number, id) > (?2, ?3, ?4) \
                 ORDER BY ship_by, number, id LIMIT ?5",
                params![status_text(of), by, number, id, signed(limit)],
                order_line,
            )
        })
    }
}

fn signed(number: usize) -> i64 {
    i64::try_from(number).unwrap_or(i64::MAX)
}

fn count(number: u64) -> i64 {
    i64::try_from(number).unwrap_or(i64::MAX)
}

fn unsigned(number: i64) -> u64 {
    u64::try_from(number).unwrap_or(0)
}

fn name(name: Option<String>) -> String {
    name.unwrap_or_else(|| "nobody signed in".to_owned())
}

/// Whose numbers this person may see: none, everybody's; else their own.
fn whose(connection: &Connection, viewer: UserId) -> StoreResult<Option<i64>> {
    let person = user(connection, viewer)?;
    Ok((!person.may.contains(&Permission::Reports)).then_some(viewer.0))
}

/// Counts an accepted scan. `was`: the order was packed before it.
pub(super) fn count_scan(connection: &Connection, scan: &ScanRecord, was: bool) -> StoreResult<()> {
    let is = boxes::is_all_packed(connection, scan.order)?;
    let units = match &scan.event {
        PackEvent::Verified { units, .. } => signed(units.len()),
        PackEvent::Coded { .. } => 0,
        PackEvent::Undone { units, .. } => -signed(units.len()),
    };
    run(
        connection,
        "INSERT INTO hours_worked (hour, by, orders, units, scans) VALUES (?, ?, ?, ?, 1) \
         ON CONFLICT (hour, by) DO UPDATE SET orders = orders + excluded.orders, units = units + excluded.units, \
         scans = scans + 1",
        params![
            Hour::of(scan.at).0,
            scan.by.0,
            i64::from(is) - i64::from(was),
            units
        ],
    )?;
    Ok(())
}

/// Counts a refused scan.
pub(super) fn count_refused(
    connection: &Connection,
    by: Option<UserId>,
    reason: &str,
    now: DateTime<Utc>,
) -> StoreResult<()> {
    let (scans, form) = refusal(reason);
    run(
        connection,
        "INSERT INTO hours_refused (hour, by, form, scans) VALUES (?, ?, ?, ?) \
         ON CONFLICT (hour, by, form) DO UPDATE SET scans = scans + excluded.scans",
        params![Hour::of(now).0, by.map_or(0, |by| by.0), form, count(scans)],
    )?;
    Ok(())
}

const DAY: i64 = 86_400_000_000;
const HOUR: i64 = 3_600_000_000;

/// Whole days are counted already; hours are counted within an index, and those without an order are stepped over.
fn open_by_ship_by(connection: &Connection, now: i64, most: usize) -> StoreResult<OpenOrders> {
    let day = now.div_euclid(DAY);
    let (mut total, mut late) = (0, 0);
    for of in OrderStatus::open() {
        total += number(
            connection,
            "SELECT ifnull(sum(orders), 0) FROM order_counts WHERE status = ?",
            [status_text(of)],
        )?;
        late += number(
            connection,
            "SELECT ifnull(sum(orders), 0) FROM order_counts WHERE status = ? AND day < ?",
            params![status_text(of), day],
        )?;
        late += within(connection, of, day * DAY, now)?;
    }
    let mut open = OpenOrders {
        late: unsigned(late),
        hours: Vec::new(),
        later: unsigned(total - late),
    };
    open.tell_apart(due_hours(connection, now, most)?);
    Ok(open)
}

fn due_hours(connection: &Connection, mut from: i64, most: usize) -> StoreResult<Vec<(Hour, u64)>> {
    let mut hours = Vec::new();
    while hours.len() < most {
        let mut next = NEVER;
        for of in OrderStatus::open() {
            next = next.min(number(
                connection,
                "SELECT ifnull(min(ship_by), 9223372036854775807) FROM orders WHERE status = ? AND ship_by >= ?",
                params![status_text(of), from],
            )?);
        }
        if next == NEVER {
            break;
        }
        let hour = next.div_euclid(HOUR);
        let end = (hour + 1) * HOUR;
        let mut orders = 0;
        for of in OrderStatus::open() {
            orders += within(connection, of, from, end)?;
        }
        hours.push((Hour(hour), unsigned(orders)));
        from = end;
    }
    Ok(hours)
}

fn within(connection: &Connection, of: OrderStatus, from: i64, to: i64) -> StoreResult<i64> {
    number(
        connection,
        "SELECT count(*) FROM orders INDEXED BY orders_by_status WHERE status = ? AND ship_by >= ? AND ship_by < ?",
        params![status_text(of), from, to],
    )
}

/// Hour, person, name.
type Key = (i64, i64, Option<String>);

fn work_hours(
    connection: &Connection,
    whose: Option<i64>,
    (from, to): (Hour, Hour),
) -> StoreResult<Vec<WorkHour>> {
    let mut rows: BTreeMap<(i64, i64), WorkHour> = BTreeMap::new();
    let values = params![from.0, to.0, whose];
    let mut put = |hour: i64, by: i64, known: Option<String>, add: &dyn Fn(&mut WorkHour)| {
        add(rows.entry((hour, by)).or_insert_with(|| WorkHour {
            hour: Hour(hour),
            by: (by != 0).then_some(UserId(by)),
            name: name(known),
            orders: 0,
            units: 0,
            scans: 0,
            refused: 0,
            answers: AnswerTimes::default(),
        }));
    };
    let select = |columns: &str, table: &str| {
        format!(
            "SELECT hour, by, users.name, {columns} FROM {table} LEFT JOIN users ON users.id = by \
             WHERE hour >= ?1 AND hour < ?2 AND (?3 IS NULL OR by = ?3)"
        )
    };
    let key = |row: &Row<'_>| -> StoreResult<Key> { Ok((row.get(0)?, row.get(1)?, row.get(2)?)) };
    let sql = select("orders, units, scans", "hours_worked");
    let worked = all(connection, &sql, values, |row| {
        Ok((
            key(row)?,
            row.get::<_, i64>(3)?,
            row.get::<_, i64>(4)?,
            row.get::<_, i64>(5)?,
        ))
    })?;
    for ((hour, by, known), orders, units, scans) in worked {
        put(hour, by, known, &|row| {
            row.orders += orders;
            row.units += units;
            row.scans += unsigned(scans);
        });
    }
    let sql = select("scans", "hours_refused");
    for ((hour, by, known), scans) in all(connection, &sql, values, |row| {
        Ok((key(row)?, row.get::<_, i64>(3)?))
    })? {
        put(hour, by, known, &|row| row.refused += unsigned(scans));
    }
    let sql = select("step, scans", "hours_answered");
    let answered = all(connection, &sql, values, |row| {
        Ok((key(row)?, row.get::<_, i64>(3)?, row.get::<_, i64>(4)?))
    })?;
    for ((hour, by, known), step, scans) in answered {
        let step = usize::try_from(step).unwrap_or(usize::MAX);
        put(hour, by, known, &|row| row.answers.put(step, unsigned(scans)));
    }
    Ok(rows.into_values().collect())
}

fn carrier_costs(connection: &Connection, whose: Option<i64>, span: Span) -> StoreResult<Vec<CarrierCost>> {
    let groups = all(
        connection,
        "SELECT carrier, CASE via WHEN 'outside' THEN 'elsewhere' ELSE payee END AS payee, state, count(*), \
         sum(price_minor), price_currency FROM labels INDEXED BY labels_by_time \
         WHERE wanted_at >= ?1 AND wanted_at < ?2 AND (?3 IS NULL OR wanted_by = ?3) GROUP BY 1, 2, 3, 6",
        params![micros(span.from), micros(span.to), whose],
        |row| {
            Ok((
                row.get::<_, String>(0)?,
                Payee::from_key(&row.get::<_, String>(1)?),
                label_state(&row.get::<_, String>(2)?)?,
                unsigned(row.get(3)?),
                money(row.get(4)?, &row.get::<_, String>(5)?)?,
            ))
        },
    )?;
    let mut rows: BTreeMap<(String, Payee, String), (Currency, Sums)> = BTreeMap::new();
    for (carrier, payee, state, labels, cost) in groups.into_iter().filter(|group| group.2.was_bought()) {
        let key = (carrier, payee, cost.currency.code().to_owned());
        let (_, sums) = rows.entry(key).or_insert((cost.currency, Sums::default()));
        let minor = cost.minor;
        sums.add(state, Sum { labels, minor });
    }
    let each = rows
        .into_iter()
        .map(|((carrier, payee, _), (currency, sums))| CarrierCost {
            carrier,
            payee,
            currency,
            live: sums.live,
            voided: sums.voided,
            refunded: sums.refunded,
        });
    Ok(each.collect())
}

const LINE: &str = "SELECT sequence, lower(hex(labels.id)), wanted_at, orders.number, orders.store, boxes.number, \
     carrier, service, via, CASE via WHEN 'outside' THEN 'elsewhere' ELSE payee END, state, price_minor, \
     price_currency, tracking, users.name, station, voided_at, expected_by, refund_minor, refund_currency \
     FROM labels JOIN orders ON orders.id = labels.order_id JOIN boxes ON boxes.id = labels.box_id \
     LEFT JOIN users ON users.id = labels.wanted_by LEFT JOIN aftermath ON aftermath.label = labels.id";

fn line(row: &Row<'_>) -> StoreResult<LabelLine> {
    let refunded = match (row.get::<_, Option<i64>>(18)?, row.get::<_, Option<String>>(19)?) {
        (Some(minor), Some(currency)) => Some(money(minor, &currency)?),
        _ => None,
    };
    Ok(LabelLine {
        sequence: row.get(0)?,
        label: uuid::Uuid::parse_str(&row.get::<_, String>(1)?)
            .map_or_else(|_| String::new(), |id| id.to_string()),
        wanted_at: time(row.get(2)?)?,
        order: OrderNumber(row.get(3)?),
        store: StoreId(row.get(4)?),
        box_number: small(row.get(5)?)?,
        carrier: row.get(6)?,
        service: row.get(7)?,
        via: label_rows::via(&row.get::<_, String>(8)?)?,
        payee: Payee::from_key(&row.get::<_, String>(9)?),
        state: label_state(&row.get::<_, String>(10)?)?,
        price: money(row.get(11)?, &row.get::<_, String>(12)?)?,
        tracking: row.get::<_, Option<String>>(13)?.map(TrackingNumber),
        packer: name(row.get(14)?),
        station: row.get(15)?,
        voided_at: maybe_time(row.get(16)?)?,
        expected_by: maybe_time(row.get(17)?)?,
        refunded,
    })
}

fn order_line(row: &Row<'_>) -> StoreResult<OrderLine> {
    let by: i64 = row.get(1)?;
    Ok(OrderLine {
        id: row.get(0)?,
        ship_by: maybe_time((by != NEVER).then_some(by))?,
        order: OrderNumber(row.get(2)?),
        store: StoreId(row.get(3)?),
        status: status(&row.get::<_, String>(4)?)?,
        units: small(row.get(5)?)?,
        units_packed: small(row.get(6)?)?,
        pick_list: row.get::<_, Option<i64>>(7)?.map(PickListId),
        imported_at: time(row.get(8)?)?,
    })
}

//! What stands on manifests, and what is due on the next ones.

use super::label_rows::bytes;
use super::values::{NEVER, all, first, label_state, maybe_time, micros, missing, number, small, time, uuid};
use crate::domain::ids::{IntentId, ManifestId, OrderId, OrderNumber, ScanId, StoreId, TrackingNumber};
use crate::domain::manifest::{CarrierDue, Fate, Manifest, ManifestDetail, Parcel, carrier_key};
use crate::domain::rows::Page;
use crate::store::StoreResult;
use chrono::{DateTime, Utc};
use rusqlite::{Connection, Row, params};
use std::collections::BTreeMap;

const MANIFEST: &str = "SELECT manifests.id, carrier, store, opened_at, opened.name, closed_at, closed.name, \
     (SELECT count(*) FROM check_outs WHERE check_outs.manifest = manifests.id), \
     (SELECT count(*) FROM stayed WHERE stayed.manifest = manifests.id AND fate = 'carried'), \
     (SELECT count(*) FROM stayed WHERE stayed.manifest = manifests.id AND fate = 'left') \
     FROM manifests JOIN users AS opened ON opened.id = opened_by LEFT JOIN users AS closed ON closed.id = closed_by";

fn manifest_row(row: &Row<'_>) -> StoreResult<Manifest> {
    Ok(Manifest {
        id: ManifestId(row.get(0)?),
        carrier: row.get(1)?,
        store: row.get::<_, Option<String>>(2)?.map(StoreId),
        opened_at: time(row.get(3)?)?,
        opened_by: row.get(4)?,
        closed_at: maybe_time(row.get(5)?)?,
        closed_by: row.get(6)?,
        out: small(row.get(7)?)?,
        missing: small(row.get(8)?)?,
        left: small(row.get(9)?)?,
    })
}

pub(super) fn manifest(connection: &Connection, id: ManifestId) -> StoreResult<Manifest> {
    let sql = format!("{MANIFEST} WHERE manifests.id = ?");
    first(connection, &sql, [id.0], manifest_row)?.ok_or_else(|| missing("manifest", id))
}

const PARCEL: &str = "SELECT labels.id, labels.order_id, orders.number, orders.store, boxes.number, labels.carrier, \
     labels.service, labels.tracking, labels.state, orders.ship_by";
const JOINED: &str = "JOIN orders ON orders.id = labels.order_id JOIN boxes ON boxes.id = labels.box_id";

/// The parcel of a row that [`PARCEL`] begins.
fn parcel(row: &Row<'_>, fate: Fate) -> StoreResult<Parcel> {
    Ok(Parcel {
        label: IntentId(uuid(&row.get::<_, Vec<u8>>(0)?)?),
        order: OrderId(row.get(1)?),
        number: OrderNumber(row.get(2)?),
        store: StoreId(row.get(3)?),
        box_number: small(row.get(4)?)?,
        carrier: row.get(5)?,
        service: row.get(6)?,
        tracking: row.get::<_, Option<String>>(7)?.map(TrackingNumber),
        state: label_state(&row.get::<_, String>(8)?)?,
        ship_by: maybe_time(Some(row.get(9)?).filter(|at| *at != NEVER))?,
        fate,
    })
}

/// What must go: labelled since the day began, or waiting for pickup, or carried over; not out, not left behind, not
/// with its carrier already, and its label may leave.
pub(super) fn due(connection: &Connection, since: DateTime<Utc>) -> StoreResult<Vec<Parcel>> {
    let sql = format!(
        "WITH candidates (id) AS ( \
           SELECT labels.id FROM orders INDEXED BY orders_by_status JOIN labels ON labels.order_id = orders.id \
             WHERE orders.status = 'ready_for_pickup' \
           UNION SELECT id FROM labels INDEXED BY labels_by_time WHERE wanted_at >= ?1 \
           UNION SELECT label FROM stayed INDEXED BY stayed_waiting WHERE waits = 1) \
         {PARCEL} FROM candidates JOIN labels ON labels.id = candidates.id {JOINED} \
         LEFT JOIN aftermath ON aftermath.label = labels.id \
         WHERE labels.state IN ('bought', 'bought without document', 'printed', 'void refused') AND labels.held = 0 \
         AND ifnull(scanned, 0) = 0 AND NOT EXISTS (SELECT 1 FROM check_outs WHERE check_outs.label = labels.id) \
         AND NOT EXISTS (SELECT 1 FROM stayed WHERE stayed.label = labels.id AND fate = 'left') \
         ORDER BY orders.ship_by, labels.sequence"
    );
    all(connection, &sql, [micros(since)], |row| {
        parcel(row, Fate::Missing)
    })
}

/// Whether the parcel is the manifest's to take.
fn belongs(manifest: &Manifest, parcel: &Parcel) -> bool {
    carrier_key(&parcel.carrier) == carrier_key(&manifest.carrier)
        && manifest.store.as_ref().is_none_or(|store| *store == parcel.store)
}

fn open_manifests(connection: &Connection) -> StoreResult<Vec<Manifest>> {
    let sql = format!("{MANIFEST} WHERE closed_at IS NULL ORDER BY manifests.id");
    all(connection, &sql, [], manifest_row)
}

/// An open one misses what is due now.
fn with_missing(mut manifest: Manifest, due: &[Parcel]) -> Manifest {
    if manifest.is_open() {
        let missing = due.iter().filter(|parcel| belongs(&manifest, parcel)).count();
        manifest.missing = u32::try_from(missing).unwrap_or(u32::MAX);
    }
    manifest
}

pub(super) fn day_end(connection: &Connection, since: DateTime<Utc>) -> StoreResult<Vec<CarrierDue>> {
    let due = due(connection, since)?;
    let mut carriers: BTreeMap<String, CarrierDue> = BTreeMap::new();
    let fresh = |carrier: &str| CarrierDue {
        carrier: carrier.to_owned(),
        stores: Vec::new(),
        open: Vec::new(),
        ship_by: None,
    };
    for parcel in &due {
        let entry = carriers
            .entry(carrier_key(&parcel.carrier))
            .or_insert_with(|| fresh(&parcel.carrier));
        match entry.stores.iter_mut().find(|(store, _)| *store == parcel.store) {
            Some((_, count)) => *count += 1,
            None => entry.stores.push((parcel.store.clone(), 1)),
        }
        entry.ship_by = entry.ship_by.into_iter().chain(parcel.ship_by).min();
    }
    for manifest in open_manifests(connection)? {
        let entry = carriers
            .entry(carrier_key(&manifest.carrier))
            .or_insert_with(|| fresh(&manifest.carrier));
        entry.open.push(with_missing(manifest, &due));
    }
    let mut all: Vec<CarrierDue> = carriers.into_values().collect();
    for carrier in &mut all {
        carrier.stores.sort();
    }
    Ok(all)
}

pub(super) fn page(
    connection: &Connection,
    start: usize,
    limit: usize,
    since: DateTime<Utc>,
) -> StoreResult<Page<Manifest>> {
    let due = due(connection, since)?;
    let sql = format!("{MANIFEST} ORDER BY manifests.id DESC LIMIT ? OFFSET ?");
    let count = |count: usize| i64::try_from(count).unwrap_or(i64::MAX);
    let found = all(connection, &sql, [count(limit), count(start)], manifest_row)?;
    let total = number(connection, "SELECT count(*) FROM manifests", [])?;
    Ok(Page {
        first: start,
        rows: found
            .into_iter()
            .map(|manifest| with_missing(manifest, &due))
            .collect(),
        total: usize::try_from(total).unwrap_or(0),
    })
}

pub(super) fn detail(
    connection: &Connection,
    id: ManifestId,
    since: DateTime<Utc>,
) -> StoreResult<ManifestDetail> {
    let mut manifest = manifest(connection, id)?;
    let mut parcels = Vec::new();
    if manifest.is_open() {
        parcels = due(connection, since)?;
        parcels.retain(|parcel| belongs(&manifest, parcel));
        manifest.missing = u32::try_from(parcels.len()).unwrap_or(u32::MAX);
    }
    let chosen = if manifest.is_open() { "fate = 'left'" } else { "1" };
    let sql = format!(
        "{PARCEL}, fate, stayed.reason, users.name FROM stayed JOIN labels ON labels.id = stayed.label {JOINED} \
         JOIN users ON users.id = stayed.by WHERE stayed.manifest = ? AND {chosen} \
         ORDER BY fate, orders.ship_by, labels.sequence"
    );
    parcels.extend(all(connection, &sql, [id.0], |row| {
        let fate = match row.get::<_, String>(10)?.as_str() {
            "left" => Fate::Left {
                reason: row.get(11)?,
                by: row.get(12)?,
            },
            _ => Fate::Carried,
        };
        parcel(row, fate)
    })?);
    let sql = format!(
        "{OUT} WHERE check_outs.manifest = ? ORDER BY check_outs.place DESC",
        OUT = out()
    );
    parcels.extend(all(connection, &sql, [id.0], out_row)?);
    Ok(ManifestDetail { manifest, parcels })
}

/// Parcels that are out.
fn out() -> String {
    format!(
        "{PARCEL}, check_outs.place, check_outs.at, users.name FROM check_outs JOIN labels ON labels.id = check_outs.label \
         {JOINED} JOIN users ON users.id = check_outs.by"
    )
}

fn out_row(row: &Row<'_>) -> StoreResult<Parcel> {
    let fate = Fate::Out {
        place: small(row.get(10)?)?,
        at: time(row.get(11)?)?,
        by: row.get(12)?,
    };
    parcel(row, fate)
}

/// What this scan checked out; none: it is new.
pub(super) fn by_scan(connection: &Connection, scan: ScanId) -> StoreResult<Option<Parcel>> {
    let sql = format!("{} WHERE check_outs.scan = ?", out());
    first(connection, &sql, [scan.0.as_bytes().as_slice()], out_row)
}

/// The manifest that has the parcel, and who scanned it there.
pub(super) fn out_on(connection: &Connection, id: IntentId) -> StoreResult<Option<(ManifestId, String)>> {
    first(
        connection,
        "SELECT manifest, users.name FROM check_outs JOIN users ON users.id = check_outs.by WHERE label = ?",
        [bytes(&id)],
        |row| Ok((ManifestId(row.get(0)?), row.get(1)?)),
    )
}

/// Orders that wait for pickup although the manifest's carrier has scanned a parcel of theirs that was not checked out.
pub(super) fn gone_unscanned(connection: &Connection, manifest: &Manifest) -> StoreResult<Vec<OrderId>> {
    let found = all(
        connection,
        "SELECT orders.id, labels.carrier, orders.store FROM orders INDEXED BY orders_by_status \
         JOIN labels ON labels.order_id = orders.id JOIN aftermath ON aftermath.label = labels.id \
         WHERE orders.status = 'ready_for_pickup' AND scanned = 1 \
         AND NOT EXISTS (SELECT 1 FROM check_outs WHERE check_outs.label = labels.id)",
        [],
        |row| {
            Ok((
                OrderId(row.get(0)?),
                row.get::<_, String>(1)?,
                StoreId(row.get(2)?),
            ))
        },
    )?;
    let ours = found.into_iter().filter(|(_, carrier, store)| {
        carrier_key(carrier) == carrier_key(&manifest.carrier)
            && manifest.store.as_ref().is_none_or(|only| only == store)
    });
    Ok(ours.map(|(order, ..)| order).collect())
}

/// When a label's parcel was checked out, and its order's latest ship-by.
pub(super) fn left_at(connection: &Connection, id: IntentId) -> StoreResult<[Option<DateTime<Utc>>; 2]> {
    let found = first(
        connection,
        "SELECT check_outs.at, nullif(orders.ship_by, ?2) FROM labels JOIN orders ON orders.id = labels.order_id \
         LEFT JOIN check_outs ON check_outs.label = labels.id WHERE labels.id = ?1",
        params![bytes(&id), NEVER],
        |row| Ok([maybe_time(row.get(0)?)?, maybe_time(row.get(1)?)?]),
    )?;
    found.ok_or_else(|| missing("label", id))
}

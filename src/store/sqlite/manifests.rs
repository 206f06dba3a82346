//! Manifests: opened, filled by scans at the door, closed, opened again. The rules are `domain::manifest`'s.

use super::label_rows::{bytes, label, label_by_tracking, typed};
use super::manifest_rows::{self as rows, due};
use super::people::{note, user};
use super::permissions::permit;
use super::values::{first, micros, missing, number, refused, run};
use super::{SqliteStore, orders, refunds};
use crate::domain::ids::{IntentId, ManifestId, OrderId, ScanId, StoreId, UserId};
use crate::domain::manifest::{
    AtDoor, CarrierDue, Fate, Manifest, ManifestDetail, NeverMoved, Parcel, carrier_key, judge, readings,
};
use crate::domain::rows::{LabelRow, Page};
use crate::domain::scan::{self, Scan};
use crate::domain::status::OrderStatus;
use crate::domain::text::Clean;
use crate::domain::user::Permission;
use crate::store::{CheckOut, Manifests, OpenManifest, StoreResult};
use chrono::{DateTime, TimeDelta, Utc};
use rusqlite::{Connection, params};

/// Longest carrier's name that is kept.
const LONGEST_NAME: usize = 60;

impl Manifests for SqliteStore {
    fn day_end(&self, since: DateTime<Utc>) -> StoreResult<Vec<CarrierDue>> {
        self.read(|connection| rows::day_end(connection, since))
    }

    fn open_manifest(&mut self, wish: &OpenManifest, now: DateTime<Utc>) -> StoreResult<Manifest> {
        self.write(|connection| open(connection, wish, now))
    }

    fn check_out(&mut self, scan: &CheckOut, now: DateTime<Utc>) -> StoreResult<Parcel> {
        self.write(|connection| check_out(connection, scan, now))
    }

    fn leave_behind(
        &mut self,
        manifest: ManifestId,
        label: IntentId,
        by: UserId,
        reason: &str,
        now: DateTime<Utc>,
    ) -> StoreResult<()> {
        self.write_typed(|connection, typist| {
            let reason = Clean::bounded(typed(reason)?, 200);
            let about = super::label_rows::label(connection, label)?.order;
            let reason = typist.keep(connection, about, &reason, now)?;
            leave_behind(connection, manifest, label, by, &reason, now)
        })
    }

    fn close_manifest(
        &mut self,
        manifest: ManifestId,
        by: UserId,
        since: DateTime<Utc>,
        now: DateTime<Utc>,
    ) -> StoreResult<Manifest> {
        self.write(|connection| close(connection, manifest, by, since, now))
    }

    fn reopen_manifest(
        &mut self,
        manifest: ManifestId,
        by: UserId,
        reason: &str,
        now: DateTime<Utc>,
    ) -> StoreResult<Manifest> {
        self.write(|connection| reopen(connection, manifest, by, reason, now))
    }

    fn manifests(&self, start: usize, limit: usize, since: DateTime<Utc>) -> StoreResult<Page<Manifest>> {
        self.read(|connection| rows::page(connection, start, limit, since))
    }

    fn manifest(&self, manifest: ManifestId, since: DateTime<Utc>) -> StoreResult<ManifestDetail> {
        self.read_typed(|connection| rows::detail(connection, manifest, since))
    }

    fn never_moved(&self, now: DateTime<Utc>) -> StoreResult<Vec<NeverMoved>> {
        self.read(|connection| {
            let unmoved = refunds::unmoved(connection, 0, usize::MAX, now)?;
            let each = unmoved.rows.into_iter().map(|label| {
                let [out_at, ship_by] = rows::left_at(connection, label.id)?;
                Ok(NeverMoved {
                    label,
                    out_at,
                    ship_by,
                })
            });
            each.collect()
        })
    }
}

fn open(connection: &Connection, wish: &OpenManifest, now: DateTime<Utc>) -> StoreResult<Manifest> {
    user(connection, wish.by)?;
    let carrier = Clean::bounded(&wish.carrier, LONGEST_NAME);
    if carrier.is_empty() {
        return Err(refused("a manifest is of a carrier: name it"));
    }
    check_none_open(connection, &carrier, wish.store.as_ref().map(StoreId::as_str))?;
    run(
        connection,
        "INSERT INTO manifests (carrier, carrier_key, store, opened_at, opened_by) VALUES (?, ?, ?, ?, ?)",
        params![
            carrier,
            carrier_key(&carrier),
            wish.store.as_ref().map(StoreId::as_str),
            micros(now),
            wish.by.0
        ],
    )?;
    let id = ManifestId(connection.last_insert_rowid());
    let manifest = rows::manifest(connection, id)?;
    let what = format!("manifest {id} opened: {}", manifest.heading());
    note(connection, None, Some(wish.by), &what, now)?;
    Ok(manifest)
}

/// A parcel belongs on one open manifest at most.
fn check_none_open(connection: &Connection, carrier: &str, store: Option<&str>) -> StoreResult<()> {
    let open = first(
        connection,
        "SELECT id FROM manifests WHERE closed_at IS NULL AND carrier_key = ?1 \
         AND (store IS NULL OR ?2 IS NULL OR store = ?2)",
        params![carrier_key(carrier), store],
        |row| Ok(row.get::<_, i64>(0)?),
    )?;
    match open {
        Some(id) => Err(refused(format!(
            "manifest {id} of {carrier} is open already: go on with it, or close it first"
        ))),
        None => Ok(()),
    }
}

/// The label that a scan at the door names, in whatever form it stands on it.
fn scanned_label(connection: &Connection, code: &str) -> StoreResult<Option<LabelRow>> {
    for form in readings(code) {
        if let Some(found) = label_by_tracking(connection, &form)? {
            return Ok(Some(found));
        }
    }
    Ok(None)
}

/// As above; at last among the labels that are due, whose own numbers may be written in a longer form.
fn scanned_or_due(
    connection: &Connection,
    code: &str,
    since: DateTime<Utc>,
) -> StoreResult<Option<LabelRow>> {
    if let Some(found) = scanned_label(connection, code)? {
        return Ok(Some(found));
    }
    let Ok(Scan::Tracking(wanted)) = scan::classify(code) else {
        return Ok(None);
    };
    let same = |parcel: &Parcel| {
        let own = parcel
            .tracking
            .as_ref()
            .map(|number| scan::classify(number.as_str()));
        own == Some(Ok(Scan::Tracking(wanted.clone())))
    };
    let found = due(connection, since)?.into_iter().find(same);
    found.map(|parcel| label(connection, parcel.label)).transpose()
}

fn check_out(connection: &Connection, scan: &CheckOut, now: DateTime<Utc>) -> StoreResult<Parcel> {
    if let Some(known) = rows::by_scan(connection, scan.scan)? {
        // The same scan again, because its answer was lost.
        return Ok(known);
    }
    let by = user(connection, scan.by)?;
    let manifest = rows::manifest(connection, scan.manifest)?;
    let found = scanned_or_due(connection, &scan.code, manifest.opened_at - TimeDelta::days(1))?;
    let Some(found) = found else {
        return Err(refused(judge(&manifest, None).expect_err("no label").to_string()));
    };
    let order = orders::order(connection, found.order)?;
    let out = rows::out_on(connection, found.id)?;
    let at_door = AtDoor {
        label: &found,
        store: &order.channel.store,
        flags: &order.flags,
        out: out.as_ref().map(|(on, who)| (*on, who.as_str())),
    };
    judge(&manifest, Some(at_door)).map_err(|why| refused(why.to_string()))?;
    put_out(connection, scan.scan, &manifest, found.id, scan.by, now)?;
    let what = format!("checked out on manifest {}", manifest.id);
    note(connection, Some(found.order), Some(by.id), &what, now)?;
    shipped_if_all_left(connection, found.order, Some(by.id), &what, now)?;
    rows::by_scan(connection, scan.scan)?.ok_or_else(|| missing("check-out", found.id))
}

fn put_out(
    connection: &Connection,
    scan: ScanId,
    manifest: &Manifest,
    id: IntentId,
    by: UserId,
    now: DateTime<Utc>,
) -> StoreResult<()> {
    run(
        connection,
        "INSERT INTO check_outs (label, scan, manifest, place, by, at) VALUES (?1, ?2, ?3, \
         (SELECT ifnull(max(place), 0) + 1 FROM check_outs WHERE manifest = ?3), ?4, ?5)",
        params![
            bytes(&id),
            scan.0.as_bytes().as_slice(),
            manifest.id.0,
            by.0,
            micros(now)
        ],
    )?;
    run(
        connection,
        "UPDATE stayed SET waits = 0 WHERE label = ? AND waits = 1",
        [bytes(&id)],
    )?;
    // It goes after all.
    run(
        connection,
        "DELETE FROM stayed WHERE manifest = ? AND label = ?",
        params![manifest.id.0, bytes(&id)],
    )?;
    Ok(())
}

/// An order that waited for pickup is Shipped once each of its parcels left: at the door, or by the carrier's own scan.
fn shipped_if_all_left(
    connection: &Connection,
    order: OrderId,
    by: Option<UserId>,
    why: &str,
    now: DateTime<Utc>,
) -> StoreResult<()> {
    let here = number(
        connection,
        "SELECT count(*) FROM labels LEFT JOIN aftermath ON aftermath.label = labels.id WHERE order_id = ? \
         AND labels.state NOT IN ('refused', 'withdrawn', 'voided', 'refund pending', 'refunded', \
         'refund rejected', 'refund not reported') AND ifnull(scanned, 0) = 0 \
         AND NOT EXISTS (SELECT 1 FROM check_outs WHERE check_outs.label = labels.id)",
        [order.0],
    )?;
    let stands = orders::order(connection, order)?.status;
    if here == 0 && stands == OrderStatus::ReadyForPickup {
        orders::stand(connection, order, OrderStatus::Shipped, by, why, now)?;
    }
    Ok(())
}

fn leave_behind(
    connection: &Connection,
    id: ManifestId,
    parcel: IntentId,
    by: UserId,
    reason: &str,
    now: DateTime<Utc>,
) -> StoreResult<()> {
    permit(connection, by, Permission::Manifests)?;
    let manifest = rows::manifest(connection, id)?;
    if !manifest.is_open() {
        return Err(refused(format!(
            "manifest {id} is closed: nothing more is written on it"
        )));
    }
    let known = label(connection, parcel)?;
    if carrier_key(&known.carrier) != carrier_key(&manifest.carrier) {
        return Err(refused(format!("that parcel goes with {}", known.carrier)));
    }
    if let Some((on, _)) = rows::out_on(connection, parcel)? {
        return Err(refused(format!("that parcel is out already, on manifest {on}")));
    }
    run(
        connection,
        "INSERT INTO stayed (manifest, label, fate, reason, waits, by, at) VALUES (?1, ?2, 'left', ?3, 0, ?4, ?5) \
         ON CONFLICT (manifest, label) DO UPDATE SET fate = 'left', reason = ?3, waits = 0, by = ?4, at = ?5",
        params![id.0, bytes(&parcel), reason, by.0, micros(now)],
    )?;
    run(
        connection,
        "UPDATE stayed SET waits = 0 WHERE label = ? AND waits = 1",
        [bytes(&parcel)],
    )?;
    let what = format!("left behind on manifest {id}: {reason}");
    note(connection, Some(known.order), Some(by), &what, now)
}

fn close(
    connection: &Connection,
    id: ManifestId,
    by: UserId,
    since: DateTime<Utc>,
    now: DateTime<Utc>,
) -> StoreResult<Manifest> {
    permit(connection, by, Permission::Manifests)?;
    let detail = rows::detail(connection, id, since)?;
    if !detail.manifest.is_open() {
        return Ok(detail.manifest);
    }
    for parcel in detail
        .parcels
        .iter()
        .filter(|parcel| parcel.fate == Fate::Missing)
    {
        run(
            connection,
            "UPDATE stayed SET waits = 0 WHERE label = ? AND waits = 1",
            [bytes(&parcel.label)],
        )?;
        run(
            connection,
            "INSERT INTO stayed (manifest, label, fate, reason, waits, by, at) VALUES (?, ?, 'carried', '', 1, ?, ?) \
             ON CONFLICT (manifest, label) DO UPDATE SET waits = 1",
            params![id.0, bytes(&parcel.label), by.0, micros(now)],
        )?;
        let what = format!("not on manifest {id}: carried over to the next one");
        note(connection, Some(parcel.order), Some(by), &what, now)?;
    }
    for order in rows::gone_unscanned(connection, &detail.manifest)? {
        let why = "its carrier has the parcel, which was not checked out";
        shipped_if_all_left(connection, order, Some(by), why, now)?;
    }
    run(
        connection,
        "UPDATE manifests SET closed_at = ?, closed_by = ? WHERE id = ?",
        params![micros(now), by.0, id.0],
    )?;
    let closed = rows::manifest(connection, id)?;
    let what = format!(
        "manifest {id} closed: {} parcels, {} carried over, {} left behind",
        closed.out, closed.missing, closed.left
    );
    note(connection, None, Some(by), &what, now)?;
    Ok(closed)
}

fn reopen(
    connection: &Connection,
    id: ManifestId,
    by: UserId,
    reason: &str,
    now: DateTime<Utc>,
) -> StoreResult<Manifest> {
    permit(connection, by, Permission::Manifests)?;
    let reason = Clean::bounded(typed(reason)?, 200);
    let known = rows::manifest(connection, id)?;
    if known.is_open() {
        return Ok(known);
    }
    check_none_open(
        connection,
        &known.carrier,
        known.store.as_ref().map(StoreId::as_str),
    )?;
    run(
        connection,
        "UPDATE manifests SET closed_at = NULL, closed_by = NULL WHERE id = ?",
        [id.0],
    )?;
    // They are due all the same: as carried over to this one again.
    run(
        connection,
        "UPDATE stayed SET waits = 1 WHERE manifest = ?1 AND fate = 'carried' AND NOT EXISTS \
         (SELECT 1 FROM check_outs WHERE check_outs.label = stayed.label)",
        [id.0],
    )?;
    note(
        connection,
        None,
        Some(by),
        &format!("manifest {id} opened again: {reason}"),
        now,
    )?;
    rows::manifest(connection, id)
}

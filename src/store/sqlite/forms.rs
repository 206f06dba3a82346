//! Wishes for Amazon's collection forms: written down, asked by the leader, settled with a sealed document.

use super::SqliteStore;
use super::lead::check_lead;
use super::manifest_rows as rows;
use super::people::note;
use super::permissions::permit;
use super::values::{all, first, from_word, maybe_time, micros, missing, number, refused, run, time, uuid};
use crate::domain::collection::{CollectionForm, FormSettlement, FormState};
use crate::domain::ids::{CollectionFormId, DataKeyId, ManifestId, StoreId};
use crate::domain::manifest::carrier_key;
use crate::domain::rows::Page;
use crate::domain::sealed::{Sealed, WrappedKey};
use crate::domain::text::Clean;
use crate::domain::user::Permission;
use crate::store::{CollectionForms, FormDocument, Lead, StoreResult, WantForm};
use chrono::{DateTime, Utc};
use rusqlite::{Connection, Row, params};

impl CollectionForms for SqliteStore {
    fn want_collection_form(&mut self, wish: &WantForm, now: DateTime<Utc>) -> StoreResult<CollectionForm> {
        self.write(|connection| want(connection, wish, now))
    }

    fn stores_on_manifest(&self, manifest: ManifestId) -> StoreResult<Vec<StoreId>> {
        self.read(|connection| {
            rows::manifest(connection, manifest)?;
            all(
                connection,
                "SELECT DISTINCT orders.store FROM check_outs JOIN labels ON labels.id = check_outs.label \
                 JOIN orders ON orders.id = labels.order_id WHERE check_outs.manifest = ? AND via = 'shipping-v2' \
                 ORDER BY orders.store",
                [manifest.0],
                |row| Ok(StoreId(row.get(0)?)),
            )
        })
    }

    fn collection_forms(&self, start: usize, limit: usize) -> StoreResult<Page<CollectionForm>> {
        self.read(|connection| {
            let count = |count: usize| i64::try_from(count).unwrap_or(i64::MAX);
            let sql = format!("{FORM} ORDER BY collection_forms.id DESC LIMIT ? OFFSET ?");
            let total = number(connection, "SELECT count(*) FROM collection_forms", [])?;
            Ok(Page {
                first: start,
                rows: all(connection, &sql, [count(limit), count(start)], form_row)?,
                total: usize::try_from(total).unwrap_or(0),
            })
        })
    }

    fn collection_form(&self, form: CollectionFormId) -> StoreResult<CollectionForm> {
        self.read(|connection| find(connection, form))
    }

    fn forms_at_work(&self) -> StoreResult<Vec<CollectionForm>> {
        self.read(|connection| {
            let sql = format!("{FORM} WHERE state IN ('wanted', 'asked') ORDER BY collection_forms.id");
            all(connection, &sql, [], form_row)
        })
    }

    fn begin_form(
        &mut self,
        lead: Lead,
        form: CollectionFormId,
        carrier_id: &str,
        now: DateTime<Utc>,
    ) -> StoreResult<()> {
        self.write(|connection| {
            check_lead(connection, lead)?;
            run(
                connection,
                "UPDATE collection_forms SET state = 'asked', carrier_id = ?1, asked_at = ifnull(asked_at, ?2), \
                 changed_at = ?2 WHERE id = ?3 AND state IN ('wanted', 'asked')",
                params![Clean::bounded(carrier_id, 100), micros(now), form.0],
            )?;
            Ok(())
        })
    }

    fn settle_form(
        &mut self,
        form: CollectionFormId,
        settlement: &FormSettlement,
        document: Option<&FormDocument>,
        now: DateTime<Utc>,
    ) -> StoreResult<CollectionForm> {
        self.write(|connection| settle(connection, form, settlement, document, now))
    }

    fn form_document(&self, form: CollectionFormId) -> StoreResult<Option<FormDocument>> {
        self.read(|connection| {
            first(
                connection,
                "SELECT data_keys.id, wrapped, document FROM collection_forms \
                 JOIN data_keys ON data_keys.id = collection_forms.data_key \
                 WHERE collection_forms.id = ? AND document IS NOT NULL AND wrapped IS NOT NULL",
                [form.0],
                |row| {
                    let key = WrappedKey {
                        id: DataKeyId(row.get(0)?),
                        bytes: row.get(1)?,
                    };
                    Ok((key, Sealed::from_bytes(row.get(2)?)))
                },
            )
        })
    }
}

const FORM: &str = "SELECT collection_forms.id, store, carrier, manifest, state, key, carrier_id, form, reason, wanted_at, \
     users.name, asked_at FROM collection_forms JOIN users ON users.id = wanted_by";

fn form_row(row: &Row<'_>) -> StoreResult<CollectionForm> {
    Ok(CollectionForm {
        id: CollectionFormId(row.get(0)?),
        store: StoreId(row.get(1)?),
        carrier: row.get(2)?,
        manifest: row.get::<_, Option<i64>>(3)?.map(ManifestId),
        state: from_word(&row.get::<_, String>(4)?)?,
        key: uuid(&row.get::<_, Vec<u8>>(5)?)?,
        carrier_id: row.get(6)?,
        form: row.get(7)?,
        reason: row.get(8)?,
        wanted_at: time(row.get(9)?)?,
        wanted_by: row.get(10)?,
        asked_at: maybe_time(row.get(11)?)?,
    })
}

fn find(connection: &Connection, id: CollectionFormId) -> StoreResult<CollectionForm> {
    let sql = format!("{FORM} WHERE collection_forms.id = ?");
    first(connection, &sql, [id.0], form_row)?.ok_or_else(|| missing("collection form", id))
}

fn want(connection: &Connection, wish: &WantForm, now: DateTime<Utc>) -> StoreResult<CollectionForm> {
    permit(connection, wish.by, Permission::Manifests)?;
    let carrier = Clean::bounded(&wish.carrier, 60);
    if carrier.is_empty() {
        return Err(refused("a collection form is of a carrier: name it"));
    }
    let key = carrier_key(&carrier);
    let sql = format!("{FORM} WHERE store = ? AND state IN ('wanted', 'asked') ORDER BY collection_forms.id");
    let open = all(connection, &sql, [wish.store.as_str()], form_row)?;
    if let Some(known) = open.into_iter().find(|form| carrier_key(&form.carrier) == key) {
        return Ok(known);
    }
    if let Some(manifest) = wish.manifest {
        let known = rows::manifest(connection, manifest)?;
        if carrier_key(&known.carrier) != key {
            return Err(refused(format!("manifest {manifest} is of {}", known.carrier)));
        }
    }
    run(
        connection,
        "INSERT INTO collection_forms (key, store, carrier, manifest, state, wanted_by, wanted_at, changed_at) \
         VALUES (?1, ?2, ?3, ?4, 'wanted', ?5, ?6, ?6)",
        params![
            wish.key.as_bytes().as_slice(),
            wish.store.as_str(),
            carrier,
            wish.manifest.map(|manifest| manifest.0),
            wish.by.0,
            micros(now)
        ],
    )?;
    let id = CollectionFormId(connection.last_insert_rowid());
    let what = format!(
        "collection form {id} of {carrier} wanted for store {}",
        wish.store
    );
    note(connection, None, Some(wish.by), &what, now)?;
    find(connection, id)
}

fn settle(
    connection: &Connection,
    id: CollectionFormId,
    settlement: &FormSettlement,
    document: Option<&FormDocument>,
    now: DateTime<Utc>,
) -> StoreResult<CollectionForm> {
    let known = find(connection, id)?;
    if known.state == FormState::Made {
        return Ok(known);
    }
    match settlement {
        FormSettlement::Waits(why) => {
            run(
                connection,
                "UPDATE collection_forms SET reason = ?, changed_at = ? WHERE id = ? AND reason IS NOT ?1",
                params![Clean::bounded(why, 300), micros(now), id.0],
            )?;
        }
        FormSettlement::Refused(why) => {
            let why = Clean::bounded(why, 400);
            run(
                connection,
                "UPDATE collection_forms SET state = 'refused', reason = ?, changed_at = ? WHERE id = ?",
                params![why, micros(now), id.0],
            )?;
            note(
                connection,
                None,
                None,
                &format!("no collection form {id} of {}: {why}", known.carrier),
                now,
            )?;
        }
        FormSettlement::Made { form } => {
            let Some((key, bytes)) = document else {
                return Err(refused("a form that is made has a document"));
            };
            run(
                connection,
                "INSERT INTO data_keys (id, store, number, wrapped, made_at) VALUES (?, ?, ?, ?, ?) \
                 ON CONFLICT (id) DO NOTHING",
                params![
                    key.id.0,
                    known.store.as_str(),
                    crate::domain::collection::sealed_as(id).as_str(),
                    key.bytes,
                    micros(now)
                ],
            )?;
            run(
                connection,
                "UPDATE collection_forms SET state = 'made', reason = NULL, form = ?, data_key = ?, document = ?, \
                 changed_at = ? WHERE id = ?",
                params![form, key.id.0, bytes.as_bytes(), micros(now), id.0],
            )?;
            note(
                connection,
                None,
                None,
                &format!("collection form {id} of {} is made", known.carrier),
                now,
            )?;
        }
    }
    find(connection, id)
}

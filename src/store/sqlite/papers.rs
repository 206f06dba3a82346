//! Sheets that are no labels: a manifest, a collection form. States as those of print jobs.

use super::SqliteStore;
use super::people::user;
use super::values::{all, first, from_word, micros, missing, refused, run, word};
use crate::domain::ids::{CollectionFormId, ManifestId, PaperId, StationId, UserId};
use crate::domain::rows::PrintState;
use crate::store::{PaperOf, PaperRow, Papers, StoreResult};
use chrono::{DateTime, Utc};
use rusqlite::{Connection, Row, params};

impl Papers for SqliteStore {
    fn want_paper(
        &mut self,
        of: PaperOf,
        station: &StationId,
        by: UserId,
        now: DateTime<Utc>,
    ) -> StoreResult<PaperId> {
        self.write(|connection| want(connection, of, station, by, now))
    }

    fn papers(&self, station: &StationId) -> StoreResult<Vec<PaperRow>> {
        self.read(|connection| {
            let sql = format!("{PAPER} WHERE station = ? AND state NOT IN ('done', 'dropped') ORDER BY id");
            all(connection, &sql, [station.as_str()], paper_row)
        })
    }

    fn begin_paper(&mut self, paper: PaperId, now: DateTime<Utc>) -> StoreResult<bool> {
        self.write(|connection| {
            if find(connection, paper)?.state != PrintState::Wanted {
                return Ok(false);
            }
            set_state(connection, paper, PrintState::Sending, None, now)?;
            Ok(true)
        })
    }

    fn end_paper(
        &mut self,
        paper: PaperId,
        result: Result<(), String>,
        now: DateTime<Utc>,
    ) -> StoreResult<()> {
        self.write(|connection| {
            if !matches!(
                find(connection, paper)?.state,
                PrintState::Sending | PrintState::Doubtful
            ) {
                return Err(refused("this sheet is not being printed"));
            }
            match &result {
                Ok(()) => set_state(connection, paper, PrintState::Done, None, now),
                Err(why) => set_state(connection, paper, PrintState::Failed, Some(why), now),
            }
        })
    }
}

const PAPER: &str = "SELECT id, manifest, form, state, reason FROM papers";

fn paper_row(row: &Row<'_>) -> StoreResult<PaperRow> {
    let manifest: Option<i64> = row.get(1)?;
    let of = match manifest {
        Some(manifest) => PaperOf::Manifest(ManifestId(manifest)),
        None => PaperOf::Form(CollectionFormId(row.get(2)?)),
    };
    Ok(PaperRow {
        id: PaperId(row.get(0)?),
        of,
        state: from_word(&row.get::<_, String>(3)?)?,
        reason: row.get(4)?,
    })
}

fn find(connection: &Connection, id: PaperId) -> StoreResult<PaperRow> {
    let sql = format!("{PAPER} WHERE id = ?");
    first(connection, &sql, [id.0], paper_row)?.ok_or_else(|| missing("sheet", id))
}

fn set_state(
    connection: &Connection,
    id: PaperId,
    state: PrintState,
    reason: Option<&str>,
    now: DateTime<Utc>,
) -> StoreResult<()> {
    run(
        connection,
        "UPDATE papers SET state = ?, reason = ?, changed_at = ? WHERE id = ?",
        params![word(&state)?, reason, micros(now), id.0],
    )?;
    Ok(())
}

fn want(
    connection: &Connection,
    of: PaperOf,
    station: &StationId,
    by: UserId,
    now: DateTime<Utc>,
) -> StoreResult<PaperId> {
    user(connection, by)?;
    let (manifest, form) = match of {
        PaperOf::Manifest(id) => (Some(super::manifest_rows::manifest(connection, id)?.id.0), None),
        PaperOf::Form(id) => {
            let made = first(
                connection,
                "SELECT state = 'made' FROM collection_forms WHERE id = ?",
                [id.0],
                |row| Ok(row.get::<_, bool>(0)?),
            )?;
            match made {
                None => return Err(missing("collection form", id)),
                Some(false) => return Err(refused(format!("collection form {id} is not made yet"))),
                Some(true) => (None, Some(id.0)),
            }
        }
    };
    // What failed or is in doubt is settled by the next copy.
    run(
        connection,
        "UPDATE papers SET state = 'dropped', changed_at = ?1 WHERE state IN ('failed', 'doubtful') \
         AND station = ?2 AND manifest IS ?3 AND form IS ?4",
        params![micros(now), station.as_str(), manifest, form],
    )?;
    run(
        connection,
        "INSERT INTO papers (station, manifest, form, state, wanted_at, wanted_by, changed_at) \
         VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?5)",
        params![
            station.as_str(),
            manifest,
            form,
            word(&PrintState::Wanted)?,
            micros(now),
            by.0
        ],
    )?;
    Ok(PaperId(connection.last_insert_rowid()))
}

/// Sheets found *sending* at start become *doubtful*.
pub(super) fn doubt(connection: &Connection, station: &StationId, now: DateTime<Utc>) -> StoreResult<()> {
    run(
        connection,
        "UPDATE papers SET state = 'doubtful', reason = 'the program ended while it was printing: did it come out?', \
         changed_at = ? WHERE station = ? AND state = 'sending'",
        params![micros(now), station.as_str()],
    )?;
    Ok(())
}

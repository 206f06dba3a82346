//! The day's end: changes, each one transaction, and what the screen shows.

use crate::app::message::Done;
use crate::app::{DayEndFacts, DoorCommit, DoorDone};
use crate::domain::collection::FormState;
use crate::domain::ids::{ManifestId, StationId};
use crate::domain::rows::PrintState;
use crate::store::{CheckOut, OpenManifest, PaperOf, Store, StoreError, StoreResult, WantForm};
use chrono::{DateTime, Utc};
use uuid::Uuid;

/// Wishes for collection forms that the screen looks through.
const FORMS: usize = 50;

/// Carries out one change.
pub(super) fn carry_out(store: &mut dyn Store, commit: DoorCommit, now: DateTime<Utc>) -> StoreResult<Done> {
    let done = match commit {
        DoorCommit::Open { carrier, by } => {
            let wish = OpenManifest {
                carrier,
                store: None,
                by,
            };
            DoorDone::Manifest(Box::new(store.open_manifest(&wish, now)?))
        }
        DoorCommit::CheckOut {
            scan,
            manifest,
            code,
            by,
        } => {
            let scan = CheckOut {
                scan,
                manifest,
                code,
                by,
            };
            DoorDone::Out(Box::new(store.check_out(&scan, now)?))
        }
        DoorCommit::Leave {
            manifest,
            label,
            by,
            reason,
        } => {
            store.leave_behind(manifest, label, by, &reason, now)?;
            DoorDone::Count(1)
        }
        DoorCommit::Close { manifest, by, since } => {
            DoorDone::Manifest(Box::new(store.close_manifest(manifest, by, since, now)?))
        }
        DoorCommit::WantForms { manifest, by } => {
            let stores = store.stores_on_manifest(manifest)?;
            let carrier = store.manifest(manifest, now)?.manifest.carrier;
            for shop in &stores {
                let wish = WantForm {
                    key: Uuid::now_v7(),
                    store: shop.clone(),
                    carrier: carrier.clone(),
                    manifest: Some(manifest),
                    by,
                };
                store.want_collection_form(&wish, now)?;
            }
            DoorDone::Count(stores.len())
        }
        DoorCommit::Print {
            manifest,
            by,
            station,
        } => {
            store.want_paper(PaperOf::Manifest(manifest), &station, by, now)?;
            let forms = store.collection_forms(0, FORMS)?.rows;
            let made = forms
                .iter()
                .filter(|form| form.manifest == Some(manifest) && form.state == FormState::Made);
            let mut count = 1;
            for form in made {
                store.want_paper(PaperOf::Form(form.id), &station, by, now)?;
                count += 1;
            }
            DoorDone::Count(count)
        }
    };
    Ok(Done::Door(done))
}

/// What the screen shows.
pub(super) fn facts(
    store: &dyn Store,
    station: &StationId,
    manifest: Option<ManifestId>,
    since: DateTime<Utc>,
    unmoved: Option<DateTime<Utc>>,
) -> StoreResult<DayEndFacts> {
    let chosen = match manifest.map(|id| store.manifest(id, since)) {
        None | Some(Err(StoreError::NotFound { .. })) => None,
        Some(found) => Some(found?),
    };
    Ok(DayEndFacts {
        carriers: store.day_end(since)?,
        manifest: chosen,
        forms: store.collection_forms(0, FORMS)?.rows,
        unmoved: match unmoved {
            Some(now) => store.never_moved(now)?,
            None => Vec::new(),
        },
        unprinted: store
            .papers(station)?
            .into_iter()
            .find_map(|paper| match paper.state {
                PrintState::Failed | PrintState::Doubtful => paper.reason,
                _ => None,
            }),
    })
}

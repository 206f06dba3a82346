//! Prints sheets that are no labels: manifests and Amazon's collection forms, for the station that wants them.

use crate::clock::Clock;
use crate::domain::ids::{CollectionFormId, ManifestId, StationId};
use crate::domain::manifest::{day_began, paper};
use crate::domain::rows::PrintState;
use crate::domain::sealed::DocumentBytes;
use crate::domain::slip::Slip;
use crate::store::threads::StoreHandle;
use crate::store::{PaperOf, PaperRow, StoreResult};
use crate::vault::Vault;
use chrono_tz::Tz;
use std::sync::Arc;

/// A sheet as the printing room takes it.
#[derive(Debug)]
pub enum OwnPaper<'a> {
    /// Lines under a barcode.
    Slip(&'a Slip),
    /// A page that Amazon made (PDF).
    Page(&'a DocumentBytes),
}

/// Sends one sheet, named for the printer's queue, and waits until it is sent whole.
pub type SendPaper = Arc<dyn Fn(&str, OwnPaper<'_>) -> Result<(), String> + Send + Sync>;

/// Prints every such sheet of the station that is wanted, oldest first; what came of each.
pub async fn print_papers(
    store: &StoreHandle,
    vault: &Vault,
    printer: &SendPaper,
    (station, zone): (&StationId, Tz),
    clock: &dyn Clock,
) -> StoreResult<Vec<(PaperOf, Result<(), String>)>> {
    let name = station.clone();
    let wanted = store.read(move |store| store.papers(&name)).await?;
    let mut done = Vec::new();
    for row in wanted.into_iter().filter(|row| row.state == PrintState::Wanted) {
        let (id, now) = (row.id, clock.now());
        // Marks it *sending*: found so after a crash, it is never sent again by itself.
        if !store.write(move |store| store.begin_paper(id, now)).await? {
            continue;
        }
        let result = send(store, vault, printer, &row, zone, clock).await;
        let (stored, now) = (result.clone(), clock.now());
        store.write(move |store| store.end_paper(id, stored, now)).await?;
        done.push((row.of, result));
    }
    Ok(done)
}

async fn send(
    store: &StoreHandle,
    vault: &Vault,
    printer: &SendPaper,
    row: &PaperRow,
    zone: Tz,
    clock: &dyn Clock,
) -> Result<(), String> {
    let printer = Arc::clone(printer);
    let sent = match row.of {
        PaperOf::Manifest(id) => {
            let slip = manifest_paper(store, id, zone, clock)
                .await
                .map_err(|error| error.to_string())?;
            let name = format!("manifest-{id}-{}", row.id);
            tokio::task::spawn_blocking(move || printer(&name, OwnPaper::Slip(&slip)))
        }
        PaperOf::Form(id) => {
            let page = open_form(store, vault, id).await?;
            let name = format!("collection-form-{id}-{}", row.id);
            tokio::task::spawn_blocking(move || printer(&name, OwnPaper::Page(&page)))
        }
    };
    sent.await.map_err(|_| "the printing was broken off".to_owned())?
}

/// A manifest as its sheets have it.
pub async fn manifest_paper(
    store: &StoreHandle,
    id: ManifestId,
    zone: Tz,
    clock: &dyn Clock,
) -> StoreResult<Slip> {
    let since = day_began(clock.now(), zone);
    let detail = store.read(move |store| store.manifest(id, since)).await?;
    Ok(paper(&detail, zone))
}

/// The document of a collection form, opened for this moment.
pub async fn open_form(
    store: &StoreHandle,
    vault: &Vault,
    id: CollectionFormId,
) -> Result<DocumentBytes, String> {
    let read = store.read(move |store| Ok((store.collection_form(id)?, store.form_document(id)?)));
    let (form, stored) = read.await.map_err(|error| error.to_string())?;
    let Some((key, sealed)) = stored else {
        return Err(format!(
            "collection form {id} has no document: it is {}",
            form.state.words()
        ));
    };
    vault
        .open_key(&key)
        .and_then(|seal| seal.open_form(id, &form.store, &sealed))
        .map_err(|error| error.to_string())
}

//! The day's end: the part of the store's interface in which parcels are checked out at the door, their manifests are
//! closed and printed, and Amazon's collection forms are wished for and kept.

use super::{Lead, StoreResult};
use crate::domain::collection::{CollectionForm, FormSettlement};
use crate::domain::ids::{
    CollectionFormId, IntentId, ManifestId, PaperId, ScanId, StationId, StoreId, UserId,
};
use crate::domain::manifest::{CarrierDue, Manifest, ManifestDetail, NeverMoved, Parcel};
use crate::domain::rows::{Page, PrintState};
use crate::domain::sealed::{DocumentBytes, Sealed, WrappedKey};
use chrono::{DateTime, Utc};
use uuid::Uuid;

/// A manifest to open.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct OpenManifest {
    /// Whose driver, as labels name the carrier.
    pub carrier: String,
    /// Only parcels of this store's carrier account; none: of every store.
    pub store: Option<StoreId>,
    /// Who.
    pub by: UserId,
}

/// A tracking label's barcode, scanned at the door.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CheckOut {
    /// The scan's own id: sending it again is harmless.
    pub scan: ScanId,
    /// Onto which manifest.
    pub manifest: ManifestId,
    /// What was scanned, as it came.
    pub code: String,
    /// Who.
    pub by: UserId,
}

/// What must go today, what went, and on which manifest. `since`: when the bench's day began; what was labelled from
/// then on must go, and whatever waits for pickup or was carried over.
pub trait Manifests {
    /// What must go, by carrier.
    fn day_end(&self, since: DateTime<Utc>) -> StoreResult<Vec<CarrierDue>>;
    /// Opens a manifest. Refused where one of the carrier (and store) is open already.
    fn open_manifest(&mut self, wish: &OpenManifest, now: DateTime<Utc>) -> StoreResult<Manifest>;
    /// Checks a parcel out: durable before it returns. Refused, in words, for another carrier's or account's parcel, a
    /// void, held, unknown or already checked out one, for an order that must not be shipped, and on a closed manifest.
    /// Its order is Shipped with its last parcel, where it waited for pickup.
    fn check_out(&mut self, scan: &CheckOut, now: DateTime<Utc>) -> StoreResult<Parcel>;
    /// Writes down that a missing parcel does not go, and why. Scanning it takes that back.
    fn leave_behind(
        &mut self,
        manifest: ManifestId,
        label: IntentId,
        by: UserId,
        reason: &str,
        now: DateTime<Utc>,
    ) -> StoreResult<()>;
    /// Closes it: what is missing is carried over to the next one. Closing it again is harmless.
    fn close_manifest(
        &mut self,
        manifest: ManifestId,
        by: UserId,
        since: DateTime<Utc>,
        now: DateTime<Utc>,
    ) -> StoreResult<Manifest>;
    /// Opens a closed one again, with a reason: what was carried over is missing on it again.
    fn reopen_manifest(
        &mut self,
        manifest: ManifestId,
        by: UserId,
        reason: &str,
        now: DateTime<Utc>,
    ) -> StoreResult<Manifest>;
    /// Manifests, newest first.
    fn manifests(&self, first: usize, limit: usize, since: DateTime<Utc>) -> StoreResult<Page<Manifest>>;
    /// A manifest with its parcels.
    fn manifest(&self, manifest: ManifestId, since: DateTime<Utc>) -> StoreResult<ManifestDetail>;
    /// Labels that no carrier has scanned ([`super::Store::unmoved`]), with when their parcels left and were to.
    fn never_moved(&self, now: DateTime<Utc>) -> StoreResult<Vec<NeverMoved>>;
}

/// A collection form to ask Amazon for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct WantForm {
    /// Fresh; the key under which Amazon is asked.
    pub key: Uuid,
    /// The store whose Amazon account is asked.
    pub store: StoreId,
    /// Carrier, as labels name it.
    pub carrier: String,
    /// The manifest it belongs to.
    pub manifest: Option<ManifestId>,
    /// Who.
    pub by: UserId,
}

/// A form's document with the key that opens it.
pub type FormDocument = (WrappedKey, Sealed<DocumentBytes>);

/// Amazon's collection forms: wished for here, asked for by the leader.
pub trait CollectionForms {
    /// Writes down the wish. Where one of the store and carrier is not settled yet, that one is given back.
    fn want_collection_form(&mut self, wish: &WantForm, now: DateTime<Utc>) -> StoreResult<CollectionForm>;
    /// Stores whose Shipping v2 parcels are on this manifest: a form of its carrier can be wished for each.
    fn stores_on_manifest(&self, manifest: ManifestId) -> StoreResult<Vec<StoreId>>;
    /// Wishes, newest first.
    fn collection_forms(&self, first: usize, limit: usize) -> StoreResult<Page<CollectionForm>>;
    /// A wish.
    fn collection_form(&self, form: CollectionFormId) -> StoreResult<CollectionForm>;
    /// Wishes that are not settled, oldest first.
    fn forms_at_work(&self) -> StoreResult<Vec<CollectionForm>>;
    /// Before a wish goes out, durably: checks the epoch; *asked*, with Amazon's id of the carrier.
    fn begin_form(
        &mut self,
        lead: Lead,
        form: CollectionFormId,
        carrier_id: &str,
        now: DateTime<Utc>,
    ) -> StoreResult<()>;
    /// Settles a wish; *made* comes with its document. One that is made stays so.
    fn settle_form(
        &mut self,
        form: CollectionFormId,
        settlement: &FormSettlement,
        document: Option<&FormDocument>,
        now: DateTime<Utc>,
    ) -> StoreResult<CollectionForm>;
    /// The stored document; none where there is none yet.
    fn form_document(&self, form: CollectionFormId) -> StoreResult<Option<FormDocument>>;
}

/// What is on a sheet that is no label.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum PaperOf {
    /// A manifest.
    Manifest(ManifestId),
    /// A collection form.
    Form(CollectionFormId),
}

/// A sheet that is no label, and how far it is.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PaperRow {
    /// Number.
    pub id: PaperId,
    /// Of what.
    pub of: PaperOf,
    /// How far.
    pub state: PrintState,
    /// Why it failed, in words.
    pub reason: Option<String>,
}

/// Sheets that are no labels, through the station's spool.
pub trait Papers {
    /// Writes a wish to print; a failed or doubtful one of the same is done with.
    fn want_paper(
        &mut self,
        of: PaperOf,
        station: &StationId,
        by: UserId,
        now: DateTime<Utc>,
    ) -> StoreResult<PaperId>;
    /// Sheets of a station that are not done, oldest first.
    fn papers(&self, station: &StationId) -> StoreResult<Vec<PaperRow>>;
    /// Marks it *sending*: found so after a crash, it is never sent again by itself. False: it is not wanted any more.
    fn begin_paper(&mut self, paper: PaperId, now: DateTime<Utc>) -> StoreResult<bool>;
    /// Ends it: sent whole, or failed.
    fn end_paper(
        &mut self,
        paper: PaperId,
        result: Result<(), String>,
        now: DateTime<Utc>,
    ) -> StoreResult<()>;
}

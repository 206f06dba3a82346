//! What the day's end shows, asks and changes, as plain data.

use crate::app::effect::RequestId;
use crate::domain::collection::CollectionForm;
use crate::domain::ids::{IntentId, ManifestId, ScanId, StationId, UserId};
use crate::domain::manifest::{CarrierDue, Manifest, ManifestDetail, NeverMoved, Parcel};
use chrono::{DateTime, Utc};

/// What is read for the screen, as of one moment.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct DayEndFacts {
    /// What must go, by carrier.
    pub carriers: Vec<CarrierDue>,
    /// The manifest that is filled, where one was chosen.
    pub manifest: Option<ManifestDetail>,
    /// The newest wishes for collection forms.
    pub forms: Vec<CollectionForm>,
    /// Labels that no carrier has scanned, as far as they were asked for.
    pub unmoved: Vec<NeverMoved>,
    /// Why a sheet of this station did not come out, or may not have.
    pub unprinted: Option<String>,
}

/// A line of the list on the left: a carrier, or one of its open manifests.
#[derive(Debug, Clone, PartialEq)]
pub struct DoorLine {
    /// Carrier.
    pub carrier: String,
    /// Its open manifest; none: none is open.
    pub manifest: Option<Manifest>,
    /// Labelled and not checked out.
    pub missing: u32,
    /// Checked out on the open manifest.
    pub out: u32,
}

/// A scan at the door that is not saved yet.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct DoorScan {
    pub(crate) request: RequestId,
    pub(crate) at: DateTime<Utc>,
}

/// Scans at the door that are not saved yet.
#[derive(Debug, Default)]
pub(crate) struct DoorScans {
    pub(crate) pending: Vec<DoorScan>,
    /// One was not saved in time: further ones are refused until it is.
    pub(crate) stalled: bool,
}

/// The day's end.
#[derive(Debug, Default)]
pub struct DayEnd {
    /// As last read.
    pub facts: DayEndFacts,
    /// Read at least once.
    pub loaded: bool,
    /// Selected line on the left.
    pub selected: usize,
    /// The manifest that is filled.
    pub chosen: Option<ManifestId>,
    /// Selected parcel of it; or of the labels that never moved.
    pub row: usize,
    /// Labels that never moved are shown.
    pub unmoved_shown: bool,
    pub(crate) scans: DoorScans,
    /// An order that is opened from here leads back here.
    pub(crate) left_from: bool,
}

impl DayEnd {
    /// The list on the left.
    pub fn lines(&self) -> Vec<DoorLine> {
        let each = self.facts.carriers.iter().flat_map(|due| {
            let line = |manifest: Option<&Manifest>| DoorLine {
                carrier: due.carrier.clone(),
                missing: manifest.map_or_else(|| due.missing(), |manifest| manifest.missing),
                out: manifest.map_or(0, |manifest| manifest.out),
                manifest: manifest.cloned(),
            };
            if due.open.is_empty() {
                vec![line(None)]
            } else {
                due.open.iter().map(|manifest| line(Some(manifest))).collect()
            }
        });
        each.collect()
    }

    /// The manifest that is filled.
    pub fn manifest(&self) -> Option<&ManifestDetail> {
        let known = self.facts.manifest.as_ref()?;
        (Some(known.manifest.id) == self.chosen).then_some(known)
    }

    /// The selected parcel of it.
    pub fn parcel(&self) -> Option<&Parcel> {
        self.manifest()?.parcels.get(self.row)
    }

    /// Wishes for forms of the manifest that is filled.
    pub fn forms(&self) -> impl Iterator<Item = &CollectionForm> {
        let all = self.facts.forms.iter();
        all.filter(|form| form.manifest.is_some() && form.manifest == self.chosen)
    }
}

/// What the day's end changes, each one transaction.
#[derive(Debug, Clone, PartialEq)]
pub enum DoorCommit {
    /// `Manifests::open_manifest`, for every store.
    Open {
        /// Carrier.
        carrier: String,
        /// Who.
        by: UserId,
    },
    /// `Manifests::check_out`.
    CheckOut {
        /// The scan's own id.
        scan: ScanId,
        /// Onto which.
        manifest: ManifestId,
        /// As it was scanned.
        code: String,
        /// Who.
        by: UserId,
    },
    /// `Manifests::leave_behind`.
    Leave {
        /// On which.
        manifest: ManifestId,
        /// Which parcel.
        label: IntentId,
        /// Who.
        by: UserId,
        /// Why.
        reason: String,
    },
    /// `Manifests::close_manifest`.
    Close {
        /// Which.
        manifest: ManifestId,
        /// Who.
        by: UserId,
        /// When the bench's day began.
        since: DateTime<Utc>,
    },
    /// `CollectionForms::want_collection_form` for each store on it.
    WantForms {
        /// Which.
        manifest: ManifestId,
        /// Who.
        by: UserId,
    },
    /// `Papers::want_paper` for it, and for each form of it that is made.
    Print {
        /// Which.
        manifest: ManifestId,
        /// Who.
        by: UserId,
        /// Whose printer.
        station: StationId,
    },
}

/// What came of it.
#[derive(Debug, Clone, PartialEq)]
pub enum DoorDone {
    /// A manifest was opened or closed.
    Manifest(Box<Manifest>),
    /// A parcel is out.
    Out(Box<Parcel>),
    /// So many forms are wished for, or sheets to be printed.
    Count(usize),
}

/// What is asked at the day's end.
#[derive(Debug, Clone, PartialEq)]
pub enum DoorAsk {
    /// Close the manifest?
    Close(ManifestId),
    /// Leave this parcel behind?
    Leave(ManifestId, IntentId),
    /// Ask Amazon for a collection form?
    Form(ManifestId),
}

impl DoorAsk {
    /// Heading.
    pub fn title(&self) -> &'static str {
        match self {
            Self::Close(_) => "Close the manifest?",
            Self::Leave(..) => "Leave this parcel behind?",
            Self::Form(_) => "Ask Amazon for a collection form?",
        }
    }

    /// What the yes key does, in the footer.
    pub fn yes(&self) -> &'static str {
        match self {
            Self::Close(_) => "Close it",
            Self::Leave(..) => "Leave it",
            Self::Form(_) => "Ask",
        }
    }
}

//! What a scan at the door means: taken, or refused with the reason.

use super::{Manifest, carrier_key};
use crate::domain::ids::{ManifestId, StoreId};
use crate::domain::onto_box;
use crate::domain::order::Flag;
use crate::domain::rows::LabelRow;
use crate::domain::scan::{self, Scan};
use crate::domain::shipment::LabelState;
use std::fmt;

/// Forms in which a scanned code may stand on a label of ours, the likeliest first: the carrier's number without what
/// is printed around it (`420` and the postal code, routing digits, separators), then as it was scanned.
pub fn readings(scanned: &str) -> Vec<String> {
    let mut all = Vec::new();
    match scan::classify(scanned) {
        Ok(Scan::Tracking(number)) => all.push(number.0),
        Ok(Scan::Code(code)) => all.push(code),
        _ => {}
    }
    let plain: String = scanned
        .chars()
        .filter(|sign| !sign.is_whitespace() && !sign.is_control())
        .collect();
    for form in [plain.to_ascii_uppercase(), plain] {
        if !form.is_empty() && !all.contains(&form) {
            all.push(form);
        }
    }
    all
}

/// A label at the door.
#[derive(Debug, Clone, Copy)]
pub struct AtDoor<'a> {
    /// Its row.
    pub label: &'a LabelRow,
    /// Its order's store.
    pub store: &'a StoreId,
    /// Its order's flags.
    pub flags: &'a [Flag],
    /// The manifest that has it already, and who scanned it there.
    pub out: Option<(ManifestId, &'a str)>,
}

/// Why a parcel is not checked out, and what to do with it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Refused {
    /// The manifest is closed.
    Closed(ManifestId),
    /// No label of ours has this number.
    Unknown,
    /// Checked out already.
    Already {
        /// On which manifest.
        manifest: ManifestId,
        /// By whom.
        by: String,
        /// It is the one that is open here.
        here: bool,
    },
    /// Its label is void, or being voided.
    Void(LabelState),
    /// Its label was never bought, or nobody knows.
    NotBought(LabelState),
    /// Its label is held.
    Held,
    /// Its order must not be shipped.
    Stopped(Flag),
    /// It goes with another carrier.
    OtherCarrier(String),
    /// It goes by another store's account.
    OtherStore(StoreId),
    /// Its label is not scanned onto its box yet.
    NotOnItsBox,
}

impl fmt::Display for Refused {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Closed(id) => write!(f, "manifest {id} is closed: open the next one, then scan it again"),
            Self::Unknown => f.write_str(
                "UNKNOWN: no label of this station has this number: keep the parcel here and find out whose it is",
            ),
            Self::Already { manifest, by, here: true } => {
                write!(f, "ALREADY OUT: {by} scanned it on this manifest ({manifest}): put it with the others")
            }
            Self::Already { manifest, by, here: false } => {
                write!(f, "ALREADY OUT on manifest {manifest} ({by}): keep it here and find out why it came back")
            }
            Self::Void(state) => {
                write!(f, "VOID: its label is {state}: keep the parcel here, tear the label up, pack it again")
            }
            Self::NotBought(state) => write!(f, "its label is {state}: keep the parcel here and open its order"),
            Self::Held => f.write_str("its label is held: keep the parcel here; void the label or ask a supervisor"),
            Self::Stopped(flag) => write!(f, "{flag}: keep the parcel here"),
            Self::OtherCarrier(carrier) => write!(f, "WRONG CARRIER: it goes with {carrier}: put it there"),
            Self::OtherStore(store) => {
                write!(f, "WRONG ACCOUNT: it goes on the manifest of store {store}: put it there")
            }
            Self::NotOnItsBox => {
                f.write_str("its label was not scanned onto its box: open its order, scan the label there, then come back")
            }
        }
    }
}

/// Whether the parcel goes along with this manifest.
pub fn judge(manifest: &Manifest, parcel: Option<AtDoor<'_>>) -> Result<(), Refused> {
    let Some(AtDoor {
        label,
        store,
        flags,
        out,
    }) = parcel
    else {
        return Err(Refused::Unknown);
    };
    if let Some((on, by)) = out {
        return Err(Refused::Already {
            manifest: on,
            by: by.to_owned(),
            here: on == manifest.id,
        });
    }
    match label.state {
        LabelState::Bought
        | LabelState::BoughtWithoutDocument
        | LabelState::Printed
        | LabelState::VoidRefused => {}
        state if state.was_bought() => return Err(Refused::Void(state)),
        state => return Err(Refused::NotBought(state)),
    }
    if label.held {
        return Err(Refused::Held);
    }
    if let Some(flag) = flags.iter().find(|flag| stops(flag)) {
        return Err(Refused::Stopped(flag.clone()));
    }
    if carrier_key(&label.carrier) != carrier_key(&manifest.carrier) {
        return Err(Refused::OtherCarrier(label.carrier.clone()));
    }
    if manifest.store.as_ref().is_some_and(|only| only != store) {
        return Err(Refused::OtherStore(store.clone()));
    }
    if onto_box::is_due(label) {
        return Err(Refused::NotOnItsBox);
    }
    if !manifest.is_open() {
        return Err(Refused::Closed(manifest.id));
    }
    Ok(())
}

/// The parcel must not leave while this stands.
fn stops(flag: &Flag) -> bool {
    matches!(flag, Flag::Canceled | Flag::CancelRequested)
}

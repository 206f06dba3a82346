//! Undo: the last scan of a box is taken back, then the one before it, down to the empty box.
//!
//! What was taken back stays in the record, with what took it back behind it, so that a replay ends at the same
//! unit and an order can be told scan by scan.

use super::{PackEvent, ScanRecord};
use crate::domain::ids::BoxId;

impl PackEvent {
    /// What takes this scan back; none for what is itself an undo.
    pub fn undoing(scan: &ScanRecord) -> Option<Self> {
        match &scan.event {
            Self::Verified { units, .. } => Some(Self::Undone {
                scan: scan.id,
                units: units.clone(),
                code: None,
            }),
            Self::Coded { unit, .. } => Some(Self::Undone {
                scan: scan.id,
                units: Vec::new(),
                code: Some(unit.clone()),
            }),
            Self::Undone { .. } => None,
        }
    }
}

/// The last scan of a box that was not taken back. `scans`: in the order in which they were accepted.
pub fn last_standing<'a>(
    scans: impl IntoIterator<Item = &'a ScanRecord>,
    box_id: BoxId,
) -> Option<&'a ScanRecord> {
    let mut standing: Vec<&ScanRecord> = Vec::new();
    for scan in scans.into_iter().filter(|scan| scan.box_id == box_id) {
        match &scan.event {
            PackEvent::Undone { scan: undone, .. } => standing.retain(|other| other.id != *undone),
            _ => standing.push(scan),
        }
    }
    standing.pop()
}

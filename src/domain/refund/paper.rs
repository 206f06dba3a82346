//! What the packer says of the paper before a label is voided: a void label on a parcel would travel all the same.

use super::is_label;
use crate::domain::ids::TrackingNumber;
use crate::domain::rows::LabelRow;
use serde::{Deserialize, Serialize};

/// What became of an old label's paper.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum OldLabel {
    /// Its barcode was scanned: it is in the packer's hands.
    Scanned,
    /// The packer said that it is destroyed.
    Destroyed,
}

impl OldLabel {
    /// In words.
    pub fn words(self) -> &'static str {
        match self {
            Self::Scanned => "old label scanned",
            Self::Destroyed => "old label said to be destroyed",
        }
    }

    /// The word in the database.
    pub fn key(self) -> &'static str {
        match self {
            Self::Scanned => "scanned",
            Self::Destroyed => "destroyed",
        }
    }

    /// By the word in the database.
    pub fn parse(key: &str) -> Option<Self> {
        [Self::Scanned, Self::Destroyed]
            .into_iter()
            .find(|old| old.key() == key)
    }
}

/// What was said: some labels scanned, the others destroyed.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Paper {
    /// Tracking numbers that were scanned.
    pub scanned: Vec<TrackingNumber>,
    /// Whatever was not scanned is destroyed.
    pub destroyed: bool,
}

impl Paper {
    /// All of them are destroyed.
    pub fn destroyed() -> Self {
        Self {
            scanned: Vec::new(),
            destroyed: true,
        }
    }

    /// This one was scanned.
    pub fn scanned(number: TrackingNumber) -> Self {
        Self {
            scanned: vec![number],
            destroyed: false,
        }
    }

    /// What was said of this label; none: nothing yet.
    pub fn of(&self, label: &LabelRow) -> Option<OldLabel> {
        if self.scanned.iter().any(|number| is_label(label, number)) {
            Some(OldLabel::Scanned)
        } else {
            self.destroyed.then_some(OldLabel::Destroyed)
        }
    }

    /// What was said of each of these labels, or in words what is missing. A number of another label is refused:
    /// the wrong paper is in the packer's hands.
    pub fn of_all(&self, labels: &[LabelRow]) -> Result<Vec<OldLabel>, String> {
        if let Some(strange) = self
            .scanned
            .iter()
            .find(|number| !labels.iter().any(|label| is_label(label, number)))
        {
            return Err(format!(
                "{strange} is not a label that is voided here: scan the right one, or say that it is destroyed"
            ));
        }
        labels
            .iter()
            .map(|label| {
                self.of(label).ok_or_else(|| {
                    let which = label
                        .tracking
                        .as_ref()
                        .map_or_else(String::new, |number| format!(" {number}"));
                    format!("scan the old label{which}, or say that it is destroyed")
                })
            })
            .collect()
    }
}

//! What a sync task is set up with, besides its store, vault and shops.

use super::erase::EraseIn;
use crate::domain::seller::DocumentFormat;
use crate::domain::units::Dimensions;
use std::path::{Path, PathBuf};
use std::time::Duration;

/// How often the store's version is read while nothing is due (PURCHASING.md 7).
const GLANCE: Duration = Duration::from_millis(250);
/// The same where every change wakes the task.
const SELDOM: Duration = Duration::from_secs(15);

/// Says why a document must not be printed: blank, cut, not what it claims to be. The printing room's check.
pub type Inspect = fn(DocumentFormat, &[u8]) -> Result<(), String>;

fn beside(database: &Path, suffix: &str) -> PathBuf {
    let mut name = database.as_os_str().to_owned();
    name.push(suffix);
    PathBuf::from(name)
}

/// Answers that could not be stored: there only while one waits, sealed under the station's key of then.
pub fn emergency_file(database: &Path) -> PathBuf {
    beside(database, ".emergency")
}

/// Where the sync task keeps its files, and how it checks a label.
#[derive(Debug, Clone)]
pub struct SyncOptions {
    /// The lock that the leader holds.
    pub lead: PathBuf,
    /// Answers that could not be stored.
    pub emergency: PathBuf,
    /// Room kept for them.
    pub reserve: PathBuf,
    /// Where customers are erased once their time is over.
    pub erase_in: EraseIn,
    /// Checks a bought document before it may be printed.
    pub inspect: Inspect,
    /// Boxes on the shelf, for rate shopping ahead of packing.
    pub shelf: Vec<Dimensions>,
    /// How often the store's version is read while nothing is due.
    pub glance: Duration,
}

impl SyncOptions {
    /// Files beside the database, as every process of this machine must use them.
    pub fn beside(database: &Path, inspect: Inspect) -> Self {
        let with = |suffix: &str| beside(database, suffix);
        Self {
            lead: with(".lead"),
            emergency: emergency_file(database),
            reserve: with(".reserve"),
            erase_in: EraseIn {
                database: database.to_owned(),
                sheets: None,
            },
            inspect,
            shelf: Vec::new(),
            glance: GLANCE,
        }
    }

    /// For a station whose printer is a folder: sheets of erased customers are taken out of it.
    #[must_use]
    pub fn with_sheets(mut self, folder: Option<PathBuf>) -> Self {
        self.erase_in.sheets = folder;
        self
    }

    /// With these boxes on the shelf: an order's rates are shopped for ahead as if it went into the smallest that fits.
    #[must_use]
    pub fn with_shelf(self, boxes: Vec<Dimensions>) -> Self {
        Self { shelf: boxes, ..self }
    }

    /// For a process that wakes the task whenever the store changed: then it hardly needs to look itself.
    #[must_use]
    pub fn woken_by_changes(self) -> Self {
        Self {
            glance: SELDOM,
            ..self
        }
    }
}

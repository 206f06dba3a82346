//! What came of a step and of a pass.

use crate::amazon::{CallError, SetupError};
use crate::domain::ids::{IntentId, OrderNumber};
use crate::store::{ImportReport, StoreError};
use crate::vault::VaultError;
use serde::Serialize;
use std::time::Duration;

/// Why the sync task cannot work at all.
#[derive(Debug, thiserror::Error)]
pub enum SyncError {
    /// A store's client cannot be made.
    #[error(transparent)]
    Setup(#[from] SetupError),
    /// The store failed.
    #[error(transparent)]
    Store(#[from] StoreError),
    /// The lock beside the database cannot be used.
    #[error("the lock file {path} cannot be used: {source}", path = .path.display())]
    Lock {
        /// File.
        path: std::path::PathBuf,
        /// The machine's reason.
        source: std::io::Error,
    },
}

/// What one full pass did, for `sync --once` and tests.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct PassReport {
    /// Another process leads: this one asked Amazon nothing, the leader does the work.
    pub another_leads: bool,
    /// What the imports brought, all shops together.
    pub imported: ImportReport,
    /// What was settled, in words.
    pub settled: Vec<String>,
    /// What still waits, and why.
    pub waiting: Vec<StillWaiting>,
    /// What a person must look at, in words.
    pub trouble: Vec<String>,
}

/// Something that waits.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct StillWaiting {
    /// Order.
    pub number: Option<OrderNumber>,
    /// Label, where it is one.
    pub label: Option<IntentId>,
    /// What and why, in words.
    pub why: String,
    /// Tried again after so many seconds; none: only a person can go on.
    pub again_in: Option<u64>,
}

/// What came of one step.
#[derive(Debug)]
pub(super) enum Outcome {
    /// Something was settled, in words; look at the work again.
    Settled(String),
    /// An import's page was stored; `more` pages follow.
    Imported { report: ImportReport, more: bool },
    /// Not now.
    Wait { why: String, pause: Duration },
    /// Nothing to do (any more).
    Nothing,
    /// Another process leads.
    NotLeader,
}

/// Why a step was not carried out: turned into an [`Outcome`] at its border.
#[derive(Debug, thiserror::Error)]
pub(super) enum Stop {
    #[error(transparent)]
    Store(#[from] StoreError),
    #[error(transparent)]
    Call(#[from] CallError),
    #[error(transparent)]
    Vault(#[from] VaultError),
    #[error("{0}")]
    Words(String),
}

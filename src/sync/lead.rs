//! The lead: an operating-system lock on a file beside the database. The kernel frees it when the process ends,
//! however it ends; no clock is asked (PURCHASING.md 7).

use super::outcome::SyncError;
use std::fs::{File, TryLockError};
use std::path::PathBuf;

/// The lock, held or not.
#[derive(Debug)]
pub(super) struct LeadLock {
    path: PathBuf,
    held: Option<File>,
}

impl LeadLock {
    pub(super) fn new(path: PathBuf) -> Self {
        Self { path, held: None }
    }

    /// Takes the lock if nobody has it; true when this process holds it. Never waits.
    pub(super) fn take(&mut self) -> Result<bool, SyncError> {
        if self.held.is_some() {
            return Ok(true);
        }
        let failed = |source| SyncError::Lock {
            path: self.path.clone(),
            source,
        };
        let file = File::options()
            .create(true)
            .truncate(false)
            .write(true)
            .open(&self.path)
            .map_err(failed)?;
        match file.try_lock() {
            Ok(()) => {
                self.held = Some(file);
                Ok(true)
            }
            Err(TryLockError::WouldBlock) => Ok(false),
            Err(TryLockError::Error(source)) => Err(failed(source)),
        }
    }

    /// Gives the lock back.
    pub(super) fn give_back(&mut self) {
        self.held = None;
    }
}

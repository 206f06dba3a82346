//! Answers of Amazon that the store would not take (PURCHASING.md 3.6): kept in memory, tried again, written to a
//! sealed file beside the database, and read back at the next start. Until the last of them is stored nothing
//! more is asked.

mod file;

use super::outcome::Stop;
use super::shops::Core;
use crate::domain::ids::{IntentId, OrderNumber, StoreId};
use crate::domain::rows::{LabelRow, WorkItem};
use crate::domain::sealed::WrappedKey;
use crate::store::{Settlement, StoreError, StoreResult, VoidSettlement};
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Mutex, PoisonError};

/// Kept free beside the database, so that a full disk still takes an answer.
const RESERVE: u64 = 8 * 1024 * 1024;
/// What the health calls it.
const ABOUT: &str = "store";

/// An answer that waits for the store.
#[derive(Debug, Clone)]
pub(super) enum Kept {
    Purchase {
        label: IntentId,
        store: StoreId,
        number: OrderNumber,
        key: WrappedKey,
        settlement: Settlement,
    },
    /// In memory only: after a restart the label is *void unknown*, and a void is safely asked again.
    Void {
        label: IntentId,
        settlement: VoidSettlement,
    },
}

/// The answers that wait, the file that holds the paid ones, and the reserve.
#[derive(Debug)]
pub(super) struct Emergency {
    file: PathBuf,
    reserve: PathBuf,
    kept: Mutex<Vec<Kept>>,
    /// The file could not be read: it is neither overwritten nor removed.
    unread: AtomicBool,
}

impl Emergency {
    pub(super) fn new(file: PathBuf, reserve: PathBuf) -> Self {
        Self {
            file,
            reserve,
            kept: Mutex::default(),
            unread: AtomicBool::new(false),
        }
    }

    /// Nothing waits: Amazon may be asked.
    pub(super) fn is_clear(&self) -> bool {
        self.with(|kept| kept.is_empty())
    }

    fn with<R>(&self, act: impl FnOnce(&mut Vec<Kept>) -> R) -> R {
        act(&mut self.kept.lock().unwrap_or_else(PoisonError::into_inner))
    }

    /// Puts the reserve in its place, where the disk has room for it.
    pub(super) fn make_reserve(&self) {
        if std::fs::metadata(&self.reserve).is_ok_and(|facts| facts.len() >= RESERVE) {
            return;
        }
        if let Err(error) = fill(&self.reserve) {
            tracing::warn!(%error, "no reserve file beside the database: the disk may be full");
            let _ = std::fs::remove_file(&self.reserve);
        }
    }

    fn release_reserve(&self) {
        if std::fs::remove_file(&self.reserve).is_ok() {
            tracing::error!("the disk is full: the reserve beside the database was released");
        }
    }
}

fn fill(path: &Path) -> std::io::Result<()> {
    use rustix::fs::{FallocateFlags, fallocate};
    use std::io::Write as _;
    let mut file = std::fs::File::create(path)?;
    if fallocate(&file, FallocateFlags::empty(), 0, RESERVE).is_err() {
        // A file system without allocation: written out, so that the blocks are really taken.
        let block = [0x55_u8; 8 * 1024];
        for _ in 0..RESERVE / block.len() as u64 {
            file.write_all(&block)?;
        }
    }
    file.sync_all()
}

impl Core {
    /// Settles a purchase. Where the store fails, the answer is kept and nothing more is asked.
    pub(super) async fn settle(
        &self,
        item: &WorkItem,
        key: &WrappedKey,
        settlement: Settlement,
    ) -> Result<LabelRow, Stop> {
        let kept = Kept::Purchase {
            label: item.label.id,
            store: item.store.clone(),
            number: item.label.number.clone(),
            key: key.clone(),
            settlement,
        };
        match self.store_kept(&kept).await {
            Ok(row) => Ok(row),
            Err(error) => self.keep(kept, error).await,
        }
    }

    /// Settles a void, likewise.
    pub(super) async fn settle_void(
        &self,
        item: &WorkItem,
        settlement: VoidSettlement,
    ) -> Result<LabelRow, Stop> {
        let kept = Kept::Void {
            label: item.label.id,
            settlement,
        };
        match self.store_kept(&kept).await {
            Ok(row) => Ok(row),
            Err(error) => self.keep(kept, error).await,
        }
    }

    async fn store_kept(&self, kept: &Kept) -> StoreResult<LabelRow> {
        let now = self.clock.now();
        match kept.clone() {
            Kept::Purchase {
                label, settlement, ..
            } => {
                self.store
                    .write(move |store| store.settle(label, &settlement, now))
                    .await
            }
            Kept::Void { label, settlement } => {
                self.store
                    .write(move |store| store.settle_void(label, &settlement, now))
                    .await
            }
        }
    }

    /// The store would not take it. A rule that refuses anything but a paid label is final: the label has moved
    /// on meanwhile. Everything else waits, aloud.
    async fn keep(&self, kept: Kept, error: StoreError) -> Result<LabelRow, Stop> {
        let refused = matches!(error, StoreError::Refused(_) | StoreError::NotFound { .. });
        if refused && !is_paid(&kept) {
            tracing::warn!(%error, "an answer came too late to matter");
            return Err(error.into());
        }
        tracing::error!(%error, "an answer of Amazon could not be stored: nothing more is asked");
        if matches!(error, StoreError::DiskFull) {
            self.emergency.release_reserve();
            // With the reserve's room it may fit at once.
            if let Ok(row) = self.store_kept(&kept).await {
                return Ok(row);
            }
        }
        self.emergency.with(|all| all.push(kept));
        match self.write_emergency() {
            Ok(()) => self.say_kept(&error),
            Err(why) => {
                let file = self.emergency.file.display();
                let words = format!(
                    "an answer of Amazon could not be stored ({error}), nor written to {file} ({why}). Do NOT end \
                     this program: free the disk first"
                );
                self.health.trouble(ABOUT, Some(words));
            }
        }
        Err(error.into())
    }

    fn say_kept(&self, error: &StoreError) {
        let file = self.emergency.file.display();
        let words = format!(
            "an answer of Amazon could not be stored ({error}); it is kept in {file}. Nothing more is bought until \
             it is stored: free the disk, do not delete that file"
        );
        self.health.trouble(ABOUT, Some(words));
    }

    /// Tries again to store what waits; true when nothing waits any more.
    pub(super) async fn store_what_waits(&self) -> bool {
        // Taken out whole: a step that ends meanwhile may add another.
        let waiting = self.emergency.with(|kept| kept.clone());
        if waiting.is_empty() {
            return true;
        }
        let tried = waiting.len();
        let mut left = Vec::new();
        for kept in waiting {
            match self.store_kept(&kept).await {
                Ok(row) => tracing::info!(label = %row.id, state = %row.state, "a kept answer is stored now"),
                Err(error) if !is_paid(&kept) && matches!(error, StoreError::Refused(_)) => {}
                Err(error) => {
                    tracing::error!(%error, "a kept answer still cannot be stored");
                    if is_paid(&kept) {
                        self.say_kept(&error);
                    }
                    left.push(kept);
                }
            }
        }
        let fewer = left.len() < tried;
        let clear = self.emergency.with(|kept| {
            left.extend(kept.drain(tried..));
            *kept = left;
            kept.is_empty()
        });
        if fewer && let Err(error) = self.write_emergency() {
            tracing::error!(error, "the emergency file cannot be written");
        }
        if clear {
            self.health.trouble(ABOUT, None);
            self.emergency.make_reserve();
        }
        clear
    }

    /// Reads back what an earlier process could not store.
    pub(super) fn read_emergency(&self) -> Result<(), Stop> {
        let found = file::read(&self.emergency.file, &self.vault);
        self.emergency.unread.store(found.is_err(), Ordering::Relaxed);
        let found = found.map_err(Stop::Words)?;
        self.emergency.with(|kept| {
            for one in found {
                let known = |other: &Kept| matches!((other, &one), (Kept::Purchase { label: a, .. }, Kept::Purchase { label: b, .. }) if a == b);
                if !kept.iter().any(known) {
                    kept.push(one);
                }
            }
        });
        Ok(())
    }

    fn write_emergency(&self) -> Result<(), String> {
        if self.emergency.unread.load(Ordering::Relaxed) {
            return Err("what an earlier program kept there cannot be read".to_owned());
        }
        let paid: Vec<Kept> = self
            .emergency
            .with(|kept| kept.iter().filter(|kept| is_paid(kept)).cloned().collect());
        file::write(&self.emergency.file, &paid, &self.vault)
    }
}

fn is_paid(kept: &Kept) -> bool {
    matches!(
        kept,
        Kept::Purchase {
            settlement: Settlement::Bought { .. },
            ..
        }
    )
}

#[cfg(test)]
mod tests;

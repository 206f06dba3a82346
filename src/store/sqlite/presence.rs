//! Who has the database open, whether its last user ended well, and whether it was found damaged.
//!
//! Every process that may write holds a lock on `….use` beside the database, shared; the first one holds it alone
//! until the database is checked. The last one leaves there how the file looked: whatever looks otherwise at the
//! next start was not left so by us, and is checked whole. `….damaged` stops buying in every process at once.

use super::files::{beside, stamp};
use crate::store::{StoreError, StoreResult};
use std::fs::{File, TryLockError};
use std::io::{ErrorKind, Read as _, Seek as _, SeekFrom, Write as _};
use std::os::unix::fs::OpenOptionsExt as _;
use std::path::{Path, PathBuf};

/// First word of the note.
const NOTE: &str = "tapegun-use-1";

/// Held while a process has the database open.
#[derive(Debug)]
pub(super) struct Presence {
    file: File,
    database: PathBuf,
    /// Nobody else has the database open; only until [`Presence::share`].
    alone: bool,
    /// The label history's last row that was proven, with its hash.
    proven: (i64, String),
}

impl Presence {
    /// Comes in: alone where nobody has the database open, else once the first one has checked it.
    pub(super) fn enter(database: &Path) -> StoreResult<Self> {
        let path = beside(database, ".use");
        let file = File::options()
            .create(true)
            .truncate(false)
            .read(true)
            .write(true)
            .mode(0o600)
            .open(&path)
            .map_err(|error| failed(&path, &error))?;
        let alone = match file.try_lock() {
            Ok(()) => true,
            Err(TryLockError::WouldBlock) => {
                file.lock_shared().map_err(|error| failed(&path, &error))?;
                false
            }
            Err(TryLockError::Error(error)) => return Err(failed(&path, &error)),
        };
        let mut presence = Self {
            file,
            database: database.to_owned(),
            alone,
            proven: (0, String::new()),
        };
        if let Some((_, sequence, hash)) = presence.note() {
            presence.proven = (sequence, hash);
        }
        Ok(presence)
    }

    pub(super) fn is_alone(&self) -> bool {
        self.alone
    }

    /// The last user ended well and nobody has touched the file since.
    pub(super) fn was_left_well(&self) -> bool {
        looks_left_well(
            &self.database,
            self.note().as_ref().map(|(stamp, ..)| stamp.as_str()),
        )
    }

    /// The row of the labels' history up to which it was proven when the file was left.
    pub(super) fn proven(&self) -> (i64, String) {
        self.proven.clone()
    }

    pub(super) fn set_proven(&mut self, proven: (i64, String)) {
        self.proven = proven;
    }

    /// Lets others in.
    pub(super) fn share(&mut self) -> StoreResult<()> {
        if self.alone {
            self.alone = false;
            self.file
                .lock_shared()
                .map_err(|error| failed(&self.database, &error))?;
        }
        Ok(())
    }

    fn note(&self) -> Option<(String, i64, String)> {
        let mut file = &self.file;
        file.seek(SeekFrom::Start(0)).ok()?;
        read_note(file)
    }

    /// The last one out leaves how the file looks. No fsync: a note that is lost costs a check, no more.
    fn leave(&mut self) -> std::io::Result<()> {
        if self.file.try_lock().is_err() {
            return Ok(());
        }
        let log = beside(&self.database, "-wal");
        if std::fs::metadata(log).is_ok_and(|facts| facts.len() > 0) {
            return Ok(());
        }
        let Some(stamp) = stamp(&self.database) else {
            return Ok(());
        };
        let (sequence, hash) = &self.proven;
        let note = format!("{NOTE} {stamp} {sequence} {hash}\n");
        self.file.set_len(0)?;
        self.file.seek(SeekFrom::Start(0))?;
        self.file.write_all(note.as_bytes())
    }
}

impl Drop for Presence {
    fn drop(&mut self) {
        if let Err(error) = self.leave() {
            tracing::debug!(%error, "the note beside the database could not be left");
        }
    }
}

/// What the last one left: how the file looked, and up to where the labels' history was proven.
fn read_note(file: &File) -> Option<(String, i64, String)> {
    let mut text = String::new();
    file.take(4096).read_to_string(&mut text).ok()?;
    let mut words = text.trim_end().split(' ');
    if words.next() != Some(NOTE) {
        return None;
    }
    let stamp = words.next()?.to_owned();
    let sequence = words.next()?.parse().ok()?;
    Some((stamp, sequence, words.next().unwrap_or_default().to_owned()))
}

fn looks_left_well(database: &Path, noted: Option<&str>) -> bool {
    let log = beside(database, "-wal");
    let no_log = std::fs::metadata(log).map_or(true, |facts| facts.len() == 0);
    no_log && noted.is_some() && noted == stamp(database).as_deref() && !is_marked(database)
}

/// Whether opening this database now takes the time of a whole check: nobody has it open, and it was not left well.
pub(super) fn is_check_due(database: &Path) -> bool {
    let Ok(file) = File::open(beside(database, ".use")) else {
        return database.exists();
    };
    let noted = read_note(&file).map(|(stamp, ..)| stamp);
    !looks_left_well(database, noted.as_deref()) && file.try_lock().is_ok()
}

fn failed(path: &Path, error: &std::io::Error) -> StoreError {
    match error.kind() {
        ErrorKind::StorageFull | ErrorKind::QuotaExceeded => StoreError::DiskFull,
        ErrorKind::ReadOnlyFilesystem | ErrorKind::PermissionDenied => StoreError::ReadOnly(format!(
            "{} cannot be written: check that this user may write to the folder, and that the disk is sound",
            path.display()
        )),
        ErrorKind::NotFound => StoreError::Unusable(
            "the database cannot be opened: check that its folder exists and that this user may write to it"
                .to_owned(),
        ),
        _ => StoreError::Failed(format!("{}: {error}", path.display())),
    }
}

/// Whether some process found the database damaged.
pub(super) fn is_marked(database: &Path) -> bool {
    beside(database, ".damaged").exists()
}

/// Stops buying in every process, until a whole check finds nothing.
pub(super) fn mark(database: &Path, words: &str) {
    tracing::error!(words, "the database is damaged: nothing more is bought");
    if let Err(error) = std::fs::write(beside(database, ".damaged"), words) {
        tracing::error!(%error, "the mark beside the damaged database could not be written");
    }
}

/// A whole check found nothing.
pub(super) fn unmark(database: &Path) {
    let _ = std::fs::remove_file(beside(database, ".damaged"));
}

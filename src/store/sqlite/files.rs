//! The database's own file and its neighbours, as the operating system sees them.

use crate::store::{StoreError, StoreResult};
use rustix::fs::{Access, access};
use std::os::unix::fs::MetadataExt as _;
use std::path::{Path, PathBuf};

/// The file of this name beside the database, e.g. `tapegun.db` and `.high`.
pub(super) fn beside(database: &Path, suffix: &str) -> PathBuf {
    crate::store::backups::beside(database, suffix)
}

/// How a file looks from outside: size, time of the last change, which file. None where there is none.
pub(super) fn stamp(path: &Path) -> Option<String> {
    let facts = std::fs::metadata(path).ok()?;
    Some(format!(
        "{}/{}.{:09}/{}",
        facts.len(),
        facts.mtime(),
        facts.mtime_nsec(),
        facts.ino()
    ))
}

/// The folder of a file.
pub(super) fn folder(path: &Path) -> &Path {
    path.parent()
        .filter(|folder| !folder.as_os_str().is_empty())
        .unwrap_or(Path::new("."))
}

/// A database that this user cannot write is only looked at.
pub(super) fn check_writable(database: &Path) -> StoreResult<()> {
    for path in [database, folder(database)] {
        if path.exists() && access(path, Access::WRITE_OK).is_err() {
            return Err(StoreError::ReadOnly(format!(
                "READ-ONLY: orders can be looked at, nothing can be packed or bought. {} cannot be written: check that \
                 this user may write there, and that the disk is sound",
                path.display()
            )));
        }
    }
    Ok(())
}

/// An empty database is never begun where one was: what is left beside it would be forgotten.
pub(super) fn check_not_gone(database: &Path) -> StoreResult<()> {
    let size = |path: &Path| std::fs::metadata(path).map_or(0, |facts| facts.len());
    if size(database) > 0 {
        return Ok(());
    }
    let left = [".high", "-wal"].map(|suffix| beside(database, suffix));
    if left.iter().any(|path| size(path) > 0) {
        return Err(StoreError::Unusable(format!(
            "the database {} is gone or empty, although this station has one: no empty one is begun over it. {}",
            database.display(),
            crate::store::backups::what_to_restore(database)
        )));
    }
    Ok(())
}

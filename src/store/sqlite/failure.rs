//! What SQLite's failures mean to a station, in words with what to do.

use crate::store::StoreError;
use rusqlite::ErrorCode;

/// `SQLITE_IOERR_SHMSIZE`: the index of the log cannot grow, which it does on a full disk.
const LOG_INDEX_CANNOT_GROW: i32 = 19 * 256 + 10;

impl From<rusqlite::Error> for StoreError {
    fn from(error: rusqlite::Error) -> Self {
        if let rusqlite::Error::SqliteFailure(failure, _) = &error
            && failure.extended_code == LOG_INDEX_CANNOT_GROW
        {
            return Self::DiskFull;
        }
        match error.sqlite_error_code() {
            Some(ErrorCode::DiskFull) => Self::DiskFull,
            Some(ErrorCode::DatabaseCorrupt) => Self::Damaged(
                "the database is damaged: end every tapegun on this machine, keep a copy of the file with its -wal \
                 and -shm, then put the newest back-up back with tapegun restore FILE"
                    .to_owned(),
            ),
            Some(ErrorCode::NotADatabase) => Self::Damaged(
                "this is not a tapegun database (any more): put the newest back-up back with tapegun restore FILE".to_owned(),
            ),
            Some(ErrorCode::CannotOpen | ErrorCode::PermissionDenied) => Self::Unusable(
                "the database cannot be opened: check that its folder exists, that this user may write to it, and that \
                 not too many files are open already (ulimit -n)"
                    .to_owned(),
            ),
            Some(ErrorCode::ReadOnly) => Self::ReadOnly(
                "the database is read-only, nothing was saved: check that this user may write to the file and its \
                 folder, and that the disk is sound"
                    .to_owned(),
            ),
            Some(ErrorCode::DatabaseBusy | ErrorCode::DatabaseLocked) => Self::Failed(
                "another program holds the database for too long: nothing was saved, try again".to_owned(),
            ),
            Some(ErrorCode::SystemIoFailure) => Self::Failed(format!(
                "the disk failed, nothing was saved: look at the machine's log, make a back-up elsewhere ({})",
                error.sqlite_error().map_or(0, |failure| failure.extended_code)
            )),
            _ => Self::Failed(error.to_string()),
        }
    }
}

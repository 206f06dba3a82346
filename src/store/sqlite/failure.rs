//! What SQLite's failures mean to a station, in words with what to do.

use crate::store::StoreError;
use rusqlite::ErrorCode;

impl From<rusqlite::Error> for StoreError {
    fn from(error: rusqlite::Error) -> Self {
        match error.sqlite_error_code() {
            Some(ErrorCode::DiskFull) => Self::DiskFull,
            Some(ErrorCode::DatabaseCorrupt) => Self::Unusable(
                "the database is damaged: stop every tapegun on this machine, keep a copy of the file with its -wal \
                 and -shm, then restore the newest back-up"
                    .to_owned(),
            ),
            Some(ErrorCode::NotADatabase) => Self::Unusable(
                "this file is not a tapegun database: name another file in the configuration (store.path), or restore \
                 a back-up"
                    .to_owned(),
            ),
            Some(ErrorCode::CannotOpen | ErrorCode::PermissionDenied) => Self::Unusable(
                "the database cannot be opened: check that its folder exists and that this user may write to it"
                    .to_owned(),
            ),
            Some(ErrorCode::ReadOnly) => Self::Unusable(
                "the database is read-only: check that this user may write to the file and its folder".to_owned(),
            ),
            Some(ErrorCode::DatabaseBusy | ErrorCode::DatabaseLocked) => Self::Failed(
                "another program holds the database for too long: nothing was saved, try again".to_owned(),
            ),
            _ => Self::Failed(error.to_string()),
        }
    }
}

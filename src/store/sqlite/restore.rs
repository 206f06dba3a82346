//! Puts a back-up, or another copy, in the database's place. The present database is moved aside, never lost; what
//! is put back is a checked copy of the file that was named, which itself stays as it is.

use super::backup::{failed, sha256, sync};
use super::files::{beside, check_writable, folder};
use super::presence::Presence;
use super::{migrations, opening, orders, proof, restored};
use crate::store::backups::{self, BackupMark, KeyFile};
use crate::store::{StoreError, StoreResult};
use chrono::{DateTime, TimeDelta, Utc};
use rusqlite::Connection;
use std::fs::File;
use std::os::unix::fs::OpenOptionsExt as _;
use std::path::{Path, PathBuf};

/// A checked copy that is ready to take the database's place. Dropped without [`Restoring::finish`], nothing has
/// changed.
#[derive(Debug)]
pub struct Restoring {
    database: PathBuf,
    draft: PathBuf,
    mark: Option<BackupMark>,
    key_check: Option<Vec<u8>>,
    is_empty: bool,
    presence: Presence,
}

impl Restoring {
    /// Copies and checks `file`. Refused while another tapegun has the database open, for a damaged copy, for one
    /// without its keys, for what is not ours or newer than this program.
    pub fn begin(file: &Path, database: &Path) -> StoreResult<Self> {
        if database.exists() {
            check_writable(database)?;
        }
        let presence = Presence::enter(database)?;
        if !presence.is_alone() {
            return Err(StoreError::Failed(
                "another tapegun on this machine has the database open: end it first".to_owned(),
            ));
        }
        let mut restoring = Self {
            database: database.to_owned(),
            draft: beside(database, ".restoring"),
            mark: None,
            key_check: None,
            is_empty: false,
            presence,
        };
        restoring.copy(file)?;
        restoring.check(file).map_err(|error| match error {
            StoreError::Damaged(words) => StoreError::Damaged(format!(
                "{} cannot be put back: {words}. Take an older back-up; nothing was changed",
                file.display()
            )),
            other => other,
        })?;
        sync(&restoring.draft)?;
        Ok(restoring)
    }

    /// What the station's keys are checked against.
    pub fn key_check(&self) -> Option<&[u8]> {
        self.key_check.as_deref()
    }

    /// It holds no order: any keys will do.
    pub fn is_empty(&self) -> bool {
        self.is_empty
    }

    /// When the back-up was made; none for another kind of copy.
    pub fn made_at(&self) -> Option<DateTime<Utc>> {
        self.mark.as_ref().map(|mark| mark.made_at)
    }

    /// Moves the present database aside and puts the copy in its place. Returns where the old one is now.
    pub fn finish(mut self, now: DateTime<Utc>) -> StoreResult<Option<PathBuf>> {
        // Two restores within a second: the second one takes the next second that is free, so that each is found.
        let named = |at: DateTime<Utc>| {
            beside(
                &self.database,
                &at.format(".before-restore-%Y%m%d-%H%M%S").to_string(),
            )
        };
        let mut at = now;
        while named(at).exists() {
            at += TimeDelta::seconds(1);
        }
        let aside = named(at);
        let mut moved = None;
        // The log first: alone it would be taken for the new database's.
        for suffix in ["-wal", "-shm", ""] {
            let from = beside(&self.database, suffix);
            if from.exists() {
                let to = beside(&aside, suffix);
                std::fs::rename(&from, &to).map_err(|error| failed(&from, &error))?;
                moved = Some(aside.clone());
            }
        }
        std::fs::rename(&self.draft, &self.database).map_err(|error| failed(&self.database, &error))?;
        backups::sync_folder(&self.database).map_err(|error| failed(folder(&self.database), &error))?;
        super::presence::unmark(&self.database);
        self.presence.set_proven((0, String::new()));
        Ok(moved)
    }

    fn copy(&self, file: &Path) -> StoreResult<()> {
        self.discard();
        for suffix in ["", "-wal"] {
            let from = beside(file, suffix);
            if suffix == "-wal" && !from.exists() {
                continue;
            }
            let mut source = File::open(&from).map_err(|error| failed(&from, &error))?;
            let to = beside(&self.draft, suffix);
            let mut target = File::options()
                .write(true)
                .create_new(true)
                .mode(0o600)
                .open(&to)
                .map_err(|error| failed(&to, &error))?;
            std::io::copy(&mut source, &mut target).map_err(|error| failed(&to, &error))?;
        }
        Ok(())
    }

    fn check(&mut self, file: &Path) -> StoreResult<()> {
        let sum = sha256(&self.draft)?;
        let mut connection = Connection::open(&self.draft)?;
        connection.pragma_update(None, "cell_size_check", true)?;
        if migrations::known_version(&connection)? == 0 {
            return Err(StoreError::Unusable(format!(
                "{} is empty: it is no back-up",
                file.display()
            )));
        }
        opening::check_pages(&connection)?;
        // One file, whatever lay beside it.
        connection.pragma_update_and_check(None, "journal_mode", "MEMORY", |_| Ok(()))?;
        connection.pragma_update(None, "secure_delete", true)?;
        migrations::migrate(&mut connection)?;
        proof::verify_chain(&connection)?.map_err(StoreError::Damaged)?;
        self.mark = restored::mark(&connection)?;
        if let Some(mark) = &self.mark {
            let path = backups::keys_of(file);
            let keys = KeyFile::read(&path).map_err(|why| {
                StoreError::Unusable(format!(
                    "{why}. It belongs to this back-up: put it back beside it; without it no customer's address can \
                     be read"
                ))
            })?;
            if keys.backup != mark.id {
                return Err(StoreError::Unusable(format!(
                    "the file of keys {} belongs to another back-up",
                    path.display()
                )));
            }
            if keys.sha256 != sum {
                return Err(StoreError::Damaged("it was changed since it was made".to_owned()));
            }
            // A copy of the file of keys that lay elsewhere may still have keys that were destroyed here.
            let erased = backups::erased(&self.database);
            let keys = keys.without(|store, number| {
                let mut each = erased.iter();
                each.any(|one| one.store == *store && one.number == *number)
            });
            let transaction = connection.transaction()?;
            restored::fill_keys(&transaction, &keys, mark.made_at)?;
            transaction.commit()?;
        }
        self.key_check = proof::key_check(&connection)?;
        self.is_empty = orders::is_empty(&connection)?;
        Ok(())
    }

    fn discard(&self) {
        for suffix in ["", "-wal", "-shm", "-journal"] {
            let _ = std::fs::remove_file(beside(&self.draft, suffix));
        }
    }
}

impl Drop for Restoring {
    fn drop(&mut self) {
        self.discard();
    }
}

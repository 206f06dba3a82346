//! A consistent copy of the database while packing goes on.
//!
//! The engine's own page copy, not `VACUUM INTO`: it can be taken in small steps with pauses, and what is written
//! is brought to the disk piece by piece, so that a scan's own write never waits behind a whole database. One read
//! transaction is held throughout: without it every scan of another process would make the copy begin again.

use super::files::{beside, folder};
use super::values::{all, number, run};
use super::{SqliteStore, opening, presence, proof};
use crate::domain::ids::{DataKeyId, OrderNumber, StoreId};
use crate::store::backups::{self, BackupMark, KeyFile, KnownBackup};
use crate::store::{StoreError, StoreResult};
use chrono::{DateTime, Utc};
use rusqlite::Connection;
use rusqlite::backup::{Backup, StepResult};
use sha2::{Digest, Sha256};
use std::fs::File;
use std::io::{ErrorKind, Read as _};
use std::os::unix::fs::OpenOptionsExt as _;
use std::path::{Path, PathBuf};
use std::time::Duration;
use uuid::Uuid;

/// Pages of one step (256 KiB).
const STEP: std::ffi::c_int = 64;
/// Between two steps the disk and the processor are the bench's.
const PAUSE: Duration = Duration::from_millis(1);
/// Steps between two writings to the disk (2 MiB).
const STEPS_A_SYNC: u32 = 8;

/// A back-up that was made.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct BackedUp {
    /// The copy.
    pub file: PathBuf,
    /// Its file of keys: both belong together.
    pub keys: PathBuf,
    /// Size of the copy.
    pub bytes: u64,
    /// Orders in it.
    pub orders: u32,
    /// Rows of the labels' history, proven in the copy.
    pub history: u64,
}

/// Copies the database at `database` to a new file, or into a folder under a name made of the time. Nothing stands
/// at its place before it is whole, checked and on the disk. An existing file is never overwritten.
pub fn back_up(database: &Path, to: &Path, now: DateTime<Utc>) -> StoreResult<BackedUp> {
    if presence::is_marked(database) {
        return Err(StoreError::Damaged(
            "the database was found damaged: a copy of it is no back-up. Keep the older back-ups".to_owned(),
        ));
    }
    let file = if to.is_dir() {
        to.join(now.format("tapegun-%Y%m%d-%H%M%S.db").to_string())
    } else {
        to.to_owned()
    };
    let file = std::path::absolute(&file).map_err(|error| failed(&file, &error))?;
    if file.exists() || backups::keys_of(&file).exists() {
        return Err(StoreError::Failed(format!(
            "{} is there already: a back-up is never written over another file",
            file.display()
        )));
    }
    let _lock = backups::lock(database, false).map_err(|error| failed(database, &error))?;
    let draft = beside(&file, ".draft");
    let made = copy(database, &draft).and_then(|()| finish(database, &draft, &file, now));
    if made.is_err() {
        let _ = std::fs::remove_file(&draft);
    }
    made
}

/// Copies page by page.
fn copy(database: &Path, draft: &Path) -> StoreResult<()> {
    let _ = std::fs::remove_file(draft);
    let written = File::options()
        .write(true)
        .create_new(true)
        .mode(0o600)
        .open(draft)
        .map_err(|error| failed(draft, &error))?;
    let source = SqliteStore::open_reader(database)?;
    let held = source.connection.unchecked_transaction()?;
    number(&held, "SELECT count(*) FROM epochs", [])?;
    let mut target = Connection::open(draft)?;
    target.pragma_update(None, "synchronous", "OFF")?;
    target.pragma_update_and_check(None, "journal_mode", "OFF", |_| Ok(()))?;
    let backup = Backup::new(&held, &mut target)?;
    let mut steps = 0_u32;
    while backup.step(STEP)? != StepResult::Done {
        steps += 1;
        if steps.is_multiple_of(STEPS_A_SYNC) {
            written.sync_data().map_err(|error| failed(draft, &error))?;
        }
        std::thread::sleep(PAUSE);
    }
    Ok(())
}

/// Takes the keys out, marks the copy, checks it and puts it in its place.
fn finish(database: &Path, draft: &Path, file: &Path, now: DateTime<Utc>) -> StoreResult<BackedUp> {
    let mark = BackupMark {
        id: Uuid::now_v7(),
        made_at: now,
        file: file.to_owned(),
    };
    let mut keys = KeyFile::new(mark.id, String::new());
    let (orders, history) = {
        let mut connection = Connection::open(draft)?;
        // No log and no journal beside the copy: it travels alone.
        connection.pragma_update_and_check(None, "journal_mode", "MEMORY", |_| Ok(()))?;
        connection.pragma_update(None, "secure_delete", true)?;
        let transaction = connection.transaction()?;
        collect_keys(&transaction, &mut keys)?;
        run(
            &transaction,
            "UPDATE data_keys SET wrapped = NULL WHERE wrapped IS NOT NULL",
            [],
        )?;
        run(
            &transaction,
            "INSERT INTO settings (key, text) VALUES ('backup_of', ?1) ON CONFLICT (key) DO UPDATE SET text = ?1",
            [super::values::json(&mark)?],
        )?;
        transaction.commit()?;
        opening::check_pages(&connection)?;
        let history = proof::verify_chain(&connection)?.map_err(StoreError::Damaged)?;
        let orders = number(&connection, "SELECT count(*) FROM orders", [])?;
        (super::values::small(orders)?, history)
    };
    let bytes = sync(draft)?;
    keys.sha256 = sha256(draft)?;
    let key_file = backups::keys_of(file);
    keys.write(&key_file).map_err(StoreError::Failed)?;
    // Before the copy stands there: an erasure from now on finds its keys.
    let known = KnownBackup {
        made_at: now,
        file: file.to_owned(),
        keys: key_file.clone(),
    };
    backups::add(database, &known).map_err(|error| failed(database, &error))?;
    std::fs::rename(draft, file).map_err(|error| failed(file, &error))?;
    backups::sync_folder(file).map_err(|error| failed(folder(file), &error))?;
    Ok(BackedUp {
        file: file.to_owned(),
        keys: key_file,
        bytes,
        orders,
        history,
    })
}

fn collect_keys(connection: &Connection, keys: &mut KeyFile) -> StoreResult<()> {
    let found = all(
        connection,
        "SELECT id, wrapped, store, number FROM data_keys WHERE wrapped IS NOT NULL ORDER BY id",
        [],
        |row| {
            let order = (StoreId(row.get(2)?), OrderNumber(row.get(3)?));
            Ok((DataKeyId(row.get(0)?), row.get::<_, Vec<u8>>(1)?, order))
        },
    )?;
    for (id, wrapped, (store, order_number)) in found {
        keys.push(id, wrapped, store, order_number);
    }
    Ok(())
}

/// Brings a file to the disk; its size.
pub(super) fn sync(path: &Path) -> StoreResult<u64> {
    let written = File::open(path).and_then(|file| {
        file.sync_all()?;
        file.metadata()
    });
    written
        .map(|facts| facts.len())
        .map_err(|error| failed(path, &error))
}

/// The sum over a file, in hexadecimal digits.
pub(super) fn sha256(path: &Path) -> StoreResult<String> {
    let mut file = File::open(path).map_err(|error| failed(path, &error))?;
    let mut hash = Sha256::new();
    let mut piece = vec![0; 256 * 1024];
    loop {
        let read = file.read(&mut piece).map_err(|error| failed(path, &error))?;
        if read == 0 {
            return Ok(proof::hex(&hash.finalize()));
        }
        hash.update(&piece[..read]);
    }
}

pub(super) fn failed(path: &Path, error: &std::io::Error) -> StoreError {
    match error.kind() {
        ErrorKind::StorageFull | ErrorKind::QuotaExceeded => StoreError::DiskFull,
        _ => StoreError::Failed(format!("{}: {error}", path.display())),
    }
}

//! What lies beside the database and beside its back-ups: files of wrapped keys, the list of back-ups, the record
//! of erasures. Plain files of text, no SQL; nothing here opens a key.
//!
//! A back-up holds no keys. Those of its orders, wrapped, travel in a file beside it, so that erasing an order can
//! take them out of a copy that nobody can open for writing any more (PURCHASING.md 8).

use crate::domain::ids::{DataKeyId, OrderNumber, StoreId};
use crate::domain::sealed::WrappedKey;
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD as BASE64;
use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};
use std::collections::HashSet;
use std::fs::File;
use std::io::{self, ErrorKind, Write as _};
use std::os::unix::fs::OpenOptionsExt as _;
use std::path::{Path, PathBuf};
use uuid::Uuid;

/// First line of a file of keys.
const FORMAT: &str = "tapegun back-up keys 1";

/// The file of this name beside another, e.g. `tapegun.db` and `.high`.
pub fn beside(file: &Path, suffix: &str) -> PathBuf {
    let mut name = file.as_os_str().to_owned();
    name.push(suffix);
    PathBuf::from(name)
}

/// The file of keys that belongs to a back-up.
pub fn keys_of(backup: &Path) -> PathBuf {
    beside(backup, ".keys")
}

/// What a back-up says of itself (`settings.backup_of`).
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct BackupMark {
    /// Which back-up; its file of keys names the same.
    pub id: Uuid,
    /// When (UTC).
    pub made_at: DateTime<Utc>,
    /// Where it was written.
    pub file: PathBuf,
}

/// A back-up that this station has made.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct KnownBackup {
    /// When (UTC).
    pub made_at: DateTime<Utc>,
    /// The copy.
    pub file: PathBuf,
    /// Its file of keys.
    pub keys: PathBuf,
}

/// The back-ups that were made of this database, oldest first. Kept outside of it: it is needed when the database
/// cannot be read.
pub fn known(database: &Path) -> Vec<KnownBackup> {
    lines(&beside(database, ".backups"))
}

/// Adds a back-up to the list, durable before it returns.
pub fn add(database: &Path, backup: &KnownBackup) -> io::Result<()> {
    append(&beside(database, ".backups"), std::slice::from_ref(backup))
}

/// What to do about a database that cannot be used: names the newest back-up where one is known.
pub fn what_to_restore(database: &Path) -> String {
    let newest = known(database)
        .into_iter()
        .filter(|backup| backup.file.exists())
        .max_by_key(|backup| backup.made_at);
    match newest {
        Some(backup) => format!(
            "The newest back-up known here is of {}: tapegun restore {}",
            backup.made_at.format("%Y-%m-%d %H:%M UTC"),
            backup.file.display()
        ),
        None => "No back-up is known here: find the newest one, then tapegun restore FILE".to_owned(),
    }
}

/// An order whose customer was erased.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Erased {
    /// Shop.
    pub store: StoreId,
    /// Amazon's number.
    pub number: OrderNumber,
    /// The data key that was destroyed.
    pub key: Option<DataKeyId>,
    /// When (UTC).
    pub at: DateTime<Utc>,
}

/// Writes erasures down, so that they are done again in every copy that is put back.
pub fn record_erased(database: &Path, erased: &[Erased]) -> io::Result<()> {
    append(&beside(database, ".erased"), erased)
}

/// Takes the keys of every order that was ever erased here out of the files beside the known back-ups: also out of
/// one that could not be reached before. Returns in words which cannot be reached now; the record makes up for it
/// when that back-up is restored here. A back-up on a disk that is not there is passed over.
pub fn prune(database: &Path) -> Vec<String> {
    let erased = erased(database);
    if erased.is_empty() {
        return Vec::new();
    }
    let gone: HashSet<(&StoreId, &OrderNumber)> =
        erased.iter().map(|one| (&one.store, &one.number)).collect();
    let mut unreached = Vec::new();
    for backup in known(database) {
        if !backup.keys.exists() && !backup.file.exists() {
            continue;
        }
        let pruned = KeyFile::read(&backup.keys).and_then(|keys| {
            let before = keys.keys.len();
            let left = keys.without(|store, number| gone.contains(&(store, number)));
            if left.keys.len() == before {
                return Ok(());
            }
            left.write(&backup.keys)
        });
        if let Err(why) = pruned {
            unreached.push(why);
        }
    }
    unreached
}

/// Puts the keys beside the known back-ups under another station key. How many back-ups changed, and in words which
/// cannot be reached now: also those on a disk that is not there, for they need the old key.
pub fn rewrap(
    database: &Path,
    rewrap: &dyn Fn(&WrappedKey) -> Result<Option<WrappedKey>, String>,
) -> (usize, Vec<String>) {
    let (mut changed, mut left) = (0, Vec::new());
    for backup in known(database) {
        if !backup.keys.exists() {
            left.push(format!(
                "the back-up {} is not there: it needs the old key",
                backup.file.display()
            ));
            continue;
        }
        match rewrap_file(&backup.keys, rewrap) {
            Ok(true) => changed += 1,
            Ok(false) => {}
            Err(why) => left.push(why),
        }
    }
    (changed, left)
}

fn rewrap_file(
    path: &Path,
    rewrap: &dyn Fn(&WrappedKey) -> Result<Option<WrappedKey>, String>,
) -> Result<bool, String> {
    let mut file = KeyFile::read(path)?;
    let mut changed = false;
    for (id, wrapped) in &mut file.keys {
        let key = WrappedKey {
            id: *id,
            bytes: wrapped.clone(),
        };
        if let Some(fresh) = rewrap(&key).map_err(|why| format!("{}: {why}", path.display()))? {
            *wrapped = fresh.bytes;
            changed = true;
        }
    }
    if changed {
        file.write(path)?;
    }
    Ok(changed)
}

/// Held while keys are rotated (alone), or while a back-up takes them along (with others).
pub fn lock(database: &Path, alone: bool) -> io::Result<File> {
    let file = File::options()
        .create(true)
        .truncate(false)
        .write(true)
        .mode(0o600)
        .open(beside(database, ".rotating"))?;
    if alone {
        file.try_lock()?;
    } else {
        file.lock_shared()?;
    }
    Ok(file)
}

/// The record of erasures.
pub fn erased(database: &Path) -> Vec<Erased> {
    lines(&beside(database, ".erased"))
}

/// The wrapped keys of a back-up's orders.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct KeyFile {
    /// Which back-up.
    pub backup: Uuid,
    /// SHA-256 of the back-up's file, in hexadecimal digits.
    pub sha256: String,
    /// Keys by number. One that is not here was destroyed.
    pub keys: Vec<(DataKeyId, Vec<u8>)>,
    orders: Vec<(StoreId, OrderNumber)>,
}

#[derive(Serialize, Deserialize)]
struct Head {
    format: String,
    backup: Uuid,
    sha256: String,
}

#[derive(Serialize, Deserialize)]
struct KeyLine {
    key: DataKeyId,
    store: StoreId,
    number: OrderNumber,
    wrapped: String,
}

#[derive(Serialize, Deserialize)]
struct Tail {
    keys: usize,
}

impl KeyFile {
    /// A file without keys.
    pub fn new(backup: Uuid, sha256: String) -> Self {
        Self {
            backup,
            sha256,
            keys: Vec::new(),
            orders: Vec::new(),
        }
    }

    /// Adds the key of an order.
    pub fn push(&mut self, key: DataKeyId, wrapped: Vec<u8>, store: StoreId, number: OrderNumber) {
        self.keys.push((key, wrapped));
        self.orders.push((store, number));
    }

    /// Reads a file. A cut one is refused: a key that is merely missing would mean that its order was erased.
    pub fn read(path: &Path) -> Result<Self, String> {
        let text = std::fs::read_to_string(path)
            .map_err(|error| format!("the file of keys {} cannot be read: {error}", path.display()))?;
        Self::parse(&text).ok_or_else(|| format!("the file of keys {} is cut or changed", path.display()))
    }

    fn parse(text: &str) -> Option<Self> {
        let mut lines = text.lines();
        let head: Head = serde_json::from_str(lines.next()?).ok()?;
        let mut file = Self::new(head.backup, head.sha256);
        let mut lines: Vec<&str> = lines.collect();
        let tail: Tail = serde_json::from_str(lines.pop()?).ok()?;
        for line in lines {
            let line: KeyLine = serde_json::from_str(line).ok()?;
            let wrapped = BASE64.decode(&line.wrapped).ok()?;
            file.push(line.key, wrapped, line.store, line.number);
        }
        (head.format == FORMAT && tail.keys == file.keys.len()).then_some(file)
    }

    /// Writes the file whole, mode 0600, durable, in place of the one that is there.
    pub fn write(&self, path: &Path) -> Result<(), String> {
        let failed =
            |error: String| format!("the file of keys {} cannot be written: {error}", path.display());
        let text = self.render().map_err(|error| failed(error.to_string()))?;
        replace(path, text.as_bytes()).map_err(|error| failed(error.to_string()))
    }

    fn render(&self) -> serde_json::Result<String> {
        let head = Head {
            format: FORMAT.to_owned(),
            backup: self.backup,
            sha256: self.sha256.clone(),
        };
        let mut lines = vec![serde_json::to_string(&head)?];
        for ((key, wrapped), (store, number)) in self.keys.iter().zip(&self.orders) {
            lines.push(serde_json::to_string(&KeyLine {
                key: *key,
                store: store.clone(),
                number: number.clone(),
                wrapped: BASE64.encode(wrapped),
            })?);
        }
        lines.push(serde_json::to_string(&Tail {
            keys: self.keys.len(),
        })?);
        lines.push(String::new());
        Ok(lines.join("\n"))
    }

    /// The same without the keys of orders that are `gone`.
    #[must_use]
    pub fn without(self, gone: impl Fn(&StoreId, &OrderNumber) -> bool) -> Self {
        let mut left = Self::new(self.backup, self.sha256);
        for ((key, wrapped), (store, number)) in self.keys.into_iter().zip(self.orders) {
            if !gone(&store, &number) {
                left.push(key, wrapped, store, number);
            }
        }
        left
    }
}

/// Lines of JSON; one that cannot be read (the disk filled up while it was written) is passed over.
fn lines<T: serde::de::DeserializeOwned>(path: &Path) -> Vec<T> {
    let text = std::fs::read_to_string(path).unwrap_or_default();
    text.lines()
        .filter_map(|line| serde_json::from_str(line).ok())
        .collect()
}

fn append<T: Serialize>(path: &Path, values: &[T]) -> io::Result<()> {
    let fresh = !path.exists();
    let mut text = String::new();
    if !fresh && !std::fs::read(path)?.ends_with(b"\n") {
        text.push('\n');
    }
    for value in values {
        text.push_str(&serde_json::to_string(value)?);
        text.push('\n');
    }
    let mut file = File::options().create(true).append(true).mode(0o600).open(path)?;
    file.write_all(text.as_bytes())?;
    file.sync_all()?;
    if fresh { sync_folder(path) } else { Ok(()) }
}

/// Writes a file beside the old one and puts it in its place.
fn replace(path: &Path, bytes: &[u8]) -> io::Result<()> {
    let draft = beside(path, ".draft");
    match std::fs::remove_file(&draft) {
        Err(error) if error.kind() != ErrorKind::NotFound => return Err(error),
        _ => {}
    }
    let mut file = File::options()
        .write(true)
        .create_new(true)
        .mode(0o600)
        .open(&draft)?;
    file.write_all(bytes)?;
    file.sync_all()?;
    std::fs::rename(&draft, path)?;
    sync_folder(path)
}

/// Makes a new name in a folder durable.
pub fn sync_folder(path: &Path) -> io::Result<()> {
    let folder = path
        .parent()
        .filter(|folder| !folder.as_os_str().is_empty())
        .unwrap_or(Path::new("."));
    File::open(folder)?.sync_all()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn file() -> KeyFile {
        let mut file = KeyFile::new(Uuid::nil(), "00".to_owned());
        for at in 1..=3 {
            let number = OrderNumber(format!("113-{at}"));
            file.push(DataKeyId(at), vec![1, 2, 3], StoreId::from("us"), number);
        }
        file
    }

    fn erased(at: i64) -> Erased {
        Erased {
            store: StoreId::from("us"),
            number: OrderNumber(format!("113-{at}")),
            key: None,
            at: DateTime::UNIX_EPOCH,
        }
    }

    #[test]
    fn a_cut_file_of_keys_is_refused_at_every_byte() {
        let text = file().render().unwrap();
        assert_eq!(KeyFile::parse(&text), Some(file()));
        for end in 0..text.trim_end().len() {
            assert_eq!(KeyFile::parse(&text[..end]), None, "cut at {end}");
        }
    }

    #[test]
    fn erasing_takes_the_keys_out_of_every_known_file() {
        let folder = tempfile::tempdir().unwrap();
        let database = folder.path().join("tapegun.db");
        let backup = KnownBackup {
            made_at: DateTime::UNIX_EPOCH,
            file: folder.path().join("b.db"),
            keys: folder.path().join("b.db.keys"),
        };
        file().write(&backup.keys).unwrap();
        add(&database, &backup).unwrap();
        // One on a disk that is not here is no obstacle.
        let away = KnownBackup {
            keys: "/nowhere/b.keys".into(),
            file: "/nowhere/b.db".into(),
            ..backup.clone()
        };
        add(&database, &away).unwrap();
        record_erased(&database, &[erased(2)]).unwrap();
        assert_eq!(prune(&database), Vec::<String>::new());
        let left: Vec<i64> = KeyFile::read(&backup.keys)
            .unwrap()
            .keys
            .iter()
            .map(|(key, _)| key.0)
            .collect();
        assert_eq!(left, [1, 3]);
        assert_eq!(super::erased(&database), [erased(2)]);
        let whole = std::fs::read(&backup.keys).unwrap();
        std::fs::write(&backup.keys, "cut").unwrap();
        record_erased(&database, &[erased(3)]).unwrap();
        let unreached = prune(&database);
        assert!(unreached[0].contains("is cut"), "{unreached:?}");
        // Once it can be reached it is made up for.
        std::fs::write(&backup.keys, whole).unwrap();
        assert_eq!(prune(&database), Vec::<String>::new());
        assert_eq!(KeyFile::read(&backup.keys).unwrap().keys.len(), 1);
        assert_eq!(super::erased(&database).len(), 2);
    }
}

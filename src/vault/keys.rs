//! The station's keys and the file that holds them.
//!
//! A key has a random id, by which whatever it sealed names it, and a version; the highest version seals,
//! the others only open. The file is text:
//!
//! ```text
//! tapegun station keys, format 1
//! # comment
//! fingerprint <base64 of 32 bytes> <check>
//! key <id, 8 hexadecimal digits> <version> <base64 of 32 bytes> <check>
//! retired <id> <version> <base64 of the key check> <check>
//! ```
//!
//! A retired key's secret is gone; what stores knew it by stays, so that a back-up from before the rotation is known
//! as ours.
//!
//! The check is the first 8 hexadecimal digits of SHA-256 over the line before it: a slip of the hand or of
//! the disk shows at once.

use super::error::VaultError;
use super::seal;
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD as BASE64;
use sha2::{Digest, Sha256};
use std::fmt;
use std::io::{ErrorKind, Read, Write};
use std::os::unix::fs::{OpenOptionsExt, PermissionsExt};
use std::path::Path;
use zeroize::{Zeroize, ZeroizeOnDrop, Zeroizing};

/// Begin of the name of a file of keys that is being written.
const DRAFT: &str = ".tapegun-keys-";
const FIRST_LINE: &str = "tapegun station keys, format 1";
/// A key file is a few hundred bytes; more than this is not one.
pub(super) const MOST_BYTES: u64 = 64 * 1024;

/// Name of a station key: random, so that keys of two stations are never taken for each other.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct StationKeyId(pub u32);

impl fmt::Display for StationKeyId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{:08x}", self.0)
    }
}

/// One station key.
#[derive(Clone, Zeroize, ZeroizeOnDrop)]
pub(super) struct StationKey {
    #[zeroize(skip)]
    id: u32,
    #[zeroize(skip)]
    version: u32,
    secret: [u8; 32],
}

impl StationKey {
    pub(super) fn id(&self) -> StationKeyId {
        StationKeyId(self.id)
    }

    pub(super) fn secret(&self) -> &[u8; 32] {
        &self.secret
    }
}

/// A key that was rotated away: its secret is gone.
#[derive(Clone)]
struct RetiredKey {
    id: u32,
    version: u32,
    /// The key check that stores know it by.
    check: Vec<u8>,
}

/// A key of the station, without its secret.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct HeldKey {
    /// Its name.
    pub id: StationKeyId,
    /// Counts the rotations.
    pub version: u32,
    /// It opens nothing any more.
    pub retired: bool,
}

/// All keys of a station: at least one.
pub struct StationKeys {
    /// By version, rising.
    keys: Vec<StationKey>,
    retired: Vec<RetiredKey>,
    fingerprint: Zeroizing<[u8; 32]>,
}

impl fmt::Debug for StationKeys {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("•••")
    }
}

impl StationKeys {
    /// New keys: one station key of version 1 and a fingerprint key.
    pub fn generate() -> Result<Self, VaultError> {
        let mut keys = Self {
            keys: Vec::new(),
            retired: Vec::new(),
            fingerprint: Zeroizing::new([0; 32]),
        };
        getrandom::fill(&mut *keys.fingerprint).map_err(VaultError::NoRandomness)?;
        keys.rotate()?;
        Ok(keys)
    }

    /// Adds a station key that seals from now on; the older ones still open.
    pub fn rotate(&mut self) -> Result<StationKeyId, VaultError> {
        let mut secret = [0_u8; 32];
        getrandom::fill(&mut secret).map_err(VaultError::NoRandomness)?;
        let id = loop {
            let id = getrandom::u32().map_err(VaultError::NoRandomness)?;
            if self.all().iter().all(|key| key.id.0 != id) {
                break id;
            }
        };
        let version = self.all().iter().map(|key| key.version).max().unwrap_or(0) + 1;
        self.keys.push(StationKey { id, version, secret });
        secret.zeroize();
        Ok(StationKeyId(id))
    }

    /// Every key but the newest opens nothing any more: its secret is forgotten. How many there were.
    pub fn retire_old(&mut self) -> usize {
        let newest = self.newest().id();
        let (stay, go): (Vec<StationKey>, Vec<StationKey>) = std::mem::take(&mut self.keys)
            .into_iter()
            .partition(|key| key.id() == newest);
        self.keys = stay;
        self.retired.extend(go.iter().map(|key| RetiredKey {
            id: key.id,
            version: key.version,
            check: seal::key_check(key),
        }));
        go.len()
    }

    /// All keys, retired ones too, oldest first.
    pub fn all(&self) -> Vec<HeldKey> {
        let held = self.keys.iter().map(|key| HeldKey {
            id: key.id(),
            version: key.version,
            retired: false,
        });
        let retired = self.retired.iter().map(|key| HeldKey {
            id: StationKeyId(key.id),
            version: key.version,
            retired: true,
        });
        let mut all: Vec<HeldKey> = held.chain(retired).collect();
        all.sort_by_key(|key| key.version);
        all
    }

    pub(super) fn retired_check(&self, id: StationKeyId) -> Option<&[u8]> {
        self.retired
            .iter()
            .find(|key| key.id == id.0)
            .map(|key| key.check.as_slice())
    }

    /// Reads a key file. Refused in words: missing, readable by others, damaged.
    pub fn load(path: &Path) -> Result<Self, VaultError> {
        let failed = |source: std::io::Error| match source.kind() {
            ErrorKind::NotFound => VaultError::MissingKeys(path.to_owned()),
            _ => VaultError::File {
                path: path.to_owned(),
                what: "read",
                source,
            },
        };
        let damaged = |why: &str| VaultError::DamagedKeys {
            path: path.to_owned(),
            why: why.to_owned(),
        };
        let mut file = std::fs::File::open(path).map_err(failed)?;
        let facts = file.metadata().map_err(failed)?;
        if !facts.is_file() {
            return Err(damaged("it is not a file"));
        }
        let mode = facts.permissions().mode() & 0o7777;
        if mode & 0o077 != 0 {
            return Err(VaultError::OpenToOthers {
                path: path.to_owned(),
                mode,
            });
        }
        if facts.len() > MOST_BYTES {
            return Err(damaged("it is too long"));
        }
        let mut text = Zeroizing::new(String::with_capacity(4 * 1024));
        file.read_to_string(&mut text)
            .map_err(|error| match error.kind() {
                ErrorKind::InvalidData => damaged("it is not text"),
                _ => failed(error),
            })?;
        Self::parse(&text).map_err(|why| damaged(&why))
    }

    /// Writes a new key file of mode 0600, durable before it returns. Refused (`AlreadyExists` below
    /// [`VaultError::File`]) where one stands: a key is never overwritten.
    pub fn save(&self, path: &Path) -> Result<(), VaultError> {
        let failed = |source| VaultError::File {
            path: path.to_owned(),
            what: "written",
            source,
        };
        let folder = path
            .parent()
            .filter(|folder| !folder.as_os_str().is_empty())
            .unwrap_or(Path::new("."));
        std::fs::create_dir_all(folder).map_err(failed)?;
        let draft = folder.join(draft_name()?);
        let written = self.write_draft(&draft).and_then(|()| {
            // A link is made whole or not at all, and never over another file.
            std::fs::hard_link(&draft, path)?;
            std::fs::File::open(folder)?.sync_all()
        });
        let _ = std::fs::remove_file(&draft);
        written.map_err(failed)
    }

    /// Puts these keys in the place of a file that holds some of them, whole or not at all, durable before it returns.
    /// Refused where the file holds a key that is not among them, not even as a retired one.
    pub fn replace(&self, path: &Path) -> Result<(), VaultError> {
        let failed = |source| VaultError::File {
            path: path.to_owned(),
            what: "written",
            source,
        };
        let known = self.all();
        let here = Self::load(path)?;
        let is_kept = |key: &HeldKey| known.iter().any(|other| other.id == key.id);
        if !here.all().iter().all(is_kept) || *here.fingerprint != *self.fingerprint {
            return Err(VaultError::KeysWouldBeLost(path.to_owned()));
        }
        // Where the file is a link, what it leads to is written anew.
        let path = std::fs::canonicalize(path).map_err(failed)?;
        let folder = path.parent().unwrap_or(Path::new("/"));
        let draft = folder.join(draft_name()?);
        let written = self
            .write_draft(&draft)
            .and_then(|()| std::fs::rename(&draft, &path))
            .and_then(|()| std::fs::File::open(folder)?.sync_all());
        if written.is_err() {
            let _ = std::fs::remove_file(&draft);
        }
        written.map_err(failed)?;
        forget_drafts(folder).map_err(failed)
    }

    fn write_draft(&self, draft: &Path) -> std::io::Result<()> {
        let mut file = std::fs::OpenOptions::new()
            .write(true)
            .create_new(true)
            .mode(0o600)
            .open(draft)?;
        file.write_all(self.render().as_bytes())?;
        file.sync_all()
    }

    fn render(&self) -> Zeroizing<String> {
        let mut text = Zeroizing::new(String::with_capacity(4 * 1024));
        text.push_str(FIRST_LINE);
        text.push_str(
            "\n# These keys open the customers' data in tapegun's database. Keep a copy in a safe place,\n\
             # never beside the database's own back-ups. Without this file that data cannot be read.\n",
        );
        let encoded = Zeroizing::new(BASE64.encode(*self.fingerprint));
        push_checked(&mut text, &Zeroizing::new(format!("fingerprint {}", *encoded)));
        for key in &self.keys {
            let encoded = Zeroizing::new(BASE64.encode(key.secret));
            let line = Zeroizing::new(format!("key {} {} {}", key.id(), key.version, *encoded));
            push_checked(&mut text, &line);
        }
        for key in &self.retired {
            let (id, encoded) = (StationKeyId(key.id), BASE64.encode(&key.check));
            push_checked(&mut text, &format!("retired {id} {} {encoded}", key.version));
        }
        text
    }

    pub(super) fn parse(text: &str) -> Result<Self, String> {
        let mut lines = text.lines().enumerate();
        match lines.next() {
            Some((_, first)) if first.trim_end() == FIRST_LINE => {}
            Some((_, first)) if first.starts_with("tapegun station keys, format") => {
                return Err("a newer tapegun wrote it".to_owned());
            }
            _ => return Err(format!("its first line is not {FIRST_LINE:?}")),
        }
        let mut keys: Vec<StationKey> = Vec::new();
        let mut fingerprint = None;
        let mut retired = Vec::new();
        for (index, line) in lines {
            let line = line.trim();
            if line.is_empty() || line.starts_with('#') {
                continue;
            }
            let at = |why: &str| format!("line {}: {why}", index + 1);
            let (content, check) = line.rsplit_once(' ').ok_or_else(|| at("it is cut"))?;
            if line_check(content) != check {
                return Err(at("its check does not fit"));
            }
            let words: Vec<&str> = content.split(' ').collect();
            match words.as_slice() {
                ["fingerprint", secret] if fingerprint.is_none() => {
                    fingerprint = Some(Zeroizing::new(decode(secret).ok_or_else(|| at("no key in it"))?));
                }
                ["key", id, version, secret] => {
                    let key = StationKey {
                        id: u32::from_str_radix(id, 16).map_err(|_| at("no id in it"))?,
                        version: version.parse().map_err(|_| at("no version in it"))?,
                        secret: decode(secret).ok_or_else(|| at("no key in it"))?,
                    };
                    if keys
                        .iter()
                        .any(|other| other.id == key.id || other.version >= key.version)
                    {
                        return Err(at("ids must differ and versions rise"));
                    }
                    keys.push(key);
                }
                ["retired", id, version, check] => retired.push(RetiredKey {
                    id: u32::from_str_radix(id, 16).map_err(|_| at("no id in it"))?,
                    version: version.parse().map_err(|_| at("no version in it"))?,
                    check: BASE64.decode(check).map_err(|_| at("no key check in it"))?,
                }),
                _ => return Err(at("nothing that a key file holds")),
            }
        }
        let fingerprint = fingerprint.ok_or("it holds no fingerprint key")?;
        if keys.is_empty() {
            return Err("it holds no key".to_owned());
        }
        Ok(Self {
            keys,
            retired,
            fingerprint,
        })
    }

    pub(super) fn newest(&self) -> &StationKey {
        self.keys
            .last()
            .expect("keys are made and read with at least one")
    }

    pub(super) fn by_id(&self, id: StationKeyId) -> Option<&StationKey> {
        self.keys.iter().find(|key| key.id() == id)
    }

    pub(super) fn fingerprint_key(&self) -> &[u8; 32] {
        &self.fingerprint
    }
}

/// What was being written when a program was killed holds keys, too.
fn forget_drafts(folder: &Path) -> std::io::Result<()> {
    for entry in std::fs::read_dir(folder)? {
        let entry = entry?;
        if entry.file_name().to_string_lossy().starts_with(DRAFT) {
            std::fs::remove_file(entry.path())?;
        }
    }
    Ok(())
}

/// A name of its own for a file that is being written.
fn draft_name() -> Result<String, VaultError> {
    let unique = getrandom::u64().map_err(VaultError::NoRandomness)?;
    Ok(format!("{DRAFT}{unique:016x}"))
}

fn push_checked(text: &mut String, line: &str) {
    text.push_str(line);
    text.push(' ');
    text.push_str(&line_check(line));
    text.push('\n');
}

fn line_check(line: &str) -> String {
    let digest = Sha256::digest(line.as_bytes());
    digest.iter().take(4).fold(String::new(), |mut text, byte| {
        use fmt::Write as _;
        let _ = write!(text, "{byte:02x}");
        text
    })
}

fn decode(secret: &str) -> Option<[u8; 32]> {
    let bytes = Zeroizing::new(BASE64.decode(secret).ok()?);
    bytes.as_slice().try_into().ok()
}

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
//! ```
//!
//! The check is the first 8 hexadecimal digits of SHA-256 over the line before it: a slip of the hand or of
//! the disk shows at once.

use super::error::VaultError;
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD as BASE64;
use sha2::{Digest, Sha256};
use std::ffi::OsStr;
use std::fmt;
use std::io::{ErrorKind, Read, Write};
use std::os::unix::fs::{OpenOptionsExt, PermissionsExt};
use std::path::{Path, PathBuf};
use zeroize::{Zeroize, ZeroizeOnDrop, Zeroizing};

const FIRST_LINE: &str = "tapegun station keys, format 1";
/// A key file is a few hundred bytes; more than this is not one.
const MOST_BYTES: u64 = 64 * 1024;
/// Name of the credential under `$CREDENTIALS_DIRECTORY`.
const CREDENTIAL: &str = "tapegun-keys";

/// Name of a station key: random, so that keys of two stations are never taken for each other.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct StationKeyId(pub u32);

impl fmt::Display for StationKeyId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{:08x}", self.0)
    }
}

/// Where the key file is, and whether we may make it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct KeySource {
    /// File.
    pub path: PathBuf,
    /// Given by the service manager or the environment: never written by us.
    pub given: bool,
}

impl KeySource {
    /// The file that `TAPEGUN_KEY_FILE` names, else `tapegun-keys` under `$CREDENTIALS_DIRECTORY` where it
    /// stands, else `usual`.
    pub fn locate(usual: &Path) -> Self {
        Self::locate_in(
            usual,
            std::env::var_os("TAPEGUN_KEY_FILE").as_deref(),
            std::env::var_os("CREDENTIALS_DIRECTORY").as_deref(),
        )
    }

    pub(super) fn locate_in(usual: &Path, file: Option<&OsStr>, credentials: Option<&OsStr>) -> Self {
        if let Some(file) = file.filter(|file| !file.is_empty()) {
            return Self {
                path: file.into(),
                given: true,
            };
        }
        let credential = credentials.map(|folder| Path::new(folder).join(CREDENTIAL));
        if let Some(path) = credential.filter(|path| path.exists()) {
            return Self { path, given: true };
        }
        Self {
            path: usual.to_owned(),
            given: false,
        }
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

/// All keys of a station: at least one.
pub struct StationKeys {
    /// By version, rising.
    keys: Vec<StationKey>,
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
            if self.by_id(StationKeyId(id)).is_none() {
                break id;
            }
        };
        let version = self.keys.last().map_or(1, |key| key.version + 1);
        self.keys.push(StationKey { id, version, secret });
        secret.zeroize();
        Ok(StationKeyId(id))
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
        let unique = getrandom::u64().map_err(VaultError::NoRandomness)?;
        let draft = folder.join(format!(".tapegun-keys-{unique:016x}"));
        let written = self.write_draft(&draft).and_then(|()| {
            // A link is made whole or not at all, and never over another file.
            std::fs::hard_link(&draft, path)?;
            std::fs::File::open(folder)?.sync_all()
        });
        let _ = std::fs::remove_file(&draft);
        written.map_err(failed)
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
        text
    }

    fn parse(text: &str) -> Result<Self, String> {
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
                _ => return Err(at("nothing that a key file holds")),
            }
        }
        let fingerprint = fingerprint.ok_or("it holds no fingerprint key")?;
        if keys.is_empty() {
            return Err("it holds no key".to_owned());
        }
        Ok(Self { keys, fingerprint })
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

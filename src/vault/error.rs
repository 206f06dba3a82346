//! What a vault refuses, and what to do about it. Never any content.

use super::keys::StationKeyId;
use std::path::PathBuf;

/// Why something was not sealed, not opened, or why the keys were not taken.
#[derive(Debug, thiserror::Error)]
pub enum VaultError {
    /// No key file where one is needed: the database is not empty.
    #[error(
        "the key file {0} is missing: put it back from its copy \
         (a new key cannot open what was sealed with the old one)"
    )]
    MissingKeys(PathBuf),
    /// The key file is readable by others.
    #[error("the key file {path} can be read by others (mode {mode:03o}): run `chmod 600 {path}`", path = .path.display())]
    OpenToOthers {
        /// File.
        path: PathBuf,
        /// Its permission bits.
        mode: u32,
    },
    /// The key file is not what it should be.
    #[error("the key file {path} is damaged ({why}): put it back from its copy", path = .path.display())]
    DamagedKeys {
        /// File.
        path: PathBuf,
        /// In words, without any key.
        why: String,
    },
    /// The key file cannot be read or written.
    #[error("the key file {path} cannot be {what}: {source}", path = .path.display())]
    File {
        /// File.
        path: PathBuf,
        /// `read` or `written`.
        what: &'static str,
        /// The machine's reason.
        source: std::io::Error,
    },
    /// The command that gives the keys did not.
    #[error(
        "the station's keys do not come from `{program}` ({why}): run key_command of the configuration by hand, its \
         output must be the text of a key file"
    )]
    Command {
        /// Program.
        program: String,
        /// In words, without anything that it printed.
        why: String,
    },
    /// A key file would lose keys that are still needed.
    #[error("the key file {0} holds keys that are not in its new version: nothing was changed, try again")]
    KeysWouldBeLost(PathBuf),
    /// The store was made with other keys.
    #[error(
        "this database was sealed with station key {0}, and the key file holds another: \
         use the key file that belongs to this database"
    )]
    WrongKeys(StationKeyId),
    /// The store holds orders but no key check: it is not ours, or was tampered with.
    #[error(
        "this database holds orders but no key check, so no key can be trusted with it: \
         restore it from its back-up"
    )]
    NoKeyCheck,
    /// A data key is wrapped by a station key that the file does not hold.
    #[error("this was sealed with station key {0}, which the key file does not hold: put that key back")]
    KeyNotHeld(StationKeyId),
    /// The blob does not open: changed, cut, or belongs elsewhere.
    #[error("the sealed {0} does not open: it was changed, or belongs to another order")]
    Broken(String),
    /// Sealed by a newer program.
    #[error("this was sealed in a way that this program does not know (algorithm {0}): use a newer tapegun")]
    UnknownAlgorithm(u8),
    /// Opened, but not what it should be.
    #[error("the sealed {0} opened, but is not what it should be: use a newer tapegun")]
    Unreadable(String),
    /// The machine gave no random numbers.
    #[error("this machine gives no random numbers, so nothing can be sealed: {0}")]
    NoRandomness(getrandom::Error),
    /// The store failed underneath.
    #[error("{0}")]
    Store(String),
}

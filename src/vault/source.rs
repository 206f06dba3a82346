//! Where the station's keys come from: a file, the service manager, the environment, or a command that asks the
//! desktop's keyring or a secrets manager.

use super::error::VaultError;
use super::keys::{MOST_BYTES, StationKeys};
use crate::clock::{Clock, SystemClock};
use std::ffi::OsStr;
use std::fmt;
use std::io::Read;
use std::os::unix::fs::MetadataExt;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::time::Duration;
use zeroize::Zeroizing;

/// Name of the credential under `$CREDENTIALS_DIRECTORY`.
const CREDENTIAL: &str = "tapegun-keys";
/// How long a command may take: a person may have to unlock a keyring.
const COMMAND: Duration = Duration::from_mins(1);

/// Where the keys are.
#[derive(Clone, PartialEq, Eq)]
pub enum KeySource {
    /// A file of mode 0600.
    File {
        /// Which.
        path: PathBuf,
        /// Named by the service manager or the environment: never written by us.
        given: bool,
    },
    /// The text of such a file, from the environment.
    Text(Zeroizing<String>),
    /// A command whose standard output is the text: program and arguments, no shell.
    Command(Vec<String>),
}

impl fmt::Debug for KeySource {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::File { path, given } => f
                .debug_struct("File")
                .field("path", path)
                .field("given", given)
                .finish(),
            Self::Text(_) => f.write_str("Text(•••)"),
            Self::Command(command) => f.debug_tuple("Command").field(&command.first()).finish(),
        }
    }
}

/// In words, for a person.
impl fmt::Display for KeySource {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::File { path, .. } => write!(f, "{}", path.display()),
            Self::Text(_) => f.write_str("TAPEGUN_KEYS"),
            Self::Command(command) => {
                write!(
                    f,
                    "key_command ({})",
                    command.first().map_or("empty", String::as_str)
                )
            }
        }
    }
}

/// A look at a file that shows whether it was put there anew.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct FileMark(u64, u64, i64, i64);

impl KeySource {
    /// The file that `TAPEGUN_KEY_FILE` names, else `tapegun-keys` under `$CREDENTIALS_DIRECTORY` where it stands,
    /// else the text in `TAPEGUN_KEYS`, else what `command` prints, else the file `usual`.
    pub fn locate(usual: &Path, command: &[String]) -> Self {
        let variable = |name: &str| std::env::var_os(name).filter(|value| !value.is_empty());
        let text = std::env::var("TAPEGUN_KEYS").ok().map(Zeroizing::new);
        Self::locate_in(
            usual,
            command,
            variable("TAPEGUN_KEY_FILE").as_deref(),
            variable("CREDENTIALS_DIRECTORY").as_deref(),
            text,
        )
    }

    pub(super) fn locate_in(
        usual: &Path,
        command: &[String],
        file: Option<&OsStr>,
        credentials: Option<&OsStr>,
        text: Option<Zeroizing<String>>,
    ) -> Self {
        if let Some(file) = file.filter(|file| !file.is_empty()) {
            return Self::File {
                path: file.into(),
                given: true,
            };
        }
        let credential = credentials.map(|folder| Path::new(folder).join(CREDENTIAL));
        if let Some(path) = credential.filter(|path| path.exists()) {
            return Self::File { path, given: true };
        }
        if let Some(text) = text.filter(|text| !text.trim().is_empty()) {
            return Self::Text(text);
        }
        if !command.is_empty() {
            return Self::Command(command.to_vec());
        }
        Self::File {
            path: usual.to_owned(),
            given: false,
        }
    }

    /// The file that may be written: none where somebody else keeps the keys.
    pub fn own_file(&self) -> Option<&Path> {
        match self {
            Self::File { path, given: false } => Some(path),
            _ => None,
        }
    }

    /// Reads the keys. Refused in words: missing, readable by others, damaged, a command that fails.
    pub fn load(&self) -> Result<StationKeys, VaultError> {
        match self {
            Self::File { path, .. } => StationKeys::load(path),
            Self::Text(text) => self.parsed(text),
            Self::Command(command) => self.parsed(&printed(command)?),
        }
    }

    fn parsed(&self, text: &str) -> Result<StationKeys, VaultError> {
        StationKeys::parse(text).map_err(|why| VaultError::DamagedKeys {
            path: PathBuf::from(self.to_string()),
            why,
        })
    }

    /// What the file looks like now; none where it is none.
    pub(super) fn mark(&self) -> Option<FileMark> {
        let Self::File { path, .. } = self else {
            return None;
        };
        let facts = std::fs::metadata(path).ok()?;
        Some(FileMark(
            facts.ino(),
            facts.len(),
            facts.mtime(),
            facts.mtime_nsec(),
        ))
    }
}

/// What a command prints. Nothing of it gets into a message.
fn printed(command: &[String]) -> Result<Zeroizing<String>, VaultError> {
    let (program, arguments) = command.split_first().ok_or_else(|| failed("", "it is empty"))?;
    let failed = |why: &str| failed(program, why);
    let mut child = Command::new(program)
        .args(arguments)
        .stdin(Stdio::null())
        .stdout(Stdio::piped())
        .stderr(Stdio::null())
        .spawn()
        .map_err(|error| failed(&error.to_string()))?;
    let output = child.stdout.take();
    let reader = std::thread::spawn(move || {
        let mut text = Zeroizing::new(String::with_capacity(4 * 1024));
        let read = output.map(|output| output.take(MOST_BYTES + 1).read_to_string(&mut text));
        read.transpose().map(|_| text)
    });
    let status = wait(&mut child).map_err(|why| failed(&why))?;
    let text = reader
        .join()
        .ok()
        .and_then(Result::ok)
        .ok_or_else(|| failed("what it prints is not text"))?;
    // A command whose output is not read to its end ends by that.
    if text.len() as u64 > MOST_BYTES {
        return Err(failed("it printed too much"));
    }
    if !status.success() {
        return Err(failed(&format!("it ended with {status}")));
    }
    if text.trim().is_empty() {
        return Err(failed(
            "it printed nothing: is the keyring locked, or the key not in it?",
        ));
    }
    Ok(text)
}

fn failed(program: &str, why: &str) -> VaultError {
    VaultError::Command {
        program: program.to_owned(),
        why: why.to_owned(),
    }
}

/// Waits for a command, and ends it where it does not end by itself.
fn wait(child: &mut Child) -> Result<std::process::ExitStatus, String> {
    let clock = SystemClock::new();
    let started = clock.monotonic();
    loop {
        if let Some(status) = child.try_wait().map_err(|error| error.to_string())? {
            return Ok(status);
        }
        if clock.monotonic().saturating_sub(started) > COMMAND {
            let _ = child.kill();
            let _ = child.wait();
            return Err("it does not end".to_owned());
        }
        std::thread::sleep(Duration::from_millis(5));
    }
}

//! Configuration: defaults, file, environment, flags; unknown keys are refused.
//!
//! Here live the settings as the program uses them, and how they are read: `raw` the file's own shape,
//! `check` and `carriers` the rules with their words, [`credentials`] what must not stand in the file, `places` where files are.
//! Nothing of Amazon, the store or the screens may be done here.

mod carriers;
mod check;
pub mod credentials;
mod keys;
mod places;
mod raw;
mod warehouse;

pub use check::{SCAN_LABELS, is_loopback};
pub use keys::nearest;
pub use places::Places;

use crate::domain::ids::{StationId, StoreId};
use crate::domain::seller::{CarrierAccount, StoreProfile};
use crate::domain::units::Dimensions;
use crate::domain::warehouse::Warehouse;
use std::collections::BTreeMap;
use std::path::PathBuf;

/// The commented file with every key.
const EXAMPLE: &str = include_str!("../assets/config/example.toml");

/// Why the configuration cannot be used: which file, what, and what to write instead.
#[derive(Debug, thiserror::Error)]
pub enum ConfigError {
    /// The file cannot be read.
    #[error("{path} cannot be read")]
    Unreadable {
        /// File.
        path: PathBuf,
        /// Cause.
        source: std::io::Error,
    },
    /// Named with `--config` or `TAPEGUN_CONFIG`, and not there.
    #[error("{0} does not exist: write it with: tapegun doctor --example > {0}")]
    Missing(PathBuf),
    /// Not TOML, or a value of the wrong kind.
    #[error("{path}, line {line}: {words}")]
    Text {
        /// File.
        path: PathBuf,
        /// Line, from 1.
        line: usize,
        /// What is wrong.
        words: String,
    },
    /// A rule is broken.
    #[error("{path}: {words}")]
    Rule {
        /// File, or the environment variable.
        path: String,
        /// What is wrong and what to write.
        words: String,
    },
    /// The credentials can be read by others.
    #[error("{path} can be read by other users (mode {mode:03o}): run  chmod 600 {path}")]
    OpenToOthers {
        /// File.
        path: PathBuf,
        /// Its mode.
        mode: u32,
    },
    /// A store without credentials.
    #[error("store {store} has no {what}: write it into {path} or set {variable}")]
    NoCredentials {
        /// Store.
        store: String,
        /// Which of the three.
        what: &'static str,
        /// Credentials file.
        path: PathBuf,
        /// Environment variable.
        variable: String,
    },
    /// No home folder is known.
    #[error("no home folder is known: set HOME, or give --config and --data")]
    NoHome,
}

/// Where sheets go. Opened by the `print` room.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum PrinterSetting {
    /// Files in a folder.
    Folder(PathBuf),
    /// Raw TCP, `host:port`.
    Raw(String),
    /// A CUPS queue.
    Cups(String),
}

/// The scale of this bench. Opened by the `devices` room, which knows the protocols.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ScaleSetting {
    /// How it speaks, in the word of the file.
    pub protocol: String,
    /// Device file.
    pub path: PathBuf,
    /// Speed of a serial line, in bits a second.
    pub baud: u32,
}

/// Words of the protocols that `devices` reads; a test holds the two together.
pub const SCALE_PROTOCOLS: [&str; 6] = ["usb-hid", "nci", "toledo", "toledo-continuous", "sics", "file"];

/// A box on the shelf.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct BoxSetting {
    /// 1 to 9.
    pub digit: u8,
    /// Name; also the code on its barcode, without `TGB-`.
    pub name: String,
    /// Outer size.
    pub dimensions: Dimensions,
    /// A carrier's flat-rate box.
    pub flat_rate: bool,
}

/// The settings of one station, checked.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Config {
    /// The file that was read; none: defaults only.
    pub file: Option<PathBuf>,
    /// This bench.
    pub station: StationId,
    /// Folder of database and logs.
    pub data: PathBuf,
    /// Orders are Shipped on a manifest, not when their label is printed.
    pub manifests: bool,
    /// Each label that this bench prints must be scanned onto its box.
    pub scan_labels: bool,
    /// Command that prints the station's keys, program and arguments; empty: they are in a file.
    pub key_command: Vec<String>,
    /// Theme's name.
    pub theme: String,
    /// Other keys for actions.
    pub keys: BTreeMap<String, String>,
    /// The printer, if there is one.
    pub printer: Option<PrinterSetting>,
    /// The scale, if there is one.
    pub scale: Option<ScaleSetting>,
    /// When the warehouse works; it stands where the first store ships from.
    pub warehouse: Warehouse,
    /// Boxes on the shelf.
    pub boxes: Vec<BoxSetting>,
    /// The Amazon Buy Shipping accounts, at least one. Each store holds a copy of its own.
    pub carriers: Vec<CarrierAccount>,
    /// Connected shops.
    pub stores: Vec<StoreProfile>,
    /// Where files are.
    pub places: Places,
}

/// What flags say; none: nothing.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Overrides {
    /// `--config`.
    pub file: Option<PathBuf>,
    /// `--data`.
    pub data: Option<PathBuf>,
}

/// Reads an environment variable; empty counts as not set.
pub type Environment<'a> = &'a dyn Fn(&str) -> Option<String>;

/// The process's own environment.
pub fn environment(name: &str) -> Option<String> {
    std::env::var(name).ok().filter(|value| !value.is_empty())
}

impl Config {
    /// Reads the configuration: defaults < file < environment < flags.
    pub fn load(flags: &Overrides, environment: Environment<'_>) -> Result<Self, ConfigError> {
        let places = Places::find(flags, environment)?;
        let named = flags.file.is_some() || environment("TAPEGUN_CONFIG").is_some();
        let text = match std::fs::read_to_string(&places.config) {
            Ok(text) => Some(text),
            Err(error) if error.kind() == std::io::ErrorKind::NotFound && !named => None,
            Err(error) if error.kind() == std::io::ErrorKind::NotFound => {
                return Err(ConfigError::Missing(places.config));
            }
            Err(source) => {
                return Err(ConfigError::Unreadable {
                    path: places.config,
                    source,
                });
            }
        };
        Self::of_text(text.as_deref(), places, flags, environment)
    }

    /// The same from the text of a file; none: no file.
    pub fn of_text(
        text: Option<&str>,
        places: Places,
        flags: &Overrides,
        environment: Environment<'_>,
    ) -> Result<Self, ConfigError> {
        let raw = match text {
            Some(text) => raw::parse(text, &places.config)?,
            None => raw::Raw::default(),
        };
        let file = text.map(|_| places.config.clone());
        check::config(raw, file, places, flags, environment)
    }

    /// The carrier account of a store; of one that is not configured any more the first.
    pub fn account(&self, store: &StoreId) -> &CarrierAccount {
        let known = self.stores.iter().find(|known| known.id == *store);
        known.map_or(&self.carriers[0], |store| &store.account)
    }

    /// The commented file with every key, as `tapegun doctor --example` writes it.
    pub fn example() -> &'static str {
        EXAMPLE
    }

    /// Database file.
    pub fn database(&self) -> PathBuf {
        self.data.join("tapegun.db")
    }

    /// Folder that labels are printed into, where the printer is one.
    pub fn sheets(&self) -> Option<PathBuf> {
        match &self.printer {
            Some(PrinterSetting::Folder(folder)) => Some(folder.clone()),
            _ => None,
        }
    }

    /// Sizes of the boxes on the shelf; a carrier's flat-rate boxes are not meant.
    pub fn shelf(&self) -> Vec<Dimensions> {
        let plain = self.boxes.iter().filter(|one| !one.flat_rate);
        plain.map(|one| one.dimensions).collect()
    }

    /// Every address of Amazon that is used is on this machine: only then may the clock be set.
    pub fn only_loopback(&self) -> bool {
        let mut asked = self.stores.iter().filter(|store| store.has_account());
        asked.all(|store| {
            [&store.amazon_base, &store.login_base]
                .into_iter()
                .all(|base| base.as_deref().is_some_and(is_loopback))
        })
    }
}

impl PrinterSetting {
    /// Reads `folder:PATH`, `raw:HOST:PORT` or `cups:QUEUE` (of `TAPEGUN_PRINTER`).
    pub fn parse(text: &str) -> Result<Self, String> {
        let setting = match text.split_once(':') {
            Some(("folder", path)) => Self::Folder(PathBuf::from(path)),
            Some(("raw", address)) => Self::Raw(address.to_owned()),
            Some(("cups", queue)) => Self::Cups(queue.to_owned()),
            _ => {
                return Err(format!(
                    "{text:?} is no printer: write folder:PATH, raw:HOST:PORT or cups:QUEUE"
                ));
            }
        };
        setting.check()?;
        Ok(setting)
    }

    /// Refuses what can be no printer.
    pub(crate) fn check(&self) -> Result<(), String> {
        match self {
            Self::Folder(path) if path.as_os_str().is_empty() => {
                Err("the printer's folder is empty".to_owned())
            }
            Self::Cups(queue) if queue.is_empty() || queue.starts_with('-') || queue.contains(['/', ' ']) => {
                Err(format!("{queue:?} is no CUPS queue: lpstat -e names the queues"))
            }
            Self::Raw(address) => match address.rsplit_once(':') {
                Some((host, port)) if !host.is_empty() && port.parse::<u16>().is_ok_and(|port| port > 0) => {
                    Ok(())
                }
                _ => Err(format!(
                    "{address:?} is no printer address: write host:port, usually port 9100"
                )),
            },
            _ => Ok(()),
        }
    }
}

#[cfg(test)]
mod tests;

//! Where files are: the XDG places, unless a flag or the environment names others.

use super::{ConfigError, Environment, Overrides};
use etcetera::BaseStrategy;
use std::path::PathBuf;

/// The files and folders of a station.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Places {
    /// The configuration file.
    pub config: PathBuf,
    /// Credentials, beside it, mode 0600.
    pub credentials: PathBuf,
    /// The station's keys, beside it, mode 0600: never in the data folder, so that a copy of the database does
    /// not carry them along.
    pub keys: PathBuf,
    /// Folder of database and logs, where the configuration does not name one.
    pub data: PathBuf,
}

impl Places {
    /// Finds them: flags, then `TAPEGUN_CONFIG` and `TAPEGUN_DATA`, then the XDG base folders. Credentials and keys lie
    /// beside the configuration file.
    pub fn find(flags: &Overrides, environment: Environment<'_>) -> Result<Self, ConfigError> {
        let config = flags
            .file
            .clone()
            .or_else(|| environment("TAPEGUN_CONFIG").map(PathBuf::from));
        let data = flags
            .data
            .clone()
            .or_else(|| environment("TAPEGUN_DATA").map(PathBuf::from));
        if let (Some(config), Some(data)) = (&config, &data) {
            return Ok(Self::of(config.clone(), data.clone()));
        }
        let base = etcetera::choose_base_strategy().map_err(|_| ConfigError::NoHome)?;
        Ok(Self::of(
            config.unwrap_or_else(|| base.config_dir().join("tapegun/config.toml")),
            data.unwrap_or_else(|| base.data_dir().join("tapegun")),
        ))
    }

    /// The places of a configuration file and a data folder.
    pub fn of(config: PathBuf, data: PathBuf) -> Self {
        let beside = |name: &str| config.with_file_name(name);
        Self {
            credentials: beside("credentials.toml"),
            keys: beside("keys"),
            config,
            data,
        }
    }
}

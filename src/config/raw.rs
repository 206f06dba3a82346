//! The file's own shape. Unknown keys are refused with the nearest known one before anything else is read.

use super::ConfigError;
use super::keys::check_keys;
use crate::domain::order::Origin;
use crate::domain::seller::{DocumentFormat, Region};
use serde::Deserialize;
use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

/// The file.
#[derive(Debug, Default, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Raw {
    pub(super) station: Option<String>,
    pub(super) data: Option<PathBuf>,
    pub(super) manifests: Option<bool>,
    pub(super) scan_labels: Option<bool>,
    #[serde(default)]
    pub(super) key_command: Vec<String>,
    pub(super) theme: Option<String>,
    #[serde(default)]
    pub(super) keys: BTreeMap<String, String>,
    pub(super) printer: Option<RawPrinter>,
    pub(super) scale: Option<RawScale>,
    #[serde(default)]
    pub(super) warehouse: RawWarehouse,
    #[serde(default)]
    pub(super) boxes: Vec<RawBox>,
    pub(super) carrier: Option<RawCarrier>,
    #[serde(default)]
    pub(super) carriers: Vec<RawCarrier>,
    #[serde(default)]
    pub(super) stores: Vec<RawStore>,
}

/// `[printer]`.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct RawPrinter {
    pub(super) address: Option<String>,
    pub(super) queue: Option<String>,
    pub(super) folder: Option<PathBuf>,
}

/// `[scale]`.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct RawScale {
    pub(super) protocol: String,
    pub(super) path: PathBuf,
    pub(super) baud: Option<u32>,
}

/// `[warehouse]`.
#[derive(Debug, Default, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct RawWarehouse {
    pub(super) cut_off: Option<String>,
    pub(super) working_days: Option<Vec<String>>,
    #[serde(default)]
    pub(super) holidays: Vec<String>,
    pub(super) ship_within: Option<u32>,
    pub(super) deliver_within: Option<u32>,
}

/// `[[boxes]]`.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct RawBox {
    pub(super) digit: u8,
    pub(super) name: String,
    pub(super) size: String,
    #[serde(default)]
    pub(super) flat_rate: bool,
}

/// `[carrier]` and `[[carriers]]`.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct RawCarrier {
    pub(super) name: Option<String>,
    pub(super) api: Option<String>,
    pub(super) confirmation: Option<String>,
    pub(super) formats: Option<Vec<DocumentFormat>>,
    pub(super) rate_shopping: Option<bool>,
}

/// `[[stores]]`.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct RawStore {
    pub(super) id: String,
    pub(super) name: Option<String>,
    pub(super) kind: Option<Origin>,
    pub(super) region: Option<Region>,
    pub(super) marketplace: Option<String>,
    pub(super) amazon: Option<String>,
    pub(super) login: Option<String>,
    pub(super) carrier: Option<String>,
    pub(super) ship_from: crate::domain::seller::ShipFrom,
}

/// Every key that may stand in the file, by table.
const KEYS: &[(&str, &[&str])] = &[
    (
        "",
        &[
            "station",
            "data",
            "manifests",
            "scan_labels",
            "key_command",
            "theme",
            "keys",
            "printer",
            "scale",
            "warehouse",
            "boxes",
            "carrier",
            "carriers",
            "stores",
        ],
    ),
    ("printer", &["address", "queue", "folder"]),
    ("scale", &["protocol", "path", "baud"]),
    (
        "warehouse",
        &[
            "cut_off",
            "working_days",
            "holidays",
            "ship_within",
            "deliver_within",
        ],
    ),
    ("boxes", &["digit", "name", "size", "flat_rate"]),
    (
        "carrier",
        &["name", "api", "confirmation", "formats", "rate_shopping"],
    ),
    (
        "carriers",
        &["name", "api", "confirmation", "formats", "rate_shopping"],
    ),
    (
        "stores",
        &[
            "id",
            "name",
            "kind",
            "region",
            "marketplace",
            "amazon",
            "login",
            "carrier",
            "ship_from",
        ],
    ),
    (
        "stores.ship_from",
        &[
            "name",
            "line1",
            "line2",
            "city",
            "state",
            "postal_code",
            "country",
            "phone",
            "email",
            "zone",
        ],
    ),
];

/// Reads the text of a file.
pub(super) fn parse(text: &str, path: &Path) -> Result<Raw, ConfigError> {
    check_keys(text, path, KEYS)?;
    toml::from_str(text).map_err(|error| of_toml(&error, text, path))
}

/// A TOML error with its line.
pub(super) fn of_toml(error: &toml::de::Error, text: &str, path: &Path) -> ConfigError {
    ConfigError::Text {
        path: path.to_owned(),
        line: error.span().map_or(1, |span| line_of(text, span.start)),
        words: error.message().trim().to_owned(),
    }
}

/// The line of a place in a text, from 1.
pub(super) fn line_of(text: &str, place: usize) -> usize {
    text.bytes().take(place).filter(|byte| *byte == b'\n').count() + 1
}

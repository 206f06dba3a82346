//! Credentials: apart from the configuration, in a file of mode 0600 or in the environment. Never shown.

use super::keys::check_keys;
use super::raw::of_toml;
use super::{Config, ConfigError, Environment};
use crate::domain::ids::StoreId;
use chrono::{DateTime, NaiveDate, Utc};
use secrecy::SecretString;
use serde::Deserialize;
use std::collections::BTreeMap;
use std::os::unix::fs::PermissionsExt;
use std::path::Path;

/// What a store signs in to Amazon with (Login with Amazon). Prints without its secrets.
#[derive(Debug, Clone)]
pub struct StoreCredentials {
    /// The application's id.
    pub client_id: String,
    /// The application's secret.
    pub client_secret: SecretString,
    /// The seller's authorisation.
    pub refresh_token: SecretString,
    /// The day on which the secret was made, where it is written down.
    pub client_secret_made: Option<DateTime<Utc>>,
}

/// A store and its credentials, or why it has none.
pub type OfStore = (StoreId, Result<StoreCredentials, ConfigError>);

/// One store in the file. Its secrets are never printed.
#[derive(Default, Deserialize)]
#[serde(deny_unknown_fields)]
struct Raw {
    client_id: Option<String>,
    client_secret: Option<SecretText>,
    refresh_token: Option<SecretText>,
    client_secret_made: Option<NaiveDate>,
}

/// A text that goes straight into a secret.
#[derive(Deserialize)]
struct SecretText(String);

impl From<SecretText> for SecretString {
    fn from(text: SecretText) -> Self {
        Self::from(text.0)
    }
}

/// The keys of one store.
const FIELDS: &[&str] = &[
    "client_id",
    "client_secret",
    "refresh_token",
    "client_secret_made",
];

/// Credentials of every configured store: the file's, then the environment's over them. The second part names
/// what is missing or cannot be used, by store; the others are not touched by it.
pub fn load(config: &Config, environment: Environment<'_>) -> Result<Vec<OfStore>, ConfigError> {
    let path = &config.places.credentials;
    let mut file = read(path, config)?;
    Ok(config
        .stores
        .iter()
        .map(|store| {
            let raw = file.remove(store.id.as_str()).unwrap_or_default();
            (store.id.clone(), complete(&store.id, raw, path, environment))
        })
        .collect())
}

/// The variable that holds a part of a store's credentials, e.g. `TAPEGUN_US_CLIENT_ID`.
pub fn variable(store: &StoreId, field: &str) -> String {
    format!("TAPEGUN_{}_{}", store.as_str().replace('-', "_"), field).to_uppercase()
}

fn complete(
    store: &StoreId,
    raw: Raw,
    path: &Path,
    environment: Environment<'_>,
) -> Result<StoreCredentials, ConfigError> {
    let missing = |what: &'static str| ConfigError::NoCredentials {
        store: store.to_string(),
        what,
        path: path.to_owned(),
        variable: variable(store, what),
    };
    let given = |what: &str| environment(&variable(store, what));
    let secret = |what: &'static str, text: Option<SecretText>| {
        given(what)
            .map(SecretString::from)
            .or_else(|| text.map(Into::into))
            .ok_or_else(|| missing(what))
    };
    Ok(StoreCredentials {
        client_id: given("client_id")
            .or(raw.client_id)
            .ok_or_else(|| missing("client_id"))?,
        client_secret: secret("client_secret", raw.client_secret)?,
        refresh_token: secret("refresh_token", raw.refresh_token)?,
        client_secret_made: raw
            .client_secret_made
            .and_then(|day| day.and_hms_opt(0, 0, 0))
            .map(|time| time.and_utc()),
    })
}

/// Reads the file; refuses one that others can read. No file: nothing.
fn read(path: &Path, config: &Config) -> Result<BTreeMap<String, Raw>, ConfigError> {
    let unreadable = |source| ConfigError::Unreadable {
        path: path.to_owned(),
        source,
    };
    let text = match std::fs::metadata(path) {
        Err(error) if error.kind() == std::io::ErrorKind::NotFound => return Ok(BTreeMap::new()),
        Err(error) => return Err(unreadable(error)),
        Ok(found) => {
            let mode = found.permissions().mode() & 0o777;
            if mode & 0o077 != 0 {
                return Err(ConfigError::OpenToOthers {
                    path: path.to_owned(),
                    mode,
                });
            }
            std::fs::read_to_string(path).map_err(unreadable)?
        }
    };
    // Values never get into a message: the words of a TOML error name the line only.
    let hidden = |error: ConfigError| match error {
        ConfigError::Text { path, line, words } => ConfigError::Text {
            path,
            line,
            words: if words.starts_with("unknown key") {
                words
            } else {
                "not TOML of the expected form".to_owned()
            },
        },
        other => other,
    };
    check_keys(&text, path, &[("*", FIELDS)]).map_err(hidden)?;
    let file: BTreeMap<String, Raw> =
        toml::from_str(&text).map_err(|error| hidden(of_toml(&error, &text, path)))?;
    for store in file.keys() {
        if !config.stores.iter().any(|known| known.id.as_str() == store) {
            return Err(ConfigError::Rule {
                path: path.display().to_string(),
                words: format!("[{store}] is none of the configured stores"),
            });
        }
    }
    Ok(file)
}

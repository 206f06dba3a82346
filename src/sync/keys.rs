//! The vault that belongs to a store.

use crate::store::Store;
use crate::vault::{KeySource, Vault, VaultError};
use chrono::{DateTime, Utc};

/// Opens the vault of a store with the keys at `source`; makes keys only for a store that is empty and has
/// never had any. Refused in words: keys missing, readable by others, damaged, or another store's.
pub fn open_vault(
    source: &KeySource,
    store: &mut dyn Store,
    now: DateTime<Utc>,
) -> Result<Vault, VaultError> {
    let failed = |error: crate::store::StoreError| VaultError::Store(error.to_string());
    let recorded = store.key_check().map_err(failed)?;
    let empty = store.is_empty().map_err(failed)?;
    let (vault, check) = Vault::open_or_create(source, recorded.as_deref(), empty)?;
    if let Some(check) = check
        && let Err(error) = store.set_key_check(&check)
    {
        // Another process may have recorded it between our look and our write: its word counts.
        let recorded = store.key_check().map_err(failed)?.ok_or_else(|| failed(error))?;
        vault.check(&recorded)?;
    }
    // Rotated, or put back from before a rotation: new keys of orders are under the newest one from here on.
    let newest = vault.key_check();
    if recorded.is_some_and(|recorded| recorded != newest)
        && let Err(error) = store.move_key_check(&newest, None, now)
    {
        // What is there opens all the same; new orders are not taken in before it is made up for.
        tracing::warn!(%error, "the rotation of the station's key is not noted yet");
    }
    Ok(vault)
}

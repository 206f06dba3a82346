//! Keys of orders when the station's key is rotated, and since when each shop's secret is in use: parts of the store's
//! interface. The store never opens a key; it knows by which station key one is wrapped from its first bytes.

use super::StoreResult;
use crate::domain::ids::{StoreId, UserId};
use crate::domain::sealed::WrappedKey;
use chrono::{DateTime, Utc};

/// Rotation.
pub trait Rotating {
    /// Data keys that are not wrapped by the station key of this key check, at most so many.
    fn stale_keys(&self, check: &[u8], limit: usize) -> StoreResult<Vec<WrappedKey>>;
    /// Puts these in the place of the same keys, wrapped otherwise. One that was destroyed meanwhile stays so.
    fn put_rewrapped(&mut self, keys: &[WrappedKey], by: UserId) -> StoreResult<()>;
    /// From now on new data keys are wrapped by the station key of this check, and by no other; the history says it.
    /// The caller has proven that the station holds both keys.
    fn move_key_check(&mut self, check: &[u8], by: Option<UserId>, now: DateTime<Utc>) -> StoreResult<()>;
    /// Since when a shop's secret, known by its keyed fingerprint, is in use here; a new one is noted.
    fn note_secret(&mut self, shop: &StoreId, print: &[u8], now: DateTime<Utc>)
    -> StoreResult<DateTime<Utc>>;
    /// The same without noting; none where it is not known.
    fn secret_since(&self, shop: &StoreId, print: &[u8]) -> StoreResult<Option<DateTime<Utc>>>;
}

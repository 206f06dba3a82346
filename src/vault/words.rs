//! Typed words under the data key of their order, for a store that has no keys of its own.

use super::{KeySource, Slot, Vault, VaultError};
use crate::domain::ids::DataKeyId;
use crate::domain::sealed::{Sealed, WrappedKey};
use crate::domain::typed::{TypedWords, WordSealer, WordsPlace};
use std::sync::{Arc, Mutex, PoisonError};

impl WordSealer for Vault {
    fn new_key(&self, check: Option<&[u8]>, id: DataKeyId) -> Result<WrappedKey, String> {
        let made = check
            .map_or(Ok(()), |check| self.check(check))
            .and_then(|()| self.new_order_key(id));
        made.map_err(|error| error.to_string())
    }

    fn seal(
        &self,
        key: &WrappedKey,
        place: WordsPlace<'_>,
        words: &TypedWords,
    ) -> Result<Sealed<TypedWords>, String> {
        let slot = Slot::words(place.number);
        self.open_key(key)
            .and_then(|seal| seal.seal(&slot, place.store, place.order, words))
            .map_err(|error| error.to_string())
    }

    fn open(
        &self,
        key: &WrappedKey,
        place: WordsPlace<'_>,
        sealed: &Sealed<TypedWords>,
    ) -> Result<TypedWords, String> {
        let slot = Slot::words(place.number);
        self.open_key(key)
            .and_then(|seal| seal.open(&slot, place.store, place.order, sealed))
            .map_err(|error| error.to_string())
    }
}

/// A vault that is opened when the first words are to be sealed or opened: most of what is asked of a store needs no
/// key.
pub struct LateVault {
    source: KeySource,
    vault: Mutex<Option<Arc<Vault>>>,
}

impl LateVault {
    /// A vault for the keys at this source, which are not read yet.
    pub fn new(source: KeySource) -> Self {
        Self {
            source,
            vault: Mutex::default(),
        }
    }

    fn vault(&self) -> Result<Arc<Vault>, String> {
        let mut held = self.vault.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(vault) = &*held {
            return Ok(Arc::clone(vault));
        }
        let opened = Vault::open(&self.source).map_err(|error: VaultError| error.to_string())?;
        Ok(Arc::clone(held.insert(Arc::new(opened))))
    }
}

impl WordSealer for LateVault {
    fn new_key(&self, check: Option<&[u8]>, id: DataKeyId) -> Result<WrappedKey, String> {
        self.vault()?.new_key(check, id)
    }

    fn seal(
        &self,
        key: &WrappedKey,
        place: WordsPlace<'_>,
        words: &TypedWords,
    ) -> Result<Sealed<TypedWords>, String> {
        WordSealer::seal(&*self.vault()?, key, place, words)
    }

    fn open(
        &self,
        key: &WrappedKey,
        place: WordsPlace<'_>,
        sealed: &Sealed<TypedWords>,
    ) -> Result<TypedWords, String> {
        WordSealer::open(&*self.vault()?, key, place, sealed)
    }
}

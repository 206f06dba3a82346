//! Sealing and opening of customer data; keys.
//!
//! Here live the station's keys, the data key of each order, the seal itself and keyed fingerprints. No file
//! but the key file is touched here, no database, no network; nothing here is ever logged.
//!
//! Everything that names a customer (recipient, buyer, gift message, requests, label documents) is closed
//! with XChaCha20-Poly1305 under a data key of its order. The data key stands beside the order, wrapped by
//! the station's key; the station's key stands in a file of mode 0600 or comes from the service manager. To
//! destroy the data key is to erase the customer, in every copy of the database.
//!
//! A sealed blob is `algorithm (1) | data key id (8) | nonce (24) | ciphertext and tag`; a wrapped key is
//! `algorithm (1) | station key id (4) | nonce (24) | ciphertext and tag`. The additional data names slot,
//! shop, order number and data key, so a blob moved elsewhere does not open.

mod error;
mod keys;
mod mac;
mod pin;
mod seal;
mod source;
mod words;

pub use error::VaultError;
pub use keys::{HeldKey, StationKeyId, StationKeys};
pub use seal::{OrderSeal, Slot};
pub use source::KeySource;
pub use words::LateVault;

use crate::domain::customer::CustomerData;
use crate::domain::ids::{DataKeyId, IntentId, OrderNumber, StoreId};
use crate::domain::sealed::{DocumentBytes, Sealed, WrappedKey};
use source::FileMark;
use std::collections::HashSet;
use std::fmt;
use std::sync::{Arc, Mutex, PoisonError, RwLock};

/// The station's keys at work. Keys that are rotated meanwhile are taken in without a new start.
pub struct Vault {
    held: RwLock<Held>,
    /// Where they were read; none: they stay as they are.
    source: Option<KeySource>,
    /// Keys that were looked for and are not there.
    missed: Mutex<HashSet<u32>>,
}

struct Held {
    keys: Arc<StationKeys>,
    mark: Option<FileMark>,
}

impl fmt::Debug for Vault {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("•••")
    }
}

impl Vault {
    /// A vault that works with these keys.
    pub fn new(keys: StationKeys) -> Self {
        Self::of(keys, None, None)
    }

    /// A vault with the keys at this source.
    pub fn open(source: &KeySource) -> Result<Self, VaultError> {
        // Looked at before it is read: what is put there meanwhile is read again.
        let mark = source.mark();
        Ok(Self::of(source.load()?, Some(source.clone()), mark))
    }

    fn of(keys: StationKeys, source: Option<KeySource>, mark: Option<FileMark>) -> Self {
        Self {
            held: RwLock::new(Held {
                keys: Arc::new(keys),
                mark,
            }),
            source,
            missed: Mutex::default(),
        }
    }

    fn keys(&self) -> Arc<StationKeys> {
        let held = self.held.read().unwrap_or_else(PoisonError::into_inner);
        Arc::clone(&held.keys)
    }

    /// Reads the keys again where their file is not the one that was read.
    fn catch_up(&self) -> Result<(), VaultError> {
        let Some(source) = &self.source else {
            return Ok(());
        };
        let mark = source.mark();
        let known = self.held.read().unwrap_or_else(PoisonError::into_inner).mark;
        if mark.is_none() || mark == known {
            return Ok(());
        }
        self.take(source, mark)
    }

    fn take(&self, source: &KeySource, mark: Option<FileMark>) -> Result<(), VaultError> {
        let keys = Arc::new(source.load()?);
        *self.held.write().unwrap_or_else(PoisonError::into_inner) = Held { keys, mark };
        Ok(())
    }

    /// Looks for a key that is not held: once, where that runs a command.
    fn look_for(&self, id: StationKeyId) -> Result<(), VaultError> {
        let is_new = self
            .missed
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
            .insert(id.0);
        match &self.source {
            Some(source @ KeySource::Command(_)) if is_new => self.take(source, None),
            Some(KeySource::File { .. }) => self.catch_up(),
            _ => Ok(()),
        }
    }

    /// Opens the keys that belong to a store, or makes new ones where the store is empty and has never had
    /// any: a key is **never** made for a store that is not empty (PURCHASING.md 8). `recorded` is the
    /// store's key check. The second value is the check to record in a store that has none yet.
    pub fn open_or_create(
        source: &KeySource,
        recorded: Option<&[u8]>,
        store_is_empty: bool,
    ) -> Result<(Self, Option<Vec<u8>>), VaultError> {
        let fresh = recorded.is_none() && store_is_empty;
        let vault = match (Self::open(source), source.own_file()) {
            (Err(VaultError::MissingKeys(_)), Some(path)) if fresh => {
                match StationKeys::generate()?.save(path) {
                    Ok(()) => {}
                    // Another process was quicker: its keys are as good.
                    Err(VaultError::File { source: reason, .. })
                        if reason.kind() == std::io::ErrorKind::AlreadyExists => {}
                    Err(error) => return Err(error),
                }
                // Read back: what cannot be read again must not seal anything.
                Self::open(source)?
            }
            (other, _) => other?,
        };
        match recorded {
            Some(check) => vault.check(check).map(|()| (vault, None)),
            None if store_is_empty => {
                let check = vault.key_check();
                Ok((vault, Some(check)))
            }
            None => Err(VaultError::NoKeyCheck),
        }
    }

    /// Makes a data key for one order and wraps it under the newest station key. `id` is a fresh number
    /// from the store.
    pub fn new_order_key(&self, id: DataKeyId) -> Result<WrappedKey, VaultError> {
        self.catch_up()?;
        seal::new_order_key(self.keys().newest(), id)
    }

    /// Unwraps a data key. Refused in words when the key file does not hold the station key that wrapped it.
    pub fn open_key(&self, wrapped: &WrappedKey) -> Result<OrderSeal, VaultError> {
        let id = seal::wrapped_by(wrapped)?;
        if self.keys().by_id(id).is_none() {
            self.look_for(id)?;
        }
        let keys = self.keys();
        let key = keys.by_id(id).ok_or(VaultError::KeyNotHeld(id))?;
        seal::open_key(key, wrapped)
    }

    /// The same data key under the newest station key; none where it is wrapped by it already.
    pub fn rewrap(&self, wrapped: &WrappedKey) -> Result<Option<WrappedKey>, VaultError> {
        let keys = self.keys();
        if seal::wrapped_by(wrapped)? == keys.newest().id() {
            return Ok(None);
        }
        seal::rewrap(keys.newest(), &self.open_key(wrapped)?).map(Some)
    }

    /// Opens the customer's data of an order in one step.
    pub fn open_customer(
        &self,
        key: &WrappedKey,
        store: &StoreId,
        number: &OrderNumber,
        sealed: &Sealed<CustomerData>,
    ) -> Result<CustomerData, VaultError> {
        self.open_key(key)?.open(Slot::CUSTOMER, store, number, sealed)
    }

    /// Opens a stored label document in one step.
    pub fn open_document(
        &self,
        key: &WrappedKey,
        label: IntentId,
        kind: &str,
        store: &StoreId,
        number: &OrderNumber,
        sealed: &Sealed<DocumentBytes>,
    ) -> Result<DocumentBytes, VaultError> {
        self.open_key(key)?
            .open_document(label, kind, store, number, sealed)
    }

    /// A keyed fingerprint of these parts: equal parts give equal fingerprints, and without the key nobody
    /// can tell what they were. The borders of the parts count. It outlives the rotation of station keys.
    pub fn fingerprint(&self, parts: &[&str]) -> Vec<u8> {
        let keys = self.keys();
        let mut mac = mac::Mac::new(keys.fingerprint_key());
        for part in parts {
            mac.part(part.as_bytes());
        }
        mac.finish().to_vec()
    }

    /// What a new store keeps to know its keys by: `algorithm | station key id | check`. Says nothing of
    /// the key.
    pub fn key_check(&self) -> Vec<u8> {
        seal::key_check(self.keys().newest())
    }

    /// Whether a store's key check was made by one of these keys; refused in words otherwise.
    pub fn check(&self, recorded: &[u8]) -> Result<(), VaultError> {
        let id = seal::checked_by(recorded)?;
        if self.keys().by_id(id).is_none() {
            self.look_for(id)?;
        }
        let keys = self.keys();
        let is_ours = match keys.by_id(id) {
            Some(key) => seal::key_check(key) == recorded,
            // Its secret is gone, what it was known by is not: a back-up from before the rotation is ours.
            None => keys.retired_check(id) == Some(recorded),
        };
        if is_ours {
            Ok(())
        } else {
            Err(VaultError::WrongKeys(id))
        }
    }
}

#[cfg(test)]
mod tests;

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

pub use error::VaultError;
pub use keys::{KeySource, StationKeyId, StationKeys};
pub use seal::{OrderSeal, Slot};

use crate::domain::customer::CustomerData;
use crate::domain::ids::{DataKeyId, IntentId, OrderNumber, StoreId};
use crate::domain::sealed::{DocumentBytes, Sealed, WrappedKey};
use std::fmt;

/// The station's keys at work.
pub struct Vault {
    keys: StationKeys,
}

impl fmt::Debug for Vault {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("•••")
    }
}

impl Vault {
    /// A vault that works with these keys.
    pub fn new(keys: StationKeys) -> Self {
        Self { keys }
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
        let vault = match StationKeys::load(&source.path) {
            Err(VaultError::MissingKeys(_)) if fresh && !source.given => {
                match StationKeys::generate()?.save(&source.path) {
                    Ok(()) => {}
                    // Another process was quicker: its keys are as good.
                    Err(VaultError::File { source: reason, .. })
                        if reason.kind() == std::io::ErrorKind::AlreadyExists => {}
                    Err(error) => return Err(error),
                }
                // Read back: what cannot be read again must not seal anything.
                Self::new(StationKeys::load(&source.path)?)
            }
            other => Self::new(other?),
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
        seal::new_order_key(self.keys.newest(), id)
    }

    /// Unwraps a data key. Refused in words when the key file does not hold the station key that wrapped it.
    pub fn open_key(&self, wrapped: &WrappedKey) -> Result<OrderSeal, VaultError> {
        let id = seal::wrapped_by(wrapped)?;
        let key = self.keys.by_id(id).ok_or(VaultError::KeyNotHeld(id))?;
        seal::open_key(key, wrapped)
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
        let mut mac = mac::Mac::new(self.keys.fingerprint_key());
        for part in parts {
            mac.part(part.as_bytes());
        }
        mac.finish().to_vec()
    }

    /// What a new store keeps to know its keys by: `algorithm | station key id | check`. Says nothing of
    /// the key.
    pub fn key_check(&self) -> Vec<u8> {
        seal::key_check(self.keys.newest())
    }

    /// Whether a store's key check was made by one of these keys; refused in words otherwise.
    pub fn check(&self, recorded: &[u8]) -> Result<(), VaultError> {
        let id = seal::checked_by(recorded)?;
        let key = self.keys.by_id(id).ok_or(VaultError::WrongKeys(id))?;
        if seal::key_check(key) == recorded {
            Ok(())
        } else {
            Err(VaultError::WrongKeys(id))
        }
    }
}

#[cfg(test)]
mod tests;

//! The seal: wrapped data keys, sealed blobs, the key check. See the room's first lines for the formats.

use super::error::VaultError;
use super::keys::{StationKey, StationKeyId};
use super::mac;
use crate::domain::collection::sealed_as;
use crate::domain::ids::{CollectionFormId, DataKeyId, IntentId, OrderNumber, StoreId};
use crate::domain::sealed::{DocumentBytes, RequestBytes, Sealed, WrappedKey};
use chacha20poly1305::aead::{Aead, KeyInit, Payload};
use chacha20poly1305::{XChaCha20Poly1305, XNonce};
use serde::Serialize;
use serde::de::DeserializeOwned;
use std::fmt;
use zeroize::{Zeroize, ZeroizeOnDrop, Zeroizing};

/// XChaCha20-Poly1305, first layout.
const ALGORITHM: u8 = 1;
const NONCE: usize = 24;
/// First byte and data key id before the nonce.
const BLOB_HEAD: usize = 1 + 8;
/// First byte and station key id before the nonce.
const WRAP_HEAD: usize = 1 + 4;

/// Names of the places where sealed things are kept; part of the additional data.
pub struct Slot;

impl Slot {
    /// All customer data of one order.
    pub const CUSTOMER: &'static str = "orders.customer";

    /// A note on an order.
    pub const NOTE: &'static str = "orders.note";

    /// Words that somebody typed, by their number.
    pub fn words(number: i64) -> String {
        format!("orders.words:{number}")
    }

    /// The stored request of one purchase.
    pub fn request(label: IntentId) -> String {
        format!("labels.request:{label}")
    }

    /// Answers to what a service asks for, of one purchase.
    pub fn inputs(label: IntentId) -> String {
        format!("labels.inputs:{label}")
    }

    /// A document of one label, e.g. `LABEL`.
    pub fn document(label: IntentId, kind: &str) -> String {
        format!("labels.document:{label}:{kind}")
    }

    /// The document of a collection form.
    pub fn form(form: CollectionFormId) -> String {
        format!("collection_forms.document:{form}")
    }

    /// The answer of one purchase in the emergency file beside the database.
    pub fn emergency(label: IntentId) -> String {
        format!("emergency.answer:{label}")
    }
}

/// An order's open data key: seals and opens everything of that order.
#[derive(Zeroize, ZeroizeOnDrop)]
pub struct OrderSeal {
    #[zeroize(skip)]
    id: DataKeyId,
    key: [u8; 32],
}

impl fmt::Debug for OrderSeal {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("•••")
    }
}

impl OrderSeal {
    /// Number of the data key.
    pub fn id(&self) -> DataKeyId {
        self.id
    }

    /// Seals a value for one place.
    pub fn seal<T: Serialize>(
        &self,
        slot: &str,
        store: &StoreId,
        number: &OrderNumber,
        value: &T,
    ) -> Result<Sealed<T>, VaultError> {
        // Room for most values, so that no half-written copy is left behind by growing.
        let mut plain = Zeroizing::new(Vec::with_capacity(16 * 1024));
        serde_json::to_writer(&mut *plain, value).map_err(|_| VaultError::Unreadable(slot.to_owned()))?;
        Ok(Sealed::from_bytes(self.close(slot, store, number, &plain)?))
    }

    /// Opens a value. Refused when it was sealed for another place, order or shop, or was changed.
    pub fn open<T: DeserializeOwned>(
        &self,
        slot: &str,
        store: &StoreId,
        number: &OrderNumber,
        sealed: &Sealed<T>,
    ) -> Result<T, VaultError> {
        let plain = self.reopen(slot, store, number, sealed.as_bytes())?;
        serde_json::from_slice(&plain).map_err(|_| VaultError::Unreadable(slot.to_owned()))
    }

    /// Seals a document of a label.
    pub fn seal_document(
        &self,
        label: IntentId,
        kind: &str,
        store: &StoreId,
        number: &OrderNumber,
        document: &DocumentBytes,
    ) -> Result<Sealed<DocumentBytes>, VaultError> {
        let slot = Slot::document(label, kind);
        Ok(Sealed::from_bytes(self.close(
            &slot,
            store,
            number,
            &document.0,
        )?))
    }

    /// Opens a document of a label.
    pub fn open_document(
        &self,
        label: IntentId,
        kind: &str,
        store: &StoreId,
        number: &OrderNumber,
        sealed: &Sealed<DocumentBytes>,
    ) -> Result<DocumentBytes, VaultError> {
        let slot = Slot::document(label, kind);
        let mut plain = self.reopen(&slot, store, number, sealed.as_bytes())?;
        Ok(DocumentBytes(std::mem::take(&mut *plain)))
    }

    /// Seals the document of a collection form.
    pub fn seal_form(
        &self,
        form: CollectionFormId,
        store: &StoreId,
        document: &DocumentBytes,
    ) -> Result<Sealed<DocumentBytes>, VaultError> {
        let closed = self.close(&Slot::form(form), store, &sealed_as(form), &document.0)?;
        Ok(Sealed::from_bytes(closed))
    }

    /// Opens the document of a collection form.
    pub fn open_form(
        &self,
        form: CollectionFormId,
        store: &StoreId,
        sealed: &Sealed<DocumentBytes>,
    ) -> Result<DocumentBytes, VaultError> {
        let mut plain = self.reopen(&Slot::form(form), store, &sealed_as(form), sealed.as_bytes())?;
        Ok(DocumentBytes(std::mem::take(&mut *plain)))
    }

    /// Seals the exact request of a purchase.
    pub fn seal_request(
        &self,
        label: IntentId,
        store: &StoreId,
        number: &OrderNumber,
        request: &RequestBytes,
    ) -> Result<Sealed<RequestBytes>, VaultError> {
        let slot = Slot::request(label);
        Ok(Sealed::from_bytes(self.close(&slot, store, number, &request.0)?))
    }

    /// Opens the exact request of a purchase.
    pub fn open_request(
        &self,
        label: IntentId,
        store: &StoreId,
        number: &OrderNumber,
        sealed: &Sealed<RequestBytes>,
    ) -> Result<RequestBytes, VaultError> {
        let slot = Slot::request(label);
        let mut plain = self.reopen(&slot, store, number, sealed.as_bytes())?;
        Ok(RequestBytes(std::mem::take(&mut *plain)))
    }

    fn close(
        &self,
        slot: &str,
        store: &StoreId,
        number: &OrderNumber,
        plain: &[u8],
    ) -> Result<Vec<u8>, VaultError> {
        let aad = place(slot, store, number, self.id);
        let mut head = vec![ALGORITHM];
        head.extend(self.id.0.to_be_bytes());
        encrypt(&self.key, head, plain, &aad)
    }

    fn reopen(
        &self,
        slot: &str,
        store: &StoreId,
        number: &OrderNumber,
        blob: &[u8],
    ) -> Result<Zeroizing<Vec<u8>>, VaultError> {
        let broken = || VaultError::Broken(slot_in_words(slot));
        let (head, _) = blob.split_at_checked(BLOB_HEAD).ok_or_else(broken)?;
        known_algorithm(head[0])?;
        if head[1..] != self.id.0.to_be_bytes() {
            return Err(broken());
        }
        let aad = place(slot, store, number, self.id);
        decrypt(&self.key, BLOB_HEAD, blob, &aad).ok_or_else(broken)
    }
}

/// Makes and wraps a data key.
pub(super) fn new_order_key(station: &StationKey, id: DataKeyId) -> Result<WrappedKey, VaultError> {
    let mut key = Zeroizing::new([0_u8; 32]);
    getrandom::fill(&mut *key).map_err(VaultError::NoRandomness)?;
    let mut head = vec![ALGORITHM];
    head.extend(station.id().0.to_be_bytes());
    let bytes = encrypt(station.secret(), head, &*key, &wrap_place(id))?;
    Ok(WrappedKey { id, bytes })
}

/// Wraps an open data key anew.
pub(super) fn rewrap(station: &StationKey, open: &OrderSeal) -> Result<WrappedKey, VaultError> {
    let mut head = vec![ALGORITHM];
    head.extend(station.id().0.to_be_bytes());
    let bytes = encrypt(station.secret(), head, &open.key, &wrap_place(open.id))?;
    Ok(WrappedKey { id: open.id, bytes })
}

/// Which station key wrapped a data key.
pub(super) fn wrapped_by(wrapped: &WrappedKey) -> Result<StationKeyId, VaultError> {
    let broken = || VaultError::Broken("key of the order".to_owned());
    station_id(&wrapped.bytes, broken)
}

/// Unwraps a data key.
pub(super) fn open_key(station: &StationKey, wrapped: &WrappedKey) -> Result<OrderSeal, VaultError> {
    let broken = || VaultError::Broken("key of the order".to_owned());
    let plain = decrypt(
        station.secret(),
        WRAP_HEAD,
        &wrapped.bytes,
        &wrap_place(wrapped.id),
    )
    .ok_or_else(broken)?;
    let key = <[u8; 32]>::try_from(plain.as_slice()).map_err(|_| broken())?;
    Ok(OrderSeal { id: wrapped.id, key })
}

/// The key check of a station key.
pub(super) fn key_check(station: &StationKey) -> Vec<u8> {
    let mut check = vec![ALGORITHM];
    check.extend(station.id().0.to_be_bytes());
    check.extend(mac::subkey(station.secret(), "key check"));
    check
}

/// Which station key made a key check.
pub(super) fn checked_by(recorded: &[u8]) -> Result<StationKeyId, VaultError> {
    station_id(recorded, || VaultError::NoKeyCheck)
}

fn station_id(bytes: &[u8], broken: impl Fn() -> VaultError) -> Result<StationKeyId, VaultError> {
    let (head, _) = bytes.split_at_checked(WRAP_HEAD).ok_or_else(&broken)?;
    known_algorithm(head[0])?;
    let id = <[u8; 4]>::try_from(&head[1..]).map_err(|_| broken())?;
    Ok(StationKeyId(u32::from_be_bytes(id)))
}

fn known_algorithm(algorithm: u8) -> Result<(), VaultError> {
    if algorithm == ALGORITHM {
        Ok(())
    } else {
        Err(VaultError::UnknownAlgorithm(algorithm))
    }
}

fn encrypt(key: &[u8; 32], head: Vec<u8>, plain: &[u8], aad: &[u8]) -> Result<Vec<u8>, VaultError> {
    let mut nonce = [0_u8; NONCE];
    getrandom::fill(&mut nonce).map_err(VaultError::NoRandomness)?;
    let cipher = XChaCha20Poly1305::new(key.into());
    let sealed = cipher
        .encrypt(&XNonce::from(nonce), Payload { msg: plain, aad })
        .expect("the cipher refuses only messages of more than 256 GiB");
    let mut blob = head;
    blob.reserve_exact(NONCE + sealed.len());
    blob.extend(nonce);
    blob.extend(sealed);
    Ok(blob)
}

fn decrypt(key: &[u8; 32], head: usize, blob: &[u8], aad: &[u8]) -> Option<Zeroizing<Vec<u8>>> {
    let rest = blob.get(head..)?;
    let (nonce, msg) = rest.split_at_checked(NONCE)?;
    let nonce = XNonce::from(<[u8; NONCE]>::try_from(nonce).ok()?);
    let cipher = XChaCha20Poly1305::new(key.into());
    cipher
        .decrypt(&nonce, Payload { msg, aad })
        .ok()
        .map(Zeroizing::new)
}

/// Additional data of a sealed blob: each part with its length, so that no two places are written alike.
fn place(slot: &str, store: &StoreId, number: &OrderNumber, key: DataKeyId) -> Vec<u8> {
    let mut aad = Vec::with_capacity(128);
    for part in [slot, store.as_str(), number.as_str()] {
        aad.extend((part.len() as u64).to_be_bytes());
        aad.extend(part.as_bytes());
    }
    aad.extend(key.0.to_be_bytes());
    aad
}

fn wrap_place(key: DataKeyId) -> Vec<u8> {
    let mut aad = b"data key".to_vec();
    aad.extend(key.0.to_be_bytes());
    aad
}

fn slot_in_words(slot: &str) -> String {
    let place = slot.split(':').next().unwrap_or(slot);
    match place {
        Slot::CUSTOMER => "customer data".to_owned(),
        Slot::NOTE => "note".to_owned(),
        "orders.words" => "typed words".to_owned(),
        "labels.request" => "purchase request".to_owned(),
        "labels.document" => "label".to_owned(),
        "labels.inputs" => "details of a purchase".to_owned(),
        "emergency.answer" => "answer of a purchase".to_owned(),
        other => other.to_owned(),
    }
}

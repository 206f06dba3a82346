//! A closed envelope: customer data as it travels to and from the store. Only `vault` closes and opens it.

use super::ids::DataKeyId;
use std::fmt;
use std::marker::PhantomData;

/// Sealed bytes of a `T`. The first bytes name the algorithm and the key (PURCHASING.md 8).
pub struct Sealed<T> {
    bytes: Vec<u8>,
    kind: PhantomData<fn() -> T>,
}

impl<T> Sealed<T> {
    /// Takes bytes that a vault has sealed, or that the store has read back.
    pub fn from_bytes(bytes: Vec<u8>) -> Self {
        Self {
            bytes,
            kind: PhantomData,
        }
    }

    /// The sealed bytes, for the store.
    pub fn as_bytes(&self) -> &[u8] {
        &self.bytes
    }
}

impl<T> Clone for Sealed<T> {
    fn clone(&self) -> Self {
        Self::from_bytes(self.bytes.clone())
    }
}

impl<T> PartialEq for Sealed<T> {
    fn eq(&self, other: &Self) -> bool {
        self.bytes == other.bytes
    }
}

impl<T> fmt::Debug for Sealed<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Sealed({} bytes)", self.bytes.len())
    }
}

/// An order's data key: wrapped by the station key.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct WrappedKey {
    /// Number of the data key; part of the additional data of everything sealed under it.
    pub id: DataKeyId,
    /// Wrapped bytes; they begin with algorithm and station-key id.
    pub bytes: Vec<u8>,
}

/// Plain document bytes of a label: they show a customer's name, so they exist only between Amazon, the
/// vault and a printer.
#[derive(Clone, PartialEq, Eq, zeroize::Zeroize, zeroize::ZeroizeOnDrop)]
pub struct DocumentBytes(pub Vec<u8>);

impl fmt::Debug for DocumentBytes {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("•••")
    }
}

/// A request body as it was or will be sent, byte for byte (PURCHASING.md 3.3).
#[derive(Clone, PartialEq, Eq, zeroize::Zeroize, zeroize::ZeroizeOnDrop)]
pub struct RequestBytes(pub Vec<u8>);

impl fmt::Debug for RequestBytes {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("•••")
    }
}

#[cfg(test)]
mod tests;

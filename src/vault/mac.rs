//! HMAC-SHA256 (RFC 2104), for fingerprints and the key check.

use sha2::{Digest, Sha256};
use zeroize::Zeroize;

const BLOCK: usize = 64;

/// A keyed hash over parts whose borders count.
pub(super) struct Mac {
    inner: Sha256,
    outer: Sha256,
}

impl Mac {
    pub(super) fn new(key: &[u8; 32]) -> Self {
        let mut pad = [0x36_u8; BLOCK];
        for (pad, key) in pad.iter_mut().zip(key) {
            *pad ^= key;
        }
        let inner = Sha256::new_with_prefix(pad);
        for byte in &mut pad {
            *byte ^= 0x36 ^ 0x5c;
        }
        let outer = Sha256::new_with_prefix(pad);
        pad.zeroize();
        Self { inner, outer }
    }

    /// Raw bytes, without their length.
    pub(super) fn raw(&mut self, bytes: &[u8]) {
        self.inner.update(bytes);
    }

    /// A part with its length before it.
    pub(super) fn part(&mut self, bytes: &[u8]) {
        self.raw(&(bytes.len() as u64).to_be_bytes());
        self.raw(bytes);
    }

    pub(super) fn finish(mut self) -> [u8; 32] {
        self.outer.update(self.inner.finalize());
        self.outer.finalize().into()
    }
}

/// A subkey of `key` for one purpose.
pub(super) fn subkey(key: &[u8; 32], purpose: &str) -> [u8; 32] {
    let mut mac = Mac::new(key);
    mac.part(purpose.as_bytes());
    mac.finish()
}

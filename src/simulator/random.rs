//! Chance that is the same on every run: a seeded stream, and draws that depend only on their names.

use sha2::{Digest, Sha256};

/// A stream of draws (`SplitMix64`).
pub(super) struct Random(u64);

impl Random {
    pub(super) const fn new(seed: u64) -> Self {
        Self(seed)
    }

    pub(super) const fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut z = self.0;
        z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        z ^ (z >> 31)
    }

    /// True with this probability.
    pub(super) fn chance(&mut self, probability: f64) -> bool {
        let draw = u32::try_from(self.next() >> 32).unwrap_or(u32::MAX);
        f64::from(draw) < probability * f64::from(u32::MAX)
    }
}

/// A draw that depends on nothing but the seed and these words.
pub(super) fn draw(seed: u64, words: &[&str]) -> u64 {
    let digest = digest(seed, words);
    let mut first = [0; 8];
    first.copy_from_slice(&digest[..8]);
    u64::from_be_bytes(first)
}

/// The same as [`draw`], as 32 lower-case hexadecimal digits.
pub(super) fn name(seed: u64, words: &[&str]) -> String {
    hex(&digest(seed, words)[..16])
}

/// Bytes in lower-case hexadecimal.
pub(super) fn hex(bytes: &[u8]) -> String {
    use std::fmt::Write as _;
    bytes.iter().fold(String::new(), |mut text, byte| {
        let _ = write!(text, "{byte:02x}");
        text
    })
}

/// Fingerprint of a request body.
pub(super) fn fingerprint(bytes: &[u8]) -> String {
    hex(&Sha256::digest(bytes))
}

fn digest(seed: u64, words: &[&str]) -> Vec<u8> {
    let mut hash = Sha256::new();
    hash.update(seed.to_be_bytes());
    for word in words {
        hash.update(word.len().to_be_bytes());
        hash.update(word.as_bytes());
    }
    hash.finalize().to_vec()
}

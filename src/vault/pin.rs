//! PINs: Argon2id, keyed with a pepper that is made of the station's key file. Whoever has the database alone cannot
//! try the million PINs that there are.
//!
//! What is kept is `argon2id <KiB> <passes> <salt> <hash>`, both in base64: a later program may ask for more.

use super::error::VaultError;
use super::{Vault, mac};
use crate::domain::ids::UserId;
use argon2::{Algorithm, Argon2, Params, Version};
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD as BASE64;

/// OWASP's least: 19 MiB and two passes. A station has little memory, and the lock-out bounds the tries.
const MEMORY_KIB: u32 = 19 * 1024;
const PASSES: u32 = 2;
/// More than this is not ours: a database must not make us take all memory.
const MOST_KIB: u32 = 256 * 1024;
const MOST_PASSES: u32 = 16;
const NAME: &str = "argon2id";

impl Vault {
    /// What the store keeps of a person's PIN.
    pub fn hash_pin(&self, user: UserId, pin: &str) -> Result<String, VaultError> {
        let mut salt = [0_u8; 16];
        getrandom::fill(&mut salt).map_err(VaultError::NoRandomness)?;
        let hash = self
            .stretch(user, pin, &salt, MEMORY_KIB, PASSES)
            .ok_or_else(|| VaultError::Unreadable("PIN".to_owned()))?;
        Ok(format!(
            "{NAME} {MEMORY_KIB} {PASSES} {} {}",
            BASE64.encode(salt),
            BASE64.encode(hash)
        ))
    }

    /// Whether this is the PIN. Takes as long for a wrong one as for the right one.
    pub fn is_pin(&self, user: UserId, kept: &str, pin: &str) -> bool {
        let parts: Vec<&str> = kept.split(' ').collect();
        let [NAME, memory, passes, salt, hash] = parts[..] else {
            return false;
        };
        let (Ok(memory), Ok(passes)) = (memory.parse(), passes.parse()) else {
            return false;
        };
        let (Ok(salt), Ok(hash)) = (BASE64.decode(salt), BASE64.decode(hash)) else {
            return false;
        };
        if memory > MOST_KIB || passes > MOST_PASSES {
            return false;
        }
        let Some(tried) = self.stretch(user, pin, &salt, memory, passes) else {
            return false;
        };
        // Every byte is looked at, wherever the first difference is.
        let differs = tried
            .iter()
            .zip(&hash)
            .fold(0, |all, (one, other)| all | (one ^ other));
        hash.len() == tried.len() && differs == 0
    }

    fn stretch(&self, user: UserId, pin: &str, salt: &[u8], memory: u32, passes: u32) -> Option<[u8; 32]> {
        let pepper = mac::subkey(self.keys().fingerprint_key(), "pin pepper");
        let params = Params::new(memory, passes, 1, Some(32)).ok()?;
        let argon = Argon2::new_with_secret(&pepper, Algorithm::Argon2id, Version::V0x13, params).ok()?;
        // The same PIN of two people is kept differently even under one salt.
        let mut salted = user.0.to_be_bytes().to_vec();
        salted.extend(salt);
        let mut hash = [0; 32];
        argon
            .hash_password_into(pin.as_bytes(), &salted, &mut hash)
            .ok()?;
        Some(hash)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::vault::StationKeys;

    #[test]
    fn a_pin_opens_for_its_person_with_the_stations_keys_alone() {
        let vault = Vault::new(StationKeys::generate().unwrap());
        let (ann, bob) = (UserId(1), UserId(2));
        let kept = vault.hash_pin(ann, "493817").unwrap();
        assert!(!kept.contains("493817"));
        assert!(vault.is_pin(ann, &kept, "493817"));
        assert!(!vault.is_pin(ann, &kept, "493818"));
        assert!(!vault.is_pin(bob, &kept, "493817"), "another person's");
        assert_ne!(vault.hash_pin(ann, "493817").unwrap(), kept, "salted");
        // The pepper lies outside the database: with other keys nothing opens.
        let other = Vault::new(StationKeys::generate().unwrap());
        assert!(!other.is_pin(ann, &kept, "493817"));
    }

    #[test]
    fn what_is_no_hash_of_ours_opens_nothing_and_takes_no_memory() {
        let vault = Vault::new(StationKeys::generate().unwrap());
        for kept in [
            "",
            "argon2id",
            "argon2id 19456 2 AAAA",
            "argon2id 4294967295 2 AAAAAAAAAAAAAAAAAAAAAA== AAAA",
            "argon2id 8 1 AAAAAAAAAAAAAAAAAAAAAA== ",
            "scrypt 19456 2 AAAA AAAA",
        ] {
            assert!(!vault.is_pin(UserId(1), kept, "493817"), "{kept}");
        }
    }
}

//! Carries intents out, imports, settles. Owns the client and the buckets.

mod keys;

pub use keys::open_vault;

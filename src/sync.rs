//! Carries intents out, imports, settles. Owns the client and the buckets.

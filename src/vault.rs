//! Sealing and opening of customer data; keys.

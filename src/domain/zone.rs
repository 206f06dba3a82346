//! Time zones of a destination from country, state and postal code.

//! The loop and the effects.

//! What people type about orders, and what Amazon writes about them: a part of the store's interface.

use crate::domain::typed::WordSealer;
use std::sync::Arc;

/// Words that may name a customer are kept sealed under the order's data key, with a mark in their place wherever they
/// are told of, and opened where the order is read. A store without a sealer keeps them as they are: for rehearsals.
pub trait Typing {
    /// Gives the store what seals and opens; the first one stays.
    fn use_sealer(&self, sealer: Arc<dyn WordSealer>);
}

//! Notes on orders, and what is wrong with their addresses: parts of the store's interface.

use super::StoreResult;
use crate::domain::address::AddressFault;
use crate::domain::ids::{OrderId, OrderNumber, StoreId, UserId};
use crate::domain::note::NoteText;
use crate::domain::sealed::{Sealed, WrappedKey};
use chrono::{DateTime, Utc};

/// A note as it is kept.
#[derive(Debug, Clone)]
pub struct SealedNote {
    /// When.
    pub at: DateTime<Utc>,
    /// Who, by name.
    pub by: String,
    /// The order's data key.
    pub key: WrappedKey,
    /// Sealed.
    pub text: Sealed<NoteText>,
}

/// Notes and reviews.
pub trait Reviewing {
    /// Adds a note, sealed under the order's data key; `key` where the order had none. Refused once the order's data
    /// is erased.
    fn add_note(
        &mut self,
        order: OrderId,
        by: UserId,
        note: &Sealed<NoteText>,
        key: Option<&WrappedKey>,
        now: DateTime<Utc>,
    ) -> StoreResult<()>;
    /// Notes of an order, oldest first; none once its data is erased.
    fn notes(&self, order: OrderId) -> StoreResult<Vec<SealedNote>>;
    /// What an import found wrong with an order's address. Flags come and go with it, and the order goes to Review
    /// and comes back; what a person has settled stays settled until something else is wrong.
    fn note_address_faults(
        &mut self,
        store: &StoreId,
        number: &OrderNumber,
        faults: &[AddressFault],
        now: DateTime<Utc>,
    ) -> StoreResult<()>;
}

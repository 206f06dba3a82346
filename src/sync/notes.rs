//! Notes on orders: sealed before they are stored, opened for who reads them.

use crate::domain::ids::{OrderId, UserId};
use crate::domain::note::{Note, NoteText};
use crate::domain::user::Permission;
use crate::store::{Store, StoreError, StoreResult};
use crate::vault::{Slot, Vault, VaultError};
use chrono::{DateTime, Utc};

/// Seals a note under the order's data key, which is made where there is none yet (a Pending order), and stores it.
pub fn add_note(
    store: &mut dyn Store,
    vault: &Vault,
    order: OrderId,
    by: UserId,
    text: &NoteText,
    now: DateTime<Utc>,
) -> StoreResult<()> {
    let channel = store.order(order)?.order.channel;
    let failed = |error: VaultError| StoreError::Failed(error.to_string());
    let (key, fresh) = match store.order_key(&channel.store, &channel.number)? {
        Some(key) => (key, false),
        None => (vault.new_order_key(store.next_data_key()?).map_err(failed)?, true),
    };
    let seal = vault.open_key(&key).map_err(failed)?;
    let sealed = seal
        .seal(Slot::NOTE, &channel.store, &channel.number, text)
        .map_err(failed)?;
    store.add_note(order, by, &sealed, fresh.then_some(&key), now)
}

/// Opens an order's notes, oldest first, for a person who may see customers' data: a note may name one.
pub fn open_notes(store: &dyn Store, vault: &Vault, order: OrderId, by: UserId) -> StoreResult<Vec<Note>> {
    let sealed = store.notes(order)?;
    if sealed.is_empty() {
        return Ok(Vec::new());
    }
    store.permit(by, Permission::SeeCustomers)?;
    let channel = store.order(order)?.order.channel;
    let mut notes = Vec::with_capacity(sealed.len());
    for note in sealed {
        let text = vault
            .open_key(&note.key)
            .and_then(|seal| seal.open(Slot::NOTE, &channel.store, &channel.number, &note.text))
            .map_err(|error| StoreError::Failed(error.to_string()))?;
        notes.push(Note {
            at: note.at,
            by: note.by,
            text,
        });
    }
    Ok(notes)
}

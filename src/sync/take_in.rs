//! Orders that are not Amazon's, taken in from a file or by hand: sealed as an import seals them, and stored in one
//! transaction, so that nothing of them is half there.

use super::import::address_fingerprint;
use crate::domain::ids::{OrderId, StoreId};
use crate::domain::own_order::{OwnOrder, told_again};
use crate::domain::policy::is_po_box;
use crate::store::{ImportReport, ImportedOrder, Store, StoreError};
use crate::vault::{Slot, Vault, VaultError};
use chrono::{DateTime, Utc};

/// Why orders were not taken in; none of them was.
#[derive(Debug, thiserror::Error)]
pub enum TakeInError {
    /// The store refuses or fails.
    #[error(transparent)]
    Store(#[from] StoreError),
    /// The vault cannot seal.
    #[error(transparent)]
    Vault(#[from] VaultError),
}

/// Takes orders in. The same order again changes what was said of it, never what the bench has done.
pub fn take_in(
    store: &mut dyn Store,
    vault: &Vault,
    shop: &StoreId,
    orders: Vec<OwnOrder>,
    now: DateTime<Utc>,
) -> Result<ImportReport, TakeInError> {
    let mut sealed = Vec::with_capacity(orders.len());
    for OwnOrder {
        mut channel,
        customer,
    } in orders
    {
        channel.address_fingerprint = address_fingerprint(vault, &customer);
        let known = store.order_key(shop, &channel.number)?;
        if let Some(id) = of_shop(store, shop, &channel)? {
            let before = store.customer(id)?;
            let same = match before {
                Some((key, sealed)) => vault.open_customer(&key, shop, &channel.number, &sealed)? == customer,
                None => false,
            };
            channel = told_again(&store.order(id)?.order.whole(), channel, same);
        }
        let (key, fresh) = match known {
            Some(key) => (key, false),
            None => (vault.new_order_key(store.next_data_key()?)?, true),
        };
        let data = vault
            .open_key(&key)?
            .seal(Slot::CUSTOMER, shop, &channel.number, &customer)?;
        sealed.push(ImportedOrder {
            channel,
            customer: Some(data),
            key: fresh.then_some(key),
            po_box: Some(is_po_box(&customer.recipient.lines)),
        });
    }
    Ok(store.import_orders(shop, sealed, None, now)?)
}

/// The order of this shop that has this number already.
fn of_shop(
    store: &dyn Store,
    shop: &StoreId,
    channel: &crate::domain::order::ChannelOrder,
) -> Result<Option<OrderId>, StoreError> {
    for id in store.find_orders(&channel.number)? {
        if store.order(id)?.order.channel.store == *shop {
            return Ok(Some(id));
        }
    }
    Ok(None)
}

#[cfg(test)]
mod tests;

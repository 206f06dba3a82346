//! Secrets that must be changed soon: said in the status line, on the screen and by doctor, before Amazon's 180 days
//! are over.

use super::shops::Core;
use crate::amazon::SellerClient;
use crate::domain::ids::StoreId;
use crate::domain::rotation::SecretAge;
use crate::store::{Store, StoreResult};
use crate::vault::Vault;
use chrono::{DateTime, Utc};

/// The keyed fingerprint by which a shop's secret is known: it says nothing of it.
pub fn secret_print(vault: &Vault, client: &SellerClient) -> Vec<u8> {
    client.with_secret(|secret| vault.fingerprint(&["client secret", client.store().as_str(), secret]))
}

/// What is to be said of a shop's secret; none: nothing. `made`: when its owner says it was made.
pub fn secret_age(
    store: &dyn Store,
    shop: &StoreId,
    print: &[u8],
    made: Option<DateTime<Utc>>,
    now: DateTime<Utc>,
) -> StoreResult<Option<SecretAge>> {
    let since = match made {
        Some(made) => Some(made),
        None => store.secret_since(shop, print)?,
    };
    Ok(since.map(|since| SecretAge::of(since, now)))
}

impl Core {
    /// Looks at every shop's secret.
    pub(super) async fn remind(&self) -> StoreResult<()> {
        let shops: Vec<StoreId> = self.shops.keys().cloned().collect();
        for shop in shops {
            self.remind_of(&shop).await?;
        }
        Ok(())
    }

    /// Notes a secret that was not seen before, and says when it must be changed.
    pub(super) async fn remind_of(&self, shop: &StoreId) -> StoreResult<()> {
        let Some(at_work) = self.shops.get(shop) else {
            return Ok(());
        };
        let print = secret_print(&self.vault, &at_work.client);
        let (made, now) = (at_work.client.secret_made(), self.clock.now());
        let (id, known) = (shop.clone(), print.clone());
        let age = self
            .store
            .read(move |store| secret_age(store, &id, &known, made, now))
            .await?;
        if age.is_none() {
            let id = shop.clone();
            self.store
                .write(move |store| store.note_secret(&id, &print, now).map(drop))
                .await?;
        }
        self.health.remind(shop, age.and_then(|age| age.words(shop)));
        Ok(())
    }
}

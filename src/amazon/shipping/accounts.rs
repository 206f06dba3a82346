//! `getCarrierAccounts`: the seller's own accounts with carriers, linked in Seller Central. Read with PUT.

use crate::amazon::client::{SellerClient, path};
use crate::amazon::errors::CallError;
use crate::amazon::limits::Operation;
use crate::amazon::wire::{Many, Maybe, Text};
use crate::domain::spend::LinkedAccount;
use reqwest::Method;
use serde::Deserialize;

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Response {
    #[serde(default)]
    active_accounts: Many<Maybe<Account>>,
    #[serde(default)]
    payload: Maybe<Payload>,
}

/// The model has no wrapper here; other answers of this API have one.
#[derive(Default, Deserialize)]
#[serde(rename_all = "camelCase", default)]
struct Payload {
    active_accounts: Many<Maybe<Account>>,
}

#[derive(Default, Deserialize)]
#[serde(rename_all = "camelCase", default)]
struct Account {
    account_id: Text,
    carrier_id: Text,
}

impl SellerClient {
    /// Asks which carrier accounts of its own the seller has linked. Free; changes nothing.
    pub async fn carrier_accounts(&self) -> Result<Vec<LinkedAccount>, CallError> {
        let operation = Operation::GetCarrierAccounts;
        let url = path(&self.base, &["shipping", "v2", "carrierAccounts"]);
        let answer = self
            .ask(operation, Method::PUT, url, Some(b"{}".to_vec()))
            .await?;
        let response = answer.read::<Response>(operation.name())?;
        let wrapped = response.payload.or_empty().active_accounts;
        let all = response.active_accounts.0.into_iter().chain(wrapped.0);
        Ok(all
            .filter_map(|account| account.0)
            .filter(|account| !account.carrier_id.0.is_empty() || !account.account_id.0.is_empty())
            .map(|account| LinkedAccount {
                carrier: account.carrier_id.0,
                account: account.account_id.0,
            })
            .collect())
    }
}

#[cfg(test)]
mod tests;

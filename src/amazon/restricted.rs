//! The Restricted Data Token of Merchant Fulfillment v0 (Tokens 2021-03-01, amazon.md 1.6): one for its three
//! restricted operations, for whatever shipment, kept for less than an hour, made by one caller at a time, and
//! never logged.

use super::auth::{self, AccessToken};
use super::body::Answer;
use super::client::{SellerClient, path};
use super::errors::CallError;
use super::limits::Operation;
use super::wire::Digits;
use reqwest::header::HeaderValue;
use reqwest::{Method, Url};
use serde::{Deserialize, Serialize};
use std::time::Duration;

/// Kept no longer than this, whatever Amazon says.
const LONGEST: Duration = Duration::from_mins(59);

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Wanted {
    restricted_resources: [Resource; 3],
}

/// One of Merchant Fulfillment's operations. Generic: `{shipmentId}` stands for every shipment.
#[derive(Serialize)]
struct Resource {
    method: &'static str,
    path: &'static str,
}

const WANTED: Wanted = Wanted {
    restricted_resources: [
        Resource {
            method: "POST",
            path: "/mfn/v0/shipments",
        },
        Resource {
            method: "GET",
            path: "/mfn/v0/shipments/{shipmentId}",
        },
        Resource {
            method: "DELETE",
            path: "/mfn/v0/shipments/{shipmentId}",
        },
    ],
};

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Granted {
    restricted_data_token: String,
    #[serde(default)]
    expires_in: Digits,
}

impl SellerClient {
    /// Asks for what Merchant Fulfillment's labels need besides the login: shows that Amazon grants it.
    pub async fn check_restricted(&self) -> Result<(), CallError> {
        self.restricted_token(None).await.map(drop)
    }

    /// The restricted token, other than `refused`.
    pub(super) async fn restricted_token(
        &self,
        refused: Option<&AccessToken>,
    ) -> Result<AccessToken, CallError> {
        self.restricted.token(refused, || self.make_restricted()).await
    }

    async fn make_restricted(&self) -> Result<(HeaderValue, Duration), CallError> {
        let operation = Operation::CreateRestrictedDataToken;
        let url = path(&self.base, &["tokens", "2021-03-01", "restrictedDataToken"]);
        let body = serde_json::to_vec(&WANTED).expect("constant texts are JSON");
        let answer = self.ask(operation, Method::POST, url, Some(body)).await?;
        let granted: Granted = answer.read(operation.name())?;
        let header = auth::header(&granted.restricted_data_token)
            .ok_or_else(|| answer.garbled(operation.name(), "restrictedDataToken is not a token"))?;
        Ok((header, auth::life(&granted.expires_in).min(LONGEST)))
    }

    /// As [`SellerClient::ask`], for an operation that takes the restricted token: sent once again with a fresh
    /// one where Amazon answers 401 or 403.
    pub(super) async fn ask_restricted(
        &self,
        operation: Operation,
        method: Method,
        url: Url,
    ) -> Result<Answer, CallError> {
        let token = self.restricted_token(None).await?;
        let answer = self
            .ask_with(&token, operation, method.clone(), url.clone(), None)
            .await?;
        let answer = if matches!(answer.status, 401 | 403) {
            let token = self.restricted_token(Some(&token)).await?;
            self.ask_with(&token, operation, method, url, None).await?
        } else {
            answer
        };
        self.judge(operation, answer)
    }
}

#[cfg(test)]
mod tests;

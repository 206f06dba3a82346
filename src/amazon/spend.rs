//! What spends or undoes, through either label API, sent exactly once (PURCHASING.md 3.4). Here is the sending,
//! and Shipping v2's `purchaseShipment` and `cancelShipment`; Merchant Fulfillment's are in [`super::merchant`].
//! Nothing here retries, and nothing here decides what an answer means for the money.

use super::auth::AccessToken;
use super::body::{self, Head, Received};
use super::client::{ACCESS_TOKEN, SellerClient, path};
use super::errors::CallError;
use super::limits::{Operation, Permit};
use super::prefix;
use super::shipping::documents;
use super::shipping::purchase;
use crate::domain::ids::{IntentId, ShipmentId};
use crate::domain::intent::{BoughtAnswer, VoidWire, WireAnswer};
use crate::domain::sealed::RequestBytes;
use reqwest::header::{CONTENT_ENCODING, HeaderName, HeaderValue};
use reqwest::{Method, Url};
use std::time::Duration;

const IDEMPOTENCY_KEY: HeaderName = HeaderName::from_static("x-amzn-idempotencykey");

/// A login that takes longer than this before a purchase means that the request is not sent at all: the
/// store's record of asking would be too old (PURCHASING.md 3.3).
const LONGEST_LOGIN: Duration = Duration::from_secs(1);

/// What one sending brought.
pub(super) enum Outcome {
    NotSent(String),
    Lost(String),
    Answered(Head, Received),
}

impl SellerClient {
    /// Readies a purchase or a void *before* it is written down as asked: a fresh access token, and a token of
    /// the bucket, which the next sending uses. Nothing waits between the writing down and the sending.
    pub async fn ready(&self, operation: Operation) -> Result<Permit, CallError> {
        self.pass(operation).await?;
        let (store, patience) = (&self.profile.id, self.patience.bucket);
        Permit::wait(&self.buckets, store, operation, self.haste, patience).await
    }

    /// Buys: sends `request` exactly once, under the intent's own key. `package_reference` is the box's
    /// (`{order}-{box number}`), so that another box's answer is noticed.
    ///
    /// What goes out goes out within 5 s of the call, else it is not sent. Dropping the future after it was
    /// polled leaves the outcome unknown.
    pub async fn purchase(
        &self,
        request: &RequestBytes,
        key: IntentId,
        package_reference: &str,
    ) -> WireAnswer {
        let operation = Operation::PurchaseShipment;
        let url = path(&self.base, &["shipping", "v2", "shipments"]);
        let key = HeaderValue::from_str(&key.to_string()).expect("a UUID is printable");
        let sent = self
            .send_once(operation, Method::POST, url, Some(key), Some(request))
            .await;
        sold(sent, |received, request_id| {
            purchase::bought(received, request_id, package_reference)
        })
    }

    /// Voids: sends `cancelShipment` exactly once.
    pub async fn cancel(&self, shipment: &ShipmentId) -> VoidWire {
        let operation = Operation::CancelShipment;
        let url = path(
            &self.base,
            &["shipping", "v2", "shipments", shipment.as_str(), "cancel"],
        );
        match self.send_once(operation, Method::PUT, url, None, None).await {
            Outcome::NotSent(why) => VoidWire::NotSent { why },
            Outcome::Lost(why) => VoidWire::Lost { why },
            Outcome::Answered(head, received) if (200..300).contains(&head.status) => {
                match body::read::<Accepted>(&received.bytes) {
                    Ok(_) => VoidWire::Accepted {
                        request_id: head.request_id,
                    },
                    Err(_) if received.bytes.is_empty() && received.trouble.is_none() => VoidWire::Accepted {
                        request_id: head.request_id,
                    },
                    Err(why) => VoidWire::Lost {
                        why: format!("Amazon answered {} but the answer is {why}", head.status),
                    },
                }
            }
            Outcome::Answered(head, received) => match whole_error(&head, &received) {
                Ok(error) => VoidWire::Error(error),
                Err(why) => VoidWire::Lost { why },
            },
        }
    }

    /// Fetches the documents of a bought shipment again. On Amazon's own orders they come only in the format
    /// that was bought (amazon.md 3.2), so no format is named.
    pub async fn documents(
        &self,
        shipment: &ShipmentId,
        package_reference: &str,
    ) -> Result<BoughtAnswer, CallError> {
        let operation = Operation::GetShipmentDocuments;
        let mut url = path(
            &self.base,
            &["shipping", "v2", "shipments", shipment.as_str(), "documents"],
        );
        url.query_pairs_mut()
            .append_pair("packageClientReferenceId", package_reference);
        let answer = self.ask(operation, Method::GET, url, None).await?;
        documents::documents(&answer, shipment, package_reference)
    }

    /// The token that the operation takes: the login's, or the restricted one.
    async fn pass(&self, operation: Operation) -> Result<AccessToken, CallError> {
        if operation.is_restricted() {
            self.restricted_token(None).await
        } else {
            self.login.token().await
        }
    }

    pub(super) async fn send_once(
        &self,
        operation: Operation,
        method: Method,
        url: Url,
        key: Option<HeaderValue>,
        body: Option<&RequestBytes>,
    ) -> Outcome {
        let begun = self.clock.monotonic();
        let token = match self.pass(operation).await {
            Ok(token) => token,
            Err(error) => return Outcome::NotSent(error.to_string()),
        };
        if self.clock.monotonic().saturating_sub(begun) > LONGEST_LOGIN {
            return Outcome::NotSent("logging in took too long".to_owned());
        }
        if let Err(wait) = self.buckets.spend(&self.profile.id, operation) {
            let throttled = CallError::Throttled {
                operation: operation.name(),
                wait,
            };
            return Outcome::NotSent(throttled.to_string());
        }
        let mut request = self
            .spending
            .request(method, url)
            .headers(self.headers(operation))
            .header(ACCESS_TOKEN, token.header.clone());
        if let Some(key) = key {
            request = request.header(IDEMPOTENCY_KEY, key);
        }
        if let Some(body) = body {
            request = request.body(body.0.clone());
        }
        let response = match request.send().await {
            Ok(response) => response,
            Err(error) => {
                self.log(operation, None, None);
                // Only a failed connection proves that nothing went out; a broken one proves nothing.
                return if error.is_connect() || error.is_builder() {
                    Outcome::NotSent(body::why(&error))
                } else {
                    Outcome::Lost(body::why(&error))
                };
            }
        };
        let head = body::head(&response);
        let packed = response
            .headers()
            .get(CONTENT_ENCODING)
            .is_some_and(|encoding| encoding == "gzip");
        let mut received = body::receive(response).await;
        if packed {
            received = prefix::unpacked(received);
        }
        self.log(operation, Some(head.status), head.request_id.as_deref());
        if let Some(rate) = &head.rate {
            self.buckets.follow(&self.profile.id, operation, rate);
        }
        match head.status {
            401 | 403 if operation.is_restricted() => self.restricted.forget(&token).await,
            401 | 403 => self.login.forget(&token).await,
            429 => {
                self.buckets.drain(&self.profile.id, operation, head.retry_after);
            }
            _ => {}
        }
        Outcome::Answered(head, received)
    }
}

#[derive(serde::Deserialize)]
struct Accepted {}

/// What one sending of a purchase brought, by either of Amazon's label APIs; `bought` reads a success.
pub(super) fn sold(
    sent: Outcome,
    bought: impl FnOnce(&Received, Option<String>) -> Result<BoughtAnswer, String>,
) -> WireAnswer {
    let (head, received) = match sent {
        Outcome::NotSent(why) => return WireAnswer::NotSent { why },
        Outcome::Lost(why) => return WireAnswer::Lost { why },
        Outcome::Answered(head, received) => (head, received),
    };
    if (200..300).contains(&head.status) {
        return match bought(&received, head.request_id) {
            Ok(bought) => WireAnswer::Bought(Box::new(bought)),
            Err(why) => WireAnswer::Lost {
                why: format!("Amazon answered {} but {why}", head.status),
            },
        };
    }
    match whole_error(&head, &received) {
        Ok(error) => WireAnswer::Error(error),
        Err(why) => WireAnswer::Lost { why },
    }
}

/// An error answer counts only when it is whole, in Amazon's shape, and carries a request id.
pub(super) fn whole_error(
    head: &Head,
    received: &Received,
) -> Result<crate::domain::intent::AmazonError, String> {
    let lost = |what: &str| format!("Amazon answered {} {what}", head.status);
    if let Some(trouble) = &received.trouble {
        return Err(lost(&format!("but the answer broke off: {trouble}")));
    }
    if !(400..600).contains(&head.status) {
        return Err(lost("which is neither a success nor an error"));
    }
    let error = body::error(head.status, head.request_id.as_deref(), &received.bytes);
    if error.amazon_shaped {
        Ok(error)
    } else {
        Err(lost(
            "not in Amazon's words (perhaps something between us and Amazon)",
        ))
    }
}

#[cfg(test)]
mod tests;

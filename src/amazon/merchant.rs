//! Merchant Fulfillment v0: wire types and their meaning (amazon.md 2). The older of Amazon's two label APIs: no
//! key that tells a repeat from a second wish, a token of its own for what is restricted, ounces and grams only.

pub(super) mod eligible;
mod inputs;
mod label;
mod request;
pub(super) mod shipment;

#[cfg(test)]
mod tests;

pub(super) use inputs::by_sku;

use super::body;
use super::client::{SellerClient, path};
use super::errors::CallError;
use super::limits::Operation;
use super::spend::{Outcome, sold, whole_error};
use super::wire::Digits;
use crate::domain::ids::{OrderNumber, ShipmentId};
use crate::domain::intent::{BoughtAnswer, VoidWire, WireAnswer};
use crate::domain::merchant::{MerchantShipment, MerchantStatus};
use crate::domain::money::{Currency, Money};
use crate::domain::sealed::RequestBytes;
use reqwest::{Method, Url};
use serde::Deserialize;

/// `{"CurrencyCode": "USD", "Amount": 33.73}`.
#[derive(Default, Deserialize)]
#[serde(rename_all = "PascalCase", default)]
struct Amount {
    currency_code: Digits,
    amount: Digits,
}

impl Amount {
    fn money(&self) -> Option<Money> {
        Money::parse(&self.amount.0, Currency::parse(&self.currency_code.0)?)
    }
}

/// What a read of the shipment says of a void that nobody knows of: that it was accepted, or rejected. While the
/// label still stands, only asking again can tell.
pub(super) fn voided(status: &MerchantStatus) -> Option<VoidWire> {
    let told = shipment::void_state(status, None);
    (!matches!(told, VoidWire::Lost { .. })).then_some(told)
}

impl SellerClient {
    fn merchant_path(&self, parts: &[&str]) -> Url {
        path(&self.base, &[&["mfn", "v0"], parts].concat())
    }

    /// A shipment by its id: its status, its tracking number, when it changed. Free, at most one a second.
    pub async fn merchant_shipment(&self, shipment: &ShipmentId) -> Result<MerchantShipment, CallError> {
        let operation = Operation::GetShipment;
        let url = self.merchant_path(&["shipments", shipment.as_str()]);
        let answer = self.ask_restricted(operation, Method::GET, url).await?;
        shipment::told(&answer, shipment)
    }

    /// The label of a bought shipment again, with its tracking number.
    pub(super) async fn merchant_documents(
        &self,
        shipment: &ShipmentId,
        order: &OrderNumber,
    ) -> Result<BoughtAnswer, CallError> {
        let operation = Operation::GetShipment;
        let url = self.merchant_path(&["shipments", shipment.as_str()]);
        let answer = self.ask_restricted(operation, Method::GET, url).await?;
        shipment::documents(&answer, shipment, order)
    }

    /// Buys: sends `request` exactly once. Amazon knows no key: sent twice, it may sell twice.
    pub(super) async fn create_shipment(&self, request: &RequestBytes, order: &OrderNumber) -> WireAnswer {
        let operation = Operation::CreateShipment;
        let url = self.merchant_path(&["shipments"]);
        let sent = self
            .send_once(operation, Method::POST, url, None, Some(request))
            .await;
        sold(sent, |received, request_id| {
            shipment::bought(received, request_id, order)
        })
    }

    /// Voids: sends `cancelShipment` exactly once.
    pub(super) async fn cancel_merchant(&self, shipment: &ShipmentId) -> VoidWire {
        let operation = Operation::CancelMerchantShipment;
        let url = self.merchant_path(&["shipments", shipment.as_str()]);
        let (head, received) = match self.send_once(operation, Method::DELETE, url, None, None).await {
            Outcome::NotSent(why) => return VoidWire::NotSent { why },
            Outcome::Lost(why) => return VoidWire::Lost { why },
            Outcome::Answered(head, received) => (head, received),
        };
        if !(200..300).contains(&head.status) {
            return match whole_error(&head, &received) {
                Ok(error) => VoidWire::Error(error),
                Err(why) => VoidWire::Lost { why },
            };
        }
        if let Some(trouble) = received.trouble {
            return VoidWire::Lost {
                why: format!("the answer broke off: {trouble}"),
            };
        }
        match body::read::<shipment::Response>(&received.bytes) {
            Ok(response) => response.void(shipment, head.request_id),
            Err(why) => VoidWire::Lost {
                why: format!("Amazon answered {} but the answer is {why}", head.status),
            },
        }
    }
}

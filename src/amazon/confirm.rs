//! `confirmShipment` (Orders v0, amazon.md 4.4): tells Amazon of a box whose label was bought elsewhere. Never
//! for a label that Amazon sold: it knows those.
//!
//! A second call with the same package reference edits the package, so a call may be repeated.

use super::client::{SellerClient, path};
use super::errors::CallError;
use super::limits::Operation;
use super::shipping::stamp;
use crate::domain::confirmation::{ConfirmedItem, Shipped};
use crate::domain::ids::OrderNumber;
use crate::domain::outside::Carrier;
use reqwest::Method;
use serde::Serialize;

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct ConfirmShipment<'a> {
    marketplace_id: &'a str,
    package_detail: PackageDetail<'a>,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct PackageDetail<'a> {
    /// A positive number, written as text.
    package_reference_id: String,
    carrier_code: &'a str,
    #[serde(skip_serializing_if = "Option::is_none")]
    carrier_name: Option<&'a str>,
    shipping_method: &'a str,
    tracking_number: &'a str,
    ship_date: String,
    order_items: Vec<Item<'a>>,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Item<'a> {
    order_item_id: &'a str,
    quantity: u32,
    #[serde(skip_serializing_if = "<[String]>::is_empty")]
    transparency_codes: &'a [String],
}

impl<'a> From<&'a ConfirmedItem> for Item<'a> {
    fn from(item: &'a ConfirmedItem) -> Self {
        Self {
            order_item_id: item.line.as_str(),
            quantity: item.quantity,
            transparency_codes: &item.codes,
        }
    }
}

impl SellerClient {
    /// The body that tells Amazon of this box: kept before it is sent, sent as it was kept.
    pub fn confirmation_body(&self, shipped: &Shipped) -> String {
        let body = ConfirmShipment {
            marketplace_id: &self.profile.marketplace,
            package_detail: PackageDetail {
                package_reference_id: shipped.reference.to_string(),
                carrier_code: shipped.carrier.amazon_code(),
                carrier_name: match &shipped.carrier {
                    Carrier::Other(name) => Some(name),
                    _ => None,
                },
                shipping_method: &shipped.method,
                tracking_number: shipped.tracking.as_str(),
                ship_date: stamp(shipped.shipped_at),
                order_items: shipped.items.iter().map(Item::from).collect(),
            },
        };
        serde_json::to_string(&body).expect("a confirmation is plain data")
    }

    /// Tells Amazon. A success has no content (204); the answer's `x-amzn-RequestId` comes back.
    pub async fn confirm_shipment(
        &self,
        number: &OrderNumber,
        body: &str,
    ) -> Result<Option<String>, CallError> {
        let url = path(
            &self.base,
            &["orders", "v0", "orders", number.as_str(), "shipmentConfirmation"],
        );
        let body = Some(body.as_bytes().to_vec());
        let answer = self
            .ask(Operation::ConfirmShipment, Method::POST, url, body)
            .await?;
        Ok(answer.request_id)
    }
}

#[cfg(test)]
mod tests;

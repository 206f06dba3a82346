//! The ledger as it is shown to whoever wants to compare it with a station's own books.

use super::ledger::{Confirmation, Refund, Shipment};
use super::order::Packed;
use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;

/// What was sold and what was asked, for comparison with a station's own books.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct LedgerView {
    /// All shipments, oldest first.
    pub shipments: Vec<ShipmentView>,
    /// All confirmations of parcels with labels from elsewhere, oldest first; an edit is one more.
    pub confirmations: Vec<ConfirmationView>,
    /// Requests that arrived since the start, by operation.
    pub requests: BTreeMap<String, u64>,
    /// Purchase requests that arrived since the start, by idempotency key (empty text: none was sent).
    pub purchase_requests_by_key: BTreeMap<String, u64>,
    /// Cancel requests that arrived since the start, by shipment id.
    pub cancel_requests_by_shipment: BTreeMap<String, u64>,
    /// `createShipment` requests that arrived since the start, by order number: they carry no key.
    pub create_requests_by_order: BTreeMap<String, u64>,
    /// The most requests of one seller that arrived in any sixty seconds, by operation.
    pub peak_requests_per_minute: BTreeMap<String, u64>,
    /// 429 that were answered because a bucket was empty, by operation.
    pub throttled: BTreeMap<String, u64>,
    /// 429 that were answered because a fault said so, by operation.
    pub throttled_by_faults: BTreeMap<String, u64>,
}

/// A shipment as the ledger shows it.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct ShipmentView {
    /// Shipment id.
    pub shipment_id: String,
    /// Order number; empty where the order is not Amazon's.
    pub order_id: String,
    /// Seller's merchant id.
    pub seller: String,
    /// `AMAZON` or `EXTERNAL`.
    pub channel: String,
    /// `PAY_THROUGH_AMAZON` or `PAY_DIRECT_TO_CARRIER`.
    pub payment: String,
    /// `shipping-v2` or `merchant-fulfillment-v0`.
    pub api: String,
    /// The idempotency key it was bought under; Merchant Fulfillment knows none.
    pub key: Option<String>,
    /// `packageClientReferenceId`: the box; `SellerOrderId` where Merchant Fulfillment sold it.
    pub box_reference: String,
    /// Carrier id.
    pub carrier_id: String,
    /// Service id.
    pub service_id: String,
    /// Tracking number.
    pub tracking: String,
    /// Price in cents of a dollar, value-added services included.
    pub cents: u32,
    /// `live` or `cancelled`.
    pub status: String,
    /// When it was bought.
    pub bought_at: DateTime<Utc>,
    /// When it was canceled.
    pub cancelled_at: Option<DateTime<Utc>>,
    /// `pending`, `applied` or `rejected`, as Merchant Fulfillment reports it by now; Shipping v2 never does.
    pub refund: Option<String>,
    /// When the carrier first scanned the parcel.
    pub scanned_at: Option<DateTime<Utc>>,
    /// Label format.
    pub format: String,
    /// What is in the box.
    pub items: Vec<LedgerItem>,
}

/// A confirmation of a parcel whose label was bought elsewhere.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct ConfirmationView {
    /// Order number.
    pub order_id: String,
    /// Seller's merchant id.
    pub seller: String,
    /// `packageReferenceId`.
    pub package_reference: String,
    /// Carrier code.
    pub carrier_code: String,
    /// Carrier's name, where it was sent; else empty.
    pub carrier_name: String,
    /// Shipping method, where it was sent; else empty.
    pub method: String,
    /// Tracking number.
    pub tracking: String,
    /// When it was handed over, as sent.
    pub ship_date: DateTime<Utc>,
    /// When the confirmation arrived.
    pub confirmed_at: DateTime<Utc>,
    /// What is in the parcel.
    pub items: Vec<LedgerItem>,
}

/// Units of an order line in a shipment.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct LedgerItem {
    /// Order item id.
    pub order_item_id: String,
    /// Units.
    pub quantity: u32,
    /// Serial numbers (transparency codes), in the order of the units as sent.
    pub serials: Vec<String>,
}

impl LedgerView {
    /// Labels of an order that are not canceled.
    pub fn live(&self, order: &str) -> Vec<&ShipmentView> {
        self.shipments
            .iter()
            .filter(|shipment| shipment.order_id == order && shipment.status == "live")
            .collect()
    }
}

impl Shipment {
    /// The seller's own line on the label. Merchant Fulfillment prints one at 203 dots only and never for
    /// FedEx (amazon.md 2.8).
    pub(super) fn note(&self) -> Option<String> {
        match &self.merchant {
            Some(sale) => sale
                .text
                .clone()
                .filter(|_| self.documents.dpi == Some(203) && self.documents.format == "ZPL")
                .filter(|_| self.carrier.0 != "FEDEX"),
            None => self
                .documents
                .printed
                .iter()
                .any(|name| name == "PACKAGE_CLIENT_REFERENCE_ID")
                .then(|| format!("REF {}", self.reference)),
        }
    }

    /// How far the refund is; `None` where the label lives or nothing is ever reported.
    pub(super) fn refund_state(&self, now: DateTime<Utc>) -> Option<&'static str> {
        let refund = self.refund.filter(|_| self.canceled.is_some())?;
        Some(match refund {
            Refund { decided, .. } if now < decided => "pending",
            Refund { rejected: true, .. } => "rejected",
            // The carrier took the parcel after all.
            Refund { decided, .. } if self.scanned.is_some_and(|at| at < decided) => "rejected",
            Refund { .. } => "applied",
        })
    }

    pub(super) fn view(&self, merchant: &str, now: DateTime<Utc>) -> ShipmentView {
        let status = if self.canceled.is_some() {
            "cancelled"
        } else {
            "live"
        };
        ShipmentView {
            shipment_id: self.id.clone(),
            order_id: self.order.clone(),
            seller: merchant.to_owned(),
            channel: if self.ship_to.is_some() {
                "EXTERNAL"
            } else {
                "AMAZON"
            }
            .to_owned(),
            payment: if self.direct {
                "PAY_DIRECT_TO_CARRIER"
            } else {
                "PAY_THROUGH_AMAZON"
            }
            .to_owned(),
            api: if self.merchant.is_some() {
                "merchant-fulfillment-v0"
            } else {
                "shipping-v2"
            }
            .to_owned(),
            key: self.key.clone(),
            box_reference: self.reference.clone(),
            carrier_id: self.carrier.0.clone(),
            service_id: self.service.0.clone(),
            tracking: self.tracking.clone(),
            cents: self.cents,
            status: status.to_owned(),
            bought_at: self.bought,
            cancelled_at: self.canceled,
            refund: self.refund_state(now).map(str::to_owned),
            scanned_at: self.scanned,
            format: self.documents.format.clone(),
            items: show_items(&self.items),
        }
    }
}

fn show_items(items: &[Packed]) -> Vec<LedgerItem> {
    items
        .iter()
        .map(|(id, quantity, serials)| LedgerItem {
            order_item_id: id.clone(),
            quantity: *quantity,
            serials: serials.clone(),
        })
        .collect()
}

impl Confirmation {
    pub(super) fn view(&self, merchant: &str) -> ConfirmationView {
        ConfirmationView {
            order_id: self.order.clone(),
            seller: merchant.to_owned(),
            package_reference: self.reference.clone(),
            carrier_code: self.carrier.clone(),
            carrier_name: self.carrier_name.clone(),
            method: self.method.clone(),
            tracking: self.tracking.clone(),
            ship_date: self.shipped,
            confirmed_at: self.at,
            items: show_items(&self.items),
        }
    }
}

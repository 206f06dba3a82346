//! What was sold: kept durably before it is answered, and shown to whoever wants to compare.

use super::order::{OrderChange, Packed};
use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;
use std::fs::{File, OpenOptions};
use std::io::{self, BufRead as _, BufReader, Seek as _, Write as _};
use std::path::Path;

/// A shipment as sold.
#[derive(Clone, Serialize, Deserialize)]
pub(super) struct Shipment {
    pub(super) id: String,
    pub(super) order: String,
    pub(super) seller: usize,
    /// The idempotency key it was bought under.
    pub(super) key: Option<String>,
    /// Fingerprint of the request that bought it.
    pub(super) body: String,
    /// `packageClientReferenceId` of the quote.
    pub(super) reference: String,
    pub(super) carrier: (String, String),
    pub(super) service: (String, String),
    pub(super) tracking: String,
    pub(super) cents: u32,
    pub(super) bought: DateTime<Utc>,
    pub(super) canceled: Option<DateTime<Utc>>,
    /// Promise and benefits as quoted.
    pub(super) promise: serde_json::Value,
    pub(super) benefits: serde_json::Value,
    pub(super) documents: Documents,
    /// Order item id, units, serial numbers.
    pub(super) items: Vec<Packed>,
    /// What Merchant Fulfillment keeps of it; `None`: sold by Shipping v2.
    #[serde(default)]
    pub(super) merchant: Option<Box<MerchantSale>>,
    /// When the carrier first scanned the parcel.
    #[serde(default)]
    pub(super) scanned: Option<DateTime<Utc>>,
    /// What becomes of the money after a cancellation, where the interface ever says.
    #[serde(default)]
    pub(super) refund: Option<Refund>,
}

/// A shipment of Merchant Fulfillment as it is shown again, in Amazon's fields.
#[derive(Clone, Serialize, Deserialize)]
pub(super) struct MerchantSale {
    /// Items, ship-from, dimensions and weight as they were sent.
    pub(super) details: serde_json::Value,
    /// `ShippingService` as sold.
    pub(super) service: serde_json::Value,
    /// `Insurance`.
    pub(super) insurance: serde_json::Value,
    /// `CustomTextForLabel`, as asked for.
    pub(super) text: Option<String>,
}

/// When the refund of a canceled label is decided, and how.
#[derive(Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct Refund {
    pub(super) decided: DateTime<Utc>,
    pub(super) rejected: bool,
}

/// What was asked for on paper.
#[derive(Clone, Serialize, Deserialize)]
pub(super) struct Documents {
    pub(super) format: String,
    pub(super) dpi: Option<u64>,
    /// In tenths of an inch: width, length.
    pub(super) size: (u32, u32),
    pub(super) kinds: Vec<String>,
    /// The carrier's system gave out an empty label.
    pub(super) blank: bool,
    /// What is printed beside the carrier's own marks, by Shipping v2's names.
    #[serde(default)]
    pub(super) printed: Vec<String>,
}

/// One line of the ledger's file.
#[derive(Serialize, Deserialize)]
#[serde(tag = "entry", rename_all = "kebab-case")]
pub(super) enum Entry {
    /// The first: when, and with what seed.
    Opened { at: DateTime<Utc>, seed: u64 },
    /// A label was sold.
    Bought { shipment: Box<Shipment> },
    /// A label was canceled.
    Canceled {
        shipment: String,
        at: DateTime<Utc>,
        #[serde(default)]
        refund: Option<Refund>,
    },
    /// The carrier scanned a parcel for the first time.
    Scanned { shipment: String, at: DateTime<Utc> },
    /// An order was changed from outside.
    Changed {
        order: String,
        at: DateTime<Utc>,
        what: Box<OrderChange>,
    },
}

/// The ledger's file and the length of its whole lines; without one, nothing is kept.
pub(super) struct Journal(Option<(File, u64)>);

impl Journal {
    /// Opens the file and reads what it holds. A torn last line, never answered for, is cut off.
    pub(super) fn open(path: Option<&Path>) -> io::Result<(Self, Vec<Entry>)> {
        let Some(path) = path else {
            return Ok((Self(None), Vec::new()));
        };
        let mut file = OpenOptions::new()
            .read(true)
            .append(true)
            .create(true)
            .open(path)?;
        let mut entries = Vec::new();
        let mut whole = 0;
        let mut reader = BufReader::new(&file);
        let mut line = Vec::new();
        while reader.read_until(b'\n', &mut line)? > 0 {
            if line.last() != Some(&b'\n') {
                break;
            }
            entries.push(serde_json::from_slice(&line).map_err(|error| {
                io::Error::new(
                    io::ErrorKind::InvalidData,
                    format!(
                        "{}: line {} is no ledger entry: {error}",
                        path.display(),
                        entries.len() + 1
                    ),
                )
            })?);
            whole += line.len() as u64;
            line.clear();
        }
        file.set_len(whole)?;
        file.seek(io::SeekFrom::End(0))?;
        Ok((Self(Some((file, whole))), entries))
    }

    /// Appends an entry and waits until it is on the disk.
    pub(super) fn keep(&mut self, entry: &Entry) -> io::Result<()> {
        let Some((file, whole)) = &mut self.0 else {
            return Ok(());
        };
        let mut line = serde_json::to_vec(entry)?;
        line.push(b'\n');
        if let Err(error) = file.write_all(&line).and_then(|()| file.sync_data()) {
            // What is refused must not be found again, nor tear the next line.
            file.set_len(*whole)?;
            return Err(error);
        }
        *whole += line.len() as u64;
        Ok(())
    }
}

/// What was sold and what was asked, for comparison with a station's own books.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct LedgerView {
    /// All shipments, oldest first.
    pub shipments: Vec<ShipmentView>,
    /// Requests that arrived since the start, by operation.
    pub requests: BTreeMap<String, u64>,
    /// Purchase requests that arrived since the start, by idempotency key (empty text: none was sent).
    pub purchase_requests_by_key: BTreeMap<String, u64>,
    /// Cancel requests that arrived since the start, by shipment id.
    pub cancel_requests_by_shipment: BTreeMap<String, u64>,
    /// `createShipment` requests that arrived since the start, by order number: they carry no key.
    pub create_requests_by_order: BTreeMap<String, u64>,
}

/// A shipment as the ledger shows it.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct ShipmentView {
    /// Shipment id.
    pub shipment_id: String,
    /// Order number.
    pub order_id: String,
    /// Seller's merchant id.
    pub seller: String,
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
            items: self
                .items
                .iter()
                .map(|(id, quantity, serials)| LedgerItem {
                    order_item_id: id.clone(),
                    quantity: *quantity,
                    serials: serials.clone(),
                })
                .collect(),
        }
    }
}

//! What Merchant Fulfillment v0 says of a shipment (amazon.md 2.8 to 2.10). Facts only.

use super::ids::{LineId, OrderNumber, ShipmentId, TrackingNumber};
use chrono::{DateTime, Utc};
use std::fmt;

/// How far a shipment is (`Status`). The only report of a refund that any of Amazon's label APIs makes.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum MerchantStatus {
    /// Sold, and not canceled.
    Purchased,
    /// Canceled; the carrier looks at the refund.
    RefundPending,
    /// The refund is credited.
    RefundApplied,
    /// The refund is rejected: too late, or the carrier has the parcel already.
    RefundRejected,
    /// Anything else, as Amazon wrote it; may be empty.
    Unknown(String),
}

impl MerchantStatus {
    /// The status by Amazon's word.
    pub fn parse(word: &str) -> Self {
        match word.trim() {
            "Purchased" => Self::Purchased,
            "RefundPending" => Self::RefundPending,
            "RefundApplied" => Self::RefundApplied,
            "RefundRejected" => Self::RefundRejected,
            other => Self::Unknown(other.to_owned()),
        }
    }
}

impl fmt::Display for MerchantStatus {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Purchased => "Purchased",
            Self::RefundPending => "RefundPending",
            Self::RefundApplied => "RefundApplied",
            Self::RefundRejected => "RefundRejected",
            Self::Unknown(word) => word,
        })
    }
}

/// A shipment as `getShipment` tells it, without the label and without anything of the customer.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct MerchantShipment {
    /// Amazon's id of it (`ShipmentId`, a UUID).
    pub shipment: ShipmentId,
    /// The order that it is of (`AmazonOrderId`).
    pub order: OrderNumber,
    /// How far it is.
    pub status: MerchantStatus,
    /// The carrier's number, where given.
    pub tracking: Option<TrackingNumber>,
    /// Carrier's name.
    pub carrier: String,
    /// Service's name.
    pub service: String,
    /// Units in it by order line.
    pub items: Vec<(LineId, u32)>,
    /// Bought at (UTC), where given.
    pub created_at: Option<DateTime<Utc>>,
    /// Last changed at (UTC), where given.
    pub updated_at: Option<DateTime<Utc>>,
}

#[cfg(test)]
mod tests;

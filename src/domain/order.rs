//! Orders as the bench sees them, and what Amazon last said of them.

use super::address::{AddressFault, Destination};
use super::ids::{LineId, OrderId, OrderNumber, PickListId, Sku, StoreId, TrackingNumber};
use super::money::Money;
use super::outside::Carrier;
use super::rate::Confirmation;
use super::split::Part;
use super::status::OrderStatus;
use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};
use std::fmt;

/// A span of time in UTC; either end may be missing.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, Default)]
pub struct Window {
    /// Not before.
    pub earliest: Option<DateTime<Utc>>,
    /// Not after.
    pub latest: Option<DateTime<Utc>>,
}

/// Amazon's own status of an order (`fulfillmentStatus`); unknown values are kept, never fatal.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub enum ChannelStatus {
    /// Payment is being processed, or the item is not yet available.
    Pending,
    /// May be shipped.
    Unshipped,
    /// A part was shipped.
    PartiallyShipped,
    /// Shipped.
    Shipped,
    /// Canceled.
    Canceled,
    /// Cannot be fulfilled.
    Unfulfillable,
    /// Anything else, as Amazon wrote it.
    Unknown(String),
}

/// Programs that an order is in (`programs`).
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Programs {
    /// Seller Fulfilled Prime. Never inferred from the service level (amazon.md 8).
    pub prime: bool,
    /// Amazon Business.
    pub business: bool,
    /// Premium shipping.
    pub premium: bool,
    /// Others, as Amazon wrote them.
    pub other: Vec<String>,
}

/// One line of an order.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[expect(
    clippy::struct_excessive_bools,
    reason = "each is a fact of its own that Amazon states"
)]
pub struct OrderLine {
    /// Amazon's id of the line.
    pub id: LineId,
    /// Product.
    pub sku: Sku,
    /// Amazon's id of the product, may be empty.
    pub asin: String,
    /// Title, clean.
    pub title: String,
    /// Units ordered.
    pub quantity: u32,
    /// Price of one unit, where given.
    pub unit_price: Option<Money>,
    /// Each unit needs a transparency code (item program `TRANSPARENCY`).
    pub transparency: bool,
    /// Amazon wants a serial number (`serialNumberRequirement` REQUIRED).
    pub serial_required: bool,
    /// A gift; the message itself is sealed.
    pub gift: bool,
    /// The buyer asks to cancel this line.
    pub cancel_requested: bool,
}

/// A package that Amazon lists for an order (`packages`).
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ChannelPackage {
    /// Amazon's reference.
    pub reference: String,
    /// Status as Amazon wrote it.
    pub status: String,
    /// Carrier.
    pub carrier: String,
    /// Service.
    pub service: String,
    /// Tracking number.
    pub tracking: Option<TrackingNumber>,
    /// When Amazon says it shipped.
    pub shipped_at: Option<DateTime<Utc>>,
    /// Units in it by order line.
    pub items: Vec<(LineId, u32)>,
}

/// The shipping method that an order is assigned to.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, Default)]
pub enum AssignedMethod {
    /// Not assigned: the cheapest that passes the rules (workflow.md 1.4).
    #[default]
    Unknown,
    /// Only the carrier is assigned: the cheapest of its methods that passes.
    Carrier {
        /// Carrier id.
        carrier_id: String,
    },
    /// A label that is bought elsewhere.
    Outside {
        /// Whose.
        carrier: Carrier,
    },
    /// Assigned ahead.
    Service {
        /// Carrier id.
        carrier_id: String,
        /// Service id, e.g. `UPS_PTP_GND`.
        service_id: String,
    },
}

/// Something about an order that a packer must see before going on.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub enum Flag {
    /// Amazon says canceled.
    Canceled,
    /// The buyer asks to cancel.
    CancelRequested,
    /// The address changed after the bench had begun.
    AddressChanged,
    /// Items or quantities changed after the bench had begun.
    ItemsChanged,
    /// Amazon lists a package that is not ours.
    ShippedElsewhere,
    /// No product of the catalogue is mapped to this SKU.
    NoProduct(Sku),
    /// A parcel would not arrive at the address as it is.
    AddressTrouble(AddressFault),
    /// Canceled here; the shop where it was ordered still counts on it.
    StoreNotNotified,
}

impl Flag {
    /// Something that must be resolved before the order is worked on: it waits in Review (workflow.md 2.2).
    pub fn is_review(&self) -> bool {
        matches!(
            self,
            Self::NoProduct(_) | Self::AddressTrouble(_) | Self::CancelRequested
        )
    }

    /// It comes and goes with a fact: nobody at the bench can settle it.
    pub fn is_fact(&self) -> bool {
        matches!(
            self,
            Self::Canceled | Self::ShippedElsewhere | Self::NoProduct(_) | Self::StoreNotNotified
        )
    }
}

/// What a flag means at the bench, and what to do.
impl fmt::Display for Flag {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Canceled => "CANCELED at Amazon: put everything back, do not ship",
            Self::CancelRequested => "The buyer asks to cancel: do not ship before that is settled",
            Self::AddressChanged => "The address changed after packing began",
            Self::ItemsChanged => "Items or quantities changed after packing began: count again",
            Self::ShippedElsewhere => "Amazon lists a package that is not ours: nothing is bought",
            Self::NoProduct(sku) => {
                return write!(f, "No product in the catalogue for SKU {sku}: import it first");
            }
            Self::AddressTrouble(fault) => return write!(f, "Address trouble: {fault}"),
            Self::StoreNotNotified => {
                "STORE NOT NOTIFIED: canceled here only, cancel it in Seller Central too"
            }
        })
    }
}

/// Where an order was placed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Origin {
    /// At Amazon: Amazon knows it, sells its labels on channel AMAZON, is told of labels bought elsewhere.
    #[default]
    Amazon,
    /// Elsewhere (own shop, another marketplace): Amazon knows nothing of it.
    Elsewhere,
}

impl Origin {
    /// Whether Amazon has this order.
    pub fn is_amazon(&self) -> bool {
        *self == Self::Amazon
    }
}

/// What one import brought of an order, apart from the customer's data.
/// Serves as the whole of what Amazon said; the bench's own state is never in it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ChannelOrder {
    /// The connected shop.
    pub store: StoreId,
    /// Where it was placed. Left out of what is stored where it is Amazon, so that older words stay the same.
    #[serde(default, skip_serializing_if = "Origin::is_amazon")]
    pub origin: Origin,
    /// Amazon's number, or the shop's own where the order is not Amazon's.
    pub number: OrderNumber,
    /// Amazon's status.
    pub status: ChannelStatus,
    /// Programs.
    pub programs: Programs,
    /// Destination; none while Pending.
    pub destination: Option<Destination>,
    /// Ship-by window.
    pub ship_by: Window,
    /// Deliver-by window.
    pub deliver_by: Window,
    /// Service level as Amazon wrote it.
    pub service_level: String,
    /// Labels may not be printed before this.
    pub print_not_before: Option<DateTime<Utc>>,
    /// Least Delivery Confirmation that the order demands (signature, age or identity check).
    pub confirmation_floor: Option<Confirmation>,
    /// Lines.
    pub lines: Vec<OrderLine>,
    /// Packages that Amazon lists.
    pub packages: Vec<ChannelPackage>,
    /// Created at Amazon.
    pub created_at: DateTime<Utc>,
    /// Last updated at Amazon.
    pub updated_at: DateTime<Utc>,
    /// Keyed fingerprint of the address (made by the vault), so that a change shows without opening it.
    pub address_fingerprint: Vec<u8>,
}

impl ChannelOrder {
    /// The same without what came from the customer: what is left of an order whose customer is erased. Country,
    /// state and zones stay, as statistics need them.
    #[must_use]
    pub fn without_customer(mut self) -> Self {
        self.address_fingerprint.clear();
        if let Some(destination) = &mut self.destination {
            destination.closed_weekdays.clear();
            destination.closed_dates.clear();
            destination.open_dates.clear();
        }
        self
    }
}

/// Promises in the channel's own words.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Said {
    /// Ship-by window.
    pub ship_by: Window,
    /// Deliver-by window.
    pub deliver_by: Window,
    /// Service level.
    pub service_level: String,
}

impl Said {
    /// As the channel says them.
    pub fn of(channel: &ChannelOrder) -> Self {
        Self {
            ship_by: channel.ship_by,
            deliver_by: channel.deliver_by,
            service_level: channel.service_level.clone(),
        }
    }
}

/// An order as the store keeps it: Amazon's word and the bench's own state.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Order {
    /// Our number.
    pub id: OrderId,
    /// Amazon's word.
    pub channel: ChannelOrder,
    /// Where it stands at the bench.
    pub status: OrderStatus,
    /// The pick list that it is on, if any is open.
    pub pick_list: Option<PickListId>,
    /// Method assigned ahead.
    pub assigned: AssignedMethod,
    /// What a packer must see.
    pub flags: Vec<Flag>,
    /// When Amazon's word was last known to hold: the `getOrder` or the sweep's echoed `lastUpdatedBefore`.
    pub seen_at: DateTime<Utc>,
    /// Customer data is erased; nothing of it can be shown or printed again.
    pub erased: bool,
    /// What the channel said of the promises, where policies gave others: `channel` has those.
    pub said: Option<Box<Said>>,
    /// Of a split order: which part this is. The channel's lines are then this part's alone.
    pub part: Option<Part>,
}

#[cfg(test)]
mod tests;

//! An order as Amazon keeps it.

use chrono::{DateTime, TimeDelta, Utc};
use chrono_tz::Tz;
use serde::{Deserialize, Serialize};

/// A recipient's address.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Address {
    /// Recipient.
    pub name: String,
    /// Company, where there is one.
    pub company: Option<String>,
    /// Street lines, at least one.
    pub lines: Vec<String>,
    /// City.
    pub city: String,
    /// State or region.
    pub state: String,
    /// Postal code.
    pub postal_code: String,
    /// ISO 3166-1 alpha-2.
    pub country: String,
    /// Telephone.
    pub phone: String,
    /// `RESIDENTIAL`, `COMMERCIAL` or `PICKUP_POINT`.
    pub kind: String,
    /// Where it lies: windows are made in its local time.
    pub zone: Tz,
}

/// When a business receives parcels.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Hours {
    /// Days (`MON`, …) with opening and closing hour.
    pub open: Vec<(String, u32, u32)>,
    /// Days from the start on which it is closed, as dates.
    pub closed: Vec<chrono::NaiveDate>,
}

/// An order line.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Line {
    /// Order item id.
    pub id: String,
    /// Seller's SKU.
    pub sku: String,
    /// ASIN.
    pub asin: String,
    /// Title.
    pub title: String,
    /// Units ordered.
    pub quantity: u32,
    /// Price of one unit in cents.
    pub cents: u32,
    /// Each unit takes a transparency code.
    pub transparency: bool,
    /// Each unit takes a serial number.
    pub serial: bool,
    /// Gift message, where it is a gift.
    pub gift: Option<String>,
    /// The buyer asked to cancel it.
    pub cancel_requested: bool,
}

/// What Amazon says of the order apart from its packages.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Base {
    /// Payment is not through: no address, no prices.
    Pending,
    /// To be shipped, or shipped if its packages say so.
    Open,
    /// Canceled.
    Canceled,
}

/// What kind of offers the quotes of this order hold.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum OfferShape {
    /// All carriers, natural days.
    #[default]
    Plain,
    /// The cheap methods land on a Saturday or Sunday, `FEDEX_PTP_HOME_DELIVERY` is the cheapest.
    Weekend,
    /// The cheapest method's window ends on a Friday evening that is a Saturday in UTC.
    UtcSaturday,
    /// The cheap methods' windows begin before a weekend and end after it.
    Span,
    /// Cheap methods miss the deliver-by; some say so by `LATE_DELIVERY_RISK`, some do not.
    Late,
    /// Only carrier-branded flat-rate packaging.
    FlatRateOnly,
    /// The cheapest rate has no delivery window.
    NoPromise,
    /// The cheapest rate needs additional inputs.
    AdditionalInputs,
    /// Protection is lost for reasons of the seller's settings (`NON_SSA_ORDER`, `NON_AHT_ORDER`).
    SellerExclusions,
}

/// Units in a package: order item id, how many, their serial numbers.
pub(super) type Packed = (String, u32, Vec<String>);

/// A package of an order.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub(super) struct Package {
    pub(super) reference: String,
    pub(super) carrier: String,
    pub(super) service: String,
    pub(super) tracking: String,
    pub(super) created: DateTime<Utc>,
    /// When Orders shows it.
    pub(super) shown: DateTime<Utc>,
    /// When it was handed over, where the seller said so; else when it was made.
    #[serde(default)]
    pub(super) shipped: Option<DateTime<Utc>>,
    /// When its label was canceled, and when Orders shows that.
    pub(super) canceled: Option<DateTime<Utc>>,
    /// When the carrier first scanned it.
    #[serde(default)]
    pub(super) scanned: Option<DateTime<Utc>>,
    /// Shipment id; `None` for packages that were not bought here.
    pub(super) shipment: Option<String>,
    pub(super) items: Vec<Packed>,
}

/// An order.
#[derive(Clone, Serialize, Deserialize)]
pub struct Order {
    /// Amazon's number, 3-7-7.
    pub number: String,
    /// Index of the seller.
    pub seller: usize,
    /// Placed.
    pub created: DateTime<Utc>,
    /// Last change that is not a package.
    pub updated: DateTime<Utc>,
    /// State apart from packages.
    pub base: Base,
    /// `PRIME`, `AMAZON_BUSINESS`, `PREMIUM`.
    pub programs: Vec<String>,
    /// `STANDARD`, `EXPEDITED`, …
    pub level: String,
    /// Ship-by window.
    pub ship_by: (DateTime<Utc>, DateTime<Utc>),
    /// Deliver-by window.
    pub deliver_by: (DateTime<Utc>, DateTime<Utc>),
    /// Recipient.
    pub address: Address,
    /// Delivery preference.
    pub hours: Option<Hours>,
    /// Buyer's name, e-mail, company and purchase order number.
    pub buyer: (String, String, Option<String>, Option<String>),
    /// Lines.
    pub lines: Vec<Line>,
    /// A signature is mandatory.
    pub signature: bool,
    /// Offers of its quotes.
    pub shape: OfferShape,
    #[serde(default)]
    pub(super) packages: Vec<Package>,
}

/// What can happen to an order from outside.
#[derive(Clone, Serialize, Deserialize)]
#[serde(tag = "change", rename_all = "kebab-case")]
pub enum OrderChange {
    /// Amazon cancels it.
    Cancel,
    /// The buyer asks to cancel all lines.
    RequestCancel,
    /// The buyer's address changes.
    Address {
        /// The new one.
        address: Address,
    },
    /// Only the first street line changes.
    Street {
        /// The new line.
        line: String,
    },
    /// The units of a line change.
    Quantity {
        /// Order item id.
        line: String,
        /// New number of units.
        quantity: u32,
    },
    /// Somebody ships it without Buy Shipping.
    ShipElsewhere {
        /// Carrier's name.
        carrier: String,
        /// Tracking number.
        tracking: String,
    },
    /// A pending order opens.
    Open,
}

impl Line {
    /// Whether packages hold more units of this line than were ordered.
    pub(super) fn is_exceeded<'a>(&self, items: impl Iterator<Item = &'a Packed>) -> bool {
        let packed: u32 = items
            .filter(|(id, _, _)| *id == self.id)
            .map(|(_, quantity, _)| quantity)
            .sum();
        packed > self.quantity
    }
}

impl Order {
    /// Whether these units are among those that were shipped elsewhere.
    pub(super) fn is_elsewhere(&self, items: &[Packed]) -> bool {
        let elsewhere = self
            .packages
            .iter()
            .filter(|package| package.shipment.is_none())
            .flat_map(|package| &package.items);
        self.lines
            .iter()
            .any(|line| line.is_exceeded(elsewhere.clone().chain(items)))
    }

    /// Pending orders open by themselves.
    pub(super) fn is_pending(&self, now: DateTime<Utc>, pending: TimeDelta) -> bool {
        self.base == Base::Pending && now < self.created + pending
    }

    /// State as its packages and the time make it, without regard to any lag.
    pub(super) fn state(&self, now: DateTime<Utc>, pending: TimeDelta) -> Base {
        match self.base {
            Base::Pending if !self.is_pending(now, pending) => Base::Open,
            base => base,
        }
    }

    /// When Orders last saw it change.
    pub(super) fn updated_at(&self, now: DateTime<Utc>, pending: TimeDelta) -> DateTime<Utc> {
        let packages = self
            .packages
            .iter()
            .flat_map(|package| [Some(package.shown), package.canceled, package.scanned]);
        let opened = (self.base == Base::Pending).then(|| self.created + pending);
        packages
            .chain([opened])
            .flatten()
            .filter(|time| *time <= now)
            .fold(self.updated, DateTime::max)
    }

    /// Units of a line that are in packages that Orders shows.
    pub(super) fn fulfilled(&self, line: &Line, now: DateTime<Utc>) -> u32 {
        let packed: u32 = self
            .packages
            .iter()
            .filter(|package| package.shown <= now)
            .flat_map(|package| &package.items)
            .filter(|(id, _, _)| *id == line.id)
            .map(|(_, quantity, _)| quantity)
            .sum();
        packed.min(line.quantity)
    }

    pub(super) fn status(&self, now: DateTime<Utc>, pending: TimeDelta) -> &'static str {
        match self.state(now, pending) {
            Base::Pending => "PENDING",
            Base::Canceled => "CANCELLED",
            Base::Open => {
                let ordered: u32 = self.lines.iter().map(|line| line.quantity).sum();
                match self
                    .lines
                    .iter()
                    .map(|line| self.fulfilled(line, now))
                    .sum::<u32>()
                {
                    0 => "UNSHIPPED",
                    packed if packed < ordered => "PARTIALLY_SHIPPED",
                    _ => "SHIPPED",
                }
            }
        }
    }
}

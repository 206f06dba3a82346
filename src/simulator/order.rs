//! An order as Amazon keeps it, and how it shows in Orders 2026-01-01.

use chrono::{DateTime, SecondsFormat, TimeDelta, Utc};
use chrono_tz::Tz;
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value, json};

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
    /// The cheap methods land on a Saturday or Sunday, FedEx Home Delivery is the cheapest.
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
    /// When its label was canceled, and when Orders shows that.
    pub(super) canceled: Option<DateTime<Utc>>,
    /// Shipment id; `None` for packages that were not bought here.
    pub(super) shipment: Option<String>,
    pub(super) items: Vec<(String, u32, Vec<String>)>,
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

/// A time as Orders 2026 writes it: milliseconds.
pub(super) fn stamp(time: DateTime<Utc>) -> String {
    time.to_rfc3339_opts(SecondsFormat::Millis, true)
}

fn range((from, to): (DateTime<Utc>, DateTime<Utc>)) -> Value {
    json!({"earliestDateTime": stamp(from), "latestDateTime": stamp(to)})
}

fn money(cents: u32) -> Value {
    json!({"amount": format!("{}.{:02}", cents / 100, cents % 100), "currencyCode": "USD"})
}

impl Order {
    /// Pending orders open by themselves.
    fn is_pending(&self, now: DateTime<Utc>, pending: TimeDelta) -> bool {
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
            .flat_map(|package| [Some(package.shown), package.canceled]);
        let opened = (self.base == Base::Pending).then(|| self.created + pending);
        packages
            .chain([opened])
            .flatten()
            .filter(|time| *time <= now)
            .fold(self.updated, DateTime::max)
    }

    /// Units of a line that are in packages that Orders shows.
    fn fulfilled(&self, line: &Line, now: DateTime<Utc>) -> u32 {
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

    /// The order as the Orders API answers it. `included` is the request's `includedData`.
    pub(super) fn show(&self, view: &View<'_>) -> Value {
        let now = view.now;
        let pending = self.is_pending(now, view.pending);
        let mut order = Map::new();
        order.insert("orderId".into(), json!(self.number));
        order.insert("createdTime".into(), json!(stamp(self.created)));
        order.insert(
            "lastUpdatedTime".into(),
            json!(stamp(self.updated_at(now, view.pending))),
        );
        order.insert("programs".into(), json!(self.programs));
        order.insert(
            "salesChannel".into(),
            json!({"channelName": "AMAZON", "marketplaceId": view.marketplace, "marketplaceName": "Amazon.com"}),
        );
        if view.has("BUYER") && !pending {
            order.insert("buyer".into(), self.show_buyer());
        }
        if view.has("RECIPIENT") && !pending {
            order.insert("recipient".into(), self.show_recipient());
        }
        if view.has("PROCEEDS") && !pending {
            let total = self.lines.iter().map(|line| line.cents * line.quantity).sum();
            order.insert("proceeds".into(), json!({"grandTotal": money(total)}));
        }
        if view.has("FULFILLMENT") {
            order.insert("fulfillment".into(), self.show_fulfillment(view));
        }
        let lines: Vec<Value> = self
            .lines
            .iter()
            .map(|line| self.show_line(line, pending, view))
            .collect();
        order.insert("orderItems".into(), Value::Array(lines));
        let packages: Vec<Value> = self
            .packages
            .iter()
            .filter(|package| package.shown <= now)
            .map(|package| package.show(now))
            .collect();
        if view.has("PACKAGES") && !packages.is_empty() {
            order.insert("packages".into(), Value::Array(packages));
        }
        Value::Object(order)
    }

    fn show_buyer(&self) -> Value {
        let (name, email, company, purchase_order) = &self.buyer;
        let mut buyer = json!({"buyerName": name, "buyerEmail": email});
        if let Some(company) = company {
            buyer["buyerCompanyName"] = json!(company);
        }
        if let Some(purchase_order) = purchase_order {
            buyer["buyerPurchaseOrderNumber"] = json!(purchase_order);
        }
        buyer
    }

    fn show_recipient(&self) -> Value {
        let address = &self.address;
        let mut shown = json!({
            "name": address.name,
            "city": address.city,
            "stateOrRegion": address.state,
            "postalCode": address.postal_code,
            "countryCode": address.country,
            "phone": address.phone,
            "addressType": address.kind,
        });
        if let Some(company) = &address.company {
            shown["companyName"] = json!(company);
        }
        for (line, field) in address
            .lines
            .iter()
            .zip(["addressLine1", "addressLine2", "addressLine3"])
        {
            shown[field] = json!(line);
        }
        let mut recipient = json!({"deliveryAddress": shown});
        if let Some(hours) = &self.hours {
            recipient["deliveryPreference"] = hours.show();
        }
        recipient
    }

    fn show_fulfillment(&self, view: &View<'_>) -> Value {
        let status = self.status(view.now, view.pending);
        let mut shown = json!({
            "fulfillmentStatus": status,
            "fulfilledBy": "MERCHANT",
            "fulfillmentServiceLevel": self.level,
        });
        if !matches!(status, "PENDING" | "CANCELLED") {
            shown["shipByWindow"] = range(self.ship_by);
            shown["deliverByWindow"] = range(self.deliver_by);
        }
        shown
    }

    fn show_line(&self, line: &Line, pending: bool, view: &View<'_>) -> Value {
        let mut product = json!({"asin": line.asin, "title": line.title, "sellerSku": line.sku});
        if !pending {
            product["price"] = json!({"unitPrice": money(line.cents)});
        }
        let mut shown = json!({"orderItemId": line.id, "quantityOrdered": line.quantity, "product": product});
        if line.transparency {
            shown["programs"] = json!(["TRANSPARENCY"]);
        }
        if view.has("PROCEEDS") && !pending {
            shown["proceeds"] = json!({"proceedsTotal": money(line.cents * line.quantity)});
        }
        if view.has("CANCELLATION") && line.cancel_requested {
            shown["cancellation"] =
                json!({"cancellationRequest": {"requester": "BUYER", "cancelReason": "Ordered by mistake"}});
        }
        if view.has("FULFILLMENT") {
            let done = self.fulfilled(line, view.now);
            let mut part = json!({"quantityFulfilled": done, "quantityUnfulfilled": line.quantity - done});
            if let Some(message) = &line.gift {
                part["packing"] =
                    json!({"giftOption": {"giftMessage": message, "giftWrapLevel": "STANDARD"}});
            }
            if line.serial {
                part["packing"]["serialNumberRequirement"] = json!({"requirementType": "REQUIRED"});
            }
            if self.signature {
                part["shipping"] = json!({"shippingConstraints": {"signatureConfirmation": "MANDATORY"}});
            }
            shown["fulfillment"] = part;
        }
        shown
    }
}

/// How an order is looked at.
pub(super) struct View<'a> {
    pub(super) now: DateTime<Utc>,
    pub(super) pending: TimeDelta,
    pub(super) marketplace: &'a str,
    pub(super) included: &'a [String],
}

impl View<'_> {
    fn has(&self, block: &str) -> bool {
        self.included.iter().any(|name| name == block)
    }
}

impl Hours {
    fn show(&self) -> Value {
        let window = |from: u32, to: u32| json!([{"startTime": {"hour": from, "minute": 0}, "endTime": {"hour": to, "minute": 0}}]);
        let open: Vec<Value> = self
            .open
            .iter()
            .map(|(day, from, to)| json!({"dayOfWeek": day, "timeWindows": window(*from, *to)}))
            .collect();
        let closed: Vec<Value> = self
            .closed
            .iter()
            .map(|date| json!({"exceptionDate": date.to_string(), "exceptionDateType": "CLOSED"}))
            .collect();
        json!({"deliveryTime": {"businessHours": open, "exceptionDates": closed}})
    }
}

impl Package {
    fn show(&self, now: DateTime<Utc>) -> Value {
        let status = match self.canceled {
            Some(time) if time <= now => json!({"status": "CANCELLED", "detailedStatus": "LABEL_CANCELLED"}),
            _ => json!({"status": "PENDING", "detailedStatus": "PENDING_PICK_UP"}),
        };
        let items: Vec<Value> = self
            .items
            .iter()
            .map(|(id, quantity, codes)| {
                let mut item = json!({"orderItemId": id, "quantity": quantity});
                if !codes.is_empty() {
                    item["transparencyCodes"] = json!(codes);
                }
                item
            })
            .collect();
        json!({
            "packageReferenceId": self.reference,
            "createdTime": stamp(self.created),
            "packageStatus": status,
            "carrier": self.carrier,
            "shipTime": stamp(self.created),
            "shippingService": self.service,
            "trackingNumber": self.tracking,
            "packageItems": items,
        })
    }
}

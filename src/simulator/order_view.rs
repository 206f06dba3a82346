//! How an order shows in Orders 2026-01-01.

use super::order::{Hours, Line, Order, Package};
use chrono::{DateTime, SecondsFormat, TimeDelta, Utc};
use serde_json::{Map, Value, json};

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
        if address.lines.len() == 2 {
            // Amazon sends empty texts as well as leaving fields out.
            shown["addressLine3"] = json!("");
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
            _ if self.scanned.is_some_and(|time| time <= now) => {
                json!({"status": "IN_TRANSIT", "detailedStatus": "PICKED_UP"})
            }
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
            "shipTime": stamp(self.shipped.unwrap_or(self.created)),
            "shippingService": self.service,
            "trackingNumber": self.tracking,
            "packageItems": items,
        })
    }
}

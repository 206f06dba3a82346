//! Shipping v2: `purchaseShipment` and `cancelShipment`. Money is spent here and nowhere else.

use super::checks::{need, text};
use super::ledger::{Documents, Entry, Shipment};
use super::merchant::is_harmonized_code;
use super::offers::Offer;
use super::order::{Base, Package, Packed};
use super::quote::QUOTE_LIFE;
use super::random;
use super::specifications::Specification;
use super::tracking_number::tracking_number;
use super::wire::{Answer, Request};
use super::world::World;
use chrono::{DateTime, TimeDelta, Utc};
use serde_json::{Value, json};

const BAD_SERVICES: &str = "The requested value added services are invalid. \
    Please check the value added services offered in the GetRates response.";

/// What a seller may have printed on a label beside the carrier's own marks.
const LABEL_ATTRIBUTES: [&str; 3] = [
    "PACKAGE_CLIENT_REFERENCE_ID",
    "SELLER_DISPLAY_NAME",
    "COLLECT_ON_DELIVERY_AMOUNT",
];

fn bad_documents(details: &str) -> Answer {
    Answer::error(
        400,
        "InvalidInput",
        "invalid documentation specification",
        details,
    )
}

/// A size in tenths of an inch.
fn size(value: &Value) -> Option<(u32, u32)> {
    let factor = match value.get("unit")?.as_str()? {
        "INCH" => 10.0,
        "CENTIMETER" => 10.0 / 2.54,
        _ => return None,
    };
    let tenths = |field: &str| {
        let wanted = value.get(field)?.as_f64()? * factor;
        (1..=1000).find(|tenths| (f64::from(*tenths) - wanted).abs() < 0.2)
    };
    Some((tenths("width")?, tenths("length")?))
}

/// Holds a requested document specification against those of the rate itself.
fn check_documents(wanted: &Value, offered: &[Specification]) -> Result<Documents, Answer> {
    let path = "requestedDocumentSpecification.";
    let format = text(wanted, "format", path, 10)?;
    let size = size(need(wanted, "size", path)?).ok_or_else(|| bad_documents("size"))?;
    let joined = need(wanted, "needFileJoining", path)?.as_bool();
    let kinds: Vec<String> = need(wanted, "requestedDocumentTypes", path)?
        .as_array()
        .and_then(|kinds| {
            kinds
                .iter()
                .map(|kind| kind.as_str().map(str::to_owned))
                .collect()
        })
        .ok_or_else(|| bad_documents("requestedDocumentTypes"))?;
    let offer = offered
        .iter()
        .find(|offer| offer.format == format && offer.size == size)
        .ok_or_else(|| bad_documents("format and size"))?;
    if joined != Some(true) {
        return Err(bad_documents("needFileJoining"));
    }
    let printed = match wanted.pointer("/requestedLabelCustomization/requestAttributes") {
        None | Some(Value::Null) => Vec::new(),
        Some(list) => list
            .as_array()
            .and_then(|list| {
                list.iter()
                    .map(|name| {
                        name.as_str()
                            .filter(|name| LABEL_ATTRIBUTES.contains(name))
                            .map(str::to_owned)
                    })
                    .collect()
            })
            .ok_or_else(|| bad_documents("requestedLabelCustomization"))?,
    };
    let dpi = match wanted.get("dpi") {
        None | Some(Value::Null) => None,
        Some(dpi) => Some(dpi.as_u64().ok_or_else(|| bad_documents("dpi"))?),
    };
    if dpi.map_or(!offer.dpis.is_empty(), |dpi| !offer.dpis.contains(&dpi)) {
        return Err(bad_documents(&format!(
            "Currently, supported dpi : {:?}",
            offer.dpis
        )));
    }
    if let Some(layout) = wanted.get("pageLayout").filter(|layout| !layout.is_null())
        && !layout
            .as_str()
            .is_some_and(|layout| offer.layouts.contains(&layout))
    {
        return Err(bad_documents("pageLayout"));
    }
    let missing = offer
        .documents
        .iter()
        .any(|(name, must)| *must && !kinds.iter().any(|kind| kind == name));
    let unknown = kinds
        .iter()
        .any(|kind| !offer.documents.iter().any(|(name, _)| kind == name));
    if missing || unknown {
        return Err(bad_documents("requestedDocumentTypes"));
    }
    Ok(Documents {
        format: format.to_owned(),
        dpi,
        size,
        kinds,
        blank: false,
        printed,
    })
}

/// The required group is answered with exactly one service of this very rate; without a group, none may be named.
/// Gives the price.
fn check_services(body: &Value, offer: &Offer) -> Result<u32, Answer> {
    let bad = || Answer::invalid(BAD_SERVICES);
    let wanted = match body.get("requestedValueAddedServices") {
        None | Some(Value::Null) => Vec::new(),
        Some(list) => list
            .as_array()
            .and_then(|list| {
                list.iter()
                    .map(|service| service.get("id")?.as_str())
                    .collect::<Option<Vec<_>>>()
            })
            .ok_or_else(bad)?,
    };
    if offer.extras.is_empty() {
        return if wanted.is_empty() { Ok(0) } else { Err(bad()) };
    }
    let [id] = wanted.as_slice() else {
        return Err(bad());
    };
    offer
        .extras
        .iter()
        .find(|(known, _)| known == id)
        .map(|(_, cents)| *cents)
        .ok_or_else(bad)
}

impl World {
    /// `POST /shipping/v2/shipments`.
    pub(super) fn purchase(
        &mut self,
        seller: usize,
        request: &Request,
        blank: bool,
    ) -> Result<Answer, Answer> {
        let key = request
            .header("x-amzn-idempotencykey")
            .filter(|key| !key.is_empty());
        let body_print = random::fingerprint(&request.body);
        if let Some(key) = key
            && !self.switches.forget_keys
            && let Some(known) = self
                .shipments
                .iter()
                .find(|shipment| shipment.seller == seller && shipment.key.as_deref() == Some(key))
        {
            return if known.body == body_print {
                Ok(self.bought(known))
            } else {
                Err(Answer::invalid(
                    "The idempotency key was used with a different request.",
                ))
            };
        }
        let body = request.json()?;
        let shipment = self.sell(seller, key, body_print, &body, blank)?;
        // Sold is sold only when it is on the disk; what cannot be kept is not sold.
        let entry = Entry::Bought {
            shipment: Box::new(shipment.clone()),
        };
        if self.journal.keep(&entry).is_err() {
            return Err(Answer::unwritable());
        }
        let answer = self.bought(&shipment);
        self.record_purchase(shipment);
        Ok(answer)
    }

    /// Checks in Amazon's order: quote, documents, value-added services, order state.
    fn sell(
        &self,
        seller: usize,
        key: Option<&str>,
        body_print: String,
        body: &Value,
        blank: bool,
    ) -> Result<Shipment, Answer> {
        let now = self.now();
        let token = text(body, "requestToken", "", usize::MAX)?;
        let rate = text(body, "rateId", "", usize::MAX)?;
        let wanted = need(body, "requestedDocumentSpecification", "")?;
        let expired = || {
            Answer::error(
                400,
                "TOKEN_EXPIRED",
                "The request token has expired. Get new rates.",
                "",
            )
        };
        let quote = self
            .quotes
            .get(token)
            .filter(|quote| quote.seller == seller)
            .ok_or_else(expired)?;
        if now - quote.made >= QUOTE_LIFE {
            return Err(expired());
        }
        let offer = quote
            .offers
            .iter()
            .find(|offer| offer.rate_id == rate)
            .ok_or_else(|| Answer::invalid("The rate does not belong to the request token."))?;
        let documents = Documents {
            blank,
            ..check_documents(wanted, &offer.specifications)?
        };
        let extra = check_services(body, offer)?;
        let code = body.pointer("/additionalInputs/harmonizedSystemCode");
        if offer.needs_inputs && !code.and_then(Value::as_str).is_some_and(is_harmonized_code) {
            return Err(Answer::invalid(
                "The rate requires additional inputs: harmonizedSystemCode.",
            ));
        }
        if quote.ship_to.is_none() {
            self.check_order(&quote.order, &quote.parcel.items, now)?;
        }
        let serial = self.shipments.len() as u64 + 1;
        let id = random::name(self.seed, &["shipment", &serial.to_string()]);
        let service = offer.service;
        Ok(Shipment {
            id: format!("amzn1.sid.{id}"),
            order: quote.order.clone(),
            seller,
            key: key.map(str::to_owned),
            body: body_print,
            reference: quote.parcel.reference.clone(),
            carrier: (service.carrier.to_owned(), service.carrier_name.to_owned()),
            service: (service.id.to_owned(), service.name.to_owned()),
            tracking: tracking_number(service.carrier, service.id, self.seed, serial),
            cents: offer.cents + extra,
            bought: now,
            canceled: None,
            promise: offer.promise(),
            benefits: offer.benefits(),
            documents,
            items: quote.parcel.items.clone(),
            merchant: None,
            scanned: None,
            refund: None,
            ship_to: quote.ship_to.clone().map(Box::new),
            direct: offer.direct,
        })
    }

    fn check_order(&self, number: &str, items: &[Packed], now: DateTime<Utc>) -> Result<(), Answer> {
        let gone = || Answer::invalid("Order doesn't exist in Rigel");
        let order = self.orders.get(number).ok_or_else(gone)?;
        match order.state(now, self.pending()) {
            Base::Canceled => Err(Answer::invalid(&format!("Order {number} is canceled."))),
            Base::Pending => Err(Answer::invalid(&format!("Order {number} is pending."))),
            Base::Open => {
                let here = order.packages.iter().any(|package| package.shipment.is_some())
                    && !self.switches.sells_to_shipped_orders;
                if here || order.is_elsewhere(items) {
                    Err(gone())
                } else {
                    Ok(())
                }
            }
        }
    }

    /// The answer to a purchase; the shipment id comes first, so that an answer can end right after it.
    fn bought(&self, shipment: &Shipment) -> Answer {
        let rest = json!({
            "packageDocumentDetails": [self.package_documents(shipment)],
            "promise": shipment.promise,
            "benefits": shipment.benefits,
        })
        .to_string();
        let body = format!(
            "{{\"payload\":{{\"shipmentId\":\"{}\",{}}}",
            shipment.id,
            &rest[1..]
        );
        Answer::new(200, body.into_bytes())
    }

    /// Books a purchase: the order is confirmed by it.
    pub(super) fn record_purchase(&mut self, shipment: Shipment) {
        let lag = TimeDelta::seconds(self.switches.packages_lag_seconds.into());
        if let Some(order) = self.orders.get_mut(&shipment.order) {
            order.packages.push(Package {
                reference: (order.packages.len() + 1).to_string(),
                carrier: shipment.carrier.1.clone(),
                service: shipment.service.1.clone(),
                tracking: shipment.tracking.clone(),
                created: shipment.bought,
                shown: shipment.bought + lag,
                shipped: None,
                canceled: None,
                scanned: None,
                shipment: Some(shipment.id.clone()),
                items: shipment.items.clone(),
            });
        }
        self.shipments.push(shipment);
    }
}

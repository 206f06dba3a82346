//! Shipping v2: `getRates` and `getAdditionalInputs`.

use super::checks::{Parcel, address, need, parcel, text};
use super::external::{self, EXTERNAL_SERVICES};
use super::offers::{Offer, Quoter};
use super::order::{Address, Base, Order};
use super::random;
use super::service_table::{INELIGIBLE, SERVICES};
use super::wire::{Answer, Request};
use super::world::{Seller, World};
use chrono::{DateTime, TimeDelta, Utc};
use serde_json::{Value, json};
use std::collections::HashSet;

/// A quote that can be bought from for ten minutes.
pub(super) struct Quote {
    pub(super) seller: usize,
    /// Amazon's order; empty where it is not Amazon's.
    pub(super) order: String,
    /// The recipient that the request brought, where the order is not Amazon's.
    pub(super) ship_to: Option<Address>,
    pub(super) made: DateTime<Utc>,
    pub(super) parcel: Parcel,
    pub(super) offers: Vec<Offer>,
}

/// How long a quote can be bought from.
pub(super) const QUOTE_LIFE: TimeDelta = TimeDelta::minutes(10);

/// Amazon takes UK where the header is missing: it must be sent (amazon.md 3.2).
pub(super) fn check_business(request: &Request) -> Result<(), Answer> {
    match request
        .header("x-amzn-shipping-business-id")
        .unwrap_or("AmazonShipping_UK")
    {
        "AmazonShipping_US" => Ok(()),
        other => Err(Answer::invalid(&format!(
            "Business {other} does not serve this order's marketplace."
        ))),
    }
}

/// A transparency code or serial number may not appear twice, nor on more units than there are.
fn check_items(order: &Order, parcel: &Parcel, transparency: bool) -> Result<(), Answer> {
    let mut seen = HashSet::new();
    for (id, quantity, serials) in &parcel.items {
        let line = order
            .lines
            .iter()
            .find(|line| line.id == *id)
            .ok_or_else(|| Answer::invalid(&format!("Item {id} is not an item of the order.")))?;
        let together: u32 = parcel
            .items
            .iter()
            .filter(|(other, _, _)| other == id)
            .map(|(_, quantity, _)| quantity)
            .sum();
        if together > line.quantity {
            return Err(Answer::invalid(&format!(
                "Quantity of item {id} exceeds the quantity ordered."
            )));
        }
        if transparency && line.transparency && serials.len() < *quantity as usize {
            return Err(Answer::invalid(&format!(
                "Item {id} requires a serial number for each unit."
            )));
        }
        if !serials.iter().all(|code| seen.insert(code)) {
            return Err(Answer::invalid("The same serial number was given twice."));
        }
    }
    Ok(())
}

impl World {
    /// `POST /shipping/v2/shipments/rates`.
    pub(super) fn get_rates(&mut self, seller: usize, request: &Request) -> Result<Answer, Answer> {
        let body = request.json()?;
        let channel = need(&body, "channelDetails", "")?;
        let external = match text(channel, "channelType", "channelDetails.", 100)? {
            "AMAZON" => false,
            "EXTERNAL" if self.switches.external_channel => true,
            "EXTERNAL" => {
                return Err(Answer::invalid(
                    "Channel EXTERNAL is not enabled for this account.",
                ));
            }
            _ => {
                return Err(Answer::invalid(
                    "channelDetails.channelType must be AMAZON or EXTERNAL.",
                ));
            }
        };
        let number = if external {
            ""
        } else {
            let details = need(channel, "amazonOrderDetails", "channelDetails.")?;
            text(details, "orderId", "channelDetails.amazonOrderDetails.", 100)?
        };
        let ship_to = external.then(|| external::recipient(&body)).transpose()?;
        address(need(&body, "shipFrom", "")?, "shipFrom.")?;
        if let Some(return_to) = body.get("returnTo") {
            address(return_to, "returnTo.")?;
        }
        let parcel = parcel(&body, external)?;
        let now = self.now();
        self.quotes_made += 1;
        let ship = match body.get("shipDate") {
            None | Some(Value::Null) => now,
            Some(date) => date
                .as_str()
                .and_then(|date| DateTime::parse_from_rfc3339(date).ok())
                .map(|date| date.to_utc())
                .ok_or_else(|| Answer::invalid("shipDate is not an ISO 8601 date-time."))?,
        };
        let outside = ship_to
            .clone()
            .map(|address| external::order(seller, &parcel.reference, address, now));
        let order = match &outside {
            Some(order) => order,
            None => self.quotable(seller, number, &parcel)?,
        };
        let made = self.quotes_made.to_string();
        let draw = random::draw(self.seed, &["quote", &made, &now.to_rfc3339()]);
        let token = format!("amzn1.rq.{draw}.101");
        let quoter = Quoter {
            seed: self.seed,
            order,
            parcel: &parcel,
            ship: ship.max(now),
            token: &token,
            ship_zone: chrono_tz::America::New_York,
            rise: self.switches.price_rise_cents,
            services: if external { EXTERNAL_SERVICES } else { SERVICES },
        };
        let all = quoter.offers();
        let Seller {
            unaccepted, linked, ..
        } = &self.sellers[seller];
        let mut refused = Vec::new();
        let mut offers = Vec::new();
        for mut offer in all {
            if let Some((code, message)) = refusal(&offer, &parcel, unaccepted) {
                refused.push(show_refused(
                    (offer.service.carrier, offer.service.carrier_name),
                    (offer.service.id, offer.service.name),
                    code,
                    &message,
                ));
            } else {
                offer.direct = linked.iter().any(|(carrier, _)| carrier == offer.service.carrier);
                offers.push(offer);
            }
        }
        for (carrier, service, message) in INELIGIBLE.iter().filter(|_| !external) {
            refused.push(show_refused(*carrier, *service, "UNKNOWN", message));
        }
        let answer = Answer::ok(&json!({"payload": {
            "requestToken": token,
            "rates": offers.iter().map(|offer| offer.show(&parcel)).collect::<Vec<_>>(),
            "ineligibleRates": refused,
        }}));
        let quote = Quote {
            seller,
            order: number.to_owned(),
            ship_to,
            made: now,
            parcel,
            offers,
        };
        // Long dead quotes are forgotten; a dead one that is asked for is refused all the same.
        self.quotes.retain(|_, quote| now - quote.made < QUOTE_LIFE * 2);
        self.quotes.insert(token, quote);
        Ok(answer)
    }

    /// The order of a quote, which must be this seller's and open, with its items.
    fn quotable(&self, seller: usize, number: &str, parcel: &Parcel) -> Result<&Order, Answer> {
        let order = self
            .orders
            .get(number)
            .filter(|order| order.seller == seller)
            .ok_or_else(|| Answer::invalid(&format!("Order {number} does not belong to this seller.")))?;
        if order.state(self.now(), self.pending()) == Base::Pending {
            return Err(Answer::invalid(&format!(
                "Order {number} is pending and cannot be shipped yet."
            )));
        }
        check_items(order, parcel, self.switches.requires_transparency)?;
        self.check_used_codes(number, parcel)?;
        Ok(order)
    }

    pub(super) fn check_used_codes(&self, number: &str, parcel: &Parcel) -> Result<(), Answer> {
        if !self.switches.refuses_used_codes {
            return Ok(());
        }
        let used = self
            .shipments
            .iter()
            .filter(|shipment| shipment.canceled.is_none() && shipment.order != number)
            .flat_map(|shipment| &shipment.items)
            .flat_map(|(_, _, codes)| codes)
            .any(|code| parcel.items.iter().any(|(_, _, codes)| codes.contains(code)));
        if used {
            Err(Answer::invalid("A serial number was used before."))
        } else {
            Ok(())
        }
    }

    /// `GET /shipping/v2/shipments/additionalInputs/schema`.
    pub(super) fn additional_inputs(&mut self, seller: usize, request: &Request) -> Result<Answer, Answer> {
        let invalid = |message: &str| Answer::error(400, "InvalidRequest", message, "");
        let token = request
            .parameter("requestToken")
            .ok_or_else(|| invalid("RequestToken cannot be null"))?;
        let rate = request
            .parameter("rateId")
            .ok_or_else(|| invalid("RateId cannot be null"))?;
        let offer = self
            .quotes
            .get(token)
            .filter(|quote| quote.seller == seller)
            .and_then(|quote| quote.offers.iter().find(|offer| offer.rate_id == rate))
            .ok_or_else(|| invalid("No such rate."))?;
        let schema = if offer.needs_inputs {
            json!({
                "$schema": "http://json-schema.org/draft-04/schema#",
                "type": "object",
                "properties": {"harmonizedSystemCode": {
                    "type": "string",
                    "title": "Harmonized System code",
                    "description": "6 to 10 digits",
                    "pattern": "^[0-9]{6,10}$",
                }},
                "required": ["harmonizedSystemCode"],
            })
        } else {
            json!({"properties": {}})
        };
        Ok(Answer::ok(&json!({"payload": schema})))
    }

    /// The quote that a request names, if it lives.
    pub(super) fn quote_of_request(&mut self, request: &Request) -> Option<&mut Quote> {
        let body: Value = serde_json::from_slice(&request.body).ok()?;
        self.quotes.get_mut(body.get("requestToken")?.as_str()?)
    }

    /// The order that a Shipping request is about.
    pub(super) fn order_of_request(&mut self, request: &Request) -> Option<String> {
        if let Some(quote) = self.quote_of_request(request) {
            return Some(quote.order.clone());
        }
        let body: Value = serde_json::from_slice(&request.body).ok()?;
        [
            "/channelDetails/amazonOrderDetails/orderId",
            "/ShipmentRequestDetails/AmazonOrderId",
        ]
        .iter()
        .find_map(|place| body.pointer(place)?.as_str().map(str::to_owned))
    }
}

/// Why a service is not offered to this seller for this box.
pub(super) fn refusal(
    offer: &Offer,
    parcel: &Parcel,
    unaccepted: &[String],
) -> Option<(&'static str, String)> {
    let service = offer.service;
    let (heaviest, longest) = match service.carrier {
        "USPS" => (70, 108),
        "ONTRAC" => (50, 40),
        "AMZN_US" => (50, 59),
        _ => (150, 108),
    };
    if unaccepted.iter().any(|carrier| carrier == service.carrier) {
        let message = format!(
            "The terms and conditions of {} have not been accepted.",
            service.carrier_name
        );
        return Some(("TERMS_AND_CONDITIONS_NOT_ACCEPTED", message));
    }
    if parcel.ounces > heaviest * 16 {
        return Some((
            "WEIGHT_RESTRICTIONS",
            format!("The package weighs more than {heaviest} pounds."),
        ));
    }
    (parcel.longest > longest).then(|| {
        (
            "SIZE_RESTRICTIONS",
            format!("The package's longest side is over {longest} inches."),
        )
    })
}

fn show_refused(carrier: (&str, &str), service: (&str, &str), code: &str, message: &str) -> Value {
    json!({
        "carrierId": carrier.0,
        "carrierName": carrier.1,
        "serviceId": service.0,
        "serviceName": service.1,
        "ineligibilityReasons": [{"code": code, "message": message}],
    })
}

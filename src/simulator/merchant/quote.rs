//! `getEligibleShipmentServices`: what is offered for a box, and why the rest is not (amazon.md 2.7).

use super::checks::{Details, EXPERIENCES, details};
use super::members::{choice, need};
use super::{named, show};
use crate::simulator::offers::{Offer, Quoter};
use crate::simulator::order::Base;
use crate::simulator::quote::refusal;
use crate::simulator::random;
use crate::simulator::service_table::{INELIGIBLE, SERVICES};
use crate::simulator::wire::{Answer, Request};
use crate::simulator::world::World;
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use chrono::{DateTime, TimeDelta, Utc};
use serde_json::{Value, json};

/// The credit of FBM Ship+ in cents.
const CREDIT: u32 = 100;

/// Offers that were made for a box.
pub(in crate::simulator) struct MerchantQuote {
    pub(super) seller: usize,
    pub(super) made: DateTime<Utc>,
    pub(super) details: Details,
    pub(super) offers: Vec<MerchantOffer>,
}

/// An offer with its price.
pub(super) struct MerchantOffer {
    /// `ShippingServiceOfferId`: binds the price for a while.
    pub(super) id: String,
    pub(super) offer: Offer,
    /// `Rate`, the option asked for included.
    pub(super) cents: u32,
    /// What is taken off it for `RateWithAdjustments`.
    pub(super) credit: u32,
}

/// What the services make of a box.
pub(super) struct Listing {
    pub(super) offered: Vec<MerchantOffer>,
    rejected: Vec<Value>,
    unavailable: Vec<Value>,
    pub(super) unaccepted: Vec<&'static str>,
}

/// What an experience costs on top; `None` where the carrier does not offer it. Every carrier tells a number and
/// confirms the delivery, whether it was asked to or not.
pub(super) fn charge(experience: &str, offer: &Offer) -> Option<u32> {
    let wanted = match experience {
        "DeliveryConfirmationWithAdultSignature" => "ADULT_SIGNATURE_CONFIRMATION",
        "DeliveryConfirmationWithSignature" => "SIGNATURE_CONFIRMATION",
        _ => return Some(0),
    };
    offer
        .extras
        .iter()
        .find(|(id, _)| *id == wanted)
        .map(|(_, cents)| *cents)
}

fn rejected(carrier: &str, service: (&str, &str), message: &str) -> Value {
    json!({
        "CarrierName": carrier,
        "ShippingServiceName": service.1,
        "ShippingServiceId": service.0,
        "RejectionReasonCode": "EXCLUDED_FROM_CARRIER_RESPONSE",
        "RejectionReasonMessage": message,
    })
}

/// When an offer's parcel arrives at the latest, where it says so.
fn arrives(offer: &Offer) -> Option<DateTime<Utc>> {
    let promise = offer.promise();
    let end = promise.pointer("/deliveryWindow/end")?.as_str()?;
    DateTime::parse_from_rfc3339(end).ok().map(|time| time.to_utc())
}

impl World {
    /// `POST /mfn/v0/eligibleShippingServices`.
    pub(in crate::simulator) fn eligible_services(
        &mut self,
        seller: usize,
        request: &Request,
    ) -> Result<Answer, Answer> {
        let body = request.json()?;
        let details = details(&body)?;
        if let Some(filter) = body
            .get("ShippingOfferingFilter")
            .filter(|filter| !filter.is_null())
            && filter.get("DeliveryExperience").is_some()
        {
            let mut among = EXPERIENCES.to_vec();
            among.push("NoPreference");
            choice(filter, "DeliveryExperience", "shippingOfferingFilter", &among)?;
        }
        let listing = self.listing(seller, &details)?;
        if listing.offered.is_empty() {
            return Err(named(
                400,
                "ShipmentRequestDetailsTooRestrictive",
                "No shipping service fits the shipping service options and dates of the request.",
            ));
        }
        let names = |carriers: &[&'static str]| -> Vec<Value> {
            carriers.iter().map(|name| json!({"CarrierName": name})).collect()
        };
        let ship = details.ship.unwrap_or_default().max(self.now());
        let answer = Answer::ok(&json!({"payload": {
            "ShippingServiceList": listing
                .offered
                .iter()
                .map(|one| show::offered(one, &details, ship))
                .collect::<Vec<_>>(),
            "RejectedShippingServiceList": listing.rejected,
            "TemporarilyUnavailableCarrierList": listing.unavailable,
            "TermsAndConditionsNotAcceptedCarrierList": names(&listing.unaccepted),
        }}));
        let now = self.now();
        // Long dead offers are forgotten: an id that is unknown is refused all the same.
        let keep = TimeDelta::seconds(i64::from(self.switches.offer_life_seconds) * 2);
        self.merchant_quotes.retain(|_, quotes| {
            quotes.retain(|quote| now - quote.made < keep);
            !quotes.is_empty()
        });
        let quotes = self.merchant_quotes.entry(details.order.clone()).or_default();
        quotes.push(MerchantQuote {
            seller,
            made: now,
            details: details.without_what_was_sent(),
            offers: listing.offered,
        });
        Ok(answer)
    }

    /// Services and prices for a box, as of now.
    pub(super) fn listing(&mut self, seller: usize, details: &Details) -> Result<Listing, Answer> {
        let now = self.now();
        self.check_merchant_order(seller, details)?;
        self.quotes_made += 1;
        let words = ["merchant", &self.quotes_made.to_string(), &now.to_rfc3339()];
        let token = random::name(self.seed, &words);
        let Some(order) = self.orders.get(&details.order) else {
            return Err(named(404, "ResourceNotFound", "The order was not found."));
        };
        let parcel = details.parcel();
        let quoter = Quoter {
            seed: self.seed,
            order,
            parcel: &parcel,
            ship: details.ship.unwrap_or(now).max(now),
            token: &token,
            ship_zone: chrono_tz::America::New_York,
            rise: self.switches.price_rise_cents,
            services: SERVICES,
        };
        let credited =
            self.switches.ship_plus_credit || order.programs.iter().any(|program| program == "FBM_SHIP_PLUS");
        let mut listing = Listing {
            offered: Vec::new(),
            rejected: Vec::new(),
            unavailable: Vec::new(),
            unaccepted: Vec::new(),
        };
        for offer in quoter.offers() {
            let service = offer.service;
            let refuse = |message: &str| rejected(service.carrier_name, (service.id, service.name), message);
            match refusal(&offer, &parcel, &self.sellers[seller].unaccepted) {
                Some(("TERMS_AND_CONDITIONS_NOT_ACCEPTED", _)) => {
                    if !listing.unaccepted.contains(&service.carrier_name) {
                        listing.unaccepted.push(service.carrier_name);
                    }
                    continue;
                }
                Some((_, message)) => {
                    listing.rejected.push(refuse(&message));
                    continue;
                }
                None => {}
            }
            // No carrier of this marketplace picks up single parcels (amazon.md 2.6).
            if details.pick_up {
                continue;
            }
            if details
                .must_arrive
                .is_some_and(|wanted| arrives(&offer).is_none_or(|end| end > wanted))
            {
                continue;
            }
            let Some(extra) = charge(details.experience, &offer) else {
                listing
                    .rejected
                    .push(refuse("The delivery experience is not offered by the carrier."));
                continue;
            };
            let credit = if credited && service.carrier == "UPS" {
                CREDIT
            } else {
                0
            };
            listing.offered.push(MerchantOffer {
                id: self.offer_id(&token, service.id),
                cents: offer.cents + extra,
                credit,
                offer,
            });
        }
        for (carrier, service, message) in INELIGIBLE {
            if message.contains("temporarily unavailable") {
                listing.unavailable.push(json!({"CarrierName": carrier.1}));
            } else {
                listing.rejected.push(rejected(carrier.1, *service, message));
            }
        }
        Ok(listing)
    }

    /// Some three hundred letters that mean nothing to anyone, with all that base64 has in it.
    fn offer_id(&self, token: &str, service: &str) -> String {
        let mut bytes = Vec::new();
        for part in 0..14_u8 {
            let words = ["offer", token, service, &part.to_string()];
            bytes.extend_from_slice(&random::draw(self.seed, &words).to_be_bytes());
            bytes.extend_from_slice(&random::draw(self.seed, &[words[3], words[1], words[2]]).to_be_bytes());
        }
        STANDARD.encode(bytes)
    }

    /// The order exists, is this seller's and no longer pending, its items are its own, and the origin is one.
    fn check_merchant_order(&self, seller: usize, details: &Details) -> Result<(), Answer> {
        let order = self
            .orders
            .get(&details.order)
            .filter(|order| order.seller == seller)
            .ok_or_else(|| {
                named(
                    404,
                    "ResourceNotFound",
                    "The order was not found for this seller.",
                )
            })?;
        if order.state(self.now(), self.pending()) == Base::Pending {
            return Err(Answer::invalid(&format!(
                "Order {} is pending and cannot be shipped yet.",
                order.number
            )));
        }
        check_origin(&details.ship_from)?;
        for (id, _, codes) in &details.items {
            let line = order.lines.iter().find(|line| line.id == *id).ok_or_else(|| {
                named(
                    404,
                    "ItemsNotInOrder",
                    &format!("The item {id} is not in the order {}.", order.number),
                )
            })?;
            let of_line = || details.items.iter().filter(|(other, _, _)| other == id);
            if of_line().map(|(_, quantity, _)| quantity).sum::<u32>() > line.quantity {
                return Err(named(
                    400,
                    "InvalidRequest",
                    &format!("The quantity of item {id} exceeds the quantity ordered."),
                ));
            }
            if codes.len() > of_line().map(|(_, quantity, _)| *quantity as usize).sum() {
                return Err(named(
                    400,
                    "InvalidRequest",
                    &format!("Item {id} has more transparency codes than units."),
                ));
            }
        }
        Ok(())
    }

    /// The quote of an order that holds an offer, if it is remembered.
    pub(super) fn quote_of_offer(
        &self,
        seller: usize,
        order: &str,
        id: &str,
    ) -> Option<(&MerchantQuote, &MerchantOffer)> {
        self.merchant_quotes
            .get(order)?
            .iter()
            .filter(|quote| quote.seller == seller)
            .find_map(|quote| {
                let offer = quote.offers.iter().find(|offer| offer.id == id)?;
                Some((quote, offer))
            })
    }

    /// The quote that a request buys from is treated as too old, whichever interface it is of.
    pub(in crate::simulator) fn expire_quote(&mut self, request: &Request) {
        if let Some(quote) = self.quote_of_request(request) {
            quote.made -= TimeDelta::minutes(11);
        }
        let Ok(body) = request.json() else { return };
        let Ok(id) = need(&body, "ShippingServiceOfferId", "") else {
            return;
        };
        let life = TimeDelta::seconds(self.switches.offer_life_seconds.into());
        let quote = self.merchant_quotes.values_mut().flatten().find(|quote| {
            quote
                .offers
                .iter()
                .any(|offer| Some(offer.id.as_str()) == id.as_str())
        });
        if let Some(quote) = quote {
            quote.made -= life;
        }
    }
}

/// The marketplace is the United States: parcels start there, and in a state.
pub(super) fn check_origin(ship_from: &Value) -> Result<(), Answer> {
    let field = |name: &str| ship_from.get(name).and_then(Value::as_str).unwrap_or("");
    if field("CountryCode") == "US" && !field("StateOrProvinceCode").is_empty() {
        Ok(())
    } else {
        Err(named(
            400,
            "InvalidShipFromAddress",
            "The ship-from address is not valid for this marketplace.",
        ))
    }
}

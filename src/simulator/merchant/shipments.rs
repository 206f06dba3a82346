//! `createShipment`, `getShipment` and `cancelShipment`: bought without a key, voided with a state
//! (amazon.md 2.8 to 2.10).

use super::checks::{Details, details};
use super::inputs::check_inputs;
use super::members::{choice, text, violated};
use super::quote::MerchantOffer;
use super::show::{self, Look};
use super::{named, plain};
use crate::simulator::ledger::{Documents, Entry, MerchantSale, Refund, Shipment};
use crate::simulator::order::{Base, Order};
use crate::simulator::random;
use crate::simulator::tracking_number::tracking_number;
use crate::simulator::wire::{Answer, Request};
use crate::simulator::world::World;
use chrono::TimeDelta;
use serde_json::{Value, json};

/// A shipment's id is a UUID.
fn is_shipment_id(id: &str) -> bool {
    let parts: Vec<&str> = id.split('-').collect();
    parts.iter().map(|part| part.len()).eq([8, 4, 4, 4, 12])
        && id
            .bytes()
            .all(|letter| letter == b'-' || letter.is_ascii_hexdigit())
}

/// What a label was asked to be, of the formats that the service has.
fn documents(
    details: &Details,
    body: &Value,
    offer: &MerchantOffer,
    blank: bool,
) -> Result<Documents, Answer> {
    let wanted = details.format.unwrap_or("ShippingServiceDefault");
    let slip = body
        .pointer("/LabelFormatOption/IncludePackingSlipWithLabel")
        .and_then(Value::as_bool)
        .unwrap_or(false);
    let refused = || {
        named(
            400,
            "LabelFormatNotSupported",
            "The shipping service does not offer the requested label format.",
        )
    };
    if !show::formats(&offer.offer).contains(&wanted) || (slip && wanted != "PDF") {
        return Err(refused());
    }
    let (format, dpi) = match wanted {
        "ZPL203" => ("ZPL", Some(203)),
        "ZPL300" => ("ZPL", Some(300)),
        "PDF" => ("PDF", None),
        _ => ("PNG", Some(300)),
    };
    let mut kinds = vec!["LABEL".to_owned()];
    if slip {
        kinds.push("PACKSLIP".to_owned());
    }
    Ok(Documents {
        format: format.to_owned(),
        dpi,
        size: (40, 60),
        kinds,
        blank,
        printed: Vec::new(),
    })
}

/// Transparency codes: one for each unit where they are demanded, and none twice.
fn check_codes(details: &Details, order: &Order, demanded: bool) -> Result<(), Answer> {
    let mut seen = std::collections::HashSet::new();
    for (id, quantity, codes) in &details.items {
        let takes = order.lines.iter().any(|line| line.id == *id && line.transparency);
        if demanded && takes && codes.len() < *quantity as usize {
            return Err(Answer::invalid(&format!(
                "Item {id} requires a transparency code for each unit."
            )));
        }
        if !codes.iter().all(|code| seen.insert(code)) {
            return Err(Answer::invalid("The same transparency code was given twice."));
        }
    }
    Ok(())
}

impl World {
    /// `POST /mfn/v0/shipments`: each request that is good buys a label.
    pub(in crate::simulator) fn create_shipment(
        &mut self,
        seller: usize,
        request: &Request,
        blank: bool,
    ) -> Result<Answer, Answer> {
        let body = request.json()?;
        let details = details(&body)?;
        let service = text(&body, "ShippingServiceId", "", 100)?;
        if body.get("HazmatType").is_some_and(|kind| !kind.is_null()) {
            choice(&body, "HazmatType", "", &["None", "LQHazmat"])?;
        }
        // The price as of now, for whoever names no offer.
        let listing = self.listing(seller, &details)?;
        let named_offer = body.get("ShippingServiceOfferId").and_then(Value::as_str);
        let offer = match named_offer.filter(|id| !id.is_empty()) {
            Some(id) => self.quoted_offer(seller, id, service, &details)?,
            None => listing
                .offered
                .iter()
                .find(|offer| offer.offer.service.id == service)
                .ok_or_else(|| not_offered(service, &listing.unaccepted))?,
        };
        let shipment = self.sell_merchant(seller, request, &body, &details, offer, blank)?;
        self.journal
            .keep(&Entry::Bought {
                shipment: Box::new(shipment.clone()),
            })
            .map_err(|_| Answer::unwritable())?;
        let answer = self.show_merchant(&shipment, true);
        self.record_purchase(shipment);
        answer
    }

    /// The offer that an id binds, if it still does.
    fn quoted_offer(
        &self,
        seller: usize,
        id: &str,
        service: &str,
        details: &Details,
    ) -> Result<&MerchantOffer, Answer> {
        let unknown = || {
            named(
                400,
                "InvalidShippingServiceOfferId",
                "The shipping service offer id is not valid.",
            )
        };
        let (quote, offer) = self
            .quote_of_offer(seller, &details.order, id)
            .ok_or_else(unknown)?;
        if offer.offer.service.id != service {
            return Err(unknown());
        }
        if self.now() - quote.made >= TimeDelta::seconds(self.switches.offer_life_seconds.into()) {
            return Err(named(
                400,
                "ShippingServiceOfferNotAvailable",
                "The shipping service offer is no longer available. Get new offers.",
            ));
        }
        if details.is_quoted_by(&quote.details) {
            Ok(offer)
        } else {
            // Said in no more words (amazon.md 9, row 1).
            Err(plain())
        }
    }

    fn sell_merchant(
        &self,
        seller: usize,
        request: &Request,
        body: &Value,
        details: &Details,
        offer: &MerchantOffer,
        blank: bool,
    ) -> Result<Shipment, Answer> {
        let documents = documents(details, body, offer, blank)?;
        if offer.offer.needs_inputs {
            check_inputs(body)?;
        }
        let order = self
            .orders
            .get(&details.order)
            .ok_or_else(|| named(404, "ResourceNotFound", "The order was not found."))?;
        check_codes(details, order, self.switches.requires_transparency)?;
        self.check_used_codes(&details.order, &details.parcel())?;
        self.check_merchant_state(order, details)?;
        let now = self.now();
        let serial = self.shipments.len() as u64 + 1;
        let id = random::name(self.seed, &["merchant-shipment", &serial.to_string()]);
        let service = offer.offer.service;
        Ok(Shipment {
            id: format!(
                "{}-{}-{}-{}-{}",
                &id[..8],
                &id[8..12],
                &id[12..16],
                &id[16..20],
                &id[20..]
            ),
            order: details.order.clone(),
            seller,
            key: None,
            body: random::fingerprint(&request.body),
            reference: details.reference.clone(),
            carrier: (service.carrier.to_owned(), service.carrier_name.to_owned()),
            service: (service.id.to_owned(), service.name.to_owned()),
            tracking: tracking_number(service.carrier, service.id, self.seed, serial),
            cents: offer.cents - offer.credit,
            bought: now,
            canceled: None,
            promise: offer.offer.promise(),
            benefits: offer.offer.benefits(),
            documents,
            items: details.items.clone(),
            merchant: Some(Box::new(MerchantSale {
                details: details.sent.clone(),
                service: show::sold(offer, details, details.ship.unwrap_or(now).max(now)),
                insurance: show::insurance(details),
                text: details.text.clone(),
            })),
            scanned: None,
            refund: None,
            ship_to: None,
            direct: false,
        })
    }

    /// Canceled and shipped orders. Where nothing is said to exist already, a label is sold again.
    fn check_merchant_state(&self, order: &Order, details: &Details) -> Result<(), Answer> {
        if order.state(self.now(), self.pending()) == Base::Canceled {
            return Err(Answer::invalid(&format!("Order {} is canceled.", order.number)));
        }
        if order.is_elsewhere(&details.items) {
            return Err(plain());
        }
        if !self.switches.already_exists && !self.switches.already_exists_plain {
            return Ok(());
        }
        let live = || {
            self.shipments
                .iter()
                .filter(|shipment| shipment.order == order.number && shipment.canceled.is_none())
        };
        for (id, quantity, _) in &details.items {
            let units = |items: &[crate::simulator::order::Packed]| -> u32 {
                items
                    .iter()
                    .filter(|(other, _, _)| other == id)
                    .map(|(_, units, _)| units)
                    .sum()
            };
            let ordered: u32 = order
                .lines
                .iter()
                .filter(|line| line.id == *id)
                .map(|line| line.quantity)
                .sum();
            if live().map(|shipment| units(&shipment.items)).sum::<u32>() + quantity <= ordered {
                continue;
            }
            let holder = live().rfind(|shipment| units(&shipment.items) > 0);
            return Err(match holder {
                Some(shipment) if !self.switches.already_exists_plain => named(
                    400,
                    "ShipmentAlreadyExists",
                    &format!(
                        "The items of order {} have already been shipped. ShipmentId: {}",
                        order.number, shipment.id
                    ),
                ),
                _ => plain(),
            });
        }
        Ok(())
    }

    fn merchant_shipment(&self, seller: usize, id: &str) -> Result<&Shipment, Answer> {
        if !is_shipment_id(id) {
            return Err(violated(
                &json!(id),
                "shipmentId",
                "must satisfy regular expression pattern: \
                 [0-9a-fA-F]{8}-[0-9a-fA-F]{4}-[0-9a-fA-F]{4}-[0-9a-fA-F]{4}-[0-9a-fA-F]{12}",
            ));
        }
        self.shipments
            .iter()
            .find(|shipment| shipment.id == id && shipment.seller == seller && shipment.merchant.is_some())
            .ok_or_else(|| named(404, "ResourceNotFound", "The shipment was not found."))
    }

    fn show_merchant(&self, shipment: &Shipment, fresh: bool) -> Result<Answer, Answer> {
        let (Some(sale), Some(order)) = (&shipment.merchant, self.orders.get(&shipment.order)) else {
            return Err(named(404, "ResourceNotFound", "The shipment was not found."));
        };
        let look = Look {
            shipment,
            sale,
            address: &order.address,
            label: &self.label(shipment),
            now: self.now(),
            checksum_of_gzip: self.switches.checksum_of_gzip,
        };
        Ok(Answer::new(200, look.show(fresh)))
    }

    /// `GET /mfn/v0/shipments/{shipmentId}`.
    pub(in crate::simulator) fn get_shipment(&self, seller: usize, id: &str) -> Result<Answer, Answer> {
        self.show_merchant(self.merchant_shipment(seller, id)?, false)
    }

    /// `DELETE /mfn/v0/shipments/{shipmentId}`.
    pub(in crate::simulator) fn cancel_merchant(
        &mut self,
        seller: usize,
        id: &str,
    ) -> Result<Answer, Answer> {
        let shipment = self.merchant_shipment(seller, id)?;
        if shipment.canceled.is_some() {
            return Err(named(
                404,
                "InvalidState",
                "The shipment is in a state in which it cannot be canceled.",
            ));
        }
        if !self.is_voidable(shipment) {
            return Err(named(
                400,
                "LabelCancelWindowExpired",
                "The label can no longer be canceled.",
            ));
        }
        let refund = Refund {
            decided: self.now() + TimeDelta::seconds(self.switches.refund_seconds.into()),
            rejected: self.switches.rejects_refunds,
        };
        self.keep_cancel(id, Some(refund))?;
        self.get_shipment(seller, id)
    }
}

fn not_offered(service: &str, unaccepted: &[&str]) -> Answer {
    let carrier = crate::simulator::service_table::SERVICES
        .iter()
        .find(|known| known.id == service)
        .map(|known| known.carrier_name);
    if carrier.is_some_and(|carrier| unaccepted.contains(&carrier)) {
        named(
            403,
            "TermsAndConditionsNotAccepted",
            "The carrier's terms and conditions have not been accepted.",
        )
    } else {
        named(
            404,
            "ShippingServiceNotAvailable",
            "The shipping service is not available for this shipment.",
        )
    }
}

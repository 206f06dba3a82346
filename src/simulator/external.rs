//! Shipping v2 for orders that are not Amazon's (channel EXTERNAL, amazon.md 3.9), and the seller's own accounts
//! with carriers.

use super::checks::{address, need, text};
use super::order::{Address, Base, OfferShape, Order};
use super::service_table::{Moves, Service};
use super::wire::{Answer, Request};
use super::world::World;
use chrono::{DateTime, TimeDelta, Utc};
use serde_json::{Value, json};

/// What is offered outside Amazon's own orders: its own network and nothing else.
pub(super) const EXTERNAL_SERVICES: &[Service] = &[Service {
    carrier: "AMZN_US",
    carrier_name: "Amazon Shipping",
    id: "std-us-swa-mfn",
    name: "Amazon Shipping Ground",
    base: 476,
    per_ounce: 7,
    days: 2,
    moves: Moves::EveryDay,
    ground: true,
    flat_rate: false,
}];

/// The recipient of a request that brings its own.
pub(super) fn recipient(body: &Value) -> Result<Address, Answer> {
    let to = body
        .get("shipTo")
        .filter(|to| !to.is_null())
        .ok_or_else(|| Answer::invalid("shipTo is required for channel EXTERNAL."))?;
    let path = "shipTo.";
    address(to, path)?;
    if text(to, "countryCode", path, 2)? != "US" {
        return Err(Answer::invalid(
            "shipTo.countryCode: only domestic destinations are served.",
        ));
    }
    let field = |name: &str| to.get(name).and_then(Value::as_str);
    Ok(Address {
        name: field("name").unwrap_or("").to_owned(),
        company: field("companyName").map(str::to_owned),
        lines: ["addressLine1", "addressLine2", "addressLine3"]
            .into_iter()
            .filter_map(field)
            .map(str::to_owned)
            .collect(),
        city: field("city").unwrap_or("").to_owned(),
        state: field("stateOrRegion").unwrap_or("").to_owned(),
        postal_code: field("postalCode").unwrap_or("").to_owned(),
        country: "US".to_owned(),
        phone: field("phoneNumber").unwrap_or("").to_owned(),
        kind: "RESIDENTIAL".to_owned(),
        zone: chrono_tz::America::New_York,
    })
}

/// An order as a quote needs one, for goods that Amazon knows nothing of.
pub(super) fn order(seller: usize, reference: &str, address: Address, now: DateTime<Utc>) -> Order {
    let later = now + TimeDelta::days(30);
    Order {
        number: reference.to_owned(),
        seller,
        created: now,
        updated: now,
        base: Base::Open,
        programs: Vec::new(),
        level: "STANDARD".to_owned(),
        ship_by: (now, later),
        deliver_by: (now, later),
        address,
        hours: None,
        buyer: (String::new(), String::new(), None, None),
        lines: Vec::new(),
        signature: false,
        shape: OfferShape::Plain,
        packages: Vec::new(),
    }
}

impl World {
    /// `PUT /shipping/v2/carrierAccounts`: the seller's own accounts with carriers, linked in Seller Central.
    pub(super) fn carrier_accounts(&self, seller: usize, request: &Request) -> Result<Answer, Answer> {
        let body = request.json()?;
        if !body.is_object() {
            return Err(Answer::invalid("The body must be an object."));
        }
        if body.get("clientReferenceDetails").is_some() {
            let list = need(&body, "clientReferenceDetails", "")?;
            if !list.is_array() {
                return Err(Answer::invalid("clientReferenceDetails must be a list."));
            }
        }
        let accounts: Vec<Value> = self.sellers[seller]
            .linked
            .iter()
            .map(|(carrier, account)| json!({"accountId": account, "carrierId": carrier}))
            .collect();
        Ok(Answer::ok(&json!({"activeAccounts": accounts})))
    }
}

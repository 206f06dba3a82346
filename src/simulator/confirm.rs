//! Orders v0: `confirmShipment`, for labels that were bought anywhere but here (amazon.md 4.4).

use super::checks::{need, text};
use super::ledger::{Confirmation, Entry};
use super::order::{Base, Order, Package, Packed};
use super::wire::{Answer, Request};
use super::world::World;
use chrono::{DateTime, TimeDelta, Utc};
use serde_json::Value;

/// What Amazon says of an order that has nothing left to confirm.
fn fulfilled() -> Answer {
    Answer::invalid("PackageToUpdateNotFound: The order is already fulfilled.")
}

/// A number of the seller's own, counted from 1, as a text.
fn reference(detail: &Value) -> Result<&str, Answer> {
    detail
        .get("packageReferenceId")
        .and_then(Value::as_str)
        .filter(|text| text.parse::<u64>().is_ok_and(|number| number > 0))
        .ok_or_else(|| Answer::invalid("PackageReferenceId: is invalid, must be a positive numeric value."))
}

fn ship_date(detail: &Value) -> Result<DateTime<Utc>, Answer> {
    need(detail, "shipDate", "packageDetail.")?
        .as_str()
        .and_then(|text| DateTime::parse_from_rfc3339(text).ok())
        .map(|time| time.to_utc())
        .ok_or_else(|| Answer::error(400, "Invalid Input", "Invalid Input", ""))
}

fn item(value: &Value, order: &Order, demands_codes: bool) -> Result<Packed, Answer> {
    let bad = || Answer::invalid("OrderItemId is invalid");
    let id = value.get("orderItemId").and_then(Value::as_str).ok_or_else(bad)?;
    let line = order.lines.iter().find(|line| line.id == id).ok_or_else(bad)?;
    let quantity = value
        .get("quantity")
        .and_then(Value::as_u64)
        .and_then(|quantity| u32::try_from(quantity).ok())
        .filter(|quantity| *quantity > 0)
        .ok_or_else(|| Answer::invalid("Quantity: is invalid, must be a positive integer."))?;
    let codes: Vec<String> = match value.get("transparencyCodes") {
        None | Some(Value::Null) => Vec::new(),
        Some(list) => list
            .as_array()
            .and_then(|list| list.iter().map(|code| code.as_str().map(str::to_owned)).collect())
            .ok_or_else(|| Answer::invalid("transparencyCodes must be a list of strings."))?,
    };
    if codes.len() > quantity as usize {
        return Err(Answer::invalid("transparencyCodes holds more than the quantity."));
    }
    if demands_codes && line.transparency && codes.len() < quantity as usize {
        return Err(Answer::invalid(&format!(
            "Item {id} requires a transparency code for each unit."
        )));
    }
    Ok((id.to_owned(), quantity, codes))
}

fn items(detail: &Value, order: &Order, demands_codes: bool) -> Result<Vec<Packed>, Answer> {
    let items = need(detail, "orderItems", "packageDetail.")?
        .as_array()
        .filter(|items| !items.is_empty())
        .ok_or_else(|| Answer::invalid("OrderItemId is invalid"))?
        .iter()
        .map(|value| item(value, order, demands_codes))
        .collect::<Result<Vec<_>, _>>()?;
    let mut seen = std::collections::HashSet::new();
    if items
        .iter()
        .flat_map(|(_, _, codes)| codes)
        .all(|code| seen.insert(code))
    {
        Ok(items)
    } else {
        Err(Answer::invalid("The same transparency code was given twice."))
    }
}

impl World {
    /// `POST /orders/v0/orders/{orderId}/shipmentConfirmation`. The same package reference edits its package,
    /// another one adds a package.
    pub(super) fn confirm_shipment(
        &mut self,
        seller: usize,
        number: &str,
        request: &Request,
    ) -> Result<Answer, Answer> {
        let body = request.json()?;
        let order = self
            .orders
            .get(number)
            .filter(|order| order.seller == seller)
            .ok_or_else(|| Answer::not_found("The requested order was not found."))?;
        if text(&body, "marketplaceId", "", 50)? != self.sellers[seller].marketplace {
            return Err(Answer::invalid("marketplaceId is not the order's."));
        }
        let detail = need(&body, "packageDetail", "")?;
        let path = "packageDetail.";
        let reference = reference(detail)?;
        let carrier = text(detail, "carrierCode", path, 100)?;
        let carrier_name = detail.get("carrierName").and_then(Value::as_str).unwrap_or("");
        if carrier.eq_ignore_ascii_case("other") && carrier_name.is_empty() {
            return Err(Answer::invalid(
                "carrierName is required where carrierCode is Other.",
            ));
        }
        let tracking = text(detail, "trackingNumber", path, 100)?;
        let shipped = ship_date(detail)?;
        let items = items(detail, order, self.switches.requires_transparency)?;
        let now = self.now();
        if order.state(now, self.pending()) != Base::Open {
            return Err(Answer::invalid(&format!(
                "Order {number} is pending or canceled and cannot be confirmed."
            )));
        }
        check_package(order, reference, &items)?;
        let confirmation = Confirmation {
            order: number.to_owned(),
            seller,
            at: now,
            reference: reference.to_owned(),
            carrier: carrier.to_owned(),
            carrier_name: carrier_name.to_owned(),
            method: detail
                .get("shippingMethod")
                .and_then(Value::as_str)
                .unwrap_or("")
                .to_owned(),
            tracking: tracking.to_owned(),
            shipped,
            items,
        };
        self.journal
            .keep(&Entry::Confirmed {
                confirmation: Box::new(confirmation.clone()),
            })
            .map_err(|_| Answer::unwritable())?;
        self.record_confirmation(confirmation);
        Ok(Answer::new(204, Vec::new()))
    }

    /// Books a confirmation: its package is added, or replaced where it was confirmed before.
    pub(super) fn record_confirmation(&mut self, confirmation: Confirmation) {
        let lag = TimeDelta::seconds(self.switches.packages_lag_seconds.into());
        if let Some(order) = self.orders.get_mut(&confirmation.order) {
            let before = order
                .packages
                .iter()
                .position(|package| package.reference == confirmation.reference);
            let carrier = if confirmation.carrier_name.is_empty() {
                &confirmation.carrier
            } else {
                &confirmation.carrier_name
            };
            let package = Package {
                reference: confirmation.reference.clone(),
                carrier: carrier.clone(),
                service: confirmation.method.clone(),
                tracking: confirmation.tracking.clone(),
                created: before.map_or(confirmation.at, |at| order.packages[at].created),
                shown: confirmation.at + lag,
                shipped: Some(confirmation.shipped),
                canceled: None,
                scanned: None,
                shipment: None,
                items: confirmation.items.clone(),
            };
            match before {
                Some(at) => order.packages[at] = package,
                None => order.packages.push(package),
            }
        }
        self.confirmations.push(confirmation);
    }
}

/// Labels that were bought here confirmed themselves; of the rest, no unit is confirmed twice.
fn check_package(order: &Order, reference: &str, items: &[Packed]) -> Result<(), Answer> {
    let bought_here = order
        .packages
        .iter()
        .any(|package| package.reference == reference && package.shipment.is_some());
    let others = order
        .packages
        .iter()
        .filter(|package| package.reference != reference)
        .flat_map(|package| &package.items);
    if bought_here
        || order
            .lines
            .iter()
            .any(|line| line.is_exceeded(others.clone().chain(items)))
    {
        Err(fulfilled())
    } else {
        Ok(())
    }
}

//! A `Shipment`: the answer of `createShipment`, `getShipment` and `cancelShipment` (amazon.md 2.8 to 2.10;
//! PURCHASING.md 3.5). Its id and tracking number are read first and kept, whatever happens to the rest. The
//! customer's address in it is not read at all.

use super::label::WireLabel;
use crate::amazon::body::{self, Answer, Received};
use crate::amazon::errors::CallError;
use crate::amazon::limits::Operation;
use crate::amazon::prefix;
use crate::amazon::shipping::joined;
use crate::amazon::wire::{Digits, Many, Maybe, Moment, Text, present};
use crate::domain::ids::{LineId, OrderNumber, ShipmentId, TrackingNumber};
use crate::domain::intent::{BoughtAnswer, VoidWire};
use crate::domain::merchant::{MerchantShipment, MerchantStatus};
use crate::domain::order::Window;
use serde::Deserialize;

#[derive(Deserialize)]
pub(super) struct Response {
    payload: Payload,
}

#[derive(Default, Deserialize)]
#[serde(rename_all = "PascalCase", default)]
struct Payload {
    shipment_id: Text,
    amazon_order_id: Text,
    item_list: Many<Maybe<WireItem>>,
    shipping_service: Maybe<WireService>,
    label: Maybe<WireLabel>,
    status: Text,
    tracking_id: Text,
    created_date: Moment,
    last_updated_date: Moment,
}

#[derive(Default, Deserialize)]
#[serde(rename_all = "PascalCase", default)]
struct WireItem {
    order_item_id: Text,
    quantity: Digits,
}

#[derive(Default, Deserialize)]
#[serde(rename_all = "PascalCase", default)]
struct WireService {
    carrier_name: Text,
    shipping_service_name: Text,
    earliest_estimated_delivery_date: Moment,
    latest_estimated_delivery_date: Moment,
}

/// Reads a success of `createShipment`. An error means that not even a shipment id arrived: nobody knows.
pub(in crate::amazon) fn bought(
    received: &Received,
    request_id: Option<String>,
    order: &OrderNumber,
) -> Result<BoughtAnswer, String> {
    let broken = match (&received.trouble, body::read::<Response>(&received.bytes)) {
        (None, Ok(Response { payload })) if !payload.shipment_id.0.trim().is_empty() => {
            return Ok(payload.bought(request_id, order));
        }
        (Some(trouble), _) => format!("the answer broke off: {trouble}"),
        (None, Err(why)) => format!("the answer is {why}"),
        (None, Ok(_)) => "the answer names no shipment".to_owned(),
    };
    remains(&received.bytes, &broken, request_id, order).ok_or(broken)
}

/// Reads `getShipment` for what it says of the shipment.
pub(in crate::amazon) fn told(answer: &Answer, asked: &ShipmentId) -> Result<MerchantShipment, CallError> {
    let payload = whole(answer, asked)?;
    let tracking = payload.tracking();
    let service = payload.shipping_service.or_empty();
    Ok(MerchantShipment {
        shipment: asked.clone(),
        order: OrderNumber(payload.amazon_order_id.0),
        status: MerchantStatus::parse(&payload.status.0),
        tracking,
        carrier: service.carrier_name.0,
        service: service.shipping_service_name.0,
        items: present(payload.item_list)
            .filter_map(|item| {
                let quantity = u32::try_from(item.quantity.whole()?).ok()?;
                Some((LineId(item.order_item_id.0), quantity))
            })
            .collect(),
        created_at: payload.created_date.0,
        updated_at: payload.last_updated_date.0.or(payload.created_date.0),
    })
}

/// Reads `getShipment` for its label.
pub(in crate::amazon) fn documents(
    answer: &Answer,
    asked: &ShipmentId,
    order: &OrderNumber,
) -> Result<BoughtAnswer, CallError> {
    Ok(whole(answer, asked)?.bought(answer.request_id.clone(), order))
}

/// An answer for another shipment than was asked for is no answer.
fn whole(answer: &Answer, asked: &ShipmentId) -> Result<Payload, CallError> {
    let operation = Operation::GetShipment.name();
    let payload = answer.read::<Response>(operation)?.payload;
    if !payload.shipment_id.0.trim().eq_ignore_ascii_case(asked.as_str()) {
        return Err(answer.garbled(operation, "for another shipment"));
    }
    Ok(payload)
}

impl Response {
    /// What a success of `cancelShipment` means.
    pub(super) fn void(self, asked: &ShipmentId, request_id: Option<String>) -> VoidWire {
        let payload = self.payload;
        if !payload.shipment_id.0.trim().eq_ignore_ascii_case(asked.as_str()) {
            return VoidWire::Lost {
                why: "Amazon answered for another shipment".to_owned(),
            };
        }
        void_state(&MerchantStatus::parse(&payload.status.0), request_id)
    }
}

/// What a shipment's status says of its void.
pub(super) fn void_state(status: &MerchantStatus, request_id: Option<String>) -> VoidWire {
    match status {
        MerchantStatus::RefundPending | MerchantStatus::RefundApplied => VoidWire::Accepted { request_id },
        MerchantStatus::RefundRejected => VoidWire::Rejected {
            why: "the carrier rejects the refund: it is too late, or it has the parcel already".to_owned(),
        },
        MerchantStatus::Purchased => VoidWire::Lost {
            why: "Amazon says that the label still stands".to_owned(),
        },
        MerchantStatus::Unknown(word) => VoidWire::Lost {
            why: format!("Amazon gives the status {word:?}, which is not known here"),
        },
    }
}

impl Payload {
    fn tracking(&self) -> Option<TrackingNumber> {
        let number = self.tracking_id.0.trim();
        (!number.is_empty()).then(|| TrackingNumber(number.to_owned()))
    }

    fn bought(self, request_id: Option<String>, order: &OrderNumber) -> BoughtAnswer {
        let mut troubles = Vec::new();
        other_order(&self.amazon_order_id.0, order, &mut troubles);
        match MerchantStatus::parse(&self.status.0) {
            MerchantStatus::Purchased | MerchantStatus::Unknown(_) => {}
            canceled => troubles.push(format!(
                "Amazon gives its status as {canceled}: it was canceled, do not use this label"
            )),
        }
        let tracking = self.tracking();
        if tracking.is_none() {
            troubles.push("Amazon named no tracking number".to_owned());
        }
        let documents = self.label.or_empty().read(&mut troubles);
        let service = self.shipping_service.or_empty();
        let (earliest, latest) = (
            service.earliest_estimated_delivery_date.0,
            service.latest_estimated_delivery_date.0,
        );
        BoughtAnswer {
            shipment: ShipmentId(self.shipment_id.0.trim().to_owned()),
            tracking,
            promise: (earliest.is_some() || latest.is_some()).then_some(Window { earliest, latest }),
            documents,
            trouble: joined(&troubles),
            request_id,
        }
    }
}

/// Notes when the answer is for another order than ours.
fn other_order(theirs: &str, ours: &OrderNumber, troubles: &mut Vec<String>) {
    if !theirs.is_empty() && theirs != ours.as_str() {
        troubles.push(format!(
            "Amazon's answer is for order {theirs}, this is {ours}: do not use this label"
        ));
    }
}

/// What a broken answer still tells.
fn remains(
    bytes: &[u8],
    broken: &str,
    request_id: Option<String>,
    order: &OrderNumber,
) -> Option<BoughtAnswer> {
    let fields = prefix::fields(bytes);
    // `payload.ShipmentId`; without its wrapper one level higher.
    let first = |key: &[u8]| {
        let found = fields.iter().find(|field| field.key == key && field.depth <= 2)?;
        found.text()
    };
    let shipment = first(b"ShipmentId")?;
    let mut troubles = vec![broken.to_owned()];
    if let Some(theirs) = first(b"AmazonOrderId") {
        other_order(&theirs, order, &mut troubles);
    }
    Some(BoughtAnswer {
        shipment: ShipmentId(shipment),
        tracking: first(b"TrackingId").map(TrackingNumber),
        promise: None,
        documents: Vec::new(),
        trouble: joined(&troubles),
        request_id,
    })
}

//! Shipping v2: `getShipmentDocuments` and `getTracking`.

use super::label::{self, Sheet};
use super::ledger::Shipment;
use super::picture;
use super::wire::{Answer, Request};
use super::world::World;
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use serde_json::{Value, json};

impl World {
    /// A shipment's package with its documents. All joined files hold all documents; contents are plain
    /// base64.
    pub(super) fn package_documents(&self, shipment: &Shipment) -> Value {
        json!({
            "packageClientReferenceId": shipment.reference,
            "trackingId": shipment.tracking,
            "packageDocuments": [{
                "type": "LABEL",
                "format": shipment.documents.format,
                "contents": STANDARD.encode(self.label(shipment)),
            }],
        })
    }

    /// The bytes of a shipment's label, always the same.
    pub(super) fn label(&self, shipment: &Shipment) -> Vec<u8> {
        let order = self.orders.get(&shipment.order);
        let documents = &shipment.documents;
        let sheet = Sheet {
            address: match &shipment.ship_to {
                Some(address) => Some(address),
                None => order.map(|order| &order.address),
            },
            tracking: &shipment.tracking,
            service: &shipment.service.1,
            order: if shipment.order.is_empty() {
                &shipment.reference
            } else {
                &shipment.order
            },
            note: shipment.note(),
            lines: order.map_or(&[], |order| &order.lines),
            dpi: u32::try_from(documents.dpi.unwrap_or(300)).unwrap_or(300),
        };
        match (documents.format.as_str(), documents.blank) {
            ("ZPL", false) => label::zpl(&sheet).into_bytes(),
            ("ZPL", true) => label::blank_zpl(),
            ("PNG", blank) => picture::png(&sheet, blank),
            (_, blank) => picture::pdf(&sheet, &documents.kinds, blank),
        }
    }

    /// `GET /shipping/v2/shipments/{shipmentId}/documents`: only the format that was bought.
    pub(super) fn documents(&self, seller: usize, id: &str, request: &Request) -> Result<Answer, Answer> {
        let shipment = self
            .shipments
            .iter()
            .find(|shipment| shipment.id == id && shipment.seller == seller && shipment.merchant.is_none())
            .ok_or_else(|| Answer::not_found("The shipment was not found."))?;
        let reference = request
            .parameter("packageClientReferenceId")
            .ok_or_else(|| Answer::invalid("packageClientReferenceId is required."))?;
        if reference != shipment.reference {
            return Err(Answer::not_found("The shipment has no such package."));
        }
        if request.parameter("format").is_some() || request.parameter("dpi").is_some() {
            return Err(Answer::invalid(
                "format and dpi cannot be chosen for shipments of Amazon orders.",
            ));
        }
        Ok(Answer::ok(&json!({"payload": {
            "shipmentId": shipment.id,
            "packageDocumentDetail": self.package_documents(shipment),
            "benefits": shipment.benefits,
        }})))
    }

    /// `GET /shipping/v2/tracking`.
    pub(super) fn tracking(&self, seller: usize, request: &Request) -> Result<Answer, Answer> {
        let tracking = request
            .parameter("trackingId")
            .ok_or_else(|| Answer::invalid("trackingId is required."))?;
        let carrier = request
            .parameter("carrierId")
            .ok_or_else(|| Answer::invalid("carrierId is required."))?;
        let shipment = self
            .shipments
            .iter()
            .find(|shipment| {
                shipment.tracking == tracking && shipment.carrier.0 == carrier && shipment.seller == seller
            })
            .ok_or_else(|| Answer::not_found("The tracking number was not found."))?;
        let time =
            |time: chrono::DateTime<chrono::Utc>| time.to_rfc3339_opts(chrono::SecondsFormat::Secs, true);
        let mut events = vec![json!({"eventCode": "ReadyForReceive", "eventTime": time(shipment.bought)})];
        let mut status = "PreTransit";
        if let Some(at) = shipment.scanned {
            events.push(json!({"eventCode": "PickupDone", "eventTime": time(at)}));
            status = "InTransit";
        } else if let Some(at) = shipment.canceled {
            events.push(json!({"eventCode": "PickupCancelled", "eventTime": time(at)}));
            status = "PickupCancelled";
        }
        let promised = shipment.promise.pointer("/deliveryWindow/end").cloned();
        Ok(Answer::ok(&json!({"payload": {
            "trackingId": tracking,
            "alternateLegTrackingId": "",
            "eventHistory": events,
            "promisedDeliveryDate": promised.unwrap_or_else(|| json!(time(shipment.bought))),
            "summary": {"status": status, "trackingDetailCodes": {"forward": [], "returns": []}},
        }})))
    }
}

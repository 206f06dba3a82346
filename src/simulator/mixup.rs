//! Answers that are whole and well formed and belong to something else: another order, another package's label,
//! a tracking number that was given before, a document that does not survive its check.

use super::faults::FaultKind;
use super::ledger::Shipment;
use super::merchant;
use super::tracking_number::tracking_number;
use super::wire::{Answer, Operation};
use super::world::World;
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use serde_json::{Value, json};

/// Answers of an operation that are kept, so that one can be given again in the wrong place.
const KEPT: usize = 2;

fn set(body: &mut Value, places: &[&str], value: &str) {
    for place in places {
        if let Some(field) = body.pointer_mut(place) {
            *field = json!(value);
        }
    }
}

impl World {
    /// Keeps what was answered rightly.
    pub(super) fn remember(&mut self, operation: Operation, answer: &[u8]) {
        let kept = self.last_answers.entry(operation).or_default();
        if kept.last().is_some_and(|last| last == answer) {
            return;
        }
        if kept.len() == KEPT {
            kept.remove(0);
        }
        kept.push(answer.to_vec());
    }

    /// The answer with its content mixed up; errors stay as they are.
    pub(super) fn mix_up(&self, fault: &FaultKind, operation: Operation, mut answer: Answer) -> Answer {
        if answer.status != 200 {
            return answer;
        }
        if *fault == FaultKind::StaleAnswer
            && let Some(earlier) = self
                .last_answers
                .get(&operation)
                .and_then(|kept| kept.iter().rev().find(|kept| **kept != answer.body))
        {
            answer.body.clone_from(earlier);
            return answer;
        }
        let Ok(mut body) = serde_json::from_slice::<Value>(&answer.body) else {
            return answer;
        };
        let this = ["/payload/shipmentId", "/payload/ShipmentId"]
            .iter()
            .find_map(|place| body.pointer(place)?.as_str())
            .and_then(|id| self.shipments.iter().find(|shipment| shipment.id == id));
        match fault {
            FaultKind::StaleAnswer | FaultKind::WrongOrder => self.name_another_order(&mut body, this),
            FaultKind::UsedTracking => {
                let used = this.and_then(|this| self.other_shipment(this));
                if let Some(used) = used {
                    let places = [
                        "/payload/TrackingId",
                        "/payload/packageDocumentDetails/0/trackingId",
                        "/payload/packageDocumentDetail/trackingId",
                    ];
                    set(&mut body, &places, &used.tracking);
                }
            }
            FaultKind::WrongLabel => {
                if let Some(this) = this {
                    self.swap_label(&mut body, this);
                }
            }
            FaultKind::TruncatedGzip => {
                let place = "/payload/Label/FileContents/Contents";
                let packed = body
                    .pointer(place)
                    .and_then(Value::as_str)
                    .and_then(|text| STANDARD.decode(text).ok());
                if let Some(packed) = packed {
                    set(&mut body, &[place], &STANDARD.encode(&packed[..packed.len() / 2]));
                }
            }
            FaultKind::BadChecksum => {
                let wrong = STANDARD.encode([0; 16]);
                set(&mut body, &["/payload/Label/FileContents/Checksum"], &wrong);
            }
            _ => return answer,
        }
        answer.body = body.to_string().into_bytes();
        answer
    }

    fn name_another_order(&self, body: &mut Value, this: Option<&Shipment>) {
        let own = this.map_or_else(
            || {
                let number = body.pointer("/order/orderId").and_then(Value::as_str);
                number.unwrap_or("").to_owned()
            },
            |this| this.order.clone(),
        );
        let Some(other) = self.orders.keys().find(|number| **number != own) else {
            return;
        };
        set(body, &["/payload/AmazonOrderId", "/order/orderId"], other);
        let places = [
            "/payload/packageDocumentDetails/0/packageClientReferenceId",
            "/payload/packageDocumentDetail/packageClientReferenceId",
            "/payload/SellerOrderId",
        ];
        set(body, &places, &format!("{other}-1"));
    }

    /// A label that was sold before, of another order if there is one.
    fn other_shipment(&self, this: &Shipment) -> Option<&Shipment> {
        let others = || self.shipments.iter().filter(|shipment| shipment.id != this.id);
        others()
            .find(|shipment| shipment.order != this.order)
            .or_else(|| others().next())
    }

    /// Another package's label in the place of this one's, in the format that was asked for.
    fn swap_label(&self, body: &mut Value, this: &Shipment) {
        let mut other = self.other_shipment(this).unwrap_or(this).clone();
        if other.id == this.id {
            // Nothing else was sold yet: a label of a parcel that is nobody's.
            let order = self.orders.keys().find(|number| **number != this.order);
            other.order = order.cloned().unwrap_or_default();
            other.ship_to = None;
            other.tracking = tracking_number(&this.carrier.0, &this.service.0, self.seed, 999_999);
        }
        other.documents.clone_from(&this.documents);
        let bytes = self.label(&other);
        let places = [
            "/payload/packageDocumentDetails/0/packageDocuments/0/contents",
            "/payload/packageDocumentDetail/packageDocuments/0/contents",
        ];
        set(body, &places, &STANDARD.encode(&bytes));
        if let Some(file) = body.pointer_mut("/payload/Label/FileContents") {
            *file = merchant::file(&this.documents.format, &bytes, self.switches.checksum_of_gzip);
        }
    }
}

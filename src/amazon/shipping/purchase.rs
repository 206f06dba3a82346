//! What a success of `purchaseShipment` says (amazon.md 3.7; PURCHASING.md 3.5). Shipment id and tracking number
//! are read first and kept, whatever happens to the rest.

use super::documents::{Detail, joined, reference};
use super::rates::WirePromise;
use crate::amazon::body::{self, Received};
use crate::amazon::prefix;
use crate::amazon::wire::{Many, Maybe, Text};
use crate::domain::ids::{ShipmentId, TrackingNumber};
use crate::domain::intent::BoughtAnswer;
use serde::Deserialize;

#[derive(Deserialize)]
struct Response {
    payload: Payload,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Payload {
    shipment_id: Text,
    #[serde(default)]
    package_document_details: Many<Maybe<Detail>>,
    #[serde(default)]
    promise: Maybe<WirePromise>,
}

/// Reads a success. An error means that not even a shipment id arrived: nobody knows.
pub(in crate::amazon) fn bought(
    received: &Received,
    request_id: Option<String>,
    package_reference: &str,
) -> Result<BoughtAnswer, String> {
    let broken = match (&received.trouble, body::read::<Response>(&received.bytes)) {
        (None, Ok(Response { payload })) if !payload.shipment_id.0.trim().is_empty() => {
            return Ok(whole(payload, request_id, package_reference));
        }
        (Some(trouble), _) => format!("the answer broke off: {trouble}"),
        (None, Err(why)) => format!("the answer is {why}"),
        (None, Ok(_)) => "the answer names no shipment".to_owned(),
    };
    remains(&received.bytes, &broken, request_id, package_reference).ok_or(broken)
}

fn whole(payload: Payload, request_id: Option<String>, package_reference: &str) -> BoughtAnswer {
    let mut troubles = Vec::new();
    let mut details: Vec<_> = payload
        .package_document_details
        .0
        .into_iter()
        .filter_map(|detail| detail.0)
        .collect();
    let ours = details
        .iter()
        .position(|detail| detail.package_client_reference_id.0 == package_reference)
        .unwrap_or(0);
    let detail = if details.is_empty() {
        Detail::default()
    } else {
        details.swap_remove(ours)
    };
    let tracking = detail.tracking();
    if tracking.is_none() {
        troubles.push("Amazon named no tracking number".to_owned());
    }
    let documents = detail.read(package_reference, &mut troubles);
    BoughtAnswer {
        shipment: ShipmentId(payload.shipment_id.0.trim().to_owned()),
        tracking,
        promise: payload.promise.or_empty().window(),
        documents,
        trouble: joined(&troubles),
        request_id,
    }
}

/// What a broken answer still tells.
fn remains(
    bytes: &[u8],
    broken: &str,
    request_id: Option<String>,
    package_reference: &str,
) -> Option<BoughtAnswer> {
    let fields = prefix::fields(bytes);
    let first = |key: &[u8], deepest: usize| {
        let found = fields
            .iter()
            .find(|field| field.key == key && field.depth <= deepest)?;
        found.text()
    };
    // `payload.shipmentId`; without its wrapper one level higher.
    let shipment = first(b"shipmentId", 2)?;
    let tracking = first(b"trackingId", 4).map(TrackingNumber);
    let mut troubles = vec![broken.to_owned()];
    if let Some(theirs) = first(b"packageClientReferenceId", 4) {
        reference(&theirs, package_reference, &mut troubles);
    }
    Some(BoughtAnswer {
        shipment: ShipmentId(shipment),
        tracking,
        promise: None,
        documents: Vec::new(),
        trouble: joined(&troubles),
        request_id,
    })
}

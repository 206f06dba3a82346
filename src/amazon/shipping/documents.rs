//! Documents of a shipment: decoded, and looked at closely enough to know when something is missing.

use super::rates::format;
use crate::amazon::body::Answer;
use crate::amazon::errors::CallError;
use crate::amazon::limits::Operation;
use crate::amazon::wire::{Many, Maybe, Opaque, Text};
use crate::domain::ids::{ShipmentId, TrackingNumber};
use crate::domain::intent::{BoughtAnswer, Document};
use crate::domain::sealed::DocumentBytes;
use base64::Engine;
use base64::alphabet;
use base64::engine::{DecodePaddingMode, GeneralPurpose, GeneralPurposeConfig};
use serde::Deserialize;

const BASE64: GeneralPurpose = GeneralPurpose::new(
    &alphabet::STANDARD,
    GeneralPurposeConfig::new().with_decode_padding_mode(DecodePaddingMode::Indifferent),
);

/// `packageDocumentDetail`.
#[derive(Default, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub(super) struct Detail {
    pub(super) package_client_reference_id: Text,
    pub(super) tracking_id: Text,
    package_documents: Many<Maybe<WireDocument>>,
}

#[derive(Default, Deserialize)]
#[serde(default)]
struct WireDocument {
    #[serde(rename = "type")]
    kind: Text,
    format: Text,
    contents: Opaque,
}

#[derive(Deserialize)]
struct Response {
    payload: Payload,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Payload {
    #[serde(default)]
    shipment_id: Text,
    package_document_detail: Detail,
}

/// Reads the answer of `getShipmentDocuments`.
pub(in crate::amazon) fn documents(
    answer: &Answer,
    shipment: &ShipmentId,
    package_reference: &str,
) -> Result<BoughtAnswer, CallError> {
    let payload = answer
        .read::<Response>(Operation::GetShipmentDocuments.name())?
        .payload;
    let mut troubles = Vec::new();
    if !payload.shipment_id.0.is_empty() && payload.shipment_id.0 != shipment.as_str() {
        troubles.push("Amazon answered with another shipment".to_owned());
    }
    let tracking = payload.package_document_detail.tracking();
    let documents = payload
        .package_document_detail
        .read(package_reference, &mut troubles);
    Ok(BoughtAnswer {
        shipment: shipment.clone(),
        tracking,
        promise: None,
        documents,
        trouble: joined(&troubles),
        request_id: answer.request_id.clone(),
    })
}

/// All troubles as one sentence; none when all is well.
pub(in crate::amazon) fn joined(troubles: &[String]) -> Option<String> {
    (!troubles.is_empty()).then(|| troubles.join("; "))
}

impl Detail {
    pub(super) fn tracking(&self) -> Option<TrackingNumber> {
        let number = self.tracking_id.0.trim();
        (!number.is_empty()).then(|| TrackingNumber(number.to_owned()))
    }

    /// Decodes every document and notes what is wrong.
    pub(super) fn read(self, package_reference: &str, troubles: &mut Vec<String>) -> Vec<Document> {
        reference(&self.package_client_reference_id.0, package_reference, troubles);
        let mut documents = Vec::new();
        for document in self
            .package_documents
            .0
            .into_iter()
            .filter_map(|document| document.0)
        {
            let kind = if document.kind.0.is_empty() {
                "LABEL".to_owned()
            } else {
                document.kind.0
            };
            let Some(format) = format(&document.format.0) else {
                troubles.push(format!("the {kind} has a format that is not known"));
                continue;
            };
            match decode(&document.contents.0) {
                Some(bytes) => documents.push(Document { format, kind, bytes }),
                None => troubles.push(format!("the {kind} is empty or cannot be decoded")),
            }
        }
        if !documents.iter().any(|document| document.kind == "LABEL") {
            troubles.push("Amazon sent no label".to_owned());
        }
        documents
    }
}

/// Notes when the answer is for another box than ours.
pub(super) fn reference(theirs: &str, ours: &str, troubles: &mut Vec<String>) {
    if !theirs.is_empty() && theirs != ours {
        troubles.push(format!(
            "Amazon's answer is for box {theirs}, this is {ours}: do not use this label"
        ));
    }
}

/// Plain Base64, with or without line breaks and padding (amazon.md 3.5).
pub(in crate::amazon) fn decode(contents: &str) -> Option<DocumentBytes> {
    let compact: Vec<u8> = contents
        .bytes()
        .filter(|byte| !byte.is_ascii_whitespace())
        .collect();
    let compact = zeroize::Zeroizing::new(compact);
    BASE64
        .decode(&*compact)
        .ok()
        .filter(|bytes| !bytes.is_empty())
        .map(DocumentBytes)
}

//! What the carrier is heard to say, as Amazon's client would hand it on.

use super::carrier::Heard;
use super::things;
use tapegun::domain::ids::ShipmentId;
use tapegun::domain::intent::{AmazonError, BoughtAnswer, VoidWire, WireAnswer};

fn error(status: u16, shaped: bool, code: &str, message: &str) -> AmazonError {
    AmazonError {
        status,
        code: code.to_owned(),
        message: message.to_owned(),
        amazon_shaped: shaped,
        request_id: shaped.then(|| "request-1".to_owned()),
    }
}

/// What the client would make of it.
pub(crate) fn wire(heard: Heard) -> WireAnswer {
    match heard {
        Heard::Sold(sale, whole) => WireAnswer::Bought(Box::new(answer_of(sale, whole))),
        Heard::Plainly(status) => WireAnswer::Error(error(status, true, "InvalidInput", "no")),
        Heard::Server => WireAnswer::Error(error(503, true, "ServiceUnavailable", "later")),
        Heard::Proxy => WireAnswer::Error(error(403, false, "", "")),
        Heard::NotSent => WireAnswer::NotSent {
            why: "no route".to_owned(),
        },
        Heard::Lost | Heard::Voided | Heard::VoidedAlready => WireAnswer::Lost {
            why: "time-out".to_owned(),
        },
    }
}

/// The same of a void.
pub(crate) fn void_wire(heard: Heard) -> VoidWire {
    match heard {
        Heard::Voided => VoidWire::Accepted { request_id: None },
        Heard::VoidedAlready => VoidWire::Error(error(
            400,
            true,
            "InvalidInput",
            "Shipment has already been cancelled",
        )),
        Heard::Plainly(status) => VoidWire::Error(error(status, true, "InvalidInput", "no")),
        Heard::Server => VoidWire::Error(error(500, true, "InternalFailure", "later")),
        Heard::Proxy => VoidWire::Error(error(403, false, "", "")),
        Heard::NotSent => VoidWire::NotSent {
            why: "no route".to_owned(),
        },
        Heard::Lost | Heard::Sold(..) => VoidWire::Lost {
            why: "time-out".to_owned(),
        },
    }
}

/// A success, whole or broken off after the shipment id.
pub(crate) fn answer_of(sale: usize, whole: bool) -> BoughtAnswer {
    BoughtAnswer {
        shipment: ShipmentId(format!("sid-{sale}")),
        tracking: whole.then(|| things::tracking(sale)),
        promise: None,
        documents: if whole {
            vec![things::document()]
        } else {
            Vec::new()
        },
        trouble: (!whole).then(|| "the answer broke off".to_owned()),
        request_id: None,
    }
}

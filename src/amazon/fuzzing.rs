//! Amazon's answers as bytes from anywhere: each is read by the very function that reads the real one, and what that
//! function promises of its result is asserted. For the fuzz targets and `tests/fuzz_corpus.rs` alone; hidden, because
//! wire types and their readers never leave this room.

use super::body::{self, Answer, Received};
use super::merchant::{eligible, shipment};
use super::shipping::{documents, purchase, rates, tracking};
use super::{auth, orders, prefix};
use crate::domain::ids::{OrderNumber, ShipmentId, StoreId};
use crate::domain::rate::Confirmation;
use crate::domain::text::Clean;
use chrono::DateTime;
use serde::Serialize;
use serde_json::Value;

const BOX: &str = "111-1111111-1111111-1";

fn answer(bytes: &[u8]) -> Answer {
    Answer {
        status: 200,
        request_id: Some("request-1".to_owned()),
        rate: None,
        retry_after: None,
        bytes: bytes.to_owned(),
    }
}

/// What people are shown is clean.
fn clean(text: &str) {
    assert_eq!(Clean::text(text), text, "text from outside is clean");
}

/// Every text of it is clean; the names in `but` go back to Amazon as they came and are never shown.
fn all_clean(value: &impl Serialize, but: &[&str]) {
    fn walk(value: &Value, but: &[&str]) {
        match value {
            Value::String(text) => clean(text),
            Value::Array(list) => list.iter().for_each(|one| walk(one, but)),
            Value::Object(object) => {
                for (name, value) in object {
                    if !but.contains(&name.as_str()) {
                        walk(value, but);
                    }
                }
            }
            Value::Null | Value::Bool(_) | Value::Number(_) => {}
        }
    }
    walk(&serde_json::to_value(value).expect("plain data"), but);
}

/// `searchOrders` and `getOrder`.
pub fn orders(bytes: &[u8]) {
    let answer = answer(bytes);
    let store = StoreId::from("us");
    let page = orders::page(&answer, &store, DateTime::UNIX_EPOCH);
    let found = page.map(|page| page.orders).unwrap_or_default();
    for order in found.iter().chain(&orders::one(&answer, &store).ok()) {
        all_clean(&order.channel, &[]);
        if let Some(customer) = &order.customer {
            all_clean(customer, &[]);
        }
        assert!(!order.channel.number.as_str().is_empty());
    }
}

/// `getRates`.
pub fn rates(bytes: &[u8]) {
    let Ok(offers) = rates::offers(&answer(bytes)) else {
        return;
    };
    assert!(!offers.request_token.is_empty());
    for rate in &offers.rates {
        // Ids of rates, groups and services go back as they came; so does the unit of a size.
        all_clean(rate, &["id", "unit"]);
        assert!(!rate.id.is_empty());
    }
    all_clean(&offers.ineligible, &[]);
}

/// `purchaseShipment`: whole, and cut off wherever it ends.
pub fn purchase(bytes: &[u8]) {
    for trouble in [None, Some("the connection broke".to_owned())] {
        let received = Received {
            bytes: bytes.to_owned(),
            trouble: trouble.clone(),
        };
        let Ok(bought) = purchase::bought(&received, None, BOX) else {
            continue;
        };
        clean(bought.shipment.as_str());
        assert!(!bought.shipment.as_str().is_empty());
        if let Some(tracking) = &bought.tracking {
            clean(tracking.as_str());
        }
        bought.trouble.iter().for_each(|trouble| shown(trouble));
        // What broke off brings no document, and says so.
        assert!(trouble.is_none() || bought.documents.is_empty() && bought.trouble.is_some());
        let decoded: usize = bought
            .documents
            .iter()
            .map(|document| document.bytes.0.len())
            .sum();
        assert!(decoded <= bytes.len(), "a document is smaller than its Base64");
    }
}

/// Words that may hold several texts: nothing in them hides or acts on a terminal.
fn shown(text: &str) {
    assert!(
        !text
            .chars()
            .any(|sign| sign.is_control() || crate::domain::text::hides(sign))
    );
}

/// Merchant Fulfillment v0: `getEligibleShipmentServices`, and a `Shipment` as `createShipment` and `getShipment`
/// give it, whole and cut off.
pub fn merchant(bytes: &[u8]) {
    let answer = answer(bytes);
    if let Ok(offers) = eligible::offers(&answer, Confirmation::Signature) {
        for rate in &offers.rates {
            // The service's and the offer's ids go back as they came.
            all_clean(rate, &["id", "unit"]);
        }
        all_clean(&(offers.ineligible, offers.unaccepted, offers.unavailable), &[]);
    }
    let order = OrderNumber::from("111-1111111-1111111");
    let asked = ShipmentId::from("sid-1");
    if let Ok(told) = shipment::told(&answer, &asked) {
        clean(&told.carrier);
        clean(&told.service);
        clean(told.order.as_str());
    }
    for trouble in [None, Some("the connection broke".to_owned())] {
        let received = Received {
            bytes: bytes.to_owned(),
            trouble,
        };
        let bought = shipment::bought(&received, None, &order);
        for bought in bought.iter().chain(&shipment::documents(&answer, &asked, &order)) {
            clean(bought.shipment.as_str());
            bought
                .tracking
                .iter()
                .for_each(|tracking| clean(tracking.as_str()));
            bought.trouble.iter().for_each(|trouble| shown(trouble));
            for document in &bought.documents {
                assert!(document.bytes.0.len() <= body::LARGEST, "unpacked within limits");
            }
        }
    }
}

/// `getShipmentDocuments`.
pub fn documents(bytes: &[u8]) {
    let shipment = ShipmentId::from("sid-1");
    if let Ok(bought) = documents::documents(&answer(bytes), &shipment, BOX) {
        assert_eq!(bought.shipment, shipment);
        bought.trouble.iter().for_each(|trouble| shown(trouble));
        bought.documents.iter().for_each(|document| clean(&document.kind));
    }
}

/// `getTracking`.
pub fn tracking(bytes: &[u8]) {
    if let Ok(told) = tracking::told(&answer(bytes)) {
        clean(&told.status);
        for event in &told.events {
            clean(&event.code);
            shown(&event.place);
        }
    }
}

/// Error answers: never Amazon's own without a code and a request id.
pub fn errors(bytes: &[u8]) {
    for (status, request_id) in [(400, Some("request-1")), (503, None)] {
        let error = body::error(status, request_id, bytes);
        clean(&error.code);
        clean(&error.message);
        assert!(!error.amazon_shaped || request_id.is_some() && !error.code.is_empty());
        assert!(!error.proves_nothing_done() || status == 400);
    }
}

/// Login with Amazon: no answer is shown, whatever stands in it.
pub fn login(bytes: &[u8]) {
    for status in [200, 400, 503] {
        let answer = Answer {
            status,
            ..answer(bytes)
        };
        match auth::granted(&answer) {
            Ok((header, _)) => assert!(status == 200 && header.is_sensitive() && !header.is_empty()),
            Err(error) => shown(&error.to_string()),
        }
    }
}

/// What is read of an answer that was cut off, packed or not.
pub fn prefix(bytes: &[u8]) {
    let unpacked = prefix::unpacked(Received {
        bytes: bytes.to_owned(),
        trouble: None,
    });
    assert!(unpacked.bytes.len() <= body::LARGEST);
    for bytes in [bytes, &unpacked.bytes] {
        let fields = prefix::fields(bytes);
        // What was read of the whole is read of what is left of it, too, up to where it ends.
        let half = prefix::fields(&bytes[..bytes.len() / 2]);
        assert_eq!(half, fields[..half.len()], "the beginning reads alike");
        for field in fields {
            assert!(!field.value.is_empty());
        }
    }
}

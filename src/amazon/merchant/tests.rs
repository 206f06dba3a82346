//! Merchant Fulfillment v0: what is sent, and what each answer means.

mod buying;
mod labels;
mod quoting;

use crate::amazon::fake::{Fake, Heard, Play, json, profile};
use crate::domain::ids::{BoxId, LineId, OrderId, OrderNumber, ShipmentId};
use crate::domain::rate::{Confirmation, QuoteItem, QuoteRequest};
use crate::domain::seller::{LabelVia, StoreProfile};
use crate::domain::units::{Dimensions, LengthUnit, Weight, WeightUnit};
use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use flate2::Compression;
use flate2::write::GzEncoder;
use md5::{Digest, Md5};
use std::io::Write;

const VIA: LabelVia = LabelVia::MerchantFulfillmentV0;
const SHIPMENT: &str = "0f2c9a51-77aa-4c1e-9d0b-5e8d2f3a4b6c";
const ORDER: &str = "111-1111111-1111111";
const ZPL: &[u8] = b"^XA^FDhello^FS^XZ";

fn order() -> OrderNumber {
    OrderNumber::from(ORDER)
}

fn shipment() -> ShipmentId {
    ShipmentId::from(SHIPMENT)
}

/// The store with the e-mail address that this API wants.
fn shop(base: &str) -> StoreProfile {
    let mut shop = profile(base);
    "bench@example.com".clone_into(&mut shop.ship_from.email);
    shop
}

fn request(weight: Weight, dimensions: Dimensions) -> QuoteRequest {
    QuoteRequest {
        order: OrderId(7),
        box_id: BoxId(9),
        box_number: 2,
        items: vec![
            QuoteItem {
                line: LineId::from("57"),
                quantity: 2,
                unit_weight: None,
                unit_value: None,
                serials: vec!["AZ:ONE".to_owned(), "AZ:TWO".to_owned()],
            },
            QuoteItem {
                line: LineId::from("58"),
                quantity: 1,
                unit_weight: None,
                unit_value: None,
                serials: Vec::new(),
            },
        ],
        weight,
        dimensions,
        confirmation: Confirmation::Signature,
        ship_date: None,
    }
}

fn pounds() -> QuoteRequest {
    request(
        Weight {
            thousandths: 1_250,
            unit: WeightUnit::Lb,
        },
        Dimensions {
            length: 10_250,
            width: 8_000,
            height: 4_000,
            unit: LengthUnit::In,
        },
    )
}

fn packed(bytes: &[u8]) -> Vec<u8> {
    let mut encoder = GzEncoder::new(Vec::new(), Compression::fast());
    encoder.write_all(bytes).unwrap();
    encoder.finish().unwrap()
}

fn sum(bytes: &[u8]) -> String {
    STANDARD.encode(Md5::digest(bytes))
}

/// `FileContents` of a label.
fn file(bytes: &[u8], kind: &str, checksum: &str) -> String {
    format!(
        r#"{{"Contents":"{}","FileType":"{kind}","Checksum":"{checksum}"}}"#,
        STANDARD.encode(packed(bytes))
    )
}

/// A shipment as Amazon answers it, with this file.
fn shipment_with(file: &str, status: &str) -> String {
    format!(
        r#"{{"payload":{{"ShipmentId":"{SHIPMENT}","AmazonOrderId":"{ORDER}","ItemList":[{{"OrderItemId":"57","Quantity":2}},{{"OrderItemId":"58","Quantity":1.0}}],"ShipToAddress":{{"Name":"Carla Canary","Phone":"","Email":""}},"ShippingService":{{"ShippingServiceName":"UPS Ground","CarrierName":"UPS®","EarliestEstimatedDeliveryDate":"2026-11-24T08:00:00Z","LatestEstimatedDeliveryDate":"2026-11-25T20:00:00Z"}},"Label":{{"LabelFormat":"","Dimensions":{{"Length":6.0,"Width":4.0,"Unit":"inches"}},"FileContents":{file}}},"Status":"{status}","TrackingId":"1Z17E2100217295733","CreatedDate":"2026-11-21T12:00:01Z","LastUpdatedDate":"2026-11-21T12:30:00Z"}}}}"#
    )
}

fn whole() -> String {
    shipment_with(&file(ZPL, "application/zpl", &sum(ZPL)), "Purchased")
}

/// Grants the restricted token; `play` answers the rest.
async fn amazon(play: impl Fn(&Heard) -> Play + Send + Sync + 'static) -> Fake {
    Fake::start(move |heard| {
        if heard.line.ends_with("/restrictedDataToken") {
            Play::Say(json(
                200,
                r#"{"restrictedDataToken":"Atz.sprdt|1","expiresIn":3600}"#,
            ))
        } else {
            play(heard)
        }
    })
    .await
}

/// Requests besides logins and tokens.
fn asked(fake: &Fake) -> Vec<Heard> {
    let heard = fake.heard();
    heard
        .into_iter()
        .filter(|heard| !heard.line.contains("/tokens/"))
        .collect()
}

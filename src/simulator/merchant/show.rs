//! How services and shipments show in Merchant Fulfillment v0.

use super::checks::{Details, EXPERIENCES};
use super::quote::{MerchantOffer, charge};
use crate::simulator::ledger::{MerchantSale, Shipment};
use crate::simulator::offers::{Offer, stamp};
use crate::simulator::order::Address;
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use chrono::{DateTime, Utc};
use flate2::Compression;
use flate2::write::GzEncoder;
use md5::{Digest as _, Md5};
use serde_json::{Value, json};
use std::io::Write as _;

/// An amount in this interface's letters.
fn money(cents: u32) -> Value {
    json!({"CurrencyCode": "USD", "Amount": f64::from(cents) / 100.0})
}

/// Label formats of an offer: all that its print options allow.
pub(super) fn formats(offer: &Offer) -> Vec<&'static str> {
    let mut formats = Vec::new();
    for specification in offer.specifications.iter().filter(|one| one.size == (40, 60)) {
        match specification.format {
            "ZPL" => formats.extend(
                [(203, "ZPL203"), (300, "ZPL300")]
                    .iter()
                    .filter(|(dpi, _)| specification.dpis.contains(dpi))
                    .map(|(_, name)| *name),
            ),
            other => formats.push(other),
        }
    }
    formats.push("ShippingServiceDefault");
    formats
}

/// Benefits as Shipping v2 names them, in this interface's letters.
fn benefits(benefits: &Value, ship_plus: bool) -> Value {
    let mut included = benefits["includedBenefits"]
        .as_array()
        .cloned()
        .unwrap_or_default();
    if ship_plus {
        included.push(json!("FBM_SHIP_PLUS"));
    }
    let excluded: Vec<Value> = benefits["excludedBenefits"]
        .as_array()
        .into_iter()
        .flatten()
        .map(|lost| json!({"Benefit": lost["benefit"], "ReasonCodes": lost["reasonCodes"]}))
        .collect();
    json!({"IncludedBenefits": included, "ExcludedBenefits": excluded})
}

/// A service as offered.
pub(super) fn offered(one: &MerchantOffer, details: &Details, ship: DateTime<Utc>) -> Value {
    let offer = &one.offer;
    let options: Vec<Value> = EXPERIENCES
        .iter()
        .filter_map(|name| {
            let cents = charge(name, offer)?;
            Some(json!({"DeliveryExperienceOption": name, "Charge": money(cents)}))
        })
        .collect();
    let formats = formats(offer);
    let slips: Vec<Value> = formats
        .iter()
        .flat_map(|format| {
            let plain = json!({"IncludePackingSlipWithLabel": false, "LabelFormat": format});
            let with_slip = json!({"IncludePackingSlipWithLabel": true, "LabelFormat": format});
            std::iter::once(plain).chain((*format == "PDF").then_some(with_slip))
        })
        .collect();
    let mut shown = sold(one, details, ship);
    shown["ShippingServiceOptions"] = json!({
        "DeliveryExperience": details.experience,
        "CarrierWillPickUp": details.pick_up,
        // Nothing was chosen yet: Amazon sends the empty text, which is no value of its own enumeration.
        "LabelFormat": details.format.unwrap_or(""),
    });
    shown["AvailableShippingServiceOptions"] = json!({
        "AvailableCarrierWillPickUpOptions":
            [{"CarrierWillPickUpOption": "ShipperWillDropOff", "Charge": money(0)}],
        "AvailableDeliveryExperienceOptions": options,
    });
    shown["AvailableLabelFormats"] = json!(formats);
    shown["AvailableFormatOptionsForLabel"] = json!(slips);
    shown["RequiresAdditionalSellerInputs"] = json!(offer.needs_inputs);
    shown
}

/// A service as it stands in a shipment.
pub(super) fn sold(one: &MerchantOffer, details: &Details, ship: DateTime<Utc>) -> Value {
    let service = one.offer.service;
    let mut shown = json!({
        "ShippingServiceName": service.name,
        "CarrierName": service.carrier_name,
        "ShippingServiceId": service.id,
        "ShippingServiceOfferId": one.id,
        "ShipDate": stamp(ship),
        "Rate": money(one.cents),
        "RateWithAdjustments": money(one.cents - one.credit),
        "ShippingServiceOptions": {
            "DeliveryExperience": details.experience,
            "CarrierWillPickUp": details.pick_up,
            "DeclaredValue": insurance(details),
        },
        "RequiresAdditionalSellerInputs": false,
        "Benefits": benefits(&one.offer.benefits(), one.credit > 0),
    });
    if one.credit > 0 {
        shown["AdjustmentItemList"] = json!([{
            "RateItemID": "FBM_SHIP_PLUS_CREDIT",
            "RateItemType": "INCLUDED",
            "RateItemCharge": money(one.credit),
            "RateItemNameLocalization": "FBM Ship Plus Credit",
        }]);
    }
    if let Some(window) = one.offer.promise().get("deliveryWindow") {
        shown["EarliestEstimatedDeliveryDate"] = window["start"].clone();
        shown["LatestEstimatedDeliveryDate"] = window["end"].clone();
    }
    shown
}

/// The declared value, or none.
pub(super) fn insurance(details: &Details) -> Value {
    details
        .sent
        .pointer("/ShippingServiceOptions/DeclaredValue")
        .filter(|value| !value.is_null())
        .cloned()
        .unwrap_or_else(|| money(0))
}

/// The recipient; telephone and e-mail stay empty (amazon.md 2.4).
fn ship_to(address: &Address) -> Value {
    let mut shown = json!({
        "Name": address.name,
        "Email": "",
        "Phone": "",
        "City": address.city,
        "StateOrProvinceCode": address.state,
        "PostalCode": address.postal_code,
        "CountryCode": address.country,
    });
    for (line, field) in address
        .lines
        .iter()
        .zip(["AddressLine1", "AddressLine2", "AddressLine3"])
    {
        shown[field] = json!(line);
    }
    shown
}

/// Base64 of gzip, the type, and the MD5 that is said to be of "the document data".
pub(in crate::simulator) fn file(format: &str, bytes: &[u8], checksum_of_gzip: bool) -> Value {
    let mut packed = GzEncoder::new(Vec::new(), Compression::default());
    packed.write_all(bytes).expect("memory takes it");
    let packed = packed.finish().expect("memory takes it");
    let summed: &[u8] = if checksum_of_gzip { &packed } else { bytes };
    json!({
        "Contents": STANDARD.encode(&packed),
        "FileType": match format {
            "ZPL" => "application/zpl",
            "PNG" => "image/png",
            _ => "application/pdf",
        },
        "Checksum": STANDARD.encode(Md5::digest(summed)),
    })
}

/// How a shipment is looked at.
pub(super) struct Look<'a> {
    pub(super) shipment: &'a Shipment,
    pub(super) sale: &'a MerchantSale,
    pub(super) address: &'a Address,
    /// The label's bytes.
    pub(super) label: &'a [u8],
    pub(super) now: DateTime<Utc>,
    pub(super) checksum_of_gzip: bool,
}

impl Look<'_> {
    /// The label: of a canceled shipment only its frame is left, with empty texts where nothing is known.
    fn show_label(&self) -> Value {
        let documents = &self.shipment.documents;
        let mut label = json!({"Dimensions": {"Length": 6.0, "Width": 4.0, "Unit": "inches"}});
        if let Some(text) = &self.sale.text {
            label["CustomTextForLabel"] = json!(text);
        }
        if self.shipment.canceled.is_some() {
            label["FileContents"] = json!({"Contents": "", "FileType": "", "Checksum": ""});
            label["LabelFormat"] = json!("");
        } else {
            label["FileContents"] = file(&documents.format, self.label, self.checksum_of_gzip);
            label["LabelFormat"] = json!(match (documents.format.as_str(), documents.dpi) {
                ("ZPL", Some(203)) => "ZPL203",
                ("ZPL", _) => "ZPL300",
                (other, _) => other,
            });
        }
        label
    }

    /// `Shipment`, its id and tracking number first, so that an answer can end right after either. `fresh` is the
    /// answer to the purchase itself: later ones no longer name the offer.
    pub(super) fn show(&self, fresh: bool) -> Vec<u8> {
        let shipment = self.shipment;
        let (status, changed) = match (shipment.refund_state(self.now), shipment.refund) {
            (Some("pending"), _) => ("RefundPending", shipment.canceled),
            (Some("rejected"), refund) => ("RefundRejected", refund.map(|refund| refund.decided)),
            (Some(_), refund) => ("RefundApplied", refund.map(|refund| refund.decided)),
            (None, _) => ("Purchased", None),
        };
        let mut service = self.sale.service.clone();
        if !fresh {
            service["ShippingServiceOfferId"] = json!("");
        }
        let details = &self.sale.details;
        let mut rest = json!({
            "AmazonOrderId": shipment.order,
            "ItemList": details["ItemList"],
            "ShipFromAddress": details["ShipFromAddress"],
            "ShipToAddress": ship_to(self.address),
            "PackageDimensions": details["PackageDimensions"],
            "Weight": details["Weight"],
            "Insurance": self.sale.insurance,
            "ShippingService": service,
            "Label": self.show_label(),
            "Status": status,
            "CreatedDate": stamp(shipment.bought),
            "LastUpdatedDate": stamp(changed.unwrap_or(shipment.bought)),
        });
        if !shipment.reference.is_empty() {
            rest["SellerOrderId"] = json!(shipment.reference);
        }
        let rest = rest.to_string();
        format!(
            "{{\"payload\":{{\"ShipmentId\":\"{}\",\"TrackingId\":\"{}\",{}}}",
            shipment.id,
            shipment.tracking,
            &rest[1..]
        )
        .into_bytes()
    }
}

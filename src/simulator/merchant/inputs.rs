//! `getAdditionalSellerInputs`, and what a purchase must answer it with (amazon.md 2.11).

use super::checks::address;
use super::members::{need, text};
use super::named;
use super::quote::check_origin;
use crate::simulator::order::OfferShape;
use crate::simulator::wire::{Answer, Request};
use crate::simulator::world::World;
use serde_json::{Value, json};

/// The one field that is demanded, and its length.
const FIELD: &str = "HS_CODE";
const DIGITS: std::ops::RangeInclusive<usize> = 6..=10;

/// Whether a text is what the field's constraint asks for.
pub(in crate::simulator) fn is_harmonized_code(text: &str) -> bool {
    DIGITS.contains(&text.len()) && text.bytes().all(|letter| letter.is_ascii_digit())
}

/// A purchase of a service that demands inputs.
pub(super) fn check_inputs(body: &Value) -> Result<(), Answer> {
    let answered = body
        .get("ShipmentLevelSellerInputsList")
        .and_then(Value::as_array)
        .into_iter()
        .flatten()
        .filter(|input| input["AdditionalInputFieldName"] == FIELD)
        .filter_map(|input| input.pointer("/AdditionalSellerInput/ValueAsString")?.as_str())
        .any(is_harmonized_code);
    if answered {
        Ok(())
    } else {
        Err(Answer::invalid(
            "Additional seller inputs are missing or do not satisfy their constraints: HS_CODE.",
        ))
    }
}

impl World {
    /// `POST /mfn/v0/additionalSellerInputs`.
    pub(in crate::simulator) fn additional_seller_inputs(
        &self,
        seller: usize,
        request: &Request,
    ) -> Result<Answer, Answer> {
        let body = request.json()?;
        let service = text(&body, "ShippingServiceId", "", 100)?;
        let number = text(&body, "OrderId", "", 50)?;
        let ship_from = need(&body, "ShipFromAddress", "")?;
        address(ship_from, "shipFromAddress")?;
        check_origin(ship_from).map_err(|_| {
            Answer::invalid("Invalid Ship From Address when calling GetAdditionalSellerInputs")
        })?;
        let order = self
            .orders
            .get(number)
            .filter(|order| order.seller == seller)
            .ok_or_else(|| {
                named(
                    404,
                    "ResourceNotFound",
                    "The order was not found for this seller.",
                )
            })?;
        let demanded = order.shape == OfferShape::AdditionalInputs
            && matches!(service, "ONTRAC_MFN_GROUND" | "USPS_PTP_GAH");
        let fields = if demanded {
            vec![json!({
                "AdditionalInputFieldName": FIELD,
                "SellerInputDefinition": {
                    "IsRequired": true,
                    "DataType": "STRING",
                    "Constraints": [{
                        "ValidationRegEx": format!("^[0-9]{{{},{}}}$", DIGITS.start(), DIGITS.end()),
                        "ValidationString": format!("{} to {} digits", DIGITS.start(), DIGITS.end()),
                    }],
                    "InputDisplayText": "Harmonized System code",
                    "InputTarget": "SHIPMENT_LEVEL",
                    "StoredValue": {"DataType": "STRING", "ValueAsString": ""},
                },
            })]
        } else {
            Vec::new()
        };
        let items: Vec<Value> = order
            .lines
            .iter()
            .map(|line| json!({"Asin": line.asin, "AdditionalInputs": []}))
            .collect();
        Ok(Answer::ok(&json!({"payload": {
            "ShipmentLevelFields": fields,
            "ItemLevelFieldsList": items,
        }})))
    }
}

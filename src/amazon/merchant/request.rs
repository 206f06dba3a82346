//! Bodies that are sent: `getEligibleShipmentServices`, `createShipment`, `getAdditionalSellerInputs`
//! (amazon.md 2.2 to 2.8). Only ounces or grams, only inches or centimetres, names of 30 letters.

#![expect(clippy::struct_field_names, reason = "the names are Amazon's")]

use super::inputs::{Given, given};
use crate::amazon::labels::Extras;
use crate::amazon::shipping::{country, cut, stamp};
use crate::amazon::wire::Exact;
use crate::domain::ids::OrderNumber;
use crate::domain::rate::inputs::InputTarget;
use crate::domain::rate::{Confirmation, PurchaseChoice, QuoteItem, QuoteRequest};
use crate::domain::seller::{DocumentFormat, ShipFrom};
use crate::domain::units::{Dimensions, LengthUnit, Weight, WeightUnit};
use serde::Serialize;

/// Longest name, city, region, postal code and phone.
const SHORT: usize = 30;

#[derive(Serialize)]
#[serde(rename_all = "PascalCase")]
pub(super) struct Eligible<'a> {
    shipment_request_details: Details<'a>,
}

#[derive(Serialize)]
#[serde(rename_all = "PascalCase")]
pub(super) struct Create<'a> {
    shipment_request_details: Details<'a>,
    shipping_service_id: &'a str,
    shipping_service_offer_id: &'a str,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    shipment_level_seller_inputs_list: Vec<Given>,
}

#[derive(Serialize)]
#[serde(rename_all = "PascalCase")]
pub(super) struct Inputs<'a> {
    shipping_service_id: &'a str,
    ship_from_address: Address<'a>,
    order_id: &'a str,
}

/// `ShipmentRequestDetails`: the same in the quote and in the purchase (amazon.md 2.8), but for the label's
/// format, which is chosen among those that the offer lists.
#[derive(Serialize)]
#[serde(rename_all = "PascalCase")]
struct Details<'a> {
    amazon_order_id: &'a str,
    item_list: Vec<Item<'a>>,
    ship_from_address: Address<'a>,
    package_dimensions: Edges,
    weight: Heft,
    #[serde(skip_serializing_if = "Option::is_none")]
    ship_date: Option<String>,
    shipping_service_options: Options,
    #[serde(skip_serializing_if = "Option::is_none")]
    label_customization: Option<Customization>,
}

/// Text that Amazon prints on the label (amazon.md 2.8).
#[derive(Serialize)]
#[serde(rename_all = "PascalCase")]
struct Customization {
    custom_text_for_label: String,
}

#[derive(Serialize)]
#[serde(rename_all = "PascalCase")]
struct Item<'a> {
    order_item_id: &'a str,
    quantity: u32,
    #[serde(skip_serializing_if = "<[String]>::is_empty")]
    transparency_code_list: &'a [String],
    #[serde(skip_serializing_if = "Vec::is_empty")]
    item_level_seller_inputs_list: Vec<Given>,
}

#[derive(Serialize)]
#[serde(rename_all = "PascalCase")]
struct Address<'a> {
    name: &'a str,
    address_line1: &'a str,
    #[serde(skip_serializing_if = "str::is_empty")]
    address_line2: &'a str,
    city: &'a str,
    #[serde(skip_serializing_if = "str::is_empty")]
    state_or_province_code: &'a str,
    postal_code: &'a str,
    country_code: &'a str,
    phone: &'a str,
    email: &'a str,
}

#[derive(Serialize)]
#[serde(rename_all = "PascalCase")]
struct Edges {
    length: Exact,
    width: Exact,
    height: Exact,
    unit: &'static str,
}

#[derive(Serialize)]
#[serde(rename_all = "PascalCase")]
pub(super) struct Heft {
    value: Exact,
    unit: &'static str,
}

/// `CarrierWillPickUp` with a capital U: written otherwise, Amazon refuses the whole request (amazon.md 2.6).
#[derive(Serialize)]
#[serde(rename_all = "PascalCase")]
struct Options {
    delivery_experience: &'static str,
    carrier_will_pick_up: bool,
    #[serde(skip_serializing_if = "Option::is_none")]
    label_format: Option<&'static str>,
}

/// The body of `getEligibleShipmentServices`.
pub(super) fn eligible<'a>(
    from: &'a ShipFrom,
    request: &'a QuoteRequest,
    order: &'a OrderNumber,
) -> Eligible<'a> {
    Eligible {
        shipment_request_details: details(from, request, order, request.confirmation, None),
    }
}

/// The body of `createShipment`: what the quote was asked for, and the offer, which pins the price.
pub(super) fn create<'a>(
    from: &'a ShipFrom,
    request: &'a QuoteRequest,
    order: &'a OrderNumber,
    choice: &'a PurchaseChoice,
    service_id: &'a str,
    confirmation: Confirmation,
    extras: &Extras<'_>,
) -> Create<'a> {
    let format = label_format(choice.document.format, choice.dpi);
    let mut details = details(from, request, order, confirmation, Some(format));
    details.label_customization = extras.label_text.map(|text| Customization {
        custom_text_for_label: text.to_owned(),
    });
    for (item, asked) in details.item_list.iter_mut().zip(&request.items) {
        let sku = extras.skus.iter().find(|(line, _)| *line == asked.line);
        if let Some((_, sku)) = sku {
            item.item_level_seller_inputs_list = given(extras, &InputTarget::Item(sku.to_string()));
        }
    }
    Create {
        shipment_request_details: details,
        shipment_level_seller_inputs_list: given(extras, &InputTarget::Shipment),
        shipping_service_id: service_id,
        shipping_service_offer_id: &choice.rate_id,
    }
}

/// The body of `getAdditionalSellerInputs`.
pub(super) fn inputs<'a>(from: &'a ShipFrom, service_id: &'a str, order: &'a OrderNumber) -> Inputs<'a> {
    Inputs {
        shipping_service_id: service_id,
        ship_from_address: address(from),
        order_id: order.as_str(),
    }
}

fn details<'a>(
    from: &'a ShipFrom,
    request: &'a QuoteRequest,
    order: &'a OrderNumber,
    confirmation: Confirmation,
    label_format: Option<&'static str>,
) -> Details<'a> {
    Details {
        amazon_order_id: order.as_str(),
        item_list: request.items.iter().map(item).collect(),
        ship_from_address: address(from),
        package_dimensions: edges(request.dimensions),
        weight: heft(request.weight),
        ship_date: request.ship_date.map(stamp),
        shipping_service_options: Options {
            delivery_experience: experience(confirmation),
            carrier_will_pick_up: false,
            label_format,
        },
        label_customization: None,
    }
}

fn item(item: &QuoteItem) -> Item<'_> {
    Item {
        order_item_id: item.line.as_str(),
        quantity: item.quantity,
        transparency_code_list: &item.serials,
        item_level_seller_inputs_list: Vec::new(),
    }
}

/// Ship-from within Amazon's limits here, which are narrower than Shipping v2's. What is too long was refused by
/// the configuration already; cut is better than refused where it came another way.
fn address(from: &ShipFrom) -> Address<'_> {
    Address {
        name: cut(&from.name, SHORT),
        address_line1: cut(&from.line1, 180),
        address_line2: cut(&from.line2, 60),
        city: cut(&from.city, SHORT),
        state_or_province_code: cut(&from.state, SHORT),
        postal_code: cut(&from.postal_code, SHORT),
        country_code: country(&from.country),
        phone: cut(&from.phone, SHORT),
        email: from.email.trim(),
    }
}

/// Pounds as ounces, kilograms as grams; rounded up, so that a parcel is never declared too light.
pub(super) fn heft(weight: Weight) -> Heft {
    let (unit, word) = match weight.unit {
        WeightUnit::Oz | WeightUnit::Lb => (WeightUnit::Oz, "oz"),
        WeightUnit::G | WeightUnit::Kg => (WeightUnit::G, "g"),
    };
    Heft {
        value: Exact::new(weight.to_unit(unit).thousandths, 3),
        unit: word,
    }
}

fn edges(size: Dimensions) -> Edges {
    Edges {
        length: Exact::new(size.length, 3),
        width: Exact::new(size.width, 3),
        height: Exact::new(size.height, 3),
        unit: match size.unit {
            LengthUnit::In => "inches",
            LengthUnit::Cm => "centimeters",
        },
    }
}

/// Amazon's word for a Delivery Confirmation (`DeliveryExperience`).
pub(super) fn experience(confirmation: Confirmation) -> &'static str {
    match confirmation {
        Confirmation::NoTracking => "NoTracking",
        Confirmation::DeliveryConfirmation => "DeliveryConfirmationWithoutSignature",
        Confirmation::Signature => "DeliveryConfirmationWithSignature",
        Confirmation::AdultSignature => "DeliveryConfirmationWithAdultSignature",
    }
}

/// The Delivery Confirmation by Amazon's word.
pub(super) fn confirmation(word: &str) -> Option<Confirmation> {
    Confirmation::ALL
        .into_iter()
        .find(|option| experience(*option) == word)
}

/// Amazon's word for a label's format and resolution (`LabelFormat`).
fn label_format(format: DocumentFormat, dpi: Option<u32>) -> &'static str {
    match (format, dpi) {
        (DocumentFormat::Zpl, Some(300)) => "ZPL300",
        (DocumentFormat::Zpl, _) => "ZPL203",
        (DocumentFormat::Png, _) => "PNG",
        (DocumentFormat::Pdf, _) => "PDF",
    }
}

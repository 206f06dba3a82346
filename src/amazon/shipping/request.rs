//! Bodies that are sent: `getRates` and `purchaseShipment` (amazon.md 3.3, 3.5, 3.7).

#![expect(clippy::struct_field_names, reason = "the names are Amazon's")]

use crate::amazon::places;
use crate::amazon::wire::Exact;
use crate::domain::customer::{CustomerData, Recipient};
use crate::domain::ids::OrderNumber;
use crate::domain::money::{Currency, Money};
use crate::domain::rate::{PurchaseChoice, QuoteItem, QuoteRequest};
use crate::domain::seller::{DocumentFormat, ShipFrom, StoreProfile};
use crate::domain::units::{LengthUnit, Weight, WeightUnit};
use chrono::{DateTime, SecondsFormat, Utc};
use serde::Serialize;
use serde_json::Value;

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct GetRates<'a> {
    ship_from: Address<'a>,
    #[serde(skip_serializing_if = "Option::is_none")]
    ship_to: Option<Address<'a>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    ship_date: Option<String>,
    packages: [Package<'a>; 1],
    channel_details: ChannelDetails<'a>,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct Address<'a> {
    name: &'a str,
    address_line1: &'a str,
    #[serde(skip_serializing_if = "str::is_empty")]
    address_line2: &'a str,
    #[serde(skip_serializing_if = "str::is_empty")]
    address_line3: &'a str,
    #[serde(skip_serializing_if = "str::is_empty")]
    company_name: &'a str,
    city: &'a str,
    state_or_region: &'a str,
    postal_code: &'a str,
    country_code: &'a str,
    #[serde(skip_serializing_if = "str::is_empty")]
    email: &'a str,
    #[serde(skip_serializing_if = "str::is_empty")]
    phone_number: &'a str,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Package<'a> {
    dimensions: Edges,
    weight: Heft,
    insured_value: Amount,
    package_client_reference_id: String,
    items: Vec<Item<'a>>,
}

#[derive(Serialize)]
struct Edges {
    length: Exact,
    width: Exact,
    height: Exact,
    unit: &'static str,
}

#[derive(Serialize)]
struct Heft {
    unit: &'static str,
    value: Exact,
}

#[derive(Serialize)]
struct Amount {
    value: Exact,
    unit: Currency,
}

impl From<Money> for Amount {
    fn from(money: Money) -> Self {
        Self {
            value: Exact::new(money.minor, money.currency.exponent()),
            unit: money.currency,
        }
    }
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Item<'a> {
    item_identifier: &'a str,
    quantity: u32,
    #[serde(skip_serializing_if = "Option::is_none")]
    item_value: Option<Amount>,
    #[serde(skip_serializing_if = "Option::is_none")]
    weight: Option<Heft>,
    #[serde(skip_serializing_if = "<[String]>::is_empty")]
    serial_numbers: &'a [String],
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct ChannelDetails<'a> {
    channel_type: &'static str,
    #[serde(skip_serializing_if = "Option::is_none")]
    amazon_order_details: Option<OrderDetails<'a>>,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct OrderDetails<'a> {
    order_id: &'a str,
}

/// The body of `getRates` for one box.
pub(super) fn rates<'a>(
    profile: &'a StoreProfile,
    request: &'a QuoteRequest,
    order: &'a OrderNumber,
) -> GetRates<'a> {
    let currency = request
        .items
        .iter()
        .find_map(|item| item.unit_value)
        .map_or_else(|| places::currency(&profile.marketplace), |value| value.currency);
    let size = request.dimensions;
    GetRates {
        ship_from: address(&profile.ship_from),
        ship_to: None,
        ship_date: request.ship_date.map(stamp),
        packages: [Package {
            dimensions: Edges {
                length: Exact::new(size.length, 3),
                width: Exact::new(size.width, 3),
                height: Exact::new(size.height, 3),
                unit: match size.unit {
                    LengthUnit::In => "INCH",
                    LengthUnit::Cm => "CENTIMETER",
                },
            },
            weight: heft(request.weight.unit, request.weight.thousandths),
            // Nothing beyond the carrier's own liability is insured; zero is accepted for Amazon's orders.
            insured_value: Money::new(0, currency).into(),
            package_client_reference_id: format!("{}-{}", request.order, request.box_number),
            items: items(request),
        }],
        channel_details: ChannelDetails {
            channel_type: "AMAZON",
            amazon_order_details: Some(OrderDetails {
                order_id: order.as_str(),
            }),
        },
    }
}

/// The body of `getRates` for a box of an order that is not Amazon's (amazon.md 3.9): ship-to, the value of what
/// lies in it, no order and no serial numbers. Made for sending alone: it holds the customer's address.
pub(super) fn external_rates<'a>(
    profile: &'a StoreProfile,
    request: &'a QuoteRequest,
    no_order: &'a OrderNumber,
    customer: &'a CustomerData,
) -> GetRates<'a> {
    let mut body = rates(profile, request, no_order);
    body.ship_to = Some(recipient(&customer.recipient, &customer.buyer.email));
    body.channel_details = ChannelDetails {
        channel_type: "EXTERNAL",
        amazon_order_details: None,
    };
    let value = request.items.iter().fold(0_i64, |sum, item| {
        let unit = item.unit_value.map_or(0, |value| value.minor);
        sum.saturating_add(unit.saturating_mul(i64::from(item.quantity)))
    });
    let currency = request.items.iter().find_map(|item| item.unit_value);
    let currency = currency.map_or_else(|| places::currency(&profile.marketplace), |value| value.currency);
    let [package] = &mut body.packages;
    package.insured_value = Money::new(value, currency).into();
    for item in &mut package.items {
        item.serial_numbers = &[];
    }
    body
}

/// Ship-to; its lengths were checked when the order was taken in.
fn recipient<'a>(to: &'a Recipient, email: &'a str) -> Address<'a> {
    let line = |place: usize| to.lines.get(place).map_or("", String::as_str);
    Address {
        name: cut(&to.name, 50),
        address_line1: cut(line(0), 60),
        address_line2: cut(line(1), 60),
        address_line3: cut(line(2), 60),
        company_name: cut(&to.company, 50),
        city: to.city.trim(),
        // Amazon's model requires it; where a country has none, the city stands in.
        state_or_region: Some(to.state.trim())
            .filter(|state| !state.is_empty())
            .unwrap_or(to.city.trim()),
        postal_code: to.postal_code.trim(),
        country_code: to.country.trim(),
        email: email.trim(),
        phone_number: to.phone.trim(),
    }
}

/// A moment as Amazon writes it.
pub(in crate::amazon) fn stamp(time: DateTime<Utc>) -> String {
    time.to_rfc3339_opts(SecondsFormat::Millis, true)
}

/// Ship-from within Amazon's limits: empty texts are left out, since they would break its least lengths.
fn address(from: &ShipFrom) -> Address<'_> {
    Address {
        name: cut(&from.name, 50),
        address_line1: cut(&from.line1, 60),
        address_line2: cut(&from.line2, 60),
        address_line3: "",
        company_name: "",
        city: from.city.trim(),
        state_or_region: from.state.trim(),
        postal_code: from.postal_code.trim(),
        country_code: country(&from.country),
        // Half an e-mail address or phone number is worse than none.
        email: Some(from.email.trim())
            .filter(|email| email.chars().count() <= 64)
            .unwrap_or_default(),
        phone_number: Some(from.phone.trim())
            .filter(|phone| phone.chars().count() <= 20)
            .unwrap_or_default(),
    }
}

/// Ship-from by itself.
pub(super) fn from_address(from: &ShipFrom) -> Address<'_> {
    address(from)
}

/// Two letters; the two that people get wrong are put right (amazon.md 9, trap 7).
pub(in crate::amazon) fn country(text: &str) -> &str {
    match text.trim() {
        "UK" => "GB",
        "USA" => "US",
        country => country,
    }
}

/// At most so many letters.
pub(in crate::amazon) fn cut(text: &str, longest: usize) -> &str {
    let text = text.trim();
    text.char_indices()
        .nth(longest)
        .map_or(text, |(end, _)| text[..end].trim_end())
}

fn heft(unit: WeightUnit, thousandths: i64) -> Heft {
    Heft {
        unit: match unit {
            WeightUnit::Oz => "OUNCE",
            WeightUnit::Lb => "POUND",
            WeightUnit::G => "GRAM",
            WeightUnit::Kg => "KILOGRAM",
        },
        value: Exact::new(thousandths, 3),
    }
}

/// Nanograms of a thousandth of the unit.
fn nanograms(unit: WeightUnit) -> i128 {
    match unit {
        WeightUnit::Oz => 28_349_523,
        WeightUnit::Lb => 453_592_370,
        WeightUnit::G => 1_000_000,
        WeightUnit::Kg => 1_000_000_000,
    }
}

/// Items in the box's own weight unit, rounded down, so that however Amazon adds them up (with or without the
/// quantity) they never weigh more than the box: more is refused with 400 (amazon.md 3.3).
fn items(request: &QuoteRequest) -> Vec<Item<'_>> {
    let box_unit = request.weight.unit;
    let box_weight = i128::from(request.weight.thousandths) * nanograms(box_unit);
    let of_unit = |weight: Weight| i128::from(weight.thousandths) * nanograms(weight.unit);
    let total: i128 = request
        .items
        .iter()
        .filter_map(|item| {
            item.unit_weight
                .map(|weight| of_unit(weight) * i128::from(item.quantity))
        })
        .sum();
    let weight = |item: &QuoteItem| {
        let own = of_unit(item.unit_weight?);
        let own = if total > box_weight {
            own * box_weight / total
        } else {
            own
        };
        let thousandths = i64::try_from(own / nanograms(box_unit)).ok()?;
        (thousandths > 0).then(|| heft(box_unit, thousandths))
    };
    request
        .items
        .iter()
        .map(|item| Item {
            item_identifier: item.line.as_str(),
            quantity: item.quantity,
            item_value: item.unit_value.map(Amount::from),
            weight: weight(item),
            serial_numbers: &item.serials,
        })
        .collect()
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct Purchase<'a> {
    request_token: &'a str,
    rate_id: &'a str,
    requested_document_specification: Specification<'a>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    requested_value_added_services: Vec<Service<'a>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    additional_inputs: Option<Value>,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Specification<'a> {
    format: DocumentFormat,
    size: Size<'a>,
    #[serde(skip_serializing_if = "Option::is_none")]
    dpi: Option<u32>,
    #[serde(skip_serializing_if = "Option::is_none")]
    page_layout: Option<&'a str>,
    need_file_joining: bool,
    requested_document_types: Vec<&'a str>,
}

#[derive(Serialize)]
struct Size<'a> {
    width: Exact,
    length: Exact,
    unit: &'a str,
}

#[derive(Serialize)]
struct Service<'a> {
    id: &'a str,
}

/// The body of `purchaseShipment`: only what the chosen rate itself offered (amazon.md 3.5).
pub(super) fn purchase<'a>(
    choice: &'a PurchaseChoice,
    token: &'a str,
    additional_inputs: Option<Value>,
) -> Purchase<'a> {
    let document = &choice.document;
    let mut kinds: Vec<_> = document
        .documents
        .iter()
        .filter(|(name, mandatory)| *mandatory || name == "LABEL")
        .map(|(name, _)| name.as_str())
        .collect();
    if kinds.is_empty() {
        kinds.push("LABEL");
    }
    Purchase {
        request_token: token,
        rate_id: &choice.rate_id,
        requested_document_specification: Specification {
            format: document.format,
            size: Size {
                width: Exact::new(document.width, 3),
                length: Exact::new(document.length, 3),
                unit: &document.unit,
            },
            // Only what is offered: some rates refuse another dpi, others a missing one.
            dpi: choice
                .dpi
                .filter(|dpi| document.dpis.contains(dpi))
                .or(document.dpis.first().copied()),
            page_layout: document.layouts.first().map(String::as_str),
            // A label alone on its sheet, where that is offered; production rates offer only `true`.
            need_file_joining: document.joining.iter().all(|joined| *joined) && !document.joining.is_empty(),
            requested_document_types: kinds,
        },
        requested_value_added_services: choice.services.iter().map(|id| Service { id }).collect(),
        additional_inputs,
    }
}

#[cfg(test)]
mod tests;

//! Wire types of Orders 2026-01-01: only the fields that are used, none of them trusted to be there.

#![expect(clippy::struct_field_names, reason = "the names are Amazon's")]

use crate::amazon::wire::{Day, Digits, Many, Maybe, Moment, Opaque, OrderAmount, Text};
use serde::Deserialize;

#[derive(Default, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub(super) struct WireOrder {
    pub(super) order_id: Opaque,
    pub(super) created_time: Moment,
    pub(super) last_updated_time: Moment,
    pub(super) programs: Many<Text>,
    pub(super) buyer: Maybe<WireBuyer>,
    pub(super) recipient: Maybe<WireRecipient>,
    pub(super) fulfillment: Maybe<WireFulfillment>,
    pub(super) order_items: Many<Maybe<WireItem>>,
    pub(super) packages: Many<Maybe<WirePackage>>,
}

#[derive(Default, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub(super) struct WireBuyer {
    pub(super) buyer_name: Text,
    pub(super) buyer_email: Text,
    pub(super) buyer_company_name: Text,
    pub(super) buyer_purchase_order_number: Text,
}

#[derive(Default, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub(super) struct WireRecipient {
    pub(super) delivery_address: Maybe<WireAddress>,
    pub(super) delivery_preference: Maybe<WirePreference>,
}

#[derive(Default, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub(super) struct WireAddress {
    pub(super) name: Text,
    pub(super) company_name: Text,
    pub(super) address_line1: Text,
    pub(super) address_line2: Text,
    pub(super) address_line3: Text,
    pub(super) city: Text,
    pub(super) district_or_county: Text,
    pub(super) state_or_region: Text,
    pub(super) municipality: Text,
    pub(super) postal_code: Text,
    pub(super) country_code: Text,
    pub(super) phone: Text,
    pub(super) address_type: Text,
}

#[derive(Default, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub(super) struct WirePreference {
    pub(super) delivery_time: Maybe<WireDeliveryTime>,
}

#[derive(Default, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub(super) struct WireDeliveryTime {
    pub(super) business_hours: Many<Maybe<WireHours>>,
    pub(super) exception_dates: Many<Maybe<WireException>>,
}

#[derive(Default, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub(super) struct WireHours {
    pub(super) day_of_week: Text,
    pub(super) time_windows: Many<Maybe<Anything>>,
}

/// An object whose fields do not matter.
#[derive(Default, Deserialize)]
pub(super) struct Anything {}

#[derive(Default, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub(super) struct WireException {
    pub(super) exception_date: Day,
    pub(super) exception_date_type: Text,
}

#[derive(Default, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub(super) struct WireFulfillment {
    pub(super) fulfillment_status: Text,
    pub(super) fulfillment_service_level: Text,
    pub(super) ship_by_window: Maybe<WireRange>,
    pub(super) deliver_by_window: Maybe<WireRange>,
    pub(super) label_printing_window: Maybe<WireRange>,
}

#[derive(Default, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub(super) struct WireRange {
    pub(super) earliest_date_time: Moment,
    pub(super) latest_date_time: Moment,
}

#[derive(Default, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub(super) struct WireItem {
    pub(super) order_item_id: Opaque,
    pub(super) quantity_ordered: Digits,
    pub(super) programs: Many<Text>,
    pub(super) product: Maybe<WireProduct>,
    pub(super) cancellation: Maybe<WireCancellation>,
    pub(super) fulfillment: Maybe<WireItemFulfillment>,
}

#[derive(Default, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub(super) struct WireProduct {
    pub(super) asin: Text,
    pub(super) title: Text,
    pub(super) seller_sku: Text,
    pub(super) price: Maybe<WirePrice>,
}

#[derive(Default, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub(super) struct WirePrice {
    pub(super) unit_price: Maybe<OrderAmount>,
}

#[derive(Default, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub(super) struct WireCancellation {
    pub(super) cancellation_request: Maybe<WireCancellationRequest>,
}

#[derive(Default, Deserialize)]
#[serde(default)]
pub(super) struct WireCancellationRequest {
    pub(super) requester: Text,
}

#[derive(Default, Deserialize)]
#[serde(default)]
pub(super) struct WireItemFulfillment {
    pub(super) packing: Maybe<WirePacking>,
    pub(super) shipping: Maybe<WireShipping>,
}

#[derive(Default, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub(super) struct WirePacking {
    pub(super) gift_option: Maybe<WireGift>,
    pub(super) serial_number_requirement: Maybe<WireSerial>,
}

#[derive(Default, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub(super) struct WireGift {
    pub(super) gift_message: Text,
    pub(super) gift_wrap_level: Text,
}

#[derive(Default, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub(super) struct WireSerial {
    pub(super) requirement_type: Text,
}

#[derive(Default, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub(super) struct WireShipping {
    pub(super) shipping_constraints: Maybe<WireConstraints>,
}

#[derive(Default, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub(super) struct WireConstraints {
    pub(super) signature_confirmation: Text,
    pub(super) recipient_identity_verification: Text,
    pub(super) recipient_age_verification: Text,
}

#[derive(Default, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub(super) struct WirePackage {
    pub(super) package_reference_id: Text,
    pub(super) package_status: Maybe<WirePackageStatus>,
    pub(super) carrier: Text,
    pub(super) ship_time: Moment,
    pub(super) shipping_service: Text,
    pub(super) tracking_number: Text,
    pub(super) package_items: Many<Maybe<WirePackageItem>>,
}

#[derive(Default, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub(super) struct WirePackageStatus {
    pub(super) status: Text,
    pub(super) detailed_status: Text,
}

#[derive(Default, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub(super) struct WirePackageItem {
    pub(super) order_item_id: Opaque,
    pub(super) quantity: Digits,
}

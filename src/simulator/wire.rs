//! Requests and answers, apart from how they travel.

use super::line::Break;
use serde_json::{Value, json};
use std::time::Duration;

/// The operations that are played, by the names Amazon's models give them. Two models call theirs
/// `cancelShipment`: Merchant Fulfillment's is `cancelShipmentV0` here.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub(super) enum Operation {
    Token,
    SearchOrders,
    GetOrder,
    GetRates,
    PurchaseShipment,
    CancelShipment,
    GetShipmentDocuments,
    GetTracking,
    GetAdditionalInputs,
    GetCarrierAccounts,
    GetUnmanifestedShipments,
    GenerateCollectionForm,
    GetCollectionFormHistory,
    GetCollectionForm,
    RestrictedDataToken,
    GetEligibleShipmentServices,
    CreateShipment,
    GetShipment,
    CancelShipmentV0,
    GetAdditionalSellerInputs,
    ConfirmShipment,
}

impl Operation {
    pub(super) const ALL: [Self; 21] = [
        Self::Token,
        Self::SearchOrders,
        Self::GetOrder,
        Self::GetRates,
        Self::PurchaseShipment,
        Self::CancelShipment,
        Self::GetShipmentDocuments,
        Self::GetTracking,
        Self::GetAdditionalInputs,
        Self::GetCarrierAccounts,
        Self::GetUnmanifestedShipments,
        Self::GenerateCollectionForm,
        Self::GetCollectionFormHistory,
        Self::GetCollectionForm,
        Self::RestrictedDataToken,
        Self::GetEligibleShipmentServices,
        Self::CreateShipment,
        Self::GetShipment,
        Self::CancelShipmentV0,
        Self::GetAdditionalSellerInputs,
        Self::ConfirmShipment,
    ];

    pub(super) const fn name(self) -> &'static str {
        match self {
            Self::Token => "token",
            Self::SearchOrders => "searchOrders",
            Self::GetOrder => "getOrder",
            Self::GetRates => "getRates",
            Self::PurchaseShipment => "purchaseShipment",
            Self::CancelShipment => "cancelShipment",
            Self::GetShipmentDocuments => "getShipmentDocuments",
            Self::GetTracking => "getTracking",
            Self::GetAdditionalInputs => "getAdditionalInputs",
            Self::GetCarrierAccounts => "getCarrierAccounts",
            Self::GetUnmanifestedShipments => "getUnmanifestedShipments",
            Self::GenerateCollectionForm => "generateCollectionForm",
            Self::GetCollectionFormHistory => "getCollectionFormHistory",
            Self::GetCollectionForm => "getCollectionForm",
            Self::RestrictedDataToken => "createRestrictedDataToken",
            Self::GetEligibleShipmentServices => "getEligibleShipmentServices",
            Self::CreateShipment => "createShipment",
            Self::GetShipment => "getShipment",
            Self::CancelShipmentV0 => "cancelShipmentV0",
            Self::GetAdditionalSellerInputs => "getAdditionalSellerInputs",
            Self::ConfirmShipment => "confirmShipment",
        }
    }

    /// Orders' model has no 401; Shipping's has one.
    pub(super) const fn is_orders(self) -> bool {
        matches!(self, Self::SearchOrders | Self::GetOrder | Self::ConfirmShipment)
    }

    /// Shipping v2, which must be told the business in a header.
    pub(super) const fn is_shipping(self) -> bool {
        matches!(
            self,
            Self::GetRates
                | Self::PurchaseShipment
                | Self::CancelShipment
                | Self::GetShipmentDocuments
                | Self::GetTracking
                | Self::GetAdditionalInputs
                | Self::GetCarrierAccounts
                | Self::GetUnmanifestedShipments
                | Self::GenerateCollectionForm
                | Self::GetCollectionFormHistory
                | Self::GetCollectionForm
        )
    }

    /// Answers hold a buyer's address: a Restricted Data Token is demanded (amazon.md 1.6).
    pub(super) const fn is_restricted(self) -> bool {
        matches!(
            self,
            Self::CreateShipment | Self::GetShipment | Self::CancelShipmentV0
        )
    }
}

/// A request as it came.
pub(super) struct Request {
    pub(super) method: String,
    /// Path segments, percent-decoded.
    pub(super) path: Vec<String>,
    /// Query parameters, decoded, in order.
    pub(super) query: Vec<(String, String)>,
    /// Header names in lower case.
    pub(super) headers: Vec<(String, String)>,
    pub(super) body: Vec<u8>,
}

impl Request {
    pub(super) fn header(&self, name: &str) -> Option<&str> {
        self.headers
            .iter()
            .find(|(known, _)| known == name)
            .map(|(_, value)| value.as_str())
    }

    /// A query parameter given exactly once and not empty.
    pub(super) fn parameter(&self, name: &str) -> Option<&str> {
        self.query
            .iter()
            .find(|(known, value)| known == name && !value.is_empty())
            .map(|(_, value)| value.as_str())
    }

    /// A list parameter: values separated by commas, or the parameter repeated.
    pub(super) fn list(&self, name: &str) -> Vec<String> {
        self.query
            .iter()
            .filter(|(known, _)| known == name)
            .flat_map(|(_, value)| value.split(','))
            .filter(|value| !value.is_empty())
            .map(str::to_owned)
            .collect()
    }

    pub(super) fn json(&self) -> Result<Value, Answer> {
        serde_json::from_slice(&self.body)
            .map_err(|_| Answer::invalid("Could not match input arguments: the body is not JSON."))
    }
}

/// An answer, and what happens to it on its way.
#[derive(Debug)]
pub(super) struct Answer {
    pub(super) status: u16,
    pub(super) content_type: &'static str,
    pub(super) headers: Vec<(&'static str, String)>,
    pub(super) body: Vec<u8>,
    pub(super) delay: Duration,
    /// It never comes.
    pub(super) hangs: bool,
    /// It is not Amazon's: nothing of Amazon's headers is on it.
    pub(super) foreign: bool,
    pub(super) fate: Break,
}

impl Answer {
    pub(super) fn new(status: u16, body: Vec<u8>) -> Self {
        Self {
            status,
            content_type: "application/json",
            headers: Vec::new(),
            body,
            delay: Duration::ZERO,
            hangs: false,
            foreign: false,
            fate: Break::Never,
        }
    }

    pub(super) fn ok(body: &Value) -> Self {
        Self::new(200, body.to_string().into_bytes())
    }

    /// Amazon's error shape. `details` may be empty, as it often is.
    pub(super) fn error(status: u16, code: &str, message: &str, details: &str) -> Self {
        let body = json!({"errors": [{"code": code, "message": message, "details": details}]});
        Self::new(status, body.to_string().into_bytes())
    }

    pub(super) fn invalid(message: &str) -> Self {
        Self::error(400, "InvalidInput", message, "")
    }

    pub(super) fn not_found(message: &str) -> Self {
        Self::error(404, "NotFound", message, "")
    }

    /// A page for people, from something between the station and Amazon.
    pub(super) fn page(status: u16, title: &str) -> Self {
        let body = format!(
            "<!DOCTYPE html><html><head><title>{title}</title></head><body><h1>{title}</h1></body></html>"
        );
        Self {
            content_type: "text/html",
            foreign: true,
            ..Self::new(status, body.into_bytes())
        }
    }

    /// What was asked for cannot be kept on the disk: it was not done.
    pub(super) fn unwritable() -> Self {
        Self::error(500, "InternalFailure", "The ledger cannot be written.", "")
    }
}

/// Splits a target into decoded path segments and query parameters.
pub(super) fn split_target(path: &str, query: Option<&str>) -> (Vec<String>, Vec<(String, String)>) {
    let segments = path
        .split('/')
        .filter(|part| !part.is_empty())
        .map(|part| decode(part, false))
        .collect();
    (segments, pairs(query.unwrap_or("")))
}

/// Decodes `a=b&c=d`, as in a query or a form.
pub(super) fn pairs(text: &str) -> Vec<(String, String)> {
    text.split('&')
        .filter(|part| !part.is_empty())
        .map(|part| {
            let (name, value) = part.split_once('=').unwrap_or((part, ""));
            (decode(name, true), decode(value, true))
        })
        .collect()
}

fn decode(text: &str, plus_is_space: bool) -> String {
    let bytes = text.as_bytes();
    let mut out = Vec::with_capacity(bytes.len());
    let mut at = 0;
    while at < bytes.len() {
        let escaped = (bytes[at] == b'%')
            .then(|| {
                text.get(at + 1..at + 3)
                    .and_then(|two| u8::from_str_radix(two, 16).ok())
            })
            .flatten();
        if let Some(byte) = escaped {
            out.push(byte);
            at += 3;
        } else {
            out.push(if plus_is_space && bytes[at] == b'+' {
                b' '
            } else {
                bytes[at]
            });
            at += 1;
        }
    }
    String::from_utf8_lossy(&out).into_owned()
}

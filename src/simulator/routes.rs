//! Which operation a request asks for.

use super::wire::{Operation, Request};

/// The operation of a request's method and path, and the id in its path.
pub(super) fn operation_of(request: &Request) -> Option<(Operation, Option<&str>)> {
    let path: Vec<&str> = request.path.iter().map(String::as_str).collect();
    match (request.method.as_str(), path.as_slice()) {
        ("POST", ["auth", "o2", "token"]) => Some((Operation::Token, None)),
        ("GET", ["orders", "2026-01-01", "orders"]) => Some((Operation::SearchOrders, None)),
        ("GET", ["orders", "2026-01-01", "orders", id]) => Some((Operation::GetOrder, Some(id))),
        ("POST", ["shipping", "v2", "shipments", "rates"]) => Some((Operation::GetRates, None)),
        ("POST", ["shipping", "v2", "shipments"]) => Some((Operation::PurchaseShipment, None)),
        ("PUT", ["shipping", "v2", "shipments", id, "cancel"]) => Some((Operation::CancelShipment, Some(id))),
        ("GET", ["shipping", "v2", "shipments", id, "documents"]) => {
            Some((Operation::GetShipmentDocuments, Some(id)))
        }
        ("GET", ["shipping", "v2", "tracking"]) => Some((Operation::GetTracking, None)),
        ("GET", ["shipping", "v2", "shipments", "additionalInputs", "schema"]) => {
            Some((Operation::GetAdditionalInputs, None))
        }
        ("PUT", ["shipping", "v2", "carrierAccounts"]) => Some((Operation::GetCarrierAccounts, None)),
        ("PUT", ["shipping", "v2", "unmanifestedShipments"]) => {
            Some((Operation::GetUnmanifestedShipments, None))
        }
        ("POST", ["shipping", "v2", "collectionForms"]) => Some((Operation::GenerateCollectionForm, None)),
        ("PUT", ["shipping", "v2", "collectionForms", "history"]) => {
            Some((Operation::GetCollectionFormHistory, None))
        }
        ("GET", ["shipping", "v2", "collectionForms", id]) => Some((Operation::GetCollectionForm, Some(id))),
        ("POST", ["tokens", "2021-03-01", "restrictedDataToken"]) => {
            Some((Operation::RestrictedDataToken, None))
        }
        ("POST", ["mfn", "v0", "eligibleShippingServices"]) => {
            Some((Operation::GetEligibleShipmentServices, None))
        }
        ("POST", ["mfn", "v0", "shipments"]) => Some((Operation::CreateShipment, None)),
        ("GET", ["mfn", "v0", "shipments", id]) => Some((Operation::GetShipment, Some(id))),
        ("DELETE", ["mfn", "v0", "shipments", id]) => Some((Operation::CancelShipmentV0, Some(id))),
        ("POST", ["mfn", "v0", "additionalSellerInputs"]) => {
            Some((Operation::GetAdditionalSellerInputs, None))
        }
        ("POST", ["orders", "v0", "orders", id, "shipmentConfirmation"]) => {
            Some((Operation::ConfirmShipment, Some(id)))
        }
        _ => None,
    }
}

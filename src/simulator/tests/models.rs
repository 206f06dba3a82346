//! Every answer is as Amazon's models say (`TAPEGUN_SPAPI`, default `../shared/spapi`; absent: skipped).

use super::*;
use std::path::PathBuf;

/// The model's file, or `None` where the models are not at hand.
fn model(file: &str) -> Option<Value> {
    let folder = std::env::var_os("TAPEGUN_SPAPI").map_or_else(
        || PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("../shared/spapi"),
        PathBuf::from,
    );
    match std::fs::read(folder.join(file)) {
        Ok(bytes) => Some(serde_json::from_slice(&bytes).unwrap()),
        Err(error) => {
            eprintln!(
                "skipped: Amazon's model {file} is not in {}: {error}",
                folder.display()
            );
            None
        }
    }
}

/// Holds a body against a definition; fields that the definition does not name are faults as well.
fn hold(model: &Value, definition: &str, body: &Value) {
    let mut definitions = model["definitions"].clone();
    // Amazon answers empty texts that its own enumerations do not have (amazon.md 9, row 5).
    for name in ["LabelFormat", "FileType"] {
        if let Some(values) = definitions
            .pointer_mut(&format!("/{name}/enum"))
            .and_then(Value::as_array_mut)
        {
            values.push(json!(""));
        }
    }
    for schema in definitions.as_object_mut().unwrap().values_mut() {
        if schema.get("properties").is_some() {
            schema["additionalProperties"] = json!(false);
        }
    }
    let schema = json!({
        "$schema": "http://json-schema.org/draft-04/schema#",
        "$ref": format!("#/definitions/{definition}"),
        "definitions": definitions,
    });
    let validator = jsonschema::validator_for(&schema).unwrap();
    let faults: Vec<String> = validator
        .iter_errors(body)
        .map(|fault| {
            format!(
                "{}: {}",
                fault.instance_path(),
                fault.to_string().chars().take(300).collect::<String>()
            )
        })
        .collect();
    assert!(faults.is_empty(), "{definition}: {faults:#?}");
}

#[tokio::test]
async fn answers_of_orders_fit_the_model() {
    let Some(model) = model("orders_2026-01-01.json") else {
        return;
    };
    let bench = Bench::with(|config| config.switches.limits = false).await;
    let quote = bench.rates(&demo::number(1)).await;
    bench.buy("key", &purchase_body(&quote, "UPS_PTP_GND")).await;
    let base = format!("{ORDERS}?createdAfter=2026-09-01T00:00:00Z&maxResultsPerPage=20");
    for included in ["", ALL_DATA] {
        let page = bench.get(&format!("{base}&includedData={included}")).await;
        hold(&model, "SearchOrdersResponse", &page.body);
        for number in bench.amazon.orders() {
            let path = format!("{ORDERS}/{number}?includedData={included}");
            let reply = bench.get(&path).await;
            let definition = if reply.status == 200 {
                "GetOrderResponse"
            } else {
                "ErrorList"
            };
            hold(&model, definition, &reply.body);
        }
    }
    hold(
        &model,
        "ErrorList",
        &bench.get(&format!("{ORDERS}?createdAfter=now")).await.body,
    );
}

#[tokio::test]
async fn answers_of_shipping_fit_the_model() {
    let Some(model) = model("shippingV2.json") else {
        return;
    };
    let bench = Bench::with(|config| config.switches.limits = false).await;
    for number in bench.amazon.orders() {
        let order = bench.order(&number);
        if order.seller == 0 && order.base == crate::simulator::Base::Open {
            let body = bench.rates_body(&number);
            hold(&model, "GetRatesRequest", &body);
            hold(&model, "GetRatesResponse", &bench.post(RATES, &body).await.body);
        }
    }
    let quote = bench.rates(&demo::number(1)).await;
    let body = purchase_body(&quote, "UPS_PTP_GND");
    hold(&model, "PurchaseShipmentRequest", &body);
    let bought = bench.buy("key", &body).await.body;
    hold(&model, "PurchaseShipmentResponse", &bought);
    let shipment = bought["payload"]["shipmentId"].as_str().unwrap();
    let reference = format!("{}-1", demo::number(1));
    let path = format!("{SHIPMENTS}/{shipment}/documents?packageClientReferenceId={reference}");
    hold(
        &model,
        "GetShipmentDocumentsResponse",
        &bench.get(&path).await.body,
    );
    let accounts = read(bench.ask("PUT", "/shipping/v2/carrierAccounts").json(&json!({})))
        .await
        .unwrap();
    hold(&model, "GetCarrierAccountsResponse", &accounts.body);
    let external = json!({
        "channelDetails": {"channelType": "EXTERNAL"},
        "shipFrom": bench.rates_body(&demo::number(1))["shipFrom"],
        "shipTo": bench.rates_body(&demo::number(1))["shipFrom"],
        "packages": bench.rates_body(&demo::number(1))["packages"],
    });
    hold(&model, "GetRatesRequest", &external);
    hold(
        &model,
        "GetRatesResponse",
        &bench.post(RATES, &external).await.body,
    );
    let tracking = bench.amazon.ledger().shipments[0].tracking.clone();
    let path = format!("/shipping/v2/tracking?trackingId={tracking}&carrierId=UPS");
    hold(&model, "GetTrackingResponse", &bench.get(&path).await.body);
    let path = format!(
        "{SHIPMENTS}/additionalInputs/schema?requestToken={}&rateId={}",
        quote["requestToken"].as_str().unwrap(),
        quote["rates"][0]["rateId"].as_str().unwrap()
    );
    hold(
        &model,
        "GetAdditionalInputsResponse",
        &bench.get(&path).await.body,
    );
    let cancel = read(bench.ask("PUT", &format!("{SHIPMENTS}/{shipment}/cancel")))
        .await
        .unwrap();
    hold(&model, "CancelShipmentResponse", &cancel.body);
    hold(&model, "ErrorList", &bench.post(SHIPMENTS, &json!({})).await.body);
}

#[tokio::test]
async fn answers_of_merchant_fulfillment_fit_the_model() {
    let (Some(model), Some(tokens)) = (
        model("merchantFulfillmentV0.json"),
        model("tokens_2021-03-01.json"),
    ) else {
        return;
    };
    let bench = Bench::with(|config| {
        config.switches.limits = false;
        config.switches.ship_plus_credit = true;
    })
    .await;
    let wanted = json!({"restrictedResources": [{"method": "POST", "path": MERCHANT}]});
    hold(&tokens, "CreateRestrictedDataTokenRequest", &wanted);
    let token = bench.post(RESTRICTED, &wanted).await.body;
    hold(&tokens, "CreateRestrictedDataTokenResponse", &token);
    for number in bench.amazon.orders() {
        let order = bench.order(&number);
        if order.seller != 0 || order.base != crate::simulator::Base::Open {
            continue;
        }
        let body = json!({"ShipmentRequestDetails": bench.details(&number)});
        hold(&model, "GetEligibleShipmentServicesRequest", &body);
        let offers = bench.post(ELIGIBLE, &body).await.body;
        hold(&model, "GetEligibleShipmentServicesResponse", &offers);
        let inputs = json!({
            "ShippingServiceId": "USPS_PTP_GAH",
            "OrderId": number,
            "ShipFromAddress": body["ShipmentRequestDetails"]["ShipFromAddress"],
        });
        let reply = bench.post("/mfn/v0/additionalSellerInputs", &inputs).await;
        hold(&model, "GetAdditionalSellerInputsResponse", &reply.body);
    }
    let details = bench.details(&demo::number(1));
    let payload = bench.eligible(&details).await;
    let bought = bench.create(&details, &payload, "UPS_PTP_GND").await.body;
    hold(&model, "CreateShipmentResponse", &bought);
    let id = bought["payload"]["ShipmentId"].as_str().unwrap();
    hold(
        &model,
        "GetShipmentResponse",
        &bench.merchant("GET", id).await.body,
    );
    let canceled = bench.merchant("DELETE", id).await.body;
    hold(&model, "CancelShipmentResponse", &canceled);
    hold(
        &model,
        "GetShipmentResponse",
        &bench.merchant("GET", id).await.body,
    );
    let refused = bench.post(ELIGIBLE, &json!({})).await.body;
    hold(&model, "GetEligibleShipmentServicesResponse", &refused);
}

//! Shipping v2 outside Amazon's orders, linked carrier accounts, additional inputs and what is printed on labels.

use super::*;
use crate::simulator::OfferShape;
use base64::Engine as _;
use std::time::Duration;

/// A quote for goods that Amazon knows nothing of.
fn body() -> Value {
    json!({
        "channelDetails": {"channelType": "EXTERNAL"},
        "shipFrom": {"name": "Dock", "addressLine1": "500 Dock St", "city": "Newark", "stateOrRegion": "NJ",
            "postalCode": "07105", "countryCode": "US"},
        "shipTo": {"name": "Zelda Quill", "addressLine1": "9 Pier Rd", "city": "Boston", "stateOrRegion": "MA",
            "postalCode": "02101", "countryCode": "US"},
        "packages": [{
            "dimensions": {"length": 10, "width": 8, "height": 4.5, "unit": "INCH"},
            "weight": {"unit": "POUND", "value": 3},
            "insuredValue": {"value": 20, "unit": "USD"},
            "packageClientReferenceId": "WEB-77-1",
            "items": [{"quantity": 1, "itemValue": {"value": 10.5, "unit": "USD"}}],
        }],
    })
}

fn purchase(payload: &Value) -> Value {
    json!({
        "requestToken": payload["requestToken"],
        "rateId": payload["rates"][0]["rateId"],
        "requestedDocumentSpecification": {
            "format": "ZPL",
            "size": {"width": 4, "length": 6, "unit": "INCH"},
            "dpi": 203,
            "needFileJoining": true,
            "requestedDocumentTypes": ["LABEL"],
        },
    })
}

fn label(payload: &Value) -> String {
    let documents = &payload["packageDocumentDetails"][0]["packageDocuments"];
    let bytes = base64::engine::general_purpose::STANDARD
        .decode(documents[0]["contents"].as_str().unwrap())
        .unwrap();
    String::from_utf8(bytes).unwrap()
}

#[tokio::test]
async fn amazon_ships_what_it_did_not_sell() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("ledger.jsonl");
    let file = path.clone();
    let bench = Bench::with(|config| config.ledger = Some(file)).await;
    let quoted = bench.post(RATES, &body()).await;
    assert_eq!(quoted.status, 200, "{quoted:?}");
    let payload = &quoted.body["payload"];
    assert_eq!(payload["rates"].as_array().unwrap().len(), 1);
    let rate = &payload["rates"][0];
    assert_eq!(
        (&rate["carrierId"], &rate["serviceId"]),
        (&json!("AMZN_US"), &json!("std-us-swa-mfn"))
    );
    assert_eq!(rate["availableValueAddedServiceGroups"], json!([]));
    let request = purchase(payload);
    let bought = bench.buy("key", &request).await;
    assert_eq!(bought.status, 200, "{bought:?}");
    let printed = label(&bought.body["payload"]);
    assert!(
        printed.contains("Zelda Quill") && printed.contains("9 Pier Rd"),
        "{printed}"
    );
    let sold = bench.amazon.ledger().shipments[0].clone();
    assert!(sold.tracking.starts_with("TBA"), "{}", sold.tracking);
    assert_eq!(
        (
            sold.channel.as_str(),
            sold.order_id.as_str(),
            sold.box_reference.as_str()
        ),
        ("EXTERNAL", "", "WEB-77-1")
    );
    let again = bench.buy("key", &request).await;
    assert_eq!(again.body, bought.body, "the key holds here too");
    bench.amazon.stop().await;
    let bench = Bench::with(|config| config.ledger = Some(path)).await;
    let documents = format!(
        "{SHIPMENTS}/{}/documents?packageClientReferenceId=WEB-77-1",
        sold.shipment_id
    );
    let reprint = bench.get(&documents).await;
    assert_eq!(
        reprint.body["payload"]["packageDocumentDetail"],
        bought.body["payload"]["packageDocumentDetails"][0]
    );
    let cancel = read(bench.ask("PUT", &format!("{SHIPMENTS}/{}/cancel", sold.shipment_id)))
        .await
        .unwrap();
    assert_eq!(cancel.body, json!({"payload": {}}));
    assert_eq!(
        bench.amazon.ledger().shipments[0].refund,
        None,
        "none is invented"
    );
}

#[tokio::test]
async fn a_request_for_it_is_held_to_its_form() {
    let bench = Bench::with(|config| config.switches.limits = false).await;
    for (place, value, words) in [
        ("/shipTo", Value::Null, "shipTo is required"),
        ("/shipTo/name", json!("n".repeat(51)), "shipTo.name"),
        ("/shipTo/countryCode", json!("CA"), "domestic"),
        (
            "/packages/0/insuredValue",
            Value::Null,
            "insuredValue is required",
        ),
        (
            "/packages/0/items/0/itemValue",
            Value::Null,
            "itemValue is required",
        ),
        (
            "/packages/0/items/0/serialNumbers",
            json!(["AZ:1"]),
            "only for orders of Amazon",
        ),
    ] {
        let mut body = body();
        let (parent, field) = place.rsplit_once('/').unwrap();
        body.pointer_mut(parent).unwrap()[field] = value;
        let reply = bench.post(RATES, &body).await;
        assert_eq!((reply.status, reply.code()), (400, "InvalidInput"), "{place}");
        assert!(reply.message().contains(words), "{place}: {}", reply.message());
    }
    bench.amazon.switch(|switches| switches.external_channel = false);
    let closed = bench.post(RATES, &body()).await;
    assert!(closed.message().contains("not enabled"), "{closed:?}");
}

#[tokio::test]
async fn every_call_of_shipping_names_its_business() {
    let bench = Bench::new().await;
    for (method, path) in [
        ("POST", RATES),
        ("POST", SHIPMENTS),
        ("PUT", "/shipping/v2/shipments/amzn1.sid.1/cancel"),
        ("GET", "/shipping/v2/shipments/amzn1.sid.1/documents"),
        ("GET", "/shipping/v2/tracking"),
        ("PUT", "/shipping/v2/carrierAccounts"),
    ] {
        let call = bench
            .call(method, path)
            .header("x-amz-access-token", &bench.token)
            .json(&json!({}));
        let reply = read(call).await.unwrap();
        assert!(reply.message().contains("AmazonShipping_UK"), "{path}: {reply:?}");
    }
}

#[tokio::test]
async fn a_linked_accounts_rates_are_paid_to_the_carrier() {
    let mut bench = Bench::new().await;
    let accounts = |bench: &Bench| read(bench.ask("PUT", "/shipping/v2/carrierAccounts").json(&json!({})));
    let none = accounts(&bench).await.unwrap();
    assert_eq!(none.body, json!({"activeAccounts": []}));
    bench.log_in(demo::REFRESH_TOKEN_SECOND).await;
    let linked = accounts(&bench).await.unwrap();
    assert_eq!(linked.body["activeAccounts"][0]["carrierId"], "FEDEX");
    let number = bench
        .amazon
        .orders()
        .into_iter()
        .find(|number| bench.order(number).seller == 1)
        .unwrap();
    let quote = bench.rates(&number).await;
    for rate in quote["rates"].as_array().unwrap() {
        let wanted = if rate["carrierId"] == "FEDEX" {
            "PAY_DIRECT_TO_CARRIER"
        } else {
            "PAY_THROUGH_AMAZON"
        };
        assert_eq!(rate["paymentType"], wanted);
    }
    for service in ["FEDEX_PTP_GROUND", "USPS_PTP_GAH"] {
        let bought = bench.buy(service, &purchase_body(&quote, service)).await;
        assert_eq!(bought.status, 200, "{bought:?}");
    }
    let paid: Vec<String> = bench
        .amazon
        .ledger()
        .shipments
        .into_iter()
        .map(|shipment| shipment.payment)
        .collect();
    assert_eq!(paid, ["PAY_DIRECT_TO_CARRIER", "PAY_THROUGH_AMAZON"]);
}

#[tokio::test]
async fn additional_inputs_satisfy_their_schema() {
    let bench = Bench::new().await;
    let number = bench
        .amazon
        .orders()
        .into_iter()
        .find(|number| bench.order(number).shape == OfferShape::AdditionalInputs)
        .unwrap();
    let quote = bench.rates(&number).await;
    let demanding = rate(&quote, "USPS_PTP_GAH");
    assert_eq!(demanding["requiresAdditionalInputs"], true);
    let schema = bench
        .get(&format!(
            "{SHIPMENTS}/additionalInputs/schema?requestToken={}&rateId={}",
            quote["requestToken"].as_str().unwrap(),
            demanding["rateId"].as_str().unwrap()
        ))
        .await;
    let schema = jsonschema::validator_for(&schema.body["payload"]).unwrap();
    let mut body = purchase_body(&quote, "USPS_PTP_GAH");
    for (inputs, status) in [
        (json!({}), 400),
        (json!({"harmonizedSystemCode": "85.06"}), 400),
        (json!({"harmonizedSystemCode": "850610"}), 200),
    ] {
        assert_eq!(schema.is_valid(&inputs), status == 200, "{inputs}");
        body["additionalInputs"] = inputs;
        assert_eq!(bench.buy("key", &body).await.status, status);
    }
}

#[tokio::test]
async fn the_reference_is_printed_where_it_is_asked_for() {
    let bench = Bench::new().await;
    let quote = bench.rates(&demo::number(1)).await;
    let mut body = purchase_body(&quote, "UPS_PTP_GND");
    let plain = bench.buy("plain", &body).await;
    let reference = format!("REF {}-1", demo::number(1));
    assert!(!label(&plain.body["payload"]).contains(&reference));
    let wanted = &mut body["requestedDocumentSpecification"];
    wanted["requestedLabelCustomization"] = json!({"requestAttributes": ["PACKAGE_CLIENT_REFERENCE_ID"]});
    let printed = bench.buy("printed", &body).await;
    assert!(label(&printed.body["payload"]).contains(&reference));
    body["requestedDocumentSpecification"]["requestedLabelCustomization"]["requestAttributes"] =
        json!(["PURCHASE_ORDER"]);
    let unknown = bench.buy("unknown", &body).await;
    assert!(
        unknown.message().contains("requestedLabelCustomization"),
        "{unknown:?}"
    );
}

#[tokio::test]
async fn a_parcel_that_the_carrier_has_is_not_voided() {
    let bench = Bench::with(|config| config.switches.packages_lag_seconds = 30).await;
    let number = demo::number(1);
    let quote = bench.rates(&number).await;
    bench.buy("key", &purchase_body(&quote, "UPS_PTP_GND")).await;
    let sold = bench.amazon.ledger().shipments[0].clone();
    let path = format!("/shipping/v2/tracking?trackingId={}&carrierId=UPS", sold.tracking);
    let before = bench.get(&path).await.body["payload"].clone();
    assert_eq!(before["summary"]["status"], "PreTransit");
    bench.clock.advance(Duration::from_hours(1));
    let scan = bench
        .post(&format!("/_sim/shipments/{}/scan", sold.tracking), &json!({}))
        .await;
    assert_eq!(scan.status, 200);
    let nobody = bench.post("/_sim/shipments/1Z/scan", &json!({})).await;
    assert_eq!(nobody.status, 404);
    let mut bench = bench;
    bench.log_in(demo::REFRESH_TOKEN_FIRST).await;
    let after = bench.get(&path).await.body["payload"].clone();
    assert_eq!(after["summary"]["status"], "InTransit");
    assert_eq!(after["eventHistory"][1]["eventCode"], "PickupDone");
    let cancel = read(bench.ask("PUT", &format!("{SHIPMENTS}/{}/cancel", sold.shipment_id)))
        .await
        .unwrap();
    assert!(cancel.message().contains("no longer"), "{cancel:?}");
    let order = bench
        .get(&format!("{ORDERS}/{number}?includedData=PACKAGES"))
        .await;
    assert_eq!(
        order.body["order"]["packages"][0]["packageStatus"]["status"],
        "IN_TRANSIT"
    );
}

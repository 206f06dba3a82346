//! What `purchaseShipment` and `cancelShipment` refuse: one test for each refusal (amazon.md 3.5 to 3.7).

use super::*;
use crate::simulator::OrderChange;
use std::time::Duration;

/// Buys with the body changed; nothing may be sold.
async fn refused(service: &str, change: impl FnOnce(&mut Value), words: &str) {
    let bench = Bench::new().await;
    let quote = bench.rates(&demo::number(1)).await;
    let mut body = purchase_body(&quote, service);
    change(&mut body);
    let reply = bench.buy("key", &body).await;
    assert_eq!((reply.status, reply.code()), (400, "InvalidInput"), "{reply:?}");
    assert!(
        reply.message().contains(words),
        "{} does not say {words}",
        reply.message()
    );
    assert!(bench.amazon.ledger().shipments.is_empty());
}

fn document(body: &mut Value) -> &mut Value {
    &mut body["requestedDocumentSpecification"]
}

macro_rules! purchase_refusals {
    ($($name:ident: $service:literal, $change:expr => $words:literal;)*) => {
        $(#[tokio::test]
        async fn $name() {
            refused($service, $change, $words).await;
        })*
    };
}

purchase_refusals! {
    a_format_that_is_not_offered: "UPS_PTP_GND", |body| document(body)["format"] = json!("EPL")
        => "invalid documentation specification";
    a_size_that_is_not_offered: "UPS_PTP_GND", |body| document(body)["size"]["length"] = json!(4)
        => "invalid documentation specification";
    a_resolution_that_this_rate_lacks: "FEDEX_PTP_GROUND", |body| document(body)["dpi"] = json!(203)
        => "supported dpi : [300]";
    no_resolution_where_the_rate_has_some: "UPS_PTP_GND", |body| document(body)["dpi"] = Value::Null
        => "supported dpi : [300, 203]";
    a_page_layout_that_is_not_offered: "UPS_PTP_GND", |body| document(body)["pageLayout"] = json!("LEFT")
        => "pageLayout";
    documents_that_are_not_joined: "UPS_PTP_GND", |body| document(body)["needFileJoining"] = json!(false)
        => "needFileJoining";
    no_word_on_joining: "UPS_PTP_GND", |body| {
        document(body).as_object_mut().unwrap().remove("needFileJoining");
    } => "needFileJoining is required";
    a_pdf_without_its_pack_slip: "UPS_PTP_GND", |body| {
        document(body)["format"] = json!("PDF");
        document(body)["dpi"] = Value::Null;
    } => "requestedDocumentTypes";
    a_pdf_with_a_resolution: "UPS_PTP_GND", |body| {
        document(body)["format"] = json!("PDF");
        document(body)["requestedDocumentTypes"] = json!(["LABEL", "PACKSLIP"]);
    } => "supported dpi : []";
    a_document_that_is_not_offered: "UPS_PTP_GND", |body| {
        document(body)["requestedDocumentTypes"] = json!(["LABEL", "PACKSLIP"]);
    } => "requestedDocumentTypes";
    a_required_group_without_an_answer: "UPS_PTP_GND", |body| body["requestedValueAddedServices"] = json!([])
        => "value added services are invalid";
    no_value_added_services: "UPS_PTP_GND", |body| body["requestedValueAddedServices"] = Value::Null
        => "Please check the value added services offered in the GetRates response.";
    a_service_of_another_carriers_group: "USPS_PTP_GAH",
        |body| body["requestedValueAddedServices"][0]["id"] = json!("NO_CONFIRMATION")
        => "value added services are invalid";
    two_answers_to_one_group: "UPS_PTP_GND", |body| {
        body["requestedValueAddedServices"] =
            json!([{"id": "NO_CONFIRMATION"}, {"id": "SIGNATURE_CONFIRMATION"}]);
    } => "value added services are invalid";
    no_token: "UPS_PTP_GND", |body| body["requestToken"] = Value::Null => "requestToken is required";
    no_rate: "UPS_PTP_GND", |body| body["rateId"] = Value::Null => "rateId is required";
    no_documents: "UPS_PTP_GND", |body| body["requestedDocumentSpecification"] = Value::Null
        => "requestedDocumentSpecification is required";
}

#[tokio::test]
async fn a_rate_of_another_token() {
    let bench = Bench::new().await;
    let (first, second) = (
        bench.rates(&demo::number(1)).await,
        bench.rates(&demo::number(1)).await,
    );
    let mut body = purchase_body(&first, "UPS_PTP_GND");
    body["requestToken"] = second["requestToken"].clone();
    let reply = bench.buy("key", &body).await;
    assert!(
        reply.message().contains("does not belong to the request token"),
        "{reply:?}"
    );
}

#[tokio::test]
async fn a_quote_of_ten_minutes() {
    let bench = Bench::new().await;
    let quote = bench.rates(&demo::number(1)).await;
    bench.clock.advance(Duration::from_secs(599));
    let young = bench.buy("key-1", &purchase_body(&quote, "UPS_PTP_GND")).await;
    assert_eq!(young.status, 200, "{young:?}");
    bench.clock.advance(Duration::from_secs(1));
    let old = bench.buy("key-2", &purchase_body(&quote, "UPS_PTP_GND")).await;
    assert_eq!((old.status, old.code()), (400, "TOKEN_EXPIRED"));
}

#[tokio::test]
async fn a_token_of_another_seller() {
    let mut bench = Bench::new().await;
    let quote = bench.rates(&demo::number(1)).await;
    bench.log_in(demo::REFRESH_TOKEN_SECOND).await;
    let reply = bench.buy("key", &purchase_body(&quote, "UPS_PTP_GND")).await;
    assert_eq!(reply.code(), "TOKEN_EXPIRED");
}

#[tokio::test]
async fn missing_additional_inputs() {
    let bench = Bench::new().await;
    let number = bench
        .amazon
        .orders()
        .into_iter()
        .find(|number| bench.order(number).shape == crate::simulator::OfferShape::AdditionalInputs)
        .unwrap();
    let quote = bench.rates(&number).await;
    let offered = rate(&quote, "ONTRAC_MFN_GROUND");
    assert_eq!(offered["requiresAdditionalInputs"], true);
    let schema = bench
        .get(&format!(
            "/shipping/v2/shipments/additionalInputs/schema?requestToken={}&rateId={}",
            quote["requestToken"].as_str().unwrap(),
            offered["rateId"].as_str().unwrap()
        ))
        .await;
    assert_eq!(
        schema.body["payload"]["required"],
        json!(["harmonizedSystemCode"])
    );
    let mut body = purchase_body(&quote, "ONTRAC_MFN_GROUND");
    let reply = bench.buy("key", &body).await;
    assert!(reply.message().contains("additional inputs"), "{reply:?}");
    body["additionalInputs"] = json!({"harmonizedSystemCode": "850650"});
    assert_eq!(bench.buy("key", &body).await.status, 200);
}

#[tokio::test]
async fn an_order_canceled_since_the_quote() {
    let bench = Bench::new().await;
    let number = demo::number(1);
    let quote = bench.rates(&number).await;
    assert!(bench.amazon.change(&number, OrderChange::Cancel).unwrap());
    let reply = bench.buy("key", &purchase_body(&quote, "UPS_PTP_GND")).await;
    assert!(reply.message().contains("is canceled"), "{reply:?}");
}

#[tokio::test]
async fn an_order_shipped_elsewhere() {
    let bench = Bench::new().await;
    let number = demo::number(1);
    let change = OrderChange::ShipElsewhere {
        carrier: "UPS".to_owned(),
        tracking: "1Z17E2100217295733".to_owned(),
    };
    bench.amazon.change(&number, change).unwrap();
    let quote = bench.rates(&number).await;
    let reply = bench.buy("key", &purchase_body(&quote, "UPS_PTP_GND")).await;
    assert!(
        reply.message().contains("Order doesn't exist in Rigel"),
        "{reply:?}"
    );
}

#[tokio::test]
async fn a_shipped_order_where_the_switch_says_so() {
    let bench = Bench::with(|config| config.switches.sells_to_shipped_orders = false).await;
    let quote = bench.rates(&demo::number(1)).await;
    let body = purchase_body(&quote, "UPS_PTP_GND");
    assert_eq!(bench.buy("key-1", &body).await.status, 200);
    let second = bench.buy("key-2", &body).await;
    assert!(
        second.message().contains("Order doesn't exist in Rigel"),
        "{second:?}"
    );
    assert_eq!(
        bench.buy("key-1", &body).await.status,
        200,
        "a repeat is answered all the same"
    );
}

/// Documents come first, then services, then the order's state: a shipped order tells which is wrong.
#[tokio::test]
async fn several_things_at_once_in_amazons_order() {
    let bench = Bench::new().await;
    let number = demo::number(1);
    let quote = bench.rates(&number).await;
    bench.amazon.change(&number, OrderChange::Cancel).unwrap();
    let good = purchase_body(&quote, "UPS_PTP_GND");
    let mut bad = good.clone();
    bad["requestedValueAddedServices"] = json!([]);
    document(&mut bad)["format"] = json!("EPL");
    assert!(bench.buy("key", &bad).await.message().contains("documentation"));
    document(&mut bad)["format"] = json!("ZPL");
    assert!(
        bench
            .buy("key", &bad)
            .await
            .message()
            .contains("value added services")
    );
    assert!(bench.buy("key", &good).await.message().contains("canceled"));
}

async fn bought() -> (Bench, String) {
    let bench = Bench::new().await;
    let quote = bench.rates(&demo::number(1)).await;
    let reply = bench.buy("key", &purchase_body(&quote, "UPS_PTP_GND")).await;
    let shipment = reply.body["payload"]["shipmentId"].as_str().unwrap().to_owned();
    (bench, shipment)
}

async fn cancel(bench: &Bench, shipment: &str) -> Reply {
    read(bench.ask("PUT", &format!("{SHIPMENTS}/{shipment}/cancel")))
        .await
        .unwrap()
}

#[tokio::test]
async fn a_cancel_of_an_unknown_shipment() {
    let (mut bench, shipment) = bought().await;
    assert_eq!(cancel(&bench, "amzn1.sid.none").await.status, 404);
    bench.log_in(demo::REFRESH_TOKEN_SECOND).await;
    assert_eq!(cancel(&bench, &shipment).await.status, 404);
}

#[tokio::test]
async fn a_second_cancel() {
    let (bench, shipment) = bought().await;
    assert_eq!(cancel(&bench, &shipment).await.status, 200);
    assert!(
        cancel(&bench, &shipment)
            .await
            .message()
            .contains("already canceled")
    );
}

#[tokio::test]
async fn a_cancel_after_two_weeks_or_where_the_switch_says_so() {
    let (mut bench, shipment) = bought().await;
    bench.amazon.switch(|switches| switches.rejects_cancels = true);
    assert!(cancel(&bench, &shipment).await.message().contains("no longer"));
    bench.amazon.switch(|switches| switches.rejects_cancels = false);
    bench.clock.advance(Duration::from_hours(15 * 24));
    bench.log_in(demo::REFRESH_TOKEN_FIRST).await;
    assert!(cancel(&bench, &shipment).await.message().contains("no longer"));
    assert_eq!(bench.amazon.ledger().shipments[0].status, "live");
}

#[tokio::test]
async fn documents_in_another_format_or_of_another_package() {
    let (bench, shipment) = bought().await;
    let path = format!("{SHIPMENTS}/{shipment}/documents");
    assert_eq!(bench.get(&path).await.status, 400);
    assert_eq!(
        bench
            .get(&format!("{path}?packageClientReferenceId=other"))
            .await
            .status,
        404
    );
    let reference = format!("{}-1", demo::number(1));
    let other = bench
        .get(&format!("{path}?packageClientReferenceId={reference}&format=PNG"))
        .await;
    assert!(other.message().contains("cannot be chosen"), "{other:?}");
}

#[tokio::test]
async fn tracking_without_both_parameters() {
    let (bench, _) = bought().await;
    let tracking = bench.amazon.ledger().shipments[0].tracking.clone();
    assert_eq!(
        bench
            .get(&format!("/shipping/v2/tracking?trackingId={tracking}"))
            .await
            .status,
        400
    );
    assert_eq!(bench.get("/shipping/v2/tracking?carrierId=UPS").await.status, 400);
    assert_eq!(
        bench
            .get("/shipping/v2/tracking?trackingId=1Z&carrierId=UPS")
            .await
            .status,
        404
    );
}

use super::*;
use crate::amazon::fake::{Fake, Play, client, json};
use crate::domain::ids::{BoxId, OrderId};
use crate::domain::money::{Currency, Money};
use crate::domain::rate::{Confirmation, QuoteItem};
use crate::domain::units::{Dimensions, LengthUnit, Weight, WeightUnit};

fn request() -> QuoteRequest {
    QuoteRequest {
        order: OrderId(1),
        box_id: BoxId(1),
        box_number: 1,
        items: Vec::new(),
        weight: Weight {
            thousandths: 16_000,
            unit: WeightUnit::Oz,
        },
        dimensions: Dimensions {
            length: 1000,
            width: 1000,
            height: 1000,
            unit: LengthUnit::In,
        },
        confirmation: Confirmation::NoTracking,
        ship_date: None,
    }
}

async fn answer(body: &str) -> Result<QuoteAnswer, CallError> {
    let bytes = json(200, body);
    let fake = Fake::start(move |_| Play::Say(bytes.clone())).await;
    client(&fake).get_rates(&request(), &OrderNumber::from("1")).await
}

const RATE: &str = r#"{
  "rateId": "rate-1", "carrierId": "USPS", "carrierName": "USPS", "serviceId": "USPS_PTP_GAH",
  "serviceName": "USPS Ground\u0007 Advantage", "billedWeight": {"value": 0.45, "unit": "KILOGRAM"},
  "totalCharge": {"value": 5.530, "unit": "USD"},
  "promise": {"deliveryWindow": {"start": "2026-11-24T08:00:00Z", "end": "2026-11-25T01:00:00Z"}, "pickupWindow": {}},
  "supportedDocumentSpecifications": [
    {"format": "PDF", "size": {"width": 4.0, "length": "6", "unit": "INCH"}, "printOptions": [
      {"supportedDPIs": [300, "203", "x"], "supportedPageLayouts": ["DEFAULT", ""], "supportedFileJoiningOptions": [true, "false"],
       "supportedDocumentDetails": [{"name": "PACKSLIP", "isMandatory": "true"}, {"name": "LABEL", "isMandatory": true}, {"name": ""}]}]},
    {"format": "HOLOGRAM", "size": {"width": 4, "length": 6, "unit": "INCH"}, "printOptions": [{}]}],
  "availableValueAddedServiceGroups": [{"groupId": "VAS_GROUP_ID_CONFIRMATION", "groupDescription": "d", "isRequired": true,
    "valueAddedServices": [{"id": "SIGNATURE_CONFIRMATION", "name": "Signature", "cost": {"value": 4.15, "unit": "USD"}}, {"id": ""}]}],
  "requiresAdditionalInputs": false,
  "rateItemList": [{"rateItemID": "SUNDAY_HOLIDAY_DELIVERY", "rateItemType": "", "rateItemCharge": {"value": "1.00", "unit": "USD"}}, {"rateItemID": "NEW_ONE"}],
  "paymentType": "PAY_THROUGH_AMAZON",
  "benefits": {"includedBenefits": ["CLAIMS_PROTECTED", ""], "excludedBenefits": [{"benefit": "FBM_SHIP_PLUS", "reasonCodes": ["LATE_DELIVERY_RISK"]}]},
  "somethingNew": {"a": [1, 2]}
}"#;

#[tokio::test]
async fn a_rate_in_the_domains_words() {
    let quote = answer(&format!(
        r#"{{"payload": {{"rates": [{RATE}], "requestToken": "token"}}}}"#
    ))
    .await
    .unwrap();
    assert_eq!(quote.request_token, "token");
    assert_eq!(
        quote.asked_at,
        "2026-11-21T12:00:00Z"
            .parse::<chrono::DateTime<chrono::Utc>>()
            .unwrap()
    );
    let rate = &quote.rates[0];
    assert_eq!(rate.total, Money::new(553, Currency::USD));
    assert!(!rate.service.contains('\u{7}'));
    assert_eq!(rate.payment, Payment::ThroughAmazon);
    assert!(rate.window.unwrap().earliest.is_some());
    assert_eq!(rate.benefits, ["CLAIMS_PROTECTED"]);
    assert_eq!(rate.excluded[0].reasons, ["LATE_DELIVERY_RISK"]);
    assert_eq!(rate.items[0].charge, Some(Money::new(100, Currency::USD)));
    assert_eq!(rate.items[1].charge, None);
    let group = &rate.groups[0];
    assert!(group.required);
    assert_eq!(group.services.len(), 1);
    assert_eq!(group.services[0].cost, Some(Money::new(415, Currency::USD)));
    assert_eq!(
        rate.documents,
        [DocumentOption {
            format: DocumentFormat::Pdf,
            width: 4000,
            length: 6000,
            unit: "INCH".to_owned(),
            dpis: vec![300, 203],
            layouts: vec!["DEFAULT".to_owned()],
            joining: vec![true, false],
            documents: vec![("PACKSLIP".to_owned(), true), ("LABEL".to_owned(), true)],
        }]
    );
}

#[tokio::test]
async fn an_offer_that_cannot_be_read_is_shown_and_not_fatal() {
    let body = r#"{"payload": {"requestToken": "t", "rates": [
        {"rateId": "a", "carrierName": "UPS", "serviceName": "Ground", "totalCharge": {"value": 5.535, "unit": "USD"}},
        {"rateId": "", "carrierName": "UPS", "serviceName": "Air", "totalCharge": {"value": 1, "unit": "USD"}},
        {"rateId": "b", "totalCharge": ""}, null, {"rateId": "c", "totalCharge": {"value": 1, "unit": "USD"}, "promise": null}],
        "ineligibleRates": [{"serviceId": "s", "serviceName": "One Rate", "carrierName": "FedEx", "carrierId": "F",
            "ineligibilityReasons": [{"code": "UNKNOWN", "message": "Not an eligible ship method for this order."}]}]}}"#;
    let quote = answer(body).await.unwrap();
    assert_eq!(quote.rates.len(), 1);
    assert_eq!(quote.rates[0].window, None, "no promise");
    assert_eq!(quote.ineligible.len(), 4);
    assert_eq!(quote.ineligible[0].reasons[0].0, "UNKNOWN");
    assert!(
        quote.ineligible[1].reasons[0].1.contains("price"),
        "half a cent is no price"
    );
    assert!(quote.ineligible[2].reasons[0].1.contains("id"));
}

#[tokio::test]
async fn an_answer_without_token_or_rates_is_an_error() {
    for body in [
        "{}",
        r#"{"payload": {}}"#,
        r#"{"payload": {"requestToken": "", "rates": []}}"#,
        r#"{"payload": []}"#,
    ] {
        let error = answer(body).await.unwrap_err();
        assert!(matches!(error, CallError::Garbled { .. }), "{body}: {error}");
    }
    assert_eq!(
        answer(r#"{"payload": {"requestToken": "t", "rates": []}}"#)
            .await
            .unwrap()
            .rates,
        []
    );
}

#[tokio::test]
async fn a_parcels_way() {
    let body = r#"{"payload": {"trackingId": "1", "alternateLegTrackingId": null, "promisedDeliveryDate": "2026-11-24T20:00:00Z",
        "summary": {"status": "InTransit", "trackingDetailCodes": {}}, "eventHistory": [
        {"eventCode": "Departed", "eventTime": "2026-11-22T20:00:00Z", "location": {"city": "Columbus", "stateOrRegion": "OH", "countryCode": ""}},
        {"eventCode": "SomethingNew", "eventTime": "", "location": null}]}}"#;
    let bytes = json(200, body);
    let fake = Fake::start(move |_| Play::Say(bytes.clone())).await;
    let tracking = client(&fake).tracking(&"1".into(), "UPS").await.unwrap();
    assert_eq!(tracking.status, "InTransit");
    assert_eq!(tracking.events[0].place, "Columbus, OH");
    assert_eq!(
        (tracking.events[1].code.as_str(), tracking.events[1].at),
        ("SomethingNew", None)
    );
}

#[tokio::test]
async fn an_order_from_elsewhere_is_asked_for_with_its_address_and_values_and_without_codes() {
    use crate::domain::customer::{Buyer, CustomerData, Recipient};
    let fake = Fake::start(|_| Play::Say(json(200, r#"{"payload":{"requestToken":"t","rates":[]}}"#))).await;
    let mut buyer = Buyer::default();
    "m@example.com".clone_into(&mut buyer.email);
    let customer = CustomerData {
        recipient: Recipient {
            name: "Marguerite Canary".to_owned(),
            company: "Canary Ltd".to_owned(),
            lines: vec!["7 Quillfeather Row".to_owned(), "Flat 2".to_owned()],
            city: "Columbus".to_owned(),
            state: "OH".to_owned(),
            postal_code: "43004".to_owned(),
            country: "US".to_owned(),
            phone: "614-555-0100".to_owned(),
        },
        buyer,
        gift_messages: Vec::new(),
    };
    let mut request = request();
    request.items.push(QuoteItem {
        line: "1".into(),
        quantity: 2,
        unit_weight: None,
        unit_value: Some(Money::new(1299, Currency::USD)),
        serials: vec!["AZ:L1Z2H38F4C5Q6R7E5K6Z1C2K3E".to_owned()],
    });
    let answer = client(&fake)
        .get_external_rates(&request, &customer)
        .await
        .unwrap();
    assert_eq!(answer.request_token, "t");
    let heard = &fake.heard()[0];
    assert_eq!(heard.line, "POST /shipping/v2/shipments/rates");
    assert_eq!(
        heard.header("x-amzn-shipping-business-id"),
        Some("AmazonShipping_US")
    );
    let body: serde_json::Value = serde_json::from_str(heard.text()).unwrap();
    assert_eq!(
        body["channelDetails"],
        serde_json::json!({ "channelType": "EXTERNAL" })
    );
    assert_eq!(
        body["shipTo"],
        serde_json::json!({
            "name": "Marguerite Canary",
            "companyName": "Canary Ltd",
            "addressLine1": "7 Quillfeather Row",
            "addressLine2": "Flat 2",
            "city": "Columbus",
            "stateOrRegion": "OH",
            "postalCode": "43004",
            "countryCode": "US",
            "email": "m@example.com",
            "phoneNumber": "614-555-0100",
        })
    );
    let package = &body["packages"][0];
    assert_eq!(
        package["insuredValue"],
        serde_json::json!({ "value": 25.98, "unit": "USD" })
    );
    assert_eq!(
        package["items"][0]["itemValue"],
        serde_json::json!({ "value": 12.99, "unit": "USD" })
    );
    assert!(package["items"][0].get("serialNumbers").is_none());
    assert!(!heard.text().contains("AZ:"));
}

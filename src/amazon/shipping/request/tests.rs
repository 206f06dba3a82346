use super::*;
use crate::amazon::fake::profile;
use crate::domain::ids::{BoxId, LineId, OrderId};
use crate::domain::rate::{Confirmation, DocumentOption};
use crate::domain::units::Dimensions;
use proptest::prelude::*;
use serde_json::{Value, json};

fn weight(thousandths: i64, unit: WeightUnit) -> Weight {
    Weight { thousandths, unit }
}

fn item(line: &str, quantity: u32, unit_weight: Option<Weight>) -> QuoteItem {
    QuoteItem {
        line: LineId::from(line),
        quantity,
        unit_weight,
        unit_value: Some(Money::new(1999, Currency::USD)),
        serials: Vec::new(),
    }
}

fn quote(weight: Weight, items: Vec<QuoteItem>) -> QuoteRequest {
    QuoteRequest {
        order: OrderId(7),
        box_id: BoxId(9),
        box_number: 2,
        items,
        weight,
        dimensions: Dimensions {
            length: 10_000,
            width: 8_500,
            height: 4_000,
            unit: LengthUnit::In,
        },
        confirmation: Confirmation::DeliveryConfirmation,
        ship_date: Some("2026-11-23T15:00:00Z".parse().unwrap()),
    }
}

fn sent(profile: &StoreProfile, request: &QuoteRequest) -> Value {
    serde_json::to_value(rates(profile, request, &OrderNumber::from("111-1111111-1111111"))).unwrap()
}

#[test]
fn the_whole_body_as_amazon_wants_it() {
    let mut line = item("57", 3, Some(weight(1_000, WeightUnit::Oz)));
    line.serials = vec!["AZ:ONE".to_owned(), "AZ:TWO".to_owned(), "AZ:THREE".to_owned()];
    let body = sent(
        &profile("http://127.0.0.1:1"),
        &quote(weight(12_500, WeightUnit::Oz), vec![line]),
    );
    assert_eq!(
        body,
        json!({
            "shipFrom": {
                "name": "Packing House", "addressLine1": "1 Dock Road", "city": "Columbus",
                "stateOrRegion": "OH", "postalCode": "43004", "countryCode": "US", "phoneNumber": "6145550100"
            },
            "shipDate": "2026-11-23T15:00:00.000Z",
            "packages": [{
                "dimensions": {"length": 10, "width": 8.5, "height": 4, "unit": "INCH"},
                "weight": {"unit": "OUNCE", "value": 12.5},
                "insuredValue": {"value": 0, "unit": "USD"},
                "packageClientReferenceId": "7-2",
                "items": [{
                    "itemIdentifier": "57", "quantity": 3,
                    "itemValue": {"value": 19.99, "unit": "USD"},
                    "weight": {"unit": "OUNCE", "value": 1},
                    "serialNumbers": ["AZ:ONE", "AZ:TWO", "AZ:THREE"]
                }]
            }],
            "channelDetails": {
                "channelType": "AMAZON", "amazonOrderDetails": {"orderId": "111-1111111-1111111"}
            }
        })
    );
}

#[test]
fn ship_from_keeps_amazons_limits() {
    let mut profile = profile("http://127.0.0.1:1");
    profile.ship_from.name = format!(" {} ", "é".repeat(80));
    profile.ship_from.line1 = "x".repeat(80);
    profile.ship_from.line2 = "  ".to_owned();
    profile.ship_from.country = "UK".to_owned();
    profile.ship_from.phone = "1".repeat(21);
    profile.ship_from.email = format!("{}@example.com", "x".repeat(64));
    let from = sent(&profile, &quote(weight(1_000, WeightUnit::Lb), Vec::new()))["shipFrom"].take();
    assert_eq!(from["name"].as_str().unwrap().chars().count(), 50);
    assert_eq!(from["addressLine1"].as_str().unwrap().len(), 60);
    assert_eq!(from["countryCode"], "GB");
    for missing in ["addressLine2", "phoneNumber", "email"] {
        assert!(from.get(missing).is_none(), "{missing}");
    }
}

#[test]
fn without_a_price_the_marketplaces_currency_insures_nothing() {
    let mut profile = profile("http://127.0.0.1:1");
    profile.marketplace = "A1F83G8C2ARO7P".to_owned();
    let mut line = item("1", 1, None);
    line.unit_value = None;
    let mut request = quote(weight(500_000, WeightUnit::G), vec![line]);
    request.ship_date = None;
    let body = sent(&profile, &request);
    assert_eq!(
        body["packages"][0]["insuredValue"],
        json!({"value": 0, "unit": "GBP"})
    );
    assert!(body.get("shipDate").is_none());
    let item = &body["packages"][0]["items"][0];
    assert_eq!(*item, json!({"itemIdentifier": "1", "quantity": 1}));
}

fn unit() -> impl Strategy<Value = WeightUnit> {
    prop_oneof![
        Just(WeightUnit::Oz),
        Just(WeightUnit::Lb),
        Just(WeightUnit::G),
        Just(WeightUnit::Kg)
    ]
}

proptest! {
    #[test]
    fn items_never_weigh_more_than_the_box(
        box_weight in 1_i64..100_000, box_unit in unit(),
        lines in proptest::collection::vec((1_u32..20, 0_i64..50_000, unit()), 0..8),
    ) {
        let items = lines.iter().map(|(quantity, value, unit)| item("1", *quantity, Some(weight(*value, *unit)))).collect();
        let body = sent(&profile("http://127.0.0.1:1"), &quote(weight(box_weight, box_unit), items));
        let package = &body["packages"][0];
        let mut sum = 0;
        for item in package["items"].as_array().unwrap() {
            let Some(weight) = item.get("weight") else { continue };
            prop_assert_eq!(&weight["unit"], &package["weight"]["unit"]);
            let digits = crate::amazon::wire::Digits(weight["value"].to_string());
            let thousandths = digits.thousandths().unwrap();
            prop_assert!(thousandths > 0);
            sum += thousandths * item["quantity"].as_i64().unwrap();
        }
        prop_assert!(sum <= box_weight, "{} > {}", sum, box_weight);
    }
}

fn choice(document: DocumentOption) -> PurchaseChoice {
    PurchaseChoice {
        rate_id: "rate \"1\"".to_owned(),
        services: vec!["SIGNATURE_CONFIRMATION".to_owned()],
        document,
        dpi: Some(300),
        price: Money::new(995, Currency::USD),
    }
}

fn pdf() -> DocumentOption {
    DocumentOption {
        format: DocumentFormat::Pdf,
        width: 8_500,
        length: 11_000,
        unit: "INCH".to_owned(),
        dpis: vec![300],
        layouts: vec!["LEFT".to_owned(), "RIGHT".to_owned()],
        joining: vec![true],
        documents: vec![
            ("PACKSLIP".to_owned(), true),
            ("LABEL".to_owned(), true),
            ("RECEIPT".to_owned(), false),
        ],
    }
}

fn bought(choice: &PurchaseChoice) -> Value {
    serde_json::to_value(purchase(choice, "token", None)).unwrap()
}

#[test]
fn a_purchase_asks_only_for_what_the_rate_offers() {
    let body = bought(&choice(pdf()));
    assert_eq!(
        body,
        json!({
            "requestToken": "token", "rateId": "rate \"1\"",
            "requestedDocumentSpecification": {
                "format": "PDF", "size": {"width": 8.5, "length": 11, "unit": "INCH"}, "dpi": 300,
                "pageLayout": "LEFT", "needFileJoining": true, "requestedDocumentTypes": ["PACKSLIP", "LABEL"]
            },
            "requestedValueAddedServices": [{"id": "SIGNATURE_CONFIRMATION"}]
        })
    );
}

#[test]
fn what_is_not_offered_is_not_sent() {
    let mut document = pdf();
    (document.dpis, document.layouts, document.documents) = (Vec::new(), Vec::new(), Vec::new());
    document.joining = vec![true, false];
    let mut choice = choice(document);
    choice.services.clear();
    let body = bought(&choice);
    let specification = &body["requestedDocumentSpecification"];
    assert!(specification.get("dpi").is_none());
    assert!(specification.get("pageLayout").is_none());
    assert_eq!(specification["needFileJoining"], false);
    assert_eq!(specification["requestedDocumentTypes"], json!(["LABEL"]));
    assert!(body.get("requestedValueAddedServices").is_none());
    let mut offered = pdf();
    offered.dpis = vec![203];
    let body = bought(&self::choice(offered));
    assert_eq!(
        body["requestedDocumentSpecification"]["dpi"], 203,
        "300 is not offered"
    );
}

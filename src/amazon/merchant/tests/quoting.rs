use super::*;
use crate::amazon::fake::{client_of, clock};
use crate::amazon::{Extras, LabelDesk};
use crate::domain::address::{AddressKind, Destination};
use crate::domain::choice::{Rules, judge};
use crate::domain::rate::{Payment, PurchaseChoice, QuoteAnswer, choose_document, required_services};
use crate::domain::seller::DocumentFormat;
use serde_json::{Value, json as value};

const OFFERS: &str = r#"{"payload":{
 "ShippingServiceList":[
  {"ShippingServiceName":"UPS Ground®","CarrierName":"UPS®","ShippingServiceId":"UPS_PTP_GND","ShippingServiceOfferId":"offer/one+==",
   "ShipDate":"2026-11-21T17:00:00Z","EarliestEstimatedDeliveryDate":"2026-11-24T08:00:00Z","LatestEstimatedDeliveryDate":"2026-11-25T20:00:00Z",
   "Rate":{"CurrencyCode":"USD","Amount":10.5},"RateWithAdjustments":{"CurrencyCode":"USD","Amount":9.50},
   "AdjustmentItemList":[{"RateItemID":"FBM_SHIP_PLUS_CREDIT","RateItemType":"INCLUDED","RateItemCharge":{"CurrencyCode":"USD","Amount":1.0}}],
   "ShippingServiceOptions":{"DeliveryExperience":"DeliveryConfirmationWithSignature","CarrierWillPickUp":false,"LabelFormat":""},
   "AvailableShippingServiceOptions":{"AvailableCarrierWillPickUpOptions":[],"AvailableDeliveryExperienceOptions":[
     {"DeliveryExperienceOption":"DeliveryConfirmationWithoutSignature","Charge":{"CurrencyCode":"USD","Amount":0}},
     {"DeliveryExperienceOption":"DeliveryConfirmationWithSignature","Charge":{"CurrencyCode":"USD","Amount":3.1}}]},
   "AvailableLabelFormats":["ZPL300","ShippingServiceDefault","PDF"],
   "AvailableFormatOptionsForLabel":[{"LabelFormat":"ZPL203","IncludePackingSlipWithLabel":false},{"LabelFormat":"PDF"},{"LabelFormat":""}],
   "RequiresAdditionalSellerInputs":false,
   "Benefits":{"IncludedBenefits":["CLAIMS_PROTECTED"],"ExcludedBenefits":[{"Benefit":"OTDR_PROTECTED","ReasonCodes":["NON_SSA_ORDER"]}]}},
  {"ShippingServiceName":"Priority Mail","CarrierName":"USPS","ShippingServiceId":"USPS_PTP_PRI","ShippingServiceOfferId":"offer2",
   "ShipDate":"2026-11-21T17:00:00Z","Rate":{"CurrencyCode":"USD","Amount":8},
   "ShippingServiceOptions":{"DeliveryExperience":"","CarrierWillPickUp":false},
   "AvailableShippingServiceOptions":{"AvailableCarrierWillPickUpOptions":[],"AvailableDeliveryExperienceOptions":[
     {"DeliveryExperienceOption":"NoTracking","Charge":{"CurrencyCode":"USD","Amount":0}}]},
   "AvailableLabelFormats":["PNG"],"RequiresAdditionalSellerInputs":true},
  {"ShippingServiceName":"Broken","CarrierName":"USPS","ShippingServiceId":"USPS_X","ShippingServiceOfferId":"","Rate":{"CurrencyCode":"USD","Amount":8}},
  {"ShippingServiceName":"Priceless","CarrierName":"USPS","ShippingServiceId":"USPS_Y","ShippingServiceOfferId":"o3","Rate":{}}],
 "RejectedShippingServiceList":[
  {"CarrierName":"FedEx®","ShippingServiceName":"FedEx Ground","ShippingServiceId":"FEDEX_PTP_GROUND","RejectionReasonCode":"CARRIER_CANNOT_SHIP_TO_POBOX","RejectionReasonMessage":"FedEx does not deliver to PO boxes."},
  {"CarrierName":"FedEx®","ShippingServiceName":"FedEx Express","ShippingServiceId":"FEDEX_X","RejectionReasonCode":"EXCLUDED_FROM_CARRIER_RESPONSE"}],
 "TemporarilyUnavailableCarrierList":[{"CarrierName":"DHLECOMMERCE"}],
 "TermsAndConditionsNotAcceptedCarrierList":[{"CarrierName":"ONTRAC"}]}}"#;

async fn quoted(request: &QuoteRequest) -> (QuoteAnswer, Vec<Heard>, StoreProfile) {
    let fake = amazon(|_| Play::Say(json(200, OFFERS))).await;
    let shop = shop(&fake.base());
    let client = client_of(&shop, clock());
    let answer = client
        .labels(VIA)
        .unwrap()
        .quote(request, &order())
        .await
        .unwrap();
    (answer, asked(&fake), shop)
}

#[tokio::test]
async fn the_whole_question_as_amazon_wants_it() {
    let (answer, heard, shop) = quoted(&pounds()).await;
    assert_eq!(heard[0].line, "POST /mfn/v0/eligibleShippingServices");
    assert_eq!(
        heard[0].header("x-amz-access-token"),
        Some("Atza|one"),
        "the login's"
    );
    let body: Value = serde_json::from_slice(&heard[0].body).unwrap();
    assert_eq!(
        body,
        value!({"ShipmentRequestDetails": {
            "AmazonOrderId": ORDER,
            "ItemList": [
                {"OrderItemId": "57", "Quantity": 2, "TransparencyCodeList": ["AZ:ONE", "AZ:TWO"]},
                {"OrderItemId": "58", "Quantity": 1}
            ],
            "ShipFromAddress": {
                "Name": "Packing House", "AddressLine1": "1 Dock Road", "City": "Columbus",
                "StateOrProvinceCode": "OH", "PostalCode": "43004", "CountryCode": "US", "Phone": "6145550100",
                "Email": "bench@example.com"
            },
            "PackageDimensions": {"Length": 10.25, "Width": 8, "Height": 4, "Unit": "inches"},
            "Weight": {"Value": 20, "Unit": "oz"},
            "ShippingServiceOptions": {
                "DeliveryExperience": "DeliveryConfirmationWithSignature", "CarrierWillPickUp": false
            }
        }})
    );
    assert_eq!((answer.via, answer.ship_from), (VIA, shop.ship_from.digest()));
}

#[tokio::test]
async fn only_ounces_or_grams_inches_or_centimetres_go_out() {
    let size = |unit| Dimensions {
        length: 25_500,
        width: 20_000,
        height: 10_000,
        unit,
    };
    for (thousandths, unit, edges, weight, size) in [
        (
            1_200,
            WeightUnit::Kg,
            LengthUnit::Cm,
            value!({"Value": 1200, "Unit": "g"}),
            "centimeters",
        ),
        (
            340_500,
            WeightUnit::G,
            LengthUnit::Cm,
            value!({"Value": 340.5, "Unit": "g"}),
            "centimeters",
        ),
        (
            12_500,
            WeightUnit::Oz,
            LengthUnit::In,
            value!({"Value": 12.5, "Unit": "oz"}),
            "inches",
        ),
        (
            1_063,
            WeightUnit::Lb,
            LengthUnit::In,
            value!({"Value": 17.008, "Unit": "oz"}),
            "inches",
        ),
    ]
    .map(|(thousandths, unit, edges, weight, word)| (thousandths, unit, size(edges), weight, word))
    {
        let (_, heard, _) = quoted(&request(Weight { thousandths, unit }, edges)).await;
        let body: Value = serde_json::from_slice(&heard[0].body).unwrap();
        let details = &body["ShipmentRequestDetails"];
        assert_eq!(details["Weight"], weight);
        assert_eq!(details["PackageDimensions"]["Unit"], size);
    }
}

#[tokio::test]
async fn a_name_is_cut_at_thirty_letters_and_countries_are_put_right() {
    let fake = amazon(|_| Play::Say(json(200, OFFERS))).await;
    let mut shop = shop(&fake.base());
    "The Really Rather Long Packing House Company".clone_into(&mut shop.ship_from.name);
    "UK".clone_into(&mut shop.ship_from.country);
    let client = client_of(&shop, clock());
    client
        .labels(VIA)
        .unwrap()
        .quote(&pounds(), &order())
        .await
        .unwrap();
    let body: Value = serde_json::from_slice(&asked(&fake)[0].body).unwrap();
    let from = &body["ShipmentRequestDetails"]["ShipFromAddress"];
    assert_eq!(from["Name"], "The Really Rather Long Packing");
    assert_eq!(from["CountryCode"], "GB");
}

#[tokio::test]
async fn an_offer_in_the_domains_words() {
    let (answer, ..) = quoted(&pounds()).await;
    let rate = &answer.rates[0];
    assert_eq!(
        (rate.id.as_str(), rate.service_id.as_str()),
        ("offer/one+==", "UPS_PTP_GND")
    );
    assert_eq!((rate.carrier_id.as_str(), rate.carrier.as_str()), ("UPS", "UPS®"));
    assert_eq!(rate.total.to_string(), "$9.50", "with adjustments");
    assert_eq!(rate.items[0].id, "FBM_SHIP_PLUS_CREDIT");
    assert_eq!(rate.benefits, ["CLAIMS_PROTECTED"]);
    assert_eq!(rate.excluded[0].reasons, ["NON_SSA_ORDER"]);
    assert_eq!(rate.payment, Payment::ThroughAmazon);
    assert!(rate.window.unwrap().latest.is_some() && !rate.needs_inputs);
    let other = &answer.rates[1];
    assert_eq!(other.total.to_string(), "$8.00", "without adjustments the rate");
    assert!(other.window.is_none() && other.needs_inputs);
    assert_eq!(
        answer.rates.len(),
        2,
        "what cannot be bought is among those not offered"
    );
}

#[tokio::test]
async fn both_resolutions_of_zebras_language_are_one_way_to_print() {
    let (answer, ..) = quoted(&pounds()).await;
    let formats: Vec<_> = answer.rates[0]
        .documents
        .iter()
        .map(|option| (option.format, option.dpis.clone()))
        .collect();
    assert_eq!(
        formats,
        [
            (DocumentFormat::Zpl, vec![300, 203]),
            (DocumentFormat::Pdf, vec![])
        ]
    );
    let (_, dpi) = choose_document(&answer.rates[0], &[DocumentFormat::Zpl]).unwrap();
    assert_eq!(dpi, Some(203));
    assert!(choose_document(&answer.rates[1], &[DocumentFormat::Zpl]).is_none());
}

#[tokio::test]
async fn the_asked_confirmation_is_answered_with_amazons_word() {
    let (answer, ..) = quoted(&pounds()).await;
    let (services, price) = required_services(&answer.rates[0], Confirmation::Signature).unwrap();
    assert_eq!(services, ["DeliveryConfirmationWithSignature"]);
    assert_eq!(price.to_string(), "$9.50", "its fee is in the price");
    for other in [Confirmation::NoTracking, Confirmation::AdultSignature] {
        assert!(
            required_services(&answer.rates[0], other).is_err(),
            "{other}: takes another quote"
        );
    }
    let refused = required_services(&answer.rates[1], Confirmation::Signature).unwrap_err();
    assert_eq!(refused, "not offered with Signature");
}

#[tokio::test]
async fn each_of_the_four_confirmations_is_asked_for_by_its_word() {
    for (confirmation, word) in [
        (Confirmation::NoTracking, "NoTracking"),
        (
            Confirmation::DeliveryConfirmation,
            "DeliveryConfirmationWithoutSignature",
        ),
        (Confirmation::Signature, "DeliveryConfirmationWithSignature"),
        (
            Confirmation::AdultSignature,
            "DeliveryConfirmationWithAdultSignature",
        ),
    ] {
        let request = QuoteRequest {
            confirmation,
            ..pounds()
        };
        let (_, heard, _) = quoted(&request).await;
        assert!(
            heard[0]
                .text()
                .contains(&format!("\"DeliveryExperience\":\"{word}\""))
        );
        let offer = OFFERS.replace("NoTracking", word);
        let fake = amazon(move |_| Play::Say(json(200, &offer))).await;
        let client = client_of(&shop(&fake.base()), clock());
        let answer = client
            .labels(VIA)
            .unwrap()
            .quote(&request, &order())
            .await
            .unwrap();
        let (services, _) = required_services(&answer.rates[1], confirmation).unwrap();
        assert_eq!(services, [word]);
        assert_eq!(
            crate::domain::rate::confirmation_of(&answer.rates[1].groups[0].services[0]),
            Some(confirmation)
        );
    }
}

#[tokio::test]
async fn why_not_names_every_service_and_carrier_with_its_reason() {
    let (answer, ..) = quoted(&pounds()).await;
    let shown: Vec<(&str, &str, &str)> = answer
        .ineligible
        .iter()
        .map(|one| {
            (
                one.carrier.as_str(),
                one.service.as_str(),
                one.reasons[0].0.as_str(),
            )
        })
        .collect();
    assert_eq!(
        shown,
        [
            ("FedEx®", "FedEx Ground", "CARRIER_CANNOT_SHIP_TO_POBOX"),
            ("FedEx®", "FedEx Express", "EXCLUDED_FROM_CARRIER_RESPONSE"),
            ("USPS", "Broken", ""),
            ("USPS", "Priceless", ""),
        ]
    );
    let words: Vec<&str> = answer
        .ineligible
        .iter()
        .map(|one| one.reasons[0].1.as_str())
        .collect();
    assert_eq!(words[0], "FedEx does not deliver to PO boxes.");
    assert_eq!(words[1], "excluded from carrier response");
    assert_eq!(answer.unavailable, ["DHLECOMMERCE"]);
    assert_eq!(answer.unaccepted, ["ONTRAC"]);
}

#[tokio::test]
async fn the_purchase_repeats_what_its_quote_was_asked_for() {
    let request = pounds();
    let fake = amazon(|_| Play::Say(json(200, OFFERS))).await;
    let client = client_of(&shop(&fake.base()), clock());
    let labels = client.labels(VIA).unwrap();
    let answer = labels.quote(&request, &order()).await.unwrap();
    let destination = Destination::new("US", "NY", "10001", AddressKind::Residential);
    let formats = [DocumentFormat::Zpl];
    let rules = Rules {
        business_commercial: false,
        destination: &destination,
        deliver_by: None,
        confirmation: Confirmation::Signature,
        floor: None,
        formats: &formats,
        flat_rate_box: false,
        known: &[],
        prime: false,
    };
    let choice = judge(&answer.rates[0], &rules).choice.unwrap();
    let body = labels
        .purchase_body(&request, &order(), &choice, &answer, &Extras::default())
        .unwrap();
    let asked: Value = serde_json::from_slice(&asked(&fake)[0].body).unwrap();
    let mut sent: Value = serde_json::from_slice(&body.0).unwrap();
    let options = &mut sent["ShipmentRequestDetails"]["ShippingServiceOptions"];
    let format = options.as_object_mut().unwrap().remove("LabelFormat");
    assert_eq!(format, Some(value!("ZPL203")));
    assert_eq!(sent["ShipmentRequestDetails"], asked["ShipmentRequestDetails"]);
    assert_eq!(sent["ShippingServiceId"], "UPS_PTP_GND");
    assert_eq!(sent["ShippingServiceOfferId"], "offer/one+==");
    assert_eq!(sent.as_object().unwrap().len(), 3);
    with_extras(&labels, &request, &choice, &answer);
    let gone = PurchaseChoice {
        rate_id: "gone".to_owned(),
        ..choice
    };
    let words = labels
        .purchase_body(&request, &order(), &gone, &answer, &Extras::default())
        .unwrap_err();
    assert!(words.contains("ask for rates again"), "{words}");
}

#[tokio::test]
async fn what_a_service_asks_for_besides() {
    let body = r#"{"payload":{"ShipmentLevelFields":[
      {"AdditionalInputFieldName":"NON_DELIVERY","SellerInputDefinition":{"IsRequired":false,"DataType":"STRING",
       "Constraints":[{"ValidationRegEx":"^[A-Z]+$","ValidationString":"capital letters"}],"InputDisplayText":"If it cannot be delivered",
       "InputTarget":"SHIPMENT_LEVEL","StoredValue":{"DataType":"STRING","ValueAsString":"RETURN"},"RestrictedSetValues":["RETURN","ABANDON"]}},
      {"AdditionalInputFieldName":"BARE"},{}],
     "ItemLevelFieldsList":[{"Asin":"B000000001","AdditionalInputs":[{"AdditionalInputFieldName":"HS_CODE"}]}]}}"#;
    let fake = amazon(move |_| Play::Say(json(200, body))).await;
    let client = client_of(&shop(&fake.base()), clock());
    let inputs = client.seller_inputs("UPS_PTP_GND", &order()).await.unwrap();
    let sent: Value = serde_json::from_slice(&asked(&fake)[0].body).unwrap();
    assert_eq!(
        (&sent["OrderId"], &sent["ShippingServiceId"]),
        (&value!(ORDER), &value!("UPS_PTP_GND"))
    );
    assert_eq!(inputs.len(), 3, "one without a name is none");
    let first = &inputs[0];
    assert!(!first.required && first.choices == ["RETURN", "ABANDON"]);
    assert_eq!(
        first.patterns,
        [("^[A-Z]+$".to_owned(), "capital letters".to_owned())]
    );
    assert_eq!(
        (first.label().as_str(), first.stored.as_str()),
        ("If it cannot be delivered", "RETURN")
    );
    assert!(inputs[1].required && inputs[1].label() == "BARE");
    assert_eq!(inputs[2].key(), "B000000001:HS_CODE");
}

/// Answers to what the service asks for go with the shipment or with the product's lines; the label's text apart.
fn with_extras(
    labels: &LabelDesk<'_>,
    request: &QuoteRequest,
    choice: &PurchaseChoice,
    answer: &QuoteAnswer,
) {
    use crate::domain::rate::inputs::{InputField, InputKind, InputTarget, InputValues};
    let line = &request.items[0].line;
    let fields = [
        InputField::text("NON_DELIVERY", ""),
        InputField {
            target: InputTarget::Item("SKU-1".to_owned()),
            kind: InputKind::Money(crate::domain::money::Currency::USD),
            ..InputField::text("ITEM_VALUE", "")
        },
    ];
    let typed = [("NON_DELIVERY", "RETURN"), ("SKU-1:ITEM_VALUE", "12.50")];
    let values = InputValues(
        typed
            .map(|(key, value)| (key.to_owned(), value.to_owned()))
            .to_vec(),
    );
    let extras = Extras {
        fields: &fields,
        inputs: Some(&values),
        skus: &[(line.clone(), "SKU-1".into())],
        label_text: Some("PO-77812"),
    };
    let body = labels
        .purchase_body(request, &order(), choice, answer, &extras)
        .unwrap();
    let sent: Value = serde_json::from_slice(&body.0).unwrap();
    let details = &sent["ShipmentRequestDetails"];
    assert_eq!(
        details["LabelCustomization"],
        value!({"CustomTextForLabel": "PO-77812"})
    );
    assert_eq!(
        sent["ShipmentLevelSellerInputsList"],
        value!([{"AdditionalInputFieldName": "NON_DELIVERY",
            "AdditionalSellerInput": {"DataType": "STRING", "ValueAsString": "RETURN"}}])
    );
    assert_eq!(
        details["ItemList"][0]["ItemLevelSellerInputsList"],
        value!([{"AdditionalInputFieldName": "ITEM_VALUE", "AdditionalSellerInput": {"DataType": "CURRENCY",
            "ValueAsCurrency": {"CurrencyCode": "USD", "Amount": 12.5}}}])
    );
}

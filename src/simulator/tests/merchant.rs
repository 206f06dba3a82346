//! Merchant Fulfillment v0: what is offered, and what a request may not be.

use super::*;
use chrono::TimeDelta;

#[tokio::test]
async fn services_and_prices_are_shippings() {
    let bench = Bench::with(|config| config.switches.limits = false).await;
    for place in 1..=8 {
        let number = demo::number(place);
        if bench.order(&number).seller != 0 {
            continue;
        }
        let rates = bench.rates(&number).await;
        let payload = bench.eligible(&bench.details(&number)).await;
        let services = payload["ShippingServiceList"].as_array().unwrap();
        assert_eq!(
            services.len(),
            rates["rates"].as_array().unwrap().len(),
            "{place}"
        );
        for service in services {
            let rate = rate(&rates, service["ShippingServiceId"].as_str().unwrap());
            assert_eq!(service["Rate"]["Amount"], rate["totalCharge"]["value"]);
            assert_eq!(service["Rate"], service["RateWithAdjustments"]);
            assert_eq!(
                service["LatestEstimatedDeliveryDate"],
                rate["promise"]["deliveryWindow"]["end"]
            );
            assert_eq!(
                service["Benefits"]["IncludedBenefits"],
                rate["benefits"]["includedBenefits"]
            );
        }
    }
}

#[tokio::test]
async fn an_offer_names_its_options_formats_and_credit() {
    let bench = Bench::with(|config| config.switches.ship_plus_credit = true).await;
    let mut details = bench.details(&demo::number(1));
    details["ShippingServiceOptions"]
        .as_object_mut()
        .unwrap()
        .remove("LabelFormat");
    let payload = bench.eligible(&details).await;
    let ups = eligible_service(&payload, "UPS_PTP_GND");
    let offer = ups["ShippingServiceOfferId"].as_str().unwrap();
    assert!((250..350).contains(&offer.len()), "{}", offer.len());
    assert_eq!(ups["ShippingServiceOptions"]["LabelFormat"], "");
    assert_eq!(
        ups["AvailableLabelFormats"],
        json!(["PDF", "PNG", "ZPL203", "ZPL300", "ShippingServiceDefault"])
    );
    let options = &ups["AvailableShippingServiceOptions"]["AvailableDeliveryExperienceOptions"];
    assert_eq!(options.as_array().unwrap().len(), 4);
    assert_eq!(
        options[2]["DeliveryExperienceOption"],
        "DeliveryConfirmationWithSignature"
    );
    assert_eq!(
        options[2]["Charge"],
        json!({"CurrencyCode": "USD", "Amount": 6.25})
    );
    assert_eq!(ups["AdjustmentItemList"][0]["RateItemID"], "FBM_SHIP_PLUS_CREDIT");
    let amount = |field: &str| ups[field]["Amount"].as_f64().unwrap();
    assert!((amount("Rate") - amount("RateWithAdjustments") - 1.0).abs() < 0.001);
    let fedex = eligible_service(&payload, "FEDEX_PTP_GROUND");
    assert!(fedex.get("AdjustmentItemList").is_none());
    assert!(
        !fedex["AvailableLabelFormats"]
            .as_array()
            .unwrap()
            .contains(&json!("ZPL203"))
    );
}

#[tokio::test]
async fn what_is_not_offered_is_named_by_its_reason() {
    let mut bench = Bench::new().await;
    let mut details = bench.details(&demo::number(1));
    details["Weight"]["Value"] = json!(60 * 16);
    let payload = bench.eligible(&details).await;
    let rejected = payload["RejectedShippingServiceList"].as_array().unwrap();
    assert!(
        rejected
            .iter()
            .any(|one| one["ShippingServiceId"] == "ONTRAC_MFN_GROUND"
                && one["RejectionReasonCode"] == "EXCLUDED_FROM_CARRIER_RESPONSE")
    );
    assert_eq!(
        payload["TemporarilyUnavailableCarrierList"],
        json!([{"CarrierName": "DHL eCommerce"}])
    );
    assert_eq!(payload["TermsAndConditionsNotAcceptedCarrierList"], json!([]));

    bench.log_in(demo::REFRESH_TOKEN_SECOND).await;
    let number = bench
        .amazon
        .orders()
        .into_iter()
        .find(|number| bench.order(number).seller == 1)
        .unwrap();
    let details = bench.details(&number);
    let payload = bench.eligible(&details).await;
    assert_eq!(
        payload["TermsAndConditionsNotAcceptedCarrierList"],
        json!([{"CarrierName": "UPS"}])
    );
    let body = json!({"ShipmentRequestDetails": details, "ShippingServiceId": "UPS_PTP_GND"});
    let reply = bench.create_as(&body).await;
    assert_eq!(
        (reply.status, reply.code()),
        (403, "TermsAndConditionsNotAccepted")
    );
}

#[tokio::test]
async fn a_signature_costs_and_is_not_everywhere() {
    let bench = Bench::new().await;
    let mut details = bench.details(&demo::number(1));
    let plain = bench.eligible(&details).await;
    details["ShippingServiceOptions"]["DeliveryExperience"] = json!("DeliveryConfirmationWithSignature");
    let signed = bench.eligible(&details).await;
    let price = |payload: &Value| {
        eligible_service(payload, "UPS_PTP_GND")["Rate"]["Amount"]
            .as_f64()
            .unwrap()
    };
    assert!((price(&signed) - price(&plain) - 6.25).abs() < 0.001);
    let services = signed["ShippingServiceList"].as_array().unwrap();
    assert!(
        !services
            .iter()
            .any(|one| one["ShippingServiceId"] == "ONTRAC_MFN_GROUND")
    );
    let bought = bench.create(&details, &signed, "UPS_PTP_GND").await;
    assert_eq!(bought.status, 200, "{bought:?}");
    let cents = f64::from(bench.amazon.ledger().shipments[0].cents);
    assert!((cents / 100.0 - price(&signed)).abs() < 0.001);
}

#[tokio::test]
async fn nothing_that_arrives_in_time_is_too_restrictive() {
    let bench = Bench::new().await;
    let mut details = bench.details(&demo::number(1));
    details["MustArriveByDate"] = json!((tuesday() + TimeDelta::hours(1)).to_rfc3339());
    let reply = bench
        .post(ELIGIBLE, &json!({"ShipmentRequestDetails": details}))
        .await;
    assert_eq!(reply.code(), "ShipmentRequestDetailsTooRestrictive");
    details["ShippingServiceOptions"]["CarrierWillPickUp"] = json!(true);
    details.as_object_mut().unwrap().remove("MustArriveByDate");
    let pick_up = bench
        .post(ELIGIBLE, &json!({"ShipmentRequestDetails": details}))
        .await;
    assert_eq!(pick_up.code(), "ShipmentRequestDetailsTooRestrictive");
    details["ShippingServiceOptions"]["CarrierWillPickUp"] = json!(false);
    details["MustArriveByDate"] = json!((tuesday() + TimeDelta::hours(36)).to_rfc3339());
    let soon = bench.eligible(&details).await;
    let count = soon["ShippingServiceList"].as_array().unwrap().len();
    assert!((1..8).contains(&count), "{count} arrive by tomorrow night");
}

/// Sets a member; `null` takes it away.
fn changed(details: &Value, place: &str, value: &Value) -> Value {
    let mut details = details.clone();
    let (parent, field) = place.rsplit_once('/').unwrap();
    let parent = details.pointer_mut(parent).unwrap().as_object_mut().unwrap();
    if value.is_null() {
        parent.remove(field);
    } else {
        parent.insert(field.to_owned(), value.clone());
    }
    details
}

#[tokio::test]
async fn a_request_is_held_to_its_form() {
    let bench = Bench::with(|config| config.switches.limits = false).await;
    let good = bench.details(&demo::number(1));
    let long = |count: usize| json!("n".repeat(count));
    for (place, value, words) in [
        (
            "/ShipFromAddress/Name",
            long(31),
            "name' failed to satisfy constraint: Member must have length less than or equal to 30",
        ),
        ("/ShipFromAddress/AddressLine1", long(181), "180"),
        (
            "/ShipFromAddress/Email",
            Value::Null,
            "Value null at 'shipmentRequestDetails.shipFromAddress.email'",
        ),
        ("/ShipFromAddress/Email", json!(""), "greater than or equal to 1"),
        (
            "/ShipFromAddress/CountryCode",
            json!("USA"),
            "Value 'USA' at 'shipmentRequestDetails.shipFromAddress.countryCode' failed to satisfy constraint: \
             Member must have length less than or equal to 2",
        ),
        ("/Weight/Unit", json!("lb"), "enum value set: [oz, g]"),
        ("/Weight/Value", json!(0), "Invalid Input"),
        ("/Weight/Value", json!(3000), "Invalid Input"),
        (
            "/PackageDimensions/Unit",
            json!("INCH"),
            "enum value set: [inches, centimeters]",
        ),
        ("/PackageDimensions/Height", json!(0.001), "Invalid Input"),
        (
            "/PackageDimensions/PredefinedPackageDimensions",
            json!("USPS_Crate"),
            "enum",
        ),
        (
            "/ShippingServiceOptions/DeliveryExperience",
            json!("NO_CONFIRMATION"),
            "enum",
        ),
        (
            "/ShippingServiceOptions/CarrierWillPickUp",
            Value::Null,
            "carrierWillPickUp' failed to satisfy constraint: Member must not be null",
        ),
        ("/ShippingServiceOptions/LabelFormat", json!("ZPL"), "enum"),
        (
            "/LabelCustomization",
            json!({"CustomTextForLabel": "fifteen letters"}),
            "equal to 14",
        ),
        (
            "/LabelCustomization",
            json!({"StandardIdForLabel": "111-1"}),
            "enum",
        ),
        ("/SellerOrderId", long(65), "64"),
        ("/ItemList", json!([]), "empty"),
        ("/MustArriveByDate", json!("tomorrow"), "timestamp"),
    ] {
        let details = changed(&good, place, &value);
        let reply = bench
            .post(ELIGIBLE, &json!({"ShipmentRequestDetails": details}))
            .await;
        assert_eq!(
            (reply.status, reply.code()),
            (400, "InvalidInput"),
            "{place} {value}"
        );
        assert!(reply.message().contains(words), "{place}: {}", reply.message());
    }
}

#[tokio::test]
async fn a_request_is_held_to_the_order() {
    let bench = Bench::with(|config| config.switches.limits = false).await;
    let good = bench.details(&demo::number(1));
    let id = good["ItemList"][0]["OrderItemId"].clone();
    for (place, value, status, code) in [
        (
            "/AmazonOrderId",
            json!("111-0000000-0000000"),
            404,
            "ResourceNotFound",
        ),
        (
            "/ItemList",
            json!([{"OrderItemId": "1", "Quantity": 1}]),
            404,
            "ItemsNotInOrder",
        ),
        (
            "/ItemList",
            json!([{"OrderItemId": id, "Quantity": 99}]),
            400,
            "InvalidRequest",
        ),
        (
            "/ItemList",
            json!([{"OrderItemId": id, "Quantity": 1, "TransparencyCodeList": ["A", "B"]}]),
            400,
            "InvalidRequest",
        ),
        (
            "/ShipFromAddress/CountryCode",
            json!("GB"),
            400,
            "InvalidShipFromAddress",
        ),
        (
            "/ShipFromAddress/StateOrProvinceCode",
            Value::Null,
            400,
            "InvalidShipFromAddress",
        ),
    ] {
        let body = json!({"ShipmentRequestDetails": changed(&good, place, &value)});
        let reply = bench.post(ELIGIBLE, &body).await;
        assert_eq!((reply.status, reply.code()), (status, code), "{place} {value}");
        bench.amazon.switch(|switches| switches.vague_errors = true);
        let vague = bench.post(ELIGIBLE, &body).await;
        assert_eq!(
            (vague.status, vague.code(), vague.message().trim()),
            (400, "InvalidInput", "Invalid Input")
        );
        bench.amazon.switch(|switches| switches.vague_errors = false);
    }
}

#[tokio::test]
async fn grams_centimeters_and_known_packagings_are_the_same_box() {
    let bench = Bench::new().await;
    let details = bench.details(&demo::number(1));
    let prices = |payload: &Value| -> Vec<Value> {
        payload["ShippingServiceList"]
            .as_array()
            .unwrap()
            .iter()
            .map(|one| one["Rate"].clone())
            .collect()
    };
    let ours = prices(&bench.eligible(&details).await);
    let mut metric = details.clone();
    metric["Weight"] = json!({"Value": 1360, "Unit": "g"});
    metric["PackageDimensions"] = json!({"Length": 25, "Width": 20, "Height": 11, "Unit": "centimeters"});
    assert_eq!(prices(&bench.eligible(&metric).await), ours);
    let mut known = details.clone();
    known["PackageDimensions"] = json!({"PredefinedPackageDimensions": "USPS_MediumFlatRateBox1"});
    assert_eq!(prices(&bench.eligible(&known).await), ours);
    known["PackageDimensions"] = json!({"PredefinedPackageDimensions": "UPS_Pallet"});
    let pallet = bench.eligible(&known).await;
    let rejected = pallet["RejectedShippingServiceList"].as_array().unwrap();
    assert!(
        rejected
            .iter()
            .any(|one| one["ShippingServiceId"] == "ONTRAC_MFN_GROUND"),
        "too long for OnTrac"
    );
}

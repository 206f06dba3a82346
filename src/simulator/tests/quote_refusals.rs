//! What `getRates` refuses: one test for each refusal (amazon.md 3.3, 9).

use super::*;

/// Asks for rates with the body changed at a place, and holds the refusal against what is expected.
async fn refused(change: impl FnOnce(&mut Value), words: &str) {
    let bench = Bench::new().await;
    let mut body = bench.rates_body(&demo::number(1));
    let reply = bench.post(RATES, &body).await;
    assert_eq!(reply.status, 200, "without the change it is answered: {reply:?}");
    change(&mut body);
    let reply = bench.post(RATES, &body).await;
    assert_eq!((reply.status, reply.code()), (400, "InvalidInput"), "{reply:?}");
    assert!(
        reply.message().contains(words),
        "{} does not say {words}",
        reply.message()
    );
}

fn package(body: &mut Value) -> &mut Value {
    &mut body["packages"][0]
}

fn without(body: &mut Value, pointer: &str) {
    let (parent, field) = pointer.rsplit_once('/').unwrap();
    body.pointer_mut(parent)
        .unwrap()
        .as_object_mut()
        .unwrap()
        .remove(field)
        .unwrap();
}

macro_rules! quote_refusals {
    ($($name:ident: $change:expr => $words:literal;)*) => {
        $(#[tokio::test]
        async fn $name() {
            refused($change, $words).await;
        })*
    };
}

quote_refusals! {
    another_channel_without_a_recipient: |body| body["channelDetails"]["channelType"] = json!("EXTERNAL")
        => "shipTo is required for channel EXTERNAL";
    an_unknown_channel: |body| body["channelDetails"]["channelType"] = json!("EBAY") => "channelType";
    no_channel: |body| without(body, "/channelDetails") => "channelDetails is required";
    no_order: |body| without(body, "/channelDetails/amazonOrderDetails") => "amazonOrderDetails is required";
    no_sender: |body| without(body, "/shipFrom") => "shipFrom is required";
    no_packages: |body| without(body, "/packages") => "packages is required";
    no_dimensions: |body| without(body, "/packages/0/dimensions") => "dimensions is required";
    no_height: |body| without(body, "/packages/0/dimensions/height") => "height is required";
    no_weight: |body| without(body, "/packages/0/weight") => "weight is required";
    no_insured_value: |body| without(body, "/packages/0/insuredValue") => "insuredValue is required";
    no_reference: |body| without(body, "/packages/0/packageClientReferenceId") => "packageClientReferenceId is required";
    no_items: |body| without(body, "/packages/0/items") => "items is required";
    an_empty_list_of_items: |body| package(body)["items"] = json!([]) => "items must not be empty";
    no_quantity: |body| without(body, "/packages/0/items/0/quantity") => "quantity is required";
    no_item_identifier: |body| without(body, "/packages/0/items/0/itemIdentifier") => "itemIdentifier is required";
    two_packages: |body| {
        let twin = package(body).clone();
        body["packages"].as_array_mut().unwrap().push(twin);
    } => "one package";
    uk_as_a_country: |body| body["shipFrom"]["countryCode"] = json!("UK") => "countryCode";
    usa_as_a_country: |body| body["shipFrom"]["countryCode"] = json!("USA") => "countryCode";
    a_name_over_50_letters: |body| body["shipFrom"]["name"] = json!("n".repeat(51)) => "shipFrom.name";
    a_street_over_60_letters: |body| body["shipFrom"]["addressLine1"] = json!("n".repeat(61)) => "addressLine1";
    an_empty_second_line: |body| body["shipFrom"]["addressLine2"] = json!("") => "addressLine2";
    an_email_over_64_letters: |body| body["shipFrom"]["email"] = json!("n".repeat(65)) => "email";
    a_telephone_over_20_digits: |body| body["shipFrom"]["phoneNumber"] = json!("5".repeat(21)) => "phoneNumber";
    no_state: |body| without(body, "/shipFrom/stateOrRegion") => "stateOrRegion is required";
    no_postal_code: |body| without(body, "/shipFrom/postalCode") => "postalCode is required";
    a_package_thin_as_air: |body| package(body)["dimensions"]["height"] = json!(0.001) => "possible size";
    a_package_as_long_as_a_bus: |body| package(body)["dimensions"]["length"] = json!(400) => "possible size";
    an_unknown_unit_of_length: |body| package(body)["dimensions"]["unit"] = json!("IN") => "unit of length";
    a_weight_of_nothing: |body| package(body)["weight"]["value"] = json!(0) => "possible weight";
    an_unknown_unit_of_weight: |body| package(body)["weight"]["unit"] = json!("LB") => "unit of weight";
    a_weight_in_words: |body| package(body)["weight"]["value"] = json!("3") => "must be a number";
    items_heavier_than_their_package: |body| {
        package(body)["items"][0]["weight"] = json!({"unit": "POUND", "value": 3.5});
    } => "Total items weight exceeds the declared package weight";
    more_serial_numbers_than_units: |body| {
        package(body)["items"][0]["serialNumbers"] = json!(["AAAAAAAA1", "AAAAAAAA2"]);
    } => "serialNumbers holds more than the quantity";
    a_serial_number_twice: |body| {
        package(body)["items"][0]["serialNumbers"] = json!(["AAAAAAAA1"]);
        package(body)["items"][1]["serialNumbers"] = json!(["AAAAAAAA1"]);
    } => "given twice";
    an_item_of_another_order: |body| package(body)["items"][0]["itemIdentifier"] = json!("MUG-BLUE") => "not an item";
    more_units_than_were_ordered: |body| package(body)["items"][0]["quantity"] = json!(2) => "exceeds the quantity";
    a_negative_insured_value: |body| package(body)["insuredValue"]["value"] = json!(-1) => "negative";
    a_currency_of_four_letters: |body| package(body)["insuredValue"]["unit"] = json!("USDD") => "insuredValue.unit";
    a_ship_date_in_words: |body| body["shipDate"] = json!("tomorrow") => "shipDate";
}

#[tokio::test]
async fn an_order_of_another_seller() {
    let bench = Bench::new().await;
    let foreign = bench
        .amazon
        .orders()
        .into_iter()
        .find(|number| bench.order(number).seller == 1)
        .unwrap();
    let reply = bench.post(RATES, &bench.rates_body(&foreign)).await;
    assert_eq!((reply.status, reply.code()), (400, "InvalidInput"));
    assert!(reply.message().contains("does not belong"));
}

#[tokio::test]
async fn a_pending_order() {
    let bench = Bench::new().await;
    let pending = bench
        .amazon
        .orders()
        .into_iter()
        .find(|number| bench.order(number).base == crate::simulator::Base::Pending)
        .unwrap();
    let reply = bench.post(RATES, &bench.rates_body(&pending)).await;
    assert!(reply.message().contains("pending"), "{reply:?}");
}

#[tokio::test]
async fn a_missing_business_is_taken_for_the_british_one() {
    let bench = Bench::new().await;
    let body = bench.rates_body(&demo::number(1));
    let request = bench
        .call("POST", RATES)
        .header("x-amz-access-token", &bench.token)
        .json(&body);
    let reply = read(request).await.unwrap();
    assert!(reply.message().contains("AmazonShipping_UK"), "{reply:?}");
}

#[tokio::test]
async fn transparency_units_without_codes_where_the_switch_says_so() {
    let bench = Bench::with(|config| config.switches.requires_transparency = true).await;
    let reply = bench.post(RATES, &bench.rates_body(&demo::number(3))).await;
    assert!(reply.message().contains("requires a serial number"), "{reply:?}");
}

#[tokio::test]
async fn a_carrier_whose_terms_the_seller_has_not_accepted() {
    let mut bench = Bench::new().await;
    bench.log_in(demo::REFRESH_TOKEN_SECOND).await;
    let own = bench
        .amazon
        .orders()
        .into_iter()
        .find(|number| bench.order(number).seller == 1)
        .unwrap();
    let quote = bench.rates(&own).await;
    assert!(
        quote["rates"]
            .as_array()
            .unwrap()
            .iter()
            .all(|rate| rate["carrierId"] != "UPS")
    );
    let refused: Vec<&Value> = quote["ineligibleRates"]
        .as_array()
        .unwrap()
        .iter()
        .filter(|rate| rate["ineligibilityReasons"][0]["code"] == "TERMS_AND_CONDITIONS_NOT_ACCEPTED")
        .collect();
    assert!(refused.len() > 3 && refused.iter().all(|rate| rate["carrierId"] == "UPS"));
}

#[tokio::test]
async fn a_carrier_for_a_box_beyond_its_limits() {
    let bench = Bench::new().await;
    let mut body = bench.rates_body(&demo::number(1));
    package(&mut body)["weight"]["value"] = json!(80);
    let quote = bench.post(RATES, &body).await.body["payload"].clone();
    assert!(
        quote["rates"]
            .as_array()
            .unwrap()
            .iter()
            .all(|rate| rate["carrierId"] != "USPS")
    );
    assert!(
        quote["ineligibleRates"]
            .to_string()
            .contains("WEIGHT_RESTRICTIONS")
    );
    package(&mut body)["weight"]["value"] = json!(3);
    package(&mut body)["dimensions"]["length"] = json!(45);
    let quote = bench.post(RATES, &body).await.body["payload"].clone();
    assert!(quote["ineligibleRates"].to_string().contains("SIZE_RESTRICTIONS"));
}

#[tokio::test]
async fn codes_of_another_orders_live_label_where_the_switch_says_so() {
    let bench = Bench::with(|config| config.switches.refuses_used_codes = true).await;
    let with_code = |number: &str| {
        let mut body = bench.rates_body(number);
        package(&mut body)["items"][0]["serialNumbers"] = json!(["AZ:DEMO2026SERUMUNITNUMBER001"]);
        body
    };
    let (first, second) = (with_code(&demo::number(3)), with_code(&demo::number(8)));
    let quote = bench.post(RATES, &first).await.body["payload"].clone();
    let bought = bench.buy("key", &purchase_body(&quote, "UPS_PTP_GND")).await;
    assert_eq!(
        bench.post(RATES, &first).await.status,
        200,
        "its own order may ask again"
    );
    assert!(bench.post(RATES, &second).await.message().contains("used before"));
    let shipment = bought.body["payload"]["shipmentId"].as_str().unwrap();
    read(bench.ask("PUT", &format!("{SHIPMENTS}/{shipment}/cancel")))
        .await
        .unwrap();
    assert_eq!(bench.post(RATES, &second).await.status, 200, "a void frees them");
}

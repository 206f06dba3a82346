//! Merchant Fulfillment v0: labels bought, twice bought, and refused.

use super::*;
use crate::simulator::{Fault, FaultKind, OfferShape, OrderChange};
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use md5::{Digest as _, Md5};
use std::io::Read as _;
use std::time::Duration;

/// The document of a label whose checksum is that of `summed`.
fn document(shipment: &Value) -> (Vec<u8>, Vec<u8>, String) {
    let file = &shipment["Label"]["FileContents"];
    let packed = STANDARD.decode(file["Contents"].as_str().unwrap()).unwrap();
    let mut bytes = Vec::new();
    flate2::read::GzDecoder::new(packed.as_slice())
        .read_to_end(&mut bytes)
        .unwrap();
    (bytes, packed, file["Checksum"].as_str().unwrap().to_owned())
}

async fn quoted(change: impl FnOnce(&mut SimulatorConfig)) -> (Bench, Value, Value) {
    let bench = Bench::with(change).await;
    let details = bench.details(&demo::number(1));
    let payload = bench.eligible(&details).await;
    (bench, details, payload)
}

#[tokio::test]
async fn a_label_is_bought_and_the_order_shows_it() {
    let (bench, details, payload) = quoted(|_| {}).await;
    let reply = bench.create(&details, &payload, "UPS_PTP_GND").await;
    assert_eq!(reply.status, 200, "{reply:?}");
    let shipment = &reply.body["payload"];
    assert_eq!(shipment["Status"], "Purchased");
    assert_eq!(shipment["ShipToAddress"]["Phone"], "");
    assert_eq!(
        shipment["ShipToAddress"]["Name"],
        bench.order(&demo::number(1)).address.name
    );
    let (bytes, _, checksum) = document(shipment);
    assert!(bytes.starts_with(b"^XA"));
    assert_eq!(checksum, STANDARD.encode(Md5::digest(&bytes)));
    assert_eq!(shipment["Label"]["FileContents"]["FileType"], "application/zpl");

    let sold = bench.amazon.ledger().shipments[0].clone();
    assert_eq!(sold.api, "merchant-fulfillment-v0");
    assert_eq!((sold.key, sold.status.as_str()), (None, "live"));
    assert_eq!(sold.shipment_id, shipment["ShipmentId"]);
    assert_eq!(sold.box_reference, format!("{}-1", demo::number(1)));
    assert_eq!(
        bench.amazon.ledger().create_requests_by_order[&demo::number(1)],
        1
    );
    let order = bench
        .get(&format!("{ORDERS}/{}?includedData={ALL_DATA}", demo::number(1)))
        .await;
    let order = &order.body["order"];
    assert_eq!(order["fulfillment"]["fulfillmentStatus"], "SHIPPED");
    assert_eq!(order["packages"][0]["trackingNumber"], shipment["TrackingId"]);
    assert_eq!(order["packages"][0]["carrier"], "UPS");
    assert_eq!(order["packages"][0]["shippingService"], "UPS® Ground");

    let again = bench.merchant("GET", &sold.shipment_id).await;
    assert_eq!(document(&again.body["payload"]).0, bytes);
    assert_eq!(
        again.body["payload"]["ShippingService"]["ShippingServiceOfferId"],
        ""
    );
    let foreign = bench
        .get(&format!(
            "{SHIPMENTS}/{}/documents?packageClientReferenceId=x",
            sold.shipment_id
        ))
        .await;
    assert_eq!(foreign.status, 404, "no shipment of Shipping v2");
}

#[tokio::test]
async fn a_second_request_buys_a_second_label_unless_it_is_told() {
    let (bench, details, payload) = quoted(|_| {}).await;
    let first = bench.create(&details, &payload, "UPS_PTP_GND").await;
    assert_eq!(bench.create(&details, &payload, "UPS_PTP_GND").await.status, 200);
    assert_eq!(
        bench.amazon.ledger().live(&demo::number(1)).len(),
        2,
        "the danger"
    );
    let second = bench.amazon.ledger().shipments[1].shipment_id.clone();
    bench.clock.advance(Duration::from_secs(5));
    bench.amazon.switch(|switches| switches.already_exists = true);
    let told = bench.create(&details, &payload, "UPS_PTP_GND").await;
    assert_eq!((told.status, told.code()), (400, "ShipmentAlreadyExists"));
    assert!(told.message().contains(&second), "{}", told.message());
    bench
        .amazon
        .switch(|switches| switches.already_exists_plain = true);
    let plain = bench.create(&details, &payload, "UPS_PTP_GND").await;
    assert_eq!(
        (plain.code(), plain.message().trim()),
        ("InvalidInput", "Invalid Input")
    );
    assert_eq!(bench.amazon.ledger().shipments.len(), 2);
    bench
        .amazon
        .switch(|switches| switches.already_exists_plain = false);
    bench.clock.advance(Duration::from_secs(5));
    let id = first.body["payload"]["ShipmentId"].as_str().unwrap();
    for id in [id, &second] {
        assert_eq!(bench.merchant("DELETE", id).await.status, 200);
        bench.clock.advance(Duration::from_secs(1));
    }
    let replaced = bench.create(&details, &payload, "UPS_PTP_GND").await;
    assert_eq!(replaced.status, 200, "voided labels hold nothing: {replaced:?}");
}

#[tokio::test]
async fn part_of_an_order_leaves_the_rest_to_be_shipped() {
    let number = demo::number(1);
    let bench = Bench::with(|config| {
        config.switches.already_exists = true;
        config.switches.limits = false;
    })
    .await;
    bench
        .amazon
        .change(
            &number,
            OrderChange::Quantity {
                line: bench.order(&number).lines[0].id.clone(),
                quantity: 2,
            },
        )
        .unwrap();
    let mut details = bench.details(&number);
    details["ItemList"][0]["Quantity"] = json!(1);
    details["ItemList"].as_array_mut().unwrap().truncate(1);
    let payload = bench.eligible(&details).await;
    assert_eq!(bench.create(&details, &payload, "UPS_PTP_GND").await.status, 200);
    assert_eq!(bench.create(&details, &payload, "UPS_PTP_GND").await.status, 200);
    let third = bench.create(&details, &payload, "UPS_PTP_GND").await;
    assert_eq!(third.code(), "ShipmentAlreadyExists");
}

#[tokio::test]
async fn an_offer_binds_price_service_and_box_for_a_while() {
    let (bench, details, payload) = quoted(|config| config.switches.limits = false).await;
    let wrong = json!({
        "ShipmentRequestDetails": details,
        "ShippingServiceId": "USPS_PTP_GAH",
        "ShippingServiceOfferId": eligible_service(&payload, "UPS_PTP_GND")["ShippingServiceOfferId"],
    });
    assert_eq!(
        bench.create_as(&wrong).await.code(),
        "InvalidShippingServiceOfferId"
    );
    let mut heavier = details.clone();
    heavier["Weight"]["Value"] = json!(64);
    let changed = bench.create(&heavier, &payload, "UPS_PTP_GND").await;
    assert_eq!(
        (changed.code(), changed.message().trim()),
        ("InvalidInput", "Invalid Input")
    );
    let mut format = details.clone();
    format["ShippingServiceOptions"]["LabelFormat"] = json!("PNG");
    bench.amazon.switch(|switches| switches.price_rise_cents = 250);
    bench.clock.advance(Duration::from_secs(599));
    let bought = bench.create(&format, &payload, "UPS_PTP_GND").await;
    let price = &eligible_service(&payload, "UPS_PTP_GND")["Rate"];
    assert_eq!(
        bought.body["payload"]["ShippingService"]["Rate"], *price,
        "{bought:?}"
    );
    assert_eq!(
        bought.body["payload"]["Label"]["FileContents"]["FileType"],
        "image/png"
    );
    bench.clock.advance(Duration::from_secs(1));
    let late = bench.create(&details, &payload, "UPS_PTP_GND").await;
    assert_eq!(
        (late.status, late.code()),
        (400, "ShippingServiceOfferNotAvailable")
    );
    let dearer = bench.eligible(&details).await;
    let amount = |payload: &Value| {
        eligible_service(payload, "UPS_PTP_GND")["Rate"]["Amount"]
            .as_f64()
            .unwrap()
    };
    assert!((amount(&dearer) - amount(&payload) - 2.5).abs() < 0.001);
    let unbound = bench
        .create_as(&json!({"ShipmentRequestDetails": details, "ShippingServiceId": "UPS_PTP_GND"}))
        .await;
    assert_eq!(
        unbound.body["payload"]["ShippingService"]["Rate"],
        eligible_service(&dearer, "UPS_PTP_GND")["Rate"],
        "without an offer the price is today's"
    );
    bench
        .amazon
        .fault(Fault::new("createShipment", FaultKind::ExpiredQuote).times(1));
    let expired = bench.create(&details, &dearer, "UPS_PTP_GND").await;
    assert_eq!(expired.code(), "ShippingServiceOfferNotAvailable");
}

#[tokio::test]
async fn labels_come_in_the_formats_of_the_service_with_the_sellers_text() {
    let (bench, mut details, payload) = quoted(|config| config.switches.limits = false).await;
    details["LabelCustomization"] = json!({"CustomTextForLabel": "PO 4711"});
    for (service, format, starts, printed) in [
        ("UPS_PTP_GND", "ZPL203", &b"^XA"[..], true),
        ("UPS_PTP_GND", "ZPL300", b"^XA", false),
        ("FEDEX_PTP_GROUND", "ZPL300", b"^XA", false),
        ("UPS_PTP_GND", "PDF", b"%PDF", false),
        ("UPS_PTP_GND", "PNG", b"\x89PNG", false),
        ("UPS_PTP_GND", "ShippingServiceDefault", b"\x89PNG", false),
    ] {
        details["ShippingServiceOptions"]["LabelFormat"] = json!(format);
        let reply = bench.create(&details, &payload, service).await;
        assert_eq!(reply.status, 200, "{format} {reply:?}");
        let (bytes, ..) = document(&reply.body["payload"]);
        assert!(bytes.starts_with(starts), "{format}");
        assert_eq!(
            String::from_utf8_lossy(&bytes).contains("PO 4711"),
            printed,
            "{service} {format}"
        );
    }
    details["ShippingServiceOptions"]["LabelFormat"] = json!("ZPL203");
    let refused = bench.create(&details, &payload, "FEDEX_PTP_GROUND").await;
    assert_eq!((refused.status, refused.code()), (400, "LabelFormatNotSupported"));
    bench.amazon.switch(|switches| switches.checksum_of_gzip = true);
    let reply = bench.create(&details, &payload, "UPS_PTP_GND").await;
    let (_, packed, checksum) = document(&reply.body["payload"]);
    assert_eq!(checksum, STANDARD.encode(Md5::digest(packed)));
}

#[tokio::test]
async fn a_service_can_demand_more() {
    let bench = Bench::with(|config| config.switches.limits = false).await;
    let number = bench
        .amazon
        .orders()
        .into_iter()
        .find(|number| bench.order(number).shape == OfferShape::AdditionalInputs)
        .unwrap();
    let details = bench.details(&number);
    let payload = bench.eligible(&details).await;
    let service = "USPS_PTP_GAH";
    let offer = eligible_service(&payload, service);
    assert_eq!(offer["RequiresAdditionalSellerInputs"], true);
    let ask = |service: &str| json!({"ShippingServiceId": service, "OrderId": number, "ShipFromAddress": details["ShipFromAddress"]});
    let inputs = bench
        .post("/mfn/v0/additionalSellerInputs", &ask(service))
        .await
        .body["payload"]
        .clone();
    let field = &inputs["ShipmentLevelFields"][0];
    assert_eq!(field["AdditionalInputFieldName"], "HS_CODE");
    assert_eq!(field["SellerInputDefinition"]["IsRequired"], true);
    assert_eq!(
        field["SellerInputDefinition"]["Constraints"][0]["ValidationRegEx"],
        "^[0-9]{6,10}$"
    );
    let none = bench
        .post("/mfn/v0/additionalSellerInputs", &ask("UPS_PTP_GND"))
        .await;
    assert_eq!(none.body["payload"]["ShipmentLevelFields"], json!([]));
    let mut body = json!({
        "ShipmentRequestDetails": details,
        "ShippingServiceId": service,
        "ShippingServiceOfferId": offer["ShippingServiceOfferId"],
    });
    assert_eq!(bench.create_as(&body).await.status, 400);
    let answer = |code: &str| {
        json!([{"AdditionalInputFieldName": "HS_CODE",
            "AdditionalSellerInput": {"DataType": "STRING", "ValueAsString": code}}])
    };
    body["ShipmentLevelSellerInputsList"] = answer("85.06");
    assert_eq!(bench.create_as(&body).await.status, 400);
    body["ShipmentLevelSellerInputsList"] = answer("850610");
    assert_eq!(bench.create_as(&body).await.status, 200);
    let mut origin = ask(service);
    origin["ShipFromAddress"]["CountryCode"] = json!("XX");
    let reply = bench.post("/mfn/v0/additionalSellerInputs", &origin).await;
    assert!(reply.message().contains("Invalid Ship From Address"));
}

#[tokio::test]
async fn codes_orders_and_services_are_checked_at_the_purchase() {
    let (bench, details, payload) = quoted(|config| config.switches.limits = false).await;
    let soap = &details["ItemList"][1]["OrderItemId"];
    let mut twice = details.clone();
    twice["ItemList"] = json!([
        {"OrderItemId": soap, "Quantity": 1, "TransparencyCodeList": ["A"]},
        {"OrderItemId": soap, "Quantity": 1, "TransparencyCodeList": ["A"]},
    ]);
    let offers = bench.eligible(&twice).await;
    let refused = bench.create(&twice, &offers, "UPS_PTP_GND").await;
    assert!(refused.message().contains("given twice"), "{refused:?}");
    let gone = bench
        .create_as(&json!({"ShipmentRequestDetails": details, "ShippingServiceId": "UPS_PTP_ROCKET"}))
        .await;
    assert_eq!((gone.status, gone.code()), (404, "ShippingServiceNotAvailable"));
    bench
        .amazon
        .fault(Fault::new("createShipment", FaultKind::CanceledOrder).times(1));
    let canceled = bench.create(&details, &payload, "UPS_PTP_GND").await;
    assert!(canceled.message().contains("canceled"), "{canceled:?}");
    let number = demo::number(2);
    let details = bench.details(&number);
    let payload = bench.eligible(&details).await;
    bench
        .amazon
        .change(
            &number,
            OrderChange::ShipElsewhere {
                carrier: "UPS".to_owned(),
                tracking: "1Z".to_owned(),
            },
        )
        .unwrap();
    assert_eq!(
        bench.create(&details, &payload, "UPS_PTP_GND").await.code(),
        "InvalidInput"
    );
    assert_eq!(bench.amazon.ledger().shipments.len(), 0);
}

#[tokio::test]
async fn transparency_codes_are_demanded_where_amazon_does() {
    let bench = Bench::with(|config| {
        config.switches.requires_transparency = true;
        config.switches.limits = false;
    })
    .await;
    let number = bench
        .amazon
        .orders()
        .into_iter()
        .find(|number| {
            let order = bench.order(number);
            order.seller == 0
                && order.base == crate::simulator::Base::Open
                && order.lines.iter().any(|line| line.transparency)
        })
        .unwrap();
    let mut details = bench.details(&number);
    let payload = bench.eligible(&details).await;
    let service = payload["ShippingServiceList"][0]["ShippingServiceId"]
        .as_str()
        .unwrap()
        .to_owned();
    let without = bench.create(&details, &payload, &service).await;
    assert!(without.message().contains("transparency code"), "{without:?}");
    let items = details["ItemList"].as_array_mut().unwrap();
    for (serial, item) in items.iter_mut().enumerate() {
        let units = item["Quantity"].as_u64().unwrap();
        let codes: Vec<String> = (0..units).map(|unit| format!("AZ:{serial}-{unit}")).collect();
        item["TransparencyCodeList"] = json!(codes);
    }
    let with = bench.create(&details, &payload, &service).await;
    assert_eq!(with.status, 200, "codes may come after the quote: {with:?}");
    let sold = &bench.amazon.ledger().shipments[0];
    assert_eq!(sold.items[0].serials[0], "AZ:0-0");
}

#[tokio::test]
async fn an_error_can_be_had_by_name_before_and_after() {
    let (bench, details, payload) = quoted(|config| config.switches.limits = false).await;
    for (after, sold) in [(false, 0), (true, 1)] {
        let fault = json!({"operation": "createShipment", "kind": "named", "status": 400,
            "code": "InsufficientFunds", "message": "Not enough balance.", "after": after, "count": 1});
        assert_eq!(bench.post("/_sim/faults", &fault).await.status, 200);
        let reply = bench.create(&details, &payload, "UPS_PTP_GND").await;
        assert_eq!((reply.status, reply.code()), (400, "InsufficientFunds"));
        assert_eq!(bench.amazon.ledger().shipments.len(), sold);
    }
}

/// What an offer was made for may not change; what only a purchase needs may.
#[tokio::test]
async fn an_offer_is_for_one_box_of_one_seller() {
    let (mut bench, details, payload) = quoted(|config| config.switches.limits = false).await;
    for (place, value) in [
        ("/ItemList/1/Quantity", json!(1)),
        ("/ShipFromAddress/PostalCode", json!("07106")),
        ("/PackageDimensions/Height", json!(5)),
        ("/ShipDate", json!("2026-10-07T18:00:00Z")),
        ("/MustArriveByDate", json!("2026-10-20T18:00:00Z")),
        (
            "/ShippingServiceOptions/DeliveryExperience",
            json!("DeliveryConfirmationWithSignature"),
        ),
        (
            "/ShippingServiceOptions/DeclaredValue",
            json!({"CurrencyCode": "USD", "Amount": 50.0}),
        ),
    ] {
        let mut other = details.clone();
        let (parent, field) = place.rsplit_once('/').unwrap();
        other.pointer_mut(parent).unwrap()[field] = value;
        let reply = bench.create(&other, &payload, "UPS_PTP_GND").await;
        assert_eq!(
            (reply.status, reply.message().trim()),
            (400, "Invalid Input"),
            "{place}"
        );
    }
    assert_eq!(bench.amazon.ledger().shipments.len(), 0);
    let mut more = details.clone();
    more["ItemList"][1]["TransparencyCodeList"] = json!(["AZ:1"]);
    more["LabelCustomization"] = json!({"StandardIdForLabel": "AmazonOrderId"});
    assert_eq!(bench.create(&more, &payload, "UPS_PTP_GND").await.status, 200);
    bench.log_in(demo::REFRESH_TOKEN_SECOND).await;
    let foreign = bench.create(&details, &payload, "UPS_PTP_GND").await;
    assert_eq!((foreign.status, foreign.code()), (404, "ResourceNotFound"));
}

#[tokio::test]
async fn a_packing_slip_comes_with_a_pdf_only() {
    let (bench, mut details, payload) = quoted(|config| config.switches.limits = false).await;
    for (format, status) in [("PDF", 200), ("ZPL300", 400), ("PNG", 400)] {
        details["ShippingServiceOptions"]["LabelFormat"] = json!(format);
        let body = json!({
            "ShipmentRequestDetails": details,
            "ShippingServiceId": "UPS_PTP_GND",
            "ShippingServiceOfferId": eligible_service(&payload, "UPS_PTP_GND")["ShippingServiceOfferId"],
            "LabelFormatOption": {"IncludePackingSlipWithLabel": true},
        });
        let reply = bench.create_as(&body).await;
        assert_eq!(reply.status, status, "{format} {reply:?}");
        if status == 200 {
            let (bytes, ..) = document(&reply.body["payload"]);
            let pages = lopdf::Document::load_mem(&bytes).unwrap().get_pages().len();
            assert_eq!(pages, 2);
        }
    }
}

#[tokio::test]
async fn a_used_code_and_a_declared_value_are_kept_in_mind() {
    let (bench, mut details, payload) = quoted(|config| {
        config.switches.limits = false;
        config.switches.refuses_used_codes = true;
    })
    .await;
    details["ItemList"][0]["TransparencyCodeList"] = json!(["AZ:1"]);
    assert_eq!(bench.create(&details, &payload, "UPS_PTP_GND").await.status, 200);
    let mut other = bench.details(&demo::number(4));
    other["ShippingServiceOptions"]["DeclaredValue"] = json!({"CurrencyCode": "USD", "Amount": 50.5});
    other["ItemList"][0]["TransparencyCodeList"] = json!(["AZ:1"]);
    let offers = bench.eligible(&other).await;
    let used = bench.create(&other, &offers, "UPS_PTP_GND").await;
    assert!(used.message().contains("used before"), "{used:?}");
    other["ItemList"][0]["TransparencyCodeList"] = json!(["AZ:2"]);
    let bought = bench.create(&other, &offers, "UPS_PTP_GND").await;
    assert_eq!(
        bought.body["payload"]["Insurance"],
        json!({"CurrencyCode": "USD", "Amount": 50.5}),
        "{bought:?}"
    );
}

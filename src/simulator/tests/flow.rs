//! The main job, and the rules of searching.

use super::*;
use base64::Engine as _;
use std::time::Duration;

#[tokio::test]
async fn an_order_is_found_quoted_bought_shown_and_canceled() {
    let bench = Bench::new().await;
    let since = (tuesday() - chrono::TimeDelta::days(2)).to_rfc3339_opts(chrono::SecondsFormat::Secs, true);
    let found = bench
        .get(&format!(
            "{ORDERS}?lastUpdatedAfter={since}&fulfilledBy=MERCHANT&includedData={ALL_DATA}"
        ))
        .await;
    assert_eq!(found.status, 200, "{found:?}");
    assert_eq!(found.body["lastUpdatedBefore"], "2026-10-06T17:58:00.000Z");
    assert!(found.headers.contains_key("x-amzn-requestid"));
    assert_eq!(found.headers["x-amzn-ratelimit-limit"], "0.0056");
    let number = demo::number(3);
    let orders = found.body["orders"].as_array().unwrap();
    let order = orders.iter().find(|order| order["orderId"] == number).unwrap();
    assert_eq!(order["orderItems"][0]["programs"], json!(["TRANSPARENCY"]));
    assert_eq!(order["fulfillment"]["fulfillmentStatus"], "UNSHIPPED");

    let codes = [
        "AZ:DEMO2026SERUMUNITNUMBER001",
        "AZ:DEMO2026SERUMUNITNUMBER002",
        "ZA:DEMO2026SERUMUNITNUMBER004",
    ];
    let mut body = bench.rates_body(&number);
    body["packages"][0]["items"][0]["serialNumbers"] = json!(codes);
    let quote = bench.post(RATES, &body).await.body["payload"].clone();
    let bought = bench.buy("key-1", &purchase_body(&quote, "UPS_PTP_GND")).await;
    assert_eq!(bought.status, 200, "{bought:?}");
    let package = &bought.body["payload"]["packageDocumentDetails"][0];
    assert_eq!(package["packageClientReferenceId"], format!("{number}-1"));
    let contents = package["packageDocuments"][0]["contents"].as_str().unwrap();
    let label = base64::engine::general_purpose::STANDARD
        .decode(contents)
        .unwrap();
    let label = String::from_utf8(label).unwrap();
    assert!(label.starts_with("^XA") && label.contains("^FDMarius Quillfeather^FS"));
    assert!(label.contains(package["trackingId"].as_str().unwrap()));

    let order = bench
        .get(&format!("{ORDERS}/{number}?includedData={ALL_DATA}"))
        .await
        .body["order"]
        .clone();
    assert_eq!(order["fulfillment"]["fulfillmentStatus"], "SHIPPED");
    assert_eq!(order["packages"][0]["trackingNumber"], package["trackingId"]);
    assert_eq!(
        order["packages"][0]["packageItems"][0]["transparencyCodes"],
        json!(codes)
    );
    let shipment = bought.body["payload"]["shipmentId"].as_str().unwrap();
    let again = bench
        .get(&format!(
            "{SHIPMENTS}/{shipment}/documents?packageClientReferenceId={number}-1"
        ))
        .await;
    assert_eq!(again.body["payload"]["packageDocumentDetail"], *package);
    let tracking = package["trackingId"].as_str().unwrap();
    let events = bench
        .get(&format!(
            "/shipping/v2/tracking?trackingId={tracking}&carrierId=UPS"
        ))
        .await;
    assert_eq!(events.body["payload"]["summary"]["status"], "PreTransit");

    let canceled = read(bench.ask("PUT", &format!("{SHIPMENTS}/{shipment}/cancel")))
        .await
        .unwrap();
    assert_eq!((canceled.status, &canceled.body), (200, &json!({"payload": {}})));
    let order = bench
        .get(&format!("{ORDERS}/{number}?includedData={ALL_DATA}"))
        .await
        .body["order"]
        .clone();
    assert_eq!(
        order["packages"][0]["packageStatus"]["detailedStatus"],
        "LABEL_CANCELLED"
    );
    assert_eq!(
        order["fulfillment"]["fulfillmentStatus"], "SHIPPED",
        "a void does not open the order again"
    );
    let ledger = bench.amazon.ledger();
    assert_eq!(ledger.shipments[0].status, "cancelled");
    assert_eq!(ledger.shipments[0].items[0].serials, codes);
    assert!(ledger.live(&number).is_empty());
}

#[tokio::test]
async fn pages_hold_each_order_once_and_take_no_other_parameters() {
    let bench = Bench::new().await;
    let base = format!("{ORDERS}?createdAfter=2026-10-01T00:00:00Z&maxResultsPerPage=7");
    let mut numbers = Vec::new();
    let mut page = bench.get(&base).await.body;
    let first = page["pagination"]["nextToken"].as_str().unwrap().to_owned();
    loop {
        numbers.extend(
            page["orders"]
                .as_array()
                .unwrap()
                .iter()
                .map(|order| order["orderId"].to_string()),
        );
        let Some(next) = page["pagination"]["nextToken"].as_str() else {
            break;
        };
        page = bench.get(&format!("{base}&paginationToken={next}")).await.body;
    }
    let total = numbers.len();
    numbers.sort();
    numbers.dedup();
    assert_eq!(numbers.len(), total);
    assert!(total > 30);
    let other = bench
        .get(&format!(
            "{ORDERS}?createdAfter=2026-10-02T00:00:00Z&paginationToken={first}"
        ))
        .await;
    assert_eq!((other.status, other.code()), (400, "InvalidInput"));
}

#[tokio::test]
async fn a_search_takes_exactly_one_after_and_a_before_two_minutes_ago() {
    let bench = Bench::new().await;
    for query in [
        "",
        "createdAfter=2026-10-01T00:00:00Z&lastUpdatedAfter=2026-10-01T00:00:00Z",
        "createdAfter=2026-10-01T00:00:00Z&lastUpdatedBefore=2026-10-02T00:00:00Z",
        "createdAfter=2026-10-01T00:00:00Z&createdBefore=2026-10-06T17:59:00Z",
        "createdAfter=2026-10-01T00:00:00Z&createdBefore=2026-09-30T00:00:00Z",
        "createdAfter=yesterday",
        "createdAfter=2026-10-01T00:00:00Z&maxResultsPerPage=101",
        "createdAfter=2026-10-01T00:00:00Z&includedData=EVERYTHING",
        "createdAfter=2026-10-01T00:00:00Z&fulfilledBy=ME",
    ] {
        let reply = bench.get(&format!("{ORDERS}?{query}")).await;
        assert_eq!((reply.status, reply.code()), (400, "InvalidInput"), "{query}");
    }
}

#[tokio::test]
async fn a_pending_order_hides_its_buyer_and_opens_by_itself() {
    let bench = Bench::new().await;
    let number = bench
        .amazon
        .orders()
        .into_iter()
        .find(|number| bench.order(number).base == crate::simulator::Base::Pending);
    let path = format!("{ORDERS}/{}?includedData={ALL_DATA}", number.unwrap());
    let pending = bench.get(&path).await.body["order"].clone();
    assert_eq!(pending["fulfillment"]["fulfillmentStatus"], "PENDING");
    assert!(pending.get("recipient").is_none());
    assert!(pending["orderItems"][0]["product"].get("price").is_none());
    bench.clock.advance(Duration::from_mins(4));
    let open = bench.get(&path).await.body["order"].clone();
    assert_eq!(open["fulfillment"]["fulfillmentStatus"], "UNSHIPPED");
    assert!(open["lastUpdatedTime"].as_str() > pending["lastUpdatedTime"].as_str());
    assert!(open["recipient"]["deliveryAddress"]["name"].is_string());
}

#[tokio::test]
async fn another_sellers_order_is_not_found() {
    let bench = Bench::new().await;
    let foreign = bench
        .amazon
        .orders()
        .into_iter()
        .find(|number| bench.order(number).seller == 1)
        .unwrap();
    assert_eq!(bench.get(&format!("{ORDERS}/{foreign}")).await.status, 404);
}

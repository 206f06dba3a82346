//! Orders v0: `confirmShipment`.

use super::*;
use crate::simulator::OrderChange;
use std::time::Duration;

/// A good confirmation of everything in the order.
fn confirmation(bench: &Bench, number: &str) -> Value {
    let items: Vec<Value> = bench
        .order(number)
        .lines
        .iter()
        .map(|line| json!({"orderItemId": line.id, "quantity": line.quantity}))
        .collect();
    json!({
        "marketplaceId": demo::MARKETPLACE,
        "packageDetail": {
            "packageReferenceId": "1",
            "carrierCode": "Other",
            "carrierName": "Harbour Couriers",
            "shippingMethod": "Same day",
            "trackingNumber": "HC123456789",
            "shipDate": "2026-10-06T17:30:00.000Z",
            "orderItems": items,
        },
    })
}

async fn confirm(bench: &Bench, number: &str, body: &Value) -> Reply {
    bench
        .post(&format!("/orders/v0/orders/{number}/shipmentConfirmation"), body)
        .await
}

#[tokio::test]
async fn a_parcel_from_elsewhere_is_confirmed_and_shown() {
    let bench = Bench::with(|config| config.switches.packages_lag_seconds = 30).await;
    let number = demo::number(1);
    let body = confirmation(&bench, &number);
    let reply = confirm(&bench, &number, &body).await;
    assert_eq!((reply.status, &reply.body), (204, &Value::Null));
    let path = format!("{ORDERS}/{number}?includedData=FULFILLMENT,PACKAGES");
    let before = bench.get(&path).await.body["order"].clone();
    assert_eq!(
        before["fulfillment"]["fulfillmentStatus"], "UNSHIPPED",
        "Orders lags"
    );
    bench.clock.advance(Duration::from_secs(30));
    let order = bench.get(&path).await.body["order"].clone();
    assert_eq!(order["fulfillment"]["fulfillmentStatus"], "SHIPPED");
    let package = &order["packages"][0];
    assert_eq!(
        (&package["packageReferenceId"], &package["carrier"]),
        (&json!("1"), &json!("Harbour Couriers"))
    );
    assert_eq!(
        (&package["trackingNumber"], &package["shipTime"]),
        (&json!("HC123456789"), &json!("2026-10-06T17:30:00.000Z"))
    );
    let ledger = bench.amazon.ledger();
    assert_eq!(ledger.shipments.len(), 0);
    assert_eq!(
        (
            ledger.confirmations.len(),
            ledger.confirmations[0].method.as_str()
        ),
        (1, "Same day")
    );
    let quote = bench.rates(&number).await;
    let sold = bench.buy("key", &purchase_body(&quote, "UPS_PTP_GND")).await;
    assert!(sold.message().contains("Rigel"), "shipped elsewhere: {sold:?}");
}

#[tokio::test]
async fn the_same_reference_edits_and_another_adds() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("ledger.jsonl");
    let file = path.clone();
    let bench = Bench::with(|config| config.ledger = Some(file)).await;
    let number = demo::number(1);
    let line = bench.order(&number).lines[0].id.clone();
    bench
        .amazon
        .change(
            &number,
            OrderChange::Quantity {
                line: line.clone(),
                quantity: 3,
            },
        )
        .unwrap();
    let mut body = confirmation(&bench, &number);
    body["packageDetail"]["orderItems"] = json!([{"orderItemId": line, "quantity": 1}]);
    assert_eq!(confirm(&bench, &number, &body).await.status, 204);
    body["packageDetail"]["trackingNumber"] = json!("HC2");
    body["packageDetail"]["orderItems"][0]["quantity"] = json!(2);
    assert_eq!(confirm(&bench, &number, &body).await.status, 204, "an edit");
    body["packageDetail"]["packageReferenceId"] = json!("2");
    let over = confirm(&bench, &number, &body).await;
    assert!(over.message().contains("PackageToUpdateNotFound"), "{over:?}");
    body["packageDetail"]["orderItems"][0]["quantity"] = json!(1);
    assert_eq!(confirm(&bench, &number, &body).await.status, 204);
    let shown = bench
        .get(&format!("{ORDERS}/{number}?includedData=PACKAGES"))
        .await;
    let packages = shown.body["order"]["packages"].clone();
    assert_eq!(packages.as_array().unwrap().len(), 2);
    assert_eq!(packages[0]["trackingNumber"], "HC2");
    assert_eq!(bench.amazon.ledger().confirmations.len(), 3);
    bench.amazon.stop().await;
    let bench = Bench::with(|config| config.ledger = Some(path)).await;
    let again = bench
        .get(&format!("{ORDERS}/{number}?includedData=PACKAGES"))
        .await;
    assert_eq!(again.body["order"]["packages"], packages);
}

#[tokio::test]
async fn an_order_of_buy_shipping_is_not_confirmed_again() {
    let bench = Bench::new().await;
    let number = demo::number(1);
    let quote = bench.rates(&number).await;
    bench.buy("key", &purchase_body(&quote, "UPS_PTP_GND")).await;
    let mut body = confirmation(&bench, &number);
    for reference in ["1", "2"] {
        body["packageDetail"]["packageReferenceId"] = json!(reference);
        let reply = confirm(&bench, &number, &body).await;
        assert_eq!((reply.status, reply.code()), (400, "InvalidInput"));
        assert!(reply.message().contains("PackageToUpdateNotFound"), "{reply:?}");
    }
    assert_eq!(bench.amazon.ledger().confirmations.len(), 0);
}

#[tokio::test]
async fn a_confirmation_is_held_to_its_form() {
    let bench = Bench::with(|config| config.switches.limits = false).await;
    let number = demo::number(1);
    let good = confirmation(&bench, &number);
    let items = &good["packageDetail"]["orderItems"];
    for (field, value, words) in [
        ("packageReferenceId", json!(1), "must be a positive numeric value"),
        (
            "packageReferenceId",
            json!("box-1"),
            "must be a positive numeric value",
        ),
        (
            "packageReferenceId",
            json!("0"),
            "must be a positive numeric value",
        ),
        ("carrierCode", Value::Null, "carrierCode is required"),
        ("carrierName", Value::Null, "carrierName is required"),
        ("trackingNumber", json!(""), "trackingNumber"),
        ("shipDate", json!("02/21/2022"), "Invalid Input"),
        ("orderItems", items[0].clone(), "OrderItemId is invalid"),
        (
            "orderItems",
            json!([{"orderItemId": "1", "quantity": 1}]),
            "OrderItemId is invalid",
        ),
        (
            "orderItems",
            json!([{"orderItemId": items[0]["orderItemId"], "quantity": 99}]),
            "already fulfilled",
        ),
        (
            "orderItems",
            json!([{"orderItemId": items[0]["orderItemId"], "quantity": 1, "transparencyCodes": ["A", "B"]}]),
            "more than the quantity",
        ),
    ] {
        let mut body = good.clone();
        body["packageDetail"][field] = value.clone();
        let reply = confirm(&bench, &number, &body).await;
        assert_eq!(reply.status, 400, "{field} {value}");
        assert!(reply.message().contains(words), "{field} {value}: {reply:?}");
    }
    let mut market = good.clone();
    market["marketplaceId"] = json!("A1F83G8C2ARO7P");
    assert_eq!(confirm(&bench, &number, &market).await.status, 400);
    let unknown = confirm(&bench, "111-0000000-0000000", &good).await;
    assert_eq!(unknown.status, 404);
    bench.amazon.change(&number, OrderChange::Cancel).unwrap();
    assert_eq!(confirm(&bench, &number, &good).await.status, 400);
    assert_eq!(bench.amazon.ledger().confirmations.len(), 0);
}

#[tokio::test]
async fn codes_are_kept_and_the_rate_is_two_a_second() {
    let bench = Bench::new().await;
    let number = demo::number(1);
    let mut body = confirmation(&bench, &number);
    body["packageDetail"]["orderItems"][0]["transparencyCodes"] = json!(["AZ:1"]);
    for _ in 0..10 {
        assert_eq!(confirm(&bench, &number, &body).await.status, 204);
    }
    assert_eq!(confirm(&bench, &number, &body).await.status, 429);
    bench.clock.advance(Duration::from_millis(500));
    assert_eq!(confirm(&bench, &number, &body).await.status, 204);
    let ledger = bench.amazon.ledger();
    assert_eq!(ledger.confirmations[0].items[0].serials, ["AZ:1"]);
    let shown = bench
        .get(&format!("{ORDERS}/{number}?includedData=PACKAGES"))
        .await;
    assert_eq!(
        shown.body["order"]["packages"][0]["packageItems"][0]["transparencyCodes"],
        json!(["AZ:1"])
    );
}

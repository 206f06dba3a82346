use crate::amazon::fake::{Fake, Play, client, json, with_headers};
use crate::amazon::{CallError, Operation};
use crate::domain::confirmation::{ConfirmedItem, Shipped};
use crate::domain::outside::Carrier;
use serde_json::{Value, json as value};

fn shipped(carrier: Carrier) -> Shipped {
    Shipped {
        reference: 3,
        carrier,
        method: "Ground".to_owned(),
        tracking: "1Z5R89390357567127".into(),
        shipped_at: "2026-11-21T11:30:00Z".parse().unwrap(),
        items: vec![
            ConfirmedItem {
                line: "79039765272157".into(),
                quantity: 2,
                codes: vec!["AZ:L1Z2H38F4C5Q6R7E5K6Z1C2K3E".to_owned()],
            },
            ConfirmedItem {
                line: "79039765272158".into(),
                quantity: 1,
                codes: Vec::new(),
            },
        ],
    }
}

fn no_content() -> Vec<u8> {
    with_headers(204, "x-amzn-RequestId: request-7\r\n", b"")
}

#[tokio::test]
async fn the_body_is_amazons_with_codes_and_a_number_as_text() {
    let fake = Fake::start(|_| Play::Say(no_content())).await;
    let client = client(&fake);
    let body = client.confirmation_body(&shipped(Carrier::Ups));
    let number = "902-1106328-1059050".into();
    let answer = client.confirm_shipment(&number, &body).await;
    assert_eq!(answer, Ok(Some("request-7".to_owned())));
    let heard = fake.heard();
    assert_eq!(heard.len(), 1);
    assert_eq!(
        heard[0].line,
        "POST /orders/v0/orders/902-1106328-1059050/shipmentConfirmation"
    );
    assert_eq!(heard[0].header("x-amzn-shipping-business-id"), None);
    assert_eq!(heard[0].text(), body);
    assert_eq!(
        serde_json::from_str::<Value>(&body).unwrap(),
        value!({
            "marketplaceId": "ATVPDKIKX0DER",
            "packageDetail": {
                "packageReferenceId": "3",
                "carrierCode": "UPS",
                "shippingMethod": "Ground",
                "trackingNumber": "1Z5R89390357567127",
                "shipDate": "2026-11-21T11:30:00.000Z",
                "orderItems": [
                    {
                        "orderItemId": "79039765272157",
                        "quantity": 2,
                        "transparencyCodes": ["AZ:L1Z2H38F4C5Q6R7E5K6Z1C2K3E"]
                    },
                    { "orderItemId": "79039765272158", "quantity": 1 }
                ]
            }
        })
    );
}

#[tokio::test]
async fn a_carrier_that_amazon_does_not_know_goes_by_its_name() {
    let fake = Fake::start(|_| Play::Say(no_content())).await;
    let body = client(&fake).confirmation_body(&shipped(Carrier::Other("Evri".to_owned())));
    let body: Value = serde_json::from_str(&body).unwrap();
    assert_eq!(body["packageDetail"]["carrierCode"], "Other");
    assert_eq!(body["packageDetail"]["carrierName"], "Evri");
}

#[tokio::test]
async fn what_comes_back_is_told_apart() {
    async fn answer(play: impl Fn() -> Play + Send + Sync + 'static) -> Result<Option<String>, CallError> {
        let fake = Fake::start(move |_| play()).await;
        client(&fake).confirm_shipment(&"1-1-1".into(), "{}").await
    }
    let refused = answer(|| {
        Play::Say(json(
            400,
            r#"{"errors":[{"code":"InvalidInput","message":"PackageToUpdateNotFound"}]}"#,
        ))
    })
    .await;
    assert!(
        matches!(refused, Err(CallError::Refused { error, .. }) if error.message == "PackageToUpdateNotFound")
    );
    let throttled = answer(|| Play::Say(json(429, "{}"))).await;
    assert!(matches!(
        throttled,
        Err(CallError::Throttled {
            operation: "confirmShipment",
            ..
        })
    ));
    let failed = answer(|| Play::Say(json(503, "{}"))).await;
    assert!(matches!(failed, Err(CallError::Unreachable { .. })));
    let reset = answer(|| Play::Reset).await;
    assert!(matches!(reset, Err(CallError::Unreachable { .. })));
}

#[test]
fn its_limit_is_amazons() {
    assert_eq!(Operation::ConfirmShipment.published(), ("2.0", 10));
}

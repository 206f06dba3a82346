//! The restricted token: what is asked for, how long it is kept, who waits for whom, and what a 403 brings.

use crate::amazon::CallError;
use crate::amazon::fake::{Fake, Heard, Play, client, client_of, clock, json, profile};
use crate::domain::ids::ShipmentId;
use std::sync::atomic::{AtomicU32, Ordering};
use std::time::Duration;

const SHIPMENT: &str = "be7a0a53-00c3-4f6f-a63a-639f76ee9253";

fn is_token(heard: &Heard) -> bool {
    heard.line == "POST /tokens/2021-03-01/restrictedDataToken"
}

fn granted(number: u32) -> Play {
    Play::Say(json(
        200,
        &format!(r#"{{"restrictedDataToken":"Atz.sprdt|{number}","expiresIn":3600}}"#),
    ))
}

fn shipment() -> Play {
    Play::Say(json(
        200,
        &format!(r#"{{"payload":{{"ShipmentId":"{SHIPMENT}","Status":"Purchased"}}}}"#),
    ))
}

/// Grants tokens numbered from 1; `read` answers the rest.
async fn amazon(read: impl Fn(&Heard) -> Play + Send + Sync + 'static) -> Fake {
    let made = AtomicU32::new(0);
    Fake::start(move |heard| {
        if is_token(heard) {
            granted(made.fetch_add(1, Ordering::SeqCst) + 1)
        } else {
            read(heard)
        }
    })
    .await
}

fn tokens(fake: &Fake) -> usize {
    fake.heard().iter().filter(|heard| is_token(heard)).count()
}

fn id() -> ShipmentId {
    ShipmentId::from(SHIPMENT)
}

#[tokio::test]
async fn one_token_serves_the_three_operations_for_any_shipment() {
    let fake = amazon(|_| shipment()).await;
    client(&fake).merchant_shipment(&id()).await.unwrap();
    let heard = fake.heard();
    let asked: serde_json::Value = serde_json::from_slice(&heard[0].body).unwrap();
    let generic = "/mfn/v0/shipments/{shipmentId}";
    assert_eq!(
        asked,
        serde_json::json!({"restrictedResources": [
            {"method": "POST", "path": "/mfn/v0/shipments"},
            {"method": "GET", "path": generic},
            {"method": "DELETE", "path": generic},
        ]})
    );
    assert_eq!(heard[0].header("x-amz-access-token"), Some("Atza|one"));
    assert_eq!(heard[1].header("x-amz-access-token"), Some("Atz.sprdt|1"));
    assert_eq!(heard[1].header("x-amzn-shipping-business-id"), None);
}

#[tokio::test]
async fn it_is_kept_for_less_than_an_hour() {
    let fake = amazon(|_| shipment()).await;
    let clock = clock();
    let client = client_of(&profile(&fake.base()), std::sync::Arc::clone(&clock));
    for (minutes, tokens_made) in [(0, 1), (57, 1), (2, 2)] {
        clock.advance(Duration::from_mins(minutes));
        client.merchant_shipment(&id()).await.unwrap();
        assert_eq!(tokens(&fake), tokens_made, "after {minutes} more minutes");
    }
}

#[tokio::test]
async fn many_that_want_it_at_once_make_one() {
    let fake = amazon(|_| shipment()).await;
    let client = client(&fake);
    let (one, two, three) = tokio::join!(
        client.check_restricted(),
        client.check_restricted(),
        client.check_restricted()
    );
    assert!(one.is_ok() && two.is_ok() && three.is_ok());
    assert_eq!(tokens(&fake), 1);
}

#[tokio::test]
async fn a_refused_one_is_renewed_once() {
    let fake = amazon(|heard| {
        if heard.header("x-amz-access-token") == Some("Atz.sprdt|1") {
            Play::Say(json(
                403,
                r#"{"errors":[{"code":"Unauthorized","message":"no"}]}"#,
            ))
        } else {
            shipment()
        }
    })
    .await;
    let clock = clock();
    let client = client_of(&profile(&fake.base()), std::sync::Arc::clone(&clock));
    // The bucket holds one token: the second sending waits for it, so the bench's clock stands in for time.
    let read = client.merchant_shipment(&id()).await;
    assert!(matches!(read, Err(CallError::Throttled { .. })), "{read:?}");
    assert_eq!(tokens(&fake), 2);
    clock.advance(Duration::from_secs(2));
    client.merchant_shipment(&id()).await.unwrap();
    assert_eq!(tokens(&fake), 2, "the fresh one is kept");
}

#[tokio::test]
async fn without_the_role_the_words_name_it_and_no_token() {
    let fake = Fake::start(|_| {
        Play::Say(json(
            403,
            r#"{"errors":[{"code":"Unauthorized","message":"Access to requested resource is denied."}]}"#,
        ))
    })
    .await;
    let error = client(&fake).check_restricted().await.unwrap_err().to_string();
    assert!(
        error.contains("createRestrictedDataToken") && error.contains("Direct-to-Consumer Shipping"),
        "{error}"
    );
    assert!(!error.contains("Atz"), "{error}");
}

//! The Tokens API: what a Restricted Data Token is good for, and what it is not.

use super::*;
use std::time::Duration;

/// A token for these resources.
async fn token(bench: &Bench, resources: Value) -> String {
    let reply = bench
        .post(RESTRICTED, &json!({"restrictedResources": resources}))
        .await;
    assert_eq!(
        (reply.status, &reply.body["expiresIn"]),
        (200, &json!(3600)),
        "{reply:?}"
    );
    let token = reply.body["restrictedDataToken"].as_str().unwrap().to_owned();
    assert!(token.starts_with("Atz.sprdt|"), "{token}");
    token
}

async fn status(bench: &Bench, method: &str, path: &str, token: &str) -> (u16, String) {
    let call = bench.ask(method, path).header("x-amz-access-token", token);
    let reply = read(if method == "POST" {
        call.json(&json!({}))
    } else {
        call
    })
    .await
    .unwrap();
    (reply.status, reply.code().to_owned())
}

#[tokio::test]
async fn restricted_operations_demand_a_token_that_lists_them() {
    let bench = Bench::with(|config| config.switches.limits = false).await;
    let id = "01234567-89ab-cdef-0123-456789abcdef";
    let one = format!("{MERCHANT}/{id}");
    let unauthorized = (403, "Unauthorized".to_owned());
    let found_nothing = (404, "ResourceNotFound".to_owned());
    for (method, path) in [("POST", MERCHANT), ("GET", &one), ("DELETE", &one)] {
        assert_eq!(status(&bench, method, path, &bench.token).await, unauthorized);
    }
    let generic = token(
        &bench,
        json!([{"method": "GET", "path": "/mfn/v0/shipments/{shipmentId}"}]),
    )
    .await;
    assert_eq!(status(&bench, "GET", &one, &generic).await, found_nothing);
    assert_eq!(status(&bench, "DELETE", &one, &generic).await, unauthorized);
    assert_eq!(status(&bench, "POST", MERCHANT, &generic).await, unauthorized);
    let specific = token(&bench, json!([{"method": "DELETE", "path": one}])).await;
    assert_eq!(status(&bench, "DELETE", &one, &specific).await, found_nothing);
    let other = format!("{MERCHANT}/ffffffff-89ab-cdef-0123-456789abcdef");
    assert_eq!(status(&bench, "DELETE", &other, &specific).await, unauthorized);
    bench.clock.advance(Duration::from_hours(1));
    assert_eq!(status(&bench, "GET", &one, &generic).await, unauthorized);
}

#[tokio::test]
async fn other_operations_refuse_a_restricted_token() {
    let bench = Bench::new().await;
    let restricted = bench.restricted().await;
    for path in [ELIGIBLE, "/mfn/v0/additionalSellerInputs", RESTRICTED, RATES] {
        assert_eq!(
            status(&bench, "POST", path, &restricted).await,
            (403, "Unauthorized".to_owned()),
            "{path}"
        );
    }
}

#[tokio::test]
async fn a_token_request_is_held_to_its_form() {
    let bench = Bench::with(|config| config.switches.limits = false).await;
    let good = json!({"method": "POST", "path": MERCHANT});
    for wrong in [
        json!({}),
        json!({"restrictedResources": []}),
        json!({"restrictedResources": vec![good.clone(); 51]}),
        json!({"restrictedResources": [{"method": "", "path": MERCHANT}]}),
        json!({"restrictedResources": [{"method": "POST", "path": "/shipping/v2/shipments"}]}),
        json!({"restrictedResources": [good], "targetApplication": null}),
    ] {
        let reply = bench.post(RESTRICTED, &wrong).await;
        assert_eq!((reply.status, reply.code()), (400, "InvalidRequest"), "{wrong}");
    }
}

#[tokio::test]
async fn tokens_and_labels_have_their_own_rates() {
    let bench = Bench::new().await;
    for _ in 0..10 {
        bench.restricted().await;
    }
    let body = json!({"restrictedResources": [{"method": "POST", "path": MERCHANT}]});
    assert_eq!(bench.post(RESTRICTED, &body).await.status, 429);
    let token = {
        bench.clock.advance(Duration::from_secs(1));
        bench.restricted().await
    };
    let mut seen = Vec::new();
    for _ in 0..3 {
        seen.push(status(&bench, "POST", MERCHANT, &token).await.0);
    }
    assert_eq!(seen, [400, 400, 429], "two at once");
    let one = format!("{MERCHANT}/01234567-89ab-cdef-0123-456789abcdef");
    for method in ["GET", "DELETE"] {
        assert_eq!(status(&bench, method, &one, &token).await.0, 404);
        assert_eq!(status(&bench, method, &one, &token).await.0, 429);
    }
    let mut eligible = Vec::new();
    for _ in 0..13 {
        eligible.push(bench.post(ELIGIBLE, &json!({})).await.status);
    }
    assert_eq!((eligible[11], eligible[12]), (400, 429));
}

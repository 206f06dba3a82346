use super::*;
use crate::amazon::fake::{Fake, Play, client, client_of, clock, credentials, json, profile, with_headers};
use crate::domain::ids::{OrderNumber, TrackingNumber};

fn number() -> OrderNumber {
    OrderNumber::from("111-1111111-1111111")
}

#[tokio::test]
async fn a_call_carries_amazons_headers() {
    let fake = Fake::start(|_| Play::Say(json(200, r#"{"payload":{}}"#))).await;
    let client = client(&fake);
    client
        .tracking(&TrackingNumber::from("1Z 9"), "UPS")
        .await
        .unwrap();
    let heard = &fake.heard()[0];
    assert_eq!(
        heard.line,
        "GET /shipping/v2/tracking?trackingId=1Z+9&carrierId=UPS"
    );
    assert_eq!(heard.header("x-amz-access-token"), Some("Atza|one"));
    assert_eq!(
        heard.header("x-amzn-shipping-business-id"),
        Some("AmazonShipping_US")
    );
    assert_eq!(heard.header("content-type"), Some("application/json"));
    assert!(heard.header("user-agent").unwrap().starts_with("tapegun/"));
    assert!(heard.header("x-amzn-idempotencykey").is_none());
    assert!(heard.header("referer").is_none());
}

#[tokio::test]
async fn ids_cannot_leave_their_place_in_the_path() {
    let fake = Fake::start(|_| Play::Say(json(404, "{}"))).await;
    let _ = client(&fake).get_order(&OrderNumber::from("../../x?y#z/é")).await;
    let line = fake.heard()[0].line.clone();
    assert!(
        line.starts_with("GET /orders/2026-01-01/orders/..%2F..%2Fx%3Fy%23z%2F%C3%A9?"),
        "{line}"
    );
}

#[tokio::test]
async fn too_many_requests_make_wait_and_are_not_repeated() {
    let fake = Fake::start(|_| {
        Play::Say(json(
            429,
            r#"{"errors":[{"code":"QuotaExceeded","message":"You exceeded your quota"}]}"#,
        ))
    })
    .await;
    let clock = clock();
    let client = client_of(&profile(&fake.base()), clock.clone());
    let error = client.get_order(&number()).await.unwrap_err();
    // A period of the cautious bucket (half a hundredth slower than published) and up to a quarter more.
    assert!(
        (2010..=2515).contains(&error.wait().unwrap().as_millis()),
        "{error}"
    );
    let error = client.get_order(&number()).await.unwrap_err();
    assert!(error.wait().is_some());
    assert_eq!(fake.heard().len(), 1, "the second was not sent");
    clock.advance(Duration::from_secs(3));
    let _ = client.get_order(&number()).await;
    assert_eq!(fake.heard().len(), 2);
}

#[tokio::test]
async fn the_rate_of_an_answer_is_followed() {
    let answer = with_headers(
        404,
        "x-amzn-RateLimit-Limit: 0.01\r\nx-amzn-RequestId: r\r\n",
        b"{}",
    );
    let fake = Fake::start(move |_| Play::Say(answer.clone())).await;
    let client = client(&fake);
    for _ in 0..30 {
        let _ = client.get_order(&number()).await;
    }
    let error = client.get_order(&number()).await.unwrap_err();
    // What is missing to a whole call is an eighth: a quarter of a second at the published rate is held back.
    assert_eq!(error.wait().unwrap().as_secs(), 12, "{error}");
}

#[tokio::test]
async fn failures_of_amazon_are_told_from_refusals() {
    for (status, unreachable) in [(500, true), (503, true), (400, false), (404, false)] {
        let fake =
            Fake::start(move |_| Play::Say(json(status, r#"{"errors":[{"code":"X","message":"y"}]}"#))).await;
        let error = client(&fake).get_order(&number()).await.unwrap_err();
        assert_eq!(error.is_unreachable(), unreachable, "{error}");
        assert_eq!(error.request_id(), Some("request-1"));
    }
    let fake = Fake::start(|_| Play::Say(json(302, ""))).await;
    let error = client(&fake).get_order(&number()).await.unwrap_err();
    assert!(
        matches!(error, CallError::Garbled { .. }),
        "a redirect is not followed: {error}"
    );
    let fake = Fake::start(|_| Play::Reset).await;
    let error = client(&fake).get_order(&number()).await.unwrap_err();
    assert!(error.is_unreachable(), "{error}");
    assert_eq!(fake.heard().len(), 1, "no retries of its own");
}

#[test]
fn a_client_is_refused_where_its_addresses_or_credentials_cannot_be() {
    let make = |change: fn(&mut StoreProfile)| {
        let mut profile = profile("http://127.0.0.1:1");
        change(&mut profile);
        let clock: Arc<dyn Clock> = clock();
        SellerClient::new(
            &profile,
            credentials(),
            clock.clone(),
            Arc::new(Buckets::full(clock)),
        )
    };
    assert!(make(|_| ()).is_ok());
    assert!(make(|profile| (profile.amazon_base, profile.login_base) = (None, None)).is_ok());
    let error = make(|profile| profile.login_base = Some("http://example.com".to_owned())).unwrap_err();
    assert!(error.to_string().contains("login_base"), "{error}");
    let error = make(|profile| profile.amazon_base = Some("http://example.com".to_owned())).unwrap_err();
    assert!(
        error.to_string().contains("plain http is for loopback"),
        "{error}"
    );
}

//! Login with Amazon, access tokens and request limits.

use super::*;
use std::time::Duration;

#[tokio::test]
async fn a_login_takes_a_form_or_json() {
    let bench = Bench::new().await;
    let body = login(demo::REFRESH_TOKEN_FIRST);
    let field = |name: &str| format!("{name}={}", body[name].as_str().unwrap().replace('|', "%7C"));
    let form = ["grant_type", "refresh_token", "client_id", "client_secret"]
        .map(field)
        .join("&");
    let call = bench
        .call("POST", "/auth/o2/token")
        .header("content-type", "application/x-www-form-urlencoded;charset=UTF-8")
        .body(form.into_bytes());
    let reply = read(call).await.unwrap();
    assert_eq!(reply.status, 200, "{reply:?}");
    assert_eq!(
        (&reply.body["token_type"], &reply.body["expires_in"]),
        (&json!("bearer"), &json!(3600))
    );
    assert!(reply.body["access_token"].as_str().unwrap().starts_with("Atza|"));
    assert_eq!(reply.body["refresh_token"], demo::REFRESH_TOKEN_FIRST);
}

#[tokio::test]
async fn a_login_is_refused_in_its_own_shape() {
    let bench = Bench::new().await;
    for (field, value, error) in [
        ("refresh_token", json!("Atzr|revoked"), "invalid_grant"),
        ("client_secret", json!("rotated"), "invalid_client"),
        ("client_id", json!("unknown"), "invalid_client"),
        ("refresh_token", Value::Null, "invalid_request"),
        ("grant_type", json!("password"), "unsupported_grant_type"),
        (
            "scope",
            json!("sellingpartnerapi::notifications"),
            "invalid_request",
        ),
    ] {
        let mut body = login(demo::REFRESH_TOKEN_FIRST);
        body[field] = value;
        body.as_object_mut().unwrap().retain(|_, value| !value.is_null());
        let reply = bench.token(&body).await;
        assert!((400..=401).contains(&reply.status), "{reply:?}");
        assert_eq!(reply.body["error"], error, "{field}");
        assert!(reply.body["error_description"].is_string());
        assert!(reply.body.get("errors").is_none());
    }
}

#[tokio::test]
async fn an_access_token_ends_after_an_hour() {
    let bench = Bench::new().await;
    let path = format!("{ORDERS}/{}", demo::number(1));
    bench.clock.advance(Duration::from_secs(3599));
    assert_eq!(bench.get(&path).await.status, 200);
    bench.clock.advance(Duration::from_secs(1));
    let late = bench.get(&path).await;
    assert_eq!((late.status, late.code()), (403, "Unauthorized"));
    assert!(late.message().contains("expired"));
    assert!(!late.headers.contains_key("x-amzn-ratelimit-limit"));
}

#[tokio::test]
async fn no_token_a_bad_token_and_a_missing_role_are_refused() {
    let mut bench = Bench::new().await;
    let path = format!("{ORDERS}/{}?includedData=RECIPIENT", demo::number(1));
    assert_eq!(read(bench.call("GET", &path)).await.unwrap().status, 403);
    bench.amazon.switch(|switches| switches.missing_role = true);
    let blind = bench.get(&path).await;
    assert_eq!(blind.status, 200);
    assert!(
        blind.body["order"].get("recipient").is_none(),
        "no address without the role"
    );
    let rates = bench.post(RATES, &bench.rates_body(&demo::number(1))).await;
    assert_eq!(
        (rates.status, rates.message().trim()),
        (403, "Access to requested resource is denied.")
    );
    bench.token = "Atza|made-up".to_owned();
    assert_eq!(bench.post(RATES, &json!({})).await.status, 401);
}

#[tokio::test]
async fn a_user_agent_is_needed_and_may_not_be_endless() {
    let bench = Bench::new().await;
    let path = format!("{ORDERS}/{}", demo::number(1));
    let long = bench.ask("GET", &path).header("user-agent", &"x".repeat(501));
    assert_eq!(read(long).await.unwrap().status, 400);
}

#[tokio::test]
async fn each_seller_and_operation_has_a_bucket_with_the_published_rate() {
    let mut bench = Bench::new().await;
    let path = format!("{ORDERS}/{}", demo::number(1));
    for _ in 0..30 {
        assert_eq!(bench.get(&path).await.status, 200);
    }
    let throttled = bench.get(&path).await;
    assert_eq!((throttled.status, throttled.code()), (429, "QuotaExceeded"));
    assert!(!throttled.headers.contains_key("x-amzn-ratelimit-limit"));
    bench.clock.advance(Duration::from_millis(1999));
    assert_eq!(bench.get(&path).await.status, 429);
    bench.clock.advance(Duration::from_millis(1));
    assert_eq!(bench.get(&path).await.status, 200, "half a request a second");
    bench.log_in(demo::REFRESH_TOKEN_SECOND).await;
    assert_eq!(
        bench.get(&path).await.status,
        404,
        "another seller's bucket is full, the order not his"
    );
}

#[tokio::test]
async fn a_search_comes_back_after_three_minutes() {
    let bench = Bench::new().await;
    let path = format!("{ORDERS}?createdAfter=2026-10-06T17:50:00Z");
    for _ in 0..20 {
        assert_eq!(bench.get(&path).await.status, 200);
    }
    assert_eq!(bench.get(&path).await.status, 429);
    bench.clock.advance(Duration::from_secs(178));
    assert_eq!(bench.get(&path).await.status, 429);
    bench.clock.advance(Duration::from_secs(1));
    assert_eq!(bench.get(&path).await.status, 200);
}

#[tokio::test]
async fn limits_can_be_scaled_and_switched_off() {
    let bench = Bench::with(|config| config.switches.limit_scale = 0.1).await;
    let path = format!("{ORDERS}/{}", demo::number(1));
    for _ in 0..3 {
        assert_eq!(bench.get(&path).await.status, 200);
    }
    assert_eq!(bench.get(&path).await.status, 429);
    bench.amazon.switch(|switches| switches.limits = false);
    assert_eq!(bench.get(&path).await.status, 200);
}

#[tokio::test]
async fn answers_are_dated_by_the_simulators_time_and_its_skew() {
    let bench = Bench::new().await;
    let path = format!("{ORDERS}/{}", demo::number(1));
    assert_eq!(
        bench.get(&path).await.headers["date"],
        "Tue, 06 Oct 2026 18:00:00 GMT"
    );
    bench
        .amazon
        .switch(|switches| switches.clock_skew_seconds = -3600);
    assert_eq!(
        bench.get(&path).await.headers["date"],
        "Tue, 06 Oct 2026 17:00:00 GMT"
    );
}

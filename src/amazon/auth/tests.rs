use super::*;
use crate::amazon::fake::{
    Fake, Heard, Play, client, client_of, client_with, clock, credentials, json, profile,
};
use crate::domain::ids::OrderNumber;
use std::sync::atomic::{AtomicU32, Ordering};

fn granted(token: &str) -> Play {
    Play::Say(json(
        200,
        &format!(r#"{{"access_token":"{token}","token_type":"bearer","expires_in":"3600"}}"#),
    ))
}

fn number() -> OrderNumber {
    OrderNumber::from("111-1111111-1111111")
}

fn order() -> Play {
    Play::Say(json(
        200,
        r#"{"order":{"orderId":"111-1111111-1111111","createdTime":"2026-11-21T10:00:00Z","lastUpdatedTime":"2026-11-21T10:00:00Z","orderItems":[]}}"#,
    ))
}

fn login(heard: &Heard) -> bool {
    heard.line.contains("/auth/o2/token")
}

#[tokio::test]
async fn one_refresh_serves_all_who_wait() {
    let fake = Fake::start(|_| order()).await;
    let client = client(&fake);
    let number = number();
    let (a, b, c) = tokio::join!(
        client.get_order(&number),
        client.get_order(&number),
        client.get_order(&number)
    );
    a.unwrap();
    b.unwrap();
    c.unwrap();
    assert_eq!(fake.logins().len(), 1);
    let login = &fake.logins()[0];
    assert_eq!(
        login.text(),
        "grant_type=refresh_token&refresh_token=Atzr%7Cone&client_id=amzn1.application-oa2-client.one&client_secret=secret-one"
    );
    assert!(login.header("x-amz-access-token").is_none());
    assert_eq!(fake.heard()[0].header("x-amz-access-token"), Some("Atza|one"));
}

#[tokio::test]
async fn a_token_is_used_until_a_minute_before_its_end() {
    let fake = Fake::start(|_| order()).await;
    let clock = clock();
    let client = client_of(&profile(&fake.base()), clock.clone());
    client.get_order(&number()).await.unwrap();
    clock.advance(Duration::from_secs(3539));
    client.get_order(&number()).await.unwrap();
    assert_eq!(fake.logins().len(), 1);
    clock.advance(Duration::from_secs(1));
    client.get_order(&number()).await.unwrap();
    assert_eq!(fake.logins().len(), 2);
}

#[tokio::test]
async fn a_refused_token_is_renewed_once() {
    for status in [401, 403] {
        let logins = AtomicU32::new(0);
        let fake = Fake::with_logins(move |heard| {
            if login(heard) {
                return granted(&format!("token-{}", logins.fetch_add(1, Ordering::Relaxed)));
            }
            match heard.header("x-amz-access-token") {
                Some("token-1") => order(),
                _ => Play::Say(json(
                    status,
                    r#"{"errors":[{"code":"Unauthorized","message":"expired"}]}"#,
                )),
            }
        })
        .await;
        client(&fake).get_order(&number()).await.unwrap();
        assert_eq!((fake.logins().len(), fake.heard().len()), (2, 2));
    }
}

#[tokio::test]
async fn a_second_refusal_is_final_and_says_what_to_check() {
    let fake = Fake::start(|_| {
        Play::Say(json(
            403,
            r#"{"errors":[{"code":"Unauthorized","message":"denied"}]}"#,
        ))
    })
    .await;
    let error = client(&fake).get_order(&number()).await.unwrap_err();
    assert!(
        error.to_string().contains("Direct-to-Consumer Shipping"),
        "{error}"
    );
    assert_eq!(error.request_id(), Some("request-1"));
    assert_eq!(fake.heard().len(), 2);
}

#[tokio::test]
async fn logins_own_errors_are_told_apart() {
    for (status, code, unreachable) in [
        (400, "invalid_grant", false),
        (401, "invalid_client", false),
        (400, "unauthorized_client", false),
        (500, "server_error", true),
        (503, "temporarily_unavailable", true),
        (400, "temporarily_unavailable", true),
    ] {
        let body = format!(r#"{{"error":"{code}","error_description":"The secret-one is wrong"}}"#);
        let fake = Fake::with_logins(move |_| Play::Say(json(status, &body))).await;
        let error = client(&fake).get_order(&number()).await.unwrap_err();
        assert_eq!(error.is_unreachable(), unreachable, "{error}");
        assert!(error.to_string().contains(code), "{error}");
        assert!(!error.to_string().contains("secret-one"), "{error}");
        assert!(fake.heard().is_empty());
    }
    let fake = Fake::with_logins(|_| Play::Say(json(200, r#"{"token_type":"bearer"}"#))).await;
    let error = client(&fake).get_order(&number()).await.unwrap_err();
    assert!(matches!(error, CallError::Garbled { .. }), "{error}");
    let fake = Fake::with_logins(|_| Play::Say(json(200, r#"{"access_token":"a\nb"}"#))).await;
    let error = client(&fake).get_order(&number()).await.unwrap_err();
    assert!(matches!(error, CallError::Garbled { .. }), "{error}");
}

#[test]
fn secrets_do_not_print() {
    let text = format!("{:?}", credentials());
    assert!(!text.contains("secret-one") && !text.contains("Atzr"), "{text}");
}

#[test]
fn a_credential_with_a_line_break_is_refused_at_once() {
    let mut bad = credentials();
    bad.client_secret = "secret\n".into();
    assert!(
        bad.check("us")
            .unwrap_err()
            .to_string()
            .contains("the client secret")
    );
    bad = credentials();
    bad.client_id = String::new();
    assert!(bad.check("us").is_err());
    assert!(credentials().check("us").is_ok());
}

#[tokio::test]
async fn a_secret_that_was_changed_where_it_comes_from_is_taken_in() {
    let fake = Fake::with_logins(move |heard| {
        if !login(heard) {
            return order();
        }
        if heard.text().contains("client_secret=secret-two") {
            granted("token")
        } else {
            Play::Say(json(
                401,
                r#"{"error":"invalid_client","error_description":"secret-one"}"#,
            ))
        }
    })
    .await;
    // Written anew between the look before the login and its answer, as a person does who reads the refusal.
    let looks = Arc::new(AtomicU32::new(0));
    let read = {
        let looks = Arc::clone(&looks);
        move || {
            let fresh = looks.fetch_add(1, Ordering::Relaxed) > 0;
            fresh.then(|| Credentials {
                client_secret: "secret-two".into(),
                ..credentials()
            })
        }
    };
    let given = Credentials {
        source: CredentialSource::new(read),
        ..credentials()
    };
    let client = client_with(&profile(&fake.base()), given, clock());
    client.get_order(&number()).await.unwrap();
    assert_eq!(
        fake.logins().len(),
        2,
        "refused with the old one, taken with the new one"
    );
    assert_eq!(client.with_secret(str::to_owned), "secret-two");
    // A source that has nothing better: the refusal is told, without the secret.
    let client = client_with(&profile(&fake.base()), credentials(), clock());
    let refused = client.get_order(&number()).await.unwrap_err().to_string();
    assert!(
        refused.contains("invalid_client") && !refused.contains("secret-one"),
        "{refused}"
    );
}

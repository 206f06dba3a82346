use super::*;
use crate::amazon::fake::{Fake, Play, client, client_of, clock, json, profile, with_headers};
use crate::domain::intent::AmazonError;
use base64::Engine;

const REFERENCE: &str = "7-1";

fn key() -> IntentId {
    IntentId("0193a000-0000-7000-8000-000000000001".parse().unwrap())
}

fn request() -> RequestBytes {
    RequestBytes(br#"{"requestToken":"t","rateId":"r"}"#.to_vec())
}

fn bought_body() -> String {
    let label = base64::engine::general_purpose::STANDARD.encode("^XA^FDhello^FS^XZ");
    format!(
        r#"{{"payload":{{"shipmentId":"amzn1.sid.one","packageDocumentDetails":[{{"packageClientReferenceId":"7-1","trackingId":"1Z999","packageDocuments":[{{"type":"LABEL","format":"ZPL","contents":"{label}"}}]}}],"promise":{{"deliveryWindow":{{"start":"2026-11-24T08:00:00Z","end":"2026-11-24T20:00:00Z"}}}}}}}}"#
    )
}

async fn buy(bytes: Vec<u8>) -> WireAnswer {
    let fake = Fake::start(move |_| Play::Say(bytes.clone())).await;
    let answer = client(&fake).purchase(&request(), key(), REFERENCE).await;
    assert_eq!(fake.heard().len(), 1, "sent exactly once");
    answer
}

fn bought(answer: WireAnswer) -> BoughtAnswer {
    match answer {
        WireAnswer::Bought(bought) => *bought,
        other => panic!("{other:?}"),
    }
}

#[tokio::test]
async fn a_whole_success_brings_everything() {
    let fake = Fake::start(|_| Play::Say(json(200, &bought_body()))).await;
    let bought = bought(client(&fake).purchase(&request(), key(), REFERENCE).await);
    assert_eq!(bought.shipment.as_str(), "amzn1.sid.one");
    assert_eq!(bought.tracking.unwrap().as_str(), "1Z999");
    assert_eq!(bought.documents[0].bytes.0, b"^XA^FDhello^FS^XZ");
    assert_eq!(bought.trouble, None);
    assert_eq!(bought.request_id.as_deref(), Some("request-1"));
    assert!(bought.promise.unwrap().latest.is_some());
    let heard = &fake.heard()[0];
    assert_eq!(heard.line, "POST /shipping/v2/shipments");
    assert_eq!(heard.body, request().0, "byte for byte what was stored");
    assert_eq!(
        heard.header("x-amzn-idempotencykey"),
        Some(key().to_string().as_str())
    );
    assert_eq!(
        heard.header("x-amzn-shipping-business-id"),
        Some("AmazonShipping_US")
    );
    assert!(
        heard.header("accept-encoding").is_none(),
        "so that a cut answer can still be read"
    );
}

#[tokio::test]
async fn cut_at_every_byte_it_never_says_not_sent_and_never_forgets_a_shipment() {
    let body = bought_body();
    let variants = [
        json(200, &body),
        // No length: the end of the connection is the end of the answer.
        format!("HTTP/1.1 200 OK\r\nx-amzn-RequestId: r\r\n\r\n{body}").into_bytes(),
        format!(
            "HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\n{:x}\r\n{body}\r\n0\r\n\r\n",
            body.len()
        )
        .into_bytes(),
    ];
    for whole in variants {
        let cut_at = std::sync::Arc::new(std::sync::atomic::AtomicUsize::new(0));
        let (bytes, at) = (whole.clone(), cut_at.clone());
        let fake =
            Fake::start(move |_| Play::Say(bytes[..at.load(std::sync::atomic::Ordering::Relaxed)].to_vec()))
                .await;
        let behind = |what: &str| String::from_utf8_lossy(&whole).find(what).unwrap() + what.len();
        let id_whole = behind(r#""amzn1.sid.one""#);
        let tracking_whole = behind(r#""1Z999""#);
        let body_whole = behind(&body);
        let clock = clock();
        let client = client_of(&profile(&fake.base()), clock.clone());
        for cut in 0..=whole.len() {
            cut_at.store(cut, std::sync::atomic::Ordering::Relaxed);
            clock.advance(Duration::from_millis(100));
            match client.purchase(&request(), key(), REFERENCE).await {
                WireAnswer::Lost { .. } => assert!(cut < id_whole, "forgotten at {cut}"),
                WireAnswer::Bought(bought) => {
                    assert!(cut >= id_whole, "invented at {cut}");
                    assert_eq!(bought.shipment.as_str(), "amzn1.sid.one");
                    assert_eq!(bought.tracking.is_some(), cut >= tracking_whole, "at {cut}");
                    assert_eq!(bought.documents.is_empty(), bought.trouble.is_some(), "at {cut}");
                    assert!(cut < whole.len() || bought.trouble.is_none());
                    assert!(cut >= body_whole || bought.trouble.is_some(), "at {cut}");
                }
                other => panic!("at {cut}: {other:?}"),
            }
        }
        assert_eq!(
            fake.heard().len(),
            whole.len() + 1,
            "one request for each sending"
        );
    }
}

#[tokio::test]
async fn only_a_failed_connection_is_not_sent() {
    let listener = std::net::TcpListener::bind("127.0.0.1:0").unwrap();
    let closed = format!("http://{}", listener.local_addr().unwrap());
    drop(listener);
    let login = Fake::start(|_| Play::Hang).await;
    let mut profile = profile(&closed);
    profile.login_base = Some(login.base());
    let answer = client_of(&profile, clock())
        .purchase(&request(), key(), REFERENCE)
        .await;
    assert!(matches!(answer, WireAnswer::NotSent { .. }), "{answer:?}");

    profile.amazon_base = Some("http://localhost:1/".to_owned());
    let answer = client_of(&profile, clock())
        .purchase(&request(), key(), REFERENCE)
        .await;
    assert!(matches!(answer, WireAnswer::NotSent { .. }), "{answer:?}");

    let resetting = Fake::resetting().await;
    profile.amazon_base = Some(resetting.base());
    let answer = client_of(&profile, clock())
        .purchase(&request(), key(), REFERENCE)
        .await;
    assert!(
        matches!(answer, WireAnswer::Lost { .. }),
        "bytes may have gone out: {answer:?}"
    );

    // TLS that is answered with something else: nothing of the request went out.
    let plain = Fake::start(|_| Play::Hang).await;
    profile.amazon_base = Some(format!("https://{}", plain.address));
    let answer = client_of(&profile, clock())
        .purchase(&request(), key(), REFERENCE)
        .await;
    assert!(matches!(answer, WireAnswer::NotSent { .. }), "{answer:?}");
}

#[tokio::test]
async fn reset_after_the_request_is_lost_and_not_repeated() {
    let fake = Fake::start(|_| Play::Reset).await;
    let answer = client(&fake).purchase(&request(), key(), REFERENCE).await;
    assert!(matches!(answer, WireAnswer::Lost { .. }), "{answer:?}");
    assert_eq!(fake.heard().len(), 1);
}

#[tokio::test]
async fn a_failed_login_means_that_nothing_was_sent() {
    let fake = Fake::with_logins(|_| Play::Say(json(400, r#"{"error":"invalid_grant"}"#))).await;
    let client = client(&fake);
    let answer = client.purchase(&request(), key(), REFERENCE).await;
    let WireAnswer::NotSent { why } = answer else {
        panic!("{answer:?}")
    };
    assert!(why.contains("invalid_grant"), "{why}");
    assert!(client.ready(Operation::PurchaseShipment).await.is_err());
}

#[tokio::test]
async fn a_kept_connection_that_was_closed_is_not_mistaken() {
    // The server keeps the first connection open, then closes it: the next purchase opens a new one.
    let fake = Fake::start(|_| {
        let body = bought_body();
        let keep = format!("HTTP/1.1 200 OK\r\ncontent-length: {}\r\n\r\n{body}", body.len());
        Play::Say(keep.into_bytes())
    })
    .await;
    let client = client(&fake);
    for sent in 1..=5 {
        let answer = client.purchase(&request(), key(), REFERENCE).await;
        assert!(!matches!(answer, WireAnswer::Error(_)), "{answer:?}");
        assert!(fake.heard().len() <= sent, "never more requests than sendings");
    }
}

#[tokio::test]
async fn errors_count_only_in_amazons_own_words() {
    let shaped = r#"{"errors":[{"code":"TOKEN_EXPIRED","message":"The token is expired."}]}"#;
    for status in [400, 401, 403, 404, 429, 500, 503] {
        let answer = buy(json(status, shaped)).await;
        let WireAnswer::Error(AmazonError {
            amazon_shaped,
            code,
            status: told,
            ..
        }) = answer
        else {
            panic!("{answer:?}")
        };
        assert!(amazon_shaped);
        assert_eq!((code.as_str(), told), ("TOKEN_EXPIRED", status));
    }
    let lost = [
        with_headers(400, "", shaped.as_bytes()),
        json(400, "<html>Bad Request</html>"),
        json(502, "<html>Bad Gateway</html>"),
        json(200, "<html>Welcome to this network</html>"),
        json(200, r#"{"payload":{"shipmentId":""}}"#),
        json(200, r#"{"payload":{"shipmentId":null}}"#),
        json(200, ""),
        json(302, ""),
        json(204, ""),
        {
            let mut cut = json(400, shaped);
            cut.truncate(cut.len() - 3);
            cut
        },
    ];
    for bytes in lost {
        let said = String::from_utf8_lossy(&bytes).into_owned();
        let answer = buy(bytes).await;
        assert!(matches!(answer, WireAnswer::Lost { .. }), "{said}: {answer:?}");
    }
}

#[tokio::test]
async fn a_500_with_a_shipment_id_is_not_a_success() {
    let answer = buy(json(500, &bought_body())).await;
    assert!(matches!(answer, WireAnswer::Lost { .. }), "{answer:?}");
}

#[tokio::test]
async fn a_success_in_another_shape_keeps_the_shipment() {
    let body = bought_body();
    let unwrapped = r#"{"shipmentId":"amzn1.sid.one","extra":1}"#;
    for (bytes, trouble) in [
        (json(200, unwrapped), "shape"),
        (
            json(200, &body.replace(r#""trackingId":"1Z999","#, "")),
            "tracking",
        ),
        (
            json(200, &body.replace("\"contents\":\"", "\"contents\":\"*")),
            "decoded",
        ),
        (json(200, &body.replace("\"ZPL\"", "\"HTML\"")), "format"),
        (json(200, &body.replace("LABEL", "RECEIPT")), "no label"),
        (
            json(200, &body.replace("\"7-1\"", "\"8-1\"")),
            "do not use this label",
        ),
        (
            json(
                200,
                &body.replace("\"packageDocuments\":[", "\"packageDocuments\":\"\",\"x\":["),
            ),
            "no label",
        ),
        (
            json(
                200,
                r#"{"payload":{"shipmentId":"amzn1.sid.one","packageDocumentDetails":null}}"#,
            ),
            "no label",
        ),
    ] {
        let bought = bought(buy(bytes).await);
        assert_eq!(bought.shipment.as_str(), "amzn1.sid.one");
        assert!(
            bought.trouble.as_deref().unwrap().contains(trouble),
            "{trouble}: {:?}",
            bought.trouble
        );
    }
}

#[tokio::test]
async fn a_numeric_tracking_number_keeps_its_digits() {
    let body = bought_body().replace("\"1Z999\"", "9400123456789012345678901");
    let bought = bought(buy(json(200, &body)).await);
    assert_eq!(bought.tracking.unwrap().as_str(), "9400123456789012345678901");
}

#[tokio::test]
async fn packed_answers_are_read_too_and_bombs_are_not() {
    use flate2::{Compression, write::GzEncoder};
    use std::io::Write;
    let pack = |bytes: &[u8]| {
        let mut encoder = GzEncoder::new(Vec::new(), Compression::fast());
        encoder.write_all(bytes).unwrap();
        with_headers(200, "content-encoding: gzip\r\n", &encoder.finish().unwrap())
    };
    let whole = bought(buy(pack(bought_body().as_bytes())).await);
    assert_eq!(whole.trouble, None);
    let mut bomb = bought_body().into_bytes();
    bomb.truncate(bomb.len() - 1);
    bomb.extend(vec![b' '; 20 * 1024 * 1024]);
    let cut = bought(buy(pack(&bomb)).await);
    assert!(cut.trouble.unwrap().contains("larger than 8 MiB"));
    let answer = buy(pack(&vec![b' '; 20 * 1024 * 1024])).await;
    assert!(matches!(answer, WireAnswer::Lost { .. }), "{answer:?}");
}

#[tokio::test]
async fn a_refused_token_is_forgotten_but_the_purchase_is_not_repeated() {
    let fake =
        Fake::start(|_| Play::Say(json(401, r#"{"errors":[{"code":"Unauthorized","message":"x"}]}"#))).await;
    let client = client(&fake);
    let answer = client.purchase(&request(), key(), REFERENCE).await;
    assert!(matches!(answer, WireAnswer::Error(_)), "{answer:?}");
    assert_eq!((fake.heard().len(), fake.logins().len()), (1, 1));
    let _permit = client.ready(Operation::PurchaseShipment).await.unwrap();
    assert_eq!(fake.logins().len(), 2);
}

#[tokio::test]
async fn an_empty_bucket_sends_nothing() {
    let fake = Fake::start(|_| {
        Play::Say(json(
            429,
            r#"{"errors":[{"code":"QuotaExceeded","message":"x"}]}"#,
        ))
    })
    .await;
    let client = client(&fake);
    let first = client.purchase(&request(), key(), REFERENCE).await;
    assert!(matches!(first, WireAnswer::Error(_)), "{first:?}");
    let second = client.purchase(&request(), key(), REFERENCE).await;
    assert!(matches!(second, WireAnswer::NotSent { .. }), "{second:?}");
    assert_eq!(fake.heard().len(), 1);
}

async fn void(play: impl Fn() -> Play + Send + Sync + 'static) -> VoidWire {
    let fake = Fake::start(move |_| play()).await;
    let answer = client(&fake).cancel(&ShipmentId::from("amzn1.sid/one")).await;
    assert_eq!(fake.heard().len(), 1);
    assert_eq!(
        fake.heard()[0].line,
        "PUT /shipping/v2/shipments/amzn1.sid%2Fone/cancel"
    );
    answer
}

#[tokio::test]
async fn voids_are_read_like_purchases() {
    for body in ["{}", r#"{"payload":{}}"#, ""] {
        let answer = void(move || Play::Say(json(200, body))).await;
        assert_eq!(
            answer,
            VoidWire::Accepted {
                request_id: Some("request-1".to_owned())
            },
            "{body:?}"
        );
    }
    let answer = void(|| Play::Say(json(200, "<html>"))).await;
    assert!(matches!(answer, VoidWire::Lost { .. }), "{answer:?}");
    let answer = void(|| {
        Play::Say(json(
            400,
            r#"{"errors":[{"code":"InvalidInput","message":"Already canceled"}]}"#,
        ))
    })
    .await;
    assert!(
        matches!(
            answer,
            VoidWire::Error(AmazonError {
                amazon_shaped: true,
                ..
            })
        ),
        "{answer:?}"
    );
    let answer = void(|| Play::Say(json(500, ""))).await;
    assert!(matches!(answer, VoidWire::Lost { .. }), "{answer:?}");
    let answer = void(|| Play::Reset).await;
    assert!(matches!(answer, VoidWire::Lost { .. }), "{answer:?}");
}

#[tokio::test]
async fn documents_come_again() {
    let label = base64::engine::general_purpose::STANDARD_NO_PAD.encode("%PDF-1.4 label");
    let body = format!(
        r#"{{"payload":{{"shipmentId":"s","packageDocumentDetail":{{"packageClientReferenceId":"7-1","trackingId":"T","packageDocuments":[{{"type":"LABEL","format":"pdf","contents":"{label}"}}]}}}}}}"#
    );
    let answer = json(200, &body);
    let fake = Fake::start(move |_| Play::Say(answer.clone())).await;
    let client = client(&fake);
    let again = client.documents(&ShipmentId::from("s"), REFERENCE).await.unwrap();
    assert_eq!(again.documents[0].bytes.0, b"%PDF-1.4 label");
    assert_eq!(again.trouble, None);
    assert_eq!(
        fake.heard()[0].line,
        "GET /shipping/v2/shipments/s/documents?packageClientReferenceId=7-1"
    );
    let other = client
        .documents(&ShipmentId::from("s2"), REFERENCE)
        .await
        .unwrap();
    assert!(other.trouble.unwrap().contains("another shipment"));
}

#[tokio::test]
async fn a_slow_login_means_that_nothing_is_sent() {
    let clock = clock();
    let slow = clock.clone();
    let fake = Fake::with_logins(move |heard| {
        if heard.line.contains("/auth/") {
            slow.advance(Duration::from_millis(1001));
            return Play::Say(json(200, r#"{"access_token":"Atza|late","expires_in":3600}"#));
        }
        Play::Say(json(200, &bought_body()))
    })
    .await;
    let client = client_of(&profile(&fake.base()), clock);
    let answer = client.purchase(&request(), key(), REFERENCE).await;
    assert!(matches!(answer, WireAnswer::NotSent { .. }), "{answer:?}");
    assert_eq!(fake.heard().len(), 0);
    let answer = client.purchase(&request(), key(), REFERENCE).await;
    assert!(
        matches!(answer, WireAnswer::Bought(_)),
        "the token is kept: {answer:?}"
    );
}

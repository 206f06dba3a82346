use super::*;
use crate::amazon::fake::{client_of, clock, with_headers};
use crate::amazon::labels::BoxName;
use crate::amazon::{CallError, Operation};
use crate::domain::ids::IntentId;
use crate::domain::intent::{BoughtAnswer, VoidWire, WireAnswer};
use crate::domain::merchant::MerchantStatus;
use crate::domain::sealed::RequestBytes;
use std::time::Duration;

fn body() -> RequestBytes {
    RequestBytes(br#"{"ShipmentRequestDetails":{},"ShippingServiceId":"S"}"#.to_vec())
}

fn ours() -> BoxName {
    BoxName {
        reference: "7-2".to_owned(),
        number: order(),
    }
}

fn key() -> IntentId {
    IntentId("0193a000-0000-7000-8000-000000000001".parse().unwrap())
}

async fn buy_with(play: impl Fn() -> Play + Send + Sync + 'static) -> (WireAnswer, Vec<Heard>) {
    let fake = amazon(move |_| play()).await;
    let client = client_of(&shop(&fake.base()), clock());
    let answer = client.labels(VIA).unwrap().buy(&body(), key(), &ours()).await;
    let heard = asked(&fake);
    assert_eq!(heard.len(), 1, "sent exactly once");
    (answer, heard)
}

async fn buy(bytes: Vec<u8>) -> WireAnswer {
    buy_with(move || Play::Say(bytes.clone())).await.0
}

fn bought(answer: WireAnswer) -> BoughtAnswer {
    match answer {
        WireAnswer::Bought(bought) => *bought,
        other => panic!("{other:?}"),
    }
}

#[tokio::test]
async fn a_whole_success_brings_everything() {
    let (answer, heard) = buy_with(|| Play::Say(json(200, &whole()))).await;
    assert_eq!(heard[0].line, "POST /mfn/v0/shipments");
    assert_eq!(heard[0].body, body().0, "byte for byte what was stored");
    assert_eq!(heard[0].header("x-amz-access-token"), Some("Atz.sprdt|1"));
    assert_eq!(
        heard[0].header("x-amzn-idempotencykey"),
        None,
        "Amazon knows no key here"
    );
    assert!(heard[0].header("accept-encoding").is_none());
    let bought = bought(answer);
    assert_eq!(bought.shipment, shipment());
    assert_eq!(bought.tracking.unwrap().as_str(), "1Z17E2100217295733");
    assert_eq!(bought.documents[0].bytes.0, ZPL);
    assert!(bought.promise.unwrap().latest.is_some());
    assert_eq!(bought.trouble, None);
    assert_eq!(bought.request_id.as_deref(), Some("request-1"));
}

#[tokio::test]
async fn an_answer_that_breaks_off_anywhere_keeps_the_shipment() {
    let whole = json(200, &whole());
    let head = whole.windows(4).position(|four| four == b"\r\n\r\n").unwrap() + 4;
    let id = whole
        .windows(36)
        .position(|part| part == SHIPMENT.as_bytes())
        .unwrap()
        + 37;
    for end in [head, head + 5, id - 1] {
        let answer = buy(whole[..end].to_vec()).await;
        assert!(matches!(answer, WireAnswer::Lost { .. }), "{end}: {answer:?}");
    }
    for end in [id, id + 20, id + 300, whole.len() - 200, whole.len() - 1] {
        let bought = bought(buy(whole[..end].to_vec()).await);
        assert_eq!(bought.shipment, shipment(), "{end}");
        assert!(bought.documents.is_empty() && bought.trouble.is_some());
    }
    // The tracking number stands behind the label.
    let late = bought(buy(whole[..whole.len() - 1].to_vec()).await);
    assert_eq!(late.tracking.unwrap().as_str(), "1Z17E2100217295733");
}

#[tokio::test]
async fn what_proves_nothing_is_lost_and_what_was_not_sent_is_said() {
    let (answer, _) = buy_with(|| Play::Reset).await;
    assert!(matches!(answer, WireAnswer::Lost { .. }), "{answer:?}");
    for bytes in [
        json(200, "<html>"),
        json(200, r#"{"payload":{"ShipmentId":""}}"#),
        json(502, "<html>"),
        json(204, ""),
        with_headers(400, "", br#"{"errors":[{"code":"InvalidInput","message":"no"}]}"#),
    ] {
        let answer = buy(bytes).await;
        assert!(matches!(answer, WireAnswer::Lost { .. }), "{answer:?}");
    }
    let fake = Fake::start(|_| {
        Play::Say(json(
            403,
            r#"{"errors":[{"code":"Unauthorized","message":"no"}]}"#,
        ))
    })
    .await;
    let client = client_of(&shop(&fake.base()), clock());
    let answer = client.labels(VIA).unwrap().buy(&body(), key(), &ours()).await;
    assert!(
        matches!(answer, WireAnswer::NotSent { .. }),
        "no token, nothing sent: {answer:?}"
    );
    assert!(fake.heard().iter().all(|heard| heard.line.contains("/tokens/")));
    assert!(matches!(
        client.ready(Operation::CreateShipment).await,
        Err(CallError::Refused { .. })
    ));
}

#[tokio::test]
async fn errors_in_amazons_words_are_told_apart() {
    for (status, code) in [
        (400, "ShipmentAlreadyExists"),
        (403, "TermsAndConditionsNotAccepted"),
        (429, "QuotaExceeded"),
        (500, "InternalFailure"),
    ] {
        let answer = buy(json(
            status,
            &format!(r#"{{"errors":[{{"code":"{code}","message":"m"}}]}}"#),
        ))
        .await;
        let WireAnswer::Error(error) = answer else {
            panic!("{answer:?}")
        };
        assert_eq!(
            (error.status, error.code.as_str(), error.amazon_shaped),
            (status, code, true)
        );
    }
}

#[tokio::test]
async fn a_refused_token_is_forgotten_and_the_next_attempt_takes_a_fresh_one() {
    let fake = amazon(|_| {
        Play::Say(json(
            403,
            r#"{"errors":[{"code":"Unauthorized","message":"no"}]}"#,
        ))
    })
    .await;
    let clock = clock();
    let client = client_of(&shop(&fake.base()), clock.clone());
    let labels = client.labels(VIA).unwrap();
    for _ in 0..2 {
        let answer = labels.buy(&body(), key(), &ours()).await;
        clock.advance(Duration::from_secs(1));
        assert!(matches!(answer, WireAnswer::Error(_)), "{answer:?}");
    }
    let tokens = fake.heard().len() - asked(&fake).len();
    assert_eq!((tokens, asked(&fake).len()), (2, 2));
}

#[tokio::test]
async fn another_orders_answer_is_noticed() {
    let other = bought(buy(json(200, &whole().replace(ORDER, "222-2222222-2222222"))).await);
    assert!(other.trouble.unwrap().contains("do not use this label"));
}

async fn void(bytes: Vec<u8>) -> VoidWire {
    let fake = amazon(move |_| Play::Say(bytes.clone())).await;
    let client = client_of(&shop(&fake.base()), clock());
    let answer = client.labels(VIA).unwrap().void(&shipment()).await;
    let heard = asked(&fake);
    assert_eq!(heard.len(), 1, "sent exactly once");
    assert_eq!(heard[0].line, format!("DELETE /mfn/v0/shipments/{SHIPMENT}"));
    assert_eq!(heard[0].header("x-amz-access-token"), Some("Atz.sprdt|1"));
    answer
}

fn canceled(status: &str) -> String {
    shipment_with(r#"{"Contents":"","FileType":"","Checksum":""}"#, status)
}

#[tokio::test]
async fn the_status_says_what_came_of_a_void() {
    for status in ["RefundPending", "RefundApplied"] {
        let answer = void(json(200, &canceled(status))).await;
        assert!(
            matches!(answer, VoidWire::Accepted { .. }),
            "{status}: {answer:?}"
        );
    }
    let answer = void(json(200, &canceled("RefundRejected"))).await;
    let VoidWire::Rejected { why } = answer else {
        panic!("{answer:?}")
    };
    assert!(why.contains("rejects the refund"), "{why}");
    for lost in [
        json(200, &canceled("Purchased")),
        json(200, &canceled("")),
        json(
            200,
            &canceled("RefundPending").replace(SHIPMENT, "1f2c9a51-77aa-4c1e-9d0b-5e8d2f3a4b6c"),
        ),
        json(200, ""),
        json(502, "<html>"),
    ] {
        let answer = void(lost).await;
        assert!(matches!(answer, VoidWire::Lost { .. }), "{answer:?}");
    }
    let refused = void(json(
        400,
        r#"{"errors":[{"code":"LabelCancelWindowExpired","message":"late"}]}"#,
    ))
    .await;
    assert!(matches!(refused, VoidWire::Error(_)));
}

#[tokio::test]
async fn a_lost_void_is_told_by_a_read() {
    for (status, told) in [
        ("RefundPending", Some(true)),
        ("RefundApplied", Some(true)),
        ("RefundRejected", Some(false)),
        ("Purchased", None),
        ("Strange", None),
    ] {
        let fake = amazon(move |_| Play::Say(json(200, &canceled(status)))).await;
        let client = client_of(&shop(&fake.base()), clock());
        let answer = client.labels(VIA).unwrap().void_told(&shipment()).await.unwrap();
        let accepted = answer.map(|answer| matches!(answer, VoidWire::Accepted { .. }));
        assert_eq!(accepted, told, "{status}");
        assert!(asked(&fake)[0].line.starts_with("GET "));
    }
    let fake = amazon(|_| Play::Hang).await;
    let client = client_of(&shop(&fake.base()), clock());
    let v2 = client
        .labels(crate::domain::seller::LabelVia::ShippingV2)
        .unwrap();
    assert_eq!(
        v2.void_told(&shipment()).await,
        Ok(None),
        "Shipping v2 reports nothing"
    );
}

#[tokio::test]
async fn a_shipment_is_told_without_anything_of_the_customer() {
    let fake = amazon(|_| Play::Say(json(200, &whole()))).await;
    let client = client_of(&shop(&fake.base()), clock());
    let told = client.merchant_shipment(&shipment()).await.unwrap();
    assert_eq!(told.order, order());
    assert_eq!(told.status, MerchantStatus::Purchased);
    assert_eq!(told.tracking.as_ref().unwrap().as_str(), "1Z17E2100217295733");
    assert_eq!(
        (told.carrier.as_str(), told.service.as_str()),
        ("UPS®", "UPS Ground")
    );
    assert_eq!(told.items, [(LineId::from("57"), 2), (LineId::from("58"), 1)]);
    assert_eq!(told.created_at, Some("2026-11-21T12:00:01Z".parse().unwrap()));
    assert_eq!(told.updated_at, Some("2026-11-21T12:30:00Z".parse().unwrap()));
    assert!(!format!("{told:?}").contains("Canary"));
    let fake = amazon(|_| Play::Say(json(200, &whole().replace("0f2c", "1f2c")))).await;
    let client = client_of(&shop(&fake.base()), clock());
    let other = client.merchant_shipment(&shipment()).await;
    assert!(matches!(other, Err(CallError::Garbled { .. })), "{other:?}");
}

#[test]
fn labels_bought_elsewhere_have_no_api() {
    let client = client_of(&shop("http://127.0.0.1:1"), clock());
    assert!(client.labels(crate::domain::seller::LabelVia::Outside).is_none());
}

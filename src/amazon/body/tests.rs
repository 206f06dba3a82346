use super::*;
use crate::amazon::fake::{Fake, Play, client, json, with_headers};
use crate::domain::ids::OrderNumber;
use flate2::Compression;
use flate2::write::GzEncoder;
use std::io::Write;

#[derive(Debug, Deserialize)]
struct Answered {
    #[expect(dead_code, reason = "only its place matters")]
    payload: Vec<Inner>,
}

#[derive(Debug, Deserialize)]
struct Inner {
    #[expect(dead_code, reason = "only its place matters")]
    name: bool,
}

#[test]
fn errors_name_the_place_and_never_the_text() {
    let secret = "Zacharias Quillfeather";
    let wrong = format!(r#"{{"payload": [{{"name": true}}, {{"name": "{secret}"}}]}}"#);
    let why = read::<Answered>(wrong.as_bytes()).unwrap_err();
    assert!(why.contains("payload[1].name"), "{why}");
    assert!(!why.contains("Zach"), "{why}");
    let cut = format!(r#"{{"payload": [{{"name": "{secret}"#);
    let why = read::<Answered>(cut.as_bytes()).unwrap_err();
    assert!(why.contains("cut off"), "{why}");
    assert!(!why.contains("Zach"), "{why}");
    let why = read::<Answered>(format!("<html>{secret}").as_bytes()).unwrap_err();
    assert!(why.starts_with("not JSON"), "{why}");
    assert_eq!(read::<Answered>(b"").unwrap_err(), "empty");
    assert_eq!(
        read::<Answered>(b"{\"payload\": \"\xff\"}").unwrap_err(),
        "not UTF-8 from byte 13"
    );
    let why = read::<Answered>(b"{\"payload\": []} more").unwrap_err();
    assert!(why.contains("after its end"), "{why}");
}

#[test]
fn an_error_is_amazons_only_with_shape_and_request_id() {
    let body = br#"{"errors":[{"code":"InvalidInput","message":"no","details":""}]}"#;
    let whole = error(400, Some("id"), body);
    assert!(whole.amazon_shaped);
    assert_eq!(
        (whole.code.as_str(), whole.message.as_str()),
        ("InvalidInput", "no")
    );
    assert!(!error(400, None, body).amazon_shaped);
    assert!(!error(400, Some("id"), b"<html>").amazon_shaped);
    assert!(!error(400, Some("id"), b"{}").amazon_shaped);
    assert!(!error(400, Some("id"), br#"{"errors":[]}"#).amazon_shaped);
    assert!(!error(400, Some("id"), br#"{"errors":[{"message":"x"}]}"#).amazon_shaped);
    assert!(error(400, Some("id"), br#"{"errors":[{"code":"X","message":null}]}"#).amazon_shaped);
}

async fn order_answer(bytes: Vec<u8>) -> CallError {
    let fake = Fake::start(move |_| Play::Say(bytes.clone())).await;
    client(&fake)
        .get_order(&OrderNumber::from("111-1111111-1111111"))
        .await
        .unwrap_err()
}

fn packed(bytes: &[u8]) -> Vec<u8> {
    let mut encoder = GzEncoder::new(Vec::new(), Compression::best());
    encoder.write_all(bytes).unwrap();
    encoder.finish().unwrap()
}

#[tokio::test]
async fn a_bomb_is_not_unpacked() {
    let bomb = packed(&vec![b' '; 64 * 1024 * 1024]);
    assert!(bomb.len() < 100_000);
    let error = order_answer(with_headers(200, "content-encoding: gzip\r\n", &bomb)).await;
    assert!(error.to_string().contains("larger than 8 MiB"), "{error}");
}

#[tokio::test]
async fn html_cut_and_odd_bytes_are_errors_with_context() {
    let error = order_answer(with_headers(200, "x-amzn-RequestId: r-7\r\n", b"<html>")).await;
    assert!(error.to_string().contains("getOrder"), "{error}");
    assert!(error.to_string().contains("not JSON"), "{error}");
    assert_eq!(error.request_id(), Some("r-7"));
    let error = order_answer(json(200, r#"{"order": {"orderId": "1"#)).await;
    assert!(error.to_string().contains("cut off"), "{error}");
    let error = order_answer(with_headers(200, "", b"\xff\xfe")).await;
    assert!(error.to_string().contains("not UTF-8"), "{error}");
    let mut short = json(200, r#"{"order": {"orderId": "1"}}"#);
    short.truncate(short.len() - 5);
    let error = order_answer(short).await;
    assert!(matches!(error, CallError::Garbled { .. }), "{error}");
    assert!(!error.is_unreachable());
}

#[tokio::test]
async fn a_packed_answer_is_unpacked() {
    let body = packed(br#"{"order": {}}"#);
    let error = order_answer(with_headers(200, "content-encoding: gzip\r\n", &body)).await;
    assert!(error.to_string().contains("an order without number"), "{error}");
}

#[test]
fn an_error_repeats_no_name_that_amazon_would_not_use() {
    #[derive(Debug, Deserialize)]
    struct Shape {
        #[serde(flatten)]
        _all: std::collections::BTreeMap<String, u8>,
    }
    let why = read::<Shape>("{\"a\u{202e}\u{1b}[2Jb\": \"x\"}".as_bytes()).unwrap_err();
    assert!(why.is_ascii() && !why.contains('\u{1b}'), "{why}");
    let long = format!("{{\"{}\": \"x\"}}", "n".repeat(500));
    assert!(read::<Shape>(long.as_bytes()).unwrap_err().len() < 250);
}

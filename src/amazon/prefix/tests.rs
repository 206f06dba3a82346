use super::*;

fn text(bytes: &[u8]) -> Vec<(String, String, usize)> {
    fields(bytes)
        .into_iter()
        .map(|field| {
            (
                String::from_utf8_lossy(field.key).into_owned(),
                String::from_utf8_lossy(field.value).into_owned(),
                field.depth,
            )
        })
        .collect()
}

fn one(key: &str, value: &str, depth: usize) -> (String, String, usize) {
    (key.to_owned(), value.to_owned(), depth)
}

#[test]
fn reads_whole_scalars_only() {
    assert_eq!(
        text(br#"{"payload": {"shipmentId":"a\"b", "n": 12, "l": ["x", {"t" : true}], "u": "cut"#),
        [
            one("shipmentId", r#""a\"b""#, 2),
            one("n", "12", 2),
            one("t", "true", 4)
        ]
    );
    assert_eq!(text(br#"{"n": 12"#), [], "a number may go on");
    assert_eq!(text(br#"{"a": "b\"#), []);
    assert_eq!(text(br#"{"a": "b\\""#), [one("a", r#""b\\""#, 1)]);
}

#[test]
fn a_value_is_never_taken_for_a_key() {
    assert_eq!(
        text(br#"{"note": "shipmentId", "x": ["shipmentId", "y"], "z": 1}"#),
        [one("note", r#""shipmentId""#, 1), one("z", "1", 1)]
    );
    assert_eq!(text(br#"{"note": "\"shipmentId\":\"x\""}"#).len(), 1);
}

#[test]
fn what_is_not_json_gives_nothing() {
    assert_eq!(text(b"<html>"), []);
    assert_eq!(text(b""), []);
    assert_eq!(text(b"}}]]:::,,"), []);
    assert_eq!(text(&[0xff, b'"', b'"', b':']), []);
}

#[test]
fn unpacking_keeps_what_came_before_the_cut() {
    use flate2::{Compression, write::GzEncoder};
    use std::io::Write;
    let mut encoder = GzEncoder::new(Vec::new(), Compression::none());
    encoder.write_all(&b"0123456789".repeat(1000)).unwrap();
    let mut bytes = encoder.finish().unwrap();
    bytes.truncate(bytes.len() / 2);
    let unpacked = unpacked(Received { bytes, trouble: None });
    assert!(unpacked.bytes.starts_with(b"0123456789"));
    assert!(unpacked.trouble.is_some());
}

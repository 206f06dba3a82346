use super::*;
use crate::amazon::fake::{Fake, Play, client, json};

const SCHEMA: &str = r##"{"payload": {
  "$schema": "http://json-schema.org/draft-04/schema#", "type": "object",
  "definitions": {"code": {"type": "string", "title": "HS code", "pattern": "^[0-9]{6}$", "description": "6 digits"}},
  "properties": {
    "harmonizedSystemCode": {"$ref": "#/definitions/code"},
    "customs": {"type": "object", "required": ["reason"], "properties": {
      "reason": {"type": "string", "enum": ["SALE", "GIFT"], "default": "SALE"},
      "units/box": {"type": "integer", "minimum": 1, "maximum": 20}}},
    "weight": {"type": ["null", "number"]},
    "fragile": {"type": "boolean"},
    "by": {"type": "string", "format": "date-time"},
    "lines": {"type": "array"}
  },
  "required": ["harmonizedSystemCode", "customs", "lines"]
}}"##;

fn schema(text: &str) -> Vec<InputField> {
    fields(&serde_json::from_str::<Response>(text).unwrap().payload)
}

fn named<'a>(fields: &'a [InputField], name: &str) -> &'a InputField {
    fields.iter().find(|field| field.name == name).unwrap()
}

#[test]
fn a_schema_is_read_as_fields() {
    let fields = schema(SCHEMA);
    let code = named(&fields, "harmonizedSystemCode");
    assert_eq!(
        (code.title.as_str(), code.required, code.kind.clone()),
        ("HS code", true, InputKind::Text)
    );
    assert_eq!(code.patterns, [("^[0-9]{6}$".to_owned(), "6 digits".to_owned())]);
    let reason = named(&fields, "customs/reason");
    assert_eq!(reason.choices, ["SALE", "GIFT"]);
    assert_eq!((reason.required, reason.stored.as_str()), (true, "SALE"));
    let units = named(&fields, "customs/units~1box");
    assert_eq!(
        (units.kind.clone(), units.required, units.range.clone()),
        (
            InputKind::Whole,
            false,
            (Some("1".to_owned()), Some("20".to_owned()))
        )
    );
    assert_eq!(named(&fields, "weight").kind, InputKind::Decimal);
    assert_eq!(named(&fields, "fragile").kind, InputKind::YesNo);
    assert_eq!(named(&fields, "by").kind, InputKind::Moment);
    assert!(named(&fields, "lines").is_out_of_reach());
}

#[test]
fn a_schema_that_asks_for_nothing_or_is_none_has_no_fields() {
    for text in [
        r#"{"payload": {"properties": {}}}"#,
        r#"{"payload": {}}"#,
        r#"{"payload": null}"#,
        r#"{"payload": {"properties": [1]}}"#,
    ] {
        assert_eq!(schema(text), [], "{text}");
    }
    // A reference to itself ends.
    let loops = schema(r##"{"payload": {"properties": {"a": {"$ref": "#"}}, "required": ["a"]}}"##);
    assert!(loops.len() <= MOST);
}

#[test]
fn answers_go_back_in_the_schemas_form() {
    let fields = schema(SCHEMA);
    let typed = [
        ("harmonizedSystemCode", "691110"),
        ("customs/units~1box", "2"),
        ("weight", "1.50"),
        ("fragile", "no"),
    ];
    let values = InputValues(
        typed
            .iter()
            .map(|(key, value)| ((*key).to_owned(), named(&fields, key).read(value).unwrap()))
            .collect(),
    );
    assert_eq!(
        object_of(&fields, &values).unwrap(),
        serde_json::json!({
            "harmonizedSystemCode": "691110",
            "customs": {"units/box": 2},
            "weight": 1.5,
            "fragile": false,
        })
    );
    assert_eq!(object_of(&fields, &InputValues::default()), None);
}

#[tokio::test]
async fn it_is_asked_for_one_rate_of_one_quote() {
    let bytes = json(200, SCHEMA);
    let fake = Fake::start(move |_| Play::Say(bytes.clone())).await;
    let fields = client(&fake).additional_inputs("to ken", "rate&1").await.unwrap();
    assert!(fields.len() > 5);
    let heard = fake.heard();
    let line = &heard.last().unwrap().line;
    assert!(
        line.starts_with(
            "GET /shipping/v2/shipments/additionalInputs/schema?requestToken=to+ken&rateId=rate%261"
        ),
        "{line}"
    );
}

//! What a rate asks for besides the box: `getAdditionalInputs` answers a JSON schema for each rate (amazon.md
//! 3.2), a purchase carries an object that fits it. Nested objects are flattened into fields named by JSON
//! pointers; what cannot be typed (lists, choices between forms) is a field that is out of reach.

use crate::amazon::client::{SellerClient, path};
use crate::amazon::errors::CallError;
use crate::amazon::limits::Operation;
use crate::domain::rate::inputs::{InputField, InputKind, InputTarget, InputValues};
use crate::domain::text::Clean;
use reqwest::Method;
use serde::Deserialize;
use serde_json::{Map, Number, Value};

/// Nested objects that are looked into.
const DEPTH: usize = 6;
/// Fields that are taken from one schema.
const MOST: usize = 60;

#[derive(Deserialize)]
struct Response {
    payload: Value,
}

impl SellerClient {
    /// Asks what a rate of a quote wants besides the box. Free.
    pub async fn additional_inputs(
        &self,
        request_token: &str,
        rate_id: &str,
    ) -> Result<Vec<InputField>, CallError> {
        let operation = Operation::GetAdditionalInputs;
        let parts = ["shipping", "v2", "shipments", "additionalInputs", "schema"];
        let mut url = path(&self.base, &parts);
        url.query_pairs_mut()
            .append_pair("requestToken", request_token)
            .append_pair("rateId", rate_id);
        let answer = self.ask(operation, Method::GET, url, None).await?;
        let payload = answer.read::<Response>(operation.name())?.payload;
        Ok(fields(&payload))
    }
}

/// The fields of a schema, in its order.
pub(super) fn fields(schema: &Value) -> Vec<InputField> {
    let mut found = Vec::new();
    object(schema, schema, "", true, DEPTH, &mut found);
    found.truncate(MOST);
    found
}

fn object(
    root: &Value,
    schema: &Value,
    prefix: &str,
    required: bool,
    depth: usize,
    found: &mut Vec<InputField>,
) {
    let Some(properties) = schema.get("properties").and_then(Value::as_object) else {
        return;
    };
    let needed: Vec<&str> = schema
        .get("required")
        .and_then(Value::as_array)
        .into_iter()
        .flatten()
        .filter_map(Value::as_str)
        .collect();
    for (name, property) in properties {
        let property = resolved(root, property);
        let pointer = format!("{prefix}{}", name.replace('~', "~0").replace('/', "~1"));
        let required = required && needed.contains(&name.as_str());
        if property.get("properties").is_some() && depth > 0 {
            object(root, property, &format!("{pointer}/"), required, depth - 1, found);
        } else {
            found.push(field(pointer, name, property, required));
        }
    }
}

/// Follows a reference within the schema, once.
fn resolved<'a>(root: &'a Value, property: &'a Value) -> &'a Value {
    property
        .get("$ref")
        .and_then(Value::as_str)
        .and_then(|reference| reference.strip_prefix('#'))
        .and_then(|pointer| root.pointer(pointer))
        .unwrap_or(property)
}

fn field(pointer: String, name: &str, property: &Value, required: bool) -> InputField {
    let text = |key: &str| property.get(key).and_then(Value::as_str).map(Clean::text);
    let written = |key: &str| match property.get(key) {
        Some(Value::Number(number)) => Some(number.to_string()),
        _ => None,
    };
    let length = |key: &str| {
        property
            .get(key)
            .and_then(Value::as_u64)
            .and_then(|length| u32::try_from(length).ok())
    };
    let choices: Vec<String> = property
        .get("enum")
        .and_then(Value::as_array)
        .into_iter()
        .flatten()
        .filter_map(scalar)
        .collect();
    let patterns = property
        .get("pattern")
        .and_then(Value::as_str)
        .map(|pattern| (pattern.to_owned(), text("description").unwrap_or_default()));
    InputField {
        name: pointer,
        target: InputTarget::Shipment,
        title: text("title").unwrap_or_else(|| Clean::text(name)),
        kind: kind(property, !choices.is_empty()),
        required,
        choices,
        patterns: patterns.into_iter().collect(),
        length: (length("minLength"), length("maxLength")),
        range: (written("minimum"), written("maximum")),
        stored: property.get("default").and_then(scalar).unwrap_or_default(),
    }
}

fn kind(property: &Value, has_choices: bool) -> InputKind {
    let named = match property.get("type") {
        Some(Value::String(name)) => Some(name.as_str()),
        // A list of types: the first that is not null.
        Some(Value::Array(names)) => names
            .iter()
            .filter_map(Value::as_str)
            .find(|name| *name != "null"),
        _ => None,
    };
    match named {
        Some("string") if property.get("format").and_then(Value::as_str) == Some("date-time") => {
            InputKind::Moment
        }
        Some("string") => InputKind::Text,
        Some("integer") => InputKind::Whole,
        Some("number") => InputKind::Decimal,
        Some("boolean") => InputKind::YesNo,
        None if has_choices => InputKind::Text,
        other => InputKind::Other(Clean::text(other.unwrap_or("unknown form"))),
    }
}

fn scalar(value: &Value) -> Option<String> {
    match value {
        Value::String(text) => Some(Clean::text(text)),
        Value::Number(number) => Some(number.to_string()),
        Value::Bool(truth) => Some(truth.to_string()),
        _ => None,
    }
}

/// The object that a purchase carries (`additionalInputs`); none where nothing was answered.
pub(super) fn object_of(fields: &[InputField], values: &InputValues) -> Option<Value> {
    let mut object = Map::new();
    for field in fields {
        let Some(answer) = values.get(field) else { continue };
        let parts: Vec<String> = field
            .name
            .split('/')
            .map(|part| part.replace("~1", "/").replace("~0", "~"))
            .collect();
        put(&mut object, &parts, typed(&field.kind, answer));
    }
    (!object.is_empty()).then_some(Value::Object(object))
}

fn put(object: &mut Map<String, Value>, parts: &[String], value: Value) {
    match parts {
        [] => {}
        [last] => drop(object.insert(last.clone(), value)),
        [first, rest @ ..] => {
            let inner = object
                .entry(first.clone())
                .or_insert_with(|| Value::Object(Map::new()));
            if let Value::Object(inner) = inner {
                put(inner, rest, value);
            }
        }
    }
}

/// Digits become a JSON number as they were typed, as far as JSON's numbers go.
fn typed(kind: &InputKind, answer: &str) -> Value {
    let text = || Value::String(answer.to_owned());
    match kind {
        InputKind::Whole | InputKind::Decimal => {
            answer.parse::<Number>().map_or_else(|_| text(), Value::Number)
        }
        InputKind::YesNo => Value::Bool(answer == "true"),
        _ => text(),
    }
}

#[cfg(test)]
mod tests;

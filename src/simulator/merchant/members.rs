//! Members of a request, and the words in which Amazon refuses them.

use crate::simulator::wire::Answer;
use chrono::{DateTime, Utc};
use serde_json::Value;

/// The member's path as Amazon writes it in errors: every name begins with a small letter.
pub(super) fn at(path: &str, field: &str) -> String {
    let mut letters = field.chars();
    let first = letters.next().map(|letter| letter.to_ascii_lowercase());
    let field: String = first.into_iter().chain(letters).collect();
    if path.is_empty() {
        field
    } else {
        format!("{path}.{field}")
    }
}

pub(super) fn violated(value: &Value, place: &str, constraint: &str) -> Answer {
    let shown = match value {
        Value::Null => "null".to_owned(),
        Value::String(text) => format!("'{text}'"),
        other => format!("'{other}'"),
    };
    Answer::invalid(&format!(
        "1 validation error detected: Value {shown} at '{place}' failed to satisfy constraint: Member {constraint}"
    ))
}

/// A required member.
pub(super) fn need<'a>(object: &'a Value, field: &str, path: &str) -> Result<&'a Value, Answer> {
    object
        .get(field)
        .filter(|value| !value.is_null())
        .ok_or_else(|| violated(&Value::Null, &at(path, field), "must not be null"))
}

/// A required text of 1 to `longest` characters.
pub(super) fn text<'a>(
    object: &'a Value,
    field: &str,
    path: &str,
    longest: usize,
) -> Result<&'a str, Answer> {
    let value = need(object, field, path)?;
    let bad = |constraint: &str| violated(value, &at(path, field), constraint);
    let text = value.as_str().ok_or_else(|| bad("must be a string"))?;
    if text.is_empty() {
        return Err(bad("must have length greater than or equal to 1"));
    }
    if text.chars().count() > longest {
        return Err(bad(&format!("must have length less than or equal to {longest}")));
    }
    Ok(text)
}

pub(super) fn optional<'a>(
    object: &'a Value,
    field: &str,
    path: &str,
    longest: usize,
) -> Result<Option<&'a str>, Answer> {
    match object.get(field) {
        None | Some(Value::Null) => Ok(None),
        Some(_) => text(object, field, path, longest).map(Some),
    }
}

pub(super) fn number(object: &Value, field: &str, path: &str) -> Result<f64, Answer> {
    let value = need(object, field, path)?;
    value
        .as_f64()
        .filter(|number| number.is_finite())
        .ok_or_else(|| violated(value, &at(path, field), "must be a number"))
}

pub(super) fn flag(object: &Value, field: &str, path: &str) -> Result<bool, Answer> {
    let value = need(object, field, path)?;
    value
        .as_bool()
        .ok_or_else(|| violated(value, &at(path, field), "must be a boolean"))
}

/// One of the values of an enumeration.
pub(super) fn choice(
    object: &Value,
    field: &str,
    path: &str,
    among: &[&'static str],
) -> Result<&'static str, Answer> {
    let value = need(object, field, path)?;
    among
        .iter()
        .find(|known| value.as_str() == Some(known))
        .copied()
        .ok_or_else(|| {
            let set = format!("must satisfy enum value set: [{}]", among.join(", "));
            violated(value, &at(path, field), &set)
        })
}

pub(super) fn optional_choice(
    object: &Value,
    field: &str,
    path: &str,
    among: &[&'static str],
) -> Result<Option<&'static str>, Answer> {
    match object.get(field) {
        None | Some(Value::Null) => Ok(None),
        Some(_) => choice(object, field, path, among).map(Some),
    }
}

pub(super) fn time(object: &Value, field: &str, path: &str) -> Result<Option<DateTime<Utc>>, Answer> {
    let Some(text) = optional(object, field, path, 64)? else {
        return Ok(None);
    };
    DateTime::parse_from_rfc3339(text)
        .map(|time| Some(time.to_utc()))
        .map_err(|_| violated(&object[field], &at(path, field), "must be a timestamp"))
}

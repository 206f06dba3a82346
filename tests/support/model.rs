//! One of Amazon's models (Swagger 2.0) as a judge of what was sent and answered.

use jsonschema::Validator;
use serde_json::{Map, Value, json};
use std::cell::RefCell;
use std::collections::HashMap;
use std::path::Path;
use std::rc::Rc;

/// A request and its answer as they went over the wire.
pub(crate) struct Exchange {
    /// E.g. `POST`.
    pub(crate) method: String,
    /// Path, unescaped nowhere.
    pub(crate) path: String,
    /// Query, unescaped.
    pub(crate) query: Vec<(String, String)>,
    /// Names in lower case.
    pub(crate) headers: HashMap<String, String>,
    /// Body of the request.
    pub(crate) body: Vec<u8>,
    /// Status of the answer.
    pub(crate) status: u16,
    /// Body of the answer.
    pub(crate) answer: Vec<u8>,
}

/// A model.
pub(crate) struct Model {
    swagger: Value,
    definitions: Value,
    /// Validators by their schema: building one takes longer than using it.
    built: RefCell<HashMap<String, Rc<Validator>>>,
}

impl Model {
    /// Reads a model; none where the file is absent.
    pub(crate) fn read(file: &Path) -> Option<Self> {
        let swagger: Value = serde_json::from_slice(&std::fs::read(file).ok()?).expect("a model is JSON");
        let mut definitions = swagger["definitions"].clone();
        to_json_schema(&mut definitions);
        Some(Self {
            swagger,
            definitions,
            built: RefCell::default(),
        })
    }

    /// All that is wrong with an exchange, and the operation that it is of. None: not of this model.
    pub(crate) fn judge(&self, exchange: &Exchange) -> Option<(String, Vec<String>)> {
        let (operation, shared) = self.operation(exchange)?;
        let name = operation["operationId"].as_str().expect("an id").to_owned();
        let mut wrong = Vec::new();
        let none = Vec::new();
        let parameters: Vec<&Value> = [&operation["parameters"], shared]
            .iter()
            .flat_map(|list| list.as_array().unwrap_or(&none))
            .collect();
        query(exchange, &parameters, &mut wrong);
        for parameter in parameters {
            let value = match parameter["in"].as_str() {
                Some("body") => {
                    self.check(&parameter["schema"], &exchange.body, "request", &mut wrong);
                    continue;
                }
                Some("header") => parameter["name"]
                    .as_str()
                    .and_then(|name| exchange.headers.get(&name.to_ascii_lowercase())),
                _ => continue,
            };
            if let Some(value) = value {
                one_of(parameter, value, &mut wrong);
            } else if parameter["required"] == true {
                wrong.push(format!("header {} is missing", parameter["name"]));
            }
        }
        match &operation["responses"][exchange.status.to_string()] {
            Value::Null => wrong.push(format!("status {} is not in the model", exchange.status)),
            response if response["schema"].is_object() => {
                self.check(&response["schema"], &exchange.answer, "answer", &mut wrong);
            }
            _ => {}
        }
        Some((name, wrong))
    }

    fn operation(&self, exchange: &Exchange) -> Option<(&Value, &Value)> {
        let paths = self.swagger["paths"].as_object().expect("paths");
        let (_, path) = paths
            .iter()
            .filter(|(template, _)| fits(template, &exchange.path))
            // A literal path wins over one with a placeholder.
            .min_by_key(|(template, _)| template.matches('{').count())?;
        let operation = &path[exchange.method.to_ascii_lowercase()];
        operation.is_object().then_some((operation, &path["parameters"]))
    }

    fn check(&self, schema: &Value, bytes: &[u8], what: &str, wrong: &mut Vec<String>) {
        let value: Value = match serde_json::from_slice(bytes) {
            Ok(value) => value,
            Err(error) => {
                wrong.push(format!("{what} is not JSON: {error}"));
                return;
            }
        };
        let validator = Rc::clone(
            self.built
                .borrow_mut()
                .entry(schema.to_string())
                .or_insert_with(|| Rc::new(self.build(schema))),
        );
        wrong.extend(
            validator
                .iter_errors(&value)
                .map(|error| format!("{what}{}: {error}", error.instance_path())),
        );
    }

    fn build(&self, schema: &Value) -> Validator {
        let mut schema = schema.clone();
        to_json_schema(&mut schema);
        schema["$defs"] = self.definitions.clone();
        jsonschema::options()
            .should_validate_formats(true)
            .build(&schema)
            .expect("a schema")
    }
}

/// Swagger's schemas as JSON Schema: references to `$defs`, `x-nullable` as a type of its own, and objects
/// closed, so that a misspelt field shows.
fn to_json_schema(schema: &mut Value) {
    match schema {
        Value::Array(list) => list.iter_mut().for_each(to_json_schema),
        Value::Object(object) => {
            for keyword in ["example", "discriminator", "xml", "externalDocs", "readOnly"] {
                // A property may have such a name; a keyword's value is never a schema.
                if object
                    .get(keyword)
                    .is_some_and(|value| value.get("type").is_none() && value.get("$ref").is_none())
                {
                    object.remove(keyword);
                }
            }
            if let Some(Value::String(reference)) = object.get_mut("$ref") {
                *reference = reference.replace("#/definitions/", "#/$defs/");
            }
            nullable(object);
            if object.get("type") == Some(&json!("object"))
                && object
                    .get("properties")
                    .and_then(Value::as_object)
                    .is_some_and(|properties| !properties.is_empty())
                && !object.contains_key("additionalProperties")
            {
                object.insert("additionalProperties".to_owned(), json!(false));
            }
            object.values_mut().for_each(to_json_schema);
        }
        _ => {}
    }
}

fn nullable(object: &mut Map<String, Value>) {
    if object.remove("x-nullable") != Some(json!(true)) {
        return;
    }
    if let Some(Value::String(kind)) = object.get("type").cloned() {
        object.insert("type".to_owned(), json!([kind, "null"]));
    }
    if let Some(Value::Array(values)) = object.get_mut("enum") {
        values.push(Value::Null);
    }
}

fn fits(template: &str, path: &str) -> bool {
    let mut parts = path.split('/');
    template.split('/').all(|expected| {
        parts
            .next()
            .is_some_and(|part| expected == part || (expected.starts_with('{') && !part.is_empty()))
    }) && parts.next().is_none()
}

fn query(exchange: &Exchange, parameters: &[&Value], wrong: &mut Vec<String>) {
    let known: Vec<&&Value> = parameters
        .iter()
        .filter(|parameter| parameter["in"] == "query")
        .collect();
    for (name, value) in &exchange.query {
        let Some(parameter) = known.iter().find(|parameter| parameter["name"] == name.as_str()) else {
            wrong.push(format!("there is no query parameter {name}"));
            continue;
        };
        if parameter["type"] == "array" {
            for value in value.split(',') {
                one_of(&parameter["items"], value, wrong);
            }
        } else {
            one_of(parameter, value, wrong);
        }
        if parameter["format"] == "date-time" && chrono::DateTime::parse_from_rfc3339(value).is_err() {
            wrong.push(format!("{name} is not a date-time: {value}"));
        }
        if parameter["type"] == "integer" && value.parse::<i64>().is_err() {
            wrong.push(format!("{name} is not a number: {value}"));
        }
    }
    for parameter in known {
        let name = parameter["name"].as_str().expect("a name");
        if parameter["required"] == true && !exchange.query.iter().any(|(sent, _)| sent == name) {
            wrong.push(format!("query parameter {name} is missing"));
        }
    }
}

fn one_of(parameter: &Value, value: &str, wrong: &mut Vec<String>) {
    if let Some(values) = parameter["enum"].as_array()
        && !values.iter().any(|known| known == value)
    {
        wrong.push(format!("{value} is not one of {values:?}"));
    }
}

//! `getAdditionalSellerInputs`: what a service asks for besides the box (amazon.md 2.11).

use super::request;
use crate::amazon::client::SellerClient;
use crate::amazon::errors::CallError;
use crate::amazon::labels::Extras;
use crate::amazon::limits::Operation;
use crate::amazon::places;
use crate::amazon::wire::{Exact, Many, Maybe, Opaque, Text, Truth, present, texts};
use crate::domain::ids::OrderNumber;
use crate::domain::money::{Currency, Money};
use crate::domain::order::OrderLine;
use crate::domain::rate::inputs::{InputField, InputKind, InputTarget};
use crate::domain::units::Weight;
use reqwest::Method;
use serde::{Deserialize, Serialize};

#[derive(Deserialize)]
struct Response {
    payload: Payload,
}

#[derive(Default, Deserialize)]
#[serde(rename_all = "PascalCase", default)]
struct Payload {
    shipment_level_fields: Many<Maybe<WireInput>>,
    item_level_fields_list: Many<Maybe<WireItem>>,
}

#[derive(Default, Deserialize)]
#[serde(rename_all = "PascalCase", default)]
struct WireItem {
    asin: Text,
    additional_inputs: Many<Maybe<WireInput>>,
}

#[derive(Default, Deserialize)]
#[serde(rename_all = "PascalCase", default)]
struct WireInput {
    additional_input_field_name: Opaque,
    seller_input_definition: Maybe<WireDefinition>,
}

#[derive(Default, Deserialize)]
#[serde(rename_all = "PascalCase", default)]
struct WireDefinition {
    is_required: Truth,
    data_type: Text,
    constraints: Many<Maybe<WireConstraint>>,
    input_display_text: Text,
    stored_value: Maybe<WireStored>,
    restricted_set_values: Many<Text>,
}

#[derive(Default, Deserialize)]
#[serde(default)]
struct WireConstraint {
    #[serde(rename = "ValidationRegEx")]
    pattern: Opaque,
    #[serde(rename = "ValidationString")]
    words: Text,
}

#[derive(Default, Deserialize)]
#[serde(rename_all = "PascalCase", default)]
struct WireStored {
    value_as_string: Text,
}

impl SellerClient {
    /// What a service asks for besides the box, for this order: first of the shipment, then of each product. Free, at
    /// most one a second.
    pub async fn seller_inputs(
        &self,
        service_id: &str,
        order: &OrderNumber,
    ) -> Result<Vec<InputField>, CallError> {
        let operation = Operation::GetAdditionalSellerInputs;
        let body = request::inputs(&self.profile.ship_from, service_id, order);
        let body = serde_json::to_vec(&body).expect("text is JSON");
        let url = self.merchant_path(&["additionalSellerInputs"]);
        let answer = self.ask(operation, Method::POST, url, Some(body)).await?;
        let payload = answer.read::<Response>(operation.name())?.payload;
        let currency = places::currency(&self.profile.marketplace);
        let mut fields = fields(payload.shipment_level_fields, &InputTarget::Shipment, currency);
        for item in present(payload.item_level_fields_list) {
            let target = InputTarget::Item(item.asin.0);
            fields.extend(self::fields(item.additional_inputs, &target, currency));
        }
        Ok(fields)
    }
}

fn fields(wire: Many<Maybe<WireInput>>, target: &InputTarget, currency: Currency) -> Vec<InputField> {
    present(wire)
        .filter(|input| !input.additional_input_field_name.0.is_empty())
        .map(|input| input.plain(target.clone(), currency))
        .collect()
}

impl WireInput {
    /// A field without a definition is asked for as needed text: better asked than refused by Amazon.
    fn plain(self, target: InputTarget, currency: Currency) -> InputField {
        let definition = self.seller_input_definition.or_empty();
        InputField {
            name: self.additional_input_field_name.0,
            target,
            title: definition.input_display_text.0,
            kind: kind(&definition.data_type.0, currency),
            required: definition.is_required.0.unwrap_or(true),
            choices: texts(definition.restricted_set_values),
            patterns: present(definition.constraints)
                .filter(|rule| !rule.pattern.0.is_empty())
                .map(|rule| (rule.pattern.0, rule.words.0))
                .collect(),
            length: (None, None),
            range: (None, None),
            stored: definition.stored_value.or_empty().value_as_string.0,
        }
    }
}

/// The form of an answer by Amazon's word for it, which the model leaves open (amazon.md 2.11).
fn kind(word: &str, currency: Currency) -> InputKind {
    match word.to_ascii_uppercase().as_str() {
        "" | "STRING" => InputKind::Text,
        "BOOLEAN" => InputKind::YesNo,
        "INTEGER" => InputKind::Whole,
        "TIMESTAMP" | "DATETIME" => InputKind::Moment,
        "CURRENCY" => InputKind::Money(currency),
        "WEIGHT" => InputKind::Weight,
        _ => InputKind::Other(word.to_owned()),
    }
}

/// A product's details, asked for by its ASIN, as details of each of the order's SKUs that has it.
pub(in crate::amazon) fn by_sku(asked: Vec<InputField>, lines: &[OrderLine]) -> Vec<InputField> {
    let mut fields = Vec::new();
    for field in asked {
        let InputTarget::Item(asin) = &field.target else {
            fields.push(field);
            continue;
        };
        let mut skus: Vec<String> = lines
            .iter()
            .filter(|line| line.asin == *asin)
            .map(|line| line.sku.to_string())
            .collect();
        skus.dedup();
        fields.extend(skus.into_iter().map(|sku| InputField {
            target: InputTarget::Item(sku),
            ..field.clone()
        }));
    }
    fields
}

/// One answer: `{"AdditionalInputFieldName": …, "AdditionalSellerInput": {…}}`.
#[derive(Serialize)]
#[serde(rename_all = "PascalCase")]
pub(super) struct Given {
    additional_input_field_name: String,
    additional_seller_input: Answer,
}

#[derive(Default, Serialize)]
#[serde(rename_all = "PascalCase")]
struct Answer {
    data_type: &'static str,
    #[serde(skip_serializing_if = "Option::is_none")]
    value_as_string: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    value_as_boolean: Option<bool>,
    #[serde(skip_serializing_if = "Option::is_none")]
    value_as_integer: Option<i64>,
    #[serde(skip_serializing_if = "Option::is_none")]
    value_as_timestamp: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    value_as_weight: Option<request::Heft>,
    #[serde(skip_serializing_if = "Option::is_none")]
    value_as_currency: Option<Price>,
}

#[derive(Serialize)]
#[serde(rename_all = "PascalCase")]
struct Price {
    currency_code: Currency,
    amount: Exact,
}

/// The answers about this target, as they go back.
pub(super) fn given(extras: &Extras<'_>, target: &InputTarget) -> Vec<Given> {
    let about = extras.fields.iter().filter(|field| field.target == *target);
    about
        .filter_map(|field| {
            Some(Given {
                additional_input_field_name: field.name.clone(),
                additional_seller_input: answer(&field.kind, extras.answer(field)?),
            })
        })
        .collect()
}

fn answer(kind: &InputKind, text: &str) -> Answer {
    let plain = || Answer {
        data_type: "STRING",
        value_as_string: Some(text.to_owned()),
        ..Answer::default()
    };
    match kind {
        InputKind::YesNo => Answer {
            data_type: "BOOLEAN",
            value_as_boolean: Some(text == "true"),
            ..Answer::default()
        },
        InputKind::Whole => text.parse().map_or_else(
            |_| plain(),
            |number| Answer {
                data_type: "INTEGER",
                value_as_integer: Some(number),
                ..Answer::default()
            },
        ),
        InputKind::Moment => Answer {
            data_type: "TIMESTAMP",
            value_as_timestamp: Some(text.to_owned()),
            ..Answer::default()
        },
        InputKind::Money(currency) => Money::parse(text, *currency).map_or_else(plain, |price| Answer {
            data_type: "CURRENCY",
            value_as_currency: Some(Price {
                currency_code: price.currency,
                amount: Exact::new(price.minor, price.currency.exponent()),
            }),
            ..Answer::default()
        }),
        InputKind::Weight => Weight::parse(text).map_or_else(
            |_| plain(),
            |weight| Answer {
                data_type: "WEIGHT",
                value_as_weight: Some(request::heft(weight)),
                ..Answer::default()
            },
        ),
        InputKind::Text | InputKind::Decimal | InputKind::Other(_) => plain(),
    }
}

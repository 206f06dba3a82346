//! `getAdditionalSellerInputs`: what a service asks for besides the box (amazon.md 2.11).

use super::request;
use crate::amazon::client::SellerClient;
use crate::amazon::errors::CallError;
use crate::amazon::limits::Operation;
use crate::amazon::places;
use crate::amazon::wire::{Many, Maybe, Opaque, Text, Truth, present, texts};
use crate::domain::ids::OrderNumber;
use crate::domain::money::Currency;
use crate::domain::rate::inputs::{InputField, InputKind, InputTarget};
use reqwest::Method;
use serde::Deserialize;

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

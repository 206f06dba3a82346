//! `getAdditionalSellerInputs`: what a service asks for besides the box (amazon.md 2.11).

use super::request;
use crate::amazon::client::SellerClient;
use crate::amazon::errors::CallError;
use crate::amazon::limits::Operation;
use crate::amazon::wire::{Many, Maybe, Opaque, Text, Truth, present, texts};
use crate::domain::ids::OrderNumber;
use crate::domain::merchant::{SellerInput, SellerInputs};
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
    /// What a service asks for besides the box, for this order. Free, at most one a second.
    pub async fn seller_inputs(
        &self,
        service_id: &str,
        order: &OrderNumber,
    ) -> Result<SellerInputs, CallError> {
        let operation = Operation::GetAdditionalSellerInputs;
        let body = request::inputs(&self.profile.ship_from, service_id, order);
        let body = serde_json::to_vec(&body).expect("text is JSON");
        let url = self.merchant_path(&["additionalSellerInputs"]);
        let answer = self.ask(operation, Method::POST, url, Some(body)).await?;
        let payload = answer.read::<Response>(operation.name())?.payload;
        Ok(SellerInputs {
            shipment: inputs(payload.shipment_level_fields),
            items: present(payload.item_level_fields_list)
                .map(|item| (item.asin.0, inputs(item.additional_inputs)))
                .collect(),
        })
    }
}

fn inputs(wire: Many<Maybe<WireInput>>) -> Vec<SellerInput> {
    present(wire)
        .filter(|input| !input.additional_input_field_name.0.is_empty())
        .map(WireInput::plain)
        .collect()
}

impl WireInput {
    /// A field without a definition is asked for as required text: better asked than refused by Amazon.
    fn plain(self) -> SellerInput {
        let field = self.additional_input_field_name.0;
        let known = self.seller_input_definition.0;
        let definition = known.unwrap_or_default();
        let stored = definition.stored_value.or_empty().value_as_string.0;
        SellerInput {
            words: Some(definition.input_display_text.0)
                .filter(|words| !words.is_empty())
                .unwrap_or_else(|| field.clone()),
            required: definition.is_required.0.unwrap_or(true),
            kind: definition.data_type.0,
            constraints: present(definition.constraints)
                .map(|rule| {
                    let pattern = Some(rule.pattern.0).filter(|pattern| !pattern.is_empty());
                    (pattern, rule.words.0)
                })
                .collect(),
            values: texts(definition.restricted_set_values),
            stored: Some(stored).filter(|stored| !stored.is_empty()),
            field,
        }
    }
}

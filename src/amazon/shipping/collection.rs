//! Collection forms: `getUnmanifestedShipments`, `generateCollectionForm`, `getCollectionFormHistory`,
//! `getCollectionForm` (amazon.md 3.2). No wrapper around their answers; read in either shape all the same.

use super::request::{Address, from_address};
use super::{decode, stamp};
use crate::amazon::body::{self, Answer};
use crate::amazon::client::{SellerClient, path};
use crate::amazon::errors::CallError;
use crate::amazon::limits::Operation;
use crate::amazon::spend::{Outcome, whole_error};
use crate::amazon::wire::{Many, Maybe, Moment, Opaque, Text};
use crate::domain::collection::{FormAnswer, FormRecord, Unmanifested};
use crate::domain::sealed::{DocumentBytes, RequestBytes};
use chrono::{DateTime, Utc};
use reqwest::Method;
use reqwest::header::HeaderValue;
use serde::de::DeserializeOwned;
use serde::{Deserialize, Serialize};
use uuid::Uuid;

/// Most records of the history that are asked for.
const RECORDS: u32 = 100;

/// Other answers of this API stand in a `payload`.
#[derive(Deserialize)]
#[serde(bound = "T: Deserialize<'de>")]
struct Wrapped<T> {
    #[serde(default)]
    payload: Maybe<T>,
}

/// An answer, whether it stands in a `payload` or not.
fn bare<T: DeserializeOwned>(bytes: &[u8]) -> Result<T, String> {
    match body::read::<Wrapped<T>>(bytes)?.payload.0 {
        Some(inner) => Ok(inner),
        None => body::read(bytes),
    }
}

#[derive(Default, Deserialize)]
#[serde(rename_all = "camelCase", default)]
struct Form {
    collections_form_document: Maybe<Document>,
}

#[derive(Default, Deserialize)]
#[serde(rename_all = "camelCase", default)]
struct Document {
    base64_encoded_content: Opaque,
}

#[derive(Default, Deserialize)]
#[serde(rename_all = "camelCase", default)]
struct Unmanifest {
    unmanifested_carrier_information_list: Many<Maybe<Carrier>>,
}

#[derive(Default, Deserialize)]
#[serde(rename_all = "camelCase", default)]
struct Carrier {
    carrier_id: Text,
    carrier_name: Text,
}

#[derive(Default, Deserialize)]
#[serde(rename_all = "camelCase", default)]
struct History {
    collection_forms_history_record_list: Many<Maybe<Record>>,
}

#[derive(Default, Deserialize)]
#[serde(rename_all = "camelCase", default)]
struct Record {
    carrier_name: Text,
    creation_date: Moment,
    generation_status: Text,
    collection_form_id: Text,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Generate<'a> {
    carrier_id: &'a str,
    ship_from_address: Address<'a>,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Ask {
    max_results: u32,
    date_range: Range,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Range {
    start_date: String,
    end_date: String,
}

impl SellerClient {
    /// Which carriers have parcels that are on no collection form yet. Free; changes nothing.
    pub async fn unmanifested(&self) -> Result<Vec<Unmanifested>, CallError> {
        let operation = Operation::GetUnmanifestedShipments;
        let url = path(&self.base, &["shipping", "v2", "unmanifestedShipments"]);
        let answer = self
            .ask(operation, Method::PUT, url, Some(b"{}".to_vec()))
            .await?;
        let list = read::<Unmanifest>(&answer, operation)?.unmanifested_carrier_information_list;
        let each = list.0.into_iter().filter_map(|carrier| carrier.0);
        Ok(each
            .filter(|carrier| !carrier.carrier_id.0.is_empty())
            .map(|carrier| Unmanifested {
                carrier_id: carrier.carrier_id.0,
                carrier: carrier.carrier_name.0,
            })
            .collect())
    }

    /// Asks for a form of the carrier's parcels, sent exactly once under this key.
    pub async fn generate_form(&self, carrier_id: &str, key: Uuid) -> FormAnswer {
        let body = Generate {
            carrier_id,
            ship_from_address: from_address(&self.profile.ship_from),
        };
        let body = RequestBytes(serde_json::to_vec(&body).expect("a wish for a form is plain data"));
        let key = HeaderValue::from_str(&key.to_string()).expect("a UUID is printable");
        let url = path(&self.base, &["shipping", "v2", "collectionForms"]);
        let operation = Operation::GenerateCollectionForm;
        let permit = match self.ready(operation).await {
            Ok(permit) => permit,
            Err(error) => return FormAnswer::NotSent(error.to_string()),
        };
        let sent = self
            .send_once(operation, Method::POST, url, Some(key), Some(&body))
            .await;
        drop(permit);
        let (head, received) = match sent {
            Outcome::NotSent(why) => return FormAnswer::NotSent(why),
            Outcome::Lost(why) => return FormAnswer::Lost(why),
            Outcome::Answered(head, received) => (head, received),
        };
        if !(200..300).contains(&head.status) {
            return match whole_error(&head, &received) {
                Ok(error) => FormAnswer::Refused(error),
                Err(why) => FormAnswer::Lost(why),
            };
        }
        match (&received.trouble, bare::<Form>(&received.bytes)) {
            (Some(trouble), _) => FormAnswer::Lost(format!("the answer broke off: {trouble}")),
            (None, Err(why)) => FormAnswer::Lost(format!("the answer is {why}")),
            (None, Ok(form)) => form.page().map_or(FormAnswer::Begun, FormAnswer::Made),
        }
    }

    /// Forms that were begun in this time, of every carrier.
    pub async fn form_history(
        &self,
        since: DateTime<Utc>,
        until: DateTime<Utc>,
    ) -> Result<Vec<FormRecord>, CallError> {
        let operation = Operation::GetCollectionFormHistory;
        let url = path(&self.base, &["shipping", "v2", "collectionForms", "history"]);
        // Wider than asked for: the clocks may differ.
        let margin = chrono::TimeDelta::hours(1);
        let body = Ask {
            max_results: RECORDS,
            date_range: Range {
                start_date: stamp(since - margin),
                end_date: stamp(until + margin),
            },
        };
        let body = serde_json::to_vec(&body).expect("a question is plain data");
        let answer = self.ask(operation, Method::PUT, url, Some(body)).await?;
        let list = read::<History>(&answer, operation)?.collection_forms_history_record_list;
        let each = list.0.into_iter().filter_map(|record| record.0);
        Ok(each
            .map(|record| FormRecord {
                id: record.collection_form_id.0,
                carrier: record.carrier_name.0,
                status: record.generation_status.0,
                at: record.creation_date.0,
            })
            .collect())
    }

    /// A form's document again.
    pub async fn collection_form(&self, id: &str) -> Result<DocumentBytes, CallError> {
        let operation = Operation::GetCollectionForm;
        let url = path(&self.base, &["shipping", "v2", "collectionForms", id]);
        let answer = self.ask(operation, Method::GET, url, None).await?;
        let page = read::<Form>(&answer, operation)?.page();
        page.ok_or_else(|| answer.garbled(operation.name(), "it holds no document"))
    }
}

fn read<T: DeserializeOwned>(answer: &Answer, operation: Operation) -> Result<T, CallError> {
    bare(&answer.bytes).map_err(|why| answer.garbled(operation.name(), &why))
}

impl Form {
    fn page(self) -> Option<DocumentBytes> {
        decode(&self.collections_form_document.or_empty().base64_encoded_content.0)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_answer_is_read_with_and_without_its_wrapper_and_an_empty_one_is_no_form() {
        let form =
            r#"{"collectionsFormDocument":{"base64EncodedContent":"JVBERg==","documentFormat":"PDF"}}"#;
        for text in [form.to_owned(), format!(r#"{{"payload":{form}}}"#)] {
            let page = bare::<Form>(text.as_bytes()).unwrap().page();
            assert_eq!(page, Some(DocumentBytes(b"%PDF".to_vec())), "{text}");
        }
        for text in ["{}", r#"{"collectionsFormDocument":null}"#, r#"{"payload":{}}"#] {
            assert_eq!(
                bare::<Form>(text.as_bytes()).unwrap().page(),
                None,
                "{text}: it is being made"
            );
        }
        assert!(bare::<Form>(b"<html>").is_err());
    }

    #[test]
    fn a_history_is_read_with_what_is_still_being_made_and_with_holes() {
        let text = r#"{"collectionFormsHistoryRecordList":[null,
            {"carrierName":"USPS","creationDate":"2026-11-18T15:00:00Z","generationStatus":"InProgress"},
            {"carrierName":"UPS","collectionFormId":"f1","generationStatus":"Completed","creationDate":"soon"}]}"#;
        let list = bare::<History>(text.as_bytes())
            .unwrap()
            .collection_forms_history_record_list;
        let records: Vec<Record> = list.0.into_iter().filter_map(|record| record.0).collect();
        assert_eq!(records.len(), 2);
        assert!(records[0].creation_date.0.is_some() && records[0].collection_form_id.0.is_empty());
        assert_eq!(
            (
                records[1].collection_form_id.0.as_str(),
                records[1].creation_date.0
            ),
            ("f1", None)
        );
    }
}

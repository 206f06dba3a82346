//! Shipping v2's collection forms: what is on none yet, a form of it, forms that were made, a form again. Answers have
//! no wrapper here.

use super::checks::{address, need, text};
use super::ledger::{CollectionForm, Entry, Shipment};
use super::picture;
use super::random;
use super::wire::{Answer, Request};
use super::world::World;
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use chrono::{DateTime, SecondsFormat, Utc};
use serde_json::{Value, json};

/// Carriers that collect by a form; the others are given none.
const OFFERED: [&str; 4] = ["USPS", "UPS", "FEDEX", "AMZN_US"];

/// Longest history that is given out.
const MOST: usize = 100;

fn time(at: DateTime<Utc>) -> String {
    at.to_rfc3339_opts(SecondsFormat::Secs, true)
}

/// An address, where one is given, and the references of an integrator.
fn optional_parts(body: &Value) -> Result<(), Answer> {
    if let Some(from) = body.get("shipFromAddress").filter(|from| !from.is_null()) {
        address(from, "shipFromAddress.")?;
    }
    match body.get("clientReferenceDetails") {
        None | Some(Value::Null | Value::Array(_)) => Ok(()),
        Some(_) => Err(Answer::invalid("clientReferenceDetails must be a list.")),
    }
}

impl World {
    /// Parcels of a seller that can still go on a form: sold by Shipping v2, not canceled, not with the carrier.
    fn on_no_form(&self, seller: usize) -> impl Iterator<Item = &Shipment> {
        self.shipments.iter().filter(move |shipment| {
            let made = self
                .forms
                .iter()
                .any(|form| form.shipments.contains(&shipment.id));
            shipment.seller == seller
                && shipment.merchant.is_none()
                && shipment.canceled.is_none()
                && shipment.scanned.is_none()
                && OFFERED.contains(&shipment.carrier.0.as_str())
                && !made
        })
    }

    /// `PUT /shipping/v2/unmanifestedShipments`.
    pub(super) fn unmanifested(&self, seller: usize, request: &Request) -> Result<Answer, Answer> {
        optional_parts(&request.json()?)?;
        let mut carriers: Vec<(&str, &str)> = self
            .on_no_form(seller)
            .map(|shipment| (shipment.carrier.0.as_str(), shipment.carrier.1.as_str()))
            .collect();
        carriers.sort_unstable();
        carriers.dedup();
        let list: Vec<Value> = carriers
            .into_iter()
            .map(|(id, name)| {
                let last = self
                    .forms
                    .iter()
                    .rev()
                    .find(|form| form.seller == seller && form.carrier.0 == id);
                let mut location = json!({});
                if let Some(form) = last {
                    location["lastManifestDate"] = json!(time(form.at));
                }
                json!({
                    "carrierId": id,
                    "carrierName": name,
                    "unmanifestedShipmentLocationList": [location],
                })
            })
            .collect();
        Ok(Answer::ok(&json!({"unmanifestedCarrierInformationList": list})))
    }

    /// `POST /shipping/v2/collectionForms`: one form of all that is on none, durably before it is answered.
    pub(super) fn generate_form(&mut self, seller: usize, request: &Request) -> Result<Answer, Answer> {
        let body = request.json()?;
        let carrier = text(&body, "carrierId", "", 100)?.to_owned();
        optional_parts(&body)?;
        let key = request
            .header("x-amzn-idempotencykey")
            .filter(|key| !key.is_empty());
        if let Some(key) = key
            && let Some(known) = self
                .forms
                .iter()
                .find(|form| form.seller == seller && form.key.as_deref() == Some(key))
        {
            return if known.carrier.0 == carrier {
                Ok(self.form_document(known))
            } else {
                Err(Answer::invalid(
                    "The idempotency key was used with a different request.",
                ))
            };
        }
        if !OFFERED.contains(&carrier.as_str()) {
            return Err(Answer::invalid("The carrier does not support collection forms."));
        }
        let found: Vec<&Shipment> = self
            .on_no_form(seller)
            .filter(|shipment| shipment.carrier.0 == carrier)
            .collect();
        let Some(first) = found.first() else {
            return Err(Answer::invalid(
                "There are no unmanifested shipments for the carrier.",
            ));
        };
        let count = self.forms.len().to_string();
        let form = CollectionForm {
            id: format!("amzn1.cf.{}", &random::name(self.seed, &["form", &count])[..20]),
            seller,
            carrier: first.carrier.clone(),
            key: key.map(str::to_owned),
            at: self.now(),
            shipments: found.iter().map(|shipment| shipment.id.clone()).collect(),
        };
        self.journal
            .keep(&Entry::FormMade { form: form.clone() })
            .map_err(|_| Answer::unwritable())?;
        let answer = self.form_document(&form);
        self.forms.push(form);
        Ok(answer)
    }

    fn form_document(&self, form: &CollectionForm) -> Answer {
        let lines: Vec<String> = std::iter::once(format!("COLLECTION FORM {}", form.carrier.1))
            .chain(std::iter::once(format!(
                "{}  {} parcels",
                form.id,
                form.shipments.len()
            )))
            .chain(
                self.shipments
                    .iter()
                    .filter(|shipment| form.shipments.contains(&shipment.id))
                    .map(|shipment| shipment.tracking.clone()),
            )
            .collect();
        Answer::ok(&json!({"collectionsFormDocument": {
            "base64EncodedContent": STANDARD.encode(picture::lines_pdf(&lines)),
            "documentFormat": "PDF",
        }}))
    }

    /// `GET /shipping/v2/collectionForms/{collectionFormId}`.
    pub(super) fn get_form(&self, seller: usize, id: &str) -> Result<Answer, Answer> {
        let known = self
            .forms
            .iter()
            .find(|form| form.seller == seller && form.id == id);
        known
            .map(|form| self.form_document(form))
            .ok_or_else(|| Answer::not_found("The collection form was not found."))
    }

    /// `PUT /shipping/v2/collectionForms/history`, the newest first.
    pub(super) fn form_history(&self, seller: usize, request: &Request) -> Result<Answer, Answer> {
        let body = request.json()?;
        optional_parts(&body)?;
        let moment = |name: &str| -> Result<Option<DateTime<Utc>>, Answer> {
            let Some(range) = body.get("dateRange").filter(|range| !range.is_null()) else {
                return Ok(None);
            };
            let text = need(range, name, "dateRange.")?.as_str().unwrap_or("");
            let at = DateTime::parse_from_rfc3339(text)
                .map_err(|_| Answer::invalid(&format!("dateRange.{name} must be a date-time.")))?;
            Ok(Some(at.to_utc()))
        };
        let (since, until) = (moment("startDate")?, moment("endDate")?);
        let carrier = body.get("carrierId").and_then(Value::as_str);
        let most = match body.get("maxResults") {
            None | Some(Value::Null) => MOST,
            Some(most) => most
                .as_u64()
                .and_then(|most| usize::try_from(most).ok())
                .filter(|most| (1..=MOST).contains(most))
                .ok_or_else(|| Answer::invalid("maxResults must be between 1 and 100."))?,
        };
        let records: Vec<Value> = self
            .forms
            .iter()
            .rev()
            .filter(|form| {
                form.seller == seller
                    && carrier.is_none_or(|carrier| carrier == form.carrier.0)
                    && since.is_none_or(|since| form.at >= since)
                    && until.is_none_or(|until| form.at <= until)
            })
            .take(most)
            .map(|form| {
                json!({
                    "carrierName": form.carrier.1,
                    "creationDate": time(form.at),
                    "generationStatus": "Completed",
                    "collectionFormId": form.id,
                })
            })
            .collect();
        Ok(Answer::ok(&json!({
            "collectionFormsHistoryRecordList": records,
            "lastRefreshedDate": time(self.now()),
        })))
    }
}

#[cfg(test)]
mod tests {
    use super::OFFERED;
    use crate::simulator::service_table;

    #[test]
    fn forms_are_offered_for_carriers_that_there_are_and_not_for_all() {
        let known: Vec<&str> = service_table::SERVICES
            .iter()
            .map(|service| service.carrier)
            .collect();
        assert!(OFFERED.iter().filter(|carrier| known.contains(carrier)).count() >= 3);
        assert!(known.iter().any(|carrier| !OFFERED.contains(carrier)));
    }
}

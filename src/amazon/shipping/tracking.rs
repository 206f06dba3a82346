//! `getTracking`: where a parcel is (amazon.md 3.8). Unknown words are kept as Amazon wrote them.

#![expect(clippy::struct_field_names, reason = "the names are Amazon's")]

use crate::amazon::body::Answer;
use crate::amazon::client::{SellerClient, path};
use crate::amazon::errors::CallError;
use crate::amazon::limits::Operation;
use crate::amazon::wire::{Many, Maybe, Moment, Text};
use crate::amazon::{Tracking, TrackingEvent};
use crate::domain::ids::TrackingNumber;
use reqwest::Method;
use serde::Deserialize;

#[derive(Deserialize)]
struct Response {
    payload: Payload,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Payload {
    #[serde(default)]
    summary: Maybe<Summary>,
    #[serde(default)]
    promised_delivery_date: Moment,
    #[serde(default)]
    event_history: Many<Maybe<Event>>,
}

#[derive(Default, Deserialize)]
#[serde(default)]
struct Summary {
    status: Text,
}

#[derive(Default, Deserialize)]
#[serde(rename_all = "camelCase", default)]
struct Event {
    event_code: Text,
    event_time: Moment,
    location: Maybe<Location>,
}

#[derive(Default, Deserialize)]
#[serde(rename_all = "camelCase", default)]
struct Location {
    city: Text,
    state_or_region: Text,
    country_code: Text,
}

impl SellerClient {
    /// Where the parcel is.
    pub async fn tracking(&self, tracking: &TrackingNumber, carrier_id: &str) -> Result<Tracking, CallError> {
        let operation = Operation::GetTracking;
        let mut url = path(&self.base, &["shipping", "v2", "tracking"]);
        url.query_pairs_mut()
            .append_pair("trackingId", tracking.as_str())
            .append_pair("carrierId", carrier_id);
        let answer = self.ask(operation, Method::GET, url, None).await?;
        told(&answer)
    }
}

/// Reads the answer of `getTracking`.
pub(in crate::amazon) fn told(answer: &Answer) -> Result<Tracking, CallError> {
    let payload = answer.read::<Response>(Operation::GetTracking.name())?.payload;
    Ok(Tracking {
        status: payload.summary.or_empty().status.0,
        promised: payload.promised_delivery_date.0,
        events: payload
            .event_history
            .0
            .into_iter()
            .filter_map(|event| event.0)
            .map(|event| TrackingEvent {
                code: event.event_code.0,
                at: event.event_time.0,
                place: event.location.or_empty().words(),
            })
            .collect(),
    })
}

impl Location {
    fn words(self) -> String {
        let parts = [self.city.0, self.state_or_region.0, self.country_code.0];
        parts
            .into_iter()
            .filter(|part| !part.is_empty())
            .collect::<Vec<_>>()
            .join(", ")
    }
}

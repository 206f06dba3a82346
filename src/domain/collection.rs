//! Collection forms: where Amazon offers one for a carrier (Shipping v2), the driver scans one sheet for all parcels.
//! A form costs nothing; asking for it takes its parcels off Amazon's list of what is on no form yet.
//!
//! Pure: what is wished, what Amazon said, how it is told.

use super::ids::{CollectionFormId, ManifestId, OrderNumber, StoreId};
use super::intent::AmazonError;
use super::manifest::carrier_key;
use super::sealed::DocumentBytes;
use chrono::{DateTime, TimeDelta, Utc};
use serde::{Deserialize, Serialize};
use uuid::Uuid;

/// How far a form is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum FormState {
    /// Written down, not asked.
    Wanted,
    /// Asked: what came of it is not known yet. Asked again under the same key, or found in Amazon's history.
    Asked,
    /// Made, document stored.
    Made,
    /// Not to be had: not offered for this carrier, nothing to collect, or refused.
    Refused,
}

impl FormState {
    /// In the packer's words.
    pub fn words(self) -> &'static str {
        match self {
            Self::Wanted => "wanted",
            Self::Asked => "asked",
            Self::Made => "made",
            Self::Refused => "not to be had",
        }
    }
}

/// A wish for a form, and what came of it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct CollectionForm {
    /// Our number.
    pub id: CollectionFormId,
    /// The store whose Amazon account is asked.
    pub store: StoreId,
    /// Carrier, as labels name it.
    pub carrier: String,
    /// The manifest it belongs to.
    pub manifest: Option<ManifestId>,
    /// How far.
    pub state: FormState,
    /// The key under which Amazon is asked, however often.
    #[serde(skip)]
    pub key: Uuid,
    /// Amazon's id of the carrier, once known.
    pub carrier_id: Option<String>,
    /// Amazon's id of the form, once known.
    pub form: Option<String>,
    /// Why it is not to be had, or what is waited for.
    pub reason: Option<String>,
    /// Wanted at.
    pub wanted_at: DateTime<Utc>,
    /// By whom.
    pub wanted_by: String,
    /// When it was first asked.
    pub asked_at: Option<DateTime<Utc>>,
}

/// A carrier with parcels that are on no form yet.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Unmanifested {
    /// Amazon's id of the carrier.
    pub carrier_id: String,
    /// Its name.
    pub carrier: String,
}

/// A form in Amazon's history.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FormRecord {
    /// Amazon's id; empty while it is being made.
    pub id: String,
    /// Carrier's name.
    pub carrier: String,
    /// `Completed`, `InProgress`, or another word, as Amazon wrote it.
    pub status: String,
    /// When it was begun.
    pub at: Option<DateTime<Utc>>,
}

/// What one sending of the wish brought.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum FormAnswer {
    /// The form's document.
    Made(DocumentBytes),
    /// A success without a document: it is being made.
    Begun,
    /// Surely not sent, or told to wait.
    NotSent(String),
    /// Amazon refuses.
    Refused(AmazonError),
    /// Nobody knows.
    Lost(String),
}

/// How a form is settled in the store.
#[derive(Debug, Clone)]
pub enum FormSettlement {
    /// Not yet: it waits, in words.
    Waits(String),
    /// Not to be had.
    Refused(String),
    /// Made; with Amazon's id of it where that is known.
    Made {
        /// Amazon's id.
        form: Option<String>,
    },
}

/// What a form's document is sealed as, in the place of an order's number.
pub fn sealed_as(form: CollectionFormId) -> OrderNumber {
    OrderNumber(format!("collection-form-{form}"))
}

/// How far apart the clocks of the station and of Amazon may be.
const SKEW: TimeDelta = TimeDelta::minutes(5);

/// The carrier of a wish in Amazon's list; none: Amazon has nothing for it.
pub fn offered<'a>(carrier: &str, listed: &'a [Unmanifested]) -> Option<&'a Unmanifested> {
    let key = carrier_key(carrier);
    let by_name = listed.iter().find(|one| carrier_key(&one.carrier) == key);
    by_name.or_else(|| listed.iter().find(|one| carrier_key(&one.carrier_id) == key))
}

/// The words where Amazon has nothing for the carrier.
pub fn not_offered(carrier: &str, listed: &[Unmanifested]) -> String {
    let others: Vec<&str> = listed.iter().map(|one| one.carrier.as_str()).collect();
    let tail = if others.is_empty() {
        "Amazon has no parcel that waits for a form".to_owned()
    } else {
        format!("Amazon has parcels for: {}", others.join(", "))
    };
    format!(
        "Amazon offers no collection form for {carrier} now (not for this carrier, or all its parcels are on one \
         already; {tail}): give the driver our own manifest"
    )
}

/// The one form of the history that this wish can have brought: of its carrier, begun since it was asked, and none that
/// another wish of ours has. None where there is none, or several.
pub fn brought<'a>(
    wish: &CollectionForm,
    history: &'a [FormRecord],
    known: &[String],
) -> Option<&'a FormRecord> {
    let since = wish.asked_at? - SKEW;
    let mut fitting = history.iter().filter(|record| {
        carrier_key(&record.carrier) == carrier_key(&wish.carrier)
            && record.at.is_some_and(|at| at >= since)
            && !known.contains(&record.id)
    });
    let first = fitting.next()?;
    fitting.next().is_none().then_some(first)
}

/// Amazon has finished this form.
pub fn is_complete(record: &FormRecord) -> bool {
    record.status.eq_ignore_ascii_case("completed") && !record.id.is_empty()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(minute: i64) -> DateTime<Utc> {
        DateTime::from_timestamp(1_795_000_000 + minute * 60, 0).unwrap()
    }

    fn wish() -> CollectionForm {
        CollectionForm {
            id: CollectionFormId(1),
            store: StoreId::from("us"),
            carrier: "USPS".to_owned(),
            manifest: None,
            state: FormState::Asked,
            key: Uuid::nil(),
            carrier_id: Some("USPS".to_owned()),
            form: None,
            reason: None,
            wanted_at: at(0),
            wanted_by: "Ana".to_owned(),
            asked_at: Some(at(60)),
        }
    }

    fn record(id: &str, carrier: &str, minute: i64) -> FormRecord {
        FormRecord {
            id: id.to_owned(),
            carrier: carrier.to_owned(),
            status: "Completed".to_owned(),
            at: Some(at(minute)),
        }
    }

    #[test]
    fn a_carrier_is_found_by_its_name_or_by_amazons_id() {
        let listed = [
            Unmanifested {
                carrier_id: "AMZN_US".to_owned(),
                carrier: "Amazon Shipping".to_owned(),
            },
            Unmanifested {
                carrier_id: "USPS".to_owned(),
                carrier: "United States Postal Service".to_owned(),
            },
        ];
        assert_eq!(
            offered("USPS", &listed).map(|one| one.carrier_id.as_str()),
            Some("USPS")
        );
        assert_eq!(
            offered("Amazon Shipping", &listed).map(|one| one.carrier_id.as_str()),
            Some("AMZN_US")
        );
        assert_eq!(offered("OnTrac", &listed), None);
        assert!(not_offered("OnTrac", &listed).contains("Amazon Shipping, United States Postal Service"));
    }

    #[test]
    fn a_lost_answer_is_found_only_where_one_form_alone_fits() {
        let (old, new, other) = (
            record("f1", "USPS", 1),
            record("f2", "USPS", 61),
            record("f3", "UPS", 61),
        );
        let listed = [old.clone(), new.clone(), other.clone()];
        assert_eq!(
            brought(&wish(), &listed, &[]),
            Some(&new),
            "an older one and another carrier's are not it"
        );
        assert_eq!(
            brought(&wish(), &[old, new.clone(), other], &["f2".to_owned()]),
            None,
            "another wish has it"
        );
        let twin = record("f4", "USPS", 62);
        assert_eq!(
            brought(&wish(), &[new, twin], &[]),
            None,
            "of two nobody knows which"
        );
    }
}

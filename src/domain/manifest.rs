//! The day's end: parcels that are labelled leave with their carrier's driver. Each is checked out at the door by
//! scanning its tracking label onto the carrier's manifest; what is missing stands out; a manifest is closed with what
//! it took, what is carried over to the next one, and what is left behind with a reason.
//!
//! Pure: which carrier is which, what a scan at the door means, whether a parcel never moved.

mod door;
mod moved;
mod words;

pub use door::{AtDoor, Refused, judge, readings};
pub use moved::{NeverMoved, WORKING_DAYS, never_moved};
pub use words::paper;

use super::ids::{IntentId, ManifestId, OrderId, OrderNumber, StoreId, TrackingNumber};
use super::shipment::LabelState;
use chrono::{DateTime, NaiveTime, TimeDelta, TimeZone, Utc};
use chrono_tz::Tz;
use serde::{Deserialize, Serialize};

/// The prefix of a manifest's barcode: `TGM-12`.
pub const PREFIX: &str = "TGM-";

/// A manifest: what one driver takes along.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Manifest {
    /// Number.
    pub id: ManifestId,
    /// Whose driver, as labels name the carrier.
    pub carrier: String,
    /// Only parcels of this store's carrier account; none: of every store.
    pub store: Option<StoreId>,
    /// Opened at.
    pub opened_at: DateTime<Utc>,
    /// By whom.
    pub opened_by: String,
    /// Closed at; none: it is open.
    pub closed_at: Option<DateTime<Utc>>,
    /// By whom.
    pub closed_by: Option<String>,
    /// Parcels checked out on it.
    pub out: u32,
    /// Open: parcels that it still misses. Closed: those that were carried over.
    pub missing: u32,
    /// Parcels written as left behind.
    pub left: u32,
}

impl Manifest {
    /// Whether parcels may still be checked out on it.
    pub fn is_open(&self) -> bool {
        self.closed_at.is_none()
    }

    /// What its barcode says.
    pub fn code(&self) -> String {
        format!("{PREFIX}{}", self.id)
    }

    /// Carrier, and the store where it is for one alone.
    pub fn heading(&self) -> String {
        match &self.store {
            Some(store) => format!("{} of {store}", self.carrier),
            None => self.carrier.clone(),
        }
    }
}

/// Where a parcel stands on a manifest.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case", tag = "fate")]
pub enum Fate {
    /// Labelled, and not at the door yet.
    Missing,
    /// Checked out.
    Out {
        /// Place on the manifest, from 1.
        place: u32,
        /// When.
        at: DateTime<Utc>,
        /// By whom.
        by: String,
    },
    /// Missing when it was closed: due on the next one.
    Carried,
    /// Not to go, and why.
    Left {
        /// Why.
        reason: String,
        /// By whom.
        by: String,
    },
}

impl Fate {
    /// In one word or two.
    pub fn words(&self) -> &'static str {
        match self {
            Self::Missing => "missing",
            Self::Out { .. } => "checked out",
            Self::Carried => "carried over",
            Self::Left { .. } => "left behind",
        }
    }
}

/// A parcel on a manifest.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Parcel {
    /// Its label.
    pub label: IntentId,
    /// Order.
    pub order: OrderId,
    /// Order's number.
    pub number: OrderNumber,
    /// Store, whose carrier account it goes by.
    pub store: StoreId,
    /// Box of the order.
    pub box_number: u32,
    /// Carrier, as its label names it.
    pub carrier: String,
    /// Service.
    pub service: String,
    /// Tracking number.
    pub tracking: Option<TrackingNumber>,
    /// State of its label.
    pub state: LabelState,
    /// Latest ship-by of its order.
    pub ship_by: Option<DateTime<Utc>>,
    /// Where it stands.
    #[serde(flatten)]
    pub fate: Fate,
}

/// A manifest with its parcels: missing ones first, then those left behind, then those that are out, newest first.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct ManifestDetail {
    /// The manifest.
    #[serde(flatten)]
    pub manifest: Manifest,
    /// Its parcels.
    pub parcels: Vec<Parcel>,
}

impl ManifestDetail {
    /// Parcels that are out, in the order of their scans.
    pub fn out(&self) -> Vec<&Parcel> {
        let mut out: Vec<&Parcel> = self.parcels.iter().filter(|parcel| parcel.place() > 0).collect();
        out.sort_by_key(|parcel| parcel.place());
        out
    }

    /// Parcels that it misses, or that were carried over.
    pub fn missing(&self) -> impl Iterator<Item = &Parcel> {
        let all = self.parcels.iter();
        all.filter(|parcel| matches!(parcel.fate, Fate::Missing | Fate::Carried))
    }
}

impl Parcel {
    /// Place on the manifest; 0: it is not out.
    pub fn place(&self) -> u32 {
        match self.fate {
            Fate::Out { place, .. } => place,
            _ => 0,
        }
    }

    /// Tracking number as words.
    pub fn tracking_words(&self) -> String {
        self.tracking
            .as_ref()
            .map_or_else(|| "no tracking number".to_owned(), ToString::to_string)
    }
}

/// What must go with a carrier today.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct CarrierDue {
    /// Carrier, as labels name it.
    pub carrier: String,
    /// Parcels of each store that are labelled and not checked out.
    pub stores: Vec<(StoreId, u32)>,
    /// Its open manifests.
    pub open: Vec<Manifest>,
    /// Earliest ship-by among what is missing.
    pub ship_by: Option<DateTime<Utc>>,
}

impl CarrierDue {
    /// Parcels that are labelled and not checked out.
    pub fn missing(&self) -> u32 {
        self.stores.iter().map(|(_, count)| count).sum()
    }

    /// Parcels checked out on its open manifests.
    pub fn out(&self) -> u32 {
        self.open.iter().map(|manifest| manifest.out).sum()
    }
}

/// One spelling for a carrier, whichever API, rate or person named it: two labels of one spelling go with one driver.
pub fn carrier_key(name: &str) -> String {
    let bare: String = name
        .chars()
        .filter(char::is_ascii_alphanumeric)
        .map(|letter| letter.to_ascii_lowercase())
        .collect();
    let known = match bare.as_str() {
        "unitedstatespostalservice" | "uspostalservice" | "stampscom" => "usps",
        "unitedparcelservice" => "ups",
        "federalexpress" => "fedex",
        "amznus" | "amznuk" | "amazonlogistics" | "amazonshippingus" => "amazonshipping",
        "" => return name.trim().to_lowercase(),
        _ => return bare,
    };
    known.to_owned()
}

/// When the bench's day began: what was labelled since must go.
pub fn day_began(now: DateTime<Utc>, zone: Tz) -> DateTime<Utc> {
    let midnight = now.with_timezone(&zone).date_naive().and_time(NaiveTime::MIN);
    let begin = zone
        .from_local_datetime(&midnight)
        .earliest()
        // Where the clock is put forward at midnight.
        .or_else(|| {
            zone.from_local_datetime(&(midnight + TimeDelta::hours(1)))
                .earliest()
        });
    begin.map_or(now, |begin| begin.with_timezone(&Utc))
}

#[cfg(test)]
mod tests;

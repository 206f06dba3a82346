//! Labels that were made and never moved: no carrier has scanned the parcel, working days after it left or was to.

use crate::domain::rows::LabelRow;
use crate::domain::warehouse::Warehouse;
use chrono::{DateTime, NaiveDate, Utc};
use serde::Serialize;

/// Working days without a carrier's scan after which a parcel is looked for.
pub const WORKING_DAYS: u32 = 2;

/// A label that no carrier has scanned.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct NeverMoved {
    /// The label.
    pub label: LabelRow,
    /// When its parcel was checked out at the door.
    pub out_at: Option<DateTime<Utc>>,
    /// Latest ship-by of its order.
    pub ship_by: Option<DateTime<Utc>>,
}

impl NeverMoved {
    /// From when on its carrier is late to scan it: check-out, else ship-by, else the purchase.
    pub fn since(&self) -> DateTime<Utc> {
        let bought = self
            .label
            .aftermath
            .as_ref()
            .map_or(self.label.wanted_at, |after| after.bought_at);
        self.out_at.or(self.ship_by).unwrap_or(bought)
    }
}

/// Whether so many whole working days of the warehouse have passed since then without a scan.
pub fn never_moved(row: &NeverMoved, days: u32, now: DateTime<Utc>, warehouse: &Warehouse) -> bool {
    let day = |time: DateTime<Utc>| time.with_timezone(&warehouse.zone).date_naive();
    let scanned = row.label.aftermath.as_ref().is_some_and(|after| after.scanned);
    let mut passed = 0;
    let mut next = day(row.since()).succ_opt();
    while let Some(date) = next.filter(|date: &NaiveDate| *date <= day(now)) {
        passed += u32::from(warehouse.works(date));
        if passed >= days {
            break;
        }
        next = date.succ_opt();
    }
    !scanned && passed >= days
}

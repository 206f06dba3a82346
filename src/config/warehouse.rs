//! `[warehouse]`: when the warehouse works.

use super::raw::RawWarehouse;
use crate::domain::seller::StoreProfile;
use crate::domain::warehouse::Warehouse;
use chrono::{NaiveTime, Weekday};
use chrono_tz::Tz;

/// What leaves later leaves the next day (workflow.md 2.4.4).
const CUT_OFF: &str = "17:00";

/// Days of the week as they are written.
const DAYS: [(&str, Weekday); 7] = [
    ("mon", Weekday::Mon),
    ("tue", Weekday::Tue),
    ("wed", Weekday::Wed),
    ("thu", Weekday::Thu),
    ("fri", Weekday::Fri),
    ("sat", Weekday::Sat),
    ("sun", Weekday::Sun),
];

/// The most business days of a policy.
const MOST_DAYS: u32 = 60;

/// Checks it. It stands where the first store ships from.
pub(super) fn warehouse(raw: &RawWarehouse, stores: &[StoreProfile]) -> Result<Warehouse, String> {
    let zone = stores.first().and_then(|store| store.ship_from.zone.parse().ok());
    let cut_off = match raw.cut_off.as_deref().unwrap_or(CUT_OFF) {
        "none" => None,
        text => Some(NaiveTime::parse_from_str(text, "%H:%M").map_err(|_| {
            format!("warehouse.cut_off is {text:?}: write a time of day like \"17:00\", or \"none\"")
        })?),
    };
    let working_days = match &raw.working_days {
        None => DAYS[..5].iter().map(|(_, day)| *day).collect(),
        Some(names) => names
            .iter()
            .map(|name| {
                let known = DAYS.iter().find(|(known, _)| known == name);
                known.map(|(_, day)| *day).ok_or_else(|| {
                    format!(
                        "warehouse.working_days: {name:?} is no day: write mon, tue, wed, thu, fri, sat, sun"
                    )
                })
            })
            .collect::<Result<Vec<_>, _>>()?,
    };
    if working_days.is_empty() {
        return Err("warehouse.working_days is empty: name at least one day".to_owned());
    }
    let holidays = raw.holidays.iter().map(|text| {
        text.parse()
            .map_err(|_| format!("warehouse.holidays: {text:?} is no day: write it like \"2026-12-25\""))
    });
    for (key, days) in [
        ("ship_within", raw.ship_within),
        ("deliver_within", raw.deliver_within),
    ] {
        if days.is_some_and(|days| days > MOST_DAYS) {
            return Err(format!("warehouse.{key}: at most {MOST_DAYS} business days"));
        }
    }
    Ok(Warehouse {
        zone: zone.unwrap_or(Tz::UTC),
        cut_off,
        working_days,
        holidays: holidays.collect::<Result<_, _>>()?,
        ship_within: raw.ship_within.unwrap_or(1),
        deliver_within: raw.deliver_within,
    })
}

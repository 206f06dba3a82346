//! The warehouse's days, and an order's three promises: ship-by, deliver-by, service level (workflow.md 2.4).
//!
//! Pure. Days count where the warehouse stands. What the channel says is never overwritten: this only tells by when
//! the bench must be done, and what holds where the channel says nothing.

use super::order::ChannelOrder;
use chrono::{DateTime, Datelike, Days, NaiveDate, NaiveTime, TimeZone, Utc, Weekday};
use chrono_tz::Tz;
use serde::{Deserialize, Serialize};
use std::collections::BTreeSet;
use std::fmt;

/// Weekdays of who works on all of them.
pub(super) const EVERY_DAY: [Weekday; 7] = [
    Weekday::Mon,
    Weekday::Tue,
    Weekday::Wed,
    Weekday::Thu,
    Weekday::Fri,
    Weekday::Sat,
    Weekday::Sun,
];

/// No calendar has more days without a working day.
const LONGEST_BREAK: u32 = 366;

/// When the warehouse works.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Warehouse {
    /// Where it stands.
    pub zone: Tz,
    /// What leaves after this leaves the next working day; none: any time of the day will do.
    pub cut_off: Option<NaiveTime>,
    /// Weekdays on which it works.
    pub working_days: Vec<Weekday>,
    /// Days on which it does not.
    pub holidays: BTreeSet<NaiveDate>,
    /// Business days to ship an order whose channel gives no ship-by.
    pub ship_within: u32,
    /// Business days to deliver it, likewise; none: no promise is made.
    pub deliver_within: Option<u32>,
}

impl Warehouse {
    /// A warehouse that works every hour of every day, and ships within a day what has no ship-by.
    pub fn always(zone: Tz) -> Self {
        Self {
            zone,
            cut_off: None,
            working_days: EVERY_DAY.to_vec(),
            holidays: BTreeSet::new(),
            ship_within: 1,
            deliver_within: None,
        }
    }

    /// It works on this day.
    pub fn works(&self, day: NaiveDate) -> bool {
        self.working_days.contains(&day.weekday()) && !self.holidays.contains(&day)
    }

    /// By when an order must have left whose channel says ship-by: on the day of ship-by, or the day before where its
    /// time is earlier than the cut-off; on the last working day until then; by that day's cut-off. Never later than
    /// what the channel says.
    pub fn leave_by(&self, ship_by: DateTime<Utc>) -> DateTime<Utc> {
        let Some(cut_off) = self.cut_off else {
            return self.last_working_moment(ship_by);
        };
        let there = ship_by.with_timezone(&self.zone);
        let mut day = there.date_naive();
        if there.time() < cut_off {
            day = before(day);
        }
        self.at(self.working_until(day), cut_off)
            .map_or(ship_by, |leave| leave.min(ship_by))
    }

    /// Without a cut-off: the moment itself on a working day, else the end of the last one before.
    fn last_working_moment(&self, ship_by: DateTime<Utc>) -> DateTime<Utc> {
        let day = ship_by.with_timezone(&self.zone).date_naive();
        let last = self.working_until(day);
        if last == day {
            return ship_by;
        }
        self.at(last, end_of_day())
            .map_or(ship_by, |leave| leave.min(ship_by))
    }

    /// The day that is so many business days after an order came: counting begins on the day it came where that is a
    /// working day and before the cut-off, else on the next working day.
    pub fn business_days_after(&self, came: DateTime<Utc>, days: u32) -> NaiveDate {
        let there = came.with_timezone(&self.zone);
        let mut day = there.date_naive();
        let late = self.cut_off.is_some_and(|cut_off| there.time() >= cut_off);
        if !self.works(day) || late {
            day = self.working_after(day);
        }
        for _ in 0..days {
            day = self.working_after(day);
        }
        day
    }

    /// Ship-by where the channel gives none.
    pub fn fallback_ship_by(&self, came: DateTime<Utc>) -> Option<DateTime<Utc>> {
        let day = self.business_days_after(came, self.ship_within);
        self.at(day, self.cut_off.unwrap_or_else(end_of_day))
    }

    /// Deliver-by where the channel gives none and the warehouse promises one.
    pub fn fallback_deliver_by(&self, came: DateTime<Utc>) -> Option<DateTime<Utc>> {
        let day = self.business_days_after(came, self.deliver_within?);
        self.at(day, end_of_day())
    }

    fn at(&self, day: NaiveDate, time: NaiveTime) -> Option<DateTime<Utc>> {
        let moment = self.zone.from_local_datetime(&day.and_time(time));
        // Where a clock change swallows the hour, the day's last moment before it.
        let moment = moment.latest().or_else(|| {
            let earlier = time.overflowing_sub_signed(chrono::TimeDelta::hours(1)).0;
            self.zone.from_local_datetime(&day.and_time(earlier)).latest()
        });
        moment.map(|moment| moment.with_timezone(&Utc))
    }

    fn working_after(&self, day: NaiveDate) -> NaiveDate {
        let mut next = after(day);
        for _ in 0..LONGEST_BREAK {
            if self.works(next) {
                break;
            }
            next = after(next);
        }
        next
    }

    /// This day, or the last working day before it.
    fn working_until(&self, day: NaiveDate) -> NaiveDate {
        let mut last = day;
        for _ in 0..LONGEST_BREAK {
            if self.works(last) {
                return last;
            }
            last = before(last);
        }
        day
    }

    /// The three promises of an order.
    pub fn promises(&self, order: &ChannelOrder) -> Promises {
        let came = order.created_at;
        let (ship_by, said) = match order.ship_by.latest {
            Some(ship_by) => (Some(self.leave_by(ship_by)), Some(ship_by)),
            None => (self.fallback_ship_by(came), None),
        };
        let level = Level::said(&order.service_level);
        let inferred = || {
            let by = order.deliver_by.latest?;
            let day = |time: DateTime<Utc>| time.with_timezone(&self.zone).date_naive();
            Some(Level::within((day(by) - day(came)).num_days()))
        };
        let (level, source) = match (level, inferred()) {
            (Some(level), _) => (level, LevelSource::Channel),
            (None, Some(level)) => (level, LevelSource::DeliverBy),
            (None, None) => (Level::FiveToSeven, LevelSource::Fallback),
        };
        Promises {
            leave_by: ship_by,
            ship_by: said,
            deliver_by: order.deliver_by.latest.or_else(|| self.fallback_deliver_by(came)),
            deliver_by_said: order.deliver_by.latest.is_some(),
            level,
            source,
        }
    }
}

/// An order's three promises.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Promises {
    /// By when it must have left.
    pub leave_by: Option<DateTime<Utc>>,
    /// What the channel says; none: it says nothing, and `leave_by` is the warehouse's own.
    pub ship_by: Option<DateTime<Utc>>,
    /// By when it must be delivered; none: nobody promised.
    pub deliver_by: Option<DateTime<Utc>>,
    /// The channel says deliver-by.
    pub deliver_by_said: bool,
    /// Speed that was bought.
    pub level: Level,
    /// Where that is known from.
    pub source: LevelSource,
}

/// Speed that a buyer bought.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Level {
    /// The same or the next day.
    OneDay,
    /// Two days.
    TwoDay,
    /// Three days.
    ThreeDay,
    /// Five to seven days.
    FiveToSeven,
    /// About 7 to 20 days, without a promise.
    Economy,
}

/// Where a level is known from.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum LevelSource {
    /// The channel says it.
    Channel,
    /// From the days between the order and its deliver-by.
    DeliverBy,
    /// Neither is said.
    Fallback,
}

impl fmt::Display for Level {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::OneDay => "1 Day",
            Self::TwoDay => "2 Day",
            Self::ThreeDay => "3 Day",
            Self::FiveToSeven => "5-7 Days",
            Self::Economy => "Economy",
        })
    }
}

impl Level {
    /// The level in a channel's words (Amazon's service levels, amazon.md 4.6, and our own words); none: not one.
    pub fn said(words: &str) -> Option<Self> {
        let plain: String = words
            .chars()
            .filter(char::is_ascii_alphanumeric)
            .collect::<String>()
            .to_ascii_lowercase();
        Some(match plain.as_str() {
            "sameday" | "nextday" | "1day" | "oneday" | "overnight" | "priority" => Self::OneDay,
            "secondday" | "2day" | "twoday" => Self::TwoDay,
            "expedited" | "3day" | "threeday" => Self::ThreeDay,
            "standard" | "57days" | "57day" => Self::FiveToSeven,
            "freeeconomy" | "economy" => Self::Economy,
            _ => return None,
        })
    }

    /// The slowest level that is there within so many days.
    pub fn within(days: i64) -> Self {
        match days {
            ..=1 => Self::OneDay,
            2 => Self::TwoDay,
            3..=4 => Self::ThreeDay,
            5..=7 => Self::FiveToSeven,
            _ => Self::Economy,
        }
    }
}

fn end_of_day() -> NaiveTime {
    NaiveTime::from_hms_opt(23, 59, 59).unwrap_or_default()
}

fn after(day: NaiveDate) -> NaiveDate {
    day.checked_add_days(Days::new(1)).unwrap_or(day)
}

fn before(day: NaiveDate) -> NaiveDate {
    day.checked_sub_days(Days::new(1)).unwrap_or(day)
}

#[cfg(test)]
mod tests;

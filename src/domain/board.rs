//! What waits for Amazon, and what of it is urgent: the board that a packer looks at in an outage (issue 4, point 2).

use super::ids::{OrderId, OrderNumber};
use super::money::Money;
use chrono::{DateTime, TimeDelta, Utc};

/// Less time than this to the ship-by: urgent.
pub const URGENT: TimeDelta = TimeDelta::hours(4);

/// What waits.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Waits {
    /// A purchase was asked and nobody knows what came of it: settled before anything new is asked.
    Settling,
    /// A purchase is written down with its choice.
    Buying,
    /// A void is written down.
    Voiding,
    /// Bought; its label has not come yet.
    Label,
}

impl Waits {
    /// What waits, in words.
    pub fn words(self) -> &'static str {
        match self {
            Self::Settling => "outcome unknown",
            Self::Buying => "to be bought",
            Self::Voiding => "to be voided",
            Self::Label => "label to come",
        }
    }
}

/// A box that waits for Amazon.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct BoardRow {
    /// Our number.
    pub order: OrderId,
    /// Amazon's number.
    pub number: OrderNumber,
    /// Number of the box within the order.
    pub box_number: u32,
    /// What waits.
    pub waits: Waits,
    /// Carrier and service that were chosen.
    pub method: String,
    /// Price that was agreed to.
    pub price: Money,
    /// Written down at.
    pub since: DateTime<Utc>,
    /// Latest ship-by of the order.
    pub ship_by: Option<DateTime<Utc>>,
    /// Why it waits, where more is known than that Amazon does not answer.
    pub why: Option<String>,
}

impl BoardRow {
    /// Its ship-by is near, or over.
    pub fn is_urgent(&self, now: DateTime<Utc>) -> bool {
        self.ship_by.is_some_and(|by| by - now < URGENT)
    }
}

/// What is settled first comes first, then what is most urgent, then what waits longest.
pub fn sort(rows: &mut [BoardRow]) {
    rows.sort_by_key(|row| {
        let by = row.ship_by.map_or(i64::MAX, |by| by.timestamp_micros());
        (row.waits != Waits::Settling, by, row.since)
    });
}

#[cfg(test)]
mod tests {
    use super::{BoardRow, Waits, sort};
    use crate::domain::ids::OrderId;
    use crate::domain::money::{Currency, Money};
    use chrono::{DateTime, TimeDelta, Utc};

    fn hours(hours: i64) -> DateTime<Utc> {
        DateTime::UNIX_EPOCH + TimeDelta::hours(hours)
    }

    fn row(order: i64, waits: Waits, ship_by: Option<i64>, since: i64) -> BoardRow {
        BoardRow {
            order: OrderId(order),
            number: "111-0000001-0000001".into(),
            box_number: 1,
            waits,
            method: "UPS Ground".to_owned(),
            price: Money::new(820, Currency::USD),
            since: hours(since),
            ship_by: ship_by.map(hours),
            why: None,
        }
    }

    #[test]
    fn what_is_unsettled_and_urgent_comes_first() {
        let mut rows = [
            row(1, Waits::Buying, None, 0),
            row(2, Waits::Buying, Some(9), 3),
            row(3, Waits::Buying, Some(5), 3),
            row(4, Waits::Voiding, Some(5), 1),
            row(5, Waits::Settling, Some(90), 8),
        ];
        sort(&mut rows);
        assert_eq!(rows.map(|row| row.order.0), [5, 4, 3, 2, 1]);
    }

    #[test]
    fn what_waits_is_said_in_words() {
        let words = [Waits::Settling, Waits::Buying, Waits::Voiding, Waits::Label].map(Waits::words);
        assert_eq!(
            words,
            ["outcome unknown", "to be bought", "to be voided", "label to come"]
        );
    }

    #[test]
    fn urgent_is_what_has_less_than_four_hours() {
        assert!(row(1, Waits::Buying, Some(3), 0).is_urgent(hours(0)));
        assert!(row(1, Waits::Buying, Some(3), 0).is_urgent(hours(9)), "over");
        assert!(!row(1, Waits::Buying, Some(4), 0).is_urgent(hours(0)));
        assert!(!row(1, Waits::Buying, None, 0).is_urgent(hours(0)));
    }
}

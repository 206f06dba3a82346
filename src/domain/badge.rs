//! Badges derived from an order: Prime, Business, Commercial, Transparency, urgency.
//!
//! Pure: the time is an argument. Colours are the screens' business, words and order are decided here.

#[cfg(test)]
mod tests;

use super::address::AddressKind;
use super::order::ChannelOrder;
use super::product::Product;
use super::transparency;
use chrono::{DateTime, TimeDelta, Utc};
use serde::{Deserialize, Serialize};
use std::fmt;

/// What an order wears (mission, amazon-marketplace). In the fixed order in which they are shown.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
pub enum Badge {
    /// Seller Fulfilled Prime. Purple.
    Prime,
    /// Amazon Business. Purple.
    Business,
    /// A business order to a commercial address.
    Commercial,
    /// At least one unit needs a transparency code.
    Transparency,
}

impl Badge {
    /// Every badge, in the order in which they are shown.
    pub const ALL: [Self; 4] = [Self::Prime, Self::Business, Self::Commercial, Self::Transparency];

    /// The word on the badge.
    pub fn word(self) -> &'static str {
        match self {
            Self::Prime => "Prime",
            Self::Business => "Business",
            Self::Commercial => "Commercial",
            Self::Transparency => "Transparency",
        }
    }
}

impl fmt::Display for Badge {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.word())
    }
}

/// The badges of an order, in their fixed order. Prime is only what Amazon's program says, never inferred
/// from a service level (amazon.md 8); Commercial is only a **business** order to a commercial address.
pub fn badges(order: &ChannelOrder, products: &[Product]) -> Vec<Badge> {
    let programs = &order.programs;
    let commercial = programs.business
        && order
            .destination
            .as_ref()
            .is_some_and(|destination| destination.kind == AddressKind::Commercial);
    let transparency = order
        .lines
        .iter()
        .any(|line| line.quantity > 0 && transparency::needs_code(line, products));
    Badge::ALL
        .into_iter()
        .filter(|badge| match badge {
            Badge::Prime => programs.prime,
            Badge::Business => programs.business,
            Badge::Commercial => commercial,
            Badge::Transparency => transparency,
        })
        .collect()
}

/// How near an order's ship-by is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Urgency {
    /// Over, for so long.
    Overdue(TimeDelta),
    /// Less than four hours are left.
    Now(TimeDelta),
    /// Less than a day is left.
    Today(TimeDelta),
    /// A day or more is left.
    Later(TimeDelta),
    /// Amazon gave no ship-by.
    NoDate,
}

/// The urgency of an order whose ship-by ends at `latest`. The last moment itself is still in time.
pub fn urgency(latest: Option<DateTime<Utc>>, now: DateTime<Utc>) -> Urgency {
    let Some(latest) = latest else {
        return Urgency::NoDate;
    };
    let left = latest - now;
    if left < TimeDelta::zero() {
        Urgency::Overdue(now - latest)
    } else if left < TimeDelta::hours(4) {
        Urgency::Now(left)
    } else if left < TimeDelta::hours(24) {
        Urgency::Today(left)
    } else {
        Urgency::Later(left)
    }
}

impl fmt::Display for Urgency {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Overdue(by) => write!(f, "overdue {}", Span(*by)),
            Self::Now(left) | Self::Today(left) | Self::Later(left) => write!(f, "{} left", Span(*left)),
            Self::NoDate => f.write_str("no ship-by"),
        }
    }
}

/// A span in two figures at most, rounded down: `2d 4h`, `5h 07m`, `12m`.
struct Span(TimeDelta);

impl fmt::Display for Span {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let (days, hours, minutes) = (
            self.0.num_days(),
            self.0.num_hours() % 24,
            self.0.num_minutes() % 60,
        );
        if days > 0 {
            write!(f, "{days}d {hours}h")
        } else if hours > 0 {
            write!(f, "{hours}h {minutes:02}m")
        } else {
            write!(f, "{minutes}m")
        }
    }
}

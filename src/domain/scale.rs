//! What a scale says, and when its weight may be taken (devices-and-conventions.md 5).
//!
//! Pure: bytes become readings in `devices`, readings become a weight here. Only two equal readings that the scale
//! itself calls steady, at least 200 ms apart, are a weight; nothing else than a change on the scale makes a weight
//! that was taken once one that may be taken again, so that none is carried over from one box to the next.

use super::units::Weight;
use chrono::{DateTime, TimeDelta, Utc};

/// Two equal steady readings this far apart are a weight.
pub const STEADY_FOR: TimeDelta = TimeDelta::milliseconds(200);

/// Nothing heard for so long: what was last said is no weight any more.
pub const SILENCE: TimeDelta = TimeDelta::seconds(1);

/// One thing that a scale said.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Reading {
    /// Steady at this weight, more than nothing.
    Steady(Weight),
    /// Something moves on it.
    Moving,
    /// Steady at zero.
    Empty,
    /// Below zero: it must be set to zero.
    Negative,
    /// More than it can weigh.
    Over,
    /// It says itself that something is wrong.
    Fault,
}

/// What the screens show of the scale.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum ScaleView {
    /// A weight that may be taken.
    Weight(Weight),
    /// Something moves on it, or has only just come to rest.
    Moving,
    /// Nothing is on it.
    Empty,
    /// No weight is to be had: why, and what to do.
    Trouble(String),
}

impl ScaleView {
    /// What stands on the screen.
    pub fn words(&self) -> String {
        match self {
            Self::Weight(weight) => format!("scale: {weight}"),
            Self::Moving => "scale: not at rest yet".to_owned(),
            Self::Empty => "scale: empty".to_owned(),
            Self::Trouble(words) => format!("scale: {words}"),
        }
    }
}

/// Readings so far.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Settling {
    /// The weight that is repeated, and since when.
    steady: Option<(Weight, DateTime<Utc>)>,
    heard: Option<DateTime<Utc>>,
}

impl Settling {
    /// What stands on the screen after this reading at this moment.
    pub fn hear(&mut self, reading: Reading, at: DateTime<Utc>) -> ScaleView {
        let gap = self.heard.is_some_and(|heard| at - heard > SILENCE || at < heard);
        self.heard = Some(at);
        let Reading::Steady(weight) = reading else {
            self.steady = None;
            return match reading {
                Reading::Empty => ScaleView::Empty,
                Reading::Negative => ScaleView::Trouble("below zero: empty it and set it to zero".to_owned()),
                Reading::Over => {
                    ScaleView::Trouble("too heavy for it: weigh elsewhere, type the weight".to_owned())
                }
                Reading::Fault => ScaleView::Trouble("it reports a fault: switch it off and on".to_owned()),
                Reading::Moving | Reading::Steady(_) => ScaleView::Moving,
            };
        };
        if weight.check().is_err() {
            self.steady = None;
            return ScaleView::Trouble(format!("{weight} cannot be a parcel: type the weight"));
        }
        match self.steady {
            Some((known, since)) if known == weight && !gap && at - since >= STEADY_FOR => {
                ScaleView::Weight(weight)
            }
            Some((known, _)) if known == weight && !gap => ScaleView::Moving,
            _ => {
                self.steady = Some((weight, at));
                ScaleView::Moving
            }
        }
    }

    /// Nothing was heard for [`SILENCE`].
    pub fn silence(&mut self) -> ScaleView {
        self.steady = None;
        ScaleView::Trouble("it says nothing: look whether it is on and connected".to_owned())
    }
}

/// Why a weight is far from what the contents weigh; none where it may be right. A box and its filling add to the
/// contents and never take away: less than nine tenths of them means that something is missing, more than a third
/// above them and half a kilogram means that something else is in the box or the unit is wrong.
pub fn far_from(weight: Weight, contents: Weight) -> Option<String> {
    let half_a_kilogram: i128 = 500_000_000_000_000;
    let (is, should) = (weight.picograms(), contents.picograms());
    if is * 10 < should * 9 {
        Some(format!(
            "{weight} is less than the contents alone ({contents}): is everything in the box?"
        ))
    } else if is * 3 > should * 4 + half_a_kilogram * 3 {
        Some(format!(
            "{weight} is far more than the contents ({contents}): another item, or the unit?"
        ))
    } else {
        None
    }
}

#[cfg(test)]
mod tests;

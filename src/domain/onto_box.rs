//! The printed label is scanned onto its box, where a bench demands it, so that two labels on one table are never
//! swapped. Until then the box is not done: its order does not become Shipped and the bench does not go on.
//!
//! Pure: which label is due, and what a scanned tracking number means for it.

use super::ids::{BoxId, TrackingNumber, UserId};
use super::refund::is_label;
use super::rows::{BoxRow, LabelRow};
use chrono::{DateTime, Utc};
use serde::Serialize;

/// Whether a label must be scanned onto its box, and whether it was.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum OntoBox {
    /// The bench does not demand it.
    #[default]
    NotAsked,
    /// Not scanned yet.
    Due,
    /// Scanned.
    Done {
        /// Who.
        by: UserId,
        /// When.
        at: DateTime<Utc>,
    },
}

/// The label is to be scanned now: bought, printable, and not scanned yet. One that is held or whose void is wanted
/// belongs on no box.
pub fn is_due(label: &LabelRow) -> bool {
    label.onto_box == OntoBox::Due && label.state.can_print() && !label.held
}

/// What a scanned tracking number means for the label that is due.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum LabelScan {
    /// It is this one.
    Right,
    /// It is another label of the same order: refused, in words.
    Wrong(String),
    /// None of this order's: whose it is must be looked up.
    Elsewhere,
}

/// Judges a scan against the label that is due, among all labels of its order.
pub fn judge(due: &LabelRow, labels: &[LabelRow], boxes: &[BoxRow], scanned: &TrackingNumber) -> LabelScan {
    if is_label(due, scanned) {
        return LabelScan::Right;
    }
    // Of several with this number the one that lives.
    let mut others = labels.iter().filter(|label| is_label(label, scanned));
    let other = others
        .clone()
        .find(|label| label.state.is_live())
        .or(others.next());
    let Some(other) = other else {
        return LabelScan::Elsewhere;
    };
    let here = box_words(boxes, due.box_id);
    LabelScan::Wrong(if other.state.is_live() {
        format!(
            "WRONG LABEL: {scanned} belongs on {}, not on {here}: swap the labels, then scan this box's own",
            box_words(boxes, other.box_id)
        )
    } else {
        format!(
            "WRONG LABEL: {scanned} is {}: tear it up, put the new label on {here} and scan that",
            other.state
        )
    })
}

/// The words for a label that is another order's, or nobody's here.
pub fn elsewhere(scanned: &TrackingNumber, other: Option<&LabelRow>) -> String {
    match other {
        Some(other) => format!(
            "WRONG LABEL: {scanned} belongs to order {}: take it off, put it there, then scan this box's own",
            other.number
        ),
        None => format!(
            "WRONG LABEL: no label of this station has {scanned}: take it off, then scan this box's own"
        ),
    }
}

/// The box in words: by its number, where the order has several.
pub fn box_words(boxes: &[BoxRow], id: BoxId) -> String {
    match boxes.iter().find(|parcel| parcel.id == id) {
        Some(parcel) if boxes.len() > 1 => format!("box {}", parcel.number),
        _ => "this box".to_owned(),
    }
}

/// What is asked for, with the end of the number by which a person finds the label.
pub fn asked(due: &LabelRow, boxes: &[BoxRow]) -> String {
    let tail = due.tracking.as_ref().map_or_else(String::new, |number| {
        let start = number.0.char_indices().rev().nth(3).map_or(0, |(at, _)| at);
        format!(" (…{})", &number.0[start..])
    });
    format!(
        "put the label{tail} on {} and scan it",
        box_words(boxes, due.box_id)
    )
}

#[cfg(test)]
mod tests;

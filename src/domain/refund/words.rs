//! Refunds in the packer's words.

use super::{is_open, is_overdue};
use crate::domain::ids::BoxId;
use crate::domain::rate::method_name;
use crate::domain::rows::LabelRow;
use crate::domain::shipment::LabelState;
use chrono::{DateTime, Utc};

fn day(at: DateTime<Utc>) -> String {
    at.format("%b %-d").to_string()
}

/// How far the refund of a voided label is: `expected by Dec 24`, `OVERDUE since Dec 24`, …
pub fn expectation(label: &LabelRow, now: DateTime<Utc>) -> String {
    let after = label.aftermath.as_ref();
    let by = after.and_then(|after| after.expected_by);
    match label.state {
        LabelState::Refunded => match after.and_then(|after| after.refunded) {
            Some(amount) if amount == label.price => format!("{amount} is back"),
            Some(amount) => format!("{amount} of {} is back", label.price),
            None => "back, says Amazon".to_owned(),
        },
        LabelState::RefundRejected => "rejected: the money is lost".to_owned(),
        LabelState::RefundNotReported => match by {
            Some(by) => format!("OVERDUE since {}, not reported in 60 days", day(by)),
            None => "OVERDUE, not reported in 60 days".to_owned(),
        },
        state if is_open(state) => match by {
            Some(by) if is_overdue(label, now) => format!("OVERDUE since {}", day(by)),
            Some(by) => format!("expected by {}", day(by)),
            None => "expected".to_owned(),
        },
        _ => String::new(),
    }
}

/// Labels of a box that were voided and whose money is not back.
pub fn unreturned(labels: &[LabelRow], parcel: BoxId) -> impl Iterator<Item = &LabelRow> {
    labels
        .iter()
        .filter(move |label| label.box_id == parcel)
        .filter(|label| is_open(label.state) || label.state == LabelState::RefundRejected)
}

/// That another label of the same box is paid, too, in words; none where it is not. A refund that was rejected
/// while another label was bought means that two are paid for.
pub fn both_paid(labels: &[LabelRow], of: &LabelRow, now: DateTime<Utc>) -> Vec<String> {
    if !of.state.is_live() {
        return Vec::new();
    }
    let words = |other: &LabelRow| {
        let method = method_name(&other.carrier, &other.service);
        if other.state == LabelState::RefundRejected {
            format!(
                "TWO LABELS ARE PAID for this box: {} and {} ({method}), whose refund was rejected",
                of.price, other.price
            )
        } else {
            format!(
                "both are paid for now: {} and {} for the voided {method}, refund {}",
                of.price,
                other.price,
                expectation(other, now)
            )
        }
    };
    unreturned(labels, of.box_id).map(words).collect()
}

/// How long an unscanned label can still be voided: `9 days left to void`, `VOID IT TODAY`, `void window closed`.
pub fn window_words(label: &LabelRow, now: DateTime<Utc>) -> String {
    match super::days_left(label, now) {
        None => String::new(),
        Some(days) if days < 0 => "void window closed".to_owned(),
        Some(0) => "VOID IT TODAY".to_owned(),
        Some(1) => "1 day left to void".to_owned(),
        Some(days) => format!("{days} days left to void"),
    }
}

/// What Amazon last said of a parcel that nobody has scanned.
pub fn heard_words(label: &LabelRow) -> String {
    let after = label.aftermath.as_ref();
    let word = after.and_then(|after| after.word.clone().zip(after.word_at));
    word.map_or_else(
        || "nothing was heard of it yet".to_owned(),
        |(word, at)| format!("Amazon on {}: {word}", day(at)),
    )
}

//! What becomes of the money of a voided label, and of a label that no carrier has scanned: what Amazon's words
//! mean, what is read next and when, until when a refund is expected (PURCHASING.md 5, amazon.md 2.10, 3.8, 8).
//!
//! Pure. Nothing here invents a refund: only Amazon's word or a person's booking moves a label to *refunded*.

use super::ids::{StoreId, TrackingNumber};
use super::intent::folded;
use super::money::Money;
use super::rows::{LabelRow, Page};
use super::seller::LabelVia;
use super::shipment::{LabelMove, LabelState};
use chrono::{DateTime, TimeDelta, Utc};
use serde::Serialize;

mod paper;
mod words;

pub use paper::{OldLabel, Paper};
pub use words::{both_paid, expectation, heard_words, unreturned, window_words};

/// An unused label can be voided this long after its purchase (amazon.md 8, void window).
pub const VOID_WINDOW: TimeDelta = TimeDelta::days(14);
/// A refund of which nothing was heard for so long is *not reported* (PURCHASING.md 5).
pub const NOT_REPORTED_AFTER: TimeDelta = TimeDelta::days(60);
/// A label is looked for among the unscanned ones once it is this old: a parcel of today is not late.
pub const QUIET: TimeDelta = TimeDelta::days(2);
/// Unscanned labels whose void window is over are listed this long after their purchase.
pub const LISTED: TimeDelta = TimeDelta::days(28);
/// Merchant Fulfillment may still decide after *not reported*; after this it is not asked any more.
const LAST_LOOK: TimeDelta = TimeDelta::days(180);

/// Pauses between the first readings after a void, by how many were made; then [`DAILY`], later [`WEEKLY`].
const AFTER_VOID: [TimeDelta; 4] = [
    TimeDelta::minutes(10),
    TimeDelta::hours(1),
    TimeDelta::hours(6),
    DAILY,
];
const DAILY: TimeDelta = TimeDelta::days(1);
const WEEKLY: TimeDelta = TimeDelta::days(7);
/// A void is read daily for so long, then weekly.
const SLOWER_AFTER: TimeDelta = TimeDelta::days(14);
/// Tracking of a label that was not scanned is read at these ages: six readings, the last a day before its void
/// window closes.
const TRACKED_AT: [TimeDelta; 6] = [
    TimeDelta::days(1),
    TimeDelta::days(3),
    TimeDelta::days(7),
    TimeDelta::days(10),
    TimeDelta::days(12),
    TimeDelta::days(13),
];

/// Tracking of a parcel that its carrier has is read at these ages, until it has arrived or is lost.
const MOVING_AT: [TimeDelta; 4] = [
    TimeDelta::days(5),
    TimeDelta::days(10),
    TimeDelta::days(20),
    TimeDelta::days(40),
];

/// What is known of a label since it was bought, beyond its state.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Aftermath {
    /// First sent to Amazon: the void window counts from the earliest moment at which it can have been bought.
    pub bought_at: DateTime<Utc>,
    /// The void was accepted.
    pub voided_at: Option<DateTime<Utc>>,
    /// The refund is expected by then.
    pub expected_by: Option<DateTime<Utc>>,
    /// What was said of the old label's paper when the void was wanted.
    pub old_label: Option<OldLabel>,
    /// What came back, where a person booked it.
    pub refunded: Option<Money>,
    /// Last word of Amazon on the package, the shipment or the tracking, as Amazon wrote it.
    pub word: Option<String>,
    /// When that was heard.
    pub word_at: Option<DateTime<Utc>>,
    /// A carrier has scanned the parcel.
    pub scanned: bool,
    /// Readings so far since the purchase or the void.
    pub looks: u32,
}

/// What is to be read of a label next.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Reading {
    /// The order's packages: Shipping v2 reports nothing itself.
    Package,
    /// The shipment of Merchant Fulfillment v0 (`getShipment`).
    Shipment,
    /// `getTracking`.
    Tracking,
    /// Nothing: only time has passed.
    Nothing,
}

/// A label whose reading is due at some time.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FollowUp {
    /// The label.
    pub label: LabelRow,
    /// The shop whose Amazon account is asked.
    pub store: StoreId,
    /// Not before.
    pub due: DateTime<Utc>,
}

/// What a reading brought.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Heard {
    /// Status of the order's package with this tracking number (`packageStatus`).
    Package(String),
    /// Status of the shipment (`Purchased`, `RefundPending`, `RefundApplied`, `RefundRejected`).
    Shipment(String),
    /// Status of the tracking (`PreTransit`, `InTransit`, …).
    Tracking(String),
    /// Nothing that says anything.
    Nothing,
}

/// What something that was heard means for a label.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Verdict {
    /// The label moves on.
    pub step: Option<LabelMove>,
    /// Why, in words.
    pub why: Option<String>,
    /// A carrier has the parcel.
    pub scanned: bool,
    /// What a person must hear of.
    pub alarm: Option<&'static str>,
}

/// How a person books the end of a refund, from the statement or Seller Central.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Booking {
    /// So much came back.
    Paid(Money),
    /// Nothing comes back.
    Rejected,
}

/// Which refunds are listed.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Hash)]
pub enum RefundFilter {
    /// All of them, the open ones first.
    #[default]
    All,
    /// Not decided, or not reported.
    Open,
    /// Later than expected, or not reported.
    Overdue,
}

/// Refunds with what they come to, per currency.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Refunds {
    /// Labels that were voided.
    #[serde(flatten)]
    pub page: Page<LabelRow>,
    /// Paid for labels whose refund is not decided.
    pub awaited: Vec<Money>,
    /// Paid for labels whose refund was rejected: lost.
    pub lost: Vec<Money>,
}

/// The carrier decides on a refund within this long (amazon.md 8): 60 days at USPS, 30 elsewhere.
pub fn decided_within(carrier: &str) -> TimeDelta {
    let folded: String = carrier
        .chars()
        .filter(char::is_ascii_alphabetic)
        .map(|letter| letter.to_ascii_lowercase())
        .collect();
    if folded.contains("usps") || folded.contains("unitedstatespostal") {
        TimeDelta::days(60)
    } else {
        TimeDelta::days(30)
    }
}

/// The refund of this label is not decided yet, as far as we know.
pub fn is_open(state: LabelState) -> bool {
    matches!(
        state,
        LabelState::Voided | LabelState::RefundPending | LabelState::RefundNotReported
    )
}

/// The refund is later than expected, or was not reported at all.
pub fn is_overdue(label: &LabelRow, now: DateTime<Utc>) -> bool {
    let by = label.aftermath.as_ref().and_then(|after| after.expected_by);
    is_open(label.state) && (label.state == LabelState::RefundNotReported || by.is_some_and(|by| by < now))
}

/// Nothing was heard of the refund for 60 days: it is *not reported* from now on.
pub fn is_missed(label: &LabelRow, now: DateTime<Utc>) -> bool {
    let voided = label.aftermath.as_ref().and_then(|after| after.voided_at);
    label.state.apply(LabelMove::MissRefund).is_ok()
        && voided.is_some_and(|voided| now - voided >= NOT_REPORTED_AFTER)
}

/// Until when the label can be voided, where it still lives.
pub fn void_closes(label: &LabelRow) -> Option<DateTime<Utc>> {
    let bought = label.aftermath.as_ref()?.bought_at;
    label.state.is_bought().then(|| bought + VOID_WINDOW)
}

/// Whole days left to void it; negative once the window is over.
pub fn days_left(label: &LabelRow, now: DateTime<Utc>) -> Option<i64> {
    let left = void_closes(label)? - now;
    let days = left.num_days();
    Some(if left < TimeDelta::zero() { days - 1 } else { days })
}

/// Bought from Amazon, and no carrier scan is known although it is older than [`QUIET`].
pub fn is_unmoved(label: &LabelRow, now: DateTime<Utc>) -> bool {
    label.state.is_bought()
        && label.via != LabelVia::Outside
        && label.aftermath.as_ref().is_some_and(|after| {
            !after.scanned && now - after.bought_at >= QUIET && now - after.bought_at <= LISTED
        })
}

/// What is read of the label next; none where nothing can be learned any more.
pub fn reading(label: &LabelRow, now: DateTime<Utc>) -> Option<Reading> {
    let after = label.aftermath.as_ref()?;
    if is_missed(label, now) {
        return Some(Reading::Nothing);
    }
    let reports = label.via == LabelVia::MerchantFulfillmentV0 && label.shipment.is_some();
    match label.state {
        state if is_open(state) && reports => Some(Reading::Shipment),
        LabelState::Voided if label.via == LabelVia::ShippingV2 && label.tracking.is_some() => {
            Some(Reading::Package)
        }
        LabelState::Voided | LabelState::RefundPending => Some(Reading::Nothing),
        LabelState::Bought
        | LabelState::BoughtWithoutDocument
        | LabelState::Printed
        | LabelState::VoidRefused
            if label.via != LabelVia::Outside
                && label.tracking.is_some()
                && !after.word.as_deref().is_some_and(has_ended) =>
        {
            // Merchant Fulfillment says nothing of a parcel's way: the order's packages do.
            Some(if label.via == LabelVia::MerchantFulfillmentV0 {
                Reading::Package
            } else {
                Reading::Tracking
            })
        }
        _ => None,
    }
}

/// When that is due; none: never.
pub fn next_look(label: &LabelRow, now: DateTime<Utc>) -> Option<DateTime<Utc>> {
    let after = label.aftermath.as_ref()?;
    let reading = reading(label, now)?;
    if label.state.is_bought() {
        // Not at once where some were missed: the next of the plan.
        let ages = if after.scanned {
            &MOVING_AT[..]
        } else {
            &TRACKED_AT[..]
        };
        return ages
            .iter()
            .map(|age| after.bought_at + *age)
            .find(|due| *due > now);
    }
    let voided = after.voided_at?;
    let missed = (label.state != LabelState::RefundNotReported).then_some(voided + NOT_REPORTED_AFTER);
    if reading == Reading::Nothing {
        return missed;
    }
    let pause = match usize::try_from(after.looks)
        .ok()
        .and_then(|made| AFTER_VOID.get(made))
    {
        Some(pause) => *pause,
        None if now - voided < SLOWER_AFTER => DAILY,
        None => WEEKLY,
    };
    let due = now + pause;
    match missed {
        Some(missed) => Some(due.min(missed)),
        None => (due - voided <= LAST_LOOK).then_some(due),
    }
}

/// What `packageStatus` of Orders 2026-01-01 says of a label. *Shipped* proves nothing: the purchase itself
/// confirms the shipment.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum PackageWord {
    Canceled,
    Moving,
    Silent,
}

/// Amazon writes "canceled" in two ways (amazon.md 4.3).
fn one_spelling(status: &str) -> String {
    folded(status).replace("cancelled", "canceled")
}

fn package_word(status: &str) -> PackageWord {
    match one_spelling(status).as_str() {
        "canceled" | "labelcanceled" => PackageWord::Canceled,
        "intransit" | "delivered" | "undeliverable" | "pickedup" | "droppedoff" | "atoriginfc"
        | "atdestinationfc" | "rejectedbybuyer" | "returningtoseller" | "returnedtoseller" | "lost"
        | "outfordelivery" | "damaged" => PackageWord::Moving,
        _ => PackageWord::Silent,
    }
}

/// Whether `getTracking`'s status means that a carrier has the parcel. What we do not know means nothing.
fn is_moving(status: &str) -> bool {
    matches!(
        one_spelling(status).as_str(),
        "intransit"
            | "delivered"
            | "lost"
            | "outfordelivery"
            | "rejected"
            | "undeliverable"
            | "deliveryattempted"
            | "awaitingcustomerpickup"
    )
}

/// Nothing more is heard of a parcel after this word of its tracking or its package.
fn has_ended(word: &str) -> bool {
    matches!(
        one_spelling(word).as_str(),
        "delivered"
            | "lost"
            | "rejected"
            | "undeliverable"
            | "damaged"
            | "returnedtoseller"
            | "rejectedbybuyer"
    )
}

/// Canceled at Amazon, and not by us.
const CANCELED_ELSEWHERE: &str = "Amazon says that this label was canceled elsewhere: do not use it; void it here \
                                  too, so that its box is free";
/// On its way with a void label.
const MOVES_VOIDED: &str = "the carrier has a parcel with this label although it is void: find the parcel or call a \
                            supervisor, the carrier may charge it again";

/// What something that was heard means for this label. Total: what says nothing changes nothing.
pub fn verdict(label: &LabelRow, heard: &Heard) -> Verdict {
    let why = |words: &str| Some(words.to_owned());
    let moving = match heard {
        Heard::Nothing => return Verdict::default(),
        Heard::Package(status) if package_word(status) == PackageWord::Canceled => {
            return canceled(label);
        }
        Heard::Shipment(status) => {
            let (step, words) = match one_spelling(status).as_str() {
                "refundpending" => (LabelMove::ExpectRefund, "Amazon confirms: the refund is pending"),
                "refundapplied" => (LabelMove::Refund, "Amazon says that the refund is applied"),
                "refundrejected" => (
                    LabelMove::RejectRefund,
                    "Amazon rejected it: the void came too late, or the carrier had the parcel already",
                ),
                _ => return Verdict::default(),
            };
            return match label.state.apply(step) {
                Ok(_) => Verdict {
                    step: Some(step),
                    why: why(words),
                    ..Verdict::default()
                },
                _ => Verdict::default(),
            };
        }
        Heard::Package(status) => package_word(status) == PackageWord::Moving,
        Heard::Tracking(status) => is_moving(status),
    };
    let over = label.state.was_bought() && !label.state.is_bought();
    Verdict {
        scanned: moving,
        alarm: (moving && over).then_some(MOVES_VOIDED),
        ..Verdict::default()
    }
}

/// The package of a label is canceled at Amazon.
fn canceled(label: &LabelRow) -> Verdict {
    let (step, words) = match label.state {
        LabelState::Voided => (LabelMove::ExpectRefund, "Amazon lists the label as canceled"),
        // The answer to the void was lost; this is it.
        LabelState::VoidUnknown => (LabelMove::AcceptVoid, "Amazon lists the label as canceled"),
        LabelState::Bought
        | LabelState::BoughtWithoutDocument
        | LabelState::Printed
        | LabelState::VoidRefused => {
            return Verdict {
                alarm: Some(CANCELED_ELSEWHERE),
                ..Verdict::default()
            };
        }
        _ => return Verdict::default(),
    };
    Verdict {
        step: Some(step),
        why: Some(words.to_owned()),
        ..Verdict::default()
    }
}

/// The tracking number that a scan or a person gives is that of this label.
pub fn is_label(label: &LabelRow, number: &TrackingNumber) -> bool {
    label
        .tracking
        .as_ref()
        .is_some_and(|own| super::freshness::same_number(own, number))
}

/// The words of a booking, for the history.
pub fn booking_words(booking: &Booking, reason: &str) -> String {
    let reason = reason.trim();
    let what = match booking {
        Booking::Paid(amount) => format!("{amount} booked by hand"),
        Booking::Rejected => "rejection booked by hand".to_owned(),
    };
    if reason.is_empty() {
        what
    } else {
        format!("{what}: {reason}")
    }
}

/// Why a booking cannot be right, in words.
pub fn check_booking(label: &LabelRow, booking: &Booking) -> Result<LabelMove, String> {
    let step = match booking {
        Booking::Paid(_) => LabelMove::Refund,
        Booking::Rejected => LabelMove::RejectRefund,
    };
    if label.state.apply(step).is_err() {
        return Err(format!(
            "this label is {}: only the refund of a voided label can be booked, once",
            label.state
        ));
    }
    if let Booking::Paid(amount) = booking {
        if amount.currency != label.price.currency {
            return Err(format!(
                "the label was paid in {}: book the refund in it",
                label.price.currency.code()
            ));
        }
        if amount.minor <= 0 {
            return Err("a refund is more than nothing: book a rejection instead".to_owned());
        }
        if amount.minor > label.price.minor {
            return Err(format!(
                "{amount} is more than the {} that were paid: look at the statement again",
                label.price
            ));
        }
    }
    Ok(step)
}

#[cfg(test)]
pub(in crate::domain) mod tests;

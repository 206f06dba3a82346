//! Settling a purchase whose outcome nobody knows (PURCHASING.md 4): when it may be repeated, when to look
//! at the order's packages, and which package settles which label. Pure.

use super::freshness::same_number;
use super::ids::{IntentId, LineId, OrderNumber, TrackingNumber};
use super::merchant::{MerchantShipment, MerchantStatus};
use super::order::ChannelPackage;
use super::rows::{LabelRow, WorkItem};
use super::seller::LabelVia;
use super::shipment::LabelState;
use chrono::{DateTime, TimeDelta, Utc};
use std::collections::BTreeMap;

/// A repeat with the same key is safe only this long after the first send: how long Amazon honours a key is
/// not known, and after it the quote could buy a second label. Ten seconds are kept for the sending itself.
pub const REPEAT_WITHIN: TimeDelta = TimeDelta::seconds(110);
/// A quote buys for ten minutes.
pub const QUOTE_LIFE: TimeDelta = TimeDelta::minutes(10);
/// Kept after a quote's end before a repeat counts as one that can only find the old shipment.
pub const QUOTE_MARGIN: TimeDelta = TimeDelta::minutes(2);
/// Between repeats once the quote can no longer buy.
const LATE_REPEAT: TimeDelta = TimeDelta::minutes(30);
/// No more repeats this long after the first send.
const LAST_REPEAT: TimeDelta = TimeDelta::hours(24);
/// Packages are read so long after the first send, and then hourly.
const PACKAGE_LOOKS: [TimeDelta; 3] = [
    TimeDelta::seconds(30),
    TimeDelta::minutes(2),
    TimeDelta::minutes(10),
];
const LATER_LOOKS: TimeDelta = TimeDelta::hours(1);

/// When the stored request of an unknown purchase may go out again, byte for byte: a moment in the past means
/// at once, `None` never (again). Never between the first two minutes and the end of the quote, and never at all
/// where Amazon knows no key that tells a repeat from a second wish.
pub fn repeat_due(item: &WorkItem, now: DateTime<Utc>) -> Option<DateTime<Utc>> {
    if !knows_keys(item.label.via) {
        return None;
    }
    let first = item.first_sent_at?;
    let last = item.last_sent_at.unwrap_or(first).max(first);
    if now < first {
        // The clock was set back: nobody knows how long ago that was.
        return None;
    }
    let pause = TimeDelta::seconds(5 << item.last_attempt.saturating_sub(1).min(4));
    let soon = last + pause;
    if soon.max(now) <= first + REPEAT_WITHIN {
        return Some(soon);
    }
    let expired = item.quote_asked_at? + QUOTE_LIFE + QUOTE_MARGIN;
    let late = if last < expired {
        expired
    } else {
        last + LATE_REPEAT
    };
    (late <= first + LAST_REPEAT).then_some(late)
}

/// Whether a repeat at `now` keeps the rule of [`repeat_due`]. The last check before the request goes out.
pub fn may_repeat(
    via: LabelVia,
    first: DateTime<Utc>,
    quote_asked: Option<DateTime<Utc>>,
    now: DateTime<Utc>,
) -> bool {
    if !knows_keys(via) {
        return false;
    }
    let within = now >= first && now - first <= REPEAT_WITHIN;
    let after = quote_asked.is_some_and(|asked| now >= asked + QUOTE_LIFE + QUOTE_MARGIN);
    within || (after && now >= first)
}

/// A purchase carries a key by which Amazon knows a repeat. Merchant Fulfillment v0 has none: sent twice, it may
/// sell twice.
fn knows_keys(via: LabelVia) -> bool {
    match via {
        LabelVia::ShippingV2 => true,
        LabelVia::MerchantFulfillmentV0 | LabelVia::Outside => false,
    }
}

/// When to look at the order's packages next; `last_look` is the last time that this was done. A first send ahead of
/// the clock is a clock that was set back: nobody knows how long ago that was, so it is looked at now, and then hourly.
pub fn look_due(
    first_sent: DateTime<Utc>,
    last_look: Option<DateTime<Utc>>,
    now: DateTime<Utc>,
) -> DateTime<Utc> {
    if first_sent > now {
        let again = last_look.filter(|last| *last <= now);
        return again.map_or(now, |last| last + LATER_LOOKS);
    }
    let Some(last_look) = last_look else {
        return first_sent + PACKAGE_LOOKS[0];
    };
    let planned = PACKAGE_LOOKS.iter().map(|offset| first_sent + *offset);
    planned
        .into_iter()
        .find(|due| *due > last_look)
        .unwrap_or(last_look + LATER_LOOKS)
}

/// A package that Amazon lists and nobody here knows may be this label's: it was asked and nobody knows what came
/// of it, or it was bought and its answer broke off before the tracking number, whatever became of it since.
pub fn may_own_a_package(label: &LabelRow) -> bool {
    matches!(label.state, LabelState::Asked | LabelState::Unknown)
        || (label.state.was_bought() && label.tracking.is_none())
}

/// A purchase of ours that [may own a package](may_own_a_package), as far as a package can be told by it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct OpenIntent {
    /// Label.
    pub id: IntentId,
    /// Units in its box by order line.
    pub items: Vec<(LineId, u32)>,
    /// Carrier.
    pub carrier: String,
    /// Service.
    pub service: String,
    /// First send.
    pub first_sent: DateTime<Utc>,
}

/// Which packages settle which open purchases: each package that exactly one of them fits, that is the only
/// one to fit it, and whose tracking number no label of ours has. That a package is missing proves nothing.
pub fn settled_by(
    packages: &[ChannelPackage],
    open: &[OpenIntent],
    ours: &[TrackingNumber],
) -> Vec<(IntentId, TrackingNumber)> {
    let strange = strange(packages, ours);
    let fitting = |package: &ChannelPackage| -> Vec<IntentId> {
        let fits = open.iter().filter(|intent| fits(package, intent));
        fits.map(|intent| intent.id).collect()
    };
    let pairs: Vec<(IntentId, &TrackingNumber)> = strange
        .iter()
        .flat_map(|(package, tracking)| fitting(package).into_iter().map(move |id| (id, *tracking)))
        .collect();
    let once = |pair: &&(IntentId, &TrackingNumber)| {
        pairs.iter().filter(|other| other.0 == pair.0).count() == 1
            && pairs.iter().filter(|other| same_number(other.1, pair.1)).count() == 1
    };
    let settled = pairs.iter().filter(once);
    settled.map(|(id, tracking)| (*id, (*tracking).clone())).collect()
}

/// Packages with a tracking number that no label of ours has: one of them may be what nobody knows of.
pub fn strange<'a>(
    packages: &'a [ChannelPackage],
    ours: &[TrackingNumber],
) -> Vec<(&'a ChannelPackage, &'a TrackingNumber)> {
    packages
        .iter()
        .filter_map(|package| Some((package, package.tracking.as_ref()?)))
        .filter(|(_, tracking)| !ours.iter().any(|own| same_number(own, tracking)))
        .collect()
}

/// Which open purchase a shipment settles that Amazon itself has named (`ShipmentAlreadyExists`): the rule of
/// [`settled_by`], and the shipment is of this order and was not canceled.
pub fn settled_by_named(
    named: &MerchantShipment,
    order: &OrderNumber,
    open: &[OpenIntent],
    ours: &[TrackingNumber],
) -> Option<IntentId> {
    if named.order != *order || named.status != MerchantStatus::Purchased {
        return None;
    }
    let package = ChannelPackage {
        reference: named.shipment.0.clone(),
        status: named.status.to_string(),
        carrier: named.carrier.clone(),
        service: named.service.clone(),
        tracking: named.tracking.clone(),
        shipped_at: named.created_at,
        items: named.items.clone(),
    };
    let settled = settled_by(std::slice::from_ref(&package), open, ours);
    settled.first().map(|(id, _)| *id)
}

fn fits(package: &ChannelPackage, intent: &OpenIntent) -> bool {
    // Amazon may give the day of shipping instead of the moment: a day of grace, never more.
    let in_time = package
        .shipped_at
        .is_none_or(|at| at >= intent.first_sent - TimeDelta::days(1));
    in_time
        && counted(&package.items) == counted(&intent.items)
        && alike(&package.carrier, &intent.carrier)
        && alike(&package.service, &intent.service)
}

fn counted(items: &[(LineId, u32)]) -> BTreeMap<&LineId, u32> {
    let mut counted = BTreeMap::new();
    for (line, quantity) in items {
        *counted.entry(line).or_default() += quantity;
    }
    counted
}

/// Names of carriers and services differ in marks, spaces and case; one may be a part of the other. An empty
/// name says nothing against.
fn alike(one: &str, other: &str) -> bool {
    let fold = |name: &str| -> String {
        let signs = name.chars().filter(char::is_ascii_alphanumeric);
        signs.map(|sign| sign.to_ascii_lowercase()).collect()
    };
    let (one, other) = (fold(one), fold(other));
    one.contains(&other) || other.contains(&one)
}

#[cfg(test)]
mod tests;

//! Whether an order may still be bought for (PURCHASING.md 3.2, 5, 6): what Amazon said when the packer
//! packed, against what it says now. Pure.

use super::ids::{LineId, TrackingNumber};
use super::order::{ChannelOrder, ChannelStatus, Flag};
use chrono::{DateTime, TimeDelta, Utc};
use std::collections::BTreeMap;

/// How old Amazon's word may be when a label is bought at the bench (PURCHASING.md 6).
pub const BENCH: TimeDelta = TimeDelta::minutes(2);

/// How old the last sweep may be when a label is bought in bulk (PURCHASING.md 6).
pub const BULK: TimeDelta = TimeDelta::minutes(5);

/// Why nothing is bought. Displays as the packer's words: what happened and what to do.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum Stale {
    /// Amazon canceled it.
    #[error("Amazon has canceled this order: put the units back, nothing was bought")]
    Canceled,
    /// The buyer asks to cancel it, or a line of it.
    #[error("the buyer asks to cancel this order: settle that in Seller Central first, nothing was bought")]
    CancelRequested,
    /// The payment is checked again.
    #[error("Amazon is still checking the payment of this order: it may not ship yet, nothing was bought")]
    Pending,
    /// Amazon says that it cannot be fulfilled.
    #[error(
        "Amazon says that this order cannot be fulfilled: look at it in Seller Central, nothing was bought"
    )]
    Unfulfillable,
    /// A status that we do not know.
    #[error(
        "Amazon calls this order {0:?}, which this program does not know: look at it in Seller Central, nothing was bought"
    )]
    UnknownStatus(String),
    /// The address is another.
    #[error("the address of this order has changed: ask for rates again, nothing was bought")]
    AddressChanged,
    /// Lines or quantities are others.
    #[error("the items of this order have changed: check the box against it, nothing was bought")]
    ItemsChanged,
    /// Somebody else shipped it.
    #[error(
        "Amazon lists a package of this order that is not ours ({0}): it was shipped elsewhere, nothing was bought"
    )]
    ShippedElsewhere(String),
}

impl Stale {
    /// The flag that the order wears for it, where it has one.
    pub fn flag(&self) -> Option<Flag> {
        match self {
            Self::Canceled => Some(Flag::Canceled),
            Self::CancelRequested => Some(Flag::CancelRequested),
            Self::AddressChanged => Some(Flag::AddressChanged),
            Self::ItemsChanged => Some(Flag::ItemsChanged),
            Self::ShippedElsewhere(_) => Some(Flag::ShippedElsewhere),
            Self::Pending | Self::Unfulfillable | Self::UnknownStatus(_) => None,
        }
    }
}

/// Whether Amazon's word of `seen` is young enough at `now`. A word from the future (a clock that was set
/// back) is not.
pub fn young_enough(seen: DateTime<Utc>, now: DateTime<Utc>, most: TimeDelta) -> bool {
    seen <= now && now - seen <= most
}

/// Compares Amazon's word as it was packed for (`then`) with its word `now`. `ours` are the tracking numbers
/// of our labels of this order, live or voided. The first reason found, gravest first.
pub fn judge(then: &ChannelOrder, now: &ChannelOrder, ours: &[TrackingNumber]) -> Result<(), Stale> {
    match &now.status {
        ChannelStatus::Canceled => return Err(Stale::Canceled),
        ChannelStatus::Pending => return Err(Stale::Pending),
        ChannelStatus::Unfulfillable => return Err(Stale::Unfulfillable),
        ChannelStatus::Unknown(status) => return Err(Stale::UnknownStatus(status.clone())),
        ChannelStatus::Unshipped | ChannelStatus::PartiallyShipped | ChannelStatus::Shipped => {}
    }
    // A request that the packer has seen and settled is no news.
    let asks = |order: &ChannelOrder, id: &LineId| {
        order
            .lines
            .iter()
            .any(|line| line.id == *id && line.cancel_requested)
    };
    if now
        .lines
        .iter()
        .any(|line| line.cancel_requested && !asks(then, &line.id))
    {
        return Err(Stale::CancelRequested);
    }
    shipped_by_us_alone(now, ours)?;
    if items(then) != items(now) {
        return Err(Stale::ItemsChanged);
    }
    // Amazon does not always give the address (a missing role, a shipped order): only two words can differ.
    let fingerprints = [&then.address_fingerprint, &now.address_fingerprint];
    let moved = fingerprints[0] != fingerprints[1] && fingerprints.iter().all(|print| !print.is_empty());
    let elsewhere = place(then).zip(place(now)).is_some_and(|(then, now)| then != now);
    if moved || elsewhere {
        return Err(Stale::AddressChanged);
    }
    Ok(())
}

/// *Shipped by us* means that every package that Amazon lists matches a label of ours (PURCHASING.md 5).
pub fn shipped_by_us_alone(now: &ChannelOrder, ours: &[TrackingNumber]) -> Result<(), Stale> {
    let strange = now.packages.iter().find(|package| {
        package
            .tracking
            .as_ref()
            .is_none_or(|tracking| !ours.iter().any(|own| same_number(own, tracking)))
    });
    if let Some(package) = strange {
        let name = package
            .tracking
            .as_ref()
            .map_or_else(|| "without a tracking number".to_owned(), ToString::to_string);
        return Err(Stale::ShippedElsewhere(name));
    }
    let shipped = matches!(
        now.status,
        ChannelStatus::Shipped | ChannelStatus::PartiallyShipped
    );
    if shipped && now.packages.is_empty() && ours.is_empty() {
        return Err(Stale::ShippedElsewhere("not named by Amazon".to_owned()));
    }
    Ok(())
}

/// Tracking numbers are compared without spaces and case: carriers and Amazon write them both ways.
pub fn same_number(one: &TrackingNumber, other: &TrackingNumber) -> bool {
    fn plain(number: &TrackingNumber) -> impl Iterator<Item = char> + '_ {
        let signs = number.0.chars().filter(|sign| !sign.is_whitespace());
        signs.map(|sign| sign.to_ascii_uppercase())
    }
    plain(one).eq(plain(other))
}

fn items(order: &ChannelOrder) -> BTreeMap<&LineId, (&str, u32)> {
    let lines = order.lines.iter();
    lines
        .map(|line| (&line.id, (line.sku.as_str(), line.quantity)))
        .collect()
}

/// What of the address decides rates although it is not sealed.
fn place(order: &ChannelOrder) -> Option<(&str, &str)> {
    let destination = order.destination.as_ref()?;
    Some((&destination.country, &destination.state))
}

#[cfg(test)]
mod tests;

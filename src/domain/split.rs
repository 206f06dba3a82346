//! Splitting an order for a partial shipment: a part of its units goes now, the rest later. Pure.
//!
//! Each part is an order of its own at the bench (status, pick list, boxes, labels, history), under the channel's
//! number; Amazon knows one order. A part holds whole units of an order line, so a kit or a group is never torn.
//! What Amazon says of the whole order is read as a part sees it ([`as_part`]), and what it changes is dealt out
//! among the parts again ([`share_out`]).

use super::ids::{LineId, Sku};
use super::order::{ChannelOrder, ChannelStatus, Flag, Order, OrderLine};
use super::packing::PackEvent;
use super::rows::OrderDetail;
use super::status::OrderStatus;
use serde::Serialize;
use std::collections::BTreeMap;
use std::fmt;

/// Units of each order line.
pub type Units = BTreeMap<LineId, u32>;

/// Which part of a split order it is: `part 1 of 2`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
pub struct PartOf {
    /// Its place among the parts that have units, from 1.
    pub place: u32,
    /// Parts that have units.
    pub of: u32,
}

impl fmt::Display for PartOf {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "part {} of {}", self.place, self.of)
    }
}

/// What a part knows of the whole order.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Part {
    /// Which part it is.
    pub of: PartOf,
    /// The order's lines as Amazon states them, all units.
    pub whole: Vec<OrderLine>,
}

/// Why nothing is split, or joined. Displays as the words for the person: what is the matter and what to do.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum NoSplit {
    /// Nothing was named.
    #[error("nothing goes: say at least one unit that is shipped separately")]
    NothingGoes,
    /// Everything was named.
    #[error("nothing stays: at least one unit must; to let the whole order wait, put it on hold")]
    NothingStays,
    /// Another product.
    #[error("{0} is not in this order")]
    NotOrdered(Sku),
    /// More than can go.
    #[error(
        "{wanted} of {sku} cannot go: {free} can; what lies in a box stays, take it out first (undo its scans)"
    )]
    TooMany {
        /// Product.
        sku: Sku,
        /// Units named.
        wanted: u32,
        /// Units that can go.
        free: u32,
    },
    /// Where it stands.
    #[error("an order that is {0} is not split")]
    Status(OrderStatus),
    /// What Amazon says.
    #[error("Amazon does not say that this order may be shipped: it is not split")]
    Channel,
    /// A flag.
    #[error("settle this first: {0}")]
    Flagged(Flag),
    /// Not split.
    #[error("this order is not split: there is nothing to join")]
    Whole,
    /// A label of the part, or of the part that would take it back, lives or was asked for.
    #[error("a label of this order's {0} is bought or on its way: void it first, then join")]
    Labelled(PartOf),
    /// Something lies in a box.
    #[error("something of {0} lies in a box: take it out first (undo its scans), then join")]
    Packed(PartOf),
    /// No other part is left that could take the units back.
    #[error("no other part of this order is open: there is nothing to join with")]
    NoneOpen,
}

impl Order {
    /// Which part of a split order it is; none: it is whole.
    pub fn part_of(&self) -> Option<PartOf> {
        self.part.as_ref().map(|part| part.of)
    }

    /// What the channel itself said of the whole order: all lines where this is a part of it, its own promises where
    /// policies gave others.
    pub fn whole(&self) -> ChannelOrder {
        let mut whole = self.channel.clone();
        if let Some(said) = &self.said {
            whole.ship_by = said.ship_by;
            whole.deliver_by = said.deliver_by;
            whole.service_level.clone_from(&said.service_level);
        }
        if let Some(part) = &self.part {
            whole.lines.clone_from(&part.whole);
        }
        whole
    }

    /// The number with the part, where it is one: `111-2222222-3333333, part 1 of 2`.
    pub fn title(&self) -> String {
        let number = &self.channel.number;
        match self.part_of() {
            None => number.to_string(),
            Some(part) => format!("{number}, {part}"),
        }
    }
}

/// The lines with these units; lines without any are left out.
pub fn cut(lines: &[OrderLine], units: &Units) -> Vec<OrderLine> {
    let each = lines.iter().filter_map(|line| {
        let quantity = *units.get(&line.id)?;
        (quantity > 0).then(|| OrderLine {
            quantity,
            ..line.clone()
        })
    });
    each.collect()
}

/// Units of each line.
pub fn units_of(lines: &[OrderLine]) -> Units {
    lines
        .iter()
        .map(|line| (line.id.clone(), line.quantity))
        .collect()
}

/// What Amazon says now of the whole order, as this part sees it: its own units, where the whole has the lines that
/// were dealt out. A line that has other units now, or is new, stands with all of them: the part is not what it was.
#[must_use]
pub fn as_part(order: &Order, mut now: ChannelOrder) -> ChannelOrder {
    let Some(part) = &order.part else { return now };
    let (whole, own) = (units_of(&part.whole), units_of(&order.channel.lines));
    now.lines.retain_mut(|line| {
        if whole.get(&line.id) != Some(&line.quantity) {
            return true;
        }
        line.quantity = own.get(&line.id).copied().unwrap_or(0);
        line.quantity > 0
    });
    now
}

/// Units of each line that can go to another part: those after the last one that anything is verified of, or whose
/// code is known. Units of a line are alike, so which one goes is only a number.
pub fn free_units(detail: &OrderDetail) -> Units {
    let mut kept: Units = BTreeMap::new();
    let mut undone: Vec<_> = Vec::new();
    for scan in detail.scans.iter().rev() {
        match &scan.event {
            PackEvent::Undone { scan, .. } => undone.push(*scan),
            _ if undone.contains(&scan.id) => {}
            PackEvent::Verified { units, .. } => {
                for unit in units {
                    let least = kept.entry(unit.line.clone()).or_default();
                    *least = (*least).max(unit.unit.saturating_add(1));
                }
            }
            PackEvent::Coded { unit, .. } => {
                let least = kept.entry(unit.line.clone()).or_default();
                *least = (*least).max(unit.unit.saturating_add(1));
            }
        }
    }
    let lines = detail.order.channel.lines.iter();
    lines
        .map(|line| {
            let kept = kept.get(&line.id).copied().unwrap_or(0);
            (line.id.clone(), line.quantity.saturating_sub(kept))
        })
        .collect()
}

/// The order may be split at all.
pub fn may_split(order: &Order) -> Result<(), NoSplit> {
    use OrderStatus as S;
    if !matches!(
        order.status,
        S::Review | S::OnHold | S::ReadyToPick | S::InPicking | S::InPacking
    ) {
        return Err(NoSplit::Status(order.status));
    }
    if !matches!(
        order.channel.status,
        ChannelStatus::Unshipped | ChannelStatus::PartiallyShipped
    ) {
        return Err(NoSplit::Channel);
    }
    let in_the_way = order.flags.iter().find(|flag| {
        matches!(
            flag,
            Flag::Canceled | Flag::CancelRequested | Flag::ItemsChanged | Flag::ShippedElsewhere
        )
    });
    in_the_way.map_or(Ok(()), |flag| Err(NoSplit::Flagged(flag.clone())))
}

/// Units that go, checked: each can, at least one does, and at least one stays.
pub fn going(detail: &OrderDetail, wish: &Units) -> Result<Units, NoSplit> {
    may_split(&detail.order)?;
    let free = free_units(detail);
    let lines = &detail.order.channel.lines;
    let going: Units = wish
        .iter()
        .filter(|(_, units)| **units > 0)
        .map(|(line, units)| (line.clone(), *units))
        .collect();
    if going.is_empty() {
        return Err(NoSplit::NothingGoes);
    }
    if going == units_of(lines) {
        return Err(NoSplit::NothingStays);
    }
    for (id, wanted) in &going {
        let Some(line) = lines.iter().find(|line| line.id == *id) else {
            return Err(NoSplit::NotOrdered(Sku(id.0.clone())));
        };
        let free = free.get(id).copied().unwrap_or(0);
        if *wanted > free {
            return Err(NoSplit::TooMany {
                sku: line.sku.clone(),
                wanted: *wanted,
                free,
            });
        }
    }
    Ok(going)
}

/// Units by product as a person names them, dealt to the lines of that product in their order: those that can go
/// first.
pub fn by_sku(detail: &OrderDetail, wish: &[(Sku, u32)]) -> Result<Units, NoSplit> {
    let mut free = free_units(detail);
    let mut units = Units::new();
    for (sku, wanted) in wish {
        let mut left = *wanted;
        let named = |line: &&OrderLine| line.sku.as_str().eq_ignore_ascii_case(sku.as_str());
        let lines: Vec<&OrderLine> = detail.order.channel.lines.iter().filter(named).collect();
        let Some(last) = lines.last() else {
            return Err(NoSplit::NotOrdered(sku.clone()));
        };
        for line in &lines {
            let can = free.get_mut(&line.id).map_or(0, |free| {
                let can = left.min(*free);
                *free -= can;
                can
            });
            *units.entry(line.id.clone()).or_default() += can;
            left -= can;
        }
        // What is too much stands on the last line, and is refused with its words.
        *units.entry(last.id.clone()).or_default() += left;
    }
    Ok(units)
}

/// A part as Amazon's changes find it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Share {
    /// Its units.
    pub units: Units,
    /// It has left, is canceled, or has a label that lives: nothing of it is changed while another part can be.
    pub closed: bool,
    /// Packing has begun.
    pub begun: bool,
}

impl Share {
    /// Nothing is left of it.
    pub fn is_empty(&self) -> bool {
        self.units.values().all(|units| *units == 0)
    }
}

/// Deals out what Amazon says now: units that are new go to the first part that is open; units that are gone leave
/// the last part that nobody has begun, then the last open one, and one that has left only where no other can.
pub fn share_out(parts: &mut [Share], lines: &[OrderLine]) {
    for part in parts.iter_mut() {
        part.units.retain(|id, _| lines.iter().any(|line| line.id == *id));
    }
    for line in lines {
        let dealt: u32 = parts
            .iter()
            .map(|part| part.units.get(&line.id).copied().unwrap_or(0))
            .sum();
        if line.quantity > dealt {
            let open = parts.iter().position(|part| !part.closed && !part.is_empty());
            let any = || parts.iter().position(|part| !part.is_empty());
            if let Some(part) = open.or_else(any).and_then(|place| parts.get_mut(place)) {
                *part.units.entry(line.id.clone()).or_default() += line.quantity - dealt;
            }
        } else {
            take_away(parts, &line.id, dealt - line.quantity);
        }
    }
}

fn take_away(parts: &mut [Share], line: &LineId, mut gone: u32) {
    let may: [fn(&Share) -> bool; 3] = [|part| !part.closed && !part.begun, |part| !part.closed, |_| true];
    for may in may {
        for part in parts.iter_mut().rev().filter(|part| may(part)) {
            if let Some(units) = part.units.get_mut(line) {
                let less = gone.min(*units);
                *units -= less;
                gone -= less;
            }
        }
    }
}

#[cfg(test)]
mod tests;

//! What lies in which box of an order, where it is packed in several.
//!
//! A box's contents are the order's session with that box's scans alone, so nothing is counted twice. Amazon
//! knows order lines and quantities, no parts of a unit: a unit of a group whose children lie in several boxes
//! is named in each of these boxes (issue 4, point 2; whether Amazon takes the second one is not verified, its
//! refusal comes with the rates, before money), its code only in the box that holds the child that bears it.

use super::{PackedItem, PackingSession, ScanRecord, last_standing};
use crate::domain::ids::{BoxId, Sku};
use crate::domain::order::Window;
use crate::domain::product::ProductKind;
use crate::domain::rows::{BoxRow, LabelRow, OrderDetail};
use crate::domain::units::Weight;
use std::collections::BTreeSet;

impl PackingSession {
    /// The session of the whole order, as it is stored.
    pub fn of(detail: &OrderDetail) -> Self {
        Self::replay(&detail.order.channel.lines, &detail.products, &detail.scans)
    }

    /// The session of what lies in one box of the order.
    pub fn of_box(detail: &OrderDetail, id: BoxId) -> Self {
        let here: Vec<ScanRecord> = detail
            .scans
            .iter()
            .filter(|scan| scan.box_id == id)
            .cloned()
            .collect();
        Self::replay(&detail.order.channel.lines, &detail.products, &here)
    }

    /// What lies in this session's box, for Amazon: units of which anything lies in it, with the codes that were
    /// scanned into it. For the box of an order in one box that is [`PackingSession::items`].
    pub fn parcel_items(&self) -> Vec<PackedItem> {
        self.lines
            .iter()
            .enumerate()
            .map(|(index, line)| PackedItem {
                line: line.id.clone(),
                quantity: line.touched_units(),
                serials: self
                    .codes_of(index)
                    .filter(|(unit, _)| line.is_touched(*unit))
                    .filter_map(|(_, code)| code.serial().map(str::to_owned))
                    .collect(),
            })
            .filter(|item| item.quantity > 0)
            .collect()
    }

    /// The things that were scanned, each product once, with how many of it.
    pub fn pieces(&self) -> Vec<(Sku, u64)> {
        let mut pieces: Vec<(Sku, u64)> = Vec::new();
        let each = self.lines.iter().flat_map(super::lines::Line::parts);
        for part in each.filter(|part| part.verified > 0) {
            match pieces.iter_mut().find(|(sku, _)| *sku == part.sku) {
                Some((_, count)) => *count += part.verified,
                None => pieces.push((part.sku, part.verified)),
            }
        }
        pieces
    }

    /// Nothing was scanned.
    pub fn is_empty(&self) -> bool {
        self.lines.iter().all(|line| line.touched_units() == 0)
    }
}

/// A box of an order with what is known of it.
#[derive(Debug, Clone, PartialEq)]
pub struct BoxView<'a> {
    /// The box.
    pub row: &'a BoxRow,
    /// What lies in it: product and pieces.
    pub pieces: Vec<(Sku, u64)>,
    /// Its newest label.
    pub label: Option<&'a LabelRow>,
}

impl BoxView<'_> {
    /// A label is wanted, bought or not known for it: nothing in it can be changed.
    pub fn is_frozen(&self) -> bool {
        self.label.is_some_and(|label| label.state.is_live())
    }

    /// Nothing lies in it.
    pub fn is_empty(&self) -> bool {
        self.pieces.is_empty()
    }
}

/// The boxes of an order, by number. An empty box beside others is only a box that was begun.
pub fn boxes(detail: &OrderDetail) -> Vec<BoxView<'_>> {
    detail
        .boxes
        .iter()
        .map(|row| BoxView {
            row,
            pieces: PackingSession::of_box(detail, row.id).pieces(),
            label: newest_label(detail, row.id),
        })
        .collect()
}

/// The label that counts for a box: the one that lives, else the newest.
fn newest_label(detail: &OrderDetail, id: BoxId) -> Option<&LabelRow> {
    let mut of_box = detail.labels.iter().filter(|label| label.box_id == id);
    let newest = of_box.clone().next();
    of_box.find(|label| label.state.is_live()).or(newest)
}

/// A box that can be changed and that something lies in, or that is still to be filled: no label holds it.
pub fn free_boxes(detail: &OrderDetail) -> impl Iterator<Item = &BoxRow> {
    detail
        .boxes
        .iter()
        .filter(|row| newest_label(detail, row.id).is_none_or(|label| !label.state.is_live()))
}

/// The first box with something in it and no label.
pub fn unlabelled(detail: &OrderDetail) -> Option<&BoxRow> {
    let filled: BTreeSet<BoxId> = filled(detail);
    free_boxes(detail).find(|row| filled.contains(&row.id))
}

/// Boxes that something lies in.
fn filled(detail: &OrderDetail) -> BTreeSet<BoxId> {
    let each = detail.scans.iter().map(|scan| scan.box_id);
    let seen: BTreeSet<BoxId> = each.collect();
    seen.into_iter()
        .filter(|id| last_standing(&detail.scans, *id).is_some())
        .collect()
}

/// When the whole order is promised to be there: its slowest box rules (workflow.md 4.7.4). The box's number and
/// its promise; none unless several boxes have a label that lives.
pub fn slowest(detail: &OrderDetail) -> Option<(u32, Window)> {
    let live: Vec<_> = boxes(detail).into_iter().filter(BoxView::is_frozen).collect();
    if live.len() < 2 {
        return None;
    }
    live.into_iter()
        .filter_map(|parcel| Some((parcel.row.number, parcel.label?.promise?)))
        .max_by_key(|(_, promise)| promise.latest)
}

/// Nothing of the order lies in another box.
pub fn is_alone(detail: &OrderDetail, id: Option<BoxId>) -> bool {
    filled(detail).iter().all(|other| Some(*other) == id)
}

/// What the catalogue says that the contents of a box weigh together, in the unit of the first product; none
/// where a product has no weight. Of an order in one box that is all that was ordered, scanned or not yet.
pub fn expected_weight(detail: &OrderDetail, id: Option<BoxId>) -> Option<Weight> {
    let weight_of = |sku: &Sku| detail.products.iter().find(|known| known.sku == *sku)?.weight;
    let ordered = || -> Option<Vec<(Weight, u64)>> {
        let each = detail.order.channel.lines.iter();
        let mut parts = Vec::new();
        for line in each.filter(|line| line.quantity > 0) {
            let times = u64::from(line.quantity);
            let product = detail.products.iter().find(|known| known.sku == line.sku)?;
            match product.weight {
                Some(weight) => parts.push((weight, times)),
                None if product.kind == ProductKind::Group => {
                    for child in &product.components {
                        parts.push((weight_of(&child.sku)?, times * u64::from(child.quantity)));
                    }
                }
                None => return None,
            }
        }
        Some(parts)
    };
    let packed = || -> Option<Vec<(Weight, u64)>> {
        let pieces = PackingSession::of_box(detail, id?).pieces();
        pieces
            .into_iter()
            .map(|(sku, count)| Some((weight_of(&sku)?, count)))
            .collect()
    };
    let parts = if is_alone(detail, id) {
        ordered()?
    } else {
        packed()?
    };
    let unit = parts.first()?.0.unit;
    let picograms: i128 = parts
        .iter()
        .map(|(weight, count)| weight.picograms() * i128::from(*count))
        .sum();
    let one = Weight { thousandths: 1, unit }.picograms();
    let thousandths = i64::try_from((picograms + one - 1) / one).ok()?;
    (thousandths > 0).then_some(Weight { thousandths, unit })
}

#[cfg(test)]
mod tests;

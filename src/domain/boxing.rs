//! Which box of the shelf an order's items fit in. Pure: sizes in, a box out.
//!
//! What is said to fit does fit: a place for every item is found first, no two overlapping and none beyond the
//! walls. The search is quick, not perfect: now and then a box is passed over that a patient packer could fill.

use super::ids::{BoxId, Sku};
use super::packing::{PackingSession, boxes};
use super::product::ProductKind;
use super::rows::OrderDetail;
use super::units::Dimensions;

/// More items than this are not placed one by one.
const MOST_PLACED: usize = 40;
/// Beyond that number a box may be filled so far by volume, in hundredths: loose goods leave gaps.
const FILLED: i128 = 70;

/// An item by its three edges, in nanometres.
type Edges = [i128; 3];

/// What the shelf has for the items.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Suggestion {
    /// The smallest box that they fit in: its place among the sizes asked about.
    Fits(usize),
    /// No box is large enough.
    NoBox,
    /// The catalogue has no size for these.
    NoSize(Vec<Sku>),
}

/// The smallest of these boxes that the items of `contents` fit in. Outer sizes are compared: what is packed in paper
/// wants a box more.
pub fn suggest(shelf: &[Dimensions], contents: &[(Dimensions, u64)]) -> Suggestion {
    let sizes: Vec<(Edges, u64)> = contents
        .iter()
        .map(|(size, count)| (nanometres(size), *count))
        .collect();
    let few = sizes
        .iter()
        .try_fold(0_u64, |sum, (_, count)| sum.checked_add(*count))
        .and_then(|sum| usize::try_from(sum).ok())
        .is_some_and(|sum| sum <= MOST_PLACED);
    let items: Vec<Edges> = sizes
        .iter()
        .filter(|_| few)
        .flat_map(|(edges, count)| std::iter::repeat_n(*edges, usize::try_from(*count).unwrap_or(0)))
        .collect();
    let volume = sizes.iter().fold(0_i128, |sum, (edges, count)| {
        sum.saturating_add(product(*edges).saturating_mul(i128::from(*count)))
    });
    let mut by_size: Vec<(usize, Edges)> = shelf.iter().map(nanometres).enumerate().collect();
    by_size.sort_by_key(|(place, edges)| (product(*edges), *place));
    let found = by_size.into_iter().find(|(_, walls)| {
        if few {
            place(&items, *walls).is_some()
        } else {
            volume.saturating_mul(100) <= product(*walls).saturating_mul(FILLED)
                && sizes.iter().all(|(edges, _)| goes_in(*edges, *walls))
        }
    });
    found.map_or(Suggestion::NoBox, |(place, _)| Suggestion::Fits(place))
}

/// What lies in a box measures, each size with its count, as the catalogue says; or the products it has no size for.
/// Of an order in one box that is all that was ordered, scanned or not yet. A group is its children.
pub fn contents(detail: &OrderDetail, id: Option<BoxId>) -> Result<Vec<(Dimensions, u64)>, Vec<Sku>> {
    let goods = match id.filter(|id| !boxes::is_alone(detail, Some(*id))) {
        Some(id) => PackingSession::of_box(detail, id).pieces(),
        None => ordered(detail),
    };
    let (mut sizes, mut without) = (Vec::new(), Vec::new());
    for (sku, count) in goods {
        let known = detail.products.iter().find(|product| product.sku == sku);
        match known.and_then(|product| product.dimensions) {
            Some(size) => sizes.push((size, count)),
            None if !without.contains(&sku) => without.push(sku),
            None => {}
        }
    }
    if without.is_empty() {
        Ok(sizes)
    } else {
        Err(without)
    }
}

/// Everything that was ordered, groups by their children.
fn ordered(detail: &OrderDetail) -> Vec<(Sku, u64)> {
    let known = |sku: &Sku| detail.products.iter().find(|product| product.sku == *sku);
    let each = detail.order.channel.lines.iter().filter(|line| line.quantity > 0);
    each.flat_map(|line| {
        let count = u64::from(line.quantity);
        match known(&line.sku) {
            Some(group) if group.kind == ProductKind::Group && group.dimensions.is_none() => group
                .components
                .iter()
                .map(|child| (child.sku.clone(), count * u64::from(child.quantity)))
                .collect(),
            _ => vec![(line.sku.clone(), count)],
        }
    })
    .collect()
}

/// The box of the shelf that what lies in this box of the order is suggested to go in.
pub fn suggest_for(detail: &OrderDetail, id: Option<BoxId>, shelf: &[Dimensions]) -> Suggestion {
    match contents(detail, id) {
        Ok(contents) => suggest(shelf, &contents),
        Err(without) => Suggestion::NoSize(without),
    }
}

/// The three edges, exact.
fn nanometres(size: &Dimensions) -> Edges {
    [size.length, size.width, size.height].map(|edge| i128::from(edge) * size.unit.nanometres())
}

fn product(edges: Edges) -> i128 {
    edges.iter().product()
}

/// One item fits by itself, turned as it must be.
fn goes_in(mut item: Edges, mut walls: Edges) -> bool {
    item.sort_unstable();
    walls.sort_unstable();
    item.iter().zip(walls).all(|(edge, wall)| *edge <= wall)
}

/// An item in its place: the corner nearest to the box's own, and its edges as it is turned.
#[derive(Debug, Clone, Copy)]
struct Placed {
    at: Edges,
    edges: Edges,
}

impl Placed {
    fn end(&self, axis: usize) -> i128 {
        self.at[axis] + self.edges[axis]
    }

    fn overlaps(&self, other: &Self) -> bool {
        (0..3).all(|axis| self.at[axis] < other.end(axis) && other.at[axis] < self.end(axis))
    }
}

/// A place for every item: the largest first, each as near to the box's corner as it goes.
fn place(items: &[Edges], walls: Edges) -> Option<Vec<Placed>> {
    let total: i128 = items.iter().map(|item| product(*item)).sum();
    if total > product(walls) {
        return None;
    }
    let mut items = items.to_vec();
    items.sort_by_key(|item| std::cmp::Reverse((product(*item), item.iter().max().copied())));
    let mut placed: Vec<Placed> = Vec::with_capacity(items.len());
    let mut corners: Vec<Edges> = vec![[0; 3]];
    for item in items {
        let spot = corners.iter().enumerate().find_map(|(corner, at)| {
            let turned = turns(item).into_iter().map(|edges| Placed { at: *at, edges });
            let mut fitting = turned.filter(|one| {
                (0..3).all(|axis| one.end(axis) <= walls[axis])
                    && !placed.iter().any(|other| one.overlaps(other))
            });
            fitting.next().map(|one| (corner, one))
        });
        let (corner, one) = spot?;
        corners.remove(corner);
        for axis in 0..3 {
            let mut next = one.at;
            next[axis] = one.end(axis);
            corners.push(next);
        }
        corners.sort_by_key(|at| (at[2], at[1], at[0]));
        placed.push(one);
    }
    Some(placed)
}

/// The six ways to lay an item, the flattest first.
fn turns([a, b, c]: Edges) -> [Edges; 6] {
    let mut all = [[a, b, c], [a, c, b], [b, a, c], [b, c, a], [c, a, b], [c, b, a]];
    all.sort_by_key(|edges| (edges[2], edges[1]));
    all
}

#[cfg(test)]
mod tests;

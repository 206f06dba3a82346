//! What one order line asks for: its pieces, and which of them are verified.
//!
//! Units are counted, never listed: a line of a million units costs no more than a line of one.

use super::{CodeNeed, PartProgress};
use crate::domain::ids::{LineId, Sku};
use crate::domain::order::OrderLine;
use crate::domain::product::{Component, Product, ProductKind};
use crate::domain::transparency;
use std::collections::{BTreeMap, BTreeSet};

/// One thing that is scanned for every unit of a line, `quantity` times.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Piece {
    /// Product.
    pub(super) sku: Sku,
    /// Title.
    pub(super) title: String,
    /// How many of it in one unit of the line; never 0.
    pub(super) quantity: u32,
    /// First part of a unit that is this piece.
    first: u32,
}

/// An order line with its verified units.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Line {
    /// Amazon's id.
    pub(super) id: LineId,
    /// Product ordered.
    pub(super) sku: Sku,
    /// Title.
    pub(super) title: String,
    /// Units ordered; never 0.
    pub(super) quantity: u32,
    /// Code that each unit needs.
    pub(super) need: Option<CodeNeed>,
    /// What must be said about the piece that bears the code.
    pub(super) note: Option<String>,
    /// A group: the session scans its children.
    pub(super) is_group: bool,
    pieces: Vec<Piece>,
    /// Index of the piece at which the code is asked for.
    bearer: usize,
    /// Verified parts of each unit that has any.
    verified: BTreeMap<u32, BTreeSet<u32>>,
}

impl Line {
    pub(super) fn new(line: &OrderLine, products: &[Product]) -> Self {
        let product = products.iter().find(|product| product.sku == line.sku);
        let children: &[Component] = match product {
            Some(product) if product.kind == ProductKind::Group => &product.components,
            _ => &[],
        };
        let mut pieces: Vec<Piece> = Vec::new();
        let mut parts = 0_u32;
        for child in children.iter().filter(|child| child.quantity > 0) {
            let title = products
                .iter()
                .find(|product| product.sku == child.sku)
                .map_or_else(|| child.sku.0.clone(), |product| product.title.clone());
            let first = parts;
            parts = parts.saturating_add(child.quantity);
            pieces.push(Piece {
                sku: child.sku.clone(),
                title,
                quantity: parts - first,
                first,
            });
        }
        pieces.retain(|piece| piece.quantity > 0);
        let is_group = !pieces.is_empty();
        if !is_group {
            pieces.push(Piece {
                sku: line.sku.clone(),
                title: line.title.clone(),
                quantity: 1,
                first: 0,
            });
        }
        let (bearer, note) = if is_group {
            dearest(&pieces, products)
        } else {
            (0, None)
        };
        let need = if transparency::needs_code(line, products) {
            Some(CodeNeed::Transparency)
        } else {
            line.serial_required.then_some(CodeNeed::Serial)
        };
        Self {
            id: line.id.clone(),
            sku: line.sku.clone(),
            title: line.title.clone(),
            quantity: line.quantity,
            note: note.filter(|_| need.is_some()),
            need,
            is_group,
            pieces,
            bearer,
            verified: BTreeMap::new(),
        }
    }

    /// The piece at which the code is asked for.
    pub(super) fn bearer(&self) -> &Piece {
        &self.pieces[self.bearer]
    }

    /// The piece that this part of a unit is.
    pub(super) fn piece_at(&self, part: u32) -> &Piece {
        self.pieces
            .iter()
            .rfind(|piece| piece.first <= part)
            .unwrap_or(&self.pieces[0])
    }

    /// Marks a part of a unit as verified, where the line has it and it is this product.
    pub(super) fn verify(&mut self, unit: u32, part: u32, sku: &Sku) {
        if unit < self.quantity && part < self.parts_in_unit() && self.piece_at(part).sku == *sku {
            self.verified.entry(unit).or_default().insert(part);
        }
    }

    /// A part of a unit is open again.
    pub(super) fn take_out(&mut self, unit: u32, part: u32) {
        if let Some(parts) = self.verified.get_mut(&unit) {
            parts.remove(&part);
            if parts.is_empty() {
                self.verified.remove(&unit);
            }
        }
    }

    /// Open parts of this product, in the order in which they are packed.
    pub(super) fn open_parts<'a>(&'a self, sku: &'a Sku) -> impl Iterator<Item = (u32, u32)> + 'a {
        (0..self.quantity).flat_map(move |unit| {
            self.pieces
                .iter()
                .filter(|piece| piece.sku == *sku)
                .flat_map(Piece::range)
                .filter(move |part| !self.is_verified(unit, *part))
                .map(move |part| (unit, part))
        })
    }

    /// How many pieces of this product are still open.
    pub(super) fn open_count(&self, sku: &Sku) -> u64 {
        self.pieces
            .iter()
            .filter(|piece| piece.sku == *sku)
            .map(|piece| self.wanted(piece) - self.verified_of(piece))
            .sum()
    }

    /// The line wants this product scanned.
    pub(super) fn wants(&self, sku: &Sku) -> bool {
        self.pieces.iter().any(|piece| piece.sku == *sku)
    }

    /// The first unit and part that is not verified.
    pub(super) fn first_open(&self) -> Option<(u32, u32)> {
        let unit = (0..self.quantity).find(|unit| !self.is_whole(*unit))?;
        let part = (0..self.parts_in_unit()).find(|part| !self.is_verified(unit, *part))?;
        Some((unit, part))
    }

    /// Every part of the unit is verified.
    pub(super) fn is_whole(&self, unit: u32) -> bool {
        self.verified
            .get(&unit)
            .is_some_and(|parts| parts.len() == self.parts_in_unit() as usize)
    }

    /// Units of which every part is verified.
    pub(super) fn whole_units(&self) -> u32 {
        let whole = self.verified.keys().filter(|unit| self.is_whole(**unit)).count();
        u32::try_from(whole).unwrap_or(u32::MAX)
    }

    /// Units of which any part is verified.
    pub(super) fn touched_units(&self) -> u32 {
        u32::try_from(self.verified.len()).unwrap_or(u32::MAX)
    }

    /// Any part of the unit is verified.
    pub(super) fn is_touched(&self, unit: u32) -> bool {
        self.verified.contains_key(&unit)
    }

    /// Units whose code is due: the first piece that bears it is verified.
    pub(super) fn units_ready_for_code(&self) -> impl Iterator<Item = u32> {
        let first = self.bearer().first;
        self.verified
            .iter()
            .filter(move |(_, parts)| parts.contains(&first))
            .map(|(unit, _)| *unit)
    }

    /// How far each piece is.
    pub(super) fn parts(&self) -> Vec<PartProgress> {
        self.pieces
            .iter()
            .map(|piece| PartProgress {
                sku: piece.sku.clone(),
                title: piece.title.clone(),
                verified: self.verified_of(piece),
                wanted: self.wanted(piece),
            })
            .collect()
    }

    fn wanted(&self, piece: &Piece) -> u64 {
        u64::from(self.quantity) * u64::from(piece.quantity)
    }

    fn verified_of(&self, piece: &Piece) -> u64 {
        self.verified
            .values()
            .map(|parts| parts.range(piece.range()).count() as u64)
            .sum()
    }

    fn is_verified(&self, unit: u32, part: u32) -> bool {
        self.verified
            .get(&unit)
            .is_some_and(|parts| parts.contains(&part))
    }

    fn parts_in_unit(&self) -> u32 {
        self.pieces.last().map_or(0, |piece| piece.range().end)
    }
}

impl Piece {
    fn range(&self) -> std::ops::Range<u32> {
        self.first..self.first.saturating_add(self.quantity)
    }
}

/// The most expensive child by its own price; tie: the first component; no price: the first, and said so
/// (issue, point 4 of the domain; workflow.md 4.1). Prices in different currencies cannot be compared.
fn dearest(pieces: &[Piece], products: &[Product]) -> (usize, Option<String>) {
    let price = |piece: &Piece| products.iter().find(|product| product.sku == piece.sku)?.price;
    let priced: Vec<_> = pieces
        .iter()
        .enumerate()
        .filter_map(|(index, piece)| Some((index, price(piece)?)))
        .collect();
    let Some((_, first)) = priced.first() else {
        return (
            0,
            Some("no child has a price: the code is asked for at the first".to_owned()),
        );
    };
    if priced.iter().any(|(_, price)| price.currency != first.currency) {
        let note = "the children's prices are in different currencies: the code is asked for at the first";
        return (0, Some(note.to_owned()));
    }
    let dearest = priced
        .iter()
        .rev()
        .max_by_key(|(_, price)| price.minor)
        .map_or(0, |(index, _)| *index);
    (dearest, None)
}

//! The packing session of one order: scans in, verdicts out. Pure: the same records always give the same
//! session, so a killed program reopens at the same unit.
//!
//! Here live the records and the session's state; `packing/lines` knows what one line asks for, `packing/boxes`
//! what lies in which box, `packing/verdict` how a scan is judged and which words a packer reads. No store, no clock, no drawing.

pub mod boxes;
mod lines;
mod undo;
mod verdict;

#[cfg(test)]
pub(in crate::domain) mod tests;

pub use undo::last_standing;
pub use verdict::{Refusal, Verdict};

use super::ids::{BoxId, Epoch, LineId, OrderId, ScanId, Sku, UserId};
use super::order::OrderLine;
use super::product::Product;
use super::transparency::UnitCode;
use chrono::{DateTime, Utc};
use lines::Line;
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;

/// One unit to verify: a thing that is scanned once.
#[derive(Debug, Clone, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
pub struct UnitRef {
    /// Order line.
    pub line: LineId,
    /// Unit of the line, from 0.
    pub unit: u32,
    /// For a group: which child of the unit, from 0 in the order of components, each child's quantity
    /// counted out. 0 for standard products and kits.
    pub part: u32,
}

/// What an accepted scan or act did. Stored, replayed.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub enum PackEvent {
    /// These units were verified by one scan (several: a case barcode).
    Verified {
        /// Units, in order.
        units: Vec<UnitRef>,
        /// The product scanned.
        sku: Sku,
    },
    /// A unit's transparency code, serial or override. A code belongs to the unit of the order line, so
    /// `part` is 0 and says nothing.
    Coded {
        /// The unit of the order line.
        unit: UnitRef,
        /// What stands for its code.
        code: UnitCode,
    },
    /// A person took back what an earlier scan of the same box did. Nothing is erased: both stand in the record.
    Undone {
        /// The scan that is taken back.
        scan: ScanId,
        /// Units that are out of the box again.
        units: Vec<UnitRef>,
        /// The unit that is without its code again.
        code: Option<UnitRef>,
    },
}

/// One accepted scan as it is stored (DESIGN.md 5): sending it again is harmless, and it carries the
/// owner's turn at the box and the expected sequence.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ScanRecord {
    /// Own id.
    pub id: ScanId,
    /// Order.
    pub order: OrderId,
    /// Box it went into.
    pub box_id: BoxId,
    /// Owner's turn at the box; another turn is refused.
    pub turn: Epoch,
    /// Place in the box's record, from 0; must be the next one.
    pub sequence: u32,
    /// What it did.
    pub event: PackEvent,
    /// Who.
    pub by: UserId,
    /// When (UTC).
    pub at: DateTime<Utc>,
}

/// What the session waits for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Expectation {
    /// This unit is the next one to scan. Any other unit that is still open may come before it.
    Unit {
        /// Which.
        unit: UnitRef,
        /// The product to scan (of a group: the child).
        sku: Sku,
        /// Its title.
        title: String,
    },
    /// The code of this unit; nothing else is packed before it.
    Code {
        /// The unit of the order line.
        unit: UnitRef,
        /// Which of the line's units it is, from 1, of `units`.
        number: u32,
        /// Units of the line.
        units: u32,
        /// The product that bears the code (of a group: its most expensive child).
        sku: Sku,
        /// Its title.
        title: String,
        /// Transparency code or serial number.
        need: CodeNeed,
        /// What a packer must know about the choice of the child, in words.
        note: Option<String>,
        /// Units that are verified and wait for their codes, this one included (more than 1: a case).
        waiting: usize,
    },
    /// Every unit is verified, every code is there.
    Done,
}

/// Which code a unit needs.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum CodeNeed {
    /// A transparency code; a serial stands in where there is none.
    Transparency,
    /// The product's serial number (`serialNumberRequirement`).
    Serial,
}

impl CodeNeed {
    /// What it is called.
    pub fn words(self) -> &'static str {
        match self {
            Self::Transparency => "transparency code",
            Self::Serial => "serial number",
        }
    }
}

/// How far one order line is.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct LineProgress {
    /// Line.
    pub line: LineId,
    /// Product.
    pub sku: Sku,
    /// Title of the line.
    pub title: String,
    /// Units verified whole (of a group: with every child).
    pub verified: u32,
    /// Units ordered.
    pub wanted: u32,
    /// What is scanned: the product itself, or each child of a group.
    pub parts: Vec<PartProgress>,
    /// Units with a code, serial or override.
    pub codes: u32,
    /// Codes needed: the units ordered, or 0.
    pub codes_wanted: u32,
}

/// How far one thing that is scanned for a line is.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PartProgress {
    /// Product.
    pub sku: Sku,
    /// Its title.
    pub title: String,
    /// Pieces verified.
    pub verified: u64,
    /// Pieces wanted.
    pub wanted: u64,
}

/// What lies in the box of one order line.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PackedItem {
    /// Line.
    pub line: LineId,
    /// Units verified whole.
    pub quantity: u32,
    /// Transparency codes and serials of those units, in the order of the units; an overridden unit has
    /// none. Never more than `quantity`.
    pub serials: Vec<String>,
}

/// The packing of one order: which units are verified, which codes are there.
///
/// [`PackingSession::scan`] judges and changes nothing; [`PackingSession::apply`] does what an accepted scan
/// did. A caller that still writes a scan applies it to the session that judges the next one.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PackingSession {
    lines: Vec<Line>,
    products: Vec<Product>,
    codes: BTreeMap<(usize, u32), UnitCode>,
}

impl PackingSession {
    /// A session in which nothing is verified. `products`: those of the lines and of groups' children.
    pub fn new(lines: &[OrderLine], products: &[Product]) -> Self {
        Self {
            lines: lines
                .iter()
                .filter(|line| line.quantity > 0)
                .map(|line| Line::new(line, products))
                .collect(),
            products: products.to_vec(),
            codes: BTreeMap::new(),
        }
    }

    /// The session after these stored scans: the same records always give the same session.
    pub fn replay(lines: &[OrderLine], products: &[Product], scans: &[ScanRecord]) -> Self {
        let mut session = Self::new(lines, products);
        for scan in scans {
            session.apply(&scan.event);
        }
        session
    }

    /// Does what an accepted scan did. Units that the order does not have (any more), and a code that stands
    /// for another unit already, change nothing: the session never holds more than was ordered.
    pub fn apply(&mut self, event: &PackEvent) {
        match event {
            PackEvent::Verified { units, sku } => {
                for unit in units {
                    if let Some(line) = self.lines.iter_mut().find(|line| line.id == unit.line) {
                        line.verify(unit.unit, unit.part, sku);
                    }
                }
            }
            PackEvent::Coded { unit, code } => {
                let Some(line) = self.lines.iter().position(|line| line.id == unit.line) else {
                    return;
                };
                let place = (line, unit.unit);
                if unit.unit < self.lines[line].quantity && !self.stands_elsewhere(code, place) {
                    self.codes.insert(place, code.clone());
                }
            }
            PackEvent::Undone { units, code, .. } => {
                for unit in units {
                    if let Some(line) = self.lines.iter_mut().find(|line| line.id == unit.line) {
                        line.take_out(unit.unit, unit.part);
                    }
                }
                if let Some(unit) = code
                    && let Some(line) = self.lines.iter().position(|line| line.id == unit.line)
                {
                    self.codes.remove(&(line, unit.unit));
                }
            }
        }
    }

    /// What the session waits for: first the codes of units already verified, then the next unit.
    pub fn expects(&self) -> Expectation {
        let mut uncoded = self.uncoded();
        if let Some((index, unit)) = uncoded.next() {
            let line = &self.lines[index];
            let bearer = line.bearer();
            return Expectation::Code {
                unit: UnitRef {
                    line: line.id.clone(),
                    unit,
                    part: 0,
                },
                number: unit.saturating_add(1),
                units: line.quantity,
                sku: bearer.sku.clone(),
                title: bearer.title.clone(),
                need: line.need.unwrap_or(CodeNeed::Transparency),
                note: line.note.clone(),
                waiting: uncoded.count() + 1,
            };
        }
        for line in &self.lines {
            if let Some((unit, part)) = line.first_open() {
                let piece = line.piece_at(part);
                return Expectation::Unit {
                    unit: UnitRef {
                        line: line.id.clone(),
                        unit,
                        part,
                    },
                    sku: piece.sku.clone(),
                    title: piece.title.clone(),
                };
            }
        }
        Expectation::Done
    }

    /// Every unit is verified and has its code; otherwise what is missing, one line of words for each order
    /// line. An order without units is never complete. Without this no label is bought.
    pub fn complete(&self) -> Result<(), Vec<String>> {
        if self.lines.is_empty() {
            return Err(vec!["the order has nothing to pack".to_owned()]);
        }
        let mut missing = Vec::new();
        for (line, progress) in self.lines.iter().zip(self.progress()) {
            for part in progress.parts.iter().filter(|part| part.verified < part.wanted) {
                missing.push(format!(
                    "{} of {} × {} not scanned",
                    part.wanted - part.verified,
                    part.wanted,
                    part.title
                ));
            }
            if progress.codes < progress.codes_wanted {
                missing.push(format!(
                    "{} of {} {}s missing: {}",
                    progress.codes_wanted - progress.codes,
                    progress.codes_wanted,
                    line.need.unwrap_or(CodeNeed::Transparency).words(),
                    progress.title
                ));
            }
        }
        if missing.is_empty() { Ok(()) } else { Err(missing) }
    }

    /// What lies in the box, for Amazon: whole units only, with their codes. Lines without one are left out.
    pub fn items(&self) -> Vec<PackedItem> {
        self.lines
            .iter()
            .enumerate()
            .map(|(index, line)| PackedItem {
                line: line.id.clone(),
                quantity: line.whole_units(),
                serials: self
                    .codes_of(index)
                    .filter(|(unit, _)| line.is_whole(*unit))
                    .filter_map(|(_, code)| code.serial().map(str::to_owned))
                    .collect(),
            })
            .filter(|item| item.quantity > 0)
            .collect()
    }

    /// How far each line is, in the order's order.
    pub fn progress(&self) -> Vec<LineProgress> {
        self.lines
            .iter()
            .enumerate()
            .map(|(index, line)| LineProgress {
                line: line.id.clone(),
                sku: line.sku.clone(),
                title: line.title.clone(),
                verified: line.whole_units(),
                wanted: line.quantity,
                parts: line.parts(),
                codes: u32::try_from(self.codes_of(index).count()).unwrap_or(u32::MAX),
                codes_wanted: if line.need.is_some() { line.quantity } else { 0 },
            })
            .collect()
    }

    /// The codes so far, by unit of the order line.
    pub fn codes(&self) -> Vec<(UnitRef, UnitCode)> {
        self.codes
            .iter()
            .map(|((line, unit), code)| {
                (
                    UnitRef {
                        line: self.lines[*line].id.clone(),
                        unit: *unit,
                        part: 0,
                    },
                    code.clone(),
                )
            })
            .collect()
    }

    /// The order may be shipped in bulk: no unit of it has to be scanned for a code (workflow.md 4.6).
    pub fn ships_in_bulk(&self) -> bool {
        self.lines.iter().all(|line| line.need.is_none())
    }

    /// Units that are verified as far as their code is asked for, and have none, in the order's order.
    fn uncoded(&self) -> impl Iterator<Item = (usize, u32)> {
        self.lines
            .iter()
            .enumerate()
            .filter(|(_, line)| line.need.is_some())
            .flat_map(move |(index, line)| {
                line.units_ready_for_code()
                    .filter(move |unit| !self.codes.contains_key(&(index, *unit)))
                    .map(move |unit| (index, unit))
            })
    }

    fn codes_of(&self, line: usize) -> impl Iterator<Item = (u32, &UnitCode)> {
        self.codes
            .range((line, 0)..=(line, u32::MAX))
            .map(|((_, unit), code)| (*unit, code))
    }

    /// Another unit than the one at `place` has this code.
    fn stands_elsewhere(&self, code: &UnitCode, place: (usize, u32)) -> bool {
        code.key().is_some_and(|key| {
            self.codes
                .iter()
                .any(|(other, code)| *other != place && code.key().as_ref() == Some(&key))
        })
    }
}

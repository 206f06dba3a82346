//! The packing session of one order: scans in, verdicts out. Pure: the same records always give the same
//! session, so a killed program reopens at the same unit.

use super::ids::{BoxId, Epoch, LineId, OrderId, ScanId, Sku, UserId};
use super::transparency::UnitCode;
use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};

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
    /// A unit's transparency code, serial or override.
    Coded {
        /// The unit of the order line.
        unit: UnitRef,
        /// What stands for its code.
        code: UnitCode,
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

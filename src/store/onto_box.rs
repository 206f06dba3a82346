//! Labels that a bench must scan onto their boxes: the part of the store's interface that demands and records it.

use super::StoreResult;
use crate::domain::ids::{IntentId, StationId, TrackingNumber, UserId};
use crate::domain::rows::LabelRow;
use chrono::{DateTime, Utc};

/// A label's barcode, scanned on its box.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PutOn {
    /// The label that the box is to carry.
    pub label: IntentId,
    /// What was scanned.
    pub scanned: TrackingNumber,
    /// Who.
    pub by: UserId,
    /// Orders become Shipped only when they are checked out; otherwise with the last box's scan, once its label is
    /// printed.
    pub manifests: bool,
}

/// Scanning labels onto boxes.
pub trait LabelsOntoBoxes {
    /// Whether labels that this bench prints must be scanned onto their boxes. It holds for labels that are wanted
    /// from now on, whoever wants them. Harmless where it is so already.
    fn demand_onto_box(&mut self, station: &StationId, demanded: bool) -> StoreResult<()>;
    /// Whether the bench demands it.
    fn demands_onto_box(&self, station: &StationId) -> StoreResult<bool>;
    /// Records that the label is on its box. Refused, in words, for the number of any other label, for a label that
    /// is held, void or not bought, and where the bench did not demand it. Recording it again is harmless: who was
    /// first stays. While one label of an order is due, the order does not become Shipped.
    fn put_on(&mut self, scan: &PutOn, now: DateTime<Utc>) -> StoreResult<LabelRow>;
}

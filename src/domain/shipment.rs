//! The life of a label (PURCHASING.md 2): states and the moves between them.

use serde::{Deserialize, Serialize};

/// Where a label is in its life.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum LabelState {
    /// Written down, not asked.
    Wanted,
    /// Asked; the answer is awaited.
    Asked,
    /// Bought, document stored.
    Bought,
    /// Bought, but its document is missing, blank or held.
    BoughtWithoutDocument,
    /// Surely not bought.
    Refused,
    /// Asked, and nobody knows what came of it. Freezes the box.
    Unknown,
    /// Printed.
    Printed,
    /// A void is written down.
    VoidWanted,
    /// A void was asked.
    VoidAsked,
    /// Voided.
    Voided,
    /// The carrier or Amazon refused to void: the label lives on.
    VoidRefused,
    /// Nobody knows whether it is void.
    VoidUnknown,
    /// Voided, the money is awaited.
    RefundPending,
    /// Money is back.
    Refunded,
    /// Money is refused.
    RefundRejected,
    /// 60 days have passed without a word.
    RefundNotReported,
    /// Taken back by a person before it was asked.
    Withdrawn,
}

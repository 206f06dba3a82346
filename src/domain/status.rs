//! Where an order stands, and which moves are allowed.

use serde::{Deserialize, Serialize};

/// Status of an order (mission; workflow.md 2.2).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub enum OrderStatus {
    /// Amazon is still processing the payment; no address yet; opens by itself.
    Pending,
    /// A problem must be resolved first.
    Review,
    /// A person parked it.
    OnHold,
    /// Open; also where a void leads back to.
    ReadyToPick,
    /// On a pick list.
    InPicking,
    /// Being packed.
    InPacking,
    /// Label bought, parcel still here.
    ReadyForPickup,
    /// Left, or its label was printed where manifests are switched off.
    Shipped,
    /// Final.
    Canceled,
}

/// Why a move is not allowed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("an order that is {from} cannot become {to}")]
pub struct MoveRefused {
    /// Where it stands.
    pub from: OrderStatus,
    /// Where it was to go.
    pub to: OrderStatus,
}

impl std::fmt::Display for OrderStatus {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(match self {
            Self::Pending => "Pending",
            Self::Review => "Review",
            Self::OnHold => "On Hold",
            Self::ReadyToPick => "Ready to Pick",
            Self::InPicking => "In Picking",
            Self::InPacking => "In Packing",
            Self::ReadyForPickup => "Ready for Pickup",
            Self::Shipped => "Shipped",
            Self::Canceled => "Canceled",
        })
    }
}

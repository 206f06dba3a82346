//! Where an order stands, and which moves are allowed.
//!
//! Pure. Who moves an order, and what a move costs (a void), is the store's and the sync task's business.

#[cfg(test)]
mod tests;

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

impl OrderStatus {
    /// Every status, in the order of an order's life.
    pub const ALL: [Self; 9] = [
        Self::Pending,
        Self::Review,
        Self::OnHold,
        Self::ReadyToPick,
        Self::InPicking,
        Self::InPacking,
        Self::ReadyForPickup,
        Self::Shipped,
        Self::Canceled,
    ];

    /// The status after the move, where it is allowed. Staying where it is is no move and always allowed.
    ///
    /// Canceled is final and is reached only while no label lives: from Ready for Pickup and Shipped the one
    /// way is the void, back to Ready to Pick (issue, point 2; workflow.md 2.2).
    pub fn move_to(self, to: Self) -> Result<Self, MoveRefused> {
        use OrderStatus::{
            Canceled, InPacking, InPicking, OnHold, Pending, ReadyForPickup, ReadyToPick, Review, Shipped,
        };
        let allowed = match self {
            Pending => matches!(to, Review | OnHold | ReadyToPick | Canceled),
            Review => matches!(to, OnHold | ReadyToPick | Canceled),
            // Parked before it was paid: it goes back to waiting for the payment.
            OnHold => matches!(to, Pending | Review | ReadyToPick | Canceled),
            ReadyToPick => {
                matches!(
                    to,
                    Review | OnHold | InPicking | InPacking | ReadyForPickup | Shipped | Canceled
                )
            }
            InPicking => {
                matches!(
                    to,
                    Review | OnHold | ReadyToPick | InPacking | ReadyForPickup | Shipped | Canceled
                )
            }
            InPacking => {
                matches!(
                    to,
                    Review | OnHold | ReadyToPick | InPicking | ReadyForPickup | Shipped | Canceled
                )
            }
            ReadyForPickup => matches!(to, Shipped | ReadyToPick),
            Shipped => to == ReadyToPick,
            Canceled => false,
        };
        if allowed || self == to {
            Ok(to)
        } else {
            Err(MoveRefused { from: self, to })
        }
    }

    /// A label may be bought for an order that stands here: not Pending, Review, On Hold or Canceled.
    pub fn can_ship(self) -> bool {
        !matches!(self, Self::Pending | Self::Review | Self::OnHold | Self::Canceled)
    }

    /// The move is a void: it needs the label to be voided, not merely a status to be set.
    pub fn is_void(self, to: Self) -> bool {
        matches!(self, Self::ReadyForPickup | Self::Shipped) && to == Self::ReadyToPick
    }

    /// Statuses of open orders, in the order of an order's life.
    pub fn open() -> impl Iterator<Item = Self> {
        Self::ALL.into_iter().filter(|status| status.is_open())
    }

    /// Work of the bench is still to be done: neither Shipped nor Canceled (workflow.md 2.2).
    pub fn is_open(self) -> bool {
        !matches!(self, Self::Shipped | Self::Canceled)
    }
}

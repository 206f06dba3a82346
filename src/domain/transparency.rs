//! Transparency codes: four forms, one for each unit, never twice (amazon.md 6, workflow.md 4.6).

use super::ids::UserId;
use serde::{Deserialize, Serialize};

/// What stands for a unit's transparency code.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub enum UnitCode {
    /// A code in one of the four forms.
    Code(String),
    /// The product's serial number, where there is no code.
    Serial(String),
    /// Skipped, with a reason and who did it.
    Overridden {
        /// Reason as typed, clean.
        reason: String,
        /// Who.
        by: UserId,
    },
}

//! Badges derived from an order: Prime, Business, Commercial, Transparency, urgency.

use serde::{Deserialize, Serialize};

/// What an order wears (mission, amazon-marketplace). In the fixed order in which they are shown.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
pub enum Badge {
    /// Seller Fulfilled Prime. Purple.
    Prime,
    /// Amazon Business. Purple.
    Business,
    /// A business order to a commercial address.
    Commercial,
    /// At least one unit needs a transparency code.
    Transparency,
}

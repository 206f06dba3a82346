//! People who sign in.

use super::ids::UserId;
use serde::{Deserialize, Serialize};

/// What a person may do at the bench. More roles and single permissions come with the people issue.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub enum Role {
    /// Packs and ships.
    Packer,
    /// Decides what a packer may not: unknown purchases, bulk.
    Supervisor,
}

/// A person, known by name and by badge.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct User {
    /// Our number.
    pub id: UserId,
    /// Unique name; appears in the history.
    pub name: String,
    /// The code on the badge, without its `TGU-` prefix.
    pub badge: String,
    /// Role.
    pub role: Role,
}

//! People: the part of the store's interface that knows what each may do. Whatever spends, voids, overrides or reveals
//! asks it within its own transaction, whoever calls.

use super::StoreResult;
use crate::domain::ids::UserId;
use crate::domain::user::{Permission, Person, Role, User};
use chrono::{DateTime, Utc};

/// A PIN as the store keeps it.
#[derive(Clone, PartialEq, Eq)]
pub struct PinRecord {
    /// Argon2id hash over the peppered PIN; none: no PIN is set.
    pub hash: Option<String>,
    /// Wrong ones in a row.
    pub failures: u32,
    /// Nobody may try before.
    pub locked_until: Option<DateTime<Utc>>,
}

impl std::fmt::Debug for PinRecord {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("•••")
    }
}

/// The store's people.
pub trait People {
    /// Everybody by name, also those who are switched off.
    fn people(&self) -> StoreResult<Vec<Person>>;
    /// Refused, in words that say whom to ask, where this person may not do it. Somebody who is switched off may
    /// nothing.
    fn permit(&self, user: UserId, permission: Permission) -> StoreResult<()>;
    /// Somebody here may add people: until then anybody at this machine may.
    fn has_administrator(&self) -> StoreResult<bool>;
    /// Gives a person another role. The last one who may add people keeps that.
    fn set_role(
        &mut self,
        user: UserId,
        role: Role,
        by: Option<UserId>,
        now: DateTime<Utc>,
    ) -> StoreResult<()>;
    /// Gives (`Some(true)`) or takes (`Some(false)`) a permission, or leaves it to the role (`None`).
    fn grant(
        &mut self,
        user: UserId,
        permission: Permission,
        given: Option<bool>,
        by: Option<UserId>,
        now: DateTime<Utc>,
    ) -> StoreResult<()>;
    /// Switches a person off, or on again.
    fn switch(&mut self, user: UserId, on: bool, by: Option<UserId>, now: DateTime<Utc>) -> StoreResult<()>;
    /// Somebody looked at what this person may do, and it is right.
    fn review(&mut self, user: UserId, by: UserId, now: DateTime<Utc>) -> StoreResult<()>;
    /// Adds a user, by somebody who may change people; a name or badge in use is refused.
    fn add_user_by(
        &mut self,
        name: &str,
        badge: &str,
        role: Role,
        by: Option<UserId>,
        now: DateTime<Utc>,
    ) -> StoreResult<User>;
    /// The person's PIN.
    fn pin(&self, user: UserId) -> StoreResult<PinRecord>;
    /// Sets a PIN by its hash, or takes it away. By the person themselves or somebody who may change people.
    fn set_pin(
        &mut self,
        user: UserId,
        hash: Option<String>,
        by: Option<UserId>,
        now: DateTime<Utc>,
    ) -> StoreResult<()>;
    /// A PIN was tried: right, or wrong. Too many wrong ones lock it for a while; the words are then for the person.
    fn pin_tried(&mut self, user: UserId, right: bool, now: DateTime<Utc>) -> StoreResult<PinRecord>;
}

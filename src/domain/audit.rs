//! The audit log: who did what, when, for which order. No customer data. Rows are chained by hash, so that a row that
//! was changed or taken away shows ([`Audited::hash`]).

use super::ids::{OrderNumber, StoreId};
use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};

/// A row of the audit log.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Audited {
    /// Number of the row, from 1, without gaps.
    pub row: i64,
    /// When (UTC).
    pub at: DateTime<Utc>,
    /// Who; none for the program itself.
    pub who: Option<String>,
    /// Shop of the order, where it is about one.
    pub store: Option<StoreId>,
    /// The order's number.
    pub order: Option<OrderNumber>,
    /// What, in words.
    pub what: String,
    /// SHA-256 over this row and the hash of the row before it, in hexadecimal digits.
    pub hash: String,
}

/// Which rows are wanted. Everything that is given must fit.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct AuditFilter {
    /// Words in who, what or the order's number, each of them, in any order, case folded.
    pub text: String,
    /// By this person.
    pub who: Option<String>,
    /// About this order.
    pub order: Option<OrderNumber>,
    /// Not before.
    pub since: Option<DateTime<Utc>>,
    /// Before.
    pub until: Option<DateTime<Utc>>,
}

/// A chain that holds.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Proof {
    /// Rows.
    pub rows: i64,
    /// Hash of the last one; of nothing where there is none.
    pub hash: String,
}

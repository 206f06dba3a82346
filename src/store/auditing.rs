//! The audit log: the part of the store's interface that reads and proves it. It is written by what is done, in the
//! same transaction.

use super::StoreResult;
use crate::domain::audit::{AuditFilter, Audited, Proof};
use crate::domain::ids::UserId;
use crate::domain::rows::Page;
use chrono::{DateTime, Utc};

/// The store's audit log.
pub trait Auditing {
    /// A window of the log, newest first.
    fn audit(&self, filter: &AuditFilter, first: usize, limit: usize) -> StoreResult<Page<Audited>>;
    /// At most `limit` rows after row `after`, oldest first: for an export that is read piece by piece.
    fn audit_after(&self, after: i64, limit: usize) -> StoreResult<Vec<Audited>>;
    /// Follows the chain from its first row; the words name the first row that was changed or is missing.
    fn verify_audit(&self) -> StoreResult<Result<Proof, String>>;
    /// Notes something that is about no order.
    fn note_audit(&mut self, by: Option<UserId>, what: &str, now: DateTime<Utc>) -> StoreResult<()>;
}

//! The conformance suite on SQLite, in memory and in a file, and what only a file can show.

use super::SqliteStore;
use crate::store::conformance;

#[test]
fn conforms_in_memory() {
    conformance::run(|| Box::new(SqliteStore::open_in_memory().unwrap()));
}

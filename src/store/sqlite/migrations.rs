//! Numbered steps from an empty file to the schema of this program. `assets/migrations/NOTES.md` has the rules.

use crate::store::{StoreError, StoreResult};
use rusqlite::{Connection, TransactionBehavior};

/// Marks a file as ours: `TPGN`.
const APPLICATION_ID: i64 = 0x5450_474E;

const STEPS: [&str; 2] = [
    include_str!("../../../assets/migrations/sqlite/0001_first.sql"),
    include_str!("../../../assets/migrations/sqlite/0002_via.sql"),
];

/// Brings the database up to date. A newer or a foreign one is refused and left alone.
pub(super) fn migrate(connection: &mut Connection) -> StoreResult<()> {
    let version = known_version(connection)?;
    if version == STEPS.len() {
        return Ok(());
    }
    let transaction = connection.transaction_with_behavior(TransactionBehavior::Immediate)?;
    // Another process may have been faster.
    for step in &STEPS[known_version(&transaction)?..] {
        transaction.execute_batch(step)?;
    }
    transaction.pragma_update(None, "application_id", APPLICATION_ID)?;
    transaction.pragma_update(
        None,
        "user_version",
        i64::try_from(STEPS.len()).expect("few steps"),
    )?;
    transaction.commit()?;
    Ok(())
}

/// How many steps the database has had; refuses what is not ours or newer than this program.
pub(super) fn known_version(connection: &Connection) -> StoreResult<usize> {
    let number = |pragma| connection.pragma_query_value(None, pragma, |row| row.get::<_, i64>(0));
    let (application, version) = (number("application_id")?, number("user_version")?);
    let tables: i64 = connection.query_row("SELECT count(*) FROM sqlite_schema", [], |row| row.get(0))?;
    if application != APPLICATION_ID && (application != 0 || version != 0 || tables != 0) {
        return Err(StoreError::Unusable(
            "this file is a database of another program: name another file in the configuration (store.path)"
                .to_owned(),
        ));
    }
    usize::try_from(version)
        .ok()
        .filter(|version| *version <= STEPS.len())
        .ok_or_else(|| {
            StoreError::Unusable(format!(
                "this database was written by a newer tapegun (schema {version}, this one knows {}): install that \
                 version on this station too",
                STEPS.len()
            ))
        })
}

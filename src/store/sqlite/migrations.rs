//! Numbered steps from an empty file to the schema of this program. `assets/migrations/NOTES.md` has the rules.

use crate::store::{StoreError, StoreResult};
use rusqlite::{Connection, TransactionBehavior};

/// Marks a file as ours: `TPGN`.
const APPLICATION_ID: i64 = 0x5450_474E;

const STEPS: &[&str] = &[
    include_str!("../../../assets/migrations/sqlite/0001_first.sql"),
    include_str!("../../../assets/migrations/sqlite/0002_via.sql"),
    include_str!("../../../assets/migrations/sqlite/0004_refunds.sql"),
    include_str!("../../../assets/migrations/sqlite/0005_outside.sql"),
    include_str!("../../../assets/migrations/sqlite/0006_quotes.sql"),
    include_str!("../../../assets/migrations/sqlite/0007_backup.sql"),
    include_str!("../../../assets/migrations/sqlite/0008_pace.sql"),
    include_str!("../../../assets/migrations/sqlite/0009_picking.sql"),
    include_str!("../../../assets/migrations/sqlite/0010_onto_box.sql"),
    include_str!("../../../assets/migrations/sqlite/0011_erasure.sql"),
    include_str!("../../../assets/migrations/sqlite/0012_audit.sql"),
    include_str!("../../../assets/migrations/sqlite/0013_methods.sql"),
    include_str!("../../../assets/migrations/sqlite/0014_policies.sql"),
    include_str!("../../../assets/migrations/sqlite/0015_explanations.sql"),
    include_str!("../../../assets/migrations/sqlite/0016_boxes.sql"),
    include_str!("../../../assets/migrations/sqlite/0017_finding.sql"),
    include_str!("../../../assets/migrations/sqlite/0018_notes.sql"),
    include_str!("../../../assets/migrations/sqlite/0019_people.sql"),
    include_str!("../../../assets/migrations/sqlite/0020_bulk.sql"),
    include_str!("../../../assets/migrations/sqlite/0021_pick_sheets.sql"),
    include_str!("../../../assets/migrations/sqlite/0022_picks.sql"),
    include_str!("../../../assets/migrations/sqlite/0027_shopping.sql"),
    include_str!("../../../assets/migrations/sqlite/0023_manifests.sql"),
    include_str!("../../../assets/migrations/sqlite/0032_parts.sql"),
    include_str!("../../../assets/migrations/sqlite/0033_break_prime.sql"),
    include_str!("../../../assets/migrations/sqlite/0034_promised.sql"),
    include_str!("../../../assets/migrations/sqlite/0030_hours.sql"),
    include_str!("../../../assets/migrations/sqlite/0035_sheets.sql"),
    include_str!("../../../assets/migrations/sqlite/0026_secrets.sql"),
    include_str!("../../../assets/migrations/sqlite/0025_typed_words.sql"),
];

/// Brings the database up to date. A newer or a foreign one is refused and left alone.
pub(super) fn migrate(connection: &mut Connection) -> StoreResult<()> {
    migrate_by(connection, STEPS)
}

fn migrate_by(connection: &mut Connection, steps: &[&str]) -> StoreResult<()> {
    let version = known_version(connection)?;
    if version == steps.len() {
        return Ok(());
    }
    let transaction = connection.transaction_with_behavior(TransactionBehavior::Immediate)?;
    // Another process may have been faster.
    for step in steps.iter().skip(known_version(&transaction)?) {
        transaction.execute_batch(step)?;
    }
    transaction.pragma_update(None, "application_id", APPLICATION_ID)?;
    transaction.pragma_update(
        None,
        "user_version",
        i64::try_from(steps.len()).expect("few steps"),
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

#[cfg(test)]
mod tests {
    use super::*;

    /// Every table and index of the file, and its marks.
    fn look(connection: &Connection) -> (i64, i64, Vec<String>) {
        let pragma = |name| {
            connection
                .pragma_query_value(None, name, |row| row.get(0))
                .unwrap()
        };
        let mut statement = connection
            .prepare("SELECT ifnull(sql, name) FROM sqlite_schema ORDER BY name")
            .unwrap();
        let schema = statement.query_map([], |row| row.get(0)).unwrap();
        let schema = schema.collect::<Result<_, _>>().unwrap();
        (pragma("application_id"), pragma("user_version"), schema)
    }

    /// F34: a step that fails after any of its statements leaves the schema as it was.
    #[test]
    fn a_step_that_fails_anywhere_changes_nothing() {
        let mut cases = 0;
        for (version, step) in STEPS.iter().enumerate() {
            let mut connection = Connection::open_in_memory().unwrap();
            migrate_by(&mut connection, &STEPS[..version]).unwrap();
            let before = look(&connection);
            for (end, _) in step.match_indices(';') {
                let failing = format!("{}\nSELECT no_such_function();", &step[..=end]);
                let mut steps = STEPS[..version].to_vec();
                steps.push(&failing);
                // Cut within a trigger's body it is no statement at all: that fails as well.
                assert!(migrate_by(&mut connection, &steps).is_err());
                assert_eq!(look(&connection), before, "step {version} cut at {end}");
                cases += 1;
            }
            migrate_by(&mut connection, &STEPS[..=version]).unwrap();
            assert_eq!(look(&connection).1, i64::try_from(version).unwrap() + 1);
        }
        println!("F34 a migration that fails after each statement: {cases} cases, 0 between old and new");
        assert!(cases > 50);
    }
}

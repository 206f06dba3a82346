//! Whatever is done to the audit log from outside is found and named.

use crate::domain::user::Role;
use crate::store::sqlite::SqliteStore;
use crate::store::{Auditing as _, Store as _};
use chrono::DateTime;
use rusqlite::Connection;

const ROWS: i64 = 6;

/// A log of six rows: five by Ann, one by the program.
fn log() -> SqliteStore {
    let mut store = SqliteStore::open_in_memory().unwrap();
    let now = DateTime::UNIX_EPOCH;
    let ann = store.add_user("Ann", "A1", Role::Packer, now).unwrap().id;
    for what in ["one", "two", "three", "four"] {
        store.note_audit(Some(ann), what, now).unwrap();
    }
    store.note_audit(None, "five", now).unwrap();
    store
}

/// The words about a log to which this was done, past its own triggers.
fn after(act: &str) -> String {
    let store = log();
    let connection: &Connection = &store.connection;
    connection
        .execute_batch(
            "PRAGMA foreign_keys = OFF; DROP TRIGGER history_kept; DROP TRIGGER history_stays; \
             DROP TRIGGER audit_chain_kept; DROP TRIGGER audit_chain_stays;",
        )
        .unwrap();
    connection.execute_batch(act).unwrap();
    store.verify_audit().unwrap().err().unwrap_or_default()
}

#[test]
fn a_log_that_nobody_touched_holds() {
    let store = log();
    let proof = store.verify_audit().unwrap().unwrap();
    assert_eq!(proof.rows, ROWS);
    assert_eq!(
        proof.hash,
        store.audit_after(0, 100).unwrap().last().unwrap().hash
    );
    assert_eq!(after("SELECT 1"), "");
}

#[test]
fn one_flipped_byte_is_found_and_named() {
    for row in 1..=ROWS {
        for act in [
            "UPDATE history SET what = what || ' '",
            "UPDATE history SET what = replace(what, 'e', 'f') || 'x'",
            "UPDATE history SET at = at + 1",
            "UPDATE history SET by = ifnull(by, 0) + 1",
            "UPDATE history SET by = NULL, order_id = 7",
            "UPDATE audit_chain SET who = ifnull(who, '') || 'a'",
            "UPDATE audit_chain SET hash = CAST(X'00' || substr(hash, 2) AS BLOB)",
            "UPDATE audit_chain SET hash = CAST(substr(hash, 1, 31) || X'FF' AS BLOB)",
        ] {
            let words = after(&format!("{act} WHERE id = {row}"));
            assert!(
                words.starts_with(&format!("row {row} of the audit log")),
                "{act} {row}: {words}"
            );
        }
    }
}

#[test]
fn a_removed_row_is_found_and_named_also_the_last() {
    for row in 1..=ROWS {
        for act in [
            format!("DELETE FROM history WHERE id = {row}"),
            format!("DELETE FROM history WHERE id = {row}; DELETE FROM audit_chain WHERE id = {row}"),
        ] {
            let words = after(&act);
            let wanted = format!("row {row} of the audit log is missing");
            assert!(words.starts_with(&wanted), "{act}: {words}");
        }
    }
    // With those after it moved up, its link is missing.
    let words = after(
        "DELETE FROM history WHERE id = 3; DELETE FROM audit_chain WHERE id = 3; \
         UPDATE history SET id = id - 1 WHERE id > 3; UPDATE audit_chain SET id = id - 1 WHERE id > 3",
    );
    assert!(words.starts_with("row 3 of the audit log was changed"), "{words}");
}

#[test]
fn a_row_that_tapegun_did_not_write_is_found() {
    let words = after("INSERT INTO history (at, what) VALUES (1, 'never happened')");
    assert!(
        words.starts_with("row 7 of the audit log was not written by tapegun"),
        "{words}"
    );
    // Not even the next row of ours hides it.
    let mut store = log();
    store
        .connection
        .execute_batch("INSERT INTO history (at, what) VALUES (1, 'never happened')")
        .unwrap();
    store.note_audit(None, "later", DateTime::UNIX_EPOCH).unwrap();
    let words = store.verify_audit().unwrap().unwrap_err();
    assert!(words.starts_with("row 7 of the audit log"), "{words}");
}

#[test]
fn the_database_itself_keeps_the_log() {
    let store = log();
    for act in [
        "UPDATE audit_chain SET who = 'x'",
        "DELETE FROM audit_chain",
        "UPDATE history SET what = 'x'",
        "DELETE FROM history",
    ] {
        assert!(store.connection.execute_batch(act).is_err(), "{act}");
    }
}

#[test]
fn what_was_noted_before_there_was_a_chain_is_taken_in() {
    let mut store = SqliteStore::open_in_memory().unwrap();
    store
        .connection
        .execute_batch("INSERT INTO history (at, what) VALUES (1, 'old'), (2, 'older')")
        .unwrap();
    assert_eq!(store.verify_audit().unwrap().unwrap().rows, 2);
    store.note_audit(None, "new", DateTime::UNIX_EPOCH).unwrap();
    let proof = store.verify_audit().unwrap().unwrap();
    assert_eq!((proof.rows, proof.hash.len()), (3, 64));
}

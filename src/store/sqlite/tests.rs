//! The conformance suite on SQLite, in memory and in a file, and what only a file can show.

use super::SqliteStore;
use crate::domain::packing::PackingSession;
use crate::domain::product::{Barcode, Product, ProductKind};
use crate::domain::rows::OrderFilter;
use crate::domain::shipment::LabelState;
use crate::store::conformance::{self, station::Bench};
use crate::store::{Refusal, Store, StoreError};
use chrono::DateTime;
use rusqlite::Connection;
use std::cell::Cell;
use std::path::{Path, PathBuf};

#[test]
fn conforms_in_memory() {
    conformance::run(|| Box::new(SqliteStore::open_in_memory().unwrap()));
}

#[test]
fn conforms_in_a_file() {
    let folder = tempfile::tempdir().unwrap();
    let count = Cell::new(0);
    conformance::run_cases(|| {
        count.set(count.get() + 1);
        let path = folder.path().join(format!("{}.db", count.get()));
        Box::new(SqliteStore::open(&path).unwrap())
    });
}

fn database(folder: &tempfile::TempDir) -> PathBuf {
    folder.path().join("store.db")
}

fn bench(path: &Path) -> Bench {
    Bench::new(Box::new(SqliteStore::open(path).unwrap()))
}

/// A connection beside the store's own, for what no program of ours would do.
fn intruder(path: &Path) -> Connection {
    Connection::open(path).unwrap()
}

fn words(result: Result<SqliteStore, StoreError>) -> String {
    match result.err().unwrap() {
        StoreError::Unusable(words) | StoreError::Damaged(words) => words,
        other => panic!("{other}"),
    }
}

#[test]
fn a_reopened_order_stands_at_the_same_unit() {
    let folder = tempfile::tempdir().unwrap();
    let path = database(&folder);
    let mut first = bench(&path);
    let order = first.mugs(1, 3);
    let parcel = first.open(order);
    first.verify(order, &parcel, "MUG", 0..2);
    let before = first.store.order(order).unwrap();
    drop(first);
    let store = SqliteStore::open(&path).unwrap();
    let after = store.order(order).unwrap();
    assert_eq!(after, before);
    let session = PackingSession::replay(&after.order.channel.lines, &after.products, &after.scans);
    assert_eq!(session.progress()[0].verified, 2);
}

#[test]
fn every_connection_keeps_the_rules() {
    let folder = tempfile::tempdir().unwrap();
    let path = database(&folder);
    let writer = SqliteStore::open(&path).unwrap();
    let reader = SqliteStore::open_reader(&path).unwrap();
    for store in [&writer, &reader] {
        let pragma = |name: &str| -> i64 {
            store
                .connection
                .pragma_query_value(None, name, |row| row.get(0))
                .unwrap()
        };
        assert_eq!(pragma("foreign_keys"), 1);
        assert_eq!(pragma("trusted_schema"), 0);
        assert_eq!(pragma("secure_delete"), 1);
        assert_eq!(pragma("cell_size_check"), 1);
        assert_eq!(pragma("busy_timeout"), 5000);
        let mode: String = store
            .connection
            .pragma_query_value(None, "journal_mode", |row| row.get(0))
            .unwrap();
        assert_eq!(mode, "wal");
    }
    let full: i64 = writer
        .connection
        .pragma_query_value(None, "synchronous", |row| row.get(0))
        .unwrap();
    assert_eq!(full, 2);
    assert!(reader.connection.is_readonly("main").unwrap());
}

#[test]
fn every_table_is_strict_and_the_file_is_sound() {
    let folder = tempfile::tempdir().unwrap();
    let path = database(&folder);
    let mut bench = bench(&path);
    let want = bench.bought(1);
    bench.void(want.id);
    let connection = intruder(&path);
    let loose: i64 = connection
        .query_row(
            "SELECT count(*) FROM pragma_table_list WHERE schema = 'main' AND type = 'table' AND strict = 0 \
             AND name NOT LIKE 'sqlite_%'",
            [],
            |row| row.get(0),
        )
        .unwrap();
    assert_eq!(loose, 0);
    let check: String = connection
        .pragma_query_value(None, "integrity_check", |row| row.get(0))
        .unwrap();
    assert_eq!(check, "ok");
    let broken: i64 = connection
        .query_row("SELECT count(*) FROM pragma_foreign_key_check", [], |row| {
            row.get(0)
        })
        .unwrap();
    assert_eq!(broken, 0);
}

#[test]
fn another_programs_database_is_refused_and_left_alone() {
    let folder = tempfile::tempdir().unwrap();
    let path = database(&folder);
    let connection = intruder(&path);
    connection.execute_batch("CREATE TABLE theirs (id)").unwrap();
    drop(connection);
    let before = std::fs::read(&path).unwrap();
    assert!(words(SqliteStore::open(&path)).contains("another program"));
    assert_eq!(std::fs::read(&path).unwrap(), before);
}

#[test]
fn a_newer_schema_is_refused_in_words() {
    let folder = tempfile::tempdir().unwrap();
    let path = database(&folder);
    drop(SqliteStore::open(&path).unwrap());
    intruder(&path).pragma_update(None, "user_version", 99).unwrap();
    assert!(words(SqliteStore::open(&path)).contains("newer tapegun"));
    assert!(words(SqliteStore::open_reader(&path)).contains("newer tapegun"));
}

#[test]
fn what_is_no_database_or_damaged_says_what_to_do() {
    let folder = tempfile::tempdir().unwrap();
    let path = database(&folder);
    std::fs::write(
        &path,
        "not a database, but a letter of some length to the packer".repeat(40),
    )
    .unwrap();
    assert!(words(SqliteStore::open(&path)).contains("not a tapegun database"));
    let nowhere = folder.path().join("no/such/folder/store.db");
    assert!(words(SqliteStore::open(&nowhere)).contains("cannot be opened"));
    let damaged = folder.path().join("damaged.db");
    let mut ruined = bench(&damaged);
    ruined.mugs(1, 1);
    drop(ruined);
    let mut bytes = std::fs::read(&damaged).unwrap();
    let length = bytes.len();
    bytes[4096..length].fill(0xA5);
    std::fs::write(&damaged, bytes).unwrap();
    let error = match SqliteStore::open(&damaged) {
        Err(error) => error,
        Ok(store) => store.orders(&OrderFilter::default(), 0, 10).unwrap_err(),
    };
    assert!(error.to_string().contains("restore"), "{error}");
}

#[test]
fn a_full_disk_changes_nothing_and_says_so() {
    let store = SqliteStore::open_in_memory().unwrap();
    let pages: i64 = store
        .connection
        .pragma_query_value(None, "page_count", |row| row.get(0))
        .unwrap();
    store
        .connection
        .pragma_update(None, "max_page_count", pages + 40)
        .unwrap();
    let mut bench = Bench::new(Box::new(store));
    let mut imported = 0;
    let error = loop {
        let word = conformance::station::channel(imported, vec![conformance::station::line("L1", "MUG", 1)]);
        let order = bench.imported(word);
        let now = bench.now;
        match bench
            .store
            .import_orders(&conformance::station::shop(), vec![order], None, now)
        {
            Ok(_) => imported += 1,
            Err(error) => break error,
        }
    };
    assert!(matches!(error, StoreError::DiskFull));
    let page = bench.store.orders(&OrderFilter::default(), 0, 500).unwrap();
    assert_eq!(page.total, usize::try_from(imported).unwrap());
    assert_eq!(page.rows.len(), page.total);
}

#[test]
fn the_database_itself_refuses_a_second_live_label() {
    let folder = tempfile::tempdir().unwrap();
    let path = database(&folder);
    let mut bench = bench(&path);
    bench.wanted(1);
    let connection = intruder(&path);
    let columns: String = connection
        .query_row(
            "SELECT group_concat(name) FROM pragma_table_info('labels') WHERE name NOT IN ('id', 'sequence', 'state')",
            [],
            |row| row.get(0),
        )
        .unwrap();
    for state in LabelState::ALL {
        let copied = connection.execute(
            &format!(
                "INSERT INTO labels (id, sequence, state, {columns}) \
                 SELECT randomblob(16), (SELECT max(sequence) + 1 FROM labels), ?, {columns} FROM labels LIMIT 1"
            ),
            [state.words()],
        );
        assert_eq!(copied.is_err(), state.is_live(), "{state}");
    }
}

#[test]
fn history_is_only_added_to_and_tampering_shows() {
    let folder = tempfile::tempdir().unwrap();
    let path = database(&folder);
    let mut bench = bench(&path);
    let want = bench.bought(1);
    bench.void(want.id);
    let rows = bench.proven();
    let connection = intruder(&path);
    for sql in [
        "UPDATE label_history SET at = at + 1",
        "DELETE FROM label_history",
        "UPDATE history SET what = ''",
        "DELETE FROM history",
    ] {
        assert!(connection.execute(sql, []).is_err(), "{sql}");
    }
    connection
        .execute_batch("DROP TRIGGER label_history_kept; DROP TRIGGER label_history_stays")
        .unwrap();
    let broken = |bench: &Bench| bench.store.verify_chain().unwrap().unwrap_err();
    connection
        .execute(
            "UPDATE label_history SET facts = replace(facts, '820', '1') WHERE sequence = 2",
            [],
        )
        .unwrap();
    assert!(broken(&bench).contains("row 2"));
    connection
        .execute("DELETE FROM label_history WHERE sequence = 1", [])
        .unwrap();
    assert!(broken(&bench).contains("row 1"));
    assert!(rows >= 6);
}

#[test]
fn a_label_that_strays_from_its_history_shows() {
    let folder = tempfile::tempdir().unwrap();
    let path = database(&folder);
    let mut bench = bench(&path);
    bench.bought(1);
    intruder(&path)
        .execute("UPDATE labels SET state = 'refused'", [])
        .unwrap();
    assert!(
        bench
            .store
            .verify_chain()
            .unwrap()
            .unwrap_err()
            .contains("elsewhere")
    );
}

#[test]
fn a_restored_database_buys_nothing() {
    let folder = tempfile::tempdir().unwrap();
    let path = database(&folder);
    let mut bench = bench(&path);
    let wanted = bench.wanted(1);
    let ready = bench.ready(2);
    intruder(&path)
        .execute("INSERT INTO settings (key, number) VALUES ('restored', 1)", [])
        .unwrap();
    let now = bench.now;
    let refusal = conformance::station::refusal(bench.store.want_label(&ready, now));
    assert_eq!(refusal, Refusal::Restored);
    let lead = bench.lead();
    assert!(bench.ask(lead, wanted.id).is_err());
    bench.settle(wanted.id, &conformance::station::bought("1Z1"));
    assert_eq!(
        bench.state(wanted.id),
        LabelState::Bought,
        "what was bought is recorded"
    );
}

#[test]
fn two_processes_share_one_file() {
    let folder = tempfile::tempdir().unwrap();
    let path = database(&folder);
    let mut one = bench(&path);
    let two = SqliteStore::open(&path).unwrap();
    let before = two.version().unwrap();
    let order = one.mugs(1, 1);
    assert_ne!(two.version().unwrap(), before);
    assert_eq!(two.order(order).unwrap(), one.store.order(order).unwrap());
}

#[test]
fn a_destroyed_key_gives_nothing_away_and_its_number_is_not_given_again() {
    let folder = tempfile::tempdir().unwrap();
    let path = database(&folder);
    let mut bench = bench(&path);
    let want = bench.bought(1);
    intruder(&path)
        .execute("UPDATE data_keys SET wrapped = NULL, destroyed_at = 1", [])
        .unwrap();
    assert_eq!(bench.store.customer(want.order).unwrap(), None);
    assert!(bench.store.document(want.id).unwrap().is_none());
    assert!(bench.store.stored_request(want.id).unwrap().is_none());
    let job = bench.store.print_jobs(&want.station).unwrap()[0].id;
    let now = bench.now;
    assert!(bench.store.begin_printing(job, now).unwrap().is_none());
}

#[test]
fn a_barcode_is_one_code_in_the_catalogue_and_from_the_scanner() {
    let mut store = SqliteStore::open_in_memory().unwrap();
    let codes = ["0036000291452", "chair-0001"];
    let chair = Product {
        sku: "CHAIR".into(),
        title: "Chair".to_owned(),
        kind: ProductKind::Standard,
        barcodes: codes
            .map(|code| Barcode {
                code: code.to_owned(),
                quantity: 1,
            })
            .to_vec(),
        components: Vec::new(),
        weight: None,
        dimensions: None,
        price: None,
        transparency: false,
    };
    store.put_products(&[chair], DateTime::UNIX_EPOCH).unwrap();
    for code in [
        "036000291452",
        "0036000291452",
        "00036000291452",
        "CHAIR-0001",
        "chair-0001",
    ] {
        assert_eq!(store.code_meanings(code).unwrap().len(), 1, "{code}");
    }
}

/// What was scanned before hours were counted is counted as if it were scanned now.
#[test]
fn counts_of_a_database_from_before_are_those_of_its_scans() {
    let folder = tempfile::tempdir().unwrap();
    let path = database(&folder);
    let mut station = bench(&path);
    let order = station.mugs(1, 3);
    let (one, _) = station.in_two_boxes(order);
    station.wait(chrono::TimeDelta::hours(2));
    station.ready(2);
    let half = station.mugs(3, 2);
    let parcel = station.open(half);
    station.verify(half, &parcel, "MUG", 0..1);
    assert_eq!(one.number, 1);
    for reason in ["wrong item", "7 more in a row", "wrong item"] {
        let (by, now) = (station.packer, station.now);
        station
            .store
            .note_refused_scan(None, Some(by), reason, now)
            .unwrap();
    }
    let intruder = intruder(&path);
    let counts = || -> Vec<String> {
        let sql = "SELECT printf('%d %d %d %d %d', hour, by, orders, units, scans) FROM hours_worked \
                   UNION ALL SELECT printf('%d %d %s %d', hour, by, form, scans) FROM hours_refused";
        let mut statement = intruder.prepare(sql).unwrap();
        let rows = statement.query_map([], |row| row.get(0)).unwrap();
        rows.collect::<Result<_, _>>().unwrap()
    };
    let counted = counts();
    assert_eq!(counted.len(), 4, "{counted:?}");
    let step = include_str!("../../../assets/migrations/sqlite/0030_hours.sql");
    let (_, filling) = step.split_once("-- What was scanned before.").unwrap();
    intruder
        .execute_batch(&format!(
            "DELETE FROM hours_worked; DELETE FROM hours_refused; {filling}"
        ))
        .unwrap();
    assert_eq!(counts(), counted);
}

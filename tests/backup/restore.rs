//! F35: a back-up while packing goes on; yesterday's back-up put back after more labels were bought.

use crate::rig::Rig;
use crate::{copy_folder, database, live, must, pack_and_ship, run, tell, try_ship};
use rusqlite::Connection;
use std::os::unix::fs::PermissionsExt as _;
use std::path::{Path, PathBuf};
use std::time::Duration;
use tapegun::clock::{Clock as _, SystemClock};
use tapegun::domain::ids::{OrderNumber, StoreId};
use tapegun::domain::order::Flag;
use tapegun::store::Store as _;
use tapegun::store::backups::{self, Erased, KeyFile};
use tapegun::store::sqlite::{SqliteStore, back_up};

/// A back-up by the command, into a folder.
fn backup(rig: &Rig, name: &str) -> PathBuf {
    let folder = rig.data().join("../backups");
    std::fs::create_dir_all(&folder).expect("a folder");
    let file = folder.join(name);
    must(rig, &["backup", &file.display().to_string()]);
    std::fs::canonicalize(file).expect("it is there")
}

fn flags(rig: &Rig, order: &str) -> Vec<Flag> {
    rig.store().order(rig.id(order)).expect("order").order.flags
}

fn is_restored(rig: &Rig) -> bool {
    rig.store().restored().expect("read").is_some()
}

/// Passes until every order is compared.
fn compare(rig: &Rig) -> String {
    let mut told = String::new();
    for _ in 0..30 {
        let (_, words) = run(rig, &["sync", "--once"]);
        told += &words;
        if !is_restored(rig) {
            return told;
        }
        std::thread::sleep(Duration::from_millis(300));
    }
    panic!("never compared: {told}");
}

#[test]
fn labels_bought_since_the_back_up_are_found_and_never_bought_again() {
    let rig = Rig::start(35, Some(10));
    let orders = rig.orders();
    pack_and_ship(&rig, &orders[0]);
    rig.pack(&orders[1], &rig.codes(&orders[1]));
    let file = backup(&rig, "yesterday.db");
    // Since: two packed and bought; one voided and bought anew.
    rig.ship(&orders[1]);
    pack_and_ship(&rig, &orders[2]);
    must(
        &rig,
        &["void", &orders[0], "--reason", "wrong box", "--label-destroyed"],
    );
    rig.pack(&orders[0], &rig.codes(&orders[0]));
    let (status, words) = try_ship(&rig, &orders[0]);
    assert_eq!(status, 0, "{words}");
    let before = rig.ledger();
    assert_eq!(before.len(), 4);

    let words = must(&rig, &["restore", &file.display().to_string()]);
    assert!(words.contains("nothing is bought before 9 orders"), "{words}");
    let kept = words
        .lines()
        .find_map(|line| line.split_once("kept as "))
        .expect("said")
        .1;
    let old = SqliteStore::open(Path::new(kept.trim())).expect("the old one still opens");
    assert_eq!(old.verify_chain().expect("read"), rig_chain(&old));
    drop(old);

    // Nothing is bought, neither what was bought since nor anything else.
    rig.pack(&orders[3], &rig.codes(&orders[3]));
    for order in &orders[..4] {
        let (status, words) = try_ship(&rig, order);
        assert_eq!(status, 3, "{words}");
    }
    let (_, words) = try_ship(&rig, &orders[3]);
    assert!(words.contains("restored from a back-up"), "{words}");
    assert_eq!(rig.ledger().len(), before.len(), "nothing was bought");
    let (status, words) = run(&rig, &["doctor"]);
    assert!(words.contains("RESTORED: "), "{status} {words}");

    let told = compare(&rig);
    assert!(told.contains("all 9 orders are compared with Amazon"), "{told}");
    for order in &orders[1..3] {
        assert!(told.contains(order.as_str()), "{order} in: {told}");
        assert!(flags(&rig, order).contains(&Flag::ShippedElsewhere), "{order}");
        let (status, words) = try_ship(&rig, order);
        assert_eq!(status, 3, "{words}");
    }
    // The one that was voided and bought anew: even after its old label is voided here, nothing is bought.
    let (_, voided) = run(
        &rig,
        &["void", &orders[0], "--reason", "again", "--label-destroyed"],
    );
    run(&rig, &["sync", "--once"]);
    let (status, words) = try_ship(&rig, &orders[0]);
    assert_ne!(status, 0, "{voided} {words}");
    // What nobody has bought can be.
    rig.ship(&orders[3]);
    rig.settle_all();
    let duplicates = orders.iter().filter(|order| live(&rig, order) > 1).count();
    tell(&format!(
        "F35 restore of yesterday's back-up: 3 labels bought since, 9 orders compared, {duplicates} duplicates"
    ));
    assert_eq!(duplicates, 0);
    assert_eq!(rig.ledger().len(), before.len() + 1);
    assert!(rig.store().verify_chain().expect("read").is_ok());
}

fn rig_chain(store: &SqliteStore) -> Result<u64, String> {
    let rows = store.verify_chain().expect("read");
    assert!(rows.is_ok(), "{rows:?}");
    rows
}

/// A copy that a person puts back with cp, of the whole database: older than what the file beside it says.
#[test]
fn an_older_copy_put_back_by_hand_is_found_out() {
    let rig = Rig::start(36, Some(6));
    let orders = rig.orders();
    let copy = tempfile::tempdir().expect("a folder");
    std::fs::copy(database(&rig.data()), copy.path().join("old.db")).expect("copied");
    pack_and_ship(&rig, &orders[0]);
    std::fs::copy(copy.path().join("old.db"), database(&rig.data())).expect("put back");
    let (status, words) = run(&rig, &["doctor"]);
    assert!(words.contains("older copy"), "{status} {words}");
    rig.pack(&orders[0], &rig.codes(&orders[0]));
    assert_eq!(try_ship(&rig, &orders[0]).0, 3);
    compare(&rig);
    assert!(flags(&rig, &orders[0]).contains(&Flag::ShippedElsewhere));
    assert_eq!(try_ship(&rig, &orders[0]).0, 3);
    assert_eq!((rig.ledger().len(), live(&rig, &orders[0])), (1, 1));

    // A database of another station, and one whose neighbour is gone, are no better known.
    let other = Rig::start(37, Some(6));
    pack_and_ship(&other, &other.orders()[0]);
    std::fs::copy(database(&other.data()), database(&rig.data())).expect("put there");
    let store = SqliteStore::open(&database(&rig.data())).expect("opens");
    assert!(store.restored().expect("read").is_some(), "another station's");
    drop(store);
    let alone = tempfile::tempdir().expect("a folder");
    std::fs::copy(database(&other.data()), database(alone.path())).expect("copied");
    let store = SqliteStore::open(&database(alone.path())).expect("opens");
    assert!(store.restored().expect("read").is_some(), "alone");
}

#[test]
fn a_back_up_holds_no_keys_and_comes_back_with_them() {
    let rig = Rig::start(38, Some(6));
    let orders = rig.orders();
    pack_and_ship(&rig, &orders[0]);
    let file = backup(&rig, "b.db");
    for path in [&file, &backups::keys_of(&file)] {
        let mode = std::fs::metadata(path).expect("there").permissions().mode();
        assert_eq!(mode & 0o777, 0o600, "{}", path.display());
    }
    let keys = KeyFile::read(&backups::keys_of(&file)).expect("its keys");
    assert_eq!(keys.keys.len(), 6);
    let bytes = std::fs::read(&file).expect("bytes");
    for (id, wrapped) in &keys.keys {
        let found = bytes
            .windows(wrapped.len())
            .any(|part| part == wrapped.as_slice());
        assert!(!found, "the wrapped key {} is in the copy", id.0);
    }
    assert!(!file.with_file_name("b.db-wal").exists() && !file.with_file_name("b.db-journal").exists());

    // Erased since: the key leaves the file beside the back-up, and the order stays erased when it comes back.
    let erased = Erased {
        store: StoreId::from("us"),
        number: OrderNumber(orders[1].clone()),
        key: None,
        at: chrono::DateTime::UNIX_EPOCH,
    };
    backups::record_erased(&database(&rig.data()), &[erased]).expect("written");
    assert_eq!(backups::prune(&database(&rig.data())), Vec::<String>::new());
    assert_eq!(
        KeyFile::read(&backups::keys_of(&file))
            .expect("its keys")
            .keys
            .len(),
        5
    );
    must(&rig, &["restore", &file.display().to_string()]);
    let store = rig.store();
    let is_erased = |order: &str| store.order(rig.id(order)).expect("order").order.erased;
    assert!(is_erased(&orders[1]) && !is_erased(&orders[0]));
    assert!(store.customer(rig.id(&orders[1])).expect("read").is_none());
    assert!(store.customer(rig.id(&orders[0])).expect("read").is_some());
    drop(store);
    must(&rig, &["orders", "show", &orders[0], "--reveal"]);
}

#[test]
fn what_cannot_be_put_back_is_refused_and_changes_nothing() {
    let rig = Rig::start(39, Some(4));
    pack_and_ship(&rig, &rig.orders()[0]);
    let file = backup(&rig, "b.db");
    let keys = backups::keys_of(&file);
    let history = || rig.store().verify_chain().expect("read").expect("whole");
    let before = history();
    let refused = |what: &str, part: &str| {
        let (status, words) = run(&rig, &["restore", &file.display().to_string()]);
        assert!(status == 6 || status == 1, "{what}: {status} {words}");
        assert!(words.contains(part), "{what}: {words}");
        assert_eq!(history(), before, "{what}");
        assert!(!rig.data().join("tapegun.db.restoring").exists(), "{what}");
    };
    let (whole, whole_keys) = (
        std::fs::read(&file).expect("bytes"),
        std::fs::read(&keys).expect("bytes"),
    );
    for at in [100, 5_000, whole.len() / 2, whole.len() - 1] {
        let mut bytes = whole.clone();
        bytes[at] ^= 1;
        std::fs::write(&file, bytes).expect("written");
        refused("a flipped bit", "cannot be put back");
    }
    std::fs::write(&file, &whole[..whole.len() - 4096]).expect("written");
    refused("cut", "cannot be put back");
    std::fs::write(&file, &whole).expect("written");
    std::fs::remove_file(&keys).expect("removed");
    refused("without its keys", "put it back beside it");
    std::fs::write(&keys, &whole_keys[..whole_keys.len() / 2]).expect("written");
    refused("cut keys", "is cut or changed");
    std::fs::write(&keys, &whole_keys).expect("written");
    let station = rig.data().with_file_name("keys");
    let station_keys = std::fs::read(&station).expect("the station's keys");
    std::fs::remove_file(&station).expect("removed");
    refused("without the station's keys", "key");
    // Another station's keys.
    let other = Rig::start(40, Some(1));
    std::fs::copy(other.data().with_file_name("keys"), &station).expect("copied");
    let (status, words) = run(&rig, &["restore", &file.display().to_string()]);
    assert!(
        status == 1 && words.contains("use the key file that belongs"),
        "{status} {words}"
    );
    std::fs::write(&station, station_keys).expect("written");
    // Put in place by hand, far from its keys: refused in words.
    let alone = tempfile::tempdir().expect("a folder");
    std::fs::copy(&file, database(alone.path())).expect("copied");
    std::fs::rename(&keys, keys.with_extension("away")).expect("moved");
    let words = SqliteStore::open(&database(alone.path()))
        .err()
        .expect("refused")
        .to_string();
    assert!(words.contains("tapegun restore FILE"), "{words}");
    std::fs::rename(keys.with_extension("away"), &keys).expect("moved");
    let store = SqliteStore::open(&database(alone.path())).expect("its keys are found where it was made");
    assert!(store.restored().expect("read").is_some());
    drop(store);
    // Another tapegun has it open.
    let open = rig.store();
    let (status, words) = run(&rig, &["restore", &file.display().to_string()]);
    assert!(status == 1 && words.contains("end it first"), "{status} {words}");
    drop(open);
    must(&rig, &["restore", &file.display().to_string()]);
}

/// `TAPEGUN_ORDERS` sets how many orders (default 3000); prints how long a scan's own write took meanwhile.
#[test]
fn a_back_up_of_a_busy_store_is_consistent_and_delays_no_scan() {
    let rig = Rig::start(41, Some(2));
    let folder = tempfile::tempdir().expect("a folder");
    copy_folder(&rig.data(), folder.path());
    let path = database(folder.path());
    fatten(&path);
    let clock = SystemClock::new();
    let stop = std::sync::atomic::AtomicBool::new(false);
    let (times, copies) = std::thread::scope(|scope| {
        let writer = scope.spawn(|| {
            let mut store = SqliteStore::open(&path).expect("opens");
            let mut times = Vec::new();
            while !stop.load(std::sync::atomic::Ordering::Relaxed) {
                let begun = clock.monotonic();
                store
                    .note_refused_scan(None, None, "busy", chrono::DateTime::UNIX_EPOCH)
                    .expect("written");
                times.push((begun, clock.monotonic().saturating_sub(begun)));
                std::thread::sleep(Duration::from_millis(1));
            }
            times
        });
        // Without a back-up first, to compare with.
        std::thread::sleep(Duration::from_millis(700));
        let copies: Vec<_> = (0..3)
            .map(|at| {
                let now = chrono::DateTime::from_timestamp(1_790_000_000 + at, 0).expect("a time");
                let begun = clock.monotonic();
                let made = back_up(&path, folder.path(), now).expect("made");
                (made, begun, clock.monotonic().saturating_sub(begun))
            })
            .collect();
        stop.store(true, std::sync::atomic::Ordering::Relaxed);
        (writer.join().expect("ends"), copies)
    });
    let mut last = 0;
    for (made, ..) in &copies {
        let copy = Connection::open(&made.file).expect("opens");
        let check: String = copy
            .query_row("PRAGMA integrity_check", [], |row| row.get(0))
            .expect("read");
        assert_eq!(check, "ok");
        let busy: i64 = copy
            .query_row(
                "SELECT count(*) FROM history WHERE what LIKE '%busy'",
                [],
                |row| row.get(0),
            )
            .expect("read");
        assert!(busy >= last, "a later copy knows no less");
        last = busy;
    }
    assert!(last > 0);
    let first = copies[0].1;
    let (alone, beside): (Vec<_>, Vec<_>) = times.iter().partition(|(begun, time)| *begun + *time < first);
    tell(&format!(
        "F35 back-up during writes: {} copies of {} KiB in {:?}, all whole; a write alone: {}; meanwhile: {}",
        copies.len(),
        copies[0].0.bytes / 1024,
        copies.iter().map(|(.., time)| *time).collect::<Vec<_>>(),
        spread(&alone),
        spread(&beside),
    ));
}

/// Median, 99 % and worst.
fn spread(times: &[(Duration, Duration)]) -> String {
    let mut times: Vec<Duration> = times.iter().map(|(_, time)| *time).collect();
    times.sort();
    let at = |part: usize| times.get(times.len() * part / 1000).copied().unwrap_or_default();
    format!(
        "{} writes, median {:?}, 99 % {:?}, worst {:?}",
        times.len(),
        at(500),
        at(990),
        at(999)
    )
}

/// Fills the history until the database is as large as one with many orders.
fn fatten(path: &Path) {
    let orders: usize = std::env::var("TAPEGUN_ORDERS")
        .ok()
        .and_then(|text| text.parse().ok())
        .unwrap_or(3_000);
    let mut connection = Connection::open(path).expect("opens");
    let transaction = connection.transaction().expect("begins");
    for _ in 0..orders {
        transaction
            .execute(
                "INSERT INTO history (at, what) VALUES (1, ?)",
                ["x".repeat(2_000)],
            )
            .expect("written");
    }
    transaction.commit().expect("kept");
}

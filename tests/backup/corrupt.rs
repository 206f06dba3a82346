//! F17 and F18: flipped bytes in every kind of page, cut, zeroed, foreign and newer files, and logs that are
//! missing, foreign or cut. Nothing damaged is worked with, and never is an empty database begun over an old one.

use crate::rig::{Chance, Rig};
use crate::{copy_folder, database, pack_and_ship, run, tell};
use rusqlite::Connection;
use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use tapegun::domain::rows::{LabelRow, OrderFilter};
use tapegun::store::sqlite::SqliteStore;
use tapegun::store::{Store as _, StoreError, StoreResult};

/// What buying and voiding go by.
type Sold = Vec<String>;

/// Everything that the program reads: what was sold, and the rest.
fn dump(store: &SqliteStore) -> StoreResult<(Sold, Vec<String>)> {
    let mut sold = Vec::new();
    let mut rest = Vec::new();
    for row in store.orders(&OrderFilter::default(), 0, 1_000)?.rows {
        for label in store.labels_of(row.id)? {
            sold.push(words(&label));
            rest.push(format!("{label:?}"));
        }
        rest.push(format!("{:?}", store.order(row.id)?));
        rest.push(format!("{row:?}"));
        store.customer(row.id)?;
    }
    store.work()?;
    rest.push(format!("{:?}", store.users()?));
    Ok((sold, rest))
}

fn words(label: &LabelRow) -> String {
    format!(
        "{:?}",
        (
            (label.id, label.order, label.box_id, label.state, label.held),
            (&label.carrier, &label.service, &label.price, &label.shipment),
            (&label.tracking, label.wanted_by, label.wanted_at, label.via),
        )
    )
}

/// A station that has sold a few labels, ended well.
fn sound() -> (Rig, tempfile::TempDir) {
    let rig = Rig::start(17, Some(12));
    let orders = rig.orders();
    for order in &orders[..4] {
        pack_and_ship(&rig, order);
    }
    rig.pack(&orders[4], &rig.codes(&orders[4]));
    let folder = tempfile::tempdir().expect("a folder");
    copy_folder(&rig.data(), folder.path());
    (rig, folder)
}

/// Pages by kind: of a table or an index, inner, leaf or overflow.
fn pages(path: &Path) -> BTreeMap<String, Vec<(usize, String)>> {
    let connection = Connection::open(path).expect("opens");
    let mut statement = connection
        .prepare(
            "SELECT pageno, name, CASE WHEN name IN (SELECT name FROM sqlite_schema WHERE type = 'index') \
             THEN 'index ' ELSE 'table ' END || pagetype FROM dbstat",
        )
        .expect("dbstat");
    let mut kinds: BTreeMap<String, Vec<(usize, String)>> = BTreeMap::new();
    let rows = statement
        .query_map([], |row| Ok((row.get::<_, i64>(0)?, row.get(1)?, row.get(2)?)))
        .expect("rows");
    for row in rows {
        let (page, name, kind) = row.expect("a row");
        let page = usize::try_from(page).expect("small");
        let kind = if page == 1 { "first page".to_owned() } else { kind };
        kinds.entry(kind).or_default().push((page, name));
    }
    kinds
}

#[derive(Default)]
struct Tally {
    cases: u32,
    at_start: u32,
    at_read: u32,
    equal: u32,
    elsewhere: u32,
    wrong: Vec<String>,
}

/// `TAPEGUN_FLIPS` sets how many for each kind of page (default 60), `TAPEGUN_SEED` the seed.
#[test]
fn a_flipped_byte_never_makes_a_label_something_else() {
    let setting = |name: &str, usual: u64| {
        let set = std::env::var(name).ok().and_then(|text| text.parse().ok());
        set.unwrap_or(usual)
    };
    let flips = setting("TAPEGUN_FLIPS", 60);
    let mut chance = Chance::new(setting("TAPEGUN_SEED", 1));
    let (_rig, folder) = sound();
    let path = database(folder.path());
    let kinds = pages(&path);
    let whole = std::fs::read(&path).expect("bytes");
    let expected = dump(&SqliteStore::open(&path).expect("opens")).expect("reads");
    assert_eq!(expected.0.len(), 4);
    let mut by_kind: BTreeMap<&str, Tally> = BTreeMap::new();
    let mut places: Vec<(&str, &[(usize, String)])> = kinds
        .iter()
        .map(|(kind, pages)| (kind.as_str(), pages.as_slice()))
        .collect();
    // The labels' own tables once more.
    let of_labels = |name: &str| name.starts_with("label");
    let labels: Vec<(usize, String)> = kinds
        .values()
        .flatten()
        .filter(|(_, name)| of_labels(name))
        .cloned()
        .collect();
    places.push(("label tables", &labels));
    for (kind, pages) in places {
        let tally = by_kind.entry(kind).or_default();
        for _ in 0..flips {
            let (page, name) = &pages[usize::try_from(chance.below(pages.len() as u64)).expect("small")];
            // Most of a page is empty: what says something is looked for.
            let at = (0..40)
                .map(|_| (page - 1) * 4096 + usize::try_from(chance.below(4096)).expect("small"))
                .find(|at| whole[*at] != 0);
            let at = at.unwrap_or((page - 1) * 4096);
            let bits = u8::try_from(1 + chance.below(255)).expect("a byte");
            tally.cases += 1;
            let case = tempfile::tempdir().expect("a folder");
            copy_folder(folder.path(), case.path());
            let mut bytes = whole.clone();
            bytes[at] ^= bits;
            std::fs::write(database(case.path()), bytes).expect("written");
            let store = match SqliteStore::open(&database(case.path())) {
                Ok(store) => store,
                Err(error) => {
                    assert!(!matches!(error, StoreError::Refused(_)), "{error}");
                    tally.at_start += 1;
                    continue;
                }
            };
            match dump(&store) {
                Err(_) => tally.at_read += 1,
                Ok(found) if found == expected => tally.equal += 1,
                Ok((sold, _)) if sold == expected.0 => tally.elsewhere += 1,
                Ok((sold, _)) => tally.wrong.push(format!("{name} page {page} at {at}: {sold:?}")),
            }
        }
    }
    let mut cases = 0;
    let mut wrong = Vec::new();
    for (kind, tally) in &by_kind {
        tell(&format!(
            "F17 flipped byte, {kind}: {} cases, {} refused at start, {} at first read, {} without any effect on what is \
             read, {} in text that nothing is bought by, {} wrong labels",
            tally.cases,
            tally.at_start,
            tally.at_read,
            tally.equal,
            tally.elsewhere,
            tally.wrong.len()
        ));
        cases += tally.cases;
        wrong.extend(&tally.wrong);
    }
    tell(&format!(
        "F17 flipped byte in {} kinds of page: {cases} cases, {} wrong",
        by_kind.len(),
        wrong.len()
    ));
    assert!(by_kind.len() >= 5, "{:?}", by_kind.keys());
    assert!(wrong.is_empty(), "{wrong:#?}");
}

#[test]
fn what_is_no_database_of_ours_is_refused_with_what_to_do() {
    let (rig, folder) = sound();
    let path = database(&rig.data());
    // A back-up is known: it is named.
    let named = rig.data().join("../newest.db");
    crate::must(&rig, &["backup", &named.display().to_string()]);
    let whole = std::fs::read(database(folder.path())).expect("bytes");
    let pages = whole.len() / 4096;
    let mut cases: Vec<(String, Vec<u8>)> = vec![
        ("zeroed".to_owned(), vec![0; whole.len()]),
        (
            "zeroed first page".to_owned(),
            [vec![0; 4096], whole[4096..].to_vec()].concat(),
        ),
        (
            "a letter".to_owned(),
            b"Dear packer, this is no database. ".repeat(400),
        ),
        ("empty".to_owned(), Vec::new()),
    ];
    for cut in [
        1,
        99,
        100,
        512,
        4095,
        4096,
        4096 * 2,
        4096 * (pages / 2),
        4096 * (pages - 1),
        whole.len() - 1,
    ] {
        cases.push((format!("cut at {cut}"), whole[..cut].to_vec()));
    }
    for page in [2, pages / 3, pages / 2] {
        let mut bytes = whole.clone();
        bytes[page * 4096..(page + 1) * 4096].fill(0);
        cases.push((format!("zeroed page {}", page + 1), bytes));
    }
    let other = tempfile::tempdir().expect("a folder");
    let foreign = other.path().join("foreign.db");
    Connection::open(&foreign)
        .and_then(|connection| connection.execute_batch("CREATE TABLE t (x); PRAGMA user_version = 3"))
        .expect("made");
    cases.push((
        "another program's".to_owned(),
        std::fs::read(&foreign).expect("bytes"),
    ));
    std::fs::copy(database(folder.path()), &foreign).expect("copied");
    Connection::open(&foreign)
        .and_then(|connection| {
            connection.execute_batch("PRAGMA user_version = 99; PRAGMA journal_mode = DELETE")
        })
        .expect("made");
    cases.push((
        "a newer tapegun's".to_owned(),
        std::fs::read(&foreign).expect("bytes"),
    ));
    let mut refused = 0;
    for (what, bytes) in &cases {
        std::fs::write(&path, bytes).expect("written");
        let (status, words) = run(&rig, &["orders", "list"]);
        assert_eq!(status, 6, "{what}: {words}");
        assert!(
            words.contains("restore") || words.contains("newer tapegun") || words.contains("another program"),
            "{what}: {words}"
        );
        if what.starts_with("zeroed") {
            assert!(
                words.contains("newest.db"),
                "the newest back-up is named: {words}"
            );
        }
        assert_eq!(
            &std::fs::read(&path).expect("bytes"),
            bytes,
            "{what}: left as it was"
        );
        refused += 1;
        let _ = std::fs::remove_file(path.with_file_name("tapegun.db-wal"));
        let _ = std::fs::remove_file(path.with_file_name("tapegun.db-shm"));
    }
    std::fs::remove_file(&path).expect("removed");
    assert_eq!(run(&rig, &["orders", "list"]).0, 6, "gone");
    assert!(!path.exists(), "no empty one is begun");
    tell(&format!(
        "F17 zeroed, cut, foreign, newer, gone: {} cases, {} refused with exit status 6, 0 changed",
        cases.len() + 1,
        refused + 1
    ));
    // What the words say helps.
    crate::must(&rig, &["restore", &named.display().to_string()]);
    assert_eq!(run(&rig, &["orders", "list"]).0, 0);
}

/// As after kill -9: the database with its log, and labels in the log alone.
fn crashed() -> (Rig, tempfile::TempDir) {
    let rig = Rig::start(18, Some(6));
    let orders = rig.orders();
    pack_and_ship(&rig, &orders[0]);
    // While this is open nobody takes the log away.
    let open = rig.store();
    pack_and_ship(&rig, &orders[1]);
    let folder = tempfile::tempdir().expect("a folder");
    copy_folder(&rig.data(), folder.path());
    drop(open);
    (rig, folder)
}

/// What is done to a crashed station's files.
type Act<'a> = (&'a str, &'a dyn Fn(&Path));

fn log(data: &Path) -> PathBuf {
    data.join("tapegun.db-wal")
}

fn index(data: &Path) -> PathBuf {
    data.join("tapegun.db-shm")
}

fn remove(path: &Path) {
    std::fs::remove_file(path).expect("removed");
}

/// Nonsense of the same length.
fn garble(path: &Path) {
    let length = std::fs::metadata(path).expect("there").len();
    std::fs::write(path, vec![0x5A; usize::try_from(length).expect("small")]).expect("written");
}

/// Opens a copy of the crashed station to which something was done. Where it is refused, it is left as it was.
fn opened(crash: &Path, act: &dyn Fn(&Path)) -> (StoreResult<SqliteStore>, tempfile::TempDir) {
    let folder = tempfile::tempdir().expect("a folder");
    copy_folder(crash, folder.path());
    act(folder.path());
    let before = std::fs::read(database(folder.path())).ok();
    let opened = SqliteStore::open(&database(folder.path()));
    if opened.is_err() {
        assert_eq!(std::fs::read(database(folder.path())).ok(), before);
    }
    (opened, folder)
}

/// Nothing is bought from it: it is compared first, or it is refused.
fn is_found_out(opened: StoreResult<SqliteStore>, what: &str) {
    match opened {
        Ok(store) => assert!(store.restored().expect("read").is_some(), "{what}"),
        Err(error) => assert!(matches!(error, StoreError::Damaged(_)), "{what}: {error}"),
    }
}

#[test]
fn a_log_that_is_missing_foreign_or_cut_is_recovered_or_found_out() {
    let (_rig, crash) = crashed();
    let (_other, foreign) = crashed();
    let recovered: [Act<'_>; 3] = [
        ("as it was", &|_| {}),
        ("without its index", &|data| remove(&index(data))),
        ("an index of nonsense", &|data| garble(&index(data))),
    ];
    for (what, act) in recovered {
        let (store, _folder) = opened(crash.path(), act);
        let store = store.unwrap_or_else(|error| panic!("{what}: {error}"));
        assert_eq!(dump(&store).expect("reads").0.len(), 2, "{what}");
        assert!(store.restored().expect("read").is_none(), "{what}");
    }
    let length = std::fs::metadata(log(crash.path())).expect("a log").len();
    let forgetting: [Act<'_>; 4] = [
        ("without its log", &|data| {
            remove(&log(data));
            remove(&index(data));
        }),
        ("cut log", &|data| {
            let file = std::fs::File::options().write(true).open(log(data));
            file.and_then(|file| file.set_len(length / 3)).expect("cut");
        }),
        ("a log of nonsense", &|data| garble(&log(data))),
        // Another database's log would be read as this one's.
        ("a foreign log", &|data| {
            std::fs::copy(log(foreign.path()), log(data)).expect("copied");
            remove(&index(data));
        }),
    ];
    for (what, act) in forgetting {
        is_found_out(opened(crash.path(), act).0, what);
    }
    // Without the database itself its log is no database.
    let gone: [Act<'_>; 2] = [
        ("gone", &|data| remove(&database(data))),
        ("emptied", &|data| {
            std::fs::write(database(data), b"").expect("written");
        }),
    ];
    for (what, act) in gone {
        let (store, folder) = opened(crash.path(), act);
        assert!(matches!(store.err(), Some(StoreError::Unusable(_))), "{what}");
        assert!(log(folder.path()).exists(), "{what}: the log is left");
    }
    // Locked by another program.
    let (store, folder) = opened(crash.path(), &|_| {});
    drop(store);
    let holder = Connection::open(database(folder.path())).expect("opens");
    holder
        .execute_batch("PRAGMA locking_mode = EXCLUSIVE; BEGIN IMMEDIATE; CREATE TABLE held (x)")
        .expect("held");
    let words = SqliteStore::open(&database(folder.path()))
        .err()
        .expect("locked")
        .to_string();
    assert!(words.contains("another program holds the database"), "{words}");
    let cases = recovered.len() + forgetting.len() + gone.len() + 1;
    tell(&format!(
        "F18 missing, foreign, cut, locked log: {cases} cases, 0 begun empty, 0 that forgot labels and would buy"
    ));
}

#[test]
fn damage_met_at_work_stops_buying_in_every_process() {
    let (rig, _folder) = sound();
    let path = database(&rig.data());
    let store = rig.store();
    let order = rig.orders()[5].clone();
    rig.pack(&order, &rig.codes(&order));
    // Behind the back of the open connection, as a failing disk would.
    let kinds = pages(&path);
    let page = kinds["table leaf"]
        .iter()
        .find(|(_, name)| name == "users")
        .expect("a page")
        .0;
    drop(kinds);
    let mut bytes = std::fs::read(&path).expect("bytes");
    bytes[(page - 1) * 4096..page * 4096].fill(0xA5);
    let checkpointed =
        std::fs::metadata(path.with_file_name("tapegun.db-wal")).map_or(0, |facts| facts.len());
    std::fs::write(&path, bytes).expect("written");
    let second = SqliteStore::open(&path);
    let found = match second {
        Ok(second) => second.users().err(),
        Err(error) => Some(error),
    };
    assert!(
        matches!(found, Some(StoreError::Damaged(_))),
        "{found:?} ({checkpointed} bytes of log)"
    );
    assert!(matches!(store.check_sound(), Err(StoreError::Damaged(_))));
    drop(store);
    let (status, words) = crate::try_ship(&rig, &order);
    assert_eq!(status, 6, "{words}");
    assert_eq!(crate::live(&rig, &order), 0);
    tell("F17 damage met at work: marked for every process, refused at the next start, 0 bought");
}

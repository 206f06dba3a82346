//! F34: a migration that is killed at every write, two programs that migrate at once, a newer schema. (That a step
//! which fails changes nothing is tested where the steps are.)

use crate::tell;
use rusqlite::Connection;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use tapegun::store::Store as _;
use tapegun::store::sqlite::SqliteStore;

/// All steps, in order.
fn steps() -> Vec<PathBuf> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("assets/migrations/sqlite");
    let mut files: Vec<PathBuf> = std::fs::read_dir(folder)
        .expect("the steps")
        .map(|entry| entry.expect("an entry").path())
        .collect();
    files.sort();
    files
}

/// A database as the first program made it.
fn old(path: &Path) {
    let connection = Connection::open(path).expect("made");
    let first = std::fs::read_to_string(&steps()[0]).expect("the first step");
    let mode: String = connection
        .query_row("PRAGMA journal_mode = WAL", [], |row| row.get(0))
        .expect("set");
    assert_eq!(mode, "wal");
    connection
        .execute_batch(&format!(
            "BEGIN; {first}; PRAGMA application_id = {}; PRAGMA user_version = 1; COMMIT;
             INSERT INTO users (name, badge, role, created_at) VALUES ('Ana', 'ana', 'Packer', 0);
             INSERT INTO epochs (taken_at) VALUES (0);",
            0x5450_474E
        ))
        .expect("the first schema");
}

/// Version and schema, as a careful reader sees them.
fn look(path: &Path) -> (i64, Vec<String>) {
    let connection = Connection::open(path).expect("opens");
    let check: String = connection
        .query_row("PRAGMA integrity_check", [], |row| row.get(0))
        .expect("read");
    assert_eq!(check, "ok");
    let version = connection
        .query_row("PRAGMA user_version", [], |row| row.get(0))
        .expect("read");
    let mut statement = connection
        .prepare("SELECT ifnull(sql, name) FROM sqlite_schema ORDER BY name")
        .expect("read");
    let schema = statement.query_map([], |row| row.get(0)).expect("read");
    (version, schema.collect::<Result<_, _>>().expect("read"))
}

fn command(folder: &Path) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_tapegun"));
    command
        .args(["users", "list", "--json", "--config"])
        .arg(folder.join("config.toml"))
        .arg("--data")
        .arg(folder)
        .stdin(Stdio::null())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped());
    command
}

fn folder() -> tempfile::TempDir {
    let folder = tempfile::tempdir().expect("a folder");
    std::fs::write(folder.path().join("config.toml"), "station = \"bench-1\"\n").expect("written");
    old(&folder.path().join("tapegun.db"));
    folder
}

#[test]
fn a_killed_migration_leaves_the_old_schema_or_the_new_one() {
    let traced = Command::new("strace").args(["-o", "/dev/null", "true"]).output();
    if !traced.is_ok_and(|output| output.status.success()) {
        tell(
            "skipped: a_killed_migration_leaves_the_old_schema_or_the_new_one (no strace here, or it may not trace)",
        );
        return;
    }
    let last = i64::try_from(steps().len()).expect("few");
    let before = look(&folder().path().join("tapegun.db"));
    let mut points = [0_u32; 2];
    for call in ["pwrite64", "fdatasync", "ftruncate", "unlink"] {
        for nth in 1..400 {
            let folder = folder();
            let plain = command(folder.path());
            let killed = Command::new("strace")
                .args(["-f", "-o", "/dev/null", "-e", &format!("trace={call}"), "-e"])
                .arg(format!("inject={call}:signal=KILL:when={nth}"))
                .arg(plain.get_program())
                .args(plain.get_args())
                .stdin(Stdio::null())
                .output()
                .expect("strace");
            let path = folder.path().join("tapegun.db");
            let after = look(&path);
            assert!(
                after == before || after.0 == last,
                "{call} {nth}: version {}",
                after.0
            );
            points[usize::from(after.0 == last)] += 1;
            // And it goes on from there.
            let store = SqliteStore::open(&path).expect("opens after every kill");
            assert_eq!(store.users().expect("read").len(), 1);
            assert!(
                store.restored().expect("read").is_none(),
                "{call} {nth}: nothing was put back"
            );
            if killed.status.success() {
                break;
            }
        }
    }
    let [old, new] = points;
    tell(&format!(
        "F34 migration killed at every write, sync, cut and removal: {} points, {old} old, {new} new, 0 between",
        old + new
    ));
    assert!(old > 5 && new > 1);
}

#[test]
fn programs_that_migrate_at_once_migrate_once() {
    let last = i64::try_from(steps().len()).expect("few");
    for _ in 0..3 {
        let folder = folder();
        let all: Vec<_> = (0..4)
            .map(|_| command(folder.path()).spawn().expect("runs"))
            .collect();
        for one in all {
            let output = one.wait_with_output().expect("ends");
            assert!(output.status.success(), "{}", crate::said(&output));
        }
        assert_eq!(look(&folder.path().join("tapegun.db")).0, last);
    }
    // A newer schema is refused and left alone.
    let folder = folder();
    let path = folder.path().join("tapegun.db");
    let newer = Connection::open(&path).expect("opens");
    newer
        .execute_batch(&format!(
            "PRAGMA user_version = {}; PRAGMA journal_mode = DELETE;",
            last + 1
        ))
        .expect("made");
    drop(newer);
    let before = std::fs::read(&path).expect("bytes");
    let output = command(folder.path()).output().expect("runs");
    assert_eq!(output.status.code(), Some(6), "{}", crate::said(&output));
    assert!(
        crate::said(&output).contains("newer tapegun"),
        "{}",
        crate::said(&output)
    );
    assert_eq!(std::fs::read(&path).expect("bytes"), before);
    tell(
        "F34 two versions at once: 12 programs on 3 databases, each migrated once; a newer schema refused, unchanged",
    );
}

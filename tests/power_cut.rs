//! F3 of the fault list: the power goes while an order is packed, bought and voided. The writes of the real program are
//! recorded with `strace`; then the disk is made as it may be found after a cut at any moment: what was synced is there,
//! of the rest any part, in any order, torn at 512 bytes or 4 KiB. The store opens each such image: the file and the
//! chain are whole, and nothing is lost that somebody was told of before: no acknowledged scan, no intent that went out
//! to Amazon, no label that was said to be bought or voided. Skipped, by name, where `strace` cannot run.
//!
//! `TAPEGUN_IMAGES` sets how many images are made (default 200; 5000 is a long run), `TAPEGUN_SEED` the seed.

#[path = "power/disk.rs"]
mod disk;
#[path = "support/rig.rs"]
#[expect(dead_code, reason = "the crash test uses the rest of it")]
mod rig;
#[path = "support/trace.rs"]
#[expect(dead_code, reason = "another test reads traces for other things")]
mod trace;

use disk::{Chance, Disk, escaped, unescaped};
use rig::Rig;
use rusqlite::{Connection, OpenFlags};
use std::collections::{BTreeMap, BTreeSet};
use std::io::{BufRead as _, BufReader, Write as _};
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use tapegun::domain::ids::OrderId;
use tapegun::domain::shipment::LabelState;
use tapegun::store::Store as _;
use tapegun::store::sqlite::SqliteStore;
use trace::{Call, calls};

/// What somebody was told, and so must be found again.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Told {
    /// A scan was acknowledged as accepted.
    Scan,
    /// The purchase went out to Amazon.
    Asked,
    /// The command said that the label is bought.
    Bought,
    /// The void went out to Amazon.
    VoidAsked,
    /// The command said that the label is voided.
    Voided,
}

fn setting(name: &str, default: usize) -> usize {
    std::env::var(name)
        .ok()
        .and_then(|text| text.parse().ok())
        .unwrap_or(default)
}

fn may_trace() -> bool {
    let traced = Command::new("strace")
        .args(["-o", "/dev/null", "true"])
        .stdin(Stdio::null())
        .stdout(Stdio::null())
        .stderr(Stdio::null())
        .status();
    traced.is_ok_and(|status| status.success())
}

/// Everything that was recorded.
struct Recording {
    disk: Disk,
    /// When somebody was told of what.
    told: Vec<(usize, Told)>,
    lines: usize,
    folder: PathBuf,
    order: OrderId,
}

impl Recording {
    /// Packs, buys and voids under `strace`.
    fn make() -> Self {
        let rig = Rig::start(11, None);
        let (codes, order) = rig
            .shippable()
            .into_iter()
            .map(|order| (rig.codes(&order), order))
            .filter(|(codes, _)| codes.len() < 12)
            .max_by_key(|(codes, _)| codes.len())
            .expect("the demo has orders");
        let mut recording = Self {
            disk: Disk::default(),
            told: Vec::new(),
            lines: 1,
            folder: std::fs::canonicalize(rig.data()).expect("the data"),
            order: rig.id(&order),
        };
        for name in ["tapegun.db", "tapegun.db-wal"] {
            if let Ok(before) = std::fs::read(rig.data().join(name)) {
                recording.disk.put(name, before);
            }
        }
        recording.run(&rig, &["pack", &order, "--json"], &codes);
        let ship = [
            "ship",
            &order,
            "--weight",
            "20 oz",
            "--size",
            "10x8x6 in",
            "--wait",
            "60",
        ];
        recording.run(&rig, &ship, &[]);
        recording.run(
            &rig,
            &[
                "void",
                &order,
                "--reason",
                "wrong box",
                "--label-destroyed",
                "--wait",
                "60",
            ],
            &[],
        );
        let labels = rig.store().labels_of(recording.order).expect("labels");
        assert_eq!(
            labels.first().map(|label| label.state),
            Some(LabelState::Voided),
            "{labels:?}"
        );
        recording
    }

    /// One command, with scans fed one after the answer to the other.
    fn run(&mut self, rig: &Rig, arguments: &[&str], scans: &[String]) {
        let trace = self.folder.with_file_name("trace");
        let plain = rig.station(arguments);
        let mut child = Command::new("strace")
            .args(["-f", "-y", "-xx", "-s", "4000000", "-e", "signal=none", "-o"])
            .arg(&trace)
            .args([
                "-e",
                "trace=pwrite64,write,writev,sendto,fsync,fdatasync,ftruncate,unlink",
            ])
            .arg(plain.get_program())
            .args(plain.get_args())
            .env("TAPEGUN_THREADS", "1")
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .spawn()
            .expect("strace");
        let mut scanner = child.stdin.take().expect("piped");
        let mut answers = BufReader::new(child.stdout.take().expect("piped"));
        for scan in scans {
            writeln!(scanner, "{scan}").expect("a scan");
            let mut answer = String::new();
            answers.read_line(&mut answer).expect("an answer");
            assert!(answer.contains("\"accepted\":true"), "{scan}: {answer}");
        }
        drop(scanner);
        std::io::copy(&mut answers, &mut std::io::sink()).expect("the rest");
        assert!(child.wait().expect("it ends").success(), "{arguments:?}");
        let text = String::from_utf8_lossy(&std::fs::read(&trace).expect("a trace")).into_owned();
        self.read(&text, arguments[0]);
    }

    fn read(&mut self, text: &str, command: &str) {
        let shift = self.lines;
        let mut happened: Vec<Call> = calls(text);
        for call in &mut happened {
            call.begun += shift;
            call.ended = call.ended.map(|ended| ended + shift);
        }
        // Unlinking is no call on a descriptor.
        let mut unlinked: Vec<(usize, String)> = Vec::new();
        for (number, line) in text.lines().enumerate() {
            let path = line
                .split_once("unlink(\"")
                .and_then(|(_, rest)| rest.split_once('"'));
            if let Some((path, _)) = path {
                unlinked.push((
                    number + shift,
                    String::from_utf8_lossy(&unescaped(path)).into_owned(),
                ));
            }
        }
        let mut unlinked = unlinked.into_iter().peekable();
        for call in &happened {
            while let Some((at, path)) = unlinked.next_if(|(at, _)| *at < call.begun) {
                self.unlink(&path, at);
            }
            let file = String::from_utf8_lossy(&unescaped(&call.file)).into_owned();
            self.told
                .extend(told(call, command).map(|told| (call.begun, told)));
            if Path::new(&file) == self.folder {
                self.disk.folder_synced(call);
            } else if let Some(name) = self.of_database(&file) {
                self.disk.call(&name, call);
            }
        }
        for (at, path) in unlinked {
            self.unlink(&path, at);
        }
        self.lines += text.lines().count() + 1;
    }

    fn unlink(&mut self, path: &str, at: usize) {
        if let Some(name) = self.of_database(path) {
            self.disk.unlinked(&name, at);
        }
    }

    /// The shared-memory file is made anew by whoever opens the database after a cut.
    fn of_database(&self, path: &str) -> Option<String> {
        let path = Path::new(path);
        let name = path.file_name()?.to_str()?;
        let ours = path.parent() == Some(self.folder.as_path());
        (ours && matches!(name, "tapegun.db" | "tapegun.db-wal" | "tapegun.db-journal"))
            .then(|| name.to_owned())
    }
}

/// What a call tells somebody.
fn told(call: &Call, command: &str) -> Option<Told> {
    let has = |text: &str| call.arguments.contains(&escaped(text));
    match (call.descriptor, command) {
        (1, "pack") => has("\"accepted\":true").then_some(Told::Scan),
        (1, "ship") => Some(Told::Bought),
        (1, "void") => Some(Told::Voided),
        (_, "ship") => has("POST /shipping/v2/shipments HTTP").then_some(Told::Asked),
        (_, "void") => has("PUT /shipping/v2/shipments/").then_some(Told::VoidAsked),
        _ => None,
    }
}

/// What was told must be found.
fn kept(store: &SqliteStore, order: OrderId, told: &[Told]) -> Result<(), String> {
    let detail = store.order(order).map_err(|error| error.to_string())?;
    let label = detail.labels.first();
    let state = label.map(|label| label.state);
    let scans = told.iter().filter(|told| **told == Told::Scan).count();
    let voided = state == Some(LabelState::Voided);
    if detail.scans.len() < scans && !voided {
        return Err(format!(
            "{scans} scans were acknowledged, {} are there",
            detail.scans.len()
        ));
    }
    let void_went_out = |state: LabelState| {
        matches!(
            state,
            LabelState::VoidAsked | LabelState::VoidUnknown | LabelState::Voided
        )
    };
    for told in told {
        let holds = match told {
            Told::Scan => true,
            Told::Asked => label.is_some_and(|label| label.attempts > 0),
            Told::Bought => label.is_some_and(|label| label.state.was_bought() && label.tracking.is_some()),
            Told::VoidAsked => state.is_some_and(void_went_out),
            Told::Voided => voided,
        };
        if !holds {
            return Err(format!("{told:?} is lost: {state:?}"));
        }
    }
    Ok(())
}

/// Opens an image as the program does, and looks at it with SQLite's own eyes.
fn opened(folder: &Path, files: &BTreeMap<String, Vec<u8>>) -> Result<SqliteStore, String> {
    for (name, bytes) in files {
        std::fs::write(folder.join(name), bytes).map_err(|error| error.to_string())?;
    }
    let path = folder.join("tapegun.db");
    let store = SqliteStore::open(&path).map_err(|error| format!("it does not open: {error}"))?;
    store.verify_chain().map_err(|error| error.to_string())??;
    let flags = OpenFlags::SQLITE_OPEN_READ_ONLY | OpenFlags::SQLITE_OPEN_NO_MUTEX;
    let database = Connection::open_with_flags(path, flags).map_err(|error| error.to_string())?;
    let integrity: String = database
        .query_row("PRAGMA integrity_check", [], |row| row.get(0))
        .map_err(|error| error.to_string())?;
    if integrity == "ok" {
        Ok(store)
    } else {
        Err(integrity)
    }
}

#[test]
fn a_power_cut_at_any_moment_loses_nothing_that_was_told() {
    if !may_trace() {
        // Written past the test harness, which swallows what a passing test prints.
        let name = "a_power_cut_at_any_moment_loses_nothing_that_was_told";
        let _ = writeln!(
            std::io::stderr(),
            "skipped: {name} (no strace here, or it may not trace)"
        );
        return;
    }
    let recording = Recording::make();
    let kinds: BTreeSet<String> = recording
        .told
        .iter()
        .map(|(_, told)| format!("{told:?}"))
        .collect();
    assert_eq!(kinds.len(), 5, "the recording tells of everything: {kinds:?}");
    let images = setting("TAPEGUN_IMAGES", 200);
    let seed = setting("TAPEGUN_SEED", 1);
    let moments = recording.disk.moments();
    let (mut cuts, mut checked, mut sum) = (BTreeSet::new(), 0, disk::Losses::default());
    for number in 0..images {
        let mut chance = Chance::new((seed * 1_000_003 + number) as u64);
        // Every moment in turn, then with other chances.
        let moment = moments[number * moments.len() / images.min(moments.len()).max(1) % moments.len()];
        let (files, losses) = recording.disk.image(moment, &mut chance);
        let told: Vec<Told> = recording
            .told
            .iter()
            .filter(|(at, _)| *at < moment)
            .map(|(_, told)| *told)
            .collect();
        let folder = tempfile::tempdir().expect("a folder");
        let found = opened(folder.path(), &files).and_then(|store| kept(&store, recording.order, &told));
        if let Err(why) = found {
            let folder = folder.keep();
            panic!(
                "image {number}, cut at {moment}: {why} (the image is in {})",
                folder.display()
            );
        }
        cuts.insert(moment);
        checked += told.len();
        sum.lost += losses.lost;
        sum.torn += losses.torn;
        sum.kept_unsynced += losses.kept_unsynced;
        sum.reordered += losses.reordered;
        sum.names += losses.names;
    }
    println!(
        "{images} images at {} of {} moments: {} unsynced changes lost, {} kept, {} torn, {} moved, {} names lost; {checked} \
         promises held",
        cuts.len(),
        moments.len(),
        sum.lost,
        sum.kept_unsynced,
        sum.torn,
        sum.reordered,
        sum.names
    );
    assert!(
        sum.lost > 0 && sum.torn > 0,
        "the images differ from an orderly end"
    );
}

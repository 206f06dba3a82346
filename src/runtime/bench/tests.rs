mod noise;

use super::*;
use crate::app::Setup;
use crate::app::message::{Key, KeyPress};
use crate::clock::SystemClock;
use crate::domain::ids::StationId;
use crate::domain::user::Role;
use crate::runtime::changes;
use crate::runtime::outside::Outside;
use crate::store::Store;
use crate::store::sqlite::SqliteStore;
use crate::store::threads::StoreHandle;
use crate::vault::{StationKeys, Vault};
use ratatui::layout::Size;
use std::io::{self, Write};
use std::num::NonZero;
use std::sync::mpsc as plain;
use tempfile::TempDir;
use tokio::sync::Notify;
use tokio_util::task::TaskTracker;

/// Longest wait for a frame.
const PATIENCE: Duration = Duration::from_secs(10);
const COLUMNS: u16 = 80;
const ROWS: u16 = 24;

/// Sends every frame to the test; takes it only while the gate is open.
struct Glass {
    frames: plain::Sender<Vec<u8>>,
    gate: Option<plain::Receiver<()>>,
}

impl Write for Glass {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        if let Some(gate) = &self.gate {
            gate.recv()
                .map_err(|_| io::Error::from(io::ErrorKind::BrokenPipe))?;
        }
        let _ = self.frames.send(bytes.to_vec());
        Ok(bytes.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

/// A loop with a store of its own, in a thread of its own.
struct Rig {
    keys: Option<mpsc::Sender<Vec<Input>>>,
    notices: mpsc::Sender<Notice>,
    frames: plain::Receiver<Vec<u8>>,
    screen: vt100::Parser,
    ended: plain::Receiver<Ending>,
    database: std::path::PathBuf,
    _folder: TempDir,
}

impl Rig {
    fn start(gate: Option<plain::Receiver<()>>) -> Self {
        let folder = tempfile::tempdir().expect("a folder");
        let database = folder.path().join("tapegun.db");
        let store = StoreHandle::start(&database).expect("a store");
        let (wake_sync, _) = mpsc::channel(1);
        let station = Station {
            store,
            database: database.clone(),
            vault: Arc::new(Vault::new(StationKeys::generate().expect("keys"))),
            clock: Arc::new(SystemClock::new()),
            setup: Setup::new(StationId::from("bench-1"), chrono_tz::UTC),
            theme: Theme::standard(),
            printer: None,
            scale: None,
            manifests: false,
            wake_sync,
            wake_spool: Arc::new(Notify::new()),
        };
        let (keys, batches) = mpsc::channel(16);
        let (notices, mut told) = mpsc::channel(4);
        let (seen, frames) = plain::channel();
        let (tell, ended) = plain::channel();
        let writes = changes::watch(&database).ok();
        std::thread::spawn(move || {
            let runtime = crate::runtime::tokio_runtime(false).expect("a runtime");
            let _inside = runtime.enter();
            let size = || Ok(Size::new(COLUMNS, ROWS));
            let frames = Frames::start(Glass { frames: seen, gate }, size).expect("frames");
            let (answers, results) = mpsc::channel(16);
            let outside = Outside::start(&station, answers, &TaskTracker::new());
            let state = State::new(station.setup.clone(), (COLUMNS, ROWS), station.clock.now());
            let bench = Bench::new(state, frames, outside, &station, watch::channel(0).0);
            let inputs = Inputs {
                keys: batches,
                results,
                writes,
            };
            let _ = tell.send(runtime.block_on(bench.run(inputs, &mut told)).0);
        });
        let cells = |count| NonZero::new(count).expect("cells");
        Self {
            keys: Some(keys),
            notices,
            frames,
            screen: vt100::Parser::new(cells(ROWS), cells(COLUMNS), 0),
            ended,
            database,
            _folder: folder,
        }
    }

    fn press(&self, keys: impl IntoIterator<Item = KeyPress>) {
        let batch = keys.into_iter().map(Input::Key).collect();
        let sender = self.keys.as_ref().expect("a keyboard");
        sender.blocking_send(batch).expect("the loop lives");
    }

    fn type_text(&self, text: &str) {
        self.press(text.chars().map(|letter| KeyPress::plain(Key::Char(letter))));
    }

    /// Waits until the screen shows the text; returns the number of frames that it took.
    fn wait_for(&mut self, text: &str) -> usize {
        let mut count = 0;
        while !self.screen.screen().contents().contains(text) {
            let frame = self.frames.recv_timeout(PATIENCE);
            let shown = self.screen.screen().contents();
            self.screen
                .process(&frame.unwrap_or_else(|_| panic!("{text} is not shown:\n{shown}")));
            count += 1;
        }
        count
    }

    fn ending(&self) -> Ending {
        self.ended.recv_timeout(PATIENCE).expect("the loop ends")
    }
}

#[test]
fn a_burst_of_keys_is_painted_once() {
    let mut rig = Rig::start(None);
    rig.wait_for("Sign in");
    rig.type_text("first");
    rig.wait_for("first");
    rig.type_text(&"x".repeat(30));
    assert_eq!(rig.wait_for(&"x".repeat(30)), 1);
}

#[test]
fn what_another_process_writes_is_shown_without_being_asked() {
    let mut rig = Rig::start(None);
    rig.wait_for("Sign in");
    let mut other = SqliteStore::open(&rig.database).expect("the same database");
    other
        .add_user("Wilhelmina", "w", Role::Packer, SystemClock::new().now())
        .expect("added");
    rig.wait_for("Wilhelmina");
}

/// Found busy and free a moment later, the terminal says so only once: who does not listen then shows the last verdict
/// with whatever comes next, perhaps after many seconds.
#[test]
fn a_paint_that_found_the_terminal_busy_waits_for_it_although_it_is_free_by_now() {
    assert!(Due::Now.waits_for_terminal(true));
    assert!(Due::Now.waits_for_terminal(false));
    assert!(!Due::Nothing.waits_for_terminal(false));
    // Its own time wakes the loop.
    assert!(!Due::At(Instant::now()).waits_for_terminal(true));
    assert!(Due::At(Instant::now()).waits_for_terminal(false));
}

#[test]
fn the_packer_leaves_with_a_key() {
    let mut rig = Rig::start(None);
    rig.wait_for("Sign in");
    // Once asks, twice is meant.
    rig.press([KeyPress::control('q'), KeyPress::control('q')]);
    assert_eq!(rig.ending(), Ending::Left);
}

#[test]
fn a_signal_ends_the_loop_before_keys_that_wait() {
    let mut rig = Rig::start(None);
    rig.wait_for("Sign in");
    let end = Notice::End {
        status: 143,
        gone: false,
    };
    rig.notices.blocking_send(end).expect("the loop lives");
    assert_eq!(rig.ending().status(), 143);
}

#[test]
fn a_keyboard_that_is_gone_ends_the_loop() {
    let mut rig = Rig::start(None);
    rig.wait_for("Sign in");
    rig.keys = None;
    assert!(rig.ending().is_gone());
}

#[test]
fn a_terminal_that_takes_nothing_never_holds_up_the_keys() {
    let (open, gate) = plain::channel();
    let mut rig = Rig::start(Some(gate));
    // Far more batches than the channel holds: they are only taken if the loop runs on.
    for _ in 0..200 {
        rig.type_text("y");
        rig.press([KeyPress::plain(Key::Backspace)]);
    }
    rig.type_text("newest");
    for _ in 0..1000 {
        let _ = open.send(());
    }
    assert!(rig.wait_for("newest") <= 4, "old frames were queued");
}

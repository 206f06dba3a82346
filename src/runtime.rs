//! The loop and the effects.
//!
//! One owner of the state, no locks on it. Here live the loop ([`mod@bench`]), the running of effects
//! ([`outside`]) and the spool of this station's sheets ([`spool`]). No rule of the trade and no drawing may
//! live here: the loop only carries messages in, effects out, and says when to paint.

pub mod bench;
mod board;
pub mod changes;
mod desk;
pub mod finder;
mod graphics;
mod manifest;
pub mod outside;
mod picking;
mod picture;
mod pin;
pub mod reports;
mod search;
pub mod spool;
mod wishes;

pub use picture::pictures;
pub use pin::check_pin;

use crate::app::message::Message;
use crate::app::{self, Setup};
use crate::clock::Clock;
use crate::devices::scale::Scale;
use crate::domain::seller::DocumentFormat;
use crate::store::threads::StoreHandle;
use crate::sync::BulkRunner;
use crate::terminal::{self, TerminalError};
use crate::ui::Theme;
use crate::vault::Vault;
use crate::{devices, input, print};
use bench::{Bench, Ending, Inputs};
use outside::Outside;
pub(crate) use outside::answer;
use std::path::PathBuf;
use std::sync::Arc;
use std::time::Duration;
use tokio::sync::{Notify, mpsc, watch};
use tokio_util::sync::CancellationToken;
use tokio_util::task::TaskTracker;

/// Results that may wait for the loop; who sends them waits.
const RESULTS: usize = 256;
/// How long accepted changes may take to reach the disk at the end.
const LAST_COMMITS: Duration = Duration::from_secs(2);
/// How long a purchase that was asked may still take at the end.
const LAST_PURCHASE: Duration = Duration::from_secs(5);
/// Nothing is said about the wait before this.
const SILENT_WAIT: Duration = Duration::from_millis(400);

/// Everything that the screens stand on.
pub struct Station {
    /// The store.
    pub store: StoreHandle,
    /// Its file: other processes' writes are noticed there.
    pub database: PathBuf,
    /// Opens customer data for screens and labels.
    pub vault: Arc<Vault>,
    /// The one clock.
    pub clock: Arc<dyn Clock>,
    /// What the configuration says to the screens.
    pub setup: Setup,
    /// Meanings to colours.
    pub theme: Theme,
    /// This station's printer; none: labels are bought and stored, not printed.
    pub printer: Option<print::Printer>,
    /// The scale of this bench.
    pub scale: Option<Scale>,
    /// Orders are Shipped on a manifest, not when the label is printed.
    pub manifests: bool,
    /// Tells the sync task that something waits for it.
    pub wake_sync: mpsc::Sender<()>,
    /// Tells the spool that a sheet waits.
    pub wake_spool: Arc<Notify>,
}

/// A task that runs beside the screens until the token is cancelled; it finishes a purchase that is on its way.
pub type Beside = Box<dyn FnOnce(CancellationToken) -> tokio::task::JoinHandle<()> + Send>;

/// Threads beside the caller's: two are plenty beside a person.
const WORKERS: usize = 2;
/// A runtime's own files, in pairs: what waits for the system, what wakes it, what tells signals.
const PAIRS: usize = 4;
/// Nobody else gets the thread for blocking work, however long it has nothing to do.
const KEPT: Duration = Duration::from_hours(24 * 365);

/// The runtime that screens, commands and tasks share. `one`: everything happens in the caller's thread.
///
/// A runtime that gets only some of its threads never ends, blocking work that gets none is never done, and without the
/// files that it needs it panics. So both are tried first: where there is no room for all of them there is one, and
/// where there is none at all that is an error in words.
pub fn tokio_runtime(one: bool) -> std::io::Result<tokio::runtime::Runtime> {
    files_fit().map_err(|error| {
        std::io::Error::new(error.kind(), format!("no more files can be opened: {error}"))
    })?;
    if !one && threads_fit(WORKERS + 1).is_ok() {
        let mut builder = tokio::runtime::Builder::new_multi_thread();
        return kept(builder.worker_threads(WORKERS));
    }
    threads_fit(1)
        .map_err(|error| std::io::Error::new(error.kind(), format!("no thread can be started: {error}")))?;
    kept(&mut tokio::runtime::Builder::new_current_thread())
}

/// Builds it, with a thread for blocking work that stays.
fn kept(builder: &mut tokio::runtime::Builder) -> std::io::Result<tokio::runtime::Runtime> {
    let runtime = builder.enable_all().thread_keep_alive(KEPT).build()?;
    let _started = runtime.spawn_blocking(|| ());
    Ok(runtime)
}

/// Whether the files that a runtime opens for itself can be opened.
fn files_fit() -> std::io::Result<()> {
    let held = [(); PAIRS].map(|()| std::os::unix::net::UnixStream::pair());
    for pair in held {
        pair?;
    }
    Ok(())
}

/// Whether so many threads can be there at once.
fn threads_fit(count: usize) -> std::io::Result<()> {
    let mut held = Vec::new();
    for _ in 0..count {
        let (release, wait) = std::sync::mpsc::channel::<()>();
        let thread = std::thread::Builder::new().name("try".to_owned());
        // It ends when its sender is dropped, also on the way out of here.
        let thread = thread.spawn(move || {
            let _ = wait.recv();
        })?;
        held.push((release, thread));
    }
    for (release, thread) in held {
        drop(release);
        // Nothing in it can panic.
        let _ = thread.join();
    }
    Ok(())
}

/// No colours are wanted: `NO_COLOR` is set, or the terminal has none.
pub fn colourless() -> bool {
    let set = |name: &str| std::env::var_os(name).filter(|value| !value.is_empty());
    set("NO_COLOR").is_some() || set("TERM").is_some_and(|term| term == "dumb")
}

/// The terminal says that it has the shades of gray that pictures use.
fn shades() -> bool {
    let says = |name: &str, words: &[&str]| {
        let value = std::env::var(name).unwrap_or_default();
        words.iter().any(|word| value.contains(word))
    };
    !colourless()
        && (says("TERM", &["256color", "direct", "kitty", "foot", "ghostty"])
            || says("COLORTERM", &["truecolor", "24bit"]))
}

/// The printing room's check of a bought document, as the sync task asks for it.
pub fn inspect(format: DocumentFormat, document: &[u8]) -> Result<(), String> {
    print::inspect(format, document).map_err(|fault| fault.to_string())
}

/// Opens the screens and stays until the packer leaves, a signal comes or the terminal is gone. Returns the
/// exit status. To be called on the main thread, within `runtime`.
pub fn run(
    runtime: &tokio::runtime::Runtime,
    station: &Station,
    beside: Vec<Beside>,
) -> Result<u8, TerminalError> {
    let mut notices = terminal::watch::start()?;
    let screen = terminal::enter()?;
    let keys = input::start()?;
    let stop = CancellationToken::new();
    let tasks = TaskTracker::new();
    let _inside = runtime.enter();
    let beside: Vec<_> = beside.into_iter().map(|start| start(stop.clone())).collect();

    let (results, answers) = mpsc::channel(RESULTS);
    let (version, changes) = watch::channel(0);
    let runner = BulkRunner {
        store: station.store.clone(),
        clock: Arc::clone(&station.clock),
        wake_sync: station.wake_sync.clone(),
        wake_spool: Arc::clone(&station.wake_spool),
    };
    tasks.spawn(runner.run(Some(changes.clone()), stop.clone()));
    tasks.spawn(spool::Spool::of(station).run(changes, stop.clone()));
    let size = screen.frames.size();
    let mut setup = station.setup.clone();
    setup.shades = shades();
    let state = app::State::new(setup, size, station.clock.now());
    if let Some(scale) = &station.scale {
        weigh(scale, station, results.clone());
    }
    let outside = Outside::start(station, results, &tasks);
    let bench = Bench::new(state, screen.frames, outside, station, version);
    let inputs = Inputs {
        keys,
        results: answers,
        writes: changes::watch(&station.database).ok(),
    };
    let (ending, last_words) = runtime.block_on(bench.run(inputs, &mut notices));

    drop(notices);
    terminal::restore();
    stop.cancel();
    tasks.close();
    runtime.block_on(finish(&tasks, beside, ending));
    if !ending.is_gone() {
        tell(&last_words);
    }
    Ok(ending.status())
}

/// Tells the loop what the scale says, for as long as it listens. Without the scale weights are typed.
fn weigh(scale: &Scale, station: &Station, results: mpsc::Sender<Message>) {
    let hear = move |view| results.blocking_send(Message::Scale(view)).is_ok();
    if let Err(error) = devices::scale::start(scale.clone(), Arc::clone(&station.clock), hear) {
        tracing::warn!(%error, "the scale is not read");
    }
}

/// Lets accepted changes reach the disk and a purchase on its way come back; says so where it takes a while.
async fn finish(tasks: &TaskTracker, beside: Vec<tokio::task::JoinHandle<()>>, ending: Ending) {
    let purchases = async {
        for task in beside {
            if let Err(error) = task.await {
                tracing::error!(%error, "a background task failed");
            }
        }
    };
    tokio::pin!(purchases);
    let _ = tokio::time::timeout(LAST_COMMITS, tasks.wait()).await;
    if tokio::time::timeout(SILENT_WAIT, &mut purchases).await.is_ok() {
        return;
    }
    if !ending.is_gone() {
        say("finishing what was asked of Amazon …");
    }
    if tokio::time::timeout(LAST_PURCHASE, &mut purchases).await.is_err() && !ending.is_gone() {
        say("not finished: the next start looks up what came of it");
    }
}

/// What came of a rehearsal, on standard output.
fn tell(lines: &[String]) {
    use std::io::Write;
    let mut out = std::io::stdout().lock();
    for line in lines {
        let _ = writeln!(out, "{line}");
    }
}

/// A line after the screens are closed; nobody may be there to read it.
fn say(words: &str) {
    use std::io::Write;
    let _ = writeln!(
        std::io::stderr(),
        "tapegun: {}",
        crate::domain::text::readable(words)
    );
}

//! Enter, leave and restore the terminal; notice when it is gone.
//!
//! Here live the modes of the terminal (alternate screen, raw mode, cursor), the thread that writes frames
//! ([`frames`]) and the thread that watches for signals and a hang-up ([`watch`]). No keys (see
//! [`crate::input`]) and nothing of the program's state may live here.
//!
//! Whatever happens, the terminal is put back exactly once: [`restore`] may be called from a normal end, a
//! panic hook or the watcher, in any thread and any number of times.

pub mod frames;
pub mod graphics;
pub mod watch;

use frames::{Frames, Slot};
use rustix::event::{PollFd, PollFlags, Timespec, poll};
use rustix::termios::{OptionalActions, Termios};
use std::fs::File;
use std::io::Write;
use std::os::fd::AsFd;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

/// Alternate screen, no mouse, pasted text marked as such, no cursor, clean page.
const ENTER: &[u8] =
    b"\x1b[?1049h\x1b[?1000l\x1b[?1002l\x1b[?1003l\x1b[?1006l\x1b[?2004h\x1b[?25l\x1b[0m\x1b[2J\x1b[H";
/// The reverse of [`ENTER`], after the end of any half-written frame (CAN ends a cut escape sequence).
const LEAVE: &[u8] = b"\x18\x1b[?2026l\x1b[0m\x1b[?2004l\x1b[?25h\x1b[?1049l";
/// How long a slow terminal is given to take the last bytes.
const LAST_WORDS: Duration = Duration::from_millis(300);

/// Why the screens cannot be opened.
#[derive(Debug, thiserror::Error)]
pub enum TerminalError {
    /// Not a terminal on both ends.
    #[error(
        "the screens need a terminal, and {0} is not one: run tapegun in a terminal window, or use its commands (tapegun --help) in scripts"
    )]
    NotATerminal(&'static str),
    /// The terminal refused.
    #[error("the terminal cannot be used: {0}")]
    Failed(#[from] std::io::Error),
}

/// What is needed to put the terminal back.
struct Entered {
    tty: File,
    before: Termios,
    slot: Arc<Slot>,
    owner: std::thread::ThreadId,
}

/// The one terminal of the process while the screens are open.
static ENTERED: Mutex<Option<Entered>> = Mutex::new(None);

/// The screens' terminal: draw with [`Frames::draw`], put back with [`restore`] (dropping does it too).
pub struct Screen {
    /// Frames to the terminal.
    pub frames: Frames,
    /// Ends what the program started for this terminal.
    _put_back: PutBack,
}

struct PutBack;

impl Drop for PutBack {
    fn drop(&mut self) {
        restore();
    }
}

/// Refuses where there is no terminal to open the screens in.
pub fn is_there() -> Result<(), TerminalError> {
    if !rustix::termios::isatty(std::io::stdin().as_fd()) {
        return Err(TerminalError::NotATerminal("standard input"));
    }
    if !rustix::termios::isatty(std::io::stdout().as_fd()) {
        return Err(TerminalError::NotATerminal("standard output"));
    }
    Ok(())
}

/// Takes the terminal: raw mode, alternate screen; starts the writing thread. A panic anywhere puts the
/// terminal back before its message is printed.
pub fn enter() -> Result<Screen, TerminalError> {
    is_there()?;
    let stdout = std::io::stdout();
    let tty = File::from(stdout.as_fd().try_clone_to_owned()?);
    let sizes = File::from(stdout.as_fd().try_clone_to_owned()?);
    let before = rustix::termios::tcgetattr(&tty).map_err(std::io::Error::from)?;
    restore_on_panic();
    let frames = Frames::start(tty.try_clone()?, move || frames::size_of(&sizes))?;
    *lock() = Some(Entered {
        tty: tty.try_clone()?,
        before: before.clone(),
        slot: frames.slot(),
        owner: std::thread::current().id(),
    });
    let screen = Screen {
        frames,
        _put_back: PutBack,
    };
    take(&tty, before)?;
    Ok(screen)
}

/// Takes the terminal again after the program was stopped and continued; the next frame is painted whole.
pub fn enter_again() -> std::io::Result<()> {
    match lock().as_ref() {
        Some(entered) => {
            take(&entered.tty, entered.before.clone())?;
            entered.slot.go_on();
            Ok(())
        }
        None => Ok(()),
    }
}

/// Puts the terminal back for as long as the program is stopped; nothing is written to it until [`enter_again`].
fn leave_for_now() {
    if let Some(entered) = lock().as_ref() {
        entered.slot.pause(LAST_WORDS);
        put_back(entered);
    }
}

fn take(mut tty: &File, mut modes: Termios) -> std::io::Result<()> {
    modes.make_raw();
    rustix::termios::tcsetattr(tty, OptionalActions::Now, &modes)?;
    tty.write_all(ENTER)
}

/// Puts the terminal back as it was; a second call does nothing. Never waits longer than a fraction of a
/// second for a terminal that does not take bytes.
pub fn restore() {
    let Some(entered) = lock().take() else { return };
    entered.slot.close(LAST_WORDS);
    put_back(&entered);
}

fn put_back(entered: &Entered) {
    let mut tty = &entered.tty;
    if writable(tty, LAST_WORDS) {
        // A terminal that is gone cannot be put back: nothing is left to do about an error here.
        if graphics::was_put() {
            // CAN ends a picture that was cut; what follows takes all of them out of the terminal's memory.
            let _ = tty.write_all(b"\x18\x1b\\");
            let _ = tty.write_all(graphics::FORGET);
        }
        let _ = tty.write_all(LEAVE);
    }
    let _ = rustix::termios::tcsetattr(tty, OptionalActions::Now, &entered.before);
}

fn lock() -> std::sync::MutexGuard<'static, Option<Entered>> {
    ENTERED.lock().unwrap_or_else(PoisonError::into_inner)
}

fn writable(tty: &File, wait: Duration) -> bool {
    let timeout = Timespec {
        tv_sec: 0,
        tv_nsec: wait.subsec_nanos().into(),
    };
    let mut fds = [PollFd::new(tty, PollFlags::OUT)];
    matches!(poll(&mut fds, Some(&timeout)), Ok(1..)) && fds[0].revents().contains(PollFlags::OUT)
}

/// Makes a panic of a thread that the screens cannot do without put the terminal back first, so that its
/// message can be read. A panic elsewhere (the store's threads, a task) costs only its own work: it is logged,
/// without its words, which may quote data, and the screen is left alone.
fn restore_on_panic() {
    static ONCE: std::sync::Once = std::sync::Once::new();
    ONCE.call_once(|| {
        let before = std::panic::take_hook();
        std::panic::set_hook(Box::new(move |panic| {
            let thread = std::thread::current();
            let screens = lock().as_ref().map(|entered| entered.owner);
            let ours = matches!(thread.name(), Some("frames" | "input" | "watch"));
            match screens {
                Some(owner) if !ours && owner != thread.id() => {
                    let place = panic.location().map(ToString::to_string).unwrap_or_default();
                    tracing::error!(place, thread = thread.name(), "a fault in the program");
                }
                Some(_) => {
                    restore();
                    before(panic);
                    watch::panicked();
                }
                None => before(panic),
            }
        }));
    });
}

//! The watcher: signals, and a terminal that vanishes without one.
//!
//! A terminal may be gone and nobody sends SIGHUP, so this thread looks at it once a second. What it finds is told to the loop; should the loop not end in time, the watcher
//! puts the terminal back and ends the process itself.

use rustix::event::{PollFd, PollFlags, Timespec, poll};
use signal_hook::consts::{SIGCONT, SIGHUP, SIGINT, SIGQUIT, SIGTERM, SIGTSTP, SIGWINCH};
use std::fs::File;
use std::io::{self, Read};
use std::os::fd::AsFd;
use std::os::unix::net::UnixStream;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;
use tokio::sync::mpsc;

/// How often the terminal is looked at.
const LOOK: Duration = Duration::from_secs(1);
/// The loop's time to end when there is nobody left to show anything to.
const GONE_PATIENCE: Duration = Duration::from_millis(700);
/// The loop's time to notice a signal.
const SIGNAL_PATIENCE: Duration = Duration::from_secs(2);
/// The time that a purchase on its way may still take, and a little more.
const FINISHING: Duration = Duration::from_secs(6);
/// How often the watcher looks whether the loop has ended.
const STEP: Duration = Duration::from_millis(20);
/// Exit status where the terminal is gone, as after SIGHUP.
const GONE_STATUS: i32 = 128 + SIGHUP;
/// Exit status of a panic, as Rust's own.
const PANIC_STATUS: i32 = 101;

/// What the watcher saw.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Notice {
    /// End now; the exit status says why.
    End {
        /// 128 and the signal's number, or 101 after a panic.
        status: u8,
        /// The terminal is gone: nothing can be shown any more.
        gone: bool,
    },
    /// The program was stopped and continued: the terminal must be taken again.
    Continued,
    /// The terminal has another size.
    Resized,
}

/// A thread panicked while the screens were open.
static PANICKED: AtomicBool = AtomicBool::new(false);

/// Called by the panic hook, in the thread that panics.
pub(super) fn panicked() {
    PANICKED.store(true, Ordering::SeqCst);
    // Wakes the watcher at once; where that fails it looks again within a second.
    let _ = signal_hook::low_level::raise(SIGCONT);
}

/// Starts watching. From here on SIGTERM, SIGINT, SIGHUP, SIGQUIT, SIGCONT and SIGWINCH come as notices, and SIGTSTP
/// stops the program with the terminal put back.
pub fn start() -> io::Result<mpsc::Receiver<Notice>> {
    let mut signals = Vec::new();
    for signal in [SIGTERM, SIGINT, SIGHUP, SIGQUIT, SIGTSTP, SIGCONT, SIGWINCH] {
        let (receiver, sender) = UnixStream::pair()?;
        receiver.set_nonblocking(true)?;
        signal_hook::low_level::pipe::register(signal, sender)?;
        signals.push((signal, receiver));
    }
    let tty = File::from(io::stdout().as_fd().try_clone_to_owned()?);
    let (tell, notices) = mpsc::channel(8);
    std::thread::Builder::new()
        .name("watch".to_owned())
        .spawn(move || watch(&tty, &signals, &tell))?;
    Ok(notices)
}

fn watch(tty: &File, signals: &[(i32, UnixStream)], tell: &mpsc::Sender<Notice>) {
    while !tell.is_closed() {
        let mut fds = vec![PollFd::new(tty, PollFlags::empty())];
        fds.extend(signals.iter().map(|(_, pipe)| PollFd::new(pipe, PollFlags::IN)));
        // A failed look (interrupted) is followed by the next one.
        let _ = poll(&mut fds, Some(&timespec(LOOK)));
        let gone = fds[0]
            .revents()
            .intersects(PollFlags::HUP | PollFlags::ERR | PollFlags::NVAL);
        let arrived: Vec<i32> = signals
            .iter()
            .filter(|(_, pipe)| emptied(pipe))
            .map(|(signal, _)| *signal)
            .collect();
        if PANICKED.load(Ordering::SeqCst) {
            return end(tell, PANIC_STATUS, false, GONE_PATIENCE);
        }
        if gone {
            return end(tell, GONE_STATUS, true, GONE_PATIENCE);
        }
        for signal in arrived {
            // A full queue holds a notice already, and whoever takes it looks at the terminal as it is then.
            match signal {
                SIGTSTP => stop(),
                SIGCONT => {
                    let _ = tell.try_send(Notice::Continued);
                }
                SIGWINCH => {
                    let _ = tell.try_send(Notice::Resized);
                }
                _ => return end(tell, 128 + signal, signal == SIGHUP, SIGNAL_PATIENCE),
            }
        }
    }
}

/// Stops the whole program, as Ctrl-Z does elsewhere: the shell gets the terminal as it was. Returns when the
/// program is continued; SIGCONT is told then.
fn stop() {
    super::leave_for_now();
    // Where the system refuses, the program goes on and the terminal is taken again all the same.
    if signal_hook::low_level::emulate_default_handler(SIGTSTP).is_err() {
        let _ = signal_hook::low_level::raise(SIGCONT);
    }
}

/// Whether a signal has come since the last look.
fn emptied(mut pipe: &UnixStream) -> bool {
    let mut bytes = [0; 64];
    let mut any = false;
    while let Ok(1..) = pipe.read(&mut bytes) {
        any = true;
    }
    any
}

/// Tells the loop and waits for it: the loop answers by dropping its receiver, and what it finishes after
/// that (a purchase that was asked) has its own time.
#[expect(
    clippy::disallowed_methods,
    reason = "a loop that hangs must not keep the terminal or the process: nothing else is left that could end it"
)]
fn end(tell: &mpsc::Sender<Notice>, status: i32, gone: bool, patience: Duration) {
    let code = u8::try_from(status).unwrap_or(u8::MAX);
    let _ = tell.try_send(Notice::End { status: code, gone });
    let mut waited = Duration::ZERO;
    while waited < patience && !tell.is_closed() {
        std::thread::sleep(STEP);
        waited += STEP;
    }
    if tell.is_closed() {
        std::thread::sleep(FINISHING);
    }
    super::restore();
    std::process::exit(status);
}

fn timespec(duration: Duration) -> Timespec {
    Timespec {
        tv_sec: i64::try_from(duration.as_secs()).unwrap_or(i64::MAX),
        tv_nsec: duration.subsec_nanos().into(),
    }
}

//! A terminal for tests: a real pseudo-terminal, a screen model, and waiting for text with a time-out.
//!
//! Nothing here sleeps but a line that is slow on purpose: whoever waits is woken by output or by the program's end.

use portable_pty::{ChildKiller, CommandBuilder, ExitStatus, MasterPty, PtySize, native_pty_system};
use std::io::{Read, Write};
use std::num::NonZero;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Condvar, Mutex, mpsc};
use std::time::{Duration, Instant};

/// Longest wait for anything; a slow machine builds and tests at the same time.
pub(crate) const PATIENCE: Duration = Duration::from_secs(20);

/// What the program has written so far.
struct Output {
    screen: vt100::Parser,
    bytes: Vec<u8>,
    ended: bool,
}

/// A program in a terminal of its own. Dropping it ends the program.
pub(crate) struct Terminal {
    master: Box<dyn MasterPty + Send>,
    keyboard: Box<dyn Write + Send>,
    killer: Box<dyn ChildKiller + Send + Sync>,
    id: rustix::process::Pid,
    output: Arc<(Mutex<Output>, Condvar)>,
    ended: mpsc::Receiver<ExitStatus>,
    /// Bytes a second that are taken; none: as fast as they come.
    pace: Arc<AtomicUsize>,
}

impl Terminal {
    /// Starts `command` in a terminal of `columns` by `rows`.
    pub(crate) fn start(mut command: CommandBuilder, columns: u16, rows: u16) -> Self {
        command.env("TERM", "xterm-256color");
        command.env_remove("NO_COLOR");
        let pair = native_pty_system()
            .openpty(size(columns, rows))
            .expect("a terminal");
        let mut child = pair.slave.spawn_command(command).expect("the program starts");
        drop(pair.slave);
        let output = Arc::new((
            Mutex::new(Output {
                screen: vt100::Parser::new(cells(rows), cells(columns), 0),
                bytes: Vec::new(),
                ended: false,
            }),
            Condvar::new(),
        ));
        let mut reader = pair.master.try_clone_reader().expect("a reader");
        let shared = Arc::clone(&output);
        let pace = Arc::new(AtomicUsize::new(0));
        let slow = Arc::clone(&pace);
        std::thread::spawn(move || {
            let mut piece = vec![0; 65_536];
            loop {
                let most = match slow.load(Ordering::SeqCst) {
                    0 => piece.len(),
                    pace => {
                        std::thread::sleep(Duration::from_millis(20));
                        (pace / 50).max(1)
                    }
                };
                let read = reader.read(&mut piece[..most]).unwrap_or(0);
                let (state, changed) = &*shared;
                let mut state = state.lock().expect("the reader is alone");
                if read == 0 {
                    state.ended = true;
                } else {
                    state.screen.process(&piece[..read]);
                    state.bytes.extend_from_slice(&piece[..read]);
                }
                changed.notify_all();
                if read == 0 {
                    return;
                }
            }
        });
        let killer = child.clone_killer();
        let id = child
            .process_id()
            .and_then(|id| rustix::process::Pid::from_raw(id.cast_signed()))
            .expect("a process");
        let (tell, ended) = mpsc::channel();
        let keyboard = pair.master.take_writer().expect("a keyboard");
        std::thread::spawn(move || {
            if let Ok(status) = child.wait() {
                let _ = tell.send(status);
            }
        });
        Self {
            master: pair.master,
            keyboard,
            killer,
            id,
            output,
            ended,
            pace,
        }
    }

    /// From now on so many bytes a second are taken, as over a slow line.
    pub(crate) fn slow_down(&self, pace: usize) {
        self.pace.store(pace, Ordering::SeqCst);
    }

    /// Sends bytes as a keyboard does.
    pub(crate) fn send(&mut self, bytes: &[u8]) {
        self.keyboard.write_all(bytes).expect("the terminal takes keys");
        self.keyboard.flush().expect("the terminal takes keys");
    }

    /// A scan: the code and Enter at once.
    pub(crate) fn scan(&mut self, code: &str) {
        self.send(format!("{code}\r").as_bytes());
    }

    /// Changes the size.
    pub(crate) fn resize(&mut self, columns: u16, rows: u16) {
        let (output, _) = &*self.output;
        output
            .lock()
            .expect("the reader lives")
            .screen
            .screen_mut()
            .set_size(cells(rows), cells(columns));
        self.master.resize(size(columns, rows)).expect("resized");
    }

    /// The screen as text.
    pub(crate) fn text(&self) -> String {
        self.output
            .0
            .lock()
            .expect("the reader lives")
            .screen
            .screen()
            .contents()
    }

    /// Everything that was written, with its escape sequences.
    pub(crate) fn bytes(&self) -> Vec<u8> {
        self.output.0.lock().expect("the reader lives").bytes.clone()
    }

    /// Waits until the screen satisfies `wanted`; `what` names it in the failure.
    pub(crate) fn wait_until(&self, what: &str, wanted: impl Fn(&vt100::Screen) -> bool) -> String {
        self.wait_within(PATIENCE, what, wanted)
    }

    /// The same, with more or less patience.
    pub(crate) fn wait_within(
        &self,
        patience: Duration,
        what: &str,
        wanted: impl Fn(&vt100::Screen) -> bool,
    ) -> String {
        let end = now() + patience;
        let (output, changed) = &*self.output;
        let mut state = output.lock().expect("the reader lives");
        loop {
            if wanted(state.screen.screen()) {
                return state.screen.screen().contents();
            }
            let left = end.saturating_duration_since(now());
            let shown = || state.screen.screen().contents();
            assert!(
                !left.is_zero(),
                "waited in vain for {what}; the screen:\n{}",
                shown()
            );
            assert!(
                !state.ended,
                "the program ended before {what}; the screen:\n{}",
                shown()
            );
            state = changed.wait_timeout(state, left).expect("the reader lives").0;
        }
    }

    /// Waits for text on the screen.
    pub(crate) fn wait_for(&self, text: &str) -> String {
        self.wait_until(text, |screen| screen.contents().contains(text))
    }

    /// Waits for a little output, or a twentieth of a second.
    pub(crate) fn breathe(&self) {
        let (output, changed) = &*self.output;
        let state = output.lock().expect("the reader lives");
        let _unused = changed
            .wait_timeout(state, Duration::from_millis(50))
            .expect("the reader lives");
    }

    /// Waits until text is no longer on the screen.
    pub(crate) fn wait_gone(&self, text: &str) -> String {
        self.wait_until(&format!("the end of {text}"), |screen| {
            !screen.contents().contains(text)
        })
    }

    /// Waits for the end of the program; panics after `patience`.
    pub(crate) fn wait_for_end(&self, patience: Duration) -> ExitStatus {
        self.ended
            .recv_timeout(patience)
            .unwrap_or_else(|_| panic!("the program did not end; the screen:\n{}", self.text()))
    }

    /// Waits until all output has been read; then the terminal must be as it was before.
    pub(crate) fn assert_put_back(&self) {
        let end = now() + PATIENCE;
        let (output, changed) = &*self.output;
        let mut state = output.lock().expect("the reader lives");
        while !state.ended && now() < end {
            state = changed
                .wait_timeout(state, Duration::from_millis(100))
                .expect("the reader lives")
                .0;
        }
        let screen = state.screen.screen();
        assert!(!screen.alternate_screen(), "the alternate screen was left");
        assert!(!screen.hide_cursor(), "the cursor is shown again");
        assert!(!screen.bracketed_paste(), "bracketed paste is off");
        assert_eq!(screen.mouse_protocol_mode(), vt100::MouseProtocolMode::None);
    }

    /// Memory that the program has in use, in KiB.
    pub(crate) fn memory(&self) -> u64 {
        let status = self.proc("status");
        let resident = status.lines().find_map(|line| line.strip_prefix("VmRSS:"));
        let number = resident.and_then(|words| words.split_whitespace().next());
        number.expect("VmRSS").parse().expect("a number")
    }

    /// Waits until the program stands still.
    pub(crate) fn wait_stopped(&self) {
        let end = now() + PATIENCE;
        let stopped = |stat: &str| {
            stat.rsplit_once(')')
                .is_some_and(|(_, rest)| rest.starts_with(" T"))
        };
        while !stopped(&self.proc("stat")) {
            assert!(now() < end, "the program was not stopped");
            std::thread::sleep(Duration::from_millis(5));
        }
    }

    fn proc(&self, file: &str) -> String {
        let file = format!("/proc/{}/{file}", self.id.as_raw_nonzero());
        std::fs::read_to_string(file).expect("the program is there")
    }

    /// Forgets what the screen shows, as if somebody else had written over it.
    pub(crate) fn wipe(&self) {
        let mut state = self.output.0.lock().expect("the reader lives");
        state.screen.process(b"\x1b[2J\x1b[H");
    }

    /// Sends a signal to the program.
    pub(crate) fn signal(&self, signal: rustix::process::Signal) {
        rustix::process::kill_process(self.id, signal).expect("the program is there");
    }
}

impl Drop for Terminal {
    fn drop(&mut self) {
        let _ = self.killer.kill();
    }
}

fn size(columns: u16, rows: u16) -> PtySize {
    PtySize {
        rows,
        cols: columns,
        pixel_width: 0,
        pixel_height: 0,
    }
}

fn cells(count: u16) -> NonZero<u16> {
    NonZero::new(count).expect("a terminal has cells")
}

#[expect(
    clippy::disallowed_methods,
    reason = "a test that waits for a program has no other clock"
)]
fn now() -> Instant {
    Instant::now()
}

//! Frames: cells to bytes, and the thread that writes them.
//!
//! The loop never waits for the terminal. A frame is handed to the writing thread through one slot; while
//! the slot is taken, the loop skips drawing, so a slow terminal sees fewer frames, never old ones.

use super::graphics::{self, Way};
use ratatui::backend::{Backend, ClearType, CrosstermBackend, WindowSize};
use ratatui::buffer::Cell;
use ratatui::layout::{Position, Size};
use std::fs::File;
use std::io::{self, Write};
use std::sync::{Arc, Condvar, Mutex, MutexGuard, PoisonError};
use std::time::Duration;
use tokio::sync::Notify;

/// Begin and end of a synchronized update: the terminal shows the frame at once or not at all.
const BEGIN: &[u8] = b"\x1b[?2026h";
const END: &[u8] = b"\x1b[?2026l";
const BELL: &[u8] = b"\x07";
/// Smallest size that is drawn for; a terminal that reports none is taken for the classic one.
const CLASSIC: Size = Size {
    width: 80,
    height: 24,
};

/// Size of the terminal in cells.
pub fn size_of(tty: &File) -> io::Result<Size> {
    let size = rustix::termios::tcgetwinsize(tty)?;
    if size.ws_col == 0 || size.ws_row == 0 {
        return Ok(CLASSIC);
    }
    Ok(Size {
        width: size.ws_col,
        height: size.ws_row,
    })
}

/// Columns of the terminal that standard output is; none where it is none.
pub fn columns() -> Option<u16> {
    let size = rustix::termios::tcgetwinsize(std::io::stdout()).ok()?;
    Some(size.ws_col).filter(|columns| *columns > 0)
}

/// Draws frames and hands them to the writing thread.
pub struct Frames {
    terminal: ratatui::Terminal<Page>,
    slot: Arc<Slot>,
    /// The picture that the terminal shows over the cells.
    shown: Option<(u64, Way)>,
}

/// A picture over the cells of a frame, which are blank there.
pub struct Over<'a> {
    /// Names it: another picture, place or size has another key.
    pub key: u64,
    /// How the terminal shows it.
    pub way: Way,
    /// Its upper left cell.
    pub at: (u16, u16),
    /// What shows it, made only where it is not shown yet.
    pub words: &'a dyn Fn() -> Vec<u8>,
}

impl Frames {
    /// Starts the writing thread on `output`. `size` tells how large the terminal is now.
    pub fn start(
        output: impl Write + Send + 'static,
        size: impl Fn() -> io::Result<Size> + Send + 'static,
    ) -> io::Result<Self> {
        let slot = Arc::new(Slot::default());
        let page = Page::new(Box::new(size));
        let terminal = ratatui::Terminal::new(page)?;
        let writers = Arc::clone(&slot);
        std::thread::Builder::new()
            .name("frames".to_owned())
            .spawn(move || write_frames(output, &writers))?;
        Ok(Self {
            terminal,
            slot,
            shown: None,
        })
    }

    /// Draws and hands the changed cells to the writer. Call it only while [`Slot::is_free`]; else the call
    /// does nothing and says `false`. An error means that the terminal is gone.
    pub fn draw(&mut self, paint: impl FnOnce(&mut ratatui::Frame)) -> io::Result<bool> {
        self.draw_under(paint, None)
    }

    /// As [`Frames::draw`], with a picture over it. A picture that is not wanted any more is taken off, and what it has
    /// covered is painted anew.
    pub fn draw_under(
        &mut self,
        paint: impl FnOnce(&mut ratatui::Frame),
        over: Option<&Over<'_>>,
    ) -> io::Result<bool> {
        if let Some(error) = self.slot.failure() {
            return Err(error);
        }
        if !self.slot.is_free() {
            return Ok(false);
        }
        let wanted = over.map(|over| (over.key, over.way));
        let stays = self.shown == wanted;
        if !stays && let Some((_, way)) = self.shown.take() {
            match way {
                Way::Kitty => self.terminal.backend_mut().add(graphics::FORGET),
                // Its dots lie in the cells themselves.
                Way::Sixel => self.forget()?,
            }
        }
        self.terminal.draw(paint)?;
        if let Some(over) = over.filter(|_| !stays) {
            let (column, row) = over.at;
            let page = self.terminal.backend_mut();
            page.add(format!("\x1b[{};{}H", row.saturating_add(1), column.saturating_add(1)).as_bytes());
            page.add(&(over.words)());
            self.shown = wanted;
        }
        let bytes = self.terminal.backend_mut().take();
        if !bytes.is_empty() {
            self.slot.put(bytes);
        }
        Ok(true)
    }

    /// Paints the next frame whole: the terminal's content is not known any more.
    pub fn forget(&mut self) -> io::Result<()> {
        if let Some((_, Way::Kitty)) = self.shown.take() {
            self.terminal.backend_mut().add(graphics::FORGET);
        }
        self.terminal.backend_mut().page_is_unknown();
        self.terminal.clear()
    }

    /// Columns and rows of the terminal now.
    pub fn size(&self) -> (u16, u16) {
        let size = self.terminal.size().unwrap_or(CLASSIC);
        (size.width, size.height)
    }

    /// Asks the terminal how it shows pictures, with the next frame; what it answers comes with the keys.
    pub fn ask(&mut self) {
        self.terminal.backend_mut().add(graphics::ASK);
    }

    /// The slot between the loop and the writer.
    pub fn slot(&self) -> Arc<Slot> {
        Arc::clone(&self.slot)
    }
}

/// One frame on its way to the terminal.
#[derive(Default)]
pub struct Slot {
    state: Mutex<SlotState>,
    changed: Condvar,
    free: Notify,
}

#[derive(Default)]
struct SlotState {
    frame: Option<Vec<u8>>,
    writing: bool,
    bell: u8,
    closed: bool,
    paused: bool,
    failed: Option<io::ErrorKind>,
}

impl Slot {
    /// The terminal has taken the last frame.
    pub fn is_free(&self) -> bool {
        let state = self.lock();
        state.frame.is_none() && !state.writing
    }

    /// Ends when the writer has taken or failed a frame since the last call.
    pub async fn freed(&self) {
        self.free.notified().await;
    }

    /// Rings the bell so many times as soon as the terminal takes bytes; of several sounds that wait, the
    /// one with most rings is heard.
    pub fn ring(&self, times: u8) {
        let mut state = self.lock();
        if !state.closed {
            state.bell = state.bell.max(times);
            self.changed.notify_all();
        }
    }

    /// Takes no more frames and waits until the writer is done, `patience` at most.
    pub fn close(&self, patience: Duration) {
        let mut state = self.lock();
        state.closed = true;
        state.frame = None;
        state.bell = 0;
        self.changed.notify_all();
        let _unused = self
            .changed
            .wait_timeout_while(state, patience, |state| state.writing);
    }

    /// Writes nothing more until [`Slot::go_on`]; waits until the writer is done, `patience` at most.
    pub fn pause(&self, patience: Duration) {
        let mut state = self.lock();
        state.paused = true;
        let _unused = self
            .changed
            .wait_timeout_while(state, patience, |state| state.writing);
    }

    /// Writes again, but not what was drawn before: the page was somebody else's meanwhile.
    pub fn go_on(&self) {
        let mut state = self.lock();
        state.paused = false;
        state.frame = None;
        self.changed.notify_all();
        drop(state);
        self.free.notify_one();
    }

    fn put(&self, frame: Vec<u8>) {
        let mut state = self.lock();
        if !state.closed {
            state.frame = Some(frame);
            self.changed.notify_all();
        }
    }

    fn failure(&self) -> Option<io::Error> {
        self.lock().failed.map(io::Error::from)
    }

    fn lock(&self) -> MutexGuard<'_, SlotState> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// The writing thread: one write for each frame.
fn write_frames(mut output: impl Write, slot: &Slot) {
    loop {
        let mut bytes = {
            let waiting = |state: &mut SlotState| {
                !state.closed && (state.paused || (state.frame.is_none() && state.bell == 0))
            };
            let mut state = slot
                .changed
                .wait_while(slot.lock(), waiting)
                .unwrap_or_else(PoisonError::into_inner);
            if state.closed {
                return;
            }
            state.writing = true;
            let mut bytes = state.frame.take().unwrap_or_default();
            for _ in 0..std::mem::take(&mut state.bell) {
                bytes.extend_from_slice(BELL);
            }
            bytes
        };
        let result = output.write_all(&bytes).and_then(|()| output.flush());
        bytes.clear();
        let mut state = slot.lock();
        state.writing = false;
        if let Err(error) = result {
            state.failed = Some(error.kind());
            state.closed = true;
        }
        slot.changed.notify_all();
        drop(state);
        slot.free.notify_one();
    }
}

/// What tells the size of the terminal.
type Sizes = Box<dyn Fn() -> io::Result<Size> + Send>;

/// The backend: collects a frame's bytes, and none at all for a frame that changes nothing.
struct Page {
    bytes: Vec<u8>,
    size: Sizes,
    cursor: Option<Position>,
    shown: Option<Position>,
    changed: bool,
}

impl Page {
    fn new(size: Sizes) -> Self {
        Self {
            bytes: BEGIN.to_vec(),
            size,
            cursor: None,
            shown: None,
            changed: false,
        }
    }

    /// Turns cells into escape sequences at the end of the frame's bytes.
    fn escapes(&mut self) -> CrosstermBackend<&mut Vec<u8>> {
        CrosstermBackend::new(&mut self.bytes)
    }

    /// Words for the terminal besides the cells.
    fn add(&mut self, words: &[u8]) {
        self.changed = true;
        self.bytes.extend_from_slice(words);
    }

    fn page_is_unknown(&mut self) {
        self.shown = None;
        self.changed = true;
    }

    /// The frame as bytes; empty where nothing changed.
    fn take(&mut self) -> Vec<u8> {
        if !self.changed && self.cursor == self.shown {
            return Vec::new();
        }
        if let Some(at) = self.cursor {
            let _never_fails = self.escapes().set_cursor_position(at);
            if self.shown.is_none() {
                let _never_fails = self.escapes().show_cursor();
            }
        } else if self.shown.is_some() || self.changed {
            let _never_fails = self.escapes().hide_cursor();
        }
        self.shown = self.cursor;
        self.changed = false;
        let mut bytes = std::mem::replace(&mut self.bytes, BEGIN.to_vec());
        bytes.extend_from_slice(END);
        bytes
    }
}

impl Backend for Page {
    type Error = io::Error;

    fn draw<'a, I>(&mut self, content: I) -> io::Result<()>
    where
        I: Iterator<Item = (u16, u16, &'a Cell)>,
    {
        let mut cells = content.peekable();
        if cells.peek().is_none() {
            return Ok(());
        }
        self.changed = true;
        self.escapes().draw(cells)
    }

    fn hide_cursor(&mut self) -> io::Result<()> {
        self.cursor = None;
        Ok(())
    }

    fn show_cursor(&mut self) -> io::Result<()> {
        // The position follows at once (see `Terminal::draw`).
        Ok(())
    }

    fn get_cursor_position(&mut self) -> io::Result<Position> {
        Ok(self.cursor.unwrap_or_default())
    }

    fn set_cursor_position<P: Into<Position>>(&mut self, position: P) -> io::Result<()> {
        self.cursor = Some(position.into());
        Ok(())
    }

    fn clear(&mut self) -> io::Result<()> {
        self.clear_region(ClearType::All)
    }

    fn clear_region(&mut self, clear_type: ClearType) -> io::Result<()> {
        self.changed = true;
        self.escapes().clear_region(clear_type)
    }

    fn size(&self) -> io::Result<Size> {
        (self.size)()
    }

    fn window_size(&mut self) -> io::Result<WindowSize> {
        Ok(WindowSize {
            columns_rows: (self.size)()?,
            pixels: Size::ZERO,
        })
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

#[cfg(test)]
mod tests;

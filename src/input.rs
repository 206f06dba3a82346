//! The reading thread: keys and scans from the terminal.
//!
//! One plain thread in a blocking read turns the terminal's events into the program's own words and hands
//! them over in batches, as they were read. A full channel makes the thread wait, and then the bytes wait in
//! the kernel: nothing is lost, nothing grows.

use crate::app::message::{Key, KeyPress};
use crossterm::event::{Event, KeyCode, KeyEvent, KeyEventKind, KeyModifiers};
use std::io;
use std::time::Duration;
use tokio::sync::mpsc;

/// Batches that may wait for the loop.
const BATCHES: usize = 16;
/// Most events in a batch.
const LARGEST: usize = 4096;
/// Characters of a paste that are taken.
const LONGEST_PASTE: usize = 4096;
/// Long enough for the reading library to look whether more bytes are there, too short to be noticed. With
/// zero it would not look at all.
const AT_ONCE: Duration = Duration::from_micros(20);

/// What came from the terminal.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Input {
    /// A key was pressed.
    Key(KeyPress),
    /// Text was pasted by a terminal that marks it (which it was not asked to do), cut to a sensible length.
    Pasted(String),
    /// The terminal has this size.
    Resized {
        /// Columns.
        columns: u16,
        /// Rows.
        rows: u16,
    },
}

/// Starts reading. The channel ends when the terminal can be read no more.
pub fn start() -> io::Result<mpsc::Receiver<Vec<Input>>> {
    let (send, batches) = mpsc::channel(BATCHES);
    std::thread::Builder::new()
        .name("input".to_owned())
        .spawn(move || {
            while let Some(batch) = read_batch() {
                if !batch.is_empty() && send.blocking_send(batch).is_err() {
                    return;
                }
            }
        })?;
    Ok(batches)
}

/// Waits for an event and takes all that is there with it; `None` when the terminal is gone.
fn read_batch() -> Option<Vec<Input>> {
    let mut batch = Vec::new();
    batch.extend(translate(&crossterm::event::read().ok()?));
    while batch.len() < LARGEST && crossterm::event::poll(AT_ONCE).ok()? {
        batch.extend(translate(&crossterm::event::read().ok()?));
    }
    Some(batch)
}

/// The program's own word for an event; none for what it has no use for.
fn translate(event: &Event) -> Option<Input> {
    match event {
        Event::Key(key) if key.kind != KeyEventKind::Release => translate_key(key).map(Input::Key),
        Event::Paste(text) => Some(Input::Pasted(text.chars().take(LONGEST_PASTE).collect())),
        Event::Resize(columns, rows) => Some(Input::Resized {
            columns: *columns,
            rows: *rows,
        }),
        _ => None,
    }
}

fn translate_key(event: &KeyEvent) -> Option<KeyPress> {
    let mut shift = event.modifiers.contains(KeyModifiers::SHIFT);
    let key = match event.code {
        KeyCode::Char(character) => {
            shift = false;
            Key::Char(character)
        }
        KeyCode::Enter => Key::Enter,
        KeyCode::Esc => Key::Esc,
        KeyCode::Backspace => Key::Backspace,
        KeyCode::Delete => Key::Delete,
        KeyCode::Insert => Key::Insert,
        KeyCode::Tab => Key::Tab,
        KeyCode::BackTab => {
            shift = true;
            Key::Tab
        }
        KeyCode::Up => Key::Up,
        KeyCode::Down => Key::Down,
        KeyCode::Left => Key::Left,
        KeyCode::Right => Key::Right,
        KeyCode::PageUp => Key::PageUp,
        KeyCode::PageDown => Key::PageDown,
        KeyCode::Home => Key::Home,
        KeyCode::End => Key::End,
        KeyCode::F(number) => Key::Function(number),
        _ => return None,
    };
    Some(KeyPress {
        key,
        control: event.modifiers.contains(KeyModifiers::CONTROL),
        alt: event.modifiers.contains(KeyModifiers::ALT),
        shift,
    })
}

#[cfg(test)]
mod tests;

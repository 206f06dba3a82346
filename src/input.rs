//! The reading thread: keys and scans from the terminal.
//!
//! One plain thread in a blocking read turns the terminal's bytes into the program's own words ([`parser`]) and
//! hands them over in batches, as they were read. A full channel makes the thread wait, and then the bytes wait in
//! the kernel: nothing is lost, nothing grows.

pub mod parser;

use crate::app::message::KeyPress;
use parser::Parser;
use rustix::event::{PollFd, PollFlags, Timespec, poll};
use rustix::io::Errno;
use std::fs::File;
use std::io::{self, ErrorKind, Read};
use std::os::fd::AsFd;
use std::time::Duration;
use tokio::sync::mpsc;

/// Batches that may wait for the loop.
const BATCHES: usize = 16;
/// Most bytes in a batch.
const LARGEST: usize = 4096;

/// What came from the terminal.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Input {
    /// A key was pressed.
    Key(KeyPress),
    /// Text was pasted, as a terminal marks it.
    Pasted(String),
    /// More was pasted than any code or reason is long; it was not kept.
    PastedTooMuch {
        /// How much.
        characters: usize,
    },
    /// The terminal says something of itself: no key.
    Told(Reply),
}

/// What a terminal says of itself when it is asked.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Reply {
    /// It understands the kitty graphics protocol.
    Kitty,
    /// Its attributes: whether sixel graphics is one of them.
    Attributes {
        /// It is.
        sixel: bool,
    },
    /// A cell has so many dots.
    Cell {
        /// From left to right.
        width: u16,
        /// From top to bottom.
        height: u16,
    },
}

/// Starts reading. The channel ends when the terminal can be read no more.
pub fn start() -> io::Result<mpsc::Receiver<Vec<Input>>> {
    let tty = File::from(io::stdin().as_fd().try_clone_to_owned()?);
    let (send, batches) = mpsc::channel(BATCHES);
    std::thread::Builder::new()
        .name("input".to_owned())
        .spawn(move || read(&tty, &send))?;
    Ok(batches)
}

/// Reads until the terminal is gone or nobody listens.
fn read(mut tty: &File, send: &mpsc::Sender<Vec<Input>>) {
    let mut parser = Parser::default();
    let mut bytes = [0; LARGEST];
    loop {
        let mut batch = Vec::new();
        match comes(tty, parser.patience()) {
            Ok(false) => parser.silence(&mut batch),
            Ok(true) => match tty.read(&mut bytes) {
                Ok(0) => return,
                Ok(count) => parser.feed(&bytes[..count], &mut batch),
                Err(error) if matches!(error.kind(), ErrorKind::Interrupted | ErrorKind::WouldBlock) => {}
                Err(_) => return,
            },
            Err(_) => return,
        }
        if !batch.is_empty() && send.blocking_send(batch).is_err() {
            return;
        }
    }
}

/// Waits for bytes (or the end of the terminal); `false`: nothing came within the time.
fn comes(tty: &File, patience: Option<Duration>) -> io::Result<bool> {
    let timeout = patience.map(|patience| Timespec {
        tv_sec: i64::try_from(patience.as_secs()).unwrap_or(i64::MAX),
        tv_nsec: patience.subsec_nanos().into(),
    });
    let mut fds = [PollFd::new(tty, PollFlags::IN)];
    loop {
        match poll(&mut fds, timeout.as_ref()) {
            Ok(count) => return Ok(count > 0),
            Err(Errno::INTR) => {}
            Err(error) => return Err(error.into()),
        }
    }
}

#[cfg(test)]
mod tests;

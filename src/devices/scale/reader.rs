//! Reading a real scale: one thread waits for its bytes, another for readings or for their absence.
//!
//! Told to `hear` only when something changes. A scale that is not there is looked for again every few seconds.

use super::{Parser, Protocol, Scale};
use crate::clock::Clock;
use crate::domain::scale::{Reading, SILENCE, ScaleView, Settling};
use std::fs::{File, OpenOptions};
use std::io::{Read, Write};
use std::process::{Command, Stdio};
use std::sync::Arc;
use std::sync::mpsc::{RecvTimeoutError, Sender, channel};
use std::thread;
use std::time::Duration;

/// Between two questions, and two looks at a file.
const PERIOD: Duration = Duration::from_millis(200);
/// Before a scale that is not there is looked for again.
const PATIENCE: Duration = Duration::from_secs(3);

/// What the reading thread says.
enum Heard {
    Reading(Reading),
    /// It cannot be read: why.
    Gone(String),
}

/// Reads the scale until nobody `hear`s any more (it returns `false`). Returns at once.
pub fn start(
    scale: Scale,
    clock: Arc<dyn Clock>,
    mut hear: impl FnMut(ScaleView) -> bool + Send + 'static,
) -> std::io::Result<()> {
    let (sender, heard) = channel();
    thread::Builder::new()
        .name("scale".to_owned())
        .spawn(move || read(&scale, &sender))?;
    thread::Builder::new()
        .name("scale-view".to_owned())
        .spawn(move || {
            let silence = SILENCE.to_std().unwrap_or(Duration::from_secs(1));
            let mut settling = Settling::default();
            let mut shown = None;
            loop {
                let view = match heard.recv_timeout(silence) {
                    Ok(Heard::Reading(reading)) => settling.hear(reading, clock.now()),
                    Ok(Heard::Gone(why)) => {
                        settling.silence();
                        ScaleView::Trouble(why)
                    }
                    // What was said of a scale that is not there stays said.
                    Err(RecvTimeoutError::Timeout) if matches!(shown, Some(ScaleView::Trouble(_))) => {
                        continue;
                    }
                    Err(RecvTimeoutError::Timeout) => settling.silence(),
                    Err(RecvTimeoutError::Disconnected) => return,
                };
                if shown.as_ref() != Some(&view) {
                    shown = Some(view.clone());
                    if !hear(view) {
                        return;
                    }
                }
            }
        })?;
    Ok(())
}

/// Reads for ever; ends when nobody listens.
fn read(scale: &Scale, sender: &Sender<Heard>) {
    loop {
        let why = match session(scale, sender) {
            Ok(()) => return,
            Err(error) => error.to_string(),
        };
        let path = scale.path.display();
        let words = format!("{path} cannot be read ({why}): look whether it is on and connected");
        if sender.send(Heard::Gone(words)).is_err() {
            return;
        }
        thread::sleep(PATIENCE);
    }
}

/// Reads until it fails; `Ok`: nobody listens any more.
fn session(scale: &Scale, sender: &Sender<Heard>) -> std::io::Result<()> {
    if scale.protocol == Protocol::File {
        return look_at_file(scale, sender);
    }
    if scale.protocol.is_serial() {
        set_line(scale)?;
    }
    let question = scale.protocol.question();
    let mut device = OpenOptions::new()
        .read(true)
        .write(question.is_some())
        .open(&scale.path)?;
    let mut parser = Parser::new(scale.protocol);
    let mut bytes = [0_u8; 256];
    let mut silent = 0_u32;
    loop {
        if let Some(question) = question {
            device.write_all(question)?;
            thread::sleep(PERIOD);
        }
        let count = device.read(&mut bytes)?;
        if count == 0 {
            // A serial line gives nothing after its time; a device that is gone gives nothing for ever.
            silent += 1;
            if silent > 20 {
                return Err(std::io::Error::other("it says nothing"));
            }
            thread::sleep(PERIOD);
            continue;
        }
        silent = 0;
        for reading in parser.take(&bytes[..count]) {
            if sender.send(Heard::Reading(reading)).is_err() {
                return Ok(());
            }
        }
    }
}

fn look_at_file(scale: &Scale, sender: &Sender<Heard>) -> std::io::Result<()> {
    let mut parser = Parser::new(Protocol::File);
    loop {
        let mut bytes = Vec::new();
        File::open(&scale.path)?.take(64).read_to_end(&mut bytes)?;
        for reading in parser.take(&bytes) {
            if sender.send(Heard::Reading(reading)).is_err() {
                return Ok(());
            }
        }
        thread::sleep(PERIOD);
    }
}

/// Speed and form of a serial line: eight bits as they come, and nothing is waited for longer than a second.
fn set_line(scale: &Scale) -> std::io::Result<()> {
    let baud = scale.baud.to_string();
    let status = Command::new("stty")
        .arg("-F")
        .arg(&scale.path)
        .args([baud.as_str(), "raw", "-echo", "min", "0", "time", "10"])
        .stdin(Stdio::null())
        .stdout(Stdio::null())
        .stderr(Stdio::null())
        .status()?;
    if status.success() {
        Ok(())
    } else {
        Err(std::io::Error::other("stty could not set the line"))
    }
}

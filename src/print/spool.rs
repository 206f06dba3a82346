//! The three ways to a printer: a folder, a raw socket, a CUPS queue. All of them block, none of them forever.

use super::PrintError;
use crate::clock::Clock;
use crate::domain::seller::DocumentFormat;
use crate::domain::text::Clean;
use std::fs::{self, DirBuilder, OpenOptions};
use std::io::{self, ErrorKind, Read, Write};
use std::net::{Shutdown, TcpStream, ToSocketAddrs};
use std::os::unix::fs::{DirBuilderExt, OpenOptionsExt};
use std::path::Path;
use std::process::{Child, Command, Stdio};
use std::thread;
use std::time::Duration;

/// How long a printer is waited for.
pub(super) struct Patience {
    /// For the connection.
    pub(super) connect: Duration,
    /// While it takes nothing.
    pub(super) stall: Duration,
    /// For the whole label.
    pub(super) whole: Duration,
    /// For its farewell, once everything is sent: closing on unread words would throw the label away.
    pub(super) farewell: Duration,
}

impl Default for Patience {
    fn default() -> Self {
        Self {
            connect: Duration::from_secs(5),
            stall: Duration::from_secs(15),
            whole: Duration::from_mins(1),
            farewell: Duration::from_millis(500),
        }
    }
}

/// Sheets of one name that a folder takes: the second is numbered 2, and so on.
const MOST_SHEETS: u32 = 99;

/// Writes the label as a new file, readable only by the station's user. Never writes over a file, never
/// follows a link.
pub(super) fn to_folder(
    folder: &Path,
    name: &str,
    format: DocumentFormat,
    document: &[u8],
) -> Result<(), PrintError> {
    let fault = |error: &io::Error| PrintError::Folder {
        folder: folder.display().to_string(),
        why: reason(error),
    };
    DirBuilder::new()
        .recursive(true)
        .mode(0o700)
        .create(folder)
        .map_err(|error| fault(&error))?;
    let extension = super::format_name(format).to_ascii_lowercase();
    for sheet in 1..=MOST_SHEETS {
        let file_name = match sheet {
            1 => format!("{name}.{extension}"),
            _ => format!("{name}-{sheet}.{extension}"),
        };
        let path = folder.join(file_name);
        let mut file = match OpenOptions::new()
            .write(true)
            .create_new(true)
            .mode(0o600)
            .open(&path)
        {
            Ok(file) => file,
            Err(error) if error.kind() == ErrorKind::AlreadyExists => continue,
            Err(error) => return Err(fault(&error)),
        };
        return file
            .write_all(document)
            .and_then(|()| file.sync_data())
            .map_err(|error| {
                // Half a label must not lie about; if it cannot be removed, the error says enough.
                let _ = fs::remove_file(&path);
                fault(&error)
            });
    }
    Err(PrintError::Folder {
        folder: folder.display().to_string(),
        why: format!("it holds {MOST_SHEETS} sheets of this label already"),
    })
}

/// Sends the label to a printer that listens on a raw port.
pub(super) fn to_socket(
    address: &str,
    document: &[u8],
    patience: &Patience,
    clock: &dyn Clock,
) -> Result<(), PrintError> {
    let started = clock.monotonic();
    let mut stream = connect(address, patience)
        .and_then(|stream| {
            stream.set_write_timeout(Some(patience.stall))?;
            stream.set_read_timeout(Some(patience.farewell))?;
            Ok(stream)
        })
        .map_err(|error| PrintError::Unreachable {
            printer: address.to_owned(),
            why: reason(&error),
        })?;
    let mut sent = 0;
    while sent < document.len() {
        let chunk = &document[sent..document.len().min(sent + 64 * 1024)];
        match stream.write(chunk) {
            Ok(taken) if taken > 0 && clock.monotonic().saturating_sub(started) <= patience.whole => {
                sent += taken;
            }
            Err(error) if error.kind() == ErrorKind::Interrupted => {}
            _ => {
                return Err(PrintError::Stopped {
                    printer: address.to_owned(),
                    sent,
                    total: document.len(),
                });
            }
        }
    }
    if stream.shutdown(Shutdown::Write).is_ok() {
        let mut words = [0; 256];
        for _ in 0..16 {
            if !matches!(stream.read(&mut words), Ok(1..)) {
                break;
            }
        }
    }
    Ok(())
}

/// Tries the addresses of the host one after the other.
fn connect(address: &str, patience: &Patience) -> io::Result<TcpStream> {
    let mut last = io::Error::new(ErrorKind::NotFound, "the name has no address");
    for address in address.to_socket_addrs()? {
        match TcpStream::connect_timeout(&address, patience.connect) {
            Ok(stream) => return Ok(stream),
            Err(error) => last = error,
        }
    }
    Err(last)
}

/// A name that CUPS allows and that no option can be made of.
pub(super) fn is_queue_name(queue: &str) -> bool {
    !queue.is_empty()
        && queue.len() <= 127
        && !queue.starts_with('-')
        && queue
            .bytes()
            .all(|byte| byte.is_ascii_graphic() && !matches!(byte, b'/' | b'#'))
}

/// Gives the label to CUPS' `lp`, on its standard input: no shell, and no copy in a file of ours.
pub(super) fn to_queue(
    lp: &Path,
    queue: &str,
    name: &str,
    format: DocumentFormat,
    document: &[u8],
    patience: &Patience,
    clock: &dyn Clock,
) -> Result<(), PrintError> {
    let refused = |why: String| PrintError::Queue {
        queue: Clean::bounded(queue, 60),
        why,
    };
    if !is_queue_name(queue) {
        return Err(refused("its name is not one that CUPS allows".to_owned()));
    }
    let mut command = Command::new(lp);
    command.args(["-d", queue, "-t", name]);
    if format == DocumentFormat::Zpl {
        command.args(["-o", "raw"]);
    }
    command
        .env("LC_ALL", "C")
        .stdin(Stdio::piped())
        .stdout(Stdio::null())
        .stderr(Stdio::piped());
    let mut child = command.spawn().map_err(|error| {
        refused(match error.kind() {
            ErrorKind::NotFound => "lp is not installed: install cups-client".to_owned(),
            _ => reason(&error),
        })
    })?;
    // A writer of its own: an lp that does not read must not block us for longer than it may live.
    let status = thread::scope(|scope| {
        let input = child.stdin.take();
        let writer = scope.spawn(move || input.map_or(Ok(()), |mut input| input.write_all(document)));
        let status = wait(&mut child, patience.whole, clock);
        let written = writer
            .join()
            .unwrap_or_else(|_| Err(io::Error::other("the writer failed")));
        status.and_then(|status| {
            if status.success() {
                written.map(|()| status)
            } else {
                Ok(status)
            }
        })
    });
    match status {
        Ok(status) if status.success() => Ok(()),
        Ok(_) => Err(refused(last_words(&mut child))),
        Err(error) if error.kind() == ErrorKind::TimedOut => Err(refused("lp did not end".to_owned())),
        Err(error) => Err(refused(reason(&error))),
    }
}

/// Waits for the child to end; kills it when its time is over.
fn wait(child: &mut Child, whole: Duration, clock: &dyn Clock) -> io::Result<std::process::ExitStatus> {
    let started = clock.monotonic();
    loop {
        if let Some(status) = child.try_wait()? {
            return Ok(status);
        }
        if clock.monotonic().saturating_sub(started) > whole {
            child.kill()?;
            child.wait()?;
            return Err(ErrorKind::TimedOut.into());
        }
        thread::sleep(Duration::from_millis(10));
    }
}

/// The last line of what `lp` complained, clean and short.
fn last_words(child: &mut Child) -> String {
    let mut words = Vec::new();
    if let Some(stderr) = child.stderr.take() {
        // What cannot be read is not said.
        let _ = stderr.take(4096).read_to_end(&mut words);
    }
    let words = String::from_utf8_lossy(&words);
    match words.lines().rfind(|line| !line.trim().is_empty()) {
        Some(line) => Clean::bounded(line, 120),
        None => "lp gave no reason".to_owned(),
    }
}

/// The machine's word for an error, without paths or addresses of its own.
fn reason(error: &io::Error) -> String {
    match error.kind() {
        ErrorKind::ConnectionRefused => "it refuses the connection".to_owned(),
        ErrorKind::TimedOut | ErrorKind::WouldBlock => "no answer in time".to_owned(),
        ErrorKind::PermissionDenied => "permission denied".to_owned(),
        ErrorKind::StorageFull => "the disk is full".to_owned(),
        ErrorKind::BrokenPipe => "it stopped listening".to_owned(),
        _ => Clean::bounded(&error.to_string(), 120),
    }
}

//! Notices that some process wrote to the database, without asking again and again.
//!
//! The operating system tells which files of the database's folder were written. That is only a hint to look
//! at the store's version: what changed is read from the store. Where the system cannot tell, the loop looks
//! by the clock instead.

use std::io;
use std::path::Path;
use tokio::sync::mpsc;

/// Starts watching the database at `path`. Each message says: look. An error: watch by the clock.
#[cfg(target_os = "linux")]
pub fn watch(path: &Path) -> io::Result<mpsc::Receiver<()>> {
    linux::watch(path)
}

/// This system does not tell.
#[cfg(not(target_os = "linux"))]
pub fn watch(_path: &Path) -> io::Result<mpsc::Receiver<()>> {
    Err(io::ErrorKind::Unsupported.into())
}

#[cfg(target_os = "linux")]
mod linux {
    use super::{Path, io, mpsc};
    use rustix::fs::inotify::{CreateFlags, Reader, WatchFlags, add_watch, init};
    use std::mem::MaybeUninit;
    use std::time::Duration;

    /// Writes that follow each other this closely are one change.
    const ONE_CHANGE: Duration = Duration::from_millis(20);
    /// Room for several events with their names.
    const BUFFER: usize = 4096;

    pub(super) fn watch(path: &Path) -> io::Result<mpsc::Receiver<()>> {
        let folder = path.parent().filter(|folder| !folder.as_os_str().is_empty());
        let name = path
            .file_name()
            .ok_or(io::ErrorKind::InvalidInput)?
            .as_encoded_bytes()
            .to_vec();
        let events = init(CreateFlags::CLOEXEC)?;
        add_watch(
            &events,
            folder.unwrap_or(Path::new(".")),
            WatchFlags::MODIFY | WatchFlags::CREATE,
        )?;
        let (tell, changes) = mpsc::channel(1);
        std::thread::Builder::new()
            .name("changes".to_owned())
            .spawn(move || {
                let mut buffer = [MaybeUninit::uninit(); BUFFER];
                let mut reader = Reader::new(events, &mut buffer);
                while let Ok(event) = reader.next() {
                    // The database and its write-ahead log; not the shared index, not a neighbour's file.
                    let ours = event.file_name().is_some_and(|file| {
                        let rest = file.to_bytes().strip_prefix(name.as_slice());
                        matches!(rest, Some(b"" | b"-wal"))
                    });
                    if !ours {
                        continue;
                    }
                    if matches!(tell.try_send(()), Err(mpsc::error::TrySendError::Closed(()))) {
                        return;
                    }
                    if reader.is_buffer_empty() {
                        std::thread::sleep(ONE_CHANGE);
                    }
                }
            })?;
        Ok(changes)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_write_to_the_log_is_told_and_a_neighbours_file_is_not() {
        let folder = tempfile::tempdir().expect("a folder");
        let database = folder.path().join("tapegun.db");
        std::fs::write(&database, b"").expect("written");
        let mut changes = watch(&database).expect("a system that tells");
        std::fs::write(folder.path().join("labels.txt"), b"other").expect("written");
        std::fs::write(folder.path().join("tapegun.db-shm"), b"index").expect("written");
        assert!(changes.try_recv().is_err());
        std::fs::write(folder.path().join("tapegun.db-wal"), b"frame").expect("written");
        assert_eq!(changes.blocking_recv(), Some(()));
    }
}

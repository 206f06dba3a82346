//! The high file beside the database: which database it is, the highest epoch, the end of the labels' history.
//!
//! A database that knows less than this file is a copy from before: it has forgotten labels (PURCHASING.md 8).
//! Two slots of 512 bytes are written in turn, each with a check over itself, so that a torn write leaves the one
//! before. It is written after the database's commit, so it never says more than the database was once.

use super::values::first;
use crate::store::StoreResult;
use rusqlite::Connection;
use sha2::{Digest, Sha256};
use std::fmt::Write as _;
use std::fs::File;
use std::io::{self, ErrorKind, Read as _};
use std::os::unix::fs::{FileExt as _, OpenOptionsExt as _};
use std::path::Path;

const FIRST_WORD: &str = "tapegun-high-1";
const SLOT: usize = 512;

/// How far a database has come.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(super) struct High {
    /// Which database.
    pub(super) identity: String,
    /// Highest epoch.
    pub(super) epoch: i64,
    /// Last row of the labels' history, 0: none.
    pub(super) sequence: i64,
    /// Its hash, in hexadecimal digits.
    pub(super) hash: String,
}

/// What the file says.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum Found {
    Nothing,
    Unreadable,
    Is(High),
}

/// How far the database has come. None before it has an identity.
pub(super) fn of(connection: &Connection) -> StoreResult<Option<High>> {
    first(
        connection,
        "SELECT text, (SELECT ifnull(max(epoch), 0) FROM epochs), \
         (SELECT ifnull(max(sequence), 0) FROM label_history), \
         (SELECT lower(hex(hash)) FROM label_history ORDER BY sequence DESC LIMIT 1) \
         FROM settings WHERE key = 'identity'",
        [],
        |row| {
            Ok(High {
                identity: row.get(0)?,
                epoch: row.get(1)?,
                sequence: row.get(2)?,
                hash: row.get::<_, Option<String>>(3)?.unwrap_or_default(),
            })
        },
    )
}

/// Reads the file.
pub(super) fn read(path: &Path) -> io::Result<Found> {
    let mut bytes = Vec::new();
    match File::open(path) {
        Ok(file) => file.take(2 * SLOT as u64).read_to_end(&mut bytes)?,
        Err(error) if error.kind() == ErrorKind::NotFound => return Ok(Found::Nothing),
        Err(error) => return Err(error),
    };
    Ok(match newest(&bytes) {
        Some((_, high)) => Found::Is(high),
        // Ended between making it and writing it for the first time.
        None if bytes.iter().all(|byte| *byte == 0) => Found::Nothing,
        None => Found::Unreadable,
    })
}

/// Writes what is higher than before; of another database nothing is written.
pub(super) fn raise(path: &Path, high: &High) -> io::Result<()> {
    write(path, |old| match old {
        None => Ok(Some(high.clone())),
        Some(old) if old.identity != high.identity => Err(io::Error::other(
            "the file of the highest label belongs to another database: one was put in this one's place",
        )),
        Some(old) => {
            let mut new = old.clone();
            new.epoch = old.epoch.max(high.epoch);
            if high.sequence > old.sequence {
                new.sequence = high.sequence;
                new.hash.clone_from(&high.hash);
            }
            Ok(Some(new).filter(|new| *new != old))
        }
    })
}

/// Begins anew: another database stands here now.
pub(super) fn replace(path: &Path, high: &High) -> io::Result<()> {
    write(path, |_| Ok(Some(high.clone())))
}

fn write(path: &Path, act: impl FnOnce(Option<High>) -> io::Result<Option<High>>) -> io::Result<()> {
    let file = File::options()
        .create(true)
        .truncate(false)
        .read(true)
        .write(true)
        .mode(0o600)
        .open(path)?;
    file.lock()?;
    let mut bytes = Vec::new();
    (&file).take(2 * SLOT as u64).read_to_end(&mut bytes)?;
    let old = newest(&bytes);
    let turn = old.as_ref().map_or(0, |(turn, _)| *turn);
    let Some(new) = act(old.map(|(_, high)| high))? else {
        return Ok(());
    };
    let fresh = bytes.len() < 2 * SLOT;
    if fresh {
        file.set_len(2 * SLOT as u64)?;
    }
    let turn = turn + 1;
    file.write_all_at(&slot(turn, &new), (turn % 2) * SLOT as u64)?;
    if fresh {
        file.sync_all()?;
        return File::open(super::files::folder(path))?.sync_all();
    }
    file.sync_data()
}

fn slot(turn: u64, high: &High) -> Vec<u8> {
    let High {
        identity,
        epoch,
        sequence,
        hash,
    } = high;
    let words = format!("{FIRST_WORD} {turn} {identity} {epoch} {sequence} {hash}");
    let mut bytes = format!("{words} {}\n", check(&words)).into_bytes();
    bytes.resize(SLOT, b' ');
    bytes
}

fn newest(bytes: &[u8]) -> Option<(u64, High)> {
    let slots = bytes.chunks(SLOT).filter_map(read_slot);
    slots.max_by_key(|(turn, _)| *turn)
}

fn read_slot(bytes: &[u8]) -> Option<(u64, High)> {
    let line = std::str::from_utf8(bytes).ok()?.trim_end();
    let (words, sum) = line.rsplit_once(' ')?;
    if check(words) != sum {
        return None;
    }
    let mut words = words.split(' ');
    if words.next() != Some(FIRST_WORD) {
        return None;
    }
    let turn = words.next()?.parse().ok()?;
    let high = High {
        identity: words.next()?.to_owned(),
        epoch: words.next()?.parse().ok()?,
        sequence: words.next()?.parse().ok()?,
        hash: words.next().unwrap_or_default().to_owned(),
    };
    Some((turn, high))
}

fn check(words: &str) -> String {
    let digest = Sha256::digest(words.as_bytes());
    digest.iter().take(8).fold(String::new(), |mut text, byte| {
        let _ = write!(text, "{byte:02x}");
        text
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn high(epoch: i64, sequence: i64) -> High {
        High {
            identity: "a".to_owned(),
            epoch,
            sequence,
            hash: format!("h{sequence}"),
        }
    }

    #[test]
    fn it_only_rises_and_keeps_the_slot_before() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("high");
        assert_eq!(read(&path).unwrap(), Found::Nothing);
        raise(&path, &high(1, 0)).unwrap();
        raise(&path, &high(1, 7)).unwrap();
        raise(&path, &high(2, 3)).unwrap();
        assert_eq!(read(&path).unwrap(), Found::Is(high(2, 7)));
        // The last write was torn: the one before still holds.
        let mut bytes = std::fs::read(&path).unwrap();
        bytes[SLOT + 20] ^= 1;
        std::fs::write(&path, &bytes).unwrap();
        assert_eq!(read(&path).unwrap(), Found::Is(high(1, 7)));
        bytes[20] ^= 1;
        std::fs::write(&path, &bytes).unwrap();
        assert_eq!(read(&path).unwrap(), Found::Unreadable);
    }

    #[test]
    fn another_database_never_writes_into_it() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("high");
        raise(&path, &high(1, 7)).unwrap();
        let other = High {
            identity: "b".to_owned(),
            ..high(9, 9)
        };
        assert!(raise(&path, &other).is_err());
        assert_eq!(read(&path).unwrap(), Found::Is(high(1, 7)));
        replace(&path, &other).unwrap();
        assert_eq!(read(&path).unwrap(), Found::Is(other));
    }
}

//! Proof: the chained history of labels, the key check.

use super::values::{all, first, json, micros, missing, refused, run, uuid};
use super::{label_rows, orders};
use crate::domain::ids::{IntentId, UserId};
use crate::domain::rows::LabelRow;
use crate::store::StoreResult;
use chrono::{DateTime, Utc};
use rusqlite::types::ValueRef;
use rusqlite::{Connection, OptionalExtension, params};
use sha2::{Digest, Sha256};
use std::fmt::Write as _;

/// Hash before the first row.
const START: [u8; 32] = [0; 32];

struct Link {
    sequence: i64,
    label: Vec<u8>,
    at: i64,
    by: Option<i64>,
    state: String,
    facts: String,
    previous: Vec<u8>,
    hash: Vec<u8>,
}

impl Link {
    /// Each part with its length before it, so that no two rows are written alike.
    fn sum(&self) -> Vec<u8> {
        let mut hash = Sha256::new();
        for part in [
            self.previous.as_slice(),
            &self.sequence.to_be_bytes(),
            &self.label,
            &self.at.to_be_bytes(),
            &self.by.unwrap_or(-1).to_be_bytes(),
            self.state.as_bytes(),
            self.facts.as_bytes(),
        ] {
            hash.update(u64::try_from(part.len()).unwrap_or(u64::MAX).to_be_bytes());
            hash.update(part);
        }
        hash.finalize().to_vec()
    }
}

/// Adds the label as it stands to the chain.
pub(super) fn chain(
    connection: &Connection,
    label: &LabelRow,
    by: Option<UserId>,
    now: DateTime<Utc>,
) -> StoreResult<()> {
    let last = first(
        connection,
        "SELECT sequence, hash FROM label_history ORDER BY sequence DESC LIMIT 1",
        [],
        |row| Ok((row.get::<_, i64>(0)?, row.get::<_, Vec<u8>>(1)?)),
    )?;
    let (sequence, previous) = last.map_or((1, START.to_vec()), |(sequence, hash)| (sequence + 1, hash));
    let facts = facts(connection, label)?;
    let mut link = Link {
        sequence,
        label: label.id.0.as_bytes().to_vec(),
        at: micros(now),
        by: by.map(|user| user.0),
        state: label.state.words().to_owned(),
        facts: json(&facts)?,
        previous,
        hash: Vec::new(),
    };
    link.hash = link.sum();
    run(
        connection,
        "INSERT INTO label_history (sequence, label, at, by, state, facts, previous, hash) \
         VALUES (?, ?, ?, ?, ?, ?, ?, ?)",
        params![
            link.sequence,
            link.label,
            link.at,
            link.by,
            link.state,
            link.facts,
            link.previous,
            link.hash
        ],
    )?;
    Ok(())
}

/// What the history keeps of a label. `wish` stands for all that never changes once it is wanted.
fn facts(connection: &Connection, label: &LabelRow) -> StoreResult<serde_json::Value> {
    Ok(serde_json::json!({
        "box": label.box_id,
        "carrier": label.carrier,
        "service": label.service,
        "price": label.price,
        "shipment": label.shipment,
        "tracking": label.tracking,
        "reason": label.reason,
        "attempts": label.attempts,
        "held": label.held,
        "wish": wish(connection, label)?,
    }))
}

/// Facts that change with a row of the history, never without one.
const KEPT: [&str; 8] = [
    "box", "carrier", "service", "price", "shipment", "tracking", "held", "wish",
];

/// A sum over the columns of a label that are written once.
fn wish(connection: &Connection, label: &LabelRow) -> StoreResult<String> {
    let digest = first(
        connection,
        "SELECT order_id, box_id, round, quote_id, hex(fingerprint), choice, chosen_because, service_id, station, \
         wanted_by, wanted_at FROM labels WHERE id = ?",
        [label.id.0.as_bytes().as_slice()],
        |row| {
            let mut hash = Sha256::new();
            for column in 0..11 {
                // Each with its length before it, and nothing told apart from an empty text.
                let part = match row.get_ref(column)? {
                    ValueRef::Null => "-".to_owned(),
                    ValueRef::Integer(number) => format!("{number}"),
                    ValueRef::Real(number) => format!("{number}"),
                    ValueRef::Text(bytes) | ValueRef::Blob(bytes) => {
                        format!("={}", String::from_utf8_lossy(bytes))
                    }
                };
                hash.update(u64::try_from(part.len()).unwrap_or(u64::MAX).to_be_bytes());
                hash.update(part.as_bytes());
            }
            Ok(hash.finalize())
        },
    )?;
    let digest = digest.ok_or_else(|| missing("label", label.id))?;
    Ok(hex(&digest))
}

/// How many rows the chain has, or in words which row is broken. Each label must also still be where its last
/// row says.
pub(super) fn verify_chain(connection: &Connection) -> StoreResult<Result<u64, String>> {
    Ok(verify_labels(connection)?.map(|(rows, _)| u64::try_from(rows).unwrap_or(0)))
}

/// A row of the history and its hash, in hexadecimal digits.
type Proven = (i64, String);

/// As [`verify_chain`]: the last row, with its hash.
pub(super) fn verify_labels(connection: &Connection) -> StoreResult<Result<Proven, String>> {
    let proven = walk(connection, 0, START.to_vec())?;
    if proven.is_err() {
        return Ok(proven);
    }
    let strayed = all(
        connection,
        "SELECT labels.id, labels.state IS label_history.state, label_history.facts FROM labels \
         LEFT JOIN label_history ON label_history.sequence = \
         (SELECT max(sequence) FROM label_history WHERE label = labels.id)",
        [],
        |row| {
            let same_state = row.get::<_, Option<bool>>(1)?.unwrap_or(false);
            let told = row.get::<_, Option<String>>(2)?.unwrap_or_default();
            let id = IntentId(uuid(&row.get::<_, Vec<u8>>(0)?)?);
            Ok(!same_state || !agrees(connection, id, &told)?)
        },
    )?;
    let strayed = strayed.into_iter().filter(|strayed| *strayed).count();
    if strayed > 0 {
        return Ok(Err(format!(
            "{strayed} labels stand elsewhere than their history says: compare them with Amazon"
        )));
    }
    Ok(proven)
}

/// The label is what its history told last. Rows of older programs tell less.
fn agrees(connection: &Connection, id: IntentId, told: &str) -> StoreResult<bool> {
    let Ok(told) = serde_json::from_str::<serde_json::Value>(told) else {
        return Ok(false);
    };
    let now = facts(connection, &label_rows::label(connection, id)?)?;
    Ok(KEPT
        .iter()
        .all(|key| told.get(key).is_none_or(|told| now.get(key) == Some(told))))
}

/// Only the rows that were added since a row that was proven.
pub(super) fn verify_from(
    connection: &Connection,
    (sequence, hash): &Proven,
) -> StoreResult<Result<Proven, String>> {
    let known = first(
        connection,
        "SELECT hash FROM label_history WHERE sequence = ?",
        [sequence],
        |row| Ok(row.get::<_, Vec<u8>>(0)?),
    )?;
    match known {
        Some(known) if hex(&known) == *hash => walk(connection, *sequence, known),
        _ => walk(connection, 0, START.to_vec()),
    }
}

/// Follows the chain from the row after `sequence`, whose hash is `previous`.
fn walk(
    connection: &Connection,
    mut sequence: i64,
    mut previous: Vec<u8>,
) -> StoreResult<Result<Proven, String>> {
    let mut statement = connection.prepare_cached(
        "SELECT sequence, label, at, by, state, facts, previous, hash FROM label_history WHERE sequence > ? \
         ORDER BY sequence",
    )?;
    let mut rows = statement.query([sequence])?;
    while let Some(row) = rows.next()? {
        let link = Link {
            sequence: row.get(0)?,
            label: row.get(1)?,
            at: row.get(2)?,
            by: row.get(3)?,
            state: row.get(4)?,
            facts: row.get(5)?,
            previous: row.get(6)?,
            hash: row.get(7)?,
        };
        sequence += 1;
        if link.sequence != sequence {
            return Ok(Err(format!(
                "row {sequence} of the labels' history is missing: restore a back-up and compare with Amazon"
            )));
        }
        if link.previous != previous || link.hash != link.sum() {
            return Ok(Err(format!(
                "row {sequence} of the labels' history was changed from outside: compare its label with Amazon"
            )));
        }
        previous = link.hash;
    }
    let hash = if sequence == 0 {
        String::new()
    } else {
        hex(&previous)
    };
    Ok(Ok((sequence, hash)))
}

pub(super) fn hex(bytes: &[u8]) -> String {
    bytes.iter().fold(String::new(), |mut text, byte| {
        let _ = write!(text, "{byte:02x}");
        text
    })
}

/// A key is never made for a store that is not empty (PURCHASING.md 8).
pub(super) fn set_key_check(connection: &Connection, check: &[u8]) -> StoreResult<()> {
    if key_check(connection)?.is_some() {
        return Err(refused("this database has a key check already"));
    }
    if !orders::is_empty(connection)? {
        return Err(refused(
            "this database holds orders: it needs the key that they were sealed under, not a new one",
        ));
    }
    run(
        connection,
        "INSERT INTO settings (key, bytes) VALUES ('key_check', ?)",
        [check],
    )?;
    Ok(())
}

pub(super) fn key_check(connection: &Connection) -> StoreResult<Option<Vec<u8>>> {
    Ok(connection
        .prepare_cached("SELECT bytes FROM settings WHERE key = 'key_check'")?
        .query_row([], |row| row.get(0))
        .optional()?)
}

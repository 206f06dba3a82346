//! Proof: the chained history of labels, the key check.

use super::orders;
use super::values::{all, first, json, micros, refused, run};
use crate::domain::ids::UserId;
use crate::domain::rows::LabelRow;
use crate::store::StoreResult;
use chrono::{DateTime, Utc};
use rusqlite::{Connection, OptionalExtension, params};
use sha2::{Digest, Sha256};

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
    let facts = serde_json::json!({
        "box": label.box_id,
        "carrier": label.carrier,
        "service": label.service,
        "price": label.price,
        "shipment": label.shipment,
        "tracking": label.tracking,
        "reason": label.reason,
        "attempts": label.attempts,
        "held": label.held,
    });
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

/// How many rows the chain has, or in words which row is broken. Each label must also still be where its last
/// row says.
pub(super) fn verify_chain(connection: &Connection) -> StoreResult<Result<u64, String>> {
    let links = all(
        connection,
        "SELECT sequence, label, at, by, state, facts, previous, hash FROM label_history ORDER BY sequence",
        [],
        |row| {
            Ok(Link {
                sequence: row.get(0)?,
                label: row.get(1)?,
                at: row.get(2)?,
                by: row.get(3)?,
                state: row.get(4)?,
                facts: row.get(5)?,
                previous: row.get(6)?,
                hash: row.get(7)?,
            })
        },
    )?;
    let mut previous = START.to_vec();
    for (expected, link) in (1_i64..).zip(&links) {
        if link.sequence != expected {
            return Ok(Err(format!(
                "row {expected} of the labels' history is missing: restore a back-up and compare with Amazon"
            )));
        }
        if link.previous != previous || link.hash != link.sum() {
            return Ok(Err(format!(
                "row {expected} of the labels' history was changed from outside: compare its label with Amazon"
            )));
        }
        previous.clone_from(&link.hash);
    }
    let strayed = first(
        connection,
        "SELECT count(*) FROM labels WHERE state IS NOT \
         (SELECT state FROM label_history WHERE label = labels.id ORDER BY sequence DESC LIMIT 1)",
        [],
        |row| Ok(row.get::<_, i64>(0)?),
    )?
    .unwrap_or(0);
    if strayed > 0 {
        return Ok(Err(format!(
            "{strayed} labels stand elsewhere than their history says: compare them with Amazon"
        )));
    }
    Ok(Ok(u64::try_from(links.len()).unwrap_or(u64::MAX)))
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

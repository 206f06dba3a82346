//! The audit log: the history with a chain over its rows.
//!
//! Each row's hash covers the hash before it and all that the row says, with the name of the person as it was then.
//! The history itself is only added to (triggers); whoever goes around that is found: a changed row by its hash, one
//! that was taken away by the gap, one that was added by its missing link.

use super::SqliteStore;
use super::people::note;
use super::proof::hex;
use super::values::{all, first, number, run, time};
use crate::domain::audit::{AuditFilter, Audited, Proof};
use crate::domain::ids::{OrderNumber, StoreId, UserId};
use crate::domain::rows::Page;
use crate::store::{Auditing, StoreResult};
use chrono::{DateTime, Utc};
use rusqlite::{Connection, Row, params, params_from_iter};
use sha2::{Digest, Sha256};

impl Auditing for SqliteStore {
    fn audit(&self, filter: &AuditFilter, first: usize, limit: usize) -> StoreResult<Page<Audited>> {
        self.read_typed(|connection| window(connection, filter, first, limit))
    }

    fn audit_after(&self, after: i64, limit: usize) -> StoreResult<Vec<Audited>> {
        self.read(|connection| {
            let limit = i64::try_from(limit).unwrap_or(i64::MAX);
            let sql = format!("{ROWS} WHERE history.id > ?1 ORDER BY history.id LIMIT ?2");
            all(connection, &sql, [after, limit], audited)
        })
    }

    fn verify_audit(&self) -> StoreResult<Result<Proof, String>> {
        self.read(verify)
    }

    fn note_audit(&mut self, by: Option<UserId>, what: &str, now: DateTime<Utc>) -> StoreResult<()> {
        self.write(|connection| note(connection, None, by, what, now))
    }
}

/// Rows of one window at most.
const MOST: usize = 1_000_000;

const ROWS: &str = "SELECT history.id, history.at, audit_chain.who, orders.store, orders.number, history.what, \
     audit_chain.hash, users.name FROM history LEFT JOIN audit_chain ON audit_chain.id = history.id \
     LEFT JOIN orders ON orders.id = history.order_id LEFT JOIN users ON users.id = history.by";

fn audited(row: &Row<'_>) -> StoreResult<Audited> {
    Ok(Audited {
        row: row.get(0)?,
        at: time(row.get(1)?)?,
        who: row.get(2)?,
        store: row.get::<_, Option<String>>(3)?.map(StoreId),
        order: row.get::<_, Option<String>>(4)?.map(OrderNumber),
        what: row.get(5)?,
        hash: row
            .get::<_, Option<Vec<u8>>>(6)?
            .map(|hash| hex(&hash))
            .unwrap_or_default(),
    })
}

fn window(
    connection: &Connection,
    filter: &AuditFilter,
    begin: usize,
    limit: usize,
) -> StoreResult<Page<Audited>> {
    let mut wanted = Vec::new();
    let mut values: Vec<String> = Vec::new();
    for word in filter.text.split_whitespace() {
        values.push(word.to_lowercase());
        let at = values.len();
        wanted.push(format!(
            "(instr(lower(history.what), ?{at}) OR instr(lower(ifnull(audit_chain.who, '')), ?{at}) \
             OR instr(lower(ifnull(orders.number, '')), ?{at}))"
        ));
    }
    if let Some(who) = &filter.who {
        values.push(who.to_lowercase());
        wanted.push(format!("lower(audit_chain.who) = ?{}", values.len()));
    }
    if let Some(order) = &filter.order {
        values.push(order.to_string());
        wanted.push(format!(
            "history.order_id IN (SELECT id FROM orders WHERE number = ?{})",
            values.len()
        ));
    }
    // Numbers that we have made ourselves.
    if let Some(since) = filter.since {
        wanted.push(format!("history.at >= {}", since.timestamp_micros()));
    }
    if let Some(until) = filter.until {
        wanted.push(format!("history.at < {}", until.timestamp_micros()));
    }
    let wanted = if wanted.is_empty() {
        String::new()
    } else {
        format!(" WHERE {}", wanted.join(" AND "))
    };
    let (_, from) = ROWS.split_once(" FROM ").unwrap_or(("", ROWS));
    let total = number(
        connection,
        &format!("SELECT count(*) FROM {from}{wanted}"),
        params_from_iter(values.iter()),
    )?;
    let sql = format!(
        "{ROWS}{wanted} ORDER BY history.id DESC LIMIT {} OFFSET {begin}",
        limit.min(MOST)
    );
    Ok(Page {
        first: begin,
        rows: all(connection, &sql, params_from_iter(values.iter()), audited)?,
        total: usize::try_from(total).unwrap_or_default(),
    })
}

/// Adds the history's last row to the chain.
pub(super) fn chain(connection: &Connection, row: i64) -> StoreResult<()> {
    let last = first(
        connection,
        "SELECT hash FROM audit_chain ORDER BY id DESC LIMIT 1",
        [],
        |row| Ok(row.get::<_, Vec<u8>>(0)?),
    )?;
    if let Some(hash) = last {
        // Rows that were added or taken away from outside stay a gap, which is found.
        link(connection, row, &hash)?;
        return Ok(());
    }
    // What was noted before there was a chain is taken into it as it is.
    let rows = all(connection, "SELECT id FROM history ORDER BY id", [], |row| {
        Ok(row.get(0)?)
    })?;
    let mut hash = Vec::new();
    for row in rows {
        hash = link(connection, row, &hash)?;
    }
    Ok(())
}

fn link(connection: &Connection, row: i64, previous: &[u8]) -> StoreResult<Vec<u8>> {
    let who = first(
        connection,
        "SELECT users.name FROM history JOIN users ON users.id = history.by WHERE history.id = ?",
        [row],
        |row| Ok(row.get::<_, String>(0)?),
    )?;
    let said = first(connection, &format!("{SAID} WHERE history.id = ?"), [row], said)?;
    let Some(mut said) = said else {
        return Ok(previous.to_vec());
    };
    said.who.clone_from(&who);
    let hash = said.sum(previous);
    run(
        connection,
        "INSERT INTO audit_chain (id, who, hash) VALUES (?, ?, ?)",
        params![row, who, hash],
    )?;
    Ok(hash)
}

/// All that a row says.
struct Said {
    row: i64,
    at: i64,
    by: Option<i64>,
    order: Option<i64>,
    store: Option<String>,
    number: Option<String>,
    what: String,
    who: Option<String>,
    hash: Option<Vec<u8>>,
}

const SAID: &str = "SELECT history.id, history.at, history.by, history.order_id, orders.store, orders.number, \
     history.what, audit_chain.who, audit_chain.hash FROM history \
     LEFT JOIN audit_chain ON audit_chain.id = history.id LEFT JOIN orders ON orders.id = history.order_id";

fn said(row: &Row<'_>) -> StoreResult<Said> {
    Ok(Said {
        row: row.get(0)?,
        at: row.get(1)?,
        by: row.get(2)?,
        order: row.get(3)?,
        store: row.get(4)?,
        number: row.get(5)?,
        what: row.get(6)?,
        who: row.get(7)?,
        hash: row.get(8)?,
    })
}

impl Said {
    /// Each part with its length before it and nothing told apart from an empty text, so that no two rows are
    /// written alike.
    fn sum(&self, previous: &[u8]) -> Vec<u8> {
        fn part(hash: &mut Sha256, bytes: Option<&[u8]>) {
            let length = bytes.map_or(u64::MAX, |bytes| {
                u64::try_from(bytes.len()).unwrap_or(u64::MAX - 1)
            });
            hash.update(length.to_be_bytes());
            hash.update(bytes.unwrap_or_default());
        }
        let mut hash = Sha256::new();
        part(&mut hash, Some(previous));
        for number in [Some(self.row), Some(self.at), self.by, self.order] {
            part(
                &mut hash,
                number.map(i64::to_be_bytes).as_ref().map(<[u8; 8]>::as_slice),
            );
        }
        for text in [&self.store, &self.number, &self.who, &Some(self.what.clone())] {
            part(&mut hash, text.as_deref().map(str::as_bytes));
        }
        hash.finalize().to_vec()
    }
}

fn verify(connection: &Connection) -> StoreResult<Result<Proof, String>> {
    let advice = "somebody changed the database from outside: compare it with an export or a back-up";
    let begun = number(connection, "SELECT EXISTS (SELECT 1 FROM audit_chain)", [])? == 1;
    let ever = number(
        connection,
        "SELECT max(ifnull((SELECT seq FROM sqlite_sequence WHERE name = 'history'), 0), \
         ifnull((SELECT max(id) FROM audit_chain), 0))",
        [],
    )?;
    let mut statement = connection.prepare_cached(&format!("{SAID} ORDER BY history.id"))?;
    let mut rows = statement.query([])?;
    let (mut expected, mut previous) = (0, Vec::new());
    while let Some(row) = rows.next()? {
        let row = said(row)?;
        expected += 1;
        if row.row != expected {
            return Ok(Err(format!(
                "row {expected} of the audit log is missing: {advice}"
            )));
        }
        if !begun {
            continue;
        }
        let Some(hash) = &row.hash else {
            return Ok(Err(format!(
                "row {expected} of the audit log was not written by tapegun: {advice}"
            )));
        };
        if *hash != row.sum(&previous) {
            return Ok(Err(format!(
                "row {expected} of the audit log was changed: {advice}"
            )));
        }
        previous.clone_from(hash);
    }
    if expected < ever {
        return Ok(Err(format!(
            "row {} of the audit log is missing: {advice}",
            expected + 1
        )));
    }
    Ok(Ok(Proof {
        rows: expected,
        hash: hex(&previous),
    }))
}

#[cfg(test)]
mod tests;

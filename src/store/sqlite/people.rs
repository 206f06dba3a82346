//! People who sign in, and the history of who did what.

use super::audit;
use super::values::{all, first, from_word, micros, missing, refused, run, time, word};
use crate::domain::ids::{OrderId, UserId};
use crate::domain::rows::HistoryRow;
use crate::domain::user::{Role, User};
use crate::store::StoreResult;
use chrono::{DateTime, Utc};
use rusqlite::{Connection, Row, params};

pub(super) fn users(connection: &Connection) -> StoreResult<Vec<User>> {
    all(
        connection,
        "SELECT id, name, badge, role FROM users ORDER BY name",
        [],
        user_row,
    )
}

pub(super) fn user(connection: &Connection, id: UserId) -> StoreResult<User> {
    first(
        connection,
        "SELECT id, name, badge, role FROM users WHERE id = ?",
        [id.0],
        user_row,
    )?
    .ok_or_else(|| missing("user", id))
}

pub(super) fn add_user(
    connection: &Connection,
    name: &str,
    badge: &str,
    role: Role,
    now: DateTime<Utc>,
) -> StoreResult<User> {
    let (name, badge) = (name.trim(), badge.trim());
    if name.is_empty() || badge.is_empty() {
        return Err(refused("a user needs a name and a badge"));
    }
    let taken = first(
        connection,
        "SELECT id, name, badge, role FROM users WHERE name = ?1 OR badge = ?2",
        [name, badge],
        user_row,
    )?;
    if let Some(taken) = taken {
        return Err(refused(if taken.name.eq_ignore_ascii_case(name) {
            format!("there is already a user {}: choose another name", taken.name)
        } else {
            format!("this badge belongs to {}: use another one", taken.name)
        }));
    }
    run(
        connection,
        "INSERT INTO users (name, badge, role, created_at) VALUES (?, ?, ?, ?)",
        params![name, badge, word(&role)?, micros(now)],
    )?;
    let added = user(connection, UserId(connection.last_insert_rowid()))?;
    let what = format!("user {} added", added.name);
    note(connection, None, None, &what, now)?;
    Ok(added)
}

fn user_row(row: &Row<'_>) -> StoreResult<User> {
    Ok(User {
        id: UserId(row.get(0)?),
        name: row.get(1)?,
        badge: row.get(2)?,
        role: from_word(&row.get::<_, String>(3)?)?,
    })
}

/// Adds a line to the history, and a link to its chain: the audit log. `what` holds no customer data.
pub(super) fn note(
    connection: &Connection,
    order: Option<OrderId>,
    by: Option<UserId>,
    what: &str,
    now: DateTime<Utc>,
) -> StoreResult<()> {
    run(
        connection,
        "INSERT INTO history (order_id, at, by, what) VALUES (?, ?, ?, ?)",
        params![order.map(|id| id.0), micros(now), by.map(|id| id.0), what],
    )?;
    audit::chain(connection, connection.last_insert_rowid())
}

pub(super) fn history(connection: &Connection, order: OrderId) -> StoreResult<Vec<HistoryRow>> {
    all(
        connection,
        "SELECT history.at, users.name, history.what FROM history LEFT JOIN users ON users.id = history.by \
         WHERE history.order_id = ? ORDER BY history.id DESC",
        [order.0],
        |row| {
            let at = time(row.get(0)?)?;
            Ok(HistoryRow {
                at,
                by: row.get(1)?,
                what: row.get(2)?,
            })
        },
    )
}

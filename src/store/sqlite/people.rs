//! People who sign in, and the history of who did what.

use super::audit;
use super::values::{all, first, from_word, micros, missing, refused, run, time, word};
use crate::domain::ids::{OrderId, UserId};
use crate::domain::rows::HistoryRow;
use crate::domain::user::{Permission, Role, User, may};
use crate::store::StoreResult;
use chrono::{DateTime, Utc};
use rusqlite::{Connection, Row, params};

/// Those who work here.
pub(super) fn users(connection: &Connection) -> StoreResult<Vec<User>> {
    let sql = format!("{USER} WHERE disabled_at IS NULL ORDER BY name");
    all(connection, &sql, [], |row| user_row(connection, row))
}

/// Somebody who works here.
pub(super) fn user(connection: &Connection, id: UserId) -> StoreResult<User> {
    let sql = format!("{USER} WHERE id = ? AND disabled_at IS NULL");
    if let Some(user) = first(connection, &sql, [id.0], |row| user_row(connection, row))? {
        return Ok(user);
    }
    let name = anybody(connection, id)?.name;
    Err(refused(format!(
        "{name} is switched off here: ask who may change people"
    )))
}

/// A person, switched off or not.
pub(super) fn anybody(connection: &Connection, id: UserId) -> StoreResult<User> {
    let sql = format!("{USER} WHERE id = ?");
    first(connection, &sql, [id.0], |row| user_row(connection, row))?.ok_or_else(|| missing("user", id))
}

pub(super) const USER: &str = "SELECT id, name, badge, role, pin IS NOT NULL FROM users";

pub(super) fn add_user(
    connection: &Connection,
    name: &str,
    badge: &str,
    role: Role,
    by: Option<UserId>,
    now: DateTime<Utc>,
) -> StoreResult<User> {
    let (name, badge) = (name.trim(), badge.trim());
    if name.is_empty() || badge.is_empty() {
        return Err(refused("a user needs a name and a badge"));
    }
    let taken = first(
        connection,
        &format!("{USER} WHERE name = ?1 OR badge = ?2"),
        [name, badge],
        |row| user_row(connection, row),
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
    let what = format!("user {} added as {role}", added.name);
    note(connection, None, by, &what, now)?;
    Ok(added)
}

pub(super) fn user_row(connection: &Connection, row: &Row<'_>) -> StoreResult<User> {
    let (id, role) = (UserId(row.get(0)?), from_word(&row.get::<_, String>(3)?)?);
    let own = own(connection, id)?;
    let can = |permission: &Permission| may(role, &own, *permission);
    Ok(User {
        id,
        name: row.get(1)?,
        badge: row.get(2)?,
        role,
        may: Permission::ALL.into_iter().filter(can).collect(),
        has_pin: row.get(4)?,
    })
}

/// What was given to a person or taken besides the role.
pub(super) fn own(connection: &Connection, id: UserId) -> StoreResult<Vec<(Permission, bool)>> {
    let rows = all(
        connection,
        "SELECT permission, given FROM grants WHERE user_id = ? ORDER BY permission",
        [id.0],
        |row| Ok((row.get::<_, String>(0)?, row.get::<_, bool>(1)?)),
    )?;
    // A permission of a newer program means nothing here.
    let known = rows
        .into_iter()
        .filter_map(|(word, given)| Some((Permission::parse(&word)?, given)));
    Ok(known.collect())
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

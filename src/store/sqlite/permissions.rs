//! What people may do: asked within the transaction of whatever needs it.

use super::SqliteStore;
use super::people::{add_user, anybody, note, own, user, user_row};
use super::values::{all, first, maybe_time, micros, missing, refused, run, small, time, word};
use crate::domain::ids::UserId;
use crate::domain::user::{ASKED, Permission, Person, Role, User, lock_out};
use crate::store::{People, PinRecord, StoreResult};
use chrono::{DateTime, Utc};
use rusqlite::{Connection, params};

impl People for SqliteStore {
    fn people(&self) -> StoreResult<Vec<Person>> {
        self.read(people)
    }

    fn permit(&self, user: UserId, permission: Permission) -> StoreResult<()> {
        self.read(|connection| permit(connection, user, permission))
    }

    fn has_administrator(&self) -> StoreResult<bool> {
        self.read(has_administrator)
    }

    fn set_role(
        &mut self,
        id: UserId,
        role: Role,
        by: Option<UserId>,
        now: DateTime<Utc>,
    ) -> StoreResult<()> {
        self.write(|connection| {
            let had = may_change(connection, by)?;
            let person = user(connection, id)?;
            run(
                connection,
                "UPDATE users SET role = ? WHERE id = ?",
                params![word(&role)?, id.0],
            )?;
            keep_administrator(connection, had)?;
            note(
                connection,
                None,
                by,
                &format!("user {} is {role} now", person.name),
                now,
            )
        })
    }

    fn grant(
        &mut self,
        id: UserId,
        permission: Permission,
        given: Option<bool>,
        by: Option<UserId>,
        now: DateTime<Utc>,
    ) -> StoreResult<()> {
        self.write(|connection| {
            let had = may_change(connection, by)?;
            let person = user(connection, id)?;
            run(
                connection,
                "DELETE FROM grants WHERE user_id = ? AND permission = ?",
                params![id.0, permission.word()],
            )?;
            if let Some(given) = given {
                run(
                    connection,
                    "INSERT INTO grants (user_id, permission, given) VALUES (?, ?, ?)",
                    params![id.0, permission.word(), given],
                )?;
            }
            keep_administrator(connection, had)?;
            let how = match given {
                Some(true) => "is allowed to",
                Some(false) => "is forbidden to",
                None => "is left to the role whether to",
            };
            let what = format!("user {} {how} {}", person.name, permission.says());
            note(connection, None, by, &what, now)
        })
    }

    fn switch(&mut self, id: UserId, on: bool, by: Option<UserId>, now: DateTime<Utc>) -> StoreResult<()> {
        self.write(|connection| {
            let had = may_change(connection, by)?;
            let person = anybody(connection, id)?;
            run(
                connection,
                "UPDATE users SET disabled_at = iif(?1, NULL, ifnull(disabled_at, ?2)) WHERE id = ?3",
                params![on, micros(now), id.0],
            )?;
            keep_administrator(connection, had)?;
            let how = if on { "on again" } else { "off" };
            note(
                connection,
                None,
                by,
                &format!("user {} switched {how}", person.name),
                now,
            )
        })
    }

    fn review(&mut self, id: UserId, by: UserId, now: DateTime<Utc>) -> StoreResult<()> {
        self.write(|connection| {
            permit(connection, by, Permission::Users)?;
            let person = user(connection, id)?;
            run(
                connection,
                "UPDATE users SET reviewed_at = ? WHERE id = ?",
                params![micros(now), id.0],
            )?;
            let what = format!("user {} reviewed: still here, may what is needed", person.name);
            note(connection, None, Some(by), &what, now)
        })
    }

    fn add_user_by(
        &mut self,
        name: &str,
        badge: &str,
        role: Role,
        by: Option<UserId>,
        now: DateTime<Utc>,
    ) -> StoreResult<User> {
        self.write(|connection| {
            may_change(connection, by)?;
            add_user(connection, name, badge, role, by, now)
        })
    }

    fn pin(&self, id: UserId) -> StoreResult<PinRecord> {
        self.read(|connection| pin(connection, id))
    }

    fn set_pin(
        &mut self,
        id: UserId,
        hash: Option<String>,
        by: Option<UserId>,
        now: DateTime<Utc>,
    ) -> StoreResult<()> {
        self.write(|connection| {
            let person = user(connection, id)?;
            // One's own PIN is changed by whoever has just shown it; anybody else's by who may change people.
            if by != Some(id) || hash.is_none() {
                may_change(connection, by)?;
            }
            run(
                connection,
                "UPDATE users SET pin = ?, pin_failures = 0, pin_locked_until = NULL WHERE id = ?",
                params![hash, id.0],
            )?;
            let how = if hash.is_some() { "set" } else { "taken away" };
            note(
                connection,
                None,
                by,
                &format!("PIN of user {} {how}", person.name),
                now,
            )
        })
    }

    fn pin_tried(&mut self, id: UserId, right: bool, now: DateTime<Utc>) -> StoreResult<PinRecord> {
        self.write(|connection| {
            let failures = if right {
                0
            } else {
                pin(connection, id)?.failures.saturating_add(1)
            };
            let locked_until = lock_out(failures).map(|wait| now + wait);
            run(
                connection,
                "UPDATE users SET pin_failures = ?, pin_locked_until = ? WHERE id = ?",
                params![failures, locked_until.map(micros), id.0],
            )?;
            if locked_until.is_some() {
                let what = format!("PIN locked after {failures} wrong ones in a row");
                note(connection, None, Some(id), &what, now)?;
            }
            pin(connection, id)
        })
    }
}

fn pin(connection: &Connection, id: UserId) -> StoreResult<PinRecord> {
    first(
        connection,
        "SELECT pin, pin_failures, pin_locked_until FROM users WHERE id = ?",
        [id.0],
        |row| {
            Ok(PinRecord {
                hash: row.get(0)?,
                failures: small(row.get(1)?)?,
                locked_until: maybe_time(row.get(2)?)?,
            })
        },
    )?
    .ok_or_else(|| missing("user", id))
}

fn people(connection: &Connection) -> StoreResult<Vec<Person>> {
    all(
        connection,
        "SELECT id, name, badge, role, pin IS NOT NULL, disabled_at, ifnull(reviewed_at, created_at), \
         (SELECT max(at) FROM history WHERE history.by = users.id), \
         (SELECT max(at) FROM scans WHERE scans.by = users.id) FROM users ORDER BY name",
        [],
        |row| {
            let mut user = user_row(connection, row)?;
            let disabled_at = maybe_time(row.get(5)?)?;
            if disabled_at.is_some() {
                user.may.clear();
            }
            Ok(Person {
                own: own(connection, user.id)?,
                user,
                disabled_at,
                seen_at: maybe_time(row.get::<_, Option<i64>>(7)?.max(row.get(8)?))?,
                reviewed_at: time(row.get(6)?)?,
            })
        },
    )
}

/// Refused where this person may not do it.
pub(super) fn permit(connection: &Connection, id: UserId, permission: Permission) -> StoreResult<()> {
    let person = user(connection, id)?;
    if person.may.contains(&permission) {
        return Ok(());
    }
    let people = people(connection)?;
    let others: Vec<&str> = people
        .iter()
        .filter(|other| other.user.may.contains(&permission))
        .map(|other| other.user.name.as_str())
        .take(ASKED)
        .collect();
    Err(refused(person.may_not(permission, &others)))
}

/// The same, where somebody is named; the program itself may.
pub(super) fn permit_named(
    connection: &Connection,
    by: Option<UserId>,
    permission: Permission,
) -> StoreResult<()> {
    by.map_or(Ok(()), |by| permit(connection, by, permission))
}

fn has_administrator(connection: &Connection) -> StoreResult<bool> {
    let people = people(connection)?;
    Ok(people
        .iter()
        .any(|person| person.user.may.contains(&Permission::Users)))
}

/// Who changes people must be allowed to, as soon as anybody is. Whether anybody is.
pub(super) fn may_change(connection: &Connection, by: Option<UserId>) -> StoreResult<bool> {
    if !has_administrator(connection)? {
        return Ok(false);
    }
    match by {
        Some(by) => permit(connection, by, Permission::Users).map(|()| true),
        None => Err(refused(
            "say who does it: people are changed only by who may change people (--user NAME)",
        )),
    }
}

/// The last one who may change people stays so.
fn keep_administrator(connection: &Connection, had: bool) -> StoreResult<()> {
    if had && !has_administrator(connection)? {
        return Err(refused(
            "nobody would be left who may change people: give that to somebody else first",
        ));
    }
    Ok(())
}

//! The domain's values as columns, and the few helpers that every query uses.

use crate::domain::badge::Badge;
use crate::domain::money::{Currency, Money};
use crate::domain::shipment::LabelState;
use crate::domain::status::OrderStatus;
use crate::store::{Refusal, StoreError, StoreResult};
use chrono::{DateTime, Utc};
use rusqlite::{Connection, Params, Row};
use serde::Serialize;
use serde::de::DeserializeOwned;

/// `ship_by` of an order without one: sorts last.
pub(super) const NEVER: i64 = i64::MAX;

/// All rows of a query.
pub(super) fn all<T>(
    connection: &Connection,
    sql: &str,
    parameters: impl Params,
    map: impl Fn(&Row<'_>) -> StoreResult<T>,
) -> StoreResult<Vec<T>> {
    let mut statement = connection.prepare_cached(sql)?;
    let mut rows = statement.query(parameters)?;
    let mut found = Vec::new();
    while let Some(row) = rows.next()? {
        found.push(map(row)?);
    }
    Ok(found)
}

/// The first row of a query, if there is one.
pub(super) fn first<T>(
    connection: &Connection,
    sql: &str,
    parameters: impl Params,
    map: impl Fn(&Row<'_>) -> StoreResult<T>,
) -> StoreResult<Option<T>> {
    let mut statement = connection.prepare_cached(sql)?;
    let mut rows = statement.query(parameters)?;
    rows.next()?.map(map).transpose()
}

/// The one number that a query always gives, e.g. a count.
pub(super) fn number(connection: &Connection, sql: &str, parameters: impl Params) -> StoreResult<i64> {
    let mut statement = connection.prepare_cached(sql)?;
    Ok(statement.query_row(parameters, |row| row.get(0))?)
}

/// Runs a statement; how many rows it changed.
pub(super) fn run(connection: &Connection, sql: &str, parameters: impl Params) -> StoreResult<usize> {
    Ok(connection.prepare_cached(sql)?.execute(parameters)?)
}

/// A moment as it is stored.
pub(super) fn micros(time: DateTime<Utc>) -> i64 {
    time.timestamp_micros()
}

/// A moment as it was stored.
pub(super) fn time(micros: i64) -> StoreResult<DateTime<Utc>> {
    DateTime::from_timestamp_micros(micros).ok_or_else(|| unreadable("time"))
}

/// As [`time`], where there may be none.
pub(super) fn maybe_time(micros: Option<i64>) -> StoreResult<Option<DateTime<Utc>>> {
    micros.map(time).transpose()
}

/// A value that is read and written whole.
pub(super) fn json<T: Serialize>(value: &T) -> StoreResult<String> {
    serde_json::to_string(value).map_err(|error| StoreError::Failed(error.to_string()))
}

/// A value as [`json`] wrote it.
pub(super) fn parsed<T: DeserializeOwned>(text: &str) -> StoreResult<T> {
    serde_json::from_str(text).map_err(|error| StoreError::Failed(format!("a row cannot be read: {error}")))
}

/// As [`parsed`], where there may be none.
pub(super) fn maybe_parsed<T: DeserializeOwned>(text: Option<String>) -> StoreResult<Option<T>> {
    text.map(|text| parsed(&text)).transpose()
}

/// A number that the schema keeps small and positive.
pub(super) fn small(number: i64) -> StoreResult<u32> {
    u32::try_from(number).map_err(|_| unreadable("number"))
}

/// Money from its two columns.
pub(super) fn money(minor: i64, currency: &str) -> StoreResult<Money> {
    Ok(Money::new(
        minor,
        Currency::parse(currency).ok_or_else(|| unreadable("currency"))?,
    ))
}

/// An id of sixteen bytes.
pub(super) fn uuid(bytes: &[u8]) -> StoreResult<uuid::Uuid> {
    uuid::Uuid::from_slice(bytes).map_err(|_| unreadable("id"))
}

/// A state as it was stored.
pub(super) fn label_state(words: &str) -> StoreResult<LabelState> {
    LabelState::from_words(words).ok_or_else(|| unreadable("label state"))
}

const STATUSES: [(OrderStatus, &str); 9] = [
    (OrderStatus::Pending, "pending"),
    (OrderStatus::Review, "review"),
    (OrderStatus::OnHold, "on_hold"),
    (OrderStatus::ReadyToPick, "ready_to_pick"),
    (OrderStatus::InPicking, "in_picking"),
    (OrderStatus::InPacking, "in_packing"),
    (OrderStatus::ReadyForPickup, "ready_for_pickup"),
    (OrderStatus::Shipped, "shipped"),
    (OrderStatus::Canceled, "canceled"),
];

/// A status as it is stored.
pub(super) fn status_text(status: OrderStatus) -> &'static str {
    STATUSES
        .iter()
        .find_map(|(known, text)| (*known == status).then_some(*text))
        .expect("the table has every status")
}

/// A status as it was stored.
pub(super) fn status(text: &str) -> StoreResult<OrderStatus> {
    STATUSES
        .iter()
        .find_map(|(status, known)| (*known == text).then_some(*status))
        .ok_or_else(|| unreadable("order status"))
}

/// Badges in their fixed order: the bit of each is its place.
pub(super) const BADGES: [Badge; 4] = [
    Badge::Prime,
    Badge::Business,
    Badge::Commercial,
    Badge::Transparency,
];

/// Badges as they are stored.
pub(super) fn badge_bits(badges: &[Badge]) -> i64 {
    (0_i64..)
        .zip(BADGES)
        .filter(|(_, badge)| badges.contains(badge))
        .map(|(bit, _)| 1 << bit)
        .sum()
}

/// Badges as they were stored.
pub(super) fn badges(bits: i64) -> Vec<Badge> {
    (0_i64..)
        .zip(BADGES)
        .filter(|(bit, _)| bits >> bit & 1 == 1)
        .map(|(_, badge)| badge)
        .collect()
}

/// A word of a serde enum, e.g. `delivery-confirmation`.
pub(super) fn word<T: Serialize>(value: &T) -> StoreResult<String> {
    json(value).map(|text| text.trim_matches('"').to_owned())
}

/// A word as [`word`] wrote it.
pub(super) fn from_word<T: DeserializeOwned>(word: &str) -> StoreResult<T> {
    parsed(&format!("\"{word}\""))
}

/// A refusal in words.
pub(super) fn refused(words: impl Into<String>) -> StoreError {
    StoreError::Refused(Refusal::Other(words.into()))
}

/// Not found.
pub(super) fn missing(what: &'static str, which: impl std::fmt::Display) -> StoreError {
    StoreError::NotFound {
        what,
        which: which.to_string(),
    }
}

fn unreadable(what: &str) -> StoreError {
    StoreError::Failed(format!("a row cannot be read: {what}"))
}

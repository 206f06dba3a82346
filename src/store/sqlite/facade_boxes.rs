//! The interface's part of several boxes, method by method.

use super::{SqliteStore, boxes};
use crate::domain::ids::UserId;
use crate::domain::rows::BoxRow;
use crate::store::{Boxes, StoreResult, Turn};
use chrono::{DateTime, Utc};

impl Boxes for SqliteStore {
    fn next_box(&mut self, from: Turn, by: UserId, now: DateTime<Utc>) -> StoreResult<BoxRow> {
        self.write(|connection| boxes::next(connection, from, by, now))
    }

    fn open_box(&mut self, from: Turn, number: u32, by: UserId, now: DateTime<Utc>) -> StoreResult<BoxRow> {
        self.write(|connection| boxes::open_by_number(connection, from, number, by, now))
    }
}

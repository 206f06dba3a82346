//! The interface's part of labels from elsewhere, method by method.

use super::SqliteStore;
use super::{confirmations, outside, typed_answers};
use crate::domain::confirmation::ConfirmationRow;
use crate::domain::ids::{IntentId, OrderId, UserId};
use crate::domain::rows::LabelRow;
use crate::store::{ConfirmSettlement, Lead, OutsideLabels, RecordOutside, StoreResult};
use chrono::{DateTime, Utc};

impl OutsideLabels for SqliteStore {
    fn record_outside(&mut self, record: &RecordOutside, now: DateTime<Utc>) -> StoreResult<LabelRow> {
        self.write_typed(|connection, typist| {
            let record = RecordOutside {
                reason: typist.keep_some(connection, record.order, record.reason.as_deref(), now)?,
                ..record.clone()
            };
            outside::record(connection, &record, now)
        })
    }

    fn confirmations_of(&self, order: OrderId) -> StoreResult<Vec<ConfirmationRow>> {
        self.read(|connection| confirmations::of_order(connection, order))
    }

    fn confirmations_at_work(&self) -> StoreResult<Vec<ConfirmationRow>> {
        self.read(confirmations::at_work)
    }

    fn want_confirmation(&mut self, label: IntentId, by: UserId, now: DateTime<Utc>) -> StoreResult<()> {
        self.write(|connection| confirmations::want_again(connection, label, by, now))
    }

    fn begin_confirming(
        &mut self,
        lead: Lead,
        label: IntentId,
        request: &str,
        now: DateTime<Utc>,
    ) -> StoreResult<u32> {
        self.write(|connection| confirmations::begin(connection, lead, label, request, now))
    }

    fn settle_confirmation(
        &mut self,
        label: IntentId,
        settlement: &ConfirmSettlement,
        now: DateTime<Utc>,
    ) -> StoreResult<ConfirmationRow> {
        self.write_typed(|connection, typist| {
            let settlement = typed_answers::confirmed(connection, typist, label, settlement, now)?;
            confirmations::settle(connection, label, &settlement, now)
        })
    }
}

//! Labels that were bought elsewhere, and what Amazon is told of them: the part of the store's interface that
//! records and confirms. The rest of a label's life is [`Store`](super::Store)'s.

use super::{Lead, StoreResult};
use crate::domain::confirmation::ConfirmationRow;
use crate::domain::ids::{BoxId, Epoch, IntentId, OrderId, StationId, UserId};
use crate::domain::money::Money;
use crate::domain::outside::Carrier;
use crate::domain::rows::LabelRow;
use chrono::{DateTime, Utc};

/// A label that was bought elsewhere for a packed box.
#[derive(Debug, Clone)]
pub struct RecordOutside {
    /// New id. Recording it again under the same id is harmless.
    pub id: IntentId,
    /// Order.
    pub order: OrderId,
    /// Box.
    pub box_id: BoxId,
    /// Owner's turn at the box.
    pub turn: Epoch,
    /// Carrier.
    pub carrier: Carrier,
    /// Method, in the carrier's words.
    pub method: String,
    /// Tracking number as scanned or typed.
    pub tracking: String,
    /// The person says that a number without a check digit was typed right.
    pub checked: bool,
    /// What the label cost.
    pub cost: Money,
    /// Typed reason, where one is wanted.
    pub reason: Option<String>,
    /// Who.
    pub by: UserId,
    /// Station.
    pub station: StationId,
    /// Orders become Shipped only when they are checked out; otherwise with this.
    pub manifests: bool,
}

/// How a confirmation is settled.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum ConfirmSettlement {
    /// Amazon has it.
    Confirmed {
        /// Said with it, where there is something to say.
        why: Option<String>,
        /// `x-amzn-RequestId`.
        request_id: Option<String>,
    },
    /// Surely not heard: wanted again.
    NotSent {
        /// In words.
        why: String,
        /// Not again before this.
        not_before: Option<DateTime<Utc>>,
    },
    /// Refused, or not asked because the order is not fresh.
    Refused {
        /// In words.
        why: String,
        /// `x-amzn-RequestId`.
        request_id: Option<String>,
    },
    /// The answer was lost: asked again with the same package reference.
    Unknown {
        /// In words.
        why: String,
        /// Not again before this.
        not_before: Option<DateTime<Utc>>,
    },
}

/// Recording and confirming.
pub trait OutsideLabels {
    /// Records a label that was bought elsewhere, *bought* at once, and writes down that Amazon is to be told
    /// (not for orders that are not Amazon's). Refused unless the order can ship, every unit is verified with
    /// its code, the box has no live label, the number can be the carrier's, and the method is allowed.
    /// Taken back with [`Store::want_void`](super::Store::want_void), which voids it at once.
    fn record_outside(&mut self, record: &RecordOutside, now: DateTime<Utc>) -> StoreResult<LabelRow>;
    /// Confirmations of an order, oldest first.
    fn confirmations_of(&self, order: OrderId) -> StoreResult<Vec<ConfirmationRow>>;
    /// Confirmations that the leader must carry out, oldest first.
    fn confirmations_at_work(&self) -> StoreResult<Vec<ConfirmationRow>>;
    /// A person wants a refused confirmation to be tried again.
    fn want_confirmation(&mut self, label: IntentId, by: UserId, now: DateTime<Utc>) -> StoreResult<()>;
    /// One durable transaction before a confirmation goes out: checks the epoch and that the label still
    /// stands, keeps what is sent (on the first sending), *asked*. Returns how many sendings there were.
    fn begin_confirming(
        &mut self,
        lead: Lead,
        label: IntentId,
        request: &str,
        now: DateTime<Utc>,
    ) -> StoreResult<u32>;
    /// Settles a confirmation; idempotent.
    fn settle_confirmation(
        &mut self,
        label: IntentId,
        settlement: &ConfirmSettlement,
        now: DateTime<Utc>,
    ) -> StoreResult<ConfirmationRow>;
}

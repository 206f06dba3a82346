//! Cancellations of labels, and the carrier's scan that ends them.

use super::ledger::{Entry, Refund, Shipment};
use super::wire::Answer;
use super::world::World;
use chrono::{DateTime, TimeDelta, Utc};
use serde_json::json;
use std::io;

/// Days after the purchase on which an unused label can still be canceled.
const VOID_DAYS: i64 = 14;

impl World {
    /// Whether a label can still be canceled: in its window, and not on a parcel that the carrier has.
    pub(super) fn is_voidable(&self, shipment: &Shipment) -> bool {
        !self.switches.rejects_cancels
            && shipment.scanned.is_none()
            && self.now() - shipment.bought <= TimeDelta::days(VOID_DAYS)
    }

    /// `PUT /shipping/v2/shipments/{shipmentId}/cancel`: an empty payload, whatever becomes of the money.
    pub(super) fn cancel(&mut self, seller: usize, id: &str) -> Result<Answer, Answer> {
        let shipment = self
            .shipments
            .iter()
            .find(|shipment| shipment.id == id && shipment.seller == seller && shipment.merchant.is_none())
            .ok_or_else(|| Answer::not_found("The shipment was not found."))?;
        if shipment.canceled.is_some() {
            return Err(Answer::invalid("The shipment is already canceled."));
        }
        if !self.is_voidable(shipment) {
            return Err(Answer::invalid("The shipment can no longer be canceled."));
        }
        self.keep_cancel(id, None)?;
        Ok(Answer::ok(&json!({"payload": {}})))
    }

    /// Cancels a label durably.
    pub(super) fn keep_cancel(&mut self, id: &str, refund: Option<Refund>) -> Result<(), Answer> {
        let at = self.now();
        self.journal
            .keep(&Entry::Canceled {
                shipment: id.to_owned(),
                at,
                refund,
            })
            .map_err(|_| Answer::unwritable())?;
        self.record_cancel(id, at, refund);
        Ok(())
    }

    /// Books a cancellation. The order stays shipped.
    pub(super) fn record_cancel(&mut self, id: &str, at: DateTime<Utc>, refund: Option<Refund>) {
        let lag = TimeDelta::seconds(self.switches.packages_lag_seconds.into());
        let Some(shipment) = self.shipments.iter_mut().find(|shipment| shipment.id == id) else {
            return;
        };
        shipment.canceled = Some(at);
        shipment.refund = refund;
        let package = self.orders.get_mut(&shipment.order).and_then(|order| {
            order
                .packages
                .iter_mut()
                .find(|package| package.shipment.as_deref() == Some(id))
        });
        if let Some(package) = package {
            package.canceled = Some(at + lag);
        }
    }

    /// The carrier scans a parcel, named by its shipment or its tracking number; false if there is none.
    pub(super) fn scan(&mut self, name: &str) -> io::Result<bool> {
        let Some(shipment) = self
            .shipments
            .iter()
            .find(|shipment| shipment.id == name || shipment.tracking == name)
        else {
            return Ok(false);
        };
        if shipment.scanned.is_none() {
            let (id, at) = (shipment.id.clone(), self.now());
            self.journal.keep(&Entry::Scanned {
                shipment: id.clone(),
                at,
            })?;
            self.record_scan(&id, at);
        }
        Ok(true)
    }

    pub(super) fn record_scan(&mut self, id: &str, at: DateTime<Utc>) {
        let Some(shipment) = self.shipments.iter_mut().find(|shipment| shipment.id == id) else {
            return;
        };
        shipment.scanned = Some(at);
        let package = self.orders.get_mut(&shipment.order).and_then(|order| {
            order
                .packages
                .iter_mut()
                .find(|package| package.shipment.as_deref() == Some(id))
        });
        if let Some(package) = package {
            package.scanned = Some(at);
        }
    }
}

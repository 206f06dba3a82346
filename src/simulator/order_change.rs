//! What happens to orders from outside: buyers, Amazon, other programs.

use super::ledger::Entry;
use super::order::{Base, OrderChange, Package};
use super::world::World;
use chrono::{DateTime, Utc};
use std::io;

impl World {
    /// Changes an order from outside, durably; false if it does not exist.
    pub(super) fn change(&mut self, order: &str, what: OrderChange) -> io::Result<bool> {
        if !self.orders.contains_key(order) {
            return Ok(false);
        }
        let at = self.now();
        self.journal.keep(&Entry::Changed {
            order: order.to_owned(),
            at,
            what: Box::new(what.clone()),
        })?;
        self.record_change(order, at, what);
        Ok(true)
    }

    pub(super) fn record_change(&mut self, number: &str, at: DateTime<Utc>, what: OrderChange) {
        let Some(order) = self.orders.get_mut(number) else {
            return;
        };
        order.updated = at;
        match what {
            OrderChange::Cancel => order.base = Base::Canceled,
            OrderChange::RequestCancel => {
                order
                    .lines
                    .iter_mut()
                    .for_each(|line| line.cancel_requested = true);
            }
            OrderChange::Address { address } => order.address = address,
            OrderChange::Street { line } => match order.address.lines.first_mut() {
                Some(first) => *first = line,
                None => order.address.lines.push(line),
            },
            OrderChange::Quantity { line, quantity } => {
                order
                    .lines
                    .iter_mut()
                    .filter(|known| known.id == line)
                    .for_each(|known| known.quantity = quantity);
            }
            OrderChange::ShipElsewhere { carrier, tracking } => {
                let package = Package {
                    reference: (order.packages.len() + 1).to_string(),
                    service: "Standard".to_owned(),
                    carrier,
                    tracking,
                    created: at,
                    shown: at,
                    shipped: None,
                    canceled: None,
                    scanned: None,
                    shipment: None,
                    items: order
                        .lines
                        .iter()
                        .map(|line| (line.id.clone(), line.quantity, Vec::new()))
                        .collect(),
                };
                order.packages.push(package);
            }
            OrderChange::Open => order.base = Base::Open,
        }
    }
}

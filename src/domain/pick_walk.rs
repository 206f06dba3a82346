//! Picking by scan: the walk from bin to bin, which product is next, into which tote it goes.
//!
//! Pure. What is picked stands in the store; a scan counts once whatever happens to the program.

#[cfg(test)]
mod tests;

use super::ids::{OrderId, OrderNumber, PickListId, Sku};
use super::pick_sheet::by_bin;
use super::product::Product;
use super::scan::barcode_key;
use std::collections::BTreeMap;

/// Units of one product for one order.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PickStep {
    /// Where the product lies; empty: not known.
    pub bin: String,
    /// Product.
    pub sku: Sku,
    /// Title.
    pub title: String,
    /// Its order.
    pub order: OrderId,
    /// The order's number.
    pub number: OrderNumber,
    /// Tote: the order's place on the list.
    pub tote: u32,
    /// Units to pick.
    pub wanted: u32,
    /// Units picked.
    pub picked: u32,
    /// Why the rest is not there; none: it is still to be picked.
    pub short: Option<String>,
}

impl PickStep {
    /// Units that are still to be picked.
    pub fn left(&self) -> u32 {
        if self.short.is_some() {
            0
        } else {
            self.wanted.saturating_sub(self.picked)
        }
    }
}

/// The walk of a pick list.
#[derive(Debug, Clone, PartialEq)]
pub struct PickWalk {
    /// List.
    pub list: PickListId,
    /// Its name.
    pub name: String,
    /// Steps by bin, product, tote.
    pub steps: Vec<PickStep>,
    /// What was picked for orders that stopped since: tote, order and why.
    pub put_back: Vec<(u32, OrderNumber, String)>,
    /// Products of the steps, for their barcodes.
    pub products: Vec<Product>,
}

/// What a scan means on the walk.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum PickVerdict {
    /// Units of the product go into the tote of this step.
    Take {
        /// Place in `steps`.
        step: usize,
        /// Units.
        quantity: u32,
    },
    /// A bin: its first open step.
    Bin(usize),
    /// Refused, in words.
    Refused(String),
}

impl PickWalk {
    /// Sorts steps as they are walked.
    pub fn sort(&mut self) {
        self.steps.sort_by(|a, b| {
            by_bin(&a.bin, &b.bin)
                .then_with(|| a.sku.cmp(&b.sku))
                .then_with(|| a.tote.cmp(&b.tote))
        });
    }

    /// Takes over what was picked of another reading of the same list, where that is more: nothing is ever unpicked.
    pub fn keep_picked(&mut self, known: &Self) {
        let picked: BTreeMap<(OrderId, &Sku), u32> = known
            .steps
            .iter()
            .map(|step| ((step.order, &step.sku), step.picked))
            .collect();
        for step in &mut self.steps {
            if let Some(more) = picked.get(&(step.order, &step.sku)) {
                step.picked = step.picked.max(*more);
            }
        }
    }

    /// The first step from `from` on that is not done, going round.
    pub fn next(&self, from: usize) -> Option<usize> {
        let count = self.steps.len();
        (0..count)
            .map(|ahead| (from + ahead) % count)
            .find(|place| self.steps[*place].left() > 0)
    }

    /// Units picked and wanted in all, and units that are not there.
    pub fn counts(&self) -> (u32, u32, u32) {
        let picked = self.steps.iter().map(|step| step.picked).sum();
        let wanted = self.steps.iter().map(|step| step.wanted).sum();
        let short = self.steps.iter().filter(|step| step.short.is_some());
        (
            picked,
            wanted,
            short.map(|step| step.wanted - step.picked.min(step.wanted)).sum(),
        )
    }

    /// A code that is neither a tote nor any other of the station's own: a product, a case or a bin.
    pub fn scan(&self, code: &str, from: usize) -> PickVerdict {
        let key = barcode_key(code);
        let mut known = None;
        for product in &self.products {
            let quantities = product.quantities_of(&key);
            if let [quantity] = quantities[..] {
                known = Some((&product.sku, quantity));
            } else if quantities.len() > 1 {
                return PickVerdict::Refused(format!(
                    "{code} stands for several quantities: scan a single unit"
                ));
            }
        }
        if let Some((sku, quantity)) = known {
            return self.take(sku, quantity, from);
        }
        let bin = self.steps.iter().position(|step| {
            !step.bin.is_empty() && step.bin.eq_ignore_ascii_case(code.trim()) && step.left() > 0
        });
        match bin {
            Some(place) => PickVerdict::Bin(place),
            None if self
                .steps
                .iter()
                .any(|step| step.bin.eq_ignore_ascii_case(code.trim())) =>
            {
                PickVerdict::Refused(format!("bin {} is done: go on to the next one", code.trim()))
            }
            None => PickVerdict::Refused("not on this list: put it back".to_owned()),
        }
    }

    fn take(&self, sku: &Sku, quantity: u32, from: usize) -> PickVerdict {
        let count = self.steps.len();
        let open = (0..count)
            .map(|ahead| (from + ahead) % count)
            .find(|place| self.steps[*place].sku == *sku && self.steps[*place].left() > 0);
        match open {
            None => PickVerdict::Refused(format!("{sku}: all of it is picked, put this one back")),
            Some(step) if self.steps[step].left() < quantity => PickVerdict::Refused(format!(
                "a case of {quantity}, and tote T{} takes {}: scan single units",
                self.steps[step].tote,
                self.steps[step].left()
            )),
            Some(step) => PickVerdict::Take { step, quantity },
        }
    }
}

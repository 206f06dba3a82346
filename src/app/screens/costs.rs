//! Linked carrier accounts and what labels cost: read when the dialog opens, asked of Amazon where that is old.

use crate::app::effect::{Commit, MoneyFacts, Query, Slot};
use crate::app::layers::Layer;
use crate::app::state::{Awaited, State};
use crate::domain::ids::StoreId;
use chrono::TimeDelta;

/// Spend, and the share of Prime orders that ship with Amazon Buy Shipping, are shown for this time.
pub const SPEND_DAYS: i64 = 30;

/// Accounts that were told longer ago are asked for again.
const OLD: TimeDelta = TimeDelta::minutes(10);

impl State {
    /// Opens the dialog.
    pub(crate) fn show_costs(&mut self) {
        self.costs = None;
        self.layers.push(Layer::Costs(0));
        self.read_costs();
    }

    pub(crate) fn read_costs(&mut self) {
        let since = self.now - TimeDelta::days(SPEND_DAYS);
        self.read(Slot::Money, Query::Money(since));
    }

    /// Takes the facts; the first time the dialog sees them it has old or missing accounts asked for.
    pub(crate) fn take_costs(&mut self, facts: MoneyFacts) {
        let shown = self.layers.iter().any(|layer| matches!(layer, Layer::Costs(_)));
        if self.costs.is_none() && shown {
            let now = self.now;
            let known = |store: &StoreId| facts.accounts.iter().find(|known| known.store == *store);
            let old: Vec<StoreId> = self
                .setup
                .stores
                .iter()
                .map(|store| store.id.clone())
                .filter(|store| {
                    known(store).is_none_or(|known| {
                        !known.asking && known.told_at.is_none_or(|told| now - told > OLD)
                    })
                })
                .collect();
            if !old.is_empty() {
                self.commit(Commit::WantAccounts(old), Awaited::Note);
            }
        }
        self.costs = Some(facts);
    }
}

//! Why a method was picked: the rates at hand, each label, each scan, on one screen of lines.

use crate::app::effect::{Query, Slot};
use crate::app::layers::Layer;
use crate::app::screens::policies::Told;
use crate::app::state::State;
use crate::domain::explain::{WhyFacts, explain, lines};

impl State {
    pub(crate) fn show_why(&mut self) {
        if let Some(order) = self.bench.as_ref().map(|bench| bench.order) {
            self.read(Slot::Why, Query::Why(order));
        }
    }

    /// What explains the open order is read: shown, unless the packer has gone on meanwhile.
    pub(crate) fn take_why(&mut self, order: crate::domain::ids::OrderId, facts: &WhyFacts) {
        let Some(bench) = self.bench.as_ref().filter(|bench| bench.order == order) else {
            return;
        };
        let Some(detail) = bench.detail.as_ref().filter(|_| self.layers.is_empty()) else {
            return;
        };
        let selected = bench.offers.get(bench.selected_offer);
        let wanted = selected
            .filter(|_| bench.by_hand)
            .map(|offer| offer.rate.id.as_str());
        let now = bench
            .answer()
            .filter(|_| bench.frozen().is_none())
            .map(|answer| explain(detail, answer, &bench.judged, wanted, None));
        let number = &detail.order.channel.number;
        let told = Told {
            title: format!("Why? Order {number}"),
            lines: lines(number, detail, facts, now.as_ref(), self.setup.zone),
            top: 0,
        };
        self.layers.push(Layer::Told(Box::new(told)));
    }
}

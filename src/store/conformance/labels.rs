//! The leader's side of a label: asking, settling, voiding (PURCHASING.md 2 to 5).

use super::Case;
use super::bench::{Bench, bought, refusal, tracking};
use crate::domain::shipment::LabelState;
use crate::domain::status::OrderStatus;
use crate::store::{Refusal, Settlement};

pub(super) const CASES: &[Case] = &[("a label is bought, printed and voided", main_path)];

fn main_path(mut bench: Bench) {
    let want = bench.wanted(1);
    assert_eq!(bench.state(want.id), LabelState::Wanted);
    let lead = bench.lead();
    assert_eq!(bench.ask(lead, want.id).unwrap(), 1);
    assert_eq!(bench.state(want.id), LabelState::Asked);
    let label = bench.settle(want.id, &bought(&tracking(1)));
    assert_eq!(label.state, LabelState::Bought);
    let order = bench.store.order(want.order).unwrap();
    assert_eq!(order.order.status, OrderStatus::ReadyForPickup);
    bench.void(want.id);
    assert_eq!(bench.state(want.id), LabelState::Voided);
    let order = bench.store.order(want.order).unwrap();
    assert_eq!(order.order.status, OrderStatus::ReadyToPick);
    assert!(order.scans.is_empty());
    assert!(bench.proven() >= 6);
    let again = bench.pack(want.order);
    bench.store.want_label(&again, bench.now).unwrap();
}

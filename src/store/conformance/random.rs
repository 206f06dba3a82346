//! Random acts of packers, leaders, supervisors and time: I1 and I5 hold after each of them.

use super::Make;
use super::station::{Bench, bought, station, wish};
use crate::domain::ids::{IntentId, OrderId, TrackingNumber};
use crate::domain::rows::PrintState;
use crate::domain::status::OrderStatus;
use crate::store::{Lead, Settlement, StoreError, StoreResult, VoidSettlement};
use chrono::TimeDelta;
use proptest::test_runner::{Config, TestRunner};
use std::collections::BTreeMap;

/// An act, and numbers to choose what it is done to.
type Act = (u8, usize, usize);

/// Never two live labels for a box, never a label lost, the chain always whole.
pub(super) fn never_two_live_labels(make: Make<'_>) {
    let mut runner = TestRunner::new(Config {
        cases: 24,
        failure_persistence: None,
        ..Config::default()
    });
    let acts = proptest::collection::vec((0_u8..16, 0_usize..4, 0_usize..6), 20..120);
    let result = runner.run(&acts, |acts| {
        let mut world = World::new(Bench::new(make()));
        for act in acts {
            world.act(act);
            world.check();
        }
        Ok(())
    });
    if let Err(failure) = result {
        panic!("{failure}");
    }
}

struct World {
    bench: Bench,
    orders: Vec<OrderId>,
    labels: Vec<IntentId>,
    leads: Vec<Lead>,
    /// What the carrier sold, by wish: the same number for the same wish.
    sold: BTreeMap<IntentId, String>,
}

impl World {
    fn new(mut bench: Bench) -> Self {
        let orders = (1..=2).map(|n| bench.mugs(n, 1)).collect();
        let leads = vec![bench.lead()];
        Self {
            bench,
            orders,
            labels: Vec::new(),
            leads,
            sold: BTreeMap::new(),
        }
    }

    fn act(&mut self, (act, one, two): Act) {
        let order = self.orders[one % self.orders.len()];
        let Some(id) = self.labels.get(self.labels.len().wrapping_sub(1 + two)).copied() else {
            return self.wish(order);
        };
        let lead = self.leads[self.leads.len().saturating_sub(1 + one % 2)];
        let now = self.bench.now;
        let done = match act {
            0..=2 => return self.wish(order),
            3..=5 => self.bench.ask(lead, id).map(|_| ()),
            6 => self.settle(
                id,
                &Settlement::Unknown {
                    why: format!("lost {two}"),
                },
            ),
            7 => self.settle(
                id,
                &Settlement::Refused {
                    why: "refused".to_owned(),
                    error: None,
                },
            ),
            8 => self.settle(
                id,
                &Settlement::NotSent {
                    why: "no network".to_owned(),
                    not_before: None,
                },
            ),
            9 => self.sell(id),
            10 => {
                let void = self.bench.store.want_void(id, &wish(self.bench.packer, ""), now);
                self.labels.push(id);
                void
            }
            11 => self.bench.store.begin_voiding(lead, id, now).map(|_| ()),
            12 => {
                let settlement = match one {
                    0 | 1 => VoidSettlement::Accepted,
                    2 => VoidSettlement::Refused { why: "no".to_owned() },
                    _ => VoidSettlement::Unknown {
                        why: "lost".to_owned(),
                    },
                };
                self.bench.store.settle_void(id, &settlement, now).map(|_| ())
            }
            13 => {
                let lead = self.bench.lead();
                self.leads.push(lead);
                Ok(())
            }
            14 => self.print(),
            _ => self.decide(id, two),
        };
        refused_or_done(done);
    }

    /// A packer packs the order as far as it goes and wishes for a label.
    fn wish(&mut self, order: OrderId) {
        let bench = &mut self.bench;
        bench.wait(TimeDelta::minutes(1));
        let opened = bench.store.begin_packing(
            order,
            bench.packer,
            true,
            crate::domain::rate::Confirmation::DeliveryConfirmation,
            bench.now,
        );
        let Ok(parcel) = opened else {
            // Frozen: a wish for the box as it was must be refused too.
            let detail = bench.store.order(order).unwrap();
            if let (Some(parcel), Some(quote)) = (detail.boxes.first(), detail.quotes.first()) {
                let want = bench.want(order, parcel, quote.id);
                assert!(bench.store.want_label(&want, bench.now).is_err());
            }
            return;
        };
        if bench.next_sequence(order) == 0 {
            bench.verify(order, &parcel, "MUG", 0..1);
        }
        let parcel = bench.weigh(&parcel);
        let quote = bench.quote(order, &parcel, vec![super::station::rate("r1", 820)]);
        let want = bench.want(order, &parcel, quote);
        bench.store.want_label(&want, bench.now).unwrap();
        self.labels.push(want.id);
    }

    fn settle(&mut self, id: IntentId, settlement: &Settlement) -> StoreResult<()> {
        self.bench
            .store
            .settle(id, settlement, self.bench.now)
            .map(|_| ())
    }

    fn sell(&mut self, id: IntentId) -> StoreResult<()> {
        let next = format!("1Z{}", self.sold.len());
        let tracking = self.sold.entry(id).or_insert(next).clone();
        self.settle(id, &bought(&tracking))
    }

    fn print(&mut self) -> StoreResult<()> {
        let now = self.bench.now;
        for job in self.bench.store.print_jobs(&station())? {
            if job.state == PrintState::Wanted && self.bench.store.begin_printing(job.id, now)?.is_some() {
                self.bench.store.end_printing(job.id, Ok(()), false, now)?;
            }
        }
        Ok(())
    }

    fn decide(&mut self, id: IntentId, two: usize) -> StoreResult<()> {
        self.bench.wait(TimeDelta::minutes(11));
        let number = two.is_multiple_of(2).then(|| TrackingNumber(format!("1ZD{id}")));
        if let Some(number) = &number {
            self.sold.entry(id).or_insert_with(|| number.0.clone());
        }
        let supervisor = self.bench.supervisor;
        self.bench
            .store
            .decide_unknown(id, number, supervisor, "looked", self.bench.now)
    }

    fn check(&self) {
        self.bench.proven();
        for order in &self.orders {
            let detail = self.bench.store.order(*order).unwrap();
            for parcel in &detail.boxes {
                let of_box = detail.labels.iter().filter(|label| label.box_id == parcel.id);
                let live = of_box.filter(|label| label.state.is_live()).count();
                assert!(live <= 1, "I1: {live} live labels for box {}", parcel.id);
            }
            for label in &detail.labels {
                if label.state.was_bought() {
                    assert!(label.tracking.is_some(), "a bought label lost its number");
                }
                assert!(!(label.held && label.printed > 0), "a held label was printed");
            }
            let bought = detail.labels.iter().any(|label| label.state.is_bought());
            let shipped = matches!(
                detail.order.status,
                OrderStatus::ReadyForPickup | OrderStatus::Shipped
            );
            assert_eq!(shipped, bought, "the order stands where its labels say");
        }
    }
}

/// A rule may refuse an act; nothing may fail.
fn refused_or_done(result: StoreResult<()>) {
    match result {
        Ok(()) | Err(StoreError::Refused(_)) => {}
        Err(other) => panic!("the store failed: {other}"),
    }
}

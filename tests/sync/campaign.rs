//! Faults at random, deaths at random, purchases and voids on every order: in the end the books agree.

use crate::bench::Bench;
use tapegun::domain::ids::IntentId;
use tapegun::domain::shipment::LabelState;
use tapegun::simulator::{Fault, FaultKind};

/// A small generator of its own: the same seed, the same campaign.
struct Dice(u64);

impl Dice {
    fn roll(&mut self, sides: u64) -> u64 {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        self.0 % sides
    }
}

fn fault(dice: &mut Dice) -> Fault {
    let operation = [
        "purchaseShipment",
        "purchaseShipment",
        "cancelShipment",
        "getOrder",
        "getShipmentDocuments",
    ][usize::try_from(dice.roll(5)).unwrap()];
    let kind = match dice.roll(9) {
        0 => FaultKind::TooManyRequests { header: true },
        1 => FaultKind::Error {
            status: 500,
            after: true,
        },
        2 => FaultKind::Error {
            status: 503,
            after: false,
        },
        3 => FaultKind::ResetBefore,
        4 => FaultKind::ResetAfter,
        5 => FaultKind::CutAfterShipmentId,
        6 => FaultKind::CutAt {
            byte: usize::try_from(dice.roll(400)).unwrap(),
        },
        7 => FaultKind::ExpiredToken,
        _ => FaultKind::Html,
    };
    Fault::new(operation, kind).with_probability(0.4).times(2)
}

async fn campaign(seed: u64) {
    let mut bench = Bench::new().await;
    let mut dice = Dice(seed);
    let mut labels: Vec<IntentId> = Vec::new();
    for at in 0..5 {
        let order = bench.order(at).await;
        let label = bench.want(order).await;
        labels.push(label);
        for _ in 0..4 {
            bench.simulator.fault(fault(&mut dice));
            if dice.roll(4) == 0 {
                bench.restart();
            }
            bench.after(dice.roll(40)).await;
            if dice.roll(3) == 0 && bench.label(label).await.state.can_void() {
                bench.want_void(label).await;
            }
        }
        bench.simulator.clear_faults();
        // The quote must not run out before the next order's turn is over: nothing here lasts ten minutes.
    }
    for seconds in [1, 10, 60, 120, 600, 1_800, 3_600] {
        bench.after(seconds).await;
    }
    let sold = bench.ledger().shipments;
    for label in labels {
        let row = bench.label(label).await;
        let key = label.to_string();
        let under_key = sold
            .iter()
            .filter(|one| one.key.as_deref() == Some(key.as_str()))
            .count();
        assert!(under_key <= 1, "seed {seed}: never two shipments for one wish");
        match row.state {
            // Held for a person: Amazon sold nothing, but nobody can know that.
            LabelState::Unknown | LabelState::Refused => assert_eq!(under_key, 0, "seed {seed} {row:?}"),
            // Two tokens refused in a row are a refusal: of the void, and the label lives on.
            LabelState::Bought
            | LabelState::BoughtWithoutDocument
            | LabelState::Voided
            | LabelState::RefundPending
            | LabelState::VoidRefused => {
                assert_eq!(under_key, 1, "seed {seed} {row:?}");
            }
            other => panic!("seed {seed}: a label came to rest as {other}: {row:?}"),
        }
    }
    bench.books_agree().await;
}

#[tokio::test]
async fn whatever_goes_wrong_the_books_agree() {
    for seed in 1..=12 {
        campaign(seed * 0x9E37_79B9).await;
    }
}

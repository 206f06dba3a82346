//! The life of a label, told at random and compared with a reference model after every step: packers, leaders,
//! supervisors, crashes, and a carrier that sells, loses its answers and forgets its keys. The store is the real one,
//! in a file; what an answer means and when a purchase is repeated are the domain's own rules.
//!
//! After each step the invariants of PURCHASING.md 9 hold: one live label for each box at the carrier (I1), the
//! ledgers agree (I2), every box is free, has one live label or is held with a reason (I3), nothing is sold without an
//! intent (I4), the file and the chain are whole (I5), a void is journalled once and touches nothing else (I6). I7 and
//! I8 are about terminals and customers' data: `tests/pty.rs` and `tests/canaries.rs` hold them.
//!
//! `TAPEGUN_STORIES` sets how many stories are told (default 64), `TAPEGUN_SEED` the seed (default 1); a night's run is
//! `TAPEGUN_STORIES=100000 cargo test --release --test life_of_a_label`.

#[path = "life/carrier.rs"]
mod carrier;
#[path = "life/model.rs"]
mod model;
#[path = "life/moves.rs"]
mod moves;
#[path = "life/station.rs"]
mod station;
#[path = "life/things.rs"]
mod things;
#[path = "life/wire.rs"]
mod wire;

use model::{Bench, Model, Verdict};
use moves::Move;
use proptest::sample::select;
use proptest::strategy::{BoxedStrategy, Just, Strategy};
use proptest::test_runner::{Config, RngAlgorithm, TestRng, TestRunner};
use proptest_state_machine::{ReferenceStateMachine, StateMachineTest};
use rusqlite::Connection;
use station::Station;
use std::cell::RefCell;
use std::collections::BTreeMap;
use tapegun::domain::shipment::LabelState;
use tapegun::domain::status::OrderStatus;
use tapegun::store::Store as _;

/// Orders in a story.
const ORDERS: usize = 2;
/// Kinds of moves.
const MOVES: usize = 21;

impl ReferenceStateMachine for Model {
    type State = Self;
    type Transition = Move;

    fn init_state() -> BoxedStrategy<Self> {
        Just(Self::new(ORDERS)).boxed()
    }

    fn transitions(state: &Self) -> BoxedStrategy<Move> {
        select(moves::next_of(state)).boxed()
    }

    fn apply(mut state: Self, happens: &Move) -> Self {
        Model::apply(&mut state, happens);
        state
    }
}

struct Story;

thread_local! {
    /// How often each kind of move was taken, refused, or had nothing to be done to.
    static TALLY: RefCell<BTreeMap<String, [u32; 3]>> = RefCell::default();
}

fn count(happens: &Move, verdict: Verdict) {
    let text = format!("{happens:?}");
    let kind = text.split(' ').next().unwrap_or_default().to_owned();
    TALLY.with_borrow_mut(|tally| tally.entry(kind).or_default()[verdict as usize] += 1);
}

impl StateMachineTest for Story {
    type SystemUnderTest = Station;
    type Reference = Model;

    fn init_test(_: &Model) -> Station {
        Station::new()
    }

    fn apply(mut station: Station, model: &Model, happens: Move) -> Station {
        let verdict = station.apply(&happens);
        assert_eq!(verdict, model.verdict, "{happens:?}");
        count(&happens, verdict);
        station
    }

    fn check_invariants(station: &Station, model: &Model) {
        stands_as_foretold(station, model);
        the_carrier_agrees(station);
        boxes_are_free_or_explained(station);
        the_file_is_whole(station, model);
        station.plans_safely(model);
    }
}

/// Each label and each order stands where the model says.
fn stands_as_foretold(station: &Station, model: &Model) {
    assert_eq!(station.labels.len(), model.labels.len());
    assert_eq!(
        station.carrier, model.carrier,
        "what was sent is what the protocol sends"
    );
    for (number, foretold) in model.labels.iter().enumerate() {
        let label = station.label(number);
        let as_foretold = (
            label.state,
            label.printed,
            label.tracking.clone(),
            label.shipment.as_ref().map(things::sale_of),
            label.held,
        );
        let expected = (
            foretold.state,
            foretold.printed,
            foretold.tracking.map(things::tracking),
            foretold.shipment,
            false,
        );
        assert_eq!(as_foretold, expected, "label {number}: {:?}", label.reason);
    }
    for (number, foretold) in model.parcels.iter().enumerate() {
        let status = match foretold.bench {
            Bench::Ready => OrderStatus::ReadyToPick,
            Bench::Packing => OrderStatus::InPacking,
            Bench::Pickup => OrderStatus::ReadyForPickup,
            Bench::Shipped => OrderStatus::Shipped,
        };
        let detail = station.detail(number);
        assert_eq!(detail.order.status, status, "order {number}");
        assert_eq!(
            detail.scans.len(),
            usize::from(foretold.scanned),
            "no accepted scan is lost"
        );
    }
}

/// I1, I2, I4: the carrier's ledger against the store.
fn the_carrier_agrees(station: &Station) {
    for order in 0..ORDERS {
        let sales = station.carrier.sales.iter();
        let live = sales.filter(|sale| sale.order == order && sale.live).count();
        assert!(
            live <= 1,
            "I1: {live} live labels at the carrier for the box of order {order}"
        );
    }
    for (number, sale) in station.carrier.sales.iter().enumerate() {
        let label = station.label(sale.key);
        assert!(
            label.attempts > 0,
            "I4: sold without a sending that was written down"
        );
        let sold_at = things::start() + chrono::TimeDelta::seconds(sale.sold_at);
        assert!(label.wanted_at <= sold_at, "I4: sold before it was wanted");
        let known = label.state.was_bought();
        assert!(
            known || matches!(label.state, LabelState::Asked | LabelState::Unknown),
            "I2: sale {number} is forgotten, its label is {}",
            label.state
        );
        if let Some(tracking) = &label.tracking {
            assert_eq!(
                *tracking,
                things::tracking(number),
                "I2: the label names another sale"
            );
        }
        // What is asked and not settled may stand either way.
        if !matches!(label.state, LabelState::VoidAsked | LabelState::VoidUnknown) && known {
            assert_eq!(
                sale.live,
                label.state.is_bought(),
                "I2: sale {number} is {}",
                label.state
            );
        }
    }
    for (number, label) in (0..station.labels.len()).map(|number| (number, station.label(number))) {
        let sold = station.carrier.sold_to(number).is_some();
        assert!(
            sold || !label.state.was_bought(),
            "I2: label {number} was never sold"
        );
    }
}

/// I3: free, one live label, or held with a reason.
fn boxes_are_free_or_explained(station: &Station) {
    for order in 0..ORDERS {
        let detail = station.detail(order);
        let live: Vec<_> = detail
            .labels
            .iter()
            .filter(|label| label.state.is_live())
            .collect();
        assert!(live.len() <= 1, "I1: the store has two live labels for a box");
        for label in live {
            let held = label.held || matches!(label.state, LabelState::Unknown | LabelState::VoidUnknown);
            let reason = label.reason.as_deref().unwrap_or_default();
            assert!(!held || !reason.is_empty(), "I3: held without a reason");
        }
    }
}

/// I5 and I6, with SQLite's own eyes.
fn the_file_is_whole(station: &Station, model: &Model) {
    let chain = station.store().verify_chain().expect("a chain");
    assert!(chain.is_ok(), "I5: {chain:?}");
    let database = &station.checker;
    let integrity: String = database
        .query_row("PRAGMA integrity_check", [], |row| row.get(0))
        .expect("a check");
    assert_eq!(integrity, "ok", "I5");
    let strays: i64 = database
        .query_row("SELECT count(*) FROM pragma_foreign_key_check", [], |row| {
            row.get(0)
        })
        .expect("a check");
    assert_eq!(strays, 0, "I5: rows without their parents");
    let voids = entries(database);
    for (number, label) in model.labels.iter().enumerate() {
        let count = |state: LabelState| {
            let entry = (
                station.labels[number].0.as_bytes().to_vec(),
                state.words().to_owned(),
            );
            voids.get(&entry).copied().unwrap_or(0)
        };
        let voided = u32::from(label.state == LabelState::Voided);
        assert_eq!(count(LabelState::Voided), voided, "I6: label {number}");
        if label.voids_wanted == 0 {
            for state in [
                LabelState::VoidWanted,
                LabelState::VoidAsked,
                LabelState::VoidUnknown,
            ] {
                assert_eq!(count(state), 0, "I6: label {number} was never to be voided");
            }
        }
    }
}

/// How often the journal says that a label came into a state of its void.
fn entries(database: &Connection) -> BTreeMap<(Vec<u8>, String), u32> {
    let sql = "SELECT label, state, count(*) FROM label_history AS entry WHERE state LIKE 'void%' AND state IS NOT \
               (SELECT before.state FROM label_history AS before WHERE before.label = entry.label \
               AND before.sequence < entry.sequence ORDER BY before.sequence DESC LIMIT 1) GROUP BY label, state";
    let mut statement = database.prepare_cached(sql).expect("a journal");
    let rows = statement.query_map([], |row| Ok(((row.get(0)?, row.get(1)?), row.get(2)?)));
    rows.expect("a journal")
        .collect::<Result<_, _>>()
        .expect("counts")
}

fn setting(name: &str, default: u32) -> u32 {
    std::env::var(name)
        .ok()
        .and_then(|text| text.parse().ok())
        .unwrap_or(default)
}

#[test]
fn every_story_keeps_the_protocol() {
    let stories = setting("TAPEGUN_STORIES", 64);
    let seed = setting("TAPEGUN_SEED", 1);
    let config = Config {
        cases: stories,
        failure_persistence: None,
        max_shrink_iters: 4_000,
        ..Config::default()
    };
    let mut bytes = [0; 32];
    bytes[..4].copy_from_slice(&seed.to_le_bytes());
    let rng = TestRng::from_seed(RngAlgorithm::ChaCha, &bytes);
    let mut runner = TestRunner::new_with_rng(config.clone(), rng);
    let stories = Model::sequential_strategy(20..90);
    let told = runner.run(&stories, |(model, moves, seen)| {
        Story::test_sequential(config.clone(), model, moves, seen);
        Ok(())
    });
    if let Err(failure) = told {
        panic!("{failure}");
    }
    TALLY.with_borrow(|tally| {
        println!("done, refused, nothing to do: {tally:?}");
        // A story in which nothing is ever repeated, found or voided proves nothing.
        let kinds = tally.values().filter(|[done, ..]| *done > 0).count();
        assert_eq!(kinds, MOVES, "kinds of moves that were done: {tally:?}");
    });
}

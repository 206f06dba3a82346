//! A small Amazon for the demo, rehearsal and tests: stateful, seeded, over real HTTP, with the faults of the
//! real one on a switch.
//!
//! What lives here: Login with Amazon, the Tokens API, Orders 2026-01-01, Shipping v2 and Merchant Fulfillment v0
//! as their models and the field reports say they behave, the ledger of what was sold, and the demo's orders. Nothing of the rest of the program may
//! be used here except the clock: a client that is wrong about Amazon must not find its own mistake agreed
//! with.

mod accident;
mod buy;
mod checks;
mod collection;
mod confirm;
mod control;
mod documents;
mod external;
mod faults;
mod label;
mod ledger;
mod ledger_view;
mod limits;
mod line;
mod login;
mod merchant;
mod mixup;
mod offers;
mod order;
mod order_change;
mod order_search;
mod order_view;
mod picture;
mod quote;
mod random;
mod restricted;
mod routes;
mod server;
mod service_table;
mod specifications;
mod tally;
mod tracking_number;
mod undo;
mod wire;
mod world;

pub mod demo;

pub use faults::{Fault, FaultKind, Switches};
pub use ledger_view::{ConfirmationView, LedgerItem, LedgerView, ShipmentView};
pub use order::{Address, Base, Hours, Line, OfferShape, Order, OrderChange};
pub use server::{Running, Simulator};
pub use world::{Seller, Supply};

use crate::clock::Clock;
use std::net::SocketAddr;
use std::path::PathBuf;
use std::sync::Arc;

/// How a simulator is started.
pub struct SimulatorConfig {
    /// Where it listens; port 0 lets the system choose one ([`Running::addr`] says which).
    pub listen: SocketAddr,
    /// Decides every price, tracking number and probability.
    pub seed: u64,
    /// File that keeps what was sold, durably; read again at the next start. `None` keeps it in memory.
    pub ledger: Option<PathBuf>,
    /// The time that quotes, tokens and windows go by.
    pub clock: Arc<dyn Clock>,
    /// The selling accounts.
    pub sellers: Vec<Seller>,
    /// The orders.
    pub supply: Supply,
    /// Behaviour that is switched on from the start.
    pub switches: Switches,
}

impl SimulatorConfig {
    /// The demo: two sellers and their orders, on a free port of the loopback interface, ledger in memory.
    pub fn demo(clock: Arc<dyn Clock>) -> Self {
        Self {
            listen: SocketAddr::from(([127, 0, 0, 1], 0)),
            seed: 1,
            ledger: None,
            clock,
            sellers: demo::sellers(),
            supply: Supply::Demo,
            switches: Switches::default(),
        }
    }
}

#[cfg(test)]
mod tests;

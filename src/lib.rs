//! tapegun: the packing station in a terminal.
//!
//! A packing station is three machines that must not wait for each other: a person with a scanner, a
//! ledger of money and goods, and Amazon. The rooms below keep them apart and pass plain data between them.
//!
//! - [`domain`] is pure: facts and rules. It knows nothing of the other rooms.
//! - [`app`] is pure: the whole program as a state machine; [`ui`] draws its state.
//! - [`terminal`], [`input`], [`runtime`], [`clock`] are where the program touches the machine.
//! - [`store`] keeps the truth: whole transactions in the trade's words. All SQL lives there.
//! - [`vault`] seals and opens customer data.
//! - [`amazon`] is the only HTTP client; [`sync`] carries intents out with it.
//! - [`mod@print`] and [`devices`] are the bench's machines.
//! - [`simulator`] is a small Amazon for the demo, rehearsal and tests.
//! - [`config`], [`cli`], [`commands`], [`error`], [`logging`] are the edges.

pub mod amazon;
pub mod app;
pub mod cli;
pub mod clock;
pub mod commands;
pub mod config;
pub mod devices;
pub mod domain;
pub mod error;
#[doc(hidden)]
pub mod fuzzing;
pub mod input;
pub mod logging;
pub mod print;
pub mod runtime;
pub mod simulator;
pub mod store;
pub mod sync;
pub mod terminal;
pub mod ui;
pub mod vault;

//! The sync task against the simulator over real HTTP, with a database on disk. After each scenario the
//! simulator's ledger is compared with the store: exactly one live label for each shipped box, none for others.
//! No test waits for time: one manual clock moves everything.

#![expect(clippy::unwrap_used, reason = "helpers of tests fail like tests")]

#[path = "sync/bench.rs"]
mod bench;
#[path = "sync/campaign.rs"]
mod campaign;
#[path = "sync/elsewhere.rs"]
mod elsewhere;
#[path = "sync/errors.rs"]
mod errors;
#[path = "sync/faults.rs"]
mod faults;
#[path = "sync/forms.rs"]
mod forms;
#[path = "sync/freshness.rs"]
mod freshness;
#[path = "sync/in_bulk.rs"]
mod in_bulk;
#[path = "sync/life.rs"]
mod life;
#[path = "sync/merchant.rs"]
mod merchant;
#[path = "sync/outcomes.rs"]
mod outcomes;
#[path = "sync/outside.rs"]
mod outside;
#[path = "sync/preflight.rs"]
mod preflight;
#[path = "sync/processes.rs"]
mod processes;
#[path = "sync/refunds.rs"]
mod refunds;
#[path = "sync/shopping.rs"]
mod shopping;
#[path = "sync/tables.rs"]
mod tables;

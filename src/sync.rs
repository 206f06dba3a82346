//! Carries intents out, imports, settles. Owns the client and the buckets.
//!
//! The screens never talk to Amazon: they write quotes and intents into the store, and this task carries them
//! out as PURCHASING.md says and writes what came of it. Any number of processes share the store; the one that
//! holds the lock beside the database leads, the others wait for it.
//!
//! `plan` is pure: what is due now, out of the store's work and what this process remembers; `backlog` adds what
//! is wanted in bulk, as fast as the buckets allow; `bulk` writes such wishes for many boxes, `runs`
//! carries on what a supervisor began. Everything else
//! carries one step out: `import` sweeps, `quotes` asks for rates, `buy` buys, `unsettled` settles what
//! nobody knows, `compare` looks at the orders of a restored database, `documents` fetches labels again, `voids`
//! voids, `confirm` tells Amazon of labels bought elsewhere, `refunds` reads what becomes of a void's money and of
//! parcels that do not move, `accounts` asks for linked carrier accounts, `inputs` for what a service wants besides
//! the box, `forms` for collection forms; `papers` prints those and manifests. `erase` erases customers whose 30 days are over. `halts` stops asking for a shop whose account cannot pay.
//! `emergency` keeps answers that the store would
//! not take. `spool` prints what waits for a station. No screen, no SQL, no wire type lives here.

mod accounts;
mod backlog;
mod bulk;
mod buy;
mod compare;
mod confirm;
mod documents;
mod emergency;
mod engine;
mod erase;
mod forms;
mod halts;
mod health;
mod import;
mod inputs;
mod keys;
mod lead;
mod memory;
mod notes;
mod options;
mod outcome;
mod papers;
mod plan;
mod quotes;
mod refunds;
mod reminders;
mod runs;
mod shopping;
mod shops;
mod spool;
mod take_in;
mod unsettled;
mod voids;

pub use bulk::{Bulk, BulkBox, BulkEnd, Choose};
pub use engine::Sync;
pub use erase::{EraseIn, erase_due, words as erased_words};
pub use inputs::seal_inputs;
pub use keys::open_vault;
pub use notes::{add_note, open_notes};
pub use options::{Inspect, SyncOptions, emergency_file};
pub use outcome::{PassReport, StillWaiting, SyncError};
pub use papers::{OwnPaper, SendPaper, manifest_paper, open_form, print_papers};
pub use reminders::{secret_age, secret_print};
pub use runs::BulkRunner;
pub use spool::{Papered, Papers, Printed, SendSheet, papers, print_waiting};
pub use take_in::{TakeInError, take_in};

//! The whole program as a state machine. Pure: messages in, effects out; no IO, no clock, no drawing.
//!
//! The runtime owns one [`State`] and feeds it with [`update()`]; what comes back is done outside. It knows
//! only `domain`: no terminal, no store, no task lives here. Here live the state, the messages, the effects,
//! the keys, the layers (dialogs) and the screens' behaviour; how all that looks is `ui`'s business.
//!
//! Printable characters only ever fill the scan line; Enter hands the line over as a scan or as what the
//! topmost layer asked for. Questions about money are answered with a function key alone, so that nothing a
//! scanner can send answers one.

pub mod banner;
pub mod bench;
pub mod effect;
pub mod forms;
pub mod hints;
pub mod keys;
pub mod layers;
pub mod message;
pub mod state;
pub mod update;
pub mod window;
pub mod words;

mod actions;
mod line;
mod next;
mod pin;
mod reads;
mod results;
mod scans;
mod screens;
mod typed;

#[cfg(test)]
pub(crate) mod fixtures;
#[cfg(test)]
mod tests;

pub use next::next_words;
pub use screens::bulk::{BulkView, amounts, run_time_left};
pub use screens::costs::SPEND_DAYS;
pub use screens::find::FindView;
pub use screens::label::{label_method, state_words};
pub use screens::manifest::{DayEnd, DayEndFacts, DoorAsk, DoorCommit, DoorDone, DoorLine};
pub use screens::method::{MethodList, MethodRow};
pub use screens::outside::{confirmation_of, notes as outside_notes, read_form as read_outside};
pub use screens::own_order::read_form as read_own_order;
pub use screens::pick::PickView;
pub use screens::picking::{PickingView, new_list_missing, new_list_notes};
pub use screens::picture::Look;
pub use screens::policies::{PolicyList, REHEARSED, Told};
pub use screens::rates::method_words;
pub use screens::split::{SplitList, SplitRow};
pub use state::{Setup, State};
pub use update::update;

//! One message in, effects out.

use super::effect::{Effect, Query, RequestId, Slot, Timer};
use super::message::{Key, Message};
use super::state::State;
use chrono::{DateTime, Utc};
use std::time::Duration;

/// Fresh ids that are kept ready.
const IDS: usize = 64;

/// Takes in what happened; returns what is to be done. No IO, microseconds.
pub fn update(state: &mut State, message: Message, now: DateTime<Utc>) -> Vec<Effect> {
    state.now = now;
    let mut effects = Vec::new();
    match message {
        Message::Started => {
            effects.push(Effect::FreshIds(IDS));
            read(state, Slot::Users, Query::Users, &mut effects);
            read(state, Slot::Status, Query::Status, &mut effects);
            effects.push(Effect::Schedule(Timer::Clock, Duration::from_mins(1)));
        }
        Message::Key(press) if press.control && press.key == Key::Char('q') => effects.push(Effect::Exit),
        Message::Resized { columns, rows } => state.size = (columns, rows),
        Message::Ids(ids) => state.ids.extend(ids),
        _ => {}
    }
    effects
}

fn read(state: &mut State, slot: Slot, query: Query, effects: &mut Vec<Effect>) {
    state.requests += 1;
    let request = RequestId(state.requests);
    state.reads.insert(slot, request);
    effects.push(Effect::Read(request, slot, query));
}

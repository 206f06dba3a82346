//! One message in, effects out.

use super::banner::Tone;
use super::effect::{Effect, Query, Slot, Timer};
use super::message::Message;
use super::state::{Screen, State};
use chrono::{DateTime, Utc};
use std::time::Duration;

/// Ids asked for at the start.
const IDS: usize = 64;

/// A scan that is not durable after this time is said to be "not saved yet" (DESIGN.md 5).
pub const UNSAVED_AFTER: Duration = Duration::from_millis(250);

/// Takes in what happened; returns what is to be done. No IO, microseconds.
pub fn update(state: &mut State, message: Message, now: DateTime<Utc>) -> Vec<Effect> {
    state.now = now;
    match message {
        Message::Started => state.start(),
        Message::Key(press) => state.key(press),
        Message::Pasted(text) => state.pasted(&text),
        Message::PastedTooMuch { characters } => state.pasted_too_much(characters),
        Message::PicturesKnown(itself) => state.pictures_itself = itself,
        Message::Resized { columns, rows } => state.resized(columns, rows),
        Message::Committed { request, done } => state.committed(request, done),
        Message::Refused { request, failure } => state.refused(request, failure),
        Message::Answered {
            slot,
            request,
            answer,
        } => state.answered(slot, request, answer),
        Message::CustomerOpened { order, customer } => state.customer_opened(order, customer),
        Message::NotesOpened { order, notes } => state.notes_opened(order, notes),
        Message::PictureOpened { wish, sheets } => state.picture_opened(wish, sheets),
        Message::Ids(ids) => {
            state.ids_asked = false;
            state.ids.extend(ids);
        }
        Message::Tick(Timer::Clock) => {
            state.effects.push(next_minute(now));
            state.desk_minute();
        }
        Message::Tick(Timer::Desk) => state.desk_settled(),
        Message::Tick(Timer::Names) => state.names_again(),
        Message::Tick(Timer::Refusals) => state.note_refusals(),
        Message::Tick(Timer::Unsaved(request)) => state.not_saved_yet(request),
        Message::StoreChanged(version) => state.store_changed(version),
        Message::Scale(view) => state.scale_heard(view),
    }
    state.practice_looks();
    state.line_changed();
    std::mem::take(&mut state.effects)
}

/// The clock and the time left are shown in minutes: wake when the next one begins.
fn next_minute(now: DateTime<Utc>) -> Effect {
    let passed = u64::try_from(now.timestamp_millis().rem_euclid(60_000)).unwrap_or(0);
    Effect::Schedule(Timer::Clock, Duration::from_millis(60_000 - passed))
}

impl State {
    fn start(&mut self) {
        self.ids_asked = true;
        self.effects.push(Effect::FreshIds(IDS));
        self.read(Slot::Users, Query::Users);
        self.read(Slot::Status, Query::Status);
        self.effects.push(next_minute(self.now));
        self.say(Tone::Note, "Scan your badge, or choose your name and press Enter");
    }

    fn resized(&mut self, columns: u16, rows: u16) {
        self.size = (columns, rows);
        let visible = self.visible_rows();
        match self.screen {
            Screen::PickLists if self.pick_lists.loaded => {
                if let Some(span) = self.pick_lists.select(self.pick_lists.selected, visible) {
                    self.read_pick_lists(span);
                }
            }
            Screen::Orders if self.orders.window.loaded => {
                if let Some(span) = self.orders.window.select(self.orders.window.selected, visible) {
                    self.read_orders(span);
                }
            }
            Screen::Refunds => self.read_again(self.refunds_slot()),
            Screen::Audit => self.read_again(Slot::Audit),
            Screen::Find => self.read_again(Slot::Search),
            Screen::Bulk => self.read_again(Slot::Bulk),
            Screen::DayEnd => self.read_again(Slot::DayEnd),
            _ => {}
        }
    }

    /// A scan should have been durable by now.
    fn not_saved_yet(&mut self, request: super::effect::RequestId) {
        self.door_not_saved_yet(request);
        let Some(bench) = &mut self.bench else { return };
        if bench.pending.iter().any(|pending| pending.request == request) && !bench.stalled {
            bench.stalled = true;
            self.bad("not saved yet: the disk is slow; wait for GOOD before the next scan");
        }
    }
}

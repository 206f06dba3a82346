//! The desk: numbers that are looked at. Read when it is opened, when the minute passes and a little after a change;
//! while nothing happens nothing is read and nothing is painted.

use crate::app::banner::Tone;
use crate::app::effect::{Commit, Effect, Query, Slot, Timer};
use crate::app::state::{Awaited, Screen, State};
use crate::domain::desk::{AnswerTimes, DeskFacts, Hour, SETTLES};
use std::time::Duration;

/// The numbers at hand, and the answer times of this bench that are not written down yet.
#[derive(Debug, Default)]
pub struct DeskView {
    /// Numbers of whoever is at the bench; none until they were read.
    pub facts: Option<DeskFacts>,
    /// A read is planned.
    due: bool,
    /// CSV files are being written.
    pub(crate) exporting: bool,
    /// Answer times since the last note.
    answers: AnswerTimes,
    /// Their hour.
    hour: Option<Hour>,
}

impl State {
    /// Opens the desk; where it is shown, writes its numbers as CSV files.
    pub(crate) fn show_desk(&mut self) {
        if self.screen == Screen::Desk {
            self.export_desk();
            return;
        }
        self.note_answers();
        self.screen = Screen::Desk;
        self.banner = None;
        self.show_desk_anew();
    }

    /// Somebody else is at the bench: nothing of the numbers before stays.
    pub(crate) fn show_desk_anew(&mut self) {
        self.desk.facts = None;
        self.read_desk();
    }

    pub(crate) fn read_desk(&mut self) {
        self.desk.due = false;
        if let Some(by) = self.user.as_ref().map(|user| user.id) {
            let now = self.now;
            self.read(Slot::Desk, Query::Desk { by, now });
        }
    }

    /// Something changed: many changes are one look.
    pub(crate) fn read_desk_soon(&mut self) {
        if !std::mem::replace(&mut self.desk.due, true) {
            self.effects.push(Effect::Schedule(Timer::Desk, SETTLES));
        }
    }

    /// The time after a change is over.
    pub(crate) fn desk_settled(&mut self) {
        self.desk.due = false;
        if self.screen == Screen::Desk {
            self.read_again(Slot::Desk);
        }
    }

    /// A minute has passed: answer times are written down, and what depends on the clock is looked at again.
    pub(crate) fn desk_minute(&mut self) {
        self.note_answers();
        if self.screen == Screen::Desk {
            self.read_again(Slot::Desk);
        }
    }

    pub(crate) fn take_desk(&mut self, facts: DeskFacts) {
        if self.screen == Screen::Desk && self.user.is_some() {
            self.desk.facts = Some(facts);
        }
    }

    /// An accepted scan is durable after this time. It is written down later, with others.
    pub(crate) fn count_answer(&mut self, time: Duration) {
        let hour = Hour::of(self.now);
        if self.desk.hour.is_some_and(|other| other != hour) {
            self.note_answers();
        }
        self.desk.hour = Some(hour);
        self.desk.answers.add(time);
    }

    /// Hands over the answer times of whoever is at the bench.
    pub(crate) fn note_answers(&mut self) {
        let Some(hour) = self.desk.hour.take() else { return };
        let answers = Box::new(std::mem::take(&mut self.desk.answers));
        if let Some(by) = self.user.as_ref().map(|user| user.id) {
            self.commit(Commit::NoteAnswers { by, hour, answers }, Awaited::Note);
        }
    }

    fn export_desk(&mut self) {
        let Some(by) = self.user.as_ref().map(|user| user.id) else {
            return;
        };
        if std::mem::replace(&mut self.desk.exporting, true) {
            self.say(Tone::Note, "the files are being written already");
            return;
        }
        self.say(Tone::Wait, "writing today's numbers as CSV files …");
        self.commit(Commit::ExportDesk { by }, Awaited::Exported);
    }

    pub(crate) fn exported(&mut self, folder: &str, files: usize, rows: usize) {
        self.desk.exporting = false;
        self.good(format!(
            "{files} CSV files with {rows} rows written into {folder}"
        ));
    }
}

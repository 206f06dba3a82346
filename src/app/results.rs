//! What came of commits.

use super::banner::Tone;
use super::bench::Turn;
use super::effect::{RequestId, Slot};
use super::layers::{Ask, Layer, Question};
use super::message::{Done, Failure, FailureKind};
use super::state::{Awaited, Screen, State};
use crate::domain::ids::OrderId;

impl State {
    pub(crate) fn committed(&mut self, request: RequestId, done: Done) {
        let Some(awaited) = self.awaited.remove(&request) else {
            return;
        };
        match (awaited, done) {
            (Awaited::Scan(_), _) => self.scan_saved(request),
            (Awaited::Pin(user), _) => self.pin_right(*user),
            (Awaited::Dropped, _) => self.read_again(Slot::Order),
            (Awaited::Packing(order), Done::Box(row)) => {
                if let Some(bench) = self.bench.as_mut().filter(|bench| bench.order == order) {
                    bench.turn = Turn::Ours(row);
                    self.layers.retain(|layer| !is_take_over(layer));
                    self.read_again(Slot::Order);
                    self.drain_queue();
                }
            }
            (Awaited::OtherBox(order, _), Done::Box(row)) => self.other_box_opened(order, row),
            (Awaited::Measure(order), Done::Box(row)) => self.box_set(order, row),
            (Awaited::Quote(order), done) => {
                if let Some(bench) = self.bench.as_mut().filter(|bench| bench.order == order) {
                    bench.asked = if let Done::Quote(id) = done {
                        Some(id)
                    } else {
                        None
                    };
                    bench.settle_asking();
                    self.read_again(Slot::Order);
                }
            }
            (Awaited::Question(ask), done) => {
                self.practice_answered(&ask);
                self.answered_yes(&ask, &done);
            }
            (Awaited::Print, _) => {
                self.say(Tone::Note, "the label goes to the printer again");
                self.read_again(Slot::Order);
                self.read_again(Slot::Status);
            }
            (Awaited::Form, done) => self.form_done(&done),
            (Awaited::Listed(words), _) => self.listed(words),
            (Awaited::Door(_), Done::Door(done)) => self.door_done(request, done),
            (Awaited::PutOn, _) => self.put_on(),
            (Awaited::Bulk(words), _) => self.bulk_done(words),
            (Awaited::Pick(words), _) => self.picked(&words),
            (Awaited::Told, _) => self.told_again(),
            (Awaited::Assigned(words), _) => self.method_assigned(&words),
            (Awaited::Undone, _) => self.taken_back(),
            (
                Awaited::Door(_)
                | Awaited::Note
                | Awaited::Packing(_)
                | Awaited::OtherBox(..)
                | Awaited::Measure(_),
                _,
            ) => {}
            (Awaited::Exported, Done::Exported { folder, files, rows }) => {
                self.exported(&folder, files, rows);
            }
            (Awaited::Exported, _) => self.desk.exporting = false,
        }
    }

    fn scan_saved(&mut self, request: RequestId) {
        let now = self.now;
        let Some(bench) = &mut self.bench else { return };
        let Some(place) = bench
            .pending
            .iter()
            .position(|pending| pending.request == request)
        else {
            return;
        };
        let pending = bench.pending.remove(place);
        if let Some(detail) = &mut bench.detail
            && detail.scans.iter().all(|scan| scan.id != pending.record.id)
        {
            if let Some(saved) = &mut bench.saved {
                saved.apply(&pending.record.event);
            }
            detail.scans.push(pending.record);
        }
        let awaited = bench.stalled;
        if bench.pending.is_empty() {
            bench.stalled = false;
        }
        let all = bench.complete().is_ok();
        self.practice_scanned(true, pending.at);
        self.answer_time = (now - pending.at).to_std().ok();
        if let Some(time) = self.answer_time {
            self.count_answer(time);
        }
        // A refusal that was said since stays in sight and in the ear: the green of the scan before it would be
        // taken for its own. After "not saved yet" the green is what the packer was told to wait for.
        if !awaited
            && self
                .banner
                .as_ref()
                .is_some_and(|banner| banner.tone == Tone::Bad)
        {
            return;
        }
        let tail = if all { " · ALL VERIFIED" } else { "" };
        self.good(format!("{}{tail}", pending.words));
    }

    fn box_set(&mut self, order: OrderId, row: crate::domain::rows::BoxRow) {
        let Some(bench) = self.bench.as_mut().filter(|bench| bench.order == order) else {
            return;
        };
        let row_has_weight = row.weight.is_some();
        let mut words = Vec::new();
        if let Some(weight) = row.weight {
            words.push(weight.to_string());
        }
        if let Some(dimensions) = row.dimensions {
            words.push(dimensions.to_string());
        }
        if row.flat_rate {
            words.push("flat-rate box".to_owned());
        }
        words.push(row.confirmation.to_string());
        bench.turn = Turn::Ours(row);
        bench.rebuy = None;
        if row_has_weight {
            self.forget_weight();
        }
        match self.weight_warning() {
            Some(warning) => {
                self.say(
                    Tone::Note,
                    format!("box: {} · LOOK: {warning}", words.join(" · ")),
                );
                self.effects
                    .push(super::effect::Effect::Beep(super::effect::Sound::Bad));
            }
            None => self.good(format!("box: {}", words.join(" · "))),
        }
        self.read_again(Slot::Order);
        if self.screen == Screen::Rates {
            self.ask_rates_if_ready();
        }
    }

    pub(crate) fn refused(&mut self, request: RequestId, failure: Failure) {
        let Some(awaited) = self.awaited.remove(&request) else {
            return;
        };
        match awaited {
            Awaited::Scan(number) => {
                let taken_over = failure.kind == FailureKind::TakenOver;
                if !self.scan_not_saved(request, &failure.words) {
                    self.bad(format!(
                        "a scan of order {number} was not saved: {}",
                        failure.words
                    ));
                }
                if taken_over {
                    self.lost_turn(failure.words);
                }
            }
            Awaited::Dropped | Awaited::Note => {}
            Awaited::Packing(order) => self.turn_refused(order, failure),
            Awaited::OtherBox(order, left) => self.other_box_refused(order, *left, failure),
            Awaited::Quote(order) => {
                if let Some(bench) = self.bench.as_mut().filter(|bench| bench.order == order) {
                    bench.asking = false;
                    bench.rebuy = None;
                }
                self.bad(format!("no rates: {}", failure.words));
            }
            Awaited::Door(scanned) => self.door_refused(request, scanned.as_deref(), &failure.words),
            Awaited::Form => self.form_refused(&failure),
            Awaited::Exported => {
                self.desk.exporting = false;
                self.bad(failure.words);
            }
            Awaited::Listed(_) | Awaited::Pin(_) | Awaited::Bulk(_) => self.bad(failure.words),
            Awaited::Pick(_) => self.not_picked(&failure.words),
            Awaited::Measure(_)
            | Awaited::Print
            | Awaited::PutOn
            | Awaited::Told
            | Awaited::Undone
            | Awaited::Assigned(_) => {
                if failure.kind == FailureKind::TakenOver {
                    self.lost_turn(failure.words.clone());
                }
                self.bad(failure.words);
                self.read_again(Slot::Order);
            }
            Awaited::Question(ask) => {
                // A purchase that was refused is looked at anew; other questions can be answered again.
                self.layers.retain(|layer| {
                    !matches!((layer, &*ask), (Layer::Question(question), Ask::Buy { .. }) if question.ask == *ask)
                });
                for layer in &mut self.layers {
                    if let Layer::Question(question) = layer
                        && question.ask == *ask
                    {
                        question.sent = false;
                    }
                }
                self.bad(failure.words);
                self.read_again(Slot::Order);
            }
        }
    }

    /// A refused scan turns itself and every later one on its way red. `false`: its order is not open.
    fn scan_not_saved(&mut self, request: RequestId, words: &str) -> bool {
        let Some(bench) = &mut self.bench else {
            return false;
        };
        let Some(place) = bench
            .pending
            .iter()
            .position(|pending| pending.request == request)
        else {
            return false;
        };
        let dropped = bench.pending.split_off(place);
        let later = dropped.len() - 1;
        bench.stalled = !bench.pending.is_empty() && bench.stalled;
        bench.session = bench.saved.clone();
        if let Some(session) = &mut bench.session {
            for pending in &bench.pending {
                session.apply(&pending.record.event);
            }
        }
        let what = dropped
            .first()
            .map(|pending| pending.words.clone())
            .unwrap_or_default();
        for pending in dropped.iter().skip(1) {
            self.awaited.insert(pending.request, Awaited::Dropped);
        }
        let tail = match later {
            0 => String::new(),
            1 => " · the scan after it was not saved either: scan it again".to_owned(),
            more => format!(" · {more} scans after it were not saved either: scan them again"),
        };
        self.bad(format!("NOT SAVED: {what}: {words}{tail}"));
        self.read_again(Slot::Order);
        true
    }

    fn lost_turn(&mut self, words: String) {
        if let Some(bench) = &mut self.bench {
            bench.turn = Turn::Refused { words, taken: true };
        }
    }

    pub(crate) fn turn_refused(&mut self, order: OrderId, failure: Failure) {
        let Some(bench) = self.bench.as_mut().filter(|bench| bench.order == order) else {
            return;
        };
        let taken = failure.kind == FailureKind::TakenOver;
        bench.turn = Turn::Refused {
            words: failure.words.clone(),
            taken,
        };
        self.bad(failure.words.clone());
        if taken {
            self.layers.push(Layer::Question(Box::new(Question::new(
                Ask::TakeOver(order),
                vec![
                    failure.words,
                    "Take it over only if nobody is packing it now: the other packer's next scan is refused."
                        .to_owned(),
                ],
            ))));
        }
        self.drain_queue();
    }
}

fn is_take_over(layer: &Layer) -> bool {
    matches!(layer, Layer::Question(question) if matches!(question.ask, Ask::TakeOver(_)))
}

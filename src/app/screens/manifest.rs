//! The day's end: what must go by carrier, manifests, and scans at the door. A scan is told by its form and does what
//! it does everywhere, except that a tracking number is checked out here.

mod view;

pub use view::{DayEnd, DayEndFacts, DoorAsk, DoorCommit, DoorDone, DoorLine};

use crate::app::banner::Tone;
use crate::app::effect::{Commit, Effect, Query, RequestId, Slot, Timer};
use crate::app::keys::Action;
use crate::app::layers::{Ask, Layer, Question};
use crate::app::message::Done;
use crate::app::state::{Awaited, Screen, State};
use crate::app::update::UNSAVED_AFTER;
use crate::domain::collection::FormState;
use crate::domain::ids::{ManifestId, ScanId};
use crate::domain::manifest::{Fate, Manifest, Parcel, WORKING_DAYS, day_began, never_moved, readings};
use crate::domain::scan::Scan;
use chrono::{DateTime, Utc};
use view::DoorScan;

/// Why a parcel may stay, to choose from.
const LEFT_REASONS: [&str; 5] = [
    "not found: looked for everywhere",
    "damaged: is packed again",
    "the driver did not take it",
    "held back by the office",
    "goes with another driver",
];

impl State {
    /// Shows the day's end; where it is shown, the labels that never moved, and back.
    pub(crate) fn show_day_end(&mut self) {
        if self.screen == Screen::DayEnd {
            self.day_end.unmoved_shown = !self.day_end.unmoved_shown;
            self.day_end.chosen = None;
            self.day_end.row = 0;
        } else {
            self.day_end.unmoved_shown = false;
            self.banner = None;
        }
        self.show_day_end_again();
    }

    /// Shows it as it was left.
    pub(crate) fn show_day_end_again(&mut self) {
        self.bench = None;
        self.refunds.left_from = false;
        self.find.left_from = false;
        self.day_end.left_from = false;
        self.layers.clear();
        self.screen = Screen::DayEnd;
        self.read_day_end();
    }

    /// When the bench's day began.
    fn day_began(&self) -> DateTime<Utc> {
        day_began(self.now, self.setup.zone)
    }

    pub(crate) fn read_day_end(&mut self) {
        let query = Query::DayEnd {
            manifest: self.day_end.chosen,
            since: self.day_began(),
            unmoved: self.day_end.unmoved_shown.then_some(self.now),
        };
        self.read(Slot::DayEnd, query);
    }

    pub(crate) fn take_day_end(&mut self, mut facts: DayEndFacts) {
        let (now, warehouse) = (self.now, &self.setup.warehouse);
        facts
            .unmoved
            .retain(|row| never_moved(row, WORKING_DAYS, now, warehouse));
        let lost = self.day_end.chosen.filter(|_| facts.manifest.is_none());
        if let Some(manifest) = lost {
            self.day_end.chosen = None;
            self.bad(format!("there is no manifest {manifest} in this station"));
        }
        let day = &mut self.day_end;
        let kept = day.parcel().map(|parcel| parcel.label);
        let line = day.lines().get(day.selected).cloned();
        day.facts = facts;
        day.loaded = true;
        let lines = day.lines();
        let same = |known: &DoorLine| line.as_ref().is_some_and(|line| line.carrier == known.carrier);
        if let Some(place) = lines.iter().position(same) {
            day.selected = place;
        }
        day.selected = day.selected.min(lines.len().saturating_sub(1));
        let parcels = day.manifest().map(|detail| &detail.parcels);
        let place = parcels.and_then(|rows| rows.iter().position(|parcel| Some(parcel.label) == kept));
        let length = parcels.map_or(day.facts.unmoved.len(), Vec::len);
        day.row = place.unwrap_or(day.row).min(length.saturating_sub(1));
    }

    /// How many rows the selection moves over.
    pub(crate) fn day_end_rows(&self) -> usize {
        let day = &self.day_end;
        if day.unmoved_shown {
            day.facts.unmoved.len()
        } else if day.chosen.is_some() {
            day.manifest().map_or(0, |detail| detail.parcels.len())
        } else {
            day.lines().len()
        }
    }

    /// The selection, and where it stands.
    pub(crate) fn day_end_row(&mut self) -> &mut usize {
        let day = &mut self.day_end;
        if day.unmoved_shown || day.chosen.is_some() {
            &mut day.row
        } else {
            &mut day.selected
        }
    }

    /// Enter: opens or takes up the carrier's manifest; on a parcel, shows its order.
    pub(crate) fn open_day_end(&mut self) {
        let day = &self.day_end;
        let order = if day.unmoved_shown {
            day.facts.unmoved.get(day.row).map(|row| row.label.order)
        } else {
            day.parcel().map(|parcel| parcel.order)
        };
        if let Some(order) = order {
            self.banner = None;
            self.day_end.left_from = true;
            self.open_order(order, Screen::Label);
            return;
        }
        if day.unmoved_shown || day.chosen.is_some() {
            return;
        }
        let Some(line) = day.lines().get(day.selected).cloned() else {
            return;
        };
        if let Some(manifest) = line.manifest {
            self.take_up(manifest.id);
        } else if let Some(by) = self.user.as_ref().map(|user| user.id) {
            let carrier = line.carrier;
            self.commit(
                Commit::Door(DoorCommit::Open { carrier, by }),
                Awaited::Door(None),
            );
        }
    }

    /// Takes up a manifest: what is scanned is checked out on it.
    pub(crate) fn take_up(&mut self, manifest: ManifestId) {
        self.day_end.chosen = Some(manifest);
        self.day_end.row = 0;
        self.day_end.unmoved_shown = false;
        self.show_day_end_again();
    }

    /// Esc: from a manifest to the carriers, from there to the pick lists.
    pub(crate) fn leave_day_end(&mut self) {
        let day = &mut self.day_end;
        let inside = day.chosen.is_some() || day.unmoved_shown;
        day.chosen = None;
        day.unmoved_shown = false;
        day.row = 0;
        if inside {
            self.read_day_end();
        } else {
            self.show_pick_lists();
        }
    }

    /// A code that was scanned at the door. False: it is not one of a parcel, or the door is not open.
    pub(crate) fn scanned_at_door(&mut self, scan: &Scan, raw: &str) -> bool {
        if self.screen != Screen::DayEnd {
            return false;
        }
        if !matches!(scan, Scan::Tracking(_) | Scan::Code(_)) {
            return false;
        }
        let Some(by) = self.user.as_ref().map(|user| user.id) else {
            return false;
        };
        let Some(manifest) = self.day_end.chosen else {
            self.refuse(
                "no manifest open",
                "no manifest is open here: choose the carrier, press Enter, then scan its parcels",
            );
            return true;
        };
        if !self.layers.is_empty() {
            self.refuse(
                "scan in a dialog",
                "a dialog is open: answer it or press Esc, then scan the parcel",
            );
            return true;
        }
        if self.day_end.scans.stalled {
            self.refuse(
                "not saved yet",
                "not taken: an earlier scan is not saved yet; wait for GOOD, then scan again",
            );
            return true;
        }
        let Some(id) = self.fresh_id() else {
            self.refuse("no id", "not taken: scan it again");
            return true;
        };
        let (code, at) = (raw.trim().to_owned(), self.now);
        let words = readings(raw).into_iter().next().unwrap_or_default();
        let commit = DoorCommit::CheckOut {
            scan: ScanId(id),
            manifest,
            code,
            by,
        };
        let request = self.commit(Commit::Door(commit), Awaited::Door(Some(words.clone())));
        self.effects
            .push(Effect::Schedule(Timer::Unsaved(request), UNSAVED_AFTER));
        self.day_end.scans.pending.push(DoorScan { request, at });
        self.say(Tone::Wait, format!("saving: {words}"));
        true
    }

    /// A scan at the door should have been durable by now.
    pub(crate) fn door_not_saved_yet(&mut self, request: RequestId) {
        let waits = self
            .day_end
            .scans
            .pending
            .iter()
            .any(|scan| scan.request == request);
        if waits && !self.day_end.scans.stalled {
            self.day_end.scans.stalled = true;
            self.bad("not saved yet: the disk is slow; wait for GOOD before the next scan");
        }
    }

    /// A scan at the door was answered.
    fn door_answered(&mut self, request: RequestId) {
        let day = &mut self.day_end;
        if let Some(place) = day.scans.pending.iter().position(|scan| scan.request == request) {
            let scan = day.scans.pending.remove(place);
            self.answer_time = (self.now - scan.at).to_std().ok();
        }
        if self.day_end.scans.pending.is_empty() {
            self.day_end.scans.stalled = false;
        }
    }

    /// What came of a change at the door.
    pub(crate) fn door_done(&mut self, request: RequestId, done: DoorDone) {
        self.door_answered(request);
        match done {
            DoorDone::Out(parcel) => self.parcel_out(&parcel),
            DoorDone::Manifest(manifest) if manifest.is_open() => {
                self.good(format!(
                    "manifest {} of {} is open: scan each parcel's label at the door",
                    manifest.id, manifest.carrier
                ));
                self.take_up(manifest.id);
            }
            DoorDone::Manifest(manifest) => {
                self.good(closed_words(&manifest));
                self.day_end.chosen = None;
                self.day_end.row = 0;
                self.read_again(Slot::DayEnd);
            }
            DoorDone::Count(_) => self.read_again(Slot::DayEnd),
        }
    }

    /// Green only now: it is on the disk.
    fn parcel_out(&mut self, parcel: &Parcel) {
        let mut left = None;
        if let Some(detail) = &mut self.day_end.facts.manifest {
            detail.parcels.retain(|known| known.label != parcel.label);
            let missing = detail.missing().count();
            let here = detail
                .parcels
                .iter()
                .take_while(|known| known.place() == 0)
                .count();
            detail.parcels.insert(here, parcel.clone());
            detail.manifest.out = detail.manifest.out.max(parcel.place());
            detail.manifest.missing = u32::try_from(missing).unwrap_or(u32::MAX);
            left = Some(missing);
        }
        let left = match left {
            Some(0) => " · NOTHING IS MISSING".to_owned(),
            Some(left) => format!(" · {left} still missing"),
            None => String::new(),
        };
        self.good(format!(
            "OUT {} · {} · order {}{left}",
            parcel.place(),
            parcel.tracking_words(),
            parcel.number
        ));
        self.read_again(Slot::DayEnd);
    }

    /// A change at the door was refused.
    pub(crate) fn door_refused(&mut self, request: RequestId, scanned: Option<&str>, words: &str) {
        self.door_answered(request);
        match scanned {
            // Form and reason, never the code, for the history.
            Some(code) => self.refuse("refused at the door", format!("{words} ({code})")),
            None => self.bad(words.to_owned()),
        }
        self.read_again(Slot::DayEnd);
    }

    pub(crate) fn ask_close_manifest(&mut self) {
        let Some(detail) = self.day_end.manifest().filter(|detail| detail.manifest.is_open()) else {
            return;
        };
        let (id, missing) = (detail.manifest.id, detail.missing().count());
        let mut lines = vec![format!(
            "Manifest {id} of {}: {} parcels are checked out.",
            detail.manifest.carrier, detail.manifest.out
        )];
        let leave = self.setup.keys.name(Action::LeaveBehind);
        if missing > 0 {
            lines.push(format!(
                "! {missing} are MISSING: they are carried over to the next manifest. Esc and {leave} leaves one behind \
                 with a reason."
            ));
            lines.extend(
                detail
                    .missing()
                    .take(5)
                    .map(|parcel| format!("✘ {} · order {}", parcel.tracking_words(), parcel.number)),
            );
        }
        lines.push(
            "Closed, it takes no more scans. It can be opened again: tapegun manifest reopen.".to_owned(),
        );
        self.ask(Question::new(Ask::Door(DoorAsk::Close(id)), lines));
    }

    /// Leaves the selected missing parcel behind, with a reason.
    pub(crate) fn ask_leave_behind(&mut self) {
        let (Some(manifest), Some(parcel)) = (self.day_end.chosen, self.day_end.parcel()) else {
            return;
        };
        let lines = vec![
            format!(
                "{} · order {} · box {}",
                parcel.tracking_words(),
                parcel.number,
                parcel.box_number
            ),
            "It is written on the manifest and no longer counts as missing. Scanning it takes this back."
                .to_owned(),
        ];
        let ask = Ask::Door(DoorAsk::Leave(manifest, parcel.label));
        self.ask(Question::new(ask, lines).with_reasons(&LEFT_REASONS));
    }

    pub(crate) fn ask_collection_form(&mut self) {
        let Some(detail) = self.day_end.manifest() else {
            return;
        };
        let (id, carrier) = (detail.manifest.id, detail.manifest.carrier.clone());
        let lines = vec![
            format!("One sheet from Amazon that the driver of {carrier} scans for all parcels bought through it."),
            "It costs nothing. Amazon puts every parcel of the carrier on it that is on no form yet: ask once all are \
             labelled."
                .to_owned(),
            "Where Amazon offers none for this carrier, you are told so here.".to_owned(),
        ];
        self.ask(Question::new(Ask::Door(DoorAsk::Form(id)), lines));
    }

    /// The yes key in a question of the day's end.
    pub(crate) fn door_yes(&mut self, question: &Question, ask: &DoorAsk) {
        let Some(by) = self.user.as_ref().map(|user| user.id) else {
            return;
        };
        let since = self.day_began();
        let commit = match *ask {
            DoorAsk::Close(manifest) => DoorCommit::Close { manifest, by, since },
            DoorAsk::Leave(manifest, label) => DoorCommit::Leave {
                manifest,
                label,
                by,
                reason: question.reason().unwrap_or_default().to_owned(),
            },
            DoorAsk::Form(manifest) => DoorCommit::WantForms { manifest, by },
        };
        if let Some(Layer::Question(question)) = self.layers.last_mut() {
            question.sent = true;
        }
        self.commit(
            Commit::Door(commit),
            Awaited::Question(Box::new(question.ask.clone())),
        );
    }

    /// A question of the day's end was answered, and it is done.
    pub(crate) fn door_agreed(&mut self, ask: &DoorAsk, done: &Done) {
        match (ask, done) {
            (DoorAsk::Close(_), Done::Door(done @ DoorDone::Manifest(_))) => {
                let done = done.clone();
                self.door_done(RequestId(0), done);
            }
            (DoorAsk::Form(_), Done::Door(DoorDone::Count(0))) => self.bad(
                "nothing on this manifest was bought through Amazon's Shipping v2: give the driver our own manifest",
            ),
            (DoorAsk::Form(_), _) => self.say(Tone::Wait, "written down: asking Amazon for the collection form"),
            _ => self.good("written down: it stays here"),
        }
        self.read_again(Slot::DayEnd);
    }

    /// Prints the manifest, and Amazon's forms of it that are made.
    pub(crate) fn print_manifest(&mut self) {
        let (Some(manifest), Some(by)) = (self.day_end.chosen, self.user.as_ref().map(|user| user.id)) else {
            return;
        };
        let station = self.setup.station.clone();
        let commit = DoorCommit::Print {
            manifest,
            by,
            station,
        };
        self.commit(Commit::Door(commit), Awaited::Door(None));
        let forms = self
            .day_end
            .forms()
            .filter(|form| form.state == FormState::Made)
            .count();
        let what = match forms {
            0 => "the manifest goes to the printer".to_owned(),
            1 => "the manifest and its collection form go to the printer".to_owned(),
            more => format!("the manifest and {more} collection forms go to the printer"),
        };
        self.say(Tone::Note, what);
    }

    /// What is possible here, most important first.
    pub(crate) fn day_end_actions(&self) -> Vec<(Action, Option<&'static str>)> {
        let day = &self.day_end;
        let mut all = Vec::new();
        if day.unmoved_shown {
            if day.facts.unmoved.get(day.row).is_some() {
                all.push((Action::Open, Some("Show order")));
            }
            all.push((Action::DayEnd, Some("Day's end")));
            return all;
        }
        let Some(detail) = day.manifest() else {
            if let Some(line) = day.lines().get(day.selected) {
                let words = if line.manifest.is_some() {
                    "Go on"
                } else {
                    "Open manifest"
                };
                all.push((Action::Open, Some(words)));
            }
            all.push((Action::DayEnd, Some("Never moved")));
            return all;
        };
        if detail.manifest.is_open() {
            all.push((Action::Yes, Some("Close")));
            if day.parcel().is_some_and(|parcel| parcel.fate == Fate::Missing) {
                all.push((Action::LeaveBehind, None));
            }
        }
        all.extend([(Action::Print, Some("Print")), (Action::CollectionForm, None)]);
        if day.parcel().is_some() {
            all.push((Action::Open, Some("Show order")));
        }
        all
    }
}

/// What a closed manifest comes to.
fn closed_words(manifest: &Manifest) -> String {
    let count = |count: u32, what: &str| match count {
        0 => String::new(),
        count => format!(", {count} {what}"),
    };
    format!(
        "manifest {} of {} is closed: {} parcels{}{}",
        manifest.id,
        manifest.carrier,
        manifest.out,
        count(manifest.missing, "carried over"),
        count(manifest.left, "left behind")
    )
}

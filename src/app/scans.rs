//! A scan, wherever it comes: classified by its form, then judged. The same code gives the same verdict on
//! every screen and dialog of the open order.

use super::banner::Tone;
use super::bench::{Bench, Pending, Turn};
use super::effect::{Commit, Effect, Query, Slot, Timer};
use super::next::accepted_words;
use super::state::{Awaited, Finding, Screen, State};
use super::update::UNSAVED_AFTER;
use crate::domain::ids::{IntentId, OrderId, ScanId};
use crate::domain::packing::{PackEvent, ScanRecord, Verdict};
use crate::domain::pick_sheet::read_tote;
use crate::domain::rows::{CodeMeaning, LabelRow, OrderFilter};
use crate::domain::scan::{self, Scan};
use crate::domain::text::Clean;
use crate::domain::transparency::{self, UnitCode};
use chrono::TimeDelta;

/// So many refused codes within this time each have a row in the history; what is more is counted together.
const REFUSED_ALONE: u32 = 20;
const REFUSED_TOGETHER: TimeDelta = TimeDelta::seconds(1);

impl State {
    /// What Enter handed over, where no dialog asked for it.
    pub(crate) fn scanned(&mut self, raw: &str) {
        if self.finding.is_some() || self.bench.as_ref().is_some_and(Bench::opening) {
            if self.queue.len() < Self::QUEUE {
                self.queue.push_back(raw.to_owned());
            } else {
                self.refuse(
                    "queue full",
                    "too fast: the order is still being opened; scan this again",
                );
            }
            return;
        }
        match scan::classify(raw) {
            Ok(scan) if self.scanned_at_door(&scan, raw) => {}
            Ok(scan) => self.judge_scan(scan),
            Err(error) => self.refuse("unreadable", error.to_string()),
        }
    }

    fn judge_scan(&mut self, scan: Scan) {
        if self.user.is_none() && !matches!(scan, Scan::Badge(_)) {
            self.refuse("not signed in", "nobody is signed in: scan your badge first");
            return;
        }
        match scan {
            Scan::Badge(badge) => self.badge(&badge),
            Scan::Order(number) => {
                self.finding = Some(Finding::Order(number.clone()));
                self.read(Slot::Find, Query::FindOrder(number));
            }
            Scan::PickList(id) => {
                let id = crate::domain::ids::PickListId(id);
                let name = self
                    .pick_lists
                    .page
                    .rows
                    .iter()
                    .find(|row| row.id == id)
                    .map(|row| row.name.clone());
                self.open_list(
                    name.unwrap_or_else(|| format!("Pick list {id}")),
                    OrderFilter {
                        pick_list: Some(id),
                        ..OrderFilter::default()
                    },
                );
            }
            Scan::Manifest(id) => {
                if !self.refused_while_due() {
                    self.take_up(crate::domain::ids::ManifestId(id));
                }
            }
            Scan::Command(command) => self.command(command),
            Scan::BoxPreset(name) => self.preset_named(&name),
            Scan::Tote(code) if self.screen == Screen::Picking => self.scan_tote_to_pick(&code),
            Scan::Code(code) if self.screen == Screen::Picking => self.scan_to_pick(&code),
            Scan::Tote(code) => match read_tote(&code) {
                Some((list, place)) => {
                    self.finding = Some(Finding::Tote(code));
                    self.read(Slot::Find, Query::FindTote(list, place));
                }
                None => self.refuse(
                    "tote",
                    "that is no tote of a pick list: print the list again, or scan the order",
                ),
            },
            Scan::Code(_) | Scan::Transparency(_) | Scan::DamagedTransparency(_) | Scan::Tracking(_) => {
                if self.scanned_onto_box(&scan) {
                    return;
                }
                self.judge_item(&scan, None);
            }
        }
    }

    /// A code on a thing: the open order's session judges it, with the catalogue's word where it needs one.
    fn judge_item(&mut self, scan: &Scan, catalogue: Option<&[CodeMeaning]>) {
        let session = self.bench.as_ref().and_then(|bench| bench.session.as_ref());
        let verdict = match session {
            Some(session) => session.scan_known(scan, catalogue.unwrap_or_default()),
            None => Verdict::Elsewhere(scan.clone()),
        };
        if let (Scan::Code(code), None) = (scan, catalogue)
            && needs_catalogue(&verdict)
        {
            self.finding = Some(Finding::Code(code.clone()));
            let looked_up = transparency::named_serial(code).unwrap_or(code).to_owned();
            self.read(Slot::Find, Query::FindCode(looked_up));
            return;
        }
        match verdict {
            Verdict::Elsewhere(Scan::Tracking(number)) => {
                self.finding = Some(Finding::Tracking(number.clone()));
                self.read(Slot::Find, Query::FindTracking(number));
            }
            Verdict::Elsewhere(_) => {
                let what = match catalogue.and_then(<[CodeMeaning]>::first) {
                    Some(meaning) => format!("that is {}", Clean::bounded(meaning.sku.as_str(), 40)),
                    None => "no order is open".to_owned(),
                };
                self.refuse(
                    "no order open",
                    format!("{what}: open an order first, then scan its items"),
                );
            }
            Verdict::Refused(refusal) => self.refuse(refusal_form(scan), refusal.to_string()),
            Verdict::Accepted(event) => self.accept(&event),
        }
    }

    /// An accepted scan or override: written down; green once it is durable.
    pub(crate) fn accept(&mut self, event: &PackEvent) {
        let Some(by) = self.user.as_ref().map(|user| user.id) else {
            return;
        };
        let stalled = self.bench.as_ref().is_some_and(|bench| bench.stalled);
        if stalled {
            self.refuse(
                "not saved yet",
                "not taken: an earlier scan is not saved yet; wait for GOOD, then scan again",
            );
            return;
        }
        let row = match self.bench.as_ref().map(|bench| &bench.turn) {
            Some(Turn::Ours(row)) => row.clone(),
            Some(Turn::Refused { words, .. }) => {
                let words = words.clone();
                self.refuse("not ours", words);
                return;
            }
            _ => {
                let words = self.bench.as_ref().map_or_else(String::new, why_not_packable);
                self.refuse("not packable", words);
                return;
            }
        };
        let Some(id) = self.fresh_id() else {
            self.refuse("no id", "not taken: scan it again");
            return;
        };
        let now = self.now;
        let Some(bench) = &mut self.bench else { return };
        let words = accepted_words(bench, event);
        let record = ScanRecord {
            id: ScanId(id),
            order: bench.order,
            box_id: row.id,
            turn: row.turn,
            sequence: bench.next_sequence(&row),
            event: event.clone(),
            by,
            at: now,
        };
        if let Some(session) = &mut bench.session {
            session.apply(event);
        }
        let number = bench
            .detail
            .as_ref()
            .map(|detail| detail.order.channel.number.clone());
        let awaited = Awaited::Scan(number.unwrap_or_else(|| "?".into()));
        let request = self.commit(Commit::AcceptScan(record.clone()), awaited);
        self.effects
            .push(Effect::Schedule(Timer::Unsaved(request), UNSAVED_AFTER));
        if let Some(bench) = &mut self.bench {
            bench.pending.push(Pending {
                request,
                record,
                words: words.clone(),
                at: now,
            });
        }
        self.say(Tone::Wait, format!("saving: {words}"));
    }

    /// A refused scan: red, aloud, in words, and a row in the history without the code.
    ///
    /// Faster than anybody scans (a text that was pasted, a scanner that repeats), they are counted together.
    pub(crate) fn refuse(&mut self, form: &str, words: impl Into<String>) {
        let now = self.now;
        self.practice_scanned(false, now);
        let refusals = &mut self.refusals;
        let passed = refusals.since.map_or(TimeDelta::MAX, |since| (now - since).abs());
        if passed > REFUSED_TOGETHER {
            refusals.since = Some(now);
            refusals.count = 0;
        }
        refusals.count += 1;
        let count = refusals.count;
        if count > REFUSED_ALONE {
            refusals.unnoted += 1;
            self.bad(format!(
                "{count} codes in a row were refused: was a text pasted, or does a scanner repeat? Stop it, then scan again"
            ));
            let soon = REFUSED_TOGETHER.to_std().unwrap_or_default();
            self.effects.push(Effect::Schedule(Timer::Refusals, soon));
            return;
        }
        self.bad(words);
        self.note_refused(form.to_owned());
    }

    /// The flood of refused codes is over: one row in the history for all that had none.
    pub(crate) fn note_refusals(&mut self) {
        let unnoted = std::mem::take(&mut self.refusals.unnoted);
        if unnoted > 0 {
            self.note_refused(format!("{unnoted} more in a row"));
        }
    }

    fn note_refused(&mut self, reason: String) {
        let order = self.bench.as_ref().map(|bench| bench.order);
        let by = self.user.as_ref().map(|user| user.id);
        self.commit(Commit::NoteRefusedScan { order, by, reason }, Awaited::Note);
    }

    pub(crate) fn found_code(&mut self, meanings: &[CodeMeaning]) {
        if let Some(Finding::Code(code)) = self.finding.take() {
            self.judge_item(&Scan::Code(code), Some(meanings));
        }
        self.drain_queue();
    }

    pub(crate) fn found_orders(&mut self, orders: &[OrderId]) {
        let number = match self.finding.take() {
            Some(Finding::Order(number)) => number,
            Some(Finding::Tote(code)) => {
                match orders.first() {
                    Some(order) => self.open_scanned(*order),
                    None => self.not_there(&format!(
                        "no order has tote TGT-{code} now: it was taken off its list; put back what lies in the tote"
                    )),
                }
                return;
            }
            _ => return,
        };
        match orders {
            [] => self.not_there(&format!(
                "order {number} is not in this station: wait for the next import, or look it up in Seller Central"
            )),
            [order] => self.open_scanned(*order),
            several => {
                // A split order: the parts are shown to choose from.
                self.queue.clear();
                self.bench = None;
                let text = Some(number.0.clone());
                self.open_list(format!("Order {number}"), OrderFilter { text, ..OrderFilter::default() });
                self.say(Tone::Note, format!("{} parts of order {number}: choose one", several.len()));
            }
        }
    }

    /// An order's barcode opens the order; the open one stays as it is.
    fn open_scanned(&mut self, order: OrderId) {
        if self.bench.as_ref().is_some_and(|bench| bench.order == order) && self.screen.has_order() {
            self.say(Tone::Note, "this order is open already");
            self.drain_queue();
        } else if self.refused_while_due() {
            // Scans behind it were meant for the other order.
            self.queue.clear();
        } else {
            self.banner = None;
            self.open_order(order, Screen::Pack);
        }
    }

    pub(crate) fn found_label(&mut self, label: Option<LabelRow>) {
        let number = match self.finding.take() {
            Some(Finding::Tracking(number)) => number,
            Some(Finding::WrongLabel(number)) => {
                self.wrong_label(&number, label.as_ref());
                return;
            }
            _ => return,
        };
        let Some(label) = label else {
            self.not_there(&format!("no label of this station has tracking number {number}"));
            return;
        };
        if self
            .bench
            .as_ref()
            .is_some_and(|bench| bench.order == label.order)
            && self.screen.has_order()
        {
            self.show_label(label.id);
            self.drain_queue();
        } else {
            self.open_order(label.order, Screen::Label);
        }
        self.say(Tone::Note, format!("label of order {}", label.number));
    }

    /// Shows one of the open order's labels; where it is shown already, a dialog over it stays.
    fn show_label(&mut self, label: IntentId) {
        let Some(bench) = &mut self.bench else { return };
        let labels = bench.detail.iter().flat_map(|detail| &detail.labels);
        let place = labels
            .into_iter()
            .position(|other| other.id == label)
            .unwrap_or(0);
        if self.screen != Screen::Label || bench.selected_label != place {
            self.layers.clear();
            self.screen = Screen::Label;
            bench.selected_label = place;
        }
    }

    /// The look-up itself failed.
    pub(crate) fn not_found(&mut self, words: &str) {
        self.finding = None;
        self.not_there(words);
    }

    /// What was scanned is not there; scans behind it were meant for it, so they are not taken.
    fn not_there(&mut self, words: &str) {
        let behind = self.queue.len();
        self.queue.clear();
        let tail = match behind {
            0 => String::new(),
            1 => "; the scan after it was not taken".to_owned(),
            more => format!("; {more} scans after it were not taken"),
        };
        self.refuse("not found", format!("{words}{tail}"));
    }

    /// Judges the scans that waited for the order to open.
    pub(crate) fn drain_queue(&mut self) {
        while self.finding.is_none() && !self.bench.as_ref().is_some_and(Bench::opening) {
            let Some(raw) = self.queue.pop_front() else { return };
            self.scanned(&raw);
        }
    }

    /// Takes a turn at the open order's box where it can be packed and nobody was asked yet.
    pub(crate) fn take_turn(&mut self, again: Again) {
        let Some(by) = self.user.as_ref().map(|user| user.id) else {
            return;
        };
        let confirmation = self
            .setup
            .confirmation_of(self.bench.as_ref().and_then(Bench::store));
        let Some(bench) = &mut self.bench else { return };
        let wanted = match bench.turn {
            Turn::None => true,
            Turn::Refused { .. } => again != Again::No,
            Turn::Asked | Turn::Ours(_) => false,
        };
        if !wanted || !bench.packable() || self.screen == Screen::Label {
            return;
        }
        bench.turn = Turn::Asked;
        let take_over = again == Again::TakeOver;
        let order = bench.order;
        let floor = bench
            .detail
            .as_ref()
            .and_then(|detail| detail.order.channel.confirmation_floor);
        let confirmation = floor.map_or(confirmation, |floor| floor.max(confirmation));
        self.commit(
            Commit::BeginPacking {
                order,
                by,
                take_over,
                confirmation,
            },
            Awaited::Packing(order),
        );
    }
}

/// Whether a turn that was refused is asked for again.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Again {
    /// Not by itself.
    No,
    /// In the same way.
    Same,
    /// Taking the box over from another packer.
    TakeOver,
}

/// The catalogue decides: a code that no product of the order has may be another product's, and what looks
/// like a serial may be a barcode.
fn needs_catalogue(verdict: &Verdict) -> bool {
    use crate::domain::packing::Refusal;
    matches!(
        verdict,
        Verdict::Accepted(PackEvent::Coded {
            code: UnitCode::Serial(_),
            ..
        }) | Verdict::Refused(
            Refusal::Unknown { .. } | Refusal::NoCode { .. } | Refusal::MisreadBarcode { .. },
        ) | Verdict::Elsewhere(_)
    )
}

/// Form and no content, for the history.
fn refusal_form(scan: &Scan) -> &'static str {
    match scan {
        Scan::Transparency(_) => "transparency code refused",
        Scan::DamagedTransparency(_) => "damaged transparency code",
        _ => "code refused",
    }
}

/// Why nothing can be scanned into this order, and what to do.
pub(crate) fn why_not_packable(bench: &Bench) -> String {
    if let Some(label) = bench.frozen() {
        return format!(
            "the box has a label ({}): void it before changing the box",
            label.state
        );
    }
    match &bench.detail {
        Some(detail) => format!("the order is {}: nothing can be packed now", detail.order.status),
        None => "the order is still being read".to_owned(),
    }
}

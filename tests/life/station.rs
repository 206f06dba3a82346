//! The system under test: the real store in a file, the domain's own rules, and the sync task's way of joining them.

use super::carrier::{Carrier, Heard, Sending, Voiding};
use super::model::{Model, Verdict};
use super::moves::{Move, Printing};
use super::wire::{answer_of, void_wire, wire};
use super::{ORDERS, things};
use chrono::{DateTime, TimeDelta, Utc};
use rusqlite::{Connection, OpenFlags};
use std::path::PathBuf;
use tapegun::domain::ids::{IntentId, OrderId, ScanId, TrackingNumber, UserId};
use tapegun::domain::intent::{BuyOutcome, VoidOutcome, classify_purchase, classify_void};
use tapegun::domain::order::ChannelPackage;
use tapegun::domain::packing::ScanRecord;
use tapegun::domain::rate::Confirmation;
use tapegun::domain::rows::{BoxRow, LabelRow, OrderDetail, PrintState, WorkItem};
use tapegun::domain::sealed::Sealed;
use tapegun::domain::settling::{self, OpenIntent, QUOTE_LIFE};
use tapegun::domain::shipment::LabelState;
use tapegun::store::sqlite::SqliteStore;
use tapegun::store::{
    Asking, BoxDetails, Lead, Refusal, Settlement, Store as _, StoreError, StoreResult, VoidSettlement,
};
use uuid::Uuid;

/// Nothing is bought with less than this left of its quote, as the sync task has it.
const QUOTE_REST: TimeDelta = TimeDelta::seconds(15);

thread_local! {
    static START: (tempfile::TempDir, [UserId; 3], Vec<OrderId>) = {
        let folder = tempfile::tempdir().expect("a folder");
        let mut store = SqliteStore::open(&folder.path().join("tapegun.db")).expect("a store");
        let now = things::start();
        let people = things::people(&mut store, now);
        let orders = (0..ORDERS).map(|n| things::order(&mut store, n, now)).collect();
        // The end of the last connection brings everything into the one file.
        drop(store);
        (folder, people, orders)
    };
}

/// A sending on its way: what was heard, and whether it was a repeat.
type OnItsWay = Vec<(Heard, bool)>;

pub(crate) struct Station {
    _folder: tempfile::TempDir,
    path: PathBuf,
    /// Somebody else's view of the file, for the checks. While it is open, the death of the process leaves the
    /// write-ahead log behind, as a kill does.
    pub(crate) checker: Connection,
    /// None only while the process is dead.
    store: Option<SqliteStore>,
    pub(crate) orders: Vec<OrderId>,
    pub(crate) labels: Vec<IntentId>,
    pub(crate) carrier: Carrier,
    pub(crate) people: [UserId; 3],
    turns: Vec<[Option<BoxRow>; 2]>,
    last_scan: Option<ScanRecord>,
    leads: Vec<Lead>,
    leading: bool,
    on_its_way: Vec<OnItsWay>,
    voids_on_their_way: Vec<OnItsWay>,
    now: DateTime<Utc>,
    fresh: u128,
}

impl Station {
    pub(crate) fn new() -> Self {
        // In memory where the machine has such a folder: what a process leaves behind is the same there.
        let shared = PathBuf::from("/dev/shm");
        let folder = if shared.is_dir() {
            tempfile::tempdir_in(shared)
        } else {
            tempfile::tempdir()
        };
        let folder = folder.expect("a folder");
        let path = folder.path().join("tapegun.db");
        // Every story begins with the same file, made once.
        let (people, orders) = START.with(|(begun, people, orders)| {
            std::fs::copy(begun.path().join("tapegun.db"), &path).expect("a copy");
            (*people, orders.clone())
        });
        let store = SqliteStore::open(&path).expect("a store");
        let flags = OpenFlags::SQLITE_OPEN_READ_ONLY | OpenFlags::SQLITE_OPEN_NO_MUTEX;
        let now = things::start();
        Self {
            _folder: folder,
            checker: Connection::open_with_flags(&path, flags).expect("a second opening"),
            path,
            store: Some(store),
            turns: vec![[None, None]; orders.len()],
            orders,
            labels: Vec::new(),
            carrier: Carrier::default(),
            people,
            last_scan: None,
            leads: Vec::new(),
            leading: false,
            on_its_way: Vec::new(),
            voids_on_their_way: Vec::new(),
            now,
            fresh: 0,
        }
    }

    pub(crate) fn store(&self) -> &SqliteStore {
        self.store.as_ref().expect("alive between moves")
    }

    fn write(&mut self) -> &mut SqliteStore {
        self.store.as_mut().expect("alive between moves")
    }

    pub(crate) fn detail(&self, order: usize) -> OrderDetail {
        self.store().order(self.orders[order]).expect("an order")
    }

    pub(crate) fn label(&self, label: usize) -> LabelRow {
        self.store().label(self.labels[label]).expect("a label")
    }

    fn fresh(&mut self) -> Uuid {
        self.fresh += 1;
        Uuid::from_u128(self.fresh)
    }

    fn seconds(&self) -> i64 {
        (self.now - things::start()).num_seconds()
    }

    /// Does it, and says what the store made of it.
    pub(crate) fn apply(&mut self, happens: &Move) -> Verdict {
        let label_of = |label: usize| self.labels.get(label).copied();
        match *happens {
            Move::Wait { seconds } => {
                self.now += TimeDelta::seconds(seconds);
                Verdict::Done
            }
            Move::Crash => self.crash(),
            Move::Lead => {
                let now = self.now;
                let lead = self.write().take_lead(now).expect("a lead");
                self.leads.push(lead);
                self.leading = true;
                Verdict::Done
            }
            Move::ScanAgain => match self.last_scan.clone() {
                None => Verdict::Nothing,
                Some(scan) => verdict(self.write().accept_scan(&scan)),
            },
            Move::Open {
                order,
                packer,
                take_over,
            } => self.open(order, packer, take_over),
            Move::Scan { order, packer } => self.scan(order, packer),
            Move::Weigh {
                order,
                packer,
                ounces,
            } => self.weigh(order, packer, ounces),
            Move::Quote { order } => self.quote(order),
            Move::Want { order, packer } => self.want(order, packer),
            Move::Look { order, lags } => self.look(order, lags),
            Move::Withdraw { label }
            | Move::Ask { label, .. }
            | Move::Hear { label, .. }
            | Move::Repeat { label, .. }
            | Move::Fetch { label }
            | Move::Decide { label, .. }
            | Move::Print { label, .. }
            | Move::PrintAgain { label }
            | Move::WantVoid { label }
            | Move::AskVoid { label, .. }
            | Move::HearVoid { label } => match label_of(label) {
                None => Verdict::Nothing,
                Some(id) => self.of_label(happens, label, id),
            },
        }
    }

    fn of_label(&mut self, happens: &Move, label: usize, id: IntentId) -> Verdict {
        let (now, packer) = (self.now, self.people[0]);
        match *happens {
            Move::Withdraw { .. } => verdict(self.write().withdraw_label(id, packer, now)),
            Move::Ask { stale, sending, .. } => self.ask(label, stale, sending),
            Move::Repeat { stale, sending, .. } => self.repeat(label, stale, sending),
            Move::Hear { twice, .. } => self.hear(label, twice),
            Move::Fetch { .. } => self.fetch(label),
            Move::Decide { supervisor, .. } => self.decide(label, supervisor),
            Move::Print { ending, .. } => self.print(id, ending),
            Move::PrintAgain { .. } => verdict(
                self.write()
                    .want_print(id, &things::station(), packer, now)
                    .map(drop),
            ),
            Move::WantVoid { .. } => verdict(self.write().want_void(id, &things::void(packer), now)),
            Move::AskVoid { stale, voiding, .. } => self.ask_void(label, stale, voiding),
            Move::HearVoid { .. } => self.hear_void(label),
            _ => unreachable!("of no label"),
        }
    }

    /// The process is gone with all it knew; the next one opens the file and asks about half-printed sheets.
    fn crash(&mut self) -> Verdict {
        self.store = None;
        self.on_its_way.iter_mut().for_each(Vec::clear);
        self.voids_on_their_way.iter_mut().for_each(Vec::clear);
        self.leading = false;
        let mut store = SqliteStore::open(&self.path).expect("it opens after every crash");
        store.doubt_printing(&things::station(), self.now).expect("jobs");
        self.store = Some(store);
        Verdict::Done
    }

    fn open(&mut self, order: usize, packer: usize, take_over: bool) -> Verdict {
        let (id, by, now) = (self.orders[order], self.people[packer], self.now);
        let confirmation = Confirmation::DeliveryConfirmation;
        let opened = self.write().begin_packing(id, by, take_over, confirmation, now);
        if let Ok(parcel) = &opened {
            self.turns[order][packer] = Some(parcel.clone());
        }
        verdict(opened.map(drop))
    }

    fn scan(&mut self, order: usize, packer: usize) -> Verdict {
        let Some(parcel) = self.turns[order][packer].clone() else {
            return Verdict::Nothing;
        };
        let sequence = u32::try_from(self.detail(order).scans.len()).expect("few");
        let scan = ScanRecord {
            id: ScanId(self.fresh()),
            order: self.orders[order],
            box_id: parcel.id,
            turn: parcel.turn,
            sequence,
            event: things::verified(),
            by: self.people[packer],
            at: self.now,
        };
        let accepted = self.write().accept_scan(&scan);
        if accepted.is_ok() {
            self.last_scan = Some(scan);
        }
        verdict(accepted)
    }

    fn weigh(&mut self, order: usize, packer: usize, ounces: i64) -> Verdict {
        let Some(parcel) = self.turns[order][packer].clone() else {
            return Verdict::Nothing;
        };
        let (by, now) = (self.people[packer], self.now);
        let details = BoxDetails {
            weight: Some(things::ounces(ounces)),
            dimensions: Some(things::size()),
            confirmation: None,
            flat_rate: None,
        };
        verdict(
            self.write()
                .set_box(parcel.id, parcel.turn, &details, by, now)
                .map(drop),
        )
    }

    fn quote(&mut self, order: usize) -> Verdict {
        let detail = self.detail(order);
        let Some(request) = things::request(&detail) else {
            return Verdict::Nothing;
        };
        let now = self.now;
        let wanted = self.write().want_quote(&request, now);
        if let Ok(quote) = wanted {
            let answer = things::answer(now);
            self.write()
                .answer_quote(quote, Ok(answer), now)
                .expect("an answer is stored");
        }
        verdict(wanted.map(drop))
    }

    fn want(&mut self, order: usize, packer: usize) -> Verdict {
        let detail = self.detail(order);
        let (Some(quote), Some(parcel)) = (detail.quotes.first(), self.turns[order][packer].clone()) else {
            return Verdict::Nothing;
        };
        let id = IntentId(self.fresh());
        let want = things::want(id, &parcel, quote, self.people[packer]);
        let now = self.now;
        let wanted = self.write().want_label(&want, now);
        if wanted.is_ok() {
            self.labels.push(id);
            self.on_its_way.push(Vec::new());
            self.voids_on_their_way.push(Vec::new());
            // The same wish again is the same wish.
            self.write().want_label(&want, now).expect("idempotent");
        }
        verdict(wanted)
    }

    /// The lead to ask with, if anybody leads.
    fn lead(&self, stale: bool) -> Option<Lead> {
        let back = if stale { 2 } else { 1 };
        let lead = self.leads.len().checked_sub(back)?;
        self.leading.then(|| self.leads[lead])
    }

    fn work_item(&self, label: usize, state: &[LabelState]) -> Option<WorkItem> {
        let work = self.store().work().expect("work");
        let found = work.into_iter().find(|item| item.label.id == self.labels[label]);
        found.filter(|item| state.contains(&item.label.state))
    }

    fn ask(&mut self, label: usize, stale: bool, sending: Sending) -> Verdict {
        let Some(lead) = self.lead(stale) else {
            return Verdict::Nothing;
        };
        let Some(item) = self.work_item(label, &[LabelState::Wanted]) else {
            return Verdict::Nothing;
        };
        let quoted_at = item.quote_asked_at.expect("an answered quote");
        if self.now + QUOTE_REST > quoted_at + QUOTE_LIFE {
            let settlement = Settlement::Refused {
                why: "its rates have run out".to_owned(),
                error: None,
            };
            return self.settle(label, &settlement);
        }
        self.send(label, lead, &item, sending)
    }

    fn repeat(&mut self, label: usize, stale: bool, sending: Sending) -> Verdict {
        let Some(lead) = self.lead(stale) else {
            return Verdict::Nothing;
        };
        let Some(item) = self.work_item(label, &[LabelState::Unknown]) else {
            return Verdict::Nothing;
        };
        let allowed = item
            .first_sent_at
            .is_some_and(|first| settling::may_repeat(item.label.via, first, item.quote_asked_at, self.now));
        if !allowed {
            return Verdict::Nothing;
        }
        self.send(label, lead, &item, sending)
    }

    /// Written down, then sent once.
    fn send(&mut self, label: usize, lead: Lead, item: &WorkItem, sending: Sending) -> Verdict {
        let request = format!("request of {}, attempt {}", item.label.id, item.last_attempt + 1);
        let asking = Asking {
            id: item.label.id,
            request: Sealed::from_bytes(request.into_bytes()),
        };
        let now = self.now;
        let begun = self.write().begin_asking(lead, &asking, now);
        if begun.is_ok() {
            let order = self.order_of(&item.label);
            let quoted_at = item.quote_asked_at.expect("an answered quote") - things::start();
            let seconds = self.seconds();
            let heard = self
                .carrier
                .buy(label, order, quoted_at.num_seconds(), seconds, sending);
            self.on_its_way[label].push((heard, item.in_doubt));
        }
        verdict(begun.map(drop))
    }

    fn order_of(&self, row: &LabelRow) -> usize {
        let mut orders = self.orders.iter();
        orders
            .position(|order| *order == row.order)
            .expect("one of the story's orders")
    }

    fn hear(&mut self, label: usize, twice: bool) -> Verdict {
        if self.on_its_way[label].is_empty() {
            return Verdict::Nothing;
        }
        let (heard, repeat) = self.on_its_way[label].remove(0);
        let settlement = match classify_purchase(!repeat, wire(heard)) {
            BuyOutcome::Bought(answer) => things::bought(&answer),
            BuyOutcome::NotSent { why, .. } => Settlement::NotSent {
                why,
                not_before: None,
            },
            BuyOutcome::Refused { why, .. } | BuyOutcome::Closed { why } => {
                Settlement::Refused { why, error: None }
            }
            BuyOutcome::Exists { why, .. } | BuyOutcome::Unknown { why } => Settlement::Unknown { why },
        };
        let verdict = self.settle(label, &settlement);
        if twice {
            assert_eq!(self.settle(label, &settlement), verdict, "settling is idempotent");
        }
        verdict
    }

    fn settle(&mut self, label: usize, settlement: &Settlement) -> Verdict {
        let (id, now) = (self.labels[label], self.now);
        verdict(self.write().settle(id, settlement, now).map(drop))
    }

    fn fetch(&mut self, label: usize) -> Verdict {
        let Some(item) = self.work_item(label, &[LabelState::BoughtWithoutDocument]) else {
            return Verdict::Nothing;
        };
        let Some(shipment) = &item.label.shipment else {
            return Verdict::Nothing;
        };
        let sale = things::sale_of(shipment);
        let Settlement::Bought { documents, .. } = things::bought(&answer_of(sale, true)) else {
            unreachable!("a purchase")
        };
        if item.label.tracking.is_none() {
            return self.settle(label, &things::bought(&answer_of(sale, true)));
        }
        let (id, now) = (item.label.id, self.now);
        verdict(self.write().add_document(id, documents, now).map(drop))
    }

    fn look(&mut self, order: usize, lags: bool) -> Verdict {
        let detail = self.detail(order);
        let sales = self.carrier.sales.iter().enumerate();
        let listed = sales
            .filter(|(_, sale)| sale.order == order && !(lags && self.seconds() - sale.sold_at < 120))
            .map(|(number, sale)| ChannelPackage {
                reference: format!("p{number}"),
                status: if sale.live { "SHIPPED" } else { "LABEL_CANCELLED" }.to_owned(),
                carrier: things::CARRIER.to_owned(),
                service: things::SERVICE.to_owned(),
                tracking: Some(things::tracking(number)),
                shipped_at: Some(things::start() + TimeDelta::seconds(sale.sold_at)),
                items: vec![(things::line().id, 1)],
            });
        let packages: Vec<ChannelPackage> = listed.collect();
        let ours: Vec<TrackingNumber> = detail
            .labels
            .iter()
            .filter_map(|label| label.tracking.clone())
            .collect();
        let open = detail
            .labels
            .iter()
            .filter(|label| settling::may_own_a_package(label));
        let open: Vec<OpenIntent> = open
            .map(|label| OpenIntent {
                id: label.id,
                items: vec![(things::line().id, 1)],
                carrier: label.carrier.clone(),
                service: label.service.clone(),
                first_sent: label.wanted_at,
            })
            .collect();
        let mut done = Verdict::Nothing;
        for (id, tracking) in settling::settled_by(&packages, &open, &ours) {
            let settlement = Settlement::Bought {
                shipment: None,
                tracking: Some(tracking),
                promise: None,
                documents: Vec::new(),
                held: None,
                request_id: None,
            };
            let now = self.now;
            done = verdict(self.write().settle(id, &settlement, now).map(drop));
        }
        done
    }

    fn decide(&mut self, label: usize, supervisor: bool) -> Verdict {
        let by = self.people[if supervisor { 2 } else { 0 }];
        let bought = self.carrier.sold_to(label).map(things::tracking);
        let (id, now) = (self.labels[label], self.now);
        verdict(self.write().decide_unknown(id, bought, by, "looked", now))
    }

    fn print(&mut self, id: IntentId, ending: Printing) -> Verdict {
        let jobs = self.store().print_jobs(&things::station()).expect("jobs");
        let job = jobs
            .into_iter()
            .find(|job| job.label == id && job.state == PrintState::Wanted);
        let Some(job) = job else {
            return Verdict::Nothing;
        };
        let now = self.now;
        let Some(work) = self.write().begin_printing(job.id, now).expect("a job") else {
            return Verdict::Refused;
        };
        assert_eq!(work.document.kind, "LABEL");
        let result = match ending {
            Printing::CutShort => return self.crash(),
            Printing::Done => Ok(()),
            Printing::Failed => Err("no paper".to_owned()),
        };
        verdict(self.write().end_printing(job.id, result, false, now))
    }

    fn ask_void(&mut self, label: usize, stale: bool, voiding: Voiding) -> Verdict {
        let Some(lead) = self.lead(stale) else {
            return Verdict::Nothing;
        };
        let Some(item) = self.work_item(label, &[LabelState::VoidWanted, LabelState::VoidUnknown]) else {
            return Verdict::Nothing;
        };
        let (id, now) = (item.label.id, self.now);
        if let Err(refused) = self.write().begin_voiding(lead, id, now) {
            return verdict(Err(refused));
        }
        let Some(shipment) = &item.label.shipment else {
            let why = "no shipment id".to_owned();
            return self.settle_void(label, &VoidSettlement::Refused { why });
        };
        let heard = self.carrier.void(things::sale_of(shipment), voiding);
        self.voids_on_their_way[label].push((heard, item.in_doubt));
        Verdict::Done
    }

    fn hear_void(&mut self, label: usize) -> Verdict {
        if self.voids_on_their_way[label].is_empty() {
            return Verdict::Nothing;
        }
        let (heard, repeat) = self.voids_on_their_way[label].remove(0);
        let settlement = match classify_void(!repeat, void_wire(heard)) {
            VoidOutcome::Accepted => VoidSettlement::Accepted,
            VoidOutcome::NotSent { why, .. } => VoidSettlement::NotSent {
                why,
                not_before: None,
            },
            VoidOutcome::Refused { why } => VoidSettlement::Refused { why },
            VoidOutcome::Rejected { why } => VoidSettlement::Rejected { why },
            VoidOutcome::Unknown { why } => VoidSettlement::Unknown { why },
        };
        self.settle_void(label, &settlement)
    }

    fn settle_void(&mut self, label: usize, settlement: &VoidSettlement) -> Verdict {
        let (id, now) = (self.labels[label], self.now);
        verdict(self.write().settle_void(id, settlement, now).map(drop))
    }

    /// The plan never schedules a repeat that could buy a second label.
    pub(crate) fn plans_safely(&self, model: &Model) {
        for item in self.store().work().expect("work") {
            let due = (item.label.state == LabelState::Unknown)
                .then(|| settling::repeat_due(&item, self.now))
                .flatten();
            let id = item.label.id;
            let label = self
                .labels
                .iter()
                .position(|label| *label == id)
                .expect("of the story");
            assert!(
                due.is_none_or(|due| due > self.now) || model.may_repeat(label),
                "a repeat of label {label} is due when it could buy again"
            );
        }
    }
}

/// A rule may refuse; nothing may fail.
fn verdict(result: StoreResult<()>) -> Verdict {
    match result {
        Ok(()) => Verdict::Done,
        Err(StoreError::Refused(Refusal::Restored)) => panic!("nothing was restored"),
        Err(StoreError::Refused(why)) => {
            // Shown where a story fails.
            println!("refused: {why}");
            Verdict::Refused
        }
        Err(other) => panic!("the store failed: {other}"),
    }
}

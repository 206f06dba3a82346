//! The reference: PURCHASING.md said once more, in plain data, without a database. It foretells of every move whether
//! the store takes it, and where each label stands afterwards.

use super::carrier::{Carrier, Heard, Voiding};
use super::moves::{Move, Printing};
use tapegun::domain::shipment::LabelState as S;

/// The store takes a quote for 9 minutes.
const QUOTE_TAKEN: i64 = 540;
/// Nothing is bought with less than this left of the quote's 10 minutes.
const QUOTE_ENDS: i64 = 600 - 15;
/// A repeat is safe for two minutes from the first send; ten seconds of them are kept for the sending.
const REPEATED: i64 = 110;
/// From here on after the quote was asked for, a success can only be the old one.
const QUOTE_IS_OVER: i64 = 720;
/// A supervisor waits so long before calling a label not bought.
const LOOKED_AT: i64 = 600;
/// Packages younger than this may not be listed yet.
const LAG: i64 = 120;

/// What the store must answer to a move.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Verdict {
    /// Taken.
    Done,
    /// Refused by a rule; nothing changed.
    Refused,
    /// There was nothing to do it to.
    Nothing,
}

/// Where an order stands at the bench.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Bench {
    Ready,
    Packing,
    Pickup,
    Shipped,
}

/// An order of one unit, in one box.
#[derive(Debug, Clone)]
pub(crate) struct Parcel {
    pub(crate) bench: Bench,
    pub(crate) scanned: bool,
    pub(crate) ounces: i64,
    owner: Option<usize>,
    turn: u32,
    turns_held: [Option<u32>; 2],
    quote: Option<Rates>,
}

#[derive(Debug, Clone, Copy)]
struct Rates {
    asked_at: i64,
    ounces: i64,
    scanned: bool,
}

impl Parcel {
    fn new() -> Self {
        Self {
            bench: Bench::Ready,
            scanned: false,
            ounces: 0,
            owner: None,
            turn: 0,
            turns_held: [None; 2],
            quote: None,
        }
    }

    /// The packer's turn at the box is not over.
    pub(crate) fn holds(&self, packer: usize) -> bool {
        self.turns_held[packer] == Some(self.turn)
    }
}

/// A label, as far as the protocol knows it.
#[derive(Debug, Clone)]
pub(crate) struct Label {
    pub(crate) order: usize,
    pub(crate) state: S,
    /// An earlier sending may have succeeded.
    pub(crate) doubt: bool,
    void_doubt: bool,
    quoted_at: i64,
    sent: Vec<i64>,
    /// Sendings whose answers have not come: what was heard, and whether it was a repeat.
    pub(crate) heard: Vec<(Heard, bool)>,
    heard_of_void: Vec<(Heard, bool)>,
    /// The sale that the store knows by its shipment id.
    pub(crate) shipment: Option<usize>,
    /// The sale that the store knows by its tracking number.
    pub(crate) tracking: Option<usize>,
    document: bool,
    /// Sheets that wait.
    sheets: u32,
    pub(crate) printed: u32,
    pub(crate) voids_wanted: u32,
}

impl Label {
    /// The answer to a void has not come.
    pub(crate) fn void_on_its_way(&self) -> bool {
        !self.heard_of_void.is_empty()
    }
}

/// The whole story so far.
#[derive(Debug, Clone)]
pub(crate) struct Model {
    pub(crate) now: i64,
    pub(crate) parcels: Vec<Parcel>,
    pub(crate) labels: Vec<Label>,
    pub(crate) carrier: Carrier,
    pub(crate) leads: bool,
    pub(crate) taken: u32,
    scanned_ever: bool,
    /// What the last move must have come to.
    pub(crate) verdict: Verdict,
}

fn done_if(yes: bool) -> Verdict {
    if yes { Verdict::Done } else { Verdict::Refused }
}

impl Model {
    pub(crate) fn new(orders: usize) -> Self {
        Self {
            now: 0,
            parcels: vec![Parcel::new(); orders],
            labels: Vec::new(),
            carrier: Carrier::default(),
            leads: false,
            taken: 0,
            scanned_ever: false,
            verdict: Verdict::Nothing,
        }
    }

    /// The live label of an order's box.
    pub(crate) fn live(&self, order: usize) -> Option<usize> {
        let mut labels = self.labels.iter();
        labels.position(|label| label.order == order && label.state.is_live())
    }

    pub(crate) fn quote_fits(&self, order: usize) -> bool {
        let parcel = &self.parcels[order];
        parcel.quote.is_some_and(|quote| {
            self.now - quote.asked_at <= QUOTE_TAKEN
                && quote.ounces == parcel.ounces
                && quote.scanned == parcel.scanned
        })
    }

    /// A repeat cannot buy a second label.
    pub(crate) fn may_repeat(&self, label: usize) -> bool {
        let label = &self.labels[label];
        let Some(first) = label.sent.first() else {
            return false;
        };
        self.now - first <= REPEATED || self.now - label.quoted_at >= QUOTE_IS_OVER
    }

    /// One more thing happens.
    pub(crate) fn apply(&mut self, happens: &Move) {
        self.verdict = match *happens {
            Move::Wait { seconds } => {
                self.now += seconds;
                Verdict::Done
            }
            Move::Crash => self.crash(),
            Move::Lead => self.lead(),
            Move::ScanAgain if self.scanned_ever => Verdict::Done,
            Move::ScanAgain => Verdict::Nothing,
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
            | Move::HearVoid { label }
                if label >= self.labels.len() =>
            {
                Verdict::Nothing
            }
            Move::Withdraw { label } => self.withdraw(label),
            Move::Ask {
                label,
                stale,
                sending,
            } => self.ask(label, stale, sending, S::Wanted),
            Move::Repeat {
                label,
                stale,
                sending,
            } => self.ask(label, stale, sending, S::Unknown),
            Move::Hear { label, twice } => self.hear(label, twice),
            Move::Fetch { label } => self.fetch(label),
            Move::Decide { label, supervisor } => self.decide(label, supervisor),
            Move::Print { label, ending } => self.print(label, ending),
            Move::PrintAgain { label } => {
                let label = &mut self.labels[label];
                let prints = label.state.can_print() && label.document;
                label.sheets += u32::from(prints);
                done_if(prints)
            }
            Move::WantVoid { label } => self.want_void(label),
            Move::AskVoid {
                label,
                stale,
                voiding,
            } => self.ask_void(label, stale, voiding),
            Move::HearVoid { label } => self.hear_void(label),
        };
    }

    fn crash(&mut self) -> Verdict {
        for label in &mut self.labels {
            label.heard.clear();
            label.heard_of_void.clear();
        }
        self.leads = false;
        Verdict::Done
    }

    /// What an older leader asked and did not settle is unknown now.
    fn lead(&mut self) -> Verdict {
        self.taken += 1;
        self.leads = true;
        for label in &mut self.labels {
            match label.state {
                S::Asked => {
                    label.state = S::Unknown;
                    label.doubt = true;
                }
                S::VoidAsked => {
                    label.state = S::VoidUnknown;
                    label.void_doubt = true;
                }
                _ => {}
            }
        }
        Verdict::Done
    }

    fn open(&mut self, order: usize, packer: usize, take_over: bool) -> Verdict {
        let free = self.live(order).is_none();
        let parcel = &mut self.parcels[order];
        let owned = parcel.owner.is_some_and(|owner| owner != packer) && !take_over;
        if !free || owned || !matches!(parcel.bench, Bench::Ready | Bench::Packing) {
            return Verdict::Refused;
        }
        parcel.owner = Some(packer);
        parcel.turn += 1;
        parcel.turns_held[packer] = Some(parcel.turn);
        parcel.bench = Bench::Packing;
        Verdict::Done
    }

    fn scan(&mut self, order: usize, packer: usize) -> Verdict {
        let free = self.live(order).is_none();
        let parcel = &mut self.parcels[order];
        if parcel.turns_held[packer].is_none() {
            return Verdict::Nothing;
        }
        let taken = free && parcel.holds(packer) && parcel.bench == Bench::Packing && !parcel.scanned;
        parcel.scanned |= taken;
        self.scanned_ever |= taken;
        done_if(taken)
    }

    fn weigh(&mut self, order: usize, packer: usize, ounces: i64) -> Verdict {
        let free = self.live(order).is_none();
        let parcel = &mut self.parcels[order];
        if parcel.turns_held[packer].is_none() {
            return Verdict::Nothing;
        }
        let taken = free && parcel.holds(packer);
        if taken {
            parcel.ounces = ounces;
        }
        done_if(taken)
    }

    fn quote(&mut self, order: usize) -> Verdict {
        let free = self.live(order).is_none();
        let parcel = &mut self.parcels[order];
        if parcel.ounces == 0 {
            return Verdict::Nothing;
        }
        if free {
            parcel.quote = Some(Rates {
                asked_at: self.now,
                ounces: parcel.ounces,
                scanned: parcel.scanned,
            });
        }
        done_if(free)
    }

    fn want(&mut self, order: usize, packer: usize) -> Verdict {
        let free = self.live(order).is_none();
        let fits = self.quote_fits(order);
        let parcel = &self.parcels[order];
        let (Some(quote), Some(_)) = (parcel.quote, parcel.turns_held[packer]) else {
            return Verdict::Nothing;
        };
        let taken = free && fits && parcel.holds(packer) && parcel.scanned && parcel.bench == Bench::Packing;
        if taken {
            self.labels.push(Label {
                order,
                state: S::Wanted,
                doubt: false,
                void_doubt: false,
                quoted_at: quote.asked_at,
                sent: Vec::new(),
                heard: Vec::new(),
                heard_of_void: Vec::new(),
                shipment: None,
                tracking: None,
                document: false,
                sheets: 0,
                printed: 0,
                voids_wanted: 0,
            });
        }
        done_if(taken)
    }

    fn withdraw(&mut self, label: usize) -> Verdict {
        let label = &mut self.labels[label];
        let taken = matches!(label.state, S::Wanted | S::Withdrawn);
        if taken {
            label.state = S::Withdrawn;
        }
        done_if(taken)
    }

    /// The first sending of a wanted label, or the repeat of an unknown one.
    fn ask(&mut self, id: usize, stale: bool, sending: super::carrier::Sending, from: S) -> Verdict {
        if !self.leads || stale && self.taken < 2 || self.labels[id].state != from {
            return Verdict::Nothing;
        }
        if from == S::Unknown && !self.may_repeat(id) {
            return Verdict::Nothing;
        }
        let now = self.now;
        let label = &mut self.labels[id];
        if from == S::Wanted && now > label.quoted_at + QUOTE_ENDS {
            label.state = S::Refused;
            return Verdict::Done;
        }
        if stale {
            return Verdict::Refused;
        }
        label.state = S::Asked;
        label.sent.push(now);
        let repeat = label.doubt;
        let heard = self.carrier.buy(id, label.order, label.quoted_at, now, sending);
        label.heard.push((heard, repeat));
        Verdict::Done
    }

    fn hear(&mut self, id: usize, twice: bool) -> Verdict {
        if self.labels[id].heard.is_empty() {
            return Verdict::Nothing;
        }
        let (heard, repeat) = self.labels[id].heard.remove(0);
        for _ in 0..=u8::from(twice) {
            self.settle(id, heard, repeat);
        }
        Verdict::Done
    }

    fn settle(&mut self, id: usize, heard: Heard, repeat: bool) {
        if let Heard::Sold(sale, whole) = heard {
            return self.sold(id, Some(sale), whole.then_some(sale), whole);
        }
        let label = &mut self.labels[id];
        if label.state.was_bought() {
            return;
        }
        let to = match heard {
            _ if repeat || label.doubt => S::Unknown,
            Heard::Plainly(429 | 403) | Heard::NotSent => S::Wanted,
            Heard::Plainly(_) => S::Refused,
            _ => S::Unknown,
        };
        // What is over stays so.
        if matches!(label.state, S::Asked | S::Unknown) {
            label.state = to;
            label.doubt |= to == S::Unknown;
        }
    }

    /// A success is always a success, whenever it comes.
    fn sold(&mut self, id: usize, shipment: Option<usize>, tracking: Option<usize>, document: bool) {
        let label = &mut self.labels[id];
        label.shipment = label.shipment.or(shipment);
        label.tracking = label.tracking.or(tracking);
        if label.state.was_bought() {
            if document && !label.document {
                self.document(id);
            }
            return;
        }
        label.state = if document {
            S::Bought
        } else {
            S::BoughtWithoutDocument
        };
        label.document = document;
        label.sheets += u32::from(document);
        let parcel = &mut self.parcels[label.order];
        if matches!(parcel.bench, Bench::Ready | Bench::Packing) {
            parcel.bench = Bench::Pickup;
        }
    }

    /// A document that came later is taken where the label may still print.
    fn document(&mut self, id: usize) {
        let label = &mut self.labels[id];
        if matches!(label.state, S::BoughtWithoutDocument | S::VoidRefused) {
            if label.state == S::BoughtWithoutDocument {
                label.state = S::Bought;
            }
            label.document = true;
            label.sheets += 1;
        }
    }

    fn fetch(&mut self, id: usize) -> Verdict {
        let label = &self.labels[id];
        let (S::BoughtWithoutDocument, Some(sale)) = (label.state, label.shipment) else {
            return Verdict::Nothing;
        };
        self.sold(id, Some(sale), Some(sale), true);
        Verdict::Done
    }

    /// A package settles an unknown only if it and exactly one open purchase of ours fit each other, and no label of
    /// ours that was bought may be its own.
    fn look(&mut self, order: usize, lags: bool) -> Verdict {
        let of_order = |label: &&Label| label.order == order;
        let mut listed = Vec::new();
        for (number, sale) in self.carrier.sales.iter().enumerate() {
            let known = self
                .labels
                .iter()
                .filter(of_order)
                .any(|label| label.tracking == Some(number));
            if sale.order == order && !known && !(lags && self.now - sale.sold_at < LAG) {
                listed.push(number);
            }
        }
        let waits = |label: &Label| {
            matches!(label.state, S::Asked | S::Unknown)
                || label.state.was_bought() && label.tracking.is_none()
        };
        let open: Vec<usize> = (0..self.labels.len())
            .filter(|id| self.labels[*id].order == order && waits(&self.labels[*id]))
            .collect();
        let ([sale], [id]) = (listed.as_slice(), open.as_slice()) else {
            return Verdict::Nothing;
        };
        self.sold(*id, None, Some(*sale), false);
        Verdict::Done
    }

    fn decide(&mut self, id: usize, supervisor: bool) -> Verdict {
        let sale = self.carrier.sold_to(id);
        let label = &mut self.labels[id];
        if !supervisor || label.state != S::Unknown {
            return Verdict::Refused;
        }
        if sale.is_some() {
            self.sold(id, None, sale, false);
            return Verdict::Done;
        }
        let last = label.sent.last().copied().unwrap_or(0);
        let waited = self.now - last >= LOOKED_AT;
        if waited {
            label.state = S::Refused;
        }
        done_if(waited)
    }

    fn print(&mut self, id: usize, ending: Printing) -> Verdict {
        if self.labels[id].sheets == 0 {
            return Verdict::Nothing;
        }
        let label = &mut self.labels[id];
        label.sheets -= 1;
        match ending {
            Printing::Failed => {}
            Printing::CutShort => {
                self.crash();
            }
            Printing::Done => {
                label.printed += 1;
                if label.state == S::Bought {
                    label.state = S::Printed;
                }
                let parcel = &mut self.parcels[label.order];
                if parcel.bench == Bench::Pickup {
                    parcel.bench = Bench::Shipped;
                }
            }
        }
        Verdict::Done
    }

    fn want_void(&mut self, id: usize) -> Verdict {
        let label = &mut self.labels[id];
        let voidable = matches!(
            label.state,
            S::Bought | S::BoughtWithoutDocument | S::Printed | S::VoidRefused
        );
        if voidable {
            label.state = S::VoidWanted;
            label.void_doubt = false;
            label.sheets = 0;
            label.voids_wanted += 1;
        }
        done_if(voidable)
    }

    fn ask_void(&mut self, id: usize, stale: bool, voiding: Voiding) -> Verdict {
        let label = &mut self.labels[id];
        if !self.leads || stale && self.taken < 2 || !matches!(label.state, S::VoidWanted | S::VoidUnknown) {
            return Verdict::Nothing;
        }
        if stale {
            return Verdict::Refused;
        }
        label.state = S::VoidAsked;
        let repeat = label.void_doubt;
        match label.shipment {
            // There is nothing to name to the carrier.
            None => label.state = if repeat { S::VoidUnknown } else { S::VoidRefused },
            Some(sold) => {
                let heard = self.carrier.void(sold, voiding);
                label.heard_of_void.push((heard, repeat));
            }
        }
        Verdict::Done
    }

    fn hear_void(&mut self, id: usize) -> Verdict {
        if self.labels[id].heard_of_void.is_empty() {
            return Verdict::Nothing;
        }
        let (heard, repeat) = self.labels[id].heard_of_void.remove(0);
        let label = &mut self.labels[id];
        let is_over = label.state.was_bought() && !label.state.is_bought();
        if is_over {
            return Verdict::Done;
        }
        let to = match heard {
            Heard::Voided | Heard::VoidedAlready => S::Voided,
            _ if repeat || label.void_doubt => S::VoidUnknown,
            Heard::Plainly(429) | Heard::NotSent => S::VoidWanted,
            Heard::Plainly(_) => S::VoidRefused,
            _ => S::VoidUnknown,
        };
        label.state = to;
        label.void_doubt |= to == S::VoidUnknown;
        if to == S::Voided {
            let parcel = &mut self.parcels[label.order];
            parcel.bench = Bench::Ready;
            parcel.scanned = false;
            parcel.owner = None;
            parcel.turn += 1;
        }
        Verdict::Done
    }
}

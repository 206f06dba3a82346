//! Recording a label that was bought elsewhere, and telling Amazon of one again.

use crate::app::banner::Tone;
use crate::app::effect::{Commit, OutsideWish, Slot};
use crate::app::forms::{Form, FormKind};
use crate::app::layers::Layer;
use crate::app::message::{Done, Failure};
use crate::app::state::{Awaited, Screen, State};
use crate::domain::confirmation::ConfirmationRow;
use crate::domain::ids::IntentId;
use crate::domain::money::Money;
use crate::domain::order::ChannelOrder;
use crate::domain::outside::{self, Carrier};
use crate::domain::rows::LabelRow;
use crate::domain::scan::{self, Scan};
use crate::domain::seller::LabelVia;
use crate::domain::text::Clean;

const CARRIER: usize = 0;
const METHOD: usize = 1;
const TRACKING: usize = 2;
const AGAIN: usize = 3;
const COST: usize = 4;
const WHY: usize = 5;

const FIELDS: [(&str, &str); 6] = [
    ("Carrier", "USPS, UPS, FedEx, DHL, OnTrac, or another by its name"),
    ("Method", "in the carrier's words, e.g. Ground"),
    ("Tracking", "scan it from the label, or type it"),
    ("Again", "the number again, where it has no check digit"),
    ("Cost", "12.34, or 12.34 EUR"),
    ("Why", "for the history; Prime orders need it"),
];

/// What the form says, read.
#[derive(Debug, Clone, PartialEq)]
pub struct Recorded {
    /// Carrier.
    pub carrier: Carrier,
    /// Method.
    pub method: String,
    /// Tracking number as typed.
    pub tracking: String,
    /// The number has no check digit and was typed twice alike.
    pub checked: bool,
    /// Cost.
    pub cost: Money,
    /// Reason.
    pub reason: Option<String>,
}

/// Reads the form, or says what is missing or wrong, in words.
pub fn read_form(form: &Form, order: &ChannelOrder) -> Result<Recorded, String> {
    let carrier = Carrier::parse(form.value(CARRIER)).ok_or("name the carrier")?;
    let method = form.value(METHOD).to_owned();
    if method.is_empty() {
        return Err("name the method".to_owned());
    }
    let terms = outside::terms(order, &carrier, &method)?;
    let number = outside::check_number(&carrier, form.value(TRACKING)).map_err(|fault| fault.to_string())?;
    if !number.verified {
        let again = outside::check_number(&carrier, form.value(AGAIN)).map(|again| again.number);
        if again.as_ref() != Ok(&number.number) {
            return Err(format!(
                "{carrier} numbers have no check digit: type the number again, alike, under Again"
            ));
        }
    }
    let currency = outside::currency_of(order);
    let cost = outside::parse_cost(form.value(COST), currency).ok_or("type what it cost, e.g. 12.34")?;
    let reason = form.value(WHY);
    if terms.breaks_prime && reason.is_empty() {
        return Err("type why under Why: this is a Prime order".to_owned());
    }
    Ok(Recorded {
        carrier,
        method,
        tracking: number.number.0,
        checked: !number.verified,
        cost,
        reason: (!reason.is_empty()).then(|| reason.to_owned()),
    })
}

/// What the dialog says above its fields.
pub fn notes(form: &Form, order: &ChannelOrder) -> Vec<String> {
    let carrier = Carrier::parse(form.value(CARRIER)).unwrap_or(Carrier::Ups);
    match outside::terms(order, &carrier, form.value(METHOD)) {
        Ok(terms) => terms.notes.iter().map(|note| format!("! {note}")).collect(),
        Err(barred) => vec![format!("! {barred}")],
    }
}

impl State {
    /// Why Amazon sells no label for the open order, and what to ship with; none: it does, as far as is known here.
    pub(crate) fn no_channel(&self) -> Option<String> {
        let channel = &self.bench.as_ref()?.detail.as_ref()?.order.channel;
        let store = self.setup.stores.iter().find(|store| store.id == channel.store)?;
        let words = crate::domain::channel::channel(channel.origin, &store.marketplace).err()?;
        let key = self.setup.keys.name(crate::app::keys::Action::Outside);
        Some(format!("{words} ({key})"))
    }

    /// The key of labels from elsewhere: opens the form, or tells Amazon again of the selected label.
    pub(crate) fn outside(&mut self) {
        if self.screen == Screen::Label {
            self.tell_again();
            return;
        }
        self.layers
            .push(Layer::Form(Box::new(Form::new(FormKind::Outside, &FIELDS))));
    }

    /// What was typed or scanned for the form. A tracking number goes where it belongs, whatever is selected.
    pub(crate) fn typed_into_outside(&mut self, text: &str) -> bool {
        let scan = scan::classify(text);
        let stays_a_scan = match &scan {
            Ok(Scan::Tracking(_) | Scan::Code(_)) => self.is_own_barcode(text),
            Ok(_) | Err(_) => true,
        };
        if stays_a_scan {
            return false;
        }
        let Some(Layer::Form(form)) = self.layers.last_mut() else {
            return false;
        };
        if form.sent {
            return true;
        }
        match scan {
            Ok(Scan::Tracking(number)) => {
                if form.value(CARRIER).is_empty()
                    && let Some(carrier) = Carrier::of_number(&number)
                {
                    form.set(CARRIER, carrier.name());
                }
                let place = if form.selected == AGAIN { AGAIN } else { TRACKING };
                form.set(place, number.as_str());
                form.selected = [CARRIER, METHOD, COST]
                    .into_iter()
                    .find(|place| form.value(*place).is_empty())
                    .unwrap_or(WHY);
            }
            _ => form.fill(&Clean::bounded(text, 200)),
        }
        true
    }

    /// The yes key on a form.
    pub(crate) fn hand_over_form(&mut self) {
        let Some(Layer::Form(form)) = self.layers.last() else {
            return;
        };
        if form.sent {
            return;
        }
        match form.kind {
            FormKind::Outside => self.record_outside(),
            FormKind::OwnOrder => self.take_order_in(),
            FormKind::NewList => self.make_list(),
        }
    }

    /// The carrier of a label of the open order, where it was bought elsewhere.
    pub(crate) fn outside_carrier(&self, label: IntentId) -> Option<String> {
        let detail = self.bench.as_ref()?.detail.as_ref()?;
        let known = detail.labels.iter().find(|known| known.id == label)?;
        (known.via == LabelVia::Outside).then(|| known.carrier.clone())
    }

    fn record_outside(&mut self) {
        let Some(Layer::Form(form)) = self.layers.last() else {
            return;
        };
        let (Some(row), Some(bench), Some(by)) = (
            self.own_box(),
            self.bench.as_ref(),
            self.user.as_ref().map(|user| user.id),
        ) else {
            self.bad("the box is not yours to ship any more: go back and open the order again");
            return;
        };
        let Some(detail) = &bench.detail else { return };
        let recorded = match read_form(form, &detail.order.channel) {
            Ok(recorded) => recorded,
            Err(words) => {
                self.bad(format!("not recorded: {words}"));
                return;
            }
        };
        let (order, box_id, turn) = (bench.order, row.id, row.turn);
        let Some(id) = self.fresh_id() else {
            self.bad("not recorded: press the key again");
            return;
        };
        if let Some(Layer::Form(form)) = self.layers.last_mut() {
            form.sent = true;
        }
        let wish = OutsideWish {
            id: IntentId(id),
            order,
            box_id,
            turn,
            carrier: recorded.carrier,
            method: recorded.method,
            tracking: recorded.tracking,
            checked: recorded.checked,
            cost: recorded.cost,
            reason: recorded.reason,
            by,
            station: self.setup.station.clone(),
        };
        self.commit(Commit::RecordOutside(Box::new(wish)), Awaited::Form);
    }

    /// The store took the form in.
    pub(crate) fn form_done(&mut self, done: &Done) {
        if matches!(self.layers.last(), Some(Layer::Form(form)) if form.kind == FormKind::NewList) {
            self.list_made(done);
            return;
        }
        if matches!(self.layers.last(), Some(Layer::Form(form)) if form.kind == FormKind::OwnOrder) {
            self.order_taken_in();
            return;
        }
        self.layers.clear();
        if self.screen.has_order() {
            self.screen = Screen::Label;
        }
        if let Some(bench) = &mut self.bench {
            bench.selected_label = 0;
        }
        self.good("recorded: put its label on the box");
        self.read_again(Slot::Order);
        self.read_again(Slot::Status);
    }

    /// The store did not: the form can be mended.
    pub(crate) fn form_refused(&mut self, failure: &Failure) {
        if let Some(Layer::Form(form)) = self.layers.last_mut() {
            form.sent = false;
        }
        self.bad(format!("not done: {}", failure.words));
        self.read_again(Slot::Order);
    }

    fn tell_again(&mut self) {
        let (Some(label), Some(by)) = (
            self.bench
                .as_ref()
                .and_then(|bench| bench.label())
                .map(|label| label.id),
            self.user.as_ref().map(|user| user.id),
        ) else {
            return;
        };
        self.commit(Commit::WantConfirmation { label, by }, Awaited::Told);
    }

    /// Amazon is told again.
    pub(crate) fn told_again(&mut self) {
        self.say(Tone::Wait, "written down: Amazon is told again");
        self.read_again(Slot::Order);
    }
}

/// What Amazon is told of a label from elsewhere; none where there is nothing to tell.
pub fn confirmation_of<'a>(label: &LabelRow, told: &'a [ConfirmationRow]) -> Option<&'a ConfirmationRow> {
    told.iter().find(|row| row.label == label.id)
}

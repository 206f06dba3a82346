//! Pick lists: making one from a filter or a saved template, whose it is, taking an order off it.

use crate::app::banner::Tone;
use crate::app::effect::{Commit, Query, Slot};
use crate::app::forms::{Form, FormKind};
use crate::app::layers::{Ask, Layer, Question};
use crate::app::message::Done;
use crate::app::state::{Awaited, Screen, State};
use crate::domain::ids::{PickListId, UserId};
use crate::domain::picking::{PickDraft, PickFilter, PickOffer, PickTemplate};
use crate::domain::rows::{OrderRow, PickListRow};
use crate::domain::scan::{self, Scan};
use crate::domain::shipment::LabelState;
use crate::domain::status::OrderStatus;
use crate::domain::text::Clean;

/// The fields, by their place.
const FIELDS: [(&str, &str); 12] = [
    ("Name", "what the list is called"),
    (
        "Template",
        "a saved filter by its name: it fills the fields below",
    ),
    ("Units", "single, multi; empty: both"),
    (
        "Badges",
        "prime, business, commercial, transparency: all of these",
    ),
    ("Without", "none of these badges"),
    ("Due within", "8h, 2d, 90m; what is overdue counts"),
    (
        "Carrier",
        "of the assigned method, like UPS; none: no method is assigned",
    ),
    ("Cost from", "5.00: the cheapest known rate costs at least that"),
    (
        "Cost to",
        "12.50: at most that; an order without rates is left out",
    ),
    ("Store", "a store's id"),
    ("Orders", "at most so many, the most urgent first"),
    ("Save as", "keeps this filter as a template under a name"),
];
const NAME: usize = 0;
const TEMPLATE: usize = 1;
const UNITS: usize = 2;
const SAVE_AS: usize = 11;

/// What the screens know of pick lists besides their rows.
#[derive(Debug, Default)]
pub struct PickingView {
    /// The list whose orders are shown.
    pub list: Option<PickListRow>,
    /// Saved templates, each with how many orders match it.
    pub offer: PickOffer,
    /// How many orders match the form's filter.
    pub matches: Option<u32>,
}

/// The filter that stands in the form, or what is wrong with it, in words.
fn read_filter(form: &Form) -> Result<PickFilter, String> {
    let of = |place: usize| form.value(place).to_owned();
    PickDraft {
        units: of(UNITS),
        badges: of(3),
        without: of(4),
        due_within: of(5),
        carrier: of(6),
        cost_from: of(7),
        cost_to: of(8),
        store: of(9),
        limit: of(10),
    }
    .read()
}

/// What is wrong with the form, in words.
pub fn new_list_missing(form: &Form) -> Option<String> {
    if form.value(NAME).is_empty() {
        return Some("give the list a name".to_owned());
    }
    read_filter(form).err()
}

fn put_filter(form: &mut Form, filter: &PickFilter) {
    let draft = PickDraft::of(filter);
    let values = [
        draft.units,
        draft.badges,
        draft.without,
        draft.due_within,
        draft.carrier,
        draft.cost_from,
        draft.cost_to,
        draft.store,
        draft.limit,
    ];
    for (place, value) in (UNITS..).zip(values) {
        form.set(place, &value);
    }
}

/// What stands above the fields.
pub fn new_list_notes(state: &State) -> Vec<String> {
    let matches = match state.picking.matches {
        None => "counting the orders that match …".to_owned(),
        Some(0) => "no order that is Ready to Pick and on no list matches".to_owned(),
        Some(1) => "1 order that is Ready to Pick and on no list matches".to_owned(),
        Some(count) => format!("{count} orders that are Ready to Pick and on no list match"),
    };
    let names: Vec<String> = state
        .picking
        .offer
        .templates
        .iter()
        .map(|(template, count)| format!("{} ({count})", template.name))
        .collect();
    let mut notes = vec![matches];
    if !names.is_empty() {
        notes.push(format!("Templates: {}", names.join(" · ")));
    }
    notes
}

impl State {
    /// Opens the form that makes a list.
    pub(crate) fn ask_new_list(&mut self) {
        let mut form = Form::new(FormKind::NewList, &FIELDS);
        let name = self.now.with_timezone(&self.setup.zone).format("%a %-d %b %H:%M");
        form.set(NAME, &format!("List of {name}"));
        put_filter(&mut form, &PickFilter::default());
        form.selected = TEMPLATE;
        self.layers.push(Layer::Form(Box::new(form)));
        self.picking.matches = None;
        self.read_again(Slot::PickOffer);
        self.read_again(Slot::PickMatches);
    }

    fn new_list_form(&self) -> Option<&Form> {
        match self.layers.last() {
            Some(Layer::Form(form)) if form.kind == FormKind::NewList => Some(form),
            _ => None,
        }
    }

    /// Counts the orders that match what stands in the form.
    pub(crate) fn read_matches(&mut self) {
        let filter = self.new_list_form().map(read_filter);
        match filter {
            Some(Ok(filter)) => {
                let now = self.now;
                self.read(Slot::PickMatches, Query::PickMatches(filter, now));
            }
            Some(Err(_)) => self.picking.matches = Some(0),
            None => {}
        }
    }

    /// What was typed for the form. The station's own codes stay scans.
    pub(crate) fn typed_into_new_list(&mut self, text: &str) -> bool {
        if !matches!(scan::classify(text), Ok(Scan::Code(_))) {
            return false;
        }
        let selected = self.new_list_form().map(|form| form.selected);
        let template = (selected == Some(TEMPLATE))
            .then(|| self.template_named(text))
            .flatten();
        if selected == Some(TEMPLATE) && template.is_none() && text.trim() != "-" {
            let words = format!("there is no template {}", Clean::bounded(text.trim(), 40));
            self.bad(words);
            return true;
        }
        if let Some(Layer::Form(form)) = self.layers.last_mut()
            && !form.sent
        {
            if let Some(template) = &template {
                put_filter(form, &template.filter);
                form.fill(&template.name);
            } else {
                form.fill(&Clean::bounded(text, 60));
            }
        }
        self.read_again(Slot::PickMatches);
        true
    }

    fn template_named(&self, name: &str) -> Option<PickTemplate> {
        let templates = &self.picking.offer.templates;
        let found = templates
            .iter()
            .find(|(template, _)| template.name.eq_ignore_ascii_case(name.trim()));
        found.map(|(template, _)| template.clone())
    }

    /// Takes the next saved template into the form.
    pub(crate) fn next_template(&mut self) {
        let Some(form) = self.new_list_form() else { return };
        let templates = &self.picking.offer.templates;
        let now = templates
            .iter()
            .position(|(template, _)| template.name.eq_ignore_ascii_case(form.value(TEMPLATE)));
        let next = now.map_or(0, |place| (place + 1) % templates.len().max(1));
        let Some((template, _)) = templates.get(next).cloned() else {
            self.say(Tone::Note, "no template is saved yet: fill Save as");
            return;
        };
        if let Some(Layer::Form(form)) = self.layers.last_mut() {
            form.set(TEMPLATE, &template.name);
            put_filter(form, &template.filter);
        }
        self.read_again(Slot::PickMatches);
    }

    /// The yes key on the form.
    pub(crate) fn make_list(&mut self) {
        let Some(by) = self.user.as_ref().map(|user| user.id) else {
            return;
        };
        let Some(form) = self.new_list_form() else { return };
        if let Some(words) = new_list_missing(form) {
            self.bad(format!("no list is made: {words}"));
            return;
        }
        let Ok(filter) = read_filter(form) else { return };
        let name = form.value(NAME).to_owned();
        let save_as = form.value(SAVE_AS);
        let template = (!save_as.is_empty()).then(|| {
            Box::new(PickTemplate {
                name: save_as.to_owned(),
                filter: filter.clone(),
            })
        });
        if let Some(Layer::Form(form)) = self.layers.last_mut() {
            form.sent = true;
        }
        let commit = Commit::CreatePickList {
            name,
            filter: Box::new(filter),
            template,
            by,
        };
        self.commit(commit, Awaited::Form);
    }

    /// The list is made, or there was no order for it.
    pub(crate) fn list_made(&mut self, done: &Done) {
        if let Done::PickList(Some(id)) = done {
            self.layers.pop();
            self.good(format!("pick list {id} is made; its barcode is TGL-{id}"));
        } else {
            if let Some(Layer::Form(form)) = self.layers.last_mut() {
                form.sent = false;
            }
            self.say(Tone::Note, "no order matches: no list is made");
        }
        self.read_again(Slot::PickLists);
    }

    /// The list that is selected, or whose orders are shown.
    pub(crate) fn list_at_hand(&self) -> Option<PickListId> {
        match self.screen {
            Screen::PickLists => self.pick_lists.selection().map(|row| row.id),
            Screen::Orders => self.orders.filter.pick_list,
            _ => None,
        }
    }

    /// Asks whose the list is.
    pub(crate) fn ask_assign(&mut self) {
        if let Some(list) = self.list_at_hand() {
            let me = self.user.as_ref().map(|user| user.id);
            let selected = self.users.iter().position(|user| Some(user.id) == me);
            let selected = selected.map_or(0, |place| place + 1);
            self.layers.push(Layer::People { list, selected });
            self.read_again(Slot::Users);
        }
    }

    /// Enter in that dialog: nobody, or one of the people.
    pub(crate) fn assign(&mut self, list: PickListId, selected: usize) {
        let Some(by) = self.user.as_ref().map(|user| user.id) else {
            return;
        };
        let to: Option<UserId> = selected
            .checked_sub(1)
            .and_then(|place| self.users.get(place))
            .map(|user| user.id);
        self.layers.pop();
        self.commit(
            Commit::AssignPickList { list, to, by },
            Awaited::Listed("assigned"),
        );
    }

    /// Prints the list at this station.
    pub(crate) fn print_list(&mut self) {
        let (Some(list), Some(by)) = (self.list_at_hand(), self.user.as_ref().map(|user| user.id)) else {
            return;
        };
        let station = self.setup.station.clone();
        let commit = Commit::PrintPickList { list, station, by };
        self.commit(commit, Awaited::Listed("the pick list goes to the printer"));
    }

    /// Asks whether the selected order leaves its list.
    pub(crate) fn ask_unlist(&mut self) {
        let Some(row) = self.orders.window.selection().filter(|row| can_unlist(row)) else {
            return;
        };
        let Some(list) = row.pick_list else { return };
        let order = row.id;
        let mut lines = vec![format!("Order {} on pick list {list}: {}", row.number, row.title)];
        lines.push(match row.status {
            OrderStatus::InPicking | OrderStatus::InPacking | OrderStatus::ReadyToPick => {
                "It is Ready to Pick again, and can go on another list.".to_owned()
            }
            status => format!("It stays {status}: put back what was picked for it."),
        });
        let question = Question::new(Ask::Unlist(order), lines);
        self.ask(question.with_reasons(&[
            "to be picked later",
            "an item is missing",
            "it may not be shipped",
        ]));
    }

    /// What a commit on a list came to.
    pub(crate) fn listed(&mut self, words: &str) {
        self.good(words);
        self.read_again(Slot::PickLists);
        self.read_shown_orders();
        self.read_again(Slot::PickList);
    }
}

/// An order on a list, without a live label and not shipped, can leave it.
pub(crate) fn can_unlist(row: &OrderRow) -> bool {
    row.pick_list.is_some()
        && row.status != OrderStatus::Shipped
        && !row.label.is_some_and(LabelState::is_live)
}

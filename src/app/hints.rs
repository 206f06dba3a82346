//! What is possible now: dispatch, footer and help are all made from this one answer.

mod looking;

use super::bench::{QuoteView, Turn};
use super::forms::FormKind;
use super::keys::Action;
use super::layers::{Layer, Measure};
use super::screens::bulk::{BulkKey, bulk_key_means, can_change, can_start};
use super::screens::outside::confirmation_of;
use super::screens::own_order::own_stores;
use super::screens::picking::can_unlist;
use super::state::{Screen, State};
use crate::domain::order::Flag;
use crate::domain::packing::Expectation;
use crate::domain::refund::is_open;
use crate::domain::seller::LabelVia;
use crate::domain::shipment::LabelState;
use crate::domain::status::OrderStatus;
use crate::domain::user::Permission;

/// Something that a key does now.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Hint {
    /// Action.
    pub action: Action,
    /// Its key, as written.
    pub key: String,
    /// Word in the footer.
    pub label: String,
    /// What it does, in words.
    pub says: String,
}

/// Everything that a key does now, most important first.
pub fn hints(state: &State) -> Vec<Hint> {
    with_keys(state, possible(state))
}

/// What help shows: everything that a key does below the help dialog, the same whether that is open or not.
pub fn help_hints(state: &State) -> Vec<Hint> {
    let mut below = state.layers.iter().rev();
    let below = below.find(|layer| !matches!(layer, Layer::Help(_)));
    with_keys(state, possible_on(state, below))
}

fn with_keys(state: &State, possible: Possible) -> Vec<Hint> {
    possible
        .into_iter()
        .filter_map(|(action, label)| {
            let binding = state.setup.keys.binding(action)?;
            Some(Hint {
                action,
                key: binding.press.to_string(),
                label: label.map_or_else(|| binding.label.clone(), str::to_owned),
                says: binding.says.clone(),
            })
        })
        .collect()
}

type Possible = Vec<(Action, Option<&'static str>)>;

pub(crate) fn possible(state: &State) -> Possible {
    possible_on(state, state.layers.last())
}

/// What would be possible here for somebody who may it, and what whoever is at the bench lacks for it.
pub(crate) fn barred_now(state: &State, action: Action) -> Option<Permission> {
    let all = all_on(state, state.layers.last());
    barred(state, action).filter(|_| all.iter().any(|(possible, _)| *possible == action))
}

/// What whoever is at the bench lacks for this.
fn barred(state: &State, action: Action) -> Option<Permission> {
    let needed = match action {
        Action::Override | Action::Flags => Permission::Override,
        Action::Void => {
            let label = state.bench.as_ref().and_then(super::bench::Bench::label);
            // To take back what was not asked for yet costs nothing.
            label.filter(|label| label.state != LabelState::Wanted)?;
            Permission::Void
        }
        Action::Decide => Permission::Decide,
        Action::Book => Permission::Refunds,
        Action::Outside => Permission::Buy,
        Action::Look => Permission::SeeCustomers,
        Action::Hold => Permission::Hold,
        Action::CancelOrder => Permission::Cancel,
        Action::Split => Permission::Split,
        Action::ChangeMany => Permission::ChangeMany,
        Action::Bulk | Action::Mark | Action::MarkAll => Permission::BulkShip,
        Action::Assign if state.screen == Screen::Bulk => Permission::BulkShip,
        // There it says that a product is not in its bin.
        Action::Unlist if state.screen == Screen::Picking => return None,
        Action::NewList | Action::Assign | Action::Unlist => Permission::PickLists,
        Action::LeaveBehind | Action::CollectionForm => Permission::Manifests,
        Action::Yes if state.screen == Screen::DayEnd && state.layers.is_empty() => Permission::Manifests,
        _ => return None,
    };
    state.user.as_ref()?;
    (!state.may(needed)).then_some(needed)
}

/// What is possible on this dialog, or on the screen itself.
fn possible_on(state: &State, layer: Option<&Layer>) -> Possible {
    let mut all = all_on(state, layer);
    all.retain(|(action, _)| barred(state, *action).is_none());
    all
}

/// The same for somebody who may everything.
fn all_on(state: &State, layer: Option<&Layer>) -> Possible {
    let mut all = layer.map_or_else(|| on_screen(state), |layer| on_layer(state, layer));
    let root = layer.is_none() && matches!(state.screen, Screen::SignIn | Screen::PickLists);
    if !root || !state.line.is_empty() {
        all.push((Action::Back, Some(if layer.is_none() { "Back" } else { "Close" })));
    }
    all.push((Action::Help, None));
    if layer.is_none() {
        if state.user.is_some() {
            all.push((Action::Waiting, None));
            all.push((Action::SignOut, None));
        }
        all.push((Action::Quit, None));
        if matches!(state.screen, Screen::PickLists | Screen::Orders) {
            all.push((Action::Audit, None));
        }
        if state.screen == Screen::Orders {
            all.push((Action::Desk, None));
        }
    }
    all
}

const MOVES: [(Action, Option<&str>); 6] = [
    (Action::Up, None),
    (Action::Down, None),
    (Action::PageUp, None),
    (Action::PageDown, None),
    (Action::First, None),
    (Action::Last, None),
];

fn on_layer(state: &State, layer: &Layer) -> Possible {
    match layer {
        Layer::Help(_) => std::iter::once((Action::Open, Some("Do it")))
            .chain(MOVES)
            .collect(),
        Layer::WhyNot(_) | Layer::Costs(_) | Layer::Told(_) => MOVES.to_vec(),
        Layer::Look(look) => looking::on_look(look),
        Layer::Board(_) => std::iter::once((Action::Open, Some("Show order")))
            .chain(MOVES)
            .collect(),
        Layer::Boxes(_) => std::iter::once((Action::Open, Some("Open box")))
            .chain(MOVES)
            .collect(),
        Layer::Inputs(form) if form.editing => vec![(Action::Open, Some("Take"))],
        Layer::Inputs(_) => vec![
            (Action::Yes, Some("Go on")),
            (Action::Open, Some("Type")),
            (Action::Up, None),
            (Action::Down, None),
        ],
        Layer::Question(question) => {
            let mut all = vec![(Action::Yes, Some(question.ask.yes()))];
            if question.paper.is_some() {
                all.push((Action::Destroyed, None));
            }
            if question.reasons.len() > 1 {
                all.extend([(Action::Up, None), (Action::Down, None)]);
            }
            all
        }
        Layer::Measure(Measure::Weight) => {
            let expected = state
                .bench
                .as_ref()
                .and_then(super::bench::Bench::expected_weight);
            if state.offered_weight().is_some() {
                vec![(Action::Open, Some("Take scale's"))]
            } else if expected.is_some() {
                vec![(Action::Open, Some("Take expected"))]
            } else {
                Vec::new()
            }
        }
        Layer::Measure(Measure::Size) => state
            .suggested_box()
            .map_or_else(Vec::new, |_| vec![(Action::Open, Some("Take suggested"))]),
        Layer::Form(form) => {
            let mut all = vec![
                (Action::Yes, Some(form.kind.yes())),
                (Action::Open, Some("Next field")),
                (Action::Up, None),
                (Action::Down, None),
            ];
            if form.kind == FormKind::NewList {
                all.push((Action::Template, None));
            }
            all
        }
        Layer::Policies(list) if list.rows.is_empty() => Vec::new(),
        Layer::Policies(_) => std::iter::once((Action::Open, Some("Dry run")))
            .chain(MOVES)
            .collect(),
        Layer::BulkMethods(_) => std::iter::once((Action::Open, Some("Choose")))
            .chain(MOVES)
            .collect(),
        Layer::People { .. } | Layer::Method(_) => std::iter::once((Action::Open, Some("Assign")))
            .chain(MOVES)
            .collect(),
        Layer::Split(list) => {
            let mut all = vec![(Action::Yes, Some("Split")), (Action::Open, Some("All or none"))];
            if list.part.is_some() {
                all.push((Action::Split, Some("Join")));
            }
            all.extend(MOVES);
            all
        }
        Layer::Confirmations(_) => {
            vec![
                (Action::Open, Some("Choose")),
                (Action::Up, None),
                (Action::Down, None),
            ]
        }
    }
}

fn on_screen(state: &State) -> Possible {
    let mut all = Vec::new();
    match state.screen {
        Screen::SignIn => {
            if !state.users.is_empty() {
                all.push((Action::Open, Some("Sign in")));
                all.extend(MOVES);
            }
        }
        Screen::PickLists => {
            if state.pick_lists.selection().is_some() {
                all.extend([(Action::Open, None), (Action::Assign, None), (Action::Pick, None)]);
            }
            all.extend([(Action::Find, None), (Action::Desk, None)]);
            if state.pick_lists.selection().is_some() {
                all.push((Action::PrintList, None));
            }
            all.extend([
                (Action::AllOrders, None),
                (Action::NewList, None),
                (Action::DayEnd, None),
                (Action::Refunds, None),
                (Action::Policies, None),
                (Action::Costs, None),
                (Action::CommandSheet, None),
            ]);
            push_add_order(state, &mut all);
            all.extend(MOVES);
        }
        Screen::Orders | Screen::Find => {
            if let Some(row) = state.selected_row() {
                all.push((Action::Open, None));
                push_bulk(state, &mut all);
                push_hold(row.status, &mut all);
                let live = row.label.is_some_and(LabelState::is_live);
                if row.status.is_open() && !live {
                    all.push((Action::Method, None));
                }
                push_to_pick(row.status, live, &mut all);
                push_note_and_cancel(row.status, live, &mut all);
                if state.screen == Screen::Orders && can_unlist(row) {
                    all.push((Action::Unlist, None));
                }
            }
            if state.screen == Screen::Orders && state.orders.filter.pick_list.is_some() {
                all.extend([
                    (Action::Assign, None),
                    (Action::PrintList, None),
                    (Action::Pick, None),
                ]);
            }
            if state.screen == Screen::Orders {
                all.push((Action::Find, None));
            } else if state.many().is_some() {
                all.push((Action::ChangeMany, None));
            }
            all.extend([(Action::Refunds, None), (Action::DayEnd, None)]);
            push_add_order(state, &mut all);
            all.extend(MOVES);
        }
        Screen::Refunds => on_refunds(state, &mut all),
        Screen::Audit => {
            if !state.audit.text.is_empty() {
                all.push((Action::Open, Some("Show all")));
            }
            all.extend(MOVES);
        }
        Screen::Desk => all.push((Action::Desk, Some("Write CSV"))),
        Screen::Bulk => on_bulk(state, &mut all),
        Screen::Picking => {
            if state.pick.next().is_some() {
                all.push((Action::Unlist, Some("Not there")));
            }
            all.extend(MOVES);
        }
        Screen::DayEnd => {
            all.extend(state.day_end_actions());
            all.extend(MOVES);
        }
        Screen::Pack => on_pack(state, &mut all),
        Screen::Rates => on_rates(state, &mut all),
        Screen::Label => on_label(state, &mut all),
    }
    all
}

fn push_hold(status: OrderStatus, all: &mut Possible) {
    if status == OrderStatus::OnHold {
        all.push((Action::Hold, Some("Release")));
    } else if status.move_to(OrderStatus::OnHold).is_ok() {
        all.push((Action::Hold, None));
    }
}

/// Notes are for everybody, canceling is not: it cannot be undone.
fn push_note_and_cancel(status: OrderStatus, live_label: bool, all: &mut Possible) {
    all.push((Action::Note, None));
    let can_cancel = status != OrderStatus::Canceled && status.move_to(OrderStatus::Canceled).is_ok();
    if can_cancel && !live_label {
        all.push((Action::CancelOrder, None));
    }
}

fn push_to_pick(status: OrderStatus, live_label: bool, all: &mut Possible) {
    if live_label && status.move_to(OrderStatus::ReadyToPick).is_ok() {
        all.push((Action::ReadyToPick, None));
    }
}

fn on_refunds(state: &State, all: &mut Possible) {
    let view = &state.refunds;
    if let Some(label) = view.window().selection() {
        all.extend([(Action::Open, Some("Show order")), (Action::Look, None)]);
        if is_open(label.state) {
            all.push((Action::Book, None));
        }
    }
    let other = if view.unmoved_shown {
        "Refunds"
    } else {
        "Not scanned"
    };
    all.extend([(Action::Refunds, Some(other)), (Action::DayEnd, None)]);
    all.extend(MOVES);
}

/// Bulk ship, on the orders of a pick list.
fn push_bulk(state: &State, all: &mut Possible) {
    if state.screen == Screen::Orders && state.orders.filter.pick_list.is_some() {
        all.extend([
            (Action::Bulk, None),
            (Action::Mark, None),
            (Action::MarkAll, None),
        ]);
    }
}

fn on_bulk(state: &State, all: &mut Possible) {
    if let Some(run) = state
        .bulk
        .run
        .as_ref()
        .filter(|_| state.may(Permission::BulkShip))
    {
        if can_start(run) {
            let go_on = run.started_at.is_some();
            all.push((Action::Yes, Some(if go_on { "Go on" } else { "Buy all" })));
        }
        match bulk_key_means(run) {
            Some(BulkKey::Stop) => all.push((Action::Bulk, Some("Stop"))),
            Some(BulkKey::Retry) => all.push((Action::Bulk, Some("Retry refused"))),
            None => {}
        }
        if can_change(run) {
            all.push((Action::Template, Some("Method")));
            if run.earliest.is_none() {
                all.push((Action::Assign, Some("Earliest")));
            }
        }
    }
    if state.bulk.rows.selection().is_some() {
        all.push((Action::Open, Some("Show order")));
    }
    all.extend(MOVES);
}

fn push_box(state: &State, all: &mut Possible) {
    if state.own_box().is_some() {
        all.extend([
            (Action::Weight, None),
            (Action::Size, None),
            (Action::Confirmation, None),
        ]);
    }
}

/// Orders are taken in by hand for stores elsewhere.
fn push_add_order(state: &State, all: &mut Possible) {
    if own_stores(&state.setup).next().is_some() {
        all.push((Action::AddOrder, None));
    }
}

/// A label from elsewhere may be recorded once all is packed.
fn push_outside(state: &State, all: &mut Possible) {
    let complete = state.bench.as_ref().is_some_and(|bench| bench.complete().is_ok());
    if complete && state.own_box().is_some() {
        all.push((Action::Outside, None));
    }
}

fn on_pack(state: &State, all: &mut Possible) {
    let Some(bench) = &state.bench else { return };
    let Some(detail) = &bench.detail else { return };
    if let Turn::Refused { taken, .. } = &bench.turn
        && bench.packable()
    {
        all.push((Action::Open, Some(if *taken { "Take over" } else { "Try again" })));
    }
    let own = state.own_box().is_some();
    if own && bench.complete().is_ok() {
        let row = bench.pack_box();
        let next = match row {
            Some(row) if row.weight.is_none() => "Weight",
            Some(row) if row.dimensions.is_none() => "Size",
            _ => "Rates",
        };
        all.push((Action::Open, Some(next)));
    }
    let due = bench
        .session
        .as_ref()
        .is_some_and(|session| matches!(session.expects(), Expectation::Code { .. }));
    if own && due {
        all.push((Action::Override, None));
    }
    push_box(state, all);
    if own {
        all.push((Action::Rates, None));
    }
    push_boxes(state, all);
    push_outside(state, all);
    if !detail.labels.is_empty() {
        all.push((Action::Label, None));
    }
    push_method(state, all);
    push_flags(&detail.order.flags, all);
    push_hold(detail.order.status, all);
    let live = detail.labels.iter().any(|label| label.state.is_live());
    push_note_and_cancel(detail.order.status, live, all);
    if own {
        all.push((Action::Look, Some("Look at slip")));
    }
    if state.can_split() {
        all.push((Action::Split, None));
    }
    push_slip(state, all);
    all.push((Action::Why, None));
}

/// A method is assigned until there is a label.
fn push_method(state: &State, all: &mut Possible) {
    let Some(detail) = state.bench.as_ref().and_then(|bench| bench.detail.as_ref()) else {
        return;
    };
    let live = detail.labels.iter().any(|label| label.state.is_live());
    if detail.order.status.is_open() && !live {
        all.push((Action::Method, None));
    }
}

/// What several boxes take, and what can be taken back.
fn push_boxes(state: &State, all: &mut Possible) {
    if state.can_next_box() {
        all.push((Action::NextBox, None));
    }
    if state.box_count() > 1 {
        all.push((Action::Boxes, None));
    }
    if state.can_undo() {
        all.push((Action::Undo, None));
    }
}

/// A box that something lies in has a packing slip; it shows the customer's address.
fn push_slip(state: &State, all: &mut Possible) {
    if state.slip_box().is_some() && state.may(Permission::SeeCustomers) {
        all.push((Action::Slip, None));
    }
}

fn push_flags(flags: &[Flag], all: &mut Possible) {
    if flags.iter().any(|flag| !flag.is_fact()) {
        all.push((Action::Flags, None));
    }
}

fn on_rates(state: &State, all: &mut Possible) {
    let Some(bench) = &state.bench else { return };
    let view = bench.quote_view(state.now);
    let own = state.own_box().is_some();
    let offer = bench.offers.get(bench.selected_offer);
    if own
        && matches!(view, QuoteView::Fresh | QuoteView::Old)
        && offer.is_some_and(|offer| offer.judgement.choice.is_some() && offer.judgement.barred.is_none())
    {
        all.push((Action::Yes, Some("Buy")));
        all.push((Action::Open, Some("Buy")));
    }
    if own && view != QuoteView::Wanted {
        all.push((Action::Rates, Some("Ask again")));
    }
    if !bench.offers.is_empty() {
        all.extend(MOVES);
    }
    if bench.answer().is_some() {
        all.push((Action::WhyNot, None));
    }
    push_method(state, all);
    push_outside(state, all);
    push_box(state, all);
    push_boxes(state, all);
    if bench
        .detail
        .as_ref()
        .is_some_and(|detail| !detail.labels.is_empty())
    {
        all.push((Action::Label, None));
    }
    all.push((Action::Why, None));
}

fn on_label(state: &State, all: &mut Possible) {
    let Some(bench) = &state.bench else { return };
    let labels = bench.detail.as_ref().map_or(0, |detail| detail.labels.len());
    if let Some(label) = bench.label() {
        if label.state.can_print() && !label.held && label.via != LabelVia::Outside {
            all.push((Action::Print, None));
        }
        if label.state == LabelState::Wanted {
            all.push((Action::Void, Some("Take back")));
        } else if label.state.can_void() {
            all.push((Action::Void, None));
        }
        if let Some(detail) = &bench.detail {
            let live = detail.labels.iter().any(|label| label.state.is_live());
            push_to_pick(detail.order.status, live, all);
        }
        if is_open(label.state) && label.via != LabelVia::Outside {
            all.push((Action::Book, None));
        }
        let told = bench
            .detail
            .as_ref()
            .map_or(&[][..], |detail| &detail.confirmations);
        if label.state.is_live()
            && confirmation_of(label, told).is_some_and(|told| told.state.can_want_again())
        {
            all.push((Action::Outside, Some("Tell again")));
        }
        if label.state == LabelState::Unknown {
            all.push((Action::Decide, None));
        }
    }
    if bench.packable() {
        all.push((
            Action::Open,
            Some(if bench.has_boxes() { "Next box" } else { "Pack" }),
        ));
    } else {
        all.push((Action::Open, Some("Next order")));
        all.push((Action::Rates, Some("Contents")));
    }
    push_boxes(state, all);
    push_slip(state, all);
    if labels > 1 {
        all.extend([(Action::Up, None), (Action::Down, None)]);
    }
    if let Some(detail) = &bench.detail {
        push_flags(&detail.order.flags, all);
        all.push((Action::Note, None));
    }
    if bench.label().is_some_and(|label| label.state.was_bought()) {
        all.push((Action::Look, None));
    }
    all.push((Action::Why, None));
}

//! `outside`: records a label that was bought elsewhere for a packed box, and tells Amazon of it.

use super::Context;
use super::carry::Carrier as Carry;
use super::orders::label_words;
use super::parcel;
use super::report::Report;
use crate::cli::{BoxArgs, OutsideArgs};
use crate::domain::confirmation::{ConfirmationRow, ConfirmationState};
use crate::domain::ids::{IntentId, OrderId};
use crate::domain::order::ChannelOrder;
use crate::domain::outside::{self, Carrier};
use crate::domain::text::Clean;
use crate::error::{Exit, Failure, Outcome};
use crate::store::RecordOutside;
use serde_json::json;
use std::fmt::Write;
use std::time::Duration;
use uuid::Uuid;

/// Runs `outside`.
pub(super) fn run(arguments: &OutsideArgs, context: &Context) -> Outcome<Report> {
    let user = context.user()?;
    let now = context.clock.now();
    if arguments.tell_again {
        let order = context.order(&arguments.order)?;
        let told = context
            .store
            .read_blocking(move |store| store.confirmations_of(order))?;
        let refused = told.into_iter().rev().find(|told| told.state.can_want_again());
        let Some(refused) = refused else {
            return Err(Failure::refused(
                "there is nothing to tell Amazon again: it refused no label of this order",
            ));
        };
        let id = refused.label;
        context
            .store
            .write_blocking(move |store| store.want_confirmation(id, user.id, now))?;
        return tell(arguments, context, id, order, &[]);
    }
    let parcel = parcel::open(context, &arguments.order, &BoxArgs::default())?;
    let order = &parcel.detail.order;
    let (record, notes) = read(arguments, context, &parcel, user.id)?;
    let (id, order) = (record.id, order.id);
    context
        .store
        .write_blocking(move |store| store.record_outside(&record, now))?;
    tell(arguments, context, id, order, &notes)
}

/// What the arguments say, and what the person must know of it.
fn read(
    arguments: &OutsideArgs,
    context: &Context,
    parcel: &parcel::Parcel,
    by: crate::domain::ids::UserId,
) -> Outcome<(RecordOutside, Vec<String>)> {
    let channel: &ChannelOrder = &parcel.detail.order.channel;
    let text = |value: &Option<String>| value.clone().unwrap_or_default();
    let carrier = Carrier::parse(&text(&arguments.carrier))
        .ok_or_else(|| Failure::usage("--carrier: name the carrier, e.g. UPS"))?;
    let method = Clean::text(&text(&arguments.method));
    let reason = arguments.reason.as_deref().map(Clean::text);
    let terms = outside::terms(channel, &carrier, &method).map_err(Failure::refused)?;
    if terms.breaks_prime && reason.as_deref().is_none_or(str::is_empty) {
        return Err(Failure::refused(terms.notes.join(" ")).hint("--reason WHY, kept in the history"));
    }
    let tracking = text(&arguments.tracking);
    let number = outside::check_number(&carrier, &tracking)
        .map_err(|fault| Failure::refused(fault.to_string()).while_doing(format!("--tracking {tracking}")))?;
    let again = arguments
        .again
        .as_deref()
        .and_then(|again| outside::check_number(&carrier, again).ok());
    let checked = again.is_some_and(|again| again.number == number.number);
    if !number.verified && !checked {
        return Err(Failure::refused(format!(
            "{carrier} numbers have no check digit that could be verified"
        ))
        .hint(format!(
            "compare it with the label and give it again: --again {}",
            number.number
        )));
    }
    let cost = text(&arguments.cost);
    let cost = outside::parse_cost(&cost, outside::currency_of(channel)).ok_or_else(|| {
        Failure::usage(format!(
            "--cost: {cost:?} is no amount, write it like 12.34 or \"12.34 EUR\""
        ))
    })?;
    let record = RecordOutside {
        id: IntentId(Uuid::now_v7()),
        order: parcel.detail.order.id,
        box_id: parcel.row.id,
        turn: parcel.row.turn,
        carrier,
        method,
        tracking: number.number.0,
        checked,
        cost,
        reason,
        by,
        station: context.config.station.clone(),
        manifests: context.config.manifests,
    };
    Ok((record, terms.notes))
}

/// Tells Amazon, as far as that is to be done, and says what came of it.
fn tell(
    arguments: &OutsideArgs,
    context: &Context,
    id: IntentId,
    order: OrderId,
    notes: &[String],
) -> Outcome<Report> {
    let of_label = move |store: &dyn crate::store::Store| {
        let told = store.confirmations_of(order)?;
        Ok(told.into_iter().find(|told| told.label == id))
    };
    let mut told: Option<ConfirmationRow> = context.store.read_blocking(of_label)?;
    let mut why = Vec::new();
    if told.is_some() {
        let mut carry = Carry::new(context)?;
        let waited = carry.until(Duration::from_secs(arguments.wait), move |store| {
            let told = of_label(store)?;
            Ok(told.filter(|told| !is_open(told.state)))
        });
        carry.end();
        why = waited?.why;
        told = context.store.read_blocking(of_label)?;
    }
    let label = context.store.read_blocking(move |store| store.label(id))?;
    let mut text = label_words(&label);
    for note in notes {
        let _ = write!(text, "\n{note}");
    }
    let mut exit = Exit::Done;
    if let Some(told) = &told {
        let _ = write!(text, "\n{}", told.words());
        exit = match told.state {
            ConfirmationState::Refused => Exit::Refused,
            state if is_open(state) => Exit::Waiting,
            _ => Exit::Done,
        };
        if exit == Exit::Waiting {
            let _ = write!(text, "\n  now: tapegun sync --once tells it");
            for why in &why {
                let _ = write!(text, "\n  {why}");
            }
        }
        if exit == Exit::Refused {
            let _ = write!(text, "\n  then: tapegun outside ORDER --tell-again");
        }
    }
    let json = json!({ "label": label, "notes": notes, "confirmation": told });
    Ok(Report::new(text, json).ending(exit))
}

fn is_open(state: ConfirmationState) -> bool {
    matches!(
        state,
        ConfirmationState::Wanted | ConfirmationState::Asked | ConfirmationState::Unknown
    )
}

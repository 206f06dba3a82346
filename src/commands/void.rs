//! `void`: takes one label back; `orders set-status ORDER ready-to-pick`: takes back all of an order. A wish that was
//! not asked for yet is withdrawn instead.

use super::Context;
use super::carry::Carrier;
use super::orders::label_words;
use super::parcel::still_waiting;
use super::report::Report;
use crate::cli::{PaperArgs, SetStatusArgs, VoidArgs};
use crate::domain::ids::{BoxId, TrackingNumber};
use crate::domain::refund::{self, Paper};
use crate::domain::rows::{LabelRow, OrderDetail};
use crate::domain::seller::LabelVia;
use crate::domain::shipment::LabelState;
use crate::domain::text::Clean;
use crate::domain::user::User;
use crate::error::{Exit, Failure, Outcome};
use crate::store::VoidWish;
use chrono::{DateTime, Utc};
use serde_json::json;
use std::time::Duration;
use uuid::Uuid;

/// Runs `void`.
pub(super) fn run(arguments: &VoidArgs, context: &Context) -> Outcome<Report> {
    let user = context.user()?;
    let order = context.order(&arguments.order)?;
    let labels = context.store.read_blocking(move |store| store.labels_of(order))?;
    let label = pick(&labels, arguments.label, is_voidable)?;
    let (id, now) = (label.id, context.clock.now());
    if label.state == LabelState::Wanted {
        context
            .store
            .write_blocking(move |store| store.withdraw_label(id, user.id, now))?;
        let label = context.store.read_blocking(move |store| store.label(id))?;
        return Ok(Report::new(
            format!(
                "{}\nwithdrawn before it was asked for; nothing was bought",
                label_words(&label)
            ),
            json!({ "label": label }),
        ));
    }
    let wish = wish(&arguments.paper, &user, &arguments.reason);
    if label.via == LabelVia::Outside {
        let carrier = label.carrier.clone();
        context
            .store
            .write_blocking(move |store| store.want_void(id, &wish, now))
            .map_err(hinted)?;
        let label = context.store.read_blocking(move |store| store.label(id))?;
        return Ok(Report::new(
            format!(
                "{}\ntaken back here; void it at {carrier} yourself",
                label_words(&label)
            ),
            json!({ "label": label }),
        ));
    }
    let mut carrier = Carrier::new(context)?;
    context
        .store
        .write_blocking(move |store| store.want_void(id, &wish, now))
        .map_err(hinted)?;
    let waited = carrier.until(Duration::from_secs(arguments.wait), move |store| {
        let label = store.label(id)?;
        let open = matches!(label.state, LabelState::VoidWanted | LabelState::VoidAsked);
        Ok((!open).then_some(label))
    });
    carrier.end();
    let waited = waited?;
    let Some(label) = waited.result else {
        return Err(still_waiting(
            "the label is not void yet; do not use it",
            &waited.why,
        ));
    };
    let why = label.reason.clone().unwrap_or_default();
    match label.state {
        LabelState::VoidRefused => {
            Err(Failure::refused(why).while_doing("the void was refused: the label lives on"))
        }
        LabelState::VoidUnknown => Err(Failure::new(Exit::Unknown, why)
            .while_doing("nobody knows whether the label is void; do not use it")
            .hint("tapegun sync --once asks again")),
        _ => Ok(Report::new(
            format!(
                "{}\nvoid; {}",
                label_words(&label),
                refund_words(&label, context.clock.now())
            ),
            json!({ "label": label }),
        )),
    }
}

/// The order becomes Ready to Pick: all its live labels are voided.
pub(super) fn order(arguments: &SetStatusArgs, detail: &OrderDetail, context: &Context) -> Outcome<Report> {
    let user = context.user()?;
    let order = detail.order.id;
    let wish = wish(&arguments.paper, &user, &arguments.reason);
    let mut carrier = Carrier::new(context)?;
    let now = context.clock.now();
    let asked = context
        .store
        .write_blocking(move |store| store.want_void_order(order, &wish, now))
        .map_err(hinted)?;
    let ids = asked.voids.clone();
    let waited = carrier.until(Duration::from_secs(arguments.wait), move |store| {
        let labels = ids
            .iter()
            .map(|id| store.label(*id))
            .collect::<Result<Vec<_>, _>>()?;
        let open = |label: &LabelRow| matches!(label.state, LabelState::VoidWanted | LabelState::VoidAsked);
        Ok((!labels.iter().any(open)).then_some(labels))
    });
    carrier.end();
    let waited = waited?;
    let after = context.detail(order)?;
    let stays = format!("the order stays {}", after.order.status);
    let Some(labels) = waited.result else {
        return Err(still_waiting(
            &format!("not every label is void yet: {stays}; do not use the old labels"),
            &waited.why,
        ));
    };
    let now = context.clock.now();
    let words: Vec<String> = labels
        .iter()
        .map(|label| outcome_words(label, &after, now))
        .collect();
    if labels.iter().any(|label| label.state == LabelState::VoidUnknown) {
        return Err(Failure::new(Exit::Unknown, words.join("; "))
            .while_doing(format!(
                "nobody knows whether a label is void: {stays}; do not use it"
            ))
            .hint("tapegun sync --once asks again"));
    }
    if labels.iter().any(|label| label.state.is_live()) {
        return Err(Failure::refused(words.join("; "))
            .while_doing(format!("not every label could be voided: {stays}"))
            .hint(
                "call the carrier, or void it in Seller Central; then set the status again: what is void stays void",
            ));
    }
    Ok(Report::new(
        format!(
            "order {} is {}\n{}",
            arguments.order,
            after.order.status,
            words.join("\n")
        ),
        json!({
            "order": order,
            "status": after.order.status.to_string(),
            "labels": labels,
            "withdrawn": asked.withdrawn,
        }),
    ))
}

/// What came of the void of one box's label.
fn outcome_words(label: &LabelRow, detail: &OrderDetail, now: DateTime<Utc>) -> String {
    let parcel = box_number(detail, label.box_id);
    let why = label.reason.as_deref().unwrap_or("no reason was given");
    match label.state {
        LabelState::VoidRefused => format!("box {parcel}: NOT VOIDED, {why}"),
        LabelState::VoidUnknown => format!("box {parcel}: not known whether void, {why}"),
        _ => format!(
            "box {parcel}: {} void, {}",
            label_words(label),
            refund_words(label, now)
        ),
    }
}

fn box_number(detail: &OrderDetail, id: BoxId) -> u32 {
    let parcel = detail.boxes.iter().find(|parcel| parcel.id == id);
    parcel.map_or(0, |parcel| parcel.number)
}

fn refund_words(label: &LabelRow, now: DateTime<Utc>) -> String {
    format!(
        "the refund of {} is {}",
        label.price,
        refund::expectation(label, now)
    )
}

/// The wish in the store's words.
fn wish(paper: &PaperArgs, user: &User, reason: &str) -> VoidWish {
    VoidWish {
        by: user.id,
        reason: Clean::text(reason),
        paper: Paper {
            scanned: paper
                .scanned
                .iter()
                .map(|number| TrackingNumber(Clean::text(number)))
                .collect(),
            destroyed: paper.label_destroyed,
        },
    }
}

/// A refusal that asks for the old label says how.
fn hinted(error: crate::store::StoreError) -> Failure {
    let asks = error.to_string().contains("old label") || error.to_string().contains("destroyed");
    let failure = Failure::from(error);
    if asks {
        failure.hint("--scanned TRACKING where the old label is at hand, else --label-destroyed")
    } else {
        failure
    }
}

/// May be voided, or withdrawn.
fn is_voidable(state: LabelState) -> bool {
    state == LabelState::Wanted || state.can_void()
}

/// The label that is named, or the only one that fits.
pub(super) fn pick(
    labels: &[LabelRow],
    named: Option<Uuid>,
    fits: fn(LabelState) -> bool,
) -> Outcome<&LabelRow> {
    if let Some(id) = named {
        return labels
            .iter()
            .find(|label| label.id.0 == id)
            .ok_or_else(|| Failure::usage(format!("{id} is no label of this order")));
    }
    let fitting: Vec<&LabelRow> = labels.iter().filter(|label| fits(label.state)).collect();
    match fitting[..] {
        [one] => Ok(one),
        [] => Err(match labels.first() {
            None => Failure::refused("this order has no label"),
            Some(newest) => Failure::refused(format!("its label is {}", newest.state)),
        }),
        _ => {
            let ids: Vec<String> = fitting.iter().map(|label| label.id.to_string()).collect();
            Err(Failure::usage("this order has several labels")
                .hint(format!("name one: --label {}", ids.join(" | "))))
        }
    }
}

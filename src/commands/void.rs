//! `void`: takes a label back. A wish that was not asked yet is withdrawn instead.

use super::Context;
use super::carry::Carrier;
use super::orders::label_words;
use super::parcel::still_waiting;
use super::report::Report;
use crate::cli::VoidArgs;
use crate::domain::rows::LabelRow;
use crate::domain::shipment::LabelState;
use crate::domain::text::Clean;
use crate::error::{Exit, Failure, Outcome};
use serde_json::json;
use std::time::Duration;
use uuid::Uuid;

/// Runs `void`.
pub(super) fn run(arguments: &VoidArgs, context: &Context) -> Outcome<Report> {
    let user = context.user()?;
    let order = context.order(&arguments.order)?;
    let labels = context.store.read_blocking(move |store| store.labels_of(order))?;
    let label = pick(&labels, arguments.label, is_voidable)?;
    let (id, now, reason) = (label.id, context.clock.now(), Clean::text(&arguments.reason));
    if label.state == LabelState::Wanted {
        context
            .store
            .write_blocking(move |store| store.withdraw_label(id, user.id, now))?;
        return report(
            context,
            id,
            "withdrawn before it was asked for; nothing was bought",
        );
    }
    let mut carrier = Carrier::new(context)?;
    context
        .store
        .write_blocking(move |store| store.want_void(id, user.id, &reason, now))?;
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
        _ => report(context, id, "void; the money comes back later"),
    }
}

fn report(context: &Context, id: crate::domain::ids::IntentId, words: &str) -> Outcome<Report> {
    let label = context.store.read_blocking(move |store| store.label(id))?;
    Ok(Report::new(
        format!("{}\n{words}", label_words(&label)),
        json!({ "label": label }),
    ))
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

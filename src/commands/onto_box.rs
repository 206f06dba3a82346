//! `onto-box`: the printed label is scanned onto its box, where the bench demands it. The wrong one is refused with the
//! words of the screen, exit status 3.

use super::Context;
use super::orders::label_words;
use super::report::Report;
use crate::cli::OntoBoxArgs;
use crate::domain::ids::TrackingNumber;
use crate::domain::onto_box::{OntoBox, is_due};
use crate::domain::rows::{LabelRow, OrderDetail};
use crate::domain::scan::{self, Scan};
use crate::domain::text::Clean;
use crate::error::{Failure, Outcome};
use crate::store::PutOn;
use serde_json::json;

/// Runs `onto-box`.
pub(super) fn run(arguments: &OntoBoxArgs, context: &Context) -> Outcome<Report> {
    let user = context.user()?;
    let detail = context.detail(context.order(&arguments.order)?)?;
    let label = chosen(arguments, &detail)?;
    let scan = PutOn {
        label: label.id,
        // As the screens read it: without what carriers print before the number.
        scanned: match scan::classify(&arguments.scanned) {
            Ok(Scan::Tracking(number)) => number,
            _ => TrackingNumber(Clean::text(&arguments.scanned)),
        },
        by: user.id,
        manifests: context.config.manifests,
    };
    let now = context.clock.now();
    let label = context
        .store
        .write_blocking(move |store| store.put_on(&scan, now))?;
    let status = context.detail(label.order)?.order.status;
    Ok(Report::new(
        format!("{}\non its box; the order is {status}", label_words(&label)),
        json!({ "label": label, "status": status.to_string() }),
    ))
}

/// The label of the box that is named, or of the only box that waits for its label.
fn chosen<'a>(arguments: &OntoBoxArgs, detail: &'a OrderDetail) -> Outcome<&'a LabelRow> {
    let number = |label: &LabelRow| {
        let parcel = detail.boxes.iter().find(|parcel| parcel.id == label.box_id);
        parcel.map_or(0, |parcel| parcel.number)
    };
    let asked = |label: &&LabelRow| match arguments.parcel {
        Some(parcel) => number(label) == parcel,
        None => true,
    };
    let due: Vec<&LabelRow> = detail
        .labels
        .iter()
        .filter(|label| is_due(label))
        .filter(asked)
        .collect();
    match due[..] {
        [one] => Ok(one),
        [] => {
            let mut known = detail.labels.iter().filter(asked);
            let newest = known.clone().find(|label| label.state.is_live()).or(known.next());
            match newest {
                None => Err(Failure::refused("there is no label to scan")),
                // Said again, or refused with the store's words.
                Some(label) if matches!(label.onto_box, OntoBox::Done { .. }) => Ok(label),
                Some(label) if label.onto_box == OntoBox::NotAsked => Err(Failure::refused(
                    "this label need not be scanned: it was bought for a bench without scan_labels",
                )
                .hint("scan_labels = true in the configuration demands it of labels that are bought from then on")),
                Some(label) => Err(Failure::refused(format!("its label is {}", label.state))),
            }
        }
        _ => {
            let boxes: Vec<String> = due.iter().map(|label| number(label).to_string()).collect();
            Err(
                Failure::usage("several boxes of this order wait for their labels").hint(format!(
                    "say which box is in hand: --box {}",
                    boxes.join(" | --box ")
                )),
            )
        }
    }
}

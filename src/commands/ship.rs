//! `ship`: buys the label of an order's box, and prints it. Many at once: `ship_many`.
//!
//! Writes the wish, then lets the sync task carry it out (PURCHASING.md 3). A wish whose outcome is not known by the
//! end of the wait stays written down; asking again is refused by the store, never bought twice.

use super::Context;
use super::carry::{Carrier, print_waiting};
use super::orders::label_words;
use super::parcel::{self, Parcel, still_waiting};
use super::report::Report;
use crate::cli::ShipArgs;
use crate::domain::bucket::Haste;
use crate::domain::choice::{Judgement, choose};
use crate::domain::ids::IntentId;
use crate::domain::money::Money;
use crate::domain::onto_box::is_due;
use crate::domain::rate::inputs::InputValues;
use crate::domain::rate::{QuoteAnswer, Rate, method_name};
use crate::domain::refund;
use crate::domain::rows::LabelRow;
use crate::domain::shipment::LabelState;
use crate::domain::text::Clean;
use crate::error::{Exit, Failure, Outcome};
use crate::store::WantLabel;
use crate::sync::seal_inputs;
use serde_json::json;
use std::fmt::Write;
use std::time::Duration;
use uuid::Uuid;

/// Runs `ship`.
pub(super) fn run(arguments: &ShipArgs, context: &Context) -> Outcome<Report> {
    if arguments.yes || arguments.dry_run || arguments.total_at_most.is_some() {
        return Err(
            Failure::usage("--yes, --dry-run and --total-at-most are for many orders at once")
                .hint("tapegun rates ORDER shows what one box would cost"),
        );
    }
    let user = context.user()?;
    let order = arguments.orders.first().map_or("", String::as_str);
    let parcel = parcel::open(context, order, &arguments.parcel)?;
    let before = parcel.answer_before();
    let (quote, answer) = parcel.quote(context, arguments.parcel.wait, false)?;
    let judged = parcel.judged(&answer, context)?;
    let (rate, judgement) = pick(arguments, &parcel, &answer.rates, &judged)?;
    let choice = judgement
        .choice
        .clone()
        .ok_or_else(|| not_offered(rate, judgement))?;
    limit(arguments, choice.price)?;
    if let Some((_, older)) = before.filter(|(older, _)| older.id != quote.id) {
        not_dearer(arguments, &parcel, &older, context, (rate, judgement))?;
    }
    let inputs = inputs(arguments, rate)?;
    let mut want = WantLabel {
        id: IntentId(Uuid::now_v7()),
        order: parcel.detail.order.id,
        box_id: parcel.row.id,
        turn: parcel.row.turn,
        quote: quote.id,
        choice,
        reason: arguments.reason.as_deref().map(Clean::text),
        inputs: None,
        by: user.id,
        station: context.config.station.clone(),
        haste: Haste::Bench,
    };
    let (id, now) = (want.id, context.clock.now());
    // Prepared before the wish is written: what cannot be carried out is not wished for.
    let mut carrier = Carrier::new(context)?;
    let vault = context.vault()?;
    context.store.write_blocking(move |store| {
        if let Some(values) = &inputs {
            want.inputs = Some(seal_inputs(store, &vault, want.id, want.order, values)?);
        }
        store.want_label(&want, now)
    })?;
    let waited = carrier.until(Duration::from_secs(arguments.parcel.wait), move |store| {
        let label = store.label(id)?;
        let open = matches!(label.state, LabelState::Wanted | LabelState::Asked);
        Ok((!open).then_some(label))
    });
    carrier.end();
    let waited = waited?;
    let Some(label) = waited.result else {
        return Err(still_waiting("the label is not bought yet", &waited.why));
    };
    settled(arguments, context, label)
}

/// The method that is named, or else the automatic choice.
fn pick<'a>(
    arguments: &ShipArgs,
    parcel: &Parcel,
    rates: &'a [Rate],
    judged: &'a [(usize, Judgement)],
) -> Outcome<(&'a Rate, &'a Judgement)> {
    let found = match &arguments.service {
        None => {
            let chosen = choose(rates, judged, &parcel.detail.order.assigned).map_err(|words| {
                Failure::refused(words).hint(
                    "tapegun rates ORDER shows every verdict; --service ID --reason WHY chooses by hand",
                )
            })?;
            judged.iter().find(|(index, _)| *index == chosen)
        }
        // Best first: of several offers of one service the first is taken.
        Some(service) => judged
            .iter()
            .find(|(index, _)| rates[*index].service_id.eq_ignore_ascii_case(service)),
    };
    let (index, judgement) = found.ok_or_else(|| {
        let service = arguments.service.as_deref().unwrap_or("");
        Failure::refused(format!("{service} is not among the rates of this box"))
            .hint("tapegun rates ORDER shows what is offered")
    })?;
    let rate = &rates[*index];
    if let Some(words) = &judgement.barred {
        return Err(Failure::refused(words.clone()));
    }
    let reason = arguments.reason.as_deref().map_or("", str::trim);
    if judgement.needs_reason && reason.is_empty() {
        return Err(Failure::refused(format!(
            "{} takes a reason: {}",
            rate.service,
            judgement.why_reason()
        ))
        .hint("--reason WHY, kept in the history"));
    }
    Ok((rate, judgement))
}

fn not_offered(rate: &Rate, judgement: &Judgement) -> Failure {
    Failure::refused(format!("{}: {}", rate.service, judgement.against.join("; ")))
        .hint("choose another method or another --confirmation")
}

/// Never silently dearer: where older rates of this very box were over and new ones were asked for, a higher price
/// takes a new yes, which is `--at-most` or the same command again.
fn not_dearer(
    arguments: &ShipArgs,
    parcel: &Parcel,
    older: &QuoteAnswer,
    context: &Context,
    (rate, judgement): (&Rate, &Judgement),
) -> Outcome<()> {
    let judged = parcel.judged(older, context)?;
    let Ok((rate_then, then)) = pick(arguments, parcel, &older.rates, &judged) else {
        return Ok(());
    };
    let (was, now) = (then.price, judgement.price);
    let dearer = was.currency != now.currency || now.minor > was.minor;
    if !dearer || arguments.at_most.is_some() {
        return Ok(());
    }
    let name = method_name(&rate.carrier, &rate.service);
    let name_then = method_name(&rate_then.carrier, &rate_then.service);
    let words = if name == name_then {
        format!("{name} rose from {was} to {now} since the rates were asked for")
    } else {
        format!("{name_then} at {was} became {name} at {now} since the rates were asked for")
    };
    Err(Failure::refused(words)
        .while_doing("no label was bought")
        .hint(format!(
            "the same command again within 9 minutes buys at the new price; so does --at-most {}",
            now.digits()
        )))
}

/// Answers to what the service asks for besides the box; none where it asks for nothing.
fn inputs(arguments: &ShipArgs, rate: &Rate) -> Outcome<Option<InputValues>> {
    let fields = rate.asked_inputs();
    let values = InputValues::read(fields, &arguments.inputs).map_err(|words| {
        let asked: Vec<String> = fields
            .iter()
            .map(|field| {
                format!(
                    "--input '{}=…' ({}: {})",
                    field.key(),
                    field.label(),
                    field.hint()
                )
            })
            .collect();
        let failure = Failure::refused(words);
        if asked.is_empty() {
            failure
        } else {
            failure.hint(asked.join("; "))
        }
    })?;
    Ok((!fields.is_empty()).then_some(values))
}

/// Refuses a price above `--at-most`.
fn limit(arguments: &ShipArgs, price: Money) -> Outcome<()> {
    let Some(text) = &arguments.at_most else {
        return Ok(());
    };
    let most = Money::parse(text, price.currency)
        .ok_or_else(|| Failure::usage(format!("--at-most: {text:?} is no amount, write it like 12.50")))?;
    if price.minor > most.minor {
        return Err(Failure::refused(format!(
            "the label costs {price}, more than {most}"
        )));
    }
    Ok(())
}

/// What came of it, and the sheet.
fn settled(arguments: &ShipArgs, context: &Context, label: LabelRow) -> Outcome<Report> {
    let words = label_words(&label);
    match label.state {
        LabelState::Refused | LabelState::Withdrawn => {
            let why = label.reason.unwrap_or_else(|| "Amazon refused".to_owned());
            return Err(Failure::refused(why)
                .while_doing("no label was bought")
                .hint("tapegun rates ORDER"));
        }
        LabelState::Unknown => {
            let why = label.reason.unwrap_or_default();
            return Err(Failure::new(Exit::Unknown, why)
                .while_doing("nobody knows whether the label was bought; the box is frozen")
                .hint("tapegun sync --once looks it up; buy no other label for this box"));
        }
        _ => {}
    }
    let sheets = if arguments.no_print || label.held {
        Vec::new()
    } else {
        print_waiting(context, &label.number)?
    };
    let mut text = words;
    for sheet in &sheets {
        match &sheet.result {
            Ok(()) => text.push_str("\nprinted"),
            Err(why) => {
                let _ = write!(text, "\nNOT PRINTED: {why}\n  now: tapegun label ORDER --print");
            }
        }
    }
    let (id, order) = (label.id, label.order);
    let label = context.store.read_blocking(move |store| store.label(id))?;
    let labels = context.store.read_blocking(move |store| store.labels_of(order))?;
    if is_due(&label) {
        let _ = write!(
            text,
            "\nput it on its box and scan it: tapegun onto-box {} --scanned TRACKING",
            label.number
        );
    }
    let both_paid = refund::both_paid(&labels, &label, context.clock.now());
    for words in &both_paid {
        let _ = write!(text, "\n{words}");
    }
    let printed = sheets.iter().any(|sheet| sheet.result.is_ok());
    let failed: Vec<&String> = sheets
        .iter()
        .filter_map(|sheet| sheet.result.as_ref().err())
        .collect();
    Ok(Report::new(
        text,
        json!({ "label": label, "printed": printed, "not_printed_because": failed.first(),
            "both_paid": both_paid }),
    ))
}

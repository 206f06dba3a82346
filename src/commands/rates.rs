//! `rates`: what Amazon offers for an order's box, and the verdict on each offer.

use super::report::{Report, table};
use super::{Context, parcel};
use crate::cli::RatesArgs;
use crate::domain::choice::{Judgement, Tint, WhyGroup, choose, why_not};
use crate::domain::order::AssignedMethod;
use crate::domain::rate::{QuoteAnswer, Rate, words};
use crate::domain::seller::LabelVia;
use crate::domain::spend::Payee;
use crate::error::Outcome;
use serde_json::{Value, json};
use std::fmt::Write;

/// Runs `rates`.
pub(super) fn run(arguments: &RatesArgs, context: &Context) -> Outcome<Report> {
    let parcel = parcel::open(context, &arguments.order, &arguments.parcel)?;
    let (quote, answer) = parcel.quote(context, arguments.parcel.wait, true)?;
    let judged = parcel.judged(&answer, context)?;
    let chosen = choose(&answer.rates, &judged, &parcel.detail.order.assigned);
    let store = context
        .config
        .stores
        .iter()
        .find(|store| store.id == parcel.detail.order.channel.store);
    let groups = why_not(&answer, &judged, store);
    let rows: Vec<Vec<String>> = judged
        .iter()
        .filter(|(_, judgement)| judgement.unfit_box.is_none())
        .map(|(index, judgement)| cells(&answer.rates[*index], judgement, chosen == Ok(*index)))
        .collect();
    let mut text = table(&rows);
    let assigned = &parcel.detail.order.assigned;
    if *assigned != AssignedMethod::Unknown {
        let _ = writeln!(text, "method: {}", parcel.detail.method.words(assigned));
    }
    if let Err(words) = &chosen {
        let _ = writeln!(text, "{words}");
    }
    text += &if arguments.why_not {
        missing(&groups)
    } else {
        ineligible(&answer)
    };
    let hidden = judged.len() - rows.len();
    if hidden > 0 && !arguments.why_not {
        let _ = writeln!(text, "{hidden} for another kind of box: --why-not names them");
    }
    let rates: Vec<Value> = judged
        .iter()
        .map(|(index, judgement)| value(&answer.rates[*index], judgement, answer.via))
        .collect();
    let picked = chosen
        .as_ref()
        .ok()
        .map(|index| answer.rates[*index].service_id.clone());
    Ok(Report::new(
        text,
        json!({
            "quote": quote.id,
            "asked_at": answer.asked_at,
            "confirmation": parcel.row.confirmation,
            "picked": picked,
            "not_picked_because": chosen.err(),
            "rates": rates,
            "ineligible": answer.ineligible,
            "why_not": groups,
        }),
    ))
}

fn cells(rate: &Rate, judgement: &Judgement, picked: bool) -> Vec<String> {
    let verdict = match judgement {
        _ if picked => "PICKED",
        _ if judgement.barred.is_some() => "BARRED",
        _ if judgement.choice.is_none() => "not offered",
        _ if judgement.automatic => "passes",
        _ if judgement.tint == Tint::Red => "RED",
        _ => "by hand",
    };
    let promise = rate.window.and_then(|window| window.latest);
    vec![
        verdict.to_owned(),
        judgement.price.to_string(),
        promise.map_or_else(
            || "no promise".to_owned(),
            |end| end.format("%a %b %-d %H:%M UTC").to_string(),
        ),
        rate.service_id.clone(),
        rate.service.clone(),
        words::payment(rate),
        judgement.notes.join("; "),
    ]
}

fn value(rate: &Rate, judgement: &Judgement, via: LabelVia) -> Value {
    let services = judgement
        .choice
        .as_ref()
        .map_or(&[][..], |choice| &choice.services);
    let parts: Vec<Value> = words::price_parts(rate, services, judgement.price)
        .into_iter()
        .map(|(name, part)| json!({ "name": name, "amount": part.digits() }))
        .collect();
    let inputs: Vec<Value> = rate
        .asked_inputs()
        .iter()
        .map(|field| {
            json!({ "name": field.key(), "title": field.label(), "needed": field.required, "hint": field.hint() })
        })
        .collect();
    json!({
        "service": rate.service_id,
        "name": rate.service,
        "carrier": rate.carrier,
        "price": judgement.price.digits(),
        "currency": judgement.price.currency,
        "window": rate.window,
        "benefits": rate.benefits,
        "parts": parts,
        "whose_rate": Payee::of(&rate.payment, via),
        "protection": words::protection(rate),
        "prints_as": words::documents(&rate.documents),
        "inputs": inputs,
        "late_by_minutes": judgement.late_by.map(|late| late.num_minutes()),
        "for_another_box": judgement.unfit_box,
        "tint": judgement.tint,
        "automatic": judgement.automatic,
        "barred": judgement.barred,
        "needs_reason": judgement.needs_reason,
        "late": judgement.late,
        "offered": judgement.choice.is_some(),
        "notes": judgement.notes,
    })
}

/// Every service that is not simply for sale, in groups.
fn missing(groups: &[WhyGroup]) -> String {
    let mut text = String::new();
    for group in groups {
        let _ = writeln!(text, "\n{} ({})", group.title, group.entries.len());
        if !group.what_to_do.is_empty() {
            let _ = writeln!(text, "  -> {}", group.what_to_do);
        }
        for entry in &group.entries {
            let why = if entry.why.is_empty() { "" } else { ": " };
            let _ = writeln!(text, "  {}{why}{}", entry.name, entry.why);
        }
    }
    if groups.is_empty() {
        text.push_str("nothing is missing: Amazon names no other service\n");
    }
    text
}

/// Services that Amazon does not offer, by reason.
fn ineligible(answer: &QuoteAnswer) -> String {
    let mut text = String::new();
    for one in &answer.ineligible {
        let reasons: Vec<&str> = one.reasons.iter().map(|(_, message)| message.as_str()).collect();
        let _ = writeln!(
            text,
            "not eligible: {} {}: {}",
            one.carrier,
            one.service,
            reasons.join("; ")
        );
    }
    text
}

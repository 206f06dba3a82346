//! `rates`: what Amazon offers for an order's box, and the verdict on each offer.

use super::report::{Report, table};
use super::{Context, parcel};
use crate::cli::RatesArgs;
use crate::domain::choice::{Judgement, Tint, choose};
use crate::domain::rate::{QuoteAnswer, Rate};
use crate::error::Outcome;
use serde_json::{Value, json};
use std::fmt::Write;

/// Runs `rates`.
pub(super) fn run(arguments: &RatesArgs, context: &Context) -> Outcome<Report> {
    let parcel = parcel::open(context, &arguments.order, &arguments.parcel)?;
    let (quote, answer) = parcel.quote(context, arguments.parcel.wait, true)?;
    let judged = parcel.judged(&answer, context)?;
    let chosen = choose(&answer.rates, &judged, &parcel.detail.order.assigned);
    let rows: Vec<Vec<String>> = judged
        .iter()
        .map(|(index, judgement)| cells(&answer.rates[*index], judgement, chosen == Ok(*index)))
        .collect();
    let mut text = table(&rows);
    if let Err(words) = &chosen {
        let _ = writeln!(text, "{words}");
    }
    text += &ineligible(&answer);
    let rates: Vec<Value> = judged
        .iter()
        .map(|(index, judgement)| value(&answer.rates[*index], judgement))
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
        judgement.notes.join("; "),
    ]
}

fn value(rate: &Rate, judgement: &Judgement) -> Value {
    json!({
        "service": rate.service_id,
        "name": rate.service,
        "carrier": rate.carrier,
        "price": judgement.price.digits(),
        "currency": judgement.price.currency,
        "window": rate.window,
        "benefits": rate.benefits,
        "tint": judgement.tint,
        "automatic": judgement.automatic,
        "barred": judgement.barred,
        "needs_reason": judgement.needs_reason,
        "late": judgement.late,
        "offered": judgement.choice.is_some(),
        "notes": judgement.notes,
    })
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

//! `refunds`: what voided labels brought back, and labels that can still be voided because nothing moves.

use super::Context;
use super::report::{Report, table};
use crate::cli::{RefundsBookArgs, RefundsCommand, RefundsListArgs, RefundsRejectArgs, RefundsUnmovedArgs};
use crate::domain::ids::IntentId;
use crate::domain::money::Money;
use crate::domain::rate::method_name;
use crate::domain::refund::{self, Booking, RefundFilter};
use crate::domain::rows::LabelRow;
use crate::domain::text::Clean;
use crate::error::{Exit, Failure, Outcome};
use chrono::{DateTime, Utc};
use serde_json::{Value, json};
use std::fmt::Write;
use uuid::Uuid;

/// Runs `refunds`.
pub(super) fn run(command: &RefundsCommand, context: &Context) -> Outcome<Report> {
    match command {
        RefundsCommand::List(arguments) => list(arguments, context),
        RefundsCommand::Book(arguments) => book(arguments, context),
        RefundsCommand::Reject(arguments) => reject(arguments, context),
        RefundsCommand::Unmoved(arguments) => unmoved(arguments, context),
    }
}

fn list(arguments: &RefundsListArgs, context: &Context) -> Outcome<Report> {
    let filter = match (arguments.open, arguments.overdue) {
        (_, true) => RefundFilter::Overdue,
        (true, false) => RefundFilter::Open,
        (false, false) => RefundFilter::All,
    };
    let (first, limit, now) = (arguments.first, arguments.limit, context.clock.now());
    let refunds = context
        .store
        .read_blocking(move |store| store.refunds(filter, first, limit, now))?;
    let mut rows = Vec::new();
    for label in &refunds.page.rows {
        rows.push(vec![
            label.number.to_string(),
            method_name(&label.carrier, &label.service),
            label.price.to_string(),
            voided(label),
            label.state.to_string(),
            refund::expectation(label, now),
            label.id.to_string(),
        ]);
    }
    let mut text = table(&rows);
    if refunds.page.total == 0 {
        text.push_str(match filter {
            RefundFilter::All => "no label was voided\n",
            RefundFilter::Open => "no refund is awaited\n",
            RefundFilter::Overdue => "no refund is overdue\n",
        });
    }
    more(&mut text, refunds.page.rows.len() + first, refunds.page.total);
    for (what, sums) in [
        ("awaited", &refunds.awaited),
        ("lost to rejected refunds", &refunds.lost),
    ] {
        for sum in sums {
            let _ = writeln!(text, "{what}: {sum} {}", sum.currency.code());
        }
    }
    Ok(Report::new(
        text,
        json!({
            "first": refunds.page.first,
            "total": refunds.page.total,
            "refunds": refunds.page.rows.iter().map(|label| value(label, now)).collect::<Vec<_>>(),
            "awaited": refunds.awaited,
            "lost": refunds.lost,
        }),
    ))
}

fn more(text: &mut String, shown: usize, total: usize) {
    if shown < total {
        let _ = writeln!(text, "… {shown} of {total}; --first and --limit show others");
    }
}

fn voided(label: &LabelRow) -> String {
    let at = label.aftermath.as_ref().and_then(|after| after.voided_at);
    at.map_or_else(String::new, |at| format!("void {}", at.format("%Y-%m-%d")))
}

/// A refund for a script: the label, and what follows from it now.
fn value(label: &LabelRow, now: DateTime<Utc>) -> Value {
    json!({
        "label": label,
        "open": refund::is_open(label.state),
        "overdue": refund::is_overdue(label, now),
        "words": refund::expectation(label, now),
    })
}

fn book(arguments: &RefundsBookArgs, context: &Context) -> Outcome<Report> {
    let label = named(&arguments.label, context)?;
    let currency = label.price.currency;
    let amount = Money::parse(arguments.amount.trim(), currency).ok_or_else(|| {
        Failure::usage(format!(
            "--amount: {:?} is no amount, write it like 7.61",
            arguments.amount
        ))
    })?;
    write(context, &label, Booking::Paid(amount), &arguments.reason)
}

fn reject(arguments: &RefundsRejectArgs, context: &Context) -> Outcome<Report> {
    let label = named(&arguments.label, context)?;
    write(context, &label, Booking::Rejected, &arguments.reason)
}

fn write(context: &Context, label: &LabelRow, booking: Booking, reason: &str) -> Outcome<Report> {
    let user = context.user()?;
    let (id, reason, now) = (label.id, Clean::text(reason), context.clock.now());
    let label = context
        .store
        .write_blocking(move |store| store.book_refund(id, &booking, user.id, &reason, now))?;
    let words = refund::expectation(&label, now);
    Ok(Report::new(
        format!("order {}: {}, {words}", label.number, label.state),
        value(&label, now),
    ))
}

/// A label by its id or its tracking number.
fn named(text: &str, context: &Context) -> Outcome<LabelRow> {
    let text = text.trim().to_owned();
    let found = if let Ok(id) = Uuid::try_parse(&text) {
        Some(
            context
                .store
                .read_blocking(move |store| store.label(IntentId(id)))?,
        )
    } else {
        let number = text.clone();
        context
            .store
            .read_blocking(move |store| store.label_by_tracking(&number))?
    };
    found.ok_or_else(|| {
        Failure::new(
            Exit::Failed,
            format!("no label of this station has tracking number {text}"),
        )
        .hint("tapegun refunds list shows ids; a tracking number is named as it is printed")
    })
}

fn unmoved(arguments: &RefundsUnmovedArgs, context: &Context) -> Outcome<Report> {
    let (first, limit, now) = (arguments.first, arguments.limit, context.clock.now());
    let page = context
        .store
        .read_blocking(move |store| store.unmoved(first, limit, now))?;
    let mut rows = Vec::new();
    for label in &page.rows {
        rows.push(vec![
            label.number.to_string(),
            method_name(&label.carrier, &label.service),
            label.price.to_string(),
            label
                .tracking
                .as_ref()
                .map_or_else(String::new, ToString::to_string),
            refund::window_words(label, now),
            refund::heard_words(label),
        ]);
    }
    let mut text = table(&rows);
    if page.total == 0 {
        text.push_str(
            "every label of the last weeks was scanned by its carrier, or is younger than two days\n",
        );
    }
    more(&mut text, page.rows.len() + first, page.total);
    let labels: Vec<Value> = page
        .rows
        .iter()
        .map(|label| {
            json!({
                "label": label,
                "days_left": refund::days_left(label, now),
                "void_closes": refund::void_closes(label),
            })
        })
        .collect();
    Ok(Report::new(
        text,
        json!({ "first": page.first, "total": page.total, "unmoved": labels }),
    ))
}

//! `carriers list`: the seller's own accounts with carriers, linked in Seller Central, for each store. `spend`: what
//! labels cost, Amazon's rates and own accounts apart.

use super::Context;
use super::carry::Carrier;
use super::parcel::still_waiting;
use super::report::{Report, table};
use crate::cli::{CarriersListArgs, SpendArgs};
use crate::domain::ids::StoreId;
use crate::domain::market;
use crate::domain::money::{Currency, Money};
use crate::domain::prime::{PrimeRules, PrimeShare};
use crate::domain::spend::{SpendRow, StoreAccounts, Sum};
use crate::error::{Exit, Outcome};
use serde_json::{Value, json};
use std::fmt::Write;
use std::time::Duration;

/// Runs `carriers list`.
pub(super) fn list(arguments: &CarriersListArgs, context: &Context) -> Outcome<Report> {
    let stores: Vec<StoreId> = context
        .config
        .stores
        .iter()
        .map(|store| store.id.clone())
        .collect();
    let now = context.clock.now();
    context
        .store
        .write_blocking(move |store| store.want_accounts(&stores, now))?;
    let mut carrier = Carrier::new(context)?;
    let waited = carrier.until(Duration::from_secs(arguments.wait), |store| {
        let accounts = store.accounts()?;
        Ok(accounts.iter().all(|known| !known.asking).then_some(accounts))
    });
    carrier.end();
    let waited = waited?;
    let Some(known) = waited.result else {
        return Err(still_waiting(
            "the carrier accounts are not there yet",
            &waited.why,
        ));
    };
    let mut text = String::new();
    let mut values = Vec::new();
    let mut failed = false;
    for store in &context.config.stores {
        let known = known.iter().find(|known| known.store == store.id);
        let _ = writeln!(text, "{}:", store.name);
        failed |= known.is_some_and(|known| known.failure.is_some());
        for line in account_lines(known) {
            let _ = writeln!(text, "  {line}");
        }
        let way = market::way_to_link_accounts(store);
        let _ = writeln!(text, "  {way}");
        values.push(json!({
            "store": store.id,
            "accounts": known.map(|known| &known.accounts),
            "told_at": known.and_then(|known| known.told_at),
            "failure": known.and_then(|known| known.failure.clone()),
            "how_to_link": way,
        }));
    }
    let report = Report::new(text, Value::Array(values));
    Ok(if failed {
        report.ending(Exit::Failed)
    } else {
        report
    })
}

fn account_lines(known: Option<&StoreAccounts>) -> Vec<String> {
    let Some(known) = known else {
        return vec!["not asked yet".to_owned()];
    };
    let mut lines: Vec<String> = known
        .accounts
        .iter()
        .map(|account| format!("{} {}", account.carrier, account.account))
        .collect();
    match (&known.failure, lines.is_empty()) {
        (Some(why), _) => lines.push(format!("Amazon did not say: {why}")),
        (None, true) => lines.push("no account is linked: Amazon's rates are used".to_owned()),
        (None, false) => {}
    }
    lines
}

/// Runs `spend`.
pub(super) fn spend(arguments: &SpendArgs, context: &Context) -> Outcome<Report> {
    let since = arguments.since;
    let rows = context.store.read_blocking(move |store| store.spend(since))?;
    let share = prime_share(context)?;
    let mut lines = vec![
        ["paid to", "live", "voided", "refunded"]
            .map(str::to_owned)
            .to_vec(),
    ];
    lines.extend(rows.iter().map(cells));
    let mut text = if rows.is_empty() {
        "no label was bought\n".to_owned()
    } else {
        table(&lines)
    };
    text += &share.to_string();
    let rows: Vec<Value> = rows.iter().map(value).collect();
    Ok(Report::new(
        text,
        json!({ "since": since, "rows": rows, "prime": share }),
    ))
}

/// How Prime orders shipped in the last days that count.
pub(super) fn prime_share(context: &Context) -> Outcome<PrimeShare> {
    let days = i64::from(PrimeRules::standard().share.days);
    let since = context.clock.now() - chrono::TimeDelta::days(days);
    Ok(context
        .store
        .read_blocking(move |store| store.prime_share(since))?)
}

fn cells(row: &SpendRow) -> Vec<String> {
    let cell = |sum: Sum| match sum.labels {
        0 => "-".to_owned(),
        labels => format!("{} ({labels})", Money::new(sum.minor, row.currency)),
    };
    vec![
        format!("{} ({})", row.payee, row.currency.code()),
        cell(row.live),
        cell(row.voided),
        cell(row.refunded),
    ]
}

fn value(row: &SpendRow) -> Value {
    json!({
        "currency": row.currency,
        "paid_to": row.payee,
        "live": sum(row.live, row.currency),
        "voided": sum(row.voided, row.currency),
        "refunded": sum(row.refunded, row.currency),
    })
}

fn sum(sum: Sum, currency: Currency) -> Value {
    json!({ "labels": sum.labels, "amount": Money::new(sum.minor, currency).digits() })
}

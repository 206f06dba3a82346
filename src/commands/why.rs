//! `why`: why a method was picked, scan by scan. `proof`: all that is known of a shipment in one file, for a claim.

use super::report::Report;
use super::screens::zone;
use super::{Context, orders};
use crate::cli::{ProofArgs, WhyArgs};
use crate::domain::explain::{lines, replay};
use crate::domain::text::escaped_json;
use crate::domain::user::Permission;
use crate::error::Outcome;
use anyhow::Context as _;
use serde_json::{Value, json};
use std::io::Write;
use std::os::unix::fs::OpenOptionsExt;

/// Runs `why`.
pub(super) fn why(arguments: &WhyArgs, context: &Context) -> Outcome<Report> {
    let id = context.order(&arguments.order)?;
    let (detail, facts) = context
        .store
        .read_blocking(move |store| Ok((store.order(id)?, store.why(id)?)))?;
    let number = &detail.order.channel.number;
    let here = zone(&context.config.stores)?;
    let text = lines(number, &detail, &facts, None, here).join("\n");
    let replayed = replay(&detail, &facts.scans);
    Ok(Report::new(
        text,
        json!({
            "number": number, "method": detail.method.words(&detail.order.assigned), "policies": facts.policies,
            "labels": facts.labels, "scans": replayed,
        }),
    ))
}

/// Runs `proof`. Everything but the customer's data, unless that is asked for by who may.
pub(super) fn proof(arguments: &ProofArgs, context: &Context) -> Outcome<Report> {
    let id = context.order(&arguments.order)?;
    let customer = if arguments.reveal {
        let user = context.user()?;
        context
            .permit(&user, Permission::Proof)
            .map_err(|refusal| refusal.hint("without --reveal the file holds everything else"))?;
        Some(orders::reveal(&context.detail(id)?, context)?)
    } else {
        None
    };
    let (detail, facts, chain) = context
        .store
        .read_blocking(move |store| Ok((store.order(id)?, store.why(id)?, store.verify_chain()?)))?;
    let channel = &detail.order.channel;
    let mut proof = orders::value(&detail);
    let more = json!({
        "proof": "tapegun", "version": env!("CARGO_PKG_VERSION"), "written_at": context.clock.now(),
        "service_level": channel.service_level,
        "destination": channel.destination.as_ref().map(|to| json!({ "country": to.country, "state": to.state })),
        "packages_at_amazon": channel.packages,
        "policies": facts.policies, "why": facts.labels, "scans": replay(&detail, &facts.scans),
        "label_history_is_whole": match chain {
            Ok(rows) => json!({ "whole": true, "rows": rows }),
            Err(words) => json!({ "whole": false, "first_broken": words }),
        },
    });
    if let (Value::Object(proof), Value::Object(more)) = (&mut proof, more) {
        proof.extend(more);
        if let Some(customer) = customer {
            proof.insert("customer".to_owned(), serde_json::to_value(&customer)?);
        }
    }
    let text = serde_json::to_string_pretty(&proof)?;
    let path = &arguments.to;
    let mut file = std::fs::OpenOptions::new()
        .write(true)
        .create_new(true)
        .mode(0o600)
        .open(path)
        .with_context(|| format!("{} cannot be made", path.display()))?;
    file.write_all(escaped_json(&text).as_bytes())
        .and_then(|()| file.sync_all())
        .with_context(|| format!("{} is not whole", path.display()))?;
    Ok(Report::new(
        format!(
            "{}: order {}, {} bytes",
            path.display(),
            channel.number,
            text.len()
        ),
        json!({ "file": path, "number": channel.number, "bytes": text.len(), "customer": arguments.reveal }),
    ))
}

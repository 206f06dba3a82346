//! `policies`: the rules of the house that decide how an order is shipped before it lies on a bench.

use super::Context;
use super::report::{Report, table};
use crate::cli::PoliciesCommand;
use crate::domain::ids::StoreId;
use crate::domain::policy::{Policy, PolicyRule, Rehearsal};
use crate::error::{Failure, Outcome};
use anyhow::Context as _;
use serde_json::{Value, json};
use std::fmt::Write;
use std::path::Path;

/// The file that `policies example` writes.
const EXAMPLE: &str = include_str!("../../assets/policy.toml");

/// Runs `policies`.
pub(super) fn run(command: &PoliciesCommand, context: &Context) -> Outcome<Report> {
    match command {
        PoliciesCommand::Example(_) => Ok(Report::new(EXAMPLE, json!({ "file": EXAMPLE }))),
        PoliciesCommand::List(arguments) => list(arguments.store.as_deref(), context),
        PoliciesCommand::Show(arguments) => show(&policy(arguments.policy, context)?),
        PoliciesCommand::Add(arguments) => {
            let (store, rule) = (store_of(&arguments.store, context)?, read(&arguments.file)?);
            let (user, now) = (context.user()?, context.clock.now());
            let added = context
                .store
                .write_blocking(move |opened| opened.add_policy(&store, &rule, user.id, now))?;
            told(&added, "is added")
        }
        PoliciesCommand::Change(arguments) => {
            let rule = read(&arguments.file)?;
            change(
                arguments.policy,
                context,
                |_| rule,
                "is changed; orders that exist stay as they are",
            )
        }
        PoliciesCommand::Enable(arguments) => change(
            arguments.policy,
            context,
            |rule| PolicyRule { active: true, ..rule },
            "is on",
        ),
        PoliciesCommand::Disable(arguments) => change(
            arguments.policy,
            context,
            |rule| PolicyRule {
                active: false,
                ..rule
            },
            "is off",
        ),
        PoliciesCommand::Remove(arguments) => {
            let known = policy(arguments.policy, context)?;
            let (id, user, now) = (known.id, context.user()?, context.clock.now());
            context
                .store
                .write_blocking(move |opened| opened.remove_policy(id, user.id, now))?;
            told(&known, "is removed; orders that exist stay as they are")
        }
        PoliciesCommand::Order(arguments) => {
            let (id, place) = (arguments.policy, arguments.place);
            let (user, now) = (context.user()?, context.clock.now());
            context
                .store
                .write_blocking(move |opened| opened.move_policy(id, place, user.id, now))?;
            list(Some(policy(id, context)?.store.as_str()), context)
        }
        PoliciesCommand::Copy(arguments) => {
            let (from, to) = (
                store_of(&arguments.from, context)?,
                store_of(&arguments.to, context)?,
            );
            let (user, now) = (context.user()?, context.clock.now());
            let copied = context
                .store
                .write_blocking(move |opened| opened.copy_policies(&from, &to, user.id, now))?;
            Ok(Report::new(
                format!("{copied} policies copied to store {}", arguments.to),
                json!({ "copied": copied }),
            ))
        }
        PoliciesCommand::DryRun(arguments) => {
            let store = store_of(&arguments.store, context)?;
            let rule = arguments.file.as_deref().map(read).transpose()?;
            let limit = arguments.limit;
            let rehearsal = context
                .store
                .read_blocking(move |opened| opened.rehearse_policies(&store, rule.as_ref(), limit))?;
            Ok(dry_run(&rehearsal))
        }
    }
}

fn store_of(text: &str, context: &Context) -> Outcome<StoreId> {
    let store = context
        .config
        .stores
        .iter()
        .find(|store| store.id.as_str() == text);
    store.map(|store| store.id.clone()).ok_or_else(|| {
        Failure::usage(format!("there is no store {text:?}")).hint("the configuration names the stores")
    })
}

fn read(file: &Path) -> Outcome<PolicyRule> {
    let text = std::fs::read_to_string(file)
        .with_context(|| format!("the policy file {} cannot be read", file.display()))?;
    let rule: PolicyRule = toml::from_str(&text).map_err(|error| {
        Failure::usage(format!("{}: {}", file.display(), error.message()))
            .hint("tapegun policies example writes a policy file with every key")
    })?;
    rule.check()
        .map_err(|words| Failure::usage(format!("{}: {words}", file.display())))?;
    Ok(rule)
}

fn policy(id: i64, context: &Context) -> Outcome<Policy> {
    let all = context.store.read_blocking(|opened| opened.policies(None))?;
    all.into_iter().find(|policy| policy.id == id).ok_or_else(|| {
        Failure::usage(format!("there is no policy {id}")).hint("tapegun policies list shows their numbers")
    })
}

fn change(
    id: i64,
    context: &Context,
    anew: impl FnOnce(PolicyRule) -> PolicyRule,
    state: &str,
) -> Outcome<Report> {
    let (user, now) = (context.user()?, context.clock.now());
    let rule = anew(policy(id, context)?.rule);
    let changed = context
        .store
        .write_blocking(move |opened| opened.change_policy(id, &rule, user.id, now))?;
    told(&changed, state)
}

fn told(policy: &Policy, state: &str) -> Outcome<Report> {
    Ok(Report::new(
        format!("policy {} of store {} {state}", policy.rule.name, policy.store),
        json!({ "policy": value(policy)? }),
    ))
}

fn value(policy: &Policy) -> Outcome<Value> {
    Ok(serde_json::to_value(policy)?)
}

fn list(store: Option<&str>, context: &Context) -> Outcome<Report> {
    let store = store.map(|text| store_of(text, context)).transpose()?;
    let all = context
        .store
        .read_blocking(move |opened| opened.policies(store.as_ref()))?;
    let rows: Vec<Vec<String>> = all
        .iter()
        .map(|policy| {
            vec![
                policy.store.to_string(),
                format!("{}.", policy.place),
                format!("#{}", policy.id),
                policy.rule.name.clone(),
                policy.rule.state().to_owned(),
                policy.rule.when.words(),
                format!("-> {}", policy.rule.does()),
            ]
        })
        .collect();
    let mut text = table(&rows);
    if all.is_empty() {
        text.push_str("no policy: every order goes by the cheapest method that passes\n");
    }
    let values = all.iter().map(value).collect::<Outcome<Vec<_>>>()?;
    Ok(Report::new(text, json!({ "policies": values })))
}

fn show(policy: &Policy) -> Outcome<Report> {
    let file = toml::to_string(&policy.rule)
        .map_err(|error| Failure::usage(format!("the policy cannot be written as a file: {error}")))?;
    let text = format!(
        "# policy #{} of store {}, place {}\n{file}",
        policy.id, policy.store, policy.place
    );
    Ok(Report::new(
        text,
        json!({ "policy": value(policy)?, "file": file }),
    ))
}

fn dry_run(rehearsal: &Rehearsal) -> Report {
    let mut text = String::new();
    let mut orders = Vec::new();
    for one in &rehearsal.touched {
        let _ = writeln!(text, "{}", one.number);
        let lines = one.outcome.lines();
        for line in &lines {
            let _ = writeln!(text, "  {line}");
        }
        orders.push(json!({
            "order": one.order, "number": one.number, "says": lines,
            "method": one.outcome.method.as_ref().map(|(method, _)| method.to_string()),
        }));
    }
    let _ = writeln!(
        text,
        "{} of {} open orders would be touched; nothing was changed",
        rehearsal.touched_in_all, rehearsal.looked_at
    );
    if rehearsal.touched.len() < rehearsal.touched_in_all {
        let _ = writeln!(text, "{} are shown: --limit shows more", rehearsal.touched.len());
    }
    Report::new(
        text,
        json!({ "looked_at": rehearsal.looked_at, "touched": rehearsal.touched_in_all, "orders": orders }),
    )
}

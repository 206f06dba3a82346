//! `methods`: which shipping methods the stores know and which are switched off; `orders assign`.

use super::Context;
use super::report::{Report, table};
use crate::cli::{MethodsCommand, OrdersAssignArgs};
use crate::domain::ids::StoreId;
use crate::domain::method::{KnownMethod, assigned_name};
use crate::error::{Failure, Outcome};
use crate::store::AssignMethod;
use serde_json::json;

/// Runs `methods`.
pub(super) fn run(command: &MethodsCommand, context: &Context) -> Outcome<Report> {
    match command {
        MethodsCommand::List(arguments) => list(arguments.store.as_deref(), context),
        MethodsCommand::Off(arguments) => switch(
            &arguments.store,
            &arguments.service,
            false,
            &arguments.reason,
            context,
        ),
        MethodsCommand::On(arguments) => switch(&arguments.store, &arguments.service, true, "", context),
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

/// Runs `orders shop`: rates are shopped for again at the next sync. Nothing is bought, and nothing is bound.
pub(super) fn shop(store: &str, context: &Context) -> Outcome<Report> {
    let store = store_of(store, context)?;
    if !context.config.account(&store).rate_shopping {
        return Err(Failure::refused(format!(
            "the carrier account of store {store} does not shop rates ahead"
        ))
        .hint("write rate_shopping = true in its [carrier]"));
    }
    let count = context
        .store
        .write_blocking(move |opened| opened.shop_again(&store))?;
    Ok(Report::new(
        format!("{count} orders are shopped for again at the next sync"),
        json!({ "orders": count }),
    ))
}

fn list(store: Option<&str>, context: &Context) -> Outcome<Report> {
    let store = store.map(|text| store_of(text, context)).transpose()?;
    let known = context
        .store
        .read_blocking(move |opened| opened.known_methods(store.as_ref()))?;
    let mut text = table(&known.iter().map(cells).collect::<Vec<_>>());
    if known.is_empty() {
        text.push_str("no method is known yet: the first rates of a store name them\n");
    }
    Ok(Report::new(text, json!({ "methods": known })))
}

fn cells(method: &KnownMethod) -> Vec<String> {
    vec![
        method.store.to_string(),
        method.service_id.clone(),
        method.name(),
        match &method.off {
            Some(off) => format!(
                "OFF since {} by {}: {}",
                off.at.format("%Y-%m-%d"),
                off.by,
                off.why
            ),
            None => "on".to_owned(),
        },
    ]
}

fn switch(store: &str, service: &str, on: bool, reason: &str, context: &Context) -> Outcome<Report> {
    let (store, user, now) = (store_of(store, context)?, context.user()?, context.clock.now());
    let (service, reason) = (service.to_owned(), reason.to_owned());
    let method = context
        .store
        .write_blocking(move |opened| opened.switch_method(&store, &service, on, user.id, &reason, now))?;
    let state = if on {
        "on"
    } else {
        "off: it is neither assigned nor bought"
    };
    Ok(Report::new(
        format!("{} of store {} is {state}", method.name(), method.store),
        json!({ "method": method }),
    ))
}

/// Runs `orders assign`: each order for itself; the first refusal is said once all were tried.
pub(super) fn assign(arguments: &OrdersAssignArgs, context: &Context) -> Outcome<Report> {
    let (user, now) = (context.user()?, context.clock.now());
    let mut orders = Vec::with_capacity(arguments.orders.len());
    for text in &arguments.orders {
        orders.push((text.clone(), context.order(text)?));
    }
    let (mut rows, mut told, mut refused) = (Vec::new(), Vec::new(), None);
    for (text, order) in orders {
        let wanted = AssignMethod {
            order,
            method: arguments.method.clone(),
            by: user.id,
            reason: arguments.reason.clone(),
        };
        let assigned = context
            .store
            .write_blocking(move |store| store.assign_method(&wanted, now));
        let words = match assigned {
            Ok(()) => {
                let detail = context.detail(order)?;
                assigned_name(&arguments.method, &detail.method.known)
            }
            Err(error) => {
                let words = format!("NOT ASSIGNED: {error}");
                refused.get_or_insert((text.clone(), error));
                words
            }
        };
        told.push(json!({ "order": order, "number": text, "words": words }));
        rows.push(vec![text, words]);
    }
    match refused {
        Some((text, error)) if rows.len() == 1 => {
            Err(Failure::from(error).while_doing(format!("order {text} is not assigned")))
        }
        Some(_) => {
            Ok(Report::new(table(&rows), json!({ "orders": told })).ending(crate::error::Exit::Refused))
        }
        None => Ok(Report::new(table(&rows), json!({ "orders": told }))),
    }
}

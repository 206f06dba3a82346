//! `orders split`, `orders join`.

use super::Context;
use super::report::Report;
use crate::cli::{OrdersJoinArgs, OrdersSplitArgs};
use crate::domain::ids::{OrderId, OrderNumber};
use crate::domain::rows::OrderDetail;
use crate::domain::split;
use crate::error::{Failure, Outcome};
use crate::store::SplitOrder;
use serde_json::{Value, json};

/// Splits an order: what is named goes as an order of its own.
pub(super) fn split(arguments: &OrdersSplitArgs, context: &Context) -> Outcome<Report> {
    let (user, now) = (context.user()?, context.clock.now());
    let order = context.order(&arguments.order)?;
    let units = split::by_sku(&context.detail(order)?, &arguments.lines)
        .map_err(|refusal| Failure::refused(refusal.to_string()))?;
    let wish = SplitOrder {
        order,
        units,
        by: user.id,
        reason: arguments.reason.clone(),
    };
    let made = context
        .store
        .write_blocking(move |store| store.split_order(&wish, now))?;
    told(&[order, made], context)
}

/// Joins one part with another, or all parts of a number.
pub(super) fn join(arguments: &OrdersJoinArgs, context: &Context) -> Outcome<Report> {
    let (by, now) = (context.user()?.id, context.clock.now());
    let number = OrderNumber::from(arguments.order.trim());
    let parts = context
        .store
        .read_blocking(move |store| store.find_orders(&number))?;
    let mut into = None;
    if parts.len() > 1 {
        // The last first: each gives its units to one before it.
        for part in parts.into_iter().skip(1).rev() {
            into = Some(
                context
                    .store
                    .write_blocking(move |store| store.join_order(part, by, now))?,
            );
        }
    } else {
        let part = context.order(&arguments.order)?;
        into = Some(
            context
                .store
                .write_blocking(move |store| store.join_order(part, by, now))?,
        );
    }
    told(&into.into_iter().collect::<Vec<_>>(), context)
}

/// The parts as they are now.
fn told(orders: &[OrderId], context: &Context) -> Outcome<Report> {
    let (mut text, mut json) = (Vec::new(), Vec::new());
    for order in orders {
        let detail = context.detail(*order)?;
        text.push(format!("#{order} {}: {}", detail.order.title(), goods(&detail)));
        json.push(value(&detail));
    }
    Ok(Report::new(text.join("\n"), json!({ "orders": json })))
}

fn goods(detail: &OrderDetail) -> String {
    let lines = detail.order.channel.lines.iter();
    let each: Vec<String> = lines
        .map(|line| format!("{} × {}", line.quantity, line.sku))
        .collect();
    each.join(", ")
}

fn value(detail: &OrderDetail) -> Value {
    let lines = detail.order.channel.lines.iter();
    json!({
        "order": detail.order.id,
        "number": detail.order.channel.number,
        "part": detail.order.part_of(),
        "lines": lines.map(|line| json!({ "sku": line.sku, "quantity": line.quantity })).collect::<Vec<_>>(),
    })
}

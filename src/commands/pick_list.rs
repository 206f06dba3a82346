//! `pick-list`: make, list, show.

use super::Context;
use super::orders::{order_row, row_cells};
use super::report::{Report, table};
use crate::cli::{PickListCommand, PickListCreateArgs};
use crate::domain::ids::{OrderId, PickListId};
use crate::domain::rows::{OrderFilter, PickListRow};
use crate::domain::text::Clean;
use crate::error::{Exit, Failure, Outcome};
use serde_json::json;

/// Runs `pick-list`.
pub(super) fn run(command: &PickListCommand, context: &Context) -> Outcome<Report> {
    match command {
        PickListCommand::Create(arguments) => create(arguments, context),
        PickListCommand::List(arguments) => list(arguments.limit, context),
        PickListCommand::Show(arguments) => show(PickListId(arguments.number), arguments.limit, context),
    }
}

fn create(arguments: &PickListCreateArgs, context: &Context) -> Outcome<Report> {
    let named: Vec<OrderId> = arguments
        .orders
        .iter()
        .map(|text| context.order(text))
        .collect::<Outcome<_>>()?;
    let by = context.maybe_user()?.map(|user| user.id);
    let (name, limit, now) = (Clean::text(&arguments.name), arguments.limit, context.clock.now());
    let made = context.store.write_blocking(move |store| {
        let orders = if named.is_empty() {
            store.unlisted_orders(limit)?
        } else {
            named
        };
        if orders.is_empty() {
            return Ok(None);
        }
        let id = store.create_pick_list(&name, &orders, by, now)?;
        Ok(Some((id, orders.len())))
    })?;
    let Some((id, count)) = made else {
        return Err(Failure::refused("no order waits for a pick list")
            .hint("tapegun sync --once imports what is new, tapegun orders list shows what is there"));
    };
    Ok(Report::new(
        format!("pick list {id} with {count} orders; its barcode is TGL-{id}"),
        json!({ "pick_list": id, "orders": count }),
    ))
}

fn list(limit: usize, context: &Context) -> Outcome<Report> {
    let page = context
        .store
        .read_blocking(move |store| store.pick_lists(0, limit))?;
    let rows: Vec<Vec<String>> = page.rows.iter().map(cells).collect();
    Ok(Report::new(table(&rows), serde_json::to_value(&page)?))
}

fn cells(row: &PickListRow) -> Vec<String> {
    let badges: Vec<String> = row
        .badges
        .iter()
        .map(|(badge, count)| format!("{count} {badge}"))
        .collect();
    vec![
        row.id.to_string(),
        row.name.clone(),
        format!("{} open", row.open),
        format!("{} packed", row.packed),
        format!("{} shipped", row.shipped),
        if row.trouble > 0 {
            format!("{} TROUBLE", row.trouble)
        } else {
            String::new()
        },
        badges.join(", "),
    ]
}

fn show(id: PickListId, limit: usize, context: &Context) -> Outcome<Report> {
    let filter = OrderFilter {
        pick_list: Some(id),
        ..OrderFilter::default()
    };
    let page = context
        .store
        .read_blocking(move |store| store.orders(&filter, 0, limit))?;
    if page.total == 0 {
        return Err(
            Failure::new(Exit::Failed, format!("there is no pick list {id}")).hint("tapegun pick-list list")
        );
    }
    let rows: Vec<Vec<String>> = page.rows.iter().map(row_cells).collect();
    let orders: Vec<_> = page.rows.iter().map(order_row).collect();
    Ok(Report::new(
        table(&rows),
        json!({ "pick_list": id, "total": page.total, "orders": orders }),
    ))
}

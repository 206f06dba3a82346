//! `pick-list`: make, list, show, assign, take orders off, templates.

use super::Context;
use super::orders::{order_row, row_cells};
use super::report::{Report, table};
use crate::cli::{
    PickListAssignArgs, PickListCommand, PickListCreateArgs, PickListPrintArgs, PickListRemoveArgs,
    PickListTemplatesArgs,
};
use crate::domain::ids::{OrderId, PickListId};
use crate::domain::picking::{ListState, PickDraft, PickTemplate};
use crate::domain::rows::{OrderFilter, PickListRow};
use crate::domain::seller::DocumentFormat;
use crate::domain::text::Clean;
use crate::domain::user::Permission;
use crate::error::{Exit, Failure, Outcome};
use anyhow::Context as _;
use serde_json::json;
use std::io::Write as _;

/// Runs `pick-list`.
pub(super) fn run(command: &PickListCommand, context: &Context) -> Outcome<Report> {
    match command {
        PickListCommand::Create(arguments) => create(arguments, context),
        PickListCommand::List(arguments) => list(arguments.limit, context),
        PickListCommand::Show(arguments) => show(PickListId(arguments.number), arguments.limit, context),
        PickListCommand::Assign(arguments) => assign(arguments, context),
        PickListCommand::Remove(arguments) => remove(arguments, context),
        PickListCommand::Print(arguments) => print(arguments, context),
        PickListCommand::Templates(arguments) => templates(arguments, context),
    }
}

fn create(arguments: &PickListCreateArgs, context: &Context) -> Outcome<Report> {
    let named: Vec<OrderId> = arguments
        .orders
        .iter()
        .map(|text| context.order(text))
        .collect::<Outcome<_>>()?;
    if !named.is_empty() && (arguments.template.is_some() || arguments.filter.is_any()) {
        return Err(Failure::usage("orders are named, or found by a filter: not both"));
    }
    let by = Some(context.user()?.id);
    let (name, now) = (Clean::text(&arguments.name), context.clock.now());
    let made = if named.is_empty() {
        let draft = match &arguments.template {
            Some(template) => PickDraft::of(&saved(template, context)?.filter),
            None => PickDraft::default(),
        };
        let filter = arguments.filter.over(draft).read().map_err(Failure::usage)?;
        context
            .store
            .write_blocking(move |store| store.pick(&name, &filter, by, now))?
    } else {
        let count = named.len();
        let id = context
            .store
            .write_blocking(move |store| store.create_pick_list(&name, &named, by, now))?;
        Some((id, u32::try_from(count).unwrap_or(u32::MAX)))
    };
    let Some((id, count)) = made else {
        return Err(Failure::refused("no order that waits for a pick list matches")
            .hint("tapegun sync --once imports what is new, tapegun orders list shows what is there"));
    };
    Ok(Report::new(
        format!("pick list {id} with {count} orders; its barcode is TGL-{id}"),
        json!({ "pick_list": id, "orders": count }),
    ))
}

fn saved(name: &str, context: &Context) -> Outcome<PickTemplate> {
    let now = context.clock.now();
    let offer = context.store.read_blocking(move |store| store.pick_offer(now))?;
    let found = offer
        .templates
        .into_iter()
        .find(|(template, _)| template.name.eq_ignore_ascii_case(name.trim()));
    found.map(|(template, _)| template).ok_or_else(|| {
        Failure::usage(format!("there is no template {name:?}")).hint("tapegun pick-list templates")
    })
}

fn assign(arguments: &PickListAssignArgs, context: &Context) -> Outcome<Report> {
    let list = PickListId(arguments.number);
    let users = context.store.read_blocking(|store| store.users())?;
    let to = match &arguments.to {
        None => None,
        Some(name) => {
            let found = users
                .iter()
                .find(|user| user.name.eq_ignore_ascii_case(name.trim()));
            Some(found.cloned().ok_or_else(|| {
                Failure::usage(format!("nobody here is called {name:?}")).hint("tapegun users list")
            })?)
        }
    };
    let by = Some(context.user()?.id);
    let (id, now) = (to.as_ref().map(|user| user.id), context.clock.now());
    context
        .store
        .write_blocking(move |store| store.assign_pick_list(list, id, by, now))?;
    let words = match &to {
        Some(user) => format!("pick list {list} is {}'s", user.name),
        None => format!("pick list {list} is nobody's"),
    };
    Ok(Report::new(
        words,
        json!({ "pick_list": list, "assigned": to.map(|user| user.name) }),
    ))
}

fn remove(arguments: &PickListRemoveArgs, context: &Context) -> Outcome<Report> {
    let order = context.order(&arguments.order)?;
    let by = context.user()?.id;
    let (reason, now) = (Clean::text(&arguments.reason), context.clock.now());
    context
        .store
        .write_blocking(move |store| store.remove_from_pick_list(order, Some(by), &reason, now))?;
    let detail = context.detail(order)?;
    let (number, status) = (&detail.order.channel.number, detail.order.status);
    Ok(Report::new(
        format!("order {number} is off its pick list: {status}"),
        json!({ "order": number, "status": status.to_string() }),
    ))
}

fn templates(arguments: &PickListTemplatesArgs, context: &Context) -> Outcome<Report> {
    if arguments.save.is_some() || arguments.drop.is_some() {
        let user = context.user()?;
        context.permit(&user, Permission::PickLists)?;
    }
    if let Some(name) = &arguments.save {
        let template = PickTemplate {
            name: Clean::text(name),
            filter: arguments
                .filter
                .over(PickDraft::default())
                .read()
                .map_err(Failure::usage)?,
        };
        context
            .store
            .write_blocking(move |store| store.save_pick_template(&template))?;
    } else if arguments.filter.is_any() {
        return Err(Failure::usage("a filter is kept under a name: --save NAME"));
    }
    if let Some(name) = arguments.drop.clone() {
        context
            .store
            .write_blocking(move |store| store.drop_pick_template(&name))?;
    }
    let now = context.clock.now();
    let offer = context.store.read_blocking(move |store| store.pick_offer(now))?;
    let rows: Vec<Vec<String>> = offer
        .templates
        .iter()
        .map(|(template, count)| {
            vec![
                template.name.clone(),
                format!("{count} match"),
                template.filter.to_string(),
            ]
        })
        .collect();
    let all: Vec<_> = offer
        .templates
        .iter()
        .map(
            |(template, count)| json!({ "name": template.name, "filter": template.filter, "matches": count }),
        )
        .collect();
    Ok(Report::new(table(&rows), json!({ "templates": all })))
}

fn list(limit: usize, context: &Context) -> Outcome<Report> {
    let page = context
        .store
        .read_blocking(move |store| store.pick_lists(0, limit))?;
    let rows: Vec<Vec<String>> = page.rows.iter().map(cells).collect();
    let all: Vec<_> = page.rows.iter().map(value).collect::<Outcome<_>>()?;
    Ok(Report::new(
        table(&rows),
        json!({ "first": page.first, "rows": all, "total": page.total }),
    ))
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
        ListState::of(row).to_string(),
        row.assigned.clone().unwrap_or_default(),
        format!("{} open", row.open),
        format!("{} packed", row.packed),
        format!("{} shipped", row.shipped),
        match (row.trouble, row.stopped) {
            (0, _) => String::new(),
            (failed, 0) => format!("{failed} FAILED"),
            (failed, stopped) => format!("{failed} FAILED, {stopped} of them STOPPED"),
        },
        badges.join(", "),
    ]
}

/// The counts and the state that follows from them.
fn value(row: &PickListRow) -> Outcome<serde_json::Value> {
    let mut value = serde_json::to_value(row)?;
    value["state"] = serde_json::to_value(ListState::of(row))?;
    Ok(value)
}

fn show(id: PickListId, limit: usize, context: &Context) -> Outcome<Report> {
    let filter = OrderFilter {
        pick_list: Some(id),
        ..OrderFilter::default()
    };
    let (list, page) = context
        .store
        .read_blocking(move |store| Ok((store.pick_list(id)?, store.orders(&filter, 0, limit)?)))
        .map_err(|error| Failure::from(error).hint("tapegun pick-list list"))?;
    let rows: Vec<Vec<String>> = page.rows.iter().map(row_cells).collect();
    let orders: Vec<_> = page.rows.iter().map(order_row).collect();
    Ok(Report::new(
        format!("{}{}", table(&[cells(&list)]), table(&rows)),
        json!({ "pick_list": id, "list": value(&list)?, "total": page.total, "orders": orders }),
    ))
}

fn print(arguments: &PickListPrintArgs, context: &Context) -> Outcome<Report> {
    let list = PickListId(arguments.number);
    let sheet = context
        .store
        .read_blocking(move |store| store.pick_sheet(list))
        .map_err(|error| Failure::from(error).hint("tapegun pick-list list"))?;
    let json = json!({
        "pick_list": list, "units": sheet.units(), "products": sheet.items.len(), "totes": sheet.totes.len(),
        "left_out": sheet.left_out,
    });
    let Some(path) = &arguments.to else {
        let printer = context.printer().ok_or_else(|| {
            Failure::usage("this station has no printer")
                .hint("name one under [printer] in the configuration, or --to FILE writes it")
        })?;
        crate::print::pick_list(&printer, &format!("list-{list}"), &sheet)
            .map_err(|error| Failure::new(Exit::Failed, error.to_string()).while_doing("not printed"))?;
        return Ok(Report::new(format!("pick list {list} is printed"), json));
    };
    let is_pdf = path
        .extension()
        .is_some_and(|end| end.eq_ignore_ascii_case("pdf"));
    let format = if is_pdf {
        DocumentFormat::Pdf
    } else {
        DocumentFormat::Zpl
    };
    let document = crate::print::pick_list_document(format, &sheet)
        .map_err(|error| Failure::new(Exit::Failed, error.to_string()))?;
    let mut file = std::fs::OpenOptions::new()
        .write(true)
        .create_new(true)
        .open(path)
        .with_context(|| format!("{} cannot be made", path.display()))?;
    file.write_all(&document)
        .with_context(|| format!("{} is not whole", path.display()))?;
    Ok(Report::new(
        format!("{}: {} bytes", path.display(), document.len()),
        json,
    ))
}

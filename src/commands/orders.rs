//! `orders`: list, show, set-status.

use super::report::{Report, table};
use super::{Context, find, methods, own_orders, parcel, review, split, void};
use crate::cli::{OrdersCommand, OrdersListArgs, OrdersShowArgs, SetStatusArgs};
use crate::domain::customer::CustomerData;
use crate::domain::ids::{PickListId, StoreId};
use crate::domain::onto_box::{OntoBox, is_due};
use crate::domain::packing::{PackingSession, boxes};
use crate::domain::rate::method_name;
use crate::domain::refund;
use crate::domain::rows::{BoxRow, LabelRow, OrderDetail, OrderFilter, OrderRow};
use crate::domain::seller::LabelVia;
use crate::domain::status::OrderStatus;
use crate::domain::warehouse::{LevelSource, Promises};
use crate::error::{Failure, Outcome};
use chrono::{DateTime, Utc};
use serde_json::{Value, json};
use std::fmt::Write;

/// Runs `orders`.
pub(super) fn run(command: &OrdersCommand, context: &Context) -> Outcome<Report> {
    match command {
        OrdersCommand::List(arguments) => list(arguments, context),
        OrdersCommand::Find(arguments) => find::run(arguments, context),
        OrdersCommand::Show(arguments) => show(arguments, context),
        OrdersCommand::SetStatus(arguments) => set_status(arguments, context),
        OrdersCommand::Note(arguments) => review::note(arguments, context),
        OrdersCommand::Cancel(arguments) => review::cancel(arguments, context),
        OrdersCommand::Change(arguments) => review::change(arguments, context),
        OrdersCommand::Split(arguments) => split::split(arguments, context),
        OrdersCommand::Join(arguments) => split::join(arguments, context),
        OrdersCommand::Import(arguments) => own_orders::import(arguments, context),
        OrdersCommand::Add(arguments) => own_orders::add(arguments, context),
        OrdersCommand::Assign(arguments) => methods::assign(arguments, context),
        OrdersCommand::Shop(arguments) => methods::shop(&arguments.store, context),
    }
}

fn list(arguments: &OrdersListArgs, context: &Context) -> Outcome<Report> {
    let filter = OrderFilter {
        pick_list: arguments.pick_list.map(PickListId),
        status: arguments.status,
        store: arguments.store.clone().map(StoreId),
        text: arguments.text.clone(),
    };
    let (first, limit) = (arguments.first, arguments.limit);
    let page = context
        .store
        .read_blocking(move |store| store.orders(&filter, first, limit))?;
    let rows: Vec<Vec<String>> = page.rows.iter().map(row_cells).collect();
    let mut text = table(&rows);
    if page.first + page.rows.len() < page.total {
        let _ = writeln!(
            text,
            "… {} of {} orders; --first and --limit show others",
            page.rows.len(),
            page.total
        );
    }
    let orders: Vec<Value> = page.rows.iter().map(order_row).collect();
    Ok(Report::new(
        text,
        json!({ "first": page.first, "total": page.total, "orders": orders }),
    ))
}

/// An order's row for a script: status, badges and label as words.
pub(super) fn order_row(row: &OrderRow) -> Value {
    json!({
        "id": row.id,
        "number": row.number,
        "store": row.store,
        "status": row.status.to_string(),
        "badges": row.badges.iter().map(ToString::to_string).collect::<Vec<_>>(),
        "units": row.units,
        "lines": row.lines,
        "title": row.title,
        "ship_by": row.ship_by,
        "deliver_by": row.deliver_by,
        "label": row.label,
        "trouble": row.trouble,
        "pick_list": row.pick_list,
        "part": row.part,
        "packer": row.packer,
    })
}

/// An order's row for a person.
pub(super) fn row_cells(row: &OrderRow) -> Vec<String> {
    let badges: Vec<String> = row.badges.iter().map(ToString::to_string).collect();
    vec![
        match row.part {
            Some(part) => format!("{}/{}", row.number, part.place),
            None => row.number.to_string(),
        },
        match &row.packer {
            Some(name) => format!("{} ({name})", row.status),
            None => row.status.to_string(),
        },
        row.ship_by.map_or_else(String::new, |time| {
            format!("ship by {}", time.format("%b %-d %H:%M UTC"))
        }),
        if row.units == 1 {
            "1 unit".to_owned()
        } else {
            format!("{} units", row.units)
        },
        badges.join(" "),
        if row.trouble {
            format!("LOOK AT IT: {}", row.title)
        } else {
            row.title.clone()
        },
    ]
}

fn show(arguments: &OrdersShowArgs, context: &Context) -> Outcome<Report> {
    let id = context.order(&arguments.order)?;
    let detail = context.detail(id)?;
    let customer = if arguments.reveal {
        Some(reveal(&detail, context)?)
    } else {
        None
    };
    let now = context.clock.now();
    let promises = context.config.warehouse.promises(&detail.order.channel);
    let mut text = describe(&detail, &promises, now);
    let mut json = value(&detail);
    if crate::domain::prime::is_prime(&detail.order.channel) {
        let share = super::carriers::prime_share(context)?;
        let _ = writeln!(text, "{share}");
        json["prime"] = json!(share);
    }
    json["leave_by"] = json!(promises.leave_by);
    json["level"] = json!(promises.level.to_string());
    if customer.is_some() {
        let notes = review::notes(id, context)?;
        for note in &notes {
            let _ = writeln!(
                text,
                "note {} {}: {}",
                note.at.format("%Y-%m-%d %H:%M"),
                note.by,
                note.text.0
            );
        }
        json["notes"] = serde_json::to_value(&notes)?;
    }
    if let Some(customer) = customer {
        text += &describe_customer(&customer);
        json["customer"] = serde_json::to_value(&customer)?;
    }
    Ok(Report::new(text, json))
}

/// Opens the customer's data for a person who is named; the history says who looked.
pub(super) fn reveal(detail: &OrderDetail, context: &Context) -> Outcome<CustomerData> {
    let user = context.user()?;
    let id = detail.order.id;
    let vault = context.vault()?;
    let sealed = context.store.read_blocking(move |store| store.customer(id))?;
    let Some((key, sealed)) = sealed else {
        return Err(Failure::refused(if detail.order.erased {
            "the customer's data of this order is erased"
        } else {
            "Amazon has given no customer's data for this order yet"
        }));
    };
    let channel = &detail.order.channel;
    let customer = vault.open_customer(&key, &channel.store, &channel.number, &sealed)?;
    // Noted before it is shown: what cannot be noted is not revealed.
    let now = context.clock.now();
    context.store.write_blocking(move |store| {
        store.note_revealed(id, user.id, "customer's data shown on the command line", now)
    })?;
    Ok(customer)
}

/// What lies in a box, where the order has several.
fn contents(detail: &OrderDetail, one: &BoxRow) -> String {
    if detail.boxes.len() < 2 {
        return String::new();
    }
    let pieces = PackingSession::of_box(detail, one.id).pieces();
    if pieces.is_empty() {
        return ": empty".to_owned();
    }
    let each: Vec<String> = pieces
        .iter()
        .map(|(sku, count)| format!("{count} × {sku}"))
        .collect();
    format!(": {}", each.join(", "))
}

fn set_status(arguments: &SetStatusArgs, context: &Context) -> Outcome<Report> {
    let id = context.order(&arguments.order)?;
    if arguments.status == OrderStatus::ReadyToPick {
        let detail = context.detail(id)?;
        if detail.labels.iter().any(|label| label.state.is_live()) {
            return void::order(arguments, &detail, context);
        }
    }
    if arguments.status == OrderStatus::Canceled {
        return review::cancel_order(id, &arguments.order, &arguments.reason, context);
    }
    let by = Some(context.user()?.id);
    let (to, reason, now) = (arguments.status, arguments.reason.clone(), context.clock.now());
    context
        .store
        .write_blocking(move |store| store.set_status(id, to, by, &reason, now))?;
    Ok(Report::new(
        format!("order {} is {to}", arguments.order),
        json!({ "order": id, "status": to.to_string() }),
    ))
}

/// Everything about an order, in words. No customer data.
fn describe(detail: &OrderDetail, promises: &Promises, now: DateTime<Utc>) -> String {
    let order = &detail.order;
    let mut text = String::new();
    let badges: Vec<String> = detail.badges.iter().map(ToString::to_string).collect();
    let _ = writeln!(
        text,
        "{} (#{}) {} {}",
        order.title(),
        order.id,
        order.status,
        badges.join(" ")
    );
    for (name, time) in [
        ("leave by", promises.leave_by),
        ("ship by", promises.ship_by),
        ("deliver by", promises.deliver_by),
    ] {
        if let Some(time) = time {
            let _ = writeln!(text, "{name} {}", time.format("%Y-%m-%d %H:%M UTC"));
        }
    }
    let source = match promises.source {
        LevelSource::Channel => "",
        LevelSource::DeliverBy => " (from deliver-by)",
        LevelSource::Fallback => " (the channel says none)",
    };
    let _ = writeln!(text, "service level {}{source}", promises.level);
    let _ = writeln!(text, "method: {}", detail.method.words(&order.assigned));
    for flag in &order.flags {
        let _ = writeln!(text, "LOOK AT IT: {flag}");
    }
    for line in parcel::session(detail).progress() {
        let _ = write!(
            text,
            "  {} of {} packed  {}  {}",
            line.verified, line.wanted, line.sku, line.title
        );
        if line.codes_wanted > 0 {
            let _ = write!(text, "  ({} of {} codes)", line.codes, line.codes_wanted);
        }
        text.push('\n');
    }
    for one in &detail.boxes {
        let measure = |text: Option<String>| text.unwrap_or_else(|| "?".to_owned());
        let _ = writeln!(
            text,
            "box {}: {}, {}, {}{}",
            one.number,
            measure(one.weight.map(|weight| weight.to_string())),
            measure(one.dimensions.map(|size| size.to_string())),
            one.confirmation,
            contents(detail, one)
        );
    }
    if let Some((number, promise)) = boxes::slowest(detail)
        && let Some(latest) = promise.latest
    {
        let _ = writeln!(
            text,
            "the order is there with box {number}, its slowest: {latest}"
        );
    }
    for label in &detail.labels {
        let _ = writeln!(text, "label {}: {}", label.id, label_words(label));
        let expected = refund::expectation(label, now);
        if !expected.is_empty() {
            let _ = writeln!(text, "  refund of {}: {expected}", label.price);
        }
        for words in refund::both_paid(&detail.labels, label, now) {
            let _ = writeln!(text, "  {words}");
        }
        if let Some(told) = detail.confirmations.iter().find(|told| told.label == label.id) {
            let _ = writeln!(text, "  {}", told.words());
        }
    }
    for row in &detail.history {
        let by = row.by.as_deref().unwrap_or("tapegun");
        let _ = writeln!(
            text,
            "  {}  {by}: {}",
            row.at.format("%Y-%m-%d %H:%M:%S"),
            row.what
        );
    }
    text
}

/// A label in words.
pub(super) fn label_words(label: &LabelRow) -> String {
    let mut text = format!(
        "{} {}, {}",
        method_name(&label.carrier, &label.service),
        label.price,
        label.state
    );
    if label.via == LabelVia::Outside {
        text.push_str(" elsewhere");
    }
    match label.onto_box {
        OntoBox::Done { .. } => text.push_str(", on its box"),
        OntoBox::Due if is_due(label) => text.push_str(", not scanned onto its box yet"),
        OntoBox::Due | OntoBox::NotAsked => {}
    }
    if let Some(tracking) = &label.tracking {
        let _ = write!(text, ", tracking {tracking}");
    }
    if let Some(reason) = &label.reason {
        let _ = write!(text, ": {reason}");
    }
    text
}

/// Everything about an order for a script. No customer data.
pub(super) fn value(detail: &OrderDetail) -> Value {
    let order = &detail.order;
    let lines: Vec<Value> = parcel::session(detail)
        .progress()
        .iter()
        .map(|line| {
            json!({
                "line": line.line, "sku": line.sku, "title": line.title, "verified": line.verified,
                "wanted": line.wanted, "codes": line.codes, "codes_wanted": line.codes_wanted,
            })
        })
        .collect();
    json!({
        "id": order.id,
        "number": order.channel.number,
        "part": order.part_of(),
        "store": order.channel.store,
        "status": order.status.to_string(),
        "badges": detail.badges.iter().map(ToString::to_string).collect::<Vec<_>>(),
        "flags": order.flags.iter().map(ToString::to_string).collect::<Vec<_>>(),
        "ship_by": order.channel.ship_by,
        "deliver_by": order.channel.deliver_by,
        "assigned": order.assigned,
        "method": detail.method.words(&order.assigned),
        "assigned_by": detail.method.by,
        "pick_list": order.pick_list,
        "lines": lines,
        "complete": parcel::session(detail).complete().is_ok(),
        "boxes": detail.boxes,
        "labels": detail.labels,
        "confirmations": detail.confirmations,
        "history": detail.history,
    })
}

fn describe_customer(customer: &CustomerData) -> String {
    let mut text = String::new();
    let recipient = &customer.recipient;
    for part in [&recipient.name, &recipient.company]
        .into_iter()
        .chain(&recipient.lines)
        .chain([
            &recipient.city,
            &recipient.state,
            &recipient.postal_code,
            &recipient.country,
            &recipient.phone,
        ])
        .filter(|part| !part.is_empty())
    {
        let _ = writeln!(text, "  {part}");
    }
    text
}

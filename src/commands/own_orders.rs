//! `orders import` and `orders add`: orders that are not Amazon's, from a file or by hand.

use super::own_csv::{self, Drafted, OrdersCsvError};
use super::{Context, Report};
use crate::cli::{OrdersAddArgs, OrdersImportArgs};
use crate::domain::ids::StoreId;
use crate::domain::own_order::{ItemDraft, OrderDraft, OwnOrder, currency_of};
use crate::domain::seller::StoreProfile;
use crate::error::{Failure, Outcome};
use crate::store::ImportReport;
use crate::sync::{TakeInError, take_in};
use anyhow::Context as _;
use chrono_tz::Tz;
use serde_json::json;
use std::fmt::Write;

/// Runs `orders import`.
pub(super) fn import(arguments: &OrdersImportArgs, context: &Context) -> Outcome<Report> {
    let store = store(context, &arguments.store)?;
    let path = arguments.file.display();
    let refused = |error: OrdersCsvError| {
        Failure::refused(error.to_string())
            .while_doing(format!("{path} is not imported"))
            .hint("correct the line and import again; nothing was changed")
    };
    let text = std::fs::read_to_string(&arguments.file).with_context(|| format!("{path} cannot be read"))?;
    let mut orders = Vec::new();
    for Drafted { draft, lines } in own_csv::parse(&text).map_err(refused)? {
        let order = check(&draft, store, context).map_err(|fault| {
            let line = lines.get(fault.item.unwrap_or(0)).copied().unwrap_or(1);
            refused(OrdersCsvError::Field {
                line,
                column: fault.field,
                words: fault.words,
            })
        })?;
        orders.push(order);
    }
    taken_in(context, store, orders)
}

/// Runs `orders add`.
pub(super) fn add(arguments: &OrdersAddArgs, context: &Context) -> Outcome<Report> {
    let store = store(context, &arguments.store)?;
    let text = |value: &Option<String>| value.clone().unwrap_or_default();
    let flag = |set: bool| if set { "yes".to_owned() } else { String::new() };
    let draft = OrderDraft {
        number: arguments.number.clone(),
        name: arguments.name.clone(),
        company: text(&arguments.company),
        line1: arguments.line1.clone(),
        line2: text(&arguments.line2),
        line3: text(&arguments.line3),
        city: arguments.city.clone(),
        state: text(&arguments.state),
        postal_code: arguments.postal_code.clone(),
        country: arguments.country.clone(),
        phone: text(&arguments.phone),
        email: text(&arguments.email),
        po_number: text(&arguments.po_number),
        ship_by: text(&arguments.ship_by),
        deliver_by: text(&arguments.deliver_by),
        service_level: text(&arguments.service_level),
        business: flag(arguments.business),
        commercial: flag(arguments.commercial),
        items: arguments.items.iter().map(|item| item_of(item)).collect(),
    };
    let order = check(&draft, store, context).map_err(|fault| {
        Failure::refused(fault.to_string())
            .while_doing("the order is not taken in")
            .hint("tapegun orders add --help says what may stand where")
    })?;
    taken_in(context, store, vec![order])
}

/// `SKU,QUANTITY,UNIT PRICE,TITLE`; what is left out at the end is empty, the quantity one.
fn item_of(text: &str) -> ItemDraft {
    let mut parts = text.splitn(4, ',').map(|part| part.trim().to_owned());
    let mut next = || parts.next().unwrap_or_default();
    let (sku, quantity, unit_price, title) = (next(), next(), next(), next());
    ItemDraft {
        sku,
        title,
        quantity: if quantity.is_empty() {
            "1".to_owned()
        } else {
            quantity
        },
        unit_price,
    }
}

/// A configured store whose orders are placed elsewhere.
fn store<'a>(context: &'a Context, id: &str) -> Outcome<&'a StoreProfile> {
    let stores = &context.config.stores;
    let found = stores.iter().find(|store| store.id.as_str() == id);
    match found {
        Some(store) if store.kind.is_amazon() => Err(Failure::usage(format!(
            "store {id} is Amazon's: its orders come by themselves"
        ))
        .hint("name a store that has kind = \"elsewhere\" in the configuration")),
        Some(store) => Ok(store),
        None => Err(Failure::usage(format!("there is no store {id} in the configuration"))
            .hint("write [[stores]] with id, kind = \"elsewhere\" and ship_from: tapegun doctor --example shows one")),
    }
}

fn check(
    draft: &OrderDraft,
    store: &StoreProfile,
    context: &Context,
) -> Result<OwnOrder, crate::domain::own_order::DraftFault> {
    let zone: Tz = store.ship_from.zone.parse().unwrap_or(Tz::UTC);
    draft.check(
        &store.id,
        zone,
        currency_of(&store.ship_from.country),
        context.clock.now(),
    )
}

fn taken_in(context: &Context, store: &StoreProfile, orders: Vec<OwnOrder>) -> Outcome<Report> {
    let vault = context.vault()?;
    let (shop, now, read): (StoreId, _, _) = (store.id.clone(), context.clock.now(), orders.len());
    let taken: Result<ImportReport, TakeInError> = context
        .store
        .write_blocking(move |store| Ok(take_in(store, &vault, &shop, orders, now)))?;
    let report = match taken {
        Ok(report) => report,
        Err(TakeInError::Store(error)) => return Err(error.into()),
        Err(TakeInError::Vault(error)) => return Err(error.into()),
    };
    let (new, changed) = (report.new, report.changed);
    let same = u32::try_from(read)
        .unwrap_or(u32::MAX)
        .saturating_sub(new + changed);
    let mut text = format!("{new} new orders, {changed} changed, {same} as they were");
    for (order, flag) in &report.flagged {
        let _ = write!(text, "\nLOOK AT IT: #{order}: {flag}");
    }
    let flagged: Vec<_> = report
        .flagged
        .iter()
        .map(|(order, flag)| json!({ "order": order, "why": flag.to_string() }))
        .collect();
    let json = json!({ "new": new, "changed": changed, "unchanged": same, "flagged": flagged });
    Ok(Report::new(text, json))
}

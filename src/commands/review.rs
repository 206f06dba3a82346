//! `orders note`, `orders cancel`, `orders change`.

use super::Context;
use super::find::search;
use super::report::Report;
use crate::app::effect::ManyWish;
use crate::app::message::Done;
use crate::cli::{ChangeWord, OrdersCancelArgs, OrdersChangeArgs, OrdersNoteArgs};
use crate::domain::change::{self, MANY};
use crate::domain::ids::OrderId;
use crate::domain::market::seller_central_order;
use crate::domain::note::{Note, NoteText};
use crate::domain::order::Flag;
use crate::domain::status::OrderStatus;
use crate::domain::text::Clean;
use crate::domain::user::Permission;
use crate::error::{Failure, Outcome};
use crate::runtime::finder::Finder;
use crate::sync::{add_note, open_notes};
use serde_json::json;
use std::fmt::Write;

/// Writes a note.
pub(super) fn note(arguments: &OrdersNoteArgs, context: &Context) -> Outcome<Report> {
    let by = context.user()?.id;
    let id = context.order(&arguments.order)?;
    let text = NoteText(Clean::bounded(arguments.text.trim(), NoteText::LONGEST));
    if text.0.is_empty() {
        return Err(Failure::usage("the note is empty"));
    }
    let (vault, now) = (context.vault()?, context.clock.now());
    context
        .store
        .write_blocking(move |store| add_note(store, &vault, id, by, &text, now))?;
    Ok(Report::new(
        format!("noted on order {}", arguments.order),
        json!({ "order": id }),
    ))
}

/// An order's notes, opened for a person who is named.
pub(super) fn notes(id: OrderId, context: &Context) -> Outcome<Vec<Note>> {
    let by = context.user()?.id;
    let vault = context.vault()?;
    Ok(context
        .store
        .read_blocking(move |store| open_notes(store, &vault, id, by))?)
}

/// Cancels an order.
pub(super) fn cancel(arguments: &OrdersCancelArgs, context: &Context) -> Outcome<Report> {
    let id = context.order(&arguments.order)?;
    cancel_order(id, &arguments.order, &arguments.reason, context)
}

/// Cancels an order for good, by who may.
pub(super) fn cancel_order(id: OrderId, name: &str, reason: &str, context: &Context) -> Outcome<Report> {
    let user = context.user()?;
    context.permit(&user, Permission::Cancel)?;
    if reason.trim().is_empty() {
        return Err(Failure::usage("say why: --reason WHY"));
    }
    let (why, now) = (reason.to_owned(), context.clock.now());
    context
        .store
        .write_blocking(move |store| store.set_status(id, OrderStatus::Canceled, Some(user.id), &why, now))?;
    let detail = context.detail(id)?;
    let channel = &detail.order.channel;
    let mut text = format!("order {name} is Canceled");
    let mut link = None;
    if detail.order.flags.contains(&Flag::StoreNotNotified) {
        let stores = context.config.stores.iter();
        let marketplace = stores
            .filter(|profile| profile.id == channel.store)
            .map(|profile| profile.marketplace.as_str())
            .next()
            .unwrap_or_default();
        let page = seller_central_order(marketplace, channel.number.as_str());
        let _ = write!(
            text,
            "; STORE NOT NOTIFIED: cancel it in Seller Central too: {page}"
        );
        link = Some(page);
    }
    Ok(Report::new(
        text,
        json!({ "order": id, "status": "Canceled", "store_notified": link.is_none(), "seller_central": link }),
    ))
}

/// Holds or releases every order that a search finds.
pub(super) fn change(arguments: &OrdersChangeArgs, context: &Context) -> Outcome<Report> {
    let user = context.user()?;
    context.permit(&user, Permission::ChangeMany)?;
    let to = match arguments.change {
        ChangeWord::Hold => OrderStatus::OnHold,
        ChangeWord::Release => OrderStatus::ReadyToPick,
    };
    let search = search(&arguments.words, context)?;
    let finder = Finder::new(context.store.clone(), None);
    let found = finder.find(&search, None, 0, usize::MAX)?.page;
    let count = found.total;
    let mut all = found.rows.iter();
    let (mut changed, mut refused, mut first) = (0, 0, None);
    if arguments.dry_run {
        for row in &mut all {
            match change::may(row, to) {
                Ok(()) => changed += 1,
                Err(words) => {
                    refused += 1;
                    first = first.or(Some((row.number.to_string(), words)));
                }
            }
        }
    } else {
        if count > MANY && arguments.count != Some(count) {
            return Err(Failure::refused(format!(
                "{count} orders are found: above {MANY} the number is to be confirmed"
            ))
            .hint(format!("look at --dry-run, then add --count {count}")));
        }
        let wish = ManyWish {
            search,
            names: false,
            to,
            count,
            by: user.id,
            reason: arguments.reason.clone(),
        };
        if let Done::Many {
            changed: done,
            refused: not,
            first: why,
        } = finder.change(&wish, context.clock.now())?
        {
            (changed, refused, first) = (done, not, why);
        }
    }
    let verb = if arguments.dry_run { "would be" } else { "are now" };
    let mut text = format!("{changed} orders {verb} {to}, {refused} stay as they are");
    if let Some((number, words)) = &first {
        let _ = write!(text, "; the first of those, {number}: {words}");
    }
    let first = first.map(|(number, words)| json!({ "number": number, "why": words }));
    Ok(Report::new(
        text,
        json!({ "to": to.to_string(), "found": count, "changed": changed, "refused": refused, "first_refused": first }),
    ))
}

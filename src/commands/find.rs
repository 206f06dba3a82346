//! `orders find`: the screen's search, for scripts.

use super::Context;
use super::orders::{order_row, row_cells};
use super::report::{Report, table};
use super::screens::zone;
use crate::cli::OrdersFindArgs;
use crate::domain::finding::Search;
use crate::error::{Failure, Outcome};
use crate::runtime::finder::Finder;
use serde_json::{Value, json};
use std::fmt::Write;

/// Words and filters, understood.
pub(super) fn search(words: &[String], context: &Context) -> Outcome<Search> {
    let zone = zone(&context.config.stores)?;
    Search::parse(&words.join(" "), context.clock.now(), zone)
        .map_err(|fault| Failure::usage(fault.to_string()))
}

/// Runs it.
pub(super) fn run(arguments: &OrdersFindArgs, context: &Context) -> Outcome<Report> {
    let search = search(&arguments.words, context)?;
    let by = if arguments.names {
        Some(context.user()?.id)
    } else {
        None
    };
    let vault = by.map(|_| context.vault()).transpose()?;
    let finder = Finder::new(context.store.clone(), vault);
    let (first, limit) = (arguments.first, arguments.limit);
    let mut found = finder.find(&search, by, first, limit)?;
    if let Some(by) = by {
        finder.open_names(by);
        found = finder.find(&search, Some(by), first, limit)?;
    }
    let page = found.page;
    let rows: Vec<Vec<String>> = page.rows.iter().map(row_cells).collect();
    let mut text = table(&rows);
    let _ = writeln!(text, "{} of {} orders", page.total, found.orders);
    if page.first + page.rows.len() < page.total {
        let _ = writeln!(
            text,
            "… {} shown; --first and --limit show others",
            page.rows.len()
        );
    }
    let orders: Vec<Value> = page.rows.iter().map(order_row).collect();
    Ok(Report::new(
        text,
        json!({ "first": page.first, "total": page.total, "orders": orders }),
    ))
}

//! `erase`: erases customers whose 30 days are over, now instead of at the leader's next daily run.

use super::Context;
use super::report::{Report, table};
use crate::cli::EraseArgs;
use crate::error::{Exit, Outcome};
use crate::store::StoreError;
use crate::sync::{EraseIn, erase_due, erased_words};
use serde_json::json;
use std::fmt::Write as _;

/// Runs `erase`.
pub(super) fn run(arguments: &EraseArgs, context: &Context) -> Outcome<Report> {
    if arguments.dry_run {
        return due(context);
    }
    if let Some(words) = context.store.view_only() {
        return Err(StoreError::ReadOnly(words.to_owned()).into());
    }
    let by = context.maybe_user()?.map(|user| user.id);
    let place = EraseIn {
        database: context.config.database(),
        sheets: context.config.sheets(),
    };
    let runtime = crate::runtime::tokio_runtime(true)?;
    let run = runtime.block_on(erase_due(&context.store, &place, by, context.clock.as_ref()))?;
    let mut text = match run.erased {
        0 => "nothing is due".to_owned(),
        erased => erased_words(erased),
    };
    for words in &run.left {
        let _ = write!(text, "\nLOOK AT IT: {words}");
    }
    let exit = if run.left.is_empty() {
        Exit::Done
    } else {
        Exit::Failed
    };
    Ok(Report::new(text, serde_json::to_value(&run)?).ending(exit))
}

fn due(context: &Context) -> Outcome<Report> {
    let now = context.clock.now();
    let due = context
        .store
        .read_blocking(move |store| store.due_for_erasure(now, usize::MAX))?;
    let mut rows = vec![vec![
        "ORDER".to_owned(),
        "STORE".to_owned(),
        "DUE SINCE (UTC)".to_owned(),
    ]];
    rows.extend(due.iter().map(|order| {
        vec![
            order.number.to_string(),
            order.store.to_string(),
            order.since.format("%Y-%m-%d %H:%M").to_string(),
        ]
    }));
    let text = if due.is_empty() {
        "nothing is due".to_owned()
    } else {
        table(&rows)
    };
    Ok(Report::new(text, json!({ "due": due })))
}

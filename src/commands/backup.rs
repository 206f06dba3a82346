//! `backup`: a consistent copy of the database while packing goes on.

use super::Context;
use super::report::Report;
use crate::cli::BackupArgs;
use crate::error::Outcome;
use crate::store::sqlite;
use serde_json::json;

/// Runs `backup`.
pub(super) fn run(arguments: &BackupArgs, context: &Context) -> Outcome<Report> {
    let database = context.config.database();
    let made = sqlite::back_up(&database, &arguments.to, context.clock.now())?;
    let text = format!(
        "{}: {} orders, {} rows of labels' history, {} KiB; checked\nits keys: {}\nkeep both together, and the \
         station's own key file elsewhere: {}",
        made.file.display(),
        made.orders,
        made.history,
        made.bytes / 1024,
        made.keys.display(),
        context.config.places.keys.display(),
    );
    let json = json!({
        "file": made.file,
        "keys": made.keys,
        "bytes": made.bytes,
        "orders": made.orders,
        "history": made.history,
    });
    Ok(Report::new(text, json))
}

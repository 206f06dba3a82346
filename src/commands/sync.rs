//! `sync`: asks Amazon for what is new and carries out what waits.

use super::Context;
use super::carry::Carrier;
use super::report::Report;
use crate::cli::SyncArgs;
use crate::error::{Exit, Failure, Outcome};
use serde_json::json;
use std::fmt::Write;

/// Runs `sync --once`.
pub(super) fn run(arguments: &SyncArgs, context: &Context) -> Outcome<Report> {
    if !arguments.once {
        return Err(Failure::usage(
            "only single passes are made here: the screens sync by themselves while they are open",
        )
        .hint("tapegun sync --once"));
    }
    let mut carrier = Carrier::new(context)?;
    let report = carrier.once();
    carrier.end();
    let report = report?;
    let imported = &report.imported;
    let mut text = format!(
        "{} new orders, {} changed, {} to look at",
        imported.new,
        imported.changed,
        imported.flagged.len()
    );
    for words in &report.settled {
        let _ = write!(text, "\n{words}");
    }
    for waiting in &report.waiting {
        let order = waiting
            .number
            .as_ref()
            .map_or_else(String::new, |number| format!("{number}: "));
        let _ = write!(text, "\nwaits: {order}{}", waiting.why);
    }
    for words in &report.trouble {
        let _ = write!(text, "\nLOOK AT IT: {words}");
    }
    let exit = if report.another_leads {
        "another tapegun on this machine leads: it does the work".clone_into(&mut text);
        Exit::Waiting
    } else if report.waiting.is_empty() && report.trouble.is_empty() {
        Exit::Done
    } else {
        Exit::Waiting
    };
    let json = json!({
        "another_leads": report.another_leads,
        "new": imported.new,
        "changed": imported.changed,
        "flagged": imported.flagged.iter().map(|(order, flag)| json!({ "order": order, "flag": flag })).collect::<Vec<_>>(),
        "settled": report.settled,
        "waiting": report.waiting,
        "trouble": report.trouble,
    });
    Ok(Report::new(text, json).ending(exit))
}

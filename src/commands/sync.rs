//! `sync`: asks Amazon for what is new and carries out what waits.

use super::Context;
use super::carry::Carrier;
use super::report::Report;
use crate::cli::SyncArgs;
use crate::error::{Exit, Outcome};
use crate::store::ImportReport;
use crate::sync::PassReport;
use serde_json::json;
use std::fmt::Write as _;
use std::io::Write;

/// Runs `sync`: on and on, until it is told to end. One line, or with `--json` one value, for each thing that happens.
pub(super) fn run_on(arguments: &SyncArgs, context: &Context, out: &mut dyn Write) -> Outcome<Exit> {
    let carrier = Carrier::new(context)?;
    let mut log = Log {
        json: arguments.output.json,
        out,
        another_leads: None,
        trouble: Vec::new(),
    };
    carrier.until_told_to_end(|report| log.say(report))?;
    Ok(Exit::Done)
}

/// What a sync that runs on says. Nothing is said twice in a row.
struct Log<'a> {
    json: bool,
    out: &'a mut dyn Write,
    another_leads: Option<bool>,
    trouble: Vec<String>,
}

impl Log<'_> {
    fn say(&mut self, report: PassReport) {
        if self.another_leads != Some(report.another_leads) {
            self.another_leads = Some(report.another_leads);
            let words = if report.another_leads {
                "another tapegun on this machine leads: this one takes over when it ends"
            } else {
                "this tapegun leads: it asks Amazon"
            };
            self.line("leads", words);
        }
        let imported = &report.imported;
        if imported.new + imported.changed > 0 {
            self.line("imported", &imported_words(imported));
        }
        for (order, flag) in &imported.flagged {
            self.line("flagged", &format!("{order}: {flag}"));
        }
        for words in &report.settled {
            self.line("settled", words);
        }
        for words in &report.trouble {
            if !self.trouble.contains(words) {
                self.line("trouble", &format!("LOOK AT IT: {words}"));
            }
        }
        self.trouble = report.trouble;
    }

    fn line(&mut self, what: &str, words: &str) {
        let written = if self.json {
            writeln!(self.out, "{}", json!({ what: words }))
        } else {
            writeln!(self.out, "{words}")
        };
        // Whether anybody reads it or not: the work matters more than its words.
        if let Err(error) = written.and_then(|()| self.out.flush()) {
            tracing::debug!(%error, "a line could not be said");
        }
    }
}

fn imported_words(imported: &ImportReport) -> String {
    format!(
        "{} new orders, {} changed, {} to look at",
        imported.new,
        imported.changed,
        imported.flagged.len()
    )
}

/// Runs `sync --once`.
pub(super) fn run(context: &Context) -> Outcome<Report> {
    let mut carrier = Carrier::new(context)?;
    let report = carrier.once();
    carrier.end();
    let report = report?;
    let imported = &report.imported;
    let mut text = imported_words(imported);
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

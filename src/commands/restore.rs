//! `restore`: puts a back-up, or another copy, in the database's place.

use super::context::{self, Context};
use super::report::Report;
use crate::cli::{Common, RestoreArgs};
use crate::error::Outcome;
use crate::store::sqlite::Restoring;
use crate::vault::Vault;
use serde_json::json;
use std::fmt::Write as _;

/// Runs `restore`. Nothing is changed before the copy is checked and the station's keys are known to open it.
pub(super) fn run(arguments: &RestoreArgs, common: &Common) -> Outcome<Report> {
    let config = context::load(common)?;
    let clock = context::clock(common, &config)?;
    context::make_folder(&config.data)?;
    let database = config.database();
    let restoring = Restoring::begin(&arguments.file, &database)?;
    let keys = context::key_source(&config);
    if restoring.key_check().is_some() || !restoring.is_empty() {
        Vault::open_or_create(&keys, restoring.key_check(), false)?;
    }
    let made_at = restoring.made_at();
    let aside = restoring.finish(clock.now())?;
    // Opening marks it: it has forgotten what was bought since.
    let opened = Context::open(common)?;
    let restored = opened.store.read_blocking(|store| store.restored())?;
    let mut text = match made_at {
        Some(made_at) => format!(
            "{} of {} is in its place",
            arguments.file.display(),
            made_at.format("%Y-%m-%d %H:%M UTC")
        ),
        None => format!("{} is in its place", arguments.file.display()),
    };
    if let Some(aside) = &aside {
        let _ = write!(
            text,
            "\nthe database that was here is kept as {}",
            aside.display()
        );
    }
    match &restored {
        Some(restored) => {
            let _ = write!(
                text,
                "\nnothing is bought before {} orders are compared with Amazon: open the screens, or tapegun sync \
                 --once until it says so",
                restored.total
            );
        }
        None => text += "\nno label was bought since it was copied: buying goes on",
    }
    let json = json!({
        "restored": arguments.file,
        "made_at": made_at,
        "kept": aside,
        "to_compare": restored.map(|restored| restored.total),
    });
    Ok(Report::new(text, json))
}

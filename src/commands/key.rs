//! `key`: which keys the station has, and their rotation. A rotation that is cut anywhere loses nothing: the new key is
//! in the file before anything is wrapped by it, and the old one goes last. Done again, it goes on where it ended.

use super::context::{self, Context};
use super::report::Report;
use crate::cli::{Common, KeyCommand, KeyNewArgs, KeyRotateArgs};
use crate::domain::ids::UserId;
use crate::domain::user::Permission;
use crate::error::{Exit, Failure, Outcome};
use crate::store::{backups, sqlite};
use crate::sync;
use crate::vault::{KeySource, StationKeys, Vault};
use serde_json::json;
use std::fmt::Write as _;
use std::path::Path;
use std::time::Duration;

/// Data keys that are put under another key in one transaction.
const PIECE: usize = 100;
/// How often the database's log is tried, and when again: a reader that is in the way is gone by then.
const TRIES: u32 = 15;
const READER: Duration = Duration::from_millis(200);

/// Runs `key`.
pub(super) fn run(command: &KeyCommand, common: &Common) -> Outcome<Report> {
    match command {
        KeyCommand::New(arguments) => new(arguments),
        KeyCommand::Status(_) => status(&Context::open(common)?),
        KeyCommand::Rotate(arguments) => rotate(arguments, &Context::open(common)?),
    }
}

fn new(arguments: &KeyNewArgs) -> Outcome<Report> {
    StationKeys::generate()?.save(&arguments.to)?;
    Ok(Report::new(
        format!(
            "{}: new keys, mode 0600; put them where the station finds them, keep a copy in a safe place, then delete \
             this file",
            arguments.to.display()
        ),
        json!({ "file": arguments.to }),
    ))
}

fn status(context: &Context) -> Outcome<Report> {
    let source = context::key_source(&context.config);
    let vault = context.vault()?;
    let check = vault.key_check();
    let stale = context
        .store
        .read_blocking(move |store| store.stale_keys(&check, usize::MAX))?
        .len();
    let keys = source.load()?.all();
    let mut text = format!("keys: {source}");
    for (place, key) in keys.iter().enumerate() {
        let word = match (key.retired, place + 1 == keys.len()) {
            (true, _) => "retired: it opens nothing any more",
            (false, true) => "in use",
            (false, false) => "old: it only opens",
        };
        let _ = write!(text, "\n{} version {}: {word}", key.id, key.version);
    }
    if stale > 0 {
        let _ = write!(
            text,
            "\n{stale} orders are under an old key: tapegun key rotate goes on with it"
        );
    }
    let each: Vec<_> = keys
        .iter()
        .map(|key| json!({ "id": key.id.to_string(), "version": key.version, "retired": key.retired }))
        .collect();
    let json = json!({ "source": source.to_string(), "keys": each, "under_an_old_key": stale });
    Ok(Report::new(text, json))
}

/// Whether a rotation waits for its end: an old key still opens something.
pub(super) fn unfinished(context: &Context, vault: &Vault) -> Outcome<bool> {
    let held = context::key_source(&context.config).load()?.all();
    let check = vault.key_check();
    let stale = context
        .store
        .read_blocking(move |store| store.stale_keys(&check, 1))?;
    Ok(!stale.is_empty() || held.iter().filter(|key| !key.retired).count() > 1)
}

/// What a rotation did.
#[derive(Default)]
struct Rotated {
    orders: usize,
    backups: usize,
    /// What could not be reached, in words.
    left: Vec<String>,
    retired: usize,
}

fn rotate(arguments: &KeyRotateArgs, context: &Context) -> Outcome<Report> {
    let user = context.user()?;
    context.permit(&user, Permission::Keys)?;
    let source = context::key_source(&context.config);
    let database = context.config.database();
    // No back-up takes keys along while they change, and nobody else rotates.
    let _lock = backups::lock(&database, true).map_err(|error| {
        Failure::new(
            Exit::Waiting,
            format!("another tapegun rotates or makes a back-up: {error}"),
        )
        .hint("wait until it is done, then rotate again")
    })?;
    let waiting = sync::emergency_file(&database);
    if waiting.exists() {
        return Err(Failure::new(
            Exit::Waiting,
            format!(
                "{} holds a bought label that is not stored yet",
                waiting.display()
            ),
        )
        .while_doing("the keys are not rotated: the old one still opens it")
        .hint("free the disk, let tapegun sync --once store it, then rotate"));
    }
    let before = context.vault()?;
    let check = before.key_check();
    let begun = !context
        .store
        .read_blocking(move |store| store.stale_keys(&check, 1))?
        .is_empty();
    if let Some(to) = &arguments.to {
        return hand_over(&source, to);
    }
    let mut keys = source.load()?;
    let waits = keys.all().iter().filter(|key| !key.retired).count() > 1;
    match source.own_file() {
        // Cut before its end, or held up by a back-up that was out of reach: that one is finished first.
        _ if begun => {}
        Some(path) => {
            if !(waits && arguments.forget) {
                keys.rotate()?;
                keys.replace(path)?;
            }
        }
        None if waits => {}
        None => {
            return Err(Failure::refused(format!(
                "the station's keys come from {source}, which tapegun does not write"
            ))
            .hint("tapegun key rotate --to FILE makes the new file; put it there, then rotate again"));
        }
    }
    // Opened anew: from here on new orders are under the new key, in every process.
    let vault = context.vault()?;
    let mut done = Rotated {
        orders: rewrap_orders(context, &vault, user.id)?,
        ..Rotated::default()
    };
    if !empty_log(context)? {
        done.left
            .push("the database's log could not be emptied: another program reads it".to_owned());
    }
    rewrap_copies(&database, &vault, &mut done);
    if done.left.is_empty() || arguments.forget {
        retire(&source, &mut done)?;
    }
    Ok(report(&source, &done))
}

/// The file with the new key, for whoever keeps the keys.
fn hand_over(source: &KeySource, to: &Path) -> Outcome<Report> {
    let mut keys = source.load()?;
    keys.rotate()?;
    keys.save(to)?;
    Ok(Report::new(
        format!(
            "{}: the old keys and a new one, mode 0600; put its text where {source} finds it, then tapegun key rotate, \
             then delete this file",
            to.display()
        ),
        json!({ "file": to }),
    ))
}

fn rewrap_orders(context: &Context, vault: &Vault, by: UserId) -> Outcome<usize> {
    let mut orders = 0;
    loop {
        let check = vault.key_check();
        let stale = context
            .store
            .read_blocking(move |store| store.stale_keys(&check, PIECE))?;
        if stale.is_empty() {
            break;
        }
        orders += stale.len();
        let mut fresh = Vec::with_capacity(stale.len());
        for key in &stale {
            fresh.extend(vault.rewrap(key)?);
        }
        context
            .store
            .write_blocking(move |store| store.put_rewrapped(&fresh, by))?;
    }
    Ok(orders)
}

/// What the old key wrapped stands in the database's log, too. False: another program reads it all the time.
fn empty_log(context: &Context) -> Outcome<bool> {
    for _ in 0..TRIES {
        if context.store.write_blocking(|store| store.empty_log())? {
            return Ok(true);
        }
        std::thread::sleep(READER);
    }
    Ok(false)
}

/// The files of keys beside the back-ups, and databases that a restore put aside.
fn rewrap_copies(database: &Path, vault: &Vault, done: &mut Rotated) {
    let rewrap = |key: &_| vault.rewrap(key).map_err(|error| error.to_string());
    let (backups, left) = backups::rewrap(database, &rewrap);
    done.backups = backups;
    done.left.extend(left);
    done.left
        .extend(sqlite::rewrap_aside(database, &vault.key_check(), &rewrap));
}

fn retire(source: &KeySource, done: &mut Rotated) -> Outcome<()> {
    let mut keys = source.load()?;
    let old = keys
        .all()
        .iter()
        .filter(|key| !key.retired)
        .count()
        .saturating_sub(1);
    match source.own_file() {
        Some(path) if old > 0 => {
            done.retired = keys.retire_old();
            keys.replace(path)?;
        }
        None if old > 0 => done.left.push(format!(
            "the old key is still in {source}: nothing needs it any more, take its line out there"
        )),
        _ => {}
    }
    Ok(())
}

fn report(source: &KeySource, done: &Rotated) -> Report {
    let mut text = format!(
        "{} orders and {} back-ups are under the new key of {source}",
        done.orders, done.backups
    );
    if done.retired > 0 {
        text += "\nthe old key is forgotten: keep a copy of the new file in a safe place, delete copies of the old one";
    }
    for words in &done.left {
        let _ = write!(text, "\nLOOK AT IT: {words}");
    }
    if !done.left.is_empty() && done.retired == 0 {
        text +=
            "\nthe old key stays until that is made up for: tapegun key rotate (with --forget: without it)";
    }
    let json = json!({
        "orders": done.orders, "backups": done.backups, "retired": done.retired, "left": done.left,
    });
    Report::new(text, json)
}

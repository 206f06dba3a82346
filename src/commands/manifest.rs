//! `manifest`: the day's end from a script, through the same store as the screen. A check-out is durable before its
//! verdict is written.

use super::Context;
use super::collection_form;
use super::pack::read_line;
use super::report::{Report, table};
use super::sheet::{format_of, write};
use crate::cli::manifest::{
    DayEndCommand, ManifestCommand, ManifestExportArgs, ManifestLeaveArgs, ManifestListArgs,
    ManifestNeverMovedArgs, ManifestOpenArgs, ManifestPrintArgs, ManifestReopenArgs, ManifestScanArgs,
};
use crate::domain::csv::{Cell, MARK, head, row};
use crate::domain::ids::{ManifestId, ScanId, StoreId};
use crate::domain::manifest::{
    CarrierDue, Fate, Manifest, ManifestDetail, Parcel, day_began, never_moved, paper, readings,
};
use crate::domain::rate::method_name;
use crate::domain::refund;
use crate::error::{Exit, Failure, Outcome};
use crate::print;
use crate::store::{CheckOut, OpenManifest, PaperOf, StoreError};
use chrono::{DateTime, Utc};
use chrono_tz::Tz;
use serde_json::{Value, json};
use std::fmt::Write as _;
use std::io::{BufRead, Write};
use uuid::Uuid;

/// Runs the subcommands of the day's end.
pub(super) fn run(
    command: &DayEndCommand,
    context: &Context,
    input: &mut dyn BufRead,
    out: &mut dyn Write,
) -> Outcome<Exit> {
    let report = match command {
        DayEndCommand::CollectionForm(command) => collection_form::run(command, context)?,
        DayEndCommand::Manifest(command) => match command {
            ManifestCommand::Scan(arguments) => return scan(arguments, context, input, out),
            ManifestCommand::Due(_) => due(context)?,
            ManifestCommand::Open(arguments) => open(arguments, context)?,
            ManifestCommand::Leave(arguments) => leave(arguments, context)?,
            ManifestCommand::Close(arguments) => close(ManifestId(arguments.manifest), context)?,
            ManifestCommand::Reopen(arguments) => reopen(arguments, context)?,
            ManifestCommand::List(arguments) => list(arguments, context)?,
            ManifestCommand::Show(arguments) => show(ManifestId(arguments.manifest), context)?,
            ManifestCommand::Print(arguments) => print_it(arguments, context)?,
            ManifestCommand::Export(arguments) => export(arguments, context)?,
            ManifestCommand::NeverMoved(arguments) => moved(arguments, context)?,
        },
    };
    report.write(command.output(), out)?;
    Ok(report.exit)
}

/// Where the bench stands, as the screens know it.
pub(super) fn zone(context: &Context) -> Outcome<Tz> {
    super::screens::zone(&context.config.stores)
}

/// When the bench's day began.
fn since(context: &Context) -> Outcome<DateTime<Utc>> {
    Ok(day_began(context.clock.now(), zone(context)?))
}

fn detail(id: ManifestId, context: &Context) -> Outcome<ManifestDetail> {
    let since = since(context)?;
    Ok(context
        .store
        .read_blocking(move |store| store.manifest(id, since))?)
}

fn due(context: &Context) -> Outcome<Report> {
    let since = since(context)?;
    let carriers = context.store.read_blocking(move |store| store.day_end(since))?;
    let mut rows = Vec::new();
    for due in &carriers {
        let stores: Vec<String> = due
            .stores
            .iter()
            .map(|(store, count)| format!("{store} {count}"))
            .collect();
        rows.push(vec![
            due.carrier.clone(),
            format!("{} to go", due.missing()),
            stores.join(", "),
            due.ship_by.map_or_else(String::new, |by| {
                format!("ship by {}", by.format("%Y-%m-%d %H:%M"))
            }),
            open_words(due),
        ]);
    }
    let mut text = table(&rows);
    if carriers.is_empty() {
        text.push_str("nothing must go\n");
    }
    Ok(Report::new(text, json!({ "carriers": carriers })))
}

fn open_words(due: &CarrierDue) -> String {
    let each: Vec<String> = due
        .open
        .iter()
        .map(|manifest| {
            format!(
                "manifest {}: {} out, {} missing",
                manifest.id, manifest.out, manifest.missing
            )
        })
        .collect();
    each.join("; ")
}

fn open(arguments: &ManifestOpenArgs, context: &Context) -> Outcome<Report> {
    let user = context.user()?;
    if let Some(store) = &arguments.store
        && !context
            .config
            .stores
            .iter()
            .any(|known| known.id.as_str() == store)
    {
        return Err(Failure::usage(format!(
            "there is no store {store} in the configuration"
        )));
    }
    let wish = OpenManifest {
        carrier: arguments.carrier.clone(),
        store: arguments.store.as_deref().map(StoreId::from),
        by: user.id,
    };
    let now = context.clock.now();
    let opened = context
        .store
        .write_blocking(move |store| store.open_manifest(&wish, now))?;
    let shown = detail(opened.id, context)?;
    Ok(Report::new(
        format!(
            "manifest {} of {} is open: {} parcels must go",
            opened.id,
            opened.heading(),
            shown.manifest.missing
        ),
        json!({ "manifest": shown.manifest }),
    ))
}

/// Checks parcels out, one after the other. Refused where any of them was.
fn scan(
    arguments: &ManifestScanArgs,
    context: &Context,
    input: &mut dyn BufRead,
    out: &mut dyn Write,
) -> Outcome<Exit> {
    let user = context.user()?;
    let manifest = detail(ManifestId(arguments.manifest), context)?.manifest.id;
    let mut given = arguments.codes.iter().cloned();
    let (mut number, mut refused) = (0_u64, 0_u64);
    loop {
        let line = if arguments.codes.is_empty() {
            read_line(input)?
        } else {
            given.next()
        };
        let Some(code) = line else { break };
        if code.trim().is_empty() {
            continue;
        }
        number += 1;
        let scan = CheckOut {
            scan: ScanId(Uuid::now_v7()),
            manifest,
            code: code.clone(),
            by: user.id,
        };
        let now = context.clock.now();
        let done = context
            .store
            .write_blocking(move |store| store.check_out(&scan, now));
        let said = match done {
            Ok(parcel) => Ok(parcel),
            Err(StoreError::Refused(why)) => Err(why.to_string()),
            Err(error) => return Err(error.into()),
        };
        if said.is_err() {
            refused += 1;
            // Form and reason, never the code.
            context.store.write_blocking(move |store| {
                store.note_refused_scan(None, Some(user.id), "refused at the door", now)
            })?;
        }
        say(arguments, out, number, &code, said)?;
    }
    if !arguments.output.json {
        let shown = detail(manifest, context)?.manifest;
        writeln!(
            out,
            "manifest {manifest}: {} out, {} missing, {refused} scans refused",
            shown.out, shown.missing
        )?;
    }
    out.flush()?;
    Ok(if refused == 0 { Exit::Done } else { Exit::Refused })
}

/// Flushed at once: whoever scans waits for it.
fn say(
    arguments: &ManifestScanArgs,
    out: &mut dyn Write,
    number: u64,
    code: &str,
    said: Result<Parcel, String>,
) -> Outcome<()> {
    let read = readings(code).into_iter().next().unwrap_or_default();
    match (arguments.output.json, said) {
        (true, Ok(parcel)) => writeln!(
            out,
            "{}",
            json!({ "scan": number, "accepted": true, "parcel": parcel })
        )?,
        (true, Err(why)) => {
            writeln!(
                out,
                "{}",
                json!({ "scan": number, "accepted": false, "code": read, "why": why })
            )?;
        }
        (false, Ok(parcel)) => writeln!(
            out,
            "GOOD  {}  {}  order {}",
            parcel.place(),
            parcel.tracking_words(),
            parcel.number
        )?,
        (false, Err(why)) => writeln!(out, "REFUSED  {read}  {why}")?,
    }
    out.flush()?;
    Ok(())
}

fn leave(arguments: &ManifestLeaveArgs, context: &Context) -> Outcome<Report> {
    let user = context.user()?;
    let id = ManifestId(arguments.manifest);
    let forms = readings(&arguments.tracking);
    let known = detail(id, context)?;
    let parcel = known
        .parcels
        .iter()
        .find(|parcel| {
            parcel
                .tracking
                .as_ref()
                .is_some_and(|number| forms.contains(&number.0))
        })
        .ok_or_else(|| {
            Failure::refused(format!("no parcel of manifest {id} has {}", arguments.tracking))
                .hint(format!("tapegun manifest show {id} shows what it misses"))
        })?;
    let (label, reason, now) = (parcel.label, arguments.reason.clone(), context.clock.now());
    context
        .store
        .write_blocking(move |store| store.leave_behind(id, label, user.id, &reason, now))?;
    let after = detail(id, context)?.manifest;
    Ok(Report::new(
        format!(
            "order {}: left behind; manifest {id} misses {} parcels",
            parcel.number, after.missing
        ),
        json!({ "manifest": after }),
    ))
}

fn close(id: ManifestId, context: &Context) -> Outcome<Report> {
    let (user, since, now) = (context.user()?, since(context)?, context.clock.now());
    let closed = context
        .store
        .write_blocking(move |store| store.close_manifest(id, user.id, since, now))?;
    let shown = detail(id, context)?;
    let mut text = format!("{}\n", words(&closed));
    for parcel in shown.missing() {
        let _ = writeln!(
            text,
            "carried over: {} order {}",
            parcel.tracking_words(),
            parcel.number
        );
    }
    Ok(Report::new(text, json!(shown)))
}

fn reopen(arguments: &ManifestReopenArgs, context: &Context) -> Outcome<Report> {
    let (user, now) = (context.user()?, context.clock.now());
    let (id, reason) = (ManifestId(arguments.manifest), arguments.reason.clone());
    context
        .store
        .write_blocking(move |store| store.reopen_manifest(id, user.id, &reason, now))?;
    let shown = detail(id, context)?.manifest;
    Ok(Report::new(words(&shown), json!({ "manifest": shown })))
}

fn words(manifest: &Manifest) -> String {
    let how = if manifest.is_open() { "open" } else { "closed" };
    let missing = if manifest.is_open() {
        "missing"
    } else {
        "carried over"
    };
    format!(
        "manifest {} of {} is {how}: {} parcels, {} {missing}, {} left behind",
        manifest.id,
        manifest.heading(),
        manifest.out,
        manifest.missing,
        manifest.left
    )
}

fn list(arguments: &ManifestListArgs, context: &Context) -> Outcome<Report> {
    let (first, limit, since) = (arguments.first, arguments.limit, since(context)?);
    let page = context
        .store
        .read_blocking(move |store| store.manifests(first, limit, since))?;
    let mut text: String = page.rows.iter().map(|manifest| words(manifest) + "\n").collect();
    if page.total == 0 {
        text.push_str("there is no manifest yet: tapegun manifest open --carrier NAME\n");
    }
    Ok(Report::new(
        text,
        json!({ "first": page.first, "total": page.total, "manifests": page.rows }),
    ))
}

fn show(id: ManifestId, context: &Context) -> Outcome<Report> {
    let shown = detail(id, context)?;
    let mut text = words(&shown.manifest) + "\n";
    let rows: Vec<Vec<String>> = shown
        .parcels
        .iter()
        .map(|parcel| {
            vec![
                fate_words(&parcel.fate),
                parcel.tracking_words(),
                parcel.number.to_string(),
                format!("{} box {}", parcel.store, parcel.box_number),
                method_name(&parcel.carrier, &parcel.service),
            ]
        })
        .collect();
    text += &table(&rows);
    Ok(Report::new(text, json!(shown)))
}

fn fate_words(fate: &Fate) -> String {
    match fate {
        Fate::Missing => "MISSING".to_owned(),
        Fate::Carried => "carried over".to_owned(),
        Fate::Left { reason, .. } => format!("left behind ({reason})"),
        Fate::Out { place, by, .. } => format!("{place} out ({by})"),
    }
}

fn print_it(arguments: &ManifestPrintArgs, context: &Context) -> Outcome<Report> {
    let id = ManifestId(arguments.manifest);
    if let Some(path) = &arguments.to {
        let sheets = paper(&detail(id, context)?, zone(context)?);
        let sheet =
            print::slip(format_of(path)?, &sheets).map_err(|error| Failure::refused(error.to_string()))?;
        write(path, &sheet)?;
        return Ok(Report::new(
            format!("{}: manifest {id}", path.display()),
            json!({ "file": path, "manifest": id }),
        ));
    }
    collection_form::print_paper(context, PaperOf::Manifest(id))?;
    Ok(Report::new(
        format!("printed: manifest {id}"),
        json!({ "printed": true, "manifest": id }),
    ))
}

fn export(arguments: &ManifestExportArgs, context: &Context) -> Outcome<Report> {
    let shown = detail(ManifestId(arguments.manifest), context)?;
    let text = as_csv(&shown);
    let count = shown.parcels.len();
    match &arguments.to {
        Some(path) => {
            write(path, format!("{MARK}{text}").as_bytes())?;
            Ok(Report::new(
                format!("{}: {count} parcels", path.display()),
                json!({ "file": path, "parcels": count }),
            ))
        }
        None => Ok(Report::new(text, json!(shown))),
    }
}

/// Columns of the export.
const COLUMNS: [&str; 13] = [
    "manifest", "carrier", "place", "fate", "tracking", "order", "store", "box", "service", "label", "at",
    "by", "reason",
];

/// A manifest for a spreadsheet: what is out in the order of its scans, then what is not. No customer data.
fn as_csv(shown: &ManifestDetail) -> String {
    let mut text = head(&COLUMNS);
    let rest = shown.parcels.iter().filter(|parcel| parcel.place() == 0);
    for parcel in shown.out().into_iter().chain(rest) {
        let (at, by, reason) = match &parcel.fate {
            Fate::Out { at, by, .. } => (Cell::Utc(*at), Cell::text(by), Cell::Empty),
            Fate::Left { reason, by } => (Cell::Empty, Cell::text(by), Cell::text(reason)),
            Fate::Missing | Fate::Carried => (Cell::Empty, Cell::Empty, Cell::Empty),
        };
        text += &row(&[
            Cell::Whole(shown.manifest.id.0),
            Cell::text(&parcel.carrier),
            match parcel.place() {
                0 => Cell::Empty,
                place => Cell::count(u64::from(place)),
            },
            Cell::text(parcel.fate.words()),
            Cell::maybe(parcel.tracking.as_ref().map(ToString::to_string)),
            Cell::text(parcel.number.to_string()),
            Cell::text(parcel.store.to_string()),
            Cell::count(u64::from(parcel.box_number)),
            Cell::text(&parcel.service),
            Cell::text(parcel.state.to_string()),
            at,
            by,
            reason,
        ]);
    }
    text
}

fn moved(arguments: &ManifestNeverMovedArgs, context: &Context) -> Outcome<Report> {
    let (now, days) = (context.clock.now(), arguments.working_days);
    let mut found = context.store.read_blocking(move |store| store.never_moved(now))?;
    found.retain(|row| never_moved(row, days, now, &context.config.warehouse));
    let mut rows = Vec::new();
    for row in &found {
        let day = |at: DateTime<Utc>| at.format("%Y-%m-%d").to_string();
        let label = &row.label;
        rows.push(vec![
            label.number.to_string(),
            label
                .tracking
                .as_ref()
                .map_or_else(String::new, ToString::to_string),
            match (row.out_at, row.ship_by) {
                (Some(out), _) => format!("out since {}", day(out)),
                (None, Some(by)) => format!("never out, ship-by {}", day(by)),
                (None, None) => format!("never out, labelled {}", day(row.since())),
            },
            method_name(&label.carrier, &label.service),
            refund::heard_words(label),
            refund::window_words(label, now),
        ]);
    }
    let mut text = table(&rows);
    if found.is_empty() {
        let _ = writeln!(
            text,
            "every parcel was scanned by its carrier within {days} working days"
        );
    }
    let values: Vec<Value> = found
        .iter()
        .map(|row| json!({ "row": row, "since": row.since() }))
        .collect();
    Ok(Report::new(
        text,
        json!({ "total": found.len(), "never_moved": values }),
    ))
}

//! `audit`: lists, exports and proves the log of who did what.

use super::Context;
use super::csv;
use super::report::{Report, table};
use crate::cli::{AuditCommand, AuditExportArgs, AuditListArgs, AuditVerifyArgs};
use crate::domain::audit::{AuditFilter, Audited};
use crate::domain::csv::{Cell, MARK, head, row as line};
use crate::domain::ids::OrderNumber;
use crate::domain::text::Clean;
use crate::error::{Exit, Failure, Outcome};
use anyhow::Context as _;
use serde_json::json;
use std::collections::BTreeMap;
use std::fmt::Write as _;
use std::io::{BufWriter, Write as _};
use std::os::unix::fs::OpenOptionsExt as _;
use std::path::Path;

/// Rows read at once for an export.
const PIECE: usize = 1000;
/// Columns of an export.
const COLUMNS: [&str; 7] = ["row", "at", "who", "store", "order", "what", "hash"];

/// Runs `audit`.
pub(super) fn run(command: &AuditCommand, context: &Context) -> Outcome<Report> {
    match command {
        AuditCommand::List(arguments) => list(arguments, context),
        AuditCommand::Export(arguments) => export(arguments, context),
        AuditCommand::Verify(arguments) => verify(arguments, context),
    }
}

fn list(arguments: &AuditListArgs, context: &Context) -> Outcome<Report> {
    let filter = AuditFilter {
        text: arguments.words.join(" "),
        who: arguments.by.clone(),
        order: arguments.order.as_deref().map(OrderNumber::from),
        since: arguments.since,
        until: arguments.until,
    };
    let (first, limit) = (arguments.first, arguments.limit);
    let page = context
        .store
        .read_blocking(move |store| store.audit(&filter, first, limit))?;
    let mut rows = vec![
        ["ROW", "AT (UTC)", "WHO", "ORDER", "WHAT"]
            .map(str::to_owned)
            .to_vec(),
    ];
    rows.extend(page.rows.iter().map(|row| {
        vec![
            row.row.to_string(),
            row.at.format("%Y-%m-%d %H:%M:%S").to_string(),
            row.who.clone().unwrap_or_else(|| "-".to_owned()),
            row.order
                .as_ref()
                .map_or_else(|| "-".to_owned(), ToString::to_string),
            row.what.clone(),
        ]
    }));
    let shown = page.rows.len();
    let mut text = table(&rows);
    if shown < page.total {
        let _ = write!(
            text,
            "\n{shown} of {} rows; --first and --limit show others",
            page.total
        );
    }
    Ok(Report::new(text, serde_json::to_value(&page)?))
}

fn export(arguments: &AuditExportArgs, context: &Context) -> Outcome<Report> {
    let proof = prove(context)?;
    let path = &arguments.to;
    let file = std::fs::File::options()
        .write(true)
        .create_new(true)
        .mode(0o600)
        .open(path)
        .with_context(|| format!("{} cannot be made", path.display()))?;
    let mut out = BufWriter::new(file);
    write!(out, "{MARK}{}", head(&COLUMNS))?;
    let (mut after, mut written) = (0, 0_usize);
    loop {
        let rows = context
            .store
            .read_blocking(move |store| store.audit_after(after, PIECE))?;
        let Some(last) = rows.last() else { break };
        after = last.row;
        written += rows.len();
        for row in &rows {
            out.write_all(line(&fields(row)).as_bytes())?;
        }
    }
    let (by, now) = (context.maybe_user()?.map(|user| user.id), context.clock.now());
    let what = format!("audit log exported, {written} rows");
    context
        .store
        .write_blocking(move |store| store.note_audit(by, &what, now))?;
    let file = out.into_inner().map_err(std::io::IntoInnerError::into_error)?;
    file.sync_all()?;
    let text = format!(
        "{}: {written} rows; the chain holds up to {}",
        path.display(),
        proof.hash
    );
    let json = json!({ "file": path, "rows": written, "hash": proof.hash });
    Ok(Report::new(text, json))
}

fn fields(row: &Audited) -> [Cell; 7] {
    [
        Cell::Whole(row.row),
        Cell::text(row.at.to_rfc3339()),
        Cell::maybe(row.who.as_ref()),
        Cell::maybe(row.store.as_ref().map(ToString::to_string)),
        Cell::maybe(row.order.as_ref().map(ToString::to_string)),
        Cell::text(&row.what),
        Cell::text(&row.hash),
    ]
}

fn verify(arguments: &AuditVerifyArgs, context: &Context) -> Outcome<Report> {
    let proof = prove(context)?;
    let mut text = format!("{} rows, each as it was written", proof.rows);
    if let Some(path) = &arguments.against {
        let same = compare(path, context)?;
        let _ = write!(text, "; the {same} rows of {} stand in it", path.display());
    }
    let _ = write!(text, "\nhash of the last row: {}", proof.hash);
    Ok(Report::new(text, serde_json::to_value(&proof)?))
}

fn prove(context: &Context) -> Outcome<crate::domain::audit::Proof> {
    let proof = context.store.read_blocking(|store| store.verify_audit())?;
    proof.map_err(|words| Failure::new(Exit::Failed, words))
}

/// Whoever makes the whole chain anew is found by an export that lies elsewhere. How many rows it has.
fn compare(path: &Path, context: &Context) -> Outcome<usize> {
    let text = std::fs::read_to_string(path).with_context(|| format!("{} cannot be read", path.display()))?;
    let rows = csv::rows(&text).map_err(|error| Failure::usage(format!("{}: {error}", path.display())))?;
    let mut known: BTreeMap<i64, String> = BTreeMap::new();
    for row in rows.iter().skip(1) {
        let parsed = row
            .fields
            .first()
            .and_then(|first| first.parse().ok())
            .zip(row.fields.get(6));
        let (number, hash) = parsed.ok_or_else(|| {
            let line = row.line;
            Failure::usage(format!(
                "{} is no export of the audit log (line {line})",
                path.display()
            ))
        })?;
        known.insert(number, hash.clone());
    }
    let exported = known.len();
    let mut after = 0;
    while !known.is_empty() {
        let rows = context
            .store
            .read_blocking(move |store| store.audit_after(after, PIECE))?;
        let Some(last) = rows.last() else { break };
        after = last.row;
        for row in rows {
            if known.remove(&row.row).is_some_and(|hash| hash != row.hash) {
                return Err(strayed(row.row, path));
            }
        }
    }
    match known.keys().next() {
        None => Ok(exported),
        Some(missing) => Err(strayed(*missing, path)),
    }
}

fn strayed(row: i64, path: &Path) -> Failure {
    let file = Clean::text(&path.display().to_string());
    Failure::new(
        Exit::Failed,
        format!(
            "row {row} of the audit log is not what it was in {file}: the log was written anew, or put back"
        ),
    )
}

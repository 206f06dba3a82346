//! Reports: the desk's numbers as tables and as CSV, for the screen and for commands alike. Read behind the bench and in
//! pieces; no customer data is in any of them.

use crate::domain::csv::{self, Cell, MARK};
use crate::domain::desk::report::{self, LabelLine, OrderLine, ReportKind};
use crate::domain::desk::{Span, today};
use crate::domain::ids::UserId;
use crate::domain::status::OrderStatus;
use crate::store::threads::StoreHandle;
use crate::store::{LabelLines, StoreError, StoreResult};
use chrono::{DateTime, Utc};
use chrono_tz::Tz;
use std::fs::{DirBuilder, File};
use std::io::{BufWriter, Write as _};
use std::os::unix::fs::{DirBuilderExt as _, OpenOptionsExt as _};
use std::path::Path;

/// Rows that are read at once.
const PIECE: usize = 500;
/// Hours of ship-by that a report tells apart.
const SHIP_BY: usize = 24 * 14;
/// Which report, for whom, of which time.
#[derive(Debug, Clone, Copy)]
pub struct Asked {
    /// Table.
    pub kind: ReportKind,
    /// Who asks: without the permission they are told their own numbers.
    pub by: UserId,
    /// Time. Open orders are told of as they are now, whatever it is.
    pub span: Span,
    /// Where the bench stands.
    pub zone: Tz,
    /// Now.
    pub now: DateTime<Utc>,
}

/// Hands the rows of a report to `take`, piece by piece. How many they were.
pub fn rows(
    store: &StoreHandle,
    asked: Asked,
    mut take: impl FnMut(Vec<Vec<Cell>>) -> StoreResult<()>,
) -> StoreResult<usize> {
    let Asked {
        kind,
        by,
        span,
        zone,
        now,
    } = asked;
    let mut count = 0;
    let mut put = |rows: Vec<Vec<Cell>>| {
        count += rows.len();
        take(rows)
    };
    match kind {
        ReportKind::ShipBy => {
            let open = store.read_blocking(move |store| {
                // Who is switched off is told nothing.
                store.sees_everybody(by)?;
                store.open_by_ship_by(now, SHIP_BY)
            })?;
            put(report::ship_by(&open, zone))?;
        }
        ReportKind::Packed | ReportKind::Scans => {
            let work = store.read_blocking(move |store| store.work_hours(by, span.hours()))?;
            put(match kind {
                ReportKind::Packed => report::packed(&work, zone),
                _ => report::scans(&work, zone),
            })?;
        }
        ReportKind::Errors => {
            let refused = store.read_blocking(move |store| store.refused_scans(by, span.hours()))?;
            put(report::errors(&refused, zone))?;
        }
        ReportKind::Spend => {
            for day in span.days(zone) {
                let costs = store.read_blocking(move |store| store.carrier_costs(by, day))?;
                put(report::spend(day.from, &costs, zone))?;
            }
        }
        ReportKind::Refunds => labels(store, asked, LabelLines::Voided, &mut put)?,
        ReportKind::Labels => labels(store, asked, LabelLines::Wanted, &mut put)?,
        ReportKind::Orders => orders(store, asked, &mut put)?,
    }
    Ok(count)
}

fn labels(
    store: &StoreHandle,
    asked: Asked,
    which: LabelLines,
    put: &mut dyn FnMut(Vec<Vec<Cell>>) -> StoreResult<()>,
) -> StoreResult<()> {
    let (by, span, zone) = (asked.by, asked.span, asked.zone);
    let mut after: Option<LabelLine> = None;
    loop {
        let last = after.take();
        let lines =
            store.read_blocking(move |store| store.label_lines(by, which, span, last.as_ref(), PIECE))?;
        put(lines
            .iter()
            .map(|line| match which {
                LabelLines::Voided => report::refund(line, zone),
                LabelLines::Wanted => report::label(line, zone),
            })
            .collect())?;
        after = lines.into_iter().nth(PIECE - 1);
        if after.is_none() {
            return Ok(());
        }
    }
}

fn orders(
    store: &StoreHandle,
    asked: Asked,
    put: &mut dyn FnMut(Vec<Vec<Cell>>) -> StoreResult<()>,
) -> StoreResult<()> {
    let (by, zone) = (asked.by, asked.zone);
    for status in OrderStatus::open() {
        let mut after: Option<OrderLine> = None;
        loop {
            let last = after.take();
            let lines =
                store.read_blocking(move |store| store.order_lines(by, status, last.as_ref(), PIECE))?;
            put(lines.iter().map(|line| report::order(line, zone)).collect())?;
            after = lines.into_iter().nth(PIECE - 1);
            if after.is_none() {
                break;
            }
        }
    }
    Ok(())
}

/// Writes a report as CSV into a new file that only its owner can read. How many rows it has.
pub fn export(store: &StoreHandle, asked: Asked, path: &Path) -> StoreResult<usize> {
    let fault =
        |error: &std::io::Error| StoreError::Failed(format!("{} cannot be written: {error}", path.display()));
    let file = File::options()
        .write(true)
        .create_new(true)
        .mode(0o600)
        .open(path)
        .map_err(|error| fault(&error))?;
    let mut out = BufWriter::new(file);
    let mut write = |text: &str| out.write_all(text.as_bytes()).map_err(|error| fault(&error));
    write(MARK)?;
    write(&csv::head(asked.kind.head()))?;
    let count = rows(store, asked, |rows| {
        rows.iter().try_for_each(|row| write(&csv::row(row)))
    })?;
    let file = out.into_inner().map_err(|error| fault(&error.into_error()))?;
    file.sync_all().map_err(|error| fault(&error))?;
    Ok(count)
}

/// Writes every report of today into a folder of exports: those that this person may see. How many files, and rows.
pub fn export_all(
    store: &StoreHandle,
    by: UserId,
    folder: &Path,
    zone: Tz,
    now: DateTime<Utc>,
) -> StoreResult<(usize, usize)> {
    DirBuilder::new()
        .recursive(true)
        .mode(0o700)
        .create(folder)
        .map_err(|error| {
            StoreError::Failed(format!("the folder {} cannot be made: {error}", folder.display()))
        })?;
    let everything = store.read_blocking(move |store| store.sees_everybody(by))?;
    let stamp = now.with_timezone(&zone).format("%Y-%m-%d-%H%M%S").to_string();
    let (mut files, mut count) = (0, 0);
    for kind in ReportKind::ALL {
        if kind == ReportKind::Orders && !everything {
            continue;
        }
        let asked = Asked {
            kind,
            by,
            span: today(now, zone),
            zone,
            now,
        };
        count += export(store, asked, &free_name(folder, &stamp, kind))?;
        files += 1;
    }
    let what = format!("numbers of the desk exported, {files} files, {count} rows");
    store.write_blocking(move |store| store.note_audit(Some(by), &what, now))?;
    Ok((files, count))
}

/// A name that no file has: twice in a second gets a number.
fn free_name(folder: &Path, stamp: &str, kind: ReportKind) -> std::path::PathBuf {
    let mut path = folder.join(format!("desk-{stamp}-{kind}.csv"));
    for again in 2..100 {
        if !path.exists() {
            break;
        }
        path = folder.join(format!("desk-{stamp}-{kind}-{again}.csv"));
    }
    path
}

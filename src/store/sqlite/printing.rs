//! Print jobs: each names its station; one found *sending* after a crash is never sent again by itself.

use super::erasure::ERASED;
use super::label_rows::{bytes, label, move_label, unprinted};
use super::people::note;
use super::settle::wanted_for;
use super::values::{all, first, from_word, micros, missing, number, refused, run, small, uuid, word};
use super::{labels, onto_box, orders};
use crate::domain::ids::{IntentId, OrderNumber, PrintJobId, StationId, UserId};
use crate::domain::rows::{PrintJobRow, PrintState};
use crate::domain::shipment::LabelMove;
use crate::domain::status::OrderStatus;
use crate::store::{PrintWork, StoreResult};
use chrono::{DateTime, Utc};
use rusqlite::{Connection, Row, params};

const JOB: &str = "SELECT print_jobs.id, label, orders.number, print_jobs.station, print_jobs.state, copy, \
                   print_jobs.reason FROM print_jobs JOIN labels ON labels.id = print_jobs.label \
                   JOIN orders ON orders.id = labels.order_id";

fn job_row(row: &Row<'_>) -> StoreResult<PrintJobRow> {
    Ok(PrintJobRow {
        id: PrintJobId(row.get(0)?),
        label: IntentId(uuid(&row.get::<_, Vec<u8>>(1)?)?),
        number: OrderNumber(row.get(2)?),
        station: StationId(row.get(3)?),
        state: from_word(&row.get::<_, String>(4)?)?,
        copy: small(row.get(5)?)?,
        reason: row.get(6)?,
    })
}

fn job(connection: &Connection, id: PrintJobId) -> StoreResult<PrintJobRow> {
    let sql = format!("{JOB} WHERE print_jobs.id = ?");
    first(connection, &sql, [id.0], job_row)?.ok_or_else(|| missing("print job", id))
}

fn set_state(
    connection: &Connection,
    id: PrintJobId,
    state: PrintState,
    reason: Option<&str>,
    now: DateTime<Utc>,
) -> StoreResult<()> {
    run(
        connection,
        "UPDATE print_jobs SET state = ?, reason = ?, changed_at = ? WHERE id = ?",
        params![word(&state)?, reason, micros(now), id.0],
    )?;
    Ok(())
}

fn add_job(
    connection: &Connection,
    label: IntentId,
    station: &str,
    by: i64,
    now: DateTime<Utc>,
) -> StoreResult<PrintJobId> {
    run(
        connection,
        "INSERT INTO print_jobs (label, station, state, copy, wanted_at, wanted_by, changed_at) \
         VALUES (?1, ?2, ?3, (SELECT count(*) + 1 FROM print_jobs WHERE label = ?1), ?4, ?5, ?4)",
        params![
            bytes(&label),
            station,
            word(&PrintState::Wanted)?,
            micros(now),
            by
        ],
    )?;
    Ok(PrintJobId(connection.last_insert_rowid()))
}

/// The first copy, at the station that wanted the label.
pub(super) fn print_bought(connection: &Connection, id: IntentId, now: DateTime<Utc>) -> StoreResult<()> {
    // A bulk run prints in the order of its list: its label waits for its turn.
    let waits = number(
        connection,
        "SELECT EXISTS (SELECT 1 FROM bulk_orders JOIN bulk_runs ON bulk_runs.id = bulk_orders.run \
         WHERE label = ? AND position >= printed_to)",
        [bytes(&id)],
    )?;
    if waits == 1 {
        return Ok(());
    }
    first_copy(connection, id, now)
}

/// The first copy of a label of a run whose turn it is; none where somebody has printed it by now.
pub(super) fn print_in_order(connection: &Connection, id: IntentId, now: DateTime<Utc>) -> StoreResult<()> {
    let jobs = number(
        connection,
        "SELECT count(*) FROM print_jobs WHERE label = ?",
        [bytes(&id)],
    )?;
    if jobs > 0 {
        return Ok(());
    }
    first_copy(connection, id, now)
}

fn first_copy(connection: &Connection, id: IntentId, now: DateTime<Utc>) -> StoreResult<()> {
    let (station, by, _) = wanted_for(connection, id)?;
    add_job(connection, id, &station, by, now)?;
    Ok(())
}

pub(super) fn want_print(
    connection: &Connection,
    id: IntentId,
    station: &StationId,
    by: UserId,
    now: DateTime<Utc>,
) -> StoreResult<PrintJobId> {
    let known = label(connection, id)?;
    if known.held {
        let why = known.reason.unwrap_or_else(|| "it is held".to_owned());
        return Err(refused(format!("this label is never printed: {why}")));
    }
    if !known.state.can_print() {
        return Err(refused(format!("a label that is {} is not printed", known.state)));
    }
    if labels::document(connection, id)?.is_none() {
        let erased = orders::order(connection, known.order)?.erased;
        return Err(refused(if erased {
            format!("{ERASED}: its label cannot be printed again")
        } else {
            "there is no stored document of this label".to_owned()
        }));
    }
    let job = add_job(connection, id, station.as_str(), by.0, now)?;
    note(
        connection,
        Some(known.order),
        Some(by),
        "label to be printed again",
        now,
    )?;
    Ok(job)
}

pub(super) fn print_jobs(connection: &Connection, station: &StationId) -> StoreResult<Vec<PrintJobRow>> {
    let sql = format!(
        "{JOB} WHERE print_jobs.station = ? AND print_jobs.state NOT IN ('done', 'dropped') ORDER BY print_jobs.id"
    );
    all(connection, &sql, [station.as_str()], job_row)
}

pub(super) fn begin_printing(
    connection: &Connection,
    id: PrintJobId,
    now: DateTime<Utc>,
) -> StoreResult<Option<PrintWork>> {
    let mut job = job(connection, id)?;
    if job.state != PrintState::Wanted {
        return Ok(None);
    }
    let known = label(connection, job.label)?;
    let stored = labels::document(connection, job.label)?;
    let (key, document) = match stored {
        Some(stored) if known.state.can_print() && !known.held => stored,
        _ => {
            let why = format!("its label is {}", known.state);
            set_state(connection, id, PrintState::Dropped, Some(&why), now)?;
            return Ok(None);
        }
    };
    set_state(connection, id, PrintState::Sending, None, now)?;
    job.state = PrintState::Sending;
    Ok(Some(PrintWork {
        job,
        order: known.order,
        key,
        document,
    }))
}

pub(super) fn end_printing(
    connection: &Connection,
    id: PrintJobId,
    result: &Result<(), String>,
    manifests: bool,
    now: DateTime<Utc>,
) -> StoreResult<()> {
    let job = job(connection, id)?;
    // A job is ended from *sending*, or by a person from *doubtful* ("did it come out?").
    if !matches!(job.state, PrintState::Sending | PrintState::Doubtful) {
        return if job.state == PrintState::Done && result.is_ok() {
            Ok(())
        } else {
            Err(refused("this print job is not being printed"))
        };
    }
    if let Err(why) = result {
        return set_state(connection, id, PrintState::Failed, Some(why), now);
    }
    set_state(connection, id, PrintState::Done, None, now)?;
    run(
        connection,
        "UPDATE labels SET printed = printed + 1 WHERE id = ?",
        [bytes(&job.label)],
    )?;
    // Failed copies of the same label need no one's attention any more.
    run(
        connection,
        "UPDATE print_jobs SET state = 'dropped', changed_at = ? WHERE label = ? AND state = 'failed'",
        params![micros(now), bytes(&job.label)],
    )?;
    let known = label(connection, job.label)?;
    if known.state.apply(LabelMove::Print).is_err() {
        // Its void was wanted while the sheet came out: the copy counts, the void goes on.
        return Ok(());
    }
    move_label(
        connection,
        job.label,
        LabelMove::Print,
        known.reason.as_deref(),
        None,
        now,
    )?;
    let order = orders::order(connection, known.order)?;
    let unprinted = unprinted(connection, known.order)?;
    let on_boxes = onto_box::due(connection, known.order)? == 0;
    if !manifests && unprinted == 0 && on_boxes && order.status == OrderStatus::ReadyForPickup {
        let to = OrderStatus::Shipped;
        orders::stand(connection, known.order, to, None, "its label is printed", now)?;
    }
    Ok(())
}

pub(super) fn doubt_printing(
    connection: &Connection,
    station: &StationId,
    now: DateTime<Utc>,
) -> StoreResult<u32> {
    super::papers::doubt(connection, station, now)?;
    let doubtful = run(
        connection,
        "UPDATE print_jobs SET state = 'doubtful', reason = 'the program ended while it was printing: did it come out?', \
         changed_at = ? WHERE station = ? AND state = 'sending'",
        params![micros(now), station.as_str()],
    )?;
    Ok(u32::try_from(doubtful).unwrap_or(u32::MAX))
}

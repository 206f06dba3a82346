//! The desk at work: its numbers are read in pieces behind the bench, answer times are written behind everything else,
//! and CSV files are made beside the loop.

use super::outside::{Outside, failure, send};
use super::reports;
use crate::amazon::Operation;
use crate::app::effect::{Answer, RequestId, Slot};
use crate::app::message::{Done, Message};
use crate::domain::desk::{
    AnswerTimes, DeskFacts, HOURS, Hour, Limit, OpenOrders, limit, sort_limits, today,
};
use crate::domain::ids::UserId;
use crate::store::threads::StoreHandle;
use crate::store::{BucketLevel, StoreError, StoreResult};
use chrono::{DateTime, Utc};
use chrono_tz::Tz;

/// Hours of ship-by that the widest screen shows.
const SHIP_BY: usize = 24;
/// Of these, read at once.
const AT_ONCE: usize = 4;

impl Outside {
    /// Reads the desk's numbers for a person.
    pub(super) fn read_desk(&self, request: RequestId, by: UserId, now: DateTime<Utc>) {
        let (store, results, zone) = (self.store.clone().behind(), self.results.clone(), self.zone);
        tokio::spawn(async move {
            let facts = gather(&store, by, now, zone).await;
            let answer = facts
                .map(|facts| Answer::Desk(Box::new(facts)))
                .map_err(|error| error.to_string());
            let slot = Slot::Desk;
            send(
                &results,
                Message::Answered {
                    slot,
                    request,
                    answer,
                },
            )
            .await;
        });
    }

    /// Writes answer times down, behind everything else. The bench does not wait for it: it is told at once.
    pub(super) fn note_answers(&self, request: RequestId, by: UserId, hour: Hour, answers: AnswerTimes) {
        let (store, results) = (self.store.clone().behind(), self.results.clone());
        self.tasks.spawn(async move {
            let noted = store
                .write(move |store| store.note_answers(by, hour, &answers))
                .await;
            if let Err(error) = noted {
                tracing::warn!(%error, "answer times are not kept");
            }
        });
        tokio::spawn(async move {
            let done = Done::Nothing;
            send(&results, Message::Committed { request, done }).await;
        });
    }

    /// Writes today's numbers as CSV files.
    pub(super) fn export_desk(&self, request: RequestId, by: UserId) {
        let (store, results) = (self.store.clone().behind(), self.results.clone());
        let (folder, zone, now) = (self.exports.clone(), self.zone, self.clock.now());
        self.tasks.spawn(async move {
            let shown = folder.display().to_string();
            let written =
                tokio::task::spawn_blocking(move || reports::export_all(&store, by, &folder, zone, now))
                    .await;
            let message = match written {
                Ok(Ok((files, rows))) => Message::Committed {
                    request,
                    done: Done::Exported {
                        folder: shown,
                        files,
                        rows,
                    },
                },
                Ok(Err(error)) => Message::Refused {
                    request,
                    failure: failure(&error),
                },
                Err(_) => Message::Refused {
                    request,
                    failure: failure(&StoreError::Failed(
                        "a fault in the program; the log says where".to_owned(),
                    )),
                },
            };
            send(&results, message).await;
        });
    }
}

/// Piece by piece: whatever the bench reads comes between.
async fn gather(store: &StoreHandle, by: UserId, now: DateTime<Utc>, zone: Tz) -> StoreResult<DeskFacts> {
    let span = today(now, zone);
    let (begin, end) = span.hours();
    let hours = (begin.min(end.before(HOURS)), end);
    let everybody = store.read(move |store| store.sees_everybody(by)).await?;
    let open = open_orders(store, now).await?;
    let work = store.read(move |store| store.work_hours(by, hours)).await?;
    let refused = store.read(move |store| store.refused_scans(by, hours)).await?;
    let costs = store.read(move |store| store.carrier_costs(by, span)).await?;
    let refunds = store.read(move |store| store.open_refunds(by, now)).await?;
    let waiting = store.read(|store| store.waiting()).await?;
    let (health, levels) = store
        .read(|store| Ok((store.health()?, store.bucket_levels()?)))
        .await?;
    Ok(DeskFacts {
        at: now,
        everybody,
        open,
        work,
        refused,
        costs,
        refunds,
        health,
        waiting,
        limits: limits(&levels, now),
    })
}

/// A few hours at once: a shop may have a hundred thousand open orders.
async fn open_orders(store: &StoreHandle, now: DateTime<Utc>) -> StoreResult<OpenOrders> {
    let mut open = store.read(move |store| store.open_by_ship_by(now, 0)).await?;
    let mut from = now;
    while open.hours.len() < SHIP_BY {
        let hours = store.read(move |store| store.due_hours(from, AT_ONCE)).await?;
        let ended = hours.len() < AT_ONCE;
        if let Some((last, _)) = hours.last() {
            from = last.next().start();
        }
        open.tell_apart(hours);
        if ended {
            break;
        }
    }
    Ok(open)
}

/// Every bucket that was kept, by the published rate of its operation.
fn limits(levels: &[BucketLevel], now: DateTime<Utc>) -> Vec<Limit> {
    let mut limits: Vec<Limit> = levels
        .iter()
        .filter_map(|level| {
            let name = level.name.rsplit('/').next()?;
            let operation = Operation::ALL.into_iter().find(|known| known.name() == name)?;
            limit(
                &level.name,
                (level.millitokens, level.at),
                operation.published(),
                now,
            )
        })
        .collect();
    sort_limits(&mut limits);
    limits
}

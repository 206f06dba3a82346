//! Carries bulk runs on, step by step: whatever was under way when a process ended is gone on with by the next one.
//! Only wishes are written here; the leader carries them out. Any number of these may work beside one another: each
//! step is a transaction of the store.

use crate::clock::Clock;
use crate::domain::ids::IntentId;
use crate::store::StoreResult;
use crate::store::threads::StoreHandle;
use std::sync::Arc;
use std::time::Duration;
use tokio::sync::{Notify, mpsc, watch};
use tokio_util::sync::CancellationToken;
use uuid::Uuid;

/// Labels that one step may want.
const IDS: usize = 8;
/// How often the store is looked at while a run waits for Amazon or the printer.
const LOOK: Duration = Duration::from_millis(50);
/// Between steps that moved something: the bench's own changes come first.
const BREATH: Duration = Duration::from_millis(2);

/// Carries runs on.
pub struct BulkRunner {
    /// The store.
    pub store: StoreHandle,
    /// The clock.
    pub clock: Arc<dyn Clock>,
    /// Wakes the sync task of this process.
    pub wake_sync: mpsc::Sender<()>,
    /// Tells the spool that a sheet waits.
    pub wake_spool: Arc<Notify>,
}

impl BulkRunner {
    /// Works until told to stop; `changes` tells the store's version. Nothing wakes while no run is open.
    pub async fn run(mut self, mut changes: watch::Receiver<i64>, stop: CancellationToken) {
        if self.store.view_only().is_some() {
            return;
        }
        self.store = self.store.behind();
        while !stop.is_cancelled() {
            let pause = match self.turn().await {
                Ok(Turn::Moved) => Some(BREATH),
                Ok(Turn::Waits) => Some(LOOK),
                Ok(Turn::Idle) => None,
                Err(error) => {
                    tracing::error!(%error, "a bulk run cannot go on");
                    Some(Duration::from_secs(1))
                }
            };
            let paused = async {
                match pause {
                    Some(pause) => tokio::time::sleep(pause).await,
                    None => std::future::pending().await,
                }
            };
            tokio::select! {
                biased;
                () = stop.cancelled() => {}
                () = paused => {}
                other = changes.changed(), if pause.is_none() => if other.is_err() { return },
            }
        }
    }

    /// One step of every open run.
    async fn turn(&self) -> StoreResult<Turn> {
        let runs = self.store.read(|store| store.live_bulk_runs()).await?;
        let mut turn = if runs.is_empty() { Turn::Idle } else { Turn::Waits };
        for run in runs {
            let ids: Vec<IntentId> = (0..IDS).map(|_| IntentId(Uuid::now_v7())).collect();
            let now = self.clock.now();
            let moved = self
                .store
                .write(move |store| store.advance_bulk(run, &ids, now))
                .await?;
            if moved {
                turn = Turn::Moved;
                // A full channel is awake already.
                let _ = self.wake_sync.try_send(());
                self.wake_spool.notify_one();
            }
        }
        Ok(turn)
    }
}

/// What a turn came to.
enum Turn {
    Moved,
    Waits,
    Idle,
}

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
/// How often the store is looked at where nobody tells of its changes.
const GLANCE: Duration = Duration::from_secs(1);
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
    /// Works until told to stop. `changes` tells the store's version: nothing wakes while no run is open. Without it the
    /// store is looked at now and then.
    pub async fn run(mut self, mut changes: Option<watch::Receiver<i64>>, stop: CancellationToken) {
        if self.store.view_only().is_some() {
            return;
        }
        self.store = self.store.behind();
        while !stop.is_cancelled() {
            let pause = match self.turn().await {
                Ok(Turn::Moved) => Some(BREATH),
                Ok(Turn::Waits) => Some(LOOK),
                Ok(Turn::Quiet) if changes.is_none() => Some(GLANCE),
                Ok(Turn::Quiet) => None,
                Err(error) => {
                    tracing::error!(%error, "a bulk run cannot go on");
                    Some(GLANCE)
                }
            };
            let paused = async {
                match (pause, &mut changes) {
                    (Some(pause), _) => {
                        tokio::time::sleep(pause).await;
                        true
                    }
                    (None, Some(changes)) => changes.changed().await.is_ok(),
                    (None, None) => false,
                }
            };
            tokio::select! {
                biased;
                () = stop.cancelled() => {}
                goes_on = paused => if !goes_on { return },
            }
        }
    }

    /// One step of every open run.
    async fn turn(&self) -> StoreResult<Turn> {
        let runs = self.store.read(|store| store.live_bulk_runs()).await?;
        let mut turn = Turn::Quiet;
        for (run, state) in runs {
            if state.is_busy() && !matches!(turn, Turn::Moved) {
                turn = Turn::Waits;
            }
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
    /// Rates are asked for, or labels.
    Waits,
    /// Nothing is under way, or only what a person or the printer must do first: the store's next change tells.
    Quiet,
}

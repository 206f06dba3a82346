//! Waiting for Amazon from the command line: the sync task's passes, until what was written down is settled.
//!
//! Whoever leads does the work: where a screen is open on this machine, this only watches the store.

use super::Context;
use crate::config;
use crate::domain::ids::{OrderNumber, StationId};
use crate::domain::seller::DocumentFormat;
use crate::error::{Exit, Failure, Outcome};
use crate::print::{self, Printer};
use crate::runtime::tokio_runtime;
use crate::store::{Store, StoreError, StoreResult};
use crate::sync::{self, BulkRunner, PassReport, Printed, SendSheet, Sync, SyncOptions};
use std::sync::Arc;
use std::time::Duration;
use tokio::runtime::Runtime;
use tokio::signal::unix::{SignalKind, signal};
use tokio::sync::mpsc;
use tokio_util::sync::CancellationToken;

/// How often the store is looked at while another process works.
const GLANCE: Duration = Duration::from_millis(100);
/// Longest pause between two passes.
const LONGEST_PAUSE: Duration = Duration::from_secs(2);
/// How long a purchase that was asked may still take when the sync alone is told to end, as with the screens.
const LAST_PURCHASE: Duration = Duration::from_secs(5);

/// A sync task of this process, for as long as the subcommand runs.
pub(super) struct Carrier<'a> {
    context: &'a Context,
    runtime: Runtime,
    sync: Sync,
    problems: Vec<String>,
    /// The sync task's bell.
    wake: mpsc::Sender<()>,
}

/// What came of waiting.
pub(super) struct Waited<T> {
    /// The result, if it came in time.
    pub(super) result: Option<T>,
    /// Why it did not come, in words.
    pub(super) why: Vec<String>,
}

impl<'a> Carrier<'a> {
    /// Prepares it; Amazon is not asked yet. Fails where no store has credentials.
    pub(super) fn new(context: &'a Context) -> Outcome<Self> {
        if let Some(words) = context.store.view_only() {
            return Err(StoreError::ReadOnly(words.to_owned()).into());
        }
        let (shops, problems) = context.shops()?;
        let runtime = runtime()?;
        let vault = context.vault()?;
        let (wake, wakes) = mpsc::channel(1);
        let sync = {
            let _inside = runtime.enter();
            let options = SyncOptions::beside(&context.config.database(), inspect)
                .with_sheets(context.config.sheets())
                .with_shelf(context.config.shelf());
            Sync::new(
                context.store.clone(),
                vault,
                shops,
                Arc::clone(&context.clock),
                options,
                wakes,
            )?
        };
        Ok(Self {
            context,
            runtime,
            sync,
            problems,
            wake,
        })
    }

    /// One full pass with an import.
    pub(super) fn once(&mut self) -> Outcome<PassReport> {
        let mut report = self.runtime.block_on(self.sync.once())?;
        report.trouble.extend(self.problems.iter().cloned());
        Ok(report)
    }

    /// Makes passes until `settled` finds a result, at most for `wait`. A pass does for others what waits as well: where
    /// Amazon keeps silent on that, it is not waited for, beyond a little that any pass is given.
    pub(super) fn until<T: Send + 'static>(
        &mut self,
        wait: Duration,
        settled: impl Fn(&dyn Store) -> StoreResult<Option<T>> + Clone + Send + 'static,
    ) -> Outcome<Waited<T>> {
        let clock = Arc::clone(&self.context.clock);
        let store = self.context.store.clone();
        let end = clock.monotonic() + wait;
        let sync = &mut self.sync;
        let problems = self.problems.clone();
        self.runtime.block_on(async move {
            let mut why;
            loop {
                let look = settled.clone();
                if let Some(result) = store.read(move |store| look(store)).await? {
                    return Ok(Waited {
                        result: Some(result),
                        why: Vec::new(),
                    });
                }
                let left = end.saturating_sub(clock.monotonic()).max(LAST_PURCHASE);
                let Ok(report) = tokio::time::timeout(left, sync.pass()).await else {
                    let result = store.read(move |store| settled(store)).await?;
                    let why = vec!["Amazon does not answer".to_owned()];
                    return Ok(Waited { result, why });
                };
                let report = report?;
                let pause = if report.another_leads {
                    why = vec!["another tapegun on this machine leads and has not done it yet".to_owned()];
                    GLANCE
                } else {
                    why = report.waiting.iter().map(|waiting| waiting.why.clone()).collect();
                    why.extend(report.trouble.iter().chain(&problems).cloned());
                    let soonest = report.waiting.iter().filter_map(|waiting| waiting.again_in).min();
                    soonest
                        .map_or(GLANCE, Duration::from_secs)
                        .clamp(GLANCE, LONGEST_PAUSE)
                };
                let look = settled.clone();
                if let Some(result) = store.read(move |store| look(store)).await? {
                    return Ok(Waited {
                        result: Some(result),
                        why: Vec::new(),
                    });
                }
                if clock.monotonic() + pause >= end {
                    return Ok(Waited { result: None, why });
                }
                tokio::time::sleep(pause).await;
            }
        })
    }

    /// Runs the sync task beside `work`, which gets its bell, and ends it after that.
    pub(super) fn beside<T>(self, work: impl AsyncFnOnce(mpsc::Sender<()>) -> T) -> T {
        let Self {
            runtime, sync, wake, ..
        } = self;
        runtime.block_on(async move {
            let stop = CancellationToken::new();
            let running = tokio::spawn(sync.run(stop.clone()));
            let result = work(wake).await;
            stop.cancel();
            // A fault inside it is in the log, and changes nothing of what came of the work.
            let _ = running.await;
            result
        })
    }

    /// Runs the sync task until this process is told to end (SIGTERM, SIGINT). What it tells is given to `say`. A
    /// purchase that is under way then is given 5 s more; one that takes longer is unknown, and settled by the
    /// next that leads.
    pub(super) fn until_told_to_end(self, mut say: impl FnMut(PassReport)) -> Outcome<()> {
        let Self {
            runtime,
            sync,
            problems,
            wake,
            context,
        } = self;
        let ended: Outcome<()> = runtime.block_on(async {
            let mut interrupt = signal(SignalKind::interrupt())?;
            let mut terminate = signal(SignalKind::terminate())?;
            let stop = CancellationToken::new();
            let (tell, mut told) = mpsc::unbounded_channel();
            let running = tokio::spawn(sync.run_telling(stop.clone(), move |report| {
                // Nobody listens any more once the time at the end is over.
                let _ = tell.send(report);
            }));
            // Whoever leads, a bulk run goes on; what it prints is the stations' business.
            let runner = BulkRunner {
                store: context.store.clone(),
                clock: Arc::clone(&context.clock),
                wake_sync: wake.clone(),
                wake_spool: Arc::default(),
            };
            tokio::spawn(runner.run(None, stop.clone()));
            let mut say = |mut report: PassReport| {
                report.trouble.extend(problems.iter().cloned());
                say(report);
            };
            loop {
                tokio::select! {
                    _ = interrupt.recv() => break,
                    _ = terminate.recv() => break,
                    report = told.recv() => match report {
                        Some(report) => say(report),
                        None => return Err(running.await.map_or_else(
                            |error| anyhow::Error::new(error).into(),
                            |()| Failure::new(Exit::Failed, "the sync task ended by itself"),
                        )),
                    },
                }
            }
            stop.cancel();
            let rest = async {
                while let Some(report) = told.recv().await {
                    say(report);
                }
            };
            if tokio::time::timeout(LAST_PURCHASE, rest).await.is_err() {
                tracing::warn!(
                    "ended while Amazon was being asked: what came of it is settled by the next that leads"
                );
            }
            Ok(())
        });
        drop(wake);
        runtime.shutdown_background();
        ended
    }

    /// Ends the sync task: what is under way is finished, the lead is given back.
    pub(super) fn end(mut self) {
        self.runtime.block_on(self.sync.end());
    }
}

/// Two workers; with `TAPEGUN_THREADS=1` none, so that everything but the store's two threads happens in one thread and
/// in one order: the harness that kills the program at each of its system calls wants that.
fn runtime() -> std::io::Result<Runtime> {
    tokio_runtime(config::environment("TAPEGUN_THREADS").as_deref() == Some("1"))
}

/// The printing room's check, in the sync task's words.
fn inspect(format: DocumentFormat, document: &[u8]) -> Result<(), String> {
    print::inspect(format, document).map_err(|fault| fault.to_string())
}

/// The printer as the sync task uses it.
pub(super) fn sheets_to(printer: Printer) -> SendSheet {
    Arc::new(move |name, format, document, beside| {
        print::send_with(&printer, name, format, document, beside).map_err(|error| error.to_string())
    })
}

/// Prints what waits for this station; nothing without a printer. Sheets of `only` this order are reported.
pub(super) fn print_waiting(context: &Context, only: &OrderNumber) -> Outcome<Vec<Printed>> {
    let Some(printer) = context.printer() else {
        return Ok(Vec::new());
    };
    let vault = context.vault()?;
    let send = sheets_to(printer);
    let runtime = tokio_runtime(true)?;
    let station: StationId = context.config.station.clone();
    let sheets = runtime.block_on(sync::print_waiting(
        &context.store,
        &vault,
        &send,
        &station,
        context.config.manifests,
        context.clock.as_ref(),
    ))?;
    Ok(sheets.into_iter().filter(|sheet| sheet.number == *only).collect())
}

//! Prints while labels are still bought.

use crate::clock::Clock;
use crate::commands::Context;
use crate::domain::ids::{OrderNumber, StationId};
use crate::error::Outcome;
use crate::store::threads::StoreHandle;
use crate::sync::{self, SendSheet};
use crate::vault::Vault;
use std::collections::BTreeMap;
use std::sync::{Arc, Mutex, PoisonError};
use tokio::sync::Notify;
use tokio_util::sync::CancellationToken;

/// Prints while labels are still bought.
pub(super) struct Spool {
    store: StoreHandle,
    vault: Arc<Vault>,
    clock: Arc<dyn Clock>,
    printer: SendSheet,
    station: StationId,
    manifests: bool,
    pub(super) wake: Notify,
    pub(super) done: CancellationToken,
    /// Sheets that could not be printed, and why.
    failed: Mutex<BTreeMap<OrderNumber, String>>,
}

impl Spool {
    pub(super) fn new(context: &Context, printer: SendSheet) -> Outcome<Self> {
        Ok(Self {
            store: context.store.clone(),
            vault: context.vault()?,
            clock: Arc::clone(&context.clock),
            printer,
            station: context.config.station.clone(),
            manifests: context.config.manifests,
            wake: Notify::new(),
            done: CancellationToken::new(),
            failed: Mutex::default(),
        })
    }

    /// Prints what waits, again and again, and once more at the end.
    pub(super) async fn run(self: Arc<Self>) {
        loop {
            let last = self.done.is_cancelled();
            self.print().await;
            if last {
                return;
            }
            tokio::select! {
                () = self.wake.notified() => {}
                () = self.done.cancelled() => {}
            }
        }
    }

    async fn print(&self) {
        let printed = sync::print_waiting(
            &self.store,
            &self.vault,
            &self.printer,
            &self.station,
            self.manifests,
            self.clock.as_ref(),
        )
        .await;
        match printed {
            Ok(sheets) => {
                let mut failed = self.failed.lock().unwrap_or_else(PoisonError::into_inner);
                for sheet in sheets {
                    if let Err(why) = sheet.result {
                        failed.insert(sheet.number, why);
                    }
                }
            }
            Err(error) => tracing::error!(%error, "sheets could not be printed"),
        }
    }

    pub(super) fn failed(&self) -> BTreeMap<OrderNumber, String> {
        self.failed.lock().unwrap_or_else(PoisonError::into_inner).clone()
    }
}

//! The spool of this station's sheets: prints at the start, when the store changes, and when woken.
//!
//! What is printed and what a failure means for it is decided by the store and [`crate::sync`]; here is only
//! the when.

use super::Station;
use crate::clock::Clock;
use crate::domain::ids::StationId;
use crate::domain::seller::DocumentFormat;
use crate::domain::slip::Beside;
use crate::print::{self, Printer};
use crate::store::StoreResult;
use crate::store::threads::StoreHandle;
use crate::sync::{OwnPaper, SendPaper, SendSheet, print_papers, print_waiting};
use crate::vault::Vault;
use chrono_tz::Tz;
use std::sync::Arc;
use tokio::sync::{Notify, watch};
use tokio_util::sync::CancellationToken;

/// The words on a sheet that nobody can print.
const NO_PRINTER: &str = "no printer is set: name one in the configuration, then print again";

/// A printer as the spool uses it: sends one sheet and says in words why not.
pub fn sheets_to(printer: Option<Printer>) -> SendSheet {
    Arc::new(
        move |name: &str, format: DocumentFormat, document: &[u8], beside: Beside<'_>| {
            let printer = printer.as_ref().ok_or(NO_PRINTER)?;
            print::send_with(printer, name, format, document, beside).map_err(|error| error.to_string())
        },
    )
}

/// The same for sheets that are no labels: in ZPL where the printer speaks it.
pub fn papers_to(printer: Option<Printer>, zpl: bool) -> SendPaper {
    Arc::new(move |name: &str, paper: OwnPaper<'_>| {
        let printer = printer.as_ref().ok_or(NO_PRINTER)?;
        let paper = match paper {
            OwnPaper::Slip(slip) => print::Paper::Slip(slip),
            OwnPaper::Page(page) => print::Paper::Page(&page.0),
        };
        print::send_paper(printer, name, zpl, paper).map_err(|error| error.to_string())
    })
}

/// What the spool works with.
pub struct Spool {
    store: StoreHandle,
    vault: Arc<Vault>,
    clock: Arc<dyn Clock>,
    station: StationId,
    printer: SendSheet,
    gaps: Option<Printer>,
    papers: SendPaper,
    zone: Tz,
    manifests: bool,
    wake: Arc<Notify>,
}

impl Spool {
    /// The spool of a station.
    pub fn of(station: &Station) -> Self {
        Self {
            store: station.store.clone(),
            vault: Arc::clone(&station.vault),
            clock: Arc::clone(&station.clock),
            station: station.setup.station.clone(),
            printer: sheets_to(station.printer.clone()),
            gaps: station.printer.clone(),
            papers: papers_to(
                station.printer.clone(),
                station.setup.formats.contains(&DocumentFormat::Zpl),
            ),
            zone: station.setup.zone,
            manifests: station.manifests,
            wake: Arc::clone(&station.wake_spool),
        }
    }

    /// Prints until told to stop. A sheet under way is finished.
    pub async fn run(self, mut changes: watch::Receiver<i64>, stop: CancellationToken) {
        let (station, now) = (self.station.clone(), self.clock.now());
        let doubted = self
            .store
            .write(move |store| store.doubt_printing(&station, now))
            .await;
        if let Err(error) = doubted {
            tracing::error!(%error, "sheets found half sent cannot be marked");
        }
        while !stop.is_cancelled() {
            self.print().await;
            if let Err(error) = self.print_gaps().await {
                tracing::error!(%error, "gap sheets cannot be printed");
            }
            if let Err(error) = self.print_lists().await {
                tracing::error!(%error, "pick lists cannot be printed");
            }
            tokio::select! {
                biased;
                () = stop.cancelled() => {}
                other = changes.changed() => if other.is_err() { return },
                () = self.wake.notified() => {}
            }
        }
    }

    async fn print(&self) {
        let (vault, clock) = (self.vault.as_ref(), self.clock.as_ref());
        let printed = print_waiting(
            &self.store,
            vault,
            &self.printer,
            &self.station,
            self.manifests,
            clock,
        )
        .await;
        match printed {
            Ok(sheets) => {
                for sheet in sheets {
                    match sheet.result {
                        Ok(()) => tracing::info!(order = %sheet.number, copy = sheet.copy, "printed"),
                        Err(reason) => tracing::warn!(order = %sheet.number, reason, "not printed"),
                    }
                }
            }
            Err(error) => tracing::error!(%error, "the spool cannot go on"),
        }
        let own = (&self.station, self.zone);
        match print_papers(&self.store, vault, &self.papers, own, clock).await {
            Ok(sheets) => {
                for (of, result) in sheets {
                    match result {
                        Ok(()) => tracing::info!(?of, "printed"),
                        Err(reason) => tracing::warn!(?of, reason, "not printed"),
                    }
                }
            }
            Err(error) => tracing::error!(%error, "the spool cannot go on"),
        }
    }

    /// Sheets in the place of labels of a bulk run that did not come. What follows them waits for them.
    async fn print_gaps(&self) -> StoreResult<()> {
        let station = self.station.clone();
        let sheets = self.store.read(move |store| store.gap_sheets(&station)).await?;
        for sheet in sheets {
            let (id, printer) = (sheet.id, self.gaps.clone());
            let sent = tokio::task::spawn_blocking(move || {
                let name = format!("gap-{}", sheet.id);
                let printer = printer.as_ref().ok_or(NO_PRINTER)?;
                print::gap_sheet(printer, &name, sheet.number.as_str(), &sheet.words)
                    .map_err(|error| error.to_string())
            });
            let sent = sent
                .await
                .unwrap_or_else(|_| Err("the printing was broken off".to_owned()));
            if let Err(reason) = &sent {
                tracing::warn!(reason, "a gap sheet is not printed");
            }
            self.store
                .write(move |store| store.end_gap_sheet(id, sent.is_ok()))
                .await?;
        }
        Ok(())
    }

    /// Pick lists that a person wants on paper.
    async fn print_lists(&self) -> StoreResult<()> {
        let station = self.station.clone();
        let wanted = self.store.read(move |store| store.list_sheets(&station)).await?;
        for (id, list) in wanted {
            let sheet = self.store.read(move |store| store.pick_sheet(list)).await?;
            let printer = self.gaps.clone();
            let sent = tokio::task::spawn_blocking(move || {
                let printer = printer.as_ref().ok_or(NO_PRINTER)?;
                print::pick_list(printer, &format!("list-{list}"), &sheet).map_err(|error| error.to_string())
            });
            let sent = sent
                .await
                .unwrap_or_else(|_| Err("the printing was broken off".to_owned()));
            if let Err(reason) = &sent {
                tracing::warn!(reason, "a pick list is not printed");
            }
            self.store
                .write(move |store| store.end_list_sheet(id, sent))
                .await?;
        }
        Ok(())
    }
}

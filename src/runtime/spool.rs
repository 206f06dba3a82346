//! The spool of this station's sheets: prints at the start, when the store changes, and when woken.
//!
//! What is printed and what a failure means for it is decided by the store and [`crate::sync`]; here is only
//! the when.

use super::Station;
use crate::clock::Clock;
use crate::domain::ids::{OrderNumber, StationId};
use crate::domain::seller::DocumentFormat;
use crate::domain::sheet;
use crate::domain::slip::{Beside, Slip};
use crate::print::{self, Card, Printer};
use crate::store::threads::StoreHandle;
use crate::store::{OwnSheet, StoreResult};
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
    /// Cards of the boxes on the shelf.
    boxes: Vec<Card>,
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
            boxes: (station.setup.presets.iter())
                .map(|one| Card {
                    code: format!("TGB-{}", one.name),
                    words: format!("{} {} {}", one.digit, one.name, one.dimensions),
                })
                .collect(),
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
            if let Err(error) = self.print_own().await {
                tracing::error!(%error, "slips and sheets cannot be printed");
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
                // By its order: it is erased with it.
                let name = format!("gap-{}-{}", sheet::name(&sheet.number), sheet.id);
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

    /// Packing slips and sheets of barcodes that a person wants on paper.
    async fn print_own(&self) -> StoreResult<()> {
        let station = self.station.clone();
        let wanted = self
            .store
            .read(move |store| store.wanted_sheets(&station))
            .await?;
        for (id, sheet) in wanted {
            let sent = match self.own_pages(sheet).await? {
                Ok(pages) => {
                    let printer = self.gaps.clone();
                    let sent = tokio::task::spawn_blocking(move || send_pages(printer.as_ref(), id, pages));
                    sent.await
                        .unwrap_or_else(|_| Err("the printing was broken off".to_owned()))
                }
                Err(why) => Err(why),
            };
            if let Err(reason) = &sent {
                tracing::warn!(reason, "a slip or sheet is not printed");
            }
            let now = self.clock.now();
            self.store
                .write(move |store| store.end_sheet(id, sent, now))
                .await?;
        }
        Ok(())
    }

    /// What is on the sheet; the words say why it cannot be made.
    async fn own_pages(&self, sheet: OwnSheet) -> StoreResult<Result<Vec<Page>, String>> {
        let OwnSheet::Slip(order, parcel) = sheet else {
            let boxes = self.boxes.clone();
            let mut pages = vec![Page::Cards(
                "Commands of the packing bench",
                print::command_cards(),
            )];
            if !boxes.is_empty() {
                pages.push(Page::Cards("Boxes on the shelf", boxes));
            }
            return Ok(Ok(pages));
        };
        let read = self
            .store
            .read(move |store| Ok((store.order(order)?, store.customer(order)?)))
            .await?;
        let (detail, Some((key, sealed))) = read else {
            return Ok(Err("the customer's data of this order is erased".to_owned()));
        };
        let channel = &detail.order.channel;
        let customer = self
            .vault
            .open_customer(&key, &channel.store, &channel.number, &sealed);
        Ok(customer
            .map(|customer| vec![Page::Slip(Slip::of(&detail, &customer, parcel))])
            .map_err(|error| error.to_string()))
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

/// One sheet of our own.
enum Page {
    Slip(Slip),
    Cards(&'static str, Vec<Card>),
}

impl Page {
    /// Its file's name. A slip is named by its order: it is erased with it.
    fn name(&self, id: i64, place: usize) -> String {
        match self {
            Self::Slip(slip) => {
                let number = OrderNumber(slip.number.clone());
                format!("slip-{}-{id}", sheet::name(&number))
            }
            Self::Cards(..) => format!("sheet-{id}-{place}"),
        }
    }
}

fn send_pages(printer: Option<&Printer>, id: i64, pages: Vec<Page>) -> Result<(), String> {
    let printer = printer.ok_or(NO_PRINTER)?;
    let format = match printer {
        Printer::Raw(_) => DocumentFormat::Zpl,
        _ => DocumentFormat::Pdf,
    };
    for (place, page) in pages.into_iter().enumerate() {
        let name = page.name(id, place);
        let made = match &page {
            Page::Slip(slip) => print::slip(format, slip),
            Page::Cards(title, cards) => print::cards(format, title, cards).map(zeroize::Zeroizing::new),
        };
        made.and_then(|document| print::send_own(printer, &name, format, &document))
            .map_err(|error| error.to_string())?;
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_slip_is_named_by_its_order_so_that_it_is_erased_with_it() {
        let slip = Slip {
            number: "111-9131413-9770664".to_owned(),
            lines: Vec::new(),
        };
        assert_eq!(Page::Slip(slip).name(12, 0), "slip-111-9131413-9770664-12");
        assert_eq!(Page::Cards("Boxes", Vec::new()).name(12, 1), "sheet-12-1");
    }
}

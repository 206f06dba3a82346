//! Prints what waits for a station. Called by the screens' runtime and by commands; the leader need not be.
//! A printer's failure never touches the purchase.

use crate::clock::Clock;
use crate::domain::ids::{IntentId, OrderId, OrderNumber, StationId, StoreId};
use crate::domain::po;
use crate::domain::rows::PrintState;
use crate::domain::seller::DocumentFormat;
use crate::domain::sheet;
use crate::domain::slip::{Beside, Slip};
use crate::store::threads::StoreHandle;
use crate::store::{PrintWork, StoreResult};
use crate::vault::Vault;
use std::sync::Arc;
use zeroize::Zeroizing;

/// Sends one sheet, named for the printer's queue, and waits until it is sent whole. Checks it first. The last is
/// what is printed beside the label.
pub type SendSheet = Arc<dyn Fn(&str, DocumentFormat, &[u8], Beside<'_>) -> Result<(), String> + Send + Sync>;

/// What came of one sheet.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Printed {
    /// Order.
    pub number: OrderNumber,
    /// Which copy, from 1.
    pub copy: u32,
    /// In words where it failed.
    pub result: Result<(), String>,
}

/// Prints every job of the station that is wanted, oldest first. Jobs that failed or are doubtful are a
/// person's to want again. `manifests`: orders become Shipped only when they are checked out.
pub async fn print_waiting(
    store: &StoreHandle,
    vault: &Vault,
    printer: &SendSheet,
    station: &StationId,
    manifests: bool,
    clock: &dyn Clock,
) -> StoreResult<Vec<Printed>> {
    let name = station.clone();
    let jobs = store.read(move |store| store.print_jobs(&name)).await?;
    let mut done = Vec::new();
    for job in jobs.into_iter().filter(|job| job.state == PrintState::Wanted) {
        let (id, now) = (job.id, clock.now());
        // Marks it *sending*: found so after a crash, it is never sent again by itself.
        let Some(work) = store.write(move |store| store.begin_printing(id, now)).await? else {
            continue;
        };
        let order = work.order;
        let shop = store
            .read(move |store| store.order(order))
            .await?
            .order
            .channel
            .store;
        let papered = Papered {
            order: work.order,
            label: work.job.label,
            number: work.job.number.clone(),
            format: work.document.format,
        };
        let result = match papers(store, vault, &papered, &shop).await {
            Ok(papers) => send(vault, printer, &work, &shop, papers).await,
            Err(why) => Err(why),
        };
        let (stored, now) = (result.clone(), clock.now());
        store
            .write(move |store| store.end_printing(id, stored, manifests, now))
            .await?;
        done.push(Printed {
            number: work.job.number,
            copy: work.job.copy,
            result,
        });
    }
    Ok(done)
}

async fn send(
    vault: &Vault,
    printer: &SendSheet,
    work: &PrintWork,
    shop: &StoreId,
    papers: Papers,
) -> Result<(), String> {
    let document = &work.document;
    let number = &work.job.number;
    let plain = vault
        .open_document(
            &work.key,
            work.job.label,
            &document.kind,
            shop,
            number,
            &document.bytes,
        )
        .map_err(|error| error.to_string())?;
    let name = format!("{}-{}", sheet::name(number), work.job.copy);
    let (printer, format) = (Arc::clone(printer), document.format);
    let sent = tokio::task::spawn_blocking(move || {
        let beside = Beside {
            po: papers.po.as_ref().map(|number| number.as_str()),
            slip: papers.slip.as_ref(),
        };
        printer(&name, format, &plain.0, beside)
    });
    sent.await.map_err(|_| "the printing was broken off".to_owned())?
}

/// A label with what is printed beside it.
#[derive(Debug, Clone)]
pub struct Papered {
    /// Order.
    pub order: OrderId,
    /// Label.
    pub label: IntentId,
    /// Order's number.
    pub number: OrderNumber,
    /// What the label is written in.
    pub format: DocumentFormat,
}

/// What is printed beside a label. Opened for this moment only.
#[derive(Default)]
pub struct Papers {
    /// The business customer's purchase order number, where it is to be printed on a strip of our own: not where
    /// Amazon prints it on the label or in the recipient's name.
    pub po: Option<Zeroizing<String>>,
    /// The packing slip of a business order's box, and of a gift with a message.
    pub slip: Option<Slip>,
}

/// What is printed beside a label now; nothing once the customer's data is erased.
pub async fn papers(
    store: &StoreHandle,
    vault: &Vault,
    work: &Papered,
    shop: &StoreId,
) -> Result<Papers, String> {
    let (order, label) = (work.order, work.label);
    let read = store.read(move |store| {
        let Some(sealed) = store.customer(order)? else {
            return Ok(None);
        };
        let row = store.label(label)?;
        let (choice, _) = store.purchase(label)?;
        Ok(Some((sealed, row, choice.dpi, store.order(order)?)))
    });
    let Some(((key, sealed), row, dpi, detail)) = read.await.map_err(|error| error.to_string())? else {
        return Ok(Papers::default());
    };
    let customer = vault
        .open_customer(&key, shop, &work.number, &sealed)
        .map_err(|error| error.to_string())?;
    let po = po::to_print(&customer)
        .map(Zeroizing::new)
        .filter(|number| po::through_amazon(number, row.via, work.format, dpi, &row.carrier).is_none());
    let slip = Slip::is_due(&detail, &customer).then(|| Slip::of(&detail, &customer, row.box_id));
    Ok(Papers { po, slip })
}

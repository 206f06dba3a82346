//! Labels and slips as pictures, for the screens and the command line alike. Who looks is asked by the store and noted;
//! nothing of a picture is written anywhere from here.

use super::outside::{Outside, send};
use crate::app::effect::PictureWish;
use crate::app::message::Message;
use crate::domain::packing::boxes;
use crate::domain::picture::DrawnSheet;
use crate::domain::seller::{DocumentFormat, LabelVia};
use crate::domain::shipment::LabelState;
use crate::domain::slip::{Beside, Slip};
use crate::print;
use crate::store::StoreResult;
use crate::store::threads::StoreHandle;
use crate::sync::{Papered, papers};
use crate::vault::Vault;
use chrono::{DateTime, Utc};
use std::sync::Arc;

/// Why an erased order shows nothing.
const ERASED: &str = "the customer's data of this order is erased, and its label and slip with it: they can be neither shown \
                      nor printed again";

impl Outside {
    /// Draws what a person wants to look at.
    pub fn open_picture(&self, wish: PictureWish) {
        let (store, vault, results) = (self.store.clone(), Arc::clone(&self.vault), self.results.clone());
        let now = self.clock.now();
        tokio::spawn(async move {
            let sheets = pictures(&store, &vault, wish, false, now).await;
            send(&results, Message::PictureOpened { wish, sheets }).await;
        });
    }
}

/// The sheets as they are printed, or words why there are none. That this person looked, or that what is drawn is
/// `written` to a file, is noted with the order; who
/// may not see customers is refused.
pub async fn pictures(
    store: &StoreHandle,
    vault: &Vault,
    wish: PictureWish,
    written: bool,
    now: DateTime<Utc>,
) -> Result<Vec<DrawnSheet>, String> {
    let what = match (wish.label.is_some(), written) {
        (true, false) => "label looked at",
        (false, false) => "packing slip looked at",
        (true, true) => "label written to a file",
        (false, true) => "packing slip written to a file",
    };
    noted(store, wish, what, now)
        .await
        .map_err(|error| error.to_string())?;
    match wish.label {
        Some(_) => label(store, vault, wish).await,
        None => slip(store, vault, wish).await,
    }
}

async fn noted(
    store: &StoreHandle,
    wish: PictureWish,
    what: &'static str,
    now: DateTime<Utc>,
) -> StoreResult<()> {
    store
        .write(move |store| store.note_revealed(wish.order, wish.by, what, now))
        .await
}

async fn label(store: &StoreHandle, vault: &Vault, wish: PictureWish) -> Result<Vec<DrawnSheet>, String> {
    let Some(id) = wish.label else {
        return Err("no label is chosen".to_owned());
    };
    let read = store.read(move |store| Ok((store.document(id)?, store.label(id)?, store.order(wish.order)?)));
    let (document, row, detail) = read.await.map_err(|error| error.to_string())?;
    if detail.order.erased {
        return Err(ERASED.to_owned());
    }
    let Some((key, document)) = document else {
        return Err(if row.via == LabelVia::Outside {
            "this label was bought elsewhere: its picture is not here".to_owned()
        } else {
            "the label's document has not come yet: look again once it is bought".to_owned()
        });
    };
    let shop = detail.order.channel.store.clone();
    let plain = vault
        .open_document(&key, id, &document.kind, &shop, &row.number, &document.bytes)
        .map_err(|error| error.to_string())?;
    let papered = Papered {
        order: wish.order,
        label: id,
        number: row.number.clone(),
        format: document.format,
    };
    let papers = papers(store, vault, &papered, &shop).await?;
    let format = document.format;
    let mut sheets = drawn(move || {
        let beside = Beside {
            po: papers.po.as_ref().map(|number| number.as_str()),
            slip: papers.slip.as_ref(),
        };
        print::draw_with(format, &plain.0, beside)
    })
    .await?;
    let warning = match row.state {
        _ if row.held => Some("HELD: this label must not be used".to_owned()),
        LabelState::Bought | LabelState::Printed | LabelState::VoidRefused => None,
        state => Some(format!("{state}: this label must not be used")),
    };
    if let (Some(warning), Some(first)) = (warning, sheets.first_mut()) {
        first.notes.insert(0, warning);
    }
    Ok(sheets)
}

async fn slip(store: &StoreHandle, vault: &Vault, wish: PictureWish) -> Result<Vec<DrawnSheet>, String> {
    let read = store.read(move |store| Ok((store.customer(wish.order)?, store.order(wish.order)?)));
    let (sealed, detail) = read.await.map_err(|error| error.to_string())?;
    if detail.order.erased {
        return Err(ERASED.to_owned());
    }
    let Some((key, sealed)) = sealed else {
        return Err("there is no address for this order: it is pending".to_owned());
    };
    let channel = &detail.order.channel;
    let customer = vault
        .open_customer(&key, &channel.store, &channel.number, &sealed)
        .map_err(|error| error.to_string())?;
    let first = boxes::boxes(&detail)
        .into_iter()
        .find(|view| !view.is_empty())
        .map(|view| view.row.id);
    let Some(parcel) = wish.parcel.or(first) else {
        return Err("nothing is packed yet: the slip lists what lies in the box".to_owned());
    };
    let due = Slip::is_due(&detail, &customer);
    let slip = Slip::of(&detail, &customer, parcel);
    let mut sheets = drawn(move || {
        let sheet = print::slip(DocumentFormat::Zpl, &slip);
        sheet.map_or_else(
            |_| Vec::new(),
            |sheet| print::draw(DocumentFormat::Zpl, &sheet, "Packing slip"),
        )
    })
    .await?;
    if let (false, Some(first)) = (due, sheets.first_mut()) {
        first.notes.push(
            "printed only when asked for (tapegun slip): no business order, no gift message".to_owned(),
        );
    }
    Ok(sheets)
}

/// Drawn where blocking is allowed.
async fn drawn(draw: impl FnOnce() -> Vec<DrawnSheet> + Send + 'static) -> Result<Vec<DrawnSheet>, String> {
    let drawn = tokio::task::spawn_blocking(draw).await;
    drawn.map_err(|_| "the picture could not be drawn: the label itself is as it was".to_owned())
}

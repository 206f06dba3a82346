//! `label`: the document of a bought label into a file, or onto paper again. Never buys.

use super::carry::print_waiting;
use super::report::Report;
use super::{Context, look, void};
use crate::app::effect::PictureWish;
use crate::cli::LabelArgs;
use crate::domain::ids::UserId;
use crate::domain::rows::LabelRow;
use crate::domain::seller::DocumentFormat;
use crate::domain::shipment::LabelState;
use crate::error::{Exit, Failure, Outcome};
use anyhow::Context as _;
use serde_json::json;
use std::io::Write;
use std::os::unix::fs::OpenOptionsExt;
use std::path::Path;

/// Runs `label`.
pub(super) fn run(arguments: &LabelArgs, context: &Context) -> Outcome<Report> {
    let user = context.user()?;
    let order = context.order(&arguments.order)?;
    let labels = context.store.read_blocking(move |store| store.labels_of(order))?;
    if arguments.picture.look {
        // The one that lives; where none does, whatever was bought.
        let living = labels.iter().any(|label| lives(label.state));
        let fits = if living { lives } else { LabelState::was_bought };
        let label = void::pick(&labels, arguments.label, fits)?;
        let wish = PictureWish {
            order,
            label: Some(label.id),
            parcel: None,
            by: user.id,
        };
        return look::look(context, wish, &arguments.picture);
    }
    let label = void::pick(&labels, arguments.label, lives)?;
    match &arguments.to {
        Some(path) => write(context, label, path, user.id),
        None => print(context, label, user.id),
    }
}

/// Bought and not void; its document may still be missing.
fn lives(state: LabelState) -> bool {
    state.can_print() || state == LabelState::BoughtWithoutDocument
}

/// What leaves as a file can be put on a parcel: only a label that may be.
pub(super) fn check_usable(label: &LabelRow) -> Outcome<()> {
    if !lives(label.state) {
        return Err(Failure::refused(format!(
            "its label is {}: it must not be used",
            label.state
        )));
    }
    if label.held {
        let why = label.reason.clone().unwrap_or_else(|| "it is held".to_owned());
        return Err(Failure::refused(why).while_doing("this label must not be used"));
    }
    Ok(())
}

fn write(context: &Context, label: &LabelRow, path: &Path, by: UserId) -> Outcome<Report> {
    check_usable(label)?;
    let (id, order) = (label.id, label.order);
    let stored = context
        .store
        .read_blocking(move |store| Ok((store.document(id)?, store.order(order)?)))?;
    let (stored, detail) = stored;
    let Some((key, document)) = stored else {
        if detail.order.erased {
            return Err(Failure::refused("the customer's data of this order is erased")
                .while_doing("its label cannot be written or printed again"));
        }
        return Err(Failure::new(Exit::Waiting, "its document has not come yet")
            .hint("tapegun sync --once fetches it"));
    };
    let shop = detail.order.channel.store;
    let vault = context.vault()?;
    let plain = vault.open_document(&key, id, &document.kind, &shop, &label.number, &document.bytes)?;
    let now = context.clock.now();
    context
        .store
        .write_blocking(move |store| store.note_revealed(order, by, "label written to a file", now))?;
    let mut file = std::fs::OpenOptions::new()
        .write(true)
        .create_new(true)
        .mode(0o600)
        .open(path)
        .with_context(|| format!("{} cannot be made", path.display()))?;
    file.write_all(&plain.0)
        .and_then(|()| file.sync_all())
        .with_context(|| format!("{} is not whole", path.display()))?;
    let format = match document.format {
        DocumentFormat::Zpl => "ZPL",
        DocumentFormat::Png => "PNG",
        DocumentFormat::Pdf => "PDF",
    };
    Ok(Report::new(
        format!("{}: {format}, {} bytes", path.display(), plain.0.len()),
        json!({ "file": path, "format": format, "bytes": plain.0.len(), "label": label }),
    ))
}

fn print(context: &Context, label: &LabelRow, by: UserId) -> Outcome<Report> {
    if context.printer().is_none() {
        return Err(Failure::usage("this station has no printer")
            .hint("name one under [printer] in the configuration"));
    }
    let (id, now, station) = (label.id, context.clock.now(), context.config.station.clone());
    context
        .store
        .write_blocking(move |store| store.want_print(id, &station, by, now))?;
    let sheets = print_waiting(context, &label.number)?;
    let Some(sheet) = sheets.last() else {
        return Err(Failure::new(
            Exit::Waiting,
            "another process of this station prints it",
        ));
    };
    match &sheet.result {
        Ok(()) => Ok(Report::new(
            format!("printed, copy {}", sheet.copy),
            json!({ "printed": true, "copy": sheet.copy, "label": id }),
        )),
        Err(why) => Err(Failure::new(Exit::Failed, why.clone()).while_doing("not printed")),
    }
}

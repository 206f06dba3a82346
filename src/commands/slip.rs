//! `slip`: the packing slip of a box, to a file or onto paper. It shows the customer's address, which is noted.

use super::report::Report;
use super::sheet::{format_of, write};
use super::{Context, look};
use crate::app::effect::PictureWish;
use crate::cli::SlipArgs;
use crate::domain::packing::boxes;
use crate::domain::rows::{BoxRow, OrderDetail};
use crate::domain::seller::DocumentFormat;
use crate::domain::sheet;
use crate::domain::slip::Slip;
use crate::error::{Exit, Failure, Outcome};
use crate::print::{self, Printer};
use serde_json::json;

/// Runs `slip`.
pub(super) fn run(arguments: &SlipArgs, context: &Context) -> Outcome<Report> {
    let user = context.user()?;
    let order = context.order(&arguments.order)?;
    let detail = context.detail(order)?;
    let parcel = chosen(&detail, arguments.box_number)?;
    if arguments.picture.look {
        let wish = PictureWish {
            order,
            label: None,
            parcel: Some(parcel.id),
            by: user.id,
        };
        return look::look(context, wish, &arguments.picture);
    }
    let format = match (&arguments.to, context.printer()) {
        (Some(path), _) => format_of(path)?,
        (None, Some(Printer::Raw(_))) => DocumentFormat::Zpl,
        (None, Some(_)) => DocumentFormat::Pdf,
        (None, None) => {
            return Err(Failure::usage("this station has no printer").hint(
                "--to FILE.pdf writes it into a file; or name a printer under [printer] in the configuration",
            ));
        }
    };
    let stored = context.store.read_blocking(move |store| store.customer(order))?;
    let Some((key, sealed)) = stored else {
        return Err(Failure::refused(
            "there is no address for this order: it is pending, or its data is erased",
        ));
    };
    let channel = &detail.order.channel;
    let customer = context
        .vault()?
        .open_customer(&key, &channel.store, &channel.number, &sealed)?;
    let (by, now) = (user.id, context.clock.now());
    context
        .store
        .write_blocking(move |store| store.note_revealed(order, by, "packing slip", now))?;
    let slip = Slip::of(&detail, &customer, parcel.id);
    let sheet = print::slip(format, &slip).map_err(|error| Failure::refused(error.to_string()))?;
    let number = parcel.number;
    match (&arguments.to, context.printer()) {
        (Some(path), _) => {
            write(path, &sheet)?;
            Ok(Report::new(
                format!("{}: packing slip of box {number}", path.display()),
                json!({ "file": path, "box": number }),
            ))
        }
        (None, Some(printer)) => {
            let name = format!("slip-{}-{number}", sheet::name(&channel.number));
            print::send_own(&printer, &name, format, &sheet)
                .map_err(|error| Failure::new(Exit::Failed, error.to_string()).while_doing("not printed"))?;
            Ok(Report::new(
                format!("printed: packing slip of box {number}"),
                json!({ "printed": true, "box": number }),
            ))
        }
        (None, None) => Err(Failure::usage("this station has no printer")),
    }
}

/// The box that is named, else the only one that something lies in.
fn chosen(detail: &OrderDetail, wanted: Option<u32>) -> Outcome<&BoxRow> {
    let filled: Vec<&BoxRow> = boxes::boxes(detail)
        .into_iter()
        .filter(|view| !view.is_empty())
        .map(|view| view.row)
        .collect();
    let found = match wanted {
        Some(number) => filled.iter().find(|row| row.number == number),
        None if filled.len() > 1 => {
            return Err(Failure::usage(format!("this order has {} boxes", filled.len()))
                .hint("--box NUMBER says whose slip it is"));
        }
        None => filled.first(),
    };
    found
        .copied()
        .ok_or_else(|| Failure::refused("nothing is packed in that box").hint("tapegun orders show ORDER"))
}

//! `sheet`: barcodes of commands and boxes for a bench, and a person's badge, to a file or onto paper.

use super::Context;
use super::report::Report;
use crate::cli::{SheetArgs, SheetKind};
use crate::domain::seller::DocumentFormat;
use crate::domain::user::Permission;
use crate::error::{Exit, Failure, Outcome};
use crate::print::{self, Card, Printer};
use anyhow::Context as _;
use serde_json::json;
use std::io::Write;
use std::os::unix::fs::OpenOptionsExt;
use std::path::Path;

/// Runs `sheet`.
pub(super) fn run(arguments: &SheetArgs, context: &Context) -> Outcome<Report> {
    let (name, title, cards) = match arguments.what {
        SheetKind::Commands => (
            "commands",
            "Commands of the packing bench".to_owned(),
            print::command_cards(),
        ),
        SheetKind::Boxes => ("boxes", "Boxes on the shelf".to_owned(), boxes(context)?),
        SheetKind::Badge => ("badge", "Badge".to_owned(), vec![badge(arguments, context)?]),
    };
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
    let sheet = print::cards(format, &title, &cards).map_err(|error| Failure::refused(error.to_string()))?;
    let codes: Vec<&str> = cards.iter().map(|card| card.code.as_str()).collect();
    match (&arguments.to, context.printer()) {
        (Some(path), _) => {
            write(path, &sheet)?;
            Ok(Report::new(
                format!("{}: {} barcodes", path.display(), cards.len()),
                json!({ "file": path, "codes": codes }),
            ))
        }
        (None, Some(printer)) => {
            print::send_own(&printer, &format!("sheet-{name}"), format, &sheet)
                .map_err(|error| Failure::new(Exit::Failed, error.to_string()).while_doing("not printed"))?;
            Ok(Report::new(
                format!("printed: {} barcodes", cards.len()),
                json!({ "printed": true, "codes": codes }),
            ))
        }
        (None, None) => Err(Failure::usage("this station has no printer")),
    }
}

fn boxes(context: &Context) -> Outcome<Vec<Card>> {
    let cards: Vec<Card> = context
        .config
        .boxes
        .iter()
        .map(|one| Card {
            code: format!("TGB-{}", one.name),
            words: format!("{} {} {}", one.digit, one.name, one.dimensions),
        })
        .collect();
    if cards.is_empty() {
        return Err(Failure::refused("no box is on the shelf of this bench")
            .hint("name them under [[boxes]] in the configuration"));
    }
    Ok(cards)
}

/// One badge at a time, and only for who may change people: whoever holds it signs in as that person.
fn badge(arguments: &SheetArgs, context: &Context) -> Outcome<Card> {
    let by = context.user()?;
    // Until there is somebody who may change people it takes whoever decides.
    let guarded = context.store.read_blocking(|store| store.has_administrator())?;
    let needed = if guarded {
        Permission::Users
    } else {
        Permission::Decide
    };
    context.permit(&by, needed)?;
    let Some(name) = &arguments.name else {
        return Err(Failure::usage("whose badge?").hint("tapegun sheet badge NAME --user NAME"));
    };
    let users = context.store.read_blocking(|store| store.users())?;
    let user = users
        .into_iter()
        .find(|user| user.name.eq_ignore_ascii_case(name))
        .ok_or_else(|| Failure::refused(format!("nobody is called {name}")).hint("tapegun users list"))?;
    Ok(Card {
        code: format!("TGU-{}", user.badge),
        words: user.name,
    })
}

/// The language of a file by its ending.
pub(super) fn format_of(path: &Path) -> Outcome<DocumentFormat> {
    let ending = path.extension().and_then(std::ffi::OsStr::to_str).unwrap_or("");
    match ending.to_ascii_lowercase().as_str() {
        "pdf" => Ok(DocumentFormat::Pdf),
        "zpl" => Ok(DocumentFormat::Zpl),
        _ => Err(Failure::usage(format!(
            "{}: a sheet is a .pdf or a .zpl",
            path.display()
        ))),
    }
}

pub(super) fn write(path: &Path, sheet: &[u8]) -> Outcome<()> {
    let mut file = std::fs::OpenOptions::new()
        .write(true)
        .create_new(true)
        .mode(0o600)
        .open(path)
        .with_context(|| format!("{} cannot be made", path.display()))?;
    file.write_all(sheet)
        .and_then(|()| file.sync_all())
        .with_context(|| format!("{} is not whole", path.display()))?;
    Ok(())
}
